/* SPDX-License-Identifier: ISC */
/* cmd_once: the daemon's work without the daemon: tidingsd --once, and what came of it. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
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

static enum td_status
run_daemon(struct tool *tool, struct err *err)
{
	const char *program = find_daemon(tool);
	char *words[] = {(char *)"tidingsd", (char *)"-f", (char *)"--once", (char *)"-c",
	    arena_strdup(tool->arena, tool->conf->path), NULL};
	int wstatus = 0, rc;
	pid_t pid;

	fflush(stdout);
	rc = posix_spawn(&pid, program, NULL, NULL, words, environ);
	if (rc != 0)
		return err_perm(err, "%s: cannot be started: %s", program, strerror(rc));
	while (waitpid(pid, &wstatus, 0) < 0)
		if (errno != EINTR)
			return err_perm(err, "tidingsd is lost: %s", strerror(errno));
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
