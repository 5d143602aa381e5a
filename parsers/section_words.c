/* SPDX-License-Identifier: ISC */
/* section_words: bullets, and the words for "nothing". */
#include "config.h"

#include <string.h>

#include "parsers/base/utf8.h"
#include "parsers/section.h"

bool
section_bullet(struct span line, struct span *text_r)
{
	static const char *const signs[] = {"\xe2\x80\xa2", "\xc2\xb7", "\xe2\x97\xa6",
	    "\xe2\x96\xaa",
		"\xe2\x80\x93", "—", "-", "*", "+", "o"};
	size_t digits = 0;

	line = span_trim(line);
	for (size_t i = 0; i < sizeof(signs) / sizeof *signs; i++) {
		size_t n = strlen(signs[i]);

		if (!span_starts(line, span_of(signs[i])) || line.len <= n ||
		    (line.ptr[n] != ' ' && line.ptr[n] != '\t'))
			continue;
		*text_r = span_trim(span_skip(line, n));
		return text_r->len > 0;
	}
	while (digits < line.len && digits < 3 && line.ptr[digits] >= '0' &&
	    line.ptr[digits] <= '9')
		digits++;
	if (digits == 0 || digits + 1 >= line.len || strchr(".)", line.ptr[digits]) == NULL ||
	    line.ptr[digits + 1] != ' ')
		return false;
	*text_r = span_trim(span_skip(line, digits + 1));
	return text_r->len > 0;
}

/* ---- nothing -------------------------------------------------------------------------------- */

#define NOTHING_MAX 60

/* Words that say "nothing", and those that may stand beside one without adding a thing. */
static const char *const nothing_words[] = {"none", "nothing", "no", "n/a", "na", "nil", "nope",
    "-", "--", "—", "keine", "nichts", "keiner", "kein", "nein", "aucun", "rien", "non",
    "néant", "nada", "ninguno", "ninguna", "nenhum", "nenhuma", "não", "geen", "niets", "nee"};
static const char *const idle_words[] = {"thanks", "thank", "you", "today", "yet", "new", "really",
    "currently", "now", "right", "for", "at", "the", "moment", "so", "far", "me", "blocks",
    "blocking", "blocked", "blockers", "blocker", "to", "report", "special", "danke", "heute",
    "derzeit", "bisher", "neues", "blockiert", "mich", "hindernisse", "merci", "aujourd'hui",
    "pour", "le", "moment", "de", "nouveau", "blocage", "hoy", "gracias", "por", "ahora",
    "bloqueos", "hoje", "obrigado", "obrigada", "agora", "bloqueios", "vandaag", "bedankt", "dank",
    "je", "nu", "toe", "blokkades", "nieuws"};

static bool
is_word_of(struct span word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_is(word, words[i]))
			return true;
	return false;
}

bool
section_is_none(struct arena *arena, struct span text)
{
	struct span rest, word;
	bool any = false;

	if (text.len > NOTHING_MAX)
		return false;
	rest = span_trim(span_of(utf8_fold(arena, text)));
	while (rest.len > 0) {
		word = span_first(rest, span_find_byte(rest, ' '));
		rest = span_trim(span_skip(rest, word.len));
		while (word.len > 1 && strchr(".,;!:)(", word.ptr[word.len - 1]) != NULL)
			word.len--;
		if (is_word_of(word, nothing_words, sizeof nothing_words / sizeof *nothing_words))
			any = true;
		else if (!any ||
		    !is_word_of(word, idle_words, sizeof idle_words / sizeof *idle_words))
			return false;
	}
	return any;
}
