/* SPDX-License-Identifier: ISC */
/*
 * subject: what a subject says (GRAMMAR 2 and 3). Reply and forward marks of many languages and
 * tags of lists and gateways are stripped first; then come a prefix ("task:"), a bare question
 * ("list mine"), an item ("[#42]"), a reply token, a project ("[web]"), fields at the end
 * ("+web @ana p1 due:fri #bug est:3h") and Roundup's suffix ("[status=done;watch=+ben]").
 */
#ifndef TD_SUBJECT_H
#define TD_SUBJECT_H

#include "parsers/grammar_private.h"

struct subject {
	bool is_reply;
	bool is_forward;
	enum target_kind kind;
	const char *prefix;   /* the word that decided, NULL without */
	struct span rest;     /* what stands after marks, tags, prefix and token */
	const char *command;  /* "/done #4": a whole command line as the subject of a new mail */
	const char *question; /* "/list mine" for a subject that is a question or an undo */
};

/* The prefix or plus tag of that name; KIND_NONE when there is none. */
enum target_kind subject_kind(struct span word);

/* First step: marks, prefix, item and token; sets target.item and target.token. */
void subject_read(struct grammar *g, struct span text, struct subject *subject_r);

/* Second step: the title, and the fields around it. Errors have line 0. */
void subject_fields(struct grammar *g, const struct subject *subject);

#endif
