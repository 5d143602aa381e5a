/* SPDX-License-Identifier: ISC */
/* store/person: people, their addresses and memberships. A look-up that finds nothing is TD_OK
 * with *person_r NULL; removed people are found by id only. Addresses are lower case. */
#ifndef TD_STORE_PERSON_H
#define TD_STORE_PERSON_H

#include "daemon/model/person.h"
#include "daemon/store/db.h"

/* Adds the person with person->address as the primary one. NULL fields get their defaults (zone
 * is needed); handle NULL: made from the address, with a number where it is taken. Sets id and
 * handle. TD_PERM when the address is taken. */
TD_CHECK enum td_status person_add(struct db *db, struct arena *arena, struct person *person,
    int64_t now, struct err *err);
/* Writes name, handle, zone, hours, lang, digest, checkin, ack back. TD_PERM when the handle is
 * another's. */
TD_CHECK enum td_status person_update(struct db *db, const struct person *person,
    struct err *err);
/* Ends all memberships, frees the addresses; the history keeps the name. */
TD_CHECK enum td_status person_remove(struct db *db, int64_t id, int64_t now, struct err *err);
/* Takes the rows of a person away as if they had never been added; *gone_r false, and nothing is
 * changed, where another row (a mail, an event) refers to them. What waits to be told to them goes
 * with them. In a transaction. */
TD_CHECK enum td_status person_drop(struct db *db, int64_t id, bool *gone_r, struct err *err);
TD_CHECK enum td_status person_by_id(struct db *db, struct arena *arena, int64_t id,
    struct person **person_r, struct err *err);
TD_CHECK enum td_status person_by_address(struct db *db, struct arena *arena,
    const char *address, struct person **person_r, struct err *err);
TD_CHECK enum td_status person_by_handle(struct db *db, struct arena *arena, const char *handle,
    struct person **person_r, struct err *err);
TD_CHECK enum td_status person_list(struct db *db, struct arena *arena, struct person **people_r,
    size_t *n_r, struct err *err);

struct person_address {
	const char *address;
	int64_t person_id;
	const char *zone; /* of the person */
	bool is_primary;
	const char *delivery; /* "ok", "soft", "hard" */
	int64_t delivery_at;
	const char *delivery_why;
};
/* TD_PERM, and whose it is, when the address is that of another person than person_id or another
 * team than team_id (0: none): mail to one address goes to one of them. */
TD_CHECK enum td_status address_free(struct db *db, const char *address, int64_t person_id,
    int64_t team_id, struct err *err);
TD_CHECK enum td_status person_address_add(struct db *db, int64_t person_id, const char *address,
    bool is_primary, struct err *err);
TD_CHECK enum td_status person_address_remove(struct db *db, const char *address,
    struct err *err);
/* All addresses (of one person, or of all with person_id 0) with their zones: what the parser
 * reads dates against. */
TD_CHECK enum td_status person_addresses(struct db *db, struct arena *arena, int64_t person_id,
    struct person_address **addresses_r, size_t *n_r, struct err *err);
/* Notes what a bounce said of an address; *known_r: whether it is one of ours. */
TD_CHECK enum td_status person_set_delivery(struct db *db, const char *address,
    const char *delivery, const char *why, int64_t now, bool *known_r, struct err *err);

/* A mail came from that address: whatever bounces said of it holds no more. */
TD_CHECK enum td_status person_writes(struct db *db, const char *address, int64_t now,
    struct err *err);

/* ---- membership ------------------------------------------------------------------------- */

TD_CHECK enum td_status member_set(struct db *db, int64_t team_id, int64_t person_id,
    enum role role, int64_t now, struct err *err);
TD_CHECK enum td_status member_remove(struct db *db, int64_t team_id, int64_t person_id,
    struct err *err);
TD_CHECK enum td_status member_role(struct db *db, int64_t team_id, int64_t person_id,
    enum role *role_r, struct err *err); /* ROLE_NONE when no member */
/* Whether the person leads the team, and nobody else does. */
TD_CHECK enum td_status member_only_lead(struct db *db, int64_t team_id, int64_t person_id,
    bool *only_r, struct err *err);
/* Members of a team, by name. */
TD_CHECK enum td_status member_list(struct db *db, struct arena *arena, int64_t team_id,
    struct member **members_r, size_t *n_r, struct err *err);

struct membership {
	int64_t team_id;
	int64_t person_id;
	enum role role;
};
/* Teams of a person, in the order they were joined. */
TD_CHECK enum td_status membership_list(struct db *db, struct arena *arena, int64_t person_id,
    struct membership **list_r, size_t *n_r, struct err *err);

#endif
