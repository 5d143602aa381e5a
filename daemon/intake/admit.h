/* SPDX-License-Identifier: ISC */
/*
 * admit: who a mail is from, which teams it is for, and whether it may act: a pure decision over
 * the reading, the trust settings and two look-ups. Nobody gains anything by what a mail merely
 * says of itself: display name, Sender and Reply-To identify nobody, and results of
 * authentication count only where our own border wrote them (RFC 8601, section 5).
 * Where a team's address is a provider's group, all mail to it comes through a list: then the
 * list's headers make no robot of the sender, who is judged as any other. Answers go to the sender
 * alone, never to the list.
 */
#ifndef TD_ADMIT_H
#define TD_ADMIT_H

#include "parsers/reading.h"
#include "daemon/conf/conf.h"
#include "daemon/model/person.h"
#include "daemon/model/team.h"
#include "daemon/model/token.h"

enum admit_verdict {
	ADMIT_APPLY,      /* it acts */
	ADMIT_HOLD,       /* a known person, not authenticated: ask */
	ADMIT_QUARANTINE, /* unknown or malformed: keep silently */
	ADMIT_IGNORE,     /* automatic: note it, never answer */
};

/* A null pointer in *_r means "not found"; TD_TEMP and TD_PERM are the store's failures. */
struct admit_lookup {
	enum td_status (*team)(void *user, const char *address, const struct team **team_r,
	    struct err *err);
	enum td_status (*person)(void *user, const char *address, const struct person **person_r,
	    struct err *err);
	enum td_status (*role)(void *user, int64_t team_id, int64_t person_id, enum role *role_r,
	    struct err *err);
	void *user;
};

struct admit_team {
	const struct team *team;
	enum role role; /* the sender's; ROLE_NONE for no member */
};

struct admission {
	enum admit_verdict verdict;
	const char *why; /* one line for log and status; NULL when it acts */
	int level;       /* 0..3: L0 malformed, L1 claimed, L2 the domain is authenticated, L3 and
	                    it answers a mail of ours (proof.h) */
	bool has_token;  /* the sender's own (proof.h) */
	struct token token;
	const struct person *person; /* NULL: unknown */
	struct admit_team *teams;    /* addressed ones, each once, in the order they were found;
	                                when it acts: those only that the sender is a member of */
	size_t n_teams;
	const struct team **strange; /* addressed ones that the sender is no member of */
	size_t n_strange;
};

/* L0, L1 or L2 by the rules of trust 1 and 2. envelope counts L1 as L2 for known people. */
int admit_level(const struct reading *reading, const struct conf_trust *trust);

/* What the operator can do about a why of admission, to follow it in one line ("; add ..."). */
const char *admit_remedy(const char *why);

TD_CHECK enum td_status admit(struct arena *arena, const struct reading *reading,
    const struct conf_trust *trust, const struct admit_lookup *lookup,
    struct admission *admission_r, struct err *err);

/* ASCII lower case, in the arena: how addresses are compared. */
const char *admit_lower(struct arena *arena, const char *text);
/* ASCII upper case, in the arena: how undo codes are compared. */
const char *admit_upper(struct arena *arena, const char *text);

#endif
