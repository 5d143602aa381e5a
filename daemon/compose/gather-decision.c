/* SPDX-License-Identifier: ISC */
/* gather-decision: where a decision stands: answers, objections, outcome. See gather.h. */
#include "config.h"

#include "daemon/compose/gather.h"

#include "daemon/store/vote.h"

static const struct member *
find_member(const struct member *members, size_t n, int64_t person_id)
{
	for (size_t i = 0; i < n; i++)
		if (members[i].person.id == person_id && members[i].role >= ROLE_MEMBER)
			return &members[i];
	return NULL;
}

static void
set_options(struct arena *arena, const struct item *item, const struct decision_tally *tally,
    struct compose_decision *decision)
{
	struct compose_option *options = arena_array(arena, item->n_options, sizeof *options);
	size_t n = item->n_options < DECISION_OPTIONS_MAX ? item->n_options : DECISION_OPTIONS_MAX;

	for (size_t i = 0; i < n; i++)
		options[i] = (struct compose_option){item->options[i], tally->votes[i]};
	decision->options = options;
	decision->n_options = n;
}

static void
set_answers(struct arena *arena, const struct vote *votes, size_t n, const struct member *members,
    size_t n_members, int64_t reader_id, struct compose_decision *decision)
{
	struct compose_objection *list = arena_array(arena, n, sizeof *list);
	size_t n_list = 0;

	for (size_t i = 0; i < n; i++) {
		const struct vote *vote = &votes[i];
		const struct member *member = find_member(members, n_members, vote->person_id);

		if (vote->person_id == reader_id)
			decision->own = vote->option != NULL ? vote->option
							     : vote_choice_name(vote->choice);
		if (vote->choice == VOTE_OBJECT && member != NULL)
			list[n_list++] = (struct compose_objection){member->person.name,
			    vote->reason};
	}
	decision->objections = list;
	decision->n_objections = n_list;
}

enum td_status
gather_decision(struct db *db, struct arena *arena, const struct item *item,
    const struct member *members, size_t n_members, int64_t reader_id,
    struct compose_decision *decision_r, struct err *err)
{
	struct decision_tally tally;
	struct vote *votes;
	size_t n;
	enum td_status status = vote_list(db, arena, item->id, &votes, &n, err);

	if (status != TD_OK)
		return status;
	decision_count(item, votes, n, members, n_members, &tally);
	*decision_r = (struct compose_decision){
	    .is_open = !item_is_closed(item),
	    .may_answer = !item_is_closed(item) &&
		find_member(members, n_members, reader_id) != NULL,
	    .answered = tally.answered,
	    .asked = tally.asked,
	    .agree = tally.agree,
	    .abstain = tally.abstain,
	    .outcome = item->outcome,
	    .how = item->outcome_how,
	    .why = item->outcome_why,
	};
	set_options(arena, item, &tally, decision_r);
	set_answers(arena, votes, n, members, n_members, reader_id, decision_r);
	return TD_OK;
}
