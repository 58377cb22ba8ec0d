-- name: person_count :one
-- out: count int
SELECT count(*) AS count FROM person;

-- name: person_by_name :one
-- in: name text
-- out: id int, name text, verifier text?
SELECT p.id, p.name, (SELECT w.verifier FROM password w WHERE w.person_id = p.id ORDER BY w.id DESC LIMIT 1) AS verifier
FROM person p WHERE p.name = :name;

-- name: person_roles :many
-- in: name text
-- out: role text
SELECT r.role FROM person_role r JOIN person p ON p.id = r.person_id
WHERE p.name = :name AND r.held = 1
	AND r.id = (SELECT max(s.id) FROM person_role s WHERE s.person_id = r.person_id AND s.role = r.role)
ORDER BY r.role;

-- name: reading_add :exec
-- in: person text, read_on text, operation text, item int?, paper int?
INSERT INTO reading (person, read_on, operation, item_id, paper_id) VALUES (:person, :read_on, :operation, :item, :paper);

-- name: person_add :exec
-- in: name text, added_by text, added_on text
INSERT INTO person (name, added_by, added_on) VALUES (:name, :added_by, :added_on);

-- name: person_all :many
-- out: id int, name text, added_on text, has_password int
SELECT p.id, p.name, p.added_on,
	coalesce((SELECT w.verifier <> '' FROM password w WHERE w.person_id = p.id ORDER BY w.id DESC LIMIT 1), 0) AS has_password
FROM person p ORDER BY p.name;

-- name: person_role_set :exec
-- in: person int, role text, held int, changed_by text, changed_on text
INSERT INTO person_role (person_id, role, held, changed_by, changed_on) VALUES (:person, :role, :held, :changed_by, :changed_on);

-- How many people hold a role.
-- name: role_count :one
-- in: role text
-- out: count int
SELECT count(*) AS count FROM person_role r WHERE r.role = :role AND r.held = 1
	AND r.id = (SELECT max(s.id) FROM person_role s WHERE s.person_id = r.person_id AND s.role = r.role);

-- name: password_set :exec
-- in: person int, verifier text, changed_by text, changed_on text
INSERT INTO password (person_id, verifier, changed_by, changed_on) VALUES (:person, :verifier, :changed_by, :changed_on);

-- name: conflict_add :exec
-- in: person int, kind text, candidate int?, organisation text?, held int, reason text, declared_by text, declared_on text
INSERT INTO conflict (person_id, kind, candidate_id, organisation, held, reason, declared_by, declared_on)
VALUES (:person, :kind, :candidate, :organisation, :held, :reason, :declared_by, :declared_on);

-- Conflicts that still hold: the newest row of each person and subject counts.
-- name: conflict_all :many
-- in: person int
-- out: kind text, candidate int?, reference text?, organisation text?, reason text, declared_on text
SELECT c.kind, c.candidate_id AS candidate, k.reference, c.organisation, c.reason, c.declared_on
FROM conflict c LEFT JOIN candidate k ON k.id = c.candidate_id
WHERE c.person_id = :person AND c.held = 1 AND c.id = (
	SELECT max(d.id) FROM conflict d WHERE d.person_id = c.person_id AND d.kind = c.kind
		AND d.candidate_id IS c.candidate_id AND d.organisation IS c.organisation)
ORDER BY c.id;

-- name: candidate_by_reference :one
-- in: reference text
-- out: id int, token text
SELECT id, token FROM candidate WHERE reference = :reference;
