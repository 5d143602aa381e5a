/* SPDX-License-Identifier: ISC */
/*
 * kill-point: a library that a test loads before the others (LD_PRELOAD) to stop tidingsd at a
 * point that it names: before or after a commit, a flag, a move, a frame, a mail that goes out. It
 * stands in front of the libraries' own functions, so the product knows nothing of it. Where the
 * armed point is passed for the n-th time the process says so and waits: for kill -9, or, when
 * others were killed, for the test to let it go. The test and all processes share the page of
 * TD_KILL_FILE; tests/rig/killing.py is the other side.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* The same names in the same order as in killing.py; each is two points: before and after. */
enum place { PLACE_COMMIT, PLACE_SYNC, PLACE_FLAG, PLACE_MOVE, PLACE_FETCH, PLACE_READ, PLACE_SEND,
	PLACE_FRAME, PLACES };
enum role { ROLE_ANY, ROLE_PARENT, ROLE_FETCH, ROLE_PARSE, ROLE_SEND };

struct shared {
	_Atomic uint32_t armed; /* 1 + 2 * place, + 1 for after; 0: none */
	_Atomic uint32_t role;
	_Atomic int32_t countdown;
	_Atomic uint32_t hit;   /* pid of who waits there */
	_Atomic uint32_t passed[2 * PLACES];
};

static struct shared *shared;

__attribute__((constructor)) static void
attach(void)
{
	const char *path = getenv("TD_KILL_FILE");
	int fd = path != NULL ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *page;

	if (fd < 0)
		return;
	page = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (page != MAP_FAILED)
		shared = page;
}

static enum role
own_role(void)
{
	static const char *const names[] = {"", "tidingsd", "tidings-fetch", "tidings-parse",
	    "tidings-send"};
	char name[16] = "";

	(void)prctl(PR_GET_NAME, name);
	for (int i = ROLE_PARENT; i <= ROLE_SEND; i++)
		if (strcmp(name, names[i]) == 0)
			return (enum role)i;
	return ROLE_ANY;
}

static void
pass(enum place place, int after)
{
	uint32_t point = 1 + 2 * (uint32_t)place + (uint32_t)after;

	if (shared == NULL)
		return;
	atomic_fetch_add(&shared->passed[point - 1], 1);
	if (atomic_load(&shared->armed) != point || (atomic_load(&shared->role) != ROLE_ANY &&
	    atomic_load(&shared->role) != (uint32_t)own_role()))
		return;
	if (atomic_fetch_sub(&shared->countdown, 1) != 1)
		return;
	atomic_store(&shared->hit, (uint32_t)getpid());
	while (atomic_load(&shared->hit) == (uint32_t)getpid())
		nanosleep(&(struct timespec){0, 200000}, NULL);
}

/* The function of the library itself. */
static void *
next(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

#define REAL(name, ...)                                                                            \
	static int (*real)(__VA_ARGS__);                                                           \
	int rc;                                                                                    \
	if (real == NULL)                                                                          \
		*(void **)&real = next(name)

/* ---- the store ------------------------------------------------------------------------------- */

const char *sqlite3_sql(void *statement);
int sqlite3_step(void *statement);
int fdatasync(int fd);
int fsync(int fd);

int
sqlite3_step(void *statement)
{
	const char *sql = sqlite3_sql(statement);
	int is_commit = sql != NULL && strncmp(sql, "COMMIT", 6) == 0;
	REAL("sqlite3_step", void *);

	if (is_commit)
		pass(PLACE_COMMIT, 0);
	rc = real(statement);
	if (is_commit)
		pass(PLACE_COMMIT, 1);
	return rc;
}

int
fdatasync(int fd)
{
	REAL("fdatasync", int);

	pass(PLACE_SYNC, 0);
	rc = real(fd);
	pass(PLACE_SYNC, 1);
	return rc;
}

int
fsync(int fd)
{
	REAL("fsync", int);

	pass(PLACE_SYNC, 0);
	rc = real(fd);
	pass(PLACE_SYNC, 1);
	return rc;
}

/* ---- the mailbox --------------------------------------------------------------------------- */

int mailimap_uid_store(void *session, void *set, void *what);
int mailimap_uid_move(void *session, void *set, const char *folder);
int mailimap_uid_fetch(void *session, void *set, void *what, void **result);

int
mailimap_uid_store(void *session, void *set, void *what)
{
	REAL("mailimap_uid_store", void *, void *, void *);

	pass(PLACE_FLAG, 0);
	rc = real(session, set, what);
	pass(PLACE_FLAG, 1);
	return rc;
}

int
mailimap_uid_move(void *session, void *set, const char *folder)
{
	REAL("mailimap_uid_move", void *, void *, const char *);

	pass(PLACE_MOVE, 0);
	rc = real(session, set, folder);
	pass(PLACE_MOVE, 1);
	return rc;
}

int
mailimap_uid_fetch(void *session, void *set, void *what, void **result)
{
	REAL("mailimap_uid_fetch", void *, void *, void *, void **);

	pass(PLACE_FETCH, 0);
	rc = real(session, set, what, result);
	pass(PLACE_FETCH, 1);
	return rc;
}

/* ---- reading, sending, frames -------------------------------------------------------------- */

void *g_mime_parser_construct_message(void *parser, void *options);
int curl_easy_perform(void *easy);

void *
g_mime_parser_construct_message(void *parser, void *options)
{
	static void *(*real)(void *, void *);
	void *message;

	if (real == NULL)
		*(void **)&real = next("g_mime_parser_construct_message");
	pass(PLACE_READ, 0);
	message = real(parser, options);
	pass(PLACE_READ, 1);
	return message;
}

int
curl_easy_perform(void *easy)
{
	REAL("curl_easy_perform", void *);

	pass(PLACE_SEND, 0);
	rc = real(easy);
	pass(PLACE_SEND, 1);
	return rc;
}

ssize_t
sendmsg(int fd, const struct msghdr *msg, int flags)
{
	static ssize_t (*real)(int, const struct msghdr *, int);
	ssize_t n;

	if (real == NULL)
		*(void **)&real = next("sendmsg");
	pass(PLACE_FRAME, 0);
	n = real(fd, msg, flags);
	pass(PLACE_FRAME, 1);
	return n;
}
