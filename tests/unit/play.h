/* SPDX-License-Identifier: ISC */
/*
 * play: random mails of two teams of six people, for tests of what must hold whatever is written.
 *
 *	play_open(&play, seed)          a store with the cast in it
 *	play_write(&play, arena, &mail) a mail that somebody could write now: it looks at the store
 *	play_take(&play, &mail, now)    through the parser and intake, as in the daemon
 *	play_close(&play)
 *
 * The same seed gives the same mails. What is written comes from the tables of play.c: one line a
 * form of a command. A mail names the items by the mail that made them, so it can be taken again
 * in another order or another store, where they have other numbers.
 */
#ifndef TD_PLAY_H
#define TD_PLAY_H

#include "tests/unit/intake-fixture.h"

#define PLAY_TOUCHES 48
#define PLAY_MAILS 20000

/* What of an item a line looks at or changes. */
enum play_field {
	PLAY_EXISTS = 1 << 0, /* all that names an item looks at this */
	PLAY_STATE = 1 << 1,
	PLAY_OWNERS = 1 << 2,
	PLAY_DUE = 1 << 3,
	PLAY_PRIORITY = 1 << 4,
	PLAY_TAGS = 1 << 5,
	PLAY_TITLE = 1 << 6,
	PLAY_ESTIMATE = 1 << 7,
	PLAY_SNOOZE = 1 << 8,
	PLAY_WATCHERS = 1 << 9,
	PLAY_NEXT = 1 << 10, /* what was last said to be next on it, and who is to take it over */
	PLAY_ALL = (1 << 11) - 1,
	/* not of one item: an entry takes the project of an item that a timer names, and a circle
	 * goes through items that the line does not name; a call goes to who is there */
	PLAY_PROJECT = 1 << 11,
	PLAY_LINKS = 1 << 12,
	PLAY_TEAM = 1 << 13,
	PLAY_EVERYWHERE = PLAY_PROJECT | PLAY_LINKS | PLAY_TEAM,
	PLAY_STATES = 1 << 14, /* looks at the state of items that the line does not name */
};

/* Six people, and their roles in the two teams. */
extern const struct play_person {
	const char *handle, *zone;
	enum role roles[2];
} play_cast[6];

struct play_touch {
	bool is_person;
	size_t id; /* the mail that made the item; or the place in the cast */
	unsigned reads, writes;
};

struct play_mail {
	size_t id; /* from 0, in the order in which they were written */
	size_t author, team;
	const char *subject, *body; /* "#{12}": the item that mail 12 made; "{code:12}": its code */
	int64_t date;
	int line;  /* of the table, where the mail holds one alone; -1 */
	struct play_touch touches[PLAY_TOUCHES];
	size_t n_touches;
};

struct play_item {
	size_t mail, team;
	uint32_t number; /* 0: not yet taken, or it made none */
};

struct play {
	struct inbox in;
	uint64_t random;
	bool one_team;
	size_t n_mails;
	int64_t clock; /* date of the last mail */
	struct team teams[2];
	int64_t people[ARRAY_LEN(play_cast)];
	struct play_item items[PLAY_MAILS];
	size_t n_items;
	size_t made_by[PLAY_MAILS]; /* mail → place in items, PLAY_MAILS without */
	int64_t message[PLAY_MAILS]; /* mail → row */
	struct play_touch *touches[PLAY_MAILS];
	size_t n_touches[PLAY_MAILS];
	struct arena *arena; /* of one mail */
	struct arena *whole; /* of the play */
};

void play_open(struct play *play, uint64_t seed);
void play_close(struct play *play);

void play_write(struct play *play, struct arena *arena, struct play_mail *mail_r);
/* In a transaction of the caller, in a savepoint of its own. */
void play_take(struct play *play, const struct play_mail *mail, int64_t now);
/* The code of that mail; "" when it changed nothing. */
const char *play_code(struct play *play, const struct play_mail *mail);

/* Who wrote it. */
const char *play_address(struct play *play, const struct play_mail *mail);

uint64_t play_random(struct play *play, uint64_t below);

/* Would another order of the two give another state? */
bool play_conflict(const struct play_mail *a, const struct play_mail *b);

/* Lines of the table: their text, and whether the verb has its effect yet. */
extern const size_t play_n_lines;
const char *play_line(size_t line, bool *later_r);

#endif
