/* SPDX-License-Identifier: ISC */
/*
 * order: the mails of a mailbox take effect in the order of their UIDs, however many parsers read
 * at the same time, so that a reply never comes before what it replies to and numbers are given
 * in the order of arrival. A reading that comes early waits here. A mail that is tried alone,
 * because a parser died with it, has lost its turn: it holds nobody up.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/pipeline/private.h"

static bool
list_has_earlier(const struct mail_list *list, const struct mail *than)
{
	const struct mail *mail;

	TAILQ_FOREACH(mail, list, link)
		if (mail->box == than->box && mail->uidvalidity == than->uidvalidity &&
		    mail->uid < than->uid && !mail->alone)
			return true;
	return false;
}

static bool
in_turn(const struct pipeline *p, const struct mail *mail)
{
	static const enum mail_state before[] = {MAIL_ARRIVED, MAIL_BEGUN, MAIL_WAITING, MAIL_READ};

	if (mail->alone || mail == p->alone)
		return true;
	for (size_t i = 0; i < p->n_slots; i++)
		if (list_has_earlier(&p->slots[i].mails, mail))
			return false;
	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (list_has_earlier(&p->mails[before[i]], mail))
			return false;
	return true;
}

bool
order_has_room(const struct pipeline *p, const struct mail *mail)
{
	return p->read_bytes < READ_MAX || in_turn(p, mail);
}

void
order_forget(struct pipeline *p, struct mail *mail)
{
	p->read_bytes -= mail->packed.len;
	free((void *)mail->packed.ptr);
	mail->packed = (struct span){NULL, 0};
}

static void
order_keep(struct pipeline *p, struct mail *mail, struct span packed)
{
	char *copy = td_alloc(packed.len);

	if (packed.len > 0)
		memcpy(copy, packed.ptr, packed.len);
	mail->packed = (struct span){copy, packed.len};
	p->read_bytes += packed.len;
	mail_set_state(p, mail, MAIL_READ);
}

void
order_read(struct pipeline *p, struct mail *mail, struct span packed)
{
	if (in_turn(p, mail))
		mail_read(p, mail, packed);
	else
		order_keep(p, mail, packed);
}

/* The mail may be gone afterwards: the commit of a full group frees it. */
static void
read_kept(struct pipeline *p, struct mail *mail)
{
	struct span packed = mail->packed;

	p->read_bytes -= packed.len;
	mail->packed = (struct span){NULL, 0};
	mail_read(p, mail, packed);
	free((void *)packed.ptr);
}

void
order_step(struct pipeline *p)
{
	struct mail *mail = TAILQ_FIRST(&p->mails[MAIL_READ]);

	while (mail != NULL && !p->paused) {
		if (!in_turn(p, mail)) {
			mail = TAILQ_NEXT(mail, link);
			continue;
		}
		read_kept(p, mail);
		mail = TAILQ_FIRST(&p->mails[MAIL_READ]);
	}
}
