/* SPDX-License-Identifier: ISC */
/*
 * imap-login: from nothing to an authenticated session. The order matters: no secret is written
 * before TLS is verified; what the server said before TLS (capabilities, buffered bytes) is
 * forgotten or refused, since anyone on the way could have said it (RFC 3501 6.2.1).
 */
#include "config.h"

#include "daemon/fetch/imap-private.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <string.h>

#include "daemon/clock.h"

#define STRING_MAX 1000 /* user name, password */

static enum td_status
dial(struct imap *imap, struct err *err)
{
	const struct conf_server *server = &imap->conf->conf.server;
	const struct tls_peer peer = {server->host, server->port, server->ca_file,
		server->pin_sha256};
	int64_t deadline = imap_deadline(imap,
	    (int64_t)(server->timeout ? server->timeout : 60) * 1000);
	struct err why;
	enum td_status status = tls_dial(&peer, deadline, imap->cancel_fd, &imap->stream, err);

	if (status != TD_OK || server->tls == CONF_TLS_STARTTLS)
		return status;
	if (server->tls == CONF_TLS_IMPLICIT) {
		status = tls_start(imap->stream, &why);
		return status == TD_OK ? TD_OK : status != TD_TEMP ? err_perm(err, "%s", why.text) :
		    err_temp(err, "%s; a server that begins in the clear (port 143) wants tls = "
		    "\"starttls\", else look at host and port", why.text);
	}
	if (!tls_is_loopback(imap->stream) && !server->allow_plain)
		return err_perm(err, "%s:%u is not this machine and tls is \"none\": set tls, or "
		    "allow_plain = true to send the password in the clear", server->host,
		    server->port);
	return TD_OK;
}

/* A server that says nothing, or something else, is often the wrong port; a BYE is not. */
static enum td_status
no_greeting(struct imap *imap, int rc, struct err *err)
{
	bool is_silent = imap->stream != NULL && tls_why(imap->stream) != NULL;
	bool may_be_tls = is_silent && imap->conf->conf.server.tls != CONF_TLS_IMPLICIT;
	struct err why;

	(void)imap_failed(imap, rc, "the greeting", &why);
	return err_temp(err, "%s%s", why.text, may_be_tls ?
	    "; a server with encryption from the first byte (port 993) wants tls = \"implicit\", "
	    "else look at host and port" :
	    is_silent || rc == MAILIMAP_ERROR_PARSE ? "; look at host and port" : "");
}

static enum td_status
greet(struct imap *imap, int *rc_r, struct err *err)
{
	mailstream_low *low = tls_low(imap->stream);
	mailstream *stream;

	if (low == NULL)
		return err_temp(err, "out of memory");
	stream = mailstream_new(low, IMAP_STREAM_BUFFER);
	if (stream == NULL) {
		/* frees imap's stream with it */
		mailstream_low_free(low);
		imap->stream = NULL;
		return err_temp(err, "out of memory");
	}
	imap->session = mailimap_new(0, NULL);
	if (imap->session == NULL) {
		mailstream_close(stream);
		imap->stream = NULL;
		return err_temp(err, "out of memory");
	}
	imap_begin(imap, 0);
	*rc_r = mailimap_connect(imap->session, stream);
	/* on failure too, so that imap_drop closes it */
	imap->session->imap_stream = stream;
	if (!imap_ok(*rc_r))
		return no_greeting(imap, *rc_r, err);
	return TD_OK;
}

static enum td_status
start_tls(struct imap *imap, int greeting, struct err *err)
{
	const struct conf_server *server = &imap->conf->conf.server;
	enum td_status status = imap_ask_capabilities(imap, err);
	int rc;

	if (status != TD_OK)
		return status;
	if (greeting == MAILIMAP_NO_ERROR_AUTHENTICATED || !imap_has(imap, IMAP_CAN_STARTTLS))
		return err_perm(err, "%s:%u offers no STARTTLS: set tls = \"implicit\" and its "
		    "port (993)", server->host, server->port);
	imap_begin(imap, 0);
	rc = mailimap_starttls(imap->session);
	if (imap->session->imap_stream != NULL && imap->session->imap_stream->read_buffer_len > 0)
		return err_perm(err, "%s:%u sent data ahead of TLS: someone on the way may be "
		    "meddling; use tls = \"implicit\"", server->host, server->port);
	if (!imap_ok(rc))
		return imap_failed(imap, rc, "STARTTLS", err);
	return tls_start(imap->stream, err);
}

/* A string that becomes part of a command: printable, so that it ends where it should. */
static enum td_status
check_string(const char *text, const char *what, struct err *err)
{
	if (text == NULL || text[0] == '\0')
		return err_perm(err, "no %s is configured", what);
	if (strlen(text) > STRING_MAX)
		return err_perm(err, "the %s is longer than %d bytes", what, STRING_MAX);
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return err_perm(err, "the %s holds a control character", what);
	return TD_OK;
}

/* A command of one line and its answer. mailimap_custom_command ends the line with a space, which
 * Cyrus takes for one more argument. */
static int
run_line(struct imap *imap, const char *line)
{
	mailstream *stream = imap->session->imap_stream;
	struct mailimap_response *response = NULL;
	size_t len = strlen(line);
	int rc = mailimap_send_current_tag(imap->session);

	if (rc == MAILIMAP_NO_ERROR && (mailstream_write(stream, line, len) != (ssize_t)len ||
	    mailstream_write(stream, "\r\n", 2) != 2 || mailstream_flush(stream) < 0 ||
	    mailimap_read_line(imap->session) == NULL))
		rc = MAILIMAP_ERROR_STREAM;
	if (rc == MAILIMAP_NO_ERROR)
		rc = mailimap_parse_response(imap->session, &response);
	if (rc != MAILIMAP_NO_ERROR)
		return rc;
	if (response->rsp_resp_done->rsp_type != MAILIMAP_RESP_DONE_TYPE_TAGGED ||
	    response->rsp_resp_done->rsp_data.rsp_tagged->rsp_cond_state->rsp_type !=
	    MAILIMAP_RESP_COND_STATE_OK)
		rc = MAILIMAP_ERROR_CUSTOM_COMMAND;
	mailimap_response_free(response);
	return rc;
}

/* AUTHENTICATE PLAIN with an initial response (RFC 4959): any byte goes, and nothing is quoted. */
static int
authenticate_plain(struct imap *imap, const char *user, const char *password)
{
	static const char command[] = "AUTHENTICATE PLAIN ";
	char plain[2 * STRING_MAX + 2];
	char line[sizeof command + (sizeof plain + 2) / 3 * 4 + 1];
	gnutls_datum_t in = {(unsigned char *)plain, 0}, out = {NULL, 0};
	int rc = MAILIMAP_ERROR_MEMORY;

	in.size = (unsigned)snprintf(plain, sizeof plain, "%c%s%c%s", '\0', user, '\0', password);
	if (gnutls_base64_encode2(&in, &out) == 0) {
		snprintf(line, sizeof line, "%s%.*s", command, (int)out.size, (char *)out.data);
		rc = run_line(imap, line);
		gnutls_memset(out.data, 0, out.size);
		gnutls_free(out.data);
	}
	gnutls_memset(plain, 0, sizeof plain);
	gnutls_memset(line, 0, sizeof line);
	if (imap_ok(rc))
		imap->session->imap_state = MAILIMAP_STATE_AUTHENTICATED;
	return rc;
}

bool
imap_code_passes(struct span code)
{
	static const char *const codes[] = {"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG",
		"THROTTLED", "OVERQUOTA"};

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (span_iis(code, codes[i]))
			return true;
	return false;
}

bool
imap_passes(struct imap *imap)
{
	const struct mailimap_response_info *info = imap->session->imap_response_info;

	return info != NULL && imap_code_passes(span_of(info->rsp_atom));
}

static enum td_status
login_failed(struct imap *imap, int rc, struct err *err)
{
	const struct conf_server *server = &imap->conf->conf.server;
	const char *said = imap->session->imap_response;

	if (!imap_refused(rc))
		return imap_failed(imap, rc, "login", err);
	if (imap_passes(imap))
		return imap_failed(imap, rc, "login", err);
	return err_perm(err, "%s:%u refuses the login of %s (%.200s): correct user or the secret; "
	    "some providers want an application password", server->host, server->port,
	    server->user, said && said[0] ? said : "no reason given");
}

static enum td_status
login(struct imap *imap, struct err *err)
{
	const struct conf_server *server = &imap->conf->conf.server;
	const char *user = server->user, *password = imap->conf->password;
	enum td_status status = check_string(user, "user", err);
	int rc;

	if (status == TD_OK && imap->conf->token != NULL)
		return imap_login_oauth(imap, err);
	if (status == TD_OK)
		status = check_string(password, "password", err);
	if (status != TD_OK)
		return status;
	imap_begin(imap, 0);
	if (imap_has(imap, IMAP_CAN_PLAIN) && imap_has(imap, IMAP_CAN_SASL_IR))
		rc = authenticate_plain(imap, user, password);
	else if (!imap_has(imap, IMAP_CAN_NO_LOGIN))
		rc = mailimap_login(imap->session, user, password);
	else
		return err_perm(err, "%s:%u allows no login with a password here: %s",
		    server->host, server->port, tls_is_secure(imap->stream) ?
		    "look for another way in with its operator" :
		    "set tls to \"starttls\" or \"implicit\"");
	return imap_ok(rc) ? TD_OK : login_failed(imap, rc, err);
}

enum td_status
imap_connect(struct imap *imap, struct err *err)
{
	int greeting = 0;
	enum td_status status = dial(imap, err);

	if (status == TD_OK)
		status = greet(imap, &greeting, err);
	if (status == TD_OK && imap->conf->conf.server.tls == CONF_TLS_STARTTLS)
		status = start_tls(imap, greeting, err);
	if (status == TD_OK && greeting != MAILIMAP_NO_ERROR_AUTHENTICATED) {
		status = imap_ask_capabilities(imap, err);
		if (status == TD_OK)
			status = login(imap, err);
	}
	/* what it can do may change with who asks */
	if (status == TD_OK)
		status = imap_ask_capabilities(imap, err);
	return status;
}
