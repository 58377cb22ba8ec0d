# What people type: each wrong request gets one sentence, a way out, the right exit code, and changes nothing.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
fill ksbank.db
draw AP-1 first 2026-12-01 > /dev/null
cp ksbank.db before.db

# try CODE COMMAND...: two lines at most, the first from ksbank.
try() {
	code=$1
	shift
	echo "\$ ksbank $*" | cut -c1-120
	fails "$code" "$KSBANK" "$@"
	echo
}

{
	try 2 papr draw
	try 2 paper drw
	try 2 help paper drow
	try 2 --json paper list
	try 2 paper list --jsno
	try 2 paper list --json=1
	try 2 paper list everything
	try 2 paper draw
	try 2 paper draw $STANDARD $METHOD --sitting first --candidate
	try 2 paper draw $STANDARD $METHOD --sitting first
	try 2 paper withdraw P-000001 --by me
	try 2 paper print P-000001 --format pdf
	try 2 paper print P-000001 --what recording-sheets
	try 2 paper replay
	try 2 question show ST0648-PD1-01 --version zero
	try 2 paper list --as "$(printf 'a\nb')"
} | expect requests/usage.txt

{
	for reference in "AP 1" "O'Brien" '"AP-1"' "" "AP${TAB}1" "$(printf 'AP\n1')" "$(printf 'AP\0331')" "Zoë" "AP-1;DROP" \
		"$(printf '\377')" "$(head -c 10000 /dev/zero | tr '\0' a)"; do
		try 2 paper draw $STANDARD $METHOD --sitting first --candidate "$reference"
	done
} | LC_ALL=C sed 's/[^ -~]/?/g' | expect requests/references.txt

{
	for day in 2026-02-30 2027-02-29 2026-13-01 2026-00-10 22/11/2026 26-11-22 2026-11-22T10:00 tomorrow "" " 2026-11-22" 0000-01-01; do
		try 2 paper draw $STANDARD $METHOD --sitting first --candidate AP-2 --date "$day"
	done
} | expect requests/dates.txt

{
	try 1 paper draw ST0684/1.0 $METHOD --candidate AP-2 --sitting first
	try 1 paper draw $STANDARD professional-discusion --candidate AP-2 --sitting first
	try 1 paper draw $STANDARD case-study-presentation --candidate AP-2 --sitting first
	try 2 paper draw $STANDARD $METHOD --candidate AP-2 --sitting frist
	try 2 paper draw $STANDARD $METHOD --candidate AP-2 --candidate AP-3 --sitting first
	try 1 paper draw $STANDARD $METHOD --candidate AP-2 --sitting first --date 2026-11-21
	try 1 paper draw $STANDARD $METHOD --candidate AP-2 --sitting first --date 2027-11-22
	try 1 paper draw $STANDARD $METHOD --candidate AP-2 --sitting resit --date 2026-12-01
	try 1 paper draw $STANDARD $METHOD --candidate AP-1 --sitting first --date 2026-12-01
	try 1 paper draw $STANDARD $METHOD --candidate AP-1 --sitting first --date 2027-02-01
	try 1 paper draw $STANDARD $METHOD --candidate AP-1 --sitting resit --date 2026-12-01
	try 1 paper draw $STANDARD $METHOD --candidate AP-1 --sitting resit --date 2026-11-30
	try 1 paper show P-000009
	try 1 paper show nonsense
	try 1 paper verify P-000009
	try 1 question show ST0648-PD9-01
	try 1 question show ST0648-PD1-01 --version 7
	try 1 standard show ST0648
} | expect requests/refused.txt

# Nothing of it left a trace.
[ "$(sql ksbank.db .dump)" = "$(sql before.db .dump)" ] || { failed "a refused request changed the store"; exit 1; }

# What is right goes through, and once.
"$KSBANK" help > /dev/null
"$KSBANK" help paper draw > /dev/null
"$KSBANK" paper draw --help > /dev/null
draw AP-1 resit 2026-12-02 > /dev/null
fails 1 draw AP-1 resit 2026-12-02 | holds "already drawn"
draw AP-1 resit 2027-02-01 > /dev/null
"$KSBANK" paper withdraw P-000002 --by me --reason lost --date 2026-12-01 > /dev/null
fails 1 "$KSBANK" paper withdraw P-000002 --by me --reason lost --date 2026-12-01 | holds "was withdrawn on 2026-12-01 already"
