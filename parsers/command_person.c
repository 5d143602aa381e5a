/* SPDX-License-Identifier: ISC */
/*
 * command_person: a person's own settings (hours, zone, digest, check-in, acknowledgements,
 * language) and new members. What is understood is put into one normal form, the one the store
 * keeps: "mon-fri 09:00-17:00", "weekly mon 09:00".
 */
#include "config.h"

#include <string.h>

#include "parsers/address.h"
#include "parsers/base/utf8.h"
#include "parsers/base/zone.h"
#include "parsers/command_private.h"
#include "parsers/timespan.h"

static const char *const day_names[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

/* A weekday at the beginning of *rest, "mon" or "monday", and takes it off; 7 without. */
static unsigned
take_day_name(struct span *rest)
{
	static const char *const longer[] = {
	    "day", "sday", "nesday", "rsday", "day", "urday", "day"};

	for (unsigned i = 0; i < 7; i++) {
		size_t n = 3;

		if (!span_istarts(*rest, span_of(day_names[i])))
			continue;
		if (span_istarts(span_skip(*rest, 3), span_of(longer[i])))
			n += strlen(longer[i]);
		else if (i == 1 && span_istarts(span_skip(*rest, 3), SPAN("s")))
			n++;
		else if (i == 3 && span_istarts(span_skip(*rest, 3), SPAN("r")))
			n++;
		*rest = span_skip(*rest, n);
		return i;
	}
	return 7;
}

bool
command_take_clock(struct command_parser *p, uint32_t *minutes_r)
{
	struct span word = command_peek(p);
	size_t n = timespan_clock(word, minutes_r);

	if (n == 0 || n != word.len || *minutes_r >= 24 * 60)
		return false;
	command_skip_word(p);
	return true;
}

/* ---- hours ---------------------------------------------------------------------------------- */

/* "mon-fri 09:00-17:00": one piece, appended in normal form. */
static bool
put_hours(struct span piece, struct buf *out)
{
	uint32_t from, to;
	unsigned first, last;
	struct span rest;
	size_t n;

	piece = span_trim(piece);
	first = last = take_day_name(&piece);
	if (first == 7)
		return false;
	rest = span_trim(piece);
	if (rest.len > 0 && *rest.ptr == '-') {
		piece = span_trim(span_skip(rest, 1));
		last = take_day_name(&piece);
	}
	if (last == 7 || piece.len == 0 || *piece.ptr != ' ')
		return false;
	piece = span_trim(piece);
	n = timespan_clock(piece, &from);
	piece = span_trim(span_skip(piece, n));
	if (n == 0 || piece.len == 0 || *piece.ptr != '-')
		return false;
	piece = span_trim(span_skip(piece, 1));
	n = timespan_clock(piece, &to);
	if (n == 0 || n != piece.len || to <= from)
		return false;
	buf_printf(out, "%s%s", out->len > 0 ? ", " : "", day_names[first]);
	if (last != first)
		buf_printf(out, "-%s", day_names[last]);
	buf_printf(out, " %02u:%02u-%02u:%02u", (unsigned)(from / 60), (unsigned)(from % 60),
	    (unsigned)(to / 60), (unsigned)(to % 60));
	return true;
}

static bool
read_from(struct command_parser *p, size_t at)
{
	struct when_context context = command_when_context(p, WHEN_FUTURE);
	struct refusal refusal = {NULL, NULL};
	struct span date = span_trim(span_skip(p->rest, at + 6));

	if (!when_parse(p->arena, date, &context, &p->command->when, &refusal)) {
		p->rest = date;
		return command_refuse(p, &refusal, "a date after \"from\"");
	}
	p->rest = span_first(p->rest, at);
	return true;
}

bool
command_hours(struct command_parser *p)
{
	size_t at = span_ifind(p->rest, SPAN(" from "));
	struct span rest, piece;
	struct buf out;
	bool good = true;

	if (at < p->rest.len && !read_from(p, at))
		return false;
	rest = p->rest;
	buf_init(&out, 500);
	while (good && span_next_field(&rest, ',', &piece))
		good = put_hours(piece, &out);
	good = good && out.len > 0 && !out.over;
	if (good)
		p->command->word = arena_strdup(p->arena, out.ptr);
	buf_release(&out);
	return good || command_fail(p, "hours are days and times, as in mon-fri 09:00-17:00");
}

/* ---- zone ----------------------------------------------------------------------------------- */

/* "Dubai" for "Asia/Dubai": tries the name below each part of the world. */
static const char *
find_city(struct command_parser *p, struct span word)
{
	static const char *const areas[] = {"Europe", "America", "Asia", "Africa", "Australia",
		"Pacific", "Atlantic", "Indian"};
	char *city = arena_span(p->arena, word);

	for (char *c = city; *c != '\0'; c++)
		if (c == city || c[-1] == '_' || c[-1] == '/')
			*c = (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
	for (size_t i = 0; i < sizeof(areas) / sizeof *areas; i++) {
		char *name = arena_printf(p->arena, "%s/%s", areas[i], city);
		const struct zone *zone;
		struct err err;

		if (zone_name_valid(span_of(name)) && zone_get(name, &zone, &err) == TD_OK)
			return name;
	}
	return NULL;
}

bool
command_zone(struct command_parser *p)
{
	struct span word = command_peek(p);
	const struct zone *zone;
	struct refusal refusal;
	struct err err;

	if (word.len == 0)
		return command_fail(p, "/tz needs a time zone, as in Asia/Dubai");
	if (!zone_name_valid(word) || zone_get_span(word, &zone, &err) != TD_OK) {
		const char *near = zone_name_valid(word) ? find_city(p, word) : NULL;

		if (near == NULL)
			return command_fail(p, "there is no time zone \"%.*s\"; it is area/city",
			    SPAN_FMT(utf8_cut(word, 60)));
		return command_fail_with(p, near, "a time zone is written with its area: %s", near);
	}
	p->command->word = arena_strdup(p->arena, zone_name(zone));
	command_skip_word(p);
	if (p->rest.len > 0 && !command_take_when(p, WHEN_FUTURE, &refusal))
		return command_refuse(p, &refusal,
		    "days after the zone, as in 2026-12-01..2026-12-10");
	return command_at_end(p);
}

/* ---- mail ----------------------------------------------------------------------------------- */

static const char *
clock_word(struct command_parser *p, const char *before, uint32_t minutes)
{
	return arena_printf(p->arena, "%s%02u:%02u", before, (unsigned)(minutes / 60),
	    (unsigned)(minutes % 60));
}

static bool
read_off(struct command_parser *p)
{
	if (!command_take_word(p, "off") && !command_take_word(p, "none"))
		return false;
	p->command->word = "off";
	p->command->none = true;
	return true;
}

bool
command_digest(struct command_parser *p)
{
	static const char *const kinds[] = {"daily", "weekly", "off"};
	uint32_t minutes = 8 * 60 + 30;

	if (read_off(p))
		return command_at_end(p);
	if (command_take_word(p, "daily") || command_take_clock(p, &minutes)) {
		if (p->rest.len > 0 && !command_take_clock(p, &minutes))
			return command_fail(p, "after \"daily\" stands a time, as in 08:30");
		p->command->word = clock_word(p, "daily ", minutes);
	} else if (command_take_word(p, "weekly")) {
		struct span rest = p->rest;
		unsigned day = take_day_name(&rest);

		if (day == 7)
			day = 0;
		else
			p->rest = span_trim(rest);
		minutes = 9 * 60;
		if (p->rest.len > 0 && !command_take_clock(p, &minutes))
			return command_fail_with(p, "weekly mon 09:00",
			    "after \"weekly\" stand a weekday and a time");
		p->command->word = clock_word(p,
		    arena_printf(p->arena, "weekly %s ", day_names[day]), minutes);
	} else
		return command_fail_word(p, kinds, 3, "a digest is daily, weekly or off");
	return command_at_end(p);
}

bool
command_checkin(struct command_parser *p)
{
	uint32_t minutes;

	if (read_off(p))
		return command_at_end(p);
	if (!command_take_clock(p, &minutes))
		return command_fail(p, "/checkin needs a time, as in 16:30, or \"off\"");
	p->command->word = clock_word(p, "", minutes);
	return command_at_end(p);
}

bool
command_ack(struct command_parser *p)
{
	static const char *const words[] = {"always", "new", "errors"};

	for (size_t i = 0; i < 3; i++)
		if (command_take_word(p, words[i])) {
			p->command->word = words[i];
			return command_at_end(p);
		}
	return command_fail_word(p, words, 3, "/ack is always, new or errors");
}

bool
command_lang(struct command_parser *p)
{
	struct span word = command_peek(p);
	size_t dash = span_find_byte(word, '-');
	char *code = arena_span(p->arena, span_first(word, 10));

	if (dash < 2 || dash > 3 || (dash < word.len && word.len - dash != 3) || word.len > 6)
		return command_fail(p, "a language is a code, as in de or pt-BR");
	for (size_t i = 0; i < word.len; i++) {
		char c = (char)(code[i] | 0x20);

		if (i != dash && (c < 'a' || c > 'z'))
			return command_fail(p, "a language is a code, as in de or pt-BR");
		if (i != dash)
			code[i] = (char)(i < dash ? c : c - 32);
	}
	p->command->word = code;
	command_skip_word(p);
	return command_at_end(p);
}

/* ---- members -------------------------------------------------------------------------------- */

bool
command_invite(struct command_parser *p)
{
	static const char *const roles[] = {"guest", "member", "lead"};
	struct span word = command_peek(p), name;
	size_t at;

	if (!address_valid(word))
		return command_fail(p, "/invite needs an address first");
	if (!command_take_person(p))
		return command_fail(p, "/invite does not take the address %.*s",
		    SPAN_FMT(utf8_cut(word, 100)));
	name = span_rtrim(p->rest);
	for (at = name.len; at > 0 && name.ptr[at - 1] != ' ';)
		at--;
	for (size_t i = 0; i < 3; i++)
		if (at > 0 && span_iis(span_skip(name, at), roles[i]))
			p->command->word = roles[i];
	if (p->command->word != NULL)
		name = span_rtrim(span_first(name, at));
	if (name.len == 0)
		return command_fail(p, "/invite needs the person's name after the address");
	p->command->text = arena_span(p->arena, utf8_cut(name, 200));
	return true;
}
