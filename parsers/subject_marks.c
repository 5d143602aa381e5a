/* SPDX-License-Identifier: ISC */
/*
 * subject_marks: see subject_marks.h. A tag in brackets is a list's when it is the name of the
 * list or of one of our own addresses; "[web]" stays, it names a project.
 */
#include "config.h"

#include "parsers/subject_marks.h"

#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* Upper and lower case stand in the table where the letters are not ASCII. */
static const char *const replies[] = {
	"re", "aw", "sv", "vs", "antw", "antwort", "odp", "ynt", "res", "resp", "rif", "r", "ref",
	"ré", "rép", "Σχετ", "σχετ", "отв", "Отв", "ответ", "Ответ", "відп", "Відп", "vá", "hal",
	"bls", "atb", "ats", "ccb", "回复", "答复", "回覆", "回信", "返信", "답장", "회신", "re回复", "yanıt",
	"cevap", "přeposl", "re.",
};
static const char *const forwards[] = {
	"fwd", "fw", "wg", "tr", "rv", "enc", "encam", "i", "inoltro", "pd", "vl", "vb", "vid",
	"doorst", "ilt", "İlt", "fs", "trs", "továbbítás", "prosl", "转发", "轉寄", "轉發", "転送", "전달",
	"пересл", "Пересл", "переслано", "Переслано", "fyi fwd",
};
static const char *const gateway_tags[] = {
	"ext", "extern", "external", "external email", "external sender", "spam", "suspected spam",
	"possible spam", "caution", "warning", "secure", "encrypted", "bulk", "unverified", "junk",
	"externe", "externo", "esterno", "externí", "zewnętrzny", "probable spam", "likely spam",
	"spam suspect", "bulk mail", "phishing", "suspicious", "virus",
};
/* What people write in brackets before any subject: it stays in the title, as they wrote it. */
static const char *const labels[] = {
	"urgent", "urgente", "dringend", "eilt", "spoed", "important", "importante", "wichtig",
	"belangrijk", "action required", "action needed", "reminder", "fyi", "wip", "draft",
	"confidential", "resend", "asap",
};

static bool
is_in(const char *const *table, size_t n, struct span word)
{
	for (size_t i = 0; i < n; i++)
		if (span_iis(word, table[i]))
			return true;
	return false;
}

/* The length of the colon at the beginning, ASCII or wide; 0 without. */
static size_t
colon(struct span s)
{
	if (span_starts(s, SPAN("\xef\xbc\x9a")))
		return 3;
	return s.len > 0 && *s.ptr == ':' ? 1 : 0;
}

/* "[2]", "(2)", "^2", "*2" after a mark. */
static size_t
counter(struct span s)
{
	size_t n = 0;
	char close = '\0';

	if (s.len == 0 || strchr("[(^*", *s.ptr) == NULL)
		return 0;
	close = *s.ptr == '[' ? ']' : *s.ptr == '(' ? ')' : '\0';
	for (n = 1; n < s.len && n < 5 && s.ptr[n] >= '0' && s.ptr[n] <= '9';)
		n++;
	if (n == 1 || (close != '\0' && (n == s.len || s.ptr[n] != close)))
		return 0;
	return close != '\0' ? n + 1 : n;
}

/* One mark at the beginning: the bytes it takes, with its colon. */
static size_t
mark(struct span s, bool *reply, bool *forward)
{
	size_t word = 0, at;
	bool is_reply, is_forward;

	while (word < s.len && word < 30 && strchr(":[(^* ", s.ptr[word]) == NULL &&
	    colon(span_skip(s, word)) == 0)
		word++;
	is_reply = is_in(replies, COUNT(replies), span_first(s, word));
	is_forward = is_in(forwards, COUNT(forwards), span_first(s, word));
	if (!is_reply && !is_forward)
		return 0;
	at = word + counter(span_skip(s, word));
	while (at < s.len && at < word + 8 && (s.ptr[at] == ' ' || s.ptr[at] == '\t' ||
						  (unsigned char)s.ptr[at] == 0xc2 ||
						  (unsigned char)s.ptr[at] == 0xa0))
		at++;
	if (colon(span_skip(s, at)) == 0)
		return 0;
	*reply |= is_reply;
	*forward |= is_forward;
	return at + colon(span_skip(s, at));
}

static bool
is_list_name(struct span tag, const struct reading_message *message)
{
	struct span list = span_of(message->list_id);

	if (list.len > 0 && span_ieq(tag, span_first(list, span_find_byte(list, '.'))))
		return true;
	for (size_t i = 0; i < message->n_rcpts; i++) {
		struct span address = span_of(message->rcpts[i].address);

		if (span_ieq(tag, span_first(address, span_find_byte(address, '@'))))
			return true;
	}
	return false;
}

/* "SPAM?", "**SPAM**": without what mail filters put around the word. */
static struct span
without_marks(struct span name)
{
	name = span_trim(name);
	while (name.len > 0 && strchr("*?! ", name.ptr[name.len - 1]) != NULL)
		name.len--;
	while (name.len > 0 && strchr("*! ", *name.ptr) != NULL)
		name = span_skip(name, 1);
	return name;
}

bool
subject_is_label(struct span name)
{
	name = without_marks(name);
	return is_in(labels, COUNT(labels), name) ||
	    is_in(gateway_tags, COUNT(gateway_tags), name);
}

/* "***SPAM*** hello", "{Spam?} hello": as old filters write it. */
static size_t
filter_mark(struct span s)
{
	size_t end;

	if (span_starts(s, SPAN("{"))) {
		end = span_find_byte(s, '}');
		return end < s.len && end < 40 && is_in(gateway_tags, COUNT(gateway_tags),
		    without_marks(span_first(span_skip(s, 1), end - 1))) ? end + 1 : 0;
	}
	if (!span_starts(s, SPAN("**")))
		return 0;
	for (end = 2; end < s.len && end < 60; end++)
		if (s.ptr[end] == '*' && s.ptr[end - 1] != '*')
			break;
	if (end >= s.len || !is_in(gateway_tags, COUNT(gateway_tags),
	    without_marks(span_first(s, end))))
		return 0;
	while (end < s.len && s.ptr[end] == '*')
		end++;
	return end;
}

static size_t
tag(struct span s, const struct reading_message *message)
{
	size_t end;
	struct span name;

	if (s.len == 0 || *s.ptr != '[')
		return 0;
	end = span_find_byte(s, ']');
	if (end == s.len || end > 60)
		return 0;
	name = without_marks(span_first(span_skip(s, 1), end - 1));
	if (!is_in(gateway_tags, COUNT(gateway_tags), name) && !is_list_name(name, message))
		return 0;
	return end + 1;
}

struct span
subject_strip_marks(struct span text, const struct reading_message *message, bool *reply_r,
    bool *forward_r)
{
	size_t n;

	*reply_r = *forward_r = false;
	text = span_trim(text);
	while ((n = mark(text, reply_r, forward_r)) > 0 || (n = tag(text, message)) > 0 ||
	    (n = filter_mark(text)) > 0)
		text = span_trim(span_skip(text, n));
	return text;
}
