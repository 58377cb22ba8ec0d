-- Trust: who may do what, what happened after a paper was issued, and what proves it.

-- People. A name is given once and never to another person; who leaves loses their roles and stays in the history.
CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (trim(name) <> ''),
	added_by TEXT NOT NULL,
	added_on TEXT NOT NULL CHECK (added_on IS date(added_on, '+0 days'))
) STRICT;

-- The newest row of a person and a role says whether they hold it.
CREATE TABLE person_role (
	id INTEGER PRIMARY KEY,
	person_id INTEGER NOT NULL REFERENCES person,
	role TEXT NOT NULL CHECK (role IN ('writer', 'reviewer', 'assessor', 'operations', 'auditor', 'admin')),
	held INTEGER NOT NULL CHECK (held IN (0, 1)),
	changed_by TEXT NOT NULL,
	changed_on TEXT NOT NULL CHECK (changed_on IS date(changed_on, '+0 days'))
) STRICT;
CREATE INDEX person_role_by_person ON person_role (person_id, role, id);

-- The newest row counts; an empty verifier takes the password away.
CREATE TABLE password (
	id INTEGER PRIMARY KEY,
	person_id INTEGER NOT NULL REFERENCES person,
	verifier TEXT NOT NULL,
	changed_by TEXT NOT NULL,
	changed_on TEXT NOT NULL CHECK (changed_on IS date(changed_on, '+0 days'))
) STRICT;
CREATE INDEX password_by_person ON password (person_id, id);

-- A person who may not assess a candidate, or anyone of an employer or provider. Never taken back: a newer row may end it.
CREATE TABLE conflict (
	id INTEGER PRIMARY KEY,
	person_id INTEGER NOT NULL REFERENCES person,
	kind TEXT NOT NULL CHECK (kind IN ('candidate', 'employer', 'provider')),
	candidate_id INTEGER REFERENCES candidate,
	organisation TEXT,
	held INTEGER NOT NULL CHECK (held IN (0, 1)),
	reason TEXT NOT NULL CHECK (trim(reason) <> ''),
	declared_by TEXT NOT NULL,
	declared_on TEXT NOT NULL CHECK (declared_on IS date(declared_on, '+0 days')),
	CHECK ((kind = 'candidate') = (candidate_id IS NOT NULL) AND (kind = 'candidate') = (organisation IS NULL))
) STRICT;
CREATE INDEX conflict_by_person ON conflict (person_id);

-- Organisations of a candidate; nothing that says who they are. The newest row counts.
CREATE TABLE candidate_organisation (
	id INTEGER PRIMARY KEY,
	candidate_id INTEGER NOT NULL REFERENCES candidate,
	employer TEXT,
	provider TEXT,
	changed_by TEXT NOT NULL,
	changed_on TEXT NOT NULL CHECK (changed_on IS date(changed_on, '+0 days'))
) STRICT;
CREATE INDEX candidate_organisation_by_candidate ON candidate_organisation (candidate_id, id);

-- Which assessor holds a paper. The newest row counts.
CREATE TABLE assignment (
	id INTEGER PRIMARY KEY,
	paper_id INTEGER NOT NULL REFERENCES paper,
	person_id INTEGER NOT NULL REFERENCES person,
	assigned_by TEXT NOT NULL,
	assigned_on TEXT NOT NULL CHECK (assigned_on IS date(assigned_on, '+0 days'))
) STRICT;
CREATE INDEX assignment_by_paper ON assignment (paper_id, id);

-- Who read confidential text: of an item, or of a paper. The log has the whole story; this finds it.
CREATE TABLE reading (
	id INTEGER PRIMARY KEY,
	person TEXT NOT NULL,
	read_on TEXT NOT NULL CHECK (read_on IS date(read_on, '+0 days')),
	operation TEXT NOT NULL,
	item_id INTEGER REFERENCES item,
	paper_id INTEGER REFERENCES paper,
	CHECK ((item_id IS NULL) <> (paper_id IS NULL))
) STRICT;
CREATE INDEX reading_by_item ON reading (item_id);
CREATE INDEX reading_by_paper ON reading (paper_id);

-- A review of a bank: items are handed out, reviewed by moves of their versions, and the whole is signed off.
CREATE TABLE campaign (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL GENERATED ALWAYS AS (printf('R-%04d', id)) VIRTUAL,
	standard TEXT NOT NULL,
	method TEXT NOT NULL,
	due_on TEXT NOT NULL CHECK (due_on IS date(due_on, '+0 days')),
	reason TEXT NOT NULL CHECK (trim(reason) <> ''),
	after_move INTEGER NOT NULL, -- moves behind this one were made while it was open
	opened_by TEXT NOT NULL,
	opened_on TEXT NOT NULL CHECK (opened_on IS date(opened_on, '+0 days'))
) STRICT;

CREATE TRIGGER campaign_one_open BEFORE INSERT ON campaign
WHEN EXISTS (SELECT 1 FROM campaign c WHERE c.standard = NEW.standard AND c.method = NEW.method
	AND NOT EXISTS (SELECT 1 FROM campaign_close x WHERE x.campaign_id = c.id))
BEGIN
	SELECT RAISE(ABORT, 'campaign.open: a method has one review open at a time');
END;

-- An item of a campaign and who reviews it, nobody at first; the newest row of an item counts.
CREATE TABLE campaign_item (
	id INTEGER PRIMARY KEY,
	campaign_id INTEGER NOT NULL REFERENCES campaign,
	item_id INTEGER NOT NULL REFERENCES item,
	version_id INTEGER NOT NULL REFERENCES item_version,
	reviewer TEXT CHECK (trim(reviewer) <> ''),
	handed_by TEXT NOT NULL,
	handed_on TEXT NOT NULL CHECK (handed_on IS date(handed_on, '+0 days'))
) STRICT;
CREATE INDEX campaign_item_by_campaign ON campaign_item (campaign_id, item_id, id);

CREATE TRIGGER campaign_item_by_another BEFORE INSERT ON campaign_item
WHEN EXISTS (SELECT 1 FROM item_version WHERE id = NEW.version_id AND lower(trim(author)) = lower(trim(NEW.reviewer)))
BEGIN
	SELECT RAISE(ABORT, 'campaign.own: nobody reviews what they wrote');
END;

CREATE TRIGGER campaign_item_while_open BEFORE INSERT ON campaign_item
WHEN EXISTS (SELECT 1 FROM campaign_close WHERE campaign_id = NEW.campaign_id)
BEGIN
	SELECT RAISE(ABORT, 'campaign.closed: nothing is handed out once a review was signed off');
END;

CREATE TABLE campaign_close (
	id INTEGER PRIMARY KEY,
	campaign_id INTEGER NOT NULL UNIQUE REFERENCES campaign,
	statement TEXT NOT NULL CHECK (trim(statement) <> ''),
	certificate TEXT NOT NULL, -- JSON: what was found, frozen
	digest TEXT NOT NULL CHECK (length(digest) = 64),
	closed_by TEXT NOT NULL,
	closed_on TEXT NOT NULL CHECK (closed_on IS date(closed_on, '+0 days'))
) STRICT;

-- What was really asked. A correction is a further record; the newest counts, all are kept.
CREATE TABLE sitting_record (
	id INTEGER PRIMARY KEY,
	paper_id INTEGER NOT NULL REFERENCES paper,
	number INTEGER NOT NULL CHECK (number >= 1),
	body TEXT NOT NULL,
	digest TEXT NOT NULL CHECK (length(digest) = 64),
	outcome TEXT, -- a grade of the method; empty until it is decided
	recorded_by TEXT NOT NULL,
	recorded_on TEXT NOT NULL CHECK (recorded_on IS date(recorded_on, '+0 days')),
	UNIQUE (paper_id, number)
) STRICT;

CREATE TRIGGER sitting_record_fits BEFORE INSERT ON sitting_record
WHEN NEW.number <> 1 + (SELECT count(*) FROM sitting_record WHERE paper_id = NEW.paper_id)
	OR EXISTS (SELECT 1 FROM withdrawal WHERE paper_id = NEW.paper_id)
	OR NEW.recorded_on < (SELECT sat_on FROM paper WHERE id = NEW.paper_id)
	OR NEW.recorded_on < (SELECT max(recorded_on) FROM sitting_record WHERE paper_id = NEW.paper_id)
BEGIN
	SELECT RAISE(ABORT, 'sitting.order: a sitting is recorded from its day on, record after record, while its paper stands');
END;

-- What was sat has happened: it is corrected by a further record, never by taking the paper back.
CREATE TRIGGER withdrawal_unsat BEFORE INSERT ON withdrawal
WHEN EXISTS (SELECT 1 FROM sitting_record WHERE paper_id = NEW.paper_id)
BEGIN
	SELECT RAISE(ABORT, 'paper.recorded: a paper whose sitting was recorded is not withdrawn');
END;

-- What became of each paper, and how many of its questions were suspended or retired since.
CREATE VIEW paper_state AS
SELECT p.id AS paper_id,
	CASE WHEN EXISTS (SELECT 1 FROM withdrawal w WHERE w.paper_id = p.id) THEN 'withdrawn'
		WHEN EXISTS (SELECT 1 FROM sitting_record r WHERE r.paper_id = p.id) THEN 'recorded' ELSE 'issued' END AS state,
	(SELECT count(*) FROM paper_item s JOIN version_state v ON v.version_id = s.version_id
		WHERE s.paper_id = p.id AND v.state <> 'approved') AS unfit
FROM paper p;

-- Words that a candidate heard beside the bank's own: they count as seen in a re-sit.
CREATE TABLE asked_text (
	id INTEGER PRIMARY KEY,
	record_id INTEGER NOT NULL REFERENCES sitting_record,
	candidate_id INTEGER NOT NULL REFERENCES candidate,
	kind TEXT NOT NULL CHECK (kind IN ('own', 'reworded', 'follow-up')),
	item_id INTEGER REFERENCES item, -- of a rewording or follow-up
	text TEXT NOT NULL CHECK (trim(text) <> ''),
	ksbs TEXT NOT NULL -- a JSON list; empty where it was not tagged
) STRICT;
CREATE TRIGGER asked_text_fits BEFORE INSERT ON asked_text
WHEN NEW.candidate_id IS NOT (
	SELECT p.candidate_id FROM sitting_record r JOIN paper p ON p.id = r.paper_id WHERE r.id = NEW.record_id)
BEGIN
	SELECT RAISE(ABORT, 'sitting.candidate: what was asked belongs to the candidate of the paper');
END;
CREATE INDEX asked_text_by_candidate ON asked_text (candidate_id);
CREATE INDEX asked_text_by_record ON asked_text (record_id);

-- Something went wrong. Notes are added, nothing is taken back.
CREATE TABLE incident (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL GENERATED ALWAYS AS (printf('I-%04d', id)) VIRTUAL,
	kind TEXT NOT NULL CHECK (kind IN ('leak', 'error', 'loss', 'malpractice', 'other')),
	summary TEXT NOT NULL CHECK (trim(summary) <> ''),
	item_id INTEGER REFERENCES item,
	paper_id INTEGER REFERENCES paper,
	reported_by TEXT NOT NULL,
	reported_on TEXT NOT NULL CHECK (reported_on IS date(reported_on, '+0 days'))
) STRICT;
CREATE INDEX incident_by_item ON incident (item_id);
CREATE INDEX incident_by_paper ON incident (paper_id);

CREATE TABLE incident_note (
	id INTEGER PRIMARY KEY,
	incident_id INTEGER NOT NULL REFERENCES incident,
	text TEXT NOT NULL CHECK (trim(text) <> ''),
	closes INTEGER NOT NULL CHECK (closes IN (0, 1)),
	noted_by TEXT NOT NULL,
	noted_on TEXT NOT NULL CHECK (noted_on IS date(noted_on, '+0 days'))
) STRICT;
CREATE INDEX incident_note_by_incident ON incident_note (incident_id);

-- Keys that signatures are checked with. The newest signs.
CREATE TABLE public_key (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL UNIQUE CHECK (length(key) = 64), -- Ed25519, hexadecimal
	added_on TEXT NOT NULL CHECK (added_on IS date(added_on, '+0 days'))
) STRICT;

-- Signatures over the bytes of a paper's snapshot, its draw record, a certificate.
CREATE TABLE signature (
	id INTEGER PRIMARY KEY,
	subject TEXT NOT NULL CHECK (subject IN ('paper', 'record', 'certificate')),
	subject_id INTEGER NOT NULL, -- paper or campaign_close
	key_id INTEGER NOT NULL REFERENCES public_key,
	signature TEXT NOT NULL CHECK (length(signature) = 128),
	UNIQUE (subject, subject_id)
) STRICT;

-- The log's head, signed: made after the entry it signs, so no entry binds it; it proves itself.
CREATE TABLE signed_head (
	sequence INTEGER PRIMARY KEY REFERENCES log,
	digest TEXT NOT NULL CHECK (length(digest) = 64),
	key_id INTEGER NOT NULL REFERENCES public_key,
	signature TEXT NOT NULL CHECK (length(signature) = 128)
) STRICT;

-- Nothing that was written is ever changed, removed or replaced.
CREATE TRIGGER person_kept BEFORE UPDATE ON person BEGIN SELECT RAISE(ABORT, 'store.kept: a person never changes'); END;
CREATE TRIGGER person_stays BEFORE DELETE ON person BEGIN SELECT RAISE(ABORT, 'store.kept: a person is never deleted'); END;
CREATE TRIGGER person_role_kept BEFORE UPDATE ON person_role BEGIN SELECT RAISE(ABORT, 'store.kept: a change of roles never changes'); END;
CREATE TRIGGER person_role_stays BEFORE DELETE ON person_role BEGIN SELECT RAISE(ABORT, 'store.kept: a change of roles is never deleted'); END;
CREATE TRIGGER password_kept BEFORE UPDATE ON password BEGIN SELECT RAISE(ABORT, 'store.kept: a change of passwords never changes'); END;
CREATE TRIGGER password_stays BEFORE DELETE ON password BEGIN SELECT RAISE(ABORT, 'store.kept: a change of passwords is never deleted'); END;
CREATE TRIGGER conflict_kept BEFORE UPDATE ON conflict BEGIN SELECT RAISE(ABORT, 'store.kept: a conflict of interest never changes'); END;
CREATE TRIGGER conflict_stays BEFORE DELETE ON conflict BEGIN SELECT RAISE(ABORT, 'store.kept: a conflict of interest is never deleted'); END;
CREATE TRIGGER candidate_organisation_kept BEFORE UPDATE ON candidate_organisation BEGIN SELECT RAISE(ABORT, 'store.kept: a candidate''s organisation never changes'); END;
CREATE TRIGGER candidate_organisation_stays BEFORE DELETE ON candidate_organisation BEGIN SELECT RAISE(ABORT, 'store.kept: a candidate''s organisation is never deleted'); END;
CREATE TRIGGER assignment_kept BEFORE UPDATE ON assignment BEGIN SELECT RAISE(ABORT, 'store.kept: an assignment never changes'); END;
CREATE TRIGGER assignment_stays BEFORE DELETE ON assignment BEGIN SELECT RAISE(ABORT, 'store.kept: an assignment is never deleted'); END;
CREATE TRIGGER reading_kept BEFORE UPDATE ON reading BEGIN SELECT RAISE(ABORT, 'store.kept: a reading never changes'); END;
CREATE TRIGGER reading_stays BEFORE DELETE ON reading BEGIN SELECT RAISE(ABORT, 'store.kept: a reading is never deleted'); END;
CREATE TRIGGER campaign_kept BEFORE UPDATE ON campaign BEGIN SELECT RAISE(ABORT, 'store.kept: a review never changes'); END;
CREATE TRIGGER campaign_stays BEFORE DELETE ON campaign BEGIN SELECT RAISE(ABORT, 'store.kept: a review is never deleted'); END;
CREATE TRIGGER campaign_item_kept BEFORE UPDATE ON campaign_item BEGIN SELECT RAISE(ABORT, 'store.kept: a handing out never changes'); END;
CREATE TRIGGER campaign_item_stays BEFORE DELETE ON campaign_item BEGIN SELECT RAISE(ABORT, 'store.kept: a handing out is never deleted'); END;
CREATE TRIGGER campaign_close_kept BEFORE UPDATE ON campaign_close BEGIN SELECT RAISE(ABORT, 'store.kept: a sign-off never changes'); END;
CREATE TRIGGER campaign_close_stays BEFORE DELETE ON campaign_close BEGIN SELECT RAISE(ABORT, 'store.kept: a sign-off is never deleted'); END;
CREATE TRIGGER sitting_record_kept BEFORE UPDATE ON sitting_record BEGIN SELECT RAISE(ABORT, 'store.kept: a sitting''s record never changes'); END;
CREATE TRIGGER sitting_record_stays BEFORE DELETE ON sitting_record BEGIN SELECT RAISE(ABORT, 'store.kept: a sitting''s record is never deleted'); END;
CREATE TRIGGER asked_text_kept BEFORE UPDATE ON asked_text BEGIN SELECT RAISE(ABORT, 'store.kept: what was asked never changes'); END;
CREATE TRIGGER asked_text_stays BEFORE DELETE ON asked_text BEGIN SELECT RAISE(ABORT, 'store.kept: what was asked is never deleted'); END;
CREATE TRIGGER incident_kept BEFORE UPDATE ON incident BEGIN SELECT RAISE(ABORT, 'store.kept: an incident never changes'); END;
CREATE TRIGGER incident_stays BEFORE DELETE ON incident BEGIN SELECT RAISE(ABORT, 'store.kept: an incident is never deleted'); END;
CREATE TRIGGER incident_note_kept BEFORE UPDATE ON incident_note BEGIN SELECT RAISE(ABORT, 'store.kept: a note never changes'); END;
CREATE TRIGGER incident_note_stays BEFORE DELETE ON incident_note BEGIN SELECT RAISE(ABORT, 'store.kept: a note is never deleted'); END;
CREATE TRIGGER public_key_kept BEFORE UPDATE ON public_key BEGIN SELECT RAISE(ABORT, 'store.kept: a key never changes'); END;
CREATE TRIGGER public_key_stays BEFORE DELETE ON public_key BEGIN SELECT RAISE(ABORT, 'store.kept: a key is never deleted'); END;
CREATE TRIGGER signature_kept BEFORE UPDATE ON signature BEGIN SELECT RAISE(ABORT, 'store.kept: a signature never changes'); END;
CREATE TRIGGER signature_stays BEFORE DELETE ON signature BEGIN SELECT RAISE(ABORT, 'store.kept: a signature is never deleted'); END;
CREATE TRIGGER signed_head_kept BEFORE UPDATE ON signed_head BEGIN SELECT RAISE(ABORT, 'store.kept: a signed head never changes'); END;
CREATE TRIGGER signed_head_stays BEFORE DELETE ON signed_head BEGIN SELECT RAISE(ABORT, 'store.kept: a signed head is never deleted'); END;
CREATE TRIGGER person_once BEFORE INSERT ON person WHEN EXISTS (
	SELECT 1 FROM person WHERE id = NEW.id OR name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of person already'); END;
CREATE TRIGGER person_role_once BEFORE INSERT ON person_role WHEN EXISTS (
	SELECT 1 FROM person_role WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of person_role already'); END;
CREATE TRIGGER password_once BEFORE INSERT ON password WHEN EXISTS (
	SELECT 1 FROM password WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of password already'); END;
CREATE TRIGGER conflict_once BEFORE INSERT ON conflict WHEN EXISTS (
	SELECT 1 FROM conflict WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of conflict already'); END;
CREATE TRIGGER candidate_organisation_once BEFORE INSERT ON candidate_organisation WHEN EXISTS (
	SELECT 1 FROM candidate_organisation WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of candidate_organisation already'); END;
CREATE TRIGGER assignment_once BEFORE INSERT ON assignment WHEN EXISTS (
	SELECT 1 FROM assignment WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of assignment already'); END;
CREATE TRIGGER reading_once BEFORE INSERT ON reading WHEN EXISTS (
	SELECT 1 FROM reading WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of reading already'); END;
CREATE TRIGGER campaign_once BEFORE INSERT ON campaign WHEN EXISTS (
	SELECT 1 FROM campaign WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of campaign already'); END;
CREATE TRIGGER campaign_item_once BEFORE INSERT ON campaign_item WHEN EXISTS (
	SELECT 1 FROM campaign_item WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of campaign_item already'); END;
CREATE TRIGGER campaign_close_once BEFORE INSERT ON campaign_close WHEN EXISTS (
	SELECT 1 FROM campaign_close WHERE id = NEW.id OR campaign_id = NEW.campaign_id)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of campaign_close already'); END;
CREATE TRIGGER sitting_record_once BEFORE INSERT ON sitting_record WHEN EXISTS (
	SELECT 1 FROM sitting_record WHERE id = NEW.id OR (paper_id = NEW.paper_id AND number = NEW.number))
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of sitting_record already'); END;
CREATE TRIGGER asked_text_once BEFORE INSERT ON asked_text WHEN EXISTS (
	SELECT 1 FROM asked_text WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of asked_text already'); END;
CREATE TRIGGER incident_once BEFORE INSERT ON incident WHEN EXISTS (
	SELECT 1 FROM incident WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of incident already'); END;
CREATE TRIGGER incident_note_once BEFORE INSERT ON incident_note WHEN EXISTS (
	SELECT 1 FROM incident_note WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of incident_note already'); END;
CREATE TRIGGER public_key_once BEFORE INSERT ON public_key WHEN EXISTS (
	SELECT 1 FROM public_key WHERE id = NEW.id OR key = NEW.key)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of public_key already'); END;
CREATE TRIGGER signature_once BEFORE INSERT ON signature WHEN EXISTS (
	SELECT 1 FROM signature WHERE id = NEW.id OR (subject = NEW.subject AND subject_id = NEW.subject_id))
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of signature already'); END;
CREATE TRIGGER signed_head_once BEFORE INSERT ON signed_head WHEN EXISTS (
	SELECT 1 FROM signed_head WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'store.there: the store has this row of signed_head already'); END;
