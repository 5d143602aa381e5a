/* SPDX-License-Identifier: ISC */
/*
 * Tests of parsers/grammar: bare forms, subjects, sections, the block at the top, and how they
 * go together. Read against Sunday 2026-11-22, 11:00 in Berlin; expectations in the form of
 * reading-text.h.
 */
#include "tests/unit/unit.h"

#include "parsers/bare.h"
#include "parsers/grammar.h"
#include "tests/unit/reading-text.h"

#define ANCHOR 1795341600

static const struct {
	const char *line, *fresh, *reply; /* in a new mail, in a reply to an item; "-" for prose */
} bare_rows[] = {
    {"#42 2h 30", "-", "-"}, {"zelfde", "same", "same"}, {"sauter", "skip", "skip"},
    {"done #42", "done #42", "done #42"},
    {"Done #42 #43", "done #42,43", "done #42,43"},
    {"done #42, #43", "done #42,43", "done #42,43"},
    {"#42 done", "done #42", "done #42"},
    {"start #42", "start #42", "start #42"},
    {"stop", "stop", "stop"},
    {"reopen #42", "reopen #42", "reopen #42"},
    {"unblock #42", "unblock #42", "unblock #42"},
    {"take #42", "take #42", "take #42"},
    {"#42 2h", "spend #42 seconds=7200", "spend #42 seconds=7200"},
    {"#42 2h review of it",
	"spend #42 seconds=7200 \"review of it\"",
	"spend #42 seconds=7200 \"review of it\""},
    {"2h #42", "spend #42 seconds=7200", "spend #42 seconds=7200"},
    {"2h #42 review", "spend #42 seconds=7200 \"review\"", "spend #42 seconds=7200 \"review\""},
    {"1h30m #42", "spend #42 seconds=5400", "spend #42 seconds=5400"},
    {"#42 1,5h Besprechung",
	"spend #42 seconds=5400 \"Besprechung\"",
	"spend #42 seconds=5400 \"Besprechung\""},
    {"skip", "skip", "skip"},
    {"same", "same", "same"},
    {"Away", "away", "away"},
    {"undo K7Q2MX", "undo word=K7Q2MX", "undo word=K7Q2MX"},
    {"undo this", "-", "-"},
    {"undo everything", "-", "-"},
    {"done", "-", "done"},
    {"Done", "-", "done"},
    {"2h", "-", "spend seconds=7200"},
    {"1h 30m", "-", "spend seconds=5400"},
    {"90 min", "-", "spend seconds=5400"},
    {"1:30", "-", "-"},
    {"30 min late today", "-", "-"},
    {"done with #42", "-", "-"},
    {"#42 is done", "-", "-"},
    {"#42 done today", "-", "-"},
    {"done #42 and more", "-", "-"},
    {"2 hours on #42", "-", "-"},
    {"done.", "-", "-"},
    {" done #42", "-", "-"},
    {"#42 90", "-", "-"},
    {"r\xc3\xbc" "ckg\xc3\xa4ngig K7Q2MX", "undo word=K7Q2MX", "undo word=K7Q2MX"},
    {"Annuler K7Q2MX", "undo word=K7Q2MX", "undo word=K7Q2MX"},
    {"annuler la commande", "-", "-"}, {"deshacer eso", "-", "-"},
    {"wieder \xc3\xb6" "ffnen #42", "reopen #42", "reopen #42"},
    {"arr\xc3\xaater", "stop", "stop"}, {"assumir #42", "take #42", "take #42"},
    {"erledigt #42", "done #42", "done #42"},
    {"#42 erledigt", "done #42", "done #42"},
    {"Erledigt", "-", "done"},
    {"fait #42", "done #42", "done #42"},
    {"#42 hecho", "done #42", "done #42"},
    {"#42 feito", "done #42", "done #42"},
    {"#42 klaar", "done #42", "done #42"},
    {"überspringen", "skip", "skip"},
    {"2h 42", "-", "-"},
    {"take", "-", "take"},
    {"start", "-", "start"},
    {"stop #42", "-", "-"},
    {"42 done", "-", "-"},
    {"#42 2h30 stand-up",
	"spend #42 seconds=9000 \"stand-up\"",
	"spend #42 seconds=9000 \"stand-up\""},
    {"-30m #42", "-", "-"},
};

static const struct {
	const char *subject, *want;
} subject_rows[] = {
    {"Fix login +web @ana p1 due:fri #bug est:3h",
	"none \"Fix login\" +web @ana p1 due=2026-11-27 est=10800 tags=bug"},
    {"[web] Fix login", "none \"Fix login\" +web"},
    {"Fix login @ana.", "none \"Fix login\" @ana"},
    {"Fix login @ana, p1.", "none \"Fix login\" @ana p1"},
    {"[list] task: Fix login", "task \"Fix login\""},
    {"[Platform] status: Fix login", "update \"Fix login\""},
    {"[list] [core] task: [web] Fix login", "task \"Fix login\" +web"},
    {"[list] Re: [web] Fix login", "none \"Fix login\" +web"},
    {"[web] Fix login: again", "none \"Fix login: again\" +web"},
    {"[list task: Fix login", "none \"[list task: Fix login\""},
    {"[platform] Fix login", "none \"Fix login\""},
    {"Re: [platform] Fix login", "none \"Fix login\""},
    {"[#42] Fix login", "none #42 \"Fix login\""},
    {"Re: [#42] Fix login", "none #42 \"Fix login\""},
    {"RE : AW: SV: Fwd: Fix login", "none \"Fix login\""},
    {"Re[2]: Fix login", "none \"Fix login\""},
    {"Re: #42 question", "none #42 \"#42 question\""},
    {"回复：登录", "none \"登录\""},
    {"答复: [#42] 登录", "none #42 \"登录\""},
    {"task: Fix login +web", "task \"Fix login\" +web"},
    {"Task: Fix crash of #41", "task \"Fix crash of #41\""},
    {"TASK : Fix login", "task \"Fix login\""},
    {"status: all good", "update \"all good\""},
    {"update:", "update"},
    {"urgent: server down @ben", "urgent \"server down\" @ben"},
    {"off: 2026-12-21..2026-12-31 holiday",
	"off \"2026-12-21..2026-12-31 holiday\"\n0 /off when=2026-12-21..2026-12-31 word=holiday"},
    {"off: soon",
	"off \"soon\"\n0 ! no days were found in it | /off 2026-12-21..2026-12-31 holiday"},
    {"ooo: tomorrow", "off \"tomorrow\"\n0 /off when=2026-11-23"},
    {"time: 2h #42 review", "time \"2h #42 review\"\n0 /spend #42 seconds=7200 \"review\""},
    {"time: yesterday 2h #42", "time \"yesterday 2h #42\"\n0 /spend #42 when=2026-11-21 "
	"seconds=7200"},
    {"time: 2h tomorrow", "time \"2h tomorrow\"\n0 ! 2026-11-23 is still to come: time is logged "
	"when it was spent | /spend 2h today"},
    {"off: 31 Nov",
	"off \"31 Nov\"\n0 ! there is no such day: November 2026 has 30 days | /off 2026-11-30"},
    {"off: until friday", "off \"until friday\"\n0 /off when=2026-11-22..2026-11-27"},
    {"time: lots", "time \"lots\"\n0 ! no time was found in it | /spend 2h #42 review"},
    {"decide: Use LMDB? by friday", "decide \"Use LMDB?\" due=2026-11-27"},
    {"help", "help \"help\"\n0 /help"},
    {"help spend", "help \"help spend\"\n0 /help word=spend"},
    {"help me please", "none \"help me please\""},
    {"list", "query \"list\"\n0 /list"},
    {"list mine", "query \"list mine\"\n0 /list word=mine"},
    {"list due:week", "query \"list due:week\"\n0 /list word=due:week"},
    {"list +web", "query \"list +web\"\n0 /list +web"},
    {"list #bug", "query \"list #bug\"\n0 /list tags=bug"},
    {"list of open points", "none \"list of open points\""},
    {"show #42", "query \"show #42\"\n0 /show #42"},
    {"show me the logs", "none \"show me the logs\""},
    {"search disk quota", "query \"search disk quota\"\n0 /search \"disk quota\""},
    {"who", "query \"who\"\n0 /who"},
    {"who is on call?", "none \"who is on call?\""},
    {"undo K7Q2MX", "undo \"undo K7Q2MX\"\n0 /undo word=K7Q2MX"},
    {"Re: list mine", "none \"list mine\""},
    {"Fix login [status=done;watch=+ben]", "none \"Fix login\" status=done watch=ben"},
    {"Fix login [priority=p1; foo=bar]", "none \"Fix login\" p1\n0 ! there is no such field"},
    {"Fix login +web please", "none \"Fix login +web please\""},
    {"Fix login due:03/04/2026",
	"none \"Fix login\"\n0 ! \"03/04/2026\" may be 3 April or 4 March: write year-month-day | "
	"due:2026-04-03"},
    {"Fix login due:2026-12-04 p2", "none \"Fix login\" p2 due=2026-12-04"},
    {"Lunch at 12:30?", "none \"Lunch at 12:30?\""},
    {"+task Fix login", "task \"Fix login\""},
    {"Fix it +r-ABCDEFGHIJKLMNOPQRSTUVWX", "none token=ABCDEFGHIJKLMNOPQRSTUVWX \"Fix it\""},
    {"Fix it [r-ABCDEFGHIJKLMNOPQRSTUVWX]", "none token=ABCDEFGHIJKLMNOPQRSTUVWX \"Fix it\""},
    {"over-r-budget plan", "none \"over-r-budget plan\""},
    {"Note: fix it", "none \"Note: fix it\""},
    {"#bug", "none \"#bug\""},
    {"I: Ana", "none \"Ana\""},
    {"R: Ana", "none \"Ana\""},
    {"[EXTERNAL] Re: Fix", "none \"Fix\""},
    {"[EXTERNAL] Fix login", "none \"Fix login\""},
    {"[SPAM?] Fix login", "none \"Fix login\""},
    {"***SPAM*** Fix login", "none \"Fix login\""},
    {"*****SPAM***** Re: Fix login", "none \"Fix login\""},
    {"{Spam?} Fix login", "none \"Fix login\""},
    {"[URGENT] Fix login", "none \"[URGENT] Fix login\""},
    {"[Action required] Fix login", "none \"[Action required] Fix login\""},
    {"**bold** Fix login", "none \"**bold** Fix login\""},
    {"C++ and C# issues", "none \"C++ and C# issues\""},
    {"AW: WG: [EXT] task: Drucker kaputt @ben fällig", "task \"Drucker kaputt @ben fällig\""},
    {"Fix login p1 est:90",
	"none \"Fix login\" p1\n0 ! 90 what? Write 90m for minutes or 90h for hours | est:90m"},
};

static const struct {
	const char *subject, *tag, *body, *want;
} body_rows[] = {
    {"Monday", NULL,
	"Done:\n"
	    "- fixed #42 (1h30m)\n"
	    "- [x] #43 shipped\n"
	    "- [ ] #44 half of it\n"
	    "\n"
	    "Next:\n"
	    " * docs\n"
	    " * #45 review\n"
	    "\n"
	    "Blocked: none\n"
	    "\n"
	    "See you.\n",
	"none \"Monday\"\n"
	    "done: 2\"fixed #42\" #42 5400s 3\"#43 shipped\" #43 closes 4\"#44 half of it\" #44\n"
	    "next: 7\"docs\" 8\"#45 review\" #45\n"
	    "blocked:"},
    {"Monday", NULL, "Goals:\n- [x] demo\n- [ ] second\n- [x] #43 third\n",
	"none \"Monday\"\ngoals: 2\"[x] demo\" 3\"second\" 4\"#43 third\" #43"},
    {"Monday", NULL,
	"Yesterday: fixed login\nToday: write docs\nBlockers: waiting for @ben on #41\n",
	"none \"Monday\"\n"
	    "done: 1\"fixed login\"\n"
	    "next: 2\"write docs\"\n"
	    "blocked: 3\"waiting for @ben on #41\" #41"},
    {"Monday", NULL,
	"Y: a\nT: b\nB: no\nG: c\n",
	"none \"Monday\"\ndone: 1\"a\"\nnext: 2\"b\"\nblocked:\ngoals: 4\"c\""},
    {"Monday", NULL,
	"Y\n- a\nT\n- b\n\n**B**\n- quota\n\nNext steps:\n- c\n",
	"none \"Monday\"\ndone: 2\"a\"\nnext: 4\"b\" 10\"c\"\nblocked: 7\"quota\""},
    {"Monday", NULL,
	"\xe2\x9c\x85 Done:\n- a\n\xf0\x9f\x9a\xa7 Next: b\n\n1. Blocked:\n- c\n\n2. Goals:\n   - "
	    "d\n",
	"none \"Monday\"\ndone: 2\"a\"\nnext: 3\"b\"\nblocked: 6\"c\"\ngoals: 9\"d\""},
    {"Monday", NULL,
	"- Yesterday:\n  - a\n- Today:\n  - b\n- Notes: see c\n",
	"none \"Monday\"\ndone: 2\"a\"\nnext: 4\"b\"\nnotes: 5\"see c\""},
    {"Monday", NULL, "* Done:\n  * a\n", "none \"Monday\"\ndone: 2\"a\""},
    {"Monday", NULL, "- done: a\n- b\nprose\n", "none \"Monday\""},
    {"Monday", NULL,
	"- Done: a\n- Today: b\n- Blockers: none\nprose\n",
	"none \"Monday\"\ndone: 1\"a\"\nnext: 2\"b\"\nblocked:"},
    {"Monday", NULL, "Y\nT\nit is fine\n", "none \"Monday\""},
    {"Monday", NULL,
	"## Done\nfixed login\nwrote docs\n\nmore prose\n\n**Next**\n- docs\n\n*Blocked:*\n- "
	"quota\n",
	"none \"Monday\"\ndone: 2\"fixed login\" 3\"wrote docs\"\nnext: 8\"docs\"\nblocked: "
	"11\"quota\""},
    {"Monday", NULL,
	"Erledigt:\n- Anmeldung #42 (1,5h)\nAls Nächstes: Doku\nBlockiert: keine\n",
	"none \"Monday\"\ndone: 2\"Anmeldung #42\" #42 5400s\nnext: 3\"Doku\"\nblocked:"},
    {"Monday", NULL,
	"Fait :\n- connexion\nAujourd’hui :\n- doc\nBloqué : rien\n",
	"none \"Monday\"\ndone: 2\"connexion\"\nnext: 4\"doc\"\nblocked:"},
    {"Monday", NULL,
	"Hecho:\n- acceso\nHoy: docs\nBloqueos: nada\n",
	"none \"Monday\"\ndone: 2\"acceso\"\nnext: 3\"docs\"\nblocked:"},
    {"Monday", NULL,
	"Feito:\n- login\nHoje: docs\n",
	"none \"Monday\"\ndone: 2\"login\"\nnext: 3\"docs\""},
    {"Monday", NULL,
	"Gedaan:\n- login\nVandaag: docs\nUren:\n- 2u werk\n",
	"none \"Monday\"\ndone: 2\"login\"\nnext: 3\"docs\"\ntime: 5\"werk\" 7200s"},
    {"Monday", NULL,
	"Time:\n"
	    "2h #42 review\n"
	    "09:00-10:30 +web stand-up\n"
	    "yesterday 45m mail\n"
	    "- fri 1h call\n"
	    "nothing else\n"
	    "45 things\n"
	    "\n"
	    "bye\n",
	"none \"Monday\"\n"
	    "time: 2\"review\" #42 7200s 3\"stand-up\" 5400s 2026-11-22T09:00 +web 4\"mail\" 2700s "
	    "2026-11-21 5\"call\" 3600s 2026-11-20 6\"nothing else\" 7\"45 things\"\n"
	    "7 ! 45 what? Write 45m for minutes or 45h for hours | 45m things"},
    {"Monday", NULL,
	"done\n- a\n- b\n",
	"none \"Monday\"\ndone: 2\"a\" 3\"b\""},
    {"Re: Platform daily", NULL,
	"done\n",
	"none \"Platform daily\"\n1 /done"},
    {"Re: [#2] Fix login", NULL,
	"done\n2h\n",
	"none #2 \"Fix login\"\n1 /done\n2 /spend seconds=7200"},
    {"Re: [#2] Fix login", NULL,
	"Done\n2h of meetings\n",
	"none #2 \"Fix login\"\n1 /done"},
    {"[#6] Order two disks", NULL,
	"done\nThey come on Thursday.\n",
	"none #6 \"Order two disks\"\n1 /done"},
    {"[#6] Order two disks", NULL,
	"done\n/spend 1h\n",
	"none #6 \"Order two disks\"\n1 /done\n2 /spend seconds=3600"},
    {"[#6] Order two disks", NULL,
	"Done\n- the large ones\n\nNext\n\n- the small ones\n",
	"none #6 \"Order two disks\"\ndone: 2\"the large ones\"\nnext: 6\"the small ones\""},
    {"/done #4", NULL,
	"\n",
	"none #4\n0 /done #4"},
    {"/done #4 #5", NULL,
	"Tried with two restarts.\n",
	"none #4\n0 /done #4,5"},
    {"/submit 2026-W41", NULL,
	"",
	"query\n0 /submit word=2026-W41"},
    {"/off 2026-12-24 holiday", NULL,
	"Done:\n- the list\n",
	"update\ndone: 2\"the list\"\n0 /off when=2026-12-24 word=holiday"},
    {"/due 03/04/2026", NULL,
	"",
	"query\n0 ! \"03/04/2026\" may be 3 April or 4 March: write year-month-day | /due "
	    "2026-04-03"},
    {"Re: /done #4", NULL,
	"no!\n",
	"none #4 \"/done #4\""},
    {"/etc is full", NULL,
	"",
	"none \"/etc is full\""},
    {"Monday", NULL,
	"Blocked: nothing, thank you!\n",
	"none \"Monday\"\nblocked:"},
    {"Monday", NULL,
	"Blocked:\n- No blockers at the moment.\nNext: nothing works since the update\n",
	"none \"Monday\"\nblocked:\nnext: 3\"nothing works since the update\""},
    {"Montag", NULL,
	"Blockiert: nichts, danke\nFait: rien de nouveau\nHecho: nada por ahora\n",
	"none \"Montag\"\nblocked:\ndone:"},
    {"Fix login", NULL,
	"done\n2h\n",
	"none \"Fix login\"\ndone: 2\"2h\""},
    {"Re: Platform daily", NULL,
	"2h\n\nsame\n",
	"none \"Platform daily\"\n1 /spend seconds=7200\n3 /same"},
    {"Monday", NULL,
	"- This would be the first bullet that wraps to the second line\nto the next\n",
	"none \"Monday\""},
    {"Monday", NULL,
	"Done:\n"
	    "- This would be the first bullet that wraps to the second line\n"
	    "to the next (2h)\n"
	    "- b\n"
	    "  and more of b\n"
	    "short line\n",
	"none \"Monday\"\n"
	    "done: 2\"This would be the first bullet that wraps to the second line to the next\" "
	    "7200s 4\"b and more of b\""},
    {"Due: friday", NULL,
	"Hello\n",
	"none \"Due: friday\""},
    {"x", NULL,
	"Owner: Ana Lima, @ben\n"
	    "Due date: 2026-12-04 17:00\n"
	    "Start : monday\n"
	    "Priority: high\n"
	    "Project: +web\n"
	    "Labels: bug, #ui\n"
	    "Estimate: 2d\n"
	    "Status: in progress\n"
	    "Blocked by: #41, #40\n"
	    "Watch: chi\n"
	    "Title: New title\n"
	    "Cover: @ben\n"
	    "Options: A, B, C\n"
	    "\n"
	    "text\n",
	"none \"New title\" +web @Ana Lima,ben p2 due=2026-12-04T17:00 start=2026-11-23 est=57600 "
	"tags=bug,ui status=started depends=#41,#40 watch=chi cover=ben options=A,B,C"},
    {"x", NULL,
	"Due: 03/04/2026\n"
	    "Priority: very\n"
	    "Status: all is well and we go on as planned with it, nothing to add, really\n"
	    "Owner: Ana\n",
	"none \"x\"\n"
	    "1 ! \"03/04/2026\" may be 3 April or 4 March: write year-month-day | Due: 2026-04-03\n"
	    "2 ! a priority is one of p1, p2, p3, p4, urgent, high, normal, low | Priority: p2"},
    {"x", NULL,
	"Status: fine\nhello\n",
	"none \"x\"\n1 ! a status is one of open, started, blocked, done, dropped | Status: done"},
    {"decide: Use LMDB? by friday", NULL,
	"We need a store.\n\n- LMDB\n- SQLite\n\nOptions above.\n",
	"decide \"Use LMDB?\" due=2026-11-27 options=LMDB,SQLite"},
    {"x", NULL,
	"/decide Use LMDB? by friday\n- LMDB\n- SQLite\n",
	"none \"x\" options=LMDB,SQLite\n1 /decide when=2026-11-27 \"Use LMDB?\""},
    {"x", NULL,
	"/decide Use LMDB?\nOptions: LMDB | SQLite, the second\n",
	"none \"x\" options=LMDB,SQLite, the second\n1 /decide \"Use LMDB?\""},
    {"Gone fishing", "off",
	"2026-12-21..2026-12-24 holiday\n",
	"off \"Gone fishing\"\n1 /off when=2026-12-21..2026-12-24 word=holiday"},
    {"today", "time",
	"2h #42 review\nHi all\n09:00-10:00 call\n",
	"time \"today\"\ntime: 3\"call\" 3600s 2026-11-22T09:00\n1 /spend #42 seconds=7200 "
	"\"review\""},
    {"Fix it", "task",
	"> /done #1\n```\n/done #2\n```\n    /done #3\n/done #4\n-- \n/done #5\n",
	"task \"Fix it\"\n6 /done #4"},
    {"Fix it", "task",
	"/done #1\n```\n/done #2\n\n#3 done\nDone:\n- #4\n@chi\n",
	"task \"Fix it\"\n1 /done #1"},
    {"Fix it", "task",
	"```/done #1```\n/done #2\n ```sh\n/done #3\n~~~\n``` no\n````\n/done #4\n~~~~~\n/done #5\n"
	    "```\n/done #6\n```\n",
	"task \"Fix it\"\n2 /done #2\n8 /done #4\n10 /done #5"},
    {"x", NULL,
	"We talked about the plan for the next release and agreed\nsame\nas before.\n",
	"none \"x\""},
    {"x", NULL,
	"/done #1\n/done #2\n\nThanks\nAna\n",
	"none \"x\"\n1 /done #1\n2 /done #2"},
    {"x", NULL,
	"I am done #42 tomorrow.\n"
	    "30 min late today\n"
	    "@ben look at #42, +web and #bug (ana@example.org, +49 30 1)\n",
	"none \"x\""},
    {"x", NULL,
	"Status: on track\nOwner: Ana\n",
	"none \"x\""},
    {"x", NULL,
	"Start: we begin with the parser\n",
	"none \"x\""},
    {"Monday", NULL,
	"Time:\n- 2h #42 review\n45 things\n1h mail\n",
	"none \"Monday\"\n"
	    "time: 2\"review\" #42 7200s 3\"45 things\" 4\"mail\" 3600s\n"
	    "3 ! 45 what? Write 45m for minutes or 45h for hours | 45m things"},
    {"x", NULL, "#42 2h 30\n\n#43 2h 3 bugs fixed\n",
	"none \"x\"\n3 /spend #43 seconds=7200 \"3 bugs fixed\"\n"
	"1 ! \"30\" what? Write 1h30m for an hour and 30 minutes; a note that begins with a figure "
	"goes behind a colon | /spend 2h30m #42"},
    {"x", NULL,
	"Done:\n- fixed #42 (1h30m).\n- (90) docs\n- two (90)\n- three (45 min)!\n- four (v2)\n"
	    "- five, of 2026 (2026)\n",
	"none \"x\"\ndone: 2\"fixed #42\" #42 5400s 3\"(90) docs\" 4\"two (90)\" "
	"5\"three\" 2700s 6\"four (v2)\" 7\"five, of 2026 (2026)\"\n"
	"4 ! 90 what? Write 90m for minutes or 90h for hours | /spend 90m"},
    {"x", NULL,
	"Done:\n- (1h) #42 done\n- review (about 2h)\n- call [30m]\n- mail - 2h\n- 2h #43 docs\n"
	    "- stand-up (10:30)\n- short one (1:30)\n- asked Ben (3 days ago)\n- build (3 parts)\n",
	"none \"x\"\ndone: 2\"(1h) #42 done\" #42 3\"review (about 2h)\" 4\"call [30m]\" "
	"5\"mail - 2h\" 6\"2h #43 docs\" #43 7\"stand-up (10:30)\" 8\"short one\" 5400s "
	"9\"asked Ben (3 days ago)\" 10\"build (3 parts)\"\n"
	"2 ! no time was logged: under Done an amount closes the line, as in (1h) | /spend 1h #42\n"
	"3 ! no time was logged: under Done an amount closes the line, as in (2h) | /spend 2h\n"
	"4 ! no time was logged: under Done an amount closes the line, as in (30m) | /spend 30m\n"
	"5 ! no time was logged: under Done an amount closes the line, as in (2h) | /spend 2h\n"
	"6 ! no time was logged: under Done an amount closes the line, as in (2h) | /spend 2h #43\n"
	"7 ! \"10:30\" may be a time of day or an amount: write it as 10h30m"},
    {"x", NULL,
	"1. Done: the login page\n2. Next: the docs\n3. Blocked: none\n",
	"none \"x\"\ndone: 1\"the login page\"\nnext: 2\"the docs\"\nblocked:"},
    {"x", NULL,
	"Done - the login page\nNext - the docs\n",
	"none \"x\"\ndone: 1\"the login page\"\nnext: 2\"the docs\""},
    {"x", NULL,
	"- Done\n  - a (1h)\n- Next\n  - b\n",
	"none \"x\"\ndone: 2\"a\" 3600s\nnext: 4\"b\""},
    {"x", NULL,
	"1. Done\nthe login page\n2. Next\nthe docs\n",
	"none \"x\"\ndone: 2\"the login page\"\nnext: 4\"the docs\""},
    {"x", NULL,
	"Done\n====\n- a\n\nNext\n----\n- b\n----\nThe rest is prose.\n",
	"none \"x\"\ndone: 3\"a\"\nnext: 7\"b\""},
    {"x", NULL,
	"My plan:\n1. Today\n2. Next\n3. Friday\n",
	"none \"x\""},
    {"x", NULL,
	"1. fix the bug\n2. done\n3. test it\n",
	"none \"x\""},
    {"x", NULL,
	"Today - I think - we should go.\nNext - we should go on with it.\nTomorrow - who knows.\n",
	"none \"x\""},
    {"x", NULL,
	"Done:\n- a (2h/2)\n- b (1h+30m)\n- c (1:30 h)\n- d (\xe2\x89\x88" "2h)\n- e (2-3h)\n"
	    "- f (2h?)\n- g (10am)\n- h (5 min ago)\n- i (v1.2)\n",
	"none \"x\"\ndone: 2\"a (2h/2)\" 3\"b (1h+30m)\" 4\"c\" 5400s 5\"d (\xe2\x89\x88" "2h)\" "
	"6\"e (2-3h)\" 7\"f (2h?)\" 8\"g (10am)\" 9\"h (5 min ago)\" 10\"i (v1.2)\"\n"
	"2 ! no time was logged: under Done an amount closes the line, as in (2h) | /spend 2h\n"
	"3 ! no time was logged: under Done an amount closes the line, as in (1h) | /spend 1h\n"
	"5 ! no time was logged: under Done an amount closes the line, as in (2h) | /spend 2h\n"
	"6 ! no time was logged: under Done an amount closes the line, as in (3h) | /spend 3h\n"
	"7 ! no time was logged: under Done an amount closes the line, as in (2h) | /spend 2h"},
    {"x", NULL,
	"Time: 2h #42, 1h #43\n",
	"none \"x\"\ntime: 1\"2h #42, 1h #43\" #42 #43\n"
	"1 ! \"1h #43\" looks like a second entry: each needs a line of its own | 2h #42"},
    {"x", NULL,
	"Time:\n- monday morning 2h call\n- tomorrow 2h docs\n- review #42 2h\n- #42 running out\n",
	"none \"x\"\ntime: 2\"morning call\" 7200s 2026-11-16 3\"tomorrow 2h docs\" "
	"4\"review #42 2h\" #42 5\"#42 running out\" #42\n"
	"3 ! 2026-11-23 is still to come: time is logged when it was spent | 2h today\n"
	"4 ! \"review\" was not understood: /spend needs a duration, as in 1h30m, or from-to, as "
	"in 09:15-10:45 | 1h30m"},
    {"x", NULL,
	"Status: dnoe\n",
	"none \"x\"\n1 ! a status is one of open, started, blocked, done, dropped | Status: done"},
};

/* A label's line, and what the section is; "" for prose. Below each stands "- a" and "- b". */
static const struct {
	const char *line, *want;
} label_rows[] = {
    {"Done", "done"}, {"Done:", "done"}, {"DONE :", "done"}, {"## Done", "done"},
    {"N\xc3\xa4" "chste:", "next"}, {"Gemacht:", "done"}, {"Suivant:", "next"}, {"Gemacht", ""},
    {"### Done:", "done"}, {"**Done**", "done"}, {"*Done*", "done"}, {"__Done__:", "done"},
    {"\xe2\x9c\x85 Done", "done"}, {"\xe2\x9c\x94\xef\xb8\x8f Done:", "done"},
    {"Done \xe2\x9c\x85", "done"}, {"**\xe2\x9c\x85 Done**", "done"},
    {"## \xf0\x9f\x9a\x80 Next", "next"}, {":white_check_mark: Done", "done"},
    {"1\xef\xb8\x8f\xe2\x83\xa3 Done", "done"}, {"1. Done", "done"}, {"1) Done:", "done"},
    {"2. **Next**", "next"}, {"3. \xe2\x9b\x94 Blocked", "blocked"}, {"Done -", "done"},
    {"Done \xe2\x80\x93", "done"}, {"Next --", "next"}, {"=== Done ===", "done"},
    {"-- Next --", "next"}, {"[Blocked]", "blocked"}, {"\xc2\xbb Goals", "goals"},
    {"\xe2\x9c\x85 Erledigt", "done"}, {"1. Gestern", "done"}, {"**Heute**", "next"},
    {"Blockiert -", "blocked"}, {"## Ziele", "goals"}, {"Notizen", "notes"},
    {"\xe2\x9c\x85 Fait", "done"}, {"1. Hier", "done"}, {"**Aujourd\xe2\x80\x99hui**", "next"},
    {"Bloqu\xc3\xa9 -", "blocked"}, {"## Objectifs", "goals"}, {"Remarques", "notes"},
    {"\xe2\x9c\x85 Hecho", "done"}, {"1. Ayer", "done"}, {"**Hoy**", "next"},
    {"Bloqueado -", "blocked"}, {"## Objetivos", "goals"}, {"Notas", "notes"},
    {"\xe2\x9c\x85 Feito", "done"}, {"1. Ontem", "done"}, {"**Hoje**", "next"},
    {"Bloqueios -", "blocked"}, {"## Metas", "goals"}, {"Observa\xc3\xa7\xc3\xb5" "es", "notes"},
    {"\xe2\x9c\x85 Gedaan", "done"}, {"1. Gisteren", "done"}, {"**Vandaag**", "next"},
    {"Geblokkeerd -", "blocked"}, {"## Doelen", "goals"}, {"Notities", "notes"},
    {"Done with it", ""}, {"Done.", ""}, {"Done?", ""}, {"- Done", ""}, {"Next - we go on", ""},
    {"1. Done: the login page", ""}, {"- Next: the login page", ""}, {"We are done:", ""},
    {"\xe2\x9c\x85 Done with it", ""}, {"Today we shipped", ""}, {"**Done** and dusted", ""},
    {"#Done", ""}, {"1.Done", ""}, {" Done", ""},
};

static void
check_bare(const char *line, bool is_reply, const char *want)
{
	static const struct command_context context = {ANCHOR, "Europe/Berlin", 0};
	struct arena *arena = arena_create();
	struct reading_command command;
	struct buf out;

	buf_init(&out, 1 << 16);
	if (bare_parse(arena, span_of(line), 3, is_reply, true, &context, &command)) {
		assert_true(command.bare);
		assert_int_equal(command.line, 3);
		assert_string_equal(command.source, line);
		command_text(&command, &out);
	} else
		buf_puts(&out, "-");
	if (strcmp(out.ptr, want) != 0)
		fail_msg("%s (%s): read as %s", line, is_reply ? "reply" : "new", out.ptr);
	buf_release(&out);
	arena_destroy(&arena);
}

static void
test_bare(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(bare_rows); i++) {
		check_bare(bare_rows[i].line, false, bare_rows[i].fresh);
		check_bare(bare_rows[i].line, true, bare_rows[i].reply);
	}
}

static struct reading *
read_mail(struct arena *arena, const char *subject, const char *tag, const char *body,
    bool plain_only)
{
	struct reading *r = arena_alloc(arena, sizeof *r);
	struct reading_rcpt *rcpt = arena_alloc(arena, sizeof *rcpt);
	struct grammar_input input = {.body = span_of(body), .zone = "Europe/Berlin",
		.anchor = ANCHOR, .plain_only = plain_only};

	*rcpt = (struct reading_rcpt){"platform@example.org", tag, RCPT_TO};
	r->message.subject = subject;
	r->message.rcpts = rcpt;
	r->message.n_rcpts = 1;
	if (strncmp(subject, "Re:", 3) == 0)
		r->message.in_reply_to = "x@example.org";
	grammar_read(arena, &input, r);
	return r;
}

static void
check_mail(const char *subject, const char *tag, const char *body, const char *want)
{
	struct arena *arena = arena_create();
	struct buf out;

	buf_init(&out, 1 << 16);
	reading_text(read_mail(arena, subject, tag, body, false), &out);
	if (strcmp(out.ptr, want) != 0)
		fail_msg("%s / %s: read as %s", subject, body, out.ptr);
	buf_release(&out);
	arena_destroy(&arena);
}

static void
test_subjects(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(subject_rows); i++)
		check_mail(subject_rows[i].subject, NULL, "", subject_rows[i].want);
}

static void
test_bodies(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(body_rows); i++)
		check_mail(body_rows[i].subject, body_rows[i].tag, body_rows[i].body,
		    body_rows[i].want);
}

static void
test_labels(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(label_rows); i++) {
		struct arena *arena = arena_create();
		const char *body = arena_printf(arena, "%s\n- a\n- b\n", label_rows[i].line);
		const char *want = *label_rows[i].want == '\0' ? "none \"x\"" :
		    arena_printf(arena, "none \"x\"\n%s: 2\"a\" 3\"b\"", label_rows[i].want);

		check_mail("x", NULL, body, want);
		arena_destroy(&arena);
	}
}

/* By the address, and of one in the subject nothing is left there; it is no kind and no project. */
static void
test_token(void **state)
{
	static const char *const subjects[][2] = {{"Re: Fix login", "Re: Fix login"},
	    {"Re: (+r-abcdefghijklmnopqrsu) Fix login", "Re: Fix login"},
	    {"Fix (+R-ABCDEFGHIJKLMNOPQRST) it (+r-abcdefghijklmnopqrsu)", "Fix it"}};

	for (size_t i = 0; i < ARRAY_LEN(subjects); i++) {
		struct arena *arena = arena_create();
		struct reading *r = read_mail(arena, subjects[i][0], "r-abcdefghijklmnopqrst",
		    "done\n", false);

		assert_string_equal(r->target.token, "abcdefghijklmnopqrst");
		assert_string_equal(r->message.subject, subjects[i][1]);
		assert_true(r->target.kind == KIND_NONE && r->target.tag == NULL);
		assert_null(r->fields.project);
		arena_destroy(&arena);
	}
}

static void
test_mentions(void **state)
{
	static const struct reading_mention want[] = {
	    {"person", "ben"}, {"item", "42"}, {"project", "web"}, {"tag", "bug"},
	};
	struct arena *arena = arena_create();
	struct reading *r = read_mail(arena, "x", NULL,
	    "@ben look at #42, +web and #bug (ana@example.org, +49 30 1, C#, #42).\n> @chi\n"
	    "```\n@dev\n```\nok\n", false);

	assert_int_equal(r->n_mentions, ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		assert_string_equal(r->mentions[i].what, want[i].what);
		assert_string_equal(r->mentions[i].name, want[i].name);
	}
	arena_destroy(&arena);
}

/* An automatic mail gives orders to nobody. */
static void
test_plain_only(void **state)
{
	struct arena *arena = arena_create();
	struct reading *r = read_mail(arena, "off: today", NULL,
	    "/done #1\nDone:\n- #2\n#3 done\nOwner: ana\n", true);

	assert_int_equal(r->n_commands, 0);
	assert_int_equal(r->n_sections, 0);
	assert_int_equal(r->n_errors, 0);
	assert_int_equal(r->fields.n_owners, 0);
	assert_string_equal(r->text, "/done #1\nDone:\n- #2\n#3 done\nOwner: ana");
	arena_destroy(&arena);
}

static void
test_limits(void **state)
{
	struct arena *arena = arena_create();
	struct reading *r;
	struct buf body;

	buf_init(&body, 1 << 20);
	for (unsigned i = 1; i <= 300; i++)
		buf_printf(&body, "/done #%u\n", i);
	for (unsigned i = 1; i <= 300; i++)
		buf_puts(&body, "/nothing\n");
	buf_puts(&body, "Done:\n");
	for (unsigned i = 1; i <= 1500; i++)
		buf_puts(&body, "- x\n");
	r = read_mail(arena, "x", NULL, body.ptr, false);
	assert_int_equal(r->n_commands, 200);
	assert_int_equal(r->n_errors, 200);
	assert_string_equal(r->errors[0].why, "only the first 200 commands of a mail count");
	assert_int_equal(r->errors[0].line, 201);
	assert_int_equal(r->sections[0].n_entries, 1000);
	buf_release(&body);
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bare), cmocka_unit_test(test_subjects),
	    cmocka_unit_test(test_bodies), cmocka_unit_test(test_labels),
	    cmocka_unit_test(test_token),
	    cmocka_unit_test(test_mentions), cmocka_unit_test(test_plain_only),
	    cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests_name("grammar", tests, NULL, NULL);
}
