/* SPDX-License-Identifier: ISC */
/*
 * known: the answer to FRAME_OPENED: where a mailbox stands, and which of its mails above the
 * watermark are known. A mail that its server never gives holds the watermark, and the known grow
 * without end; so they are told as ranges, in as many frames as it takes.
 */
#include "config.h"

#include "daemon/fetch/worker.h"
#include "daemon/pipeline/private.h"
#include "parsers/base/wire.h"

#define RANGES_TOGETHER 100000u /* keeps the frame far below FRAME_MAX */

struct known {
	struct box *box;
	const struct mailbox *row;
	struct buf ranges; /* n_ranges * (u32 first, u32 last) */
	uint32_t n_ranges;
	uint32_t first, last; /* the one that may still grow; 0: none */
};

static void
send_ranges(struct known *known, bool more)
{
	struct pipeline *p = known->box->pipeline;
	struct buf out;

	buf_init(&out, FRAME_MAX);
	wire_put_str(&out, known->box->name);
	wire_put_u32(&out, known->row->uidvalidity);
	wire_put_u32(&out, known->row->watermark);
	wire_put_u8(&out, more);
	wire_put_u32(&out, known->n_ranges);
	buf_put_span(&out, buf_span(&known->ranges));
	/* one that is lost with its worker is asked for again by the next */
	if (p->fetch != NULL)
		(void)!worker_send(p->fetch, FRAME_CURSOR, 0, buf_span(&out), -1, NULL);
	buf_release(&out);
	buf_clear(&known->ranges);
	known->n_ranges = 0;
}

static void
end_range(struct known *known)
{
	if (known->first == 0)
		return;
	wire_put_u32(&known->ranges, known->first);
	wire_put_u32(&known->ranges, known->last);
	known->first = 0;
	if (++known->n_ranges == RANGES_TOGETHER)
		send_ranges(known, true);
}

static void
add(struct known *known, uint32_t uid)
{
	if (known->first == 0 || uid != known->last + 1) {
		end_range(known);
		known->first = uid;
	}
	known->last = uid;
}

static void
add_in_hand(struct known *known, const struct mail_list *list)
{
	const struct mail *mail;

	TAILQ_FOREACH(mail, list, link)
		if (mail->box == known->box && mail->uidvalidity == known->box->uidvalidity)
			add(known, mail->uid);
}

enum td_status
box_send_cursor(struct box *box, const struct mailbox *row, struct err *err)
{
	struct pipeline *p = box->pipeline;
	struct known known = {.box = box, .row = row};
	uint32_t *uids;
	size_t n;
	enum td_status status = mailbox_known(p->db, p->scratch, row, &uids, &n, err);

	if (status != TD_OK)
		return status;
	buf_init(&known.ranges, FRAME_MAX);
	for (size_t i = 0; i < n; i++)
		add(&known, uids[i]);
	for (int state = 0; state < MAIL_STATES; state++)
		if (state != MAIL_PARSING)
			add_in_hand(&known, &p->mails[state]);
	for (size_t i = 0; i < p->n_slots; i++)
		add_in_hand(&known, &p->slots[i].mails);
	end_range(&known);
	send_ranges(&known, false);
	buf_release(&known.ranges);
	return TD_OK;
}
