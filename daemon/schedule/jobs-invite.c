/* SPDX-License-Identifier: ISC */
/*
 * jobs-invite: the core-hours series of each team, brought to what its members were sent. One
 * REQUEST a person; when hours or zone change the meeting's SEQUENCE rises and each gets a new
 * one; who is off on some of its days gets it without them, each change with a SEQUENCE of their
 * own; who leaves gets a CANCEL with the SEQUENCE after the last that they saw, also who was
 * removed altogether. Who comes to a meeting that others left begins above those: it may be the
 * same mailbox, and its calendar would take a new invite for an old one.
 */
#include "config.h"

#include "daemon/schedule/jobs-private.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/compose/gather.h"
#include "daemon/compose/ics.h"
#include "daemon/log.h"
#include "daemon/store/meeting.h"
#include "daemon/store/person.h"
#include "daemon/store/setting.h"
#include "daemon/store/team.h"
#include "parsers/base/num.h"

struct series {
	const struct job_context *c;
	const struct team *team;
	struct meeting *meeting;
	struct attendee *attendees;
	size_t n_attendees;
	struct member *members;
	size_t n_members;
};

/* ---- one mail ---- */

static enum td_status
write_ics(const struct series *s, const struct compose_common *common,
    const struct compose_invite *invite, uint32_t sequence, const struct job_days *left_out,
    struct span *ics_r)
{
	const struct job_context *c = s->c;
	struct ics_series series = {.cancel = invite->cancel, .uid = s->meeting->uid,
	    .sequence = sequence, .dtstamp = c->now, .organizer = s->team->address,
	    .organizer_name = s->team->title, .attendee = common->to.address,
	    .attendee_name = common->to.name, .zone = s->meeting->zone,
	    .left_out = left_out->days, .n_left_out = left_out->n};
	struct hours hours;
	struct buf out;
	enum td_status status = hours_parse(span_of(s->meeting->rule), &hours, c->err);

	if (status != TD_OK)
		return status;
	series.hours = &hours;
	if (!civil_parse_day(span_of(s->meeting->first_day), &series.first_day))
		return err_perm(c->err, "core hours of %s: the first day is no date",
		    s->team->name);
	compose_invite_texts(c->arena, common, invite, &series.summary, &series.description);
	buf_init(&out, ICS_MAX);
	status = ics_series(&series, &out, c->err);
	if (status == TD_OK)
		*ics_r = (struct span){arena_span(c->arena, buf_span(&out)), out.len};
	buf_release(&out);
	return status;
}

static enum td_status
send_invite(const struct series *s, const struct person *person, uint32_t sequence,
    struct compose_invite invite, const struct job_days *left_out)
{
	const struct job_context *c = s->c;
	struct compose_common common = {.templates = c->conf->templates};
	struct job_person loaded;
	struct composed mail;
	enum td_status status;

	invite.rule = s->meeting->rule;
	invite.zone = s->meeting->zone;
	invite.first_day = s->meeting->first_day;
	gather_fill(s->team, person, c->now, &common);
	if ((status = job_person_load(c, person, &loaded)) != TD_OK ||
	    (status = write_ics(s, &common, &invite, sequence, left_out, &invite.ics)) != TD_OK ||
	    (status = compose_invite(c->arena, &common, &invite, &mail, c->err)) != TD_OK)
		return status;
	return job_queue(c, "invite",
	    arena_printf(c->arena, "invite:%s:%" PRId64 ":%u", s->meeting->uid, person->id,
	        (unsigned)sequence),
	    s->team->id, person->id, &mail, job_contact(c, &loaded));
}

/* ---- who left ---- */

static const char *
left_name(const struct series *s)
{
	return arena_printf(s->c->arena, "core-left:%" PRId64, s->meeting->id);
}

/* The highest SEQUENCE of the CANCELs to those who left; -1 where nobody did. */
static enum td_status
left_sequence(const struct series *s, int64_t *sequence_r)
{
	const char *value;
	enum td_status status =
	    setting_get(s->c->db, s->c->arena, left_name(s), &value, s->c->err);

	if (status != TD_OK)
		return status;
	if (value == NULL || !num_i64(span_of(value), 0, UINT32_MAX - 1, sequence_r))
		*sequence_r = -1;
	return TD_OK;
}

static enum td_status
note_left(const struct series *s, int64_t sequence)
{
	int64_t before = -1;
	enum td_status status = left_sequence(s, &before);

	if (status != TD_OK || before >= sequence)
		return status;
	return setting_set(s->c->db, left_name(s),
	    arena_printf(s->c->arena, "%" PRId64, sequence), s->c->err);
}

/* To the person's address; to the last one of a person who was removed altogether. */
static enum td_status
cancel_for(const struct series *s, const struct attendee *attendee)
{
	const struct job_context *c = s->c;
	int64_t sequence = attendee->sent_sequence + 1;
	struct person *person;
	enum td_status status =
	    person_by_id(c->db, c->arena, attendee->person_id, &person, c->err);

	if (sequence < s->meeting->sequence)
		sequence = s->meeting->sequence;
	if (status == TD_OK && person != NULL && attendee->sent_sequence >= 0) {
		if (!job_reachable(person))
			person->address = attendee->last_address;
		if (person->address != NULL)
			status = send_invite(s, person, (uint32_t)sequence,
			    (struct compose_invite){.cancel = true, .is_update = true},
			    &(struct job_days){.n = 0});
	}
	if (status == TD_OK)
		status = note_left(s, sequence);
	if (status != TD_OK)
		return status;
	return attendee_remove(c->db, s->meeting->id, attendee->person_id, c->err);
}

static const struct member *
find_member(const struct series *s, int64_t person_id)
{
	for (size_t i = 0; i < s->n_members; i++)
		if (s->members[i].person.id == person_id && s->members[i].role != ROLE_GUEST)
			return &s->members[i];
	return NULL;
}

static enum td_status
cancel_leavers(const struct series *s, bool all)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < s->n_attendees; i++)
		if (all || find_member(s, s->attendees[i].person_id) == NULL)
			status = cancel_for(s, &s->attendees[i]);
	return status;
}

/* ---- who is there ---- */

static const struct attendee *
find_attendee(const struct series *s, int64_t person_id)
{
	for (size_t i = 0; i < s->n_attendees; i++)
		if (s->attendees[i].person_id == person_id)
			return &s->attendees[i];
	return NULL;
}

/* The days that leave the person out, and today in the zone of the meeting. */
static enum td_status
find_left_out(const struct series *s, const struct person *person, struct job_days *days_r,
    int64_t *today_r)
{
	const struct job_context *c = s->c;
	struct hours hours;
	struct job_series series = {.hours = &hours};
	enum td_status status = hours_parse(span_of(s->meeting->rule), &hours, c->err);

	if (status == TD_OK)
		status = zone_get(s->meeting->zone, &series.zone, c->err);
	if (status != TD_OK)
		return status;
	*today_r = zone_local_day(series.zone, c->now);
	if (!civil_parse_day(span_of(s->meeting->first_day), &series.first_day))
		series.first_day = *today_r;
	return job_left_out(c, person, &series, days_r);
}

/* Those to come, for people. */
static void
show_left_out(const struct job_context *c, const struct job_days *days, int64_t today,
    struct compose_invite *invite)
{
	invite->left_out = arena_array(c->arena, days->n + 1, sizeof *invite->left_out);
	for (size_t i = 0; i < days->n; i++) {
		char text[CIVIL_TEXT];

		if (days->days[i] < today)
			continue;
		civil_format_day(days->days[i], text);
		invite->left_out[invite->n_left_out++] = arena_strdup(c->arena, text);
	}
}

static enum td_status
invite_member(const struct series *s, const struct person *person)
{
	const struct job_context *c = s->c;
	const struct attendee *attendee = find_attendee(s, person->id);
	int64_t sent = attendee != NULL ? attendee->sent_sequence : -1, left = -1, today = 0;
	int64_t sequence = s->meeting->sequence;
	struct compose_invite invite = {.is_update = sent >= 0};
	struct job_days days;
	enum td_status status;

	if (!job_reachable(person))
		return TD_OK;
	status = find_left_out(s, person, &days, &today);
	if (status != TD_OK)
		return status;
	if (sent >= sequence) {
		if (!job_left_out_differs(attendee->left_out, days.text, today))
			return TD_OK;
		invite.days_only = true;
		sequence = sent + 1;
	}
	status = left_sequence(s, &left);
	if (status != TD_OK)
		return status;
	if (sent < 0 && left >= sequence)
		sequence = left + 1;
	show_left_out(c, &days, today, &invite);
	status = send_invite(s, person, (uint32_t)sequence, invite, &days);
	if (status != TD_OK)
		return status;
	return attendee_sent(c->db, s->meeting->id, person->id, sequence, days.text, c->err);
}

/* ---- the meeting of a team ---- */

static enum td_status
start_meeting(struct series *s, const char *rule, const char *first_day)
{
	const struct job_context *c = s->c;
	const char *host = strchr(s->team->address, '@');

	s->meeting = arena_alloc(c->arena, sizeof *s->meeting);
	*s->meeting = (struct meeting){.team_id = s->team->id, .kind = "core",
	    .uid = arena_printf(c->arena, "core-%" PRId64 "-%" PRId64 "%s", s->team->id, c->now,
	        host != NULL ? host : "@tidings"),
	    .rule = rule, .zone = s->team->zone, .first_day = first_day};
	return meeting_add(c->db, s->meeting, c->now, c->err);
}

/* SEQUENCE must rise above what any attendee was sent: one who came back may be ahead. */
static enum td_status
change_meeting(struct series *s, bool cancel)
{
	int64_t most = s->meeting->sequence;
	enum td_status status = TD_OK;

	for (size_t i = 0; i < s->n_attendees; i++)
		if (s->attendees[i].sent_sequence > most)
			most = s->attendees[i].sent_sequence;
	while (status == TD_OK && s->meeting->sequence <= most)
		status = meeting_change(s->c->db, s->meeting, cancel, s->c->now, s->c->err);
	return status;
}

/* The canonical rule of a team, NULL when it has no core hours that make a series. */
static const char *
rule_of(const struct job_context *c, const struct team *team)
{
	struct hours hours;
	unsigned days;
	int from, to;
	struct err why = {""};

	if (team->core_hours == NULL || team->core_hours[0] == '\0' || team->removed_at != 0)
		return NULL;
	if (hours_parse(span_of(team->core_hours), &hours, &why) != TD_OK ||
	    hours_uniform(&hours, &days, &from, &to, &why) != TD_OK) {
		log_warn("team %s: core hours make no calendar series: %s", log_value(team->name),
		    why.text);
		return NULL;
	}
	return hours_format(c->arena, &hours);
}

/* The local day of the first occurrence that is not over yet. */
static enum td_status
first_day_of(const struct series *s, const char *rule, const char **day_r)
{
	const struct job_context *c = s->c;
	char text[CIVIL_TEXT];
	const struct zone *zone;
	struct hours hours;
	int64_t at = c->now, day;
	enum td_status status = zone_get(s->team->zone, &zone, c->err);

	if (status == TD_OK)
		status = hours_parse(span_of(rule), &hours, c->err);
	if (status != TD_OK)
		return status;
	hours_next_open(&hours, zone, c->now, &at);
	day = zone_local_day(zone, at);
	while (!hours_works_on(&hours, civil_weekday(day)))
		day++;
	civil_format_day(day, text);
	*day_r = arena_strdup(c->arena, text);
	return TD_OK;
}

static enum td_status
keep_meeting(struct series *s, const char *rule)
{
	const char *first_day;
	enum td_status status = first_day_of(s, rule, &first_day);

	if (status != TD_OK)
		return status;
	if (s->meeting == NULL) {
		status = start_meeting(s, rule, first_day);
	} else if (strcmp(s->meeting->rule, rule) != 0 ||
	    strcmp(s->meeting->zone, s->team->zone) != 0) {
		s->meeting->rule = rule;
		s->meeting->zone = s->team->zone;
		s->meeting->first_day = first_day;
		status = change_meeting(s, false);
	}
	if (status == TD_OK)
		status = cancel_leavers(s, false);
	for (size_t i = 0; status == TD_OK && i < s->n_members; i++)
		if (s->members[i].role != ROLE_GUEST)
			status = invite_member(s, &s->members[i].person);
	return status;
}

static enum td_status
load_series(struct series *s)
{
	const struct job_context *c = s->c;
	enum td_status status =
	    meeting_find(c->db, c->arena, s->team->id, "core", &s->meeting, c->err);

	if (status == TD_OK)
		status = member_list(c->db, c->arena, s->team->id, &s->members, &s->n_members,
		    c->err);
	if (status == TD_OK && s->meeting != NULL)
		status = attendee_list(c->db, c->arena, s->meeting->id, &s->attendees,
		    &s->n_attendees, c->err);
	return status;
}

static enum td_status
sync_team(const struct job_context *c, const struct team *team)
{
	struct series s = {.c = c, .team = team};
	const char *rule = rule_of(c, team);
	enum td_status status = load_series(&s);

	if (status != TD_OK || (rule == NULL && s.meeting == NULL))
		return status;
	if (rule != NULL)
		return keep_meeting(&s, rule);
	status = change_meeting(&s, true);
	return status == TD_OK ? cancel_leavers(&s, true) : status;
}

/* A team whose invites cannot be made is told of and passed over: the others go on. */
static enum td_status
sync_in_transaction(const struct job_context *c, const struct team *team)
{
	enum td_status status = db_begin(c->db, c->err);

	if (status != TD_OK)
		return status;
	status = sync_team(c, team);
	if (status == TD_OK)
		status = db_commit(c->db, c->err);
	if (status == TD_OK)
		return TD_OK;
	db_rollback(c->db);
	if (status == TD_TEMP)
		return status;
	log_error("core hours of team %s: %s", log_value(team->name), c->err->text);
	return TD_OK;
}

static enum td_status
sync_all(const struct job_context *c, const struct team *teams, size_t n)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && i < n; i++) {
		arena_clear(c->arena);
		status = sync_in_transaction(c, &teams[i]);
	}
	return status;
}

enum td_status
job_invite_sync(const struct job_context *c)
{
	struct arena *list = arena_create();
	struct team *teams;
	size_t n = 0;
	enum td_status status = team_list(c->db, list, &teams, &n, c->err);

	if (status == TD_OK)
		status = sync_all(c, teams, n);
	if (status == TD_OK)
		status = team_list_left(c->db, list, &teams, &n, c->err);
	if (status == TD_OK)
		status = sync_all(c, teams, n);
	arena_destroy(&list);
	return status;
}
