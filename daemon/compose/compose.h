/* SPDX-License-Identifier: ISC */
/*
 * compose: the mails that tidings sends, from plain data to bytes that are ready to queue. One
 * function a kind of mail; no store, no clock: what a mail says and the moment it is said at are
 * parameters. Texts come from templates/ (built in, overridable in a folder) and its locale.
 *
 *	struct compose_common common = {.templates = conf->templates, .now = clock_now(),
 *	    .team = {...}, .to = {...}};
 *	TD_CHECK compose_ack(arena, &common, &ack, &mail, err);
 *
 * Every string that goes into a header or an address is refused with TD_PERM when it holds a
 * control character; err names the field. Bodies take any valid UTF-8. All outputs live in the
 * arena. Nothing here decides whether a mail may be sent (intake and schedule do).
 */
#ifndef TD_COMPOSE_H
#define TD_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"

/* A mail as the outbox takes it: fixed from here on. */
struct composed {
	const char *mid;    /* Message-ID without < >: outbox.mid, and thread.mid */
	const char *sender; /* MAIL FROM; "" for <> */
	const char *rcpt;   /* the one recipient */
	struct span bytes;  /* headers and body, CRLF */
};

struct compose_team {
	const char *name;    /* "platform": for List-Id */
	const char *title;   /* "Platform": for people */
	const char *address; /* platform@example.org: From, Reply-To, organizer */
};

struct compose_person {
	int64_t id;          /* for the VERP sender: bounces come back to a person */
	const char *name;
	const char *address;
	const char *zone;    /* IANA; times are shown in it */
	const char *lang;    /* "en"; an unknown language is shown in English */
};

/* Fills n bytes with random ones; for Message-IDs and boundaries. */
typedef void (*compose_random)(void *user, uint8_t *bytes, size_t n);

struct compose_common {
	const char *templates; /* folder of overrides (conf->templates), NULL: built-in ones only */
	struct compose_team team;
	struct compose_person to;
	int64_t now;           /* Date of the mail; "today" of its text */
	compose_random random; /* NULL: the system's */
	void *random_user;
	const char *reply_tag; /* reply token: Reply-To is team+TAG@...; NULL: the team's address */
	bool replies_only;     /* what needs a reply token counts in a reply alone: no link to a new
	                          mail offers it */
	const char *subject_tag; /* instead of it, at the end of the subject: "(+TAG)" */
};

/* The mail that is answered: Subject, Message-ID and References as it had them, NULL without. */
struct compose_answered {
	const char *subject;
	const char *mid;
	const char **references; /* oldest first; the last ten are repeated */
	size_t n_references;
};

/* A moment as somebody meant it: for due dates. */
struct compose_when {
	int64_t at;       /* UTC; 0: none */
	const char *day;  /* as meant: "2026-11-27" or "2026-11-27T17:00" (item.due_day) */
	const char *zone; /* the zone it was meant in */
};

/* ---- acknowledgement of new items ---- */

struct compose_item {
	uint32_t number;
	const char *title;
	const char *owner;    /* NULL: nobody */
	struct compose_when due;
	const char *root_mid; /* item.root_mid, without < >: leads References; NULL without */
	bool is_decision;
};

/* The answer to a question that the mail asked. */
struct compose_asked {
	const char *title; /* a line: what was asked, what was found */
	const char **lines;
	size_t n_lines;    /* more than 800 are counted, not shown */
};

struct compose_ack {
	struct compose_answered answered;
	const struct compose_item *items; /* new ones */
	size_t n_items;
	const char **done;       /* what else was done, a sentence each: "Logged 2h on #38." */
	size_t n_done;
	const char **notes;      /* warnings: "The due date lies in the past." */
	size_t n_notes;
	const char *undo_code;   /* NULL: nothing to undo */
	const struct compose_asked *asked; /* answers, before all else */
	size_t n_asked;
};

TD_CHECK enum td_status compose_ack(struct arena *arena, const struct compose_common *common,
    const struct compose_ack *ack, struct composed *mail_r, struct err *err);

/* ---- transcript: the answer to a mail with lines that did not work ---- */

struct compose_line {
	const char *text;       /* the line as it was written */
	bool applied;
	const char *result;     /* what it did; or why not, one sentence in plain words */
	const char *suggestion; /* the nearest line that works, NULL without */
};

struct compose_transcript {
	struct compose_answered answered;
	const struct compose_line *lines; /* in the order of the mail */
	size_t n_lines;
	const char *copy;        /* one whole line to copy and send; NULL: the first suggestion */
	const char **notes;      /* warnings about what was applied */
	size_t n_notes;
	const char *undo_code;   /* of what was applied; NULL: nothing to undo */
	const struct compose_item *items; /* items that the same mail made */
	size_t n_items;
	const struct compose_asked *asked; /* answers of the same mail */
	size_t n_asked;
};

TD_CHECK enum td_status compose_transcript(struct arena *arena,
    const struct compose_common *common, const struct compose_transcript *transcript,
    struct composed *mail_r, struct err *err);

/* ---- what is new about an item: to its owners and watchers ---- */

enum compose_news_kind {
	COMPOSE_NEWS_COMMENT, COMPOSE_NEWS_ASSIGN, COMPOSE_NEWS_FREE,
	COMPOSE_NEWS_DECIDE,  /* asks for an answer; text: what was written below the question */
	COMPOSE_NEWS_OBJECT,  /* text: the reason */
	COMPOSE_NEWS_STUCK,   /* the date came, and an objection stands */
	COMPOSE_NEWS_DECIDED, /* how, and to what end, stands in the decision */
	COMPOSE_NEWS_ACCEPT,  /* what was handed over is accepted */
	COMPOSE_NEWS_DECLINE, /* or not; text: the reason, NULL without */
	COMPOSE_NEWS_MOVED,   /* it was the reader's; text: whose it is, NULL: who took it */
	COMPOSE_NEWS_DROPPED, /* a decision; text: the reason, NULL without */
	COMPOSE_NEWS_REOPENED,
	COMPOSE_NEWS_DATED,   /* a decision closes at another time */
	COMPOSE_NEWS_SOON,    /* it closes soon, and the reader has not answered */
	COMPOSE_NEWS_SPOKEN,  /* somebody answered it for the reader */
};

struct compose_news {
	enum compose_news_kind kind;
	const char *name; /* who did it */
	const char *text; /* the comment; the item that was closed ("#38 Fix login") */
	const char *undo_code; /* takes back the mail that brought it; NULL: none is named */
};

struct compose_option {
	const char *text;
	unsigned votes;
};

struct compose_objection {
	const char *name;
	const char *reason; /* NULL without */
};

/* Where a decision stands (gather_decision in gather.h). */
struct compose_decision {
	bool is_open;
	bool may_answer;          /* it is open, and the reader is asked */
	const struct compose_option *options; /* the first is the default; none: a proposal */
	size_t n_options;
	unsigned answered, asked, agree, abstain;
	const struct compose_objection *objections;
	size_t n_objections;
	const char *own;          /* the reader's answer, NULL without */
	const char *outcome;      /* NULL while it is open */
	const char *how;          /* "vote", "default", "resolve" */
	const char *why;          /* the reason of a resolve */
};

struct compose_item_mail {
	struct compose_item item;
	const struct compose_decision *decision; /* NULL: a task */
	const char *state; /* "open" */
	bool is_owner;     /* the recipient owns it; else watches it */
	bool was_owner;    /* or owned it until now */
	const struct compose_news *news; /* oldest first */
	size_t n_news;     /* at least 1 */
	struct span ics;   /* of a decision: its date for the reader's calendar; ptr NULL: none */
	bool cancel;       /* the METHOD of it is CANCEL, else REQUEST */
};

/* SUMMARY and DESCRIPTION of the date of a decision (`ics` is not looked at). */
void compose_decision_texts(struct arena *arena, const struct compose_common *common,
    const struct compose_item_mail *item, const char **summary_r, const char **description_r);

TD_CHECK enum td_status compose_item_mail(struct arena *arena,
    const struct compose_common *common, const struct compose_item_mail *item,
    struct composed *mail_r, struct err *err);

/* ---- a mail that asks one person for something, or answers what one asked ---- */

enum compose_call_kind {
	COMPOSE_CALL_REMINDER,
	COMPOSE_CALL_PAGE,        /* somebody calls, at any hour */
	COMPOSE_CALL_PAGE_TAKEN,  /* name has taken it: to the caller, and to who was called */
	COMPOSE_CALL_PAGE_NOBODY, /* nobody has: to the caller */
	COMPOSE_CALL_HANDOVER,    /* name asks the reader to take over what is handed */
	COMPOSE_CALL_UNANSWERED,  /* name has not answered: to who handed over */
	COMPOSE_CALL_WELCOME,     /* name added the reader to the team */
	COMPOSE_CALL_ROLE,        /* name gave the reader another role */
};

struct compose_handed { /* an item that is to change hands */
	struct compose_item item;
	const char *state;       /* "open" */
	const char *blocked_why; /* NULL unless blocked */
	const char *next;        /* the next action; NULL or "": nothing is written */
};

struct compose_called { /* who was called, and when */
	const char *name;
	int64_t at;
};

struct compose_call {
	enum compose_call_kind kind;
	int64_t at;          /* when it was asked for, or ended */
	const char *name;    /* who calls, who has taken it */
	unsigned turn, turns; /* of a call: the how manyth of how many to this person */
	const char *next;    /* of a call: who is called after this person; NULL: nobody */
	unsigned minutes;    /* of a call: between two of them */
	const struct compose_handed *handed; /* of a handover */
	size_t n_handed;
	const struct compose_called *called; /* of a call that is over */
	size_t n_called;
	const char *role, *hours; /* of a welcome: the reader's; role "guest", "member", "lead" */
	const char *role_before;  /* where it is another by now */
	const char *text;    /* in somebody's own words, NULL without */
	const struct compose_item *item; /* what it is about, NULL without */
	const char *root_mid; /* of the thread that it belongs to; NULL: it begins one */
};

TD_CHECK enum td_status compose_call(struct arena *arena, const struct compose_common *common,
    const struct compose_call *call, struct composed *mail_r, struct err *err);

/* ---- logged time: one shape for all kinds ---- */

enum compose_time_kind {
	COMPOSE_TIME_TIMER,   /* a timer that was forgotten: at, seconds, day, number, title */
	COMPOSE_TIME_READY,   /* a week that can be handed in */
	COMPOSE_TIME_WAITING, /* sheets that wait for a lead */
	COMPOSE_TIME_JUDGED,  /* what became of one; name is the lead's */
	COMPOSE_TIME_LOAD,    /* too much (streak), or late, for the person alone */
};

struct compose_week {
	const char *week;     /* "2026-W41" */
	const char *name;     /* whose, or who judged it */
	const char *handle;
	int64_t seconds, target; /* target 0: none */
	int64_t late;         /* of it at night or on days off */
	const char *reason;   /* NULL without */
	bool approved;
};

struct compose_time {
	enum compose_time_kind kind;
	const struct compose_week *weeks;
	size_t n_weeks;
	bool streak;
	int64_t at;           /* when the timer was started */
	int64_t seconds;      /* until the end of the working day */
	const char *day;      /* of its start */
	uint32_t number;      /* of its item, 0 without */
	const char *title;
	const char *root_mid;
};

TD_CHECK enum td_status compose_time(struct arena *arena, const struct compose_common *common,
    const struct compose_time *time, struct composed *mail_r, struct err *err);

/* ---- "was this you?": mail that is held until its sender says yes ---- */

struct compose_held {
	const char *subject; /* NULL without */
	int64_t received_at;
};

struct compose_confirm {
	const struct compose_held *held;
	size_t n_held; /* at least 1 */
};

TD_CHECK enum td_status compose_confirm(struct arena *arena, const struct compose_common *common,
    const struct compose_confirm *confirm, struct composed *mail_r, struct err *err);

/* ---- digest ---- */

enum digest_need_kind { NEED_BLOCKED, NEED_OVERDUE, NEED_DUE, NEED_UNOWNED };

/* Something that waits for the reader. */
struct digest_need {
	enum digest_need_kind kind;
	uint32_t number;
	const char *title;
	const char *owner;  /* NULL: nobody */
	const char *reason; /* of a blocked item, NULL without */
	unsigned days;      /* blocked for, overdue by, or until due (0: today) */
	struct compose_when due;
	bool on_reader;     /* somebody else's, and waits for the reader */
	bool owner_left;    /* of NEED_UNOWNED: it had an owner, who is no member any more */
	bool late, stuck;   /* of NEED_UNOWNED: overdue; blocked, by `reason` */
};

struct digest_decision {
	uint32_t number;
	const char *title;
	unsigned answered, asked;  /* asked 0: no figure is shown */
	unsigned objections;
	bool stuck;                /* its date is past, and an objection keeps it open */
	struct compose_when due;
	bool due_today;
};

/* What one person told since the last digest. */
struct digest_update {
	const char *name;
	const char **done;
	size_t n_done;
	const char **missed; /* was next before, and is not done */
	size_t n_missed;
	const char **next;
	size_t n_next;
	const char **blocked;
	size_t n_blocked;
	const char **notes; /* in plain words; told where nothing is under done */
	size_t n_notes;
	int64_t seconds;    /* time logged */
	bool checked_in;    /* false: "no check-in" */
	bool away;          /* then no check-in is expected, and none is missed */
};

struct digest_goal {
	const char *text;
	unsigned done, total; /* total 0: no figure */
};

struct digest_away {
	const char *name;
	const char *last_day; /* "2026-11-26" */
	const char *cover;    /* NULL without */
	const char *half;     /* "morning", "afternoon", "half"; NULL: whole days */
};

struct compose_digest {
	const char *day;        /* "2026-11-24": the reader's date */
	bool weekly;
	const char *since_day;  /* first day that `updates` cover; NULL: yesterday */
	unsigned people, blocked; /* members in all, and those who are blocked */
	const struct digest_need *needs;
	size_t n_needs;
	const struct digest_decision *decisions;
	size_t n_decisions;
	const struct digest_update *updates;
	size_t n_updates;
	const struct digest_goal *goals;
	size_t n_goals;
	const struct digest_away *away;
	size_t n_away;
	const char *core;       /* "14:00-17:00" today, in core_zone; NULL: none today */
	const char *core_zone;
};

/* True if there is something to say: needs, decisions, a check-in, time, goals or absences. */
bool compose_digest_has_news(const struct compose_digest *digest);

TD_CHECK enum td_status compose_digest(struct arena *arena, const struct compose_common *common,
    const struct compose_digest *digest, struct composed *mail_r, struct err *err);

/* The two bodies of it, for `tidings digest --format text|html`. */
TD_CHECK enum td_status compose_digest_text(struct arena *arena,
    const struct compose_common *common, const struct compose_digest *digest,
    const char **text_r, struct err *err);
TD_CHECK enum td_status compose_digest_html(struct arena *arena,
    const struct compose_common *common, const struct compose_digest *digest,
    const char **html_r, struct err *err);

/* ---- prompt: asks one person for the update of their day ---- */

struct compose_prompt {
	const char *day;      /* "2026-11-24": the day it asks about, the reader's */
	const char **planned; /* was next in the last update, and is not closed since */
	size_t n_planned;
	const struct digest_need *items; /* the reader's open ones; NEED_DUE without a date: only
	                                  * that it is open */
	size_t n_items;
	int64_t seconds;      /* time logged on that day, in all teams */
	const struct compose_team *others; /* other teams of the reader, which are not asked for */
	size_t n_others;
};

/* The sentence that the text begins with, in a language and without overrides: to know a prompt by
 * that is quoted without a mark. */
const char *compose_prompt_question(struct arena *arena, const char *lang);

TD_CHECK enum td_status compose_prompt(struct arena *arena, const struct compose_common *common,
    const struct compose_prompt *prompt, struct composed *mail_r, struct err *err);

/* ---- core-hours invite (RFC 5546, RFC 6047) ---- */

struct compose_invite {
	struct span ics;        /* the calendar, from compose/ics.h; its METHOD equals `cancel` */
	bool cancel;            /* METHOD:CANCEL instead of REQUEST */
	bool is_update;         /* a new SEQUENCE of an invite that was sent before */
	const char *rule;       /* "mon-thu 14:00-17:00" */
	const char *zone;       /* of the rule */
	const char *first_day;  /* "2026-11-23" */
	bool days_only;         /* an update of nothing but the days that are left out */
	const char **left_out;  /* days to come that are left out for the reader, in order */
	size_t n_left_out;
};

/* SUMMARY and DESCRIPTION of the calendar: every fact of the invite (`ics` is not looked at). */
void compose_invite_texts(struct arena *arena, const struct compose_common *common,
    const struct compose_invite *invite, const char **summary_r, const char **description_r);

TD_CHECK enum td_status compose_invite(struct arena *arena, const struct compose_common *common,
    const struct compose_invite *invite, struct composed *mail_r, struct err *err);

/* ---- daily summary of quarantined mail, for the leads ---- */

struct compose_quarantined {
	int64_t id;          /* of `tidings quarantine show ID` */
	const char *from;    /* as it came, NULL without */
	const char *subject;
	const char *why;
	int64_t at;
};

struct compose_quarantine {
	const struct compose_quarantined *mails;
	size_t n_mails;
	size_t total; /* at least n_mails */
};

TD_CHECK enum td_status compose_quarantine_summary(struct arena *arena,
    const struct compose_common *common, const struct compose_quarantine *quarantine,
    struct composed *mail_r, struct err *err);

/* ---- notice: one thing that a person must know (delivery trouble, disk, too large a mail) ---- */

struct compose_value {
	const char *name, *text; /* {{name}} in the locale */
};

#define COMPOSE_NOTICE_MAX 4

/* The words stand in the locale: notice_KIND_subject, _what and _remedy, and notice_fact_NAME. */
struct compose_notice {
	const char *kind;
	const char *facts[COMPOSE_NOTICE_MAX];          /* names, a line each; NULL ends them */
	struct compose_value values[COMPOSE_NOTICE_MAX]; /* what is filled in; as above */
	const struct compose_answered *answered; /* NULL: it answers no mail */
};

TD_CHECK enum td_status compose_notice(struct arena *arena, const struct compose_common *common,
    const struct compose_notice *notice, struct composed *mail_r, struct err *err);

/* ---- templates ---- */

/* Tries each override in folder: tell (may be NULL) gets a line for each that does not compile or
 * that has no such name. For `tidings check` and `tidingsd -n`. A broken override is not used. */
TD_CHECK enum td_status compose_check_templates(const char *folder,
    void (*tell)(void *user, const char *line), void *user, struct err *err);

/* Drops the compiled templates: on reload and at exit. The next mail compiles them anew. */
void compose_forget(void);

/* team+bounce-ID@host: the VERP sender of scheduled mail. A bounce comes back to it, so a reading's
 * recipient has the tag "bounce-ID". */
const char *compose_verp(struct arena *arena, const char *team_address, int64_t person_id);

/* team+TAG@host; NULL where its local part is longer than 64 octets (RFC 5321, 4.5.3.1.1). */
const char *compose_tagged(struct arena *arena, const char *team_address, const char *tag);

#endif
