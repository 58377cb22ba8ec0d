# Faulty files: every fault of every file is named with its place and what would be right, and nothing is imported.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
fill ksbank.db
items() {
	sql ksbank.db "SELECT (SELECT count(*) FROM item) || ' ' || (SELECT count(*) FROM item_version) || ' ' ||
		(SELECT count(*) FROM move) || ' ' || (SELECT count(*) FROM log)"
}
before=$(items)

# question ID: a sound one, to be spoiled; LINES after it take the place of fields.
head_of() {
	printf 'format: ksbank-items/1\nstandard: %s\nmethod: %s\nquestions:\n' $STANDARD $METHOD
}
question() {
	cat <<QUESTION
  - id: $1
    theme: PD-1
    ksbs: [K1, S1]
    kind: experience
    minutes: 7
    stem: Tell me about a time when the law shaped your work.
    prompts:
      - What came of it?
    pass:
      descriptors: [PD-1.P3]
      shows: Names the law and says what it required.
    author: writer-9
QUESTION
}
# spoilt NAME SED-SCRIPT
spoilt() {
	{ head_of; question NEW-1; } | sed "$2" > "$1.yaml"
}

mkdir sound
{ head_of; question NEW-1; } > sound/sound.yaml

spoilt tab "s/^    kind/${TAB}kind/"
spoilt twice 's/^    minutes: 7/    minutes: 7\n    minutes: 8/'
spoilt anchor 's/\[K1, S1\]/\&tags [K1, S1]/; s/stem: .*/stem: *tags/'
spoilt tag 's/minutes: 7/minutes: !!int 7/'
spoilt type 's/minutes: 7/minutes: seven/; s/ksbs: .*/ksbs: K1/; s/stem: .*/stem: [a, b]/'
spoilt keys 's/minutes:/mintues:/; s/prompts:/promts:/'
spoilt word 's/kind: experience/kind: experiense/'
spoilt theme 's/theme: PD-1/theme: PD-9/'
spoilt unmapped 's/ksbs: .*/ksbs: [K1, K9]/'
spoilt unknown 's/ksbs: .*/ksbs: [K1, K99]/'
spoilt elsewhere 's/ksbs: .*/ksbs: [K1, S16]/'
spoilt descriptor 's/\[PD-1.P3\]/[PD-1.P9]/'
spoilt rival 's/    author/    rivals: [ST0648-PD1-99, NEW-1]\n    author/'
spoilt format 's/ksbank-items/ksbank-itmes/'
spoilt standard "s,standard: .*,standard: ST0684/1.0,"
spoilt method 's/method: .*/method: professional-discusion/'
spoilt bracket 's/\[K1, S1\]/[K1, S1/'
spoilt colon 's/stem: .*/stem: Tell me: what happened: then?/'
spoilt empty-stem "s/stem: .*/stem: ''/"
spoilt minutes 's/minutes: 7/minutes: 700/'
spoilt float 's/minutes: 7/minutes: 7.5/'
{ head_of; question NEW-1; question NEW-1; } > ids.yaml
{ head_of; question NEW-1; printf -- '---\n'; head_of; question NEW-2; } > documents.yaml
{ head_of; question NEW-1 | sed 's/Tell me/Tell \xe9 me/'; } > latin.yaml
printf '\377\376f\0o\0r\0m\0' > utf16.yaml
: > nothing.yaml
printf '# only a comment\n' > comment.yaml
printf 'a: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\n' > deep.yaml

for file in *.yaml; do
	echo "== $file"
	fails 1 "$KSBANK" bank import "$file" --approved-by reviewer-1 --date 2026-11-22
	echo
done > all
expect faults/said.txt < all
same "the store after all faulty files" "$(items)" "$before"

# Two faulty files and a sound one: all faults of both, and nothing of the third.
mkdir both
cp keys.yaml word.yaml sound/sound.yaml both
sed -i 's/NEW-1/NEW-2/' both/keys.yaml
sed -i 's/NEW-1/NEW-3/' both/word.yaml
fails 1 "$KSBANK" bank import both > all
for part in both/keys.yaml both/word.yaml mintues promts experiense "did you mean minutes?" "did you mean prompts?" "nothing was imported"; do
	holds "$part" < all
done
lacks sound.yaml < all
same "the store after two faulty files" "$(items)" "$before"

# The limit: a file larger than any bank, which is not even read.
truncate -s 70M huge.yaml
fails 1 "$KSBANK" bank import huge.yaml > all
holds huge.yaml < all
[ "$(wc -c < all)" -lt 500 ] || { failed "too many words about a large file"; exit 1; }
rm huge.yaml

# More faults than anybody reads: the first are shown, the rest counted.
{ head_of; for i in $(seq 1 400); do question "MANY-$i" | sed 's/experience/nothing/'; done; } > many.yaml
fails 1 "$KSBANK" bank import many.yaml > all
holds "400 faults; nothing was imported" < all

# Nobody approves what they wrote, however they spell their name.
for name in writer-9 Writer-9 WRITER-9; do
	fails 1 "$KSBANK" bank import sound --approved-by $name --date 2026-11-22 > all
	holds "$name wrote NEW-1 and so can't approve it" < all
done
same "the store after own approvals" "$(items)" "$before"

# An item stays with its standard and method.
sed 's/NEW-1/ST0648-CST-01/' sound/sound.yaml > moved.yaml
"$KSBANK" bank import "$BANK/case-study-presentation" > /dev/null
fails 1 "$KSBANK" bank import moved.yaml > all
holds "ST0648-CST-01" < all

# And the sound file goes in.
"$KSBANK" bank import sound --approved-by reviewer-1 --json > all
same "items added" "$(at all '$.items.added')" 1
