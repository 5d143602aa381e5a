/* SPDX-License-Identifier: ISC */
/*
 * copies: a mail that came before, by its key. Each mail has its effect once in each team, whatever
 * number of copies come and in whatever order: a copy acts where it may do more than those before
 * it did. A list's copy that was noted, one that was held or kept aside stand in the way of no
 * authenticated one; nobody can use a mail up by sending a copy of it first.
 *
 * The better copy takes the row of the one before over, and with it what waited: no "yes" and no
 * release applies it again. A team that the first copy did not name has a row of its own, KEY:TEAM.
 */
#include "config.h"

#include "daemon/intake/intake-private.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/store/quarantine.h"

/* How much came of a copy; the verdicts in the order of their worth. */
enum worth { NOTED, KEPT, WAITS, DONE };

struct copy {
	struct message *row;
	struct admission adm; /* what its stored reading may do today */
	bool is_erased;       /* with its sender: it stays done with */
	enum worth worth;
};

static enum worth
verdict_worth(enum admit_verdict verdict)
{
	switch (verdict) {
	case ADMIT_APPLY:
		break;
	case ADMIT_HOLD:
		return WAITS;
	case ADMIT_QUARANTINE:
		return KEPT;
	case ADMIT_IGNORE:
		return NOTED;
	}
	return DONE;
}

static enum worth
row_worth(const struct message *row)
{
	if (strcmp(row->outcome, "ignored") == 0)
		return NOTED;
	if (strcmp(row->outcome, "held") == 0)
		return WAITS;
	if (strcmp(row->outcome, "quarantined") == 0 ||
	    (row->why != NULL && strcmp(row->why, WORK_TOO_LARGE) == 0))
		return KEPT;
	return DONE;
}

/* What somebody dropped comes back by a copy that can do more by itself, not by the same one read
 * again after the rules changed. */
static enum td_status
weigh(const struct work *w, struct copy *copy, struct err *err)
{
	enum worth today = verdict_worth(copy->adm.verdict);
	bool dropped = false;
	enum td_status status = message_was_dropped(w->db, copy->row->id, &dropped, err);

	copy->worth = row_worth(copy->row);
	if (dropped && today > copy->worth)
		copy->worth = today;
	return status;
}

static enum td_status
load_copy(const struct work *w, int64_t id, struct copy *copy_r, struct err *err)
{
	struct reading *reading = NULL;
	struct work then = {.db = w->db, .conf = w->conf, .arena = w->arena, .now = w->now};
	enum td_status status = message_by_id(w->db, w->arena, id, &copy_r->row, err);

	copy_r->is_erased = status == TD_OK && strcmp(copy_r->row->reading, "{}") == 0;
	if (status != TD_OK || copy_r->is_erased)
		return status;
	status = reading_from_json(w->arena, span_of(copy_r->row->reading), &reading, err);
	then.reading = reading;
	then.arrival = copy_r->row->received_at;
	if (status == TD_OK)
		status = work_admit(&then, err);
	copy_r->adm = then.adm;
	return status == TD_OK ? weigh(w, copy_r, err) : status;
}

static bool
names(const struct admission *adm, const struct team *team)
{
	for (size_t i = 0; i < adm->n_teams; i++)
		if (adm->teams[i].team->id == team->id)
			return true;
	for (size_t i = 0; i < adm->n_strange; i++)
		if (adm->strange[i]->id == team->id)
			return true;
	return false;
}

/* A calendar's answer is noted first and may act then, if its sender is authenticated. */
static bool
is_better(const struct work *w, const struct copy *copy)
{
	enum worth worth = verdict_worth(w->adm.verdict);

	if (w->too_large > 0 || (w->form != NULL && copy->worth == KEPT))
		return false;
	if (worth == NOTED)
		return copy->worth == NOTED && w->adm.level > copy->row->trust;
	return worth > copy->worth;
}

/* What waits for other teams than these goes on waiting. */
static bool
covers(const struct work *w, const struct copy *copy)
{
	for (size_t i = 0; copy->worth > NOTED && i < copy->adm.n_teams; i++)
		if (!names(&w->adm, copy->adm.teams[i].team))
			return false;
	return true;
}

static const char *
team_key(const struct work *w, const char *key, const struct team *team)
{
	return arena_printf(w->arena, "%s:%" PRId64, key, team->id);
}

static enum td_status
take_over(struct work *w, const struct message *row, const struct thread *confirm,
    struct intake_result *result_r, struct err *err)
{
	enum td_status status = held_end(w->db, row->id, "released", err);

	if (status == TD_OK)
		status = quarantine_settle(w->db, row->id, err);
	w->row_id = row->id;
	if (status == TD_OK)
		status = work_write(w, err);
	return status == TD_OK ? work_act(w, confirm, result_r, err) : status;
}

/* One team: by a row of its own, or by that of the copy that had one. */
static enum td_status
take_in_team(struct work *w, struct admit_team *team, const struct copy *first,
    struct intake_result *result_r, struct err *err)
{
	struct copy own = {.row = NULL};
	int64_t id = 0;
	enum td_status status;

	w->copy_key = team_key(w, w->reading->message.key, team->team);
	status = message_id_by_key(w->db, w->copy_key, &id, err);
	if (status == TD_OK && id != 0)
		status = load_copy(w, id, &own, err);
	if (status != TD_OK || own.is_erased || (id != 0 && !is_better(w, &own)))
		return status;
	if (id == 0 && names(&first->adm, team->team) && !is_better(w, first))
		return TD_OK;
	w->adm.teams = team;
	w->adm.n_teams = 1;
	w->row_id = 0;
	if (id != 0)
		return take_over(w, own.row, NULL, result_r, err);
	status = work_write(w, err);
	return status == TD_OK ? work_act(w, NULL, result_r, err) : status;
}

/* Those for which there is no row of their own come first in teams; gives their number. */
static enum td_status
sort_teams(struct work *w, const char *key, struct admit_team *teams, size_t n, size_t *n_r,
    struct err *err)
{
	enum td_status status = TD_OK;

	*n_r = 0;
	for (size_t i = 0; status == TD_OK && i < n; i++) {
		struct admit_team team = teams[i];
		int64_t id = 0;

		status = message_id_by_key(w->db, team_key(w, key, team.team), &id, err);
		if (status != TD_OK || id != 0)
			continue;
		teams[i] = teams[*n_r];
		teams[(*n_r)++] = team;
	}
	return status;
}

enum td_status
copies_take(struct work *w, int64_t first_id, struct intake_result *result_r, struct err *err)
{
	struct thread *confirm = NULL;
	struct copy first = {.row = NULL};
	struct admission all;
	bool acts, takes;
	size_t done = 0;
	enum td_status status = work_admit(w, err);

	*result_r = (struct intake_result){INTAKE_DUPLICATE, "known by its key", first_id};
	if (status == TD_OK)
		status = load_copy(w, first_id, &first, err);
	if (status == TD_OK)
		status = work_find_confirm(w, &confirm, err);
	if (status != TD_OK || w->too_large > 0 || first.is_erased)
		return status;
	all = w->adm;
	acts = confirm == NULL && (all.verdict == ADMIT_APPLY || all.verdict == ADMIT_HOLD);
	takes = is_better(w, &first) && (confirm != NULL || covers(w, &first));
	if (takes && acts) {
		status = sort_teams(w, w->reading->message.key, all.teams, all.n_teams, &done, err);
		w->adm.n_teams = done;
	}
	if (status == TD_OK && takes && (!acts || done > 0))
		status = take_over(w, first.row, confirm, result_r, err);
	if (!acts)
		return status;
	for (size_t i = done; status == TD_OK && i < all.n_teams; i++) {
		w->adm = all;
		w->adm.n_strange = 0; /* said with the first */
		status = take_in_team(w, &all.teams[i], &first, result_r, err);
	}
	return status;
}

enum td_status
copies_leave(struct work *w, struct err *err)
{
	const char *colon = strchr(w->row.key, ':');

	if (colon == NULL)
		return sort_teams(w, w->row.key, w->adm.teams, w->adm.n_teams, &w->adm.n_teams,
		    err);
	for (size_t i = 0; i < w->adm.n_teams; i++)
		if (strcmp(w->row.key, team_key(w, arena_strndup(w->arena, w->row.key,
		    (size_t)(colon - w->row.key)), w->adm.teams[i].team)) == 0) {
			w->adm.teams += i;
			w->adm.n_teams = 1;
			w->adm.n_strange = 0;
			return TD_OK;
		}
	return err_perm(err, "it is for a team that its sender is no member of");
}
