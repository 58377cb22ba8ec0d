# What the lint of questions says of a bank with mistakes, of one without, and of none.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
"$KSBANK" bank import "$BANK/standard.yaml" --date 2026-11-22 > /dev/null
"$KSBANK" question lint $STANDARD | holds "There is nothing to look at."
fails 1 "$KSBANK" question lint ST0000/1.0 | holds "the store holds no standard"
fails 1 "$KSBANK" question lint $STANDARD no-such-method | holds "has no method"

cat > mistakes.yaml <<'END'
format: ksbank-items/1
standard: ST0648/1.0
method: professional-discussion
questions:
  - id: Q-1
    theme: PD-4
    ksbs: [K13, S17]
    kind: experience
    minutes: 2
    stem: Did you ever use the QXZ in your office, and how important was it to her?
    prompts: [What was it?]
    author: writer-1
  - id: Q-2
    theme: PD-4
    ksbs: [K15]
    kind: experience
    minutes: 7
    stem: Tell me about a time when you coached a colleague who was new to the job.
    prompts: [How did it go?, What would you do again?]
    pass: {descriptors: [PD-4.P7], shows: Describes coaching that helped.}
    distinction: {descriptors: [PD-4.D3], shows: Weighs what coaching brings.}
    author: writer-1
    accessibility: Any colleague will do.
    answers: {GENDERED: an answer to nothing}
  - id: Q-3
    theme: PD-4
    ksbs: [K15]
    kind: experience
    minutes: 7
    stem: Describe a time when you coached a colleague who was new to their job.
    prompts: [Who gained from it?, Was it hard?]
    pass: {descriptors: [PD-4.P7], shows: Describes mentoring that helped.}
    distinction: {descriptors: [PD-4.D3], shows: Weighs what mentoring brings.}
    author: writer-1
    accessibility: Any colleague will do.
    answers: {CLOSED-OPENING: the prompt before it is open}
END
"$KSBANK" bank import mistakes.yaml > /dev/null
"$KSBANK" question lint $STANDARD | expect lint/said.txt
"$KSBANK" question lint $STANDARD professional-discussion --json > said.json
is_json said.json
same errors "$(at said.json '$.error')" 2
same answered "$(at said.json '$.answered')" 1
same answer "$(at said.json '$.questions[2].findings[1].answer')" "the prompt before it is open"
"$KSBANK" question lint $STANDARD case-study-presentation | holds "There is nothing to look at."

# Every rule can be read with its reason and source, fired or not.
"$KSBANK" question lint $STANDARD --rules --json > rules.json
same rules "$(at rules.json '$.rules[#-1].rule')" ANSWER-IDLE
"$KSBANK" question lint $STANDARD --rules | holds "DESCRIPTOR-COPIED"

# All that is shipped: every method of every standard that has questions.
new_store shipped.db
"$KSBANK" bank import "$KB_SOURCE/banks" --approved-by reviewer-1 --store shipped.db --date 2026-11-22 > /dev/null
shipped() {
	"$KSBANK" question lint "$1" "$2" --store shipped.db --json > shipped.json
	[ "$(at shipped.json '$.items')" -gt 0 ] || { failed "nothing is shipped for $1 $2"; exit 1; }
	same "errors in $1 $2" "$(at shipped.json '$.error')" 0
	same "open warnings in $1 $2" "$(at shipped.json '$.warning')" 0
	same "notes on $1 $2" "$(at shipped.json '$.info')" 0
}
shipped ST0648/1.0 professional-discussion
shipped ST0648/1.0 case-study-presentation
shipped ST0494/1.1 professional-discussion
shipped ST0494/1.1 presentation-questions
