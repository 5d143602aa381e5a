/* SPDX-License-Identifier: ISC */
/* bare: see bare.h. A line is put as the slash command it stands for, and read as that. */
#include "config.h"

#include "parsers/bare.h"

#include <string.h>

#include "parsers/base/utf8.h"
#include "parsers/command_private.h"
#include "parsers/duration.h"

#define WORD_MAX_BYTES 64
#define LINE_MAX_BYTES 500

struct bare_word {
	const char *word; /* case folded */
	const char *verb;
};

/* With "#n", or in a reply to an item. */
static const struct bare_word state_words[] = {
	{"done", "done"}, {"start", "start"}, {"reopen", "reopen"}, {"unblock", "unblock"},
	{"take", "take"},
	{"erledigt", "done"}, {"fertig", "done"}, {"starte", "start"}, {"wiederöffnen", "reopen"},
	{"entsperrt", "unblock"}, {"nehme ich", "take"}, {"übernehme", "take"},
	{"fait", "done"}, {"terminé", "done"}, {"commencer", "start"}, {"rouvrir", "reopen"},
	{"débloquer", "unblock"}, {"débloqué", "unblock"}, {"je prends", "take"},
	{"hecho", "done"}, {"terminado", "done"}, {"empezar", "start"}, {"reabrir", "reopen"},
	{"desbloquear", "unblock"}, {"desbloqueado", "unblock"}, {"tomar", "take"},
	{"feito", "done"}, {"concluído", "done"}, {"começar", "start"}, {"pegar", "take"},
	{"klaar", "done"}, {"gedaan", "done"}, {"starten", "start"}, {"heropenen", "reopen"},
	{"deblokkeren", "unblock"}, {"neem ik", "take"},
	{"wieder öffnen", "reopen"}, {"entsperren", "unblock"}, {"démarrer", "start"},
	{"iniciar", "start"}, {"assumir", "take"}, {"pego eu", "take"}, {"lo tomo", "take"},
};

/* Alone on the line. */
static const struct bare_word single_words[] = {
	{"stop", "stop"}, {"stopp", "stop"}, {"skip", "skip"}, {"same", "same"}, {"away", "away"},
	{"überspringen", "skip"}, {"auslassen", "skip"}, {"wie gestern", "same"},
	{"dasselbe", "same"},
	{"abwesend", "away"}, {"passer", "skip"}, {"pareil", "same"}, {"idem", "same"},
	{"absent", "away"}, {"absente", "away"}, {"saltar", "skip"}, {"igual", "same"},
	{"lo mismo", "same"}, {"ausente", "away"}, {"pular", "skip"}, {"o mesmo", "same"},
	{"overslaan", "skip"}, {"hetzelfde", "same"},
	{"zelfde", "same"}, {"sauter", "skip"}, {"afwezig", "away"}, {"parar", "stop"},
	{"anhalten", "stop"}, {"arrêter", "stop"}, {"detener", "stop"}, {"stoppen", "stop"},
};

/* Before a code. */
static const char *const undo_words[] = {"undo ", "rückgängig ", "annuler ", "deshacer ",
    "desfazer ", "ongedaan "};

static const char *
find_word(const struct bare_word *words, size_t n, struct span word)
{
	for (size_t i = 0; i < n; i++)
		if (span_is(word, words[i].word))
			return words[i].verb;
	return NULL;
}

#define STATE(word) find_word(state_words, sizeof(state_words) / sizeof *state_words, word)
#define SINGLE(word) find_word(single_words, sizeof(single_words) / sizeof *single_words, word)

/* Items and nothing else, at least one: "#42 #43", "#42, #43". */
static bool
is_items(struct span s)
{
	struct span word;
	uint32_t item;
	bool any = false;

	while (span_next_word(&s, &word)) {
		if (word.len > 1 && word.ptr[word.len - 1] == ',')
			word.len--;
		if (!command_is_item(word, &item))
			return false;
		any = true;
	}
	return any;
}

/* An amount with its unit: "2h", "1h30", "90 min"; "1:30" may as well be a time of day. */
static bool
has_unit(struct span amount)
{
	for (size_t i = 0; i < amount.len; i++)
		if ((amount.ptr[i] | 0x20) >= 'a' && (amount.ptr[i] | 0x20) <= 'z')
			return true;
	return false;
}

static size_t
amount_prefix(struct arena *arena, struct span text, const struct command_context *context)
{
	struct refusal refusal = {NULL, NULL};
	int64_t seconds;
	size_t n;

	if (text.len == 0 || *text.ptr < '0' || *text.ptr > '9')
		return 0;
	n = duration_prefix(arena, text, 0, context->day_seconds, &seconds, &refusal);
	return n > 0 && has_unit(span_first(text, n)) ? n : 0;
}

/* "#42 2h [note]", "2h #42 [note]", and "2h" in a reply: as "/spend 2h #42 note". */
static const char *
as_spend(struct arena *arena, struct span line, bool is_reply, bool alone,
    const struct command_context *context)
{
	struct span rest = line, word, note;
	uint32_t item;
	size_t n;

	if (span_next_word(&rest, &word) && command_is_item(word, &item)) {
		rest = span_trim(rest);
		n = amount_prefix(arena, rest, context);
		if (n == 0 || (n < rest.len && rest.ptr[n] != ' '))
			return NULL;
		return arena_printf(arena, "/spend %.*s #%u %.*s", SPAN_FMT(span_first(rest, n)),
		    (unsigned)item, SPAN_FMT(span_trim(span_skip(rest, n))));
	}
	n = amount_prefix(arena, line, context);
	if (n == 0)
		return NULL;
	note = span_trim(span_skip(line, n));
	if (note.len == 0)
		return is_reply &&
		    alone ? arena_printf(arena, "/spend %.*s", SPAN_FMT(line)) : NULL;
	rest = note;
	if (!span_next_word(&rest, &word) || !command_is_item(word, &item))
		return NULL;
	return arena_printf(arena, "/spend %.*s", SPAN_FMT(line));
}

static bool
is_code(struct span word)
{
	bool digit = false;

	if (word.len < 4 || word.len > 32)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
			return false;
		digit |= c >= '0' && c <= '9';
	}
	/* "undo this" is prose: a code has a digit or is in capitals */
	for (size_t i = 0; i < word.len && !digit; i++)
		if (word.ptr[i] >= 'a')
			return false;
	return true;
}

/* The slash command that the line stands for, or NULL. folded is the line, case folded. */
static const char *
translate(struct arena *arena, struct span line, struct span folded, bool is_reply, bool alone)
{
	size_t hash = span_find_byte(folded, '#');
	struct span word = span_rtrim(span_first(folded, hash));
	const char *verb;

	for (size_t i = 0; i < sizeof(undo_words) / sizeof *undo_words; i++) {
		struct span code = span_trim(span_skip(line, strlen(undo_words[i])));

		/* folding keeps the length of these words */
		if (span_starts(folded, span_of(undo_words[i])) && is_code(code))
			return arena_printf(arena, "/undo %.*s", SPAN_FMT(code));
	}
	if (hash == folded.len) {
		verb = alone ? SINGLE(word) : NULL;
		if (verb == NULL && alone && is_reply)
			verb = STATE(word);
		return verb != NULL ? arena_printf(arena, "/%s", verb) : NULL;
	}
	if (hash > 0) {
		verb = STATE(word);
		if (verb == NULL || !is_items(span_skip(folded, hash)))
			return NULL;
		return arena_printf(arena, "/%s %.*s", verb, SPAN_FMT(span_skip(folded, hash)));
	}
	hash = span_find_byte(folded, ' ');
	verb = STATE(span_trim(span_skip(folded, hash)));
	if (verb == NULL || !is_items(span_first(folded, hash)))
		return NULL;
	return arena_printf(arena, "/%s %.*s", verb, SPAN_FMT(span_first(folded, hash)));
}

/* Most lines are prose and need no closer look: no number, no "#", and too long for a word. */
static bool
may_be_bare(struct span line, bool alone)
{
	bool undo = false;

	for (size_t i = 0; i < sizeof(undo_words) / sizeof *undo_words; i++)
		undo |= (*line.ptr | 0x20) == *undo_words[i];
	return (*line.ptr >= '0' && *line.ptr <= '9') || (undo && line.len <= WORD_MAX_BYTES) ||
	    (alone && line.len <= WORD_MAX_BYTES) || span_find_byte(line, '#') < line.len;
}

bool
bare_parse(struct arena *arena, struct span line, uint32_t number, bool is_reply, bool alone,
    const struct command_context *context, struct reading_command *command_r)
{
	struct reading_command command;
	struct reading_error error;
	const char *text;

	line = span_rtrim(line);
	if (line.len == 0 || line.len > LINE_MAX_BYTES || *line.ptr == ' ' || *line.ptr == '\t' ||
	    *line.ptr == '/' || !may_be_bare(line, alone))
		return false;
	text = translate(arena, line, span_of(utf8_fold(arena, line)), is_reply, alone);
	if (text == NULL)
		text = as_spend(arena, line, is_reply, alone, context);
	if (text == NULL ||
	    command_parse(arena, span_of(text), number, context, &command, &error) != COMMAND_GOOD)
		return false;
	command.bare = true;
	command.source = arena_span(arena, utf8_cut(line, 200));
	*command_r = command;
	return true;
}

bool
bare_refused(struct arena *arena, struct span line, uint32_t number,
    const struct command_context *context, struct reading_error *error_r)
{
	struct reading_command command;
	struct span rest, word = {"", 0};
	const char *text;
	uint32_t item;

	line = span_rtrim(line);
	if (line.len == 0 || line.len > LINE_MAX_BYTES || !may_be_bare(line, false))
		return false;
	text = as_spend(arena, line, false, false, context);
	if (text == NULL)
		return false;
	rest = span_of(text);
	while (span_next_word(&rest, &word) && !command_is_item(word, &item))
		;
	rest = span_trim(rest);
	return rest.len > 0 && *rest.ptr >= '0' && *rest.ptr <= '9' &&
	    command_parse(arena, span_of(text), number, context, &command, error_r) == COMMAND_BAD;
}

const char *
bare_verb(struct arena *arena, struct span word)
{
	struct span folded = span_of(utf8_fold(arena, utf8_cut(word, WORD_MAX_BYTES)));
	const char *verb = STATE(folded);

	return verb != NULL ? verb : SINGLE(folded);
}
