/* SPDX-License-Identifier: ISC */
/* textpart: see textpart.h. */
#include "config.h"

#include "parsers/textpart.h"

#include "parsers/base/buf.h"
#include "parsers/base/utf8.h"
#include "parsers/charset.h"
#include "parsers/enriched.h"
#include "parsers/flowed.h"
#include "parsers/htmltext.h"

#define PGP_SIGNED "-----BEGIN PGP SIGNED MESSAGE-----"
#define PGP_SIGNATURE "-----BEGIN PGP SIGNATURE-----"
#define PGP_SIGNATURE_END "-----END PGP SIGNATURE-----"
#define PGP_MESSAGE "-----BEGIN PGP MESSAGE-----"

static struct span
cleaned(struct arena *arena, struct span text, size_t max)
{
	return span_of(utf8_text(arena, utf8_cut(text, max), max));
}

/* The frame around a signed text (RFC 4880 section 7): armour headers and dash escapes. */
static struct span
without_signature(struct arena *arena, struct span text)
{
	struct span rest = text, line, result;
	enum { BEFORE, HEADERS, INSIDE, SIGNATURE } state = BEFORE;
	struct buf out;

	buf_init(&out, text.len + 2);
	while (span_next_line(&rest, &line)) {
		struct span bare = span_rtrim(line);

		if (state == BEFORE && span_is(bare, PGP_SIGNED)) {
			state = HEADERS;
			continue;
		}
		if (state == HEADERS) {
			state = bare.len == 0 ? INSIDE : HEADERS;
			continue;
		}
		if (state == INSIDE && span_is(bare, PGP_SIGNATURE))
			state = SIGNATURE;
		if (state == SIGNATURE) {
			state = span_is(bare, PGP_SIGNATURE_END) ? BEFORE : SIGNATURE;
			continue;
		}
		if (state == INSIDE && span_starts(line, SPAN("- ")) && line.len > 2 &&
		    line.ptr[2] == '-')
			line = span_skip(line, 2);
		buf_put_span(&out, line);
		buf_putc(&out, '\n');
	}
	result = (struct span){arena_span(arena, buf_span(&out)), out.len};
	buf_release(&out);
	return result;
}

/* A line that begins with it. */
static bool
has_line(struct span text, struct span start)
{
	size_t at = 0;

	while (at < text.len) {
		at += span_find(span_skip(text, at), start);
		if (at < text.len && (at == 0 || text.ptr[at - 1] == '\n'))
			return true;
		at++;
	}
	return false;
}

static struct span
label_of(const struct textpart *part)
{
	if (part->charset.len > 0 || !part->html)
		return part->charset;
	return htmltext_charset(part->bytes);
}

struct span
textpart_read(struct arena *arena, const struct textpart *part, struct links *links,
    bool *encrypted_r)
{
	/* No charset takes more than eight bytes a character of ASCII; more would be cut away. */
	size_t most = part->html ? part->html_max : 4 * part->text_max;
	struct span text = charset_decode(arena, span_first(part->bytes, most), label_of(part));

	if (part->html) {
		text = htmltext_read(arena, text, part->html_max, links);
		text = cleaned(arena, text, part->text_max);
		*encrypted_r |= has_line(text, SPAN(PGP_MESSAGE));
		return text;
	}
	text = cleaned(arena, text, part->text_max);
	if (part->enriched || part->rich)
		text = utf8_cut(enriched_read(arena, text, part->rich), part->text_max);
	if (part->flowed)
		text = flowed_join(arena, text, part->delsp);
	*encrypted_r |= has_line(text, SPAN(PGP_MESSAGE));
	if (span_find(text, SPAN(PGP_SIGNED)) < text.len)
		text = without_signature(arena, text);
	if (links != NULL)
		links_find(arena, links, text);
	return text;
}
