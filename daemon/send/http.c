/* SPDX-License-Identifier: ISC */
/* http: see http.h. A handle an exchange: they are rare, and nothing is left to be reused. */
#include "config.h"

#include "daemon/send/http.h"

#include <string.h>

#include <curl/curl.h>

#include "parsers/base/buf.h"

#define FORM_MAX (64u * 1024)

static void
put_escaped(struct buf *form, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";

	for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
		if ((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') ||
		    (*p >= 'A' && *p <= 'Z') || strchr("-._~", *p) != NULL) {
			buf_putc(form, (char)*p);
		} else {
			buf_putc(form, '%');
			buf_putc(form, hex[*p >> 4]);
			buf_putc(form, hex[*p & 15]);
		}
	}
}

static void
put_form(struct buf *form, const struct http_field *fields, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (fields[i].value == NULL)
			continue;
		if (form->len > 0)
			buf_putc(form, '&');
		put_escaped(form, fields[i].name);
		buf_putc(form, '=');
		put_escaped(form, fields[i].value);
	}
}

static size_t
on_body(char *bytes, size_t size, size_t n, void *user)
{
	struct buf *body = user;

	buf_put(body, bytes, size * n);
	return body->over ? 0 : size * n;
}

static struct curl_slist *
set_up(CURL *easy, const struct http_server *server, const struct buf *form, struct buf *body,
    char *text)
{
	struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");

	curl_easy_setopt(easy, CURLOPT_URL, server->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (server->ca_file != NULL) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, server->ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)server->timeout);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)form->len);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, form->ptr);
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "tidings/" PACKAGE_VERSION);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, body);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, text);
	return headers;
}

static enum td_status
explain(const struct http_server *server, CURLcode rc, const char *text, const struct buf *body,
    struct err *err)
{
	const char *why = text[0] != '\0' ? text : curl_easy_strerror(rc);

	if (body->over)
		return err_temp(err, "%.200s: the answer is larger than %u bytes", server->url,
		    HTTP_ANSWER_MAX);
	if (rc == CURLE_OPERATION_TIMEDOUT)
		return err_temp(err, "%.200s: no answer within %u seconds", server->url,
		    server->timeout);
	if (rc == CURLE_PEER_FAILED_VERIFICATION)
		return err_temp(err, "%.200s: its certificate is not trusted (%.150s)", server->url,
		    why);
	return err_temp(err, "%.200s: cannot be asked (%.200s)", server->url, why);
}

enum td_status
http_post(struct arena *arena, const struct http_server *server, const struct http_field *fields,
    size_t n, struct http_answer *answer_r, struct err *err)
{
	char text[CURL_ERROR_SIZE] = "";
	struct curl_slist *headers;
	struct buf form, body;
	enum td_status status;
	curl_off_t wait = 0;
	CURLcode rc;
	CURL *easy;

	curl_global_init(CURL_GLOBAL_DEFAULT);
	easy = curl_easy_init();
	if (easy == NULL)
		return err_temp(err, "curl could not be set up");
	buf_init(&form, FORM_MAX);
	buf_init(&body, HTTP_ANSWER_MAX);
	put_form(&form, fields, n);
	headers = set_up(easy, server, &form, &body, text);
	rc = form.over ? CURLE_OUT_OF_MEMORY : curl_easy_perform(easy);
	if (rc == CURLE_OK) {
		struct http_answer answer = {.code = 0};

		curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer.code);
		curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &wait);
		answer.retry_after = wait > 0 && wait < 86400 ? (long)wait : 0;
		answer.body = span_of(arena_span(arena, buf_span(&body)));
		answer.body.len = body.len;
		*answer_r = answer;
		status = TD_OK;
	} else {
		status = explain(server, rc, text, &body, err);
	}
	curl_easy_cleanup(easy);
	curl_slist_free_all(headers);
	if (form.ptr != NULL)
		explicit_bzero(form.ptr, form.len);
	if (body.ptr != NULL)
		explicit_bzero(body.ptr, body.len);
	buf_release(&form);
	buf_release(&body);
	curl_global_cleanup();
	return status;
}
