/* SPDX-License-Identifier: ISC */
/* admit: see admit.h. */
#include "config.h"

#include "daemon/intake/admit.h"

#include <string.h>
#include <strings.h>

#include "parsers/robot.h"

#define UNKNOWN_SENDER "unknown sender"
#define NO_MEMBER "the sender is not a member of the team"
#define NO_TEAM "addressed to none of the teams"

const char *
admit_lower(struct arena *arena, const char *text)
{
	char *lower = arena_strdup(arena, text);

	for (char *p = lower; p != NULL && *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return lower;
}

const char *
admit_upper(struct arena *arena, const char *text)
{
	char *upper = arena_strdup(arena, text);

	for (char *p = upper; p != NULL && *p; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return upper;
}

/* ---- level --------------------------------------------------------------------------------- */

/* Host and domain names: case and a final dot don't matter (RFC 1035, 2.3.3). */
static struct span
host_span(const char *name)
{
	struct span s = span_of(name);

	return span_ends(s, SPAN(".")) ? span_first(s, s.len - 1) : s;
}

static bool
same_host(const char *a, const char *b)
{
	return a != NULL && b != NULL && span_ieq(host_span(a), host_span(b));
}

/*
 * Is this result header ours? It must name our server, and stand above the topmost Received
 * line of our border: what stands below came in from outside.
 */
static bool
is_ours(const struct reading_message *message, const struct reading_auth *auth,
    const struct conf_trust *trust)
{
	if (trust->authserv_id == NULL || !same_host(auth->authserv_id, trust->authserv_id))
		return false;
	if (trust->border_host == NULL)
		return auth->received_before == 0;
	for (size_t i = 0; i < message->n_received_by; i++)
		if (same_host(message->received_by[i], trust->border_host))
			return auth->received_before <= i;
	return false; /* it never passed our border */
}

/* The signer is the sender's domain, or one that it lies in (never a bare top level). */
static bool
is_aligned(const char *signer, struct span domain)
{
	struct span d = host_span(signer);

	if (span_ieq(d, domain))
		return true;
	return span_find_byte(d, '.') < d.len && domain.len > d.len + 1 &&
	    domain.ptr[domain.len - d.len - 1] == '.' &&
	    span_ieq(span_skip(domain, domain.len - d.len), d);
}

static bool
method_passes(const struct reading_auth_method *method, struct span domain)
{
	if (method->method == NULL || method->result == NULL || method->domain == NULL ||
	    strcasecmp(method->result, "pass") != 0)
		return false;
	if (strcasecmp(method->method, "dmarc") == 0)
		return span_ieq(host_span(method->domain), domain);
	return strcasecmp(method->method, "dkim") == 0 && is_aligned(method->domain, domain);
}

int
admit_level(const struct reading *reading, const struct conf_trust *trust)
{
	const struct reading_message *message = &reading->message;
	struct span domain;

	if (message->from == NULL || message->from_count != 1)
		return 0;
	domain = span_of(message->from);
	domain = host_span(span_skip(domain, span_find_byte(domain, '@') + 1).ptr);
	if (domain.len == 0)
		return 0;
	for (size_t i = 0; i < message->n_auth; i++) {
		const struct reading_auth *auth = &message->auth[i];

		if (!is_ours(message, auth, trust))
			continue;
		for (size_t j = 0; j < auth->n_methods; j++)
			if (method_passes(&auth->methods[j], domain))
				return 2;
	}
	return 1;
}

/* ---- who and where --------------------------------------------------------------------------- */

/* is_own_list: the mail came through a list (a provider's group) that is a team's address. */
static enum td_status
find_teams(struct arena *arena, const struct reading *reading, const struct admit_lookup *lookup,
    struct admission *adm, bool *is_own_list_r, struct err *err)
{
	size_t cap = 0;

	for (size_t i = 0; i < reading->message.n_rcpts; i++) {
		const struct team *team = NULL;
		bool twice = false;
		enum td_status status = lookup->team(lookup->user,
		    admit_lower(arena, reading->message.rcpts[i].address), &team, err);

		if (status != TD_OK)
			return status;
		*is_own_list_r |= team != NULL && reading->auto_kind == AUTO_LIST &&
		    robot_is_list(&reading->message, reading->message.rcpts[i].address);
		for (size_t j = 0; team != NULL && j < adm->n_teams; j++)
			twice = twice || adm->teams[j].team->id == team->id;
		if (team != NULL && !twice)
			*ARENA_PUSH(arena, adm->teams, adm->n_teams, cap) =
			    (struct admit_team){team, ROLE_NONE};
	}
	return TD_OK;
}

/* Splits the teams into those of the sender and strange ones. */
static enum td_status
find_roles(struct arena *arena, const struct admit_lookup *lookup, struct admission *adm,
    struct err *err)
{
	size_t n = 0, cap = 0;

	for (size_t i = 0; i < adm->n_teams; i++) {
		struct admit_team team = adm->teams[i];
		enum td_status status = lookup->role(lookup->user, team.team->id, adm->person->id,
		    &team.role, err);

		if (status != TD_OK)
			return status;
		if (team.role != ROLE_NONE)
			adm->teams[n++] = team;
		else
			*ARENA_PUSH(arena, adm->strange, adm->n_strange, cap) = team.team;
	}
	adm->n_teams = n;
	return TD_OK;
}

static const char *
auto_why(enum auto_kind kind)
{
	switch (kind) {
	case AUTO_NONE:
		break;
	case AUTO_REPLY:
		return "automatic reply";
	case AUTO_VACATION:
		return "out-of-office reply";
	case AUTO_LIST:
		return "mailing list";
	case AUTO_BULK:
		return "bulk mail";
	case AUTO_BOUNCE:
		return "bounce";
	case AUTO_REPORT:
		return "report";
	case AUTO_CALENDAR:
		return "calendar reply";
	case AUTO_LOOP:
		return "our own mail came back";
	case AUTO_OTHER:
		return "automatic mail";
	}
	return NULL;
}

const char *
admit_remedy(const char *why)
{
	if (why == NULL)
		return "";
	if (strcmp(why, UNKNOWN_SENDER) == 0)
		return "; add the person first: tidings person add ADDRESS NAME --team TEAM";
	if (strcmp(why, NO_MEMBER) == 0)
		return "; make them a member first: tidings person set ADDRESS --team TEAM";
	if (strcmp(why, NO_TEAM) == 0)
		return "; the addresses of the teams: tidings team list";
	return "; look at it with: tidings quarantine show";
}

static enum td_status
decide(enum admit_verdict verdict, const char *why, struct admission *adm,
    struct admission *admission_r)
{
	adm->verdict = verdict;
	adm->why = why;
	*admission_r = *adm;
	return TD_OK;
}

enum td_status
admit(struct arena *arena, const struct reading *reading, const struct conf_trust *trust,
    const struct admit_lookup *lookup, struct admission *admission_r, struct err *err)
{
	struct admission adm = {.level = admit_level(reading, trust)};
	const struct team *self = NULL;
	const char *from;
	bool is_own_list = false;
	enum td_status status = find_teams(arena, reading, lookup, &adm, &is_own_list, err);

	if (status != TD_OK)
		return status;
	if (reading->auto_kind != AUTO_NONE && !is_own_list)
		return decide(ADMIT_IGNORE, auto_why(reading->auto_kind), &adm, admission_r);
	if (adm.level == 0)
		return decide(ADMIT_QUARANTINE, reading->message.from_count > 1 ?
		    "several senders in From" : "no sender in From", &adm, admission_r);
	from = admit_lower(arena, reading->message.from);
	status = lookup->team(lookup->user, from, &self, err);
	if (status == TD_OK)
		status = lookup->person(lookup->user, from, &adm.person, err);
	if (status != TD_OK)
		return status;
	if (self != NULL)
		return decide(ADMIT_IGNORE, "from a team's own address", &adm, admission_r);
	if (adm.person == NULL)
		return decide(ADMIT_QUARANTINE, UNKNOWN_SENDER, &adm, admission_r);
	if (adm.n_teams == 0)
		return decide(ADMIT_QUARANTINE, NO_TEAM, &adm,
		    admission_r);
	status = find_roles(arena, lookup, &adm, err);
	if (status != TD_OK)
		return status;
	if (adm.n_teams == 0)
		return decide(ADMIT_QUARANTINE, NO_MEMBER, &adm,
		    admission_r);
	if (adm.level == 1 && trust->mode == CONF_TRUST_ENVELOPE)
		adm.level = 2;
	if (adm.level == 1)
		return decide(ADMIT_HOLD, "the sender's domain is not authenticated", &adm,
		    admission_r);
	return decide(ADMIT_APPLY, NULL, &adm, admission_r);
}
