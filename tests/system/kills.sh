# The program is killed at 280 moments of draws, imports, backups, exports and restores: the store always opens and holds,
# an import or a restore is there in whole or not at all, what was confirmed stays, and no file has its name that the log
# does not know.
. "$KB_SOURCE/tests/golden/common"
. "$SCENARIO/plain"

new_store ksbank.db
"$KSBANK" bank import "$BANK" --approved-by reviewer-1 --date 2026-11-22 > /dev/null
new_store empty.db

# killed I STEP OUTPUT COMMAND...: 0 when the command was done before it was killed. The moments are spread over a span
# that grows where the command was killed and shrinks where it was done, so that both happen however busy the machine is.
killed() {
	after=$(awk -v i="$1" -v step="$2" -v span=$span 'BEGIN { printf "%.6f\n", (i * step % 400) / 400 * span / 1000000 }')
	output=$3
	shift 3
	"$KSBANK" "$@" > "$output" 2>&1 &
	pid=$!
	sleep "$after"
	kill -9 $pid 2> /dev/null || true
	if wait $pid 2> /dev/null; then
		span=$((span * 9 / 10))
	else
		span=$((span * 11 / 10))
		return 1
	fi
}

# measure COMMAND...: the span to begin with, in microseconds.
measure() {
	began=$(date +%s%N)
	"$@" > /dev/null
	span=$((($(date +%s%N) - began) / 1000 * 2))
}
draw AP-00 first 2026-11-22 > /dev/null # the first of a bank finds its weights, and takes longer
measure draw AP-0 first 2026-11-22

cut=0 done=0
: > confirmed
for i in $(seq 1 100); do
	if killed $i 7 answer paper draw $STANDARD $METHOD --candidate "C-$i" --sitting first --date 2026-11-22 --json; then
		done=$((done + 1))
		echo "$(at answer '$.paper') C-$i $(at answer '$.digest')" >> confirmed
	else
		cut=$((cut + 1))
	fi
	[ $((i % 10)) -ne 0 ] || "$KSBANK" paper verify > /dev/null
	same "integrity after kill $i" "$(sql ksbank.db "PRAGMA integrity_check")" ok
done
sql ksbank.db "SELECT p.key || ' ' || c.reference || ' ' || p.digest FROM paper p JOIN candidate c ON c.id = p.candidate_id" | sort > stored
sort confirmed | comm -23 - stored > lost
same "confirmed papers that are lost" "$(cat lost)" ""
same "the log's draws" "$(sql ksbank.db "SELECT count(*) FROM log WHERE operation = 'paper draw'")" "$(wc -l < stored)"
"$KSBANK" paper verify > /dev/null
echo "draws: $cut killed, $done confirmed, $(wc -l < stored) in the store"
[ $cut -ge 10 ] && [ $done -ge 5 ] || { failed "the moments miss the draw: $cut killed, $done done"; exit 1; }

# Standards, specifications, questions, moves, entries of the log.
counts() {
	sql "$1" "SELECT (SELECT count(*) FROM standard_version) || ' ' || (SELECT count(*) FROM specification_version) || ' ' ||
		(SELECT count(*) FROM item_version) || ' ' || (SELECT count(*) FROM move) || ' ' || (SELECT count(*) FROM log)"
}
cp empty.db whole.db
cp empty.db.keys whole.db.keys
measure "$KSBANK" bank import "$BANK" --approved-by reviewer-1 --store whole.db --date 2026-11-22
all=$(counts whole.db)
cut=0 whole=0
for i in $(seq 1 40); do
	rm -f copy.db copy.db-wal copy.db-shm
	cp empty.db copy.db
	if killed $i 11 answer bank import "$BANK" --approved-by reviewer-1 --store copy.db --date 2026-11-22; then
		confirmed=1
	else
		confirmed=0
		cut=$((cut + 1))
	fi
	there=$(counts copy.db)
	case $confirmed,$there in
	*,"$all") whole=$((whole + 1)) ;;
	0,"0 0 0 0 0") ;;
	*) failed "after kill $i (confirmed: $confirmed) the store holds $there"; exit 1 ;;
	esac
	same "integrity after kill $i" "$(sql copy.db "PRAGMA integrity_check")" ok
	"$KSBANK" standard list --store copy.db > /dev/null
done
echo "imports: $cut killed, $whole whole"
[ $cut -ge 5 ] || { failed "the moments miss the import: $cut killed"; exit 1; }

# A backup and a restore: nothing half ever has the name of a backup or of the store, and what a restore replaces stays.
measure "$KSBANK" store backup measured.db
cut=0 whole=0
for i in $(seq 1 40); do
	rm -f b.db b.db.*
	if killed $i 11 answer store backup b.db; then :; else cut=$((cut + 1)); fi
	[ ! -e b.db ] || { whole=$((whole + 1)); "$KSBANK" store restore b.db --to checked.db > /dev/null && rm -f checked.db*; }
done
echo "backups: $cut killed, $whole whole"
[ $cut -ge 5 ] && [ $whole -ge 2 ] || { failed "the moments miss the backup: $cut killed, $whole whole"; exit 1; }
same "integrity after killed backups" "$(sql ksbank.db "PRAGMA integrity_check")" ok
"$KSBANK" audit verify > /dev/null

# taken OPERATION COMMAND...: what it writes into the folder taken has its name only where the log has its entry, and what
# else is there is called unfinished and read by its owner alone.
taken() {
	operation=$1 cut=0 whole=0
	shift
	mkdir -m 700 taken
	measure "$KSBANK" "$@"
	wanted=$(find taken -type f | wc -l)
	for i in $(seq 1 30); do
		rm -rf taken
		mkdir -m 700 taken
		before=$(sql ksbank.db "SELECT count(*) FROM log WHERE operation = '$operation'")
		if killed $i 13 answer "$@"; then done=1; else done=0 cut=$((cut + 1)); fi
		entries=$(($(sql ksbank.db "SELECT count(*) FROM log WHERE operation = '$operation'") - before))
		named=$(find taken -type f ! -name '*.unfinished' | wc -l)
		case $done,$entries,$named in
		?,1,"$wanted") whole=$((whole + 1)) ;;
		0,0,0 | 0,1,*) ;;
		*) failed "$operation, kill $i (done: $done): $named of $wanted files, $entries entries"; exit 1 ;;
		esac
		same "files of $operation that others may read" "$(find taken -type f -perm /077)" ""
	done
	rm -rf taken
	echo "$operation: $cut killed, $whole whole"
	[ $cut -ge 5 ] && [ $whole -ge 2 ] || { failed "the moments miss $operation: $cut killed, $whole whole"; exit 1; }
}
taken "bank export" bank export $STANDARD taken/bank
taken "audit pack" audit pack taken/pack --papers P-000001,P-000002 --with-text --archive taken/pack.tar

"$KSBANK" store backup kept.db > /dev/null
draw AP-LAST first 2026-11-22 > /dev/null
sql ksbank.db "VACUUM INTO 'target.db'"
measure "$KSBANK" store restore kept.db --to target.db --lose-entries
cut=0 whole=0
entries=$(sql kept.db "SELECT count(*) FROM log")
for i in $(seq 1 40); do
	rm -f target.db*
	sql ksbank.db "VACUUM INTO 'target.db'"
	chmod 600 target.db
	if killed $i 13 answer store restore kept.db --to target.db --lose-entries; then :; else cut=$((cut + 1)); fi
	same "integrity after killed restore $i" "$(sql target.db "PRAGMA integrity_check")" ok
	"$KSBANK" audit verify --store target.db > /dev/null
	case $(sql target.db "SELECT count(*) FROM log") in
	$((entries + 1)))
		whole=$((whole + 1))
		for replaced in target.db.replaced-*Z; do
			"$KSBANK" audit verify --store "$replaced" > /dev/null
			same "papers of the replaced store" "$(sql "$replaced" "SELECT count(*) FROM log")" $((entries + 2))
		done
		;;
	$((entries + 2))) ;;
	*) failed "after kill $i the store holds $(sql target.db "SELECT count(*) FROM log") entries"; exit 1 ;;
	esac
done
echo "restores: $cut killed, $whole whole"
[ $cut -ge 5 ] && [ $whole -ge 2 ] || { failed "the moments miss the restore: $cut killed, $whole whole"; exit 1; }
