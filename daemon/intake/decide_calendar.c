/* SPDX-License-Identifier: ISC */
/* decide_calendar: see decide_calendar.h. */
#include "config.h"

#include "daemon/intake/decide_calendar.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "parsers/base/num.h"
#include "parsers/base/zone.h"
#include "daemon/compose/ics.h"
#include "daemon/compose/gather.h"
#include "daemon/intake/admit.h"
#include "daemon/intake/apply.h"
#include "daemon/intake/contact.h"
#include "daemon/intake/proof.h"
#include "daemon/log.h"
#include "daemon/store/item.h"
#include "daemon/store/meeting.h"
#include "daemon/store/outbox.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"

#define KIND "decision:"
#define ENTRY_SECONDS 900 /* the quarter of an hour before the date */
#define CANCELLED "cancelled"

/* ---- the entry ------------------------------------------------------------------------------- */

static const char *
kind_of(struct arena *arena, const struct item *item)
{
	return arena_printf(arena, KIND "%" PRId64, item->id);
}

static enum td_status
find_attendee(struct db *db, struct arena *arena, int64_t meeting_id, int64_t person_id,
    const struct attendee **attendee_r, struct err *err)
{
	struct attendee *list;
	size_t n = 0;
	enum td_status status = attendee_list(db, arena, meeting_id, &list, &n, err);

	*attendee_r = NULL;
	for (size_t i = 0; status == TD_OK && i < n; i++)
		if (list[i].person_id == person_id && list[i].sent_sequence >= 0)
			*attendee_r = &list[i];
	return status;
}

static enum td_status
add_meeting(struct db *db, struct arena *arena, const struct compose_common *common,
    const struct item *item, int64_t now, struct meeting **meeting_r, struct err *err)
{
	const char *host = strchr(common->team.address, '@');
	struct meeting *meeting = arena_alloc(arena, sizeof *meeting);

	*meeting = (struct meeting){.team_id = item->team_id, .kind = kind_of(arena, item),
	    .uid = arena_printf(arena, "decision-%" PRId64 "-%" PRId64 "%s", item->id, now,
		host != NULL ? host : "@tidings"),
	    .rule = item->due_day, .zone = item->due_zone,
	    .first_day = arena_span(arena, span_first(span_of(item->due_day), 10))};
	*meeting_r = meeting;
	return meeting_add(db, meeting, now, err);
}

static enum td_status
write_entry(struct arena *arena, const struct compose_common *common, const struct item *item,
    const struct meeting *meeting, int64_t sequence, int64_t now, struct compose_item_mail *mail,
    struct err *err)
{
	int64_t at = item->due_at != 0 ? item->due_at : now + ENTRY_SECONDS;
	struct ics_series entry = {.cancel = mail->cancel, .uid = meeting->uid,
	    .sequence = (uint32_t)sequence, .dtstamp = now, .organizer = common->team.address,
	    .organizer_name = common->team.title, .attendee = common->to.address,
	    .attendee_name = common->to.name, .zone = meeting->zone,
	    .start = at - ENTRY_SECONDS, .end = at};
	struct buf out;
	enum td_status status;

	if (item->due_zone != NULL)
		entry.zone = item->due_zone;
	compose_decision_texts(arena, common, mail, &entry.summary, &entry.description);
	buf_init(&out, ICS_MAX);
	status = ics_series(&entry, &out, err);
	if (status == TD_OK)
		mail->ics = (struct span){arena_span(arena, buf_span(&out)), out.len};
	buf_release(&out);
	return status;
}

/* Is the date in the person's calendar to be there, changed, or to go? */
static bool
is_wanted(const struct item *item, const struct compose_item_mail *mail,
    const struct attendee *attendee, int64_t now)
{
	return mail->decision->may_answer && !mail->is_owner && item->due_at > now &&
	    (mail->decision->own == NULL || attendee != NULL);
}

/* One whose date is past may stay. */
static bool
is_to_go(const struct attendee *attendee, int64_t now)
{
	struct span rest = span_of(attendee != NULL ? attendee->left_out : ""), word;
	int64_t at;

	return span_next_word(&rest, &word) && num_i64(word, 0, INT64_MAX, &at) && at > now;
}

enum td_status
decide_calendar_fill(struct db *db, struct arena *arena, const struct compose_common *common,
    const struct item *item, int64_t now, struct compose_item_mail *mail,
    struct decide_entry *entry_r, struct err *err)
{
	const struct attendee *attendee = NULL;
	struct meeting *meeting = NULL;
	const char *sent = CANCELLED;
	struct err why;
	enum td_status status = meeting_find(db, arena, item->team_id, kind_of(arena, item),
	    &meeting, err);

	*entry_r = (struct decide_entry){0};
	if (status == TD_OK && meeting != NULL)
		status = find_attendee(db, arena, meeting->id, common->to.id, &attendee, err);
	if (status != TD_OK)
		return status;
	if (is_wanted(item, mail, attendee, now))
		sent = arena_printf(arena, "%" PRId64 " %s", item->due_at, item->due_zone);
	else if (!is_to_go(attendee, now))
		return TD_OK;
	if (attendee != NULL && strcmp(attendee->left_out, sent) == 0)
		return TD_OK;
	if (meeting == NULL)
		status = add_meeting(db, arena, common, item, now, &meeting, err);
	if (status != TD_OK)
		return status;
	mail->cancel = strcmp(sent, CANCELLED) == 0;
	*entry_r = (struct decide_entry){meeting->id,
	    attendee != NULL ? attendee->sent_sequence + 1 : 0, sent};
	if (write_entry(arena, common, item, meeting, entry_r->sequence, now, mail, &why) !=
	    TD_OK) {
		log_error("no calendar entry of a decision item=%" PRId64 ": %s", item->id,
		    why.text);
		*entry_r = (struct decide_entry){0};
	}
	return TD_OK;
}

enum td_status
decide_calendar_sent(struct db *db, const struct decide_entry *entry, int64_t person_id,
    struct err *err)
{
	if (entry->meeting_id == 0)
		return TD_OK;
	return attendee_sent(db, entry->meeting_id, person_id, entry->sequence, entry->sent, err);
}

/* ---- taken back ------------------------------------------------------------------------------ */

static enum td_status
queue_cancel(struct apply *ap, const struct item *item, const struct person *person,
    const struct attendee *attendee, const struct composed *mail, struct err *err)
{
	struct outbox row = {.dedupe_key = arena_printf(ap->arena,
		"undone:%" PRId64 ":%" PRId64, item->id, person->id), .kind = "item",
	    .team_id = item->team_id, .person_id = person->id, .sender = mail->sender,
	    .rcpt = mail->rcpt, .mid = mail->mid, .bytes = mail->bytes};
	bool added = false;
	enum td_status status = contact_time(ap->db, ap->arena, person, ap->now, &row.not_before,
	    err);

	row.next_try_at = row.not_before;
	if (status == TD_OK)
		status = outbox_add(ap->db, &row, ap->now, &added, err);
	return status == TD_OK ? attendee_remove(ap->db, attendee->meeting_id, person->id, err)
			       : status;
}

static enum td_status
send_cancel(struct apply *ap, const struct item *item, const struct meeting *meeting,
    const struct person *person, const struct attendee *attendee, struct err *err)
{
	const struct compose_news news = {COMPOSE_NEWS_DROPPED, ap->person->name, NULL, NULL};
	struct compose_common common = {0};
	struct compose_decision decision;
	struct compose_item_mail what = {.decision = &decision, .state = "dropped", .news = &news,
	    .n_news = 1, .cancel = true, .item = {.number = item->number, .title = item->title,
		.root_mid = item->root_mid}};
	struct composed mail;
	struct err why;
	enum td_status status = gather_common(ap->db, ap->arena, item->team_id, person->id,
	    ap->now, &common, err);

	if (status == TD_OK)
		status = gather_decision(ap->db, ap->arena, item, apply_members(ap)->list,
		    apply_members(ap)->n, person->id, &decision, err);
	if (status != TD_OK)
		return status;
	decision.is_open = decision.may_answer = false;
	if (write_entry(ap->arena, &common, item, meeting, attendee->sent_sequence + 1, ap->now,
	    &what, &why) != TD_OK ||
	    compose_item_mail(ap->arena, &common, &what, &mail, &why) != TD_OK) {
		log_error("no mail about a decision that was taken back item=%" PRId64 ": %s",
		    item->id, why.text);
		return TD_OK;
	}
	return queue_cancel(ap, item, person, attendee, &mail, err);
}

/* Not where the mail with the entry was called back in time, nor where none is left to write to. */
static enum td_status
undo_entry_of(struct apply *ap, const struct item *item, const struct meeting *meeting,
    const struct attendee *attendee, struct err *err)
{
	struct person *person = NULL;
	bool any = false;
	enum td_status status = outbox_any(ap->db, attendee->person_id, arena_printf(ap->arena,
	    "item:%" PRId64 ":%" PRId64 ":", item->id, attendee->person_id), &any, err);

	if (status == TD_OK && any && is_to_go(attendee, ap->now))
		status = person_by_id(ap->db, ap->arena, attendee->person_id, &person, err);
	if (status != TD_OK || person == NULL || person->address == NULL ||
	    person->removed_at != 0)
		return status;
	return send_cancel(ap, item, meeting, person, attendee, err);
}

enum td_status
decide_calendar_undone(struct apply *ap, const struct item *item, struct err *err)
{
	struct meeting *meeting = NULL;
	struct attendee *list;
	size_t n = 0;
	enum td_status status;

	if (!item_is_decision(item))
		return TD_OK;
	status = meeting_find(ap->db, ap->arena, item->team_id, kind_of(ap->arena, item), &meeting,
	    err);
	if (status == TD_OK && meeting != NULL)
		status = attendee_list(ap->db, ap->arena, meeting->id, &list, &n, err);
	for (size_t i = 0; status == TD_OK && i < n; i++)
		status = undo_entry_of(ap, item, meeting, &list[i], err);
	return status;
}

/* ---- the answer ------------------------------------------------------------------------------ */

struct answering {
	struct db *db;
	struct arena *arena;
	const struct decide_mail *mail;
	const struct reading_event *event;
	const char *from;
	struct meeting *meeting;
	const char *partstat;
	bool is_counter;
	struct decide_answer *answer;
};

static enum td_status
load_role(struct answering *a, const char *address, struct person **person_r, enum role *role_r,
    struct err *err)
{
	enum td_status status = person_by_address(a->db, a->arena, address, person_r, err);

	*role_r = ROLE_NONE;
	if (status == TD_OK && *person_r != NULL)
		status = member_role(a->db, a->meeting->team_id, (*person_r)->id, role_r, err);
	return status;
}

/* The attendee that is the sender, or that the sender answers for. */
static enum td_status
find_whose(struct answering *a, struct err *err)
{
	struct person *person = NULL, *sender = NULL;
	enum role role = ROLE_NONE, sender_role = ROLE_NONE;
	enum td_status status = load_role(a, a->from, &sender, &sender_role, err);

	for (size_t i = 0; status == TD_OK && i < a->event->n_attendees; i++) {
		const struct reading_attendee *attendee = &a->event->attendees[i];
		const char *address = attendee->address != NULL
		    ? admit_lower(a->arena, attendee->address) : "";
		bool self = strcmp(address, a->from) == 0;

		if (!self && (attendee->sent_by == NULL ||
		    strcasecmp(attendee->sent_by, a->from) != 0))
			continue;
		status = load_role(a, address, &person, &role, err);
		if (status != TD_OK || person == NULL || sender == NULL ||
		    role < ROLE_MEMBER || sender_role < ROLE_MEMBER)
			continue;
		a->partstat = attendee->partstat;
		a->answer->person = person;
		a->answer->role = role;
		a->answer->sender = self ? NULL : sender;
		return TD_OK;
	}
	if (status == TD_OK)
		a->answer->why = "calendar reply: the attendee is not the sender";
	return status;
}

/* To answer for another needs a reply token of the sender, and does not change their days. */
static enum td_status
check_sender(struct answering *a, struct err *err)
{
	bool is_decision = span_starts(span_of(a->meeting->kind), SPAN(KIND)), yes = false;
	enum td_status status = TD_OK;

	if (a->answer->sender != NULL && is_decision)
		status = proof_replies(a->db, a->arena, a->mail->reading, a->mail->trust,
		    a->mail->arrival, a->answer->sender->id, &yes, err);
	if (status != TD_OK || a->answer->sender == NULL || yes)
		return status;
	a->answer->why = "calendar reply: it answers for another without a right to";
	a->answer->refusal = arena_printf(a->arena, is_decision ?
	    "Your calendar answered for %s. That counts only in a reply to a mail from me, so that "
	    "I know it is you; %s can answer for themselves." :
	    "Your calendar answered for %s, who answers this for themselves%s.",
	    a->answer->person->name, is_decision ? a->answer->person->name : "");
	return TD_OK;
}

static enum td_status
note_reply(struct answering *a, struct err *err)
{
	const struct attendee *attendee = NULL;
	enum td_status status = find_attendee(a->db, a->arena, a->meeting->id,
	    a->answer->person->id, &attendee, err);

	if (status != TD_OK)
		return status;
	if (attendee == NULL)
		a->answer->why = "calendar reply: nothing was sent to that attendee";
	else if (a->is_counter)
		return TD_OK; /* the answer itself is still to come */
	else if (a->event->sequence < attendee->sent_sequence)
		a->answer->why = "calendar reply: to an older version of the entry";
	else if (attendee->reply_at != 0 && a->event->dtstamp <= attendee->reply_at)
		a->answer->why = "calendar reply: older than one that counts";
	if (a->answer->why != NULL)
		return TD_OK;
	return attendee_replied(a->db, a->meeting->id, a->answer->person->id,
	    admit_upper(a->arena, a->partstat != NULL ? a->partstat : "NEEDS-ACTION"),
	    a->event->dtstamp, err);
}

/* Who wrote it, behind what is kept as the words of another; before: what stands between. */
static const char *
sent_by(const struct answering *a, const char *before)
{
	return a->answer->sender == NULL ? "" : arena_printf(a->arena, "%s(sent by %s)", before,
	    a->answer->sender->name);
}

/* "Proposes 2026-11-26 17:00 (Europe/Lisbon) in the calendar": the date is where the entry ends. */
static const char *
proposal(const struct answering *a)
{
	const char *name = a->event->zone != NULL ? a->event->zone : a->answer->person->zone;
	const char *comment = a->event->comment;
	const struct zone *zone;
	struct civil local;

	if (zone_get(name, &zone, NULL) != TD_OK)
		zone = zone_utc();
	zone_to_local(zone, a->event->end, &local);
	return arena_printf(a->arena,
	    "Proposes %04d-%02d-%02d %02d:%02d (%s) in the calendar%s%s%s", local.year, local.month,
	    local.day, local.hour, local.minute, zone_name(zone), comment != NULL ? ": " : ".",
	    comment != NULL ? comment : "", sent_by(a, " "));
}

/* A vote with what was written beside it as its reason; NULL where the answer is none. */
static struct reading_command *
vote_of(const struct answering *a, const struct item *item)
{
	static const struct {
		const char *partstat, *verb, *text;
	} meanings[] = {
	    {"ACCEPTED", "agree", NULL}, {"DECLINED", "object", "declined in the calendar"},
	    {"TENTATIVE", "abstain", NULL},
	};
	struct reading_command *cmd = arena_alloc(a->arena, sizeof *cmd);

	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (a->partstat != NULL && strcasecmp(a->partstat, meanings[i].partstat) == 0)
			*cmd = (struct reading_command){.verb = meanings[i].verb,
			    .source = meanings[i].partstat, .text = a->event->comment != NULL
				? a->event->comment : meanings[i].text};
	if (cmd->verb == NULL)
		return NULL;
	if (a->answer->sender != NULL)
		cmd->text = arena_printf(a->arena, "%s%s", cmd->text != NULL ? cmd->text : "",
		    sent_by(a, cmd->text != NULL ? " " : ""));
	cmd->items = arena_array(a->arena, 1, sizeof *cmd->items);
	cmd->items[0] = item->number;
	cmd->n_items = 1;
	return cmd;
}

/* The same mail, holding nothing but what the answer means: a vote, or a comment. */
static enum td_status
make_reading(struct answering *a, struct err *err)
{
	struct reading *reading = arena_alloc(a->arena, sizeof *reading);
	struct item *item = NULL;
	int64_t id = 0;
	enum td_status status = TD_OK;

	if (num_i64(span_skip(span_of(a->meeting->kind), strlen(KIND)), 1, INT64_MAX, &id))
		status = item_by_id(a->db, a->arena, id, &item, err);
	if (status != TD_OK || item == NULL)
		return status;
	a->answer->item_id = item->id;
	*reading = (struct reading){.version = a->mail->reading->version,
	    .message = a->mail->reading->message, .text = "", .target = {.kind = KIND_TIME}};
	reading->message.in_reply_to = NULL;
	reading->message.n_references = 0;
	if (a->is_counter) {
		reading->text = proposal(a);
		reading->target = (struct reading_target){.item = item->number};
	} else {
		reading->commands = vote_of(a, item);
		reading->n_commands = 1;
		if (reading->commands == NULL)
			return TD_OK;
	}
	a->answer->reading = reading;
	return TD_OK;
}

static enum td_status
read_event(struct answering *a, struct err *err)
{
	struct team *team = NULL;
	enum td_status status = meeting_by_uid(a->db, a->arena, a->event->uid, &a->meeting, err);

	if (status != TD_OK || a->meeting == NULL)
		return status;
	if (a->mail->level < 2) {
		a->answer->why = "calendar reply: the sender's domain is not authenticated";
		return TD_OK;
	}
	status = find_whose(a, err);
	if (status == TD_OK && a->answer->why == NULL)
		status = check_sender(a, err);
	if (status == TD_OK && a->answer->why == NULL)
		status = note_reply(a, err);
	if (status == TD_OK && (a->answer->why == NULL || a->answer->refusal != NULL))
		status = team_by_id(a->db, a->arena, a->meeting->team_id, &team, err);
	a->answer->team = team;
	if (status != TD_OK || a->answer->why != NULL || team == NULL ||
	    !span_starts(span_of(a->meeting->kind), SPAN(KIND)))
		return status;
	return make_reading(a, err);
}

enum td_status
decide_calendar_answer(struct db *db, struct arena *arena, const struct decide_mail *mail,
    struct decide_answer *answer_r, struct err *err)
{
	const struct reading *reading = mail->reading;
	struct answering a = {.db = db, .arena = arena, .mail = mail, .answer = answer_r};
	enum td_status status = TD_OK;

	*answer_r = (struct decide_answer){0};
	if (reading->message.from == NULL)
		return TD_OK;
	a.from = admit_lower(arena, reading->message.from);
	for (size_t i = 0; status == TD_OK && a.meeting == NULL && i < reading->n_events; i++) {
		a.event = &reading->events[i];
		if (a.event->uid == NULL || a.event->method == NULL)
			continue;
		a.is_counter = strcasecmp(a.event->method, "COUNTER") == 0;
		if (a.is_counter || strcasecmp(a.event->method, "REPLY") == 0)
			status = read_event(&a, err);
	}
	return status;
}
