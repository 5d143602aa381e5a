/* SPDX-License-Identifier: ISC */
/*
 * play: see play.h. Three tables hold what can be written: shapes of mails, lines of commands,
 * and slots ("{open}", "{day}") that stand in both. To add a form of a command: one line.
 */
#include "tests/unit/play.h"

#include "parsers/base/buf.h"
#include "parsers/base/civil.h"

/* ---- the cast -------------------------------------------------------------------------------- */

const struct play_person play_cast[6] = {
    {"ana", "Europe/Lisbon", {ROLE_LEAD, ROLE_MEMBER}},
    {"ben", "Asia/Tokyo", {ROLE_MEMBER, ROLE_NONE}},
    {"chi", "America/Lima", {ROLE_GUEST, ROLE_NONE}},
    {"dee", "America/New_York", {ROLE_MEMBER, ROLE_MEMBER}},
    {"eli", "Asia/Kolkata", {ROLE_MEMBER, ROLE_LEAD}},
    {"fay", "Australia/Lord_Howe", {ROLE_LEAD, ROLE_GUEST}},
};

/* ---- the lines ------------------------------------------------------------------------------- */

/*
 * reads, writes: of the items that the line names, so that a test knows which mails may change
 * places. All a person writes stays in order, so what is only theirs (timer, settings, absences,
 * updates) is not named.
 */
static const struct line {
	const char *text;
	unsigned reads, writes;
	bool guest; /* guests may */
	bool makes; /* an item */
	bool later; /* the verb is read, and has no effect yet */
} lines[] = {
    {"/done {open}", 0, PLAY_STATE},
    {"/done {open} {open} {words}", 0, PLAY_STATE},
    {"done {open}", 0, PLAY_STATE},
    {"/reopen {closed} {words}", PLAY_OWNERS, PLAY_STATE},
    {"/drop {open} {words}", PLAY_OWNERS, PLAY_STATE},
    {"/start {open}", PLAY_PROJECT, PLAY_STATE},
    {"/start {open}", PLAY_PROJECT, PLAY_STATE},
    {"/stop", PLAY_PROJECT, 0},
    {"/take {item}", 0, PLAY_OWNERS},
    {"take {item}", 0, PLAY_OWNERS},
    {"/assign {item} @{member}", 0, PLAY_OWNERS},
    {"/assign {item} @{member} @{member}", 0, PLAY_OWNERS},
    {"/unassign {item}", 0, PLAY_OWNERS},
    {"/unassign {owned}", 0, PLAY_OWNERS},
    {"/due {item} {day}", PLAY_OWNERS, PLAY_DUE},
    {"/due {item} {day} 17:00", PLAY_OWNERS, PLAY_DUE},
    {"/due {item} none", PLAY_OWNERS, PLAY_DUE},
    {"/snooze {open} 2d", PLAY_STATE, PLAY_SNOOZE},
    {"/snooze {open} {day}", PLAY_STATE, PLAY_SNOOZE},
    {"/priority {item} p{digit}", 0, PLAY_PRIORITY},
    {"/tag {item} {tag} -{tag}", 0, PLAY_TAGS},
    {"/tag {item} {tag} {tag}", 0, PLAY_TAGS},
    {"/project {item} {project}", 0, PLAY_PROJECT},
    {"/project {item} none", 0, PLAY_PROJECT},
    {"/title {item} {words}", PLAY_OWNERS, PLAY_TITLE},
    {"/estimate {item} {amount}", 0, PLAY_ESTIMATE},
    {"/estimate {item} none", 0, PLAY_ESTIMATE},
    {"/depends {item} on {item}", 0, PLAY_LINKS},
    {"/depends {item} on {item} {item}", 0, PLAY_LINKS},
    {"/block {open} {words}", 0, PLAY_STATE},
    {"/block {open} {words} on {item}", 0, PLAY_STATE | PLAY_LINKS},
    {"/block {open} {words} on @{member}", 0, PLAY_STATE},
    {"/unblock {blocked}", 0, PLAY_STATE},
    {"/watch {item}", 0, PLAY_WATCHERS, .guest = true},
    {"/watch {item} @{member}", 0, PLAY_WATCHERS},
    {"/unwatch {item}", 0, PLAY_WATCHERS, .guest = true},
    {"/spend {amount} {item} {words}", PLAY_PROJECT, 0},
    {"/spend {amount} {past} +{project} billable {words}", 0, 0},
    {"/spend 09:{digit}5-10:45 {past}", PLAY_PROJECT, 0}, /* in a thread: of its item */
    {"/spend -{amount} {item}", PLAY_PROJECT, 0},
    {"{item} 2h {words}", PLAY_PROJECT, 0},
    {"/off {day} half-day", 0, PLAY_TEAM},
    {"/off {day} afternoon", 0, PLAY_TEAM},
    {"/off {day}..{day} holiday cover:@{member} {words}", 0, PLAY_TEAM},
    {"/off {today} sick", 0, PLAY_TEAM},
    {"/back", 0, PLAY_TEAM},
    {"/hours mon-fri 0{digit}:00-17:00", 0, 0},
    {"/hours mon-thu 0{digit}:30-16:00, sat 10:00-12:00 from {day}", 0, 0},
    {"/tz {zone}", 0, 0},
    {"/tz {zone} {day}..{day}", 0, 0},
    {"/digest daily 0{digit}:30", 0, 0, .guest = true},
    {"/digest weekly mon 09:00", 0, 0, .guest = true},
    {"/digest off", 0, 0, .guest = true},
    {"/checkin 16:{digit}0", 0, 0},
    {"/checkin off", 0, 0},
    {"/ack always", 0, 0, .guest = true},
    {"/ack errors", 0, 0, .guest = true},
    {"/lang de", 0, 0, .guest = true},
    {"/lang en", 0, 0, .guest = true},
    {"/show {item}", PLAY_ALL, 0, .guest = true},
    {"/list mine", 0, 0, .guest = true},
    {"/list @{member} +{project}", 0, 0, .guest = true},
    {"/search {words}", 0, 0, .guest = true},
    {"/who", 0, 0, .guest = true},
    {"/help spend", 0, 0, .guest = true},
    {"/undo {code}", 0, 0, .guest = true},
    {"undo {code}", 0, 0, .guest = true},
    /* decisions: a vote is a person's own, so two people's do not meet */
    {"/decide {words}? by {day}", 0, 0, .makes = true},
    {"/decide {words}?", 0, 0, .makes = true},
    {"/agree {decision}", PLAY_STATE, 0},
    {"/agree {decision} {words}", PLAY_STATE, 0},
    {"/object {decision} {words}", PLAY_STATE, 0},
    {"/abstain {decision}", PLAY_STATE, 0},
    {"/vote {decision} {digit}", PLAY_STATE, 0},
    {"/resolve {decision} 1 {words}", PLAY_OWNERS, PLAY_STATE},
    {"/resolve {decision} yes {words}", PLAY_OWNERS, PLAY_STATE},
    {"/handover @{member} {open} {words}", PLAY_STATE | PLAY_OWNERS, PLAY_NEXT},
    {"/handover @{member} {open} {open}", PLAY_STATE | PLAY_OWNERS, PLAY_NEXT},
    {"/agree {handed}", PLAY_STATE, PLAY_NEXT | PLAY_OWNERS},
    {"/object {handed} {words}", PLAY_STATE, PLAY_NEXT},
    /* calls and reminders; whom a call reaches hangs on who is there */
    {"/page oncall {words}", 0, PLAY_TEAM},
    {"/page @{member} {words}", 0, PLAY_TEAM},
    {"/ack-page {called}", 0, PLAY_TEAM},
    {"/remind {day} {words}", 0, 0},
    {"/remind {day} 09:00 {words}", 0, 0},
    {"/invite new{digit}@example.org New {words}", 0, PLAY_TEAM},
    {"/invite new{digit}@example.org New {role}", 0, PLAY_TEAM},
    /* who came by such a line and did nothing: who leaves keeps items and entries, which the rules
     * say of members */
    {"/remove @new{digit}", 0, PLAY_TEAM},
    {"/spend -{amount} {past} for:@{whose} {words}", PLAY_PROJECT, 0},
    {"/timesheet", 0, 0},
    {"/submit {week}", 0, 0},
    {"/approve {sheet}", 0, 0},
    {"/reject {sheet} {words}", 0, 0},
    {"/skip", 0, 0},
    {"/same", PLAY_STATES, 0},
    {"/away", 0, PLAY_TEAM},
    /* read, and without effect for now */
    {"/meet 1h @{member} @{member}", 0, 0, .later = true},
    {"/book 1", 0, 0, .later = true},
};
const size_t play_n_lines = sizeof lines / sizeof *lines;

/* Mails: how often, subject, body. "{about}" is an item that the whole mail is about. */
static const struct shape {
	unsigned weight;
	const char *subject, *body;
	unsigned reads, writes; /* of the items named here */
	bool makes;             /* an item */
	bool one_line;
	bool guest;
} shapes[] = {
    {10, "task: {words} +{project} @{member} p{digit} due:{day} #{tag}", "{words}\r\n",
	.makes = true},
    {8, "task: {words}", "{words}\r\n\r\n{lines}", .makes = true},
    {4, "task: {words}", "Owner: {member}\r\nDue: {day}\r\nTags: {tag}\r\n"
	"Depends on: {item}\r\nEstimate: {amount}\r\n\r\n{words}\r\n", 0, PLAY_LINKS,
	    .makes = true},
    {2, "urgent: {words}", "{words}\r\n", 0, PLAY_TEAM, .makes = true},
    {3, "decide: {words}? by {day}", "Options: {words}, {tag}, {project}\r\n\r\n{words}\r\n",
	.makes = true},
    {2, "decide: {words}?", "{words}\r\n- {tag}\r\n- {project}\r\n", .makes = true},
    {50, "notes", "{line}\r\n", .one_line = true, .guest = true},
    {20, "notes", "{lines}", .guest = true},
    {8, "Re: [{about}] {words}", "{words}\r\n", .guest = true},
    {8, "Re: [{about}] {words}", "{words}\r\n{lines}"},
    {3, "Re: [{about}] {words}",
        "Priority: high\r\nTags: {tag}\r\nOwner: {member}\r\n\r\n{words}\r\n",
	0, PLAY_PRIORITY | PLAY_TAGS | PLAY_OWNERS},
    {3, "Re: [{about}] {words}", "Status: blocked\r\nProject: {project}\r\nWatch: {member}\r\n\r\n",
	0, PLAY_STATE | PLAY_PROJECT | PLAY_WATCHERS},
    {6, "status: today", "{words}\r\n", .guest = true},
    {8, "status: today", "Done:\r\n- {words} {open} (1h30m)\r\n- [x] {open} {words}\r\n\r\n"
	"Next:\r\n- {words} {item}\r\n\r\nTime:\r\n- 15m {words}\r\n", PLAY_PROJECT,
	PLAY_STATE | PLAY_NEXT},
    {2, "time: the day", "Time:\r\n- 2h {item} {words}\r\n- 45m +{project} {words}\r\n",
	PLAY_PROJECT, 0},
    {3, "notes", "/depends {near} on {near}\r\n/depends {near} on {near}\r\n"
	"/depends {near} on {near}\r\n", 0, PLAY_LINKS},
    {2, "status: today", "Blocked:\r\n- {words} {open}\r\nGoals:\r\n- {words}\r\n", .guest = true},
};

const char *
play_line(size_t line, bool *later_r)
{
	*later_r = lines[line].later;
	return lines[line].text;
}

/* ---- chance ---------------------------------------------------------------------------------- */

/* xorshift64*: the same everywhere. */
uint64_t
play_random(struct play *play, uint64_t below)
{
	play->random ^= play->random >> 12;
	play->random ^= play->random << 25;
	play->random ^= play->random >> 27;
	return (play->random * 0x2545F4914F6CDD1Du >> 32) % below;
}

static const char *
one_of(struct play *play, const char *const *texts, size_t n)
{
	return texts[play_random(play, n)];
}

/* ---- slots ----------------------------------------------------------------------------------- */

struct writing {
	struct play *play;
	struct arena *arena;
	struct play_mail *mail;
	unsigned reads, writes; /* of the line or shape at hand */
	size_t about;           /* item of the thread; PLAY_MAILS without */
	bool is_line;
	int64_t day; /* the last that "{day}" gave */
};

static void
touch(struct play_mail *mail, bool is_person, size_t id, unsigned reads, unsigned writes)
{
	if (mail->n_touches < PLAY_TOUCHES)
		mail->touches[mail->n_touches++] =
		    (struct play_touch){is_person, id, reads, writes};
	else
		fail_msg("play: a mail touches more than %d things", PLAY_TOUCHES);
}

/* "open task", "done decision"; NULL when it is gone. */
static const char *
state_of(struct play *play, const struct play_item *item)
{
	struct db_stmt *st = db_query(play->in.fx.db, &play->in.fx.err,
	    "SELECT state || ' ' || kind FROM item WHERE team_id = $1 AND number = $2", "ii",
	    play->teams[item->team].id, (int64_t)item->number);
	const char *state = NULL;

	assert_non_null(st);
	if (db_step(st, &play->in.fx.err) == DB_ROW)
		state = db_column_text(st, 0, play->arena);
	db_finish(&st);
	return state;
}

static bool
is_fit(const char *state, const char *slot)
{
	struct span s = span_of(state);
	bool closed = span_starts(s, SPAN("done")) || span_starts(s, SPAN("dropped"));

	if (state == NULL)
		return false;
	if (strcmp(slot, "open") == 0)
		return !closed;
	if (strcmp(slot, "closed") == 0)
		return closed;
	if (strcmp(slot, "decision") == 0)
		return !closed && span_ends(s, SPAN("decision"));
	return strcmp(slot, "blocked") != 0 || span_starts(s, SPAN("blocked"));
}

/* An item of the mail's team in that state, more likely a young one: so that mails meet. */
static const struct play_item *
pick_item(struct play *play, size_t team, const char *slot)
{
	for (int i = 0; i < 12 && play->n_items > 0; i++) {
		size_t young = strcmp(slot, "near") == 0 ? 5 : 30;
		size_t among = play->n_items > young && (young == 5 || play_random(play, 4) > 0) ?
		    young : play->n_items;
		const struct play_item *item =
		    &play->items[play->n_items - 1 - play_random(play, among)];

		if (item->team == team && item->number != 0 && is_fit(state_of(play, item), slot))
			return item;
	}
	return NULL;
}

static const char *
slot_item(struct writing *w, const char *slot)
{
	const struct play_item *item;

	/* a line in a thread need not name its item; never the words of a section */
	if (w->about != PLAY_MAILS && w->is_line && strcmp(slot, "decision") != 0 &&
	    play_random(w->play, 2) == 0) {
		touch(w->mail, false, w->about, w->reads | PLAY_EXISTS, w->writes);
		return "";
	}
	item = pick_item(w->play, w->mail->team, slot);
	if (item == NULL)
		return NULL;
	touch(w->mail, false, item->mail, w->reads | PLAY_EXISTS, w->writes);
	if (strcmp(slot, "about") == 0)
		w->about = item->mail;
	return arena_printf(w->arena, "#{%zu}", item->mail);
}

/* An item and its owner: "#{12} @ben". */
static const char *
slot_owned(struct writing *w, const char *slot)
{
	struct play *play = w->play;

	for (int i = 0; i < 12; i++) {
		const struct play_item *item = pick_item(play, w->mail->team, "item");
		struct db_stmt *st;
		const char *owner = NULL;

		if (item == NULL)
			break;
		st = db_query(play->in.fx.db, &play->in.fx.err,
		    "SELECT p.handle FROM item i JOIN person p ON p.id = i.owner_id WHERE "
		    "i.team_id = $1 AND i.number = $2", "ii", play->teams[item->team].id,
		    (int64_t)item->number);
		assert_non_null(st);
		if (db_step(st, &play->in.fx.err) == DB_ROW)
			owner = db_column_text(st, 0, w->arena);
		db_finish(&st);
		if (owner == NULL)
			continue;
		touch(w->mail, false, item->mail, w->reads | PLAY_EXISTS, w->writes);
		return arena_printf(w->arena, "#{%zu} @%s", item->mail, owner);
	}
	return NULL;
}

/* An item that somebody hands over to who writes. */
static const char *
slot_handed(struct writing *w, const char *slot)
{
	struct play *play = w->play;
	int64_t number = 0;
	bool found = false;

	td_ok(&play->in.fx, db_get_i64(play->in.fx.db, &play->in.fx.err, &number, &found,
	    "SELECT i.number FROM handover_item l JOIN handover h ON h.id = l.handover_id JOIN "
	        "item i "
	    "ON i.id = l.item_id WHERE l.state = 'waiting' AND h.to_id = $1 AND h.team_id = $2 "
	    "ORDER BY i.id DESC LIMIT 1", "ii", play->people[w->mail->author],
	    play->teams[w->mail->team].id));
	for (size_t i = play->n_items; found && i > 0; i--) {
		const struct play_item *item = &play->items[i - 1];

		if (item->team != w->mail->team || item->number != number)
			continue;
		touch(w->mail, false, item->mail, w->reads | PLAY_EXISTS, w->writes);
		return arena_printf(w->arena, "#{%zu}", item->mail);
	}
	return NULL;
}

static const char *
slot_member(struct writing *w, const char *slot)
{
	size_t who;

	do
		who = play_random(w->play, ARRAY_LEN(play_cast));
	while (play_cast[who].roles[w->mail->team] == ROLE_NONE);
	return play_cast[who].handle;
}

/* Somebody whose time the line is about. */
static const char *
slot_whose(struct writing *w, const char *slot)
{
	size_t who;

	do
		who = play_random(w->play, ARRAY_LEN(play_cast));
	while (play_cast[who].roles[w->mail->team] == ROLE_NONE);
	touch(w->mail, true, who, w->reads, w->writes | PLAY_ALL);
	return play_cast[who].handle;
}

/* Nothing, where one call goes on that can be meant. */
static const char *
slot_called(struct writing *w, const char *slot)
{
	int64_t n = 0;

	td_ok(&w->play->in.fx, db_get_i64(w->play->in.fx.db, &w->play->in.fx.err, &n, NULL,
	    "SELECT count(*) FROM page WHERE ended_at IS NULL AND team_id = $1", "i",
	    w->play->teams[w->mail->team].id));
	return n == 1 ? "" : NULL;
}

/* A week that another handed in: "2026-W47 @ben". */
static const char *
slot_sheet(struct writing *w, const char *slot)
{
	struct play *play = w->play;
	struct db_stmt *st = db_query(play->in.fx.db, &play->in.fx.err,
	    "SELECT week, person_id FROM sheet WHERE state = 'submitted' AND team_id = $1 AND "
	    "person_id <> $2 ORDER BY id", "ii", play->teams[w->mail->team].id,
	    play->people[w->mail->author]);
	const char *week = NULL;
	int64_t person = 0;

	assert_non_null(st);
	if (db_step(st, &play->in.fx.err) == DB_ROW) {
		week = db_column_text(st, 0, w->arena);
		person = db_column_i64(st, 1);
	}
	db_finish(&st);
	for (size_t who = 0; week != NULL && who < ARRAY_LEN(play_cast); who++)
		if (play->people[who] == person) {
			touch(w->mail, true, who, w->reads, w->writes | PLAY_ALL);
			return arena_printf(w->arena, "%s @%s", week, play_cast[who].handle);
		}
	return NULL;
}

/* Of an earlier mail, one's own more often; mostly the one before: so that it still can be. */
static const char *
slot_code(struct writing *w, const char *slot)
{
	struct play *play = w->play;

	for (int i = 0; i < 20 && w->mail->id > 0; i++) {
		size_t among = w->mail->id < 12 ? w->mail->id : 12;
		size_t id = w->mail->id - 1 - play_random(play, among);
		int64_t author = 0;
		bool found = false;

		if (w->mail->n_touches + play->n_touches[id] > PLAY_TOUCHES)
			continue;
		td_ok(&play->in.fx, db_get_i64(play->in.fx.db, &play->in.fx.err, &author, &found,
		    "SELECT person_id FROM message WHERE id = $1 AND undo_code IS NOT NULL AND "
		    "undone_by IS NULL AND team_id = $2", "ii", play->message[id],
		    play->teams[w->mail->team].id));
		if (!found || (author != play->people[w->mail->author] &&
		    play_cast[w->mail->author].roles[w->mail->team] != ROLE_LEAD))
			continue;
		for (size_t k = 0; k < play->n_touches[id]; k++)
			w->mail->touches[w->mail->n_touches++] = play->touches[id][k];
		return arena_printf(w->arena, "{code:%zu}", id);
	}
	return NULL;
}

static const char *
day_text(struct writing *w, int64_t from_now)
{
	struct civil local;

	civil_from_days(w->mail->date / 86400 + from_now, &local);
	return arena_printf(w->arena, "%04d-%02d-%02d", local.year, local.month, local.day);
}

/* Days to come rise within a line, so that "{day}..{day}" is a range. */
static const char *
slot_day(struct writing *w, const char *slot)
{
	if (strcmp(slot, "today") == 0)
		return day_text(w, 0);
	if (strcmp(slot, "past") == 0)
		return day_text(w, -1 - (int64_t)play_random(w->play, 6));
	w->day += 1 + (int64_t)play_random(w->play, 5);
	return day_text(w, w->day);
}

static const char *
slot_words(struct writing *w, const char *slot)
{
	static const char *const words[] = {"the", "queue", "of", "mails", "grew", "again", "on",
	    "a", "disk", "we", "moved", "tests", "caf\xc3\xa9", "login", "page", "\"quoted\"", "is",
	    "slow", "but", "works"};
	const char *text = one_of(w->play, words, 10);

	for (uint64_t n = play_random(w->play, 6); n > 0; n--)
		text = arena_printf(w->arena, "%s %s", text,
		    one_of(w->play, words, ARRAY_LEN(words)));
	return text;
}

static const char *
slot_amount(struct writing *w, const char *slot)
{
	return arena_printf(w->arena, "%um", 15 * (1 + (unsigned)play_random(w->play, 12)));
}

static const char *
slot_word(struct writing *w, const char *slot)
{
	static const struct {
		const char *slot, *words[6];
		size_t n;
	} sets[] = {
	    {"tag", {"bug", "old", "ops", "docs", "later"}, 5},
	    {"project", {"web", "mail", "store"}, 3},
	    {"zone", {"Asia/Dubai", "Europe/Berlin", "America/Lima", "Pacific/Apia"}, 4},
	    {"digit", {"1", "2", "3", "4"}, 4},
	    {"role", {"guest", "member"}, 2},
	    {"week", {"2026-W46", "2026-W47", "2026-W48"}, 3},
	};

	for (size_t i = 0; i < ARRAY_LEN(sets); i++)
		if (strcmp(sets[i].slot, slot) == 0)
			return one_of(w->play, sets[i].words, sets[i].n);
	fail_msg("play: nothing is known of {%s}", slot);
	return NULL;
}

static bool expand(struct writing *w, const char *text, struct buf *out);

static bool
put_line(struct writing *w, struct buf *out, size_t *line_r)
{
	const struct writing outer = *w;
	size_t touches = w->mail->n_touches, at = out->len;
	bool guest = play_cast[w->mail->author].roles[w->mail->team] == ROLE_GUEST;

	for (int i = 0; i < 20; i++) {
		size_t n = play_random(w->play, play_n_lines);

		/* a guest tries what is not theirs now and then; so does everybody what is to
		 * come */
		if ((guest && !lines[n].guest && play_random(w->play, 10) > 0) ||
		    (lines[n].later && play_random(w->play, 10) > 0))
			continue;
		w->reads = lines[n].reads;
		w->writes = lines[n].writes;
		w->is_line = true;
		buf_truncate(out, at);
		w->mail->n_touches = touches;
		if (((lines[n].reads | lines[n].writes) & (PLAY_EVERYWHERE | PLAY_STATES)) !=
		    0)
			touch(w->mail, true, w->mail->author, lines[n].reads, lines[n].writes);
		if (lines[n].makes)
			touch(w->mail, false, w->mail->id, 0, PLAY_ALL | PLAY_PROJECT);
		if (expand(w, lines[n].text, out)) {
			w->reads = outer.reads;
			w->writes = outer.writes;
			w->is_line = outer.is_line;
			*line_r = n;
			return true;
		}
	}
	return false;
}

static bool
put_lines(struct writing *w, struct buf *out)
{
	uint64_t n = 1 + play_random(w->play, 3);
	size_t line;

	for (uint64_t i = 0; i < n; i++) {
		if (!put_line(w, out, &line))
			return false;
		buf_puts(out, "\r\n");
	}
	return true;
}

static const struct {
	const char *name;
	const char *(*fn)(struct writing *w, const char *slot);
} slots[] = {
    {"item", slot_item}, {"open", slot_item}, {"closed", slot_item}, {"blocked", slot_item},
    {"about", slot_item}, {"near", slot_item}, {"decision", slot_item}, {"handed", slot_handed},
    {"owned", slot_owned},
    {"member", slot_member}, {"whose", slot_whose}, {"sheet", slot_sheet},
    {"called", slot_called}, {"code", slot_code}, {"day", slot_day},
    {"today", slot_day}, {"past", slot_day}, {"words", slot_words}, {"amount", slot_amount},
};

static const char *
fill(struct writing *w, const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(slots); i++)
		if (strcmp(slots[i].name, name) == 0)
			return slots[i].fn(w, name);
	return slot_word(w, name);
}

/* False when there is nothing to put into a slot: no item is blocked. */
static bool
expand(struct writing *w, const char *text, struct buf *out)
{
	struct span rest = span_of(text);

	while (rest.len > 0) {
		size_t open = span_find_byte(rest, '{');
		const char *name, *value;
		size_t line;

		buf_put_span(out, span_first(rest, open));
		rest = span_skip(rest, open + 1);
		if (rest.len == 0)
			break;
		name = arena_span(w->arena, span_first(rest, span_find_byte(rest, '}')));
		rest = span_skip(rest, strlen(name) + 1);
		if (strcmp(name, "line") == 0) {
			if (!put_line(w, out, &line))
				return false;
			w->mail->line = (int)line;
			continue;
		}
		if (strcmp(name, "lines") == 0) {
			if (!put_lines(w, out))
				return false;
			continue;
		}
		value = fill(w, name);
		if (value == NULL)
			return false;
		buf_puts(out, value);
	}
	return true;
}

/* ---- a mail ---------------------------------------------------------------------------------- */

static const struct shape *
pick_shape(struct play *play, bool guest)
{
	unsigned sum = 0;
	uint64_t at;

	for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
		sum += guest && !shapes[i].guest ? 0 : shapes[i].weight;
	at = play_random(play, sum);
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		unsigned weight = guest && !shapes[i].guest ? 0 : shapes[i].weight;

		if (at < weight)
			return &shapes[i];
		at -= weight;
	}
	return &shapes[0];
}

static bool
write_shape(struct writing *w, const struct shape *shape)
{
	struct buf subject, body;
	bool done;

	buf_init(&subject, 65536);
	buf_init(&body, 65536);
	w->reads = shape->reads;
	w->writes = shape->writes;
	w->about = shape->makes ? w->mail->id : PLAY_MAILS;
	touch(w->mail, true, w->mail->author, shape->reads, PLAY_ALL | shape->writes);
	if (shape->makes)
		touch(w->mail, false, w->mail->id, 0, PLAY_ALL | PLAY_PROJECT);
	done = expand(w, shape->subject, &subject) && expand(w, shape->body, &body);
	w->mail->subject = arena_strdup(w->arena, subject.ptr);
	w->mail->body = arena_strdup(w->arena, body.ptr);
	buf_release(&subject);
	buf_release(&body);
	return done;
}

void
play_write(struct play *play, struct arena *arena, struct play_mail *mail_r)
{
	size_t id = play->n_mails++;
	bool done = false;

	assert_true(id < PLAY_MAILS);
	play->clock += 30 + (int64_t)play_random(play, 600);
	while (!done) {
		struct writing w = {.play = play, .arena = arena, .mail = mail_r};

		*mail_r = (struct play_mail){.id = id, .date = play->clock, .line = -1};
		mail_r->team = play->one_team ? 0 : play_random(play, 4) == 0;
		do
			mail_r->author = play_random(play, ARRAY_LEN(play_cast));
		while (play_cast[mail_r->author].roles[mail_r->team] == ROLE_NONE);
		done = write_shape(&w, pick_shape(play,
		    play_cast[mail_r->author].roles[mail_r->team] == ROLE_GUEST));
	}
	play->n_touches[id] = mail_r->n_touches;
	play->touches[id] = arena_array(play->whole, mail_r->n_touches,
	    sizeof *mail_r->touches);
	memcpy(play->touches[id], mail_r->touches, mail_r->n_touches * sizeof *mail_r->touches);
}
