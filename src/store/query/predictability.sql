-- What the candidates of an organisation have met, by the real record. A paper's questions are met from its day on: those
-- that its newest record says were asked, all of them while there is none; those of a withdrawn paper were not.
-- An organisation is an employer or provider that a candidate's newest registration names, in whichever case.

-- name: organisations_met :many
-- in: standard text, method text, day text
-- out: kind text, organisation text, candidates int
WITH member AS (
	SELECT o.candidate_id AS candidate, k.value AS kind, iif(k.value = 'employer', o.employer, o.provider) AS organisation
	FROM candidate_organisation o, json_each('["employer","provider"]') k
	WHERE o.id = (SELECT max(n.id) FROM candidate_organisation n WHERE n.candidate_id = o.candidate_id))
SELECT m.kind, min(m.organisation) AS organisation, count(DISTINCT m.candidate) AS candidates
FROM member m JOIN paper p ON p.candidate_id = m.candidate
WHERE trim(m.organisation) <> '' AND p.standard = :standard AND p.method = :method AND p.part = 'questions' AND p.sat_on <= :day
	AND NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.paper_id = p.id)
GROUP BY m.kind, lower(trim(m.organisation)) ORDER BY m.kind, lower(trim(m.organisation));

-- name: questions_met :many
-- in: standard text, method text, day text
-- out: kind text, organisation text, key text
WITH member AS (
	SELECT o.candidate_id AS candidate, k.value AS kind, iif(k.value = 'employer', o.employer, o.provider) AS organisation
	FROM candidate_organisation o, json_each('["employer","provider"]') k
	WHERE o.id = (SELECT max(n.id) FROM candidate_organisation n WHERE n.candidate_id = o.candidate_id)),
met AS (
	SELECT p.candidate_id AS candidate, i.key
	FROM paper p JOIN paper_item s ON s.paper_id = p.id JOIN item i ON i.id = s.item_id
		LEFT JOIN sitting_record r ON r.paper_id = p.id
			AND r.number = (SELECT max(n.number) FROM sitting_record n WHERE n.paper_id = p.id)
	WHERE p.standard = :standard AND p.method = :method AND p.part = 'questions' AND p.sat_on <= :day
		AND NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.paper_id = p.id)
		AND (r.id IS NULL OR EXISTS (SELECT 1 FROM json_each(r.body, '$.sitting.questions') q
			WHERE q.value ->> '$.id' = i.key AND q.value ->> '$.state' <> 'not-asked')))
SELECT m.kind, min(m.organisation) AS organisation, t.key FROM member m JOIN met t ON t.candidate = m.candidate
WHERE trim(m.organisation) <> ''
GROUP BY m.kind, lower(trim(m.organisation)), t.key ORDER BY m.kind, lower(trim(m.organisation)), t.key;
