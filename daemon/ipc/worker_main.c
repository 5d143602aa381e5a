/* SPDX-License-Identifier: ISC */
/* worker_main: what every child process does before its own work; see worker.h. */
#include "config.h"

#include "daemon/ipc/worker.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "daemon/clock.h"
#include "daemon/ipc/sandbox.h"
#include "parsers/base/wire.h"
#include "daemon/log.h"

/* The channel tells that the parent is gone; the signal tells it to one that does not look. */
static void
die_with_parent(void)
{
#ifdef PR_SET_PDEATHSIG
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

static void
name_process(enum worker_role role)
{
	char name[16];

	snprintf(name, sizeof name, "tidings-%s", worker_role_name(role));
	(void)prctl(PR_SET_NAME, name);
}

static enum sandbox_kind
sandbox_of(enum worker_role role)
{
	switch (role) {
	case ROLE_PARSE:
		return SANDBOX_PURE;
	case ROLE_FETCH:
	case ROLE_SEND:
	case ROLE_OAUTH:
		return SANDBOX_NETWORK;
	}
	return SANDBOX_PURE;
}

int
worker_main(enum worker_role role, int (*run)(struct chan *chan))
{
	struct chan *chan;
	struct err err;
	int status;

	name_process(role);
	die_with_parent();
	log_init(worker_role_name(role), log_get_level());
	if (sandbox_enter(sandbox_of(role), &err) != TD_OK) {
		log_error("%s", err.text);
		return 1;
	}
	chan = chan_create(WORKER_FD);
	status = run(chan);
	chan_destroy(&chan);
	return status;
}

bool
worker_take_clock(struct span payload)
{
	struct wire_reader r = wire_reader_of(payload);
	int64_t now = wire_get_i64(&r);
	bool frozen = wire_get_u8(&r) != 0;

	if (!wire_done(&r))
		return false;
	clock_test_set(now, frozen);
	return true;
}
