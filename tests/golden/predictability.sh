# How far a paper can be foreseen, and a year played on the bank: the same figures on every machine.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
fill ksbank.db
predict() {
	"$KSBANK" bank predictability $STANDARD $METHOD --date 2026-11-22 "$@"
}
play() {
	"$KSBANK" bank simulate $STANDARD $METHOD --date 2026-11-22 --candidates 120 --resits 40 --employers 4 --seed golden "$@"
}

# A grade comes with limits; they are the organisation's to set.
predict | holds "no limits are set"
"$KSBANK" decision record $STANDARD predictability-limit-chance 150 --by Head --reason "as agreed" --date 2026-11-22 > /dev/null
fails 2 "$KSBANK" bank weigh $STANDARD $METHOD --cap 15% | holds "give 1 to 1000, as in 150 for 15 %"
fails 1 "$KSBANK" decision record $STANDARD predictability-limit-overlap 0 --by Head --reason none | holds "1 to 1000"
predict | expect predictability/beyond.txt

# What an employer's candidates had is known to the next.
draw AP-1 first 2026-11-22 --seed one > /dev/null
"$KSBANK" candidate register AP-1 --employer North --provider Hill > /dev/null
predict --json > known
is_json known
same employer "$(at known '$.organisations[0].organisation')" North
same "questions met" "$(at known '$.organisations[0].met')" 12

# A chart and a page.
predict --format svg > chart.svg
predict --format html --output page.html | holds "Wrote page.html"
fails 1 predict --format html --output page.html | holds "never overwritten"
fails 2 predict --output other.html | holds "add --format svg"
holds "the organisation" < chart.svg
holds "<figure>" < page.html
if command -v xmllint > /dev/null; then
	xmllint --noout chart.svg
fi

# A year, the same twice, and nothing written.
before=$(sql ksbank.db "SELECT count(*) FROM log")
play | expect predictability/year.txt
play --json > year
play --json > again
cmp year again
is_json year
play --format svg > year.svg
holds "simulated year" < year.svg
same "entries of the log" "$(sql ksbank.db "SELECT count(*) FROM log")" "$before"
same papers "$(sql ksbank.db "SELECT count(*) FROM paper")" 1
fails 2 "$KSBANK" bank simulate $STANDARD $METHOD --candidates 5 --resits 101 | holds "at most"
