# Dozens of counts across one another, settled by search, as item banks for school tests have them: papers of 30 out of
# 982 questions, under 29 counts and 24 KSBs. The objectives of the third strand (g10, g11) ask for five questions and
# the strand holds four, but for one question.
. "$KB_SOURCE/tests/golden/common"

mkdir many
{
	sed -e '/^themes:/,/^minutes:/d' -e '/^law:/d' -e '/^exposure-cap:/d' -e 's/^questions:.*/questions: 30/' \
		-e 's/^reserve:.*/reserve: 0/' "$BANK/$METHOD/specification.yaml"
	echo "categories:"
	while read -r name min max; do echo "  $name: {min: $min, max: $max}"; done <<-END
		level-3 10 10
		level-4 10 10
		level-5 10 10
		strand-a 16 20
		strand-b 6 9
		strand-c 3 4
		g1 2 3
		g2 4 6
		g3 4 6
		g4 3 4
		g5 1 2
		g6 2 2
		g7 1 3
		g8 1 2
		g9 1 2
		g10 3 3
		g11 2 3
		g12 0 3
		f1 2 4
		f2 9 15
		f3 1 2
		f4 1 3
		f5 1 3
		f6 2 4
		f7 1 2
		f8 5 8
		deep-a 7 30
		deep-b 2 30
		deep-c 1 30
	END
} > many/specification.yaml
awk 'function next_below(bound) { x = (x * 16807) % 2147483647; return int(x / 1024) % bound }
BEGIN {
	split("K1 K2 K3 S1 S4", units1); split("K5 K6 S7 S9 S13 S14", units2); split("S15 S19 B1 B3 B7", units3); split("K13 K14 K15 K16 S12 S16 S17 S18", units4)
	count[1] = 5; count[2] = 6; count[3] = 5; count[4] = 8
	x = 1
	print "format: ksbank-items/1\nstandard: ST0648/1.0\nmethod: professional-discussion\nquestions:"
	for (i = 1; i <= 982; i++) {
		t = 1 + next_below(4)
		u = 1 + next_below(count[t])
		ksb = t == 1 ? units1[u] : t == 2 ? units2[u] : t == 3 ? units3[u] : units4[u]
		g = 1 + next_below(12); s = g < 6 ? "a" : g < 10 ? "b" : "c"
		level = 3 + next_below(3); f = 1 + next_below(8); deep = next_below(2)
		if (i == 487) { g = 11; s = "b" }
		printf "  - {id: Q-%03d, theme: PD-%d, ksbs: [%s], kind: experience, minutes: 3, stem: What did you do in case %d?, prompts: [Why?], ", i, t, ksb, i
		printf "pass: {descriptors: [PD-%d.P1], shows: What was done.}, author: writer-1, ", t
		printf "categories: [level-%d, strand-%s, g%d, f%d%s]}\n", level, s, g, f, deep ? ", deep-" s : ""
	}
}' > many/questions.yaml
new_store many.db
"$KSBANK" bank import "$BANK/standard.yaml" --store many.db --date 2026-11-22 > /dev/null
"$KSBANK" bank import many --approved-by reviewer-1 --store many.db --date 2026-11-22 > /dev/null
"$KSBANK" bank capacity $STANDARD $METHOD --store many.db --date 2026-11-22 --json > many.json
same "papers" "$(at many.json '$.capacity') $(at many.json '$.bound')" "1 1"
"$KSBANK" bank gaps $STANDARD $METHOD --papers 1 --store many.db --date 2026-11-22 --json > many.json
same "critical" "$(at many.json '$.critical[0].id') $(at many.json '$.critical[1].id')" "Q-487 "
fails 1 draw AP-1 first 2026-11-22 --store many.db | holds "no valid paper was among"
"$KSBANK" question suspend Q-487 --reason "tagged in error" --store many.db --date 2026-11-23 > /dev/null
"$KSBANK" bank explain $STANDARD $METHOD --store many.db --date 2026-11-24 > why.txt
for word in strand-c g10 g11 Q-487; do holds $word < why.txt; done
lacks level-3 < why.txt

# Under an exposure cap too: what can be known of it is told, and what cannot is said with a way out.
cp -r many capped
sed -i '/^reserve:/a law: even\nexposure-cap: 200' capped/specification.yaml
new_store capped.db
"$KSBANK" bank import "$BANK/standard.yaml" --store capped.db --date 2026-11-22 > /dev/null
"$KSBANK" bank import capped --approved-by reviewer-1 --store capped.db --date 2026-11-22 > /dev/null
"$KSBANK" bank capacity $STANDARD $METHOD --store capped.db --date 2026-11-22 --json > capped.json
same "papers under a cap" "$(at capped.json '$.capacity') $(at capped.json '$.bound') $(at capped.json '$.draw')" "1 1 "
fails 1 "$KSBANK" bank weigh $STANDARD $METHOD --store capped.db --date 2026-11-22 | holds "no exposure cap"
