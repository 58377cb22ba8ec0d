# The same store and the same request give the same paper, whatever built the program and wherever it runs.
. "$KB_SOURCE/tests/golden/common"

new_store sound.db
fill sound.db

# take NAME BINARY: a first sitting and a re-sit on a copy of the store, with the store's own seeds and with a given one.
take() {
	rm -f copy.db copy.db-wal copy.db-shm
	cp sound.db copy.db
	cp sound.db.keys copy.db.keys
	for request in "AP-1 first 2026-11-22" "AP-1 resit 2027-01-15" "AP-2 first 2026-11-22 --seed golden" "AP-3 first 2026-12-01 --seed ä"; do
		set -- "$1" "$2" $request
		name=$1 program=$2
		shift 2
		KSBANK_WAS=$KSBANK
		KSBANK=$program
		draw "$@" --store copy.db --json
		KSBANK=$KSBANK_WAS
		set -- "$name" "$program"
	done > "$1.json"
	# The log's head is of the moment of the draw, and no two moments are the same.
	"$2" paper print P-000001 --store copy.db | sed '/^Log  /,/^Signed with/d' > "$1.print"
	"$2" bank export $STANDARD "$1.bank" --store copy.db > /dev/null
	"$2" paper verify --store copy.db > /dev/null
	[ "$1" != shipped ] || return 0
	cmp shipped.json "$1.json"
	cmp shipped.print "$1.print"
	diff -r shipped.bank "$1.bank"
	rm -r "$1.bank"
}

take shipped "$KSBANK"
[ "$(grep -c '"digest"' shipped.json)" = 4 ] || { failed "not four papers"; exit 1; }

for locale in C C.UTF-8 tr_TR.UTF-8 de_DE.UTF-8; do
	LC_ALL=$locale take "locale-$locale" "$KSBANK"
done
for zone in Pacific/Kiritimati Pacific/Pago_Pago Asia/Kathmandu; do
	TZ=$zone take "zone-$(basename $zone)" "$KSBANK"
done
USER=nobody HOME=/ COLUMNS=20 take surroundings "$KSBANK"

# What other builds draw. They are kept beside the build that is tested, so that a second run builds only what changed.
builds=${KB_BUILD:-$work}/determinism
mkdir -p "$builds"
for compiler in gcc clang; do
	if ! command -v $compiler > /dev/null; then
		echo "determinism.sh: there is no $compiler here; its builds are not compared" >&2
		continue
	fi
	for level in 0 2; do
		cmake -S "$KB_SOURCE" -B "$builds/$compiler$level" -G Ninja -DCMAKE_C_COMPILER=$compiler -DKB_TESTS=OFF -DCMAKE_BUILD_TYPE=Debug \
			"-DCMAKE_C_FLAGS_DEBUG=-O$level" > build.log 2>&1 && cmake --build "$builds/$compiler$level" -j2 > build.log 2>&1 || {
			failed "$compiler -O$level does not build"
			grep -E 'error|undefined' build.log >&2 || tail -5 build.log >&2
			exit 1
		}
		take "$compiler$level" "$builds/$compiler$level/ksbank"
	done
done
