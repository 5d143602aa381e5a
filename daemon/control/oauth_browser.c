/* SPDX-License-Identifier: ISC */
/* oauth_browser: see oauth_browser.h. */
#include "config.h"

#include "daemon/control/oauth_browser.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/crypto.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include "parsers/base/buf.h"
#include "daemon/clock.h"

#define WAIT_MS 600000
#define REQUEST_MS 5000
#define REQUEST_MAX 8192

struct browser {
	struct arena *arena;
	int fd;             /* listens */
	const char *uri;    /* where the browser is sent back to */
	const char *state;  /* must come back with it */
	const char *verifier;
};

/* ---- texts ---------------------------------------------------------------------------------- */

static const char *
base64url(struct arena *arena, const void *bytes, size_t len)
{
	gnutls_datum_t raw = {(unsigned char *)(uintptr_t)bytes, (unsigned)len}, out = {NULL, 0};
	char *text = NULL;

	if (gnutls_base64_encode2(&raw, &out) != 0)
		return NULL;
	text = arena_strndup(arena, (char *)out.data, out.size);
	gnutls_free(out.data);
	for (char *p = text; *p; p++)
		*p = *p == '+' ? '-' : *p == '/' ? '_' : *p;
	text[strcspn(text, "=")] = '\0';
	return text;
}

static const char *
random_text(struct arena *arena)
{
	unsigned char bytes[32];

	return getrandom(bytes, sizeof bytes, 0) == sizeof bytes
	    ? base64url(arena, bytes, sizeof bytes) : NULL;
}

static const char *
challenge_of(struct arena *arena, const char *verifier)
{
	unsigned char digest[32];

	return gnutls_hash_fast(GNUTLS_DIG_SHA256, verifier, strlen(verifier), digest) == 0
	    ? base64url(arena, digest, sizeof digest) : NULL;
}

static void
put_parameter(struct buf *url, const char *name, const char *value)
{
	static const char hex[] = "0123456789ABCDEF";
	char mark = memchr(url->ptr, '?', url->len) != NULL ? '&' : '?';

	buf_putc(url, mark);
	buf_puts(url, name);
	buf_putc(url, '=');
	for (const unsigned char *p = (const unsigned char *)value; *p; p++) {
		if ((*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') ||
		    (*p >= 'a' && *p <= 'z') || strchr("-._~", *p) != NULL)
			buf_putc(url, (char)*p);
		else
			buf_printf(url, "%%%c%c", hex[*p >> 4], hex[*p & 15]);
	}
}

static const char *
address_of(struct browser *b, const struct conf_oauth *conf, const char *login)
{
	const char *out;
	struct buf url;

	buf_init(&url, 8192);
	buf_puts(&url, conf->authorize_url);
	put_parameter(&url, "response_type", "code");
	put_parameter(&url, "client_id", conf->client_id);
	put_parameter(&url, "redirect_uri", b->uri);
	if (conf->scope != NULL)
		put_parameter(&url, "scope", conf->scope);
	put_parameter(&url, "state", b->state);
	put_parameter(&url, "code_challenge", challenge_of(b->arena, b->verifier));
	put_parameter(&url, "code_challenge_method", "S256");
	put_parameter(&url, "login_hint", login);
	if (conf->provider == CONF_OAUTH_GOOGLE) {
		/* else it gives no refresh token, or only the first time */
		put_parameter(&url, "access_type", "offline");
		put_parameter(&url, "prompt", "consent");
	}
	out = url.over ? NULL : arena_span(b->arena, buf_span(&url));
	buf_release(&url);
	return out;
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 :
	    c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The value of name in "...?a=b&c=d", decoded; NULL if it is not there. */
static const char *
parameter(struct arena *arena, struct span url, const char *name)
{
	struct span rest = span_skip(url, span_find_byte(url, '?') + 1), field, key;
	char *out, *to;

	while (span_next_field(&rest, '&', &field)) {
		if (!span_next_field(&field, '=', &key) || !span_is(key, name))
			continue;
		to = out = arena_span(arena, field);
		for (size_t i = 0; i < field.len; i++, to++) {
			bool coded = field.ptr[i] == '%' && i + 2 < field.len &&
			    hex_digit(field.ptr[i + 1]) >= 0 && hex_digit(field.ptr[i + 2]) >= 0;

			*to = coded ? (char)(hex_digit(field.ptr[i + 1]) * 16 +
			    hex_digit(field.ptr[i + 2])) : field.ptr[i];
			i += coded ? 2 : 0;
		}
		*to = '\0';
		return out;
	}
	return NULL;
}

/* ---- waiting -------------------------------------------------------------------------------- */

static enum td_status
start_listening(struct browser *b, enum conf_oauth_provider provider, struct err *err)
{
	struct sockaddr_in addr = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof addr;

	b->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (b->fd < 0 || bind(b->fd, (struct sockaddr *)&addr, sizeof addr) < 0 ||
	    listen(b->fd, 4) < 0 || getsockname(b->fd, (struct sockaddr *)&addr, &len) < 0)
		return err_temp(err, "cannot listen on loopback: %s", strerror(errno));
	/* Microsoft lets the port be any for the one name only, the others for the address */
	b->uri = arena_printf(b->arena, "http://%s:%u/",
	    provider == CONF_OAUTH_MICROSOFT ? "localhost" : "127.0.0.1",
	    (unsigned)ntohs(addr.sin_port));
	return TD_OK;
}

/* The first line of a request, which is all that counts. */
static struct span
read_request(struct browser *b, int fd)
{
	char *bytes = arena_alloc(b->arena, REQUEST_MAX);
	int64_t deadline = clock_monotonic_ms() + REQUEST_MS, left;
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	struct span line = {bytes, 0};
	ssize_t n;

	while (line.len < REQUEST_MAX && memchr(bytes, '\n', line.len) == NULL) {
		left = deadline - clock_monotonic_ms();
		if (left <= 0 || poll(&pfd, 1, (int)left) <= 0 ||
		    (n = recv(fd, bytes + line.len, REQUEST_MAX - line.len, 0)) <= 0)
			break;
		line.len += (size_t)n;
	}
	return span_first(line, span_find_byte(line, '\n'));
}

static void
answer(int fd, bool good)
{
	char text[300];
	const char *says = good ? "Done. You may close this window."
				: "That was not the answer that is waited for.";
	int n = snprintf(text, sizeof text,
	    "HTTP/1.1 %s\r\nContent-Type: text/plain\r\n"
	    "Content-Length: %zu\r\nConnection: close\r\n\r\n%s",
	    good ? "200 OK" : "400 Bad Request", strlen(says), says);

	(void)!send(fd, text, (size_t)n, MSG_NOSIGNAL);
}

/* False: it is no answer to our question. code_r NULL: the person said no. */
static bool
take_answer(struct browser *b, struct span url, const char **code_r)
{
	const char *state = parameter(b->arena, url, "state");

	if (state == NULL || strcmp(state, b->state) != 0)
		return false;
	*code_r = parameter(b->arena, url, "code");
	return *code_r != NULL || parameter(b->arena, url, "error") != NULL;
}

static bool
take_connection(struct browser *b, const char **code_r)
{
	int fd = accept4(b->fd, NULL, NULL, SOCK_CLOEXEC);
	struct span line, word, url = {"", 0};
	bool good;

	if (fd < 0)
		return false;
	line = read_request(b, fd);
	good = span_next_word(&line, &word) && span_is(word, "GET") &&
	    span_next_word(&line, &url) && take_answer(b, url, code_r);
	answer(fd, good);
	close(fd);
	return good;
}

static bool
take_paste(struct browser *b, struct pollfd *in, const char **code_r)
{
	char line[REQUEST_MAX];

	if (fgets(line, sizeof line, stdin) == NULL) {
		in->fd = -1; /* nobody pastes anything */
		return false;
	}
	if (take_answer(b, span_trim(span_of(arena_strdup(b->arena, line))), code_r))
		return true;
	fputs("That is not the address that the browser ended at; paste it whole: ", stderr);
	return false;
}

static enum oauth_result
wait_for_code(struct browser *b, const char **code_r, struct err *err)
{
	int64_t deadline = clock_monotonic_ms() + WAIT_MS, left;
	struct pollfd fds[2] = {{.fd = b->fd, .events = POLLIN},
	    {.fd = STDIN_FILENO, .events = POLLIN}};

	while ((left = deadline - clock_monotonic_ms()) > 0) {
		if (poll(fds, 2, (int)left) < 0 && errno != EINTR)
			break;
		if (((fds[0].revents & POLLIN) != 0 && take_connection(b, code_r)) ||
		    (fds[1].revents != 0 && take_paste(b, &fds[1], code_r))) {
			if (*code_r != NULL)
				return OAUTH_GRANTED;
			(void)err_perm(err, "the log-in was refused in the browser");
			return OAUTH_DENIED;
		}
	}
	(void)err_temp(err, "nobody logged in within ten minutes");
	return OAUTH_EXPIRED;
}

enum oauth_result
oauth_browser(struct arena *arena, const struct oauth_client *client, const char *login,
    struct oauth_tokens *tokens_r, struct err *err)
{
	struct browser b = {.arena = arena, .fd = -1, .state = random_text(arena),
	    .verifier = random_text(arena)};
	enum oauth_result result = OAUTH_REFUSED;
	const char *url = NULL, *code = NULL;

	if (client->conf->authorize_url == NULL)
		(void)err_perm(err, "oauth %s: authorize_url is missing", client->conf->name);
	else if (b.state != NULL && b.verifier != NULL &&
	    start_listening(&b, client->conf->provider, err) == TD_OK)
		url = address_of(&b, client->conf, login);
	if (url != NULL) {
		fprintf(stderr, "Open this address in a browser, and log in as %s:\n\n%s\n\nIf the "
		    "browser runs on another machine, it ends at a page that cannot be shown:\n"
		    "paste the address of that page here: ", login, url);
		result = wait_for_code(&b, &code, err);
		fputc('\n', stderr);
	}
	if (result == OAUTH_GRANTED)
		result = oauth_code(arena, client, code, b.uri, b.verifier, tokens_r, err);
	if (b.fd >= 0)
		close(b.fd);
	return result;
}
