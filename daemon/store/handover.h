/* SPDX-License-Identifier: ISC */
/* store/handover: what one person hands over to another, item by item, and what became of it. */
#ifndef TD_STORE_HANDOVER_H
#define TD_STORE_HANDOVER_H

#include "daemon/store/db.h"

enum handover_state { HANDOVER_WAITING, HANDOVER_ACCEPTED, HANDOVER_DECLINED };

struct handover {
	int64_t id;
	int64_t team_id;
	int64_t from_id;
	int64_t to_id;
	int64_t message_id;
	const char *note;     /* "" without */
	int64_t created_at;
	int64_t asked;        /* mails to the receiver so far */
	bool told;            /* the giver heard that no answer came */
	const char *root_mid; /* of the first mail; NULL: none yet */
};

struct handover_item {
	int64_t handover_id;
	int64_t item_id;
	const char *next; /* the next action, "" without */
	enum handover_state state;
};

const char *handover_state_name(enum handover_state state);

TD_CHECK enum td_status handover_add(struct db *db, struct handover *handover, struct err *err);
TD_CHECK enum td_status handover_add_item(struct db *db, const struct handover_item *item,
    struct err *err);
TD_CHECK enum td_status handover_by_id(struct db *db, struct arena *arena, int64_t id,
    struct handover **handover_r, struct err *err); /* NULL when there is none */
TD_CHECK enum td_status handover_items(struct db *db, struct arena *arena, int64_t id,
    struct handover_item **items_r, size_t *n_r, struct err *err); /* by item */
/* Those of an item, oldest first: all, or those that wait for an answer. */
TD_CHECK enum td_status handover_of_item(struct db *db, struct arena *arena, int64_t item_id,
    bool waiting_only, struct handover **handovers_r, size_t *n_r, struct err *err);
TD_CHECK enum td_status handover_set_state(struct db *db, int64_t id, int64_t item_id,
    enum handover_state state, struct err *err);
/* One more mail asked; the first one's Message-ID becomes the thread's root. */
TD_CHECK enum td_status handover_asked(struct db *db, int64_t id, const char *mid,
    struct err *err);
TD_CHECK enum td_status handover_told(struct db *db, int64_t id, struct err *err);
TD_CHECK enum td_status handover_remove(struct db *db, int64_t id, struct err *err);

#endif
