/* SPDX-License-Identifier: ISC */
/* proof: see proof.h. */
#include "config.h"

#include "daemon/intake/proof.h"

#include <inttypes.h>
#include <strings.h>

#include "daemon/log.h"
#include "daemon/store/item.h"
#include "daemon/store/token_key.h"

/* ---- admission ------------------------------------------------------------------------------- */

static void
take_token(const struct reading *reading, const struct conf_trust *trust,
    const struct token *token, struct admission *adm)
{
	if (token->person_id != adm->person->id) {
		adm->verdict = ADMIT_HOLD;
		adm->why = "it answers a mail that went to somebody else";
		return;
	}
	adm->token = *token;
	adm->has_token = true;
	/* not adm->level: where From alone is believed, a token proves nothing more */
	if (token->scope == TOKEN_REPLY && admit_level(reading, trust) == 2)
		adm->level = 3;
}

enum td_status
proof_admit(struct db *db, struct arena *arena, const struct reading *reading,
    const struct conf_trust *trust, int64_t at, struct admission *adm, struct err *err)
{
	struct token_keys keys;
	struct token token;
	enum token_verdict verdict;
	enum td_status status;

	if (reading->target.token == NULL || adm->person == NULL ||
	    (adm->verdict != ADMIT_APPLY && adm->verdict != ADMIT_HOLD))
		return TD_OK;
	status = token_keys_load(db, arena, &keys, err);
	if (status != TD_OK)
		return status;
	verdict = token_read(span_of(reading->target.token), &keys, at, &token);
	if (verdict == TOKEN_VALID)
		take_token(reading, trust, &token, adm);
	else
		log_info("reply token not taken: %s person=%" PRId64, token_verdict_name(verdict),
		    adm->person->id);
	return TD_OK;
}

enum td_status
proof_replies(struct db *db, struct arena *arena, const struct reading *reading,
    const struct conf_trust *trust, int64_t at, int64_t person_id, bool *yes_r, struct err *err)
{
	struct token_keys keys;
	struct token token;
	enum td_status status;

	*yes_r = trust->mode == CONF_TRUST_ENVELOPE;
	if (*yes_r || reading->target.token == NULL || admit_level(reading, trust) != 2)
		return TD_OK;
	status = token_keys_load(db, arena, &keys, err);
	if (status == TD_OK)
		*yes_r = token_read(span_of(reading->target.token), &keys, at, &token) ==
		    TOKEN_VALID && token.person_id == person_id && token.scope == TOKEN_REPLY;
	return status;
}

/* ---- plus addresses -------------------------------------------------------------------------- */

/*
 * All that names the team's address in To and Cc has a tag: then the mail came by one. Where the
 * bare address stands there too, it may have come by that alone.
 */
static bool
came_by_plus(const struct reading_message *message, const char *address)
{
	bool plus = false;

	for (size_t i = 0; i < message->n_rcpts; i++) {
		const struct reading_rcpt *rcpt = &message->rcpts[i];

		if (strcasecmp(rcpt->address, address) != 0 ||
		    (rcpt->source != RCPT_TO && rcpt->source != RCPT_CC))
			continue;
		if (rcpt->tag == NULL)
			return false;
		plus = true;
	}
	return plus;
}

enum td_status
proof_note_plus(struct db *db, struct arena *arena, const struct reading *reading,
    const struct admission *adm, struct err *err)
{
	enum td_status status = TD_OK;

	for (size_t i = 0; status == TD_OK && adm->verdict == ADMIT_APPLY && i < adm->n_teams; i++)
		if (came_by_plus(&reading->message, adm->teams[i].team->address))
			status = plus_address_seen(db, arena, adm->teams[i].team->id,
			    adm->teams[i].team->address, err);
	return status;
}

/* ---- what it is about ------------------------------------------------------------------------ */

enum td_status
proof_thread(const struct apply *ap, struct thread **thread_r, struct err *err)
{
	struct thread *thread;
	struct item *item = NULL;
	enum td_status status;

	if (ap->token == NULL)
		return TD_OK;
	thread = arena_alloc(ap->arena, sizeof *thread);
	thread->team_id = ap->team->id;
	thread->person_id = ap->token->person_id;
	switch (ap->token->about) {
	case TOKEN_ITEM:
		status = item_by_id(ap->db, ap->arena, ap->token->id, &item, err);
		if (status != TD_OK || item == NULL || item->team_id != ap->team->id)
			return status;
		thread->kind = THREAD_ITEM;
		thread->item_id = item->id;
		break;
	case TOKEN_PROMPT:
		thread->kind = THREAD_PROMPT;
		break;
	case TOKEN_ANSWER:
	case TOKEN_DIGEST:
	case TOKEN_SHEET:
	case TOKEN_NOTICE:
		thread->kind = THREAD_DIGEST;
		break;
	case TOKEN_CONFIRM:
		thread->kind = THREAD_CONFIRM;
		break;
	}
	*thread_r = thread;
	return TD_OK;
}

struct thread *
proof_question(struct arena *arena, const struct admission *adm)
{
	struct thread *thread;

	if (!adm->has_token || adm->token.about != TOKEN_CONFIRM)
		return NULL;
	thread = arena_alloc(arena, sizeof *thread);
	thread->kind = THREAD_CONFIRM;
	thread->person_id = adm->token.person_id;
	thread->created_at = adm->token.id;
	return thread;
}

/* ---- what needs it --------------------------------------------------------------------------- */

bool
proof_may(struct apply *ap, uint32_t line, const char *text)
{
	if (ap->is_proven)
		return true;
	ap->wants_reply = true;
	apply_refuse(ap, line, text, NULL, "This has to come as a reply to a mail from me, so that "
	    "I know it is you. Reply to this mail with that line.");
	return false;
}
