/* SPDX-License-Identifier: ISC */
/*
 * smtp: see smtp.h. One easy handle keeps one connection. curl speaks the protocol; this file
 * sets it up, follows it (track.h) and turns both into a result for each recipient.
 *
 * VERBOSE is on for one reason: only the debug callback tells which command has gone out. Our
 * callback looks at the verb and prints nothing.
 */
#include "config.h"

#include "daemon/send/smtp.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <gnutls/gnutls.h>

#include "parsers/base/arena.h"
#include "daemon/clock.h"
#include "daemon/send/cert.h"
#include "daemon/send/explain.h"
#include "daemon/send/track.h"

#define OVERALL_STEPS 5       /* a whole mail may take so many times the time-out of a step */
#define SLOWEST 10240         /* and a second more for each so many bytes */

struct smtp {
	const struct send_conf *conf;
	CURL *easy;
	char curl_text[CURL_ERROR_SIZE];
	struct track track;
	struct track_reply rcpts[SMTP_RCPTS_MAX];
	const struct smtp_mail *mail; /* in hand; NULL for a probe */
	size_t given;                 /* bytes of it */
	bool pinned;                  /* the pinned certificate was seen on this connection */
	bool stopped;                 /* we ended it; trouble says why */
	struct err trouble;
};

/* ---- what curl calls ----------------------------------------------------------------------- */

static gnutls_session_t
session_of(CURL *easy)
{
	struct curl_tlssessioninfo *info = NULL;

	if (curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &info) != CURLE_OK || info == NULL ||
	    info->backend != CURLSSLBACKEND_GNUTLS)
		return NULL;
	return info->internals;
}

/* The first trouble counts. */
static void
stop(struct smtp *smtp, const char *text)
{
	if (!smtp->stopped)
		(void)err_temp(&smtp->trouble, "%s: %s", smtp->conf->transport.server.host, text);
	smtp->stopped = true;
}

static int
on_debug(CURL *easy, curl_infotype type, char *bytes, size_t len, void *user)
{
	struct smtp *smtp = user;

	if (type == CURLINFO_HEADER_OUT)
		track_command(&smtp->track, (struct span){bytes, len});
	return 0;
}

/* Each reply line is looked at before curl acts on it: so the pin is checked before the login. */
static bool
pin_holds(struct smtp *smtp)
{
	const char *pin = smtp->conf->transport.server.pin_sha256;
	gnutls_session_t session = pin != NULL ? session_of(smtp->easy) : NULL;

	if (session == NULL)
		return true; /* no pin, or not encrypted yet; on_read looks again */
	smtp->pinned = cert_matches(session, pin);
	if (!smtp->pinned)
		stop(smtp, "its certificate is not the one of pin_sha256: if you did not "
			   "renew it, someone may be in between; if you did, change the pin");
	return smtp->pinned;
}

/* Is this EHLO reply the one after which a login is due? */
static bool
login_is_due(struct smtp *smtp)
{
	const struct conf_server *server = &smtp->conf->transport.server;

	return server->user != NULL && smtp->track.phase == TRACK_HELLO &&
	    (server->tls == CONF_TLS_NONE || session_of(smtp->easy) != NULL);
}

static size_t
on_reply_line(char *bytes, size_t size, size_t n, void *user)
{
	struct smtp *smtp = user;
	size_t len = size * n;
	bool whole;

	if (!pin_holds(smtp))
		return 0;
	whole = track_line(&smtp->track, (struct span){bytes, len});
	if (smtp->track.garbage) /* curl would wait for a better line */
		stop(smtp, "what answers there does not speak SMTP; check host and port");
	else if (whole && login_is_due(smtp) && smtp->track.last.code == 250 &&
	    !smtp->track.offers_auth)
		/* curl would go on without a login, and the mail would be refused for good */
		stop(smtp, "it offers no login here; check port and tls, or leave user away");
	return smtp->stopped ? 0 : len;
}

static size_t
on_output(char *bytes, size_t size, size_t n, void *user)
{
	return size * n; /* reply lines come to on_reply_line */
}

/* DATA is answered: may the first byte go? */
static bool
may_begin(struct smtp *smtp)
{
	const struct smtp_mail *mail = smtp->mail;

	if (smtp->track.phase != TRACK_DATA || smtp->track.data.code != 354)
		stop(smtp, "it lost the order of the protocol before the mail");
	else if (smtp->conf->transport.server.pin_sha256 != NULL && !smtp->pinned)
		stop(smtp, "its certificate could not be compared with pin_sha256");
	else if (mail->may_begin != NULL && !mail->may_begin(mail->user))
		stop(smtp, "the mail was not released for sending");
	return !smtp->stopped;
}

static size_t
on_read(char *bytes, size_t size, size_t n, void *user)
{
	struct smtp *smtp = user;
	struct span rest;
	size_t len = size * n;

	if (smtp->mail == NULL)
		return CURL_READFUNC_ABORT;
	if (smtp->track.phase != TRACK_BODY) {
		if (!may_begin(smtp))
			return CURL_READFUNC_ABORT;
		track_set_body(&smtp->track);
	}
	rest = span_skip(smtp->mail->bytes, smtp->given);
	len = len < rest.len ? len : rest.len;
	if (len == 0)
		track_set_dot(&smtp->track);
	else
		memcpy(bytes, rest.ptr, len);
	smtp->given += len;
	return len;
}

static int
on_progress(void *user, curl_off_t dltotal, curl_off_t dlnow, curl_off_t ultotal, curl_off_t ulnow)
{
	struct smtp *smtp = user;
	const struct smtp_mail *mail = smtp->mail;

	/* asked even where it is too late to stop: it keeps the caller's channel moving */
	if (mail == NULL || mail->wants_stop == NULL || !mail->wants_stop(mail->user))
		return 0;
	if (smtp->track.phase == TRACK_BODY || smtp->track.phase == TRACK_DOT)
		return 0;
	stop(smtp, "stopped before the mail was sent");
	return 1;
}

/* ---- setting up ---------------------------------------------------------------------------- */

static bool
set_url(CURL *easy, const struct conf_transport *transport)
{
	const struct conf_server *server = &transport->server;
	struct arena *arena = arena_create();
	bool v6 = strchr(server->host, ':') != NULL;
	char *url = arena_printf(arena, "%s://%s%s%s:%u%s%s",
	    server->tls == CONF_TLS_IMPLICIT ? "smtps" : "smtp", v6 ? "[" : "", server->host,
	    v6 ? "]" : "", server->port, transport->helo != NULL ? "/" : "",
	    transport->helo != NULL ? transport->helo : "");
	CURLcode rc = curl_easy_setopt(easy, CURLOPT_URL, url);

	arena_destroy(&arena);
	return rc == CURLE_OK;
}

static void
set_tls(CURL *easy, const struct conf_server *server)
{
	bool verify = server->pin_sha256 == NULL; /* a pin is checked in pin_holds instead */

	if (server->tls == CONF_TLS_STARTTLS)
		curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, verify ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, verify ? 2L : 0L);
	if (server->ca_file != NULL) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, server->ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
}

/* What all our handles have in common. */
static CURL *
easy_create(const struct send_conf *conf)
{
	const struct conf_server *server = &conf->transport.server;
	CURL *easy = curl_easy_init();

	if (easy == NULL || !set_url(easy, &conf->transport)) {
		curl_easy_cleanup(easy);
		return NULL;
	}
	set_tls(easy, server);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_MAXCONNECTS, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)server->timeout);
	curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)server->timeout);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)server->timeout * OVERALL_STEPS);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_output);
	return easy;
}

static void
set_callbacks(struct smtp *smtp)
{
	CURL *easy = smtp->easy;

	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, smtp->curl_text);
	curl_easy_setopt(easy, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(easy, CURLOPT_DEBUGDATA, smtp);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_reply_line);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, smtp);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
	curl_easy_setopt(easy, CURLOPT_READDATA, smtp);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
	curl_easy_setopt(easy, CURLOPT_XFERINFODATA, smtp);
}

static void
set_login(CURL *easy, const struct send_conf *conf)
{
	if (conf->transport.server.user == NULL)
		return;
	curl_easy_setopt(easy, CURLOPT_SASL_IR, 1L);
	if (conf->account != NULL) {
		/* without these two it would fall back to PLAIN with an empty password */
		curl_easy_setopt(easy, CURLOPT_USERNAME, conf->transport.server.user);
		curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS, "AUTH=OAUTHBEARER;AUTH=XOAUTH2");
		return;
	}
	curl_easy_setopt(easy, CURLOPT_USERNAME, conf->transport.server.user);
	curl_easy_setopt(easy, CURLOPT_PASSWORD, conf->password != NULL ? conf->password : "");
	curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN");
}

/* Another token means another connection: curl compares what a connection logged in with. */
void
smtp_set_token(struct smtp *smtp, const char *access)
{
	if (smtp->easy != NULL)
		curl_easy_setopt(smtp->easy, CURLOPT_XOAUTH2_BEARER, access);
}

bool
smtp_token_refused(const struct smtp *smtp)
{
	return smtp->conf->account != NULL && smtp->track.phase == TRACK_AUTH &&
	    smtp->track.answered && smtp->track.last.code / 100 == 5;
}

struct smtp *
smtp_create(const struct send_conf *conf)
{
	struct smtp *smtp = td_alloc(sizeof *smtp);

	curl_global_init(CURL_GLOBAL_DEFAULT);
	smtp->conf = conf;
	smtp->easy = easy_create(conf);
	if (smtp->easy != NULL) {
		set_callbacks(smtp);
		set_login(smtp->easy, conf);
	}
	return smtp;
}

void
smtp_destroy(struct smtp **smtp)
{
	if (*smtp == NULL)
		return;
	curl_easy_cleanup((*smtp)->easy);
	free(*smtp);
	*smtp = NULL;
	curl_global_cleanup();
}

/* ---- why a certificate was refused --------------------------------------------------------- */

struct look {
	CURL *easy;
	const char *host;
	struct err *err;
};

static size_t
look_at_cert(char *bytes, size_t size, size_t n, void *user)
{
	struct look *look = user;
	gnutls_session_t session = session_of(look->easy);

	if (session == NULL)
		return size * n;
	cert_explain(session, look->host, clock_now(), look->err);
	return 0;
}

/* curl does not say why: connect once more without verifying, without a login, only to look. */
static void
explain_cert(const struct send_conf *conf, struct err *err)
{
	CURL *easy = easy_create(conf);
	struct look look = {easy, conf->transport.server.host, err};

	(void)err_temp(err, "the certificate of %s is not trusted", look.host);
	if (easy == NULL)
		return;
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, "NOOP");
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, look_at_cert);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, &look);
	(void)curl_easy_perform(easy);
	curl_easy_cleanup(easy);
}

/* ---- one exchange -------------------------------------------------------------------------- */

static void
exchange_begin(struct smtp *smtp, const struct smtp_mail *mail)
{
	track_begin(&smtp->track, smtp->rcpts, mail != NULL ? mail->n_rcpts : 0);
	smtp->mail = mail;
	smtp->given = 0;
	smtp->stopped = false;
	smtp->curl_text[0] = '\0';
}

/* A warm connection that was dead already: nothing of the mail was said that counts. */
static bool
was_stale(struct smtp *smtp, CURLcode rc)
{
	long connects = 1;

	curl_easy_getinfo(smtp->easy, CURLINFO_NUM_CONNECTS, &connects);
	return rc != CURLE_OK && connects == 0 && !smtp->stopped &&
	    smtp->track.phase < TRACK_DATA &&
	    (!smtp->track.answered || smtp->track.last.code == 421);
}

static CURLcode
perform(struct smtp *smtp, const struct smtp_mail *mail)
{
	CURLcode rc;

	exchange_begin(smtp, mail);
	rc = curl_easy_perform(smtp->easy);
	if (was_stale(smtp, rc)) {
		exchange_begin(smtp, mail);
		curl_easy_setopt(smtp->easy, CURLOPT_FRESH_CONNECT, 1L);
		rc = curl_easy_perform(smtp->easy);
		curl_easy_setopt(smtp->easy, CURLOPT_FRESH_CONNECT, 0L);
	}
	smtp->mail = NULL;
	return rc;
}

/* What stopped an exchange that no reply decides. */
static void
explain_end(struct smtp *smtp, CURLcode rc, struct err *err)
{
	const struct conf_server *server = &smtp->conf->transport.server;
	const char *detail = smtp->curl_text[0] != '\0' ? smtp->curl_text : curl_easy_strerror(rc);
	long os_errno = 0;

	curl_easy_getinfo(smtp->easy, CURLINFO_OS_ERRNO, &os_errno);
	if (rc == CURLE_COULDNT_CONNECT && os_errno != 0)
		detail = strerror((int)os_errno);
	if (smtp->stopped)
		*err = smtp->trouble;
	else if (rc == CURLE_PEER_FAILED_VERIFICATION)
		explain_cert(smtp->conf, err);
	else if (smtp->track.answered && smtp->track.last.code >= 400)
		explain_reply(server, smtp->track.phase, NULL, &smtp->track.last, err);
	else
		explain_connection(server, smtp->track.phase, (int)rc, detail, err);
}

/* ---- results ------------------------------------------------------------------------------- */

/* A refusal of the login or of the moment concerns the configuration, never the mail. */
static enum send_result
result_of_code(int code)
{
	if (code == 530 || code == 534 || code == 535 || code == 538)
		return SEND_TEMP;
	return code >= 500 ? SEND_PERM : SEND_TEMP;
}

/* The reply that decides for a recipient, or NULL; *phase_r: what it answered. */
static const struct track_reply *
deciding_reply(const struct smtp *smtp, size_t i, enum track_phase *phase_r)
{
	const struct track *track = &smtp->track;

	*phase_r = TRACK_RCPT;
	if (smtp->rcpts[i].code >= 400)
		return &smtp->rcpts[i];
	*phase_r = TRACK_DOT;
	if (track->dot.code != 0)
		return &track->dot;
	*phase_r = TRACK_DATA;
	if (track->data.code >= 400)
		return &track->data;
	*phase_r = TRACK_MAIL;
	return track->mail.code >= 400 ? &track->mail : NULL;
}

static void
set_result(struct smtp *smtp, const struct smtp_mail *mail, size_t i, CURLcode rc,
    struct smtp_result *result)
{
	const struct conf_server *server = &smtp->conf->transport.server;
	enum track_phase phase;
	const struct track_reply *reply = deciding_reply(smtp, i, &phase);

	result->of_server = false;
	if (reply != NULL && phase == TRACK_DOT && reply->code / 100 == 2) {
		result->result = SEND_SENT;
		(void)err_temp(&result->reply, "%s", reply->text);
	} else if (reply != NULL && reply->code >= 400) {
		result->result = result_of_code(reply->code);
		explain_reply(server, phase, mail->rcpts[i], reply, &result->reply);
	} else {
		result->result = smtp->track.phase == TRACK_DOT ? SEND_UNKNOWN : SEND_TEMP;
		result->of_server = smtp->track.phase <= TRACK_AUTH;
		explain_end(smtp, rc, &result->reply);
		if (result->result == SEND_UNKNOWN)
			(void)err_prefix(&result->reply, TD_TEMP, "it may have arrived");
	}
}

/* ---- the mail itself ----------------------------------------------------------------------- */

static bool
address_is_clean(const char *address)
{
	for (const unsigned char *p = (const unsigned char *)address; *p; p++)
		if (*p <= 0x20 || *p >= 0x7f || *p == '<' || *p == '>')
			return false;
	return strlen(address) <= 320;
}

static bool
lines_are_clean(struct span bytes)
{
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.ptr[i] == '\n' && (i == 0 || bytes.ptr[i - 1] != '\r'))
			return false;
		if (bytes.ptr[i] == '\r' && (i + 1 == bytes.len || bytes.ptr[i + 1] != '\n'))
			return false;
	}
	return true;
}

static enum td_status
check_mail(const struct smtp_mail *mail, struct err *err)
{
	if (mail->n_rcpts == 0 || mail->n_rcpts > SMTP_RCPTS_MAX)
		return err_perm(err, "a mail goes to 1 to %u recipients", SMTP_RCPTS_MAX);
	if (!address_is_clean(mail->sender))
		return err_perm(err, "the sender address is not a plain one: refused");
	for (size_t i = 0; i < mail->n_rcpts; i++)
		if (mail->rcpts[i][0] == '\0' || !address_is_clean(mail->rcpts[i]))
			return err_perm(err, "the recipient address is not a plain one: refused");
	if (mail->bytes.len == 0)
		return err_perm(err, "the mail is empty");
	if (!lines_are_clean(mail->bytes))
		return err_perm(err, "the mail has a bare CR or LF: refused");
	return TD_OK;
}

static struct curl_slist *
set_envelope(struct smtp *smtp, const struct smtp_mail *mail)
{
	struct arena *arena = arena_create();
	struct curl_slist *list = NULL;

	curl_easy_setopt(smtp->easy, CURLOPT_MAIL_FROM,
	    arena_printf(arena, "<%s>", mail->sender));
	for (size_t i = 0; i < mail->n_rcpts; i++)
		list = curl_slist_append(list, arena_printf(arena, "<%s>", mail->rcpts[i]));
	curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, list);
	curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
	curl_easy_setopt(smtp->easy, CURLOPT_CUSTOMREQUEST, NULL);
	curl_easy_setopt(smtp->easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(smtp->easy, CURLOPT_TIMEOUT,
	    (long)smtp->conf->transport.server.timeout * OVERALL_STEPS +
		(long)(mail->bytes.len / SLOWEST));
	arena_destroy(&arena);
	return list;
}

static void
all_results(const struct smtp_mail *mail, enum send_result result, const struct err *err,
    struct smtp_result *results_r)
{
	for (size_t i = 0; i < mail->n_rcpts; i++)
		results_r[i] = (struct smtp_result){.result = result, .reply = *err};
}

void
smtp_send(struct smtp *smtp, const struct smtp_mail *mail, struct smtp_result *results_r)
{
	struct curl_slist *list;
	struct err err;
	CURLcode rc;

	if (check_mail(mail, &err) != TD_OK) {
		all_results(mail, SEND_PERM, &err, results_r);
		return;
	}
	if (smtp->easy == NULL) {
		(void)err_temp(&err, "curl could not be set up");
		all_results(mail, SEND_TEMP, &err, results_r);
		return;
	}
	list = set_envelope(smtp, mail);
	rc = perform(smtp, mail);
	curl_easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, NULL);
	curl_slist_free_all(list);
	for (size_t i = 0; i < mail->n_rcpts; i++)
		set_result(smtp, mail, i, rc, &results_r[i]);
}

enum td_status
smtp_probe(struct smtp *smtp, struct err *err)
{
	CURLcode rc;

	if (smtp->easy == NULL)
		return err_temp(err, "curl could not be set up");
	curl_easy_setopt(smtp->easy, CURLOPT_UPLOAD, 0L);
	curl_easy_setopt(smtp->easy, CURLOPT_CUSTOMREQUEST, "NOOP");
	rc = perform(smtp, NULL);
	if (rc == CURLE_OK)
		return TD_OK;
	explain_end(smtp, rc, err);
	return TD_TEMP;
}
