/* SPDX-License-Identifier: ISC */
/* stub: see stub.h. */
#include "config.h"

#include "parsers/stub.h"

#include <stddef.h>

#include "parsers/links.h"

#define WORD_MIN 3  /* letters of a word that counts */
#define WORDS_MIN 3 /* such words without which nothing is said */

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* The length of a link or a picture's name at the beginning of s; 0 without. */
static size_t
placeholder_len(struct span s)
{
	static const char *const names[] = {"[image", "[cid:", "[inline image", "[bild",
	    "[logo", "[imagen", "[afbeelding", "[imagem", "[mailto:"};
	size_t n = links_at(s).len;

	for (size_t i = 0; i < sizeof names / sizeof *names && n == 0; i++)
		if (span_istarts(s, span_of(names[i])) && span_find_byte(s, ']') < s.len)
			n = span_find_byte(s, ']') + 1;
	return n;
}

/* The next word of at least WORD_MIN letters that is no part of a link; false without one. */
static bool
next_word(struct span *rest, struct span *word_r)
{
	while (rest->len > 0) {
		size_t n = placeholder_len(*rest);

		if (n > 0) {
			*rest = span_skip(*rest, n);
			continue;
		}
		while (n < rest->len && is_letter(rest->ptr[n]))
			n++;
		*word_r = span_first(*rest, n);
		*rest = span_skip(*rest, n > 0 ? n : 1);
		if (n >= WORD_MIN)
			return true;
	}
	return false;
}

/* A letter or a digit outside of links and pictures. */
static bool
has_text(struct span s)
{
	while (s.len > 0) {
		size_t n = placeholder_len(s);

		if (n == 0 && (is_letter(*s.ptr) || (*s.ptr >= '0' && *s.ptr <= '9')))
			return true;
		s = span_skip(s, n > 0 ? n : 1);
	}
	return false;
}

static bool
has_command(struct span text)
{
	struct span line;

	while (span_next_line(&text, &line))
		if (line.len > 1 && *line.ptr == '/' && is_letter(line.ptr[1]))
			return true;
	return false;
}

/* "This is an HTML message; use an HTML viewer", "HTML only", "... kein HTML anzeigen". */
static bool
points_at_html(struct span plain)
{
	static const char *const words[] = {"viewer", "browser", "compatible", "compliant",
	    "capable", "enable", "support", "view", "client", "reader", "version", "only",
	    "message", "format", "display", "anzeig", "darstell", "affich", "visuali", "lire",
	    "weergeven", "weergave", "exibir", "mostrar", "programm"};

	bool html = span_ifind(plain, SPAN("html")) < plain.len, any = false;
	struct span line;

	/* Every line of it: where something else is said, it is a text. */
	while (html && span_next_line(&plain, &line)) {
		size_t i = 0;

		while (i < sizeof words / sizeof *words &&
		    span_ifind(line, span_of(words[i])) == line.len)
			i++;
		any |= i < sizeof words / sizeof *words;
		html = i < sizeof words / sizeof *words || !has_text(line) ||
		    span_ifind(line, SPAN("html")) < line.len;
	}
	return html && any;
}

/* Enough words, and none of them stands in the other text. */
static bool
shares_no_word(struct span plain, struct span other)
{
	size_t words = 0;
	struct span word;

	while (next_word(&plain, &word)) {
		words++;
		if (span_ifind(other, word) < other.len)
			return false;
	}
	return words >= WORDS_MIN;
}

/* What could not be decoded may well be the same. */
static bool
says_something(struct span html)
{
	size_t words = 0;
	struct span word, rest = html;

	while (words < WORDS_MIN && next_word(&rest, &word))
		words++;
	return words == WORDS_MIN && span_find(html, SPAN("\xEF\xBF\xBD")) == html.len;
}

bool
stub_may_be(struct span plain, struct span html)
{
	plain = span_trim(plain);
	return plain.len <= STUB_MAX && !has_command(plain) &&
	    (!has_text(plain) || points_at_html(plain) || shares_no_word(plain, html));
}

bool
stub_is(struct span plain, struct span html)
{
	plain = span_trim(plain);
	return stub_may_be(plain, html) && has_text(html) &&
	    (!has_text(plain) || points_at_html(plain) || says_something(html));
}
