-- Schema 8: an update is found by what each mail added to it, under the number of the first line
-- that it added. As a whole it was indexed anew with each mail of the day.
CREATE INDEX update_line_text ON update_line(update_id, substr(text, 1, 32));
DELETE FROM search WHERE entity = 'update';
INSERT INTO search (rowid, text, entity, entity_id, team_id)
	SELECT min(l.id) * 8 + 2, group_concat(l.text, char(10)), 'update', min(l.id), u.team_id
	FROM update_line l JOIN status_update u ON u.id = l.update_id
	GROUP BY l.update_id, l.message_id;
