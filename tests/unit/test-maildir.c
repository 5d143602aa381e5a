/* SPDX-License-Identifier: ISC */
/* Tests of fetch/maildir: each file is read once, whatever other programs do to it meanwhile. */
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/base/arena.h"
#include "daemon/fetch/maildir.h"
#include "daemon/fetch/maildir-name.h"

#define MAX 8u

struct box {
	char path[64];
	struct fetch_mailbox conf;
	struct source *source;
	struct cursor cursor;
	uint32_t known[64];
	char read[1024]; /* names, in the order they came */
	struct source_scanned scanned;
	bool good;
	struct err err;
};

static void
make_path(const struct box *box, const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", box->path, name);
}

static void
put(const struct box *box, const char *name)
{
	char path[512];
	int fd;

	make_path(box, name, path, sizeof path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "From: a@x\n\nx\n", 13), 13);
	close(fd);
}

static void
move(const struct box *box, const char *from, const char *to)
{
	char a[512], b[512];

	make_path(box, from, a, sizeof a);
	make_path(box, to, b, sizeof b);
	assert_int_equal(rename(a, b), 0);
}

static void
box_open(struct box *box, size_t max)
{
	static const char *const subs[] = {"new", "cur", "tmp", "away"};
	struct source_opened opened;

	*box = (struct box){.path = "/tmp/tdXXXXXX"};
	assert_non_null(mkdtemp(box->path));
	for (size_t i = 0; i < ARRAY_LEN(subs); i++) {
		char path[512];

		make_path(box, subs[i], path, sizeof path);
		assert_int_equal(mkdir(path, 0700), 0);
	}
	box->conf.conf.name = "main";
	box->conf.conf.maildir = box->path;
	box->source = maildir_create(&box->conf, 1000000, max);
	box->cursor = (struct cursor){.uidvalidity = MAILDIR_UIDVALIDITY, .known = box->known,
	    .next_uid = 1};
	assert_int_equal(box->source->ops->open(box->source, &opened, &box->err), TD_OK);
}

static void
box_close(struct box *box)
{
	char command[128];

	box->source->ops->destroy(&box->source);
	snprintf(command, sizeof command, "rm -r %s", box->path);
	assert_int_equal(system(command), 0);
}

static void
scan(struct box *box)
{
	box->read[0] = '\0';
	assert_int_equal(box->source->ops->scan(box->source, &box->cursor, &box->err), TD_OK);
}

/* All that is on the list; what was read is known from then on. */
static const char *
read_all(struct box *box)
{
	const struct source_credit credit = {.mails = 10, .bytes = 1000000};
	struct source_mail mail;
	enum source_next next = SOURCE_MAIL;

	for (;;) {
		assert_int_equal(box->source->ops->next(box->source, &credit, &next, &mail,
		    &box->err), TD_OK);
		if (next != SOURCE_MAIL)
			break;
		close(mail.fd);
		if (box->read[0] != '\0')
			strcat(box->read, " ");
		strcat(box->read, mail.name);
		box->known[box->cursor.n_known++] = mail.uid;
	}
	assert_int_equal(next, SOURCE_END);
	box->good = box->source->ops->scanned(box->source, &box->scanned, &box->err);
	if (box->scanned.highest > box->cursor.watermark)
		box->cursor.watermark = box->scanned.highest;
	return box->read;
}

static const char *
look(struct box *box)
{
	scan(box);
	return read_all(box);
}

static void
test_flags_in_new(void **state)
{
	struct box box;

	box_open(&box, MAX);
	put(&box, "new/1.a:2,S");
	put(&box, "new/2.b:c");
	put(&box, "new/3.d:2");
	put(&box, "cur/4.e");
	assert_string_equal(look(&box), "1.a 2.b:c 3.d:2 4.e");
	assert_true(box.good);
	move(&box, "new/1.a:2,S", "cur/1.a:2,RS");
	assert_string_equal(look(&box), "");
	box_close(&box);
}

/* One of them is read; that the other one is not is told. */
static void
test_two_of_one_name(void **state)
{
	struct box box;

	box_open(&box, MAX);
	put(&box, "new/1.a:2,S");
	put(&box, "new/1.a");
	assert_string_equal(look(&box), "1.a");
	assert_false(box.good);
	assert_non_null(strstr(box.err.text, "two files have the name 1.a"));
	move(&box, "new/1.a", "new/2.a");
	assert_string_equal(look(&box), "2.a");
	assert_true(box.good);
	box_close(&box);
}

/* Listed, gone before it is read, and back: in the next scan, or in the one after none. */
static void
test_gone_for_a_moment(void **state)
{
	static const char *const backs[] = {"new/2.b", "cur/2.b:2,S", "new/2.b:2,F"};

	for (size_t i = 0; i < ARRAY_LEN(backs); i++) {
		for (int seen_gone = 0; seen_gone < 2; seen_gone++) {
			struct box box;

			box_open(&box, MAX);
			put(&box, "new/1.a");
			put(&box, "new/2.b");
			put(&box, "new/3.c");
			scan(&box);
			move(&box, "new/2.b", "away/2.b");
			row_assert(strcmp(read_all(&box), "1.a 3.c") == 0, backs[i]);
			row_assert(box.good, backs[i]); /* people delete mail: no trouble */
			row_assert(box.scanned.highest == 1, backs[i]);
			if (seen_gone)
				row_assert(strcmp(look(&box), "") == 0, backs[i]);
			move(&box, "away/2.b", backs[i]);
			row_assert(strcmp(look(&box), "2.b") == 0, backs[i]);
			row_assert(box.scanned.highest == 3, backs[i]);
			row_assert(strcmp(look(&box), "") == 0, backs[i]);
			box_close(&box);
		}
	}
}

static void
test_gone_for_good(void **state)
{
	struct box box;

	box_open(&box, MAX);
	put(&box, "new/1.a");
	put(&box, "new/2.b");
	scan(&box);
	move(&box, "new/1.a", "away/1.a");
	assert_string_equal(read_all(&box), "2.b");
	assert_int_equal(box.scanned.highest, 0);
	assert_string_equal(look(&box), "");
	assert_int_equal(box.scanned.highest, 0);
	assert_string_equal(look(&box), "");
	assert_int_equal(box.scanned.highest, 2);
	assert_int_equal(box.scanned.n_gone, 1);
	/* it has been forgotten: a new one */
	move(&box, "away/1.a", "cur/1.a:2,");
	assert_string_equal(look(&box), "1.a");
	assert_int_equal(box.scanned.highest, 3);
	box_close(&box);
}

static void
test_moved_while_it_is_read(void **state)
{
	struct box box;

	box_open(&box, MAX);
	put(&box, "new/1.a:2,S");
	put(&box, "new/2.b");
	scan(&box);
	move(&box, "new/1.a:2,S", "cur/1.a:2,RS");
	move(&box, "new/2.b", "new/2.b:2,S");
	assert_string_equal(read_all(&box), "1.a 2.b");
	box_close(&box);
}

/* Up to the limit, each once; beyond it is said, and what is taken out makes room. */
static void
test_too_many(void **state)
{
	struct box box;
	char name[32];

	box_open(&box, MAX);
	for (unsigned i = 1; i <= MAX; i++) {
		snprintf(name, sizeof name, "new/%u.a", i);
		put(&box, name);
	}
	assert_string_equal(look(&box), "1.a 2.a 3.a 4.a 5.a 6.a 7.a 8.a");
	assert_string_equal(look(&box), "");
	assert_true(box.good); /* what is known is not counted twice */
	put(&box, "new/9.a");
	for (int i = 0; i < 4; i++) {
		assert_string_equal(look(&box), "");
		assert_false(box.good);
		assert_non_null(strstr(box.err.text, "holds more than 8 files"));
		assert_int_equal(box.scanned.highest, MAX);
	}
	move(&box, "new/3.a", "away/3.a");
	assert_string_equal(look(&box), "");
	assert_string_equal(look(&box), "");
	assert_string_equal(look(&box), "9.a");
	assert_true(box.good);
	assert_int_equal(box.scanned.highest, 9);
	box_close(&box);
}

static void
test_names(void **state)
{
	static const struct {
		const char *name;
		size_t len;
		bool good;
	} rows[] = {
	    {"1.a", 3, true}, {"1.a:2,", 3, false}, {"1.a:1,x", 3, false}, {"a:b", 3, true},
	    {"a:b:2,S", 3, false}, {"a:2", 3, true}, {":2,S", 0, false}, {".a", 2, false},
	    {"", 0, false}, {"a/b", 3, false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		row_assert(maildir_name_length(rows[i].name) == rows[i].len, rows[i].name);
		row_assert(maildir_name_is_good(rows[i].name) == rows[i].good, rows[i].name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_flags_in_new), cmocka_unit_test(test_two_of_one_name),
	    cmocka_unit_test(test_gone_for_a_moment), cmocka_unit_test(test_gone_for_good),
	    cmocka_unit_test(test_moved_while_it_is_read), cmocka_unit_test(test_too_many),
	    cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("maildir", tests, NULL, NULL);
}
