/* SPDX-License-Identifier: ISC */
/* mime_choose: which part of a multipart/alternative is read. See mime_private.h. */
#include "config.h"

#include "parsers/mime_private.h"

#include "parsers/stub.h"

#define BLANK_MAX 400

enum rank { RANK_NONE, RANK_ENRICHED, RANK_HTML, RANK_PLAIN };

/* Blank lines in base64, "=20": such a part is short. */
static bool
is_encoded_blank(struct walk *w, GMimeObject *part)
{
	return mime_raw_content(w, part).len < BLANK_MAX && mime_is_blank(mime_content(w, part));
}

static enum rank
rank_of_leaf(struct walk *w, GMimeObject *part)
{
	if (!GMIME_IS_PART(part) || mime_is_attached(part) ||
	    mime_is_blank(mime_raw_content(w, part)))
		return RANK_NONE;
	if (mime_is_type(part, "text", "html"))
		return RANK_HTML;
	if (mime_is_type(part, "text", "plain"))
		return is_encoded_blank(w, part) ? RANK_NONE : RANK_PLAIN;
	return mime_is_type(part, "text", "enriched") || mime_is_type(part, "text", "richtext")
	    ? RANK_ENRICHED : RANK_NONE;
}

/* How good the text in a part is; empty texts do not count. */
static enum rank
rank_of(struct walk *w, GMimeObject *part, uint32_t depth)
{
	enum rank best = RANK_NONE;

	if (GMIME_IS_MULTIPART(part) && depth < w->limits->mime_depth) {
		GMimeMultipart *multipart = GMIME_MULTIPART(part);

		for (int i = 0; i < g_mime_multipart_get_count(multipart); i++) {
			enum rank rank = rank_of(w, g_mime_multipart_get_part(multipart, i),
			    depth + 1);

			if (rank > best)
				best = rank;
		}
		return best;
	}
	return rank_of_leaf(w, part);
}

/* The first text of that rank in a part; NULL without. */
static GMimeObject *
find_text(struct walk *w, GMimeObject *part, enum rank rank, uint32_t depth)
{
	GMimeObject *found = NULL;

	if (GMIME_IS_MULTIPART(part) && depth < w->limits->mime_depth) {
		GMimeMultipart *multipart = GMIME_MULTIPART(part);

		for (int i = 0; i < g_mime_multipart_get_count(multipart) && found == NULL; i++)
			found = find_text(w, g_mime_multipart_get_part(multipart, i), rank,
			    depth + 1);
		return found;
	}
	return rank_of_leaf(w, part) == rank ? part : NULL;
}

static struct span
text_of(struct walk *w, GMimeObject *part)
{
	struct textpart text = mime_textpart(w, part, mime_content(w, part));
	bool encrypted = false;

	return textpart_read(w->arena, &text, NULL, &encrypted);
}

/* The chosen plain text says nothing but that the HTML in another part does. */
static bool
is_stub(struct walk *w, GMimeObject *plain, GMimeObject *html)
{
	struct span text;

	if (plain == NULL || html == NULL || mime_raw_content(w, plain).len > 4 * STUB_MAX)
		return false;
	text = text_of(w, plain);
	return stub_may_be(text, mime_content(w, html)) && stub_is(text, text_of(w, html));
}

/* The last of the alternatives that has HTML in place of a stub; chosen where that is none. */
static int
instead_of_stub(struct walk *w, GMimeMultipart *multipart, int chosen, uint32_t depth)
{
	GMimeObject *plain = find_text(w, g_mime_multipart_get_part(multipart, chosen),
	    RANK_PLAIN, depth + 1);

	for (int i = g_mime_multipart_get_count(multipart); i-- > 0;) {
		GMimeObject *html = i == chosen ? NULL : find_text(w,
		    g_mime_multipart_get_part(multipart, i), RANK_HTML, depth + 1);

		if (html != NULL)
			return is_stub(w, plain, html) ? i : chosen;
	}
	return chosen;
}

/* The first plain text that is no stub, else the last of the best. */
int
mime_choose(struct walk *w, GMimeMultipart *multipart, uint32_t depth)
{
	enum rank best = RANK_NONE;
	int chosen = -1;

	for (int i = 0; i < g_mime_multipart_get_count(multipart); i++) {
		enum rank rank = rank_of(w, g_mime_multipart_get_part(multipart, i), depth + 1);

		if (rank > best || (rank == best && rank == RANK_HTML)) {
			best = rank;
			chosen = i;
		}
	}
	return best == RANK_PLAIN ? instead_of_stub(w, multipart, chosen, depth) : chosen;
}
