/* SPDX-License-Identifier: ISC */
/* reply_token: see reply_token.h. */
#include "config.h"

#include "daemon/compose/reply_token.h"

#include "daemon/store/token_key.h"

static enum td_status
may_stand_in_address(struct db *db, struct arena *arena, const struct conf *conf,
    const struct reply_token *what, const struct compose_common *common, bool *yes_r,
    struct err *err)
{
	switch (conf->trust.reply) {
	case CONF_REPLY_AUTO:
		return plus_address_works(db, arena, what->team_id, common->team.address, yes_r,
		    err);
	case CONF_REPLY_PLUS:
		*yes_r = true;
		break;
	case CONF_REPLY_SUBJECT:
		*yes_r = false;
		break;
	}
	return TD_OK;
}

enum td_status
reply_token_set(struct db *db, struct arena *arena, const struct conf *conf,
    const struct reply_token *what, struct compose_common *common, struct err *err)
{
	const struct token token = {.person_id = common->to.id, .about = what->about,
	    .id = what->id,
	    .scope = what->about == TOKEN_CONFIRM ? TOKEN_RELEASE : TOKEN_REPLY,
	    .last_day = token_last_day(common->now)};
	struct token_keys keys;
	char text[TOKEN_TEXT_MAX + 1];
	const char *tag;
	bool in_address = false;
	bool is_needed = what->is_needed && conf->trust.mode != CONF_TRUST_ENVELOPE;
	enum td_status status = may_stand_in_address(db, arena, conf, what, common, &in_address,
	    err);

	common->reply_tag = common->subject_tag = NULL; /* several mails may share it */
	common->replies_only = conf->trust.mode != CONF_TRUST_ENVELOPE;
	if (status != TD_OK || (!in_address && !is_needed))
		return status;
	status = token_keys_now(db, arena, common->now, &keys, err);
	if (status != TD_OK)
		return status;
	token_write(&keys, &token, text);
	tag = arena_printf(arena, "r-%s", text);
	if (in_address && compose_tagged(arena, common->team.address, tag) != NULL)
		common->reply_tag = tag;
	else if (is_needed)
		common->subject_tag = tag;
	return TD_OK;
}
