/* SPDX-License-Identifier: ISC */
/*
 * keys: the one table of what may stand in the configuration file. conf.c reads by it, the
 * complaints quote it, and a test holds tidings.conf(5) to it. To add a key: a field in conf.h, a
 * row in keys.c, a paragraph in doc/tidings.conf.5.in.
 */
#ifndef TD_CONF_KEYS_H
#define TD_CONF_KEYS_H

#include <stddef.h>
#include <stdint.h>

enum key_type {
	KEY_TEXT,    /* const char *: any text without control characters */
	KEY_NAME,    /* const char *: letters, digits, '-' and '_' */
	KEY_HOST,    /* const char *: host name or address */
	KEY_URL,     /* const char *: https://... */
	KEY_HEX,     /* const char *: SHA-256 as 64 hex digits, ':' between them allowed */
	KEY_PATH,    /* const char *: a file that need not be there; its folder must */
	KEY_FILE,    /* const char *: a file that must be there */
	KEY_FOLDER,  /* const char *: a folder that must be there */
	KEY_RUN_DIR, /* const char *: a folder that need not be there now */
	KEY_BOOL,    /* bool */
	KEY_WORD,    /* an enum: the index of the word in `words` */
	KEY_U16,
	KEY_U32,
	KEY_U64,
};

struct conf_key {
	const char *name;
	enum key_type type;
	size_t offset;            /* in the struct of the section */
	uint64_t min, max;        /* of a number; of a text its length */
	uint64_t def;             /* of a number, a bool or a word */
	const char *def_text;     /* of a text; NULL: none */
	const char *const *words; /* ends with NULL */
	const char *doc;          /* what it is, in a few words, for complaints */
};

enum section_shape {
	CONF_TOP,   /* the file itself */
	CONF_GROUP, /* name: { ... } */
	CONF_LIST,  /* name: ( { ... }, { ... } ) */
};

struct conf_section {
	const char *name; /* "" for the file itself */
	enum section_shape shape;
	size_t size;      /* of one element of a list, else 0 */
	const struct conf_key *keys;
	size_t n_keys;
};

extern const struct conf_section conf_sections[];
extern const size_t conf_n_sections;

enum { CONF_SECTION_TOP, CONF_SECTION_STORE, CONF_SECTION_MAILBOXES, CONF_SECTION_TRANSPORTS,
	CONF_SECTION_OAUTH, CONF_SECTION_FORMS, CONF_SECTION_TRUST, CONF_SECTION_LIMITS,
	    CONF_SECTION_LOG };

#endif
