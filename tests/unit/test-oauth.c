/* SPDX-License-Identifier: ISC */
/* Tests of daemon/send/oauth: what an authorization server's answers mean, good and bad. */
#include "tests/unit/unit.h"

#include "daemon/send/oauth.h"

static const char *const secrets[] = {"hush-hush", NULL};

static const struct {
	long code;
	const char *body;
	enum oauth_result result;
	const char *says; /* in err, where it failed */
} answers[] = {
    {200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":60}", OAUTH_GRANTED,
        ""},
    {200, "{\"access_token\":\"a\",\"expires_in\":\"60\"}", OAUTH_GRANTED, ""},
    {200, "{\"access_token\":\"a\",\"token_type\":\"bearer\",\"expires_in\":60,"
	  "\"refresh_token\":\"r\"}", OAUTH_GRANTED, ""},
    {200, "{\"access_token\":\"a b\"}", OAUTH_TEMP, "no token"},
    {200, "{\"access_token\":\"a\\r\\nLOGOUT\"}", OAUTH_TEMP, "no token"},
    {200, "{\"access_token\":\"\"}", OAUTH_TEMP, "no token"},
    {200, "{\"access_token\":7}", OAUTH_TEMP, "no token"},
    {200, "{\"access_token\":\"a\",\"refresh_token\":\"r\\u0001\"}", OAUTH_TEMP, "no token"},
    {200, "{\"access_token\":\"a\",\"token_type\":\"mac\"}", OAUTH_TEMP, "another type"},
    {200, "{}", OAUTH_TEMP, "no token"},
    {200, "[]", OAUTH_TEMP, "no JSON"},
    {200, "", OAUTH_TEMP, "no JSON"},
    {200, "{\"access_token\":", OAUTH_TEMP, "no JSON"},
    {200, "{\"access_token\":\"a\",\"access_token\":\"b\"}", OAUTH_TEMP, "no JSON"},
    {400, "{\"error\":\"invalid_grant\"}", OAUTH_REVOKED, "invalid_grant"},
    {400, "{\"error\":\"invalid_grant\",\"error_description\":\"gone\\nfor good\"}",
	OAUTH_REVOKED, "invalid_grant (gone for good)"},
    {400, "{\"error\":\"invalid_grant\",\"error_description\":\"hush-hush is void\"}",
	OAUTH_REVOKED, "invalid_grant"},
    {400, "{\"error\":\"interaction_required\"}", OAUTH_REVOKED, "interaction_required"},
    {401, "{\"error\":\"invalid_client\"}", OAUTH_REFUSED, "correct client_id"},
    {400, "{\"error\":\"invalid_scope\"}", OAUTH_REFUSED, "--browser"},
    {428, "{\"error\":\"authorization_pending\"}", OAUTH_PENDING, ""},
    {403, "{\"error\":\"slow_down\"}", OAUTH_SLOW_DOWN, ""},
    {400, "{\"error\":\"expired_token\"}", OAUTH_EXPIRED, ""},
    {400, "{\"error\":\"access_denied\"}", OAUTH_DENIED, ""},
    {400, "{\"error\":\"authorization_declined\"}", OAUTH_DENIED, ""},
    {400, "{\"error\":\"hush-hush\"}", OAUTH_TEMP, "answers 400"},
    {400, "{\"error\":{}}", OAUTH_TEMP, "answers 400"},
    {400, "nothing", OAUTH_TEMP, "answers 400"},
    {302, "", OAUTH_TEMP, "answers 302"},
    {429, "{}", OAUTH_TEMP, "answers 429"},
    {500, "<html>", OAUTH_TEMP, "answers 500"},
    {503, "{\"error\":\"temporarily_unavailable\"}", OAUTH_TEMP, "503, temporarily_unavailable"},
};

static void
test_answers(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct arena *arena = arena_create();
		struct oauth_tokens tokens = {.access = NULL};
		struct err err = {""};
		enum oauth_result result = oauth_read_tokens(arena, answers[i].code,
		    span_of(answers[i].body), secrets, &tokens, &err);

		if (result != answers[i].result || strstr(err.text, answers[i].says) == NULL)
			fail_msg("%s: %d, %s", answers[i].body, (int)result, err.text);
		assert_null(strstr(err.text, "hush-hush"));
		assert_null(strchr(err.text, '\n'));
		if (result == OAUTH_GRANTED) {
			assert_string_equal(tokens.access, "a");
			assert_int_equal(tokens.expires_in, 60);
		} else {
			assert_null(tokens.access);
		}
		arena_destroy(&arena);
	}
}

static const struct {
	const char *expires;
	int64_t seconds;
} lives[] = {
    {"", 3600}, {",\"expires_in\":0", 1}, {",\"expires_in\":-5", 1},
    {",\"expires_in\":1e300", 366 * 86400}, {",\"expires_in\":99999999999999", 366 * 86400},
    {",\"expires_in\":\"x\"", 3600}, {",\"expires_in\":null", 3600}, {",\"expires_in\":12.9", 12},
};

static void
test_lives(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(lives); i++) {
		struct arena *arena = arena_create();
		char *body = arena_printf(arena, "{\"access_token\":\"a\"%s}", lives[i].expires);
		struct oauth_tokens tokens;
		struct err err;

		assert_int_equal(oauth_read_tokens(arena, 200, span_of(body), NULL, &tokens, &err),
		    OAUTH_GRANTED);
		assert_int_equal(tokens.expires_in, lives[i].seconds);
		arena_destroy(&arena);
	}
}

/* One as long as a token may be, and one that is a byte longer. */
static void
test_size(void **state)
{
	for (size_t more = 0; more < 2; more++) {
		struct arena *arena = arena_create();
		char *token = arena_alloc(arena, OAUTH_TOKEN_MAX + 2);
		struct oauth_tokens tokens;
		struct err err;

		memset(token, 'x', OAUTH_TOKEN_MAX + more);
		assert_int_equal(oauth_read_tokens(arena, 200, span_of(arena_printf(arena,
		    "{\"access_token\":\"%s\"}", token)), NULL, &tokens, &err),
		    more == 0 ? OAUTH_GRANTED : OAUTH_TEMP);
		arena_destroy(&arena);
	}
}

static const struct {
	const char *body;
	enum oauth_result result;
} devices[] = {
    {"{\"device_code\":\"d\",\"user_code\":\"W-X\",\"verification_uri\":\"https://e.org/d\"}",
	OAUTH_GRANTED},
    {"{\"device_code\":\"d\",\"user_code\":\"W-X\",\"verification_url\":\"https://e.org/d\"}",
	OAUTH_GRANTED}, /* Google */
    {"{\"device_code\":\"d\",\"user_code\":\"W-X\"}", OAUTH_TEMP},
    {"{\"device_code\":\"d\",\"verification_uri\":\"https://e.org/d\"}", OAUTH_TEMP},
    {"{\"device_code\":\"d d\",\"user_code\":\"W-X\",\"verification_uri\":\"https://e.org/d\"}",
	OAUTH_TEMP},
    {"{\"device_code\":\"d\",\"user_code\":\"W-X\",\"verification_uri\":\"https://e.org/\\u001b\"}",
	OAUTH_TEMP},
};

static void
test_devices(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(devices); i++) {
		struct arena *arena = arena_create();
		struct oauth_device device;
		struct err err;

		assert_int_equal(oauth_read_device(arena, 200, span_of(devices[i].body), &device,
		    &err), devices[i].result);
		if (devices[i].result == OAUTH_GRANTED) {
			assert_string_equal(device.uri, "https://e.org/d");
			assert_int_equal(device.interval, 5);
		}
		arena_destroy(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_answers), cmocka_unit_test(test_lives),
	    cmocka_unit_test(test_size), cmocka_unit_test(test_devices),
	};

	return cmocka_run_group_tests_name("oauth", tests, NULL, NULL);
}
