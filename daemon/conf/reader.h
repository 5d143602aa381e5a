/* SPDX-License-Identifier: ISC */
/*
 * reader: what the pieces of conf_load share while one file is read. Each piece complains with
 * conf_complain and goes on, so that one run names everything that is wrong.
 */
#ifndef TD_CONF_READER_H
#define TD_CONF_READER_H

#include <stdbool.h>
#include <stddef.h>

#include <libconfig.h>

#include "parsers/base/arena.h"
#include "parsers/base/err.h"
#include "parsers/base/span.h"
#include "daemon/conf/conf.h"
#include "daemon/conf/keys.h"

#define CONF_FILE_MAX (1024u * 1024)
#define CONF_LIST_MAX 10000u
#define CONF_COMPLAINTS_MAX 200u

struct conf_complaint {
	int line; /* 0: about the file as a whole */
	const char *text;
};

struct conf_reader {
	struct arena *arena;
	const char *path;
	const char *dir; /* of path: relative paths in the file start there */
	void (*tell)(void *user, const char *line);
	void *user;
	size_t complaints;
	struct conf_complaint *told; /* the first CONF_COMPLAINTS_MAX of them */
	size_t n_told, told_cap;
	struct conf *conf;
};

/* One complaint, "FILE:LINE: text"; line 0: about the file as a whole. They are told at the end, in
 * the order of their lines. */
void conf_complain(struct conf_reader *r, int line, const char *fmt, ...) TD_PRINTF(3, 4);

/* source.c: the bytes of the file, terminated; and what libconfig would swallow silently
 * (includes, and numbers that it would cut to 32 bits) or tell with another line than that of the
 * mistake: quotes and brackets that are not closed. */
TD_CHECK enum td_status conf_source_read(struct conf_reader *r, struct span *text_r,
    struct err *err);
void conf_source_scan(struct conf_reader *r, struct span text);

/* value.c: checks one value against its row of the table and stores it at base + offset. */
void conf_set_default(const struct conf_key *key, void *base);
void conf_take_value(struct conf_reader *r, const struct conf_key *key,
    const config_setting_t *setting, void *base);

/* check.c: what no single key shows: secrets, duplicates, plain connections. */
void conf_check(struct conf_reader *r);

/* oauth.c: what follows from the provider, and which group each server means; then the checks. */
void conf_oauth_fill(struct conf_reader *r);
void conf_oauth_check(struct conf_reader *r);

/* secret.c: whether the file of a secret may be used at all (regular, closed to others). */
TD_CHECK enum td_status conf_secret_file_check(const char *path, struct err *err);

#endif
