# All banks on one page: what to do next, most urgent first; and when everything is well, that it is.
. "$KB_SOURCE/tests/golden/common"

report() {
	"$KSBANK" bank report --date "$@"
}

# The shipped banks, as a content lead reads them: what to do is on the first screen.
new_store ksbank.db
report 2026-11-22 | holds "The store holds no bank"
"$KSBANK" bank import "$KB_SOURCE/banks" --approved-by reviewer-1 --date 2026-11-22 > /dev/null
report 2026-11-22 | expect report/shipped.txt
report 2026-11-22 | head -24 | holds "Look again by 20 December 2026."
report 2026-11-22 --json > report.json
is_json report.json
same banks "$(at report.json '$.banks[#-1].method') $(at report.json '$.banks[0].mapped')" "professional-discussion 0"
for key in capacity bound; do
	"$KSBANK" bank capacity $STANDARD $METHOD --date 2026-11-22 --json > capacity.json
	same $key "$(at report.json "\$.banks[3].$key")" "$(at capacity.json "\$.$key")"
done
"$KSBANK" bank predictability $STANDARD $METHOD --date 2026-11-22 --json > predictability.json
same likeliest "$(at report.json '$.banks[3].largest.per_mille')" "$(at predictability.json '$.largest.per_mille')"
report 2026-11-22 --format html --output report.html | holds "Wrote report.html"
same charts "$(grep -c '<svg' report.html)" 2
report 2026-11-22 --format svg > report.svg
if command -v xmllint > /dev/null; then
	xmllint --noout report.svg
fi

# Near the day on which all lapses, and after it.
report 2027-09-15 --json > near.json
at near.json '$.to_do[3].words' | holds "have the 118 questions that lapse by 22 November 2027 reviewed"
same command "$(at near.json '$.to_do[3].command')" "ksbank review open $STANDARD $METHOD --due 2027-11-21 --reason TEXT"
report 2027-12-01 --json > lapsed.json
at lapsed.json '$.to_do[0].words' | holds "no question may be drawn, and so no paper"
at lapsed.json '$.to_do' | holds "92 questions and 16 case-study themes lapsed, and not drawn until"
same "next to break" "$(at lapsed.json '$.next_break')" ""

# One bank that is well, and then is not.
KSBANK_STORE=one.db
export KSBANK_STORE
new_store one.db
fill one.db
report 2026-11-22 > well.txt
head -1 well.txt | holds "All is well: nothing to do before 24 August 2027"
"$KSBANK" question suspend ST0648-PD1-01,ST0648-PD1-02 --reason "seen online" --date 2026-11-23 > /dev/null
"$KSBANK" question show ST0648-PD2-01 --yaml --date 2026-11-23 | sed 's/^\( *\)stem: .*/\1stem: Tell me, please, of a report that you wrote./' > edit.yaml
"$KSBANK" question edit edit.yaml --date 2026-11-23 > /dev/null
report 2026-11-23 | holds "1 question drafted"
"$KSBANK" question submit ST0648-PD2-01 --date 2026-11-23 > /dev/null
"$KSBANK" decision record $STANDARD bank-size-target 8 --by head --reason "re-sits" --date 2026-11-23 > /dev/null
"$KSBANK" decision record $STANDARD predictability-limit-chance 150 --by head --reason "as agreed" --date 2026-11-23 > /dev/null
"$KSBANK" review open $STANDARD $METHOD --due 2026-12-01 --reason "yearly review" --date 2026-11-23 > /dev/null
report 2026-12-02 | expect report/busy.txt
