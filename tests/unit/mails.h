/* SPDX-License-Identifier: ISC */
/* mails: the example mails that the golden test and the composing bench are made of. */
#ifndef TD_TESTS_MAILS_H
#define TD_TESTS_MAILS_H

#include "daemon/compose/compose.h"

#define MAILS_NOW 1795505400 /* Tue 24 Nov 2026 07:30:00 UTC */

/* Bytes that count up: the same ids in each run. user: a uint8_t. */
void mails_random(void *user, uint8_t *bytes, size_t n);

/* To Ana in Berlin, from Platform. */
struct compose_common mails_common(uint8_t *counter);

extern const struct compose_digest mails_digest;       /* as OUTGOING shows it */
extern const struct compose_digest mails_digest_calm;  /* nothing waits */
extern const struct compose_prompt mails_prompt, mails_prompt_bare;
extern const struct compose_ack mails_ack;
extern const struct compose_ack mails_ack_many;
extern const struct compose_ack mails_asked;
extern const struct compose_time mails_time_waiting, mails_time_ready, mails_time_judged,
    mails_time_load, mails_time_timer;
extern const struct compose_item_mail mails_item, mails_item_watched, mails_item_decision,
    mails_item_decided;
extern const struct compose_call mails_reminder, mails_reminder_item, mails_page,
    mails_page_last, mails_page_taken, mails_page_nobody, mails_handover, mails_handover_one,
    mails_unanswered, mails_welcome, mails_welcome_guest, mails_role, mails_role_guest;
extern const struct compose_transcript mails_transcript;
extern const struct compose_transcript mails_transcript_warned;
extern const struct compose_transcript mails_transcript_none;
extern const struct compose_transcript mails_transcript_rest;
extern const struct compose_transcript mails_transcript_reply;
extern const struct compose_confirm mails_confirm;
extern const struct compose_quarantine mails_quarantine;
extern const struct compose_notice mails_notice;
extern const struct compose_invite mails_invite; /* their `ics` is made by the test */
extern const struct compose_invite mails_cancel, mails_invite_days;

#endif
