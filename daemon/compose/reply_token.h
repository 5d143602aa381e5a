/* SPDX-License-Identifier: ISC */
/*
 * reply_token: gives a mail to one person its reply token (model/token.h), once its team, person
 * and moment are known, before it is composed. Nothing else makes tokens.
 *
 *	gather_common(...) → reply_token_set(...) → compose_NAME(...)
 *
 * A reply to a plus address is lost where the mail server has none. So without a word of the
 * operator (trust.reply_token) the token goes into Reply-To only where mail to such an address of
 * this team came before.
 */
#ifndef TD_REPLY_TOKEN_H
#define TD_REPLY_TOKEN_H

#include "daemon/compose/compose.h"
#include "daemon/conf/conf.h"
#include "daemon/model/token.h"
#include "daemon/store/db.h"

struct reply_token {
	int64_t team_id;
	enum token_about about;
	int64_t id;     /* as model/token.h says; 0: none */
	bool is_needed; /* the mail asks for a reply that must have it: it stands in the subject
	                   where it cannot stand in Reply-To (answers, mails about time or an
	                   item), unless the sender's address alone is believed */
};

/* Sets reply_tag or subject_tag of common, or leaves both NULL; and replies_only. */
TD_CHECK enum td_status reply_token_set(struct db *db, struct arena *arena,
    const struct conf *conf, const struct reply_token *what, struct compose_common *common,
    struct err *err);

#endif
