/* SPDX-License-Identifier: ISC */
/*
 * decision: the rules of a decision: which option is meant by what somebody wrote, how answers
 * are counted, and what holds at the deadline. Rules only, no store.
 *
 * A decision without options is a proposal: it is agreed to or not. With options the first one
 * is the default, and to agree is to vote for it. One answer a person: the last one counts. An
 * objection keeps a decision open past its date, until it is taken back or somebody resolves it.
 */
#ifndef TD_MODEL_DECISION_H
#define TD_MODEL_DECISION_H

#include "daemon/model/item.h"
#include "daemon/model/person.h"

#define DECISION_OPTIONS_MAX 20u
#define DECISION_OPTION_BYTES 200u

enum vote_choice { VOTE_AGREE, VOTE_OBJECT, VOTE_ABSTAIN, VOTE_OPTION };

struct vote {
	int64_t id;
	int64_t item_id;
	int64_t person_id;
	enum vote_choice choice;
	const char *option; /* VOTE_OPTION, and VOTE_AGREE where there are options; else NULL */
	const char *reason; /* NULL without */
	int64_t message_id;
	int64_t at;
};

const char *vote_choice_name(enum vote_choice choice); /* "agree", ... */
bool vote_choice_parse(const char *name, enum vote_choice *choice_r);

/*
 * The option that is meant: its name, else its number, else the first letters of one alone; case
 * does not matter. NULL when none or several fit; *why_r is then a sentence, in the arena.
 */
const char *decision_option(struct arena *arena, const struct item *item, const char *text,
    const char **why_r);

struct decision_tally {
	unsigned asked;      /* members and leads of the team */
	unsigned answered;   /* those of them who did */
	unsigned agree, object, abstain;
	unsigned votes[DECISION_OPTIONS_MAX]; /* for each option */
};

/* Counts the answers of those who are members now. */
void decision_count(const struct item *item, const struct vote *votes, size_t n,
    const struct member *members, size_t n_members, struct decision_tally *tally_r);

/*
 * What holds when the date has come: false while somebody objects. *how_r is "vote" where the
 * answers decide, "default" where nobody answered or the best options are level: the first option
 * of all then, or "agreed".
 */
bool decision_at_deadline(const struct item *item, const struct decision_tally *tally,
    const char **outcome_r, const char **how_r);

#define DECISION_AGREED "agreed"
#define DECISION_REJECTED "rejected"
#define DECISION_NONE "none of the options"

#endif
