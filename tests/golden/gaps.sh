# What a bank lacks, as a content lead reads it; a gap as a file; and why a paper can't be drawn.
. "$KB_SOURCE/tests/golden/common"

new_store ksbank.db
fill ksbank.db

# gaps [OPTION...]
gaps() {
	"$KSBANK" bank gaps $STANDARD $METHOD --date 2026-11-22 "$@"
}
# What to do stands on the first screen, before all tables.
gaps > said.txt
head -12 said.txt | holds "Write "
head -12 said.txt | holds "papers with"
# Each command line on it does what it says, wrapped by the screen or not.
tr '\n' ' ' < said.txt | tr -s ' ' | sed -n 's/.*ksbank \(bank brief [^•]* 1 --papers [^•]*--output gap-1.yaml\).*/\1/p' > command
grep -q covers command
sed 's/gap-1.yaml/first.yaml/; s/.*/"$KSBANK" & --date 2026-11-22/' command > command.sh
. ./command.sh | tr -s '\n ' ' ' | holds "Gap 1, as the bank stands on 2026-11-22"
holds "the target is 3, as nothing else was decided" < said.txt
gaps --papers 8 --json > gaps.json
is_json gaps.json
fewest=$(at gaps.json '$.fewest_questions_to_write')
same "first gap" "$(at gaps.json '$.questions_to_write[0].number')" 1
fails 1 gaps --papers 101 | holds "ask for at most 100"

# One of them as a file: nothing is overwritten, and what is still empty is named.
"$KSBANK" bank brief $STANDARD $METHOD 1 --papers 8 --output gap-1.yaml --date 2026-11-22 | holds "ksbank question new gap-1.yaml"
same theme "$(sed -n 's/^    theme: //p' gap-1.yaml)" "$(at gaps.json '$.questions_to_write[0].theme')"
same KSBs "$(sed -n 's/^    ksbs: \[\([^]]*\)\].*/\1/p' gap-1.yaml)" "$(at gaps.json '$.questions_to_write[0].ksb_list')"
same kind "$(sed -n 's/^    kind: "\(.*\)".*/\1/p' gap-1.yaml)" "$(at gaps.json '$.questions_to_write[0].kind')"
holds "What the plan asks an answer to show" < gap-1.yaml
same mode "$(stat -c %a gap-1.yaml)" 600
fails 1 "$KSBANK" bank brief $STANDARD $METHOD 1 --output gap-1.yaml --date 2026-11-22 > /dev/null
fails 1 "$KSBANK" bank brief $STANDARD $METHOD $((fewest + 1)) --papers 8 --output other.yaml --date 2026-11-22 |
	holds "there is no gap $((fewest + 1))"
fails 1 "$KSBANK" question new gap-1.yaml > faults
holds "stem" < faults

# The organisation's target.
"$KSBANK" decision record $STANDARD bank-size-target 9 --by head --reason "two years of re-sits" > /dev/null
fails 1 "$KSBANK" decision record $STANDARD bank-size-target none --by head --reason r | holds "1 to 50"
gaps --json > gaps.json
same target "$(at gaps.json '$.target')" 9
[ "$(at gaps.json '$.thin')" -gt 0 ]

# A paper can be drawn, and then, a year on, none: all has lapsed, and what to review first is named.
"$KSBANK" bank explain $STANDARD $METHOD --date 2026-11-22 | holds "A paper can be drawn"
"$KSBANK" bank explain $STANDARD $METHOD --date 2027-11-22 > lapsed.txt
holds "No paper can be drawn" < lapsed.txt
holds "Review these first" < lapsed.txt
holds "its review has lapsed" < lapsed.txt

# A re-sit that is refused says the same as bank explain.
draw AP-1 first 2026-11-23 > /dev/null
last=24
while draw AP-1 retake 2026-12-$last > refused.txt 2>&1; do last=$((last + 1)); done
"$KSBANK" bank explain $STANDARD $METHOD --candidate AP-1 --date 2026-12-$last > explained.txt
holds "No paper can be drawn" < explained.txt
holds "Ways out, each enough by itself" < explained.txt
holds "These rules can't be met together" < refused.txt
holds "Questions to write and approve" < refused.txt
