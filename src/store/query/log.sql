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
