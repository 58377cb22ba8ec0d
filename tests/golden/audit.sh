# The auditor's day: coverage, re-sits, reviews, the log, and a pack that an inspector checks without this program.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
fill ksbank.db
"$KSBANK" user add admin-1 --role admin --date 2026-11-22 > /dev/null
as() {
	person=$1
	shift
	"$KSBANK" "$@" --as "$person"
}
for pair in operations-1:operations assessor-1:assessor auditor-1:auditor writer-9:writer reviewer-1:reviewer; do
	as admin-1 user add "${pair%:*}" --role "${pair#*:}" --date 2026-11-22 > /dev/null
done
draw AP-1 first 2026-11-22 --seed golden --as operations-1 > /dev/null
draw AP-2 first 2026-11-22 --seed golden --as operations-1 > /dev/null
as operations-1 paper assign P-000001 --to assessor-1 --date 2026-11-22 > /dev/null

# Nothing came again yet.
as auditor-1 audit resits --json > resits
same pairs "$(at resits '$.count')" 0

# The sitting, with a question of the assessor's own; a wording that no pack without text may show.
as assessor-1 sitting form P-000001 --output form.yaml --date 2026-11-22 > /dev/null
cat > own <<'END'
  - text: Which zebra crossing did the tram pass?
    theme: PD-1
    ksbs: [K1]
    prepared: before
END
sed -e '/^ *#/d' -e 's/^    state:$/    state: asked/' -e 's/^    done:$/    done: yes/' -e 's/^started:$/started: "10:00"/' \
	-e 's/^ended:$/ended: "11:20"/' -e 's/^outcome:$/outcome: Fail/' -e 's/^reasons:$/reasons: PD-1.P1 was not shown./' \
	-e '/^own-questions:$/r own' form.yaml > record.yaml
as assessor-1 sitting record P-000001 record.yaml --date 2026-11-22 > /dev/null
draw AP-1 resit 2027-01-15 --seed golden --as operations-1 > /dev/null
as operations-1 question suspend ST0648-PD1-01 --reason "seen in a group" --date 2026-11-22 > /dev/null

# Each is the auditor's, shows no text, and writes nothing.
before=$(sql ksbank.db "SELECT count(*) FROM log")
for what in "coverage $STANDARD $METHOD" resits "reviews $STANDARD $METHOD" log; do
	as auditor-1 audit $what --date 2026-11-23 > "shown-${what%% *}"
	fails 1 as writer-9 audit $what | holds "may not audit"
done
same "entries of the log" "$(sql ksbank.db "SELECT count(*) FROM log")" "$before"

# Coverage agrees with a count done apart: the newest version of each, approved and not suspended.
as auditor-1 audit coverage $STANDARD $METHOD --date 2026-11-23 --json > coverage
sqlite3 :memory: "SELECT u.value ->> '\$.theme', u.value ->> '\$.ksb', u.value ->> '\$.approved', u.value ->> '\$.suspended'
	FROM json_each(CAST(readfile('coverage') AS TEXT), '\$.methods[0].units') u ORDER BY 1, 2" > shown
sql ksbank.db "WITH now AS (SELECT v.*, (SELECT state FROM move m WHERE m.version_id = v.id ORDER BY id DESC LIMIT 1) AS state
		FROM item_version v JOIN item i ON i.id = v.item_id AND i.method = '$METHOD' AND i.kind = 'question')
	SELECT theme, k.value, sum(state = 'approved'), sum(state = 'suspended') FROM now, json_each(ksbs) k GROUP BY theme, k.value
	ORDER BY 1, 2" > counted
diff shown counted
same units "$(wc -l < shown)" 24
same "incomplete papers" "$(at coverage '$.incomplete')" 0
same "papers" "$(at coverage '$.papers[2].issued')" "24 of 24"
same "asked" "$(at coverage '$.papers[0].asked')" "24 of 24"

# The first and the second paper of AP-1, against a count done apart.
as auditor-1 audit resits --candidate AP-1 > resits.txt
holds "P-000001 and P-000003: shared 0" < resits.txt
as auditor-1 audit resits --json > resits
same pairs "$(at resits '$.count')" 1
same shared "$(at resits '$.pairs[0].shared')" "$(sql ksbank.db "SELECT count(*) FROM paper_item a JOIN paper_item b
	ON a.item_id = b.item_id WHERE a.paper_id = 1 AND b.paper_id = 3")"
same rows "$(at resits '$.pairs[0].rows[11].number')" 12
fails 1 as auditor-1 audit resits --candidate AP-77 | holds "knows no candidate AP-77"

# Reviews: who approved until when, and that it was done in one stroke.
as auditor-1 audit reviews $STANDARD $METHOD --date 2027-11-22 --json > reviews
count=$(sql ksbank.db "SELECT count(*) FROM item WHERE method = '$METHOD' AND kind = 'question'")
same "own approvals" "$(at reviews '$.own_approval_count')" 0
same lapsed "$(at reviews '$.counts[1].versions')" "$((count - 1))"
same suspended "$(at reviews '$.counts[2].versions')" 1
same "the day it lapses" "$(at reviews '$.items[1].days_left')" 0
same "in one entry" "$(at reviews '$.batches[0].most')" "$count"
as auditor-1 audit reviews $STANDARD $METHOD --date 2027-11-21 --json > reviews
same "the day before" "$(at reviews '$.items[1].days_left') $(at reviews '$.counts[0].versions')" "1 $((count - 1))"

# The log: filters, and what was done on another day than the rules went by.
as auditor-1 audit log --operation "paper draw" --json > log
same draws "$(at log '$.entries[#-1].effects.paper')" P-000003
same "another day" "$(at log '$.entries[2].other_day')" 1
same head "$(at log '$.head.digest')" "$(sql ksbank.db "SELECT digest FROM log ORDER BY sequence DESC LIMIT 1")"
same "a row's binding" "$(at log '$.entries[2].digest')" \
	"$(sql ksbank.db "SELECT digest FROM log WHERE operation = 'paper draw' ORDER BY sequence DESC LIMIT 1")"
fails 2 as auditor-1 audit log --day yesterday | holds "is not a date"
fails 1 as auditor-1 audit log --person nobody | holds "knows anybody by the name nobody"
fails 1 as auditor-1 audit log --operation draw | holds "no operation draw"

# The pack. The same store gives the same bytes.
fails 2 as auditor-1 audit pack nothing | holds "nothing was chosen"
fails 1 as auditor-1 audit pack nothing --papers P-000001,P-000099 | holds "no paper P-000099"
printf 'P-000001\n\033[31m' > chosen
fails 1 as auditor-1 audit pack nothing --papers-file chosen | holds "no paper's id"
fails 1 as writer-9 audit pack nothing --papers P-000001 | holds "may not"
[ ! -e nothing ]
cp ksbank.db twin.db
cp ksbank.db.keys twin.db.keys
as auditor-1 audit pack pack --papers P-000001,P-000003 --archive pack.tar --date 2027-01-20 > said
holds "No words of a question are in it." < said
as auditor-1 audit pack twin --papers P-000001,P-000003 --archive twin.tar --date 2027-01-20 --store twin.db > /dev/null
cmp pack.tar twin.tar
same "mode of the archive" "$(stat -c %a pack.tar)" 600
same "others' files" "$(find pack -type f ! -perm 600 | wc -l)" 0
fails 1 as auditor-1 audit pack pack --papers P-000001 | holds "is there already"
same "what was logged" "$(sql ksbank.db "SELECT operation || ' ' || actor FROM log ORDER BY sequence DESC LIMIT 1")" "audit pack auditor-1"
same readings "$(sql ksbank.db "SELECT count(*) FROM reading WHERE operation = 'audit pack'")" 0
as auditor-1 audit verify > /dev/null

# Without text there is none: no stem, no wording of the assessor's, no reference.
sql ksbank.db "SELECT v.body ->> '\$.stem' FROM item_version v" > stems
! grep -rqFf stems pack || failed "a stem is in the pack"
! grep -rq "zebra\|AP-1" pack || failed "an assessor's words or a reference are in the pack"

# The inspector: a bare folder, the archive, and a few stock programs.
mkdir bin
for tool in sh tar openssl sha256sum head tail sed cut grep cat od tr sort comm mkdir rm; do
	ln -s "$(command -v $tool)" bin/$tool
done
bare() {
	(cd "$1" && env -i PATH="$work/bin" sh "$work/steps")
}
unpack() {
	rm -rf bare
	mkdir bare
	(cd bare && env -i PATH="$work/bin" tar xmf "$work/$1")
	awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' bare/evidence/HOW-TO-CHECK.md > steps
}
unpack pack.tar
bare bare/evidence > checked || { failed "the steps of the pack fail"; cat checked >&2; }
holds "All of it holds." < checked
diff -r pack bare/evidence

# Whatever is changed, the steps notice it: without them they would be of no use.
notices() {
	unpack pack.tar
	(cd bare/evidence && sh -c "$1")
	! bare bare/evidence > /dev/null 2>&1 || failed "the steps do not notice: $1"
}
resum='sha256sum $(cut -c 67- SHA256SUMS) > s; mv s SHA256SUMS'
notices "sed -i s/24/23/ INDEX.html"
notices "rm papers/P-000003.record.json"
notices "sed -i s/24/23/ INDEX.html; $resum"
# The list of sums is left out here, so that the steps behind it are tried one by one.
unpack pack.tar
sed -i '/SHA256SUMS/d' steps
bare bare/evidence | holds "All of it holds."
later() {
	unpack pack.tar
	sed -i '/SHA256SUMS/d' steps
	(cd bare/evidence && sh -c "$1")
	! bare bare/evidence > /dev/null 2>&1 || failed "the later steps do not notice: $1"
}
later "sed -i 's/\"rank\":\"/&1/' papers/P-000001.record.json"
later "sed -i 2d log/log.jsonl"
later "sed -i '\$d' log/log.jsonl"
later "sed -i '2s/operations-1/operations-2/' log/log.jsonl"
later "sed -i 's/operations-1/operations-2/' log/log.jsonl"
later "cp papers/P-000003.record.json papers/P-000001.record.json; cp papers/P-000003.record.json.sig papers/P-000001.record.json.sig"
later "printf 'ksbank log head 1\n9\n%064d\n' 0 > log/head.txt"
later "cp papers/P-000001.record.json papers/P-000003.record.json; cp papers/P-000001.record.json.sig papers/P-000003.record.json.sig"

# The page of the standard says what is so, rule by rule.
rule() {
	grep -o "<tr><td><strong>$1</strong>.*" pack/ST0648-1.0.html | head -n 1
}
rule coverage | holds ">pass<"
rule resit-questions | holds "1 pair of an earlier and a later one of one candidate; 0 share"
rule own-questions | holds "1 recorded sitting, 0 of them without"
rule recording | holds "P-000002"
rule recording | holds "<strong>FAIL</strong>"
rule resit-methods | holds ">pass<"
rule assessor-independence | holds "1 paper assigned to an assessor, 0 of them"
holds "Yes." < pack/INDEX.html

# One paper in files, checked by the program without the store.
as auditor-1 paper export P-000001 proof > /dev/null
for name in P-000001 P-000001.record; do
	"$KSBANK" paper verify proof/$name.json --key proof/public-key.pem --store none.db | holds "is as it was signed, of paper P-000001"
done
cp proof/P-000001.json changed.json
cp proof/P-000001.json.sig changed.json.sig
printf ' ' >> changed.json
fails 3 "$KSBANK" paper verify changed.json --key proof/public-key.pem | holds "is not what was signed"

# With text it is asked for, and each reading is logged. The papers may come from a file.
printf 'P-000001\nP-000003\n' > chosen
as auditor-1 audit pack full --papers-file chosen --with-text --archive full.tar --date 2027-01-20 | holds "shows the text of questions"
same readings "$(sql ksbank.db "SELECT count(*) FROM reading WHERE operation = 'audit pack' AND person = 'auditor-1'")" 2
grep -q zebra full/papers/P-000001.sitting-1.json
unpack full.tar
bare bare/evidence | holds "All of it holds."
as auditor-1 audit verify > /dev/null

# A conflict that was declared later, and a new key: each paper is checked with the key of its day.
as admin-1 user conflict assessor-1 --kind candidate --with AP-1 --reason "a cousin" > /dev/null
as admin-1 store key > /dev/null
draw AP-3 first 2027-01-21 --as operations-1 > /dev/null
as auditor-1 audit pack keys --papers P-000001,P-000004 --archive keys.tar --date 2027-01-22 > /dev/null
same keys "$(ls keys/*.pem | wc -l)" 2
unpack keys.tar
bare bare/evidence | holds "All of it holds."
rm -r pack
mv keys pack
rule assessor-independence | holds "<strong>FAIL</strong>"

# A standard without a paper.
as auditor-1 audit pack bare-standard --standard $STANDARD --date 2027-01-20 > /dev/null
rm -rf bare && mkdir bare && cp -r bare-standard bare/evidence
awk '/^```sh$/ { on = 1; next } /^```$/ { on = 0 } on' bare/evidence/HOW-TO-CHECK.md > steps
bare bare/evidence | holds "All of it holds."

# Of a store that was changed behind the program the pack says so.
sql ksbank.db "DROP TRIGGER paper_item_kept; UPDATE paper_item SET position = 20 WHERE paper_id = 1 AND position = 1"
as auditor-1 audit pack wrong --papers P-000003 --date 2027-01-20 | holds "is not what this program wrote"
holds "<strong>No.</strong>" < wrong/INDEX.html
