# What is exported and imported again is unchanged, and an edit makes one new version that waits for its approval.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
"$KSBANK" bank import "$KB_SOURCE/banks" --approved-by reviewer-1 --date 2026-11-22 > /dev/null
mkdir out
for key in ST0648/1.0 ST0494/1.0 ST0494/1.1; do
	"$KSBANK" bank export $key "out/$(echo $key | tr / -)" > /dev/null
done
same "modes of exported files" "$(find out -type f ! -perm 600)" ""
"$KSBANK" bank import out --json > again
for kind in standards specifications items; do
	same "$kind added" "$(at again "\$.$kind.added")" 0
	same "$kind changed" "$(at again "\$.$kind.changed")" 0
done
items=$(sql ksbank.db 'SELECT count(*) FROM item')
same "items unchanged" "$(at again '$.items.unchanged')" "$items"
same versions "$(sql ksbank.db 'SELECT count(*) FROM item_version')" "$items"

# Into a new store and out again: the same files.
new_store second.db
"$KSBANK" bank import out --store second.db > /dev/null
mkdir second
for key in ST0648/1.0 ST0494/1.0 ST0494/1.1; do
	"$KSBANK" bank export $key "second/$(echo $key | tr / -)" --store second.db > /dev/null
done
diff -r out second
fails 1 "$KSBANK" bank export ST0648/1.0 out/ST0648-1.0 | holds "an existing file is never overwritten"

# One word of one question.
file=out/ST0648-1.0/professional-discussion/PD-1.yaml
sed '/id: ST0648-PD1-17$/,/demand:/s/demand: .*/demand: higher/' $file > edited
cp edited $file
"$KSBANK" bank import out --json --date 2027-01-01 > changed
same "items changed" "$(at changed '$.items.changed')" 1
same "items unchanged" "$(at changed '$.items.unchanged')" $((items - 1))
same standards "$(at changed '$.standards.changed')" 0
same specifications "$(at changed '$.specifications.changed')" 0
"$KSBANK" question history ST0648-PD1-17 --date 2027-01-01 | expect roundtrip/history.txt
"$KSBANK" question diff ST0648-PD1-17 | expect roundtrip/diff.txt
"$KSBANK" question show ST0648-PD1-17 --version 1 | holds "Demand: typical"
"$KSBANK" question show ST0648-PD1-17 | holds "Demand: higher"

# Until somebody approves the new version, the old one is drawn; then the new one. A seed that takes the question:
for seed in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 none; do
	draw "AP-$seed" first 2027-01-01 --seed "$seed" --json > drawn
	grep -q ST0648-PD1-17 drawn && break
done
[ "$seed" != none ] || { failed "no seed draws ST0648-PD1-17"; exit 1; }
version() {
	sqlite3 :memory: "SELECT json_extract(value, '\$.version') FROM json_each(CAST(readfile('$1') AS TEXT), '\$.questions')
		WHERE json_extract(value, '\$.id') = 'ST0648-PD1-17'"
}
same "version before approval" "$(version drawn)" 1
"$KSBANK" bank import $file --approved-by reviewer-2 --date 2027-01-02 > /dev/null
draw AP-after first 2027-01-02 --seed "$seed" --json > drawn
same "version after approval" "$(version drawn)" 2
draw AP-earlier first 2027-01-01 --seed "$seed" --json > drawn
same "version on the day before" "$(version drawn)" 1
"$KSBANK" paper show P-000001 > /dev/null
"$KSBANK" paper verify > /dev/null
