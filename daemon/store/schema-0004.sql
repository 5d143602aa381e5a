-- Schema 4: decisions. A decision is an item; here is what it has beyond one.
ALTER TABLE item ADD COLUMN outcome TEXT;      -- what was decided, NULL while it is open
ALTER TABLE item ADD COLUMN outcome_how TEXT;  -- vote, default, resolve
ALTER TABLE item ADD COLUMN outcome_why TEXT;  -- the reason of a /resolve
CREATE INDEX item_kind ON item(team_id, kind);
CREATE TABLE item_option (
	item_id INTEGER NOT NULL REFERENCES item(id),
	position INTEGER NOT NULL,               -- from 1; the first is the default
	text TEXT NOT NULL,
	PRIMARY KEY (item_id, position)
);
CREATE TABLE vote (                          -- one a person: the last one counts
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	item_id INTEGER NOT NULL REFERENCES item(id),
	person_id INTEGER NOT NULL REFERENCES person(id),
	choice TEXT NOT NULL,                    -- agree, object, abstain, option
	option TEXT,                             -- the text of the option
	reason TEXT,
	message_id INTEGER,
	at INTEGER NOT NULL,
	UNIQUE (item_id, person_id)
);
