/* SPDX-License-Identifier: ISC */
/*
 * Tests of parsers/command: every command of the grammar, every refusal. Read against Sunday
 * 2026-11-22, 11:00 in Berlin.
 */
#include "tests/unit/unit.h"

#include "parsers/command.h"
#include "parsers/verb.h"
#include "tests/unit/command-text.h"

static const struct command_context context = {1795341600, "Europe/Berlin", 0};

static const struct {
	const char *line, *want; /* "-": not a command */
} good_rows[] = {
    {"/done", "done"},
    {"/done #42 #43, #44 shipped with 0.9", "done #42,43,44 \"shipped with 0.9\""},
    {"/Done: #42", "done #42"},
    {"/reopen #42 it came back", "reopen #42 \"it came back\""},
    {"/drop not needed", "drop \"not needed\""},
    {"/start #42", "start #42"},
    {"/stop", "stop"},
    {"/take #42", "take #42"},
    {"/assign @ana", "assign @ana"},
    {"/assign #42 @ana, @ben and @chi", "assign #42 @ana,ben,chi"},
    {"/assign ana@example.org #42", "assign #42 @ana@example.org"},
    {"/unassign #42", "unassign #42"},
    {"/due friday", "due when=2026-11-27"},
    {"/done#42", "done #42"},
    {"/due:friday", "due when=2026-11-27"},
    {"/foo#bar", "-"},
    {"/complete #42", "done #42"}, {"/\xe2\x80\x94 well", "-"}, {"/24h", "-"},
    {"/done #13 2 of 3 files", "done #13 \"2 of 3 files\""},
    {"/due by friday", "due when=2026-11-27"},
    {"/due bis Freitag", "due when=2026-11-27"},
    {"/due at\xc3\xa9 sexta", "due when=2026-11-27"},
    {"/due d\xe2\x80\x99ici vendredi", "due when=2026-11-27"},
    {"/snooze until friday", "snooze when=2026-11-27"},
    {"/due bis zum 12. Dezember", "due when=2026-12-12"},
    {"/due hasta el viernes", "due when=2026-11-27"},
    {"/due jusqu'\xc3\xa0 vendredi", "due when=2026-11-27"},
    {"/due tot en met vrijdag", "due when=2026-11-27"},
    {"/due in half an hour", "due when=2026-11-22T11:30"},
    {"/due 90'", "due when=2026-11-22T12:30"},
    {"/snooze 90'", "snooze when=2026-11-22T12:30"},
    {"/snooze for 2 days", "snooze when=2026-11-24"},
    {"/snooze f\xc3\xbcr eine Woche", "snooze when=2026-11-29"},
    {"/snooze half an hour", "snooze when=2026-11-22T11:30"},
    {"/snooze 17:00", "snooze when=2026-11-22T17:00"},
    {"/spend half an hour #42 review", "spend #42 seconds=1800 \"review\""},
    {"/spend 90' #42", "spend #42 seconds=5400"},
    {"/estimate anderthalb Tage", "estimate seconds=43200"},
    {"/due #42 2026-12-04 17:00", "due #42 when=2026-12-04T17:00"},
    {"/due friday #42", "due #42 when=2026-11-27"},
    {"/due none", "due none"},
    {"/due friday.", "due when=2026-11-27"},
    {"/snooze #42 2d", "snooze #42 when=2026-11-24"},
    {"/snooze 4h", "snooze when=2026-11-22T15:00"},
    {"/snooze monday", "snooze when=2026-11-23"},
    {"/priority p1", "priority p1"},
    {"/priority #42 low", "priority #42 p4"},
    {"/priority urgent", "priority p1"},
    {"/tag bug -old #ui", "tag tags=bug,ui off=old"},
    {"/tag #42 bug", "tag #42 tags=bug"},
    {"/project web", "project +web"},
    {"/project +web #42", "project #42 +web"},
    {"/project none", "project none"},
    {"/title #42 Fix the login page", "title #42 \"Fix the login page\""},
    {"/estimate 2d", "estimate seconds=57600"},
    {"/estimate #42 3h", "estimate #42 seconds=10800"},
    {"/estimate none", "estimate none"},
    {"/depends #41", "depends #41"},
    {"/depends #42 on #41 #40", "depends #42,41,40 word=on"},
    {"/depends on #41", "depends #41"},
    {"/depends -#41 -#40", "depends #41,40 word=off"},
    {"/depends #42 -#41", "depends #42,41 word=off flag"},
    {"/depends #42 none", "depends #42 none"},
    {"/depends none", "depends none"},
    {"/block waiting for disk quota", "block \"waiting for disk quota\""},
    {"/block #42 needs review on @ben", "block #42 @ben word=on \"needs review\""},
    {"/block #42 broken build on #41.", "block #42,41 word=on \"broken build\""},
    {"/block on #41", "block #41 word=on \"waits for #41\""},
    {"/unblock #42 quota is there", "unblock #42 \"quota is there\""},
    {"/watch #42 @chi", "watch #42 @chi"},
    {"/watch", "watch"},
    {"/unwatch #42", "unwatch #42"},
    {"/spend 1h30m", "spend seconds=5400"},
    {"/spend 1h30m #42 review", "spend #42 seconds=5400 \"review\""},
    {"/spend 09:15-10:45 yesterday +web billable call",
	"spend when=2026-11-21T09:15..2026-11-21T10:45 seconds=5400 +web flag \"call\""},
    {"/spend 09:15 - 10:45 #42",
	"spend #42 when=2026-11-22T09:15..2026-11-22T10:45 seconds=5400"},
    {"/spend 23:00-01:00 night shift",
	"spend when=2026-11-22T23:00..2026-11-23T01:00 seconds=7200 \"night shift\""},
    {"/spend -30m #42", "spend #42 seconds=-1800"},
    {"/spend −30m", "spend seconds=-1800"},
    {"/spend 2h friday", "spend when=2026-11-20 seconds=7200"},
    {"/spend 2h sat with Ben", "spend when=2026-11-21 seconds=7200 \"with Ben\""},
    {"/spend 2h 2026-11-20 #42 +web note",
	"spend #42 when=2026-11-20 seconds=7200 +web \"note\""},
    {"/spend 2h monday morning call", "spend when=2026-11-16 seconds=7200 \"morning call\""},
    {"/spend 2h lundi matin appel", "spend when=2026-11-16 seconds=7200 \"matin appel\""},
    {"/spend 2h gestern Abend: Anruf", "spend when=2026-11-21 seconds=7200 \"Abend: Anruf\""},
    {"/spend 2h, yesterday: text", "spend when=2026-11-21 seconds=7200 \"text\""},
    {"/spend 2h mon - review", "spend when=2026-11-16 seconds=7200 \"review\""},
    {"/spend 2h 2026-11-20 17:00 call", "spend when=2026-11-20 seconds=7200 \"17:00 call\""},
    {"/spend 2h - review", "spend seconds=7200 \"review\""},
    {"/spend 2h #42 - review", "spend #42 seconds=7200 \"review\""},
    {"/spend 2h: call", "spend seconds=7200 \"call\""},
    {"/spend 2h 3 days ago call", "spend when=2026-11-19 seconds=7200 \"call\""},
    {"/spend 2h call on monday", "spend seconds=7200 \"call on monday\""},
    {"/spend 2h tomorrow's demo", "spend seconds=7200 \"tomorrow's demo\""},
    {"/spend 2h next week planning", "spend seconds=7200 \"next week planning\""},
    {"/spend 2h 1.2.3 release", "spend seconds=7200 \"1.2.3 release\""},
    {"/remind friday: call Ben", "remind when=2026-11-27 \"call Ben\""},
    {"/spend 1h: 30 tickets", "spend seconds=3600 \"30 tickets\""},
    {"/spend 2h fix the 5m timeout #42", "spend #42 seconds=7200 \"fix the 5m timeout\""},
    {"/remind tomorrow: 9 calls", "remind when=2026-11-23 \"9 calls\""},
    {"/remind tomorrow 2026 budget", "remind when=2026-11-23 \"2026 budget\""},
    {"/decide Do it by the way", "decide \"Do it by the way\""},
    {"/decide Is it done by 3 people?", "decide \"Is it done by 3 people?\""},
    {"/meet 1h @ana about 3 topics", "meet @ana seconds=3600 \"about 3 topics\""},
    {"/spend 1h 3 bugs fixed", "spend seconds=3600 \"3 bugs fixed\""},
    {"/spend 1h review #42", "spend #42 seconds=3600 \"review\""},
    {"/time 1,5h", "spend seconds=5400"},
    {"/spend 1h 30m #42", "spend #42 seconds=5400"},
    {"/spend #42 2h", "spend #42 seconds=7200"},
    {"/off 2026-12-21..2026-12-31 holiday cover:@ben see you",
	"off when=2026-12-21..2026-12-31 word=holiday cover=ben \"see you\""},
    {"/off friday half-day", "off when=2026-11-27 flag"},
    {"/off friday morning", "off when=2026-11-27 flag half=morning"},
    {"/off friday half-day afternoon", "off when=2026-11-27 flag half=afternoon"},
    {"/off 2026-11-27 pm sick", "off when=2026-11-27 word=sick flag half=afternoon"},
    {"/off tomorrow afternoon cover:@ben dentist",
	"off when=2026-11-23 flag half=afternoon cover=ben \"dentist\""},
    {"/off 2026-11-27 since the morning", "off when=2026-11-27 \"since the morning\""},
    {"/off today sick", "off when=2026-11-22 word=sick"},
    {"/off fri half day cover @ben", "off when=2026-11-27 flag cover=ben"},
    {"/off 21 Dec - 31 Dec vacation", "off when=2026-12-21..2026-12-31 word=holiday"},
    {"/ooo tomorrow Urlaub cover:ben", "off when=2026-11-23 word=holiday cover=ben"},
    {"/off until friday", "off when=2026-11-22..2026-11-27"},
    {"/off krank bis Freitag", "off when=2026-11-22..2026-11-27 word=sick"},
    {"/off holiday 2026-12-21 cover:@bob", "off when=2026-12-21 word=holiday cover=bob"},
    {"/due none #42", "due #42 none"},
    {"/spend 09:15 bis 10:45 Anruf",
	"spend when=2026-11-22T09:15..2026-11-22T10:45 seconds=5400 \"Anruf\""},
    {"/spend 9:15 a 10:45", "spend when=2026-11-22T09:15..2026-11-22T10:45 seconds=5400"},
    {"/spend 01:30-03:30 2026-10-25",
	"spend when=2026-10-25T01:30..2026-10-25T03:30 seconds=10800"},
    {"/spend 01:30-03:30 2026-03-29",
	"spend when=2026-03-29T01:30..2026-03-29T03:30 seconds=3600"},
    {"/back", "back"},
    {"/hours mon-fri 09:00-17:00", "hours word=mon-fri 09:00-17:00"},
    {"/hours mon-thu 8-16, sat 10:00-12:00 from 2026-12-01",
	"hours when=2026-12-01 word=mon-thu 08:00-16:00, sat 10:00-12:00"},
    {"/hours Monday - Friday 9am-5pm", "hours word=mon-fri 09:00-17:00"},
    {"/tz Asia/Dubai", "tz word=Asia/Dubai"},
    {"/tz Asia/Dubai 2026-12-01..2026-12-10", "tz when=2026-12-01..2026-12-10 word=Asia/Dubai"},
    {"/digest daily 08:30", "digest word=daily 08:30"},
    {"/digest daily", "digest word=daily 08:30"},
    {"/digest weekly mon 09:00", "digest word=weekly mon 09:00"},
    {"/digest weekly", "digest word=weekly mon 09:00"},
    {"/digest 7:45", "digest word=daily 07:45"},
    {"/digest off", "digest none word=off"},
    {"/checkin 16:30", "checkin word=16:30"},
    {"/checkin 4:30pm", "checkin word=16:30"},
    {"/checkin off", "checkin none word=off"},
    {"/ack errors", "ack word=errors"},
    {"/lang de", "lang word=de"},
    {"/lang pt-br", "lang word=pt-BR"},
    {"/remind friday call the bank", "remind when=2026-11-27 \"call the bank\""},
    {"/remind 2026-12-01 09:00 renew", "remind when=2026-12-01T09:00 \"renew\""},
    {"/decide Use LMDB? by friday", "decide when=2026-11-27 \"Use LMDB?\""},
    {"/decide Who stands by Ana by 2026-12-01", "decide when=2026-12-01 \"Who stands by Ana\""},
    {"/agree", "agree"},
    {"/agree #9 fine", "agree #9 \"fine\""},
    {"/object #9 no backup", "object #9 \"no backup\""},
    {"/abstain #9", "abstain #9"},
    {"/vote LMDB", "vote word=LMDB"},
    {"/vote #9 2", "vote #9 word=2"},
    {"/resolve #9 LMDB fits best", "resolve #9 word=LMDB \"fits best\""},
    {"/resolve \"Use both\" costs little", "resolve word=Use both \"costs little\""},
    {"/handover @ben #42 #43 the rest is in the wiki",
	"handover #42,43 @ben \"the rest is in the wiki\""},
    {"/handover #42 @ben", "handover #42 @ben"},
    {"/page oncall mail queue is stuck", "page word=oncall \"mail queue is stuck\""},
    {"/page @ben please ring", "page @ben \"please ring\""},
    {"/page the server is down", "page \"the server is down\""},
    {"/ack-page on it", "ack-page \"on it\""},
    {"/meet 1h @ana @ben", "meet @ana,ben seconds=3600"},
    {"/meet 30m @ana @ben 2026-12-01..2026-12-04",
	"meet @ana,ben when=2026-12-01..2026-12-04 seconds=1800"},
    {"/book 2", "book word=2"},
    {"/submit 2026-W41", "submit word=2026-W41"},
    {"/submit last week", "submit word=2026-W46"},
    {"/timesheet", "timesheet"},
    {"/timesheet 2026-W41", "timesheet word=2026-W41"},
    {"/timesheet @ana", "timesheet @ana"},
    {"/approve 2026-W41 @ana", "approve @ana word=2026-W41"},
    {"/approve @ana 2026-W41", "approve @ana word=2026-W41"},
    {"/reject 2026-W41 @ana Tuesday is missing",
	"reject @ana word=2026-W41 \"Tuesday is missing\""},
    {"/show #42", "show #42"},
    {"/list", "list"},
    {"/list mine", "list word=mine"},
    {"/list +web blocked", "list +web word=blocked"},
    {"/list @ana due:week #bug", "list @ana tags=bug word=due:week"},
    {"/search disk quota", "search \"disk quota\""},
    {"/who", "who"},
    {"/help", "help"},
    {"/help /spend", "help word=spend"},
    {"/undo K7Q2MX", "undo word=K7Q2MX"},
    {"/invite dev@example.org Dev Patel", "invite @dev@example.org \"Dev Patel\""},
    {"/invite eli@example.org Eli Stone guest",
	"invite @eli@example.org word=guest \"Eli Stone\""},
    {"/remove @eli", "remove @eli"},
    {"/invite o'brien@example.org Bo O'Brien", "invite @o'brien@example.org \"Bo O'Brien\""},
    {"/usr/bin is full", "-"},
    {"/", "-"},
    {"/ done", "-"},
    {"//", "-"},
    {"/42", "-"},
    {"/skip", "skip"},
    {"/away", "away"},
    {"/same", "same"},
    {"/done #13.", "done #13"}, {"/block #13: waiting", "block #13 \"waiting\""},
    {"/done #13, #14.", "done #13,14"}, {"/done #13 and #14", "done #13,14"},
    {"/done #13 and more", "done #13 \"and more\""}, {"/reopen #13!", "reopen #13"},
    {"/done 3 files were left", "done \"3 files were left\""},
    {"/hours Monday - Friday 9am - 5pm", "hours word=mon-fri 09:00-17:00"},
};

static const struct {
	const char *line, *why, *suggestion;
} bad_rows[] = {
    {"/stop now", "/stop does not take \"now\"", "/stop"},
    {"/assign Ana", "a person is written with an @", "/assign @Ana"},
    {"/done #0", "which item is meant? Write the number as in #42", "/done #42"},
    {"/done #13/14", "which item is meant? Write the number as in #42", "/done #13 #14"},
    {"/done (#13)", "which item is meant? Write the number as in #42", "/done #13"},
    {"/take 13", "which item is meant? Write the number as in #42", "/take #13"},
    {"/done 13, 14", "which item is meant? Write the number as in #42", "/done #13 #14"},
    {"/done #13 and 14", "which item is meant? Write the number as in #42", "/done #13 #14"},
    {"/due 42 friday", "which item is meant? Write the number as in #42", "/due #42 friday"},
    {"/tag 42 bug", "which item is meant? Write the number as in #42", "/tag #42 bug"},
    {"/show 42", "which item is meant? Write the number as in #42", "/show #42"},
    {"/handover @ben 42", "which item is meant? Write the number as in #42",
	"/handover @ben #42 #43 the rest is in the wiki"},
    {"/assign #42 me", "an item for yourself is taken with /take", "/take #42"},
    {"/assign nobody", "an owner is taken off with /unassign", "/unassign"},
    {"/assign #42 Ben", "a person is written with an @", "/assign #42 @Ben"},
    {"/assign @", "a person is written with an @", "/assign @ana"},
    {"/priority #42 urgnet",
	"a priority is one of p1, p2, p3, p4, urgent, high, normal, low", "/priority #42 urgent"},
    {"/ack alwys", "/ack is always, new or errors", "/ack always"},
    {"/digest dayly 08:00", "a digest is daily, weekly or off", "/digest daily 08:00"},
    {"/list overdeu",
	"/list does not know \"overdeu\"; it knows mine, @person, +project, #tag, blocked, "
	"overdue, due:week", "/list overdue"},
    {"/help xx", "there is no command \"xx\"", "/help"},
    {"/dun #42", "there is no command /dun", "/done #42"},
    {"/duee friday", "there is no command /duee", "/due friday"},
    {"/p1 #42", "there is no command /p1", "/priority p1 #42"},
    {"/erledigt #42", "there is no command /erledigt", "/done #42"},
    {"/\xc3\xbc" "bernehme #42", "there is no command /\xc3\xbc" "bernehme", "/take #42"},
    {"/usr is full", "there is no command /usr", "/help"},
    {"/assign", "/assign needs a person, as in @ana", "/assign @ana"},
    {"/due 03/04/2026",
	"\"03/04/2026\" may be 3 April or 4 March: write year-month-day",
	"/due 2026-04-03"},
    {"/due 2026-02-30", "there is no such day: February 2026 has 28 days", "/due 2026-02-28"},
    {"/due someday",
	"\"someday\" was not understood: /due needs a date, or \"none\"",
	"/due friday"},
    {"/due", "/due needs a date, or \"none\"", "/due friday"},
    {"/due 17",
	"\"17\" what? A bare number is not a date: write a date like 2026-11-27, or \"in 3 days\"",
	"/due friday"},
    {"/snooze whenever",
	"\"whenever\" was not understood: /snooze needs a date or a duration",
	"/snooze #42 2d"},
    {"/priority very",
	"a priority is one of p1, p2, p3, p4, urgent, high, normal, low",
	"/priority p1"},
    {"/tag", "/tag needs a tag", "/tag bug"},
    {"/project two words", "/project does not take \"words\"", "/project web"},
    {"/title", "/title needs the new title", "/title Fix the login page"},
    {"/estimate 90", "90 what? Write 90m for minutes or 90h for hours", "/estimate 90m"},
    {"/depends", "/depends needs the item that is waited for, as in #41", "/depends #41"},
    {"/block #42",
	"/block needs a reason: what is it waiting for?",
	"/block waiting for disk quota"},
    {"/spend 2h 2026-12-20 note",
	"2026-12-20 is still to come: time is logged when it was spent", "/spend 2h today"},
    {"/spend #42 2h tomorrow",
	"2026-11-23 is still to come: time is logged when it was spent", "/spend #42 2h today"},
    {"/spend 2h, ma\xc3\xb1" "ana: llamada",
	"2026-11-23 is still to come: time is logged when it was spent", "/spend 2h today"},
    {"/spend 2h next monday call",
	"2026-11-23 is still to come: time is logged when it was spent", "/spend 2h today"},
    {"/spend 2h last week",
	"a time entry is for one day, not for \"last week\"", "/spend 2h yesterday"},
    {"/spend 2h 16 Nov - 18 Nov docs",
	"a time entry is for one day, not for \"16 Nov - 18 Nov\"", "/spend 2h yesterday"},
    {"/spend 2h monday 2026-11-17 call",
	"\"monday 2026-11-17\": 2026-11-17 is a Tuesday, not a Monday", "/spend 2h 2026-11-17"},
    {"/spend 2h 03/04/2026",
	"\"03/04/2026\" may be 3 April or 4 March: write year-month-day",
	"/spend 2h 2026-04-03"},
    {"/spend 90", "90 what? Write 90m for minutes or 90h for hours", "/spend 90m"},
    {"/spend lots",
	"\"lots\" was not understood: /spend needs a duration, as in 1h30m, or from-to, as in "
	"09:15-10:45",
	"/spend 1h30m"},
    {"/spend",
	"/spend needs a duration, as in 1h30m, or from-to, as in 09:15-10:45",
	"/spend 1h30m"},
    {"/off",
	"/off needs a date, or two, as in 2026-12-21..2026-12-31",
	"/off 2026-12-21..2026-12-31 holiday cover:@ben"},
    {"/off soon",
	"\"soon\" was not understood: /off needs a date, or two, as in 2026-12-21..2026-12-31",
	"/off 2026-12-21..2026-12-31 holiday cover:@ben"},
    {"/hours whenever",
	"hours are days and times, as in mon-fri 09:00-17:00",
	"/hours mon-fri 09:00-17:00"},
    {"/hours mon-fri 17:00-09:00",
	"hours are days and times, as in mon-fri 09:00-17:00",
	"/hours mon-fri 09:00-17:00"},
    {"/tz Dubai", "a time zone is written with its area: Asia/Dubai", "/tz Asia/Dubai"},
    {"/tz Nowhere", "there is no time zone \"Nowhere\"; it is area/city", "/tz Asia/Dubai"},
    {"/tz", "/tz needs a time zone, as in Asia/Dubai", "/tz Asia/Dubai"},
    {"/digest hourly", "a digest is daily, weekly or off", "/digest daily 08:30"},
    {"/checkin never", "/checkin needs a time, as in 16:30, or \"off\"", "/checkin 16:30"},
    {"/ack maybe", "/ack is always, new or errors", "/ack new"},
    {"/lang german", "a language is a code, as in de or pt-BR", "/lang de"},
    {"/remind friday", "/remind needs what to remind you of", "/remind friday call the bank"},
    {"/remind call",
	"\"call\" was not understood: /remind needs a date, and then what to remind you of",
	"/remind friday call the bank"},
    {"/decide", "/decide needs the question", "/decide Use LMDB? by friday"},
    {"/object", "/object needs a reason", "/object #9 no backup for it"},
    {"/vote", "/vote needs an option", "/vote LMDB"},
    {"/resolve LMDB", "/resolve needs a reason", "/resolve #9 LMDB fits best"},
    {"/handover #42",
	"/handover needs the person who takes over, as in @ben",
	"/handover @ben #42 #43 the rest is in the wiki"},
    {"/page", "/page needs a few words: what is wrong?", "/page oncall mail queue is stuck"},
    {"/meet @ana",
	"\"@ana\" was not understood: /meet needs a duration first, as in 1h",
	"/meet 1h @ana @ben"},
    {"/meet 1h", "/meet needs at least one person, as in @ana", "/meet 1h @ana @ben"},
    {"/book two", "/book needs the number of one of the times offered", "/book 2"},
    {"/submit 2026-W99", "there is no such week: 2026 has weeks 1 to 53", "/submit 2026-W53"},
    {"/submit", "/submit needs a week, as in 2026-W41", "/submit 2026-W41"},
    {"/approve 2026-W41", "/approve needs the person, as in @ana", "/approve 2026-W41 @ana"},
    {"/reject 2026-W41 @ana",
	"/reject needs a reason",
	"/reject 2026-W41 @ana Tuesday is missing"},
    {"/show me", "/show does not take \"me\"", "/show #42"},
    {"/list whatever",
	"/list does not know \"whatever\"; it knows mine, @person, +project, #tag, blocked, "
	"overdue, due:week",
	"/list mine"},
    {"/search", "/search needs words to look for", "/search disk quota"},
    {"/help spnd", "there is no command \"spnd\"", "/help spend"},
    {"/undo", "/undo needs the code from the acknowledgement", "/undo K7Q2MX"},
    {"/undo a b", "/undo needs the code from the acknowledgement", "/undo K7Q2MX"},
    {"/invite Dev", "/invite needs an address first", "/invite dev@example.org Dev Patel"},
    {"/invite dev@example.org",
	"/invite needs the person's name after the address",
	"/invite dev@example.org Dev Patel"},
    {"/remove", "/remove needs a person, as in @eli", "/remove @eli"},
    {"/remove bob", "/remove needs a person, as in @eli", "/remove @bob"},
    {"/handover bob #42 rest", "/handover needs the person who takes over, as in @ben",
	"/handover @bob #42 rest"},
    {"/reject 2026-W41 ana no", "/reject needs the person, as in @ana",
	"/reject 2026-W41 @ana no"},
    {"/spend 2h #42, 1h #43",
	"\"1h #43\" looks like a second entry: each needs a line of its own", "/spend 2h #42"},
    {"/off sick", "/off needs the days too", "/off today sick"},
    {"/spend 02:30-03:30 2026-03-29",
	"from 2026-03-29T02:30 to 2026-03-29T03:30 no time passed: the clocks went forward",
	"/spend 1h30m"},
    {"/dnoe #42", "there is no command /dnoe", "/done #42"},
    {"/asign @ana", "there is no command /asign", "/assign @ana"},
    {"/xyzzy", "there is no command /xyzzy", "/help"},
    {"/comment done #42",
	"there is no command /comment: a comment or an update is plain text, without a slash",
	"done #42"},
    {"/due 24/12",
	"\"24/12\" may be a date or a fraction: write year-month-day", "/due 2026-12-24"},
    {"/spend 2h 24/12 docs",
	"\"24/12\" may be a date or a fraction: write year-month-day", "/spend 2h 2025-12-24"},
    {"/due 0am",
	"\"0am\" is not a time: am and pm go with hours from 1 to 12", "/due 00:00"},
    {"/snooze 1:30",
	"\"1:30\" may be an amount of time or a time of day that has passed", "/snooze 1h30m"},
    {"/due #42 mondya",
	"\"mondya\" was not understood: /due needs a date, or \"none\"", "/due #42 monday"},
    {"/due 0000-01-01",
	"the year 0000 is out of reach: years go from 1900 to 2999", "/due 2027-01-01"},
    {"/due #42 03/04/2026",
	"\"03/04/2026\" may be 3 April or 4 March: write year-month-day",
	"/due #42 2026-04-03"},
    {"/spend 09:15-10:45 03/04/2026",
	"\"03/04/2026\" may be 3 April or 4 March: write year-month-day",
	"/spend 09:15-10:45 2026-04-03"},
    {"/meet 1h @a @b 03/04/2026..05/04/2026",
	"\"03/04/2026\" may be 3 April or 4 March: write year-month-day",
	"/meet 1h @a @b 2026-04-03..2026-04-05"},
    {"/meet 1h @a 30 Feb..3 Mar",
	"there is no such day: February 2027 has 28 days",
	"/meet 1h @a 2027-02-28..3 Mar"},
    {"/meet 1h @a friday 9",
	"does \"9\" belong to the date? Write a time as in 9:00; a note that begins with a "
	"figure goes behind a colon",
	"/meet 1h @a friday 9:00"},
    {"/decide A by 03/04/2026",
	"\"03/04/2026\" may be 3 April or 4 March: write year-month-day",
	"/decide A by 2026-04-03"},
    {"/decide A by 30 Feb",
	"there is no such day: February 2027 has 28 days",
	"/decide A by 2027-02-28"},
    {"/tz Asia/Dubai 30 Feb",
	"there is no such day: February 2027 has 28 days",
	"/tz Asia/Dubai 2027-02-28"},
    {"/hours mon-fri 09:00-17:00 from 03/04/2026",
	"\"03/04/2026\" may be 3 April or 4 March: write year-month-day",
	"/hours mon-fri 09:00-17:00 from 2026-04-03"},
    {"/spend 90 #42",
	"90 what? Write 90m for minutes or 90h for hours",
	"/spend 90m #42"},
    {"/spend 1h 30",
	"\"30\" what? Write 1h30m for an hour and 30 minutes; a note that begins with a "
	"figure goes behind a colon",
	"/spend 1h30m"},
    {"/spend 1h 15 #42",
	"\"15\" what? Write 1h30m for an hour and 30 minutes; a note that begins with a "
	"figure goes behind a colon",
	"/spend 1h15m #42"},
    {"/spend 1h 30 call",
	"\"30\" what? Write 1h30m for an hour and 30 minutes; a note that begins with a "
	"figure goes behind a colon",
	"/spend 1h30m call"},
    {"/spend 1h yesterday 30",
	"\"30\" what? Write 1h30m for an hour and 30 minutes; a note that begins with a "
	"figure goes behind a colon",
	"/spend 1h30m yesterday"},
    {"/spend 3d model 2h #42",
	"there are two amounts, \"3d\" and \"2h\": write the one that was spent first, and "
	"each entry on a line of its own",
	"/spend 2h #42 3d model"},
    {"/spend 2h mon, tue 3h",
	"\"tue 3h\" looks like a second entry: each needs a line of its own",
	"/spend 2h mon"},
    {"/spend 2h #42 #43 3h",
	"\"3h\" looks like a second entry: each needs a line of its own",
	"/spend 1h30m"},
    {"/spend 2h - 3h",
	"\"3h\" looks like a second entry: each needs a line of its own",
	"/spend 2h"},
    {"/spend 0h",
	"no time was spent: 0 is not logged",
	"/spend 1h30m"},
    {"/due next friday because of the audit",
	"/due does not take \"because of the audit\"",
	"/due next friday"},
    {"/due friday 17.30",
	"/due does not take \"17.30\"",
	"/due friday 17:30"},
    {"/due friday 9",
	"/due does not take \"9\"",
	"/due friday 9:00"},
    {"/due friday half past 9",
	"/due does not take \"half past 9\"",
	"/due friday"},
    {"/due friday or monday",
	"/due does not take \"or monday\"",
	"/due friday"},
    {"/due 20 Nov 17 Uhr 30",
	"/due does not take \"30\"",
	"/due 2026-11-20 17:30"},
    {"/due ma\xc3\xb1" "ana a las 9 y media",
	"/due does not take \"y media\"",
	"/due ma\xc3\xb1" "ana a las 9"},
    {"/snooze friday 9",
	"/snooze does not take \"9\"",
	"/snooze friday 9:00"},
    {"/remind tomorrow 9 call",
	"does \"9\" belong to the date? Write a time as in 9:00; a note that begins with a "
	"figure goes behind a colon",
	"/remind tomorrow 9:00 call"},
    {"/off 20 Dec 21 Dec",
	"\"21 Dec\" is a second date: each needs a line of its own, and days in a row are "
	"written A..B",
	"/off 20 Dec"},
    {"/off 20.12. + 21.12.",
	"\"+ 21.12.\" is a second date: each needs a line of its own, and days in a row are "
	"written A..B",
	"/off 20.12."},
    {"/off mon, wed",
	"\"wed\" is a second date: each needs a line of its own, and days in a row are "
	"written A..B",
	"/off mon"},
    {"/off mon and wed sick",
	"\"and wed\" is a second date: each needs a line of its own, and days in a row are "
	"written A..B",
	"/off mon sick"},
    {"/off friday 9-12",
	"does \"9-12\" belong to the days? Write them as A..B; a note that begins with a "
	"figure goes behind a colon",
	"/off friday"},
    {"/due #42 2026-13-01",
	"\"2026-13-01\" is not a date: after the year come the month (01 to 12) and the day",
	"/due #42 2026-01-13"},
};

static void
test_good(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(good_rows); i++) {
		struct arena *arena = arena_create();
		struct reading_command command;
		struct reading_error error;
		enum command_result result;
		struct buf out;

		buf_init(&out, 1 << 16);
		result = command_parse(arena, span_of(good_rows[i].line), 7, &context, &command,
		    &error);
		if (result == COMMAND_BAD)
			fail_msg("%s: %s", good_rows[i].line, error.why);
		if (result == COMMAND_NONE)
			buf_puts(&out, "-");
		else {
			assert_int_equal(command.line, 7);
			assert_string_equal(command.source, good_rows[i].line);
			command_text(&command, &out);
		}
		if (strcmp(out.ptr, good_rows[i].want) != 0)
			fail_msg("%s: read as %s", good_rows[i].line, out.ptr);
		buf_release(&out);
		arena_destroy(&arena);
	}
}

static void
test_bad(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(bad_rows); i++) {
		struct arena *arena = arena_create();
		struct reading_command command;
		struct reading_error error;

		if (command_parse(arena, span_of(bad_rows[i].line), 7, &context, &command,
		    &error) !=
		    COMMAND_BAD)
			fail_msg("%s: not refused", bad_rows[i].line);
		if (strcmp(error.why, bad_rows[i].why) != 0 ||
		    strcmp(error.suggestion, bad_rows[i].suggestion) != 0)
			fail_msg("%s: %s | %s", bad_rows[i].line, error.why, error.suggestion);
		assert_string_equal(error.text, bad_rows[i].line);
		assert_int_equal(error.line, 7);
		arena_destroy(&arena);
	}
}

/* A line that an error offers for copying must itself be read, and so must every example. */
static void
check_line(struct span line, const char *from)
{
	struct arena *arena = arena_create();
	struct reading_command command;
	struct reading_error error;

	if (command_parse(arena, line, 1, &context, &command, &error) != COMMAND_GOOD)
		fail_msg("%s: \"%.*s\" is not read", from, SPAN_FMT(line));
	arena_destroy(&arena);
}

static void
test_offered(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(bad_rows); i++)
		if (*bad_rows[i].suggestion == '/')
			check_line(span_of(bad_rows[i].suggestion), bad_rows[i].line);
	for (size_t i = 0; i < n_verbs; i++) {
		struct span rest = span_of(verbs[i].examples), line;

		while (span_next_line(&rest, &line))
			check_line(line, verbs[i].name);
	}
}

/* Each verb of the table stands in the rows above, so that none is added without a test. */
static void
test_complete(void **state)
{
	for (size_t i = 0; i < n_verbs; i++) {
		bool found = false;

		for (size_t k = 0; k < ARRAY_LEN(good_rows); k++) {
			struct span rest = span_of(good_rows[k].want), word;

			found |= span_next_word(&rest, &word) && span_is(word, verbs[i].name);
		}
		row_assert(found, verbs[i].name);
	}
}

static void
test_limits(void **state)
{
	struct arena *arena = arena_create();
	struct reading_command command;
	struct reading_error error;
	struct buf line;

	buf_init(&line, 1 << 20);
	buf_puts(&line, "/done");
	for (unsigned i = 1; i <= 1000; i++)
		buf_printf(&line, " #%u", i);
	assert_int_equal(command_parse(arena, buf_span(&line), 1, &context, &command, &error),
	    COMMAND_GOOD);
	assert_int_equal(command.n_items, 200);
	assert_true(strlen(command.source) <= 200);
	buf_clear(&line);
	buf_puts(&line, "/done ");
	for (unsigned i = 0; i < 20000; i++)
		buf_puts(&line, "\xc3\xa9");
	assert_int_equal(command_parse(arena, buf_span(&line), 1, &context, &command, &error),
	    COMMAND_GOOD);
	assert_int_equal(strlen(command.text), 10000);
	/* what is refused is looked for in a few words, however long the line is */
	buf_clear(&line);
	buf_puts(&line, "/snooze 1:30");
	for (unsigned i = 0; i < 200000; i++)
		buf_puts(&line, " 9");
	assert_int_equal(command_parse(arena, buf_span(&line), 1, &context, &command, &error),
	    COMMAND_BAD);
	assert_string_equal(error.suggestion, "/snooze 1h30m");
	buf_release(&line);
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good), cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_offered), cmocka_unit_test(test_complete),
	    cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests_name("command", tests, NULL, NULL);
}
