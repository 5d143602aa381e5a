-- Schema 1. Times are UTC seconds; a *_day is a local date "YYYY-MM-DD" of the person it belongs to.
-- Only what SQLite and PostgreSQL share: no rowid, no strftime; booleans are 0 or 1.
-- AUTOINCREMENT: what undo removed leaves a gap, so its history is never taken for another's.

-- People and teams ---------------------------------------------------------------------------
CREATE TABLE team (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,               -- short name, lower case: "platform"
	title TEXT NOT NULL,                     -- for people: "Platform"
	address TEXT NOT NULL UNIQUE,            -- lower case
	zone TEXT NOT NULL,
	default_kind TEXT NOT NULL DEFAULT 'update',
	core_hours TEXT,                         -- "mon-thu 14:00-17:00" in the team's zone
	next_item INTEGER NOT NULL DEFAULT 1,
	created_at INTEGER NOT NULL,
	removed_at INTEGER
);
CREATE TABLE person (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	handle TEXT NOT NULL UNIQUE,             -- for @mentions, lower case: "ana"
	zone TEXT NOT NULL,
	hours TEXT NOT NULL DEFAULT 'mon-fri 09:00-17:00',
	lang TEXT NOT NULL DEFAULT 'en',
	digest TEXT NOT NULL DEFAULT 'daily 08:30', -- or "weekly mon 09:00", "off"
	checkin TEXT NOT NULL DEFAULT '16:30',   -- or "off"
	ack TEXT NOT NULL DEFAULT 'new',         -- always, new, errors
	created_at INTEGER NOT NULL,
	removed_at INTEGER
);
CREATE TABLE address (
	address TEXT PRIMARY KEY,                -- lower case
	person_id INTEGER NOT NULL REFERENCES person(id),
	is_primary INTEGER NOT NULL DEFAULT 1,
	delivery TEXT NOT NULL DEFAULT 'ok',     -- ok, soft, hard: what bounces said
	delivery_at INTEGER,
	delivery_why TEXT
);
CREATE INDEX address_person ON address(person_id);
CREATE TABLE membership (
	team_id INTEGER NOT NULL REFERENCES team(id),
	person_id INTEGER NOT NULL REFERENCES person(id),
	role TEXT NOT NULL,                      -- guest, member, lead
	since INTEGER NOT NULL,
	PRIMARY KEY (team_id, person_id)
);
CREATE INDEX membership_person ON membership(person_id);
CREATE TABLE absence (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	person_id INTEGER NOT NULL REFERENCES person(id),
	first_day TEXT NOT NULL,
	last_day TEXT NOT NULL,
	kind TEXT NOT NULL DEFAULT 'off',
	half_day INTEGER NOT NULL DEFAULT 0,
	cover_id INTEGER REFERENCES person(id),
	note TEXT,
	message_id INTEGER,
	created_at INTEGER NOT NULL,
	ended_at INTEGER
);
CREATE INDEX absence_person ON absence(person_id, first_day);
CREATE TABLE plan (                          -- settings that change at a time to come
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	person_id INTEGER NOT NULL REFERENCES person(id),
	at INTEGER NOT NULL,
	field TEXT NOT NULL,                     -- zone, hours
	value TEXT NOT NULL,
	team_id INTEGER REFERENCES team(id),
	message_id INTEGER
);
CREATE INDEX plan_person ON plan(person_id, at);

-- Work -----------------------------------------------------------------------------------------
CREATE TABLE item (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	team_id INTEGER NOT NULL REFERENCES team(id),
	number INTEGER NOT NULL,                 -- one series per team
	kind TEXT NOT NULL DEFAULT 'task',       -- task, decision
	title TEXT NOT NULL,
	body TEXT NOT NULL DEFAULT '',
	state TEXT NOT NULL DEFAULT 'open',      -- open, started, blocked, done, dropped
	blocked_why TEXT,
	blocked_since INTEGER,
	owner_id INTEGER REFERENCES person(id),
	creator_id INTEGER NOT NULL REFERENCES person(id),
	project TEXT,
	priority INTEGER NOT NULL DEFAULT 0,     -- 0 none, 1 highest .. 4
	due_at INTEGER,                          -- UTC: end of the day, or the moment
	due_day TEXT,                            -- as meant: "2026-11-27" or "2026-11-27T17:00"
	due_zone TEXT,
	estimate INTEGER NOT NULL DEFAULT 0,     -- seconds
	snoozed_until INTEGER,                   -- left out of digests until then
	root_mid TEXT NOT NULL,                  -- Message-ID all its mail refers to, without < >
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	closed_at INTEGER,
	UNIQUE (team_id, number)
);
CREATE INDEX item_first_owner ON item(owner_id, state);
CREATE INDEX item_root ON item(root_mid);
CREATE INDEX item_open ON item(team_id, state, due_at);
CREATE INDEX item_closed ON item(team_id, closed_at);
CREATE TABLE item_owner (                    -- owners beyond the first
	item_id INTEGER NOT NULL REFERENCES item(id),
	person_id INTEGER NOT NULL REFERENCES person(id),
	PRIMARY KEY (item_id, person_id)
);
CREATE TABLE item_tag (
	item_id INTEGER NOT NULL REFERENCES item(id),
	tag TEXT NOT NULL,
	PRIMARY KEY (item_id, tag)
);
CREATE TABLE item_link (
	item_id INTEGER NOT NULL REFERENCES item(id),
	kind TEXT NOT NULL,                      -- depends
	other_id INTEGER NOT NULL REFERENCES item(id),
	PRIMARY KEY (item_id, kind, other_id)
);
CREATE INDEX item_link_other ON item_link(other_id);
CREATE TABLE item_watch (
	item_id INTEGER NOT NULL REFERENCES item(id),
	person_id INTEGER NOT NULL REFERENCES person(id),
	PRIMARY KEY (item_id, person_id)
);
CREATE TABLE comment (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	item_id INTEGER NOT NULL REFERENCES item(id),
	person_id INTEGER NOT NULL REFERENCES person(id),
	message_id INTEGER,
	text TEXT NOT NULL,
	created_at INTEGER NOT NULL
);
CREATE INDEX comment_item ON comment(item_id, created_at);
CREATE TABLE news (                          -- what waits to be told about an item
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	team_id INTEGER NOT NULL REFERENCES team(id),
	person_id INTEGER NOT NULL REFERENCES person(id),
	item_id INTEGER NOT NULL REFERENCES item(id),
	by_id INTEGER NOT NULL REFERENCES person(id),
	message_id INTEGER,
	kind TEXT NOT NULL,                      -- comment, assign, free
	text TEXT,
	at INTEGER NOT NULL
);
CREATE INDEX news_person ON news(team_id, person_id);
CREATE INDEX news_item ON news(item_id);
CREATE INDEX news_message ON news(message_id);
CREATE TABLE status_update (                 -- one a person, team and local day
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	team_id INTEGER NOT NULL REFERENCES team(id),
	person_id INTEGER NOT NULL REFERENCES person(id),
	day TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL,
	UNIQUE (team_id, person_id, day)
);
CREATE INDEX status_update_day ON status_update(team_id, day);
CREATE TABLE update_line (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	update_id INTEGER NOT NULL REFERENCES status_update(id),
	section TEXT NOT NULL,                   -- done, next, blocked, goals, notes
	text TEXT NOT NULL,
	item_id INTEGER REFERENCES item(id),
	message_id INTEGER,
	position INTEGER NOT NULL
);
CREATE INDEX update_line_update ON update_line(update_id, position);
CREATE INDEX update_line_item ON update_line(item_id);
CREATE TABLE entry (                         -- time; a correction is another entry, negative
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	team_id INTEGER NOT NULL REFERENCES team(id),
	person_id INTEGER NOT NULL REFERENCES person(id),
	day TEXT NOT NULL,
	seconds INTEGER NOT NULL,
	started_at INTEGER,                      -- where a range was given
	item_id INTEGER REFERENCES item(id),
	project TEXT,
	billable INTEGER NOT NULL DEFAULT 0,
	note TEXT NOT NULL DEFAULT '',
	message_id INTEGER,
	created_at INTEGER NOT NULL
);
CREATE INDEX entry_person ON entry(person_id, day);
CREATE INDEX entry_team ON entry(team_id, day);
CREATE INDEX entry_item ON entry(item_id);
CREATE TABLE timer (
	person_id INTEGER PRIMARY KEY REFERENCES person(id),
	team_id INTEGER NOT NULL REFERENCES team(id),
	item_id INTEGER REFERENCES item(id),
	started_at INTEGER NOT NULL
);

-- Meetings ---------------------------------------------------------------------------------------
CREATE TABLE meeting (
	id INTEGER PRIMARY KEY,
	team_id INTEGER NOT NULL REFERENCES team(id),
	kind TEXT NOT NULL,                      -- core
	uid TEXT NOT NULL UNIQUE,                -- iCalendar UID, immutable
	sequence INTEGER NOT NULL DEFAULT 0,
	rule TEXT NOT NULL,                      -- what it was made from: "mon-thu 14:00-17:00"
	zone TEXT NOT NULL,
	first_day TEXT NOT NULL,                 -- local day of DTSTART
	cancelled_at INTEGER,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL
);
CREATE TABLE attendee (
	meeting_id INTEGER NOT NULL REFERENCES meeting(id),
	person_id INTEGER NOT NULL REFERENCES person(id),
	partstat TEXT NOT NULL DEFAULT 'NEEDS-ACTION',
	reply_at INTEGER,                        -- DTSTAMP of the reply that counts
	sent_sequence INTEGER,                   -- last SEQUENCE sent to this person
	PRIMARY KEY (meeting_id, person_id)
);

-- Mail in --------------------------------------------------------------------------------------
CREATE TABLE mailbox (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,               -- name in the configuration
	uidvalidity INTEGER NOT NULL DEFAULT 0,  -- 0: never opened
	watermark INTEGER NOT NULL DEFAULT 0,    -- every UID up to here is done
	rescan INTEGER NOT NULL DEFAULT 0,       -- a new epoch is read again: no flags on the server yet
	last_ok_at INTEGER,
	last_error TEXT,
	last_error_at INTEGER,
	failures INTEGER NOT NULL DEFAULT 0      -- in a row
);
CREATE TABLE seen (                          -- UIDs above the watermark, and unacknowledged ones
	mailbox_id INTEGER NOT NULL REFERENCES mailbox(id),
	uidvalidity INTEGER NOT NULL,
	uid INTEGER NOT NULL,
	state TEXT NOT NULL,                     -- inflight, applied, acked
	attempts INTEGER NOT NULL DEFAULT 0,
	message_id INTEGER,
	PRIMARY KEY (mailbox_id, uidvalidity, uid)
) WITHOUT ROWID;
CREATE INDEX seen_open ON seen(mailbox_id, state) WHERE state <> 'acked';
CREATE TABLE message (
	id INTEGER PRIMARY KEY,
	key TEXT NOT NULL UNIQUE,                -- SHA-256 of Message-ID, From, Date, Subject, parts;
	                                         -- of a further copy, for a team that the first
	                                         -- did not go to: KEY:TEAMID
	mid TEXT,                                -- Message-ID; not unique, on purpose
	mid_conflict INTEGER NOT NULL DEFAULT 0, -- same Message-ID was seen with another key
	team_id INTEGER REFERENCES team(id),
	person_id INTEGER REFERENCES person(id),
	from_address TEXT,
	subject TEXT,
	date INTEGER,
	received_at INTEGER NOT NULL,
	size INTEGER NOT NULL,
	trust INTEGER NOT NULL,                  -- 0..4 for L0..L4
	outcome TEXT NOT NULL,                   -- applied, held, quarantined, ignored, error
	why TEXT,
	reading TEXT NOT NULL,                   -- JSON
	undo_code TEXT UNIQUE,
	undone_by INTEGER                        -- message that took its effects back
);
CREATE INDEX message_mid ON message(mid);
CREATE TABLE thread (                        -- which Message-ID belongs to which item or prompt
	mid TEXT NOT NULL,
	team_id INTEGER NOT NULL REFERENCES team(id),
	item_id INTEGER REFERENCES item(id),
	kind TEXT NOT NULL,                      -- item, digest, prompt, invite, confirm
	person_id INTEGER REFERENCES person(id),
	created_at INTEGER NOT NULL,
	PRIMARY KEY (mid, team_id)
);
CREATE TABLE held (                          -- L1 mail of a known person that waits for a "yes"
	message_id INTEGER PRIMARY KEY REFERENCES message(id),
	person_id INTEGER NOT NULL REFERENCES person(id),
	team_id INTEGER NOT NULL REFERENCES team(id),
	asked_at INTEGER,
	state TEXT NOT NULL DEFAULT 'waiting'    -- waiting, released, dropped
);
CREATE INDEX held_person ON held(person_id, state);
CREATE TABLE quarantine (
	id INTEGER PRIMARY KEY,
	mailbox_id INTEGER REFERENCES mailbox(id),
	uidvalidity INTEGER,
	uid INTEGER,
	message_id INTEGER REFERENCES message(id),
	why TEXT NOT NULL,
	from_address TEXT,
	subject TEXT,
	size INTEGER NOT NULL DEFAULT 0,
	raw BLOB,                                -- NULL where the mail stays on its server only
	state TEXT NOT NULL DEFAULT 'kept',      -- kept, released, dropped
	created_at INTEGER NOT NULL
);
CREATE INDEX quarantine_state ON quarantine(state, created_at);
CREATE UNIQUE INDEX quarantine_message ON quarantine(message_id);

-- History: never changed, never deleted (but by erasure) ------------------------------------------
CREATE TABLE event (
	id INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	team_id INTEGER REFERENCES team(id),
	person_id INTEGER REFERENCES person(id),
	message_id INTEGER,
	entity TEXT NOT NULL,                    -- item, entry, status_update, absence, person, team
	entity_id INTEGER NOT NULL,
	verb TEXT NOT NULL,
	before TEXT,                             -- JSON of what changed, NULL when created
	after TEXT                               -- JSON, NULL when removed
);
CREATE INDEX event_entity ON event(entity, entity_id);
CREATE INDEX event_message ON event(message_id);
CREATE TRIGGER event_keep BEFORE UPDATE ON event BEGIN
	SELECT RAISE(ABORT, 'events are append-only');
END;

-- Mail out ----------------------------------------------------------------------------------------
CREATE TABLE outbox (
	id INTEGER PRIMARY KEY,
	dedupe_key TEXT NOT NULL UNIQUE,         -- "digest:7:2026-11-22"
	kind TEXT NOT NULL,                      -- digest, ack, error, invite, confirm, item, ...
	team_id INTEGER REFERENCES team(id),
	person_id INTEGER REFERENCES person(id),
	sender TEXT NOT NULL,                    -- MAIL FROM, "" for <>
	rcpt TEXT NOT NULL,
	mid TEXT NOT NULL,                       -- Message-ID, without < >
	bytes BLOB NOT NULL,                     -- the whole mail, CRLF, fixed
	state TEXT NOT NULL DEFAULT 'queued',    -- queued, sending, sent, failed, unknown
	not_before INTEGER NOT NULL,             -- contact hours
	next_try_at INTEGER NOT NULL,
	attempts INTEGER NOT NULL DEFAULT 0,
	unknowns INTEGER NOT NULL DEFAULT 0,     -- times the end was not known: re-sent once at most
	claimed_at INTEGER,
	reply TEXT,                              -- last reply of the server, or what went wrong
	created_at INTEGER NOT NULL,
	sent_at INTEGER
);
CREATE INDEX outbox_due ON outbox(state, next_try_at);
CREATE INDEX outbox_mid ON outbox(mid);
CREATE INDEX outbox_person ON outbox(person_id, kind, created_at);
CREATE TABLE attempt (
	id INTEGER PRIMARY KEY,
	outbox_id INTEGER NOT NULL REFERENCES outbox(id),
	at INTEGER NOT NULL,
	result TEXT NOT NULL,                    -- sent, temp, perm, unknown
	reply TEXT
);
CREATE INDEX attempt_outbox ON attempt(outbox_id);

-- Work that is due at a time -------------------------------------------------------------------------
CREATE TABLE job (
	id INTEGER PRIMARY KEY,
	dedupe_key TEXT NOT NULL UNIQUE,         -- "digest:3:7": one row a thing, moved on when done
	kind TEXT NOT NULL,                      -- digest, quarantine-summary, ...
	team_id INTEGER REFERENCES team(id),
	person_id INTEGER REFERENCES person(id),
	due_at INTEGER NOT NULL,
	last_run_at INTEGER
);
CREATE INDEX job_due ON job(due_at);
CREATE TABLE setting (
	name TEXT PRIMARY KEY,
	value TEXT NOT NULL
);

-- Full text ------------------------------------------------------------------------------------------
CREATE VIRTUAL TABLE search USING fts5(text, entity UNINDEXED, entity_id UNINDEXED,
	team_id UNINDEXED, tokenize = 'unicode61 remove_diacritics 2');
