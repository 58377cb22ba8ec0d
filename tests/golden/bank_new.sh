# A bank begins with files to fill in: the standard's own words beside the empty places, and faults that name what is left.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
"$KSBANK" bank import "$BANK/standard.yaml" > /dev/null
"$KSBANK" bank import "$KB_SOURCE/banks/st0494-1.1/standard.yaml" > /dev/null
before=$(sql ksbank.db "SELECT count(*) FROM item")

"$KSBANK" bank new $STANDARD $METHOD mine | expect bank_new/said.txt
"$KSBANK" bank new ST0494/1.1 presentation-questions other/place > /dev/null
expect bank_new/PD-4.yaml < mine/PD-4.yaml
expect bank_new/specification.yaml < mine/specification.yaml
expect bank_new/questions.yaml < other/place/questions.yaml
same modes "$(find mine other -type f ! -perm 600)" ""

# Nothing is overwritten, and where one file is in the way none is written.
echo mine > mine/PD-2.yaml
rm mine/specification.yaml
fails 1 "$KSBANK" bank new $STANDARD $METHOD mine | holds "there is already a file mine/PD-1.yaml; nothing was written"
same "what somebody wrote" "$(cat mine/PD-2.yaml)" mine
[ ! -e mine/specification.yaml ]
rm -r mine
"$KSBANK" bank new $STANDARD $METHOD mine > /dev/null

# What is left to fill in.
fails 1 "$KSBANK" bank import other | expect bank_new/faults.txt
fails 1 "$KSBANK" bank import mine | holds "51 faults; nothing was imported"
same "items while there are faults" "$(sql ksbank.db "SELECT count(*) FROM item")" "$before"

# fill_in FILE ID KSBS THEME: what a writer would do, shortly.
fill_in() {
	sed -i "s/id: \"\"/id: $2/; s/ksbs: \\[\\]/ksbs: [$3]/; s/kind: \"\"/kind: knowledge/; s/minutes: 0/minutes: 5/
		s/stem: \"\"/stem: What would you do?/; s/prompts: \\[\\]/prompts: [Why?]/; s/shows: \"\"/shows: This./
		s/author: \"\"/author: writer-1/; s/accessibility: \"\"/accessibility: None./
		/of the plan, as in/s/\\[\\]/[$4.P1]/; s/descriptors: \\[\\]/descriptors: [$4.D1]/" "$1"
}
fill_in mine/PD-1.yaml N-1 K1 PD-1
fill_in mine/PD-2.yaml N-2 K5 PD-2
fill_in mine/PD-3.yaml N-3 S15 PD-3
fill_in mine/PD-4.yaml N-4 "K13, S18" PD-4
sed -i 's/# follows/follows/' mine/PD-4.yaml
fill_in other/place/questions.yaml N-5 "K6, B1" -
for file in mine/specification.yaml other/place/specification.yaml; do
	sed -i 's/minutes: {min: 0, max: 0}/minutes: {min: 30, max: 60}/; s/author: ""/author: me/; s/reason: ""/reason: To try./' $file
done
for folder in mine other; do
	"$KSBANK" bank import $folder --approved-by reviewer-1 > /dev/null
done
same "items imported" "$(sql ksbank.db "SELECT count(*) FROM item")" $((before + 5))
same "specifications imported" "$(sql ksbank.db "SELECT count(*) FROM specification_version")" 2
"$KSBANK" bank import mine --json > again
same "items unchanged" "$(at again '$.items.unchanged')" 4

fails 1 "$KSBANK" bank new ST1/1 $METHOD new | holds "no standard"
fails 1 "$KSBANK" bank new $STANDARD professional new | holds "its methods are"
[ ! -e new ]
