/* SPDX-License-Identifier: ISC */
/*
 * Tests of daemon/fetch/lookup: what a name service that hangs may cost. Linked with
 * --wrap=getaddrinfo: names under .hang.example.org take until the test lets them go.
 */
#include "tests/unit/unit.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/fetch/lookup.h"
#include "daemon/fetch/tls.h"

int __real_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
    struct addrinfo **list);
int __wrap_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
    struct addrinfo **list);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool hangs;
static unsigned n_hanging;

int
__wrap_getaddrinfo(const char *host, const char *port, const struct addrinfo *hints,
    struct addrinfo **list)
{
	if (strstr(host, ".hang.example.org") == NULL)
		return __real_getaddrinfo(host, port, hints, list);
	pthread_mutex_lock(&lock);
	n_hanging++;
	while (hangs)
		pthread_cond_wait(&changed, &lock);
	n_hanging--;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	return __real_getaddrinfo("127.0.0.1", port, hints, list);
}

static void
hang(void)
{
	pthread_mutex_lock(&lock);
	hangs = true;
	pthread_mutex_unlock(&lock);
}

static void
let_go(void)
{
	pthread_mutex_lock(&lock);
	hangs = false;
	pthread_cond_broadcast(&changed);
	while (n_hanging > 0)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

static enum td_status
look(const char *host, int64_t ms, int cancel_fd, struct err *err)
{
	struct addrinfo *list = NULL;
	enum td_status status = lookup_host(host, 993, clock_monotonic_ms() + ms, cancel_fd, &list,
	    err);

	if (list != NULL)
		freeaddrinfo(list);
	assert_true((list != NULL) == (status == TD_OK));
	return status;
}

static void
test_answers(void **state)
{
	static const struct {
		const char *host;
		enum td_status status;
		const char *says;
	} rows[] = {
	    {"127.0.0.1", TD_OK, ""},
	    {"::1", TD_OK, ""},
	    {"quick.hang.example.org", TD_OK, ""}, /* nothing hangs now */
	    {"two words", TD_PERM, "host two words is not known to the name service"},
	};
	int cancel_fd = eventfd(0, EFD_CLOEXEC);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err = {""};

		row_assert(look(rows[i].host, 30000, cancel_fd, &err) == rows[i].status,
		    rows[i].host);
		row_assert(strstr(err.text, rows[i].says) != NULL, rows[i].host);
	}
	close(cancel_fd);
}

/* Each ends at its deadline; what hangs behind them is bounded; afterwards all is as before. */
static void
test_hangs(void **state)
{
	int cancel_fd = eventfd(0, EFD_CLOEXEC);
	int64_t begun = clock_monotonic_ms();
	struct err err;

	alarm(60); /* where there is no deadline, nothing else ends this */
	hang();
	for (int i = 0; i < LOOKUPS_MAX; i++) {
		assert_int_equal(look("mail.hang.example.org", 50, cancel_fd, &err), TD_TEMP);
		assert_non_null(strstr(err.text, "look-up of host mail.hang.example.org did not "
						 "answer in time: look at this machine's name"));
	}
	assert_true(clock_monotonic_ms() - begun >= LOOKUPS_MAX * 50);
	assert_int_equal(look("mail.hang.example.org", 60000, cancel_fd, &err), TD_TEMP);
	assert_non_null(strstr(err.text, "16 look-ups hang already"));
	let_go();
	/* the last of them count themselves out right after this */
	while (look("127.0.0.1", 30000, cancel_fd, &err) == TD_TEMP)
		assert_non_null(strstr(err.text, "16 look-ups hang already"));
	assert_int_equal(look("mail.hang.example.org", 30000, cancel_fd, &err), TD_OK);
	alarm(0);
	close(cancel_fd);
}

/* An orderly end waits for no name service; tls_dial looks names up this way. */
static void
test_cancel(void **state)
{
	int cancel_fd = eventfd(1, EFD_CLOEXEC);
	struct tls_peer peer = {.host = "mail.hang.example.org", .port = 993};
	struct tls_stream *stream = NULL;
	struct err err;

	alarm(60);
	hang();
	assert_int_equal(tls_dial(&peer, clock_monotonic_ms() + 600000, cancel_fd, &stream, &err),
	    TD_TEMP);
	assert_null(stream);
	assert_non_null(strstr(err.text, "because the daemon stops"));
	let_go();
	alarm(0);
	close(cancel_fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_answers), cmocka_unit_test(test_hangs),
	    cmocka_unit_test(test_cancel),
	};

	return cmocka_run_group_tests_name("lookup", tests, NULL, NULL);
}
