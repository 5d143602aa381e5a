/* SPDX-License-Identifier: ISC */
/*
 * imap-scan: the work list. One UID SEARCH from the watermark on; a mailbox with very many mails
 * is searched in windows of UIDs, since the library needs some 70 bytes for each number of an
 * answer. One scan looks at a bounded number of windows; the next goes on where it ended.
 */
#include "config.h"

#include "daemon/fetch/imap-private.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/base/arena.h"

struct mailimap_set *
imap_set_of(const uint32_t *uids, size_t n, size_t *n_r)
{
	struct cursor_range ranges[IMAP_RANGES];
	struct mailimap_set *set = mailimap_set_new_empty();
	size_t n_ranges;

	if (set == NULL)
		return NULL;
	*n_r = cursor_ranges(uids, n, ranges, IMAP_RANGES, &n_ranges);
	for (size_t i = 0; i < n_ranges; i++) {
		if (mailimap_set_add_interval(set, ranges[i].first, ranges[i].last) !=
		    MAILIMAP_NO_ERROR) {
			mailimap_set_free(set);
			return NULL;
		}
	}
	return set;
}

/* Adds the numbers of a search answer to imap->uids. */
static void
take_found(struct imap *imap, clist *found)
{
	size_t n = imap->n_uids, more = (size_t)clist_count(found);
	uint32_t *uids;

	if (more == 0)
		return;
	uids = td_alloc((n + more) * sizeof *uids);
	if (n > 0)
		memcpy(uids, imap->uids, n * sizeof *uids);
	for (clistiter *cell = clist_begin(found); cell != NULL; cell = clist_next(cell))
		uids[n++] = *(uint32_t *)clist_content(cell);
	free(imap->uids);
	imap->uids = uids;
	imap->n_uids = n;
}

/* Takes the set; the answer is the caller's. */
static enum td_status
search_set(struct imap *imap, struct mailimap_set *set, clist **found_r, struct err *err)
{
	struct mailimap_search_key *key = set ? mailimap_search_key_new_uid(set) : NULL;
	int rc;

	if (key == NULL) {
		if (set != NULL)
			mailimap_set_free(set);
		return err_temp(err, "out of memory");
	}
	imap_begin_sized(imap, imap->exists < IMAP_SEARCH_ALL ? imap->exists * 11u : 0,
	    IMAP_SEARCH_BYTES);
	rc = mailimap_uid_search(imap->session, NULL, key, found_r);
	mailimap_search_key_free(key);
	return imap_ok(rc) ? TD_OK : imap_failed(imap, rc, "searching the folder", err);
}

/* last 0 means "*". Gives how many were found. */
static enum td_status
search(struct imap *imap, uint32_t first, uint32_t last, size_t *found_r, struct err *err)
{
	clist *found = NULL;
	enum td_status status = search_set(imap, mailimap_set_new_interval(first, last), &found,
	    err);

	if (status != TD_OK)
		return status;
	*found_r = (size_t)clist_count(found);
	take_found(imap, found);
	mailimap_search_result_free(found);
	return TD_OK;
}

static bool
is_listed(clist *found, uint32_t uid)
{
	for (clistiter *cell = clist_begin(found); cell != NULL; cell = clist_next(cell))
		if (*(uint32_t *)clist_content(cell) == uid)
			return true;
	return false;
}

enum td_status
imap_keep_listed(struct imap *imap, uint32_t *uids, size_t n, size_t *n_r, struct err *err)
{
	size_t kept = 0, covered = 0;

	for (size_t at = 0; at < n; at += covered) {
		struct mailimap_set *set = imap_set_of(uids + at, n - at, &covered);
		clist *found = NULL;
		enum td_status status = search_set(imap, set, &found, err);

		if (status != TD_OK)
			return status;
		for (size_t i = at; i < at + covered; i++)
			if (is_listed(found, uids[i]))
				uids[kept++] = uids[i];
		mailimap_search_result_free(found);
	}
	*n_r = kept;
	return TD_OK;
}

/* The highest UID there is: n:* always gives the last mail. */
static enum td_status
search_last(struct imap *imap, uint32_t *last_r, struct err *err)
{
	size_t found;
	enum td_status status = search(imap, UINT32_MAX, 0, &found, err);

	if (status != TD_OK)
		return status;
	imap->n_uids = cursor_sort(imap->uids, imap->n_uids);
	*last_r = imap->n_uids > 0 ? imap->uids[imap->n_uids - 1] : 0;
	imap->n_uids = 0;
	return TD_OK;
}

static enum td_status
search_windows(struct imap *imap, uint32_t first, struct err *err)
{
	uint32_t last = 0, width = IMAP_SEARCH_ALL;
	enum td_status status = search_last(imap, &last, err);

	for (unsigned i = 0; status == TD_OK && i < IMAP_WINDOWS && first <= last; i++) {
		struct cursor_range window = cursor_window(first, width, last);
		size_t found = 0;

		status = search(imap, window.first, window.last, &found, err);
		imap->seen = window.last;
		imap->more = window.last < last;
		/* what is found is fetched before more is looked for */
		if (imap->n_uids > IMAP_SEARCH_ALL / 2 || window.last == last)
			break;
		width = cursor_widen(width, found);
		first = window.last + 1;
	}
	return status;
}

enum td_status
imap_scan(struct imap *imap, const struct cursor *cursor, struct err *err)
{
	enum td_status status = TD_OK;
	uint32_t first;
	size_t found;

	imap_fetch_reset(imap);
	/* what comes from here on is told as news again: this scan may not see it */
	imap->news = false;
	if (imap->session->imap_selection_info != NULL)
		imap->session->imap_selection_info->sel_has_exists = 0;
	imap->seen = cursor->watermark;
	imap->more = false;
	if (imap->exists == 0 || !cursor_first(cursor, &first))
		return TD_OK;
	if (imap->exists <= IMAP_SEARCH_ALL)
		status = search(imap, first, 0, &found, err);
	else
		status = search_windows(imap, first, err);
	if (status != TD_OK)
		return status;
	imap->n_uids = cursor_sort(imap->uids, imap->n_uids);
	if (imap->n_uids > 0 && imap->uids[imap->n_uids - 1] > imap->seen)
		imap->seen = imap->uids[imap->n_uids - 1];
	imap->n_uids = cursor_filter(cursor, imap->uids, imap->n_uids);
	if (imap->n_uids > 0) {
		imap->items = td_alloc(IMAP_SIZES * sizeof *imap->items);
		imap->ready = td_alloc(IMAP_BATCH_MAILS * sizeof *imap->ready);
	}
	return TD_OK;
}
