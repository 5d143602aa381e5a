/* SPDX-License-Identifier: ISC */
/* test-claim: which two ways to write a mailbox mean the same one, so that a second daemon is kept
 * from it. Two sets of claims in one process stand in each other's way as two processes do. */
#include "tests/unit/unit.h"

#include <sched.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/claim.h"

static struct conf_mailbox
server_box(const char *host, uint16_t port, const char *user, const char *folder)
{
	return (struct conf_mailbox){.name = "main", .folder = folder,
	    .server = {.host = host, .port = port, .user = user}};
}

static enum td_status
take(struct conf_mailbox *box, struct claims **claims, struct err *err)
{
	const struct conf conf = {.mailboxes = box, .n_mailboxes = 1};

	return claims_take(&conf, claims, err);
}

/* Whether one daemon with the first mailbox keeps another one from the second. */
static bool
are_same(struct conf_mailbox first, struct conf_mailbox second)
{
	struct claims *mine = NULL, *other = NULL;
	struct err err;
	enum td_status status;

	assert_int_equal(take(&first, &mine, &err), TD_OK);
	status = take(&second, &other, &err);
	claims_end(&other);
	claims_end(&mine);
	assert_int_not_equal(status, TD_TEMP);
	if (status == TD_PERM)
		assert_non_null(strstr(err.text, "is read by another tidingsd"));
	return status == TD_PERM;
}

static void
knows_other_ways_to_write_a_mailbox(void **state)
{
	static const struct {
		const char *name, *host, *user, *folder;
		uint16_t port;
		bool same;
	} rows[] = {
		{"itself", "mail.example.org", "ana", "INBOX", 993, true},
		{"INBOX in any case", "mail.example.org", "ana", "inbox", 993, true},
		{"INBOX in any case", "mail.example.org", "ana", "InBox", 993, true},
		{"the host in any case", "MAIL.Example.ORG", "ana", "INBOX", 993, true},
		{"the root's dot", "mail.example.org.", "ana", "INBOX", 993, true},
		{"another folder", "mail.example.org", "ana", "inboxes", 993, false},
		{"a folder in INBOX", "mail.example.org", "ana", "INBOX/a", 993, false},
		{"another host", "mail.example.com", "ana", "INBOX", 993, false},
		{"another port", "mail.example.org", "ana", "INBOX", 143, false},
		{"another user", "mail.example.org", "Ana", "INBOX", 993, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_assert(are_same(server_box("mail.example.org", 993, "ana", "INBOX"),
			server_box(rows[i].host, rows[i].port, rows[i].user, rows[i].folder)) ==
			    rows[i].same, rows[i].name);
}

/* Only INBOX is the same in any case (RFC 3501 5.1). */
static void
tells_other_folders_apart_by_case(void **state)
{
	(void)state;
	assert_false(are_same(server_box("mail.example.org", 993, "ana", "Work"),
	    server_box("mail.example.org", 993, "ana", "work")));
}

static void
make_folder(char *path)
{
	assert_non_null(mkdtemp(path));
}

static void
knows_other_paths_to_a_folder(void **state)
{
	char folder[] = "/tmp/test-claim-XXXXXX", other[] = "/tmp/test-claim-XXXXXX", dot[64];
	struct conf_mailbox box = {.name = "main", .maildir = folder};

	(void)state;
	make_folder(folder);
	make_folder(other);
	snprintf(dot, sizeof dot, "%s/.", folder);
	assert_true(are_same(box, (struct conf_mailbox){.name = "main", .maildir = dot}));
	assert_false(are_same(box, (struct conf_mailbox){.name = "main", .maildir = other}));
	rmdir(folder);
	rmdir(other);
}

#define NO_NAMESPACE 77

/* In a network of its own, as in another container. */
static int
take_elsewhere(struct conf_mailbox *box)
{
	struct claims *claims = NULL;
	struct err err;
	enum td_status status;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
		return NO_NAMESPACE;
	status = take(box, &claims, &err);
	claims_end(&claims);
	return (int)status;
}

static void
a_folder_is_claimed_in_all_containers(void **state)
{
	char folder[] = "/tmp/test-claim-XXXXXX";
	struct conf_mailbox box = {.name = "main", .maildir = folder};
	struct claims *mine = NULL;
	struct err err;
	int status = 0;
	pid_t pid;

	(void)state;
	make_folder(folder);
	assert_int_equal(take(&box, &mine, &err), TD_OK);
	pid = fork();
	if (pid == 0)
		_exit(take_elsewhere(&box));
	assert_true(pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	claims_end(&mine);
	rmdir(folder);
	if (WEXITSTATUS(status) == NO_NAMESPACE)
		skip_because("no network namespace can be made here");
	assert_int_equal(WEXITSTATUS(status), TD_PERM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_other_ways_to_write_a_mailbox),
		cmocka_unit_test(tells_other_folders_apart_by_case),
		cmocka_unit_test(knows_other_paths_to_a_folder),
		cmocka_unit_test(a_folder_is_claimed_in_all_containers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
