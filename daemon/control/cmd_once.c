/* SPDX-License-Identifier: ISC */
/* cmd_once: the daemon's work without the daemon: tidingsd --once, and what came of it. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/control/client.h"
#include "daemon/control/show.h"
#include "daemon/store/outbox.h"
#include "daemon/store/quarantine.h"

extern char **environ;

/* tidingsd beside this program (a build tree), else where it was installed. */
static const char *
find_daemon(struct tool *tool)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
	const char *beside, *slash;

	if (n > 0) {
		self[n] = '\0';
		slash = strrchr(self, '/');
		beside = arena_printf(tool->arena, "%.*s/tidingsd", (int)(slash - self), self);
		if (access(beside, X_OK) == 0)
			return beside;
	}
	return TD_SBINDIR "/tidingsd";
}

static int
spawn(const char *program, char **words, const sigset_t *mask, pid_t *pid_r)
{
	posix_spawnattr_t attr;
	int rc = posix_spawnattr_init(&attr);

	if (rc != 0)
		return rc;
	posix_spawnattr_setsigmask(&attr, mask);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	rc = posix_spawn(pid_r, program, NULL, &attr, words, environ);
	posix_spawnattr_destroy(&attr);
	return rc;
}

/*
 * Until the child has ended. A signal that would end this program ends the child first, which
 * finishes what it has begun; a terminal's Ctrl-C has reached it already.
 */
static bool
wait_for(pid_t pid, const sigset_t *waited, bool *is_ended_r, int *wstatus_r)
{
	for (;;) {
		pid_t done = waitpid(pid, wstatus_r, WNOHANG);
		siginfo_t info;
		int got;

		if (done != 0)
			return done == pid;
		got = sigwaitinfo(waited, &info);
		if (got < 0 || got == SIGCHLD)
			continue;
		*is_ended_r = true;
		/* a SIGHUP would have it read its configuration */
		if (got == SIGHUP || info.si_code != SI_KERNEL)
			kill(pid, got == SIGHUP ? SIGTERM : got);
	}
}

static enum td_status
run_daemon(struct tool *tool, struct err *err)
{
	static const int told[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP};
	const char *program = find_daemon(tool);
	char *words[] = {(char *)"tidingsd", (char *)"-f", (char *)"--once", (char *)"-c",
	    arena_strdup(tool->arena, tool->conf->path), NULL};
	sigset_t waited, before;
	bool is_ended = false;
	int wstatus = 0, rc;
	pid_t pid;

	fflush(stdout);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&waited);
	for (size_t i = 0; i < sizeof told / sizeof *told; i++)
		sigaddset(&waited, told[i]);
	sigprocmask(SIG_BLOCK, &waited, &before);
	rc = spawn(program, words, &before, &pid);
	if (rc == 0 && !wait_for(pid, &waited, &is_ended, &wstatus))
		return err_perm(err, "tidingsd is lost: %s", strerror(errno));
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (rc != 0)
		return err_perm(err, "%s: cannot be started: %s", program, strerror(rc));
	if (is_ended)
		return err_temp(err, "ended by a signal; what is left is done the next time");
	if (!WIFEXITED(wstatus) || WEXITSTATUS(wstatus) != 0)
		return err_temp(err, "not everything went well; the lines above say what");
	return TD_OK;
}

struct counts {
	int64_t sent, queued, failed, kept;
};

static enum td_status
count(struct tool *tool, struct counts *c, struct err *err)
{
	enum td_status status = outbox_count(tool->db, OUTBOX_SENT, &c->sent, err);

	if (status == TD_OK)
		status = outbox_count(tool->db, OUTBOX_QUEUED, &c->queued, err);
	if (status == TD_OK)
		status = outbox_count(tool->db, OUTBOX_FAILED, &c->failed, err);
	if (status == TD_OK)
		status = quarantine_count(tool->db, 0, &c->kept, err);
	return status;
}

static int
run(struct tool *tool, int argc, char **argv)
{
	static const struct show_column fields[] = {{"sent", "Sent now"}, {"queued", "Waiting"},
	    {"failed", "Failed"}, {"quarantined", "Kept aside now"}};
	struct counts before, after;
	enum td_status did;
	struct err err, trouble;
	int status = tool_options(tool, NULL, 0, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 1)
		return tool_misuse(tool, "once takes no words");
	if (tool_open_conf(tool, &err) != TD_OK)
		return tool_fail(&err);
	if (control_is_up(tool->conf->run_dir))
		return tool_failf("tidingsd runs and does this by itself; see: tidings status");
	if (tool_open_store(tool, DB_READ_ONLY, &err) != TD_OK ||
	    count(tool, &before, &err) != TD_OK)
		return tool_fail(&err);
	did = run_daemon(tool, &trouble);
	if (count(tool, &after, &err) != TD_OK)
		return tool_fail(&err);
	show_object(tool, json_pack("{s:I, s:I, s:I, s:I}", "sent",
	    (json_int_t)(after.sent - before.sent), "queued", (json_int_t)after.queued, "failed",
	    (json_int_t)after.failed, "quarantined", (json_int_t)(after.kept - before.kept)),
	    fields, 4);
	return did == TD_OK ? TOOL_OK : tool_fail(&trouble);
}

const struct command cmd_once = {"once", "fetch, process and send once, then end", "",
    "The daemon's work without the daemon: every mailbox is read, everything is processed, and\n"
    "what is due is sent. For cron, and for trying things out.\n",
    run};
