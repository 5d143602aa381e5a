-- Schema 3: where the last calendar mail goes of a person who was removed altogether.

ALTER TABLE attendee ADD COLUMN last_address TEXT;
