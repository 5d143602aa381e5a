/* SPDX-License-Identifier: ISC */
/* robot: see robot.h. The first row of each table that fits decides. */
#include "config.h"

#include "parsers/robot.h"

#include <string.h>

#define TEXT_LOOKED_AT 2000

static bool
has_any(struct span text, const char *const *phrases)
{
	for (; *phrases != NULL; phrases++)
		if (span_ifind(text, span_of(*phrases)) < text.len)
			return true;
	return false;
}

/* Some gateways leave a field in every mail, and its value empty. */
static bool
says(const struct header_list *headers, const char *name)
{
	return header_get(headers, name).len > 0;
}

/* Local parts that belong to mail systems. */
static bool
is_daemon(const char *address)
{
	static const char *const names[] = {"mailer-daemon", "mailerdaemon", "postmaster",
	    "poostmaster", "post_master", "mail.delivery.system", "mail-daemon", "maildaemon"};
	struct span local = span_of(address);

	local = span_first(local, span_find_byte(local, '@'));
	if (span_istarts(local, SPAN("microsoftexchange")) && local.len > 40)
		return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_iis(local, names[i]))
			return true;
	return false;
}

/* From as a mail system writes it: also "MAILER-DAEMON" and "<>", which are no addresses. */
static bool
from_daemon(const struct header_list *headers, const struct reading_message *m)
{
	struct span raw = header_get(headers, "From");

	if (m->from != NULL)
		return is_daemon(m->from);
	return header_has(headers, "From") &&
	    (raw.len == 0 || span_find(raw, SPAN("<>")) < raw.len ||
		span_ifind(raw, SPAN("mailer-daemon")) < raw.len ||
		span_ifind(raw, SPAN("postmaster")) < raw.len);
}

/* postmaster@ is a person's in many a small house: it must not stand for the null path. */
static bool
null_path(const struct reading_message *m)
{
	return m->return_path != NULL && (*m->return_path == '\0' ||
	    (is_daemon(m->return_path) && !span_istarts(span_of(m->return_path),
		SPAN("postmaster@"))));
}

static bool
bounce_subject(const struct reading_message *m)
{
	static const char *const phrases[] = {"undeliver", "delivery status notification",
	    "delivery failure", "delivery failed", "delivery has failed", "failure notice",
	    "mail delivery", "returned mail", "returned to sender", "returning message",
	    "non-delivery", "nondeliverable", "delivery notification", "delivery error",
	    "mail system error", "could not be delivered", "message not delivered",
	    "delivery problem", "delivery report", "unable to deliver", "message status",
	    "not deliver", "warning: message", "delayed mail", "unzustellbar", "unzustellbarkeit",
	    "\xD0\xBD\xD0\xB5 \xD0\xB4\xD0\xBE\xD1\x81\xD1\x82\xD0\xB0\xD0\xB2",
	    "delivery delayed", "see transcript", "mail failure", "user unknown", "rejected mail",
	    "bounce", "delivery incomplete", "mail failed", "returning to sender",
	    "delivery has been delayed",
	    /* as Exchange and others translate it */
	    "non remis", "non distribu", "chec de la remise", "no se puede entregar",
	    "no se pudo entregar", "no entregado", "mancata consegna", "non recapitabile",
	    "impossibile recapitare", "o entregue", "falha na entrega", "vel entregar",
	    "onbestelbaar", "niet bezorgd", "niedostarcz", "kunde inte levereras", "olevererbar",
	    "kan ikke leveres", "ei voi toimittaa", "nedoru\xC4\x8Diteln", "teslim edilemedi",
	    "\xD0\xB5\xD0\xB4\xD0\xBE\xD1\x81\xD1\x82\xD0\xB0\xD0\xB2\xD0\xBB\xD0\xB5\xD0\xBD",
	    "\xE9\x85\x8D\xE4\xBF\xA1\xE4\xB8\x8D", "\xE6\x97\xA0\xE6\xB3\x95\xE9\x80\x81",
	    "\xE6\x9C\xAA\xE9\x80\x81\xE8\xBE\xBE", "\xE7\x84\xA1\xE6\xB3\x95\xE5\x82\xB3",
	    "\xEB\xB0\xB0\xEB\x8B\xAC", NULL};

	return m->subject != NULL && has_any(span_of(m->subject), phrases);
}

static bool
bounce_text(struct span body)
{
	static const char *const phrases[] = {"could not be delivered", "undeliver",
	    "delivery failed", "delivery to the following", "unable to deliver",
	    "wasn't delivered", "permanent fatal error", "delivery attempt", "was not delivered",
	    "not be delivered", "user unknown", "permanent error", "returned to sender",
	    "failed to deliver", "did not reach", "mailbox full", "unknown user",
	    "delivery failure", "could not deliver", "couldn't be delivered", "no such user",
	    "invalid user", "no valid recipients", "failed addresses", NULL};

	return has_any(span_first(body, TEXT_LOOKED_AT), phrases);
}

/* Amazon's service reports on mail as JSON in a text part. */
static bool
is_notification(struct span body)
{
	body = span_trim(body);
	return span_starts(body, SPAN("{")) &&
	    has_any(span_first(body, TEXT_LOOKED_AT), (const char *[]){"notificationType", NULL});
}

/* As programs put it before the subject, in both cases where the letters are not ASCII. */
static const char *const auto_prefixes[] = {"automatic reply", "auto reply", "auto-reply",
    "autoreply", "auto response", "autoresponse", "out of office autoreply",
    "automatische antwort", "abwesenheitsnotiz", "réponse automatique", "respuesta automática",
    "resposta automática", "risposta automatica", "automatisch antwoord",
    "automatische reactie", "autosvar", "automatiskt svar", "automatisk svar",
    "automaattinen vastaus", "automatyczna odpowiedź", "odpowiedź automatyczna",
    "autoodpowiedź", "automatická odpověď", "otomatik yanıt", "otomatik cevap",
    "Автоматический ответ", "автоматический ответ", "Автоответ", "автоответ",
    "Автоматична відповідь", "автоматична відповідь", "Автовідповідь", "автовідповідь",
    "自動応答", "自動返信", "自动回复", "自动答复", "自動回覆", "자동 회신", "자동 응답", "자동회신",
    "자동응답", NULL};

/* What a program's subject holds, where other signs say already that it is one. */
static bool
auto_subject(const struct reading_message *m)
{
	static const char *const phrases[] = {"out of office", "out of the office",
	    "away from my mail", "vacation reply", "abwesenheit", "absence du bureau",
	    "absent du bureau", "fuera de la oficina", "ausente do escritório",
	    "fora do escritório", "fuori sede", "fuori ufficio", "afwezig", "poza biurem",
	    "nieobecno", "ikke til stede", "ikke på kontoret", "fravær", "frånvaro",
	    "inte på kontoret", "poissa", "mimo kancelář", "нет на месте", "вне офиса",
	    "отсутств", "відсутн", "поза офісом", "ofis dışı", "外出", "不在", "부재", NULL};

	return m->subject != NULL && (has_any(span_of(m->subject), auto_prefixes) ||
	    has_any(span_of(m->subject), phrases));
}

/* "Automatic reply: plan"; people write such words in a sentence. */
static bool
auto_prefix(const struct reading_message *m)
{
	struct span subject = span_trim(span_of(m->subject));

	if (span_starts(subject, SPAN("[")))
		subject = span_skip(subject, 1);
	for (size_t i = 0; auto_prefixes[i] != NULL; i++) {
		struct span rest = span_skip(subject, strlen(auto_prefixes[i]));

		rest = span_trim(rest);
		if (span_istarts(rest, SPAN("\xc2\xa0")))
			rest = span_skip(rest, 2);
		if (span_istarts(subject, span_of(auto_prefixes[i])) &&
		    (rest.len == 0 || *rest.ptr == ':' || *rest.ptr == ']' ||
			span_starts(rest, SPAN("\xEF\xBC\x9A"))))
			return true;
	}
	return false;
}

/* As older Exchange writes it, with a header that it puts into all mails of that kind. */
static bool
away_prefix(const struct header_list *headers, const struct reading_message *m)
{
	static const char *const away[] = {"out of office:", "out of the office:",
	    "absence du bureau:", "absence du bureau :", "fuera de la oficina:", "fuori sede:",
	    "afwezig:", "abwesend:"};

	if (!span_iis(header_word(header_get(headers, "X-Auto-Response-Suppress")), "all"))
		return false;
	for (size_t i = 0; i < sizeof away / sizeof *away; i++)
		if (span_istarts(span_of(m->subject), span_of(away[i])))
			return true;
	return false;
}

/* RFC 3834, section 5: any value but "no". */
static bool
is_submitted(const struct header_list *headers)
{
	struct span submitted = header_word(header_get(headers, "Auto-Submitted"));

	return submitted.len > 0 && !span_iis(submitted, "no");
}

/* A program's subject, and what people's mail does not have with it: a header that programs set,
 * or the mail that it answers, which people answer with "Re:". */
static bool
is_auto_reply(const struct header_list *headers, const struct reading_message *m, bool path)
{
	if (m->subject == NULL)
		return false;
	if (path || is_submitted(headers))
		return auto_subject(m);
	return (says(headers, "In-Reply-To") || says(headers, "References")) &&
	    (auto_prefix(m) || away_prefix(headers, m));
}

static bool
from_named(const struct reading_message *m, const char *local)
{
	struct span from = span_of(m->from);

	return span_iis(span_first(from, span_find_byte(from, '@')), local);
}

/* A person sends a bounce on, or answers one. */
static bool
is_passed_on(const struct header_list *headers, const struct reading_message *m)
{
	static const char *const prefixes[] = {"re:", "fwd:", "fw:", "aw:", "wg:", "tr:", "rv:",
	    "enc:", "sv:", "vs:", "i:", "r:", "antw:", "doorst:", "pd:", "odp:"};
	struct span subject = span_of(m->subject);

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
		if (span_istarts(subject, span_of(prefixes[i])))
			return true;
	return header_has(headers, "User-Agent") || header_has(headers, "In-Reply-To");
}

/* From postmaster@, where people write as well: a program's subject and words, and an address. */
static bool
is_failure(const struct header_list *headers, const struct reading_message *m,
    const struct mime *mime)
{
	struct span text = span_first(mime->body, TEXT_LOOKED_AT);

	if (m->from == NULL || !from_named(m, "postmaster"))
		return bounce_subject(m) || bounce_text(text);
	return bounce_subject(m) && !is_passed_on(headers, m) &&
	    (mime->original.len > 0 || span_find_byte(text, '@') < text.len);
}

/* RFC 6522: the report is the whole mail, and not a part that somebody sends on. */
static bool
is_report(const struct header_list *headers)
{
	return span_iis(header_word(header_get(headers, "Content-Type")), "multipart/report");
}

static bool
is_no_reply(const char *from)
{
	static const char *const names[] = {"no-reply", "noreply", "no_reply", "do-not-reply",
	    "donotreply", "do_not_reply", "mailer-daemon", NULL};
	struct span local = span_of(from);

	local = span_first(local, span_find_byte(local, '@'));
	for (size_t i = 0; names[i] != NULL; i++)
		if (span_istarts(local, span_of(names[i])))
			return true;
	return false;
}

/*
 * What no mail of a person has. A report, a returned mail or the words of one may stand in a
 * person's mail as well, sent on or asked about.
 */
static bool
is_programs(const struct header_list *headers, const struct reading_message *m)
{
	bool sent_on = m->from != NULL && from_named(m, "postmaster") && is_passed_on(headers, m);

	return null_path(m) || is_submitted(headers) || is_report(headers) ||
	    (from_daemon(headers, m) && !sent_on) ||
	    says(headers, "X-Failed-Recipients") ||
	    (m->from != NULL && is_no_reply(m->from));
}

/* A delivery failure, by RFC 3464 or the older ways. */
static const char *
bounce_why(const struct header_list *headers, const struct reading_message *m,
    const struct mime *mime)
{
	bool path = null_path(m), from = from_daemon(headers, m);

	if (!is_programs(headers, m))
		return NULL;
	if (mime->delivery.len > 0)
		return "message/delivery-status";
	if (is_notification(mime->body))
		return "notificationType";
	if (mime->report_type != NULL && strcmp(mime->report_type, "delivery-status") == 0)
		return "report-type=delivery-status";
	if (says(headers, "X-Failed-Recipients"))
		return "X-Failed-Recipients";
	if (from_named(m, "mailer-daemon") || from_named(m, "mailerdaemon"))
		return "From of a mail system";
	if (from && (path || is_failure(headers, m, mime)))
		return "From of a mail system";
	if (path && bounce_subject(m))
		return "null Return-Path";
	if (path && mime->original.len > 0 && bounce_text(mime->body))
		return "null Return-Path with a returned message";
	if (path && bounce_text(mime->body) && !auto_subject(m))
		return "null Return-Path, words of a failure";
	/* Some gateways answer in their own name, but always with the mail they refuse. */
	if (mime->original.len > 0 && bounce_subject(m) && bounce_text(mime->body) &&
	    !is_passed_on(headers, m))
		return "returned message";
	return NULL;
}

static bool
vacation_words(const struct reading_message *m, struct span body)
{
	static const char *const phrases[] = {"out of office", "out of the office", "vacation",
	    "on holiday", "on leave", "away from", "abwesen", "urlaub", "nicht im b\xC3\xBCro",
	    "absence", "absent", "en vacances", "fuera de la oficina", "vacaciones", "ausente",
	    "fora do escrit\xC3\xB3rio", "f\xC3\xA9rias", "fuori sede", "ferie", "afwezig",
	    "vakantie", "urlop", "semester", "ferie", "loma",
	    "\xD0\xBE\xD1\x82\xD0\xBF\xD1\x83\xD1\x81\xD0\xBA",
	    "\xE4\xBC\x91\xE5\x81\x87", "\xE4\xB8\x8D\xE5\x9C\xA8", NULL};

	return (m->subject != NULL && has_any(span_of(m->subject), phrases)) ||
	    has_any(span_first(body, TEXT_LOOKED_AT), phrases);
}

static enum auto_kind
reply_kind(const struct reading_message *m, const struct mime *mime)
{
	return vacation_words(m, mime->body) ? AUTO_VACATION : AUTO_REPLY;
}

/* Headers that only programs set, with the kind they mean. */
struct header_rule {
	const char *name;
	const char *value; /* word at its beginning; NULL for any */
	enum auto_kind kind;
};

static const struct header_rule rules[] = {
    {"Auto-Submitted", "auto-replied", AUTO_REPLY},
    {"X-Autoreply", NULL, AUTO_REPLY},
    {"X-Autorespond", NULL, AUTO_REPLY},
    {"X-Autoreply-From", NULL, AUTO_REPLY},
    {"X-Mail-Autoreply", NULL, AUTO_REPLY},
    {"X-Autoresponder", NULL, AUTO_REPLY},
    {"X-Autogenerated", "reply", AUTO_REPLY},
    {"Precedence", "auto_reply", AUTO_REPLY},
    {"Precedence", "auto-reply", AUTO_REPLY},
    {"X-Precedence", "auto_reply", AUTO_REPLY},
    {"X-POST-MessageClass", "9", AUTO_REPLY},
    {"Delivered-To", "Autoresponder", AUTO_REPLY},
    {"X-Mailer", "vacation", AUTO_VACATION},
    {"X-Vacation", NULL, AUTO_VACATION},
};

static const struct header_rule late_rules[] = {
    {"List-Id", NULL, AUTO_LIST},
    {"List-Post", NULL, AUTO_LIST},
    {"Mailing-List", NULL, AUTO_LIST},
    {"X-Mailing-List", NULL, AUTO_LIST},
    {"Precedence", "list", AUTO_LIST},
    {"Precedence", "bulk", AUTO_BULK},
    {"Precedence", "junk", AUTO_BULK},
    {"List-Unsubscribe", NULL, AUTO_BULK},
    {"X-Autogenerated", NULL, AUTO_OTHER},
};

static bool
rule_fits(const struct header_rule *rule, const struct header_list *headers)
{
	static const char *const noes[] = {"no", "false", "none", "0"};
	struct span value = header_word(header_get(headers, rule->name));

	for (size_t i = 0; i < sizeof noes / sizeof *noes; i++)
		if (span_iis(value, noes[i]))
			return false;
	if (rule->value == NULL)
		return header_get(headers, rule->name).len > 0;
	return value.len > 0 && span_istarts(value, span_of(rule->value));
}

static const struct header_rule *
find_rule(const struct header_rule *table, size_t n, const struct header_list *headers)
{
	for (size_t i = 0; i < n; i++)
		if (rule_fits(&table[i], headers))
			return &table[i];
	return NULL;
}

static bool
is_calendar_answer(const struct mime *mime)
{
	for (size_t i = 0; i < mime->n_calendars; i++) {
		const struct mime_calendar *c = &mime->calendars[i];

		if (c->method != NULL && (span_iis(span_of(c->method), "reply") ||
		    span_iis(span_of(c->method), "counter")))
			return true;
		/* without the parameter it may be a file that somebody sends on */
		if (c->method == NULL && span_trim(mime->body).len == 0 &&
		    span_find(c->ics, SPAN("\nMETHOD:REPLY")) < c->ics.len)
			return true;
	}
	return false;
}

/* Reports on mail that are no bounces: abuse, authentication failures, receipts. */
static const char *
report_why(const struct header_list *headers, const struct reading_message *m,
    const struct mime *mime)
{
	if (!is_programs(headers, m))
		return NULL;
	if (mime->feedback.len > 0)
		return "message/feedback-report";
	if (mime->report_type != NULL &&
	    strcmp(mime->report_type, "disposition-notification") == 0)
		return "report-type=disposition-notification";
	return NULL;
}

enum auto_kind
robot_classify(const struct header_list *headers, const struct reading_message *message,
    const struct mime *mime, const char **why_r)
{
	const struct header_rule *rule;

	if (header_has(headers, "X-Tidings-Loop"))
		return *why_r = "X-Tidings-Loop", AUTO_LOOP;
	if ((*why_r = report_why(headers, message, mime)) != NULL)
		return AUTO_REPORT;
	if ((*why_r = bounce_why(headers, message, mime)) != NULL)
		return AUTO_BOUNCE;
	rule = find_rule(rules, sizeof rules / sizeof *rules, headers);
	if (rule != NULL) {
		*why_r = rule->name;
		return rule->kind == AUTO_REPLY ? reply_kind(message, mime) : rule->kind;
	}
	if (is_auto_reply(headers, message, null_path(message)))
		return *why_r = "Subject of an automatic reply", reply_kind(message, mime);
	if (is_calendar_answer(mime))
		return *why_r = "METHOD:REPLY", AUTO_CALENDAR;
	if (is_submitted(headers))
		return *why_r = "Auto-Submitted", AUTO_OTHER;
	rule = find_rule(late_rules, sizeof late_rules / sizeof *late_rules, headers);
	if (rule != NULL)
		return *why_r = rule->name, rule->kind;
	if (message->from != NULL && is_no_reply(message->from))
		return *why_r = "From", AUTO_OTHER;
	if (message->return_path != NULL && *message->return_path == '\0')
		return *why_r = "null Return-Path", AUTO_OTHER;
	return *why_r = NULL, AUTO_NONE;
}

bool
robot_is_list(const struct reading_message *message, const char *address)
{
	struct span id = span_of(message->list_id), whole = span_of(address);
	size_t at = span_find_byte(whole, '@');

	return id.len > 0 && id.len == whole.len && at < whole.len && id.ptr[at] == '.' &&
	    span_ieq(span_first(id, at), span_first(whole, at)) &&
	    span_ieq(span_skip(id, at + 1), span_skip(whole, at + 1));
}
