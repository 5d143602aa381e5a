-- Schema 9: which weeks of a person were spoken of already, by the day number of their Monday: the
-- last one at all, and the last one that ended a run of weeks over the target.
ALTER TABLE person ADD COLUMN week_told INTEGER;
ALTER TABLE person ADD COLUMN streak_told INTEGER;
