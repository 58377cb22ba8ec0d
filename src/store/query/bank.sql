-- name: standard_latest :one
-- in: standard text
-- out: id int, number int, body text, digest text
SELECT id, number, body, digest FROM standard_version WHERE standard = :standard ORDER BY number DESC LIMIT 1;

-- name: standard_numbered :one
-- in: standard text, number int
-- out: body text
SELECT body FROM standard_version WHERE standard = :standard AND number = :number;

-- name: standard_all :many
-- out: standard text, number int, body text, digest text
SELECT standard, number, body, digest FROM standard_version s
WHERE number = (SELECT max(number) FROM standard_version t WHERE t.standard = s.standard) ORDER BY standard;

-- name: standard_add :exec
-- in: standard text, number int, body text, digest text
INSERT INTO standard_version (standard, number, body, digest) VALUES (:standard, :number, :body, :digest);

-- name: specification_latest :one
-- in: standard text, method text
-- out: id int, number int, body text, digest text
SELECT id, number, body, digest FROM specification_version
WHERE standard = :standard AND method = :method ORDER BY number DESC LIMIT 1;

-- name: specification_all :many
-- in: standard text
-- out: method text, number int, body text, digest text
SELECT method, number, body, digest FROM specification_version s
WHERE standard = :standard AND number =
	(SELECT max(number) FROM specification_version t WHERE t.standard = s.standard AND t.method = s.method)
ORDER BY method;

-- name: specification_add :exec
-- in: standard text, method text, number int, body text, digest text
INSERT INTO specification_version (standard, method, number, body, digest)
VALUES (:standard, :method, :number, :body, :digest);

-- name: weighing_of_pool :one
-- in: specification int, pool text
-- out: found_on text, weights text
SELECT found_on, weights FROM weighing WHERE specification_id = :specification AND pool = :pool;

-- name: weighing_add :exec
-- in: specification int, pool text, found_on text, weights text
INSERT INTO weighing (specification_id, pool, found_on, weights) VALUES (:specification, :pool, :found_on, :weights);

-- name: item_by_key :one
-- in: key text
-- out: id int, standard text, method text, kind text
SELECT id, standard, method, kind FROM item WHERE key = :key;

-- name: item_add :exec
-- in: key text, standard text, method text, kind text
INSERT INTO item (key, standard, method, kind) VALUES (:key, :standard, :method, :kind);

-- name: version_latest :one
-- in: item int
-- out: id int, number int, body text, digest text
SELECT id, number, body, digest FROM item_version WHERE item_id = :item ORDER BY number DESC LIMIT 1;

-- name: version_add :exec
-- in: item int, number int, body text, digest text
INSERT INTO item_version (item_id, number, body, digest, author, theme, kind, minutes, ksbs, rivals, follows)
VALUES (:item, :number, :body, :digest, :body ->> '$.author', :body ->> '$.theme', :body ->> '$.kind',
	:body ->> '$.minutes', :body -> '$.ksbs', :body -> '$.rivals', :body -> '$.follows');

-- Each with the state it is in and its newest approval.
-- name: version_all :many
-- in: item int
-- out: id int, number int, body text, digest text, author text, state text, overruled text?, moved_on text?, approver text?, approved_on text?, lapses_on text?
SELECT v.id, v.number, v.body, v.digest, v.author, s.state,
	(SELECT group_concat(o.ksb, ', ') FROM version_overruled o WHERE o.version_id = v.id) AS overruled, s.moved_on,
	a.made_by AS approver, a.made_on AS approved_on, a.lapses_on
FROM item_version v JOIN version_state s ON s.version_id = v.id
	LEFT JOIN move a ON a.id = (SELECT max(id) FROM move n WHERE n.version_id = v.id AND n.state = 'approved')
WHERE v.item_id = :item ORDER BY v.number;

-- name: item_latest_all :many
-- in: standard text, method text?
-- out: id int, key text, method text, kind text, version int, body text, state text
SELECT i.id, i.key, i.method, i.kind, v.number AS version, v.body, s.state
FROM item i JOIN item_version v ON v.item_id = i.id JOIN version_state s ON s.version_id = v.id
WHERE i.standard = :standard AND (:method IS NULL OR i.method = :method)
	AND v.number = (SELECT max(number) FROM item_version w WHERE w.item_id = i.id)
ORDER BY i.method, i.key;

-- The version of an item that may be drawn on a day, by the rule of "pool", if its tags fit the method's mapping; of one
-- item, or of all where it is null.
-- name: drawable :many
-- in: standard text, item int?, day text
-- out: item int, version int, method text, kind text, theme text?, ksbs text
SELECT i.id AS item, v.number AS version, i.method, i.kind, v.theme, v.ksbs
FROM item i JOIN item_version v ON v.item_id = i.id
	JOIN version_state s ON s.version_id = v.id AND s.state = 'approved'
	JOIN move a ON a.version_id = v.id AND a.state = 'approved' AND a.made_on <= :day AND :day < a.lapses_on
WHERE +i.standard = :standard AND i.id BETWEEN coalesce(:item, 0) AND coalesce(:item, 9223372036854775807)
	AND v.number = (SELECT max(w.number) FROM item_version w WHERE w.item_id = i.id
		AND EXISTS (SELECT 1 FROM move b WHERE b.version_id = w.id AND b.state = 'approved' AND b.made_on <= :day))
	AND NOT EXISTS (SELECT 1 FROM version_overruled o WHERE o.version_id = v.id)
GROUP BY i.id, v.number ORDER BY i.id;

-- name: move_all :many
-- in: item int
-- out: number int, state text, made_by text, made_on text, lapses_on text?, reason text?, detail text?
SELECT v.number, m.state, m.made_by, m.made_on, m.lapses_on, m.reason, m.detail
FROM move m JOIN item_version v ON v.id = m.version_id WHERE v.item_id = :item ORDER BY m.id;

-- name: move_add :exec
-- in: version int, state text, made_by text, made_on text, lapses_on text?, reason text?, detail text?
INSERT INTO move (version_id, state, made_by, made_on, lapses_on, reason, detail)
VALUES (:version, :state, :made_by, :made_on, :lapses_on, :reason, :detail);

-- name: move_latest :one
-- in: version int
-- out: state text, made_by text, made_on text, lapses_on text?, reason text?, detail text?
SELECT state, made_by, made_on, lapses_on, reason, detail FROM move WHERE version_id = :version ORDER BY id DESC LIMIT 1;

-- What may be drawn on a day: of each question the newest version that a second person had approved by then, the state it
-- is in now, whether an approval holds on the day, and whether it follows a wording that was decided against. With coming
-- also the newest version of each question that has none approved.
-- name: pool :many
-- in: standard text, method text, kind text, day text, coming int
-- out: item int, key text, version_id int, version int, digest text, theme text?, kind text?, minutes int?, ksbs text, rivals text?, categories text?, state text, in_force int, overruled int
SELECT i.id AS item, i.key, v.id AS version_id, v.number AS version, v.digest, v.theme, v.kind, v.minutes, v.ksbs, v.rivals,
	v.body -> '$.categories' AS categories, s.state,
	EXISTS (SELECT 1 FROM move a WHERE a.version_id = v.id AND a.state = 'approved' AND a.made_on <= :day AND :day < a.lapses_on)
		AS in_force,
	EXISTS (SELECT 1 FROM version_overruled o WHERE o.version_id = v.id) AS overruled
FROM item i JOIN item_version v ON v.item_id = i.id JOIN version_state s ON s.version_id = v.id
WHERE i.standard = :standard AND i.method = :method AND i.kind = :kind AND v.number = coalesce((
	SELECT max(w.number) FROM item_version w WHERE w.item_id = i.id
		AND EXISTS (SELECT 1 FROM move a WHERE a.version_id = w.id AND a.state = 'approved' AND a.made_on <= :day)),
	CASE WHEN :coming THEN (SELECT max(w.number) FROM item_version w WHERE w.item_id = i.id) END)
ORDER BY i.key;

-- name: version_standing :one
-- in: id int
-- out: author text, state text, since text?
SELECT v.author, s.state, s.moved_on AS since FROM item_version v JOIN version_state s ON s.version_id = v.id
WHERE v.id = :id;

-- How many items of each bank are in which state with their newest version, and since when the oldest of them.
-- name: state_counts :many
-- out: standard text, method text, kind text, state text, count int, since text?
SELECT i.standard, i.method, i.kind, s.state, count(*) AS count, min(s.moved_on) AS since
FROM item i JOIN item_version v ON v.item_id = i.id JOIN version_state s ON s.version_id = v.id
WHERE v.number = (SELECT max(w.number) FROM item_version w WHERE w.item_id = i.id)
GROUP BY i.standard, i.method, i.kind, s.state ORDER BY i.standard, i.method, i.kind, s.state;

-- name: question_count :one
-- in: standard text, method text
-- out: count int
SELECT count(*) AS count FROM item WHERE standard = :standard AND method = :method AND kind = 'question';

-- name: version_body :one
-- in: id int
-- out: body text
SELECT body FROM item_version WHERE id = :id;

-- name: decision_add :exec
-- in: standard text, subject text, choice text, made_by text, made_on text, reason text, source text?
INSERT INTO decision (standard, subject, choice, made_by, made_on, reason, source)
VALUES (:standard, :subject, :choice, :made_by, :made_on, :reason, :source);

-- name: decision_all :many
-- in: standard text
-- out: subject text, choice text, made_by text, made_on text, reason text, source text?
SELECT subject, choice, made_by, made_on, reason, source FROM decision d WHERE standard = :standard
	AND id = (SELECT max(id) FROM decision e WHERE e.standard = d.standard AND e.subject = d.subject)
ORDER BY subject;
