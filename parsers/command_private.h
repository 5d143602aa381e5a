/* SPDX-License-Identifier: ISC */
/*
 * What the files of command share: a line being read. Each shape of verb has one function that
 * takes what it knows off p->rest and returns false after command_fail. Words are ended by white
 * space; a comma or semicolon after a word does not belong to it.
 */
#ifndef TD_COMMAND_PRIVATE_H
#define TD_COMMAND_PRIVATE_H

#include "parsers/command.h"
#include "parsers/verb.h"
#include "parsers/when.h"

#define COMMAND_ITEMS 200
#define COMMAND_PEOPLE 50
#define COMMAND_TAGS 100
#define COMMAND_TEXT 10000

struct command_parser {
	struct arena *arena;
	const struct command_context *context;
	const struct verb *verb;
	struct span args; /* all that stands behind the verb */
	struct span rest;
	bool offered; /* a line to copy, read to see whether it can be: it is not mended again */
	struct reading_command *command;
	size_t cap_items, cap_people, cap_tags, cap_tags_off;
	const char *why;
	const char *suggestion;
};

/* Sets why, and as suggestion the verb's first example; returns false. */
bool command_fail(struct command_parser *p, const char *fmt, ...) TD_PRINTF(2, 3);
/* The same with the line to copy: "/VERB " and this. */
bool command_fail_with(struct command_parser *p, const char *suggestion, const char *fmt, ...)
    TD_PRINTF(3, 4);
/* Fails; if one of the words is near to the next one on the line, that one is offered. */
bool command_fail_word(struct command_parser *p, const char *const *words, size_t n,
    const char *why);
/* Fails where a person is wanted; a plain name is offered with its "@". */
bool command_fail_person(struct command_parser *p, const char *why);
/* From a refusal of a date or a duration. */
bool command_refuse(struct command_parser *p, const struct refusal *refusal, const char *what);
/* The same where refusal->suggestion is all that stands behind the verb and the items. */
bool command_refuse_whole(struct command_parser *p, const struct refusal *refusal,
    const char *what);

/* The next word, still on p->rest, and taking it off. Without a comma at its end. */
struct span command_peek(const struct command_parser *p);
void command_skip_word(struct command_parser *p);

/* Each takes one such thing off p->rest if it stands there. */
bool command_take_word(struct command_parser *p, const char *word); /* case ignored */
bool command_take_items(struct command_parser *p);  /* one or more "#n" */
bool command_take_person(struct command_parser *p); /* "@ana", "ana@example.org" */
bool command_take_clock(struct command_parser *p, uint32_t *minutes_r); /* "8:30", "5pm" */
/* An amount of time; flags are those of duration.h. */
bool command_take_duration(struct command_parser *p, unsigned flags, struct refusal *refusal_r);
bool command_take_when(struct command_parser *p, enum when_tense tense, struct refusal *refusal_r);

void command_add_item(struct command_parser *p, uint32_t item);
/* The rest of the line as text, NULL when empty; cut at COMMAND_TEXT. */
void command_take_text(struct command_parser *p);
bool command_at_end(struct command_parser *p); /* nothing is left, else command_fail */

/*
 * command_rest.c: what was read of the line before p->rest, and whether a colon ends it; the line
 * with what is refused replaced, or NULL; and refusals of what is left: of anything, and of what
 * begins with a figure that may be a time of day, or with a second date.
 */
struct span command_head(const struct command_parser *p);
bool command_is_parted(const struct command_parser *p);
const char *command_mended(struct command_parser *p, const struct refusal *refusal);
bool command_no_rest(struct command_parser *p);
bool command_no_figures(struct command_parser *p);

struct when_context command_when_context(const struct command_parser *p, enum when_tense tense);

/* Whether a line to copy is read as a command. */
bool command_is_read(struct arena *arena, const struct command_context *context, const char *line);

/* command_suggest.c: refuses a verb that there is not, with the line that may have been meant. */
enum command_result command_unknown(struct arena *arena, const struct command_context *context,
    struct span word, struct span rest, struct reading_error *error);
/* "13", "13, 14", "and 14", "#13/14": numbers, and what joins them, and no other word. */
bool command_is_numbers(struct span text);
/* "/take 13" as "/take #13": the line with "#" before the numbers it begins with, or NULL. */
const char *command_with_numbers(struct arena *arena, const struct command_context *context,
    const struct verb *verb, struct span rest);

/* "#42" with nothing else; false also for 0 and for too large a number. */
bool command_is_item(struct span word, uint32_t *item_r);
/* "@ana" or an address: the name without '@'; false for what cannot be a name. */
bool command_is_person(struct span word, struct span *name_r);
/* "+web": letters, digits and . _ - after the sign. */
bool command_is_marked(struct span word, char mark, struct span *name_r);

/* Shapes: command_time.c */
bool command_due(struct command_parser *p);
bool command_snooze(struct command_parser *p);
bool command_estimate(struct command_parser *p);
bool command_off(struct command_parser *p);
bool command_remind(struct command_parser *p);
bool command_meet(struct command_parser *p);
bool command_week(struct command_parser *p);
bool command_judge(struct command_parser *p);
/* Shapes: command_spend.c */
bool command_spend(struct command_parser *p);
/* Shapes: command_person.c */
bool command_hours(struct command_parser *p);
bool command_zone(struct command_parser *p);
bool command_digest(struct command_parser *p);
bool command_checkin(struct command_parser *p);
bool command_ack(struct command_parser *p);
bool command_lang(struct command_parser *p);
bool command_invite(struct command_parser *p);
/* Shapes: command_item.c */
bool command_state(struct command_parser *p);
bool command_people(struct command_parser *p);
bool command_priority(struct command_parser *p);
bool command_tag(struct command_parser *p);
bool command_project(struct command_parser *p);
bool command_depends(struct command_parser *p);
bool command_block(struct command_parser *p);
bool command_decide(struct command_parser *p);
bool command_vote(struct command_parser *p);
bool command_resolve(struct command_parser *p);
bool command_handover(struct command_parser *p);
bool command_page(struct command_parser *p);
bool command_list(struct command_parser *p);

#endif
