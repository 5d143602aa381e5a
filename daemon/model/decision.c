/* SPDX-License-Identifier: ISC */
/* decision: see decision.h. */
#include "config.h"

#include "daemon/model/decision.h"

#include <string.h>

#include "parsers/base/num.h"
#include "parsers/base/utf8.h"

static const char *const choice_names[] = {"agree", "object", "abstain", "option"};

const char *
vote_choice_name(enum vote_choice choice)
{
	return choice_names[choice];
}

bool
vote_choice_parse(const char *name, enum vote_choice *choice_r)
{
	for (size_t i = 0; name != NULL && i < sizeof choice_names / sizeof *choice_names; i++) {
		if (strcmp(choice_names[i], name) == 0) {
			*choice_r = (enum vote_choice)i;
			return true;
		}
	}
	return false;
}

/* ---- options ------------------------------------------------------------------------------- */

static const char *
list_options(struct arena *arena, const struct item *item)
{
	const char *list = "";

	for (size_t i = 0; i < item->n_options; i++)
		list = arena_printf(arena, "%s%s%zu %s", list, i > 0 ? ", " : "", i + 1,
		    item->options[i]);
	return list;
}

/* The one option that begins so; NULL and *several_r where more than one does. */
static const char *
beginning(struct arena *arena, const struct item *item, const char *folded, bool *several_r)
{
	const char *found = NULL;

	*several_r = false;
	for (size_t i = 0; i < item->n_options; i++) {
		struct span option = span_of(utf8_fold(arena, span_of(item->options[i])));

		if (!span_starts(option, span_of(folded)))
			continue;
		*several_r = found != NULL;
		if (found != NULL)
			return NULL;
		found = item->options[i];
	}
	return found;
}

const char *
decision_option(struct arena *arena, const struct item *item, const char *text,
    const char **why_r)
{
	struct span written = span_trim(span_of(text));
	const char *folded = utf8_fold(arena, written), *found;
	uint32_t number;
	bool several = false;

	for (size_t i = 0; i < item->n_options; i++)
		if (strcmp(utf8_fold(arena, span_of(item->options[i])), folded) == 0)
			return item->options[i];
	if (num_u32(written, UINT32_MAX, &number) && number >= 1 && number <= item->n_options)
		return item->options[number - 1];
	found = written.len > 0 ? beginning(arena, item, folded, &several) : NULL;
	if (found == NULL)
		*why_r = arena_printf(arena, "\"%.*s\" %s; the options are: %s",
		    SPAN_FMT(utf8_cut(written, 100)),
		    several ? "may be more than one" : "is none of them",
		    list_options(arena, item));
	return found;
}

/* ---- counting ------------------------------------------------------------------------------ */

static void
count_vote(const struct item *item, const struct vote *vote, struct decision_tally *tally)
{
	tally->answered++;
	switch (vote->choice) {
	case VOTE_AGREE:
		tally->agree++;
		break;
	case VOTE_OBJECT:
		tally->object++;
		break;
	case VOTE_ABSTAIN:
		tally->abstain++;
		break;
	case VOTE_OPTION:
		break;
	}
	for (size_t i = 0; i < item->n_options && i < DECISION_OPTIONS_MAX; i++)
		if (vote->option != NULL && strcmp(vote->option, item->options[i]) == 0)
			tally->votes[i]++;
}

void
decision_count(const struct item *item, const struct vote *votes, size_t n,
    const struct member *members, size_t n_members, struct decision_tally *tally_r)
{
	*tally_r = (struct decision_tally){0};
	for (size_t m = 0; m < n_members; m++) {
		if (members[m].role < ROLE_MEMBER)
			continue;
		tally_r->asked++;
		for (size_t i = 0; i < n; i++)
			if (votes[i].person_id == members[m].person.id)
				count_vote(item, &votes[i], tally_r);
	}
}

bool
decision_at_deadline(const struct item *item, const struct decision_tally *tally,
    const char **outcome_r, const char **how_r)
{
	size_t best = 0, level = 0;

	if (tally->object > 0)
		return false;
	if (item->n_options == 0) {
		*outcome_r = DECISION_AGREED;
		*how_r = tally->agree > 0 ? "vote" : "default";
		return true;
	}
	for (size_t i = 1; i < item->n_options && i < DECISION_OPTIONS_MAX; i++) {
		if (tally->votes[i] > tally->votes[best])
			best = i, level = 0;
		else if (tally->votes[i] == tally->votes[best])
			level++;
	}
	if (level > 0 || tally->votes[best] == 0) {
		best = 0; /* which is shown as the default, whatever is level */
		*how_r = "default";
	} else {
		*how_r = "vote";
	}
	*outcome_r = item->options[best];
	return true;
}
