/* SPDX-License-Identifier: ISC */
/*
 * verb_table: all commands, in the order help and the man page show them. Example lines are real:
 * the tests read each of them.
 */
#include "config.h"

#include "parsers/verb.h"

const struct verb verbs[] = {
    /* state */
    {"done", "close closed finish finished complete completed", VERB_STATE, VERB_MEMBER,
	ITEM_MUST, "[#n...] [text]",
	"closes an item",
	"The text, if there is one, is kept as a comment. Several items can be closed at once.",
	"/done\n/done #42\n/done #42 #43 shipped with 0.9\n"},
    {"reopen", "", VERB_STATE, VERB_MEMBER, ITEM_MUST, "[#n...] [text]",
	"opens a closed item again", "Works on items that are done or dropped.",
	"/reopen #42\n/reopen #42 it came back\n"},
    {"drop", "cancel wontfix", VERB_STATE, VERB_MEMBER, ITEM_MUST, "[#n...] [reason]",
	"closes an item without doing it", "The reason is kept as a comment.",
	"/drop #42 not needed any more\n"},
    {"start", "", VERB_STATE, VERB_MEMBER, ITEM_MUST, "[#n] [note]",
	"starts work and a timer on an item",
	"One timer runs per person: starting one stops the one before and logs its time.",
	"/start #42\n"},
    {"stop", "", VERB_NOTHING, VERB_MEMBER, ITEM_NONE, "",
	"stops the timer and logs its time",
	"Says so if no timer is running. The time belongs to the item it was started on,\n"
	"whichever team is written to. In a week that is locked it cannot be logged: then the\n"
	"timer runs on, and the answer says how long it has run.",
	"/stop\n"},
    /* owner */
    {"take", "mine", VERB_STATE, VERB_MEMBER, ITEM_MUST, "[#n...] [text]",
	"makes you the owner of an item",
	"The owner before is told. A decision is taken over by who made it, or a lead.",
	"/take #42\n"},
    {"assign", "owner", VERB_PEOPLE, VERB_MEMBER, ITEM_MUST, "[#n...] @a [@b...]",
	"gives an item to someone",
	"The first is the owner, the others share it. What is another's is given away by them, by "
	"who\nmade it, or by a lead.",
	"/assign @ana\n/assign #42 @ana @ben\n"},
    {"unassign", "", VERB_PEOPLE_OPT, VERB_MEMBER, ITEM_MUST, "[#n...] [@a...]",
	"takes owners off an item",
	"Without a name all owners go. Anybody leaves an item; others are taken off as with "
	"/assign.",
	"/unassign #42\n/unassign #42 @ben\n"},
    /* dates and fields */
    {"due", "deadline", VERB_DUE, VERB_MEMBER, ITEM_MUST, "[#n...] DATE|none",
	"sets when an item is due",
	"A day means its end in your zone. \"none\" takes it away. A word may say by when:\n"
	"by, until, bis, jusqu'à, hasta, até, tot. A day that is past is set, with a warning.\n"
	"A decision that is closed keeps its date until it is opened again.",
	"/due friday\n/due #42 2026-12-04 17:00\n/due bis Freitag\n/due none\n"},
    {"snooze", "later", VERB_SNOOZE, VERB_MEMBER, ITEM_MUST, "[#n...] DATE|DURATION",
	"leaves an item out of your digest for a while",
	"Others' digests name it as before. A duration counts calendar time from now.\n"
	"A word like for or until may stand before it.",
	"/snooze #42 2d\n/snooze monday\n/snooze until 2026-12-01\n/snooze half an hour\n"},
    {"priority", "prio p", VERB_PRIORITY, VERB_MEMBER, ITEM_MUST, "[#n...] p1|p2|p3|p4",
	"sets the priority", "p1 is the highest. urgent, high, normal and low are p1 to p4.",
	"/priority p1\n/priority #42 low\n"},
    {"tag", "label tags", VERB_TAG, VERB_MEMBER, ITEM_MUST, "[#n...] word [-word]",
	"adds tags, and removes those with a minus", "A leading # may be left out.",
	"/tag bug\n/tag #42 bug -old\n"},
    {"project", "", VERB_PROJECT, VERB_MEMBER, ITEM_MUST, "[#n...] NAME|none",
	"puts an item into a project", "A leading + may be left out.",
	"/project web\n/project #42 +web\n/project none\n"},
    {"title", "rename", VERB_TITLE, VERB_MEMBER, ITEM_MUST, "[#n] TEXT",
	"changes an item's title", "The subject of its mail changes with it.",
	"/title Fix the login page\n/title #42 Fix the login page\n"},
    {"estimate", "est", VERB_ESTIMATE, VERB_MEMBER, ITEM_MUST, "[#n...] DURATION|none",
	"says how much work an item is", "A day is 8 hours unless the team set it otherwise.",
	"/estimate 2d\n/estimate #42 3h\n"},
    {"depends", "depends-on", VERB_DEPENDS, VERB_MEMBER, ITEM_MUST,
	"[#n on] #m...|[#n] -#m...|[#n] none",
	"says which items must be done before",
	"After \"on\" stand the items that are waited for. A minus takes one off, none\n"
	"takes all off.",
	"/depends #41\n/depends #42 on #41 #40\n/depends #42 -#41\n/depends #42 none\n"},
    {"block", "blocked", VERB_BLOCK, VERB_MEMBER, ITEM_MUST, "[#n] REASON [on #m|@p]",
	"says that an item cannot go on, and why",
	"Blocked items stand first in the digest. \"on\" names the item or person waited for.",
	"/block waiting for disk quota\n/block #42 needs review on @ben\n/block #42 broken build "
	"on #41\n"},
    {"unblock", "", VERB_STATE, VERB_MEMBER, ITEM_MUST, "[#n...] [text]",
	"says that an item can go on", "The text is kept as a comment.",
	    "/unblock #42 quota is there\n"},
    {"watch", "follow", VERB_PEOPLE_OPT, VERB_GUEST, ITEM_MUST, "[#n...] [@p...]",
	"sends you, or someone else, an item's mail", "Owners and the creator get it anyway.",
	"/watch #42\n/watch #42 @chi\n"},
    {"unwatch", "unfollow mute", VERB_PEOPLE_OPT, VERB_GUEST, ITEM_MUST, "[#n...] [@p...]",
	"stops an item's mail", "It starts again when you are named in it.", "/unwatch #42\n"},
    /* time */
    {"spend", "time log spent", VERB_SPEND, VERB_MEMBER, ITEM_MAY,
	"DURATION|FROM-TO [DATE] [#n] [+project] [billable] [for:@p] [note]", "logs time",
	"The day stands right behind the amount: \"2h monday call\". Without one it is today; a "
	    "weekday\n"
	"is the last one; a day to come is refused, and one of more than a year ago. A negative "
	    "amount\n"
	"is a compensating entry: the first one stays as it was. A week that was approved is "
	    "locked:\n"
	"then only a lead writes into it, for:@ana if it is another's, and it shows as a "
	    "correction.",
	"/spend 1h30m\n/spend 1h30m #42 review\n/spend 09:15-10:45 yesterday +web billable call\n"
	"/spend -30m #42\n/spend -1h 2026-10-06 for:@ana counted twice\n"},
    {"timesheet", "", VERB_WEEK, VERB_MEMBER, ITEM_NONE, "[WEEK] [@p]",
	"answers with your time sheet",
	"Without a week it is the current one. A lead may ask for another's, and sees\n"
	"how much was logged on what, but no days.",
	"/timesheet\n/timesheet 2026-W41\n/timesheet 2026-W41 @ana\n"},
    {"submit", "", VERB_WEEK, VERB_MEMBER, ITEM_NONE, "WEEK",
	"hands in a week's time sheet",
	"A lead approves or rejects it. Approved, the week is locked. When other time is\n"
	"logged in it before that, hand it in again.", "/submit 2026-W41\n"},
    {"approve", "", VERB_JUDGE, VERB_LEAD, ITEM_NONE, "WEEK @p [text]",
	"approves someone's time sheet",
	"The person is told. It can be approved when the week is over, and with the sum\n"
	"that was handed in: if that changed since, the answer shows both, and it is to be\n"
	"handed in again.", "/approve 2026-W41 @ana\n"},
    {"reject", "", VERB_JUDGE, VERB_LEAD, ITEM_NONE, "WEEK @p REASON",
	"hands a time sheet back", "The reason goes to the person.",
	"/reject 2026-W41 @ana Tuesday is missing\n"},
    /* oneself */
    {"off", "ooo vacation", VERB_OFF, VERB_MEMBER, ITEM_NONE,
	"DATE[..DATE] [holiday|sick|...] [morning|afternoon|half-day] [cover:@p] [note]",
	"says when you are away",
	"No prompts come on those days; the digest names your cover, who is no guest. Kinds:\n"
	"holiday, sick, parental,\n"
	"training, travel, public, other. \"until friday\" is from today to friday. In a\n"
	"morning or afternoon off no mail comes; half-day alone does not say which half: it\n"
	"takes its part off your target, and what is logged beyond half a day's hours counts as "
	"work\n"
	"on a day off.",
	"/off 2026-12-21..2026-12-31 holiday cover:@ben\n/off friday morning\n"
	"/off friday half-day\n/off today sick\n"},
    {"skip", "", VERB_NOTHING, VERB_MEMBER, ITEM_NONE, "",
	"answers a prompt with nothing today",
	"The word alone on a line does the same. It is of the day that the prompt asked about, as "
	"are\n"
	"/same and /away.",
	"/skip\n"},
    {"same", "", VERB_NOTHING, VERB_MEMBER, ITEM_NONE, "",
	"answers a prompt: what was next is still next", "The word alone on a line does the same.",
	"/same\n"},
    {"away", "", VERB_NOTHING, VERB_MEMBER, ITEM_NONE, "",
	"answers a prompt: away today", "The word alone on a line does the same.", "/away\n"},
    {"back", "", VERB_NOTHING, VERB_MEMBER, ITEM_NONE, "",
	"ends an absence now",
	"Days that are past stay as they are, and so does a morning.", "/back\n"},
    {"hours", "", VERB_HOURS, VERB_MEMBER, ITEM_NONE,
	"DAYS FROM-TO[, DAYS FROM-TO] [from DATE]", "sets your working hours",
	"In your own zone. Prompts and digests keep to them.",
	"/hours mon-fri 09:00-17:00\n/hours mon-thu 08:00-16:00, sat 10:00-12:00 from "
	"2026-12-01\n"},
    {"tz", "timezone zone", VERB_ZONE, VERB_MEMBER, ITEM_NONE, "AREA/CITY [DATE..DATE]",
	"sets your time zone, or the one of a journey", "With days it holds on those days only.",
	"/tz Asia/Dubai\n/tz Asia/Dubai 2026-12-01..2026-12-10\n"},
    {"digest", "", VERB_DIGEST, VERB_GUEST, ITEM_NONE, "daily TIME|weekly DAY TIME|off",
	"sets when your digest comes",
	"In your own zone. daily alone is 08:30, weekly alone mon 09:00. No digest goes to guests.",
	"/digest daily 08:30\n/digest weekly mon 09:00\n/digest off\n"},
    {"checkin", "check-in prompt", VERB_CHECKIN, VERB_MEMBER, ITEM_NONE, "TIME|off",
	"sets when you are asked for your update",
	"In your own zone; 16:30 if you never said. Beside your hours of a day, it is half an hour "
	"before\n"
	"they end. Nothing comes on a day off, nor when you have written an update of the day.",
	"/checkin 16:30\n/checkin off\n"},
    {"ack", "", VERB_ACK, VERB_GUEST, ITEM_NONE, "always|new|errors",
	"sets what is acknowledged",
	"new: new items and errors. errors: only what was not understood. always: every mail.",
	"/ack new\n"},
    {"lang", "language", VERB_LANG, VERB_GUEST, ITEM_NONE, "CODE",
	"sets the language of your mail", "A language code of two letters, or with a region.",
	"/lang de\n/lang pt-BR\n"},
    {"remind", "reminder", VERB_REMIND, VERB_MEMBER, ITEM_NONE, "DATE TEXT",
	"sends you a reminder",
	    "It comes at that time, outside your hours and on days off too. A day without a time "
	    "means the\n"
	"start of your working hours.",
	"/remind friday call the bank\n/remind 2026-12-01 09:00 renew the certificate\n"},
    /* decisions */
    {"decide", "decision propose", VERB_DECIDE, VERB_MEMBER, ITEM_NONE, "TITLE [by DATE]",
	"asks the team to decide",
	"Options stand below, as bullets or as Options: A, B; the first is the default. At the\n"
	"deadline the one that most voted for holds, and where nobody answered, or as many for "
	"one\n"
	"as for another, the default; the mail about it says so. In a calendar, accepting agrees,\n"
	"declining objects, and a comment there is the reason; another time is noted as a comment."
	"\nWhat one answers there for another counts only in a reply, and the other is told.",
	"/decide Use LMDB? by friday\n"},
    {"agree", "+1 accept", VERB_STATE, VERB_MEMBER, ITEM_MUST, "[#n] [text]",
	"agrees to a decision",
	"Where there are options it is a vote for the first. The last answer of a person counts.",
	    "/agree\n/agree #9\n"},
    {"object", "veto", VERB_REASON, VERB_MEMBER, ITEM_MUST, "[#n] REASON",
	"objects to a decision",
	"It stays open until the objection is settled, or who raised it is no member any more.",
	"/object #9 no backup for it\n"},
    {"abstain", "", VERB_STATE, VERB_MEMBER, ITEM_MUST, "[#n] [text]",
	"answers without a vote", "You are not asked again.", "/abstain #9\n"},
    {"vote", "", VERB_VOTE, VERB_MEMBER, ITEM_MUST, "[#n] OPTION",
	"votes for an option", "By its name, its first letters or its number.",
	"/vote LMDB\n/vote #9 2\n"},
    {"resolve", "", VERB_RESOLVE, VERB_MEMBER, ITEM_MUST, "[#n] OPTION REASON",
	"closes a decision with a result",
	"Its owner may, or a lead. An option of several words stands in quotes; none means that "
	"no\n"
	"option was taken.",
	"/resolve #9 LMDB fits best\n/resolve \"Use both\" costs little\n"},
    /* people */
    {"handover", "hand-over", VERB_HANDOVER, VERB_MEMBER, ITEM_MUST, "@p #n... [note]",
	"hands items over to someone",
	    "They are asked to /accept, or to /object with a reason; until then each stays with "
	    "its owner.\n"
	"State, next action (what stands under Next about it) and owner of each go with it. "
	"Without an\n"
	"answer they are reminded three times, and then you are told. What is given to another "
	"meanwhile\n"
	"is not handed over any more.",
	"/handover @ben #42 #43 the rest is in the wiki\n"},
    {"page", "", VERB_PAGE, VERB_MEMBER, ITEM_MAY, "[@p|oncall] TEXT",
	"calls someone now, in quiet hours too",
	"It comes three times, five minutes apart, then goes on to whoever is on call, the "
	"emergency\n"
	"contacts and the leads, until someone writes /ack-page. A subject that begins with "
	"urgent: does\n"
	"the same about a new task.",
	"/page oncall mail queue is stuck\n/page @ben please ring me\n"},
    {"ack-page", "ackpage", VERB_STATE, VERB_MEMBER, ITEM_MAY, "[text]",
	"says that you have taken a call",
	"It stops the calls that follow. Closing the item that a call is about does so too.",
	"/ack-page on it\n"},
    {"meet", "", VERB_MEET, VERB_MEMBER, ITEM_NONE, "DURATION @a... [DATE..DATE]",
	"looks for a time to meet",
	"Comes with a later version: it will answer with the best times in everyone's zone. Until "
	    "then\n"
	"it is refused, and /who shows what time it is for each.",
	"/meet 1h @ana @ben\n/meet 30m @ana @ben 2026-12-01..2026-12-04\n"},
    {"book", "", VERB_BOOK, VERB_MEMBER, ITEM_NONE, "N",
	"books one of the times that were offered",
	"In reply to the answer of /meet. Comes with a later version, as that does.", "/book 2\n"},
    {"invite", "", VERB_INVITE, VERB_LEAD, ITEM_NONE, "ADDRESS NAME [role]",
	"adds a member to the team",
	"The role is guest, member or lead; member without. One mail, in their hours, tells them "
	    "what\n"
	"this is, how to write and how to stop. Who is new gets the team's zone and mon-fri "
	    "09:00-17:00.\n"
	"Of who is a member already it changes the role, which they are told.",
	"/invite dev@example.org Dev Patel\n/invite eli@example.org Eli Stone guest\n"},
    {"remove", "", VERB_REMOVE, VERB_LEAD, ITEM_NONE, "@p",
	"takes a member off the team",
	"What they wrote stays; open items of theirs have no owner then. The only lead cannot be "
	    "taken\n"
	"off.", "/remove @eli\n"},
    /* questions */
    {"show", "", VERB_SHOW, VERB_GUEST, ITEM_MUST, "[#n...]",
	"answers with all about an item", "State, fields, comments and time.", "/show #42\n"},
    {"list", "ls", VERB_LIST, VERB_GUEST, ITEM_NONE,
	"[mine|@p|+project|#tag|blocked|overdue|due:week|reminders]",
	"answers with a list of items",
	"Several filters narrow it. Without one: all open items. \"reminders\" alone: what you "
	"asked to\n"
	"be reminded of.",
	"/list\n/list mine\n/list +web blocked\n/list @ana due:week\n/list reminders\n"},
    {"search", "find", VERB_SEARCH, VERB_GUEST, ITEM_NONE, "WORDS",
	"answers with what holds these words", "Items, comments and updates.",
	    "/search disk quota\n"},
    {"who", "people", VERB_NOTHING, VERB_GUEST, ITEM_NONE, "",
	"answers who is here, away, and where it is what time", "One line a person.", "/who\n"},
    {"help", "commands", VERB_HELP, VERB_GUEST, ITEM_NONE, "[COMMAND]",
	"answers with this list, or with one command", "", "/help\n/help spend\n"},
    {"undo", "", VERB_UNDO, VERB_GUEST, ITEM_NONE, "CODE",
	"takes back all that one mail did",
	"The code stands in the acknowledgement and in the item's mail. Only who wrote that mail, "
	"or a\n"
	"lead, takes it back, and only while nothing later depends on it. Taking back needs\n"
	"what doing it would need now: the role in the team, the item that is yours, and a\n"
	"reply to a mail of the team where the line counts only in one. What a lead made of\n"
	"your own time sheet is taken back by a lead other than you. A line of an update that\n"
	"another mail of that day says too stays. An undo cannot be undone.",
	"/undo K7Q2MX\n"},
};
const size_t n_verbs = sizeof(verbs) / sizeof *verbs;
