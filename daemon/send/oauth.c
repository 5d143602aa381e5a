/* SPDX-License-Identifier: ISC */
/* oauth: see oauth.h. */
#include "config.h"

#include "daemon/send/oauth.h"

#include <string.h>

#include <jansson.h>

#include "parsers/base/num.h"
#include "daemon/send/http.h"

#define GRANT_DEVICE "urn:ietf:params:oauth:grant-type:device_code"
#define WORDS_MAX 200
#define DAY 86400

/* ---- words of the server ------------------------------------------------------------------- */

/* One line of printable ASCII, in the arena; NULL if it holds a secret. */
static const char *
clean(struct arena *arena, const char *text, const char *const *secrets)
{
	char *out;

	for (; secrets != NULL && *secrets != NULL; secrets++)
		if (**secrets != '\0' && strstr(text, *secrets) != NULL)
			return NULL;
	out = arena_strndup(arena, text, strnlen(text, WORDS_MAX));
	for (char *p = out; *p; p++)
		if (*p < 0x20 || *p > 0x7e)
			*p = ' ';
	return out;
}

/* A token goes into commands: printable ASCII without spaces, and not too long. */
static bool
is_token(const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;

	for (size_t i = 0; i < len; i++)
		if (text[i] <= 0x20 || text[i] > 0x7e)
			return false;
	return len > 0 && len <= OAUTH_TOKEN_MAX;
}

static const char *
string_of(struct arena *arena, const json_t *json, const char *key)
{
	return arena_strdup(arena, json_string_value(json_object_get(json, key)));
}

/* Some servers put their numbers into quotes. */
static int64_t
number_of(const json_t *json, const char *key, int64_t least, int64_t most, int64_t otherwise)
{
	const json_t *value = json_object_get(json, key);
	int64_t n = otherwise;

	if (json_is_number(value))
		n = json_number_value(value) > (double)most ? most
							    : (int64_t)json_number_value(value);
	else if (json_is_string(value) &&
	    !num_i64(span_of(json_string_value(value)), 0, most, &n))
		n = otherwise;
	return n < least ? least : n > most ? most : n;
}

/* ---- errors (RFC 6749, 5.2; RFC 8628, 3.5) ------------------------------------------------- */

static const struct {
	const char *name;
	enum oauth_result result;
	const char *remedy; /* what to do */
} errors[] = {
    {"authorization_pending", OAUTH_PENDING, NULL},
    {"slow_down", OAUTH_SLOW_DOWN, NULL},
    {"expired_token", OAUTH_EXPIRED, NULL},
    {"code_expired", OAUTH_EXPIRED, NULL},           /* Microsoft */
    {"access_denied", OAUTH_DENIED, NULL},
    {"authorization_declined", OAUTH_DENIED, NULL},  /* Microsoft */
    {"invalid_grant", OAUTH_REVOKED, NULL},
    {"interaction_required", OAUTH_REVOKED, NULL},   /* Microsoft */
    {"login_required", OAUTH_REVOKED, NULL},
    {"consent_required", OAUTH_REVOKED, NULL},
    {"invalid_client", OAUTH_REFUSED, "correct client_id or the client's secret"},
    {"unauthorized_client", OAUTH_REFUSED, "let the client use this kind of log-in there"},
    {"unsupported_grant_type", OAUTH_REFUSED, "the server has no such kind of log-in"},
    {"invalid_scope", OAUTH_REFUSED, "the client may not ask for this scope this way; try "
	"--browser, or correct scope"},
    {"invalid_request", OAUTH_REFUSED, "look at the oauth group of the configuration"},
};

static enum oauth_result
read_error(struct arena *arena, long code, const json_t *json, const char *const *secrets,
    struct err *err)
{
	const char *name = json_string_value(json_object_get(json, "error"));
	const char *says = json_string_value(json_object_get(json, "error_description"));

	says = says != NULL ? clean(arena, says, secrets) : NULL;
	for (size_t i = 0; name != NULL && i < sizeof errors / sizeof *errors; i++) {
		if (strcmp(errors[i].name, name) != 0)
			continue;
		(void)err_perm(err, "%s%s%s%s%s%s", name, says != NULL ? " (" : "",
		    says != NULL ? says : "", says != NULL ? ")" : "",
		    errors[i].remedy != NULL ? ": " : "",
		    errors[i].remedy != NULL ? errors[i].remedy : "");
		return errors[i].result;
	}
	name = name != NULL ? clean(arena, name, secrets) : NULL;
	(void)err_temp(err, "the authorization server answers %ld%s%s", code,
	    name != NULL ? ", " : "", name != NULL ? name : "");
	return OAUTH_TEMP;
}

static json_t *
load(struct span body)
{
	json_t *json = json_loadb(body.ptr, body.len, JSON_REJECT_DUPLICATES, NULL);

	if (json_is_object(json))
		return json;
	json_decref(json);
	return NULL;
}

enum oauth_result
oauth_read_tokens(struct arena *arena, long code, struct span body, const char *const *secrets,
    struct oauth_tokens *tokens_r, struct err *err)
{
	json_t *json = load(body);
	const char *type = json_string_value(json_object_get(json, "token_type"));
	struct oauth_tokens tokens = {.access = string_of(arena, json, "access_token"),
	    .refresh = string_of(arena, json, "refresh_token"),
	    .expires_in = number_of(json, "expires_in", 1, 366 * DAY, 3600)};
	enum oauth_result result = OAUTH_TEMP;

	if (code != 200)
		result = read_error(arena, code, json, secrets, err);
	else if (json == NULL)
		(void)err_temp(err, "the authorization server gives no JSON object");
	else if (!is_token(tokens.access) || (tokens.refresh != NULL && !is_token(tokens.refresh)))
		(void)err_temp(err, "the authorization server gives no token that can be used");
	else if (type != NULL && !span_iis(span_of(type), "bearer"))
		(void)err_temp(err, "the authorization server gives a token of another type");
	else
		result = OAUTH_GRANTED;
	json_decref(json);
	if (result == OAUTH_GRANTED)
		*tokens_r = tokens;
	return result;
}

enum oauth_result
oauth_read_device(struct arena *arena, long code, struct span body, struct oauth_device *device_r,
    struct err *err)
{
	json_t *json = load(body);
	struct oauth_device device = {.device_code = string_of(arena, json, "device_code"),
	    .user_code = string_of(arena, json, "user_code"),
	    .uri = string_of(arena, json, "verification_uri"),
	    .whole_uri = string_of(arena, json, "verification_uri_complete"),
	    .expires_in = number_of(json, "expires_in", 1, DAY, 600),
	    .interval = number_of(json, "interval", 1, 600, 5)};
	enum oauth_result result = OAUTH_TEMP;

	if (device.uri == NULL)
		device.uri = string_of(arena, json, "verification_url"); /* Google */
	if (code != 200)
		result = read_error(arena, code, json, NULL, err);
	else if (!is_token(device.device_code) || !is_token(device.uri) ||
	    device.user_code == NULL || device.user_code[0] == '\0')
		(void)err_temp(err, "the authorization server gives no code to log in with");
	else
		result = OAUTH_GRANTED;
	json_decref(json);
	if (result != OAUTH_GRANTED)
		return result;
	device.user_code = clean(arena, device.user_code, NULL);
	if (device.whole_uri != NULL && !is_token(device.whole_uri))
		device.whole_uri = NULL;
	*device_r = device;
	return OAUTH_GRANTED;
}

/* ---- requests ------------------------------------------------------------------------------ */

static enum oauth_result
ask(struct arena *arena, const struct oauth_client *client, const char *url,
    const struct http_field *fields, size_t n, struct http_answer *answer_r, struct err *err)
{
	const struct http_server server = {url, client->conf->ca_file, client->conf->timeout};

	if (url == NULL) {
		(void)err_perm(err, "oauth %s has no address for this kind of log-in; set "
		    "device_url or authorize_url", client->conf->name);
		return OAUTH_REFUSED;
	}
	return http_post(arena, &server, fields, n, answer_r, err) == TD_OK ? OAUTH_GRANTED
									     : OAUTH_TEMP;
}

static enum oauth_result
ask_tokens(struct arena *arena, const struct oauth_client *client, const struct http_field *fields,
    size_t n, const char *const *secrets, struct oauth_tokens *tokens_r, struct err *err)
{
	struct http_answer answer;
	enum oauth_result result =
	    ask(arena, client, client->conf->token_url, fields, n, &answer, err);

	if (result != OAUTH_GRANTED)
		return result;
	result = oauth_read_tokens(arena, answer.code, answer.body, secrets, tokens_r, err);
	explicit_bzero((char *)(uintptr_t)answer.body.ptr, answer.body.len);
	if (result == OAUTH_TEMP)
		tokens_r->retry_after = answer.retry_after;
	return result;
}

#define ASK(fields, ...)                                                                           \
	ask_tokens(arena, client, fields, sizeof(fields) / sizeof *(fields),                       \
	    (const char *const[]){__VA_ARGS__, NULL}, tokens_r, err)

static const char *
secret_of(const struct oauth_client *client)
{
	return client->secret != NULL ? client->secret : "";
}

enum oauth_result
oauth_refresh(struct arena *arena, const struct oauth_client *client, const char *refresh_token,
    struct oauth_tokens *tokens_r, struct err *err)
{
	const struct http_field fields[] = {{"grant_type", "refresh_token"},
	    {"client_id", client->conf->client_id}, {"client_secret", client->secret},
	    {"refresh_token", refresh_token}};

	return ASK(fields, refresh_token, secret_of(client));
}

enum oauth_result
oauth_device_begin(struct arena *arena, const struct oauth_client *client,
    struct oauth_device *device_r, struct err *err)
{
	const struct http_field fields[] = {{"client_id", client->conf->client_id},
	    {"scope", client->conf->scope}};
	struct http_answer answer;
	enum oauth_result result =
	    ask(arena, client, client->conf->device_url, fields, 2, &answer, err);

	if (result == OAUTH_GRANTED)
		result = oauth_read_device(arena, answer.code, answer.body, device_r, err);
	return result;
}

enum oauth_result
oauth_device_ask(struct arena *arena, const struct oauth_client *client, const char *device_code,
    struct oauth_tokens *tokens_r, struct err *err)
{
	const struct http_field fields[] = {{"grant_type", GRANT_DEVICE},
	    {"client_id", client->conf->client_id}, {"client_secret", client->secret},
	    {"device_code", device_code}};

	return ASK(fields, device_code, secret_of(client));
}

enum oauth_result
oauth_code(struct arena *arena, const struct oauth_client *client, const char *code,
    const char *redirect_uri, const char *verifier, struct oauth_tokens *tokens_r,
    struct err *err)
{
	const struct http_field fields[] = {{"grant_type", "authorization_code"},
	    {"client_id", client->conf->client_id}, {"client_secret", client->secret},
	    {"code", code}, {"redirect_uri", redirect_uri}, {"code_verifier", verifier}};

	return ASK(fields, code, verifier, secret_of(client));
}
