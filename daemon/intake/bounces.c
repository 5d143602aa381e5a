/* SPDX-License-Identifier: ISC */
/* bounces: see bounces.h. */
#include "config.h"

#include "daemon/intake/bounces.h"

#include <strings.h>

#include "parsers/base/num.h"
#include "daemon/intake/admit.h"
#include "daemon/store/outbox.h"
#include "daemon/store/person.h"

#define VERP_SECONDS (14 * 86400) /* a mail system gives up earlier than this */

/*
 * The number in the address that a bounce came back to: "bounce-7". It can be guessed, so it is no
 * more than a hint: there must be a mail that went to that person of late, and it never says that
 * the address is gone.
 */
static enum td_status
find_verp(struct db *db, struct arena *arena, const struct reading *reading, int64_t now,
    const char **rcpt_r, struct err *err)
{
	const struct reading_message *m = &reading->message;
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && *rcpt_r == NULL && i < m->n_rcpts; i++) {
		struct span tag = span_of(m->rcpts[i].tag);
		int64_t id;

		if (span_istarts(tag, SPAN("bounce-")) &&
		    num_i64(span_skip(tag, 7), 1, INT64_MAX, &id))
			status = outbox_sent_to(db, arena, id, now - VERP_SECONDS, rcpt_r, err);
	}
	return status;
}

/* The worst that it says of the address: of its own recipient, or, where mail was forwarded and
 * the names differ, of any. NULL: it was delivered after all. */
static const struct reading_bounce *
worst_bounce(const struct reading *reading, const char *address)
{
	const struct reading_bounce *worst = NULL;

	for (size_t i = 0; i < reading->n_bounces; i++) {
		const struct reading_bounce *b = &reading->bounces[i];

		if (b->recipient != NULL && strcasecmp(b->recipient, address) == 0)
			return b->status != NULL && b->status[0] == '2' ? NULL : b;
		if (b->status != NULL && b->status[0] == '2')
			continue;
		if (worst == NULL || (b->hard && !worst->hard))
			worst = b;
	}
	return worst;
}

/*
 * Anybody can write a bounce. It counts where it gives back a mail of ours: the Message-ID cannot
 * be guessed, and only who got the mail, or carried it, knows it. What it is about is the address
 * that the mail went to, whatever it says itself.
 */
enum td_status
bounces_note(struct db *db, struct arena *arena, const struct reading *reading, int64_t now,
    struct err *err)
{
	const char *id = reading->returned_id, *rcpt = NULL;
	const struct reading_bounce *b;
	enum td_status status = TD_OK;
	bool proven, known;

	if (reading->auto_kind != AUTO_BOUNCE)
		return TD_OK;
	if (id != NULL)
		status = outbox_sent_mid(db, arena, id, &rcpt, err);
	proven = rcpt != NULL;
	if (status == TD_OK && !proven)
		status = find_verp(db, arena, reading, now, &rcpt, err);
	if (status != TD_OK || rcpt == NULL)
		return status;
	rcpt = admit_lower(arena, rcpt);
	b = worst_bounce(reading, rcpt);
	if (b == NULL)
		return TD_OK;
	return person_set_delivery(db, rcpt, proven && b->hard ? "hard" : "soft",
	    b->diagnostic != NULL ? b->diagnostic : b->reason, now, &known, err);
}
