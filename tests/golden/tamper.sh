# Somebody who can write the file edits it behind the program: the store's own rules refuse, and where they were taken
# away, paper verify says which paper no longer holds.
. "$KB_SOURCE/tests/golden/common"

new_store sound.db
fill sound.db
draw AP-1 first 2026-11-22 --store sound.db > /dev/null
draw AP-1 resit 2027-01-15 --store sound.db > /dev/null
draw AP-2 first 2026-11-22 --store sound.db > /dev/null
"$KSBANK" paper verify --store sound.db > /dev/null

# As long as the rules stand, nothing moves.
for statement in "UPDATE item_version SET body = replace(body, 'law', 'low')" "UPDATE paper SET snapshot = '{}' WHERE id = 2" \
	"DELETE FROM paper_item WHERE paper_id = 2" "DELETE FROM paper WHERE id = 2" "UPDATE log SET actor = 'nobody'" \
	"DELETE FROM log" "UPDATE move SET made_by = 'x'" "DELETE FROM template" \
	"INSERT INTO paper_item (paper_id, position, candidate_id, item_id, version_id)
		SELECT 2, 13, candidate_id, item_id, version_id FROM paper_item WHERE paper_id = 1 LIMIT 1"; do
	! sql sound.db "$statement" > said 2>&1 || { failed "The store let this through: $statement"; exit 1; }
done
"$KSBANK" paper verify --store sound.db > /dev/null

# tampered NAME TRIGGER STATEMENT...: paper verify must end with 3 and hold NAME.
tampered() {
	name=$1 trigger=$2
	shift 2
	rm -f ksbank.db*
	cp sound.db ksbank.db
	cp sound.db.keys ksbank.db.keys
	sql ksbank.db "PRAGMA foreign_keys = OFF; DROP TRIGGER IF EXISTS $trigger; $*"
	fails 3 "$KSBANK" paper verify > said
	holds "$name" < said
	fails 3 "$KSBANK" paper verify --json > said.json
	is_json said.json
	[ "$(wc -l < said)" -lt 12 ] || { failed "Too many words:"; cat said >&2; exit 1; }
	printf '%s\n' "$*" | cut -c1-150
	cat said
	echo
}
# Not in a pipe: holds and expect share a file.
{
	tampered P-000002 item_version_kept "UPDATE item_version SET body = replace(body, '\"author\":\"writer', '\"author\":\"wrXter')
		WHERE id = (SELECT version_id FROM paper_item WHERE paper_id = 2 AND position = 5)"
	tampered P-000002 item_version_kept "UPDATE item_version SET body = 'nonsense'
		WHERE id = (SELECT version_id FROM paper_item WHERE paper_id = 2 AND position = 5)"
	tampered P-000002 paper_kept "UPDATE paper SET snapshot = replace(snapshot, '2027-01-15', '2027-01-16') WHERE id = 2"
	tampered P-000002 paper_kept "UPDATE paper SET snapshot = 'nonsense' WHERE id = 2"
	tampered P-000002 paper_kept "UPDATE paper SET snapshot = '[]' WHERE id = 2"
	tampered P-000002 paper_kept "UPDATE paper SET record = replace(record, '\"rank\":\"', '\"rank\":\"1') WHERE id = 2"
	tampered P-000002 paper_kept "UPDATE paper SET record = '{}' WHERE id = 2"
	tampered P-000002 paper_kept "UPDATE paper SET sitting = 'retake' WHERE id = 2"
	tampered P-000002 paper_kept "UPDATE paper SET sat_on = '2027-02-15' WHERE id = 2"
	tampered P-000002 paper_kept "UPDATE paper SET candidate_id = 2 WHERE id = 2"
	tampered P-000002 paper_item_stays "DELETE FROM paper_item WHERE paper_id = 2 AND position = 12"
	tampered P-000002 paper_item_kept "UPDATE paper_item SET position = 20 WHERE paper_id = 2 AND position = 1"
	tampered P-000003 paper_stays "DROP TRIGGER paper_item_stays; DELETE FROM paper_item WHERE paper_id = 3; DELETE FROM paper WHERE id = 3"
	tampered "entry 4" log_kept "UPDATE log SET actor = 'nobody' WHERE sequence = 4"
	tampered "entry 4" log_kept "UPDATE log SET detail = replace(detail, 'P-000002', 'P-000009') WHERE sequence = 4"
	tampered "log" log_stays "DELETE FROM log WHERE sequence = 3"
	tampered "log" log_stays "DELETE FROM log WHERE sequence = 5"
	tampered P-000001 template_stays "DELETE FROM template WHERE name = 'assessor-pack.md'"
	tampered P-000001 template_kept "UPDATE template SET text = text || 'x' WHERE name = 'print.css'"
	tampered P-000002 none "INSERT INTO withdrawal (paper_id, withdrawn_by, withdrawn_on, reason) VALUES (2, 'x', '2027-01-01', 'x')"
} > all
expect tamper/said.txt < all
