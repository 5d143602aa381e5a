/* SPDX-License-Identifier: ISC */
/*
 * person: somebody we know, and how one is found among the members of a team by what people
 * write: "@ana", "Ana", "Ana Lima", "ana@example.org".
 */
#ifndef TD_MODEL_PERSON_H
#define TD_MODEL_PERSON_H

#include <stddef.h>
#include <stdint.h>

#include "parsers/base/arena.h"
#include "parsers/base/span.h"
#include "daemon/model/team.h"

struct person {
	int64_t id;
	const char *name;
	const char *handle;   /* lower case, unique: "ana" */
	const char *zone;     /* IANA */
	const char *hours;    /* working hours: "mon-fri 09:00-17:00" */
	const char *lang;
	const char *digest;   /* "daily 08:30", "weekly mon 09:00", "off" */
	const char *checkin;  /* "16:30" or "off" */
	const char *ack;      /* "always", "new", "errors" */
	const char *address;  /* the primary one, lower case; NULL only after all were removed */
	const char *delivery; /* of that address: "ok", "soft", "hard" */
	int64_t created_at;
	int64_t removed_at;   /* 0: not removed */
};

struct member {
	struct person person;
	enum role role;
	int64_t since; /* when they joined */
};

/*
 * The member that the text means: an address, else a handle, else a whole name, else a first
 * name (case and "@" don't matter). NULL when none or several fit; *why_r is then a sentence
 * for the writer, in the arena. "me" is self_id.
 */
const struct member *person_match(struct arena *arena, const struct member *members, size_t n,
    struct span text, int64_t self_id, const char **why_r);

/* A handle made from the address ("Ana.Lima@x" gives "ana.lima"): lower case letters, digits,
 * '.', '-', '_'; "person" when nothing is left. */
char *person_handle_from(struct arena *arena, const char *address);

/*
 * The local date of a moment in a zone, "2026-11-27", in the arena; UTC's where the zone is not
 * known on this machine.
 */
const char *person_day(struct arena *arena, const char *zone, int64_t at);

#endif
