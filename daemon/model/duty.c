/* SPDX-License-Identifier: ISC */
/* duty: see duty.h. */
#include "config.h"

#include "daemon/model/duty.h"

struct building {
	const struct duty *duty;
	bool anyway; /* absences do not count */
	int64_t by_id;
	int64_t *chain;
	size_t n;
};

static const struct duty_person *
find(const struct duty *duty, int64_t id)
{
	for (size_t i = 0; i < duty->n_people; i++)
		if (duty->people[i].id == id)
			return &duty->people[i];
	return NULL;
}

static bool
is_here(const struct duty *duty, int64_t id)
{
	const struct duty_person *person = find(duty, id);

	return person != NULL && !person->away;
}

/* The person, or who covers for them; 0 where neither is here. */
static int64_t
stand_in(const struct duty *duty, int64_t id)
{
	const struct duty_person *person = find(duty, id);

	if (person == NULL)
		return 0;
	if (!person->away)
		return id;
	return is_here(duty, person->cover_id) ? person->cover_id : 0;
}

/* The index of the week's turn; the days before the first one belong to the last. */
static size_t
turn_index(const struct duty *duty, int64_t today)
{
	int64_t days = today - duty->first_day, n = (int64_t)duty->n_turns;
	int64_t week = days >= 0 ? days / 7 : -((6 - days) / 7);

	return (size_t)(((week % n) + n) % n);
}

int64_t
duty_turn(const struct duty *duty, int64_t today)
{
	return duty->n_turns > 0 ? duty->turns[turn_index(duty, today)] : 0;
}

int64_t
duty_on_call(const struct duty *duty, int64_t today)
{
	size_t first = duty->n_turns > 0 ? turn_index(duty, today) : 0;
	int64_t id = duty->n_turns > 0 ? stand_in(duty, duty->turns[first]) : 0;

	for (size_t i = 1; id == 0 && i < duty->n_turns; i++)
		if (is_here(duty, duty->turns[(first + i) % duty->n_turns]))
			id = duty->turns[(first + i) % duty->n_turns];
	return id;
}

static void
add(struct building *b, int64_t id)
{
	if (!b->anyway && id != 0)
		id = stand_in(b->duty, id);
	if (id == 0 || id == b->by_id || find(b->duty, id) == NULL || b->n == DUTY_CHAIN_MAX)
		return;
	for (size_t i = 0; i < b->n; i++)
		if (b->chain[i] == id)
			return;
	b->chain[b->n++] = id;
}

static void
build(struct building *b, int64_t today, int64_t for_id)
{
	const struct duty *duty = b->duty;

	add(b, for_id);
	add(b, b->anyway ? duty_turn(duty, today) : duty_on_call(duty, today));
	for (size_t i = 0; i < duty->n_emergency; i++)
		add(b, duty->emergency[i]);
	for (size_t i = 0; i < duty->n_people; i++)
		if (duty->people[i].lead)
			add(b, duty->people[i].id);
}

size_t
duty_chain(const struct duty *duty, int64_t today, int64_t for_id, int64_t by_id,
    int64_t chain[DUTY_CHAIN_MAX])
{
	struct building b = {.duty = duty, .by_id = by_id, .chain = chain};

	build(&b, today, for_id);
	if (b.n == 0) {
		b.anyway = true;
		build(&b, today, for_id);
	}
	return b.n;
}

int64_t
duty_next(const int64_t *chain, size_t n_chain, const int64_t *calls, size_t n_calls)
{
	for (size_t i = 0; i < n_chain; i++) {
		size_t n = 0;

		for (size_t k = 0; k < n_calls; k++)
			n += calls[k] == chain[i];
		if (n < DUTY_CALLS)
			return chain[i];
	}
	return 0;
}
