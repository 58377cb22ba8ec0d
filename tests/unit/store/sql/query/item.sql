-- What stands before the first query is a comment.

-- name: item_found :one
-- in: key text
-- out: id int, key text, body text, lapses int?, picture blob?
SELECT id, key, body, lapses, picture FROM item WHERE key = :key;

-- A comment between two queries.
-- name: item_made :exec
-- in: key text, body text?, lapses int?
-- in: picture blob?
-- The arguments stand in the order of "in", not of the statement.
INSERT INTO item (picture, key, body, lapses)
VALUES (:picture, :key, coalesce(:body, 'none'), :lapses);

-- name: item_insert :one
-- in: key text
-- out: id int, body text
INSERT INTO item (key) VALUES (:key) RETURNING id, body;

-- name: item_all :many
-- out: id int, key text, body text
SELECT id, key, body FROM item ORDER BY key;

-- name: item_after :many
-- in: day int, default text?
-- out: key text, default int?, twice int?
SELECT key, lapses AS "default", kb_twice(lapses) AS twice FROM item
WHERE lapses > :day AND (:default IS NULL OR key = :default) ORDER BY key;

-- name: item_rename :exec
-- in: old text, new text
UPDATE item SET key = :new WHERE key = :old;

-- name: item_grow :exec
-- in: by int
UPDATE item SET lapses = lapses + :by WHERE lapses IS NOT NULL;

-- name: item_remove :exec
DELETE FROM item;

-- name: item_any :one
-- out: key text
SELECT key FROM item;

-- name: item_most :one
-- out: most int
SELECT max(lapses) AS most FROM item;

-- name: item_count :one
-- out: n int
SELECT count(*) AS n FROM item;

-- name: item_wrong :one
-- out: n int
SELECT 'text' AS n;

-- name: item_picture :exec
-- in: key text, picture blob
UPDATE item SET picture = :picture WHERE key = :key;
