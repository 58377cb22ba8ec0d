# Eight processes draw for the same 200 candidates at once, each in an order of its own: one paper per sitting comes out,
# nothing is shared, and whoever comes late is told so.
. "$KB_SOURCE/tests/golden/common"
. "$SCENARIO/plain"
candidates=200
processes=8

new_store ksbank.db
fill ksbank.db

# numbers K: 1 to 200, each once, in the K-th order (K + 1 and 211 share no factor).
numbers() {
	awk -v k="$1" -v n=$candidates 'BEGIN { for (i = 1; i <= 210; i++) { x = i * (7 * k + 3) % 211; if (x <= n) print x } }'
}

racer() {
	for number in $(numbers "$1"); do
		for sitting in "first 2026-11-22" "resit 2027-01-15"; do
			if draw "C-$number" $sitting --json > "answer.$1" 2>> "errors.$1"; then
				echo "C-$number ${sitting% *} $(sed -n 's/^  "paper": "\(.*\)",$/\1/p; s/^  "digest": "\(.*\)",*$/\1/p' "answer.$1" | tr '\n' ' ')" >> "drawn.$1"
			else
				sed -n 's/^    "id": "\(.*\)",*$/\1/p' "answer.$1" >> "refused.$1"
			fi
		done
	done
}

same "candidates of an order" "$(numbers 5 | sort -un | wc -l)" $candidates
pids=
for k in 1 2 3 4 5 6 7 8; do
	: > "drawn.$k"; : > "refused.$k"; : > "errors.$k"
	racer $k &
	pids="$pids $!"
done
for pid in $pids; do wait "$pid"; done

papers=$((2 * candidates))
cat drawn.* | sort > drawn
same "errors" "$(cat errors.*)" ""
same "papers confirmed" "$(wc -l < drawn)" $papers
same "refusals" "$(cat refused.* | sort | uniq -c | tr -s ' ')" " $((processes * papers - papers)) paper.drawn"
[ "$(sort -k1,2 -u drawn | wc -l)" = $papers ] || { failed "a sitting was confirmed twice"; exit 1; }

same "papers" "$(sql ksbank.db "SELECT count(*) FROM paper")" $papers
same "first sittings" "$(sql ksbank.db "SELECT count(DISTINCT candidate_id) FROM paper WHERE sitting = 'first'")" $candidates
same "re-sits" "$(sql ksbank.db "SELECT count(DISTINCT candidate_id) FROM paper WHERE sitting = 'resit'")" $candidates
same "questions shared" "$(sql ksbank.db "SELECT count(*) FROM (SELECT 1 FROM paper_item GROUP BY candidate_id, item_id HAVING count(*) > 1)")" 0
same "questions" "$(sql ksbank.db "SELECT count(*) FROM paper_item")" $((12 * papers))
sql ksbank.db "SELECT c.reference || ' ' || p.sitting || ' ' || p.key || ' ' || p.digest || ' '
	FROM paper p JOIN candidate c ON c.id = p.candidate_id" | sort > stored
diff drawn stored
[ "$(cat drawn.* | wc -l)" -gt "$(wc -l < drawn.1)" ] || { failed "one process drew everything: that was no race"; exit 1; }
"$KSBANK" paper verify > verified
holds "Every paper holds; papers in all: $papers. The log has $((papers + 2)) entries" < verified
