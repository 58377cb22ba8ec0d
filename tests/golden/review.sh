# The yearly review with people: what is due, the forecast, a bank handed out, reviewed and signed off, and the certificate.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
"$KSBANK" bank import "$BANK/standard.yaml" --date 2026-03-01 > /dev/null
"$KSBANK" bank import "$BANK/$METHOD" --approved-by r.one --date 2026-03-01 > /dev/null
draw AP-1 first 2026-06-01 --seed golden > /dev/null
draw AP-2 first 2026-06-02 --seed silver > /dev/null
"$KSBANK" user add boss --role admin > /dev/null
for pair in r.one:reviewer r.two:reviewer r.three:reviewer ops:operations auditor-1:auditor writer-1:writer; do
	"$KSBANK" user add "${pair%:*}" --role "${pair#*:}" --as boss > /dev/null
done
# as PERSON DAY COMMAND...
as() {
	person=$1 day=$2
	shift 2
	"$KSBANK" "$@" --as "$person" --date "$day"
}
# ids FILE LIST: the ids of a list of an answer, as a file that question approve reads.
ids() {
	echo "id,reason"
	sqlite3 -csv :memory: "SELECT json_extract(value, '\$.id'), 'read with the descriptors' FROM json_each(CAST(readfile('$1') AS TEXT), '\$.$2')"
}
for point in ksbs demand clarity fairness duplicates descriptors time; do echo "$point: yes, looked at"; done > checklist.yaml

as auditor-1 2026-11-22 review due $STANDARD $METHOD | holds "Nothing of $STANDARD lapses within 60 days of 2026-11-22."
as auditor-1 2026-11-22 review list | holds "No bank was reviewed as a whole."
fails 1 as auditor-1 2026-11-22 review open $STANDARD $METHOD --due 2026-12-15 --reason "yearly review" | holds "may not run the review of a bank"
fails 2 as ops 2026-11-22 review open $STANDARD $METHOD --due 2026-11-21 --reason "yearly review" | holds "which is over"

# The questions of three themes go to one person each, the rest to all evenly.
as ops 2026-11-22 review open $STANDARD $METHOD --due 2026-12-15 --reason "yearly review" --json > opened.json
all=$(at opened.json '$.items')
same "under review" "$all" "$(sql ksbank.db "SELECT count(*) FROM item WHERE method = '$METHOD'")"
for share in PD-1:r.one PD-2:r.two PD-3:r.three; do
	as ops 2026-11-22 review hand R-0001 --theme "${share%:*}" --to "${share#*:}" > /dev/null
done
as ops 2026-11-22 review hand R-0001 --json > handed.json
same "handed out to nobody" "$(sql ksbank.db "SELECT count(*) FROM campaign_item WHERE reviewer IS NOT NULL")" "$all"
fails 1 as ops 2026-11-22 review hand R-0001 | holds "nothing of R-0001 that was asked for waits to be handed out"
for person in r.one r.two r.three; do
	as $person 2026-11-23 review queue --json > queue.json
	same "queue of $person" "$(at queue.json '$.count')" "$(at handed.json "\$.handed[$(case $person in r.one) echo 0 ;; r.two) echo 2 ;; *) echo 1 ;; esac)].open")"
done

# Reviewed by one of them on one day, by another on a later one: the forecast falls in steps.
as r.one 2026-11-23 review queue --output fit.csv | holds "The list is in fit.csv."
head -3 fit.csv | expect review/list.csv
fails 1 as r.one 2026-11-24 question approve --list fit.csv --checklist all-met | holds "so none was"
sed -i '2,$s/,/,read with the descriptors/' fit.csv
as r.one 2026-11-24 question approve --list fit.csv --checklist checklist.yaml > /dev/null
as auditor-1 2026-11-24 review progress R-0001 --json > progress.json
same "reviewed" "$(at progress.json '$.reviewed')" $(($(wc -l < fit.csv) - 1))
fails 1 as ops 2026-11-24 review close R-0001 --statement "Fit." | holds "of R-0001 are not reviewed"
fails 2 as ops 2026-11-24 review close R-0001 --statement "Fit." --with-open | holds "--with-open needs --reason"
as auditor-1 2027-01-10 review due $STANDARD $METHOD --within 50 --for r.two --json > due.json
same "due for r.two" "$(at due.json '$.count')" "$(at progress.json '$.people[2].open')"
as auditor-1 2026-11-24 review forecast $STANDARD $METHOD | sed -e 's/[0-9]* questions may/N questions may/' > forecast.txt
holds "on 1 March 2027 the professional discussion falls from" < forecast.txt
holds "From 1 March 2027 on no paper can be drawn." < forecast.txt
as auditor-1 2026-11-24 review calendar $STANDARD $METHOD --output review.ics | holds "Wrote review.ics. Events: 3,"
same "lines without CR" "$(grep -vc "$(printf '\r')\$" review.ics)" 0
same "events" "$(grep -c '^BEGIN:VEVENT' review.ics)" 3
! grep -q "Tell me" review.ics || failed "question text in the calendar"
same "mode of the calendar" "$(stat -c %a review.ics)" 600

# The others are done too, but for one that is taken out; then it is signed off.
for person in r.two r.three; do
	as $person 2026-12-01 review queue --json > queue.json
	ids queue.json queue > fit.csv
	[ $person = r.two ] && sed -i '$d' fit.csv
	as $person 2026-12-01 question approve --list fit.csv --checklist checklist.yaml > /dev/null
done
as r.two 2026-12-02 review queue --json > queue.json
same "left" "$(at queue.json '$.count')" 1
as r.two 2026-12-02 question retire "$(at queue.json '$.queue[0].id')" --reason "it asks what another asks better" > /dev/null
as auditor-1 2026-12-02 review progress R-0001 | holds "Nothing is left."
as ops 2026-12-10 review close R-0001 --statement "The bank is fit for the year to come." | holds "0 of them open"
as auditor-1 2026-12-10 review certificate R-0001 > certificate.txt
holds "10 December 2026 by ops" < certificate.txt
holds "The bank is fit for the year to come." < certificate.txt
as auditor-1 2026-12-10 review certificate R-0001 --format html --output certificate.html > /dev/null
holds "<h1>Review of a question bank R-0001</h1>" < certificate.html
sql ksbank.db "SELECT certificate FROM campaign_close" > certificate.json
same "in force" "$(at certificate.json '$.total.in_force')" $((all - 1))
same "retired" "$(at certificate.json '$.total.retired')" 1
same "reviewed" "$(sqlite3 :memory: "SELECT sum(value ->> '\$.reviewed') FROM json_each(CAST(readfile('certificate.json') AS TEXT), '\$.reviewers')")" "$all"
same "head of the log" "$(at certificate.json '$.log.head')" "$(sql ksbank.db "SELECT previous FROM log WHERE operation = 'review close'")"
as auditor-1 2026-12-10 audit verify > /dev/null
fails 1 as auditor-1 2026-12-10 review progress R-0001 | holds "R-0001 was signed off on 2026-12-10"
as auditor-1 2026-12-10 review list --json > list.json
same "signed off" "$(at list.json '$.campaigns[0].closed_on') $(at list.json '$.campaigns[0].closed_by')" "2026-12-10 ops"
sed -n '/^Who reviewed it/,/^How often/p' certificate.txt | sed 's/ [0-9][0-9]*  2026/ N  2026/' | expect review/certificate.txt

# What was signed can't be changed unnoticed.
sql ksbank.db "DROP TRIGGER campaign_close_kept; UPDATE campaign_close SET certificate = replace(certificate, 'fit', 'fat')"
fails 3 as auditor-1 2026-12-11 review certificate R-0001 | holds "the certificate of R-0001 is not the one that was signed"
fails 3 as auditor-1 2026-12-11 audit verify | holds "campaign_close 1: this row was changed"
