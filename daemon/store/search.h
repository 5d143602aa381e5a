/* SPDX-License-Identifier: ISC */
/*
 * store/search: full text over items, comments and updates. This is the one file that knows the
 * engine's full-text search; elsewhere it is one call to index and one to ask.
 */
#ifndef TD_STORE_SEARCH_H
#define TD_STORE_SEARCH_H

#include "daemon/store/db.h"

enum search_entity { SEARCH_ITEM, SEARCH_COMMENT, SEARCH_UPDATE };

struct search_hit {
	enum search_entity entity;
	int64_t entity_id;
	const char *snippet; /* one line, matches between [ and ] */
};

/* Sets the text of one thing; NULL removes it. Cost does not grow with the store. */
TD_CHECK enum td_status search_set(struct db *db, enum search_entity entity, int64_t entity_id,
    int64_t team_id, const char *text, struct err *err);
/* Things of a team that hold all the words, best first. Words are taken literally: no operator
 * of the engine passes; a word with a closing '*' is a beginning, one with '-' must not occur,
 * "…" is a phrase. No word at all gives no hit. */
TD_CHECK enum td_status search_query(struct db *db, struct arena *arena, int64_t team_id,
    const char *words, int64_t limit, struct search_hit **hits_r, size_t *n_r, struct err *err);

/* Asks for each text that is indexed what is to stand in its place; change gives the text itself
 * back, or another. Reads all. */
typedef const char *search_change(void *user, const char *text);
TD_CHECK enum td_status search_rewrite(struct db *db, struct arena *arena, search_change *change,
    void *user, struct err *err);
/* Words that stood in texts which were changed or removed leave the index for good; until then they
 * are only marked as gone. Not in a transaction that is rolled back: it may be long. */
TD_CHECK enum td_status search_forget(struct db *db, struct err *err);

#endif
