-- name: sitting_all :many
-- in: paper int
-- out: id int, number int, body text, digest text, outcome text?, recorded_by text, recorded_on text
SELECT id, number, body, digest, outcome, recorded_by, recorded_on FROM sitting_record WHERE paper_id = :paper ORDER BY number;

-- name: sitting_add :exec
-- in: paper int, number int, body text, digest text, outcome text?, recorded_by text, recorded_on text
INSERT INTO sitting_record (paper_id, number, body, digest, outcome, recorded_by, recorded_on)
VALUES (:paper, :number, :body, :digest, :outcome, :recorded_by, :recorded_on);

-- name: asked_text_add :exec
-- in: record int, candidate int, kind text, item int?, text text, ksbs text
INSERT INTO asked_text (record_id, candidate_id, kind, item_id, text, ksbs)
VALUES (:record, :candidate, :kind, :item, :text, :ksbs);

-- What a candidate heard beside the bank's own words, by the newest record of each sitting.
-- name: asked_of_candidate :many
-- in: candidate int, standard text, method text
-- out: paper int, text text
SELECT r.paper_id AS paper, a.text FROM asked_text a JOIN sitting_record r ON r.id = a.record_id JOIN paper p ON p.id = r.paper_id
WHERE a.candidate_id = :candidate AND p.standard = :standard AND p.method = :method
	AND r.number = (SELECT max(number) FROM sitting_record n WHERE n.paper_id = r.paper_id)
ORDER BY r.paper_id, a.id;

-- What assessors asked of their own, by the newest record of each sitting: each text once, with the first paper.
-- name: asked_own_all :many
-- out: paper int, key text, papers int, standard text, method text, text text
SELECT min(p.id) AS paper, min(p.key) AS key, count(DISTINCT p.id) AS papers, p.standard, p.method, a.text
FROM asked_text a JOIN sitting_record r ON r.id = a.record_id JOIN paper p ON p.id = r.paper_id
WHERE a.kind = 'own' AND r.number = (SELECT max(number) FROM sitting_record n WHERE n.paper_id = r.paper_id)
GROUP BY p.standard, p.method, a.text ORDER BY p.standard, p.method, min(p.id), a.text;

-- The versions that a candidate was issued.
-- name: issued_to_candidate :many
-- in: candidate int, standard text, method text
-- out: paper int, version int
SELECT s.paper_id AS paper, s.version_id AS version FROM paper_item s JOIN paper p ON p.id = s.paper_id
WHERE s.candidate_id = :candidate AND p.standard = :standard AND p.method = :method AND p.part = 'questions'
ORDER BY s.paper_id, s.position;

-- The newest outcome of a candidate's papers of a method.
-- name: outcome_of_candidate :one
-- in: candidate int, standard text, method text
-- out: paper text, outcome text?, recorded_on text
SELECT p.key AS paper, r.outcome, r.recorded_on FROM sitting_record r JOIN paper p ON p.id = r.paper_id
WHERE p.candidate_id = :candidate AND p.standard = :standard AND p.method = :method AND r.outcome IS NOT NULL
	AND r.number = (SELECT max(number) FROM sitting_record n WHERE n.paper_id = r.paper_id)
ORDER BY p.sat_on DESC LIMIT 1;

-- Sittings whose day has passed, and those that were recorded.
-- name: sitting_list :many
-- in: day text
-- out: paper text, reference text?, standard text, method text, sitting text, sat_on text, holder text?, records int, outcome text?, recorded_by text?, recorded_on text?
SELECT p.key AS paper, c.reference, p.standard, p.method, p.sitting, p.sat_on,
	(SELECT n.name FROM assignment a JOIN person n ON n.id = a.person_id WHERE a.paper_id = p.id ORDER BY a.id DESC LIMIT 1) AS holder,
	coalesce(r.number, 0) AS records, r.outcome, r.recorded_by, r.recorded_on
FROM paper p JOIN candidate c ON c.id = p.candidate_id
	LEFT JOIN sitting_record r ON r.paper_id = p.id
		AND r.number = (SELECT max(number) FROM sitting_record n WHERE n.paper_id = p.id)
WHERE p.part = 'questions' AND (r.id IS NOT NULL
	OR (p.sat_on < :day AND NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.paper_id = p.id)))
ORDER BY p.sat_on, p.id;
