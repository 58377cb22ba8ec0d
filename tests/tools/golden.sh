# tests/golden/run notices what goes wrong in a scenario, on either side of a pipe, and cleans up behind it.
set -eu
work=$(mktemp -d "${TMPDIR:-/tmp}/ksbank-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir tmp
TMPDIR=$work/tmp
export TMPDIR
cat > program <<'END'
#!/bin/sh
[ $# -gt 0 ] || { echo "say something"; exit 3; }
echo "hello $1"
END
chmod +x program
echo "hello world" > hello.txt

# scenario good|bad, the script on standard input
scenario() {
	cat > scenario.sh
	if "$KB_SOURCE/tests/golden/run" ./program scenario.sh > said 2>&1; then was=good; else was=bad; fi
	[ $was = "$1" ] || { echo "This was $was:"; cat scenario.sh said; exit 1; }
	[ -z "$(ls tmp)" ] || { echo "It left:"; ls tmp; exit 1; }
}

scenario good <<'END'
"$KSBANK" world | expect hello.txt
"$KSBANK" you | holds "hello you"
fails 3 "$KSBANK" | holds "say something"
[ "$TZ" = UTC ] && [ "$LC_ALL" = C ] && [ "$HOME" = "$(pwd)" ]
END
scenario bad <<'END'
"$KSBANK" you | expect hello.txt
END
scenario bad <<'END'
"$KSBANK" you | expect hello.txt
true
END
scenario bad <<'END'
"$KSBANK" you | expect none.txt
END
scenario bad <<'END'
"$KSBANK" you | holds "hello world"
END
scenario bad <<'END'
fails 4 "$KSBANK" | holds "say something"
true
END
scenario bad <<'END'
fails 0 "$KSBANK" > out
END
scenario bad <<'END'
"$KSBANK"
END

# KB_ACCEPT=1 writes what came.
printf '"$KSBANK" again | expect new.txt\n' > scenario.sh
KB_ACCEPT=1 "$KB_SOURCE/tests/golden/run" ./program scenario.sh
[ "$(cat new.txt)" = "hello again" ]
