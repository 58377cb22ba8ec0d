# From nothing to a paper that stands in an appeal, as a user types it.
. "$KB_SOURCE/tests/golden/common"

"$KSBANK" store init | expect story/init.txt
printf '{"draw":"%064d","format":"ksbank-keys/1","sign":"%064d"}\n' 7 9 > ksbank.db.keys
"$KSBANK" bank import "$KB_SOURCE/banks" --approved-by reviewer-1 --date 2026-11-22 | expect story/import.txt
"$KSBANK" standard list | expect story/standards.txt
cp ksbank.db undrawn.db

draw AP-1042 first 2026-11-22 --seed golden | expect story/first.txt
draw AP-1042 resit 2027-01-15 --seed golden | expect story/resit.txt
"$KSBANK" paper list --candidate AP-1042 | expect story/list.txt
"$KSBANK" paper show P-000001 | expect story/show.txt
"$KSBANK" paper print P-000001 | head -40 | expect story/pack.txt
"$KSBANK" paper print P-000002 --what recording-sheet | head -40 | expect story/sheet.txt
"$KSBANK" paper replay P-000002 | expect story/replay.txt
"$KSBANK" paper verify | holds "Every paper holds; papers in all: 2."

"$KSBANK" paper withdraw P-000002 --by operations-1 --reason "left on a train" --date 2027-01-10 | expect story/withdraw.txt
# The lost paper's questions count as seen: its replacement shares nothing with it.
draw AP-1042 resit 2027-01-15 --seed golden | expect story/replacement.txt
"$KSBANK" paper verify | holds "Every paper holds; papers in all: 3."

# Without a seed the store makes one from its own key; the same request of the same store draws the same paper.
cp ksbank.db other.db
cp ksbank.db.keys other.db.keys
draw AP-7 first 2026-11-22 > here.txt
draw AP-7 first 2026-11-22 --store other.db | diff here.txt -
for key in 7 8; do
	cp undrawn.db key-$key.db
	printf '{"draw":"%064d","format":"ksbank-keys/1","sign":"%064d"}\n' $key 9 > key-$key.db.keys
	draw AP-8 first 2026-11-22 --store key-$key.db | grep Seed > seed-$key
done
! cmp -s seed-7 seed-8 || { failed "another key gave the same seed"; exit 1; }
