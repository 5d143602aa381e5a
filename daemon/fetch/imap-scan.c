/* SPDX-License-Identifier: ISC */
/*
 * imap-scan: the work list. One UID SEARCH from the watermark on; a mailbox with very many mails
 * is searched in windows of UIDs, since its answer would be too long. One scan looks at a bounded
 * number of windows and takes the lowest few thousand mails; the next goes on where it ended.
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

static void
take_listed(void *user, uint32_t uid)
{
	cursor_list_add(user, uid);
}

static enum td_status
search(struct imap *imap, struct cursor_list *list, struct cursor_range window, struct err *err)
{
	const struct cursor_range asked = {window.first,
		window.last == UINT32_MAX ? 0 : window.last};

	cursor_list_window(list, window);
	return imap_search(imap, &asked, 1, take_listed, list, err);
}

/* Which of some sorted uids were listed. */
struct asked {
	const uint32_t *uids;
	size_t n;
	bool *listed;
};

static void
take_kept(void *user, uint32_t uid)
{
	struct asked *asked = user;
	size_t at = cursor_find(asked->uids, asked->n, uid);

	if (at < asked->n)
		asked->listed[at] = true;
}

enum td_status
imap_keep_listed(struct imap *imap, uint32_t *uids, size_t n, size_t *n_r, struct err *err)
{
	struct asked asked = {uids, n, td_alloc((n + 1) * sizeof *asked.listed)};
	enum td_status status = TD_OK;
	size_t kept = 0;

	for (size_t at = 0; at < n && status == TD_OK;) {
		struct cursor_range ranges[IMAP_RANGES];
		size_t n_ranges;

		at += cursor_ranges(uids + at, n - at, ranges, IMAP_RANGES, &n_ranges);
		status = imap_search(imap, ranges, n_ranges, take_kept, &asked, err);
	}
	for (size_t i = 0; i < n && status == TD_OK; i++)
		if (asked.listed[i])
			uids[kept++] = uids[i];
	free(asked.listed);
	*n_r = kept;
	return status;
}

static void
take_last(void *user, uint32_t uid)
{
	uint32_t *last = user;

	if (uid > *last)
		*last = uid;
}

/* The highest UID there is: n:* always gives the last mail. */
static enum td_status
search_last(struct imap *imap, uint32_t *last_r, struct err *err)
{
	const struct cursor_range last = {UINT32_MAX, 0};

	return imap_search(imap, &last, 1, take_last, last_r, err);
}

static enum td_status
search_windows(struct imap *imap, struct cursor_list *list, uint32_t first, struct err *err)
{
	uint32_t last = 0, width = IMAP_SEARCH_ALL;
	enum td_status status = search_last(imap, &last, err);

	for (unsigned i = 0; status == TD_OK && i < IMAP_WINDOWS && first <= last; i++) {
		struct cursor_range window = cursor_window(first, width, last);

		status = search(imap, list, window, err);
		imap->seen = window.last;
		imap->more = window.last < last;
		/* what is found is fetched before more is looked for */
		if (list->cut || list->n > list->max / 2 || window.last == last)
			break;
		width = cursor_widen(width, list->answered);
		first = window.last + 1;
	}
	return status;
}

static enum td_status
search_all(struct imap *imap, struct cursor_list *list, uint32_t first, struct err *err)
{
	if (imap->exists > IMAP_SEARCH_ALL)
		return search_windows(imap, list, first, err);
	return search(imap, list, (struct cursor_range){first, UINT32_MAX}, err);
}

/*
 * A UID is never given again under one UIDVALIDITY (RFC 3501 2.3.1.1), but a server that was
 * restored from a backup does it, and nothing else shows that: what came since lies below the
 * watermark and would never be read. A UIDNEXT that is below mails of the folder itself is only a
 * fault of the server.
 */
static enum td_status
check_uidnext(struct imap *imap, const struct cursor *cursor, struct err *err)
{
	const struct conf_mailbox *conf = &imap->conf->conf;
	uint32_t next = imap->uidnext, last = 0, read = cursor->watermark;
	enum td_status status = TD_OK;

	if (cursor->n_known > 0 && cursor->known[cursor->n_known - 1] > read)
		read = cursor->known[cursor->n_known - 1];
	if (next == 0 || next > read)
		return TD_OK;
	if (imap->exists > 0)
		status = search_last(imap, &last, err);
	if (status != TD_OK || last >= next)
		return status;
	imap_close(imap);
	return err_perm(err, "%s:%u: folder %s was read up to %u, but its server gives the number "
	    "%u anew: it was probably restored from a backup, and its mails cannot be told from "
	    "those that were read; give the mailbox another name in the configuration, so that "
	    "all of the folder is read anew (no mail takes effect twice)", conf->server.host,
	    conf->server.port, conf->folder, read, next);
}

/* The list stays as large as it is; with what else a scan needs. */
static void
take_list(struct imap *imap, const struct cursor_list *list)
{
	if (list->n == 0)
		return;
	imap->uids = td_alloc(list->n * sizeof *imap->uids);
	memcpy(imap->uids, list->uids, list->n * sizeof *imap->uids);
	imap->n_uids = list->n;
	imap->items = td_alloc(IMAP_SIZES * sizeof *imap->items);
	imap->ready = td_alloc(IMAP_BATCH_MAILS * sizeof *imap->ready);
}

enum td_status
imap_scan(struct imap *imap, const struct cursor *cursor, struct err *err)
{
	struct cursor_list list;
	enum td_status status;
	uint32_t first;

	imap_fetch_reset(imap);
	/* what comes from here on is told as news again: this scan may not see it */
	imap->news = false;
	if (imap->session->imap_selection_info != NULL)
		imap->session->imap_selection_info->sel_has_exists = 0;
	imap->seen = cursor->watermark;
	imap->more = false;
	status = check_uidnext(imap, cursor, err);
	if (status != TD_OK)
		return status;
	if (imap->exists == 0 || !cursor_first(cursor, &first))
		return TD_OK;
	cursor_list_begin(&list, cursor, IMAP_LIST);
	status = search_all(imap, &list, first, err);
	if (status == TD_OK) {
		imap->seen = cursor_list_end(&list, imap->seen);
		imap->more = imap->more || list.cut;
		take_list(imap, &list);
	}
	free(list.uids);
	return status;
}
