/* SPDX-License-Identifier: ISC */
/*
 * proof: what the reply token of a mail (model/token.h) adds to what admit decided, and what may
 * not be done without it. A token of the very sender makes an authenticated mail (L2) one that
 * answers a mail of ours (L3); it never makes anything of one that is not authenticated. One that
 * was made for somebody else holds the mail: whoever sent it has another's mail. One that is over,
 * or is none of ours, is as if it were not there.
 */
#ifndef TD_PROOF_H
#define TD_PROOF_H

#include "daemon/intake/admit.h"
#include "daemon/intake/apply.h"
#include "daemon/store/message.h"

/* To be called after admit, once; at: when the mail came. Sets level, has_token and token, or
 * the verdict. */
TD_CHECK enum td_status proof_admit(struct db *db, struct arena *arena,
    const struct reading *reading, const struct conf_trust *trust, int64_t at,
    struct admission *adm, struct err *err);

/* Is it a reply with a token of that person, from an authenticated domain? For mail that admit sets
 * aside, as that of a calendar. Where From is believed it needs none. */
TD_CHECK enum td_status proof_replies(struct db *db, struct arena *arena,
    const struct reading *reading, const struct conf_trust *trust, int64_t at, int64_t person_id,
    bool *yes_r, struct err *err);

/* Notes that plus addresses of a team work, where the mail shows it. */
TD_CHECK enum td_status proof_note_plus(struct db *db, struct arena *arena,
    const struct reading *reading, const struct admission *adm, struct err *err);

/* The thread that the token names, where the ids of the mail name none; NULL without. */
TD_CHECK enum td_status proof_thread(const struct apply *ap, struct thread **thread_r,
    struct err *err);
/* The question "was this you?" that the token came with; NULL: it came with another mail. */
struct thread *proof_question(struct arena *arena, const struct admission *adm);

/* May the mail do what needs L3 (rule: approve, decide, act for others, members)? Else the line is
 * refused, and the answer is a mail to reply to. */
bool proof_may(struct apply *ap, uint32_t line, const char *text);

#endif
