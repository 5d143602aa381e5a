/* SPDX-License-Identifier: ISC */
/* jobs-fixture: the store fixture at moments of its week, with rounds of jobs and what they
 * queue. */
#ifndef TD_JOBS_FIXTURE_H
#define TD_JOBS_FIXTURE_H

#include "tests/unit/store-fixture.h"

#include "daemon/model/item.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/item.h"
#include "daemon/store/outbox.h"
#include "daemon/store/status_update.h"

/* The fixture's NOON is Saturday 21 November 2026, 12:00 UTC. */
#define HOUR 3600
#define DAY 86400
#define AT(day, hour, minute) (NOON + ((day) - 21) * DAY + ((hour) - 12) * HOUR + (minute) * 60)

static inline int64_t
run(struct fixture *fx, int64_t now)
{
	static const struct conf conf;
	int64_t next = 0;

	jobs_look_again();
	td_ok(fx, jobs_run(fx->db, &conf, now, &next, &fx->err));
	return next;
}

/* The row of that key, NULL where nothing was queued. */
static inline struct outbox *
queued(struct fixture *fx, const char *key)
{
	struct outbox *rows, *row;
	size_t n;

	td_ok(fx, outbox_list(fx->db, fx->arena, NULL, 1000, &rows, &n, &fx->err));
	for (size_t i = 0; i < n; i++) {
		if (strcmp(rows[i].dedupe_key, key) != 0)
			continue;
		td_ok(fx, outbox_by_id(fx->db, fx->arena, rows[i].id, &row, &fx->err));
		return row;
	}
	return NULL;
}

static inline size_t
count_queued(struct fixture *fx)
{
	struct outbox *rows;
	size_t n;

	td_ok(fx, outbox_list(fx->db, fx->arena, NULL, 1000, &rows, &n, &fx->err));
	return n;
}

static inline bool
holds(const struct outbox *row, const char *text)
{
	return span_find(row->bytes, span_of(text)) < row->bytes.len;
}

static inline int64_t
add_item(struct fixture *fx, const char *title, int64_t owner, int64_t due_at, const char *due_day)
{
	struct item item = {.team_id = fx->team.id, .kind = "task", .title = title, .body = "",
	    .creator_id = fx->ana.id, .due_at = due_at, .due_day = due_day,
	    .due_zone = due_at != 0 ? "Europe/Lisbon" : NULL, .created_at = NOON,
	    .updated_at = NOON};

	if (owner != 0)
		item_add_owner(fx->arena, &item, owner);
	td_ok(fx, item_add(fx->db, fx->arena, &item, &fx->err));
	return item.id;
}

static inline void
block(struct fixture *fx, int64_t id, const char *why, int64_t now)
{
	struct item *item, *before;

	td_ok(fx, item_by_id(fx->db, fx->arena, id, &item, &fx->err));
	before = item_copy(fx->arena, item);
	item_set_state(item, ITEM_BLOCKED, why, now);
	td_ok(fx, item_save(fx->db, before, item, &fx->err));
}

static inline void
close_item(struct fixture *fx, int64_t id, int64_t now)
{
	struct item *item, *before;

	td_ok(fx, item_by_id(fx->db, fx->arena, id, &item, &fx->err));
	before = item_copy(fx->arena, item);
	item_set_state(item, ITEM_DONE, NULL, now);
	td_ok(fx, item_save(fx->db, before, item, &fx->err));
}

static inline void
update_item(struct fixture *fx, int64_t person, const char *day, const char *section,
    const char *text, int64_t item_id)
{
	struct update_line line = {.section = section, .text = text, .item_id = item_id};
	int64_t id;
	bool added;

	td_ok(fx, status_update_get(fx->db, fx->team.id, person, day, NOON, &id, NULL, &fx->err));
	td_ok(fx, status_update_add_line(fx->db, id, &line, &added, &fx->err));
}

static inline void
update(struct fixture *fx, int64_t person, const char *day, const char *section, const char *text)
{
	update_item(fx, person, day, section, text, 0);
}

#endif
