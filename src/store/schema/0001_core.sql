-- What the store promises stands here, so that no path round the program breaks it.
-- Bodies are canonical JSON; the columns that rules need are generated from them and so can't disagree.

CREATE TABLE meta (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE standard_version (
	id INTEGER PRIMARY KEY,
	standard TEXT NOT NULL, -- ST0648/1.0
	number INTEGER NOT NULL CHECK (number >= 1),
	body TEXT NOT NULL CHECK (json_valid(body)),
	digest TEXT NOT NULL CHECK (length(digest) = 64),
	UNIQUE (standard, number)
) STRICT;

CREATE TABLE specification_version (
	id INTEGER PRIMARY KEY,
	standard TEXT NOT NULL,
	method TEXT NOT NULL,
	number INTEGER NOT NULL CHECK (number >= 1),
	body TEXT NOT NULL CHECK (json_valid(body)),
	digest TEXT NOT NULL CHECK (length(digest) = 64),
	UNIQUE (standard, method, number)
) STRICT;

CREATE TABLE item (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL UNIQUE,
	standard TEXT NOT NULL,
	method TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('question', 'case-study-theme'))
) STRICT;
CREATE INDEX item_by_method ON item (standard, method, kind);

CREATE TABLE item_version (
	id INTEGER PRIMARY KEY,
	item_id INTEGER NOT NULL REFERENCES item,
	number INTEGER NOT NULL CHECK (number >= 1),
	body TEXT NOT NULL CHECK (json_valid(body)),
	digest TEXT NOT NULL CHECK (length(digest) = 64),
	author TEXT NOT NULL GENERATED ALWAYS AS (body ->> '$.author') STORED,
	theme TEXT GENERATED ALWAYS AS (body ->> '$.theme') STORED,
	kind TEXT GENERATED ALWAYS AS (body ->> '$.kind') STORED,
	minutes INTEGER GENERATED ALWAYS AS (body ->> '$.minutes') STORED,
	ksbs TEXT NOT NULL GENERATED ALWAYS AS (body -> '$.ksbs') STORED,
	rivals TEXT GENERATED ALWAYS AS (body -> '$.rivals') STORED,
	UNIQUE (item_id, number)
) STRICT;

-- A second person said that a version may be drawn, from a day until the day before it lapses.
-- The plan: reviewed at least once a year (004:139). There is no grace.
CREATE TABLE approval (
	id INTEGER PRIMARY KEY,
	version_id INTEGER NOT NULL REFERENCES item_version,
	approver TEXT NOT NULL CHECK (trim(approver) <> ''),
	approved_on TEXT NOT NULL CHECK (approved_on IS date(approved_on)),
	lapses_on TEXT NOT NULL CHECK (lapses_on IS date(lapses_on)),
	CHECK (lapses_on > approved_on AND lapses_on <= date(approved_on, '+12 months')),
	UNIQUE (version_id, approved_on)
) STRICT;

CREATE TRIGGER approval_by_another BEFORE INSERT ON approval
WHEN EXISTS (SELECT 1 FROM item_version WHERE id = NEW.version_id AND lower(trim(author)) = lower(trim(NEW.approver)))
BEGIN
	SELECT RAISE(ABORT, 'approval.own: whoever wrote a version can''t approve it');
END;

-- What the sources leave open, decided by a named person. The newest of a subject counts.
CREATE TABLE decision (
	id INTEGER PRIMARY KEY,
	standard TEXT NOT NULL,
	subject TEXT NOT NULL,
	choice TEXT NOT NULL CHECK (json_valid(choice)),
	made_by TEXT NOT NULL CHECK (trim(made_by) <> ''),
	made_on TEXT NOT NULL CHECK (made_on IS date(made_on)),
	reason TEXT NOT NULL CHECK (trim(reason) <> ''),
	source TEXT
) STRICT;
CREATE INDEX decision_by_subject ON decision (standard, subject);

-- A candidate is a reference, not a person. The token is a keyed digest of the reference: it stays when the reference
-- is erased, and so does the guarantee.
CREATE TABLE candidate (
	id INTEGER PRIMARY KEY,
	token TEXT NOT NULL UNIQUE CHECK (length(token) = 64),
	reference TEXT UNIQUE
) STRICT;

CREATE TABLE paper (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL GENERATED ALWAYS AS (printf('P-%06d', id)) VIRTUAL,
	candidate_id INTEGER NOT NULL REFERENCES candidate,
	standard TEXT NOT NULL,
	method TEXT NOT NULL,
	sitting TEXT NOT NULL CHECK (sitting IN ('first', 'resit', 'retake')),
	sat_on TEXT NOT NULL CHECK (sat_on IS date(sat_on)),
	snapshot TEXT NOT NULL CHECK (json_valid(snapshot)),
	digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
	record TEXT NOT NULL CHECK (json_valid(record)),
	record_digest TEXT NOT NULL CHECK (length(record_digest) = 64)
) STRICT;
CREATE INDEX paper_by_candidate ON paper (candidate_id, standard, method);

CREATE TABLE withdrawal (
	id INTEGER PRIMARY KEY,
	paper_id INTEGER NOT NULL UNIQUE REFERENCES paper,
	withdrawn_by TEXT NOT NULL CHECK (trim(withdrawn_by) <> ''),
	withdrawn_on TEXT NOT NULL CHECK (withdrawn_on IS date(withdrawn_on)),
	reason TEXT NOT NULL CHECK (trim(reason) <> '')
) STRICT;

-- A candidate's sittings of a method follow each other in time; a first sitting comes once.
CREATE TRIGGER paper_once BEFORE INSERT ON paper
WHEN EXISTS (
	SELECT 1 FROM paper p
	WHERE p.candidate_id = NEW.candidate_id AND p.standard = NEW.standard AND p.method = NEW.method
		AND NOT EXISTS (SELECT 1 FROM withdrawal w WHERE w.paper_id = p.id)
		AND (p.sat_on >= NEW.sat_on OR NEW.sitting = 'first'))
BEGIN
	SELECT RAISE(ABORT, 'paper.drawn: a paper of this candidate stands for that sitting or a later one');
END;

CREATE TABLE paper_item (
	id INTEGER PRIMARY KEY,
	paper_id INTEGER NOT NULL REFERENCES paper,
	position INTEGER NOT NULL CHECK (position >= 1),
	candidate_id INTEGER NOT NULL REFERENCES candidate,
	item_id INTEGER NOT NULL REFERENCES item,
	version_id INTEGER NOT NULL REFERENCES item_version,
	UNIQUE (paper_id, position)
) STRICT;
-- The guarantee: a candidate is never issued the same lineage twice, whatever the version, withdrawn papers too.
CREATE UNIQUE INDEX paper_item_never_twice ON paper_item (candidate_id, item_id);
CREATE INDEX paper_item_by_version ON paper_item (version_id);

CREATE TRIGGER paper_item_fits BEFORE INSERT ON paper_item
WHEN NOT EXISTS (
	SELECT 1 FROM paper p JOIN item_version v ON v.id = NEW.version_id AND v.item_id = NEW.item_id
		JOIN item i ON i.id = v.item_id AND i.standard = p.standard AND i.method = p.method
	WHERE p.id = NEW.paper_id AND p.candidate_id = NEW.candidate_id)
BEGIN
	SELECT RAISE(ABORT, 'paper.item: a paper holds only versions of its own method');
END;

CREATE TRIGGER paper_item_in_force BEFORE INSERT ON paper_item
WHEN NOT EXISTS (
	SELECT 1 FROM approval a JOIN paper p ON p.id = NEW.paper_id
	WHERE a.version_id = NEW.version_id AND a.approved_on <= p.sat_on AND p.sat_on < a.lapses_on)
BEGIN
	SELECT RAISE(ABORT, 'paper.unapproved: only what is approved and within its review date on the day is drawn');
END;

CREATE TRIGGER paper_item_no_rival BEFORE INSERT ON paper_item
WHEN EXISTS (
	SELECT 1 FROM paper_item s JOIN item_version v ON v.id = s.version_id JOIN item i ON i.id = s.item_id
		JOIN item_version n ON n.id = NEW.version_id JOIN item ni ON ni.id = NEW.item_id
	WHERE s.candidate_id = NEW.candidate_id
		AND (EXISTS (SELECT 1 FROM json_each(v.rivals) r WHERE r.value = ni.key)
			OR EXISTS (SELECT 1 FROM json_each(n.rivals) r WHERE r.value = i.key)))
BEGIN
	SELECT RAISE(ABORT, 'paper.rival: a candidate is never issued a rival of a question they had');
END;

-- Every change, as a chain of digests: each entry binds the one before.
CREATE TABLE log (
	sequence INTEGER PRIMARY KEY CHECK (sequence >= 1),
	operation TEXT NOT NULL,
	actor TEXT NOT NULL,
	day TEXT NOT NULL CHECK (day IS date(day)),
	detail TEXT NOT NULL CHECK (json_valid(detail)),
	previous TEXT NOT NULL CHECK (length(previous) = 64),
	digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64)
) STRICT;

CREATE TRIGGER log_follows BEFORE INSERT ON log
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM log)
	OR NEW.previous IS NOT coalesce((SELECT digest FROM log ORDER BY sequence DESC LIMIT 1), printf('%064d', 0))
BEGIN
	SELECT RAISE(ABORT, 'log.chain: an entry follows the last one');
END;

-- Nothing that was written is ever changed or removed.
CREATE TRIGGER standard_version_kept BEFORE UPDATE ON standard_version BEGIN SELECT RAISE(ABORT, 'store.kept: a standard''s version never changes'); END;
CREATE TRIGGER standard_version_stays BEFORE DELETE ON standard_version BEGIN SELECT RAISE(ABORT, 'store.kept: a standard''s version is never deleted'); END;
CREATE TRIGGER specification_version_kept BEFORE UPDATE ON specification_version BEGIN SELECT RAISE(ABORT, 'store.kept: a specification''s version never changes'); END;
CREATE TRIGGER specification_version_stays BEFORE DELETE ON specification_version BEGIN SELECT RAISE(ABORT, 'store.kept: a specification''s version is never deleted'); END;
CREATE TRIGGER item_kept BEFORE UPDATE ON item BEGIN SELECT RAISE(ABORT, 'store.kept: an item never changes'); END;
CREATE TRIGGER item_stays BEFORE DELETE ON item BEGIN SELECT RAISE(ABORT, 'store.kept: an item is never deleted'); END;
CREATE TRIGGER item_version_kept BEFORE UPDATE ON item_version BEGIN SELECT RAISE(ABORT, 'store.kept: a version never changes'); END;
CREATE TRIGGER item_version_stays BEFORE DELETE ON item_version BEGIN SELECT RAISE(ABORT, 'store.kept: a version is never deleted'); END;
CREATE TRIGGER approval_kept BEFORE UPDATE ON approval BEGIN SELECT RAISE(ABORT, 'store.kept: an approval never changes'); END;
CREATE TRIGGER approval_stays BEFORE DELETE ON approval BEGIN SELECT RAISE(ABORT, 'store.kept: an approval is never deleted'); END;
CREATE TRIGGER decision_kept BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'store.kept: a decision never changes'); END;
CREATE TRIGGER decision_stays BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'store.kept: a decision is never deleted'); END;
CREATE TRIGGER paper_kept BEFORE UPDATE ON paper BEGIN SELECT RAISE(ABORT, 'store.kept: a paper never changes'); END;
CREATE TRIGGER paper_stays BEFORE DELETE ON paper BEGIN SELECT RAISE(ABORT, 'store.kept: a paper is never deleted'); END;
CREATE TRIGGER paper_item_kept BEFORE UPDATE ON paper_item BEGIN SELECT RAISE(ABORT, 'store.kept: a paper never changes'); END;
CREATE TRIGGER paper_item_stays BEFORE DELETE ON paper_item BEGIN SELECT RAISE(ABORT, 'store.kept: a paper is never deleted'); END;
CREATE TRIGGER withdrawal_kept BEFORE UPDATE ON withdrawal BEGIN SELECT RAISE(ABORT, 'store.kept: a withdrawal never changes'); END;
CREATE TRIGGER withdrawal_stays BEFORE DELETE ON withdrawal BEGIN SELECT RAISE(ABORT, 'store.kept: a withdrawal is never deleted'); END;
CREATE TRIGGER log_kept BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'store.kept: the log never changes'); END;
CREATE TRIGGER log_stays BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'store.kept: the log is never cut'); END;
CREATE TRIGGER candidate_kept BEFORE UPDATE ON candidate
WHEN NEW.id IS NOT OLD.id OR NEW.token IS NOT OLD.token OR NEW.reference IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'store.kept: a candidate''s reference can only be erased'); END;
CREATE TRIGGER candidate_stays BEFORE DELETE ON candidate BEGIN SELECT RAISE(ABORT, 'store.kept: a candidate is never deleted'); END;

-- The templates that a paper was frozen with: it prints the same bytes for ever, whatever the program's templates become.
CREATE TABLE template (
	digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
	name TEXT NOT NULL,
	text TEXT NOT NULL
) STRICT;
CREATE TRIGGER template_kept BEFORE UPDATE ON template BEGIN SELECT RAISE(ABORT, 'store.kept: a template that a paper was made with never changes'); END;
CREATE TRIGGER template_stays BEFORE DELETE ON template BEGIN SELECT RAISE(ABORT, 'store.kept: a template that a paper was made with is never deleted'); END;
