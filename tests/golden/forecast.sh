# What a bank yields as reviews lapse: questions approved on different days, so that it falls in steps and breaks one thing after another.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
"$KSBANK" bank import "$BANK/standard.yaml" --date 2026-03-01 > /dev/null
"$KSBANK" bank import "$BANK/$METHOD" --approved-by r.one --date 2026-03-01 > /dev/null
look_again ksbank.db 2026-04-01 question "n % 12 < 11"
look_again ksbank.db 2026-05-01 question "n % 12 < 9"
look_again ksbank.db 2026-07-01 question "n % 12 < 6"
look_again ksbank.db 2026-09-01 question "n % 12 < 4"
look_again ksbank.db 2026-11-01 question "n % 12 < 2"
"$KSBANK" decision record $STANDARD predictability-limit-overlap 128 --by Head --reason "as agreed" --date 2026-11-01 > /dev/null
# forecast DAY [OPTION...]
forecast() {
	day=$1
	shift
	"$KSBANK" bank forecast $STANDARD $METHOD --date "$day" "$@"
}
forecast 2026-11-22 | expect forecast/steps.txt
forecast 2026-11-22 --json > steps.json
is_json steps.json
same "first break" "$(at steps.json '$.first_break')" 2027-03-01

# Each day is what the other commands say on that day.
for i in 0 1; do
	"$KSBANK" bank predictability $STANDARD $METHOD --date "$(at steps.json "\$.days[$i].date")" --json > day.json
	for key in eligible:questions entropy_bits:entropy_bits largest.per_mille:largest.per_mille overlap.questions:overlap.questions; do
		same "$key on day $i" "$(at day.json "\$.${key%:*}")" "$(at steps.json "\$.days[$i].${key#*:}")"
	done
done
for i in 3 4; do
	"$KSBANK" bank capacity $STANDARD $METHOD --date "$(at steps.json "\$.days[$i].date")" --json > day.json
	same "papers on day $i" "$(at day.json '$.capacity') $(at day.json '$.bound')" \
		"$(at steps.json "\$.days[$i].capacity") $(at steps.json "\$.days[$i].bound")"
done
fails 1 draw AP-1 first "$(at steps.json '$.breaks[1].date')" | holds "ksbank bank weigh $STANDARD $METHOD"
same "draws leave no trace" "$(sql ksbank.db "SELECT count(*) FROM weighing")" 0

# A review that is open is what to look at; once all has lapsed, that is said as of today.
"$KSBANK" review open $STANDARD $METHOD --due 2027-02-01 --reason "yearly review" --date 2026-11-22 > /dev/null
forecast 2026-11-22 | holds "ksbank review progress R-0001"
forecast 2028-01-01 > lapsed.txt
holds "Today no question may be drawn, and so no paper" < lapsed.txt
holds "No approval lapses before 2029-07-01" < lapsed.txt

# The chart, and a page with it.
forecast 2026-11-22 --format svg > chart.svg
holds "Papers with nothing shared, day by day" < chart.svg
forecast 2026-11-22 --format html --output page.html | holds "Wrote page.html"
same figures "$(grep -c '<svg' page.html)" 2
if command -v xmllint > /dev/null; then
	xmllint --noout chart.svg
fi
