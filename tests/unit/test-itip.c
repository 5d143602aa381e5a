/* SPDX-License-Identifier: ISC */
/* Tests of calendar parts: durations over changes of the clock, what is not closed, links to
 * meeting rooms as Zoom, Teams and Meet write them. */
#include "tests/unit/unit.h"

#include "parsers/itip.h"

#define EVENT(lines)                                                                               \
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:u1\r\n" lines    \
	"END:VEVENT\r\nEND:VCALENDAR\r\n"
#define BERLIN(time, duration)                                                                     \
	EVENT("DTSTART;TZID=Europe/Berlin:" time "\r\nDURATION:" duration "\r\n")

static struct reading_event *
event(struct arena *arena, const char *ics)
{
	struct itip_events events = {0};

	itip_read(arena, span_of(ics), NULL, "UTC", 262144, &events);
	assert_int_equal(events.n, 1);
	return events.items;
}

/* Hours are exact, days are nominal (RFC 5545 section 3.3.6). */
static void
test_durations(void **state)
{
	static const struct {
		const char *name, *ics;
		int64_t start, seconds;
	} rows[] = {
	    /* 2026-10-25: 02:00 to 03:00 comes twice; 2026-03-29: 02:00 to 03:00 is left out */
	    {"into the overlap", BERLIN("20261025T013000", "PT1H"), 1792884600, 3600},
	    {"over the overlap", BERLIN("20261025T013000", "PT2H"), 1792884600, 7200},
	    {"from the overlap", BERLIN("20261025T023000", "PT1H"), 1792888200, 3600},
	    {"over the gap", BERLIN("20260329T013000", "PT1H30M"), 1774744200, 5400},
	    {"a day over the overlap", BERLIN("20261024T120000", "P1D"), 1792836000, 25 * 3600},
	    {"24 hours over it", BERLIN("20261024T120000", "PT24H"), 1792836000, 24 * 3600},
	    {"a day and an hour", BERLIN("20261024T120000", "P1DT1H"), 1792836000, 26 * 3600},
	    {"a week", BERLIN("20261024T120000", "P1W"), 1792836000, (7 * 24 + 1) * 3600},
	    {"a day over the gap", BERLIN("20260328T120000", "P1D"), 1774695600, 23 * 3600},
	    {"whole days", EVENT("DTSTART;VALUE=DATE:20261024\r\nDURATION:P2D\r\n"), 1792800000,
	        2 * 86400},
	    {"backwards", EVENT("DTSTART:20261106T090000Z\r\nDURATION:-PT1H\r\n"), 1793955600, 0},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct reading_event *e = event(arena, rows[i].ics);

		if (e->start != rows[i].start || e->end - e->start != rows[i].seconds)
			fail_msg("%s: %lld %lld", rows[i].name, (long long)e->start,
			    (long long)(e->end - e->start));
	}
	arena_destroy(&arena);
}

/* Cut off by a limit on the way, or written so. */
static void
test_unclosed(void **state)
{
	static const char *const rows[] = {
	    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u1\nDTSTART:20261106T090000Z\nSUMMARY:Plan\n"
	    "END:VEVENT\n",
	    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u1\nDTSTART:20261106T090000Z\nSUMMARY:Plan\n",
	    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u1\nDTSTART:20261106T090000Z\nSUMMARY:Plan\n"
	    "END:VCALENDAR\n",
	    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u1\nDTSTART:20261106T090000Z\nSUMMARY:Plan\n"
	    "BEGIN:VALARM\nTRIGGER:-PT5M\nEND:VEVENT\nEND:VCALENDAR\n",
	    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:u1\nDTSTART:20261106T090000Z\nSUMMARY:Plan\n"
	    "END:VEVENT\nEND:VCALENDAR\nEND:VCALENDAR\n",
	    "begin:vcalendar\nbegin:vevent\nUID:u1\nDTSTART:20261106T090000Z\nSUMMARY:Plan\n",
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct reading_event *e = event(arena, rows[i]);

		row_assert(span_is(span_of(e->summary), "Plan"), rows[i]);
		row_assert(e->start == 1793955600 && e->error == NULL, rows[i]);
	}
	arena_destroy(&arena);
}

#define ZOOM "https://us02web.zoom.us/j/81234567890?pwd=QmFzZTY0.1"
#define TEAMS "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?c=%7b%7d"
#define MEET "https://meet.google.com/abc-defg-hij"

static void
test_rooms(void **state)
{
	static const struct {
		const char *name, *lines, *want;
	} rows[] = {
	    {"Zoom in LOCATION", "LOCATION:" ZOOM "\r\n", ZOOM},
	    {"Zoom below a room", "LOCATION:Room 5\\, " ZOOM "\r\n", ZOOM},
	    {"Zoom in DESCRIPTION", "DESCRIPTION:Ana invites you.\\n\\nJoin Zoom Meeting\\n" ZOOM
	        "\\n\\nMeeting ID: 812 3456 7890\\nFind your local number: "
	        "https://us02web.zoom.us/u/kdXyz\\n\r\n", ZOOM},
	    {"Zoom's numbers alone", "DESCRIPTION:https://us02web.zoom.us/u/kdXyz\r\n", NULL},
	    {"Zoom, a company's", "DESCRIPTION:https://example.zoom.us/my/ana?pwd=1\r\n",
	        "https://example.zoom.us/my/ana?pwd=1"},
	    {"Teams in its own", "LOCATION:Microsoft Teams Meeting\r\n"
	        "X-MICROSOFT-SKYPETEAMSMEETINGURL:" TEAMS "\r\n", TEAMS},
	    {"Teams by another name", "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK:" TEAMS "\r\n", TEAMS},
	    {"Teams in DESCRIPTION", "DESCRIPTION:________________\\nMicrosoft Teams meeting\\n"
	        "Join: <https://aka.ms/JoinTeamsMeeting?omkt=en-US>\\nClick <" TEAMS ">\\n"
	        "Meeting options <https://teams.microsoft.com/meetingOptions/?x=1>\r\n", TEAMS},
	    {"Teams, the short form", "DESCRIPTION:https://teams.microsoft.com/meet/2345?p=x\r\n",
	        "https://teams.microsoft.com/meet/2345?p=x"},
	    {"Teams behind a guard", "DESCRIPTION:https://eur01.safelinks.protection.outlook.com/"
	        "?url=https%3A%2F%2Fteams.microsoft.com%2Fl%2Fmeetup-join%2F19%253a&data=05\r\n",
	        "https://teams.microsoft.com/l/meetup-join/19%3a"},
	    {"Meet in its own", "X-GOOGLE-CONFERENCE:" MEET "\r\n", MEET},
	    {"Meet in DESCRIPTION", "DESCRIPTION:Join with Google Meet: " MEET "\\nOr dial\r\n",
	        MEET},
	    {"Meet folded", "DESCRIPTION:Join with Google Meet: https://meet.goo\r\n gle.com/abc"
	        "-de\r\n"
	        " fg-hij\\n\r\n", MEET},
	    {"HTML alone", "X-ALT-DESC;FMTTYPE=text/html:<p>Join <a href=\"" MEET "\">here</a>\r\n",
	        MEET},
	    {"RFC 7986", "CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://video.example.org/7\r\n",
	        "https://video.example.org/7"},
	    {"another site's path", "DESCRIPTION:https://example.org/zoom.us/j/1\r\n", NULL},
	    {"a name like it", "DESCRIPTION:https://notzoom.us/j/1\r\n", NULL},
	    {"none", "LOCATION:Room 5\r\nDESCRIPTION:see https://example.org/\r\n", NULL},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *ics = arena_printf(arena,
		    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u1\r\n"
		    "DTSTART:20261106T090000Z\r\n%sEND:VEVENT\r\nEND:VCALENDAR\r\n", rows[i].lines);
		struct reading_event *e = event(arena, ics);

		if (!span_eq(span_of(e->conference), span_of(rows[i].want)))
			fail_msg("%s: %s", rows[i].name,
			    e->conference != NULL ? e->conference : "none");
	}
	arena_destroy(&arena);
}

/* What somebody wrote beside an answer (RFC 5546 section 3.2.3); Google's calendar puts it into a
 * parameter of its own. */
static void
test_comments(void **state)
{
	static const struct {
		const char *name, *lines, *want;
	} rows[] = {
	    {"none", "", NULL},
	    {"plain", "COMMENT:Too early for me\r\n", "Too early for me"},
	    {"with escapes", "COMMENT:No\\, not now\\nNext week?\r\n", "No, not now Next week?"},
	    {"in a language", "COMMENT;LANGUAGE=de:Zu fr\xc3\xbch\r\n", "Zu fr\xc3\xbch"},
	    {"empty", "COMMENT:\r\n", NULL},
	    {"empty, then one", "COMMENT: \r\nCOMMENT:Too early\r\n", "Too early"},
	    {"Google's", "ATTENDEE;PARTSTAT=DECLINED;X-RESPONSE-COMMENT=\"Too early, sorry\":"
	        "mailto:ben@example.org\r\n", "Too early, sorry"},
	    {"both", "ATTENDEE;X-RESPONSE-COMMENT=\"b\":mailto:ben@example.org\r\n"
	        "COMMENT:a\r\n", "a"},
	    {"a header in it", "COMMENT:a\\nBcc: eve@example.net\r\n",
	        "a Bcc: eve@example.net"},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct reading_event *e = event(arena, arena_printf(arena, "BEGIN:VCALENDAR\r\n"
		    "METHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:u1\r\nDTSTART:20261106T090000Z\r\n%s"
		    "END:VEVENT\r\nEND:VCALENDAR\r\n", rows[i].lines));

		if (!span_eq(span_of(e->comment), span_of(rows[i].want)))
			fail_msg("%s: %s", rows[i].name,
			    e->comment != NULL ? e->comment : "none");
	}
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_durations),
	    cmocka_unit_test(test_unclosed),
	    cmocka_unit_test(test_rooms),
	    cmocka_unit_test(test_comments),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
