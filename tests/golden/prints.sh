# A paper prints the same bytes for ever, whoever prints it where.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
fill ksbank.db
draw AP-1042 first 2026-11-22 > /dev/null

for what in assessor-pack recording-sheet; do
	for format in text html; do
		"$KSBANK" paper print P-000001 --what $what --format $format > "$what.$format"
		[ -s "$what.$format" ] || { failed "$what.$format is empty"; exit 1; }
		"$KSBANK" paper print P-000001 --what $what --format $format --output file > /dev/null
		cmp file "$what.$format"
		same "mode of a printed file" "$(stat -c %a file)" 600
		rm file
		for locale in C C.UTF-8 tr_TR.UTF-8 de_DE.UTF-8; do
			LC_ALL=$locale "$KSBANK" paper print P-000001 --what $what --format $format | cmp - "$what.$format"
		done
		for zone in Pacific/Kiritimati America/Los_Angeles nonsense; do
			TZ=$zone "$KSBANK" paper print P-000001 --what $what --format $format | cmp - "$what.$format"
		done
		COLUMNS=40 USER=other "$KSBANK" paper print P-000001 --what $what --format $format --date 2031-01-01 | cmp - "$what.$format"
	done
done

# Later papers, a new standard's version and a new template do not reach what was frozen.
sed 's/^title: Probation officer/title: Probation officer (revised)/' "$BANK/standard.yaml" > standard.yaml
"$KSBANK" bank import standard.yaml --json > out
same "standards changed" "$(at out '$.standards.changed')" 1
draw AP-1042 resit 2027-01-15 > /dev/null
"$KSBANK" paper print P-000001 | cmp - assessor-pack.text
"$KSBANK" paper print P-000001 --format html | cmp - assessor-pack.html
"$KSBANK" paper print P-000002 | holds "Probation officer (revised)"

# What a browser opens is whole, asks nothing of the network, and runs nothing.
head -1 assessor-pack.html | grep -qi '^<!doctype html>'
for wrong in '<script' 'http-equiv="refresh"' 'src="http' '@import' 'url(http'; do
	lacks "$wrong" < assessor-pack.html
	lacks "$wrong" < recording-sheet.html
done
