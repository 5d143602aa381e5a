/* SPDX-License-Identifier: ISC */
/* cmd_status: how it goes: daemon, mailboxes, outbox, quarantine, what comes next. Exit 1 if
 * something needs a person. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "parsers/base/zone.h"
#include "daemon/clock.h"
#include "daemon/control/client.h"
#include "daemon/control/show.h"
#include "daemon/store/job.h"
#include "daemon/store/mailbox.h"
#include "daemon/store/message.h"
#include "daemon/store/outbox.h"
#include "daemon/store/person.h"
#include "daemon/store/quarantine.h"
#include "daemon/store/team.h"

#define LATE 900 /* seconds without a good look at a mailbox (and ten polls) are too many */

struct status {
	struct tool *tool;
	json_t *all;
	json_t *needs; /* what needs a person, a sentence each */
	json_t *next; /* what is due, as people read it */
	json_t *daemon; /* its answer; NULL when it does not run */
	int64_t now;
};

static void
need(struct status *s, const char *text)
{
	json_array_append_new(s->needs, show_text(s->tool, text));
}

static void
look_at_daemon(struct status *s)
{
	struct err err;
	const char *paused, *out;
	json_t *account;
	size_t i;

	if (control_ask(s->tool->conf->run_dir, "status", &s->daemon,
	    &err) != TD_OK) {
		need(s, err.text);
		json_object_set_new(s->all, "daemon", json_null());
		return;
	}
	json_object_set(s->all, "daemon", s->daemon);
	s->now = json_integer_value(json_object_get(s->daemon, "now"));
	paused = json_string_value(json_object_get(s->daemon, "paused"));
	if (paused != NULL)
		need(s, paused);
	out = json_string_value(json_object_get(s->daemon, "transport_trouble"));
	if (out != NULL && s->tool->conf->n_transports > 0)
		need(s, arena_printf(s->tool->arena, "transport %s: %s; mail waits and is tried "
		    "again", s->tool->conf->transports[0].name, out));
	json_array_foreach (json_object_get(s->daemon, "accounts"), i, account) {
		const char *trouble = json_string_value(json_object_get(account, "trouble"));

		if (trouble != NULL)
			need(s, arena_printf(s->tool->arena, "account %s of %s: %s",
			    json_string_value(json_object_get(account, "login")),
			    json_string_value(json_object_get(account, "name")), trouble));
	}
}

/* What the running daemon says of a mailbox now; NULL when it says nothing. */
static json_t *
box_of(const struct status *s, const char *name)
{
	size_t i;
	json_t *box;

	json_array_foreach (json_object_get(s->daemon, "mailboxes"), i, box) {
		const char *is = json_string_value(json_object_get(box, "name"));

		if (is != NULL && strcmp(is, name) == 0)
			return box;
	}
	return NULL;
}

/* When it is tried again, and how to have that at once; "" where nobody can say. */
static const char *
next_try(const struct status *s, const json_t *box)
{
	const json_t *in = json_object_get(box, "next_try_seconds");
	json_int_t seconds = json_integer_value(in);

	if (!json_is_integer(in))
		return "";
	return arena_printf(s->tool->arena, " (next try in %" JSON_INTEGER_FORMAT "%s; at once "
	    "with: kill -HUP %" JSON_INTEGER_FORMAT ")", seconds < 120 ? seconds : seconds / 60,
	    seconds < 120 ? " s" : " min", json_integer_value(json_object_get(s->daemon, "pid")));
}

static const struct mailbox *
row_of(const struct mailbox *rows, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	return NULL;
}

static int64_t
patience_with(const struct conf_mailbox *conf)
{
	int64_t patience = (int64_t)conf->poll * 10;

	if (conf->idle && patience < (int64_t)conf->recheck * 3)
		patience = (int64_t)conf->recheck * 3;
	return patience > LATE ? patience : LATE;
}

static void
add_mailbox(struct status *s, json_t *list, const struct conf_mailbox *conf,
    const struct mailbox *row)
{
	const json_t *box = box_of(s, conf->name);
	const char *trouble = json_string_value(json_object_get(box, "trouble"));
	const char *waits = json_string_value(json_object_get(box, "waits"));
	int64_t ok_at = row != NULL ? row->last_ok_at : 0;
	bool late = s->daemon != NULL && ok_at != 0 && s->now - ok_at > patience_with(conf);

	if (trouble == NULL && row != NULL && row->failures > 0)
		trouble = row->last_error;
	json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:O?}", "name",
	    conf->name, "state",
	    trouble != NULL ? "trouble" : late ? "late" : ok_at != 0 ? "ok" : "never read",
	    "last_ok", show_time(s->tool, ok_at), "lag_seconds",
	    ok_at != 0 ? json_integer(s->now - ok_at) : json_null(), "error",
	    show_text(s->tool, trouble), "waits", show_text(s->tool, waits), "next_try_seconds",
	    json_object_get(box, "next_try_seconds")));
	if (trouble != NULL)
		need(s, arena_printf(s->tool->arena, "mailbox %s: %s%s", conf->name, trouble,
		    next_try(s, box)));
	else if (late)
		need(s, arena_printf(s->tool->arena, "mailbox %s: no good look at it since %s",
		    conf->name, tool_rfc3339(s->tool, ok_at, NULL)));
}

static enum td_status
look_at_mailboxes(struct status *s, struct err *err)
{
	const struct conf *conf = s->tool->conf;
	json_t *list = json_array();
	struct mailbox *rows;
	size_t n;

	json_object_set_new(s->all, "mailboxes", list);
	if (mailbox_list(s->tool->db, s->tool->arena, &rows, &n, err) != TD_OK)
		return TD_PERM;
	for (size_t i = 0; i < conf->n_mailboxes; i++)
		add_mailbox(s, list, &conf->mailboxes[i], row_of(rows, n, conf->mailboxes[i].name));
	return TD_OK;
}

static enum td_status
look_at_outbox(struct status *s, struct err *err)
{
	static const enum outbox_state states[] = {OUTBOX_QUEUED, OUTBOX_SENDING, OUTBOX_SENT,
	    OUTBOX_FAILED, OUTBOX_UNKNOWN};
	json_t *counts = json_object();
	int64_t n[5] = {0}, lost = 0;

	json_object_set_new(s->all, "outbox", counts);
	for (size_t i = 0; i < 5; i++) {
		if (outbox_count(s->tool->db, states[i], &n[i], err) != TD_OK)
			return TD_PERM;
		json_object_set_new(counts, outbox_state_name(states[i]), json_integer(n[i]));
	}
	if (n[OUTBOX_FAILED] > 0)
		need(s, arena_printf(s->tool->arena, "%" PRId64 " mails could not be sent; see: "
		    "tidings outbox list --state failed", n[OUTBOX_FAILED]));
	if (outbox_count_lost(s->tool->db, &lost, err) != TD_OK)
		return TD_PERM;
	if (lost > 0)
		need(s, arena_printf(s->tool->arena, "%" PRId64 " mails may have arrived or not, "
		    "twice; to send one again: tidings outbox retry ID; see: tidings outbox list "
		    "--state unknown", lost));
	return TD_OK;
}

/* "2026-11-23 08:30 (Asia/Tokyo)": the due time as those it is for read it. */
static const char *
due_text(const struct status *s, const struct job *job, const char *zone_text)
{
	const struct zone *zone;
	struct civil local;
	char day[CIVIL_TEXT];

	if (zone_get(zone_text, &zone, NULL) != TD_OK)
		zone = zone_utc();
	zone_to_local(zone, job->due_at, &local);
	civil_format_day(zone_local_day(zone, job->due_at), day);
	return arena_printf(s->tool->arena, "%s %02d:%02d (%s)", day, local.hour, local.minute,
	    zone_name(zone));
}

/* A job has a person, a team or both; one of a team alone is for its leads. */
static enum td_status
add_job(struct status *s, json_t *list, const struct job *job, struct err *err)
{
	struct tool *tool = s->tool;
	struct person *person = NULL;
	struct team *team = NULL;
	const char *zone = "UTC", *local, *who;
	enum td_status status = TD_OK;

	if (job->person_id != 0)
		status = person_by_id(tool->db, tool->arena, job->person_id, &person, err);
	if (status == TD_OK && job->team_id != 0)
		status = team_by_id(tool->db, tool->arena, job->team_id, &team, err);
	if (status != TD_OK)
		return status;
	if (person != NULL || team != NULL)
		zone = person != NULL ? person->zone : team->zone;
	local = tool_rfc3339(tool, job->due_at, zone);
	json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "what",
	    job->dedupe_key, "kind", job->kind, "person",
	    show_text(tool, person != NULL ? person->handle : NULL), "name",
	    show_text(tool, person != NULL ? person->name : NULL), "team",
	    show_text(tool, team != NULL ? team->name : NULL), "due",
	    show_time(tool, job->due_at), "due_local", show_text(tool, local), "zone",
	    show_text(tool, zone)));
	who = person != NULL ? person->name : team != NULL ? "the leads" : NULL;
	json_array_append_new(s->next, json_pack("{s:s, s:o, s:o, s:s}", "kind", job->kind, "who",
	    show_text(tool, who), "team", show_text(tool, team != NULL ? team->name : NULL),
	    "due", due_text(s, job, zone)));
	return TD_OK;
}

static enum td_status
look_at_rest(struct status *s, struct err *err)
{
	enum td_status status = TD_OK;
	struct job *jobs;
	json_t *next = json_array();
	int64_t kept, held;
	size_t n;

	json_object_set_new(s->all, "next", next);
	if (quarantine_count(s->tool->db, 0, &kept, err) != TD_OK ||
	    held_count(s->tool->db, &held, err) != TD_OK ||
	    job_list(s->tool->db, s->tool->arena, &jobs, &n, err) != TD_OK)
		return TD_PERM;
	json_object_set_new(s->all, "quarantine", json_integer(kept));
	json_object_set_new(s->all, "held", json_integer(held));
	for (size_t i = 0; status == TD_OK && i < n; i++)
		status = add_job(s, next, &jobs[i], err);
	return status;
}

/* ---- for people ----------------------------------------------------------------------------- */

static void
put_daemon(const struct status *s)
{
	static const char *const keys[] = {"applied", "quarantined", "sending"};
	const char *slow;

	if (s->daemon == NULL) {
		puts("tidingsd does not run.");
		return;
	}
	printf("tidingsd runs (pid %" JSON_INTEGER_FORMAT ")",
	    json_integer_value(json_object_get(s->daemon, "pid")));
	for (size_t i = 0; i < 3; i++)
		printf(", %s %" JSON_INTEGER_FORMAT, keys[i],
		    json_integer_value(json_object_get(s->daemon, keys[i])));
	puts(".");
	slow = json_string_value(json_object_get(s->daemon, "slow"));
	if (slow != NULL)
		printf("Reading is slow: %s.\n", slow);
}

static void
put_counts(const struct status *s)
{
	const json_t *counts = json_object_get(s->all, "outbox");
	static const char *const names[] = {"queued", "sending", "sent", "failed", "unknown"};

	fputs("Outbox:    ", stdout);
	for (size_t i = 0; i < 5; i++)
		printf("%s%" JSON_INTEGER_FORMAT " %s", i > 0 ? ", " : "",
		    json_integer_value(json_object_get(counts, names[i])), names[i]);
	printf("\nQuarantine: %" JSON_INTEGER_FORMAT "\n",
	    json_integer_value(json_object_get(s->all, "quarantine")));
	printf("Held for their sender's answer: %" JSON_INTEGER_FORMAT "\n",
	    json_integer_value(json_object_get(s->all, "held")));
}

static void
put_status(struct status *s)
{
	static const struct show_column boxes[] = {{"name", "MAILBOX"}, {"state", "STATE"},
	    {"waits", "NEW MAIL BY"}, {"last_ok", "LAST GOOD LOOK"}, {"error", "ERROR"}};
	static const struct show_column workers[] = {{"role", "WORKER"}, {"pid", "PID"},
	    {"ready", "READY"}, {"deaths", "DEATHS"}};
	static const struct show_column next[] = {{"kind", "NEXT"}, {"who", "FOR"},
	    {"team", "TEAM"}, {"due", "DUE"}};
	size_t i;
	json_t *text;

	put_daemon(s);
	if (s->daemon != NULL)
		show_list(s->tool, json_incref(json_object_get(s->daemon, "workers")), workers, 4,
		    "");
	show_list(s->tool, json_incref(json_object_get(s->all, "mailboxes")), boxes, 5,
	    "No mailbox is configured.");
	put_counts(s);
	show_list(s->tool, json_incref(s->next), next, 4,
	    "Nothing is planned.");
	json_array_foreach (s->needs, i, text)
		show_result(s->tool, false, "needs you", json_string_value(text));
}

static int
run(struct tool *tool, int argc, char **argv)
{
	struct status s = {.tool = tool, .now = clock_now()};
	struct err err;
	enum td_status did;
	int status = tool_options(tool, NULL, 0, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 1)
		return tool_misuse(tool, "status takes no words");
	if (tool_open_store(tool, DB_READ_ONLY, &err) != TD_OK)
		return tool_fail(&err);
	s.all = json_object();
	s.needs = json_array();
	s.next = json_array();
	look_at_daemon(&s);
	did = look_at_mailboxes(&s, &err);
	if (did == TD_OK)
		did = look_at_outbox(&s, &err);
	if (did == TD_OK)
		did = look_at_rest(&s, &err);
	json_object_set(s.all, "needs", s.needs);
	if (did == TD_OK && tool->json)
		show_object(tool, json_incref(s.all), NULL, 0);
	else if (did == TD_OK)
		put_status(&s);
	status = did != TD_OK                   ? tool_fail(&err)
		 : json_array_size(s.needs) > 0 ? TOOL_FAILED
						: TOOL_OK;
	json_decref(s.needs);
	json_decref(s.next);
	json_decref(s.daemon);
	json_decref(s.all);
	return status;
}

const struct command cmd_status = {"status", "show how it goes", "",
    "Shows the daemon, mailboxes, outbox, quarantine, held mail and what is due next. Exit 1 if\n"
    "something needs a person.\n",
    run};
