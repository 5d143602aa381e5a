/* SPDX-License-Identifier: ISC */
/*
 * duty: who is on call, and whom a call that nobody answers goes to next. Turns are weeks, from
 * Monday on, in the order of a list. Who is away is stood in for by their cover, else by the next
 * of the list. Pure: people, absences and the day are parameters.
 *
 *	named person → on call → emergency contacts → leads      each once, the caller never
 *
 * A person is called DUTY_CALLS times before the next one is. If all of them are away they are
 * called nevertheless: somebody must hear.
 */
#ifndef TD_MODEL_DUTY_H
#define TD_MODEL_DUTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DUTY_CHAIN_MAX 8      /* people that one call reaches at most */
#define DUTY_CALLS 3          /* mails to each */
#define DUTY_SECONDS 300      /* between two mails */
#define DUTY_LIST_MAX 50      /* people in a rotation */

struct duty_person { /* a member of the team, no guest */
	int64_t id;
	int64_t cover_id; /* while away; 0: nobody */
	bool away;        /* for the whole of their day, or the half of it that it is now */
	bool lead;
};

struct duty {
	const int64_t *turns; /* the rotation: person ids */
	size_t n_turns;
	int64_t first_day;    /* Monday of the first turn, days since 1970 */
	const int64_t *emergency;
	size_t n_emergency;
	const struct duty_person *people; /* all members; who is not among them is not called */
	size_t n_people;
};

/* Whose week it is, away or not; 0 without a rotation. */
int64_t duty_turn(const struct duty *duty, int64_t today);
/* Who is on call today: them, their cover, or the next one who is here; 0: nobody. */
int64_t duty_on_call(const struct duty *duty, int64_t today);

/* Whom a call goes to, in order; for_id 0: nobody is named. Gives the number in chain. */
size_t duty_chain(const struct duty *duty, int64_t today, int64_t for_id, int64_t by_id,
    int64_t chain[DUTY_CHAIN_MAX]);

/* The next person to be called, after those calls (person ids, oldest first); 0: all were. */
int64_t duty_next(const int64_t *chain, size_t n_chain, const int64_t *calls, size_t n_calls);

#endif
