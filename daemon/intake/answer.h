/* SPDX-License-Identifier: ISC */
/*
 * answer: what is said about a mail, queued in the outbox: an acknowledgement of new items, one
 * transcript when a line was refused, answers to questions, and "was this you?" for held mail.
 * Success is quiet.
 *
 * Bounded by dedupe keys and by limits.acks_per_day; what may not be sent any more is logged. A
 * mail that cannot be composed is logged too: it never undoes what the mail did.
 */
#ifndef TD_ANSWER_H
#define TD_ANSWER_H

#include "daemon/conf/conf.h"
#include "daemon/intake/apply.h"
#include "daemon/store/job.h"

/* The answer to a mail that was applied, to the address it came from. undo_code may be NULL. */
TD_CHECK enum td_status answer_mail(struct db *db, const struct conf *conf,
    const struct apply *ap, const char *undo_code, struct err *err);

/* Tells a known sender that their mail of so many bytes was too large: once a day and team. */
TD_CHECK enum td_status answer_too_large(struct db *db, const struct conf *conf,
    const struct team *team, const struct person *person, const struct reading *reading,
    uint64_t size, int64_t now, struct arena *arena, struct err *err);

/*
 * Asks a person about all held mail that they were not asked about, by their address on file, in
 * their contact hours and once a day; else it waits for the job "confirm:PERSON". *asked_r (may
 * be NULL, untouched where nothing is to be asked): a mail was queued.
 */
TD_CHECK enum td_status answer_ask_held(struct db *db, const struct conf *conf,
    int64_t person_id, int64_t now, struct arena *arena, bool *asked_r, struct err *err);

/* That job (a jobs_handler of schedule/jobs.h, kind "confirm"): asks in the person's contact
 * hours; *next_due_r 0 when there is nothing left to ask. */
TD_CHECK enum td_status answer_confirm_job(struct db *db, const struct conf *conf,
    const struct job *job, int64_t now, struct arena *arena, int64_t *next_due_r,
    struct err *err);

#endif
