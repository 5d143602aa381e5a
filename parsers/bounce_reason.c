/* SPDX-License-Identifier: ISC */
/*
 * bounce_reason: what a mail system's words mean. Rows are tried in order, the special before
 * the general: "domain not found" must not count as "not found". Where no words are known, the
 * enhanced status code (RFC 3463) decides, then the reply code.
 */
#include "config.h"

#include "parsers/bounce.h"

struct row {
	const char *reason;
	const char *phrases[48];
};

static const struct row rows[] = {
    {"userunknown", {"recipient address rejected: access denied", "recipient address rejected. ("}},
    {"rejected", {"after mail from:", "may not have permission", "in reply to mail from"}},
    {"blocked", {"my name was rejected"}},
    {"networkerror", {"not found, try again", "try again later: dns"}},
    {"hostunknown", {"find a mail exchanger or ip address"}},
    {"policyviolation",
	{"rejected: policy", "policy violation", "policy reasons", "violates policy"}},
    {"hasmoved",
	{"has moved", "address has been changed", "has been replaced by", "recipient has moved",
	    "address changed", "is no longer in use, please", "user moved", "no longer on server"}},
    {"notaccept", {"does not accept mail", "doesn't accept mail", "nullmx", "null mx",
		      "does not receive mail", "not accept any mail", "host does not accept",
		      "no incoming mail", "does not accept email"}},
    {"requireptr", {"reverse dns", "ptr record", "no ptr", "rdns", "find your hostname",
		       "find your reverse hostname", "reverse hostname", "reverse lookup",
		       "dns ptr", "pointer record", "reverse-dns", "no reverse"}},
    {"authfailure",
	{"dmarc", "spf check", "sender policy framework", "spf fail", "dkim", "not designated",
	    "spf record", "authentication requirements", "unauthenticated email", "spf (sender",
	    "spf validation", "failed spf", "authentication checks"}},
    {"norelaying",
	{"relaying denied", "relay access denied", "relay not permitted", "relaying not",
	    "unable to relay", "not permitted to relay", "relay denied", "relaying prohibited",
	    "not a relay", "relaying is", "cannot relay", "no relaying"}},
    {"virusdetected", {"virus", "malware", "infected"}},
    {"spamdetected",
	{"as spam", "considered spam", "spam message", "spam content", "is spam", "spam detected",
	    "looks like spam", "spamassassin", "spam score", "unsolicited", "appears to be spam",
	    "spam filter", "spam-like", "high on spam scale", "spam)", "message contains spam",
	    "spam mail", "likely spam"}},
    {"badreputation", {"reputation"}},
    {"mesgtoobig",
	{"length exceeds", "message too large", "message too big", "message size", "size limit",
	    "exceeds maximum", "message exceeds", "file too big", "too large for",
	    "exceeded maximum", "maximum size", "message is too large", "larger than the"}},
    {"toomanyconn", {"too many connections", "too many concurrent", "connection rate",
			"too many sessions", "max number of connections"}},
    {"mailboxfull",
	{"mailbox full", "mailbox is full", "over quota", "quota exceeded", "exceeded quota",
	    "exceeds quota", "overquota", "out of storage", "storage allocation", "disk quota",
	    "exceeded its quota", "quota violation", "account is full", "full mailbox",
	    "insufficient storage", "not enough space", "mailbox size", "over the maximum allowed",
	    "exceeded storage", "over its disk quota", "exceeded the space", "inbox is full",
	    "user is over", "mailbox has exceeded", "quotaexceeded", "mbox full", "no room in",
	    "quota limit", "over the allowed quota", "box is full", "receiving mail at a rate",
	    "mail quota", "disk space", "space limit", "enough storage", "too much data",
	    "mailbox of"}},
    {"hostunknown",
	{"host unknown", "unknown host", "domain not found", "no such domain",
	    "domain name not found", "unknown domain", "host not found", "domain does not exist",
	    "any host named", "nxdomain", "domain name not", "mail domain", "illegal host",
	    "illegal domain", "invalid domain", "bad destination system", "unrouteable address",
	    "non-existent hosts", "domain must exist", "name service error", "server not found",
	    "no mail exchanger", "name or service not known", "address lookup failure",
	    "unroutable", "no mx", "domain unknown", "domain isn't", "dns error", "dns domain",
	    "dns lookup failure", "couldn't be found or is unable to receive", "unresolvable"}},
    {"suspend", {"suspended", "account disabled", "account has been disabled", "is disabled",
		    "disabled account", "inactive", "not active", "account locked",
		    "temporarily locked", "account expired", "mailbox disabled",
		    "mailbox is frozen", "user disabled", "mailbox unavailable or access denied",
		    "is locked", "deactivated", "account is temporarily"}},
    {"exceedlimit", {"too many recipients", "recipient limit", "message limit", "per hour",
			"limit exceeded", "too much mail", "too many messages"}},
    {"blocked", {"blacklist", "blocklist", "block list", "blocked using", "dnsbl", "rbl",
		    "spamhaus", "spamcop", "barracuda", "client host", "your ip address",
		    "ip address is", "ip has been", "from your ip", "banned", "your access",
		    "access denied", "connection rejected", "cannot connect to", "ip blocked",
		    "is blocked", "been blocked", "sending ip", "your host", "refused mail from",
		    "generic hostname", "no access from", "blocked by"}},
    {"rejected",
	{"sender address rejected", "sender verify", "sender rejected", "invalid sender",
	    "sender domain", "domain of sender", "address rejected from", "rejected sender",
	    "backscatter", "sender denied", "envelope sender", "bad sender", "sender not",
	    "sender is", "return path", "sender's", "not allowed to send", "rejected by sender"}},
    {"filtered", {"filtered", "because the recipient", "recipient has blocked", "user reject",
		     "domain restrict", "restricted", "refused by", "rejected by recipient",
		     "recipient refuse", "settings", "rejected your message", "resolver.rst",
		     "not accepted for", "list of allowed", "only accepts"}},
    {"userunknown",
	{"user unknown", "unknown user", "no such user", "no such person", "no such address",
	    "unknown recipient", "unknown local", "recipient unknown", "user not found",
	    "recipient not found", "addressee unknown", "not exist", "doesn't exist",
	    "invalid recipient", "invalid mailbox", "mailbox unavailable", "no mailbox",
	    "not a valid", "mailbox not found", "no such mailbox", "unknown address",
	    "address unknown", "bad destination", "not listed", "recipnotfound",
	    "user doesn't have", "not a known", "isn't a valid", "unknown or illegal",
	    "not present", "no valid recipient", "rejected. (in reply to rcpt", "non-existent",
	    "no account", "wasn't found", "couldn't be found", "not be found", "invalid user",
	    "not known", "recipient rejected", "no such recipient", "recipient address rejected."}},
    {"userunknown",
	{"address rejected", "unknown account", "user invalid", "destination mailbox",
	    "mailbox does", "not our customer", "no user", "is unknown", "not found in",
	    "unknown mail", "undefined mail", "name not", "invalid address", "could not find user",
	    "could not find recipient", "not valid", "mail box unavailable", "no longer available",
	    "user is unknown", "unknown:", "not recognized", "isn't a", "address is correct",
	    "address was misspelled", "check the address", "verify the address"}},
    /* In other languages, as the same programs write them. */
    {"mailboxfull",
	{"postfach ist voll", "postfach voll", "boîte aux lettres est pleine", "boîte pleine",
	    "boîte de réception est pleine", "buzón lleno", "buzón está lleno",
	    "buzón del destinatario está lleno", "cuota excedida", "caixa de correio cheia",
	    "caixa de entrada cheia", "casella piena", "casella di posta piena", "postvak is vol",
	    "mailbox is vol", "ящик переполнен", "容量を超え", "いっぱいです", "邮箱已满",
	    "信箱已滿", "편지함이 가득"}},
    {"userunknown",
	{"empfänger unbekannt", "unbekannter empfänger", "unbekannter benutzer",
	    "benutzer unbekannt", "existiert nicht", "nicht gefunden", "adresse unbekannt",
	    "utilisateur inconnu", "destinataire inconnu", "adresse inconnue", "n'existe pas",
	    "introuvable", "usuario desconocido", "destinatario desconocido", "no existe",
	    "no se encontró", "no se ha encontrado", "usuário desconhecido", "não existe",
	    "não foi encontrado", "utente sconosciuto", "destinatario sconosciuto", "non esiste",
	    "non trovato", "onbekende gebruiker", "onbekende ontvanger", "bestaat niet",
	    "niet gevonden", "nie istnieje", "не существует", "неизвестный пользователь",
	    "пользователь не найден", "не найден", "見つかりません",
	    "リストにありません", "存在しません", "不明なユーザ", "用户不存在", "收件人不存在",
	    "地址不存在", "使用者不存在", "존재하지 않"}},
    {"expired", {"expired", "failing for a long time", "retry time", "retry timeout", "too long",
		    "for more than", "has not been collected", "keep trying", "will retry",
		    "continue to try", "hours", "queue", "not yet been delivered", "giving up",
		    "given up", "still trying", "delayed", "will be retried", "days",
		    "temporary problem", "try again later"}},
    {"mailererror", {"mailer error", "pipe to", "command failed", "exit status", "procmail",
			"x-unix", "local delivery agent", "died"}},
    {"networkerror",
	{"timed out", "connection refused", "could not connect", "unreachable", "no route",
	    "timeout", "lost connection", "conversation with", "too many hops", "hop count", "loop",
	    "connection reset", "connection dropped", "unable to connect", "couldn't connect",
	    "bad connection", "network error", "connect to"}},
    {"contenterror", {"header", "mime", "malformed", "content rejected", "message content",
			 "attachment", "improper", "8bit", "7bit"}},
    {"policyviolation", {"policy", "policies", "administrative prohibition", "not rfc", "violat"}},
    {"securityerror",
	{"security", "tls", "encryption", "unauthorized", "password", "authentication required"}},
    {"syntaxerror", {"syntax error", "unrecognized command", "command not", "bad sequence"}},
    {"systemerror",
	{"local error", "local configuration", "internal error", "system error", "server error",
	    "resources", "interrupted", "no space", "server configuration"}},
};

/* RFC 3463: the class is left out, "x.SUBJECT.DETAIL". */
static const struct {
	const char *code, *reason;
} codes[] = {
    {"1.1", "userunknown"},
    {"1.2", "hostunknown"},
    {"1.3", "userunknown"},
    {"1.6", "hasmoved"},
    {"1.8", "rejected"},
    {"1.7", "rejected"},
    {"1.10", "notaccept"},
    {"1.0", "userunknown"},
    {"2.1", "suspend"},
    {"2.2", "mailboxfull"},
    {"2.3", "mesgtoobig"},
    {"3.4", "mesgtoobig"},
    {"4.1", "networkerror"},
    {"4.2", "networkerror"},
    {"4.3", "networkerror"},
    {"4.4", "hostunknown"},
    {"4.6", "networkerror"},
    {"4.7", "expired"},
    {"5.3", "exceedlimit"},
    {"6.0", "contenterror"},
    {"7.1", "blocked"},
    {"7.8", "securityerror"},
    {"7.23", "authfailure"},
    {"7.25", "requireptr"},
    {"7.26", "authfailure"},
    {"7.27", "notaccept"},
    {"7.0", "policyviolation"},
};

static const char *
reason_of_words(struct span text)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (size_t k = 0; k < 48 && rows[i].phrases[k] != NULL; k++)
			if (span_find(text, span_of(rows[i].phrases[k])) < text.len)
				return rows[i].reason;
	return NULL;
}

static const char *
reason_of_code(struct span status)
{
	status = span_skip(status, 2);
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (span_is(status, codes[i].code))
			return codes[i].reason;
	return NULL;
}

const char *
bounce_reason(struct span text, struct span status, uint32_t reply_code)
{
	const char *reason = NULL;

	/* RFC 7504: a host that takes no mail at all. */
	if (reply_code == 521 && span_is(span_skip(status, 1), ".3.2"))
		return "notaccept";
	reason = reason_of_words(text);

	if (reason == NULL && status.len > 2)
		reason = reason_of_code(status);
	if (reason == NULL && (reply_code == 550 || reply_code == 553))
		reason = "filtered";
	if (reason == NULL && (reply_code == 521 || reply_code == 556))
		reason = "notaccept";
	if (reason == NULL && (reply_code == 552 || reply_code == 452))
		reason = "mailboxfull";
	return reason != NULL ? reason : "undefined";
}
