-- name: log_head :one
-- out: sequence int, digest text
SELECT sequence, digest FROM log ORDER BY sequence DESC LIMIT 1;

-- name: log_add :exec
-- in: sequence int, operation text, actor text, day text, detail text, previous text, digest text
INSERT INTO log (sequence, operation, actor, day, detail, previous, digest)
VALUES (:sequence, :operation, :actor, :day, :detail, :previous, :digest);

-- name: log_from :many
-- in: sequence int, most int
-- out: sequence int, operation text, actor text, day text, detail text, previous text, digest text
SELECT sequence, operation, actor, day, detail, previous, digest FROM log
WHERE sequence > :sequence ORDER BY sequence LIMIT :most;

-- name: meta_get :one
-- in: name text
-- out: value text
SELECT value FROM meta WHERE name = :name;

-- name: public_key_by_text :one
-- in: key text
-- out: id int
SELECT id FROM public_key WHERE key = :key;

-- name: public_key_add :exec
-- in: key text, added_on text
INSERT INTO public_key (key, added_on) VALUES (:key, :added_on);

-- name: public_key_all :many
-- out: id int, key text, added_on text
SELECT id, key, added_on FROM public_key ORDER BY id;

-- name: signed_head_add :exec
-- in: sequence int, digest text, key int, signature text
INSERT INTO signed_head (sequence, digest, key_id, signature) VALUES (:sequence, :digest, :key, :signature);

-- name: signed_head_all :many
-- out: sequence int, digest text, key text?, signature text, entry text?
SELECT h.sequence, h.digest, k.key, h.signature, l.digest AS entry
FROM signed_head h LEFT JOIN public_key k ON k.id = h.key_id LEFT JOIN log l ON l.sequence = h.sequence ORDER BY h.sequence;

-- name: signed_head_latest :one
-- out: sequence int, digest text, key text, signature text
SELECT h.sequence, h.digest, k.key, h.signature FROM signed_head h JOIN public_key k ON k.id = h.key_id
ORDER BY h.sequence DESC LIMIT 1;

-- name: signed_head_of :one
-- in: sequence int
-- out: digest text, key text, signature text
SELECT h.digest, k.key, h.signature FROM signed_head h JOIN public_key k ON k.id = h.key_id WHERE h.sequence = :sequence;

-- Entries of a signing operation whose head nobody signed.
-- name: log_unsigned :many
-- in: operation text
-- out: sequence int
SELECT sequence FROM log l WHERE l.operation = :operation
	AND NOT EXISTS (SELECT 1 FROM signed_head h WHERE h.sequence = l.sequence) ORDER BY sequence;

-- name: log_digest :one
-- in: sequence int
-- out: digest text
SELECT digest FROM log WHERE sequence = :sequence;

-- The last entry of an operation.
-- name: log_last_of :one
-- in: operation text
-- out: sequence int, day text
SELECT sequence, day FROM log WHERE operation = :operation ORDER BY sequence DESC LIMIT 1;
