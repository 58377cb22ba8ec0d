# tools/test.awk counts what ctest's log tells: each Criterion test, and a failure that came after its verdict.
set -eu
work=$(mktemp -d "${TMPDIR:-/tmp}/ksbank-test.XXXXXX")
trap 'rm -rf "$work"' EXIT

# entry NAME VERDICT OUTPUT...
entry() {
	name=$1
	verdict=$2
	shift 2
	printf '1/9 Testing: %s\n1/9 Test: %s\nCommand: "x"\nDirectory: /x\n"%s" start time: x\nOutput:\n' "$name" "$name" "$name"
	printf -- '----------------------------------------------------------\n'
	printf '%s\n' "$@"
	printf '<end of output>\nTest time =   0.01 sec\n----------------------------------------------------------\n'
	printf '%s\n"%s" end time: x\n"%s" time elapsed: 00:00:00\n' "$verdict" "$name" "$name"
	printf -- '----------------------------------------------------------\n\n'
}

{
	entry units 'Test Passed.' '[====] Synthesis: Tested: 63 | Passing: 63 | Failing: 0 | Crashing: 0 '
	entry broken 'Test Failed.' '[FAIL] a::b' '[====] Synthesis: Tested: 10 | Passing: 7 | Failing: 2 | Crashing: 1 '
	entry leaky "Test Fail Reason:
Error regular expression found in output. Regex=[LeakSanitizer]" \
		'[====] Synthesis: Tested: 2 | Passing: 2 | Failing: 0 | Crashing: 0 ' 'ERROR: LeakSanitizer'
	entry script 'Test Passed.' 'anything'
	entry test-canary "Test Fail Reason:
Error regular expression found in output. Regex=[LeakSanitizer]" \
		'[====] Synthesis: Tested: 1 | Passing: 1 | Failing: 0 | Crashing: 0 ' 'ERROR: LeakSanitizer'
	entry late 'Test Timeout.' 'waiting'
} > "$work/log"
awk -v sums="$work/sums" -f "$KB_SOURCE/tools/test.awk" "$work/log" > "$work/said"
[ "$(cat "$work/sums")" = "74 5" ] || { echo "Counted $(cat "$work/sums")"; exit 1; }
cat > "$work/expected" <<'END'
FAILED: broken
    [FAIL] a::b
FAILED: leaky
    ERROR: LeakSanitizer
    Error regular expression found in output. Regex=[LeakSanitizer]
FAILED: late
    waiting
    Test Timeout.
END
diff -u "$work/expected" "$work/said"
