# Counts of an organisation's own categories.
. "$KB_SOURCE/tests/golden/common"

# specification LINES...: of the professional discussion, with these lines in place of the shipped law.
specification() {
	sed -e '/^law:/d' -e '/^exposure-cap:/d' "$BANK/$METHOD/specification.yaml"
	printf '%s\n' "$@"
}

# Every third question is set in court, every fourth is about victims.
new_store ksbank.db
"$KSBANK" bank import "$BANK/standard.yaml" --date 2026-11-22 > /dev/null
mkdir bank
for theme in 1 2 3 4; do
	awk '/^  - id:/ { n++ } { print } /^    theme:/ { c = n % 3 ? "" : "court"; v = n % 4 ? "" : "victims"
		if (c v != "") print "    categories: [" c (c != "" && v != "" ? ", " : "") v "]" }' \
		"$BANK/$METHOD/PD-$theme.yaml" > "bank/PD-$theme.yaml"
done
specification "categories:" "  court: {min: 3, max: 4}" "  victims: {max: 2}" > bank/specification.yaml
"$KSBANK" bank import bank --approved-by reviewer-1 --date 2026-11-22 > /dev/null
awk '/^  - id:/ { id = $3 } /^    categories:/ { print id, $0 }' bank/PD-*.yaml > categories
# counted NAME: how many questions of paper.json are in it.
counted() {
	sqlite3 :memory: "SELECT json_extract(value, '$.id') FROM json_each(CAST(readfile('paper.json') AS TEXT), '$.questions')" |
		while read -r id; do grep "^$id .*$1" categories || true; done | wc -l
}
for candidate in 1 2 3 4 5 6 7 8; do
	draw AP-$candidate first 2026-11-22 --json > paper.json
	case $(counted court) in 3 | 4) ;; *) failed "P-00000$candidate: $(counted court) in court" ;; esac
	case $(counted victims) in [0-2]) ;; *) failed "P-00000$candidate: $(counted victims) about victims" ;; esac
done
"$KSBANK" paper verify | holds "papers in all: 8"
"$KSBANK" question show ST0648-PD1-12 > shown
holds "Category: court." < shown
holds "Category: victims." < shown
"$KSBANK" bank export $STANDARD out --date 2026-11-22 > /dev/null
same "exported" "$(grep -rh '^ *categories: .*court' out | wc -l)" "$(grep -c court categories)"

# Faults of the specification.
specification "categories:" "  court: {min: 5, max: 4}" > bank/specification.yaml
fails 1 "$KSBANK" bank import bank/specification.yaml --date 2026-11-22 | holds "the least of court is 5, and the most 4"
specification "categories:" "  scenario: {min: 1}" > bank/specification.yaml
fails 1 "$KSBANK" bank import bank/specification.yaml --date 2026-11-22 | holds "counted by themselves"
specification "categories:" "  prison: {min: 1}" > bank/specification.yaml
"$KSBANK" bank import bank/specification.yaml --date 2026-11-22 > /dev/null
fails 1 draw AP-9 first 2026-11-23 > refused
holds "prison" < refused
"$KSBANK" bank explain $STANDARD $METHOD --date 2026-11-23 | holds "prison"
