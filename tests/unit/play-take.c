/* SPDX-License-Identifier: ISC */
/* play-take: see play.h. A written mail through the parser and intake; the cast; who meets whom. */
#include "tests/unit/play.h"

#include "parsers/base/buf.h"
#include "parsers/base/civil.h"
#include "parsers/base/num.h"
#include "daemon/store/person.h"

const char *
play_address(struct play *play, const struct play_mail *mail)
{
	return arena_printf(play->arena, "%s@example.org", play_cast[mail->author].handle);
}

/* ---- taking it ------------------------------------------------------------------------------- */

const char *
play_code(struct play *play, const struct play_mail *mail)
{
	struct db_stmt *st = db_query(play->in.fx.db, &play->in.fx.err,
	    "SELECT undo_code FROM message WHERE id = $1", "i", play->message[mail->id]);
	const char *code = NULL;

	assert_non_null(st);
	if (db_step(st, &play->in.fx.err) == DB_ROW)
		code = db_column_text(st, 0, play->arena);
	db_finish(&st);
	return code != NULL ? code : "";
}

/* "#{12}" and "{code:12}" as they are in this store. */
static const char *
render(struct play *play, const char *text)
{
	struct span rest = span_of(text);
	const char *all;
	struct buf out;

	buf_init(&out, 1 << 20);
	while (rest.len > 0) {
		size_t open = span_find_byte(rest, '{');
		struct span name;
		uint64_t mail;

		buf_put_span(&out, span_first(rest, open));
		rest = span_skip(rest, open + 1);
		if (rest.len == 0)
			break;
		name = span_first(rest, span_find_byte(rest, '}'));
		rest = span_skip(rest, name.len + 1);
		if (span_starts(name, SPAN("code:"))) {
			assert_true(num_u64(span_skip(name, 5), PLAY_MAILS, &mail));
			buf_puts(&out, play_code(play, &(struct play_mail){.id = mail}));
			continue;
		}
		assert_true(num_u64(name, PLAY_MAILS, &mail));
		buf_printf(&out, "%u", play->made_by[mail] < PLAY_MAILS ?
		    play->items[play->made_by[mail]].number : 999999);
	}
	all = arena_strdup(play->arena, out.ptr);
	buf_release(&out);
	return all;
}

static const char *
bytes_of(struct play *play, const struct play_mail *mail)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
	    "Sep", "Oct", "Nov", "Dec"};
	struct civil utc;
	int64_t second = mail->date % 86400;

	civil_from_days(mail->date / 86400, &utc);
	return arena_printf(play->arena,
	    "From: %s\r\nTo: %s\r\n"
	    "Date: %d %s %d %02d:%02d:%02d +0000\r\nMessage-ID: <p%zu@example.net>\r\n"
	    "Subject: %s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s",
	    play_address(play, mail), play->teams[mail->team].address, utc.day,
	    months[utc.month - 1], utc.year, (int)(second / 3600), (int)(second / 60 % 60),
	    (int)(second % 60), mail->id, render(play, mail->subject), render(play, mail->body));
}

static const char *
zone_of(void *user, const char *address)
{
	struct play *play = user;
	struct person *person = NULL;

	td_ok(&play->in.fx, person_by_address(play->in.fx.db, play->arena, address, &person,
	    &play->in.fx.err));
	return person != NULL ? person->zone : NULL;
}

/* The item that the mail made gets its number. */
static void
note_item(struct play *play, const struct play_mail *mail)
{
	int64_t number = 0;
	bool found = false;

	td_ok(&play->in.fx, db_get_i64(play->in.fx.db, &play->in.fx.err, &number, &found,
	    "SELECT i.number FROM event e JOIN item i ON i.id = e.entity_id WHERE "
	    "e.message_id = $1 AND e.entity = 'item' AND e.verb = 'create'", "i",
	    play->message[mail->id]));
	if (!found)
		return;
	play->made_by[mail->id] = play->n_items;
	play->items[play->n_items++] =
	    (struct play_item){mail->id, mail->team, (uint32_t)number};
}

void
play_take(struct play *play, const struct play_mail *mail, int64_t now)
{
	struct fixture *fx = &play->in.fx;
	struct reading_context context = {.now = now, .zone = "UTC", .zone_of = zone_of,
	    .user = play};
	struct intake_mail how = {.now = now};
	struct reading *reading = NULL;

	arena_clear(play->arena);
	td_ok(fx, reading_parse(play->arena, span_of(bytes_of(play, mail)), &context, &reading,
	    &fx->err));
	td_ok(fx, db_savepoint(fx->db, &fx->err));
	td_ok(fx, intake_apply(fx->db, &play->in.conf, &how, reading, play->arena,
	    &play->in.result, &fx->err));
	td_ok(fx, db_savepoint_release(fx->db, &fx->err));
	assert_int_equal(play->in.result.outcome, INTAKE_APPLIED);
	play->message[mail->id] = play->in.result.message_id;
	note_item(play, mail);
}

/* ---- order ----------------------------------------------------------------------------------- */

static bool
touch_conflict(const struct play_touch *a, const struct play_touch *b)
{
	bool same = a->is_person == b->is_person && a->id == b->id;
	unsigned fields = same ? ~0u : (unsigned)PLAY_EVERYWHERE;

	if (((a->reads & PLAY_STATES) != 0 && (b->writes & PLAY_STATE) != 0) ||
	    ((b->reads & PLAY_STATES) != 0 && (a->writes & PLAY_STATE) != 0))
		return true;
	return ((a->writes & (b->writes | b->reads)) | (a->reads & b->writes)) & fields;
}

bool
play_conflict(const struct play_mail *a, const struct play_mail *b)
{
	for (size_t i = 0; i < a->n_touches; i++)
		for (size_t j = 0; j < b->n_touches; j++)
			if (touch_conflict(&a->touches[i], &b->touches[j]))
				return true;
	return false;
}

/* ---- open, close ----------------------------------------------------------------------------- */

static void
add_person(struct play *play, size_t who)
{
	struct fixture *fx = &play->in.fx;
	struct person person = {.name = play_cast[who].handle, .zone = play_cast[who].zone,
	    .address = arena_printf(fx->arena, "%s@example.org", play_cast[who].handle)};

	if (who < 3)
		play->people[who] = who == 0 ? fx->ana.id : who == 1 ? fx->ben.id : fx->chi.id;
	else {
		td_ok(fx, person_add(fx->db, fx->arena, &person, NOON, &fx->err));
		play->people[who] = person.id;
	}
	for (size_t i = 0; i < 2; i++)
		if (play_cast[who].roles[i] != ROLE_NONE)
			td_ok(fx, member_set(fx->db, play->teams[i].id, play->people[who],
			    play_cast[who].roles[i], NOON, &fx->err));
}

void
play_open(struct play *play, uint64_t seed)
{
	struct fixture *fx = &play->in.fx;

	memset(play, 0, sizeof *play);
	inbox_open(&play->in, CONF_TRUST_ENVELOPE);
	play->in.conf.limits.acks_per_day = 20;
	play->random = seed * 2 + 1;
	play->clock = NOON;
	play->arena = arena_create();
	play->whole = arena_create();
	for (size_t i = 0; i < PLAY_MAILS; i++)
		play->made_by[i] = PLAY_MAILS;
	play->teams[0] = fx->team;
	play->teams[1] = (struct team){.name = "web", .title = "Web", .zone = "America/New_York",
	    .address = "web@example.org"};
	td_ok(fx, team_add(fx->db, &play->teams[1], NOON, &fx->err));
	for (size_t i = 0; i < ARRAY_LEN(play_cast); i++)
		add_person(play, i);
}

void
play_close(struct play *play)
{
	arena_destroy(&play->arena);
	arena_destroy(&play->whole);
	fixture_close(&play->in.fx);
}
