-- Schema 10: who leaves an item out of their digest does so for themselves alone. What was snoozed
-- for everybody is snoozed for its owners.
CREATE TABLE item_snooze (
	item_id INTEGER NOT NULL REFERENCES item(id),
	person_id INTEGER NOT NULL REFERENCES person(id),
	until INTEGER NOT NULL,                  -- left out of that person's digests until then
	PRIMARY KEY (item_id, person_id)
);
INSERT INTO item_snooze (item_id, person_id, until)
	SELECT i.id, o.person_id, i.snoozed_until FROM item i
	JOIN (SELECT id AS item_id, owner_id AS person_id FROM item WHERE owner_id IS NOT NULL
		UNION SELECT item_id, person_id FROM item_owner) o ON o.item_id = i.id
	WHERE i.snoozed_until > 0;
ALTER TABLE item DROP COLUMN snoozed_until;
