/* SPDX-License-Identifier: ISC */
/* Tests of daemon/conf: complaints with their lines, defaults, secrets, and the man page. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/base/buf.h"
#include "parsers/reading.h"
#include "daemon/clock.h"
#include "daemon/conf/conf.h"
#include "daemon/conf/keys.h"
#include "daemon/conf/nearest.h"

static char dir[] = "/tmp/tidings-conf-XXXXXX";
static char conf_path[64];

static const char *
put_file(const char *name, const char *text, mode_t mode)
{
	static char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

static int
setup(void **state)
{
	if (mkdtemp(dir) == NULL)
		return -1;
	snprintf(conf_path, sizeof conf_path, "%s/t.conf", dir);
	put_file("secret", "s3cret word\nsecond line\n", 0600);
	put_file("open", "x\n", 0644);
	put_file("shared", "x\n", 0660);
	put_file("grouped", "x\n", 0640);
	put_file("empty", "\nx\n", 0600);
	put_file("ca.pem", "", 0644);
	return 0;
}

static int
teardown(void **state)
{
	static const char *const names[] = {"secret", "open", "shared", "grouped", "empty",
	    "ca.pem", "t.conf"};
	char path[128];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof path, "%s/%s", dir, names[i]);
		unlink(path);
	}
	return rmdir(dir);
}

static void
collect(void *user, const char *line)
{
	struct buf *all = user;

	/* FILE: is the same in each; keep what follows */
	if (strncmp(line, conf_path, strlen(conf_path)) == 0)
		line += strlen(conf_path) + 1;
	buf_puts(all, line);
	buf_putc(all, '\n');
}

#define STORE "store: { path = \"db\"; };"
#define BOX "mailboxes: ( { name = \"m\"; host = \"h\"; user = \"u\"; password_file = \"secret\";"
#define SMTP "transports: ( { name = \"t\"; host = \"h\";"

#define SYNTAX                                                                                     \
	"syntax error: look here, and at the end of the line before, for a missing or surplus "    \
	"sign; a setting is name = value;\n"
#define TWICE "a setting of this line stands already in the same group; take one of the two away\n"
#define NAME "; write one: name = \"main\";\n"
#define HOST "host is missing; write host = \"mail.example.org\";\n"
#define USER "user is missing; write who logs in: user = \"...\";\n"

static const struct {
	const char *text;
	const char *complaints; /* each line without "FILE:" */
} bad[] = {
    {"", " the store is missing: write store: { path = \"...\"; };\n"},
    {STORE "\n\nx = ;", "3: " SYNTAX},
    {STORE "\nmailboxes: ( {\n\n",
	"2: what opens here is never closed; put \"}\" where it ends\n"},
    {STORE "\nmailboxes: ( {\n );", "3: \")\" stands where the group of line 2 wants \"}\"\n"},
    {STORE "\n}", "2: \"}\" closes nothing; take it away\n"},
    {STORE "\nrun_dir = \"run;\nuser = \"x\";\n",
	"2: a quote that opens here is not closed in this line; close it\n"},
    {STORE " # a \" and a (\n// {\n/* \" ( */ x = ;", "3: " SYNTAX},
    {STORE "\nstore: { };", "2: " TWICE},
    /* what is wrong is not missing as well, and the lines are in order */
    {STORE "\nmailboxes: (\n{ host = \"h\"; tls = 1;\nuser = \"u\"; password_command = \"x\";\n"
	"name = \"a b\"; } );\nzzz = 1;",
	"3: tls wants one of \"implicit\", \"starttls\", \"none\": how the connection is "
	"encrypted\n"
	"5: name = \"a b\": only letters, digits, '-' and '_' go here\n"
	"6: unknown key \"zzz\" in the file; see tidings.conf(5)\n"},
    {"store: {\n path = 5; };\nmailboxes: ( {\n name = 5; host = 6; user = 7; password_file = 8;\n"
	"} );",
	"2: path wants text in quotes: the database file\n"
	"4: name wants text in quotes: a short name for it\n"
	"4: host wants text in quotes: the server's name\n"
	"4: user wants text in quotes: the name to log in with\n"
	"4: password_file wants text in quotes: a file whose first line is the password\n"},
    {STORE "\n @include \"x.conf\"\n",
	"2: @include is not supported: write everything into this file\n"},
    {STORE "limits: {\n parsers = 4294967298; };", "2: the number 4294967298 is too large\n"},
    {STORE "limits: {\n parsers = 0x100000002; };", "2: the number 0x100000002 is too large\n"},
    {STORE "\nstoer: {};", "2: unknown key \"stoer\" in the file; did you mean \"store\"?\n"},
    {STORE "\nzzz = 1;", "2: unknown key \"zzz\" in the file; see tidings.conf(5)\n"},
    {STORE "\npoll = 60;", "2: \"poll\" does not belong into the file, but into mailboxes\n"},
    {STORE "\nlimits = 5;", "2: limits wants a group: limits: { ... };\n"},
    {STORE "\nmailboxes: { };",
	"2: mailboxes wants a list of at most 10000 groups: ( { ... }, { ... } )\n"},
    {STORE "\nmailboxes: ( 5 );",
	"2: mailboxes holds something that is no group; write each as { ... }\n"},
    {STORE "\nmailboxes: ( { } );",
	"2: this mailbox has no name" NAME "2: mailbox ?: " HOST "2: mailbox ?: " USER},
    {STORE "\nforms: ( { } );",
	"2: this form has no name; write one: name = \"help\";\n"
	"2: form ?: from is missing; write an address, as forms@example.org\n"
	"2: form ?: as is missing; write an address, as forms@example.org\n"
	"2: form ?: no question is mapped to a field, as title = \"What is wrong?\"\n"},
    {STORE "\nforms: ( { name = \"f\"; from = \"here\"; to = \"a@b@c\"; as = \"a b@c\"; due = "
        "\"x\"; } );",
	"2: form f: from is no address, as forms@example.org\n"
	"2: form f: to is no address, as forms@example.org\n"
	"2: form f: as is no address, as forms@example.org\n"},
    {STORE "\nforms: ( { name = \"f\"; from = \"a@b\"; as = \"c@d\"; due = \"x\"; },\n"
	"{ name = \"g\"; from = \"a@b\"; as = \"c@d\"; tags = \"x\"; } );",
	"3: form g: from stands already in line 2\n"},
    /* several at once, each with its line */
    {STORE "\nlimits: {\n parsers = 0;\n commands = \"x\";\n mail_bits = 1;\n};\nuser = 5;",
	"3: parsers wants a number from 1 to 64: parser processes\n"
	"4: commands wants a number from 1 to 2000: commands in one mail\n"
	"5: unknown key \"mail_bits\" in limits; did you mean \"mail_bytes\"?\n"
	"7: user wants text in quotes: the account to run as\n"},
    {STORE "log: { level = \"inof\"; };",
	"1: level wants one of \"error\", \"warn\", \"info\", \"debug\": how much is logged; did "
	"you mean \"info\"?\n"},
    {STORE "log: { level = 3; };",
	"1: level wants one of \"error\", \"warn\", \"info\", \"debug\": how much is logged\n"},
    {STORE BOX " allow_plain = 1; } );",
	"1: allow_plain wants true or false: whether an unencrypted connection may leave this"
	" machine\n"},
    {STORE BOX " port = 65536; } );",
	"1: port wants a number from 1 to 65535: the server's TCP port\n"},
    /* IDLE begins anew with it, and has to within 29 minutes (RFC 2177) */
    {STORE BOX " recheck = 1681; } );",
	"1: recheck wants a number from 1 to 1680: seconds between two looks where the server tells"
	" of new mail\n"},
    {STORE SMTP " tls = \"none\"; } );",
	"1: transport t: tls = \"none\" would send mail and password in the clear to h; use"
	" \"implicit\" or \"starttls\", or set allow_plain = true\n"},
    {STORE "transports: ( { name = \"t\"; host = \"127.evil.example\"; tls = \"none\"; } );",
	"1: transport t: tls = \"none\" would send mail and password in the clear to"
	" 127.evil.example; use \"implicit\" or \"starttls\", or set allow_plain = true\n"},
    {STORE "transports: ( { name = \"t\"; host = \"h/x@y\"; } );",
	"1: host = \"h/x@y\" is no host name: the server's name\n"},
    {STORE SMTP " user = \"a\\nb\"; } );", 
	"1: user holds a control character; write it without: the name to log in with\n"
	"1: transport t: user is set, but none of password_file, password_command,"
	" password_credential, oauth\n"},
    {STORE SMTP " name = \"a b\"; } );", "1: " TWICE},
    {STORE "transports: ( { name = \"a b\"; host = \"h\"; } );",
	"1: name = \"a b\": only letters, digits, '-' and '_' go here\n"},
    {STORE SMTP " user = \"u\"; } );",
	"1: transport t: user is set, but none of password_file, password_command,"
	" password_credential, oauth\n"},
    {STORE SMTP " password_command = \"x\"; } );",
	"1: transport t: a password or oauth is set, but no user\n"},
    {STORE BOX " password_command = \"x\"; } );",
	"1: mailbox m: give only one of password_file, password_command, password_credential,"
	" oauth\n"},
    {STORE "mailboxes: ( { name = \"m\"; maildir = \"in\"; host = \"h\"; after = \"flag\"; } );",
	"1: mailbox m: with maildir, host, user, passwords and oauth mean nothing\n"
	"1: mailbox m: after = \"flag\" is for servers; a Maildir knows leave, move and delete\n"},
    {STORE "mailboxes: ( { name = \"m\"; maildir = \"in\"; after = \"move\"; }, { name = \"n\";"
	" maildir = \"in\"; after = \"move\"; move_to = \"in\"; } );",
	"1: mailbox m: after = \"move\" needs move_to\n"
	"1: mailbox n: move_to is the Maildir itself\n"
	"1: mailbox n: the same Maildir as mailbox m in line 1\n"},
    {STORE BOX " after = \"delete\"; } );",
	"1: mailbox m: after = \"delete\" is for a Maildir; a server knows leave, flag and move\n"},
    {STORE BOX " after = \"move\"; } );", "1: mailbox m: after = \"move\" needs move_to\n"},
    {STORE BOX " move_to = \"Done\"; } );", "1: mailbox m: move_to needs after = \"move\"\n"},
    {STORE BOX " after = \"move\"; move_to = \"INBOX\"; } );",
	"1: mailbox m: move_to is the folder itself\n"},
    {STORE BOX " oauth = \"g\"; } );",
	"1: mailbox m: oauth = \"g\": there is no such group in oauth\n"
	"1: mailbox m: give only one of password_file, password_command, password_credential,"
	" oauth\n"},
    {STORE "oauth: ( { name = \"g\"; token_url = \"http://h/t\"; } );",
	"1: token_url = \"http://h/t\" is no https:// address: where tokens are had\n"
	"1: oauth g: client_id is missing; register a client with the provider (see README)\n"},
    {STORE "oauth: ( { provider = \"google\"; client_id = \"c\"; },\n"
	"{ name = \"g\"; provider = \"microsoft\"; client_id = \"c\"; },"
	"{ name = \"g\"; provider = \"google\"; client_id = \"c\"; } );",
	"1: this oauth has no name; write one: name = \"google\";\n"
	"2: oauth g: the name stands already in line 2; choose another\n"},
    {STORE BOX " pin_sha256 = \"12\"; } );",
	"1: pin_sha256 wants 64 hexadecimal digits: the SHA-256 of the server's certificate\n"},
    {STORE BOX " tls = \"none\"; host = \"::1\"; } );", "1: " TWICE},
    {STORE BOX "},\n{ name = \"m\"; host = \"other\"; user = \"u\"; password_file = \"secret\"; } "
    ");",
	"2: mailbox m: the name stands already in line 1; choose another\n"},
    {STORE BOX "},\n{ name = \"n\"; host = \"h\"; user = \"u\"; password_file = \"secret\"; } );",
	"2: mailbox n: the same folder as mailbox m in line 1\n"},
    {STORE SMTP "},\n{ name = \"t\"; host = \"h\"; } );",
	"2: transport t: the name stands already in line 1; choose another\n"},
};

static void
test_bad(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct arena *arena = arena_create();
		struct conf *conf = NULL;
		struct buf all;
		struct err err = {""};

		buf_init(&all, 10000);
		put_file("t.conf", bad[i].text, 0644);
		row_assert(conf_load(arena, conf_path, collect, &all, &conf, &err) == TD_PERM,
		    bad[i].text);
		if (strcmp(all.ptr, bad[i].complaints) != 0)
			fail_msg("%s\nwant: %s\ngot:  %s", bad[i].text, bad[i].complaints, all.ptr);
		row_assert(conf == NULL, bad[i].text);
		row_assert(strncmp(err.text, conf_path, strlen(conf_path)) == 0, bad[i].text);
		buf_release(&all);
		arena_destroy(&arena);
	}
}

/* Complaints that name a path of the test's own folder. */
static void
test_missing_files(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {STORE "templates = \"none\";", "/none\": No such file"},
	    {STORE "templates = \"secret\";", "/secret\": not a folder"},
	    {"store: { path = \"no/db\"; };", "/no\" cannot be used: No such file"},
	    {"store: { path = \"/\"; };", "is a folder, not a file"},
	    {STORE SMTP " user = \"u\"; password_file = \"gone\"; } );", "/gone\": No such file"},
	    {STORE SMTP " user = \"u\"; password_file = \"open\"; } );", "others may read"},
	    {STORE SMTP " ca_file = \".\"; } );", "not a file"},
	    {STORE "oauth: ( { name = \"g\"; client_id = \"c\"; token_url = \"https://h/\";"
	     " client_secret_file = \"open\"; } );", "others may read"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *arena = arena_create();
		struct conf *conf = NULL;
		struct err err = {""};

		put_file("t.conf", rows[i].text, 0644);
		row_assert(conf_load(arena, conf_path, NULL, NULL, &conf, &err) == TD_PERM,
		    rows[i].text);
		if (strstr(err.text, rows[i].want) == NULL)
			fail_msg("%s\nwant: %s\ngot:  %s", rows[i].text, rows[i].want, err.text);
		arena_destroy(&arena);
	}
}

static void
test_not_a_file(void **state)
{
	struct arena *arena = arena_create();
	struct conf *conf = NULL;
	struct err err;
	char *big = td_alloc(1100000);

	assert_int_equal(conf_load(arena, "/nonexistent/t.conf", NULL, NULL, &conf, &err), TD_PERM);
	assert_non_null(strstr(err.text, "tidings init"));
	assert_int_equal(conf_load(arena, dir, NULL, NULL, &conf, &err), TD_PERM);
	assert_non_null(strstr(err.text, "is not a file"));
	memset(big, '#', 1099999);
	put_file("t.conf", big, 0644);
	assert_int_equal(conf_load(arena, conf_path, NULL, NULL, &conf, &err), TD_PERM);
	assert_non_null(strstr(err.text, "larger than 1 MiB"));
	free(big);
	arena_destroy(&arena);
}

/* 20,000 open brackets and the like: refused by a complaint, never by a crash. */
static void
test_nesting(void **state)
{
	struct arena *arena = arena_create();
	struct conf *conf = NULL;
	struct err err;
	char *deep = td_alloc(20004);

	memset(deep, '(', 20003);
	memcpy(deep, "a =", 3);
	put_file("t.conf", deep, 0644);
	assert_int_equal(conf_load(arena, conf_path, NULL, NULL, &conf, &err), TD_PERM);
	free(deep);
	arena_destroy(&arena);
}

/* A mail is read the same with a configuration that sets nothing and without one. */
static void
test_limits(void **state)
{
	const struct reading_limits *want = &reading_limits_default;
	struct arena *arena = arena_create();
	struct conf *conf = NULL;
	struct err err;

	put_file("t.conf", STORE, 0644);
	assert_int_equal(conf_load(arena, conf_path, NULL, NULL, &conf, &err), TD_OK);
	assert_int_equal(conf->limits.mail_bytes, want->mail_bytes);
	assert_int_equal(conf->limits.mime_depth, want->mime_depth);
	assert_int_equal(conf->limits.mime_parts, want->mime_parts);
	assert_int_equal(conf->limits.header_bytes, want->header_bytes);
	assert_int_equal(conf->limits.ics_bytes, want->ics_bytes);
	assert_int_equal(conf->limits.commands, want->commands);
	arena_destroy(&arena);
}

/* Many mailboxes are looked at in turn less often, unless the file says how often. */
static void
test_recheck(void **state)
{
	static const struct {
		unsigned mailboxes, seconds;
	} rows[] = {{300, 300}, {301, 301}, {1000, 1000}, {1700, 1680}};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *arena = arena_create();
		struct conf *conf = NULL;
		struct buf text;
		struct err err = {""};

		buf_init(&text, 1u << 20);
		buf_puts(&text, STORE "mailboxes: (");
		for (unsigned n = 0; n < rows[i].mailboxes; n++)
			buf_printf(&text, "%s{ name = \"b%u\"; host = \"h\"; user = \"u%u\"; "
			    "password_file = \"secret\"; %s }", n > 0 ? ",\n" : "", n, n,
			    n == 7 ? "recheck = 60;" : "");
		buf_puts(&text, ");");
		put_file("t.conf", text.ptr, 0644);
		if (conf_load(arena, conf_path, NULL, NULL, &conf, &err) != TD_OK)
			fail_msg("%u mailboxes: %s", rows[i].mailboxes, err.text);
		assert_int_equal(conf->mailboxes[7].recheck, 60);
		assert_int_equal(conf->mailboxes[rows[i].mailboxes - 1].recheck, rows[i].seconds);
		buf_release(&text);
		arena_destroy(&arena);
	}
}

static void
test_good(void **state)
{
	struct arena *arena = arena_create();
	struct conf *conf = NULL;
	struct err err = {""};

	put_file("t.conf",
	    "# @include 99999999999 in a comment\n/* 99999999999 */ // 99999999999\n" STORE
	    BOX " folder = \"a \\\" 99999999999\"; pin_sha256 = \"AA:"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"; } );"
	    "transports: ( { name = \"a\"; host = \"localhost\"; tls = \"none\"; },\n"
	    "{ name = \"b\"; host = \"h\"; },{ name = \"c\"; host = \"h\"; tls = \"implicit\"; } );"
	    "trust: { mode = \"envelope\"; reply_token = \"plus\"; };"
	    "limits: { mail_bytes = 1000000L; };",
	    0644);
	if (conf_load(arena, conf_path, NULL, NULL, &conf, &err) != TD_OK)
		fail_msg("%s", err.text);
	assert_string_equal(conf->path, conf_path);
	assert_non_null(strstr(conf->store_path, "/db"));
	assert_int_equal(*conf->store_path, '/');
	assert_int_equal(conf->store_reserve_mb, 64);
	assert_string_equal(conf->run_dir, "/run/tidings");
	assert_null(conf->templates);
	assert_int_equal(conf->n_mailboxes, 1);
	assert_int_equal(conf->mailboxes[0].server.port, 993);
	assert_int_equal(conf->mailboxes[0].server.timeout, 60);
	assert_int_equal(conf->mailboxes[0].server.line, 3);
	assert_int_equal(conf->mailboxes[0].after, CONF_AFTER_FLAG);
	assert_int_equal(conf->mailboxes[0].poll, 60);
	assert_int_equal(conf->mailboxes[0].recheck, 300);
	assert_int_equal(strlen(conf->mailboxes[0].server.pin_sha256), 64);
	assert_int_equal(conf->n_transports, 3);
	assert_int_equal(conf->transports[0].server.port, 25);
	assert_int_equal(conf->transports[1].server.port, 587);
	assert_int_equal(conf->transports[1].server.tls, CONF_TLS_STARTTLS);
	assert_int_equal(conf->transports[2].server.port, 465);
	assert_int_equal(conf->trust.mode, CONF_TRUST_ENVELOPE);
	assert_int_equal(conf->trust.reply, CONF_REPLY_PLUS);
	assert_int_equal(conf->limits.mail_bytes, 1000000);
	assert_int_equal(conf->limits.acks_per_day, 20);
	assert_int_equal(conf->log_level, LOG_LEVEL_INFO);
	arena_destroy(&arena);
}

static void
test_secrets(void **state)
{
	char secret_path[128], empty_path[128], open_path[128], shared_path[128];
	char grouped_path[128];
	const struct {
		struct conf_secret secret;
		const char *value; /* NULL: refused */
		const char *why;
	} rows[] = {
	    {{.file = secret_path}, "s3cret word", NULL},
	    {{.file = empty_path}, NULL, "first line is empty"},
	    {{.file = open_path}, NULL, "chmod 600"},
	    {{.file = shared_path}, NULL, "its group may change it; mend it with: chmod g-w "},
	    {{.file = grouped_path}, "x", NULL},
	    {{.file = "/nonexistent"}, NULL, "cannot be read"},
	    {{.command = "echo 'a b'; echo more"}, "a b", NULL},
	    {{.command = "head -c 100000 /dev/zero | tr '\\0' x"}, NULL, "longer than 4 KiB"},
	    {{.command = "printf x; exit 3"}, NULL, "failed (exit 3)"},
	    {{.command = "kill -9 $$"}, NULL, "failed (signal 9)"},
	    {{.command = "true"}, NULL, "first line is empty"},
	    {{.command = "cat; echo no input"}, "no input", NULL},
	    {{.credential = "secret"}, "s3cret word", NULL},
	    {{.credential = "gone"}, NULL, "cannot be read"},
	    {{NULL}, NULL, "no password"},
	};

	snprintf(secret_path, sizeof secret_path, "%s/secret", dir);
	snprintf(empty_path, sizeof empty_path, "%s/empty", dir);
	snprintf(open_path, sizeof open_path, "%s/open", dir);
	snprintf(shared_path, sizeof shared_path, "%s/shared", dir);
	snprintf(grouped_path, sizeof grouped_path, "%s/grouped", dir);
	setenv("CREDENTIALS_DIRECTORY", dir, 1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *arena = arena_create();
		const char *value = NULL;
		struct err err = {""};
		enum td_status status = conf_secret_read(arena, &rows[i].secret, &value, &err);

		if (rows[i].value != NULL) {
			if (status != TD_OK)
				fail_msg("row %zu: %s", i, err.text);
			assert_string_equal(value, rows[i].value);
		} else {
			assert_int_equal(status, TD_PERM);
			if (strstr(err.text, rows[i].why) == NULL)
				fail_msg("row %zu: %s", i, err.text);
		}
		arena_destroy(&arena);
	}
}

/* A command that holds the pipe open after its shell has ended must not hold us either. */
static void
test_secret_deadline(void **state)
{
	struct arena *arena = arena_create();
	struct conf_secret secret = {.command = "sleep 100 & echo x; sleep 100"};
	const char *value = NULL;
	struct err err;
	int64_t start = clock_monotonic_ms();

	assert_int_equal(conf_secret_read(arena, &secret, &value, &err), TD_PERM);
	assert_non_null(strstr(err.text, "10 seconds"));
	assert_in_range(clock_monotonic_ms() - start, 9000, 30000);
	arena_destroy(&arena);
}

static void
test_default_path(void **state)
{
	struct arena *arena = arena_create();

	setenv("TIDINGS_CONF", "/x/y.conf", 1);
	assert_string_equal(conf_default_path(arena), "/x/y.conf");
	unsetenv("TIDINGS_CONF");
	unsetenv("XDG_CONFIG_HOME");
	setenv("HOME", dir, 1);
	assert_string_equal(conf_default_path(arena), TD_SYSCONFDIR "/tidings/tidings.conf");
	arena_destroy(&arena);
}

static void
test_nearest(void **state)
{
	const char *best = NULL;

	assert_int_equal(nearest_distance("kitten", "sitting"), 3);
	assert_int_equal(nearest_distance("stoer", "store"), 1);
	assert_int_equal(nearest_distance("", "abc"), 3);
	nearest_try("zzz", "abc", &best);
	assert_null(best);
	nearest_try("hots", "port", &best);
	nearest_try("hots", "host", &best);
	assert_string_equal(best, "host");
}

/* ---- the man page and the example against the table ----------------------------------------- */

static char *
slurp(const char *name)
{
	const char *top = getenv("TD_SRCDIR");
	char path[4096], *text = td_alloc(1 << 20);
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", top != NULL ? top : ".", name);
	f = fopen(path, "r");
	if (f == NULL)
		fail_msg("%s cannot be opened", path);
	text[fread(text, 1, (1 << 20) - 1, f)] = '\0';
	fclose(f);
	return text;
}

static bool
in_table(struct span key)
{
	for (size_t i = 0; i < conf_n_sections; i++)
		for (size_t j = 0; j < conf_sections[i].n_keys; j++)
			if (span_is(key, conf_sections[i].keys[j].name))
				return true;
	return false;
}

static void
test_man_page(void **state)
{
	char *page = slurp("doc/tidings.conf.5.in");
	struct span rest = span_of(page), line;

	for (size_t i = 0; i < conf_n_sections; i++)
		for (size_t j = 0; j < conf_sections[i].n_keys; j++) {
			char want[80];

			snprintf(want, sizeof want, "\n.It Ic %s\n", conf_sections[i].keys[j].name);
			row_assert(strstr(page, want) != NULL, want);
		}
	while (span_next_line(&rest, &line))
		if (span_starts(line, SPAN(".It Ic ")) && !in_table(span_skip(line, 7)))
			fail_msg("%.*s: not in the table", SPAN_FMT(line));
	free(page);
}

/* The example is good but for the files that are not on this machine. */
static void
test_example(void **state)
{
	struct arena *arena = arena_create();
	char *text = slurp("contrib/tidings.conf.example");
	struct conf *conf = NULL;
	struct buf all;
	struct err err;

	buf_init(&all, 10000);
	put_file("t.conf", text, 0644);
	if (conf_load(arena, conf_path, collect, &all, &conf, &err) != TD_OK) {
		struct span rest = buf_span(&all), line;

		while (span_next_line(&rest, &line))
			if (span_find(line, SPAN("No such file")) == line.len)
				fail_msg("%.*s", SPAN_FMT(line));
	}
	buf_release(&all);
	free(text);
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bad), cmocka_unit_test(test_missing_files),
	    cmocka_unit_test(test_not_a_file), cmocka_unit_test(test_nesting),
	    cmocka_unit_test(test_recheck),
	    cmocka_unit_test(test_good), cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_secrets),
	    cmocka_unit_test(test_secret_deadline), cmocka_unit_test(test_default_path),
	    cmocka_unit_test(test_nearest), cmocka_unit_test(test_man_page),
	    cmocka_unit_test(test_example),
	};

	return cmocka_run_group_tests_name("conf", tests, setup, teardown);
}
