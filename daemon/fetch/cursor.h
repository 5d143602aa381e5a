/* SPDX-License-Identifier: ISC */
/*
 * fetch/cursor: which UIDs of a mailbox are still to be fetched. Pure rules over numbers
 * (RFC 3501 2.3.1.1): a UID is 1..2^32-1 and only ever grows within one UIDVALIDITY; a watermark
 * says that every UID up to it is done; some above it may be done or under way as well.
 *
 * The work list is what a search found, less all that. It never looks at \Seen or UIDNEXT: both
 * are changed by others and say nothing about what was applied here.
 */
#ifndef TD_FETCH_CURSOR_H
#define TD_FETCH_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor_name {
	uint32_t uid;
	char *name;
};

/* Where a mailbox stands, as the parent says. known is sorted by cursor_sort. */
struct cursor {
	uint32_t uidvalidity;
	uint32_t watermark;
	uint32_t *known;
	size_t n_known;

	/* of a Maildir, with the first cursor; see fetch/maildir.h */
	struct cursor_name *names;
	size_t n_names;
	uint32_t next_uid; /* first one that nothing has; 0: not said */
};

struct cursor_range {
	uint32_t first;
	uint32_t last; /* >= first */
};

/*
 * A work list while the numbers of a search come in: what is known, was not asked for, or came
 * already is dropped at once, and only the lowest max stay, so that its memory is bounded whatever
 * a server says. Zeroed, then begun once and ended once; each window of a search in between.
 */
struct cursor_list {
	const struct cursor *cursor; /* the caller's */
	uint32_t *uids;              /* sorted and final after the end; free() it */
	size_t n, max;
	struct cursor_range window;  /* what is asked for now */
	size_t answered;             /* numbers that came within it, as the server counts */
	uint32_t highest;            /* UID that came within any window */
	bool cut;                    /* there were more than max: uids holds the lowest */
};

void cursor_list_begin(struct cursor_list *list, const struct cursor *cursor, size_t max);
void cursor_list_window(struct cursor_list *list, struct cursor_range window);
void cursor_list_add(struct cursor_list *list, uint32_t uid);
/* Up to this UID every mail is in the list, is known, or is gone; at least seen. */
uint32_t cursor_list_end(struct cursor_list *list, uint32_t seen);

/* Sorts, drops doubles and zeroes (no UID is 0); gives how many are left. */
size_t cursor_sort(uint32_t *uids, size_t n);

/* Where uid is among the sorted uids; n: nowhere. */
size_t cursor_find(const uint32_t *uids, size_t n, uint32_t uid);
/* True if uid is among the sorted uids. */
bool cursor_has(const uint32_t *uids, size_t n, uint32_t uid);

/* Leaves in the sorted uids what lies above the watermark and is not known; gives how many. */
size_t cursor_filter(const struct cursor *cursor, uint32_t *uids, size_t n);

/* The UID to search from. False: the watermark is the last UID there can be; nothing can follow
 * under this UIDVALIDITY. */
bool cursor_first(const struct cursor *cursor, uint32_t *first_r);

/*
 * The window of UIDs to search next in a mailbox too large for one answer: from first, width
 * UIDs, never past last (the highest UID there is) and never wrapping. first <= last.
 */
struct cursor_range cursor_window(uint32_t first, uint32_t width, uint32_t last);

/* How wide the next window may be, after one of this width gave found UIDs: wider while they are
 * thin, up to what one dense answer may hold. */
uint32_t cursor_widen(uint32_t width, size_t found);

/*
 * What FRAME_SCANNED may call the highest UID: seen (the last one that the scan looked at), or
 * what lies before the lowest UID that it had to leave out (0: none left out).
 */
uint32_t cursor_scanned(uint32_t seen, uint32_t lowest_left_out);

/* Puts the first of the sorted uids into at most max ranges of consecutive UIDs; *n_ranges_r says
 * how many. Gives how many UIDs they cover. */
size_t cursor_ranges(const uint32_t *uids, size_t n, struct cursor_range *ranges, size_t max,
    size_t *n_ranges_r);

#endif
