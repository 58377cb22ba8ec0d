# The life of a question in a store with people: written, submitted, returned, approved, suspended, approved again, retired.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
fill ksbank.db
cat > first.yaml <<'YAML'
format: ksbank-items/1
standard: ST0648/1.0
method: professional-discussion
questions:
  - id: LIFE-1
    theme: PD-1
    ksbs: [K2, K3]
    kind: scenario
    minutes: 7
    demand: typical
    stem: The lighthouse of your district gets a new keeper tomorrow. How would you prepare for the meeting?
    prompts:
      - What would you read first?
      - Which procedures bind you both?
    pass: {descriptors: [PD-1.P2], shows: Names what binds both and where it is written.}
    distinction: {descriptors: [PD-1.D1], shows: Weighs what the procedures are for.}
    author: writer-1
    accessibility: No sea is needed.
YAML
"$KSBANK" bank import first.yaml --approved-by reviewer-1 --date 2026-11-22 > /dev/null
"$KSBANK" user add boss --role admin --as boss > /dev/null
for role in writer reviewer operations; do "$KSBANK" user add $role --role $role --as boss > /dev/null; done

# as PERSON DAY COMMAND...: in December 2026.
as() {
	person=$1 day=2026-12-$2
	shift 2
	"$KSBANK" "$@" --as "$person" --date "$day"
}
ID=LIFE-1

as writer 01 question show $ID --yaml > edit.yaml
fails 1 as writer 01 question edit edit.yaml | holds "nothing changed in $ID"
sed -i 's/What would you read first?/Which papers would you read first?/' edit.yaml
as writer 01 question edit edit.yaml | expect life/edit.txt
{
	fails 1 as writer 01 question edit edit.yaml
	fails 1 as writer 01 question new edit.yaml
	fails 1 as reviewer 01 question edit edit.yaml
	fails 1 as writer 01 question approve $ID --checklist all-met --reason "mine"
	fails 1 as reviewer 01 question return $ID --reason "not yet submitted"
	fails 1 as boss 01 question approve $ID --version 2 --checklist all-met --reason "a draft"
	fails 2 as writer 01 question submit
	fails 1 as writer 01 bank import "$BANK/$METHOD" --approved-by reviewer
	fails 1 as reviewer 01 question suspend $ID,ST0648-PD9-99,$ID
} | expect life/refused.txt

as writer 01 question submit $ID > /dev/null
as reviewer 02 question review $ID | expect life/review.txt
cat > comments.csv <<'CSV'
id,at,reason
LIFE-1,prompts,"""papers"" leaves out what is on a screen"
LIFE-1,minutes,ten would be safer
CSV
as reviewer 02 question return --list comments.csv $ID > return.txt 2>&1 && failed "IDS and --list at once"
as reviewer 02 question return --list comments.csv | expect life/return.txt
sed -i 's/Which papers would you read first?/What would you want to read first?/' edit.yaml
as writer 03 question edit edit.yaml > /dev/null
as writer 03 question submit $ID --reason "the minutes were tried with two colleagues" > /dev/null
cat > checklist.yaml <<'YAML'
ksbs: yes
demand: yes, that of the questions beside it
clarity: yes
fairness: yes
duplicates: yes
descriptors: yes
time: no, needs ten minutes
YAML
fails 1 as reviewer 04 question approve $ID --checklist checklist.yaml | holds "the answer to \"time\" is no"
sed -i 's/^time: .*/time: yes, tried with two colleagues/' checklist.yaml
as reviewer 04 question approve $ID --checklist checklist.yaml | expect life/approve.txt
fails 1 as reviewer 04 question approve $ID --checklist checklist.yaml | holds "was approved on 2026-12-04 already"
as operations 05 question suspend $ID --reason "read out on a forum" | expect life/suspend.txt
as reviewer 06 question approve $ID --checklist checklist.yaml --reason "it was another question" > /dev/null
as reviewer 07 question retire $ID --reason "the keeper came" > /dev/null
as reviewer 07 question history $ID | expect life/history.txt
as reviewer 07 question list $STANDARD $METHOD --state retired | holds "1 in all."

# Many at once, each with a reason; one entry of the log, with their number.
echo "id,reason" > fit.csv
"$KSBANK" question list $STANDARD $METHOD --as reviewer --date 2026-12-08 --json > list.json
sqlite3 -csv :memory: "SELECT json_extract(value, '\$.id'), 'read with the descriptors' FROM json_each(CAST(readfile('list.json') AS TEXT), '\$.questions')
	WHERE json_extract(value, '\$.state') = 'approved'" >> fit.csv
sed 's/^ksbs: .*/ksbs: yes, sound under each wording in dispute/' checklist.yaml > both.yaml
before=$(sql ksbank.db "SELECT count(*) FROM log")
as reviewer 08 question approve --list fit.csv --checklist both.yaml --json > fit.json
same "approved at once" "$(at fit.json '$.count')" $(($(wc -l < fit.csv) - 1))
same "entries of the log" "$(sql ksbank.db "SELECT count(*) FROM log")" $((before + 1))
same "number in the log" "$(sql ksbank.db "SELECT detail ->> '\$.effects.count' FROM log ORDER BY sequence DESC LIMIT 1")" "$(at fit.json '$.count')"
fails 1 as reviewer 09 question approve --list fit.csv --checklist all-met > many.txt
holds "follows none of the wordings" < many.txt
holds "so none was" < many.txt
"$KSBANK" help question approve | sed -n '/^The moves/,/^$/p' | expect life/moves.txt
"$KSBANK" paper verify --as boss > /dev/null
