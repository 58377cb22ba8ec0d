# What is nearly the same: in one method, across standards, in what assessors asked, and in a text that somebody brings.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
for standard in st0648-1.0 st0494-1.1; do
	"$KSBANK" bank import "$KB_SOURCE/banks/$standard/standard.yaml" > /dev/null
done
# question ID KSB STEM PROMPT RIVALS [THEME]
question() {
	cat <<QUESTION
  - id: $1
    ksbs: [$2]
    kind: experience
    minutes: 7
    stem: $3
    prompts: ["$4", "How long did it burn?"]
    rivals: [$5]
    pass: {${6:+descriptors: [$6.P2], }shows: Names what was done.}
    distinction: {${6:+descriptors: [$6.D1], }shows: Weighs what was done.}
    author: writer-1
    accessibility: Any setting will do.
${6:+    theme: $6}
QUESTION
}
# file STANDARD METHOD < QUESTIONS
file() {
	printf 'format: ksbank-items/1\nstandard: %s\nmethod: %s\nquestions:\n' "$1" "$2"
	cat
}
{
	question LAMP-1 K13 "Tell me about a lamp that you mended for the keeper of a lighthouse." "What was broken?" LAMP-3 PD-4
	question LAMP-2 K15 "Describe a lamp you mended for the keeper of a busy lighthouse." "Who paid?" "" PD-4
	question LAMP-3 K15 "Tell me about an old lamp that you mended for a keeper." "What had cracked?" "" PD-4
	question FOG-1 K13 "What does thick fog demand of a pilot?" "Which signals carry furthest?" "" PD-4
} | file $STANDARD $METHOD > first.yaml
question LAMP-9 K13 "Tell me about a lamp that you mended for the keeper of a lighthouse." "What was broken?" "" |
	file ST0494/1.1 $METHOD > second.yaml
"$KSBANK" question new second.yaml | lacks "in 1,000"
"$KSBANK" question new first.yaml | expect similar/new.txt
"$KSBANK" question submit LAMP-1 | holds "in 1,000 like LAMP-2"
"$KSBANK" question submit FOG-1 | lacks "in 1,000"

"$KSBANK" question similar | expect similar/all.txt
"$KSBANK" question similar ST0494/1.1 --json > second
same pairs "$(at second '$.count')" 3
same across "$(at second '$.pairs[0].reuse.across')" standards
same first "$(at second '$.pairs[0].one.item.id')" LAMP-9
"$KSBANK" question similar $STANDARD --id LAMP-3 --json > third
same pairs "$(at third '$.count')" 1
same declared "$(at third '$.declared')" 1
same line "$(at third '$.pairs[0].rivals.line')" "rivals: [LAMP-2]"
"$KSBANK" question similar --id FOG-1 | expect similar/id.txt
"$KSBANK" question similar --text "a lamp that was mended for the keeper" | expect similar/text.txt
"$KSBANK" question similar --text "Which rope holds an anchor?" | holds "Nothing is that much alike"

# The way out that it names: the line in the file, and the pair is declared.
"$KSBANK" question show LAMP-2 --yaml > mine.yaml
sed -i "s/rivals: .*/rivals: [LAMP-1, LAMP-3]/" mine.yaml
"$KSBANK" question edit mine.yaml | holds "in 1,000 like LAMP-9"
"$KSBANK" question similar $STANDARD $METHOD --json > declared
same pairs "$(at declared '$.count')" 3
same declared "$(at declared '$.declared')" 3

# What an assessor asked of their own is told of; the words are for who may read every paper.
"$KSBANK" bank import "$SCENARIO/sitting/bank" --approved-by reviewer-1 --date 2026-11-22 > /dev/null
STANDARD=ST9999/1.0 METHOD=talk
draw AP-1 first 2026-11-22 --seed golden > /dev/null
"$KSBANK" sitting form P-000001 --date 2026-11-22 --output form.yaml > /dev/null
cat > own <<'END'
  - text: Which lamp was mended for the keeper of a lighthouse?
    theme: T-1
    ksbs: [K2]
    prepared: before
END
sed -e '/^ *#/d' -e 's/^    state:$/    state: asked/' -e 's/^    done:$/    done: yes/' -e 's/^started:$/started: "10:00"/' \
	-e 's/^ended:$/ended: "10:24"/' -e 's/^outcome:$/outcome: Pass/' -e 's/^reasons:$/reasons: T-1.P1 was shown./' -e '/^own-questions:$/r own' form.yaml > record.yaml
"$KSBANK" sitting record P-000001 record.yaml --date 2026-11-22 > /dev/null
"$KSBANK" user add boss --role admin --as boss > /dev/null
for role in writer assessor; do "$KSBANK" user add $role --role $role --as boss > /dev/null; done
"$KSBANK" question similar --id LAMP-2 --as boss --date 2026-11-23 | expect similar/asked.txt
"$KSBANK" question similar --id LAMP-2 --as writer --date 2026-11-23 > said
holds "Asked by an assessor" < said
lacks "Which lamp" < said
fails 1 "$KSBANK" question similar --as assessor | holds "may not read questions"

# Whoever was shown a text is on record as having read it.
"$KSBANK" question exposure LAMP-9 --as boss --date 2026-11-23 | holds "writer on 2026-11-23 (question similar)"

{
	fails 2 "$KSBANK" question similar --least 1001 --as boss
	fails 2 "$KSBANK" question similar --id LAMP-1 --text lamp --as boss
	fails 1 "$KSBANK" question similar --id LAMP-7 --as boss
	fails 1 "$KSBANK" question similar ST0648/1.0 talk --as boss
} | expect similar/refused.txt
