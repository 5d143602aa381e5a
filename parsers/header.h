/* SPDX-License-Identifier: ISC */
/*
 * header: the header block of a mail, cut into fields, and the facts of a reading's message.
 * header_split first; its spans point into the mail. Nothing here recurses, and each field is
 * read once.
 */
#ifndef TD_HEADER_H
#define TD_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/base/arena.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"
#include "parsers/reading.h"

struct header {
	struct span name;  /* without ':' and white space before it */
	struct span value; /* raw: folded, undecoded, trimmed */
};

struct header_list {
	struct header *items;
	size_t n;
	size_t body; /* offset of the body in the block given */
};

/*
 * Splits the block at the beginning of mail, up to the first empty line. Lines that are no field
 * are skipped, an mbox "From " line too. TD_PERM when the block is longer than max_bytes.
 */
TD_CHECK enum td_status header_split(struct arena *arena, struct span mail, size_t max_bytes,
    struct header_list *list_r, struct err *err);

/* The first field of that name (case ignored); an empty span when there is none. */
struct span header_get(const struct header_list *list, const char *name);
bool header_has(const struct header_list *list, const char *name);
size_t header_count(const struct header_list *list, const char *name);

/* Value decoded (RFC 2047) and cleaned to one line of at most max bytes. */
char *header_text(struct arena *arena, struct span raw, size_t max);

/* The value without comments and what follows ';': "auto-replied (vacation); x=y" */
struct span header_word(struct span raw);

/* All message ids in a value, oldest first, without < >; at most max, the last ones. */
const char **header_ids(struct arena *arena, struct span raw, size_t max, size_t *n_r);

/* Date (RFC 5322 and what mail programs write instead); false when it is none. */
bool header_date(struct arena *arena, struct span raw, int64_t *seconds_r);

/* Fills all of message_r but key and size. */
void header_message(struct arena *arena, const struct header_list *list,
    struct reading_message *message_r);

#endif
