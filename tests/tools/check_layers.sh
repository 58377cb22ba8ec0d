# tools/check-layers finds each kind of fault, in a house that is otherwise in order.
set -eu
work=$(mktemp -d "${TMPDIR:-/tmp}/ksbank-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
unset KB_BUILD

for layer in base text crypt model engine store render exchange app cli web; do
	mkdir -p "$work/src/$layer"
	printf '#ifndef %s_H\n#define %s_H\nint %s_it(void);\n#endif\n' $layer $layer $layer > "$work/src/$layer/it.h"
	printf '#include "%s/it.h"\n\n#include "base/it.h"\n' $layer > "$work/src/$layer/it.c"
done
cat > "$work/src/main.c" <<'END'
#include <time.h>
#include "cli/it.h"
#include "base/it.h"
/* In a comment all may be said: strcpy(a, b), time(NULL). */
int main(void) { return printf("strcpy(") + time(0) + x.time(1) + x->time(1) + 'a' + my_strcpy(0); } // gets(x)
END
"$KB_SOURCE/tools/check-layers" "$work" > "$work/said" 2>&1 || { echo "A house in order was refused:"; cat "$work/said"; exit 1; }

# catch FILE 'LINE' 'WHAT IT SAYS': the line, added to the file, is found, at its place.
catch() {
	cp "$work/src/$1" "$work/kept"
	echo "$2" >> "$work/src/$1"
	line=$(wc -l < "$work/src/$1" | tr -d ' ')
	code=0
	"$KB_SOURCE/tools/check-layers" "$work" > "$work/said" 2>&1 || code=$?
	cp "$work/kept" "$work/src/$1"
	if [ $code -ne 1 ] || ! grep -qF "$3" "$work/said"; then
		echo "$1 with $2: exit code $code, expected: $3"
		cat "$work/said"
		exit 1
	fi
	case $1 in *.c) ;; *) return 0 ;; esac
	grep -qF "src/$1:$line: " "$work/said" || { echo "No src/$1:$line in:"; cat "$work/said"; exit 1; }
}

catch base/it.c '#include "model/it.h"' 'base may not include "model/it.h"'
catch crypt/it.c '#include "text/it.h"' 'crypt may not include "text/it.h"'
catch text/it.c '#include "crypt/it.h"' 'text may not include'
catch model/it.c '#include "engine/it.h"' 'model may not include'
catch engine/it.c '#include "store/it.h"' 'engine may not include'
catch store/it.c '#include "render/it.h"' 'store may not include'
catch render/it.c '#include "store/it.h"' 'render may not include'
catch exchange/it.c '#include "store/it.h"' 'exchange may not include'
catch app/it.c '#include "cli/it.h"' 'app may not include'
catch web/it.c '#include "cli/it.h"' 'web may not include'
catch cli/it.c '#  include   "web/it.h"' 'cli may not include'
catch app/it.c '#include "it.h"' 'write the layer too'
catch app/it.c '#include "../base/it.h"' 'write the layer too'
catch store/it.c '#include <openssl/evp.h>' 'libcrypto is used by src/crypt alone'
catch app/it.c '#include <sqlite3.h>' 'SQLite is used by src/store alone'
catch base/it.c 'int f(void) { strcpy (a, b); }' 'strcpy() is banned'
catch main.c 'int f(void) { strtok(a, b); }' 'strtok() is banned'
catch main.c 'int f(void) { localtime(a); }' 'localtime() is banned'
catch engine/it.c 'int f(void) { time(NULL); }' 'time() in engine'
catch store/it.c 'int f(void) { clock_gettime(CLOCK_REALTIME, &t); }' 'clock_gettime() in store'
catch app/it.c 'int f(void) { fopen("x", "r"); }' 'fopen() in app'
catch app/it.c 'int f(void) { open(path, O_RDONLY); }' 'open in app'
catch app/it.c 'int f(void) { printf("x"); }' 'printf() in app'
catch app/it.c 'int f(void) { fputs("x", stderr); }' 'stdout or stderr in app'
catch web/it.c 'int f(void) { exit(1); }' 'exit() in web'
catch base/it.h 'size_t f(void);' 'does not compile alone'
catch base/it.h 'struct twice { int x; };' 'does not compile alone'
mkdir "$work/src/other"
: > "$work/src/other/it.c"
catch other/it.c 'int x;' 'no layer that tools/check-layers knows'
rm -r "$work/src/other"

printf '#include "base/it.h"\n#include "app/it.h"\n' > "$work/src/app/it.c"
"$KB_SOURCE/tools/check-layers" "$work" > "$work/said" 2>&1 && { echo "Another header first was accepted"; exit 1; }
grep -qF 'src/app/it.c:1: the first include is its own header' "$work/said"

printf '#include "app/it.h"\n' > "$work/src/app/it.c"
i=0
while [ $i -lt 800 ]; do echo; i=$((i + 1)); done >> "$work/src/app/it.c"
"$KB_SOURCE/tools/check-layers" "$work" > "$work/said" 2>&1
grep -qF 'src/app/it.c: warning: 801 lines' "$work/said"
