/* SPDX-License-Identifier: ISC */
/*
 * Tests of daemon/ipc/sandbox: what a confined process can no longer do, and what it still can.
 * Each trial runs in a child, first free and then confined, so a trial that fails for another
 * reason than the sandbox is noticed.
 */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/ipc/sandbox.h"

/* Each gives 0 when the act went through. */
static int
try_read_file(void)
{
	return open("/etc/passwd", O_RDONLY) >= 0 ? 0 : 1;
}

static int
try_list_root(void)
{
	return open("/", O_RDONLY | O_DIRECTORY) >= 0 ? 0 : 1;
}

static int
try_write_file(void)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "test-sandbox.%d.tmp", (int)getpid());
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	if (fd >= 0)
		unlink(path);
	return fd >= 0 ? 0 : 1;
}

static int
try_unlink(void)
{
	return unlink("test-sandbox.unlink.tmp") == 0 ? 0 : 1;
}

static int
try_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 0 : 1;
}

static int
try_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? 0 : 1;
}

static int
try_exec(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return 1;
}

static int
try_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0 ? 0 : 1;
}

static int
try_signal_parent(void)
{
	return kill(getppid(), 0) == 0 ? 0 : 1;
}

static int
try_ptrace(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 0 : 1;
}

static int
try_read_parent(void)
{
	char byte;
	struct iovec here = {&byte, 1}, there = {(void *)(uintptr_t)try_read_parent, 1};

	return process_vm_readv(getpid(), &here, 1, &there, 1, 0) == 1 ? 0 : 1;
}

static int
try_zone(void)
{
	return open("/usr/share/zoneinfo/Europe/Lisbon", O_RDONLY) >= 0 ? 0 : 1;
}

static int
try_charset(void)
{
	char in[] = "\x1b$B$3$s\x1b(B", out[32], *from = in, *to = out;
	size_t n_in = sizeof in - 1, n_out = sizeof out;
	iconv_t cd = iconv_open("UTF-8", "ISO-2022-JP");

	if (cd == (iconv_t)-1)
		return 1;
	if (iconv(cd, &from, &n_in, &to, &n_out) == (size_t)-1)
		return 1;
	iconv_close(cd);
	return memcmp(out, "\xe3\x81\x93\xe3\x82\x93", 6) == 0 ? 0 : 1;
}

enum answer { YES, NO, MAYBE };

static const struct trial {
	const char *name;
	int (*fn)(void);
	enum answer pure, network;
	enum { ANY, LANDLOCK, PLAIN_BUILD } needs;
} trials[] = {
    {"read a file", try_read_file, NO, YES, LANDLOCK},
    {"list the root", try_list_root, NO, YES, LANDLOCK},
    {"write a file", try_write_file, NO, NO, LANDLOCK},
    {"remove a file", try_unlink, NO, NO, LANDLOCK},
    {"internet socket", try_socket, NO, YES, ANY},
    {"local socket", try_unix_socket, NO, YES, ANY},
    {"exec", try_exec, NO, NO, ANY},
    {"fork", try_fork, NO, MAYBE, PLAIN_BUILD},
    {"signal the parent", try_signal_parent, NO, YES, ANY},
    {"ptrace", try_ptrace, NO, NO, PLAIN_BUILD},
    {"read memory", try_read_parent, NO, NO, ANY},
    {"zone data", try_zone, YES, YES, ANY},
    {"character sets", try_charset, YES, YES, ANY},
};

/* 0 it could, 1 it could not, anything else: it died. */
static int
run_trial(const struct trial *trial, int kind)
{
	int status, fd = open("test-sandbox.unlink.tmp", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	struct err err;
	pid_t pid;

	assert_true(fd >= 0);
	close(fd);
	pid = fork();
	if (pid == 0) {
		if (kind >= 0 && sandbox_enter((enum sandbox_kind)kind, &err) != TD_OK)
			_exit(99);
		_exit(trial->fn());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	unlink("test-sandbox.unlink.tmp");
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void
run_trials(int needs)
{
	for (size_t i = 0; i < ARRAY_LEN(trials); i++) {
		const struct trial *t = &trials[i];

		if ((int)t->needs != needs)
			continue;
		row_assert(run_trial(t, -1) == 0, t->name);
		row_assert(run_trial(t, SANDBOX_PURE) == (t->pure == YES ? 0 : 1), t->name);
		if (t->network != MAYBE)
			row_assert(run_trial(t, SANDBOX_NETWORK) == (t->network == YES ? 0 : 1),
			    t->name);
	}
}

static void
test_rights(void **state)
{
	run_trials(ANY);
}

static void
test_rights_to_files(void **state)
{
	if (sandbox_landlock_version() == 0)
		skip_because("this kernel has no Landlock");
	run_trials(LANDLOCK);
}

static void
test_rights_to_processes(void **state)
{
#ifdef TD_SANITIZERS
	skip_because(NOT_SANITIZED);
#endif
	run_trials(PLAIN_BUILD);
}

/* Takes memory until it is refused; gives the megabytes it got, at most 200. */
static int
eat_memory(void)
{
	int n;

	for (n = 0; n < 200; n++) {
		char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			break;
		p[0] = 1;
	}
	return n;
}

static void
test_memory(void **state)
{
	struct err err;
	int status;
	pid_t pid;

#ifdef TD_SANITIZERS
	skip_because(NOT_SANITIZED);
#endif
	pid = fork();
	if (pid == 0) {
		if (sandbox_enter(SANDBOX_PURE, &err) != TD_OK ||
		    sandbox_limit_memory(64, &err) != TD_OK)
			_exit(255);
		_exit(eat_memory());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_in_range(WEXITSTATUS(status), 55, 64);
	assert_int_equal(eat_memory(), 200); /* only that process is limited */
}

static void
test_cpu(void **state)
{
	struct err err;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (sandbox_enter(SANDBOX_PURE, &err) != TD_OK)
			_exit(255);
		sandbox_limit_cpu(1);
		sandbox_limit_cpu(0);
		sandbox_limit_cpu(1);
		for (volatile unsigned i = 0;; i++)
			;
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGPROF);
}

/* abort must end a confined process with its own signal, not hang or spin. */
static void
test_abort(void **state)
{
	struct err err;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (sandbox_enter(SANDBOX_PURE, &err) != TD_OK)
			_exit(255);
		signal(SIGABRT, SIG_DFL);
		abort();
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rights), cmocka_unit_test(test_rights_to_files),
	    cmocka_unit_test(test_rights_to_processes), cmocka_unit_test(test_memory),
	    cmocka_unit_test(test_cpu), cmocka_unit_test(test_abort),
	};

	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
