/* SPDX-License-Identifier: ISC */
/*
 * trim_block: what introduces an older mail: "On ... wrote:" in one line or wrapped over several,
 * a block of From/Sent/To/Subject lines, "-----Original Message-----", "Begin forwarded message:".
 * An attribution is believed for its evidence, not for one word: a verb, a day, a time, an
 * address; what is only likely counts when quoted lines follow it. Looks at a bounded number of
 * lines from where it is asked, so a whole body costs linear time.
 */
#include "config.h"

#include <string.h>

#include "parsers/trim_private.h"

#define ATTRIBUTION_LINES 6
#define HEADER_LINES 14
#define SENDER_REST 12 /* bytes */

/* ---- attributions --------------------------------------------------------------------------- */

static unsigned
dashes(struct span s, bool at_end)
{
	unsigned n = 0;

	while (n < s.len && s.ptr[at_end ? s.len - 1 - n : n] == '-')
		n++;
	return n;
}

/* Words before the first digit; 99 where there is none. */
static unsigned
words_before_digit(struct span s)
{
	unsigned n = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] >= '0' && s.ptr[i] <= '9')
			return n;
		n += s.ptr[i] == ' ';
	}
	return 99;
}

enum evidence { EVIDENCE_NONE, EVIDENCE_WEAK, EVIDENCE_DATED, EVIDENCE_FULL };

/* "---- On Wed, 24 Feb ... wrote ----", "---- John Smith wrote ----" */
static bool
is_dashed(struct span s)
{
	if (dashes(s, false) < 2 || dashes(s, true) < 2)
		return false;
	while (s.len > 0 && (s.ptr[s.len - 1] == '-' || s.ptr[s.len - 1] == ' '))
		s.len--;
	return words_ends_wrote(s);
}

/* Does it end as an attribution ends: colon, verb, or address with a date before it? */
static bool
ends_well(struct span s, bool day)
{
	char last = s.ptr[s.len - 1];

	return last == ':' || words_ends_wrote(s) || (day && last == '>' && words_has_mail(s));
}

static bool
is_name(struct span word)
{
	enum letter letter = words_first_letter(word);

	return letter == LETTER_CAPITAL || letter == LETTER_PLAIN;
}

static bool
is_verb(struct span word)
{
	struct fold fold = {.len = 0};

	return word.len <= 40 && fold_add(&fold, word) && words_ends_wrote(fold_span(&fold));
}

/* "고객이": "the customer", as the one who does it; a name has "님이" or "이(가)" there. */
static bool
is_korean_subject(struct span word)
{
	return (span_ends(word, SPAN("이")) || span_ends(word, SPAN("가"))) &&
	    !span_ends(word, SPAN("님이"));
}

/* "Ana wrote:", "schrieb Ana Lima:": beside the verb, but for auxiliaries, stands a name. */
static bool
names_someone(struct span text)
{
	struct span rest = text, word, before = {"", 0};

	while (span_next_word(&rest, &word)) {
		if (is_verb(word)) {
			struct span next;

			if (span_next_word(&rest, &next) && words_first_letter(next) != LETTER_NONE)
				return is_name(next);
			return is_name(before) && !is_korean_subject(before);
		}
		if (!span_is(word, "a") && !span_is(word, "ha"))
			before = word;
	}
	return false;
}

/* "Ben <ben@example.org>", "Ben <ben@example.org>, 12": broken soon behind the address. */
static bool
ends_with_sender(struct span first)
{
	size_t close = first.len;

	while (close > 0 && first.ptr[close - 1] != '>')
		close--;
	return close > 0 && first.len - close <= SENDER_REST;
}

/*
 * Name and address, and a verb or a date behind them: "Ben <ben@example.org> schrieb". raw is the
 * line as it stands in the mail: a small word before the address is a sentence's.
 */
static bool
leads_with_sender(struct span first, struct span raw)
{
	struct span word;

	if (!words_has_mail(first) || (!words_has_wrote(first) && !words_has_day(first) &&
	    !ends_with_sender(first)))
		return false;
	while (span_next_word(&raw, &word) && span_find_byte(word, '@') == word.len)
		if (words_first_letter(word) == LETTER_SMALL)
			return false;
	return true;
}

/* "<ben@example.org>:", "(ben@example.org) [2026-10-12]:": as mail programs write it, without a
 * word behind it. */
static bool
has_marked_mail(struct span s)
{
	struct span word, rest = s;
	size_t close = rest.len;

	while (close > 0 && strchr(">)", rest.ptr[close - 1]) == NULL)
		close--;
	for (rest = span_skip(s, close); rest.len > 0; rest = span_skip(rest, 1))
		if (*rest.ptr >= 'a' && *rest.ptr <= 'z')
			return false;

	while (span_next_word(&s, &word)) {
		size_t at = span_find_byte(word, '@');

		if (at < word.len && (span_find_byte(word, '<') < at || *word.ptr == '('))
			return true;
	}
	return false;
}

/* A weekday or a number; "On" and "Am" begin sentences as well. */
static bool
leads_with_date(struct span first)
{
	size_t word = span_find_byte(first, ' ');

	return (*first.ptr >= '0' && *first.ptr <= '9') ||
	    (word > 0 && first.ptr[word - 1] == ',');
}

/*
 * How sure it is that s is an attribution. first is its first line: it must begin as such lines
 * begin, with a word or a number that leads to the date, unless the whole evidence is there.
 * raw is s as it stands in the mail: for the name beside the verb.
 */
static enum evidence
weigh_words(struct span s, struct span first, struct span raw)
{
	bool verb, day, hour, mail, lead, link;

	day = words_has_day(s);
	if (!ends_well(s, day))
		return EVIDENCE_NONE;
	verb = words_has_wrote(s);
	if (!verb && !day && !words_starts_citation(first))
		return EVIDENCE_NONE;
	hour = words_has_time(s);
	mail = words_has_mail(s);
	lead = (words_before_digit(first) <= 6 &&
	    (words_starts_attribution(first) || (*first.ptr >= '0' && *first.ptr <= '9'))) ||
	    span_starts(first, SPAN("wiadomość napisana przez "));
	link = verb && mail && day && hour && leads_with_sender(first, raw);
	if (s.ptr[s.len - 1] != ':' && !(verb && mail) && !(day && mail && lead))
		return EVIDENCE_NONE;
	if (mail && day && !verb && lead && !leads_with_date(first))
		return EVIDENCE_DATED;
	if (mail && day && !verb && !has_marked_mail(s))
		return EVIDENCE_DATED;
	if (mail && day && (lead || link ||
	    (verb && hour && first.len == s.len && words_ends_wrote(s))))
		return s.ptr[s.len - 1] == '>' ? EVIDENCE_DATED : EVIDENCE_FULL;
	if (verb && mail && hour && lead)
		return EVIDENCE_FULL;
	if (verb && (day || hour) && lead)
		return day && hour && s.ptr[s.len - 1] == ':' && names_someone(raw)
			   ? EVIDENCE_FULL
			   : EVIDENCE_DATED;
	/* "Ana <ana@example.org> [2026-11-22 09:00]:" */
	if (mail && day && hour && first.len == s.len)
		return EVIDENCE_DATED;
	/* "Ana Lima kirjoitti 22.11.2026 klo 9.00:" */
	if (verb && day && hour && (first.len == s.len || words_has_wrote(first)) &&
	    names_someone(raw))
		return EVIDENCE_DATED;
	if (mail && words_starts_citation(first))
		return EVIDENCE_DATED;
	return mail && verb && (first.len == s.len || ends_with_sender(first)) ? EVIDENCE_WEAK
	                                                                       : EVIDENCE_NONE;
}

static enum evidence
weigh(struct span s, struct span first, struct span raw)
{
	enum evidence evidence;

	if (s.len < 8)
		return EVIDENCE_NONE;
	if (is_dashed(s))
		return EVIDENCE_FULL;
	evidence = weigh_words(s, first, raw);
	return evidence == EVIDENCE_NONE || words_has_self(s) ? EVIDENCE_NONE : evidence;
}

/* "Ana Lima wrote:" and no more: each word before the verb begins like a name. */
static bool
is_name_wrote(struct span raw)
{
	struct fold fold = {.len = 0};
	struct span word, rest = span_trim(raw);
	unsigned names = 0;

	if (raw.len > 80 || !fold_add(&fold, raw) || !words_ends_wrote(fold_span(&fold)) ||
	    fold_span(&fold).ptr[fold_span(&fold).len - 1] != ':' ||
	    words_has_self(fold_span(&fold)))
		return false;
	while (span_next_word(&rest, &word)) {
		if (span_trim(rest).len == 0)
			break;
		if (*word.ptr >= 'a' && *word.ptr <= 'z' &&
		    !(names > 0 && (span_is(word, "a") || span_is(word, "ha"))))
			return false;
		names++;
	}
	return names >= 1 && names <= 4;
}

/* Line i continues an attribution that began above: short, or the rest of a wrapped address. */
static bool
may_continue(const struct trim_body *t, size_t i, const struct fold *so_far)
{
	struct span s = fold_span(so_far), line = trim_line_span(t, i);
	size_t opened = 0, closed = 0;

	for (size_t k = 0; k < s.len; k++) {
		opened += s.ptr[k] == '<';
		closed += s.ptr[k] == '>';
	}
	if (t->lines[i].quoted)
		return opened > closed && line.len < 30;
	return line.len <= 160;
}

/* The evidence of lines [i, j], folded into one. */
static enum evidence
weigh_lines(const struct trim_body *t, size_t i, size_t j)
{
	struct fold all = {.len = 0}, first = {.len = 0};
	struct span raw = trim_line_span(t, i);

	if (!fold_line(&first, t, i) || fold_span(&first).len == 0)
		return EVIDENCE_NONE;
	for (size_t k = i; k <= j; k++) {
		if (k > i && !t->lines[k].blank && !may_continue(t, k, &all))
			return EVIDENCE_NONE;
		if (!fold_add(&all, trim_line_span(t, k)) || !fold_add(&all, SPAN(" ")))
			return EVIDENCE_NONE;
	}
	raw.len = t->lines[j].start + t->lines[j].len - t->lines[i].start;
	return weigh(fold_span(&all), fold_span(&first), raw);
}

/* A blank line inside an attribution is believed only before a lone '<'. */
static bool
blank_breaks(const struct trim_body *t, size_t j)
{
	size_t next = j + 1;

	return next >= t->n || !span_is(span_trim(trim_line_span(t, next)), "<");
}

static bool
quote_follows(const struct trim_body *t, size_t i)
{
	size_t next = i < t->n ? t->next_text[i] : t->n;

	return next < t->n && t->lines[next].quoted;
}

/* Whether what follows is an older mail without '>': nothing there is marked as quoted, or the
 * first quoted line is itself introduced there. */
static bool
unquoted_follows(const struct trim_body *t, size_t i)
{
	size_t quote = i < t->n ? t->next_quote[i] : t->n;
	size_t before = quote;

	if (quote == t->n)
		return true;
	while (before > i && t->lines[before - 1].blank)
		before--;
	return before > i && t->lines[before - 1].terminal &&
	    weigh_lines(t, before - 1, before - 1) >= EVIDENCE_DATED;
}

/* "at 10:00 AM Ben wrote:", the rest of a line that was broken behind its day. */
static bool
goes_on(struct span folded)
{
	static const char *const words[] = {"at ", "um ", "kl. ", "kl ", "klo ", "a las ",
	    "a la(s) ", "à ", "às ", "à(s) ", "alle ", "om ", "o ", "v ", "saat "};

	return words_starts_any(folded, words, sizeof(words) / sizeof *words);
}

/* Line i is the beginning of one that was broken: its day, or the sender and a comma. */
static bool
is_broken_off(const struct trim_body *t, size_t i, struct span next)
{
	struct span line;
	struct fold fold;
	size_t comma;

	if (!fold_line(&fold, t, i))
		return false;
	line = fold_span(&fold);
	if (line.len == 0)
		return false;
	comma = span_find(line, SPAN(">,"));
	if (comma < line.len && line.len - comma <= 2 + SENDER_REST)
		return true;
	return (words_starts_attribution(line) || (*line.ptr >= '0' && *line.ptr <= '9')) &&
	    words_has_day(line) && goes_on(next);
}

/* A later line of [i, j] that is one by itself means that line i is the author's own. */
static bool
begins_later(const struct trim_body *t, size_t i, size_t j)
{
	for (size_t k = i + 1; k <= j; k++) {
		struct fold fold;

		if (k == i + 1 && fold_line(&fold, t, k) &&
		    is_broken_off(t, i, fold_span(&fold)))
			continue;

		if (fold_line(&fold, t, k) && words_starts_attribution(fold_span(&fold)) &&
		    words_before_digit(fold_span(&fold)) <= 6 &&
		    weigh_lines(t, k, j) >= EVIDENCE_DATED)
			return true;
	}
	return false;
}

/* A number, an address, a dash or a letter that is not ASCII's: without one of them there is no
 * evidence, and most lines need no closer look. */
static bool
may_hold_evidence(const struct trim_body *t, size_t i)
{
	for (size_t j = i; j < t->n && j < i + ATTRIBUTION_LINES; j++) {
		struct span line = trim_line_span(t, j);

		for (size_t k = 0; k < line.len; k++)
			if ((unsigned char)line.ptr[k] >= 0x80 ||
			    strchr("0123456789@<[-", line.ptr[k]) != NULL)
				return true;
	}
	return false;
}

/* French: what a line was broken before. */
static bool
is_lone_colon(struct span line)
{
	line = span_trim(line);
	return span_is(line, ":") || span_is(line, "\xef\xbc\x9a");
}

/* Behind an address the verb may come, and behind a verb the day. */
static bool
may_go_on(struct span line, enum evidence evidence)
{
	return span_ends(line, SPAN(">")) ||
	    (evidence == EVIDENCE_WEAK && !span_ends(line, SPAN(":")));
}

/* The last line of an attribution that begins at i, or t->n. After an address the verb may still
 * come, so the search goes on there. */
static size_t
attribution_end(const struct trim_body *t, size_t i, enum evidence *evidence_r)
{
	size_t end = t->n;

	if (!may_hold_evidence(t, i))
		return end;
	for (size_t j = i; j < t->n && j < i + ATTRIBUTION_LINES; j++) {
		enum evidence evidence;

		if (t->lines[j].fenced || (t->lines[j].blank && blank_breaks(t, j)))
			break;
		if (!t->lines[j].terminal)
			continue;
		evidence = weigh_lines(t, i, j);
		if (evidence == EVIDENCE_NONE)
			continue;
		if (begins_later(t, i, j))
			return t->n;
		*evidence_r = evidence;
		end = j + (j + 1 < t->n && is_lone_colon(trim_line_span(t, j + 1)));
		if (evidence == EVIDENCE_FULL || !may_go_on(trim_line_span(t, j), evidence))
			break;
	}
	return end;
}

/* Whether a quote begins after line i, given how sure the attribution above it is. */
static bool
settle(const struct trim_body *t, size_t i, enum evidence evidence, struct trim_intro *intro_r)
{
	bool quoted = quote_follows(t, i);

	if (!quoted && evidence < EVIDENCE_FULL)
		return false;
	*intro_r = (struct trim_intro){i, !quoted && unquoted_follows(t, i), false,
	    MARK_ATTRIBUTION};
	return true;
}

static bool
find_attribution(const struct trim_body *t, size_t i, struct trim_intro *intro_r)
{
	enum evidence evidence = EVIDENCE_WEAK;
	size_t last = attribution_end(t, i, &evidence);

	if (last == t->n) {
		if (!t->lines[i].terminal || !quote_follows(t, i + 1) ||
		    !is_name_wrote(trim_line_span(t, i)))
			return false;
		last = i;
	}
	return settle(t, last + 1, evidence, intro_r);
}

size_t
trim_find_shared(const struct trim_body *t, size_t i, struct trim_intro *intro_r)
{
	static const char *const starts[] = {" On ", "-On ", " Le ", " Am ", " El ", " Em ", " Il ",
		" Op "};
	struct span line = trim_line_span(t, i);

	if (!t->lines[i].terminal || t->lines[i].quoted || t->lines[i].fenced ||
	    line.len > FOLD_MAX)
		return 0;
	for (size_t k = 0; k < sizeof(starts) / sizeof *starts; k++) {
		size_t at = span_find(line, span_of(starts[k]));
		struct fold fold = {.len = 0};
		enum evidence evidence;

		if (at == line.len || !fold_add(&fold, span_skip(line, at + 1)))
			continue;
		/* "El El lun, 12 oct": some programs double the word */
		if (span_eq(span_trim(span_first(line, at)), span_trim(span_of(starts[k]))))
			continue;
		evidence = weigh(fold_span(&fold), fold_span(&fold), span_skip(line, at + 1));
		if (evidence < EVIDENCE_DATED || !settle(t, i + 1, evidence, intro_r))
			continue;
		while (at > 0 && (line.ptr[at - 1] == '-' || line.ptr[at - 1] == ' '))
			at--;
		return at;
	}
	return 0;
}

/* ---- header blocks -------------------------------------------------------------------------- */

/* What the lines of a block tell. */
struct header_scan {
	unsigned seen;  /* enum header_label, or'ed */
	unsigned count;
	bool mail;      /* an address stands beside From, To or Cc */
	bool sent;      /* the date's label is a mail program's */
	bool day, hour; /* beside the date's label */
	bool second;    /* to the second: nobody writes that by hand */
	bool framed;    /* a rule of underscores above it, or its labels in bold */
	bool in_order;  /* From, then Sent: as Outlook writes it */
	bool dated;   /* one line holds the sender's address, the date's label and a time of day */
	size_t end;
};

/* "________________" */
static bool
is_frame(struct span line)
{
	line = span_trim(line);
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] != '_')
			return false;
	return line.len >= 5;
}

/* "*From:* Ana": bold as mail programs put it into plain text; "**From:**" is a person's. */
static bool
is_bold_label(struct span line)
{
	size_t colon = span_find_byte(line, ':');

	return span_starts(line, SPAN("*")) && line.len > 2 && strchr("* ", line.ptr[1]) == NULL &&
	    (span_starts(span_skip(line, colon), SPAN(":*")) ||
		(colon < line.len && line.ptr[colon - 1] == '*'));
}

static bool
is_framed(const struct trim_body *t, size_t i)
{
	size_t above = i;

	while (above > 0 && t->lines[above - 1].blank && i - above < 3)
		above--;
	return is_bold_label(trim_line_span(t, i)) ||
	    (above > 0 && is_frame(trim_line_span(t, above - 1)));
}

static void
note_label(struct header_scan *scan, enum header_label label, struct span value)
{
	if (label == LABEL_SENT) {
		scan->sent = true;
		scan->in_order |= scan->seen == LABEL_FROM;
		label = LABEL_DATE;
	}
	if ((scan->seen & label) == 0 && label != LABEL_OTHER)
		scan->count++;
	scan->seen |= label;
	if (label == LABEL_DATE) {
		scan->day |= words_has_day(value);
		scan->hour |= words_has_time(value) && words_has_day(value);
		scan->second |= words_has_second(value) && words_has_day(value);
	} else if (label != LABEL_SUBJECT)
		scan->mail |= words_has_mail(value);
	scan->dated |= label == LABEL_FROM && words_has_mail(value) && words_has_time(value) &&
	    (words_inner_label(value) & (LABEL_DATE | LABEL_SENT)) != 0;
}

static void
scan_headers(const struct trim_body *t, size_t i, struct header_scan *scan)
{
	size_t j = i;
	bool after_label = false;

	*scan = (struct header_scan){.end = i, .framed = is_framed(t, i)};
	for (; j < t->n && j < i + HEADER_LINES && !t->lines[j].blank; j++) {
		struct fold fold;
		struct span value;
		enum header_label label = LABEL_NONE;

		if (!t->lines[j].quoted && fold_line(&fold, t, j))
			label = words_header_label(fold_span(&fold), &value);
		if (label == LABEL_NONE) {
			/* a wrapped value: one line or two, only inside the block */
			if (!after_label || trim_line_span(t, j).len > 200 || t->lines[j].quoted)
				break;
			after_label = j + 1 < t->n && !t->lines[j + 1].blank;
			continue;
		}
		note_label(scan, label, value);
		scan->end = j + 1;
		after_label = true;
	}
}

/*
 * People write such lines as well: "From: Berlin / To: Paris / Date: Friday / Subject: the trip".
 * An older mail's have a sender and a date, and a sign of a program besides: the frame, an
 * address, a day with its time, or all four labels in a program's order and words.
 */
static bool
is_header_block(const struct header_scan *scan)
{
	bool subject = (scan->seen & LABEL_SUBJECT) != 0;

	if ((scan->seen & LABEL_FROM) == 0 || (scan->seen & LABEL_DATE) == 0)
		return scan->mail && scan->second;
	if (scan->mail && (scan->framed || scan->sent || scan->day))
		return true;
	if (scan->in_order && scan->hour)
		return true;
	if (!subject || scan->count < 3)
		return false;
	return scan->hour || scan->framed || (scan->count > 3 && scan->in_order);
}

static bool
find_headers(const struct trim_body *t, size_t i, struct trim_intro *intro_r)
{
	struct header_scan scan;
	struct fold fold;
	struct span value, line = trim_line_span(t, i);
	enum header_label label = LABEL_NONE;

	/* A colon, or the first byte of a wide one: most lines have neither. */
	if (line.len > FOLD_MAX || (span_find_byte(line, ':') == line.len &&
	    span_find_byte(line, '\xef') == line.len))
		return false;
	if (fold_line(&fold, t, i))
		label = words_header_label(fold_span(&fold), &value);
	if (label == LABEL_NONE || label == LABEL_OTHER)
		return false;
	scan_headers(t, i, &scan);
	if (!scan.dated && !is_header_block(&scan))
		return false;
	*intro_r = (struct trim_intro){scan.end, !quote_follows(t, scan.end), false, MARK_HEADER};
	return true;
}

static bool
find_marker(const struct trim_body *t, size_t i, struct trim_intro *intro_r)
{
	struct span line = trim_line_span(t, i);
	struct fold fold;
	bool forwarded = false, found;

	if (line.len > 140 || !fold_line(&fold, t, i))
		return false;
	found = words_is_original(fold_span(&fold), &forwarded);
	if (!found && words_is_forward_line(fold_span(&fold)))
		found = forwarded = true;
	if (!found && !words_is_reply_above(fold_span(&fold)))
		return false;
	*intro_r = (struct trim_intro){i + 1, true, forwarded,
		forwarded ? MARK_FORWARDED : MARK_HEADER};
	return true;
}

bool
trim_find_intro(const struct trim_body *t, size_t i, struct trim_intro *intro_r)
{
	const struct trim_line *line = &t->lines[i];

	if (line->blank || line->quoted || line->fenced)
		return false;
	return find_marker(t, i, intro_r) || find_headers(t, i, intro_r) ||
	    find_attribution(t, i, intro_r);
}
