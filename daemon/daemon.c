/* SPDX-License-Identifier: ISC */
/*
 * daemon: see daemon.h. Order of the start: configuration, background, account, log, lock, store,
 * workers, control socket, pid file. SIGTERM and SIGINT end it, SIGHUP reads the configuration
 * again and opens the log file anew.
 */
#include "config.h"

#include "daemon/daemon.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "daemon/claim.h"
#include "daemon/clock.h"
#include "daemon/control/server.h"
#include "daemon/ipc/loop.h"
#include "daemon/ipc/sandbox.h"
#include "daemon/log.h"
#include "daemon/pipeline/pipeline.h"
#include "daemon/startup.h"
#include "daemon/store/db.h"

struct daemon {
	const struct daemon_options *options;
	struct arena *arena; /* holds conf */
	struct conf *conf;
	struct loop *loop;
	struct db *db;
	struct pipeline *pipeline;
	struct control *control;
	int lock_fd;
	struct claims *claims;
	bool stopping;
	int exit_status;
};

static void
tell_line(void *user, const char *line)
{
	log_error("%s", line);
}

static void
set_level(const struct daemon *d)
{
	log_set_level(d->options->verbose ? LOG_LEVEL_DEBUG : d->conf->log_level);
	d->conf->log_level = log_get_level(); /* the workers follow */
}

/* For somebody who only wants to know. */
static void
print_line(void *user, const char *line)
{
	fprintf(stderr, "tidingsd: %s\n", line);
}

static enum td_status
load_conf(const struct daemon_options *options, struct arena *arena,
    void (*tell)(void *user, const char *line), struct conf **conf_r)
{
	const char *path = options->conf_path;
	struct err err;

	if (path == NULL)
		path = conf_default_path(arena);
	return conf_load(arena, path, tell, NULL, conf_r, &err);
}

int
daemon_check(const struct daemon_options *options)
{
	struct arena *arena = arena_create();
	struct conf *conf;
	int status = load_conf(options, arena, print_line, &conf) == TD_OK ? 0 : 1;

	if (status == 0)
		printf("%s: no mistakes\n", conf->path);
	arena_destroy(&arena);
	return status;
}

/* ---- signals and the end -------------------------------------------------------------------- */

static void
on_stopped(void *user)
{
	struct daemon *d = user;

	loop_stop(d->loop);
}

static void
daemon_stop(void *user)
{
	struct daemon *d = user;

	if (d->stopping)
		return;
	d->stopping = true;
	log_info("stopping");
	pipeline_stop(d->pipeline, on_stopped, d);
}

static void
on_term(void *user, int signo)
{
	daemon_stop(user);
}

static void
on_once_done(void *user, bool good)
{
	struct daemon *d = user;

	d->exit_status = good ? 0 : 1;
	daemon_stop(d);
}

/* A bad file changes nothing; its complaints, with their lines, are in the log. */
static void
on_hangup(void *user, int signo)
{
	struct daemon *d = user;
	struct arena *arena = arena_create();
	struct conf *conf;
	struct err err;

	if (d->stopping || load_conf(d->options, arena, tell_line, &conf) != TD_OK) {
		arena_destroy(&arena);
		log_error("the configuration was not changed: mend the lines above, then reload");
		return;
	}
	if (claims_take(conf, &d->claims, &err) != TD_OK) {
		arena_destroy(&arena);
		log_error("the configuration was not changed: %s", err.text);
		return;
	}
	if (conf->log_file != NULL && startup_log_to(conf->log_file, &err) != TD_OK)
		log_error("%s", err.text);
	if (!span_eq(span_of(conf->store_path), span_of(d->conf->store_path)) ||
	    !span_eq(span_of(conf->run_dir), span_of(d->conf->run_dir)))
		log_warn("another store or run_dir needs a restart; the old ones stay until then");
	conf->store_path = arena_strdup(arena, d->conf->store_path);
	conf->run_dir = arena_strdup(arena, d->conf->run_dir);
	d->conf = conf;
	set_level(d);
	pipeline_reload(d->pipeline, conf);
	arena_destroy(&d->arena);
	d->arena = arena;
	malloc_trim(0);
	log_info("configuration read again file=%s", log_value(conf->path));
}

/* ---- start ---------------------------------------------------------------------------------- */

static enum td_status
daemon_prepare(struct daemon *d, struct err *err)
{
	const struct daemon_options *o = d->options;
	const struct conf *conf = d->conf;

	if (!o->foreground && !o->once && startup_background(err) != TD_OK)
		return TD_PERM;
	if (startup_account(conf, err) != TD_OK)
		return TD_PERM;
	if (conf->log_file != NULL && !o->once && startup_log_to(conf->log_file, err) != TD_OK)
		return TD_PERM;
	/* never a new one: a store that vanished would be begun again, and nobody would know */
	if (db_look(conf->store_path, DB_READ_WRITE, err) != TD_OK)
		return TD_PERM;
	if (startup_lock(conf->store_path, &d->lock_fd, err) != TD_OK ||
	    claims_take(conf, &d->claims, err) != TD_OK)
		return TD_PERM;
	return db_open(conf->store_path, DB_READ_WRITE, &d->db, err);
}

static enum td_status
daemon_start(struct daemon *d, struct err *err)
{
	const struct conf *conf = d->conf;

	d->loop = loop_create();
	signal(SIGPIPE, SIG_IGN);
	loop_signal(d->loop, SIGTERM, on_term, d);
	loop_signal(d->loop, SIGINT, on_term, d);
	loop_signal(d->loop, SIGHUP, on_hangup, d);
	if (sandbox_landlock_version() == 0)
		log_warn("this kernel has no Landlock: parsers are confined by the other means "
		    "only");
	if (geteuid() == 0)
		log_warn("runs as root: set user = \"tidings\" in %s (an account of its own)",
		    conf->path);
	if (conf->trust.mode == CONF_TRUST_ENVELOPE)
		log_warn("trust is \"envelope\": whoever can send to the mailbox can pose as "
		    "anyone");
	d->pipeline = pipeline_create(d->loop, d->db, conf);
	if (pipeline_start(d->pipeline, err) != TD_OK)
		return TD_PERM;
	if (d->options->once)
		pipeline_run_once(d->pipeline, on_once_done, d);
	if (control_open(d->loop, d->pipeline, conf->run_dir, daemon_stop, d, &d->control, err) !=
	    TD_OK)
		return TD_PERM;
	return startup_write_pid(conf->run_dir, err);
}

int
daemon_run(const struct daemon_options *options)
{
	struct daemon d = {.options = options, .arena = arena_create(), .lock_fd = -1};
	struct err err;

	if (load_conf(options, d.arena, tell_line, &d.conf) != TD_OK) {
		arena_destroy(&d.arena);
		return 1;
	}
	set_level(&d);
	if (options->test_clock)
		clock_test_set(options->test_begin > 0 ? options->test_begin : clock_now(), false);
	if (daemon_prepare(&d, &err) != TD_OK || daemon_start(&d, &err) != TD_OK) {
		log_error("cannot start: %s", err.text);
		d.exit_status = 1;
	} else {
		log_info("tidingsd " PACKAGE_VERSION " runs pid=%d store=%s", (int)getpid(),
		    log_value(d.conf->store_path));
		startup_background_ready();
		malloc_trim(0); /* what reading the configuration took */
		loop_run(d.loop);
		startup_remove_pid(d.conf->run_dir);
		log_info("stopped");
	}
	control_close(&d.control);
	pipeline_destroy(&d.pipeline);
	loop_destroy(&d.loop);
	db_close(&d.db);
	claims_end(&d.claims);
	if (d.lock_fd >= 0)
		close(d.lock_fd);
	arena_destroy(&d.arena);
	return d.exit_status;
}
