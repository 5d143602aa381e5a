/* SPDX-License-Identifier: ISC */
/*
 * worker: the child processes, from both sides.
 *
 * The parent keeps each worker running: it starts the same binary again (/proc/self/exe) as
 * `tidingsd --role NAME` with one end of a channel as descriptor 3 and nothing else inherited but
 * 0, 1 and 2. A death is a normal event: `died` is called, then the worker is started again, the
 * first time at once, then after 1 s, 2 s, 4 s … 60 s; a minute of health starts the row anew.
 *
 * Order: supervisor_create, worker_add for each, the loop runs; supervisor_stop ends all of them
 * within a few seconds (FRAME_STOP, SIGTERM, SIGKILL) and calls `stopped`.
 */
#ifndef TD_WORKER_H
#define TD_WORKER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "parsers/base/err.h"
#include "daemon/ipc/chan.h"
#include "daemon/ipc/loop.h"

enum worker_role { ROLE_FETCH, ROLE_PARSE, ROLE_SEND, ROLE_OAUTH };

const char *worker_role_name(enum worker_role role);
bool worker_role_of(const char *name, enum worker_role *role_r);

/* ---- the parent's side ---------------------------------------------------------------------- */

struct supervisor;
struct worker;

struct worker_events {
	/* The process runs and the channel is open: send FRAME_CONF. */
	void (*started)(void *user, struct worker *worker);
	/* A frame came; its descriptor belongs to the callee. FRAME_READY comes here too. */
	void (*frame)(void *user, struct worker *worker, struct frame *frame);
	/* It is gone, and with it what it was doing. why: one line, "killed by signal 9". */
	void (*died)(void *user, struct worker *worker, const char *why);
};

struct supervisor *supervisor_create(struct loop *loop);
void supervisor_destroy(struct supervisor **supervisor); /* kills what still runs */

/* Ends all workers and calls stopped(user), from the loop, once the last is gone. */
void supervisor_stop(struct supervisor *supervisor, void (*stopped)(void *user), void *user);

/* Adds a worker and starts it. extra: further arguments, NULL-ended, copied; may be NULL. */
struct worker *worker_add(struct supervisor *supervisor, enum worker_role role, unsigned number,
    const char *const *extra, const struct worker_events *events, void *user);

/* Ends this one in an orderly way (FRAME_STOP …) and starts it again, with `extra` if not NULL:
 * for a changed configuration. `died` is called with why = NULL. */
void worker_restart(struct worker *worker, const char *const *extra);
/* Ends this one likewise, and leaves it at that until worker_restart: it is not configured now. */
void worker_rest(struct worker *worker);
bool worker_rests(const struct worker *worker);
void worker_kill(struct worker *worker);    /* SIGKILL, for one that hangs; `died` follows */
void worker_forgive(struct worker *worker); /* it does its work: the next restart is at once */

enum worker_role worker_role(const struct worker *worker);
unsigned worker_number(const struct worker *worker);
pid_t worker_pid(const struct worker *worker);    /* 0 while there is none */
bool worker_is_ready(const struct worker *worker); /* runs, said FRAME_READY, is not stopping */
unsigned worker_deaths(const struct worker *worker); /* since the start of the daemon */

/* As chan_send; TD_PERM while there is no process. */
TD_CHECK enum td_status worker_send(struct worker *worker, enum frame_type type, uint64_t id,
    struct span payload, int pass_fd, struct err *err);
size_t worker_queued(const struct worker *worker);

/* ---- the child's side ----------------------------------------------------------------------- */

#define WORKER_FD 3 /* the channel */

/*
 * What main calls for `--role`: names the process, dies with the parent, takes the channel, puts
 * the role's limits on (daemon/ipc/sandbox.h) and runs it. Gives the exit status.
 */
int worker_main(enum worker_role role, int (*run)(struct chan *chan));

/* FRAME_CLOCK for a worker's loop: moves the clock. False if the payload is wrong. */
bool worker_take_clock(struct span payload);

#endif
