-- Schema 11: of an entry also what was said: the seconds before rounding where they differ, and
-- the zone of the person when it was logged.
ALTER TABLE entry ADD COLUMN said INTEGER;
ALTER TABLE entry ADD COLUMN zone TEXT;
