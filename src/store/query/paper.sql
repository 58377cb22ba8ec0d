-- name: candidate_by_token :one
-- in: token text
-- out: id int, reference text?
SELECT id, reference FROM candidate WHERE token = :token;

-- Somebody whose reference was not erased: by their token it shows under which key the store draws.
-- name: candidate_known :one
-- out: token text, reference text?
SELECT token, reference FROM candidate WHERE reference IS NOT NULL ORDER BY id LIMIT 1;

-- name: candidate_add :exec
-- in: token text, reference text
INSERT INTO candidate (token, reference) VALUES (:token, :reference);

-- name: paper_next :one
-- out: id int
SELECT coalesce(max(id), 0) + 1 AS id FROM paper;

-- name: paper_add :exec
-- in: id int, candidate int, standard text, method text, part text, sitting text, sat_on text, snapshot text, digest text, record text, record_digest text
INSERT INTO paper (id, candidate_id, standard, method, part, sitting, sat_on, snapshot, digest, record, record_digest, logged_as)
SELECT :id, :candidate, :standard, :method, :part, :sitting, :sat_on, :snapshot, :digest, :record, :record_digest,
	coalesce((SELECT max(sequence) FROM log), 0) + 1;

-- name: paper_item_add :exec
-- in: paper int, position int, candidate int, item int, version int
INSERT INTO paper_item (paper_id, position, candidate_id, item_id, version_id)
VALUES (:paper, :position, :candidate, :item, :version);

-- name: paper_by_id :one
-- in: id int
-- out: key text, candidate int, token text, reference text?, standard text, method text, part text, sitting text, sat_on text, snapshot text, digest text, record text, record_digest text, withdrawn_on text?, withdrawn_by text?, withdrawn_because text?, logged_as int, state text, unfit int
SELECT p.key, p.candidate_id AS candidate, c.token, c.reference, p.standard, p.method, p.part, p.sitting, p.sat_on, p.snapshot,
	p.digest, p.record, p.record_digest, w.withdrawn_on, w.withdrawn_by, w.reason AS withdrawn_because, p.logged_as, t.state, t.unfit
FROM paper p JOIN paper_state t ON t.paper_id = p.id JOIN candidate c ON c.id = p.candidate_id LEFT JOIN withdrawal w ON w.paper_id = p.id
WHERE p.id = :id;

-- name: paper_items :many
-- in: paper int
-- out: position int, item int, key text, version_id int, version int, digest text
SELECT s.position, s.item_id AS item, i.key, s.version_id, v.number AS version, v.digest
FROM paper_item s JOIN item i ON i.id = s.item_id JOIN item_version v ON v.id = s.version_id
WHERE s.paper_id = :paper ORDER BY s.position;

-- name: paper_of_candidate :many
-- in: candidate int, standard text, method text, part text
-- out: id int, key text, sitting text, sat_on text, digest text, withdrawn int, recorded int
SELECT p.id, p.key, p.sitting, p.sat_on, p.digest, w.id IS NOT NULL AS withdrawn,
	EXISTS (SELECT 1 FROM sitting_record r WHERE r.paper_id = p.id) AS recorded
FROM paper p LEFT JOIN withdrawal w ON w.paper_id = p.id
WHERE p.candidate_id = :candidate AND p.standard = :standard AND p.method = :method AND p.part = :part
ORDER BY p.id;

-- name: paper_all :many
-- in: standard text?, method text?, reference text?
-- out: id int, key text, reference text?, standard text, method text, part text, sitting text, sat_on text, digest text, questions int, state text, unfit int, holder text?
SELECT p.id, p.key, c.reference, p.standard, p.method, p.part, p.sitting, p.sat_on, p.digest,
	(SELECT count(*) FROM paper_item s WHERE s.paper_id = p.id) AS questions, t.state, t.unfit,
	(SELECT h.name FROM assignment a JOIN person h ON h.id = a.person_id WHERE a.paper_id = p.id ORDER BY a.id DESC LIMIT 1) AS holder
FROM paper p JOIN paper_state t ON t.paper_id = p.id JOIN candidate c ON c.id = p.candidate_id
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

-- Who holds a paper: the newest assignment counts.
-- name: assignment_of :one
-- in: paper int
-- out: person text, assigned_on text
SELECT p.name AS person, a.assigned_on FROM assignment a JOIN person p ON p.id = a.person_id
WHERE a.paper_id = :paper ORDER BY a.id DESC LIMIT 1;

-- name: assignment_add :exec
-- in: paper int, person int, assigned_by text, assigned_on text
INSERT INTO assignment (paper_id, person_id, assigned_by, assigned_on) VALUES (:paper, :person, :assigned_by, :assigned_on);

-- Conflicts of a person that touch a candidate: with them, or with their employer or provider.
-- name: conflict_with :many
-- in: person int, candidate int
-- out: kind text, organisation text?, reason text
SELECT c.kind, c.organisation, c.reason FROM conflict c
WHERE c.person_id = :person AND c.held = 1 AND c.id = (
	SELECT max(d.id) FROM conflict d WHERE d.person_id = c.person_id AND d.kind = c.kind
		AND d.candidate_id IS c.candidate_id AND d.organisation IS c.organisation)
	AND (c.candidate_id = :candidate OR EXISTS (
		SELECT 1 FROM candidate_organisation o WHERE o.candidate_id = :candidate
			AND ((c.kind = 'employer' AND lower(o.employer) = lower(c.organisation))
				OR (c.kind = 'provider' AND lower(o.provider) = lower(c.organisation)))
			AND o.id = (SELECT max(id) FROM candidate_organisation WHERE candidate_id = :candidate)))
ORDER BY c.id;

-- name: candidate_organisation_add :exec
-- in: candidate int, employer text?, provider text?, changed_by text, changed_on text
INSERT INTO candidate_organisation (candidate_id, employer, provider, changed_by, changed_on)
VALUES (:candidate, :employer, :provider, :changed_by, :changed_on);

-- name: candidate_organisation_of :one
-- in: candidate int
-- out: employer text?, provider text?
SELECT employer, provider FROM candidate_organisation WHERE candidate_id = :candidate ORDER BY id DESC LIMIT 1;

-- name: signature_add :exec
-- in: subject text, subject_id int, key int, signature text
INSERT INTO signature (subject, subject_id, key_id, signature) VALUES (:subject, :subject_id, :key, :signature);

-- name: signature_of :one
-- in: subject text, subject_id int
-- out: signature text, key text
SELECT s.signature, k.key FROM signature s JOIN public_key k ON k.id = s.key_id
WHERE s.subject = :subject AND s.subject_id = :subject_id;
