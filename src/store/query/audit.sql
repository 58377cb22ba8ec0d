-- What an auditor reads, computed anew from the rows.

-- Of each item the newest version, and beside it the newest one that was approved by the day.
-- name: audit_items :many
-- in: standard text, method text?, day text
-- out: key text, method text, kind text, version int, author text, theme text?, ksbs text, state text, approver text?, approved_on text?, lapses_on text?, overruled int
SELECT i.key, i.method, i.kind, v.number AS version, v.author, v.theme, v.ksbs,
	s.state, a.made_by AS approver, a.made_on AS approved_on, a.lapses_on,
	EXISTS (SELECT 1 FROM version_overruled o WHERE o.version_id = v.id) AS overruled
FROM item i JOIN item_version v ON v.item_id = i.id JOIN version_state s ON s.version_id = v.id
	LEFT JOIN move a ON a.id = (SELECT max(m.id) FROM move m WHERE m.version_id = v.id AND m.state = 'approved' AND m.made_on <= :day)
WHERE i.standard = :standard AND (:method IS NULL OR i.method = :method)
	AND (v.number = (SELECT max(w.number) FROM item_version w WHERE w.item_id = i.id)
		OR v.number = (SELECT max(w.number) FROM item_version w WHERE w.item_id = i.id
			AND EXISTS (SELECT 1 FROM move m WHERE m.version_id = w.id AND m.state = 'approved' AND m.made_on <= :day)))
ORDER BY i.method, i.key, v.number;

-- Issued papers with what they cover: of the units (grading theme, KSB) as frozen, those that the tags of its versions
-- meet as often as its rules ask; and what the newest record says was asked. A question without a grading theme counts
-- in the one that its paper gave it.
-- name: audit_papers :many
-- in: standard text, method text?
-- out: id int, paper text, method text, sitting text, sat_on text, state text, unfit int, units int, covered int, sample int, records int, outcome text?, asked_questions int?, asked_own int?, asked_covered int?, asked_required int?, least_questions int?, shortfalls int?
SELECT p.id, p.key AS paper, p.method, p.sitting, p.sat_on, t.state, t.unfit,
	(SELECT count(*) FROM json_each(p.snapshot, '$.themes') t, json_each(t.value, '$.units')) AS units,
	(SELECT count(*) FROM json_each(p.snapshot, '$.themes') t, json_each(t.value, '$.units') u
		WHERE (SELECT count(*) FROM paper_item s JOIN item_version v ON v.id = s.version_id
			WHERE s.paper_id = p.id AND EXISTS (SELECT 1 FROM json_each(v.ksbs) k WHERE k.value = u.value ->> '$.ksb')
				AND coalesce(v.theme, p.snapshot ->> ('$.questions[' || (s.position - 1) || '].theme')) = t.value ->> '$.id')
			>= p.record ->> '$.rules.times') AS covered,
	p.record ->> '$.rules.sample' AS sample,
	coalesce(r.number, 0) AS records, r.outcome, r.body ->> '$.found.asked.questions' AS asked_questions,
	r.body ->> '$.found.asked.own' AS asked_own, r.body ->> '$.found.asked.covered' AS asked_covered,
	r.body ->> '$.found.asked.required' AS asked_required, r.body ->> '$.found.least_questions' AS least_questions,
	json_array_length(r.body, '$.found.shortfalls') AS shortfalls
FROM paper p JOIN paper_state t ON t.paper_id = p.id LEFT JOIN sitting_record r ON r.paper_id = p.id
	AND r.number = (SELECT max(n.number) FROM sitting_record n WHERE n.paper_id = p.id)
WHERE p.standard = :standard AND (:method IS NULL OR p.method = :method) AND p.part = 'questions'
ORDER BY p.id;

-- Each later paper of a candidate and method against each earlier one, withdrawn ones too: lineages, versions and rivals
-- (named by either issued version) that the two share, and words that were heard in both, case and outer blanks aside.
-- name: audit_pairs :many
-- in: standard text?, method text?, candidate int?
-- out: token text, reference text?, standard text, method text, part text, earlier_id int, earlier text, earlier_sitting text, earlier_on text, earlier_withdrawn int, earlier_outcome text?, later_id int, later text, later_sitting text, later_on text, later_withdrawn int, later_outcome text?, lineages int, versions int, rivals int, texts int
SELECT c.token, c.reference, l.standard, l.method, l.part,
	e.id AS earlier_id, e.key AS earlier, e.sitting AS earlier_sitting, e.sat_on AS earlier_on,
	EXISTS (SELECT 1 FROM withdrawal w WHERE w.paper_id = e.id) AS earlier_withdrawn,
	(SELECT r.outcome FROM sitting_record r WHERE r.paper_id = e.id ORDER BY r.number DESC LIMIT 1) AS earlier_outcome,
	l.id AS later_id, l.key AS later, l.sitting AS later_sitting, l.sat_on AS later_on,
	EXISTS (SELECT 1 FROM withdrawal w WHERE w.paper_id = l.id) AS later_withdrawn,
	(SELECT r.outcome FROM sitting_record r WHERE r.paper_id = l.id ORDER BY r.number DESC LIMIT 1) AS later_outcome,
	(SELECT count(*) FROM paper_item a JOIN paper_item b ON b.item_id = a.item_id WHERE a.paper_id = e.id AND b.paper_id = l.id)
		AS lineages,
	(SELECT count(*) FROM paper_item a JOIN paper_item b ON b.version_id = a.version_id
		WHERE a.paper_id = e.id AND b.paper_id = l.id) AS versions,
	(SELECT count(*) FROM paper_item a JOIN item_version av ON av.id = a.version_id JOIN item ai ON ai.id = a.item_id
			JOIN paper_item b JOIN item_version bv ON bv.id = b.version_id JOIN item bi ON bi.id = b.item_id
		WHERE a.paper_id = e.id AND b.paper_id = l.id
			AND (EXISTS (SELECT 1 FROM json_each(av.rivals) x WHERE x.value = bi.key)
				OR EXISTS (SELECT 1 FROM json_each(bv.rivals) x WHERE x.value = ai.key))) AS rivals,
	(SELECT count(*) FROM
		(SELECT lower(trim(v.body ->> '$.stem')) AS text FROM paper_item s JOIN item_version v ON v.id = s.version_id WHERE s.paper_id = e.id
			UNION SELECT lower(trim(t.text)) FROM asked_text t JOIN sitting_record r ON r.id = t.record_id WHERE r.paper_id = e.id
				AND r.number = (SELECT max(n.number) FROM sitting_record n WHERE n.paper_id = e.id)) x
		JOIN (SELECT lower(trim(v.body ->> '$.stem')) AS text FROM paper_item s JOIN item_version v ON v.id = s.version_id WHERE s.paper_id = l.id
			UNION SELECT lower(trim(t.text)) FROM asked_text t JOIN sitting_record r ON r.id = t.record_id WHERE r.paper_id = l.id
				AND r.number = (SELECT max(n.number) FROM sitting_record n WHERE n.paper_id = l.id)) y
			ON y.text = x.text) AS texts
FROM paper e JOIN paper l ON l.candidate_id = e.candidate_id AND l.standard = e.standard AND l.method = e.method
		AND l.part = e.part AND l.id > e.id
	JOIN candidate c ON c.id = e.candidate_id
WHERE (:standard IS NULL OR e.standard = :standard) AND (:method IS NULL OR e.method = :method)
	AND (:candidate IS NULL OR c.id = :candidate)
ORDER BY c.id, l.standard, l.method, e.id, l.id;

-- Approvals by whoever wrote the version.
-- name: audit_own_approvals :many
-- in: standard text, method text?
-- out: key text, version int, author text, made_on text
SELECT i.key, v.number AS version, v.author, m.made_on
FROM move m JOIN item_version v ON v.id = m.version_id JOIN item i ON i.id = v.item_id
WHERE m.state = 'approved' AND lower(trim(m.made_by)) = lower(trim(v.author))
	AND i.standard = :standard AND (:method IS NULL OR i.method = :method)
ORDER BY m.id;

-- Several approvals of one person within one minute of the clock, after the log: how many, in how many entries, and the
-- most in one entry.
-- name: audit_batches :many
-- in: standard text, method text?
-- out: person text, minute text, approvals int, entries int, most int, first int
WITH one AS (
	SELECT l.sequence, m.made_by, substr(coalesce(l.detail ->> '$.clock', l.day), 1, 16) AS minute, count(*) AS approvals
	FROM log l, json_each(l.detail, '$.rows') r
		JOIN move m ON r.value ->> '$.table' = 'move' AND m.id >= r.value ->> '$.first'
			AND m.id < (r.value ->> '$.first') + length(r.value ->> '$.digests') / 32
		JOIN item_version v ON v.id = m.version_id JOIN item i ON i.id = v.item_id
	WHERE instr(l.detail, '"table":"move"') > 0 -- spares the reading of all other entries
		AND m.state = 'approved' AND i.standard = :standard AND (:method IS NULL OR i.method = :method)
	GROUP BY l.sequence, m.made_by)
SELECT made_by AS person, minute, sum(approvals) AS approvals, count(*) AS entries, max(approvals) AS most, min(sequence) AS first
FROM one GROUP BY made_by, minute HAVING sum(approvals) > 1 ORDER BY sum(approvals) DESC, min(sequence);

-- Reviews of a whole bank that were signed off.
-- name: audit_signoffs :many
-- in: standard text, method text?
-- out: review text, method text, opened_on text, closed_on text, closed_by text, items int
SELECT c.key AS review, c.method, c.opened_on, x.closed_on, x.closed_by,
	(SELECT count(DISTINCT i.item_id) FROM campaign_item i WHERE i.campaign_id = c.id) AS items
FROM campaign_close x JOIN campaign c ON c.id = x.campaign_id
WHERE c.standard = :standard AND (:method IS NULL OR c.method = :method) ORDER BY x.id;

-- Sittings whose day is over and that were neither recorded nor withdrawn.
-- name: audit_unrecorded :many
-- in: standard text, method text, day text
-- out: paper text
SELECT p.key AS paper FROM paper p
WHERE p.standard = :standard AND p.method = :method AND p.part = 'questions' AND p.sat_on < :day
	AND NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.paper_id = p.id)
	AND NOT EXISTS (SELECT 1 FROM sitting_record r WHERE r.paper_id = p.id)
ORDER BY p.id;

-- Papers that somebody holds, and how many of them are held by a person with a declared conflict of interest with the
-- candidate, their employer or their provider. The newest assignment, declaration and organisation count.
-- name: audit_assigned :one
-- in: standard text
-- out: assigned int, conflicts int
SELECT count(*) AS assigned, coalesce(sum(EXISTS (
	SELECT 1 FROM conflict c LEFT JOIN candidate_organisation o ON o.id =
			(SELECT max(id) FROM candidate_organisation WHERE candidate_id = p.candidate_id)
	WHERE c.person_id = a.person_id AND c.held = 1
		AND c.id = (SELECT max(d.id) FROM conflict d WHERE d.person_id = c.person_id AND d.kind = c.kind
			AND d.candidate_id IS c.candidate_id AND d.organisation IS c.organisation)
		AND (c.candidate_id = p.candidate_id
			OR (c.kind = 'employer' AND lower(o.employer) = lower(c.organisation))
			OR (c.kind = 'provider' AND lower(o.provider) = lower(c.organisation))))), 0) AS conflicts
FROM paper p JOIN assignment a ON a.id = (SELECT max(id) FROM assignment WHERE paper_id = p.id)
WHERE p.standard = :standard;

-- Who read a paper's text; each person once for each day and way.
-- name: audit_readers :many
-- in: paper int
-- out: person text, read_on text, operation text
SELECT DISTINCT person, read_on, operation FROM reading WHERE paper_id = :paper ORDER BY read_on, person, operation;

-- Where a page of the log begins that ends before an entry (or with the last one): the entries that fit, `most` of them.
-- name: audit_log_start :one
-- in: before int?, operation text?, person text?, day text?, most int
-- out: sequence int?
SELECT min(sequence) AS sequence FROM (
	SELECT sequence FROM log WHERE (:before IS NULL OR sequence < :before) AND (:operation IS NULL OR operation = :operation)
		AND (:person IS NULL OR actor = :person) AND (:day IS NULL OR day = :day)
	ORDER BY sequence DESC LIMIT :most);

-- name: audit_log :many
-- in: from int, operation text?, person text?, day text?, most int
-- out: sequence int, operation text, actor text, day text, detail text, previous text, digest text
SELECT sequence, operation, actor, day, detail, previous, digest FROM log
WHERE sequence >= :from AND (:operation IS NULL OR operation = :operation) AND (:person IS NULL OR actor = :person)
	AND (:day IS NULL OR day = :day)
ORDER BY sequence LIMIT :most;

-- name: audit_person_known :one
-- in: person text
-- out: known int
SELECT EXISTS (SELECT 1 FROM log WHERE actor = :person) OR EXISTS (SELECT 1 FROM person WHERE name = :person) AS known;
