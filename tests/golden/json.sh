# What a program reads: the keys that paper draw --json promises, and JSON from every command, also when it fails.
. "$KB_SOURCE/tests/golden/common"

"$KSBANK" store init --json > out
is_json out
same store "$(at out '$.store')" ksbank.db
"$KSBANK" bank import "$BANK" --approved-by reviewer-1 --date 2026-11-22 --json > out
is_json out
same "items added" "$(at out '$.items.added')" "$(sql ksbank.db 'SELECT count(*) FROM item')"

draw AP-1 first 2026-11-22 --seed golden --json > first
draw AP-1 resit 2027-01-15 --json > resit
for file in first resit; do
	is_json $file
	for path in paper standard method candidate sitting date seed algorithm digest valid_papers shared_with_earlier \
		pool.eligible pool.excluded coverage.required coverage.covered questions[0].id questions[0].version questions[0].theme \
		questions[0].ksbs[0] questions[0].minutes questions[11].id; do
		[ -n "$(at $file "\$.$path")" ] || { failed "paper draw --json lacks $path"; cat $file >&2; exit 1; }
	done
	same "count of questions" "$(at $file '$.questions[12]')" ""
	same shared "$(at $file '$.shared_with_earlier')" 0
	same "type of valid_papers" "$(sqlite3 :memory: "SELECT json_type(CAST(readfile('$file') AS TEXT), '\$.valid_papers')")" text
	at $file '$.valid_papers' | grep -qE '^[1-9][0-9]*$' || { failed "valid_papers is not a decimal number"; exit 1; }
	at $file '$.digest' | grep -qE '^[0-9a-f]{64}$' || { failed "digest is not a digest"; exit 1; }
	at $file '$.seed' | grep -qE '^[0-9a-f]{64}$' || { failed "seed is not a seed"; exit 1; }
done
same paper "$(at first '$.paper')" P-000001
same candidate "$(at resit '$.candidate')" AP-1
same sitting "$(at resit '$.sitting')" resit
same date "$(at resit '$.date')" 2027-01-15
same standard "$(at resit '$.standard')" $STANDARD
same method "$(at resit '$.method')" $METHOD
same eligible "$(at first '$.pool.eligible')" "$(sql ksbank.db "SELECT count(*) FROM item WHERE method = '$METHOD' AND kind = 'question'")"
same "earlier papers" "$(at resit '$.earlier_papers')" '["P-000001"]'

# The record that paper show gives can be replayed from a file.
"$KSBANK" paper show P-000002 --json > show
at show '$.record' > record.json
"$KSBANK" paper replay --record record.json --json > out
is_json out
same "the same paper" "$(at out '$.same')" 1

# Every other command, and none of them writes a word beside its JSON.
for command in "standard list" "standard show $STANDARD" "standard lint $STANDARD" "question list $STANDARD" \
	"question show ST0648-PD1-01" "question history ST0648-PD1-01" "question diff ST0648-PD1-01" "paper list" \
	"paper show P-000001" "paper print P-000001" "paper print P-000002 --what recording-sheet --format html" \
	"paper replay P-000001" "paper verify" "paper withdraw P-000002 --by me --reason lost" \
	"standard decide $STANDARD K9 plan --by me --reason because" "bank capacity $STANDARD $METHOD" \
	"theme offer $STANDARD case-study-presentation --candidate AP-1 --sitting first" \
	"bank export $STANDARD taken" help; do
	"$KSBANK" $command --json > out 2> errors || { failed "failed: $command"; cat out errors >&2; exit 1; }
	is_json out
	same "errors of $command" "$(cat errors)" ""
done

# refused CODE ID COMMAND...
refused() {
	wanted=$1 id=$2
	shift 2
	code=0
	"$KSBANK" "$@" --json > out 2> errors || code=$?
	same "exit code of $*" "$code" "$wanted"
	is_json out
	same "error of $*" "$(at out '$.error.id')" "$id"
	[ -n "$(at out '$.error.message')" ] || { failed "no message: $*"; exit 1; }
	same "errors of $*" "$(cat errors)" ""
}
refused 2 command papr draw
refused 2 option paper list --nothing
refused 2 argument.missing paper show
refused 2 argument paper list --candidate "A B"
refused 1 paper.none paper show P-000077
refused 1 paper.drawn paper draw $STANDARD $METHOD --candidate AP-1 --sitting first --date 2026-11-23
refused 1 standard.none paper draw ST1/1 $METHOD --candidate AP-1 --sitting first
refused 1 store.none paper list --store nowhere.db
refused 1 store.exists store init
printf 'format: ksbank-items/1\nstandrad: ST0648/1.0\n' > bad.yaml
refused 1 bank.faults bank import bad.yaml
same "nearest word" "$(at out '$.faults[0].nearest')$(at out '$.faults[1].nearest')" standard
