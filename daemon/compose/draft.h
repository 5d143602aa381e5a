/* SPDX-License-Identifier: ISC */
/*
 * draft: what all composed mails share: the values every template has, the ids, the headers that
 * follow from team, recipient and kind. Private to compose.
 *
 *	draft_begin → fill draft.root → draft_text / draft_html → draft_mail → draft_finish
 */
#ifndef TD_DRAFT_H
#define TD_DRAFT_H

#include "daemon/compose/compose.h"
#include "daemon/compose/locale.h"
#include "daemon/compose/mailbuild.h"
#include "daemon/compose/templates.h"
#include "daemon/compose/value.h"

struct draft {
	struct arena *arena;
	const struct compose_common *common;
	const struct templates *templates;
	const struct locale *locale;
	struct value *root; /* team, address, name, lang, dir, zone, t (the locale) */
	struct err *err;
};

enum draft_kind { DRAFT_ANSWER, DRAFT_DIGEST, DRAFT_QUARANTINE, DRAFT_NOTICE, DRAFT_INVITE,
	DRAFT_ITEM, DRAFT_REMINDER, DRAFT_PAGE, DRAFT_HANDOVER, DRAFT_TIME, DRAFT_PROMPT };

void draft_begin(struct draft *draft, struct arena *arena, const struct compose_common *common,
    struct err *err);

/* A locale sentence with params (NULL: none). */
const char *draft_say(const struct draft *draft, const char *key, const struct value *params);

/* Renders NAME.txt and lays it out. */
TD_CHECK enum td_status draft_text(const struct draft *draft, const char *name,
    const char **text_r);
TD_CHECK enum td_status draft_html(const struct draft *draft, const char *name,
    const char **html_r);

/* Fills in all that follows from the common part and the kind: people, date, ids, list headers. */
void draft_mail(const struct draft *draft, enum draft_kind kind, struct mail *mail);

/* Appends common's subject_tag; the subject is what it is to be otherwise. */
void draft_tag_subject(const struct draft *draft, struct mail *mail);
/* Subject "Re: ..." (or "" without one), In-Reply-To and References of an answer. */
void draft_answers(const struct draft *draft, const struct compose_answered *answered,
    struct mail *mail);
/* Puts one more reference before the others, where it is a good id and there is room. */
void draft_root_reference(struct mail *mail, const char *mid);

/* A reference that never recurs: mails that come each day must not pile up in one thread. */
void draft_own_reference(const struct draft *draft, struct mail *mail, const char *day);

/* Builds it: MAIL FROM is <> for answers, else the VERP address. */
TD_CHECK enum td_status draft_finish(const struct draft *draft, const struct mail *mail,
    struct composed *mail_r, bool *too_large_r);

/* The text in capitals: a heading of the plain text. */
const char *draft_upper(const struct draft *draft, const char *text);

/* A title or line of someone's for a subject: cut after max bytes, at a character, with "...". */
const char *draft_cut(const struct draft *draft, const char *text, size_t max);

#endif
