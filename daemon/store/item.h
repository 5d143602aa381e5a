/* SPDX-License-Identifier: ISC */
/* store/item: items with their lists (owners, tags, links, watchers). An item is read and
 * written whole; item_save writes what differs. A look-up that finds nothing gives NULL. */
#ifndef TD_STORE_ITEM_H
#define TD_STORE_ITEM_H

#include "daemon/model/item.h"
#include "daemon/store/db.h"

/* Adds the item: allocates its number in this transaction, makes root_mid where it is NULL
 * ("item-42.platform@DOMAIN of the team"), sets id and number, writes its lists. */
TD_CHECK enum td_status item_add(struct db *db, struct arena *arena, struct item *item,
    struct err *err);
/* Writes what differs between the two (the same item, before and after). */
TD_CHECK enum td_status item_save(struct db *db, const struct item *before,
    const struct item *after, struct err *err);
TD_CHECK enum td_status item_by_id(struct db *db, struct arena *arena, int64_t id,
    struct item **item_r, struct err *err);
TD_CHECK enum td_status item_by_number(struct db *db, struct arena *arena, int64_t team_id,
    uint32_t number, struct item **item_r, struct err *err);

struct item_filter {
	int64_t team_id;      /* 0: any */
	int64_t owner_id;     /* 0: any; only as first owner or one of the others */
	bool open_only;       /* not done, not dropped */
	bool blocked_only;
	int64_t due_before;   /* 0: any; else due_at < this */
	int64_t closed_since; /* 0: any; else closed at or after */
	const char *project;  /* NULL: any; case does not matter (ASCII) */
	const char *kind;     /* NULL: any; "decision" */
	const char *tag;      /* NULL: any; lower case */
	int64_t limit;        /* 0: 1,000 */
};
/* Blocked first, then by due date (none last), priority (none last), number. */
TD_CHECK enum td_status item_list(struct db *db, struct arena *arena,
    const struct item_filter *filter, struct item **items_r, size_t *n_r, struct err *err);
/* Those that wait for the item and are not closed, by number. */
TD_CHECK enum td_status item_waiting(struct db *db, struct arena *arena, int64_t item_id,
    struct item **items_r, size_t *n_r, struct err *err);
/* Would "item depends on other" close a circle? */
TD_CHECK enum td_status item_circle(struct db *db, int64_t item_id, int64_t other_id,
    bool *circle_r, struct err *err);
/* Makes item depend on other now; item_save would with the item's other lists. */
TD_CHECK enum td_status item_link(struct db *db, int64_t item_id, int64_t other_id,
    struct err *err);
TD_CHECK enum td_status item_unlink(struct db *db, int64_t item_id, int64_t other_id,
    struct err *err);

/* Only for undo: what refers to the item ("a comment", "time", "an update", "a link", "a timer";
 * NULL: nothing), and the removal of one that nothing refers to. Its number stays used. */
TD_CHECK enum td_status item_used(struct db *db, int64_t id, const char **what_r,
    struct err *err);
TD_CHECK enum td_status item_remove(struct db *db, const struct item *item, struct err *err);

#endif
