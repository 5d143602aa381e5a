/* SPDX-License-Identifier: ISC */
/* explain: see explain.h. */
#include "config.h"

#include "daemon/send/explain.h"

#include <string.h>

#include <curl/curl.h>

static bool
has(const char *text, const char *word)
{
	return span_ifind(span_of(text), span_of(word)) < strlen(text);
}

/* Does the reply carry this enhanced status code (RFC 3463), "x.2.2" with any class? */
static bool
has_status(const struct track_reply *reply, const char *subject_detail)
{
	const char *p = reply->text;
	size_t n = strlen(subject_detail);

	if (strlen(p) < 5 + n)
		return false;
	return p[5] == '.' && strncmp(p + 6, subject_detail, n) == 0 &&
	    (p[6 + n] == ' ' || p[6 + n] == '\0');
}

static const char *
about_recipient(const struct track_reply *reply)
{
	if (has_status(reply, "2.2") || has(reply->text, "mailbox full") ||
	    has(reply->text, "over quota") || has(reply->text, "quota exceeded"))
		return "the mailbox is full";
	if (has(reply->text, "relay"))
		return "the server does not relay for us: set user and password of the transport, "
		       "or use the server that is meant for our own mail";
	if (has_status(reply, "1.1") || has(reply->text, "user unknown") ||
	    has(reply->text, "no such user"))
		return "there is no such mailbox";
	if (has(reply->text, "greylist") || has(reply->text, "graylist"))
		return "the server asks to try again later";
	return NULL;
}

static const char *
meaning(const struct conf_server *server, enum track_phase phase, const struct track_reply *reply)
{
	if (reply->code == 421)
		return "the server is closing; it will be tried again";
	if (phase == TRACK_AUTH && server->oauth_name != NULL && reply->code >= 500)
		return "it does not take the access token: look at user, and at what the account "
		       "may "
		       "do, else: tidings oauth login";
	if (reply->code == 535)
		return "the password is wrong, or the provider wants an app password";
	if (reply->code == 530)
		return "the server wants a login or TLS first: set user and password, and tls";
	if (reply->code == 534 || reply->code == 538)
		return "the server does not allow this way of logging in";
	if (has_status(reply, "3.4") || reply->code == 552)
		return "the mail is too large for the server, or the mailbox is full";
	switch (phase) {
	case TRACK_RCPT:
		return about_recipient(reply);
	case TRACK_MAIL:
		return has(reply->text, "relay") ? about_recipient(reply) :
		    reply->code >= 500 ? "the server does not take mail from this sender" : NULL;
	case TRACK_CONNECT:
	case TRACK_HELLO:
		return "the server does not want us now";
	case TRACK_AUTH:
		return "the login did not work";
	case TRACK_DATA:
	case TRACK_BODY:
	case TRACK_DOT:
		return about_recipient(reply);
	case TRACK_OTHER:
		return NULL;
	}
	return NULL;
}

void
explain_reply(const struct conf_server *server, enum track_phase phase, const char *rcpt,
    const struct track_reply *reply, struct err *err)
{
	const char *means = meaning(server, phase, reply);

	if (rcpt != NULL && phase == TRACK_RCPT)
		(void)err_perm(err, "%s refused %.200s: %s%s%s%s", server->host, rcpt, reply->text,
		    means != NULL ? " (" : "", means != NULL ? means : "",
		    means != NULL ? ")" : "");
	else if (phase == TRACK_AUTH)
		(void)err_perm(err, "%s refused the login of %.200s: %s (%s)", server->host,
		    server->user != NULL ? server->user : "nobody", reply->text,
		    means != NULL ? means : "the login did not work");
	else
		(void)err_perm(err, "%s: %s%s%s%s", server->host, reply->text,
		    means != NULL ? " (" : "", means != NULL ? means : "",
		    means != NULL ? ")" : "");
}

static const char *
phase_words(enum track_phase phase)
{
	switch (phase) {
	case TRACK_CONNECT:
		return "before its greeting";
	case TRACK_HELLO:
		return "during EHLO or STARTTLS";
	case TRACK_AUTH:
		return "during the login";
	case TRACK_MAIL:
		return "at MAIL FROM";
	case TRACK_RCPT:
		return "at RCPT TO";
	case TRACK_DATA:
		return "at DATA";
	case TRACK_BODY:
		return "while the mail was being sent";
	case TRACK_DOT:
		return "after the whole mail was sent";
	case TRACK_OTHER:
		return "at NOOP";
	}
	return "";
}

static void
explain_tls(const struct conf_server *server, const char *detail, struct err *err)
{
	if (server->tls == CONF_TLS_STARTTLS)
		(void)err_temp(err, "%s port %u: TLS did not come about (%.200s); a server with "
		    "encryption from the first byte wants tls = \"implicit\"", server->host,
		    server->port, detail);
	else
		(void)err_temp(err, "%s port %u: TLS did not come about (%.200s); a server that "
		    "begins in the clear wants tls = \"starttls\"", server->host, server->port,
		    detail);
}

/* What to do about a server that does not greet. */
static const char *
advice(const struct conf_server *server, enum track_phase phase)
{
	if (phase != TRACK_CONNECT)
		return "";
	return server->tls == CONF_TLS_IMPLICIT ? "; look at host and port"
						: "; a server with encryption from the first byte "
						  "(port 465) wants tls = \"implicit\", else "
						  "look at host and port";
}

void
explain_connection(const struct conf_server *server, enum track_phase phase, int curl_code,
    const char *detail, struct err *err)
{
	switch ((CURLcode)curl_code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		(void)err_temp(err, "%s: there is no such host name, or the name server does not "
		    "answer; check host and the network", server->host);
		return;
	case CURLE_COULDNT_CONNECT:
		(void)err_temp(err, "%s port %u cannot be reached (%.200s); check host, port and "
		    "firewall", server->host, server->port, detail);
		return;
	case CURLE_OPERATION_TIMEDOUT:
		(void)err_temp(err, "%s port %u did not answer in time %s%s", server->host,
		    server->port, phase_words(phase), advice(server, phase));
		return;
	case CURLE_USE_SSL_FAILED:
		(void)err_temp(err, "%s port %u offers no STARTTLS; use its port with tls = "
		    "\"implicit\", or ask who runs it", server->host, server->port);
		return;
	case CURLE_SSL_CONNECT_ERROR:
		explain_tls(server, detail, err);
		return;
	case CURLE_SSL_CACERT_BADFILE:
		(void)err_temp(err, "ca_file %s cannot be read as PEM certificates",
		    server->ca_file != NULL ? server->ca_file : "of the system");
		return;
	case CURLE_WEIRD_SERVER_REPLY:
		(void)err_temp(err, "%s port %u does not speak SMTP (%.200s)", server->host,
		    server->port, detail);
		return;
	case CURLE_LOGIN_DENIED:
		(void)err_temp(err,
		    "%s refused the login of %.200s: it offers neither %s, or the %s", server->host,
		    server->user != NULL ? server->user : "nobody",
		    server->oauth_name != NULL ? "OAUTHBEARER nor XOAUTH2" : "PLAIN nor LOGIN",
		    server->oauth_name != NULL ? "access token is not good" : "password is wrong");
		return;
	default:
		(void)err_temp(err, "%s port %u: the connection broke %s (%.200s)%s", server->host,
		    server->port, phase_words(phase), detail, advice(server, phase));
		return;
	}
}
