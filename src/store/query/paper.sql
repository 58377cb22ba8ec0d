-- name: candidate_by_token :one
-- in: token text
-- out: id int, reference text?
SELECT id, reference FROM candidate WHERE token = :token;

-- name: candidate_add :exec
-- in: token text, reference text
INSERT INTO candidate (token, reference) VALUES (:token, :reference);

-- name: paper_next :one
-- out: id int
SELECT coalesce(max(id), 0) + 1 AS id FROM paper;

-- name: paper_add :exec
-- in: id int, candidate int, standard text, method text, sitting text, sat_on text, snapshot text, digest text, record text, record_digest text
INSERT INTO paper (id, candidate_id, standard, method, sitting, sat_on, snapshot, digest, record, record_digest)
VALUES (:id, :candidate, :standard, :method, :sitting, :sat_on, :snapshot, :digest, :record, :record_digest);

-- name: paper_item_add :exec
-- in: paper int, position int, candidate int, item int, version int
INSERT INTO paper_item (paper_id, position, candidate_id, item_id, version_id)
VALUES (:paper, :position, :candidate, :item, :version);

-- name: paper_by_id :one
-- in: id int
-- out: key text, candidate int, token text, reference text?, standard text, method text, sitting text, sat_on text, snapshot text, digest text, record text, record_digest text, withdrawn_on text?, withdrawn_by text?, withdrawn_because text?
SELECT p.key, p.candidate_id AS candidate, c.token, c.reference, p.standard, p.method, p.sitting, p.sat_on, p.snapshot,
	p.digest, p.record, p.record_digest, w.withdrawn_on, w.withdrawn_by, w.reason AS withdrawn_because
FROM paper p JOIN candidate c ON c.id = p.candidate_id LEFT JOIN withdrawal w ON w.paper_id = p.id
WHERE p.id = :id;

-- name: paper_items :many
-- in: paper int
-- out: position int, item int, key text, version_id int, version int, digest text
SELECT s.position, s.item_id AS item, i.key, s.version_id, v.number AS version, v.digest
FROM paper_item s JOIN item i ON i.id = s.item_id JOIN item_version v ON v.id = s.version_id
WHERE s.paper_id = :paper ORDER BY s.position;

-- name: paper_of_candidate :many
-- in: candidate int, standard text, method text
-- out: id int, key text, sitting text, sat_on text, digest text, withdrawn int
SELECT p.id, p.key, p.sitting, p.sat_on, p.digest, w.id IS NOT NULL AS withdrawn
FROM paper p LEFT JOIN withdrawal w ON w.paper_id = p.id
WHERE p.candidate_id = :candidate AND p.standard = :standard AND p.method = :method ORDER BY p.id;

-- name: paper_all :many
-- in: standard text?, method text?, reference text?
-- out: id int, key text, reference text?, standard text, method text, sitting text, sat_on text, digest text, questions int, withdrawn int
SELECT p.id, p.key, c.reference, p.standard, p.method, p.sitting, p.sat_on, p.digest,
	(SELECT count(*) FROM paper_item s WHERE s.paper_id = p.id) AS questions, w.id IS NOT NULL AS withdrawn
FROM paper p JOIN candidate c ON c.id = p.candidate_id LEFT JOIN withdrawal w ON w.paper_id = p.id
WHERE (:standard IS NULL OR p.standard = :standard) AND (:method IS NULL OR p.method = :method)
	AND (:reference IS NULL OR c.reference = :reference)
ORDER BY p.id;

-- Lineages that a candidate has been issued, with the rivals that the issued version named.
-- name: seen :many
-- in: candidate int
-- out: item int, key text, paper int, rivals text?
SELECT s.item_id AS item, i.key, s.paper_id AS paper, v.rivals
FROM paper_item s JOIN item i ON i.id = s.item_id JOIN item_version v ON v.id = s.version_id
WHERE s.candidate_id = :candidate ORDER BY i.key;

-- name: withdrawal_add :exec
-- in: paper int, withdrawn_by text, withdrawn_on text, reason text
INSERT INTO withdrawal (paper_id, withdrawn_by, withdrawn_on, reason) VALUES (:paper, :withdrawn_by, :withdrawn_on, :reason);

-- name: template_add :exec
-- in: digest text, name text, text text
INSERT INTO template (digest, name, text) VALUES (:digest, :name, :text) ON CONFLICT DO NOTHING;

-- name: template_get :one
-- in: digest text
-- out: text text
SELECT text FROM template WHERE digest = :digest;
