/* SPDX-License-Identifier: ISC */
/*
 * undo: what the parts of intake share to turn one event of the history round. A part that writes
 * events of an entity of its own has an undo_ENTITY here, which apply_undo.c calls: it looks
 * whether something later depends on the effect (then why is set and nothing is changed), names
 * what it takes back (did), and puts the store back as it was. Who may take a mail back is said by
 * undo_may (undo_right.c).
 */
#ifndef TD_UNDO_H
#define TD_UNDO_H

#include <jansson.h>

#include "daemon/intake/apply.h"
#include "daemon/store/event.h"
#include "daemon/store/message.h"

struct undo {
	struct apply *ap;
	const struct event *event; /* the one that is turned round */
	json_t *before, *after;    /* of it; NULL without */
	const char *why;           /* what depends on it; NULL: nothing */
	const char *did;           /* what was taken back, for people */
	struct apply_item *items;  /* as they were when the undo began, and as they are by now */
	size_t n_items, cap_items;
};

/* Later changes of the same thing: any (fields NULL), or of the same fields. *any_r (may be NULL):
 * there are later ones at all. */
TD_CHECK enum td_status undo_look_later(struct undo *u, const char *what, const json_t *fields,
    bool *any_r, struct err *err);

int64_t undo_number(const json_t *object, const char *key); /* 0 without */
const char *undo_text(const struct undo *u, const json_t *object, const char *key); /* or NULL */

/*
 * Whoever takes a mail back needs what doing it would need now: for each of its events the role in
 * the event's team, an item that is theirs where that counts, and a reply to a mail of ours where
 * the act needed one; for another's mail the role lead, and a reply as well. *may_r false after a
 * refusal, which names what is missing.
 */
TD_CHECK enum td_status undo_may(struct apply *ap, const struct reading_command *cmd,
    const struct message *mail, const struct event *events, size_t n, bool *may_r,
    struct err *err);

TD_CHECK enum td_status undo_handover(struct undo *u, struct err *err); /* apply_handover.c */
/* apply_member.c */
TD_CHECK enum td_status undo_membership(struct undo *u, struct err *err);
TD_CHECK enum td_status undo_new_person(struct undo *u, struct err *err);
TD_CHECK enum td_status undo_page(struct undo *u, struct err *err);     /* apply_page.c */
TD_CHECK enum td_status undo_reminder(struct undo *u, struct err *err); /* apply_remind.c */

TD_CHECK enum td_status undo_vote(struct undo *u, struct err *err);     /* apply_decide.c */

TD_CHECK enum td_status undo_sheet(struct undo *u, struct err *err);    /* apply_sheet.c */
TD_CHECK enum td_status undo_entry(struct undo *u, struct err *err);    /* apply_sheet.c */

TD_CHECK enum td_status undo_update(struct undo *u, struct err *err);   /* apply_update.c */

#endif
