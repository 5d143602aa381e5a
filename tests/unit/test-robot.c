/* SPDX-License-Identifier: ISC */
/* Tests of robot, bounce and itip through reading_parse: who wrote it, who is gone, what is on. */
#include "tests/unit/unit.h"

#include "parsers/base/buf.h"
#include "parsers/bounce.h"
#include "parsers/itip.h"
#include "parsers/reading.h"

static const struct reading_context context = {.now = 1760000000, .zone = "Europe/Berlin"};

static struct reading *
parse(struct arena *arena, const char *mail)
{
	struct reading *r = NULL;
	struct err err = {""};

	assert_int_equal(reading_parse(arena, span_of(mail), &context, &r, &err), TD_OK);
	return r;
}

#define ANA "From: Ana <ana@example.org>\r\n"
#define REPORT(fields)                                                                             \
	"From: MAILER-DAEMON@example.org\r\nReturn-Path: <>\r\nSubject: Undelivered\r\n"           \
	"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"          \
	"--b\r\n\r\nIt could not be delivered.\r\n--b\r\n"                                         \
	"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n" fields       \
	"\r\n--b--\r\n"
#define RETURN(type, part)                                                                         \
	REPORT("Final-Recipient: rfc822; ben@example.org\r\nAction: failed\r\n\r\n--b\r\n"        \
	       "Content-Type: " type "\r\n\r\n" part)

static void
test_kinds(void **state)
{
	static const struct {
		const char *name, *mail;
		enum auto_kind kind;
	} rows[] = {
	    {"a person", ANA "Subject: hello\r\n\r\nhi\r\n", AUTO_NONE},
	    {"a person whose provider counts complaints",
	        ANA "Subject: hello\r\nFeedback-ID: i8d694588:Mail\r\n\r\nhi\r\n", AUTO_NONE},
	    {"a person who is away", ANA "Subject: Out of office on Friday\r\n\r\n"
	        "I am on vacation from Friday.\r\n", AUTO_NONE},
	    {"a person about a bounce", ANA "Subject: Re: Undelivered Mail\r\n\r\n"
	        "My mail was not delivered: 550 5.1.1 user unknown\r\n", AUTO_NONE},
	    {"a person forwards a bounce", ANA "Subject: Fwd: failure notice\r\n"
	        "Return-Path: <ana@example.org>\r\n\r\nThe mail could not be delivered.\r\n",
	        AUTO_NONE},
	    {"a person forwards it as a file",
	        ANA "Subject: Fwd: Undelivered Mail Returned to Sender"
	        "\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
	        "My mail could not be delivered, see below.\r\n--b\r\n"
	        "Content-Type: message/rfc822\r\n\r\nFrom: MAILER-DAEMON\r\n\r\nx\r\n--b--\r\n",
	        AUTO_NONE},
	    {"mailer-daemon with nothing else", "From: mailer-daemon@example.org\r\n\r\nx\r\n",
	        AUTO_BOUNCE},
	    {"Auto-Submitted: no", ANA "Auto-Submitted: no\r\n\r\nhi\r\n", AUTO_NONE},
	    {"Exchange suppresses answers", ANA "X-Auto-Response-Suppress: All\r\n\r\nhi\r\n",
	        AUTO_NONE},
	    {"a person whose gateway leaves headers empty", ANA "X-Failed-Recipients:\r\n\r\n"
	        "hi\r\n", AUTO_NONE},
	    {"a person who answers nothing", ANA "Subject: Automatic reply: the text\r\n"
	        "In-Reply-To:\r\nReferences: \r\n\r\nSee below.\r\n", AUTO_NONE},
	    {"failed recipients", ANA "X-Failed-Recipients: ben@example.org\r\n\r\nx\r\n",
	        AUTO_BOUNCE},
	    {"a null path alone", ANA "Return-Path: <>\r\n\r\nx\r\n", AUTO_OTHER},
	    {"no header but the mail it answers", ANA "Subject: Automatic reply: plan\r\n"
	        "In-Reply-To: <a@example.org>\r\n\r\nI am back on Monday.\r\n", AUTO_REPLY},
	    {"the same in German", ANA "Subject: Automatische Antwort: Plan\r\n"
	        "In-Reply-To: <a@example.org>\r\n\r\nIch bin im Urlaub.\r\n", AUTO_VACATION},
	    {"the same in Japanese",
	        ANA "Subject: \xe8\x87\xaa\xe5\x8b\x95\xe5\xbf\x9c\xe7\xad\x94: x\r\n"
	        "References: <a@example.org>\r\n\r\nx\r\n", AUTO_REPLY},
	    {"Exchange's, suppressed", ANA "Subject: Out of Office: plan\r\n"
	        "X-Auto-Response-Suppress: All\r\nIn-Reply-To: <a@example.org>\r\n\r\n"
	        "Away.\r\n", AUTO_VACATION},
	    {"a person answers an automatic answer", ANA "Subject: Re: Automatic reply: plan\r\n"
	        "X-Auto-Response-Suppress: All\r\nIn-Reply-To: <a@example.org>\r\n\r\nEnjoy!\r\n",
	        AUTO_NONE},
	    {"a person on auto response times", ANA "Subject: Auto response times\r\n"
	        "X-Auto-Response-Suppress: DR\r\nIn-Reply-To: <a@example.org>\r\n\r\nslow\r\n",
	        AUTO_NONE},
	    {"a person will be away", ANA "Subject: Out of office tomorrow\r\n"
	        "X-Auto-Response-Suppress: DR\r\n\r\nBen covers.\r\n", AUTO_NONE},
	    {"a person wants a text", ANA "Subject: Autoreply: needs a new text\r\n\r\nplease\r\n",
	        AUTO_NONE},
	    {"a person who is postmaster", "From: Ben <postmaster@example.org>\r\n"
	        "Subject: Undeliverable parcel\r\n\r\nIt could not be delivered to Chi.\r\n",
	        AUTO_NONE},
	    {"a postmaster who looks for it", "From: Ben <postmaster@example.org>\r\n"
	        "Subject: Re: Undelivered Mail\r\nIn-Reply-To: <a@example.org>\r\n\r\n"
	        "<chi@example.com>: 550 5.1.1 user unknown\r\n", AUTO_NONE},
	    {"Exchange in Spanish, without its parts", "From: postmaster@example.com\r\n"
	        "Subject: No se puede entregar: hola\r\n\r\nchi@example.com\r\n"
	        "#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found\r\n", AUTO_BOUNCE},
	    {"Exchange Online in its own name", "From: "
	        "MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.com\r\n"
	        "Subject: Undeliverable: hi\r\n\r\nYour message to chi@example.com couldn't be "
	        "delivered.\r\n", AUTO_BOUNCE},
	    {"vacation", ANA "Auto-Submitted: auto-replied (vacation)\r\n\r\nI am on holiday\r\n",
	        AUTO_VACATION},
	    {"automatic answer", ANA "Auto-Submitted: auto-replied\r\n\r\nThanks.\r\n", AUTO_REPLY},
	    {"Exchange", ANA "Subject: Automatische Antwort: x\r\nX-Auto-Response-Suppress: All\r\n"
	        "auto-submitted: auto-generated\r\n\r\nbis Montag abwesend\r\n", AUTO_VACATION},
	    {"null path and subject", ANA "Subject: Automatic reply: x\r\nReturn-Path: <>\r\n\r\n",
	        AUTO_REPLY},
	    {"generated", ANA "Auto-Submitted: auto-generated\r\n\r\nx\r\n", AUTO_OTHER},
	    {"list", ANA "List-Id: <l.example.org>\r\n\r\nx\r\n", AUTO_LIST},
	    {"bulk", ANA "Precedence: bulk\r\n\r\nx\r\n", AUTO_BULK},
	    {"no-reply", "From: no-reply@example.org\r\n\r\nx\r\n", AUTO_OTHER},
	    {"our own", ANA "X-Tidings-Loop: 1\r\nAuto-Submitted: auto-replied\r\n\r\nx\r\n",
	        AUTO_LOOP},
	    {"report", REPORT("Final-Recipient: rfc822; ben@example.org\r\nAction: failed\r\n"),
	        AUTO_BOUNCE},
	    {"prose", "From: <>\r\nReturn-Path: <>\r\nSubject: failure notice\r\n\r\n"
	        "<ben@example.org>:\r\n550 no such user\r\n", AUTO_BOUNCE},
	    {"abuse", ANA "Content-Type: multipart/report; report-type=feedback-report; "
	        "boundary=b\r\n\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\n"
	        "Feedback-Type: abuse\r\n--b--\r\n", AUTO_REPORT},
	    {"receipt", ANA "Content-Type: multipart/report; report-type=disposition-notification;"
	        " boundary=b\r\n\r\n--b\r\n\r\nread\r\n--b--\r\n", AUTO_REPORT},
	    {"calendar answer", ANA "Content-Type: text/calendar; method=REPLY\r\n\r\n"
	        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n", AUTO_CALENDAR},
	    {"calendar question", ANA "Content-Type: text/calendar; method=REQUEST\r\n\r\n"
	        "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n", AUTO_NONE},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct reading *r = parse(arena, rows[i].mail);

		if (r->auto_kind != rows[i].kind)
			fail_msg("%s: kind %d (%s)", rows[i].name, (int)r->auto_kind,
			    r->auto_why);
		row_assert((r->auto_why != NULL) == (r->auto_kind != AUTO_NONE), rows[i].name);
	}
	arena_destroy(&arena);
}

#define STATUS                                                                                     \
	"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"              \
	"Final-Recipient: rfc822; ben@example.org\r\nAction: failed\r\n"
#define MIXED "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
#define NESTED(type, part)                                                                         \
	"Content-Type: multipart/report; report-type=" type "; boundary=c\r\n\r\n--c\r\n\r\n"     \
	"It could not be delivered.\r\n--c\r\n" part "\r\n--c--\r\n"

/* Whatever a person sends on, or writes about: without a sign of a program he is a person. */
static void
test_people(void **state)
{
	static const struct {
		const char *name, *mail;
	} rows[] = {
	    {"a report, sent on in parts", ANA "Subject: What is this?\r\n" MIXED
	        "Can you look?\r\n--b\r\n" STATUS "\r\n--b--\r\n"},
	    {"a report, sent on whole", ANA "Subject: What is this?\r\n" MIXED
	        "Can you look?\r\n--b\r\n" NESTED("delivery-status", STATUS) "--b--\r\n"},
	    {"a report of abuse, sent on", ANA "Subject: A complaint\r\n" MIXED
	        "Who was it?\r\n--b\r\n" NESTED("feedback-report",
	        "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\n")
	        "--b--\r\n"},
	    {"a receipt, sent on", ANA "Subject: read\r\n" MIXED "See.\r\n--b\r\n"
	        NESTED("disposition-notification", "\r\nread\r\n") "--b--\r\n"},
	    {"a returned mail as a file", ANA "Subject: Mail delivery to Ben fails\r\n" MIXED
	        "My mail could not be delivered. /block\r\n--b\r\n"
	        "Content-Type: message/rfc822\r\n\r\nFrom: MAILER-DAEMON\r\n\r\nx\r\n--b--\r\n"},
	    {"a notification, pasted", ANA "Subject: SES\r\n\r\n"
	        "{ \"notificationType\": \"Bounce\" }\r\nWhat shall we do?\r\n"},
	    {"a notification, pasted in a reply", ANA "Subject: Re: SES\r\n"
	        "In-Reply-To: <a@example.org>\r\n\r\n{\"notificationType\":\"Bounce\"}\r\n"},
	    {"postmaster with a path of his own", "From: Ben <postmaster@example.org>\r\n"
	        "Return-Path: <postmaster@example.org>\r\nSubject: the new server\r\n\r\n"
	        "is up\r\n"},
	    {"postmaster about a delivery", "From: Ben <postmaster@example.org>\r\n"
	        "Return-Path: <postmaster@example.org>\r\nSubject: Undeliverable parcel\r\n\r\n"
	        "It could not be delivered to Chi.\r\n"},
	    {"postmaster sends a report on", "From: Ben <postmaster@example.org>\r\n"
	        "Subject: Fwd: Undelivered\r\n" MIXED "Can you look?\r\n--b\r\n" STATUS
	        "\r\n--b--\r\n"},
	    {"an answer to an invitation as a file", ANA "Subject: what is this?\r\n" MIXED
	        "I found this file.\r\n--b\r\nContent-Type: text/calendar; name=a.ics\r\n"
	        "Content-Disposition: attachment; filename=a.ics\r\n\r\nBEGIN:VCALENDAR\r\n"
	        "METHOD:REPLY\r\nEND:VCALENDAR\r\n--b--\r\n"},
	    {"not automatic, and away", ANA "Auto-Submitted: no\r\n"
	        "Subject: Out of office on Friday\r\n\r\nBen covers.\r\n"},
	    {"Exchange suppresses, and away", ANA "X-Auto-Response-Suppress: All\r\n"
	        "Subject: Out of office: Friday\r\n\r\nBen covers.\r\n"},
	    {"Exchange suppresses, and away, in French", ANA "X-Auto-Response-Suppress: All\r\n"
	        "Subject: Absence du bureau vendredi\r\n\r\nBen me remplace.\r\n"},
	    {"Outlook suppresses in a thread", ANA "Subject: Out of office: Friday\r\n"
	        "X-Auto-Response-Suppress: DR, OOF, AutoReply\r\nIn-Reply-To: <a@example.org>\r\n"
	        "\r\nBen covers.\r\n"},
	    {"Exchange suppresses, on a wording", ANA "X-Auto-Response-Suppress: All\r\n"
	        "Subject: Auto-reply: the text is too long\r\n\r\nShorter?\r\n"},
	    {"an empty header", ANA "X-Autorespond:\r\nSubject: hi\r\n\r\nhi\r\n"},
	    {"another empty header", ANA "X-Autoreply: \r\nSubject: hi\r\n\r\nhi\r\n"},
	    {"headers that say no", ANA "X-Autoreply: 0\r\nX-Vacation: none\r\n\r\nhi\r\n"},
	    {"an empty list", ANA "List-Id:\r\nSubject: hi\r\n\r\nhi\r\n"},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct reading *r = parse(arena, rows[i].mail);

		if (r->auto_kind != AUTO_NONE)
			fail_msg("%s: kind %d (%s)", rows[i].name, (int)r->auto_kind,
			    r->auto_why);
	}
	arena_destroy(&arena);
}

/* Commands are read where the list is the address that the mail goes to, and nowhere else. */
static void
test_lists(void **state)
{
	static const struct {
		const char *name, *headers;
		size_t n_commands;
	} rows[] = {
	    {"a group's own address", "To: team@example.org\r\n"
	        "List-Id: The team <team.example.org>\r\nPrecedence: list\r\n", 1},
	    {"its case", "To: Team@Example.org\r\nList-ID: <team.example.ORG>\r\n", 1},
	    {"with a tag", "To: team+task@example.org\r\nList-Id: <team.example.org>\r\n", 1},
	    {"another list", "To: team@example.org\r\nList-Id: <dev.example.org>\r\n", 0},
	    {"a list of the same name", "To: team@example.org\r\nList-Id: <team.x.org>\r\n", 0},
	    {"no id", "To: team@example.org\r\nPrecedence: list\r\n", 0},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct reading *r = parse(arena, arena_printf(arena,
		    ANA "%sSubject: x\r\n\r\n/done #4\r\n", rows[i].headers));

		row_assert(r->auto_kind == AUTO_LIST, rows[i].name);
		row_assert(r->n_commands == rows[i].n_commands, rows[i].name);
	}
	arena_destroy(&arena);
}

/* The subject of an automatic answer in each language: a robot's with a sign, else a person's. */
static void
test_answers(void **state)
{
	static const char *const subjects[] = {
	    "Automatic reply: plan", "Automatische Antwort: Plan", "Abwesenheitsnotiz: Plan",
	    "Réponse automatique : plan", "Respuesta automática: plan",
	    "Resposta automática: plano", "Risposta automatica: piano",
	    "Automatisch antwoord: plan", "Automatische reactie: plan",
	    "Automatyczna odpowiedź: plan", "Autoodpowiedź: plan", "Odpowiedź automatyczna: plan",
	    "Automatisk svar: plan", "Autosvar: plan", "Automatiskt svar: plan",
	    "Automaattinen vastaus: plan", "Automatická odpověď: plán",
	    "Автоматический ответ: план", "Автоответ: план", "Автоматична відповідь: план",
	    "Otomatik yanıt: plan", "Otomatik cevap: plan", "自动答复: x", "自动回复：x", "自動回覆: x",
	    "自動応答: x", "自動返信: x", "자동 회신: x", "자동 응답: x",
	};
	static const struct {
		const char *header;
		bool robot;
	} rows[] = {
	    {"", false},
	    {"Auto-Submitted: no\r\n", false},
	    {"X-Auto-Response-Suppress: All\r\n", false},
	    {"In-Reply-To: <a@example.org>\r\n", true},
	    {"Auto-Submitted: auto-generated\r\n", true},
	    {"Return-Path: <>\r\n", true},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(subjects); i++)
		for (size_t k = 0; k < ARRAY_LEN(rows); k++) {
			struct reading *r = parse(arena, arena_printf(arena,
			    ANA "%sSubject: %s\r\n\r\nx\r\n", rows[k].header, subjects[i]));
			bool robot = r->auto_kind == AUTO_REPLY || r->auto_kind == AUTO_VACATION;

			if (robot != rows[k].robot || (!robot && r->auto_kind != AUTO_NONE))
				fail_msg("%s, %s: kind %d (%s)", subjects[i], rows[k].header,
				    (int)r->auto_kind, r->auto_why);
		}
	arena_destroy(&arena);
}

#define PROSE(lines)                                                                               \
	"From: MAILER-DAEMON@example.org\r\nReturn-Path: <>\r\nSubject: failure notice\r\n"        \
	"Content-Type: text/plain; charset=utf-8\r\n\r\n" lines

static void
test_bounces(void **state)
{
	static const struct {
		const char *name, *mail;
		size_t n;
		const char *recipient, *status, *action, *reason;
		bool hard;
	} rows[] = {
	    {"report", REPORT("Final-Recipient: rfc822; ben@example.org\r\nAction: failed\r\n"
	        "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 <ben@example.org>: User\r\n"
	        "  unknown\r\n"), 1, "ben@example.org", "5.1.1", "failed", "userunknown", true},
	    {"full", REPORT("Final-Recipient: rfc822;ben@example.org\r\nAction: failed\r\n"
	        "Status: 5.0.0\r\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full\r\n"), 1,
	        "ben@example.org", "5.2.2", "failed", "mailboxfull", false},
	    {"delayed", REPORT("Final-Recipient: rfc822;ben@example.org\r\nAction: delayed\r\n"
	        "Status: 4.4.1\r\n"), 1, "ben@example.org", "4.4.1", "delayed", "networkerror",
	        false},
	    {"delivered", REPORT("Final-Recipient: rfc822;ben@example.org\r\nAction: relayed\r\n"
	        "Status: 2.0.0\r\n"), 1, "ben@example.org", "2.0.0", "relayed", "delivered",
	        false},
	    {"two", REPORT("Final-Recipient: rfc822;ben@example.org\r\nAction: failed\r\n\r\n"
	        "Final-Recipient: rfc822;chi@example.org\r\nAction: failed\r\n"), 2,
	        "ben@example.org", "5.0.0", "failed", NULL, false},
	    {"prose", "From: MAILER-DAEMON@example.org\r\nReturn-Path: <>\r\n"
	        "Subject: failure notice\r\n\r\nSorry.\r\n\r\n<ben@example.org>:\r\n"
	        "Remote host said: 550 5.1.1 no such user here\r\n\r\n"
	        "--- Below this line is a copy of the message.\r\n\r\nFrom: ana@example.org\r\n",
	        1, "ben@example.org", "5.1.1", NULL, "userunknown", true},
	    {"a reason in the address", REPORT("Final-Recipient: rfc822;filtered@example.org\r\n"
	        "Action: failed\r\nDiagnostic-Code: smtp; 550 <filtered@example.org>: user "
	        "unknown\r\n"), 1, "filtered@example.org", "5.0.0", "failed", "userunknown", true},
	    {"codes before each address", PROSE("554 <ben@example.org>... 550 Host unknown\r\n"
	        "554-5.1.2 <chi@example.org>... 550 Host unknown\r\n"), 2, "ben@example.org",
	        "5.0.0", NULL, "hostunknown", true},
	    {"unknown after the mail was taken", PROSE("<ben@example.org>:\r\n>>> DATA\r\n"
	        "<<< 550 Unknown user ben@example.org\r\n"), 1, "ben@example.org", "5.0.0", NULL,
	        "filtered", false},
	    {"unknown behind the server", REPORT("Final-Recipient: rfc822;ben@example.org\r\n"
	        "Action: failed\r\nDiagnostic-Code: smtp; 5.3.0 - Other mail system problem "
	        "550-'Unknown user'\r\n"), 1, "ben@example.org", "5.3.0", "failed", "filtered",
	        false},
	    {"unknown, with an empty place for the address", REPORT("Final-Recipient: rfc822;"
	        "ben@example.org\r\nAction: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; 550 "
	        ": User unknown\r\n"), 1, "ben@example.org", "5.0.0", "failed", "filtered",
	        false},
	    {"the same behind a colon", PROSE("<ben@example.org>:\r\n550: : No such user\r\n"), 1,
	        "ben@example.org", "5.0.0", NULL, "filtered", false},
	    {"unknown behind a colon", PROSE("<ben@example.org>:\r\n550: No such user\r\n"), 1,
	        "ben@example.org", "5.0.0", NULL, "userunknown", true},
	    {"a policy, not the address", PROSE("<ben@example.org>:\r\n550 5.7.0 Recipient address "
	        "rejected: Policy violation\r\n"), 1, "ben@example.org", "5.7.0", NULL,
	        "policyviolation", false},
	    {"German", PROSE("<ben@example.org>:\r\nDer Benutzer existiert nicht.\r\n"), 1,
	        "ben@example.org", "5.0.0", NULL, "userunknown", true},
	    {"Japanese", PROSE("ben@example.org\r\nユーザーは見つかりません\r\n"), 1,
	        "ben@example.org", "5.0.0", NULL, "userunknown", true},
	    {"Spanish, full", PROSE("ben@example.org:\r\nEl buzón está lleno\r\n"), 1,
	        "ben@example.org", "5.0.0", NULL, "mailboxfull", false},
	    {"nobody named", "From: MAILER-DAEMON@example.org\r\nReturn-Path: <>\r\n"
	        "Subject: failure notice\r\n\r\nIt did not work out.\r\n", 1, NULL, "5.0.0", NULL,
	        "undefined", false},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct reading *r = parse(arena, rows[i].mail);
		struct reading_bounce *b = r->bounces;

		row_assert(r->n_bounces == rows[i].n, rows[i].name);
		row_assert(span_eq(span_of(b->recipient), span_of(rows[i].recipient)),
		    rows[i].name);
		row_assert(span_eq(span_of(b->action), span_of(rows[i].action)), rows[i].name);
		assert_string_equal(b->status, rows[i].status);
		if (rows[i].reason != NULL)
			assert_string_equal(b->reason, rows[i].reason);
		row_assert(rows[i].reason == NULL || b->hard == rows[i].hard, rows[i].name);
	}
	arena_destroy(&arena);
}

/* Which mail came back: as a part, as headers only, or in the text. */
static void
test_returned_id(void **state)
{
#define OURS "From: platform@example.org\r\nMessage-ID: <d7@example.org>\r\nSubject: x\r\n"
	static const struct {
		const char *name, *mail, *id;
	} rows[] = {
	    {"none", REPORT("Final-Recipient: rfc822; ben@example.org\r\n"), NULL},
	    {"whole", RETURN("message/rfc822", OURS "\r\nHi.\r\n"), "d7@example.org"},
	    {"headers", RETURN("text/rfc822-headers", OURS), "d7@example.org"},
	    {"no id", RETURN("text/rfc822-headers", "Subject: x\r\n"), NULL},
	    {"not an id", RETURN("text/rfc822-headers", "Message-ID: x y\r\n"), NULL},
	    {"in the text", PROSE("<ben@example.org>:\r\n550 5.1.1 no such user\r\n\r\n"
	        "--- Below this line is a copy of the message.\r\n\r\n" OURS), "d7@example.org"},
	    {"nothing in the text", PROSE("<ben@example.org>:\r\n550 no such user\r\n"), NULL},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct reading *r = parse(arena, rows[i].mail);

		row_assert(r->auto_kind == AUTO_BOUNCE, rows[i].name);
		row_assert(span_eq(span_of(r->returned_id), span_of(rows[i].id)), rows[i].name);
	}
	arena_destroy(&arena);
}

#define EVENT(lines)                                                                               \
	"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:u1\r\nDTSTAMP:20260101T000000Z"  \
	"\r\n" lines "END:VEVENT\r\nEND:VCALENDAR\r\n"

/* The same with a zone of its own, as old Outlook writes it. */
#define OWN(rules, lines)                                                                          \
	"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VTIMEZONE\r\nTZID:Own\r\n" rules               \
	"END:VTIMEZONE\r\nBEGIN:VEVENT\r\nUID:u1\r\n" lines "END:VEVENT\r\nEND:VCALENDAR\r\n"
#define STANDARD(start, from, to, rule)                                                            \
	"BEGIN:STANDARD\r\nDTSTART:" start "\r\nTZOFFSETFROM:" from "\r\nTZOFFSETTO:" to "\r\n"  \
	rule "END:STANDARD\r\n"
#define DAYLIGHT(start, from, to, rule)                                                            \
	"BEGIN:DAYLIGHT\r\nDTSTART:" start "\r\nTZOFFSETFROM:" from "\r\nTZOFFSETTO:" to "\r\n"  \
	rule "END:DAYLIGHT\r\n"
#define CENTRAL                                                                                    \
	STANDARD("16010101T030000", "+0200", "+0100",                                              \
	    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\n")                                         \
	DAYLIGHT("16010101T020000", "+0100", "+0200", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\n")
#define EASTERN                                                                                    \
	STANDARD("20071104T020000", "-0400", "-0500",                                            \
	    "RRULE:FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=1,2,3,4,5,6,7;BYDAY=SU\r\n")               \
	DAYLIGHT("20070311T020000", "-0500", "-0400", "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\n")

static struct reading_event *
event(struct arena *arena, const char *ics, size_t wanted)
{
	struct itip_events events = {0};

	itip_read(arena, span_of(ics), NULL, "Europe/Berlin", 262144, &events);
	assert_int_equal(events.n, wanted);
	return events.items;
}

static void
test_times(void **state)
{
	static const struct {
		const char *name, *ics;
		int64_t start, end;
		const char *zone, *rule;
		bool all_day, error;
	} rows[] = {
	    {"UTC", EVENT("DTSTART:20261106T090000Z\r\nDTEND:20261106T100000Z\r\n"), 1793955600,
	        1793959200, NULL, NULL, false, false},
	    {"zone", EVENT("DTSTART;TZID=Europe/Berlin:20261106T100000\r\nDURATION:PT1H\r\n"),
	        1793955600, 1793959200, "Europe/Berlin", NULL, false, false},
	    {"Windows zone", EVENT("DTSTART;TZID=W. Europe Standard Time:20261106T100000\r\n"),
	        1793955600, 1793955600, "Europe/Berlin", NULL, false, false},
	    {"vendor's zone",
	        EVENT("DTSTART;TZID=/example.org/1/Europe/Berlin:20261106T100000\r\n"),
	        1793955600, 1793955600, "Europe/Berlin", NULL, false, false},
	    {"floating", EVENT("DTSTART:20261106T100000\r\n"), 1793955600, 1793955600, NULL, NULL,
	        false, false},
	    {"whole day", EVENT("DTSTART;VALUE=DATE:20261106\r\n"), 1793923200, 1794009600, NULL,
	        NULL, true, false},
	    {"gap", EVENT("DTSTART;TZID=Europe/Berlin:20260329T023000\r\n"), 1774747800, 1774747800,
	        "Europe/Berlin", NULL, false, false},
	    {"overlap", EVENT("DTSTART;TZID=Europe/Berlin:20261025T023000\r\n"), 1792888200,
	        1792888200, "Europe/Berlin", NULL, false, false},
	    {"rule", EVENT("DTSTART:20261106T090000Z\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\n"), 1793955600,
	        1793955600, NULL, "FREQ=WEEKLY;COUNT=4", false, false},
	    {"every second", EVENT("DTSTART:20261106T090000Z\r\n"
	        "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\r\n"), 1793955600, 1793955600, NULL,
	        NULL, false, true},
	    {"unknown zone", EVENT("DTSTART;TZID=Nowhere:20261106T090000\r\n"), 1793955600,
	        1793955600, NULL, NULL, false, true},
	    {"own zone, summer", OWN(CENTRAL, "DTSTART;TZID=Own:20261014T120000\r\n"), 1791972000,
	        1791972000, NULL, NULL, false, true},
	    {"own zone, winter", OWN(CENTRAL, "DTSTART;TZID=Own:20261106T100000\r\n"), 1793955600,
	        1793955600, NULL, NULL, false, true},
	    {"own zone, January", OWN(CENTRAL, "DTSTART;TZID=Own:20260114T100000\r\n"), 1768381200,
	        1768381200, NULL, NULL, false, true},
	    {"own zone, the day before", OWN(EASTERN, "DTSTART;TZID=Own:20261031T100000\r\n"),
	        1793455200, 1793455200, NULL, NULL, false, true},
	    {"own zone, the day of it", OWN(EASTERN, "DTSTART;TZID=Own:20261101T100000\r\n"),
	        1793545200, 1793545200, NULL, NULL, false, true},
	    {"own zone, once", OWN(STANDARD("20261025T030000", "+0200", "+0100", "")
	        DAYLIGHT("20260329T020000", "+0100", "+0200", ""),
	        "DTSTART;TZID=Own:20261014T120000\r\n"), 1791972000, 1791972000, NULL, NULL, false,
	        true},
	    {"own zone, every second", OWN(STANDARD("20260101T000000", "+0100", "+0100",
	        "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\r\n"),
	        "DTSTART;TZID=Own:20261106T100000\r\n"), 1793955600, 1793955600, NULL, NULL, false,
	        true},
	    {"as Windows shows it", EVENT("DTSTART;TZID=\"(UTC+01:00) Amsterdam, Berlin, Bern\":"
	        "20261106T100000\r\n"), 1793955600, 1793955600, "Europe/Amsterdam", NULL, false,
	        false},
	    {"as Windows shows another",
	        EVENT("DTSTART;TZID=\"(UTC-05:00) Eastern Time (US & Canada)"
	        "\":20261106T040000\r\n"), 1793955600, 1793955600, "America/New_York", NULL, false,
	        false},
	    {"no start", EVENT("SUMMARY:x\r\n"), 0, 0, NULL, NULL, false, true},
	    {"no such day", EVENT("DTSTART:20261131T090000Z\r\n"), 0, 0, NULL, NULL, false, true},
	    {"backwards", EVENT("DTSTART:20261106T090000Z\r\nDTEND:20261105T090000Z\r\n"),
	        1793955600, 1793955600, NULL, NULL, false, true},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct reading_event *e = event(arena, rows[i].ics, 1);

		if (e->start != rows[i].start || e->end != rows[i].end)
			fail_msg("%s: %lld %lld", rows[i].name, (long long)e->start,
			    (long long)e->end);
		row_assert(span_eq(span_of(e->zone), span_of(rows[i].zone)), rows[i].name);
		row_assert(span_eq(span_of(e->rule), span_of(rows[i].rule)), rows[i].name);
		row_assert(e->all_day == rows[i].all_day, rows[i].name);
		row_assert((e->error != NULL) == rows[i].error, rows[i].name);
	}
	arena_destroy(&arena);
}

static void
test_event(void **state)
{
	struct arena *arena = arena_create();
	struct reading_event *e = event(arena,
	    EVENT("DTSTART:20261106T090000Z\r\nSEQUENCE:3\r\nSUMMARY:a\\, b\\nc\r\n"
	          "RECURRENCE-ID;TZID=Europe/Berlin:20261106T100000\r\nSTATUS:CONFIRMED\r\n"
	          "ORGANIZER;CN=\"Ana, the first\":MAILTO:ana@Example.org\r\n"
	          "ATTENDEE;PARTSTAT=accepted;CN=Ben;SENT-BY=\"mailto:chi@example.org\":"
	          "mailto:ben@\r\n"
	          " example.org\r\nATTENDEE:urn:x\r\n"
	          "DESCRIPTION:Join: <https://example.org/x> "
	          "https://meet.google.com/abc-def\\nx\\\r\n"),
	    1);

	assert_string_equal(e->method, "REQUEST");
	assert_string_equal(e->uid, "u1");
	assert_int_equal(e->sequence, 3);
	assert_string_equal(e->summary, "a, b c");
	assert_string_equal(e->recurrence_id, "20261106T090000Z");
	assert_string_equal(e->organizer, "ana@example.org");
	assert_string_equal(e->status, "CONFIRMED");
	assert_int_equal(e->n_attendees, 2);
	assert_string_equal(e->attendees[0].address, "ben@example.org");
	assert_string_equal(e->attendees[0].partstat, "ACCEPTED");
	assert_string_equal(e->attendees[0].sent_by, "chi@example.org");
	assert_null(e->attendees[1].address);
	assert_string_equal(e->conference, "https://meet.google.com/abc-def");
	arena_destroy(&arena);
}

/* What is refused before libical sees it. */
static void
test_calendar_limits(void **state)
{
	struct arena *arena = arena_create();
	struct itip_events events = {0};
	struct buf ics;

	buf_init(&ics, 1 << 20);
	for (int i = 0; i < 20000; i++)
		buf_puts(&ics, "BEGIN:A\n");
	itip_read(arena, buf_span(&ics), NULL, NULL, 262144, &events);
	assert_non_null(strstr(events.items[0].error, "nested"));
	buf_clear(&ics);
	for (int i = 0; i < 10000; i++)
		buf_puts(&ics, "BEGIN:A\nEND:A\n");
	itip_read(arena, buf_span(&ics), NULL, NULL, 262144, &events);
	assert_non_null(strstr(events.items[1].error, "too many"));
	itip_read(arena, buf_span(&ics), NULL, NULL, 1000, &events);
	assert_non_null(strstr(events.items[2].error, "too large"));
	itip_read(arena, SPAN("hello"), NULL, NULL, 1000, &events);
	assert_non_null(strstr(events.items[3].error, "no calendar"));
	buf_release(&ics);
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_people),
	    cmocka_unit_test(test_lists),
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_bounces),
	    cmocka_unit_test(test_returned_id),
	    cmocka_unit_test(test_times),
	    cmocka_unit_test(test_event),
	    cmocka_unit_test(test_calendar_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
