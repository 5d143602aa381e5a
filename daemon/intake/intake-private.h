/* SPDX-License-Identifier: ISC */
/*
 * intake-private: one mail on its way through the intake: what intake.c (a mail that came first)
 * and copies.c (one that came before) share. The order: work_admit, work_write, work_find_confirm,
 * work_act.
 */
#ifndef TD_INTAKE_PRIVATE_H
#define TD_INTAKE_PRIVATE_H

#include "daemon/intake/admit.h"
#include "daemon/intake/intake.h"
#include "daemon/store/message.h"

#define WORK_TOO_LARGE "larger than limits.mail_bytes: only its headers were taken"

struct conf_form;

struct work {
	struct db *db;
	const struct conf *conf;
	const struct reading *reading;
	struct arena *arena;
	int64_t now;
	int64_t arrival;
	struct span raw;
	uint64_t too_large; /* bytes; 0: the mail is whole */
	bool tell_too_large;
	struct admission adm;
	struct message row;
	const struct conf_form *form; /* it comes from one; NULL: from a person */
	const char *copy_key; /* of a further copy, for a team that the first did not name */
	int64_t row_id;       /* the row of an earlier copy, to be written over; 0: a new one */
};

/* Sets adm and form. */
TD_CHECK enum td_status work_admit(struct work *w, struct err *err);
/* Writes the message row, as adm has it. */
TD_CHECK enum td_status work_write(struct work *w, struct err *err);
/*
 * Does this mail answer a question of ours to this very person? Only who reads the mailbox on
 * file knows the Message-ID of the question, or its token, so the reply is proof even where the
 * sender's domain is not authenticated. NULL: it does not.
 */
TD_CHECK enum td_status work_find_confirm(struct work *w, struct thread **thread_r,
    struct err *err);
/* What a calendar answers, of a mail that admit ignores. */
TD_CHECK enum td_status work_take_calendar(struct work *w, struct err *err);
/* What adm says: applies, asks, keeps aside or notes; releases what a confirm is the answer to. */
TD_CHECK enum td_status work_act(struct work *w, const struct thread *confirm,
    struct intake_result *result_r, struct err *err);

/* A mail whose key is known, by the row first_id. */
TD_CHECK enum td_status copies_take(struct work *w, int64_t first_id,
    struct intake_result *result_r, struct err *err);
/* Before a row is released: leaves in adm the teams in which no other copy acted. */
TD_CHECK enum td_status copies_leave(struct work *w, struct err *err);

#endif
