-- Papers that hold a version of an item (or one version of it), and what became of them.
-- name: exposure_papers :many
-- in: item int, version int?
-- out: id int, key text, reference text?, token text, method text, sitting text, sat_on text, version int, state text, holder text?
SELECT p.id, p.key, c.reference, c.token, p.method, p.sitting, p.sat_on, v.number AS version, t.state,
	(SELECT h.name FROM assignment a JOIN person h ON h.id = a.person_id WHERE a.paper_id = p.id ORDER BY a.id DESC LIMIT 1) AS holder
FROM paper_item s JOIN paper p ON p.id = s.paper_id JOIN paper_state t ON t.paper_id = p.id JOIN candidate c ON c.id = p.candidate_id
	JOIN item_version v ON v.id = s.version_id
WHERE s.item_id = :item AND (:version IS NULL OR v.number = :version)
ORDER BY p.id;

-- Who read an item, by itself or in a paper; each person once for each day and way.
-- name: exposure_readers :many
-- in: item int
-- out: person text, read_on text, operation text, paper text?
SELECT DISTINCT r.person, r.read_on, r.operation, p.key AS paper
FROM reading r LEFT JOIN paper p ON p.id = r.paper_id
WHERE r.item_id = :item OR r.paper_id IN (SELECT s.paper_id FROM paper_item s WHERE s.item_id = :item)
ORDER BY r.read_on, r.person, r.operation, p.key;

-- name: incident_add :exec
-- in: kind text, summary text, item int?, paper int?, reported_by text, reported_on text
INSERT INTO incident (kind, summary, item_id, paper_id, reported_by, reported_on)
VALUES (:kind, :summary, :item, :paper, :reported_by, :reported_on);

-- name: incident_all :many
-- in: id int?
-- out: id int, key text, kind text, summary text, item int?, question text?, paper text?, paper_id int?, reported_by text, reported_on text, closed int
SELECT n.id, n.key, n.kind, n.summary, n.item_id AS item, i.key AS question, p.key AS paper, n.paper_id, n.reported_by, n.reported_on,
	coalesce((SELECT m.closes FROM incident_note m WHERE m.incident_id = n.id ORDER BY m.id DESC LIMIT 1), 0) AS closed
FROM incident n LEFT JOIN item i ON i.id = n.item_id LEFT JOIN paper p ON p.id = n.paper_id
WHERE :id IS NULL OR n.id = :id ORDER BY n.id;

-- name: incident_note_add :exec
-- in: incident int, text text, closes int, noted_by text, noted_on text
INSERT INTO incident_note (incident_id, text, closes, noted_by, noted_on) VALUES (:incident, :text, :closes, :noted_by, :noted_on);

-- name: incident_notes :many
-- in: incident int
-- out: text text, closes int, noted_by text, noted_on text
SELECT text, closes, noted_by, noted_on FROM incident_note WHERE incident_id = :incident ORDER BY id;

-- A candidate's reference is taken away; the token stays, and with it every paper and the guarantee.
-- name: candidate_erase :exec
-- in: id int
UPDATE candidate SET reference = NULL WHERE id = :id;
