/* SPDX-License-Identifier: ISC */
/* lookup: see lookup.h. Whoever is last, the thread or the one who waits, frees the job. */
#include "config.h"

#include "daemon/fetch/lookup.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "parsers/base/arena.h"
#include "daemon/fetch/tls-private.h"

#define STACK_BYTES (512u * 1024) /* name service modules may want some */

struct job {
	char *host;
	char port[8];
	int done_fd; /* readable once rc and list are there */
	unsigned users;
	int rc;
	struct addrinfo *list;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned n_jobs; /* whose thread runs */

static struct job *
job_create(const char *host, uint16_t port)
{
	struct job *job = td_alloc(sizeof *job);

	*job = (struct job){.host = td_strdup(host), .users = 2,
	    .done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
	snprintf(job->port, sizeof job->port, "%u", port);
	return job;
}

/* With the lock. */
static void
job_leave(struct job *job)
{
	if (--job->users > 0)
		return;
	if (job->list != NULL)
		freeaddrinfo(job->list);
	if (job->done_fd >= 0)
		close(job->done_fd);
	free(job->host);
	free(job);
}

static int
look_up(const char *host, const char *port, struct addrinfo **list_r)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV};
	int rc = getaddrinfo(host, port, &hints, list_r);

	if (rc != EAI_ADDRFAMILY && rc != EAI_NODATA && rc != EAI_NONAME)
		return rc;
	/* a literal loopback address must work on a machine without a network too */
	hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
	return getaddrinfo(host, port, &hints, list_r) == 0 ? 0 : EAI_NONAME;
}

static void *
job_thread(void *user)
{
	struct job *job = user;
	struct addrinfo *list = NULL;
	const uint64_t one = 1;
	int rc = look_up(job->host, job->port, &list);

	pthread_mutex_lock(&lock);
	job->rc = rc;
	job->list = rc == 0 ? list : NULL;
	(void)!write(job->done_fd, &one, sizeof one);
	n_jobs--;
	job_leave(job);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static bool
job_start(struct job *job)
{
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all, before;
	bool ok;

	if (job->done_fd < 0 || pthread_attr_init(&attr) != 0)
		return false;
	sigfillset(&all); /* signals are for the first thread */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	ok = pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED) == 0 &&
	    pthread_attr_setstacksize(&attr, STACK_BYTES) == 0 &&
	    pthread_create(&thread, &attr, job_thread, job) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attr);
	return ok;
}

static enum td_status
begin(const char *host, uint16_t port, struct job **job_r, struct err *err)
{
	enum td_status status = TD_OK;
	struct job *job;

	pthread_mutex_lock(&lock);
	job = job_create(host, port);
	if (n_jobs >= LOOKUPS_MAX)
		status = err_temp(err,
		    "host %s is not looked up: %d look-ups hang already; look at "
		    "this machine's name service",
		    host, LOOKUPS_MAX);
	else if (!job_start(job))
		status = err_temp(err, "host %s is not looked up: no thread or descriptor is left",
		    host);
	if (status == TD_OK) {
		n_jobs++;
	} else {
		job->users = 1;
		job_leave(job);
	}
	pthread_mutex_unlock(&lock);
	if (status == TD_OK)
		*job_r = job;
	return status;
}

enum td_status
lookup_host(const char *host, uint16_t port, int64_t deadline, int cancel_fd,
    struct addrinfo **list_r, struct err *err)
{
	const char *why = NULL;
	struct job *job = NULL;
	enum td_status status = begin(host, port, &job, err);
	bool done;

	if (status != TD_OK)
		return status;
	done = tls_wait(job->done_fd, cancel_fd, POLLIN, deadline, &why);
	pthread_mutex_lock(&lock);
	if (!done) {
		status = err_temp(err, "the look-up of host %s %s: look at this machine's name "
		    "service", host, why);
	} else if (job->rc == EAI_NONAME) {
		status = err_perm(err, "host %s is not known to the name service: correct host in "
		    "the configuration", host);
	} else if (job->rc != 0) {
		status = err_temp(err,
		    "host %s could not be looked up (%s): look at this machine's "
		    "name service",
		    host, gai_strerror(job->rc));
	} else {
		*list_r = job->list;
		job->list = NULL;
	}
	job_leave(job);
	pthread_mutex_unlock(&lock);
	return status;
}
