-- name: tag_add :exec
-- in: item int, word text
INSERT INTO tag (item, word) VALUES (:item, :word);

-- name: tag_of :many
-- in: key text
-- out: word text?
SELECT word FROM item LEFT JOIN tag ON tag.item = item.id WHERE key = :key ORDER BY word
