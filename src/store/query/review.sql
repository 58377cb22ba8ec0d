-- Items with the version that counts on a day (the newest that was ever approved, else the newest), the state it is in, when
-- its approval lapses, and what the open review of its method says of it: who reviews it, and whether somebody has.
-- name: review_items :many
-- in: standard text?, method text?, day text
-- out: item int, key text, standard text, method text, kind text, theme text?, version_id int, version int, author text, state text, moved_by text?, moved_on text?, approver text?, lapses_on text?, overruled int, campaign int?, campaign_due text?, handed_to text?, handed_on text?, reviewed int
SELECT i.id AS item, i.key, i.standard, i.method, i.kind, v.theme, v.id AS version_id, v.number AS version, v.author,
	s.state, s.moved_by, s.moved_on, a.made_by AS approver,
	(SELECT max(n.lapses_on) FROM move n WHERE n.version_id = v.id) AS lapses_on,
	EXISTS (SELECT 1 FROM version_overruled o WHERE o.version_id = v.id) AS overruled, c.id AS campaign, c.due_on AS campaign_due, h.reviewer AS handed_to, h.handed_on, coalesce(s.move_id > c.after_move, 0) AS reviewed
FROM item i
	JOIN item_version v ON v.id = coalesce(
		(SELECT w.id FROM item_version w WHERE w.item_id = i.id AND EXISTS (
			SELECT 1 FROM move b WHERE b.version_id = w.id AND b.state = 'approved' AND b.made_on <= :day) ORDER BY w.number DESC LIMIT 1),
		(SELECT w.id FROM item_version w WHERE w.item_id = i.id ORDER BY w.number DESC LIMIT 1))
	JOIN version_state s ON s.version_id = v.id
	LEFT JOIN move a ON a.id = (SELECT max(n.id) FROM move n WHERE n.version_id = v.id AND n.state = 'approved')
	LEFT JOIN campaign c ON c.standard = i.standard AND c.method = i.method
		AND NOT EXISTS (SELECT 1 FROM campaign_close x WHERE x.campaign_id = c.id)
		AND EXISTS (SELECT 1 FROM campaign_item n WHERE n.campaign_id = c.id AND n.item_id = i.id)
	LEFT JOIN campaign_item h ON h.id = (SELECT max(n.id) FROM campaign_item n WHERE n.campaign_id = c.id AND n.item_id = i.id)
WHERE (:standard IS NULL OR i.standard = :standard) AND (:method IS NULL OR i.method = :method)
ORDER BY i.method, i.key;

-- Versions that wait for a reviewer; due: when the approval lapses whose place they would take.
-- name: review_submitted :many
-- out: key text, standard text, method text, theme text?, version int, author text, submitted_on text, due text?
SELECT i.key, i.standard, i.method, v.theme, v.number AS version, v.author, s.moved_on AS submitted_on,
	(SELECT max(a.lapses_on) FROM move a JOIN item_version w ON w.id = a.version_id WHERE w.item_id = i.id) AS due
FROM item_version v JOIN item i ON i.id = v.item_id
	JOIN version_state s ON s.version_id = v.id AND s.state = 'submitted'
WHERE v.number = (SELECT max(w.number) FROM item_version w WHERE w.item_id = v.item_id) -- an edit since puts it off
ORDER BY i.key, v.number;

-- name: campaign_add :exec
-- in: standard text, method text, due_on text, reason text, opened_by text, opened_on text
INSERT INTO campaign (standard, method, due_on, reason, after_move, opened_by, opened_on)
SELECT :standard, :method, :due_on, :reason, coalesce((SELECT max(id) FROM move), 0), :opened_by, :opened_on;

-- name: campaign_item_add :exec
-- in: campaign int, item int, version int, reviewer text?, handed_by text, handed_on text
INSERT INTO campaign_item (campaign_id, item_id, version_id, reviewer, handed_by, handed_on)
VALUES (:campaign, :item, :version, :reviewer, :handed_by, :handed_on);

-- name: campaign_close_add :exec
-- in: campaign int, statement text, certificate text, digest text, closed_by text, closed_on text
INSERT INTO campaign_close (campaign_id, statement, certificate, digest, closed_by, closed_on)
VALUES (:campaign, :statement, :certificate, :digest, :closed_by, :closed_on);

-- One campaign, those of a method, or all; with the number of their items.
-- name: campaign_all :many
-- in: id int?, standard text?, method text?
-- out: id int, key text, standard text, method text, due_on text, reason text, opened_by text, opened_on text, items int, close int?, closed_by text?, closed_on text?, certificate text?, digest text?
SELECT c.id, c.key, c.standard, c.method, c.due_on, c.reason, c.opened_by, c.opened_on,
	(SELECT count(DISTINCT n.item_id) FROM campaign_item n WHERE n.campaign_id = c.id) AS items,
	x.id AS close, x.closed_by, x.closed_on, x.certificate, x.digest
FROM campaign c LEFT JOIN campaign_close x ON x.campaign_id = c.id
WHERE (:id IS NULL OR c.id = :id) AND (:standard IS NULL OR c.standard = :standard) AND (:method IS NULL OR c.method = :method)
ORDER BY c.id;

-- How often each item of a method was issued, in any version, withdrawn papers too.
-- name: issued_counts :many
-- in: standard text, method text
-- out: item int, issued int
SELECT s.item_id AS item, count(*) AS issued FROM paper_item s JOIN item i ON i.id = s.item_id
WHERE i.standard = :standard AND i.method = :method GROUP BY s.item_id ORDER BY s.item_id;

-- Who holds which role.
-- name: role_holders :many
-- out: person text, role text
SELECT p.name AS person, r.role FROM person_role r JOIN person p ON p.id = r.person_id
WHERE r.held = 1 AND r.id = (SELECT max(s.id) FROM person_role s WHERE s.person_id = r.person_id AND s.role = r.role)
ORDER BY p.name, r.role;
