-- Schema 2: reminders, handovers, calls at any hour, on-call weeks, public holidays.

CREATE TABLE reminder (                      -- to oneself
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	team_id INTEGER NOT NULL REFERENCES team(id),
	person_id INTEGER NOT NULL REFERENCES person(id),
	item_id INTEGER REFERENCES item(id),
	message_id INTEGER,
	at INTEGER NOT NULL,
	text TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	sent_at INTEGER
);
CREATE INDEX reminder_person ON reminder(person_id, sent_at, at);
CREATE INDEX reminder_item ON reminder(item_id);

CREATE TABLE handover (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	team_id INTEGER NOT NULL REFERENCES team(id),
	from_id INTEGER NOT NULL REFERENCES person(id),
	to_id INTEGER NOT NULL REFERENCES person(id),
	message_id INTEGER,
	note TEXT NOT NULL DEFAULT '',
	created_at INTEGER NOT NULL,
	asked INTEGER NOT NULL DEFAULT 0,        -- mails that asked the receiver
	told INTEGER NOT NULL DEFAULT 0,         -- 1: the giver heard that no answer came
	root_mid TEXT                            -- of the first of them: the others refer to it
);
CREATE INDEX handover_to ON handover(to_id);
CREATE TABLE handover_item (
	handover_id INTEGER NOT NULL REFERENCES handover(id),
	item_id INTEGER NOT NULL REFERENCES item(id),
	next TEXT NOT NULL DEFAULT '',           -- the next action, as the giver wrote it
	state TEXT NOT NULL DEFAULT 'waiting',   -- waiting, accepted, declined
	PRIMARY KEY (handover_id, item_id)
);
CREATE INDEX handover_item_item ON handover_item(item_id, state);

CREATE TABLE page (                          -- a call that reaches people at any hour
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	team_id INTEGER NOT NULL REFERENCES team(id),
	by_id INTEGER NOT NULL REFERENCES person(id),
	for_id INTEGER REFERENCES person(id),    -- who is called first; NULL: who is on call
	item_id INTEGER REFERENCES item(id),
	message_id INTEGER,
	text TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	root_mid TEXT,                           -- of the first mail
	ended_at INTEGER,
	ended_by INTEGER REFERENCES person(id)   -- who took it; NULL: nobody did
);
CREATE INDEX page_team ON page(team_id, created_at);
CREATE INDEX page_item ON page(item_id);
CREATE TABLE page_call (                     -- who was told when: never changed
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	page_id INTEGER NOT NULL REFERENCES page(id),
	person_id INTEGER NOT NULL REFERENCES person(id),
	at INTEGER NOT NULL,
	mid TEXT NOT NULL
);
CREATE INDEX page_call_page ON page_call(page_id);
CREATE INDEX page_call_mid ON page_call(mid);

CREATE TABLE oncall (
	team_id INTEGER NOT NULL REFERENCES team(id),
	part TEXT NOT NULL,                      -- turn: by weeks; emergency: if no answer comes
	position INTEGER NOT NULL,
	person_id INTEGER NOT NULL REFERENCES person(id),
	first_day TEXT NOT NULL,                 -- Monday of the first turn
	PRIMARY KEY (team_id, part, position)
);

CREATE TABLE holiday (
	region TEXT NOT NULL,                    -- "de", "pt", or the name of a team's own file
	day TEXT NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (region, day)
);
ALTER TABLE team ADD COLUMN region TEXT;
ALTER TABLE person ADD COLUMN region TEXT;   -- NULL: that of the team

ALTER TABLE news ADD COLUMN outbox_id INTEGER REFERENCES outbox(id); -- told by it, if it goes
CREATE INDEX news_outbox ON news(outbox_id);
ALTER TABLE attendee ADD COLUMN left_out TEXT NOT NULL DEFAULT '';   -- days the series skips
