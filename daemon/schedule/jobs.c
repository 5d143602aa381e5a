/* SPDX-License-Identifier: ISC */
/* jobs: see jobs.h. Here: the round over what is due, and what all kinds share. */
#include "config.h"

#include "daemon/schedule/jobs.h"

#include <string.h>

#include "daemon/compose/reply_token.h"
#include "daemon/log.h"
#include "daemon/schedule/jobs-private.h"
#include "daemon/store/holiday.h"
#include "daemon/store/item.h"
#include "parsers/base/num.h"
#include "daemon/store/outbox.h"
#include "daemon/store/person.h"

#define SYNC_SECONDS 15
#define RETRY_SECONDS 3600
#define BATCH 100    /* rows taken at once */
#define ROUND_MAX 2000 /* jobs in one call: the caller's loop must go on */
#define HANDLERS_MAX 32

static struct {
	const char *kind;
	jobs_handler handler;
} handlers[HANDLERS_MAX];

static int64_t synced_at; /* 0: not since the start, or somebody changed something */

void
jobs_look_again(void)
{
	synced_at = 0;
}

void
jobs_register(const char *kind, jobs_handler handler)
{
	for (size_t i = 0; i < HANDLERS_MAX; i++) {
		if (handlers[i].kind == NULL || strcmp(handlers[i].kind, kind) == 0) {
			handlers[i].kind = kind;
			handlers[i].handler = handler;
			return;
		}
	}
}

static jobs_handler
handler_of(const char *kind)
{
	for (size_t i = 0; i < HANDLERS_MAX && handlers[i].kind != NULL; i++)
		if (strcmp(handlers[i].kind, kind) == 0)
			return handlers[i].handler;
	return NULL;
}

/* ---- what all kinds share ---- */

static enum td_status
load_absences(const struct job_context *c, const struct person *person,
    struct due_person *due)
{
	int64_t today = zone_local_day(due->zone, c->now);
	char from[CIVIL_TEXT], to[CIVIL_TEXT];
	struct due_absence *list;
	struct absence *absences;
	size_t n, kept = 0;
	enum td_status status;

	civil_format_day(today - 1, from);
	civil_format_day(today + 400, to);
	status = days_off_list(c->db, c->arena, person->id, from, to, &absences, &n, c->err);
	if (status != TD_OK)
		return status;
	list = arena_array(c->arena, n + 1, sizeof *list);
	for (size_t i = 0; i < n; i++) {
		struct due_absence *a = &list[kept];

		a->half_day = absences[i].half_day;
		kept += civil_parse_day(span_of(absences[i].first_day), &a->first_day) &&
		    civil_parse_day(span_of(absences[i].last_day), &a->last_day);
	}
	due->absences = list;
	due->n_absences = kept;
	return TD_OK;
}

enum td_status
job_person_load(const struct job_context *c, const struct person *person,
    struct job_person *person_r)
{
	const struct zone *zone;

	/* A zone or hours that this machine cannot read must not silence a person. */
	if (zone_get(person->zone, &zone, NULL) != TD_OK)
		zone = zone_utc();
	if (hours_parse(span_of(person->hours), &person_r->hours, NULL) != TD_OK) {
		enum td_status status =
		    hours_parse(SPAN("mon-fri 09:00-17:00"), &person_r->hours, c->err);

		if (status != TD_OK)
			return status;
	}
	person_r->due = (struct due_person){.zone = zone, .hours = &person_r->hours};
	return load_absences(c, person, &person_r->due);
}

int64_t
job_contact(const struct job_context *c, const struct job_person *person)
{
	int64_t at;

	return due_contact(&person->due, c->now, &at) ? at : c->now;
}

bool
job_reachable(const struct person *person)
{
	return person->address != NULL && person->removed_at == 0 &&
	    (person->delivery == NULL || strcmp(person->delivery, "hard") != 0);
}

enum td_status
job_reply_token(const struct job_context *c, int64_t team_id, enum token_about about,
    int64_t item_id, struct compose_common *common)
{
	const struct reply_token what = {.team_id = team_id,
	    .about = item_id != 0 ? TOKEN_ITEM : about, .id = item_id};

	return reply_token_set(c->db, c->arena, c->conf, &what, common, c->err);
}

enum td_status
job_reply_token_needed(const struct job_context *c, int64_t team_id, enum token_about about,
    struct compose_common *common)
{
	const struct reply_token what = {.team_id = team_id, .about = about, .is_needed = true};

	return reply_token_set(c->db, c->arena, c->conf, &what, common, c->err);
}

static enum thread_kind
thread_of(const char *kind)
{
	if (strcmp(kind, "prompt") == 0)
		return THREAD_PROMPT;
	return strcmp(kind, "invite") == 0 ? THREAD_INVITE : THREAD_DIGEST;
}

enum td_status
job_queue(const struct job_context *c, const char *kind, const char *key, int64_t team_id,
    int64_t person_id, const struct composed *mail, int64_t not_before)
{
	return job_queue_about(c, kind, key, team_id, person_id, 0, mail, not_before);
}

enum td_status
job_queue_about(const struct job_context *c, const char *kind, const char *key, int64_t team_id,
    int64_t person_id, int64_t item_id, const struct composed *mail, int64_t not_before)
{
	struct outbox row = {.dedupe_key = key, .kind = kind, .team_id = team_id,
	    .person_id = person_id, .sender = mail->sender, .rcpt = mail->rcpt, .mid = mail->mid,
	    .bytes = mail->bytes, .not_before = not_before, .next_try_at = not_before};
	const struct thread thread = {.mid = mail->mid, .team_id = team_id,
	    .person_id = person_id, .item_id = item_id,
	    .kind = item_id != 0 ? THREAD_ITEM : thread_of(kind), .created_at = c->now};
	bool added;
	enum td_status status = outbox_add(c->db, &row, c->now, &added, c->err);

	if (status != TD_OK || !added)
		return status;
	log_info("mail queued kind=%s out=%lld person=%lld mid=%s", kind, (long long)row.id,
	    (long long)person_id, log_value(mail->mid));
	return thread_add(c->db, &thread, c->err);
}

enum td_status
job_item_load(const struct job_context *c, int64_t id, struct compose_item *about, bool *found_r)
{
	struct item *item = NULL;
	struct person *owner = NULL;
	enum td_status status = item_by_id(c->db, c->arena, id, &item, c->err);

	*found_r = item != NULL;
	if (status != TD_OK || item == NULL)
		return status;
	if (item->n_owners > 0)
		status = person_by_id(c->db, c->arena, item->owners[0], &owner, c->err);
	*about = (struct compose_item){.number = item->number, .title = item->title,
	    .owner = owner != NULL ? owner->name : NULL,
	    .due = {item->due_at, item->due_day, item->due_zone}, .root_mid = item->root_mid};
	return status;
}

int64_t
job_number(const struct job *job)
{
	struct span key = span_of(job->dedupe_key);
	int64_t id = 0;

	return num_i64(span_skip(key, span_find_byte(key, ':') + 1), 1, INT64_MAX, &id) ? id : 0;
}

/* ---- rows that follow a setting ---- */

const struct job *
job_find(const struct job *jobs, size_t n, const char *kind, int64_t team_id, int64_t person_id)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(jobs[i].kind, kind) == 0 && jobs[i].team_id == team_id &&
		    jobs[i].person_id == person_id)
			return &jobs[i];
	return NULL;
}

enum td_status
job_from_ahead(const struct job_context *c, const struct job **old)
{
	const struct job *row = *old;

	if (row == NULL || row->last_run_at <= c->now + 2 * CIVIL_DAY)
		return TD_OK;
	*old = NULL;
	return job_remove(c->db, row->dedupe_key, c->err);
}

enum td_status
job_keep(const struct job_context *c, const struct job *row, const struct job *old,
    const struct due *due)
{
	struct job job = *row;

	if (due == NULL)
		return old != NULL ? job_remove(c->db, row->dedupe_key, c->err) : TD_OK;
	if (old != NULL && old->due_at == due->at)
		return TD_OK;
	/* One that failed waits for its next try. */
	if (old != NULL && due->late && old->due_at > c->now && old->due_at > due->at &&
	    old->due_at <= c->now + RETRY_SECONDS)
		return TD_OK;
	job.due_at = due->at;
	return job_set(c->db, &job, c->err);
}

/* ---- the round ---- */

static enum td_status
run_other(const struct job_context *c, const struct job *job)
{
	jobs_handler handler = handler_of(job->kind);
	int64_t next = c->now + RETRY_SECONDS;
	enum td_status status;

	if (handler != NULL) {
		next = 0;
		status = handler(c->db, c->conf, job, c->now, c->arena, &next, c->err);
		if (status != TD_OK)
			return status;
	}
	return job_ran(c->db, job->id, c->now, next, c->err);
}

static const struct {
	const char *kind;
	enum td_status (*run)(const struct job_context *c, const struct job *job);
} kinds[] = {
    {"digest", job_digest_run}, {"quarantine-summary", job_quarantine_run},
    {"handover", job_handover_run}, {"page", job_page_run}, {"prompt", job_prompt_run},
    {"remind", job_remind_run},
    {"sheet", job_sheet_run}, {"sheets", job_sheets_run}, {"timer", job_timer_run},
    {"role", job_role_run}, {"week", job_week_run},
    {"welcome", job_welcome_run},
};

static enum td_status
run_one(const struct job_context *c, const struct job *job)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(job->kind, kinds[i].kind) == 0)
			return kinds[i].run(c, job);
	return run_other(c, job);
}

/* Its own transaction. A job that cannot be done is put off, so that it holds up no other. */
static enum td_status
run_in_transaction(const struct job_context *c, const struct job *job)
{
	enum td_status status = db_begin(c->db, c->err);

	if (status != TD_OK)
		return status;
	status = run_one(c, job);
	if (status == TD_OK)
		status = db_commit(c->db, c->err);
	if (status == TD_OK)
		return TD_OK;
	db_rollback(c->db);
	if (status == TD_TEMP)
		return status;
	log_error("job %s failed: %s", log_value(job->dedupe_key), c->err->text);
	if (job_ran(c->db, job->id, job->last_run_at, c->now + RETRY_SECONDS, NULL) != TD_OK)
		return TD_TEMP;
	return TD_PERM;
}

static enum td_status
run_due(const struct job_context *c)
{
	struct arena *list = arena_create();
	enum td_status status = TD_OK, worst = TD_OK;
	struct job *jobs;
	size_t n = 1;

	for (size_t done = 0; status == TD_OK && n > 0 && done < ROUND_MAX; done += n) {
		arena_clear(list);
		n = 0;
		status = job_due(c->db, list, c->now, BATCH, &jobs, &n, c->err);
		for (size_t i = 0; status == TD_OK && i < n; i++) {
			arena_clear(c->arena);
			status = run_in_transaction(c, &jobs[i]);
			if (status == TD_PERM) {
				worst = TD_PERM;
				status = TD_OK;
			}
		}
	}
	arena_destroy(&list);
	return status == TD_OK ? worst : status;
}

enum td_status
jobs_sync(struct db *db, const struct conf *conf, int64_t now, struct err *err)
{
	struct err own;
	struct job_context c = {db, conf, now, arena_create(), err != NULL ? err : &own};
	enum td_status status = job_digest_sync(&c);

	if (status == TD_OK) {
		arena_clear(c.arena);
		status = job_prompt_sync(&c);
	}
	if (status == TD_OK) {
		arena_clear(c.arena);
		status = job_invite_sync(&c);
	}
	arena_destroy(&c.arena);
	return status;
}

enum td_status
jobs_next_due(struct db *db, int64_t *at_r, bool *found_r, struct err *err)
{
	return job_next(db, at_r, found_r, err);
}

enum td_status
jobs_run(struct db *db, const struct conf *conf, int64_t now, int64_t *next_due_r,
    struct err *err)
{
	struct err own;
	struct job_context c = {db, conf, now, NULL, err != NULL ? err : &own};
	enum td_status status = TD_OK, next_status;
	bool found = false;
	int64_t next = 0;

	if (synced_at == 0 || now < synced_at || now >= synced_at + SYNC_SECONDS) {
		status = jobs_sync(db, conf, now, c.err);
		if (status == TD_TEMP)
			return status;
		synced_at = now;
	}
	c.arena = arena_create();
	if (status == TD_OK)
		status = run_due(&c);
	arena_destroy(&c.arena);
	if (status == TD_TEMP)
		return status;
	next_status = jobs_next_due(db, &next, &found, status == TD_OK ? c.err : NULL);
	if (next_status != TD_OK)
		return next_status;
	*next_due_r = found ? next : 0;
	return status;
}
