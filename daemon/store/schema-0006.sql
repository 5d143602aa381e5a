-- Schema 6: the files of Maildirs, each with the number that takes the place of a UID.
CREATE TABLE mailbox_file (
	mailbox_id INTEGER NOT NULL REFERENCES mailbox(id),
	uid INTEGER NOT NULL,
	name TEXT NOT NULL,                      -- unique name, without the flags behind ":"
	PRIMARY KEY (mailbox_id, uid)
);
