/* SPDX-License-Identifier: ISC */
/* office-fixture: a team that logs its time, what its people write and what is sent to them. */
#ifndef TD_OFFICE_FIXTURE_H
#define TD_OFFICE_FIXTURE_H

#include "tests/unit/intake-fixture.h"

#include "daemon/compose/query.h"
#include "daemon/schedule/jobs.h"
#include "daemon/store/entry.h"
#include "daemon/store/sheet.h"
#include "parsers/command.h"

#define HOUR 3600
#define DAY 86400
#define MONDAY (NOON + 2 * DAY) /* 2026-11-23 12:00 in Lisbon, 21:00 in Tokyo; 2026-W48 */
#define ANA "ana@example.org"
#define BEN "ben@example.org"
#define CHI "chi@example.org"
#define DEE "dee@example.org"

struct office {
	struct inbox in;
	struct person dee;
};

/* Ana leads, Ben and Dee are members, Chi is a guest; all but Chi in Lisbon. */
static inline void
office_open(struct office *o)
{
	inbox_open(&o->in, CONF_TRUST_ENVELOPE);
	o->in.conf.limits.acks_per_day = 10000;
	o->in.fx.ben.zone = "Europe/Lisbon";
	td_ok(&o->in.fx, person_update(o->in.fx.db, &o->in.fx.ben, &o->in.fx.err));
	fixture_person(&o->in.fx, &o->dee, DEE, "Dee Roy", "Europe/Lisbon", ROLE_MEMBER);
}

/* Lines of one mail, with ';' between them; to2: a second team; zone: of the writer. */
static inline void
say_all(struct inbox *in, const char *from, const char *to, const char *to2, const char *zone,
    const char *text, int64_t at)
{
	const struct command_context context = {.anchor = at, .zone = zone};
	struct reading_command *cmd = arena_array(in->fx.arena, 8, sizeof *cmd);
	struct reading_error error = {0};
	struct span rest = span_of(text), line;
	size_t n = 0;

	for (; n < 8 && rest.len > 0 && span_next_field(&rest, ';', &line); n++) {
		if (command_parse(in->fx.arena, line, n + 1, &context, &cmd[n], &error) !=
		    COMMAND_GOOD)
			fail_msg("%s: %s", text, error.why);
		cmd[n].source = arena_span(in->fx.arena, line);
	}
	take(in, &(struct letter){.from = from, .to = to, .to2 = to2, .subject = "x",
	    .text = text, .target = {.kind = KIND_TIME}, .commands = cmd, .n_commands = n,
	    .at = at});
}

static inline void
say_to(struct inbox *in, const char *from, const char *to, const char *to2, const char *text,
    int64_t at)
{
	say_all(in, from, to, to2, "Europe/Lisbon", text, at);
}

static inline void
say_in(struct inbox *in, const char *from, const char *zone, const char *text, int64_t at)
{
	say_all(in, from, NULL, NULL, zone, text, at);
}

static inline void
say(struct inbox *in, const char *from, const char *text, int64_t at)
{
	say_to(in, from, NULL, NULL, text, at);
}

static inline const char *
flat(struct inbox *in, const char *bytes)
{
	char *to = arena_alloc(in->fx.arena, strlen(bytes) + 1), *start = to;

	for (; *bytes; bytes++) {
		if (strncmp(bytes, "=\r\n", 3) == 0) {
			bytes += 2;
			continue;
		}
		if (strchr("\r\n ", *bytes) == NULL)
			*to++ = *bytes;
		else if (to > start && to[-1] != ' ')
			*to++ = ' ';
	}
	return start;
}

static inline const char *
last(struct inbox *in, const char *kind)
{
	return flat(in, text_of(in, arena_printf(in->fx.arena,
	    "SELECT CAST(bytes AS TEXT) FROM outbox "
	    "WHERE kind = '%s' ORDER BY id DESC LIMIT 1", kind)));
}

static inline void
has(struct inbox *in, const char *kind, const char *want)
{
	if (strstr(last(in, kind), want) == NULL)
		fail_msg("no \"%s\" in: %s", want, last(in, kind));
}

static inline int64_t
sent(struct inbox *in, const char *rcpt)
{
	return number(in, arena_printf(in->fx.arena,
	    "SELECT count(*) FROM outbox WHERE kind = 'time' AND rcpt = '%s'", rcpt));
}

static inline void
run(struct inbox *in, int64_t now)
{
	int64_t next;

	td_ok(&in->fx, jobs_run(in->fx.db, &in->conf, now, &next, &in->fx.err));
}

static inline const char *
ask(struct inbox *in, int64_t reader, const char *line)
{
	const struct command_context context = {.anchor = MONDAY, .zone = "Europe/Lisbon"};
	const struct query query = {.db = in->fx.db, .arena = in->fx.arena, .team = &in->fx.team,
	    .reader_id = reader, .zone = "Europe/Lisbon", .now = MONDAY};
	struct query_answer answer = {0};
	struct reading_command cmd;
	struct reading_error error;
	const char *text;

	assert_int_equal(command_parse(in->fx.arena, span_of(line), 0, &context, &cmd, &error),
	    COMMAND_GOOD);
	td_ok(&in->fx, query_ask(&query, &cmd, &answer, &in->fx.err));
	if (answer.why != NULL)
		return answer.why;
	text = answer.title;
	for (size_t i = 0; i < answer.n_lines; i++)
		text = arena_printf(in->fx.arena, "%s\n%s", text, answer.lines[i]);
	return text;
}

static inline void
answers(struct inbox *in, int64_t reader, const char *line, const char *want)
{
	if (strstr(ask(in, reader, line), want) == NULL)
		fail_msg("%s: no \"%s\" in: %s", line, want, ask(in, reader, line));
}

static inline void
undo(struct inbox *in, const char *from)
{
	say(in, from, arena_printf(in->fx.arena, "/undo %s", text_of(in,
	    "SELECT undo_code FROM message WHERE undo_code IS NOT NULL AND undone_by IS NULL "
	    "ORDER BY id DESC LIMIT 1")), MONDAY);
}

#endif
