/* SPDX-License-Identifier: ISC */
/*
 * Tests of parsers/when. Read against Thursday 2026-11-19, 10:30 in Berlin, if a row does not say
 * otherwise.
 */
#include "tests/unit/unit.h"

#include <stdio.h>

#include "parsers/base/zone.h"
#include "parsers/when.h"

#define ANCHOR 1795080600 /* 2026-11-19T09:30:00Z */

static struct arena *arena;

static int
setup(void **state)
{
	arena = arena_create();
	return 0;
}

static int
teardown(void **state)
{
	arena_destroy(&arena);
	return 0;
}

/* "LOCAL", "LOCAL..LOCAL_END", with "!" behind it when past; or "refused". */
static const char *
read_as(const char *text, enum when_tense tense)
{
	struct when_context context = {
	    .anchor = ANCHOR, .zone = "Europe/Berlin", .tense = tense};
	struct refusal refusal;
	struct reading_when *when;

	if (!when_parse(arena, span_of(text), &context, &when, &refusal)) {
		assert_non_null(refusal.why);
		return "refused";
	}
	return arena_printf(arena, "%s%s%s%s", when->local, when->local_end ? ".." : "",
	    when->local_end ? when->local_end : "", when->past ? "!" : "");
}

struct row {
	const char *text, *want;
};

static void
check_rows(const struct row *rows, size_t n, enum when_tense tense)
{
	for (size_t i = 0; i < n; i++) {
		const char *got = read_as(rows[i].text, tense);

		if (strcmp(got, rows[i].want) != 0)
			fail_msg("\"%s\": %s, not %s", rows[i].text, got, rows[i].want);
	}
}

#define CHECK(rows) check_rows((rows), ARRAY_LEN(rows), WHEN_FUTURE)

static void
test_iso(void **state)
{
	static const struct row rows[] = {
	    {"2026-12-10", "2026-12-10"},
	    {" 2026-12-10\t", "2026-12-10"},
	    {"2026-1-5", "2026-01-05!"},
	    {"2026-12-10 17:00", "2026-12-10T17:00"},
	    {"2026-12-10T17:00", "2026-12-10T17:00"},
	    {"2026-12-10T17:00Z", "2026-12-10T17:00"},
	    {"2026-12-10T17:00:30-05:00", "2026-12-10T23:00"},
	    {"2026-12-10 17:00 America/New_York", "2026-12-10T17:00"},
	    {"2026/12/10", "2026-12-10"},
	    {"2026-W50", "2026-W50"},
	    {"2026w50", "2026-W50"},
	    {"2026-W50-5", "2026-12-11"},
	    {"2026-11-18", "2026-11-18!"},
	    {"2026-11-19", "2026-11-19"},
	    {"2026-12-10 24:00", "2026-12-11T00:00"},
	};

	CHECK(rows);
}

static void
test_days(void **state)
{
	static const struct row rows[] = {
	    {"today", "2026-11-19"},
	    {"Tomorrow", "2026-11-20"},
	    {"yesterday", "2026-11-18!"},
	    {"tonight", "2026-11-19T20:00"},
	    {"friday", "2026-11-20"},
	    {"FRI", "2026-11-20"},
	    {"thursday", "2026-11-26"}, /* today excluded */
	    {"next friday", "2026-11-27"}, /* of next week */
	    {"coming friday", "2026-11-20"},
	    {"kommenden Freitag", "2026-11-20"},
	    {"aanstaande vrijdag", "2026-11-20"},
	    {"coming week", "2026-W48"},
	    {"next thursday", "2026-11-26"},
	    {"this friday", "2026-11-20"},
	    {"this thursday", "2026-11-19"},
	    {"last friday", "2026-11-13!"},
	    {"last thursday", "2026-11-12!"},
	    {"friday next week", "2026-11-27"},
	    {"next week friday", "2026-11-27"},
	    {"in 3 days", "2026-11-22"},
	    {"3d", "2026-11-22"},
	    {"2 weeks", "2026-12-03"},
	    {"in two weeks", "2026-12-03"},
	    {"in a month", "2026-12-19"},
	    {"3 days ago", "2026-11-16!"},
	    {"a week ago", "2026-11-12!"},
	    {"in 2 hours", "2026-11-19T12:30"},
	    {"in 1.5 hours", "2026-11-19T12:00"},
	    {"day after tomorrow", "2026-11-21"},
	    {"end of week", "2026-11-22"},
	    {"eow", "2026-11-22"},
	    {"end of the month", "2026-11-30"},
	    {"eom", "2026-11-30"},
	    {"end of next month", "2026-12-31"},
	    {"end of quarter", "2026-12-31"},
	    {"eoq", "2026-12-31"},
	    {"eoy", "2026-12-31"},
	    {"end of February", "2027-02-28"},
	    {"next week", "2026-W48"},
	    {"this month", "2026-11-01..2026-11-30"},
	    {"week 50", "2026-W50"},
	    {"KW 3", "2027-W03"},
	};

	CHECK(rows);
}

static void
test_month_names(void **state)
{
	static const struct row rows[] = {
	    {"12 Dec", "2026-12-12"},
	    {"Dec 12th", "2026-12-12"},
	    {"December 12, 2027", "2027-12-12"},
	    {"12th of December 2027", "2027-12-12"},
	    {"2 Jan", "2027-01-02"},
	    {"12 Oct", "2026-10-12!"}, /* just gone: that one, with a warning */
	    {"12 Jun", "2027-06-12"},  /* long gone: the next one */
	    {"Fri 20 Nov", "2026-11-20"},
	    {"Friday, November 20, 2026 5pm", "2026-11-20T17:00"},
	    {"12-14 Dec", "2026-12-12..2026-12-14"},
	    {"Dec 12 - 14", "2026-12-12..2026-12-14"},
	    {"29 Feb 2028", "2028-02-29"},
	    {"13/12/2026", "2026-12-13"},
	    {"12/13/2026", "2026-12-13"},
	    {"12/12/2026", "2026-12-12"},
	    {"12.12.2026", "2026-12-12"},
	    {"12.12.", "2026-12-12"},
	    {"12-Dec-2026", "2026-12-12"},
	    {"12/Dec/2026", "2026-12-12"},
	};

	CHECK(rows);
}

static void
test_times(void **state)
{
	static const struct row rows[] = {
	    {"17:00", "2026-11-19T17:00"},
	    {"5pm", "2026-11-19T17:00"},
	    {"5:30 p.m.", "2026-11-19T17:30"},
	    {"12am", "2026-11-19T00:00!"},
	    {"12pm", "2026-11-19T12:00"},
	    {"noon", "2026-11-19T12:00"},
	    {"midnight", "2026-11-20T00:00"},
	    {"9:00", "2026-11-19T09:00!"},
	    {"tomorrow 9:00", "2026-11-20T09:00"},
	    {"9:00 tomorrow", "2026-11-20T09:00"},
	    {"tomorrow at 9", "2026-11-20T09:00"},
	    {"tomorrow morning", "2026-11-20T09:00"},
	    {"friday afternoon", "2026-11-20T15:00"},
	    {"tonight at 8", "2026-11-19T20:00"},
	    {"8 in the evening", "2026-11-19T20:00"},
	    {"11 tonight", "2026-11-19T23:00"},
	    {"8", "refused"},
	    {"tomorrow 17:00 Asia/Kolkata", "2026-11-20T17:00"},
	    {"17:00 +05:30", "2026-11-19T12:30"},
	    {"17:00 UTC", "2026-11-19T17:00"},
	    {"17:00 CEST", "2026-11-19T16:00"},
	    {"17:00 UTC+2", "2026-11-19T16:00"},
	};

	CHECK(rows);
}

static void
test_ranges(void **state)
{
	static const struct row rows[] = {
	    {"2026-12-10..2026-12-12", "2026-12-10..2026-12-12"},
	    {"2026-12-10 .. 2026-12-12", "2026-12-10..2026-12-12"},
	    {"2026-12-10 - 2026-12-12", "2026-12-10..2026-12-12"},
	    {"2026-12-10 to 2026-12-12", "2026-12-10..2026-12-12"},
	    {"2026-12-10..12", "2026-12-10..2026-12-12"},
	    {"mon-fri", "2026-11-23..2026-11-27"},
	    {"friday to monday", "2026-11-20..2026-11-23"},
	    {"next mon..next fri", "2026-11-23..2026-11-27"},
	    {"next friday to next monday", "2026-11-27..2026-11-30"},
	    {"24 dec - 2 jan", "2026-12-24..2027-01-02"},
	    {"10 Nov - 12 Dec 2027", "2027-11-10..2027-12-12"},
	    {"20 Dec - 3 Jan 2028", "2027-12-20..2028-01-03"},
	    {"09:00-10:30", "2026-11-19T09:00..2026-11-19T10:30!"},
	    {"9-11am", "2026-11-19T09:00..2026-11-19T11:00"},
	    {"11-1pm", "2026-11-19T11:00..2026-11-19T13:00"},
	    {"3:30-4:30pm", "2026-11-19T15:30..2026-11-19T16:30"},
	    {"22:00-01:00", "2026-11-19T22:00..2026-11-20T01:00"},
	    {"friday 14:00-15:00", "2026-11-20T14:00..2026-11-20T15:00"},
	    {"mon 9:00 - wed 17:00", "2026-11-23T09:00..2026-11-25T17:00"},
	    {"2026-W50..2026-W52", "2026-W50..2026-W52"},
	    {"today..friday", "2026-11-19..2026-11-20"},
	};

	CHECK(rows);
}

static void
test_languages(void **state)
{
	static const struct row rows[] = {
	    {"heute", "2026-11-19"}, {"morgen", "2026-11-20"}, {"übermorgen", "2026-11-21"},
	    {"gestern", "2026-11-18!"}, {"Freitag", "2026-11-20"},
	    {"nächsten Freitag", "2026-11-27"},
	    {"nächste Woche Freitag", "2026-11-27"}, {"in 3 Tagen", "2026-11-22"},
	    {"vor 2 Wochen", "2026-11-05!"}, {"12. Dezember 2026", "2026-12-12"},
	    {"am 12. Dezember um 17 Uhr", "2026-12-12T17:00"}, {"Ende des Monats", "2026-11-30"},
	    {"Monatsende", "2026-11-30"}, {"heute Abend", "2026-11-19T20:00"},
	    {"morgen früh", "2026-11-20T09:00"}, {"Mo bis Fr", "2026-11-23..2026-11-27"},
	    {"3. März", "2027-03-03"}, {"17.30 Uhr", "2026-11-19T17:30"},
	    {"vom 12. bis 14. Dezember", "2026-12-12..2026-12-14"},

	    {"aujourd’hui", "2026-11-19"}, {"demain", "2026-11-20"}, {"après-demain", "2026-11-21"},
	    {"vendredi", "2026-11-20"}, {"vendredi prochain", "2026-11-27"},
	    {"dans 3 jours", "2026-11-22"}, {"il y a 3 jours", "2026-11-16!"},
	    {"le 1er décembre", "2026-12-01"}, {"12 déc. 2026", "2026-12-12"},
	    {"demain à 17h30", "2026-11-20T17:30"}, {"fin du mois", "2026-11-30"},
	    {"fin de l'année", "2026-12-31"}, {"ce soir", "2026-11-19T20:00"},
	    {"du 12 au 14 décembre", "2026-12-12..2026-12-14"},
	    {"demain matin", "2026-11-20T09:00"},

	    {"hoy", "2026-11-19"}, {"mañana", "2026-11-20"}, {"pasado mañana", "2026-11-21"},
	    {"viernes", "2026-11-20"}, {"el próximo viernes", "2026-11-27"},
	    {"el viernes que viene", "2026-11-27"}, {"en 3 días", "2026-11-22"},
	    {"dentro de dos semanas", "2026-12-03"}, {"hace 3 días", "2026-11-16!"},
	    {"12 de diciembre de 2026", "2026-12-12"}, {"mañana a las 17:00", "2026-11-20T17:00"},
	    {"mañana por la tarde", "2026-11-20T15:00"}, {"fin de mes", "2026-11-30"},
	    {"del 12 al 14 de diciembre", "2026-12-12..2026-12-14"},

	    {"hoje", "2026-11-19"}, {"amanhã", "2026-11-20"}, {"depois de amanhã", "2026-11-21"},
	    {"sexta-feira", "2026-11-20"}, {"sexta", "2026-11-20"},
	    {"próxima sexta-feira", "2026-11-27"}, {"em 3 dias", "2026-11-22"},
	    {"daqui a 2 semanas", "2026-12-03"}, {"há 3 dias", "2026-11-16!"},
	    {"12 de dezembro de 2026", "2026-12-12"}, {"amanhã às 17h", "2026-11-20T17:00"},
	    {"fim do mês", "2026-11-30"}, {"hoje à noite", "2026-11-19T20:00"},
	    {"de 12 a 14 de dezembro", "2026-12-12..2026-12-14"},

	    {"vandaag", "2026-11-19"}, {"overmorgen", "2026-11-21"}, {"vrijdag", "2026-11-20"},
	    {"volgende vrijdag", "2026-11-27"}, {"over 3 dagen", "2026-11-22"},
	    {"3 dagen geleden", "2026-11-16!"}, {"12 december", "2026-12-12"},
	    {"morgen om 17.30 uur", "2026-11-20T17:30"}, {"eind van de maand", "2026-11-30"},
	    {"vanavond", "2026-11-19T20:00"}, {"12 t/m 14 december", "2026-12-12..2026-12-14"},
	    {"ma t/m vr", "2026-11-23..2026-11-27"},
	};

	CHECK(rows);
}

static void
test_past_tense(void **state)
{
	static const struct row rows[] = {
	    {"friday", "2026-11-13!"},
	    {"wednesday", "2026-11-18!"},
	    {"thursday", "2026-11-12!"},
	    {"yesterday", "2026-11-18!"},
	    {"12 Dec", "2025-12-12!"},
	    {"12 Oct", "2026-10-12!"},
	    {"week 50", "2025-W50!"},
	    {"3 days", "refused"}, /* from when? */
	    {"3 days ago", "2026-11-16!"},
	};

	check_rows(rows, ARRAY_LEN(rows), WHEN_PAST);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *text, *why, *suggestion;
	} rows[] = {
	    {"03/04/2026", "3 April or 4 March", "2026-04-03"},
	    {"3-4-2026", "3 April or 4 March", "2026-04-03"},
	    {"2026-02-30", "February 2026 has 28 days", "2026-02-28"},
	    {"31 Nov", "November 2026 has 30 days", "2026-11-30"},
	    {"32 August", "August has 31 days", NULL},
	    {"February 29, 2027", "February 2027 has 28 days", "2027-02-28"},
	    {"2026-13-01", "the month", "2026-01-13"},
	    {"13/31/2026", "not a date in any order", NULL},
	    {"2026-W54", "weeks 1 to 53", "2026-W53"},
	    {"90", "what?", NULL},
	    {"1.5", "what?", NULL},
	    {"25:00", "no time 25:00", NULL},
	    {"14pm", "am and pm", "14:00"},
	    {"Mon 20 Nov", "a Friday, not a Monday", "2026-11-20"},
	    {"mar", "Tuesday or March", NULL},
	    {"October", "a month", "2026-10-01"},
	    {"17h", "a time or an amount", "17:00"},
	    {"17:00 IST", "more than one zone", NULL},
	    {"24/7", "a fraction", "2026-07-24"},
	    {"friday..wednesday 2020", "not a date", NULL},
	    {"2026-12-12..2026-12-10", "lies before", "2026-12-10..2026-12-12"},
	    {"14 Dec..12 Dec", "lies before", "12 Dec..14 Dec"},
	    {"", "no date", "tomorrow"},
	    {"soon", "not a date", NULL},
	    {"2026-W50-", "not a date", NULL},
	    {"a day", "not a date", NULL},
	    {"friday friday", "not a date", NULL},
	    {"friday at the beach", "not a date", NULL},
	    {"2026-12-10 Europe/Nowhere", "not a date", NULL},
	    {"2026-12-10 ../../etc/passwd", "not a date", NULL},
	    {"1-2-3", "", NULL},
	    {"2012-14", "", NULL},
	    {"12.53%", "", NULL},
	    {"at 6.5 kilograms", "", NULL},
	    {"fin de semana", "not a date", NULL},
	    {"9999999999999999999999", "what?", NULL},
	    {"0000-01-01", "the year 0000 is out of reach", "2027-01-01"},
	    {"1 Jan 0000", "the year 0000 is out of reach", "2027-01-01"},
	    {"31.12.0000", "the year 0000 is out of reach", "2026-12-31"},
	    {"01/13/0000", "the year 0000 is out of reach", "2027-01-13"},
	    {"0000-W01", "the year 0000 is out of reach", NULL},
	    {"KW 1/0000", "the year 0000 is out of reach", NULL},
	    {"end of January 0000", "the year 0000 is out of reach", NULL},
	    {"24/12", "may be a date or a fraction", "2026-12-24"},
	    {"12/24 17:00", "may be a date or a fraction", "2026-12-24"},
	    {"3/4", "may be two dates or a fraction", "2027-04-03"},
	    {"45/99", "is no date", NULL},
	    {"17 heures", "a time or an amount", "17:00"},
	    {"0am", "from 1 to 12", "00:00"},
	    {"0:30pm", "from 1 to 12", "12:30"},
	    {"until fri", "where it ends", "fri"},
	    {"bis zum 12. Dezember", "where it ends", "12. Dezember"},
	    {"jusqu'\xc3\xa0 vendredi", "where it ends", "vendredi"},
	    {"hasta el viernes", "where it ends", "viernes"},
	    {"at\xc3\xa9 sexta", "where it ends", "sexta"},
	    {"tot vrijdag", "where it ends", "vrijdag"},
	    {"fridya", "is not a date", "friday"},
	    {"domnigo", "is not a date", "domingo"},
	    {"in 99999999 days", "", NULL},
	    {"99999 years ago", "", NULL},
	    {"tomorrow\x01", "", "tomorrow"},
	    {"\xff\xfe", "", NULL},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct when_context context = {
		    .anchor = ANCHOR, .zone = "Europe/Berlin", .tense = WHEN_FUTURE};
		struct reading_when *when = NULL;
		struct refusal refusal = {0};

		row_assert(!when_parse(arena, span_of(rows[i].text), &context, &when, &refusal),
		    rows[i].text);
		assert_null(when);
		if (strstr(refusal.why, rows[i].why) == NULL)
			fail_msg("\"%s\": %s", rows[i].text, refusal.why);
		if (rows[i].suggestion == NULL)
			row_assert(refusal.suggestion == NULL, rows[i].text);
		else
			assert_string_equal(refusal.suggestion, rows[i].suggestion);
	}
}

static void
test_suggestions_are_understood(void **state)
{
	static const char *texts[] = {"03/04/2026", "2026-02-30", "31 Nov", "2026-W54", "14pm",
	    "Mon 20 Nov", "October", "17h", "2026-12-12..2026-12-10", ""};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct when_context context = {
		    .anchor = ANCHOR, .zone = "Europe/Berlin", .tense = WHEN_FUTURE};
		struct reading_when *when;
		struct refusal refusal;

		assert_false(when_parse(arena, span_of(texts[i]), &context, &when, &refusal));
		assert_non_null(refusal.suggestion);
		assert_string_not_equal(read_as(refusal.suggestion, WHEN_FUTURE), "refused");
	}
}

static void
test_moments(void **state)
{
	static const struct {
		const char *text, *zone;
		int64_t start, end;
	} rows[] = {
	    /* A day of 23 and one of 25 hours. */
	    {"2026-03-29", "Europe/Berlin", 1774738800, 1774738800 + 23 * 3600},
	    {"2026-10-25", "Europe/Berlin", 1792879200, 1792879200 + 25 * 3600},
	    /* A gap is read with the offset before it, an overlap is the first. */
	    {"2026-03-29 02:30", "Europe/Berlin", 1774747800, 1774747800},
	    {"2026-10-25 02:30", "Europe/Berlin", 1792888200, 1792888200},
	    {"2026-10-04 02:15", "Australia/Lord_Howe", 1791042300, 1791042300},
	    /* A skipped day has no length. */
	    {"2011-12-30", "Pacific/Apia", 1325239200, 1325239200},
	    {"2026-12-10 17:00 Pacific/Kiritimati", "Europe/Berlin", 1796871600, 1796871600},
	    {"2026-W50", "Europe/Berlin", 1796598000, 1796598000 + 7 * 86400},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct when_context context = {
		    .anchor = ANCHOR, .zone = rows[i].zone, .tense = WHEN_FUTURE};
		struct reading_when *when;
		struct refusal refusal;

		row_assert(when_parse(arena, span_of(rows[i].text), &context, &when, &refusal),
		    rows[i].text);
		if (when->start != rows[i].start || when->end != rows[i].end)
			fail_msg("%s: %lld %lld", rows[i].text, (long long)when->start,
			    (long long)when->end);
	}
}

static void
test_prefix(void **state)
{
	static const struct {
		const char *text;
		size_t taken;
		bool refused;
		enum when_tense tense;
	} rows[] = {
	    {"friday call Ben", 6, false, WHEN_FUTURE},
	    {"friday 17:00 call Ben", 12, false, WHEN_FUTURE},
	    {"2026-12-10, then more", 10, false, WHEN_FUTURE},
	    {"2026-12-10; more", 10, false, WHEN_FUTURE},
	    {"2026-12-10..2026-12-12 holiday", 22, false, WHEN_FUTURE},
	    {"12 Dec to the office", 6, false, WHEN_FUTURE},
	    {"tomorrow", 8, false, WHEN_FUTURE},
	    {"tomorrow\nfriday", 8, false, WHEN_FUTURE},
	    {"yesterday review", 9, false, WHEN_PAST},
	    {"call Ben friday", 0, false, WHEN_FUTURE},
	    {"so tired", 0, false, WHEN_PAST},
	    {"die Planung", 0, false, WHEN_PAST},
	    {"set up the build", 0, false, WHEN_PAST},
	    {"3 reviews", 0, false, WHEN_PAST},
	    {"3 days of logs", 0, false, WHEN_PAST},
	    {"24/7 support", 0, false, WHEN_FUTURE},
	    {"fridayish", 0, false, WHEN_FUTURE},
	    {"friday. Then call", 7, false, WHEN_FUTURE},
	    {"in the office", 0, false, WHEN_FUTURE},
	    {"may be", 0, false, WHEN_FUTURE},
	    {"", 0, false, WHEN_FUTURE},
	    {"03/04/2026 plan", 0, true, WHEN_FUTURE},
	    {"31 Nov plan", 0, true, WHEN_FUTURE},
	    {"fri 31 Nov plan", 0, true, WHEN_FUTURE},
	    {"17:00 IST call", 0, true, WHEN_FUTURE},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct when_context context = {
		    .anchor = ANCHOR, .zone = "Europe/Berlin", .tense = rows[i].tense};
		struct reading_when *when;
		struct refusal refusal = {0};
		size_t taken =
		    when_prefix(arena, span_of(rows[i].text), &context, &when, &refusal);

		if (taken != rows[i].taken)
			fail_msg("\"%s\": %zu", rows[i].text, taken);
		row_assert((taken == 0 && refusal.why != NULL) == rows[i].refused, rows[i].text);
	}
}

static void
test_bad_zone(void **state)
{
	struct when_context context = {
	    .anchor = ANCHOR, .zone = "../etc/passwd", .tense = WHEN_FUTURE};
	struct reading_when *when;
	struct refusal refusal;

	assert_false(when_parse(arena, SPAN("friday"), &context, &when, &refusal));
	assert_non_null(strstr(refusal.why, "time zone"));
}

static void
test_long_text_is_cut_soundly(void **state)
{
	struct when_context context = {
	    .anchor = ANCHOR, .zone = "Europe/Berlin", .tense = WHEN_FUTURE};
	struct reading_when *when;
	struct refusal refusal;
	size_t len = 1 << 20;
	char *text = malloc(len);

	for (size_t i = 0; i < len; i++)
		text[i] = "fri "[i % 4];
	assert_false(when_parse(arena, (struct span){text, len}, &context, &when, &refusal));
	assert_non_null(strstr(refusal.why, "too long"));
	memcpy(text, "friday plan ", 12);
	assert_int_equal(when_prefix(arena, (struct span){text, len}, &context, &when, &refusal),
	    6);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_iso),
	    cmocka_unit_test(test_days),
	    cmocka_unit_test(test_month_names),
	    cmocka_unit_test(test_times),
	    cmocka_unit_test(test_ranges),
	    cmocka_unit_test(test_languages),
	    cmocka_unit_test(test_past_tense),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_suggestions_are_understood),
	    cmocka_unit_test(test_moments),
	    cmocka_unit_test(test_prefix),
	    cmocka_unit_test(test_bad_zone),
	    cmocka_unit_test(test_long_text_is_cut_soundly),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
