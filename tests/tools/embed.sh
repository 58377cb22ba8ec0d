# kb-embed gives back every byte of what it was given.
set -eu
work=$(mktemp -d "${TMPDIR:-/tmp}/ksbank-test.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p dir/deep/er embedded

printf 'plain\ntext\n' > dir/a.txt
printf 'no newline at the end: 1\0012 ?\?= ??/ "quoted" \\ \t \r\n\n\nä€😀' > dir/deep/er/b
i=1
while [ $i -le 255 ]; do
	printf "$(printf '\\%03o' $i)"
	i=$((i + 1))
done > dir/deep/every-byte
: > dir/empty
printf 'deep/er/b\na.txt\nempty\ndeep/every-byte\n' > list

"$KB_EMBED" sample dir list embedded/sample
cat > main.c <<'END'
#include <stdio.h>
#include <string.h>
#include "embedded/sample.h"
int main(int argc, char **argv)
{
	const char *text = argc > 1 ? kb_embedded_sample(argv[1]) : NULL;
	if (text) return fputs(text, stdout) < 0;
	for (size_t i = 0; i < kb_embedded_sample_count(); i++) puts(kb_embedded_sample_path(i));
	return kb_embedded_sample_path(kb_embedded_sample_count()) || kb_embedded_sample("b") || kb_embedded_sample("");
}
END
"$KB_CC" -std=c17 -Wall -Wextra -Werror -I. main.c embedded/sample.c -o sample
for file in a.txt deep/er/b deep/every-byte empty; do
	./sample $file | cmp - dir/$file
done
[ "$(./sample | tr '\n' ' ')" = 'a.txt deep/er/b deep/every-byte empty ' ]

: > list
"$KB_EMBED" sample dir list embedded/sample
"$KB_CC" -std=c17 -Wall -Wextra -Werror -I. main.c embedded/sample.c -o sample
[ -z "$(./sample)" ]

printf 'a\0b' > dir/nul
echo nul > list
if "$KB_EMBED" sample dir list embedded/sample 2> said; then
	echo "A NUL byte was accepted"
	exit 1
fi
grep -q 'NUL byte' said
