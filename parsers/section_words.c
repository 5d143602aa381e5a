/* SPDX-License-Identifier: ISC */
/* section_words: labels, bullets, and the words for "nothing". */
#include "config.h"

#include <string.h>

#include "parsers/base/utf8.h"
#include "parsers/section.h"

#define LABEL_MAX 40

static const struct {
	const char *word; /* case folded */
	enum section_kind kind;
	bool colon; /* too short to stand without one */
} labels[] = {
    {"done", SECTION_DONE, false}, {"yesterday", SECTION_DONE, false}, {"y", SECTION_DONE, true},
    {"completed", SECTION_DONE, false}, {"finished", SECTION_DONE, false},
    {"next", SECTION_NEXT, false}, {"today", SECTION_NEXT, false}, {"t", SECTION_NEXT, true},
    {"tomorrow", SECTION_NEXT, false}, {"plan", SECTION_NEXT, false}, {"todo", SECTION_NEXT, false},
    {"in progress", SECTION_NEXT, false}, {"next steps", SECTION_NEXT, false},
    {"up next", SECTION_NEXT, false}, {"to do", SECTION_NEXT, false},
    {"blocked", SECTION_BLOCKED, false}, {"blockers", SECTION_BLOCKED, false},
    {"blocker", SECTION_BLOCKED, false}, {"b", SECTION_BLOCKED, true},
    {"impediments", SECTION_BLOCKED, false},
    {"goals", SECTION_GOALS, false}, {"goal", SECTION_GOALS, false}, {"g", SECTION_GOALS, true},
    {"time", SECTION_TIME, false}, {"notes", SECTION_NOTES, false}, {"note", SECTION_NOTES, true},
    /* German */
    {"erledigt", SECTION_DONE, false}, {"gestern", SECTION_DONE, false},
    {"fertig", SECTION_DONE, false}, {"heute", SECTION_NEXT, false},
    {"als nächstes", SECTION_NEXT, false}, {"nächstes", SECTION_NEXT, false},
    {"nächste schritte", SECTION_NEXT, false}, {"morgen", SECTION_NEXT, false},
    {"blockiert", SECTION_BLOCKED, false}, {"blocker", SECTION_BLOCKED, false},
    {"hindernisse", SECTION_BLOCKED, false}, {"ziele", SECTION_GOALS, false},
    {"zeit", SECTION_TIME, false}, {"zeiten", SECTION_TIME, false},
    {"notizen", SECTION_NOTES, false}, {"hinweise", SECTION_NOTES, false},
    /* French */
    {"fait", SECTION_DONE, false}, {"hier", SECTION_DONE, false}, {"terminé", SECTION_DONE, false},
    {"aujourd'hui", SECTION_NEXT, false}, {"à faire", SECTION_NEXT, false},
    {"ensuite", SECTION_NEXT, false}, {"demain", SECTION_NEXT, false},
    {"prochaines étapes", SECTION_NEXT, false}, {"bloqué", SECTION_BLOCKED, false},
    {"blocages", SECTION_BLOCKED, false}, {"bloquants", SECTION_BLOCKED, false},
    {"objectifs", SECTION_GOALS, false}, {"temps", SECTION_TIME, false},
    {"remarques", SECTION_NOTES, false},
    /* Spanish */
    {"hecho", SECTION_DONE, false}, {"ayer", SECTION_DONE, false},
    {"terminado", SECTION_DONE, false}, {"hoy", SECTION_NEXT, false},
    {"siguiente", SECTION_NEXT, false}, {"próximo", SECTION_NEXT, false},
    {"próximos pasos", SECTION_NEXT, false}, {"mañana", SECTION_NEXT, false},
    {"bloqueado", SECTION_BLOCKED, false}, {"bloqueos", SECTION_BLOCKED, false},
    {"objetivos", SECTION_GOALS, false}, {"metas", SECTION_GOALS, false},
    {"tiempo", SECTION_TIME, false}, {"notas", SECTION_NOTES, false},
    /* Portuguese */
    {"feito", SECTION_DONE, false}, {"ontem", SECTION_DONE, false},
    {"concluído", SECTION_DONE, false}, {"hoje", SECTION_NEXT, false},
    {"a seguir", SECTION_NEXT, false}, {"próximos passos", SECTION_NEXT, false},
    {"amanhã", SECTION_NEXT, false}, {"bloqueios", SECTION_BLOCKED, false},
    {"impedimentos", SECTION_BLOCKED, false}, {"tempo", SECTION_TIME, false},
    {"observações", SECTION_NOTES, false},
    /* Dutch */
    {"gedaan", SECTION_DONE, false}, {"gisteren", SECTION_DONE, false},
    {"klaar", SECTION_DONE, false}, {"vandaag", SECTION_NEXT, false},
    {"volgende", SECTION_NEXT, false}, {"hierna", SECTION_NEXT, false},
    {"geblokkeerd", SECTION_BLOCKED, false}, {"blokkades", SECTION_BLOCKED, false},
    {"belemmeringen", SECTION_BLOCKED, false}, {"doelen", SECTION_GOALS, false},
    {"tijd", SECTION_TIME, false}, {"uren", SECTION_TIME, false},
    {"notities", SECTION_NOTES, false}, {"opmerkingen", SECTION_NOTES, false},
};

static bool
find_label(struct arena *arena, struct span word, bool colon, enum section_kind *kind_r)
{
	struct span folded;
	const char *apostrophe;
	char *copy;

	if (word.len == 0 || word.len > LABEL_MAX)
		return false;
	copy = utf8_fold(arena, word);
	/* a typographic apostrophe is a plain one */
	apostrophe = strstr(copy, "\xe2\x80\x99");
	folded = span_of(apostrophe == NULL ? copy : arena_printf(arena, "%.*s'%s",
	    (int)(apostrophe - copy), copy, apostrophe + 3));
	for (size_t i = 0; i < sizeof(labels) / sizeof *labels; i++)
		if (span_is(folded, labels[i].word) && (colon || !labels[i].colon)) {
			*kind_r = labels[i].kind;
			return true;
		}
	return false;
}

/* Takes marks like "##" or "**" off; *n_r counts them. */
static struct span
without_lead(struct span s, const char *marks, unsigned *n_r)
{
	*n_r = 0;
	while (s.len > 0 && strchr(marks, *s.ptr) != NULL) {
		s = span_skip(s, 1);
		++*n_r;
	}
	return s;
}

static struct span
without_tail(struct span s, const char *marks)
{
	while (s.len > 0 && strchr(marks, s.ptr[s.len - 1]) != NULL)
		s.len--;
	return s;
}

/* Takes off what people put before a label with a colon: a bullet, a number, a sign as
 * of a tick. */
static struct span
without_mark(struct span line, bool *found_r)
{
	struct span text, rest = line, word;

	*found_r = line.len > 0 && *line.ptr != '*' && section_bullet(line, &text);
	if (*found_r)
		return text;
	/* pictures and arrows: U+2000 to U+2BFF, and U+1F000 on */
	if (!span_next_word(&rest, &word) || word.len > 12 || word.len < 3 ||
	    !((unsigned char)*word.ptr == 0xe2 ? (unsigned char)word.ptr[1] < 0xb0 :
	    span_starts(word, SPAN("\xf0\x9f"))))
		return line;
	*found_r = true;
	return span_trim(rest);
}

/* "Y" alone: the caller looks for the bullets below it. */
static bool
is_capital(struct span word)
{
	return word.len == 1 && *word.ptr >= 'A' && *word.ptr <= 'Z';
}

bool
section_label(struct arena *arena, struct span line, enum section_kind *kind_r,
    struct span *text_r, bool *marked_r)
{
	unsigned hashes, stars;
	size_t colon, wide;
	struct span word, text = {"", 0};
	struct span whole = line, bullet;
	bool has_colon, sign;

	if (line.len == 0 || *line.ptr == ' ' || *line.ptr == '\t' || *line.ptr == '>')
		return false;
	line = without_lead(span_trim(line), "#", &hashes);
	if (hashes > 6 || (hashes > 0 && (line.len == 0 || *line.ptr != ' ')))
		return false;
	line = without_mark(span_trim(line), &sign);
	line = without_lead(span_trim(line), "*_", &stars);
	colon = span_find_byte(span_first(line, LABEL_MAX + 8), ':');
	wide = span_find(span_first(line, LABEL_MAX + 8), SPAN("\xef\xbc\x9a"));
	has_colon = colon < line.len && colon < LABEL_MAX + 8;
	if (!has_colon && wide < line.len && wide < LABEL_MAX + 8) {
		colon = wide;
		has_colon = true;
	}
	word = has_colon ? span_first(line, colon) : without_tail(line, "#");
	if (has_colon)
		text = span_skip(line, colon + (line.ptr[colon] == ':' ? 1 : 3));
	if (stars > 0) {
		unsigned n;

		text = without_lead(span_trim(text), "*_", &n);
		text = span_ends(text, SPAN("**")) ? text : without_tail(text, "_");
	}
	word = span_trim(without_tail(span_trim(word), stars > 0 ? "*_" : ""));
	*marked_r = has_colon || hashes > 0 || stars > 0;
	if (sign && (!has_colon || (span_trim(text).len > 0 && section_bullet(whole, &bullet))))
		return false;
	if (!find_label(arena, word, *marked_r || is_capital(word), kind_r))
		return false;
	*text_r = span_trim(text);
	return true;
}

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
