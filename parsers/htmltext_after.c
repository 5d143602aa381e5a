/* SPDX-License-Identifier: ISC */
/*
 * htmltext_after: what is known of an HTML mail only when all of it was seen: whether a signature
 * ends the author's part, and whether the author wrote answers into the quote, in a color of
 * their own ("see my answers in red below"). When unsure, both stay what they were.
 */
#include "config.h"

#include "parsers/htmltext_private.h"

#include <string.h>

#include "parsers/trim_private.h"

#define ABOVE_MAX 2000       /* bytes above the quote that are looked at */
#define SIGNATURE_LINES 15
#define ALL_HUES ((1u << HUES) - 2u)

/* ---- answers -------------------------------------------------------------------------------- */

/* What people call the color of an answer. Black, gray and the dark blue of old Outlook quotes
 * are none. */
enum hue
html_hue(int32_t color)
{
	int r = color >> 16 & 0xFF, g = color >> 8 & 0xFF, b = color & 0xFF;

	if (color < 0)
		return HUE_NONE;
	if (r >= 0x90 && g <= r / 3 && b <= r / 3)
		return HUE_RED;
	if (r >= 0xC0 && g > r / 3 && g <= r * 3 / 4 && b <= r / 3)
		return HUE_ORANGE;
	if (g >= 0x50 && r <= g * 2 / 3 && b <= g * 3 / 4)
		return HUE_GREEN;
	if (b >= 0x80 && r <= b / 2 && g <= b * 3 / 4)
		return HUE_BLUE;
	if (r >= 0x50 && b >= 0x50 && g <= (r < b ? r : b) * 2 / 3)
		return HUE_PURPLE;
	return HUE_NONE;
}

bool
html_in_quote(const struct html *h)
{
	return h->quotes > 0 || h->region || (h->cite && h->olders > 0);
}

static enum hue
hue_at_hand(const struct html *h)
{
	/* Links are blue for everybody; what has a ground of its own is a banner. */
	for (size_t i = h->depth; i > 0; i--)
		if (h->stack[i - 1].kind == TAG_LINK)
			return HUE_NONE;
	if (!h->seen.colored || (h->seen.ground != 0xFFFFFF && h->seen.ground != HTML_NO_COLOR))
		return HUE_NONE;
	return html_hue(h->seen.color);
}

bool
html_is_answer(const struct html *h)
{
	return html_in_quote(h) && (h->answers & 1u << hue_at_hand(h)) != 0;
}

void
html_count_letters(struct html *h, struct span s)
{
	size_t n = 0;

	if (h->answers != 0 || !html_in_quote(h))
		return;
	for (size_t i = 0; i < s.len; i++)
		n += (unsigned char)s.ptr[i] > ' ';
	h->quoted += n;
	if (h->seen.colored)
		h->hued[hue_at_hand(h)] += n;
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool
has_word(struct span text, const char *word)
{
	struct span w = span_of(word);

	while (text.len > 0) {
		size_t at = span_ifind(text, w);

		if (at == text.len)
			return false;
		if ((at == 0 || !is_letter(text.ptr[at - 1])) &&
		    (at + w.len == text.len || !is_letter(text.ptr[at + w.len])))
			return true;
		text = span_skip(text, at + 1);
	}
	return false;
}

static bool
has_any(struct span text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (has_word(text, *words))
			return true;
	return false;
}

/* The hues that the author's text names: "in red", "in rot", "en rouge". */
static unsigned
named_hues(struct span above)
{
	static const char *const red[] = {"in red", "in rot", "rot markiert", "en rouge", "en rojo",
	    "em vermelho", "a vermelho", "in het rood", "in rood", "in rosso", "red text",
	    "red font", NULL};
	static const char *const green[] = {"in green", "in gr\xC3\xBCn", "en vert", "en verde",
	    "em verde", "a verde", "in het groen", "in groen", "in verde", NULL};
	static const char *const blue[] = {"in blue", "in blau", "en bleu", "en azul", "em azul",
	    "a azul", "in het blauw", "in blauw", "in blu", NULL};
	static const char *const purple[] = {"in purple", "in lila", "in violett", "en violet",
	    "en morado", "em roxo", "in het paars", "in paars", "in viola", NULL};
	static const char *const orange[] = {"in orange", "en orange", "en naranja", "em laranja",
	    "in het oranje", "in oranje", "in arancione", NULL};

	return (unsigned)has_any(above, red) << HUE_RED |
	    (unsigned)has_any(above, green) << HUE_GREEN |
	    (unsigned)has_any(above, blue) << HUE_BLUE |
	    (unsigned)has_any(above, purple) << HUE_PURPLE |
	    (unsigned)has_any(above, orange) << HUE_ORANGE;
}

/* "See my comments inline", "meine Antworten unten": without naming a color. */
static bool
says_inline(struct span above)
{
	static const char *const sure[] = {"inline", "in-line", "in line", "in color", "in colour",
	    "farbig", "en couleur", "en color", "em cor", "in kleur", NULL};
	static const char *const what[] = {"answers", "answer", "comments", "replies", "responses",
	    "remarks", "antworten", "kommentare", "anmerkungen", "r\xC3\xA9ponses",
	    "commentaires", "respuestas", "comentarios", "respostas", "coment\xC3\xA1rios",
	    "antwoorden", "opmerkingen", NULL};
	static const char *const where[] = {"below", "in the text", "unten", "im text",
	    "ci-dessous", "dans le texte", "abajo", "en el texto", "abaixo", "no texto",
	    "hieronder", "in de tekst", NULL};

	return has_any(above, sure) || (has_any(above, what) && has_any(above, where));
}

unsigned
html_find_answers(const struct html *h)
{
	struct span above = span_first(buf_span(&h->out), h->quote_from);
	unsigned hues, answers = 0;

	if (!h->quote_seen || h->quoted == 0)
		return 0;
	above = span_first(above, ABOVE_MAX);
	hues = named_hues(above);
	if (hues == 0 && says_inline(above))
		hues = ALL_HUES;
	/* A color that most of the quote has is the quote's. */
	for (unsigned hue = 1; hue < HUES; hue++)
		if ((hues & 1u << hue) != 0 && h->hued[hue] > 0 && h->hued[hue] < h->quoted / 2)
			answers |= 1u << hue;
	return answers;
}

/* ---- signatures ----------------------------------------------------------------------------- */

/* Nothing that looks like more than a visiting card. */
static bool
is_card(struct span text)
{
	struct span line;
	size_t lines = 0;

	while (span_next_line(&text, &line)) {
		lines += line.len > 0;
		if (line.len > 1 && *line.ptr == '/' && is_letter(line.ptr[1]))
			return false;
	}
	return lines > 0 && lines <= SIGNATURE_LINES;
}

void
html_settle_signature(struct html *h)
{
	struct span between = span_trim(span_skip(buf_span(&h->out), h->signature_to)), rest, line;
	size_t lines = 0;

	if (h->signature_state != SIGNATURE_UNSURE)
		return;
	for (rest = between; span_next_line(&rest, &line);)
		lines += line.len > 0;
	/* "On Thursday Ben wrote:" */
	if (lines <= 2 && (span_ends(between, SPAN(":")) ||
	        span_ends(between, SPAN("\xEF\xBC\x9A"))))
		h->signature_state = SIGNATURE_QUOTE;
}

/* "Kind regards," above the name: trim takes both for what they are. */
static bool
is_closing(struct span line)
{
	struct fold fold = {.len = 0};

	line = span_trim(line);
	return line.len > 0 && fold_add(&fold, line) && words_is_closing(fold_span(&fold));
}

/* The last line of text that is not empty. */
static struct span
last_line(struct span text)
{
	size_t begin;

	text = span_rtrim(text);
	for (begin = text.len; begin > 0 && text.ptr[begin - 1] != '\n';)
		begin--;
	return span_skip(text, begin);
}

static void
insert(struct buf *out, size_t at, const char *text)
{
	size_t n = strlen(text), tail = out->len - at;

	buf_puts(out, text);
	if (out->over)
		return;
	memmove(out->ptr + at + n, out->ptr + at, tail);
	memcpy(out->ptr + at, text, n);
}

void
html_mark_signature(struct html *h)
{
	struct span text = span_first(buf_span(&h->out), h->signature_to);
	size_t from = h->signature_from, line;

	if ((h->signature_state != SIGNATURE_CLOSED && h->signature_state != SIGNATURE_QUOTE) ||
	    from == 0 || from >= h->signature_to)
		return;
	while (from < text.len && text.ptr[from] == '\n')
		from++;
	if (!is_card(span_skip(text, from)) || is_closing(last_line(span_first(text, from))))
		return;
	/* "--" may stand there already, above or as the first line, without its space. */
	if (span_starts(span_skip(text, from), SPAN("-- \n")))
		return;
	if (span_starts(span_skip(text, from), SPAN("--\n"))) {
		insert(&h->out, from + 2, " ");
		return;
	}
	line = h->signature_from;
	while (line > 0 && text.ptr[line - 1] != '\n')
		line--;
	if (span_is(span_skip(span_first(text, h->signature_from), line), "--"))
		insert(&h->out, h->signature_from, " ");
	else
		insert(&h->out, from, "-- \n");
}
