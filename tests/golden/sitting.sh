# After the session: operations draws and assigns, the assessor records, and a re-sit keeps clear of all that was heard.
. "$KB_SOURCE/tests/golden/common"
STANDARD=ST9999/1.0
METHOD=talk

new_store ksbank.db
"$KSBANK" bank import "$SCENARIO/sitting/bank" --approved-by reviewer-1 --date 2026-11-22 > /dev/null
"$KSBANK" user add admin-1 --role admin > /dev/null
as() {
	person=$1
	shift
	"$KSBANK" "$@" --as "$person"
}
for pair in operations-1:operations assessor-1:assessor assessor-2:assessor auditor-1:auditor; do
	as admin-1 user add "${pair%:*}" --role "${pair#*:}" > /dev/null
done
on() {
	day=$1
	shift
	as "$@" --date "$day"
}

draw AP-1 first 2026-11-22 --seed golden --as operations-1 > /dev/null
fails 1 on 2026-11-22 assessor-1 sitting form P-000001 | holds "P-000001 is not assigned to assessor-1"
on 2026-11-22 operations-1 paper assign P-000001 --to assessor-1 > /dev/null
on 2026-11-22 operations-1 sitting list | holds "No sitting waits for its record."
on 2026-11-23 operations-1 sitting list | expect sitting/open.txt
on 2026-11-23 assessor-2 sitting list | holds "No sitting waits for its record."
on 2026-11-22 assessor-1 sitting form P-000001 | expect sitting/form.yaml
on 2026-11-22 assessor-1 sitting form P-000001 --output form.yaml | holds "readable by you alone"
same "mode of the form" "$(stat -c %a form.yaml)" 600
fails 1 on 2026-11-22 assessor-1 sitting form P-000001 --output form.yaml | holds "an existing one is never overwritten"

# As it comes it says nothing; half filled in, each fault is named at its place.
fails 1 on 2026-11-22 assessor-1 sitting record P-000001 form.yaml | holds "6 faults; nothing was changed"
filled() {
	sed -e '/^ *#/d' -e 's/^    state:$/    state: asked/' -e 's/^    done:$/    done: yes/' \
		-e 's/^started:$/started: "10:00"/' -e 's/^ended:$/ended: "10:24"/' "$1"
}
filled form.yaml > all.yaml
sed -e '0,/^    state: asked/s//    state: asekd/' -e 's/"10:00"/"25:00"/' -e 's/^outcome:$/outcome: Merit/' \
	-e '0,/^    done: yes/s//    done: no/' all.yaml > wrong.yaml
fails 1 on 2026-11-22 assessor-1 sitting record P-000001 wrong.yaml | expect sitting/faults.txt

# Sound, and short of the plan: no question of the assessor's own, one not asked.
sed -e '0,/^    state: asked/s//    state: not-asked/' -e 's/^outcome:$/outcome: Fail/' \
	-e 's/^reasons:$/reasons: T-1.P1 was not shown./' all.yaml > short.yaml
fails 1 on 2026-11-22 assessor-1 sitting record P-000001 short.yaml | expect sitting/short.txt
fails 1 on 2026-11-21 operations-1 sitting record P-000001 short.yaml | holds "the sitting of P-000001 is on 2026-11-22"
fails 1 on 2026-11-22 assessor-2 sitting record P-000001 short.yaml | holds "not assigned to assessor-2"
fails 1 on 2026-11-22 auditor-1 sitting record P-000001 short.yaml | holds "may not record a sitting"

# What was really said: a rewording, a follow-up, and a question of the assessor's own that the bank has too, in its words.
cat > own <<'END'
  - text: Say how a foghorn warns the fishing boats at night.
    theme: T-1
    ksbs: [K2]
    prepared: before
    follow-ups:
      - text: Who told you so?
        ksbs: [K1]
END
sed -e '0,/^    state: asked/s//    state: reworded/' -e '0,/^    wording:$/s//    wording: What would you burn when it is cold?/' \
	-e '0,/^    reason:$/s//    reason: Asked for in plain words./' -e '/^own-questions:$/r own' short.yaml > record.yaml
sed -i -e '0,/^    state: not-asked/s//    state: reworded/' -e '0,/^    wording:$/s//    wording: How can you tell that the mist will go?/' record.yaml
on 2026-11-22 assessor-1 sitting record P-000001 record.yaml > recorded
expect sitting/record.txt < recorded
fails 1 on 2026-11-22 assessor-1 sitting record P-000001 record.yaml | holds "was recorded by assessor-1 on 2026-11-22"

# A correction is a further record, and says why.
on 2026-11-23 assessor-1 sitting form P-000001 --output again.yaml > /dev/null
expect sitting/again.yaml < again.yaml
sed -e 's/^correction-reason:$/correction-reason: The end was written down wrong./' -e 's/10:24/10:29/' again.yaml > corrected.yaml
on 2026-11-23 assessor-1 sitting record P-000001 corrected.yaml | holds "as record 2; all are kept"
on 2026-11-23 assessor-1 sitting show P-000001 | expect sitting/show.txt
on 2026-11-23 auditor-1 sitting show P-000001 --record 1 | holds "24 minutes, 10:00 to 10:24"
on 2026-11-23 operations-1 sitting list | expect sitting/list.txt
fails 1 on 2026-11-23 operations-1 sitting show P-000001 --record 3 | holds "the newest is record 2"

# Its own question becomes a draft for the bank.
on 2026-11-23 assessor-1 sitting propose P-000001 1 | expect sitting/draft.yaml
fails 1 on 2026-11-23 assessor-1 sitting propose P-000001 2 | holds "no number 2"
as admin-1 user add writer-2 --role writer > /dev/null
sed -e 's/kind: null/kind: experience/' -e 's/minutes: null/minutes: 7/' -e 's/prompts: null/prompts: [What came of it?]/' \
	-e 's/shows: null/shows: A concern passed on in time./' -e '0,/descriptors: null/s//descriptors: [T-1.P1]/' \
	-e 's/descriptors: null/descriptors: [T-1.D1]/' "$SCENARIO/sitting/draft.yaml" > new.yaml
on 2026-11-23 writer-2 question new new.yaml | holds ST9999-OWN-P-000001-1

# In the re-sit nothing like what was heard is drawn, the record says why, and drawing again agrees.
draw AP-1 resit 2027-01-15 --seed golden --as operations-1 --json > resit
as operations-1 paper show P-000002 --json > shown
sqlite3 :memory: "SELECT json_extract(value, '\$.id') || ': ' || json_extract(value, '\$.reason')
	FROM json_each(CAST(readfile('shown') AS TEXT), '\$.record.excluded') WHERE value LIKE '%like a question%'" |
	expect sitting/alike.txt
as operations-1 paper replay P-000002 | holds "same"
as operations-1 paper verify > /dev/null

# The cap: undecided on the paper, then decided; the outcome above it is refused with its reason.
as operations-1 paper print P-000002 | holds "Nobody has decided it"
as operations-1 paper print P-000002 --what recording-sheet | holds "Nobody has decided it"
on 2027-01-15 operations-1 sitting form P-000002 --output second.yaml > /dev/null
filled second.yaml | sed -e 's/^outcome:$/outcome: Distinction/' -e 's/^reasons:$/reasons: All of it./' \
	-e 's/^shortfall-reason:$/shortfall-reason: The time was up./' > resit.yaml
fails 1 on 2027-01-15 operations-1 sitting record P-000002 resit.yaml | expect sitting/cap-open.txt
as auditor-1 decision list $STANDARD | expect sitting/open-decisions.txt
fails 1 as operations-1 decision record $STANDARD resit-cap-scope method --by Head --reason r | holds "may not record a decision"
fails 1 as admin-1 decision record $STANDARD resit-cap-scope both --by Head --reason r | holds "it is method"
on 2027-01-15 admin-1 decision record $STANDARD resit-cap-scope method --by "Head of assessment" --reason "the words name the grade" |
	expect sitting/decided.txt
fails 1 on 2027-01-15 operations-1 sitting record P-000002 resit.yaml | expect sitting/capped.txt
sed -i 's/^outcome: Distinction$/outcome: Pass/' resit.yaml
on 2027-01-15 operations-1 sitting record P-000002 resit.yaml > /dev/null

# What was passed is not sat again.
fails 1 draw AP-1 retake 2027-03-01 --as operations-1 | expect sitting/passed.txt

# What happened can't be un-happened: a recorded paper is corrected, or followed by another sitting.
fails 1 as operations-1 paper withdraw P-000002 --by operations-1 --reason "sat in the wrong room" --date 2027-01-16 |
	expect sitting/recorded.txt
as operations-1 incident report --kind error --summary "sat in the wrong room" --paper P-000002 --date 2027-01-16 > /dev/null
on 2027-01-16 operations-1 sitting form P-000002 --output third.yaml > /dev/null
sed -e '/^outcome:/d' -e '/^reasons:/d' -e 's/^correction-reason:$/correction-reason: Sat in the wrong room./' third.yaml > again.yaml
on 2027-01-16 operations-1 sitting record P-000002 again.yaml > /dev/null
draw AP-1 resit 2027-03-01 --seed golden --as operations-1 > /dev/null
as operations-1 paper print P-000003 | holds "decided by Head of assessment on 2027-01-15."
