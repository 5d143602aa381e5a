/* SPDX-License-Identifier: ISC */
/* mails: see mails.h. */
#include "tests/unit/mails.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

void
mails_random(void *user, uint8_t *bytes, size_t n)
{
	uint8_t *counter = user;

	for (size_t i = 0; i < n; i++)
		bytes[i] = (*counter)++;
}

struct compose_common
mails_common(uint8_t *counter)
{
	return (struct compose_common){
	    .team = {.name = "platform", .title = "Platform", .address = "platform@example.org"},
	    .to = {.id = 7, .name = "Ana Lima", .address = "ana@example.org",
	        .zone = "Europe/Berlin", .lang = "en"},
	    .now = MAILS_NOW, .random = mails_random, .random_user = counter};
}

/* ---- digest ---- */

static const struct digest_need needs[] = {
    {.kind = NEED_BLOCKED, .number = 57, .title = "Publish the Debian package", .owner = "Ben",
        .reason = "needs your review", .days = 1},
    {.kind = NEED_BLOCKED, .number = 41, .title = "Migrate the mail queue", .owner = "Ana",
        .reason = "waiting for disk quota", .days = 3},
    {.kind = NEED_OVERDUE, .number = 12, .title = "Renew the certificate", .owner = "Ana",
        .days = 2, .late = true,
        .due = {.at = 1795302000, .day = "2026-11-22", .zone = "Europe/Berlin"}},
    {.kind = NEED_DUE, .number = 60, .title = "Write the release notes for the next version, with"
        " a word on each change that a person who upgrades has to know", .days = 1,
        .due = {.at = 1795622400, .day = "2026-11-25T17:00", .zone = "Europe/Berlin"}},
    {.kind = NEED_UNOWNED, .number = 42, .title = "Ask for disk quota", .late = true, .days = 1,
        .due = {.at = 1795532400, .day = "2026-11-23", .zone = "Europe/Berlin"}},
    {.kind = NEED_UNOWNED, .number = 61, .title = "Order the new disks", .owner = "Eli Stone",
        .owner_left = true, .stuck = true, .reason = "no budget before December"},
    {.kind = NEED_UNOWNED, .number = 62, .title = "Tidy the wiki"},
};
static const struct digest_decision decisions[] = {
    {.number = 9, .title = "Use LMDB?", .answered = 3, .asked = 5, .due_today = true,
        .due = {.at = 1795536000, .day = "2026-11-24T17:00", .zone = "Europe/Berlin"}},
    {.number = 13, .title = "Move the stand-up?"},
};
static const char *ana_done[] = {"#38 Parser limits"};
static const char *ana_next[] = {"#41"};
static const char *chi_done[] = {"draft of the manual", "two <b>reviews</b> & a \"fix\""};
static const char *chi_blocked[] = {"no access to the build host"};
static const struct digest_update updates[] = {
    {.name = "Ana", .done = ana_done, .n_done = 1, .next = ana_next, .n_next = 1,
        .seconds = 23400, .checked_in = true},
    {.name = "Ben"},
    {.name = "Chi", .done = chi_done, .n_done = 2, .blocked = chi_blocked, .n_blocked = 1,
        .seconds = 14400, .checked_in = true},
    {.name = "Zo\xc3\xab", .away = true},
};
static const struct digest_goal goals[] = {
    {.text = "Release 0.9", .done = 7, .total = 10},
    {.text = "Answer every open question"},
    {.text = "Documentation", .done = 0, .total = 4},
};
static const struct digest_away away[] = {
    {.name = "Zo\xc3\xab", .last_day = "2026-11-26", .cover = "Ana"},
    {.name = "Dev", .last_day = "2026-11-24"},
};

const struct compose_digest mails_digest = {.day = "2026-11-24", .people = 5, .blocked = 3,
    .needs = needs, .n_needs = COUNT(needs), .decisions = decisions,
    .n_decisions = COUNT(decisions), .updates = updates, .n_updates = COUNT(updates),
    .goals = goals, .n_goals = COUNT(goals), .away = away, .n_away = COUNT(away),
    .core = "14:00-17:00", .core_zone = "Europe/Berlin"};

static const struct digest_update calm_updates[] = {
    {.name = "Ben", .done = ana_done, .n_done = 1, .checked_in = true},
};

const struct compose_digest mails_digest_calm = {.day = "2026-11-23", .weekly = true,
    .since_day = "2026-11-16", .people = 3, .updates = calm_updates, .n_updates = 1};

/* ---- prompt ---- */

static const char *planned[] = {"#41 Migrate the mail queue", "same", "two <b>reviews</b> & a fix"};
static const struct digest_need own[] = {
    {.kind = NEED_BLOCKED, .number = 41, .title = "Migrate the mail queue",
        .reason = "waiting for disk quota", .days = 3},
    {.kind = NEED_OVERDUE, .number = 12, .title = "Renew the certificate", .days = 2, .late = true,
        .due = {.at = 1795302000, .day = "2026-11-22", .zone = "Europe/Berlin"}},
    {.kind = NEED_DUE, .number = 60, .title = "Write the release notes for the next version, with"
        " a word on each change that a person who upgrades has to know", .days = 1,
        .due = {.at = 1795622400, .day = "2026-11-25T17:00", .zone = "Europe/Berlin"}},
    {.kind = NEED_DUE, .number = 62, .title = "Tidy the wiki"},
};
static const struct compose_team other_teams[] = {
    {"web", "Web", "web@example.org"},
};

const struct compose_prompt mails_prompt = {.day = "2026-11-24", .planned = planned,
    .n_planned = COUNT(planned), .items = own, .n_items = COUNT(own), .seconds = 23400,
    .others = other_teams, .n_others = COUNT(other_teams)};
const struct compose_prompt mails_prompt_bare = {.day = "2026-11-24"};

/* ---- answers ---- */

static const char *references[] = {"first@example.net", "second@example.net"};
static const struct compose_item items[] = {
    {.number = 41, .title = "Migrate the mail queue", .owner = "Ana Lima",
        .due = {.at = 1795795200, .day = "2026-11-27T17:00", .zone = "Europe/Berlin"},
        .root_mid = "item-41.platform@example.org"},
    {.number = 42, .title = "Ask for disk quota",
        .due = {.at = 1795215600, .day = "2026-11-20", .zone = "Europe/Berlin"},
        .root_mid = "item-42.platform@example.org"},
    {.number = 43, .title = "Which queue?", .is_decision = true},
};
static const char *done[] = {"Logged 2h on #38.", "#38 is done."};
static const char *notes[] = {"The due date of #42 lies in the past."};

const struct compose_ack mails_ack = {
    .answered = {.subject = "Migrate the mail queue @ana due:fri", .mid = "m1@example.net",
        .references = references, .n_references = 2},
    .items = items, .n_items = 1, .undo_code = "k7q2"};
static const struct compose_news item_news[] = {
    {COMPOSE_NEWS_ASSIGN, "Ben Okri", NULL, NULL},
    {COMPOSE_NEWS_COMMENT, "Chi Wu", "The quota is 2 GB < 4 GB & more.\ndone #41\n\n/drop #41",
	"K7Q2MXAB"},
    {COMPOSE_NEWS_FREE, "Ben Okri", "#38 Parser limits", NULL}};
const struct compose_item_mail mails_item = {.item = {.number = 41,
	.title = "Migrate the mail queue", .owner = "Ana Lima",
	.due = {1795795200, "2026-11-27T17:00", "Europe/Berlin"},
	.root_mid = "item-41.platform@example.org"},
    .state = "open", .is_owner = true, .news = item_news, .n_news = COUNT(item_news)};
const struct compose_item_mail mails_item_watched = {.item = {.number = 57,
	.title = "Publish \xc3\x9c" "bersetzung", .root_mid = "item-57.platform@example.org"},
    .state = "blocked", .news = item_news + 1, .n_news = 1};
const struct compose_call mails_reminder = {.kind = COMPOSE_CALL_REMINDER,
    .at = MAILS_NOW - 86400, .text = "renew the certificate"};
const struct compose_call mails_reminder_item = {.kind = COMPOSE_CALL_REMINDER,
    .at = MAILS_NOW - 86400, .text = "/done #41 and \"ring\" B\xc3\xa9la <b>", .item = items,
    .root_mid = "item-41.platform@example.org"};

/* A decision with options that is asked about, and a proposal that was decided. */
static const struct compose_option options[] = {{"LMDB", 2}, {"SQLite", 1}, {"both & more", 0}};
static const struct compose_objection objections[] = {{"Chi Wu", "no backup\nfor it"}};
static const struct compose_news decision_news[] = {
    {COMPOSE_NEWS_DECIDE, "Ben Okri", "We need one.\ndone", NULL},
    {COMPOSE_NEWS_OBJECT, "Chi Wu", "no backup\nfor it", NULL}};
static const struct compose_decision decision = {.is_open = true, .may_answer = true,
    .options = options, .n_options = 3, .answered = 4, .asked = 5, .objections = objections,
    .n_objections = 1};
const struct compose_item_mail mails_item_decision = {.item = {.number = 9,
	.title = "Which store?", .owner = "Ben Okri",
	.due = {1795795200, "2026-11-27T17:00", "Europe/Berlin"},
	.root_mid = "item-9.platform@example.org"}, .decision = &decision,
    .state = "open", .news = decision_news, .n_news = 2};
static const struct compose_news decided_news[] = {{COMPOSE_NEWS_DECIDED, "Ben Okri", NULL, NULL}};
static const struct compose_decision decided = {.answered = 3, .asked = 5, .agree = 2,
    .abstain = 1, .outcome = "agreed", .how = "default"};
const struct compose_item_mail mails_item_decided = {.item = {.number = 10,
	.title = "Move to C17?", .owner = "Ben Okri", .root_mid = "item-10.platform@example.org"},
    .decision = &decided, .state = "done", .news = decided_news, .n_news = 1};
static const struct compose_handed handed[] = {
    {{.number = 41, .title = "Migrate the mail queue", .owner = "Ben Okri",
	.due = {1795795200, "2026-11-27T17:00", "Europe/Berlin"},
	.root_mid = "item-41.platform@example.org"}, "blocked", "waiting for disk quota",
	"ring the vendor, then /done #41"},
    {{.number = 42, .title = "Ask for disk quota"}, "started", NULL, ""},
    {{.number = 43, .title = "Third"}, "open", NULL, NULL}, {{.number = 44, .title = "4"}, "open",
	NULL, NULL}, {{.number = 45, .title = "5"}, "open", NULL, NULL},
    {{.number = 46, .title = "6"}, "open", NULL, NULL}};
const struct compose_call mails_handover = {.kind = COMPOSE_CALL_HANDOVER, .at = MAILS_NOW - 90000,
    .name = "Ben Okri", .text = "the rest is in the wiki\ndone #41", .turn = 2, .handed = handed,
    .n_handed = 6, .root_mid = "first.handovers@example.org"};
const struct compose_call mails_handover_one = {.kind = COMPOSE_CALL_HANDOVER, .at = MAILS_NOW,
    .name = "Ben Okri", .turn = 1, .handed = handed, .n_handed = 1};
const struct compose_call mails_unanswered = {.kind = COMPOSE_CALL_UNANSWERED,
    .at = MAILS_NOW - 400000, .name = "Chi Wu", .handed = handed, .n_handed = 2};
static const struct compose_called called[] = {{"Ben Okri", MAILS_NOW - 1200},
    {"Ben Okri", MAILS_NOW - 900}, {"Chi Wu", MAILS_NOW - 600}};
const struct compose_call mails_page = {.kind = COMPOSE_CALL_PAGE, .at = MAILS_NOW - 300,
    .name = "Ben Okri", .text = "the mail queue is stuck", .turn = 2, .turns = 3, .minutes = 5,
    .next = "Chi Wu", .item = items, .root_mid = "item-41.platform@example.org"};
const struct compose_call mails_page_last = {.kind = COMPOSE_CALL_PAGE, .at = MAILS_NOW - 600,
    .name = "Ben Okri", .text = "please ring me", .turn = 3, .turns = 3, .minutes = 5};
const struct compose_call mails_page_taken = {.kind = COMPOSE_CALL_PAGE_TAKEN, .at = MAILS_NOW,
    .name = "Chi Wu", .text = "the mail queue is stuck", .called = called, .n_called = 3};
const struct compose_call mails_page_nobody = {.kind = COMPOSE_CALL_PAGE_NOBODY, .at = MAILS_NOW,
    .text = "the mail queue is stuck", .called = called, .n_called = 3};
const struct compose_call mails_welcome = {.kind = COMPOSE_CALL_WELCOME, .at = MAILS_NOW,
    .name = "Ben Okri", .role = "member", .hours = "mon-fri 09:00-17:00"};
const struct compose_call mails_welcome_guest = {.kind = COMPOSE_CALL_WELCOME, .at = MAILS_NOW,
    .role = "guest", .hours = "mon-fri 09:00-17:00"};
const struct compose_call mails_role = {.kind = COMPOSE_CALL_ROLE, .at = MAILS_NOW,
    .name = "Ben Okri", .role = "lead", .role_before = "member"};
const struct compose_call mails_role_guest = {.kind = COMPOSE_CALL_ROLE, .at = MAILS_NOW,
    .role = "guest", .role_before = "lead"};

/* ---- logged time ---- */

static const struct compose_week waiting[] = {
    {.week = "2026-W47", .name = "Chi Wu", .handle = "chi", .seconds = 138600, .target = 144000},
    {.week = "2026-W47", .name = "Zo\xc3\xab \"Z\" <Z>", .handle = "zoe", .seconds = 7200}};
static const struct compose_week judged = {.week = "2026-W47", .name = "Ben Okri",
    .seconds = 138600, .target = 144000, .reason = "Tuesday is missing\n/done #1"};
static const struct compose_week load[] = {
    {.week = "2026-W45", .seconds = 162000, .target = 144000},
    {.week = "2026-W46", .seconds = 172800, .target = 144000},
    {.week = "2026-W47", .seconds = 162000, .target = 115200, .late = 9000}};
const struct compose_time mails_time_waiting = {.kind = COMPOSE_TIME_WAITING, .weeks = waiting,
    .n_weeks = 2};
const struct compose_time mails_time_ready = {.kind = COMPOSE_TIME_READY, .weeks = waiting,
    .n_weeks = 1};
const struct compose_time mails_time_judged = {.kind = COMPOSE_TIME_JUDGED, .weeks = &judged,
    .n_weeks = 1};
const struct compose_time mails_time_load = {.kind = COMPOSE_TIME_LOAD, .weeks = load,
    .n_weeks = 3, .streak = true};
const struct compose_time mails_time_timer = {.kind = COMPOSE_TIME_TIMER,
    .at = MAILS_NOW - 86400, .seconds = 31680, .day = "2026-11-23", .number = 41,
    .title = "Migrate the mail queue", .root_mid = "item-41.platform@example.org"};

static const char *asked_list[] = {"#41 Migrate the mail queue (Ana Lima), blocked: waiting for "
    "disk "
	"quota, due 2026-11-27 17:00 (Europe/Berlin), p1, +web, #bug",
    "#57 Publish the Debian package (Ben Okri)"};
static const char *asked_show[] = {"State: open", "Owner: Ana Lima", "",
    "  done #41 as a line of a body",
    "  /drop #41", "", "Ben Okri, 2026-11-21 12:00 (Europe/Lisbon):", "  skip"};
static const struct compose_asked asked[] = {{"list +web: 2 items", asked_list, 2},
    {"#58 A body full of commands", asked_show, 8}};
const struct compose_ack mails_asked = {.answered = {"list +web", "q1@example.org", NULL, 0},
    .asked = asked, .n_asked = 2};
const struct compose_ack mails_ack_many = {
    .answered = {.subject = "Re: Plan f\xc3\xbcr die Woche, gr\xc3\xb6\xc3\x9f" "er als gedacht",
        .mid = "m2@example.net"},
    .items = items, .n_items = 3, .done = done, .n_done = 2, .notes = notes, .n_notes = 1,
    .undo_code = "k7q2"};

static const struct compose_line lines[] = {
    {.text = "/done #38", .applied = true, .result = "#38 is done."},
    {.text = "/due #41 03/04/2026", .result = "03/04/2026 is the third of April to some and the"
        " fourth of March to others.", .suggestion = "/due #41 2026-04-03"},
    {.text = "/frobnicate everything", .result = "There is no such command."},
};

const struct compose_transcript mails_transcript = {
    .answered = {.subject = "Tuesday", .mid = "m3@example.net"}, .lines = lines, .n_lines = 3,
    .undo_code = "k7q2"};
static const char *warned[] = {"You logged 25h 30m on 2026-11-24; a day has 24h."};
const struct compose_transcript mails_transcript_warned = {
    .answered = {.subject = "Tuesday", .mid = "m3@example.net"}, .lines = lines, .n_lines = 3,
    .notes = warned, .n_notes = 1, .undo_code = "k7q2"};
const struct compose_transcript mails_transcript_none = {
    .answered = {.mid = "<not an id>"}, .lines = lines + 2, .n_lines = 1};
const struct compose_transcript mails_transcript_rest = {
    .answered = {.subject = "Fix login", .mid = "m4@example.net"}, .lines = lines + 2,
    .n_lines = 1, .items = items, .n_items = 1, .undo_code = "k7q2"};

static const struct compose_line reply_lines[] = {{.text = "/approve 2026-W46 @ben",
    .result = "This has to come as a reply to a mail from me, so that I know it is you. Reply to "
	"this mail with that line."}};
const struct compose_transcript mails_transcript_reply = {
    .answered = {.subject = "Ben's week", .mid = "m5@example.net"}, .lines = reply_lines,
    .n_lines = 1};

static const struct compose_held held[] = {
    {.subject = "Fix login", .received_at = 1795503900}, {.received_at = 1795504000}};

const struct compose_confirm mails_confirm = {.held = held, .n_held = 2};

/* ---- notices ---- */

static const struct compose_quarantined quarantined[] = {
    {.id = 12, .from = "stranger@example.net", .subject = "You have won", .why = "unknown sender",
        .at = 1795490000},
    {.id = 13, .why = "two addresses in From", .at = 1795491000}};

const struct compose_quarantine mails_quarantine = {.mails = quarantined, .n_mails = 2,
    .total = 14};

const struct compose_notice mails_notice = {.kind = "failed", .facts = {"to", "kind", "reply"},
    .values = {{"to", "ben@example.org"}, {"kind", "digest"},
	{"reply", "550 5.1.1 no such user"}, {"id", "17"}}};

/* ---- invites ---- */

const struct compose_invite mails_invite = {
    .rule = "mon-thu 14:00-17:00", .zone = "Europe/Berlin", .first_day = "2026-11-24"};
static const char *left_out[] = {"2026-12-24", "2026-12-28", "2026-12-29", "2026-12-30",
    "2026-12-31",
    "2027-01-04", "2027-01-05", "2027-01-06", "2027-01-07", "2027-01-11", "2027-01-12",
    "2027-01-13",
    "2027-01-14", "2027-01-18", "2027-01-19", "2027-01-20", "2027-01-21", "2027-01-25",
    "2027-01-26",
    "2027-01-27", "2027-01-28", "2027-02-01"};
const struct compose_invite mails_invite_days = {.is_update = true, .days_only = true,
    .rule = "mon-thu 14:00-17:00", .zone = "Europe/Berlin", .first_day = "2026-11-24",
    .left_out = left_out, .n_left_out = 22};
const struct compose_invite mails_cancel = {.cancel = true, .is_update = true,
    .rule = "mon-thu 14:00-17:00", .zone = "Europe/Berlin", .first_day = "2026-11-24"};
