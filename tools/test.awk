# Reads ctest's LastTest.log: prints each test that failed with what it said, and writes "passed failed" to `sums`.

function over(    ok, bad, i) {
	ok = 0
	bad = 0
	if (criterion) {
		ok = tested
		bad = broken
	} else if (verdict ~ /^Test Passed/) ok = 1
	# The canary fails on purpose, and ctest expects it to; its log knows nothing of that.
	if (name == "test-canary") {
		ok = verdict !~ /^Test Passed/
		bad = !ok
		passed += ok
		failed += bad
		if (bad) print "FAILED: " name "\n    a leak was not noticed"
		return
	}
	# A test can fail after its own count was good: a leak, a timeout, a crash at the end.
	if (verdict !~ /^Test Passed/ && bad == 0) bad = 1
	passed += ok
	failed += bad
	if (bad == 0) return
	print "FAILED: " name
	for (i = 1; i <= said; i++) print "    " text[i]
	if (!(verdict ~ /^Test (Passed|Failed)\.$/)) print "    " verdict
}

/^[0-9]+\/[0-9]+ Test: / {
	name = $0
	sub(/^[0-9]+\/[0-9]+ Test: /, "", name)
	said = 0
	criterion = 0
	inside = 0
	waiting = 0
	next
}

/^Output:$/ { inside = 1; getline; next }
/^<end of output>$/ { inside = 0; next }

inside {
	if ($0 ~ /Synthesis: Tested: /) {
		criterion = 1
		line = $0
		gsub(/[^0-9|]/, "", line)
		split(line, part, "|")
		tested = part[2]
		broken = part[3] + part[4]
	} else if (said < 60 && $0 != "") text[++said] = $0
	next
}

/^Test time = / { waiting = 1; next }
waiting && /^-+$/ { next }
waiting && /^Test Fail Reason:$/ { next }
waiting && $0 != "" {
	verdict = $0
	waiting = 0
	over()
}

END { print passed + 0, failed + 0 > sums }
