-- Schema 7: time sheets, and the rules of logged time.
CREATE TABLE sheet (                         -- a week that was handed in
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	team_id INTEGER NOT NULL REFERENCES team(id),
	person_id INTEGER NOT NULL REFERENCES person(id),
	week TEXT NOT NULL,                      -- "2026-W41"
	state TEXT NOT NULL,                     -- submitted, approved, rejected
	seconds INTEGER NOT NULL,                -- when it was handed in, or approved
	reason TEXT,
	message_id INTEGER,
	submitted_at INTEGER NOT NULL,
	judged_by INTEGER REFERENCES person(id),
	judged_at INTEGER,
	told_at INTEGER,                         -- the person heard what became of it
	UNIQUE (team_id, person_id, week)
);
CREATE INDEX sheet_state ON sheet(team_id, state);
ALTER TABLE entry ADD COLUMN by_id INTEGER REFERENCES person(id); -- a lead; NULL: the person
ALTER TABLE entry ADD COLUMN correction INTEGER NOT NULL DEFAULT 0; -- written into a locked week
CREATE TABLE target (                        -- hours that a person is to work
	person_id INTEGER PRIMARY KEY REFERENCES person(id),
	seconds INTEGER NOT NULL,
	weekly INTEGER NOT NULL                  -- else for each working day
);
CREATE TABLE rounding (                      -- of what is logged in a team
	team_id INTEGER PRIMARY KEY REFERENCES team(id),
	step INTEGER NOT NULL,                   -- seconds
	way INTEGER NOT NULL                     -- 0 nearest, 1 up, 2 down
);
