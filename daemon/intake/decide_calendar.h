/* SPDX-License-Identifier: ISC */
/*
 * decide_calendar: the date of a decision in the calendars of those who are asked, and what they
 * answer there. The entry rides on the mail about the decision: a REQUEST with the first one, and
 * again when the date moves; a CANCEL when nothing is left to answer before the date. Who asks has
 * none: nobody tells them of their own changes. Each person has a SEQUENCE of their own. The answer
 * counts as a vote: ACCEPTED agrees (votes for the first option), DECLINED objects, TENTATIVE
 * abstains; its COMMENT is the reason. Another time that is proposed there (COUNTER) is a comment.
 */
#ifndef TD_DECIDE_CALENDAR_H
#define TD_DECIDE_CALENDAR_H

#include "parsers/reading.h"
#include "daemon/compose/compose.h"
#include "daemon/conf/conf.h"
#include "daemon/model/item.h"
#include "daemon/model/person.h"
#include "daemon/store/db.h"

struct decide_entry {
	int64_t meeting_id; /* 0: no entry rides on this mail */
	int64_t sequence;
	const char *sent;   /* what the attendee's row says once the mail is queued */
};

/* What the mail is to carry: fills mail->ics and mail->cancel. An entry that cannot be made is
 * logged, and the mail goes without. */
TD_CHECK enum td_status decide_calendar_fill(struct db *db, struct arena *arena,
    const struct compose_common *common, const struct item *item, int64_t now,
    struct compose_item_mail *mail, struct decide_entry *entry_r, struct err *err);
/* The mail is queued. */
TD_CHECK enum td_status decide_calendar_sent(struct db *db, const struct decide_entry *entry,
    int64_t person_id, struct err *err);

/* The decision is taken back altogether: who got its date is told, with a CANCEL. Call it before
 * the item goes. */
struct apply;
TD_CHECK enum td_status decide_calendar_undone(struct apply *ap, const struct item *item,
    struct err *err);

/* A calendar's answer, as the vote or comment that it is. */
struct decide_answer {
	const struct team *team;
	const struct person *person; /* whose calendar it is */
	enum role role;
	const struct reading *reading; /* one command, or a text; NULL: nothing to apply */
	const char *why;               /* not NULL: why it does not count */
	const struct person *sender;   /* answers for that person; NULL: the person did */
	const char *refusal;           /* not NULL: a sentence to the sender, why that is nothing */
	int64_t item_id;
};

struct decide_mail {
	const struct reading *reading;
	const struct conf_trust *trust;
	int64_t arrival;
	int level; /* 2: the sender's domain is authenticated, or From is believed */
};

/*
 * Reads the answer of a mail (RFC 5546, METHOD:REPLY or COUNTER); a REPLY is noted with the
 * attendee. It counts where
 * the sender's domain is authenticated (level 2), the attendee is the sender, the entry is ours and
 * went to them, and neither SEQUENCE nor DTSTAMP of a REPLY is older than what is known. Where the
 * attendee names the sender as SENT-BY, and both are in the team, that acts for another: it counts
 * for a decision, in a mail with a reply token of the sender (level 3, proof.h). The caller tells
 * the attendee, or the sender why not.
 */
TD_CHECK enum td_status decide_calendar_answer(struct db *db, struct arena *arena,
    const struct decide_mail *mail, struct decide_answer *answer_r, struct err *err);

#endif
