/* SPDX-License-Identifier: ISC */
/*
 * A day's mails in another order give the same state. Any order will not do: "done" and "reopen"
 * of one item are not the same the other way round. An order is causally valid where
 *	- what one person writes comes in the order in which it was written;
 *	- a mail that makes an item comes before all that name it;
 *	- of two mails that touch the same field of an item, or one that touches it and one that
 *	  looks at it, the earlier comes first (play.c says for each line what it touches); links
 *	  and projects count as one field of the whole team, since others hang on them;
 *	- an undo touches all that the mail touched which it takes back.
 * All mails arrive at one moment, as after a night without the daemon: then what the clock gives
 * is the same too. Ids and numbers follow the order, so the states are compared without them: an
 * item goes by the mail that made it. News is left out: it tells of things as they happened.
 */
#include "tests/unit/export-work.h"

#include "parsers/base/num.h"
#include "daemon/log.h"
#include "tests/unit/play.h"

#define MAILS 220
#define ORDERS 8
#define ARRIVAL (NOON + 86400)

static struct play play, other;
static struct play_mail mails[MAILS];

/* ---- the state without ids and numbers ------------------------------------------------------- */

static const char *
look_up(struct play *p, const char *sql, int64_t id)
{
	struct db_stmt *st = db_query(p->in.fx.db, &p->in.fx.err, sql, "i", id);
	const char *text = NULL;

	assert_non_null(st);
	if (db_step(st, &p->in.fx.err) == DB_ROW)
		text = db_column_text(st, 0, p->whole);
	db_finish(&st);
	return text != NULL ? text : "?";
}

#define MAKER                                                                                      \
	"SELECT m.mid FROM event e JOIN message m ON m.id = e.message_id WHERE "                   \
	"e.entity = 'item' AND e.verb = 'create' AND e.entity_id = "

/* "(waits for #12)" → "(waits for #p3@example.net)" */
static const char *
plain_text(struct play *p, const char *text)
{
	struct span rest = span_of(text), digits;
	const char *plain;
	struct buf out;
	int64_t number;

	buf_init(&out, 1 << 20);
	while (rest.len > 0) {
		size_t at = span_find_byte(rest, '#');

		buf_put_span(&out, span_first(rest, at + 1));
		rest = span_skip(rest, at + 1);
		digits = span_first(rest, 0);
		while (digits.len < rest.len && rest.ptr[digits.len] >= '0' &&
		    rest.ptr[digits.len] <= '9')
			digits.len++;
		if (digits.len > 0 && num_i64(digits, 0, UINT32_MAX, &number))
			buf_puts(&out, look_up(p, MAKER "(SELECT id FROM item WHERE number = $1)",
			    number));
		else
			buf_put_span(&out, digits);
		rest = span_skip(rest, digits.len);
	}
	plain = arena_strdup(p->whole, out.ptr);
	buf_release(&out);
	return plain;
}

static bool
is_one_of(const char *name, const char *names)
{
	struct span rest = span_of(names), word;

	while (span_next_word(&rest, &word))
		if (span_is(word, name))
			return true;
	return false;
}

static const char *
plain_value(struct play *p, const char *table, const char *column, const char *text)
{
	int64_t id = 0;

	if (text == NULL || !is_one_of(column, "id item_id other_id entity_id message_id update_id "
	    "handover_id"))
		return text != NULL ? plain_text(p, text) : "-";
	assert_true(num_i64(span_of(text), 0, INT64_MAX, &id));
	if (is_one_of(column, "item_id other_id") || strcmp(table, "item") == 0)
		return look_up(p, MAKER "$1", id);
	if (strcmp(column, "message_id") == 0)
		return look_up(p, "SELECT mid FROM message WHERE id = $1", id);
	if (strcmp(column, "update_id") == 0)
		return look_up(p, "SELECT person_id || ' ' || day FROM status_update WHERE id = "
		    "$1", id);
	if (strcmp(column, "handover_id") == 0)
		return look_up(p, "SELECT h.from_id || ' ' || h.to_id || ' ' || m.mid FROM "
		    "handover h "
		    "JOIN message m ON m.id = h.message_id WHERE h.id = $1", id);
	return "";
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
plain_table(struct play *p, const struct export_table *table, struct buf *out)
{
	struct span rest = span_of(table->columns), column;
	const char *names[32], *list = "", **rows = NULL;
	size_t n = 0, n_rows = 0, cap = 0;
	struct db_stmt *st;

	for (; span_next_word(&rest, &column); n++) {
		names[n] = arena_span(p->whole, column);
		list = arena_printf(p->whole, "%s%s%s", list, n > 0 ? ", " : "", names[n]);
	}
	st = db_query(p->in.fx.db, &p->in.fx.err,
	    arena_printf(p->whole, "SELECT %s FROM %s", list, table->name), "");
	assert_non_null(st);
	while (db_step(st, &p->in.fx.err) == DB_ROW) {
		const char *row = table->name;

		for (size_t i = 0; i < n; i++)
			if (!is_one_of(names[i], "number root_mid"))
				row = arena_printf(p->whole, "%s %s=%s", row, names[i],
				    plain_value(p, table->name, names[i],
					db_column_text(st, (int)i, p->whole)));
		*ARENA_PUSH(p->whole, rows, n_rows, cap) = row;
	}
	db_finish(&st);
	if (n_rows > 0)
		qsort(rows, n_rows, sizeof *rows, by_text);
	for (size_t i = 0; i < n_rows; i++)
		buf_printf(out, "%s\n", rows[i]);
}

static const char *
plain_work(struct play *p)
{
	const char *text;
	struct buf out;

	buf_init(&out, 8 << 20);
	for (size_t i = 0; i < ARRAY_LEN(export_tables); i++)
		if (strcmp(export_tables[i].name, "news") != 0)
			plain_table(p, &export_tables[i], &out);
	text = arena_strdup(p->whole, out.ptr);
	buf_release(&out);
	return text;
}

/* ---- orders ---------------------------------------------------------------------------------- */

/* Of the mails that nothing earlier holds up, one by chance, until all are through. */
static void
valid_order(struct play *chance, size_t *order)
{
	static unsigned waits[MAILS]; /* earlier mails in conflict that are not through */
	bool through[MAILS] = {false};

	for (size_t i = 0; i < MAILS; i++) {
		waits[i] = 0;
		for (size_t j = 0; j < i; j++)
			waits[i] += play_conflict(&mails[j], &mails[i]);
	}
	for (size_t n = 0; n < MAILS; n++) {
		size_t pick;

		do
			pick = play_random(chance, MAILS);
		while (through[pick] || waits[pick] > 0);
		through[pick] = true;
		order[n] = pick;
		for (size_t i = pick + 1; i < MAILS; i++)
			waits[i] -= !through[i] && play_conflict(&mails[pick], &mails[i]);
	}
}

static void
take_in(struct play *p, const struct play_mail *mail)
{
	struct fixture *fx = &p->in.fx;

	td_ok(fx, db_begin(fx->db, &fx->err));
	play_take(p, mail, ARRIVAL);
	td_ok(fx, db_commit(fx->db, &fx->err));
}

static void
open_quiet(struct play *p, uint64_t seed)
{
	log_set_level(LOG_LEVEL_ERROR);
	play_open(p, seed);
	p->in.conf.limits.acks_per_day = 10000;
	p->one_team = true;
}

/* How many mails come before one that was written earlier: that the orders are others at all. */
static size_t
moved(const size_t *order)
{
	size_t n = 0;

	for (size_t i = 0; i + 1 < MAILS; i++)
		n += order[i] > order[i + 1];
	return n;
}

static void
same_state(const char *a, const char *b, uint64_t seed, int k)
{
	size_t i = 0, line;

	if (strcmp(a, b) == 0)
		return;
	while (a[i] == b[i])
		i++;
	for (line = i; line > 0 && a[line - 1] != '\n'; line--)
		;
	fail_msg("seed %u, order %d: as written:\n%.*s\n---- in the other order:\n%.*s",
	    (unsigned)seed, k, (int)strcspn(a + line, "\n"), a + line,
	    (int)strcspn(b + line, "\n"), b + line);
}

static void
test_orders(void **state)
{
	uint64_t seed = 1;
	size_t order[MAILS], sum = 0;
	const char *written;

	if (getenv("TD_PLAY_SEED") != NULL)
		assert_true(num_u64(span_of(getenv("TD_PLAY_SEED")), UINT32_MAX, &seed));
	open_quiet(&play, seed);
	for (size_t i = 0; i < MAILS; i++) {
		play_write(&play, play.whole, &mails[i]);
		assert_true(mails[i].date < ARRIVAL);
		take_in(&play, &mails[i]);
	}
	written = plain_work(&play);
	for (int k = 0; k < ORDERS; k++) {
		open_quiet(&other, seed);
		valid_order(&play, order);
		for (size_t i = 0; i < MAILS; i++)
			take_in(&other, &mails[order[i]]);
		same_state(written, plain_work(&other), seed, k);
		sum += moved(order);
		play_close(&other);
	}
	print_message("%d orders of %d mails, %zu steps back on average\n", ORDERS, MAILS,
	    sum / ORDERS);
	assert_true(sum / ORDERS > MAILS / 10);
	play_close(&play);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_orders)};

	return cmocka_run_group_tests_name("shuffle", tests, NULL, NULL);
}
