/* SPDX-License-Identifier: ISC */
/*
 * imap-oauth: AUTHENTICATE with an access token: OAUTHBEARER (RFC 7628) where it is offered, else
 * XOAUTH2 (of Google and Microsoft), each with its initial response where the server takes one
 * (RFC 4959). A server that refuses the token says why in a challenge and waits for an answer
 * before it ends the command; the library knows nothing of that, so the exchange is read here, line
 * by line, under the same deadline, budget and guard as everything else.
 */
#include "config.h"

#include "daemon/fetch/imap-private.h"

#include <gnutls/gnutls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/fetch/token.h"

#define TAG "oauth1"
#define TOKEN_BYTES (24u * 1024) /* of a token in base64, and then some */
#define UNTAGGED_MAX 100u

/* The words of the command that follow the mechanism, before base64. */
static void
put_response(struct buf *out, const struct conf_server *server, bool bearer, const char *access)
{
	if (!bearer) {
		buf_printf(out, "user=%s\001auth=Bearer %s\001\001", server->user, access);
		return;
	}
	buf_puts(out, "n,a=");
	for (const char *p = server->user; *p; p++) /* saslname of RFC 5801 */
		buf_puts(out, *p == ',' ? "=2C" : *p == '=' ? "=3D" : (char[]){*p, '\0'});
	buf_printf(out, ",\001host=%s\001port=%u\001auth=Bearer %s\001\001", server->host,
	    server->port, access);
}

/* buf is wiped by the caller. */
static bool
put_base64(struct buf *out, const struct buf *in)
{
	gnutls_datum_t raw = {(unsigned char *)in->ptr, (unsigned)in->len}, text = {NULL, 0};

	if (in->over || gnutls_base64_encode2(&raw, &text) != 0)
		return false;
	buf_put(out, text.data, text.size);
	gnutls_memset(text.data, 0, text.size);
	gnutls_free(text.data);
	return !out->over;
}

static bool
say(struct imap *imap, struct span text)
{
	mailstream *stream = imap->session->imap_stream;

	return mailstream_write(stream, text.ptr, text.len) == (ssize_t)text.len &&
	    mailstream_flush(stream) == 0;
}

/* Reads to the next line that is not untagged; false when the connection broke. */
static bool
hear(struct imap *imap, MMAPString *line)
{
	for (unsigned i = 0; i < UNTAGGED_MAX; i++) {
		if (mailstream_read_line_remove_eol(imap->session->imap_stream, line) == NULL)
			return false;
		if (line->len == 0 || line->str[0] != '*')
			return true;
	}
	return false;
}

/* Sends command and answers challenges; the last line is the tagged one. */
static bool
exchange(struct imap *imap, struct span command, struct span response, bool bearer,
    MMAPString *line)
{
	bool sent = response.len == 0; /* with the command */

	if (!say(imap, command))
		return false;
	for (int i = 0; i < 4 && hear(imap, line); i++) {
		if (line->len == 0 || line->str[0] != '+')
			return strncmp(line->str, TAG " ", sizeof TAG) == 0;
		/* a second challenge is the refusal, which wants an answer of nothing */
		if (!say(imap, sent ? bearer ? SPAN("AQ==\r\n") : SPAN("\r\n") : response))
			return false;
		sent = true;
	}
	return false;
}

/* "NO [CODE] text" or "BAD text" behind the tag. */
static enum td_status
judge(struct imap *imap, const char *line, uint32_t number, struct err *err)
{
	const struct conf_server *server = &imap->conf->conf.server;
	struct span rest = span_skip(span_of(line), sizeof TAG), word, code = {"", 0};

	if (!span_next_word(&rest, &word) || span_iis(word, "OK")) {
		imap->session->imap_state = MAILIMAP_STATE_AUTHENTICATED;
		return TD_OK;
	}
	rest = span_trim(rest);
	if (rest.len > 0 && *rest.ptr == '[')
		code = span_first(span_skip(rest, 1), span_find_byte(span_skip(rest, 1), ']'));
	if (span_iis(word, "NO") && imap_code_passes(code)) {
		return err_temp(err, "%s:%u: login failed, the server says: %.*s", server->host,
		    server->port, (int)(rest.len < 200 ? rest.len : 200), rest.ptr);
	}
	(void)err_perm(err, "%s:%u refuses the access token of %s (%.*s): look at user, and at "
	    "what the account may do; if nothing else helps: tidings oauth login %s", server->host,
	    server->port, server->user, (int)(rest.len < 150 ? rest.len : 150), rest.ptr,
	    imap->conf->conf.name);
	token_refuse(imap->conf->token, number, err->text);
	return TD_PERM;
}

static enum td_status
authenticate(struct imap *imap, const char *access, uint32_t number, bool bearer, struct err *err)
{
	MMAPString *line = mmap_string_new("");
	bool initial = imap_has(imap, IMAP_CAN_SASL_IR);
	struct buf words, response, command;
	enum td_status status;

	buf_init(&words, TOKEN_BYTES);
	buf_init(&response, 2 * TOKEN_BYTES);
	buf_init(&command, 3 * TOKEN_BYTES);
	put_response(&words, &imap->conf->conf.server, bearer, access);
	buf_printf(&command, TAG " AUTHENTICATE %s%s", bearer ? "OAUTHBEARER" : "XOAUTH2",
	    initial ? " " : "");
	if (!put_base64(initial ? &command : &response, &words) || line == NULL) {
		status = err_perm(err, "the access token is too long");
	} else {
		buf_puts(&command, "\r\n");
		if (!initial)
			buf_puts(&response, "\r\n");
		imap_begin(imap, 0);
		if (exchange(imap, buf_span(&command), buf_span(&response), bearer, line))
			status = judge(imap, line->str, number, err);
		else
			status = imap_failed(imap, MAILIMAP_ERROR_STREAM, "login", err);
	}
	for (size_t i = 0; i < 3; i++) {
		struct buf *buf = (struct buf *[]){&words, &response, &command}[i];

		if (buf->ptr != NULL)
			explicit_bzero(buf->ptr, buf->len);
		buf_release(buf);
	}
	if (line != NULL)
		mmap_string_free(line);
	return status;
}

enum td_status
imap_login_oauth(struct imap *imap, struct err *err)
{
	const struct conf_server *server = &imap->conf->conf.server;
	bool bearer = imap_has(imap, IMAP_CAN_OAUTHBEARER);
	enum td_status status;
	uint32_t number;
	char *access;

	if (!tls_is_secure(imap->stream) && !tls_is_loopback(imap->stream))
		return err_perm(err, "%s:%u: an access token goes over TLS only: set tls to "
		    "\"implicit\" or \"starttls\"", server->host, server->port);
	if (!bearer && !imap_has(imap, IMAP_CAN_XOAUTH2))
		return err_perm(err,
		    "%s:%u offers no login by OAuth2 (XOAUTH2 or OAUTHBEARER): use a "
		    "password",
		    server->host, server->port);
	do { /* a token that was renewed while the server refused it: the new one, at once */
		access = token_take(imap->conf->token, &number);
		if (access == NULL)
			return err_perm(err, "there is no access token for %s now", server->user);
		status = authenticate(imap, access, number, bearer, err);
		token_wipe(&access);
	} while (status == TD_PERM && token_is_newer(imap->conf->token, number));
	return status;
}
