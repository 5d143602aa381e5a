/* SPDX-License-Identifier: ISC */
/*
 * imap-fetch: the work list turned into mails. First the sizes and dates of the next few hundred
 * are asked for; then small mails come many to a command, bounded by count and bytes, and large
 * ones alone. Answers are matched by UID, never by place. A mail that is not answered is gone if
 * the folder no longer lists it.
 *
 * A mail that the server does not give is left out, told of, and tried again by the next scan;
 * when a whole batch is refused, its mails are tried one by one, so that only the bad one stays.
 */
#include "config.h"

#include "daemon/fetch/imap-private.h"

#include <stdlib.h>
#include <unistd.h>

#include "daemon/ipc/chan.h"

void
imap_fetch_reset(struct imap *imap)
{
	for (; imap->ready_at < imap->n_ready; imap->ready_at++)
		if (imap->ready[imap->ready_at].fd >= 0)
			close(imap->ready[imap->ready_at].fd);
	imap->n_ready = imap->ready_at = 0;
	imap->n_items = imap->item_at = 0;
	free(imap->items);
	free(imap->ready);
	free(imap->uids);
	imap->items = NULL;
	imap->ready = NULL;
	imap->uids = NULL;
	imap->n_uids = imap->at = 0;
	imap->given = 0;
	imap->left_out = 0;
	imap->n_left_out = 0;
}

/* A server that refuses many is not asked for the rest: it may be throttling. */
static enum td_status
leave_out(struct imap *imap, uint32_t uid, const struct err *why, struct err *err)
{
	if (imap->left_out == 0 || imap->left_out > uid) {
		imap->left_out = uid;
		imap->left_out_err = *why;
	}
	if (++imap->n_left_out < IMAP_LEFT_OUT)
		return TD_OK;
	imap_drop(imap);
	return err_temp(err, "%s", why->text);
}

/* No answer came for these sorted uids: gone are those that are not listed either. */
static enum td_status
miss(struct imap *imap, uint32_t *uids, size_t n, struct err *err)
{
	struct err why;
	size_t listed = 0;
	enum td_status status = TD_OK;

	if (n > 0)
		status = imap_keep_listed(imap, uids, n, &listed, err);
	for (size_t i = 0; i < listed && status == TD_OK; i++) {
		(void)err_temp(&why, "%s: mail uid %u is listed, but the server does not give it",
		    imap->conf->conf.server.host, uids[i]);
		status = leave_out(imap, uids[i], &why, err);
	}
	return status;
}

/* --- sizes --- */

static struct mailimap_fetch_type *
fetch_type(struct mailimap_fetch_att *const *atts, size_t n)
{
	struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty();

	for (size_t i = 0; type != NULL && i < n; i++)
		mailimap_fetch_type_new_fetch_att_list_add(type, atts[i]);
	return type;
}

static int
ask_sizes(struct imap *imap, struct mailimap_set *set, clist **answers_r)
{
	struct mailimap_fetch_att *const atts[] = {mailimap_fetch_att_new_uid(),
		mailimap_fetch_att_new_rfc822_size(), mailimap_fetch_att_new_internaldate()};
	struct mailimap_fetch_type *type = fetch_type(atts, sizeof atts / sizeof *atts);
	int rc;

	imap_begin(imap, IMAP_SIZES * 256);
	rc = mailimap_uid_fetch(imap->session, set, type, answers_r);
	mailimap_fetch_type_free(type);
	return rc;
}

static int
compare_items(const void *a, const void *b)
{
	uint32_t x = ((const struct imap_item *)a)->uid, y = ((const struct imap_item *)b)->uid;

	return (x > y) - (x < y);
}

/* Keeps what was asked for, once, in order of UID. */
static void
take_sizes(struct imap *imap, const uint32_t *asked, size_t n_asked, clist *answers)
{
	size_t n = 0, kept = 0;

	for (clistiter *cell = clist_begin(answers); cell != NULL && n < IMAP_SIZES;
	    cell = clist_next(cell)) {
		struct imap_item item;

		if (imap_att_item(clist_content(cell), &item) &&
		    cursor_has(asked, n_asked, item.uid))
			imap->items[n++] = item;
	}
	qsort(imap->items, n, sizeof *imap->items, compare_items);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || imap->items[kept - 1].uid != imap->items[i].uid)
			imap->items[kept++] = imap->items[i];
	imap->n_items = kept;
	imap->item_at = 0;
}

static bool
has_item(const struct imap *imap, uint32_t uid)
{
	const struct imap_item key = {.uid = uid};

	return bsearch(&key, imap->items, imap->n_items, sizeof key, compare_items) != NULL;
}

static enum td_status
miss_sizes(struct imap *imap, const uint32_t *asked, size_t n_asked, struct err *err)
{
	uint32_t *missing = td_alloc(n_asked * sizeof *missing);
	size_t n = 0;
	enum td_status status;

	for (size_t i = 0; i < n_asked; i++)
		if (!has_item(imap, asked[i]))
			missing[n++] = asked[i];
	status = miss(imap, missing, n, err);
	free(missing);
	return status;
}

static enum td_status
sizes_failed(struct imap *imap, int rc, size_t asked, struct err *err)
{
	struct err why;
	enum td_status status = imap_failed(imap, rc, "reading the list of mails", &why);

	if (!imap_refused(rc)) {
		*err = why;
		return status;
	}
	if (asked > 1) {
		imap->one_by_one = true;
		return TD_OK;
	}
	return leave_out(imap, imap->uids[imap->at++], &why, err);
}

static enum td_status
fill_items(struct imap *imap, struct err *err)
{
	const uint32_t *uids = imap->uids + imap->at;
	size_t n = imap->n_uids - imap->at, max = imap->one_by_one ? 1 : IMAP_SIZES, covered = 0;
	struct mailimap_set *set = imap_set_of(uids, n < max ? n : max, &covered);
	clist *answers = NULL;
	int rc;

	if (set == NULL)
		return err_temp(err, "out of memory");
	rc = ask_sizes(imap, set, &answers);
	mailimap_set_free(set);
	if (!imap_ok(rc))
		return sizes_failed(imap, rc, covered, err);
	take_sizes(imap, uids, covered, answers);
	mailimap_fetch_list_free(answers);
	imap->at += covered;
	return miss_sizes(imap, uids, covered, err);
}

/* --- batches --- */

/* One that is streamed, or of which only the headers are wanted, has a command of its own. */
static bool
is_single(const struct imap *imap, const struct imap_item *item)
{
	return item->size >= IMAP_LARGE || item->size > imap->mail_bytes ||
	    item->uid == imap->oversized;
}

/* How many of the next items one command may fetch under this credit; 0: not even one. */
static size_t
batch_size(const struct imap *imap, const struct source_credit *credit)
{
	const struct imap_item *items = imap->items + imap->item_at;
	size_t left = imap->n_items - imap->item_at, n = 0;
	uint64_t bytes = 0;
	const size_t max = imap->one_by_one ? 1 : IMAP_BATCH_MAILS;

	while (n < left && n < max && n < credit->mails) {
		bytes += items[n].size;
		if (n > 0 && (bytes > IMAP_BATCH_BYTES || is_single(imap, &items[n]) ||
			is_single(imap, &items[0])))
			break;
		if (bytes > credit->bytes && !(n == 0 && credit->first))
			break;
		n++;
	}
	return n;
}

static int
ask_batch(struct imap *imap, const struct imap_item *items, size_t n, clist **answers_r)
{
	struct mailimap_fetch_att *const atts[] = {mailimap_fetch_att_new_uid(),
		mailimap_fetch_att_new_body_peek_section(mailimap_section_new(NULL))};
	struct mailimap_fetch_type *type = fetch_type(atts, sizeof atts / sizeof *atts);
	uint32_t uids[IMAP_BATCH_MAILS];
	struct mailimap_set *set;
	uint64_t bytes = 0;
	size_t covered;
	int rc;

	for (size_t i = 0; i < n; i++) {
		uids[i] = items[i].uid;
		bytes += items[i].size;
	}
	/* servers are known to count sizes in their own ways */
	imap_begin(imap, bytes + bytes / 4 + n * 256);
	set = imap_set_of(uids, n, &covered);
	rc = mailimap_uid_fetch(imap->session, set, type, answers_r);
	mailimap_set_free(set);
	mailimap_fetch_type_free(type);
	return rc;
}

static enum td_status
add_ready(struct imap *imap, const struct imap_item *item,
    const struct mailimap_msg_att_body_section *body, struct err *err)
{
	struct imap_ready *ready = &imap->ready[imap->n_ready];

	ready->item = *item;
	ready->item.size = body->sec_length;
	ready->headers_only = false;
	ready->fd = memfd_sealed(body->sec_body_part, body->sec_length, err);
	if (ready->fd < 0)
		return TD_TEMP;
	imap->n_ready++;
	return TD_OK;
}

/* Each mail of the batch at most once, in the order that the server gave them. */
static enum td_status
take_batch(struct imap *imap, const struct imap_item *items, size_t n, clist *answers,
    struct err *err)
{
	bool have[IMAP_BATCH_MAILS] = {false};
	uint32_t missing[IMAP_BATCH_MAILS];
	size_t n_missing = 0;

	for (clistiter *cell = clist_begin(answers); cell != NULL; cell = clist_next(cell)) {
		const struct mailimap_msg_att *att = clist_content(cell);
		const struct mailimap_msg_att_body_section *body = imap_att_body(att);
		const struct imap_item key = {.uid = imap_att_uid(att)};
		const struct imap_item *item = bsearch(&key, items, n, sizeof *items,
		    compare_items);
		enum td_status status;

		if (item == NULL || body == NULL || body->sec_body_part == NULL ||
		    have[item - items])
			continue;
		have[item - items] = true;
		status = add_ready(imap, item, body, err);
		if (status != TD_OK)
			return status;
	}
	for (size_t i = 0; i < n; i++)
		if (!have[i])
			missing[n_missing++] = items[i].uid;
	return miss(imap, missing, n_missing, err);
}

static enum td_status
fetch_one(struct imap *imap, const struct imap_item *item, struct err *err)
{
	bool headers_only = item->size > imap->mail_bytes || item->uid == imap->oversized;
	struct imap_ready *ready = &imap->ready[imap->n_ready];
	uint32_t uid = item->uid;
	struct err why;
	int fd = -1;
	enum td_status status = imap_stream_mail(imap, item, headers_only, &fd, &why);

	if (status == TD_PERM)
		return leave_out(imap, item->uid, &why, err);
	if (status != TD_OK) {
		*err = why;
		return status;
	}
	if (fd < 0)
		return miss(imap, &uid, 1, err);
	*ready = (struct imap_ready){*item, headers_only, fd};
	imap->n_ready++;
	return TD_OK;
}

static enum td_status
fetch_batch(struct imap *imap, const struct imap_item *items, size_t n, struct err *err)
{
	clist *answers = NULL;
	enum td_status status = TD_OK;
	int rc = ask_batch(imap, items, n, &answers);

	if (imap_ok(rc)) {
		status = take_batch(imap, items, n, answers, err);
		mailimap_fetch_list_free(answers);
		if (status != TD_OK)
			imap_drop(imap);
		return status;
	}
	if (!imap_refused(rc)) {
		imap->one_by_one = tls_is_over(imap->stream);
		return imap_failed(imap, rc, "reading mails", err);
	}
	for (size_t i = 0; i < n && status == TD_OK; i++)
		status = fetch_one(imap, &items[i], err);
	return status;
}

static enum td_status
fill_ready(struct imap *imap, const struct source_credit *credit, bool *credit_short_r,
    struct err *err)
{
	struct imap_item items[IMAP_BATCH_MAILS];
	size_t n = batch_size(imap, credit);

	*credit_short_r = n == 0;
	if (n == 0)
		return TD_OK;
	for (size_t i = 0; i < n; i++)
		items[i] = imap->items[imap->item_at + i];
	imap->item_at += n;
	imap->n_ready = imap->ready_at = 0;
	if (n == 1)
		return fetch_one(imap, &items[0], err);
	return fetch_batch(imap, items, n, err);
}

static void
give(struct imap *imap, struct source_mail *mail_r)
{
	const struct imap_ready *ready = &imap->ready[imap->ready_at++];

	mail_r->uid = ready->item.uid;
	mail_r->internaldate = ready->item.internaldate;
	mail_r->size = ready->item.size;
	mail_r->headers_only = ready->headers_only;
	mail_r->fd = ready->fd;
	imap->given++;
}

enum td_status
imap_next(struct imap *imap, const struct source_credit *credit, enum source_next *next_r,
    struct source_mail *mail_r, struct err *err)
{
	while (imap->ready_at == imap->n_ready) {
		bool credit_short = false;
		enum td_status status;

		if (imap->item_at < imap->n_items) {
			status = fill_ready(imap, credit, &credit_short, err);
		} else if (imap->at < imap->n_uids) {
			status = fill_items(imap, err);
		} else {
			imap->one_by_one = false;
			*next_r = SOURCE_END;
			return TD_OK;
		}
		if (status != TD_OK)
			return status;
		if (credit_short) {
			*next_r = SOURCE_CREDIT;
			return TD_OK;
		}
	}
	give(imap, mail_r);
	*next_r = SOURCE_MAIL;
	return TD_OK;
}
