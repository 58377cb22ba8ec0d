# A practice paper: drawn by the same rules for nobody, PRACTICE all over it, and nothing kept of it but the log's entry.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
"$KSBANK" bank import "$KB_SOURCE/banks" --approved-by reviewer-1 --date 2026-11-22 > /dev/null
EXAMPLE=EXAMPLE-MAPPING-NOT-THE-PLANS.csv

# practice STANDARD METHOD [OPTION...]
practice() {
	"$KSBANK" paper draw "$@" --practice --date 2026-11-22
}

# Each section says it, and on a page of HTML a fixed banner does.
check_prints() {
	for what in assessor-pack recording-sheet; do
		practice "$@" --what $what > $what.text
		practice "$@" --what $what --format html --output $what.html > /dev/null
		same "mode of $what" "$(stat -c %a $what.html)" 600
		same "sections of $what without a mark" "$(grep '<h[12]' $what.html | grep -vc PRACTICE)" 0
		holds "position: fixed" < $what.html
		holds "Nobody may be assessed with these pages" < $what.text
		grep -o 'ST0[0-9A-Z-]* v1' $what.html | sort -u > $what.ids
		rm $what.html
	done
	cmp assessor-pack.ids recording-sheet.ids
	[ -s assessor-pack.ids ]
}

for method in professional-discussion presentation-questions; do
	fails 1 practice ST0494/1.1 $method | holds "--practice --mapping FILE.csv"
	cp "$KB_SOURCE/banks/st0494-1.1/$method/$EXAMPLE" .
	check_prints ST0494/1.1 $method --mapping $EXAMPLE
	for what in assessor-pack recording-sheet; do
		holds "an example and not the plan's" < $what.text
		holds $EXAMPLE < $what.text
		holds "No source we have gives" < $what.text
	done
	fails 1 "$KSBANK" standard map ST0494/1.1 $method $EXAMPLE --by me --source nowhere --reason none |
		holds "this is an example and not the plan's"
	fails 1 "$KSBANK" paper draw ST0494/1.1 $method --candidate AP-1 --sitting first | holds "standard map ST0494/1.1"
done

for method in professional-discussion case-study-presentation; do
	check_prints ST0648/1.0 $method
	lacks "an example and not" < assessor-pack.text
	fails 1 practice ST0648/1.0 $method --mapping $EXAMPLE | holds "leave --mapping out"
done

# Nothing is kept.
for table in paper paper_item candidate decision; do
	same "rows of $table" "$(sql ksbank.db "SELECT count(*) FROM $table")" 0
done
"$KSBANK" paper list | holds "No paper"
fails 1 "$KSBANK" paper show PRACTICE > /dev/null
"$KSBANK" paper verify > /dev/null

# But who read which questions is: one entry for each print.
same "entries of the log" "$(sql ksbank.db "SELECT count(*) FROM log WHERE operation = 'paper draw'")" 16
same "questions in the newest" "$(sql ksbank.db "SELECT json_array_length(detail, '\$.effects.practice') FROM log ORDER BY rowid DESC LIMIT 1")" 10

same readings "$(sql ksbank.db "SELECT count(*) FROM reading WHERE operation = 'paper draw'")" 168

# A live draw beside it is what it would have been.
draw AP-1 first 2026-11-22 --json > drawn
same paper "$(at drawn '$.paper')" P-000001
fails 2 "$KSBANK" paper draw $STANDARD $METHOD --practice --candidate AP-1 | holds "does not go with --practice"
fails 2 "$KSBANK" paper draw $STANDARD $METHOD --sitting first | holds '"paper draw" needs --candidate'
