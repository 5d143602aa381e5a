/* SPDX-License-Identifier: ISC */
/* encword: see encword.h. */
#include "config.h"

#include "parsers/encword.h"

#include <stdbool.h>

#include "parsers/base/buf.h"
#include "parsers/base/utf8.h"
#include "parsers/charset.h"
#include "parsers/transfer.h"

#define CHARSET_MAX 64
#define WORD_MAX 4096 /* RFC 2047 says 75; longer ones are seen, but the search must end */

struct word {
	struct span charset;
	char encoding; /* 'Q' or 'B' */
	struct span text;
	size_t len; /* of the whole word */
};

struct decoder {
	struct arena *arena;
	struct buf out;      /* decoded so far */
	struct buf pending;  /* bytes of the words of one charset */
	struct span charset; /* of pending */
};

/* An encoded word at the beginning of s ("=?charset?Q?text?="). */
static bool
word_at(struct span s, struct word *word_r)
{
	struct span rest = span_skip(span_first(s, WORD_MAX), 2);
	size_t q = span_find_byte(span_first(rest, CHARSET_MAX + 1), '?');
	size_t star, end;
	struct word w;

	if (!span_starts(s, SPAN("=?")) || q == 0 || q > CHARSET_MAX || rest.len < q + 3)
		return false;
	star = span_find_byte(span_first(rest, q), '*');
	w.charset = span_first(rest, star);
	w.encoding = (char)(rest.ptr[q + 1] & ~0x20);
	if ((w.encoding != 'Q' && w.encoding != 'B') || rest.ptr[q + 2] != '?')
		return false;
	rest = span_skip(rest, q + 3);
	end = span_find_byte(rest, '?');
	while (end + 1 < rest.len && rest.ptr[end + 1] != '=')
		end += 1 + span_find_byte(span_skip(rest, end + 1), '?');
	if (end + 1 >= rest.len)
		return false;
	w.text = span_first(rest, end);
	w.len = (size_t)(rest.ptr + end + 2 - s.ptr);
	*word_r = w;
	return true;
}

static void
flush(struct decoder *d)
{
	if (d->pending.len > 0)
		buf_put_span(&d->out,
		    charset_decode(d->arena, buf_span(&d->pending), d->charset));
	buf_clear(&d->pending);
	d->charset = (struct span){NULL, 0};
}

static void
take_word(struct decoder *d, const struct word *w)
{
	if (!span_ieq(d->charset, w->charset))
		flush(d);
	d->charset = w->charset;
	if (w->encoding == 'B')
		transfer_base64(w->text, &d->pending);
	else
		transfer_q(w->text, &d->pending);
}

/* Text between words: white space alone between two of them does not count (RFC 2047, 6.2). */
static void
take_plain(struct decoder *d, struct span text, bool between_words)
{
	if (text.len == 0 || (between_words && span_trim(text).len == 0))
		return;
	flush(d);
	buf_put_span(&d->out, charset_decode(d->arena, text, SPAN("")));
}

struct span
encword_decode(struct arena *arena, struct span s)
{
	struct decoder d = {.arena = arena};
	struct word w;
	size_t start = 0, at = 0;
	bool after_word = false;
	struct span result;

	if (span_find(s, SPAN("=?")) == s.len)
		return charset_decode(arena, s, SPAN(""));
	buf_init(&d.out, s.len * 4 + 16);
	buf_init(&d.pending, s.len + 16);
	while (at < s.len) {
		at += span_find(span_skip(s, at), SPAN("=?"));
		if (at < s.len && word_at(span_skip(s, at), &w)) {
			struct span plain = span_skip(span_first(s, at), start);

			take_plain(&d, plain, after_word);
			take_word(&d, &w);
			after_word = true;
			at += w.len;
			start = at;
		} else if (at < s.len) {
			at += 2;
		}
	}
	take_plain(&d, span_skip(s, start), false);
	flush(&d);
	result.ptr = arena_span(arena, buf_span(&d.out));
	result.len = d.out.len;
	buf_release(&d.out);
	buf_release(&d.pending);
	return result;
}
