/* SPDX-License-Identifier: ISC */
/*
 * section_label: whether a line is a section's label, and what people put around one: headings,
 * bold, numbers, bullets, pictures, rulers ("## Done", "**Next:**", "1. Done", "=== Done ===").
 * What is around it goes first, then the word must be one of the table, whole.
 */
#include "config.h"

#include "parsers/section.h"

#include <string.h>

#include "parsers/base/utf8.h"

#define LABEL_MAX 40
#define AROUND_MAX 8 /* marks before a label */

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
    {"blockaden", SECTION_BLOCKED, false}, {"in arbeit", SECTION_NEXT, false},
    {"ziel", SECTION_GOALS, true}, {"notiz", SECTION_NOTES, true},
    {"nächste", SECTION_NEXT, true}, {"gemacht", SECTION_DONE, true},
    /* French */
    {"fait", SECTION_DONE, false}, {"hier", SECTION_DONE, false}, {"terminé", SECTION_DONE, false},
    {"aujourd'hui", SECTION_NEXT, false}, {"à faire", SECTION_NEXT, false},
    {"ensuite", SECTION_NEXT, false}, {"demain", SECTION_NEXT, false},
    {"prochaines étapes", SECTION_NEXT, false}, {"bloqué", SECTION_BLOCKED, false},
    {"blocages", SECTION_BLOCKED, false}, {"bloquants", SECTION_BLOCKED, false},
    {"objectifs", SECTION_GOALS, false}, {"temps", SECTION_TIME, false},
    {"remarques", SECTION_NOTES, false}, {"en cours", SECTION_NEXT, false},
    {"bloquée", SECTION_BLOCKED, false}, {"objectif", SECTION_GOALS, true},
    {"remarque", SECTION_NOTES, true}, {"suivant", SECTION_NEXT, true},
    /* Spanish */
    {"hecho", SECTION_DONE, false}, {"ayer", SECTION_DONE, false},
    {"terminado", SECTION_DONE, false}, {"hoy", SECTION_NEXT, false},
    {"siguiente", SECTION_NEXT, false}, {"próximo", SECTION_NEXT, false},
    {"próximos pasos", SECTION_NEXT, false}, {"mañana", SECTION_NEXT, false},
    {"bloqueado", SECTION_BLOCKED, false}, {"bloqueos", SECTION_BLOCKED, false},
    {"objetivos", SECTION_GOALS, false}, {"metas", SECTION_GOALS, false},
    {"tiempo", SECTION_TIME, false}, {"notas", SECTION_NOTES, false},
    {"en curso", SECTION_NEXT, false}, {"bloqueada", SECTION_BLOCKED, false},
    {"impedimento", SECTION_BLOCKED, true}, {"objetivo", SECTION_GOALS, true},
    {"nota", SECTION_NOTES, true},
    /* Portuguese */
    {"feito", SECTION_DONE, false}, {"ontem", SECTION_DONE, false},
    {"concluído", SECTION_DONE, false}, {"hoje", SECTION_NEXT, false},
    {"a seguir", SECTION_NEXT, false}, {"próximos passos", SECTION_NEXT, false},
    {"amanhã", SECTION_NEXT, false}, {"bloqueios", SECTION_BLOCKED, false},
    {"impedimentos", SECTION_BLOCKED, false}, {"tempo", SECTION_TIME, false},
    {"observações", SECTION_NOTES, false}, {"em andamento", SECTION_NEXT, false},
    {"bloqueio", SECTION_BLOCKED, true},
    /* Dutch */
    {"gedaan", SECTION_DONE, false}, {"gisteren", SECTION_DONE, false},
    {"klaar", SECTION_DONE, false}, {"vandaag", SECTION_NEXT, false},
    {"volgende", SECTION_NEXT, false}, {"hierna", SECTION_NEXT, false},
    {"geblokkeerd", SECTION_BLOCKED, false}, {"blokkades", SECTION_BLOCKED, false},
    {"belemmeringen", SECTION_BLOCKED, false}, {"doelen", SECTION_GOALS, false},
    {"tijd", SECTION_TIME, false}, {"uren", SECTION_TIME, false},
    {"notities", SECTION_NOTES, false}, {"opmerkingen", SECTION_NOTES, false},
    {"mee bezig", SECTION_NEXT, false}, {"doel", SECTION_GOALS, true},
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

/* ---- what stands around a label ------------------------------------------------------------- */

/* The length of a picture, an arrow or the like at the beginning: U+2000 to U+2BFF but for quotes
 * and dashes, U+1F000 on, and what modifies them; "1" as a key's picture. */
static size_t
sign_length(struct span s)
{
	const unsigned char *c = (const unsigned char *)s.ptr;

	if (s.len >= 7 && *s.ptr >= '0' && *s.ptr <= '9' &&
	    memcmp(s.ptr + 1, "\xef\xb8\x8f\xe2\x83\xa3", 6) == 0)
		return 7;
	if (s.len >= 4 && c[0] == 0xf0 && c[1] == 0x9f)
		return 4;
	if (s.len >= 3 && c[0] == 0xef && c[1] == 0xb8 && c[2] == 0x8f)
		return 3;
	if (s.len >= 3 && c[0] == 0xe2 && c[1] < 0xb0 && !(c[1] == 0x80 && c[2] < 0xa2))
		return 3;
	return s.len >= 2 && c[0] == 0xc2 && c[1] == 0xbb ? 2 : 0;
}

/* ":white_check_mark:" */
static size_t
shortcode_length(struct span s)
{
	size_t n = 1;

	if (s.len < 4 || *s.ptr != ':')
		return 0;
	while (n < s.len && ((s.ptr[n] >= 'a' && s.ptr[n] <= 'z') || s.ptr[n] == '_' ||
		(s.ptr[n] >= '0' && s.ptr[n] <= '9')))
		n++;
	return n > 2 && n < s.len && s.ptr[n] == ':' ? n + 1 : 0;
}

/* Takes such bytes off the beginning; gives how many. */
static size_t
take_run(struct span *s, const char *bytes)
{
	size_t n = 0;

	while (n < s->len && strchr(bytes, s->ptr[n]) != NULL)
		n++;
	*s = span_skip(*s, n);
	return n;
}

static bool
take_signs(struct span *s)
{
	size_t n;
	bool any = false;

	while ((n = sign_length(*s)) > 0 || (n = shortcode_length(*s)) > 0) {
		*s = span_trim(span_skip(*s, n));
		any = true;
	}
	return any;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* One mark before the label; false when there is none. */
static bool
take_lead(struct span *s, struct section_label *label)
{
	struct span rest = *s;

	if (s->len > 1 && is_letter(s->ptr[0]) && is_letter(s->ptr[1]))
		return false; /* a word already */
	if (!label->heading && take_run(&rest, "#") > 0) {
		if (s->len - rest.len > 6 || rest.len == 0 || *rest.ptr != ' ')
			return false;
		label->heading = true;
	} else if (label->list == SECTION_NO_LIST && *s->ptr != '*' && section_bullet(*s, &rest)) {
		label->list = *s->ptr >= '0' && *s->ptr <= '9' ? SECTION_NUMBERS : SECTION_BULLETS;
	} else if (rest = *s, take_run(&rest, "*_") > 0) {
		label->bold = true;
	} else if (rest = *s, take_signs(&rest)) {
		label->sign = true;
	} else if (rest = *s, take_run(&rest, "=-~") > 1 && rest.len > 0 && *rest.ptr == ' ') {
		label->ruled = true;
	} else
		return false;
	*s = span_trim(rest);
	return s->len > 0;
}

/* Marks behind the word of a label: bold that ends, pictures, "-", "###". */
static struct span
without_tail(struct span word, struct section_label *label)
{
	static const char *const dashes[] = {"\xe2\x80\x93", "\xe2\x80\x94"};
	size_t before;

	do {
		word = span_rtrim(word);
		before = word.len;
		if (label->bold)
			while (word.len > 0 && strchr("*_", word.ptr[word.len - 1]) != NULL)
				word.len--;
		while (word.len > 0 && strchr("#=~-", word.ptr[word.len - 1]) != NULL) {
			label->ruled = true;
			word.len--;
		}
		for (size_t i = 0; i < 2; i++)
			if (span_ends(word, span_of(dashes[i]))) {
				label->ruled = true;
				word.len -= 3;
			}
		for (size_t n = 2; n <= 4 && n < word.len; n++)
			if (sign_length(span_skip(word, word.len - n)) == n) {
				label->sign = true;
				word.len -= n;
				break;
			}
	} while (word.len < before);
	return word;
}

/* "Y" alone: the caller looks for the bullets below it. */
static bool
is_capital(struct span word)
{
	return word.len == 1 && *word.ptr >= 'A' && *word.ptr <= 'Z';
}

/* Splits at the first colon, an ASCII one or a wide one. */
static bool
split_colon(struct span line, struct span *word_r, struct span *text_r)
{
	struct span head = span_first(line, LABEL_MAX + 8);
	size_t colon = span_find_byte(head, ':'), wide = span_find(head, SPAN("\xef\xbc\x9a"));

	*word_r = span_first(line, colon < head.len ? colon : wide);
	if (colon < head.len)
		*text_r = span_skip(line, colon + 1);
	else if (wide < head.len)
		*text_r = span_skip(line, wide + 3);
	return colon < head.len || wide < head.len;
}

/* "Done - the login page": at the first dash between spaces. */
static bool
split_dash(struct span line, struct span *word_r, struct span *text_r)
{
	static const char *const dashes[] = {" - ", " \xe2\x80\x93 ", " \xe2\x80\x94 "};
	struct span head = span_first(line, LABEL_MAX + 8);

	if (span_find_byte(head, '-') == head.len && span_find_byte(head, '\xe2') == head.len)
		return false; /* as most lines */
	for (size_t i = 0; i < sizeof(dashes) / sizeof *dashes; i++) {
		size_t at = span_find(head, span_of(dashes[i]));

		if (at == head.len)
			continue;
		*word_r = span_first(line, at);
		*text_r = span_skip(line, at + strlen(dashes[i]));
		return true;
	}
	return false;
}

/* "**Done:** text", "_Done:_ text": what closes the bold is no text. */
static struct span
without_bold(struct span text)
{
	struct span rest = span_trim(text);

	(void)take_run(&rest, "*_");
	return rest;
}

bool
section_label(struct arena *arena, struct span line, struct section_label *label_r)
{
	struct section_label label = {.list = SECTION_NO_LIST};
	struct span word, text = {"", 0};

	if (line.len == 0 || *line.ptr == ' ' || *line.ptr == '\t' || *line.ptr == '>')
		return false;
	line = span_trim(line);
	for (unsigned i = 0; i < AROUND_MAX && line.len > 0 && take_lead(&line, &label); i++)
		;
	if (line.len > 2 && *line.ptr == '[' && line.ptr[line.len - 1] == ']') {
		line = span_first(span_skip(line, 1), line.len - 2);
		label.ruled = true;
	}
	label.colon = split_colon(line, &word, &text);
	if (label.bold)
		text = without_bold(text);
	if (!label.colon)
		word = line;
	word = without_tail(word, &label);
	label.marked = label.colon || label.heading || label.bold;
	if (!find_label(arena, word, label.marked || is_capital(word), &label.kind)) {
		if (label.colon || !split_dash(line, &word, &text) ||
		    !find_label(arena, span_trim(word), false, &label.kind))
			return false;
		label.dashed = true;
	}
	label.text = span_trim(text);
	*label_r = label;
	return true;
}

bool
section_ruler(struct span line)
{
	struct span rest = span_trim(line);

	if (rest.len < 3 || strchr("=-~_*", *rest.ptr) == NULL)
		return false;
	for (size_t i = 1; i < rest.len; i++)
		if (rest.ptr[i] != *rest.ptr)
			return false;
	return true;
}
