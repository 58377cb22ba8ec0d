# Case-study themes to choose from: four offers with nothing shared, then none; and what a content lead reads of the bank,
# also as its reviews lapse.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
"$KSBANK" bank import "$BANK" --approved-by reviewer-1 --date 2026-11-22 > /dev/null
PRESENTATION=case-study-presentation

# offer SITTING DATE
offer() {
	"$KSBANK" theme offer $STANDARD $PRESENTATION --candidate AP-1042 --sitting "$1" --date "$2"
}

offer first 2026-11-22 | holds "1,820 valid offers; 16 themes, 0 excluded"
fails 1 offer first 2026-11-23 | holds "already drawn: paper P-000001 is the first sitting of AP-1042"
offer resit 2027-01-15 | holds "0 themes with earlier offers P-000001"
offer resit 2027-03-15 > /dev/null
offer resit 2027-05-15 > /dev/null
fails 1 offer resit 2027-07-15 > refused
holds "0 themes are left" < refused
holds "the fewest themes to write and approve, rivals of none: 4" < refused

# The questions of the method are drawn beside them, and all of it is held together.
"$KSBANK" paper draw $STANDARD $PRESENTATION --candidate AP-1042 --sitting first --date 2026-12-01 > /dev/null
"$KSBANK" paper verify | holds "Every paper holds; papers in all: 5."
"$KSBANK" paper replay P-000003 | holds "ST0648-CST-"
"$KSBANK" paper compare P-000001 P-000002 | holds "Shared questions: 0"
"$KSBANK" paper print P-000001 > print
holds "Choose one of these 4 themes" < print
holds "public sector information licensed" < print
"$KSBANK" paper print P-000001 --format html --output print.html > /dev/null
holds "Where each KSB can show" < print.html
fails 1 "$KSBANK" paper print P-000001 --what recording-sheet | holds "holds case-study themes"

"$KSBANK" bank capacity $STANDARD $PRESENTATION --date 2026-11-22 > capacity
holds "Papers with nothing shared:" < capacity
holds "Offers of 4 case-study themes with nothing shared: 4, 4 at most" < capacity
holds "Write next" < capacity
fails 1 "$KSBANK" bank capacity ST0494/1.1 professional-discussion --date 2026-11-22 | holds "the store holds no standard ST0494/1.1"

# As reviews lapse: themes that are approved on other days than the questions, so that offers fall on days of their own.
KSBANK_STORE=lapse.db
export KSBANK_STORE
new_store lapse.db
"$KSBANK" bank import "$BANK/standard.yaml" --date 2026-11-22 > /dev/null
"$KSBANK" bank import "$BANK/$PRESENTATION" --approved-by r.one --date 2026-11-22 > /dev/null
look_again lapse.db 2026-12-22 case-study-theme "n > 1"
look_again lapse.db 2027-01-22 case-study-theme "n > 9"
look_again lapse.db 2027-02-22 case-study-theme "n > 13"
look_again lapse.db 2027-03-01 question "n > 0"
"$KSBANK" bank forecast $STANDARD $PRESENTATION --date 2027-03-01 | expect offers/forecast.txt
"$KSBANK" review forecast $STANDARD $PRESENTATION --date 2027-03-01 | expect offers/lapse.txt
"$KSBANK" bank report --date 2027-12-01 | expect offers/report.txt
"$KSBANK" bank gaps $STANDARD $PRESENTATION --date 2028-01-22 > gaps.txt
holds "Review 5 case-study themes" < gaps.txt
holds "Or write 5 case-study themes" < gaps.txt

# A new theme is on the way: nobody else need write it.
awk '/^  - id:/ { n++ } n < 2' "$BANK/$PRESENTATION/case-study-themes.yaml" |
	sed -e 's/^  - id: .*/  - id: ST0648-CST-99/' -e '/^    rivals:/d' > new.yaml
"$KSBANK" question new new.yaml --date 2028-01-20 > /dev/null
"$KSBANK" bank gaps $STANDARD $PRESENTATION --date 2028-01-22 > gaps.txt
holds "1 new case-study theme is on the way" < gaps.txt
holds "4 case-study themes are left to write" < gaps.txt
sed -n '/^Case-study themes on the way/,$p' gaps.txt | holds "ST0648-CST-99 "
"$KSBANK" bank forecast $STANDARD $PRESENTATION --date 2027-03-01 --json > forecast.json
is_json forecast.json
for i in 0 1 2 3; do
	"$KSBANK" bank capacity $STANDARD $PRESENTATION --date "$(at forecast.json "\$.days[$i].date")" --json > day.json
	for key in themes capacity bound; do
		same "$key on day $i" "$(at forecast.json "\$.days[$i].offers.$key")" "$(at day.json "\$.offers.$key")"
	done
done
