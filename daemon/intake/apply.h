/* SPDX-License-Identifier: ISC */
/*
 * apply: the effects of one mail on one team. The context gathers what each line did or why not;
 * a line that is refused changes nothing and never stops the others. Only failures of the store
 * are returned as a status; then the caller rolls the whole mail back.
 *
 * apply_mail loads, applies, and writes each changed item once, with one event. The parts:
 * apply.c (kinds of mail), apply_item.c and apply_people.c (commands on items), apply_decide.c,
 * apply_time.c, apply_timer.c, apply_sheet.c (time sheets), apply_self.c (absence, own settings),
 * apply_place.c (hours, zone), apply_handover.c, apply_member.c (who is in the team),
 * apply_page.c, apply_remind.c, apply_update.c, apply_undo.c (undo_right.c: who may),
 * apply_base.c (the context's helpers).
 */
#ifndef TD_APPLY_H
#define TD_APPLY_H

#include "parsers/reading.h"
#include "daemon/compose/compose.h"
#include "daemon/model/item.h"
#include "daemon/model/person.h"
#include "daemon/model/token.h"
#include "daemon/store/db.h"
#include "daemon/store/news.h"

/* What became of one line of the mail. */
struct apply_line {
	uint32_t line;          /* of the text; 0: the subject */
	const char *text;       /* as written */
	bool ok;
	const char *result;     /* a sentence: what was done, or why not */
	const char *suggestion; /* a line to copy, NULL without */
};

/* An item that the mail touches: as it was, and as it is to be. */
struct apply_item {
	struct item *before; /* NULL: made by this mail */
	struct item *now;
	const char *why;     /* it was dropped or opened again, as the writer says; NULL without */
};

/* Of the team; read when somebody asks for the first time, which most mails never do. */
struct apply_members {
	struct member *list;
	size_t n;
	bool asked;
	enum td_status status; /* of the reading: apply_mail gives it on */
	struct err err;
};

struct apply {
	/* set by the caller */
	struct db *db;
	struct arena *arena;
	const struct reading *reading;
	const struct team *team;
	const struct person *person;
	enum role role;   /* of the person, at the line that is done */
	const struct person *sent_by; /* who sent it for the person; NULL: the person did */
	int64_t message_id;
	int64_t now;
	int64_t arrival;  /* of the mail: earlier than now where it was held */
	bool is_proven;   /* it may do what needs more than an authenticated sender (proof.h) */
	const struct token *token; /* the sender's own, that it came with; NULL without */

	/* made by apply_mail */
	int64_t anchor;   /* moment the mail speaks of: its Date, or the arrival (GRAMMAR 6) */
	const char *day;  /* the person's local day at the anchor */
	const char *told_day; /* the day that an update and time without a date are of: the one
	                       * that the prompt asked about which is answered, else `day` */
	bool answers_prompt;
	struct apply_members *members; /* apply_members has them */
	struct apply_item **items;
	size_t n_items, cap_items;
	struct apply_item *current; /* of the thread, or the new one; NULL without */
	bool wants_ack;   /* what was done is told, whatever the person's setting */
	bool is_about_call; /* it calls somebody or takes a call: answered each time */
	bool has_undone;  /* a line took a mail back */
	bool has_decided; /* a decision was made: the mail's options are its */
	bool wants_reply; /* a line was refused that counts in a reply to the answer */
	const struct reading_command **questions; /* answered at the end of the mail */
	size_t n_questions, cap_questions;

	/* the result */
	struct apply_line *lines;
	size_t n_lines, cap_lines;
	size_t n_refused;
	const char **notes; /* warnings, a sentence each */
	size_t n_notes, cap_notes;
	struct compose_asked *asked; /* answers to questions */
	size_t n_asked, cap_asked;
	bool changed;       /* something that can be taken back */
};

TD_CHECK enum td_status apply_mail(struct apply *ap, struct err *err);

/* ---- helpers of the parts (apply_base.c) ------------------------------------------------ */

void apply_did(struct apply *ap, uint32_t line, const char *text, const char *fmt, ...)
    TD_PRINTF(4, 5);
/* The same for a line that leaves nothing to take back. */
void apply_tell(struct apply *ap, uint32_t line, const char *text, const char *fmt, ...)
    TD_PRINTF(4, 5);
void apply_refuse(struct apply *ap, uint32_t line, const char *text, const char *suggestion,
    const char *fmt, ...) TD_PRINTF(5, 6);
void apply_note(struct apply *ap, const char *fmt, ...) TD_PRINTF(2, 3);

/* True if the role has the right; else the line is refused with the role it needs. */
bool apply_may(struct apply *ap, enum right right, uint32_t line, const char *text);

/* True if the item is the writer's to give away, or a decision theirs to settle: its owners, who
 * made it, leads; a task that no member owns is anybody's. Else the line is refused; what: "giving
 * it away". */
bool apply_may_dispose(struct apply *ap, const struct item *item, const char *what, uint32_t line,
    const char *text);

/* The same for what a decision asks, until when, and whether it stands; true for a task. */
bool apply_may_settle(struct apply *ap, const struct item *item, uint32_t line, const char *text);
#define APPLY_GIVING "giving it away"

/* The item of that number, loaded once a mail; NULL and a refusal when there is none. */
TD_CHECK enum td_status apply_find_item(struct apply *ap, uint32_t number, uint32_t line,
    const char *text, struct apply_item **item_r, struct err *err);
/* The same by its id; NULL when it is gone. */
TD_CHECK enum td_status apply_item_by_id(struct apply *ap, int64_t id, struct apply_item **item_r,
    struct err *err);
/* The item as it is now, to look at only; NULL when there is none, and nothing is said. */
TD_CHECK enum td_status apply_peek_item(struct apply *ap, uint32_t number, struct item **item_r,
    struct err *err);
/* A member by what was written; NULL and a refusal when nobody or several fit. */
const struct member *apply_find_member(struct apply *ap, const char *who, uint32_t line,
    const char *text);
const struct apply_members *apply_members(const struct apply *ap);
/* To be called after memberships of the team were changed: later lines of the mail see who is in
 * it by now, and are judged by the role that the writer has by now. */
void apply_members_changed(struct apply *ap);
const char *apply_name(const struct apply *ap, int64_t person_id); /* "somebody" if unknown */
/* "2026-11-27 09:00 (Europe/Lisbon)": a moment in the writer's zone. */
const char *apply_moment(const struct apply *ap, int64_t at);

/* One row of the history by this mail; json NULL for none. */
TD_CHECK enum td_status apply_event(struct apply *ap, const char *entity, int64_t id,
    const char *verb, const char *before, const char *after, struct err *err);

/* ---- the parts ----------------------------------------------------------------------------- */

TD_CHECK enum td_status apply_command(struct apply *ap, const struct reading_command *cmd,
    struct err *err);

/* Commands on one item; *known_r false when the verb is none of them. */
TD_CHECK enum td_status apply_item_command(struct apply *ap, const struct reading_command *cmd,
    bool *known_r, struct err *err);
/* assign, take, unassign, watch, unwatch (apply_people.c) */
TD_CHECK enum td_status apply_people_command(struct apply *ap, const struct reading_command *cmd,
    struct apply_item *item, struct err *err);
/* In place of the owners that it has; false and a refusal when somebody is not found. */
bool apply_set_owners(struct apply *ap, struct apply_item *item, const char **people, size_t n,
    uint32_t line, const char *text);
/* The text behind a state word, if there is one, is a comment. */
TD_CHECK enum td_status apply_comment_of(struct apply *ap, const struct reading_command *cmd,
    struct apply_item *item, struct err *err);
/* Fields of the subject and the top block; which: bits of prose.h. */
TD_CHECK enum td_status apply_fields(struct apply *ap, struct apply_item *item, unsigned which,
    struct err *err);
/* Closes an item ("[x] #42"). */
void apply_close(struct apply *ap, struct apply_item *item, uint32_t line, const char *text);
TD_CHECK enum td_status apply_comment(struct apply *ap, const struct apply_item *item,
    const char *text, struct err *err);
/* The same, told to owners and watchers as news of that kind. */
TD_CHECK enum td_status apply_remark(struct apply *ap, const struct apply_item *item,
    const char *text, enum news_kind kind, struct err *err);
/* Sets the date (NULL: none); a decision is never due in the past: false after a refusal. */
bool apply_due(struct apply *ap, struct item *item, const struct reading_when *when,
    uint32_t line, const char *text);
/* At a mail's end: what it made due on a day that its owner has off is told to the writer. */
TD_CHECK enum td_status apply_warn_due(struct apply *ap, struct err *err);
/* Adds an item of the sender's: kind, title and body are set, and what else is known. */
TD_CHECK enum td_status apply_add_item(struct apply *ap, struct item *now,
    struct apply_item **item_r, struct err *err);

/* The mail as an update of the person's day; its sections where it is about something else: they
 * close items and log time (apply_update.c). */
TD_CHECK enum td_status apply_update(struct apply *ap, struct err *err);
TD_CHECK enum td_status apply_sections(struct apply *ap, struct err *err);
/* Sets told_day and answers_prompt; thread: what is replied to, NULL: nothing that is known. */
struct thread;
TD_CHECK enum td_status apply_told_day(struct apply *ap, const struct thread *thread,
    struct err *err);
/* skip, same */
TD_CHECK enum td_status apply_prompt_command(struct apply *ap, const struct reading_command *cmd,
    bool *known_r, struct err *err);
/* What the mail calls itself: its title, else its subject. */
const char *apply_title(struct apply *ap);

/* A mail that is a decision itself ("decide: Use LMDB?"). */
TD_CHECK enum td_status apply_decision(struct apply *ap, const char *title, struct err *err);
/* decide, agree, object, abstain, vote, resolve */
TD_CHECK enum td_status apply_decide_command(struct apply *ap,
    const struct reading_command *cmd, bool *known_r, struct err *err);

struct apply_spend {
	uint32_t line;
	const char *text;  /* the line as written */
	int64_t seconds;
	bool has_seconds;
	const struct reading_when *when;
	struct apply_item *item;
	const char *project;
	bool billable;
	const char *note;
	const char *whose; /* another's, as written; NULL: the sender's */
};
TD_CHECK enum td_status apply_spend(struct apply *ap, const struct apply_spend *spend,
    struct err *err);
/* spend, start, stop */
TD_CHECK enum td_status apply_time_command(struct apply *ap, const struct reading_command *cmd,
    bool *known_r, struct err *err);
/* submit, approve, reject */
TD_CHECK enum td_status apply_sheet_command(struct apply *ap, const struct reading_command *cmd,
    bool *known_r, struct err *err);
/* hours, tz */
TD_CHECK enum td_status apply_place_command(struct apply *ap, const struct reading_command *cmd,
    bool *known_r, struct err *err);
/* handover, and agree and object where they answer one */
TD_CHECK enum td_status apply_handover_command(struct apply *ap, const struct reading_command *cmd,
    bool *known_r, struct err *err);
/* An item that became its receiver's, by whatever line: that was the answer. One that its giver
 * has no more is not handed over any more. At a mail's end. */
TD_CHECK enum td_status handover_settle(struct apply *ap, const struct apply_item *item,
    struct err *err);
/* page, ack-page */
TD_CHECK enum td_status apply_page_command(struct apply *ap, const struct reading_command *cmd,
    bool *known_r, struct err *err);
/* Is it about a call? By the verb, or by a line as written that was not understood. */
bool page_is_verb(const char *verb);
bool page_is_line(const char *line);
/* A mail that is marked urgent calls somebody about its item. */
TD_CHECK enum td_status apply_urgent(struct apply *ap, struct err *err);
/* The call about an item that was closed ends with it. At a mail's end. */
TD_CHECK enum td_status page_settle(struct apply *ap, const struct apply_item *item,
    struct err *err);
/* invite, remove */
TD_CHECK enum td_status apply_member_command(struct apply *ap, const struct reading_command *cmd,
    bool *known_r, struct err *err);
/* remind */
TD_CHECK enum td_status apply_remind_command(struct apply *ap, const struct reading_command *cmd,
    bool *known_r, struct err *err);
/* off, away, back, digest, checkin, ack, lang */
TD_CHECK enum td_status apply_self_command(struct apply *ap, const struct reading_command *cmd,
    bool *known_r, struct err *err);

/* Puts settings back as an event's JSON has them; other keys are left alone. */
struct json_t;
void apply_patch_person(struct apply *ap, struct person *person, const struct json_t *fields);

/* Undo comes before all else in a mail, so that the rest works on what was restored. */
TD_CHECK enum td_status apply_undo(struct apply *ap, const struct reading_command *cmd,
    struct err *err);

/* Its search row as it is to be now. */
TD_CHECK enum td_status apply_index_item(struct apply *ap, const struct item *item,
    struct err *err);

#endif
