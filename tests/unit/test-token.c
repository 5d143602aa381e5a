/* SPDX-License-Identifier: ISC */
/* Tests of model/token and store/token_key: what is in a token, and that nothing else passes. */
#include "tests/unit/store-fixture.h"

#include "daemon/model/token.h"
#include "daemon/store/setting.h"
#include "daemon/store/token_key.h"
#include "parsers/base/base32.h"
#include "parsers/digest.h"

#define DAY 86400
#define MAC_LEN 26

static const uint8_t key_a[TOKEN_KEY_BYTES] = "the first key of these tests....";
static const uint8_t key_b[TOKEN_KEY_BYTES] = "the second key of these tests...";
static const uint8_t key_c[TOKEN_KEY_BYTES] = "the third key of these tests....";
static const struct token plain = {7, TOKEN_ITEM, 41, TOKEN_REPLY, NOON / DAY + 30};

static struct token_keys
one_key(void)
{
	struct token_keys keys = {{0}, {0}};

	token_key_turn(&keys, key_a, NOON);
	return keys;
}

static enum token_verdict
read_text(const char *text, const struct token_keys *keys, struct token *token_r)
{
	return token_read(span_of(text), keys, NOON, token_r);
}

static bool
same(const struct token *a, const struct token *b)
{
	return a->person_id == b->person_id && a->about == b->about && a->id == b->id &&
	    a->scope == b->scope && a->last_day == b->last_day;
}

/* Each comes back as it was, in the case that a mail program makes of it. */
static void
test_round(void **state)
{
	static const struct {
		const char *name;
		struct token token;
		size_t len;
	} rows[] = {
	    {"an item", {7, TOKEN_ITEM, 41, TOKEN_REPLY, 20800}, 10 + MAC_LEN},
	    {"a digest", {7, TOKEN_DIGEST, 0, TOKEN_REPLY, 20800}, 10 + MAC_LEN},
	    {"two bytes", {128, TOKEN_ITEM, 300, TOKEN_REPLY, 20800}, 13 + MAC_LEN},
	    {"a question", {1, TOKEN_CONFIRM, NOON, TOKEN_RELEASE, 20800}, 16 + MAC_LEN},
	    {"the largest", {INT64_MAX, TOKEN_ITEM, INT64_MAX, TOKEN_RELEASE, 65535},
		TOKEN_TEXT_MAX},
	};
	const struct token_keys keys = one_key();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char text[TOKEN_TEXT_MAX + 1];
		struct token got;

		token_write(&keys, &rows[i].token, text);
		row_assert(strlen(text) == rows[i].len, rows[i].name);
		row_assert(read_text(text, &keys, &got) == TOKEN_VALID, rows[i].name);
		row_assert(same(&got, &rows[i].token), rows[i].name);
		for (size_t k = 0; text[k] != '\0'; k++) {
			row_assert((text[k] >= 'a' && text[k] <= 'z') ||
			    (text[k] >= '2' && text[k] <= '7'), rows[i].name);
			if (k % 2 == 0 && text[k] >= 'a')
				text[k] = (char)(text[k] - 'a' + 'A');
		}
		row_assert(read_text(text, &keys, &got) == TOKEN_VALID, rows[i].name);
	}
}

/* The mac of one token below the body of another, which differs in one field. */
static void
test_fields(void **state)
{
	static const struct {
		const char *name;
		struct token token;
	} rows[] = {
	    {"person", {8, TOKEN_ITEM, 41, TOKEN_REPLY, NOON / DAY + 30}},
	    {"about", {7, TOKEN_DIGEST, 41, TOKEN_REPLY, NOON / DAY + 30}},
	    {"id", {7, TOKEN_ITEM, 42, TOKEN_REPLY, NOON / DAY + 30}},
	    {"scope", {7, TOKEN_ITEM, 41, TOKEN_RELEASE, NOON / DAY + 30}},
	    {"last day", {7, TOKEN_ITEM, 41, TOKEN_REPLY, NOON / DAY + 31}},
	};
	const struct token_keys keys = one_key();
	char text[TOKEN_TEXT_MAX + 1], other[TOKEN_TEXT_MAX + 1];
	struct token got = {0};

	token_write(&keys, &plain, text);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		token_write(&keys, &rows[i].token, other);
		row_assert(read_text(other, &keys, &got) == TOKEN_VALID, rows[i].name);
		memcpy(other + strlen(other) - MAC_LEN, text + strlen(text) - MAC_LEN, MAC_LEN);
		row_assert(read_text(other, &keys, &got) == TOKEN_FORGED, rows[i].name);
	}
}

/* Any other letter at any place, one letter less and one more: never good. */
static void
test_letters(void **state)
{
	static const char abc[] = "abcdefghijklmnopqrstuvwxyz2345670189-=+ .";
	const struct token_keys keys = one_key();
	char text[TOKEN_TEXT_MAX + 2];
	struct token got;
	size_t n;

	token_write(&keys, &plain, text);
	n = strlen(text);
	for (size_t i = 0; i < n; i++) {
		char was = text[i];

		for (size_t k = 0; k + 1 < sizeof abc; k++) {
			text[i] = abc[k];
			if (abc[k] != was && read_text(text, &keys, &got) == TOKEN_VALID)
				fail_msg("letter %zu as '%c'", i, abc[k]);
		}
		text[i] = was;
	}
	for (size_t i = 0; i < n; i++) {
		assert_int_not_equal(token_read((struct span){text, i}, &keys, NOON, &got),
		    TOKEN_VALID);
		assert_int_not_equal(token_read((struct span){text + i + 1, n - i - 1}, &keys,
		    NOON, &got), TOKEN_VALID);
	}
	for (size_t k = 0; k + 1 < sizeof abc; k++) {
		text[n] = abc[k];
		text[n + 1] = '\0';
		assert_int_not_equal(read_text(text, &keys, &got), TOKEN_VALID);
	}
	assert_int_equal(token_read(SPAN(""), &keys, NOON, &got), TOKEN_MALFORMED);
}

/* What our key signed, and yet no token that we write. */
static void
test_shapes(void **state)
{
	static const struct {
		const char *name;
		uint8_t body[24];
		size_t n;
		enum token_verdict want;
	} rows[] = {
	    {"good", {0x10, 0x11, 7, 41, 0x51, 0x40}, 6, TOKEN_VALID},
	    {"another version", {0x20, 0x11, 7, 41, 0x51, 0x40}, 6, TOKEN_MALFORMED},
	    {"an unknown key", {0x15, 0x11, 7, 41, 0x51, 0x40}, 6, TOKEN_NO_KEY},
	    {"no such mail", {0x10, 0x71, 7, 41, 0x51, 0x40}, 6, TOKEN_MALFORMED},
	    {"no scope", {0x10, 0x10, 7, 41, 0x51, 0x40}, 6, TOKEN_MALFORMED},
	    {"no such scope", {0x10, 0x13, 7, 41, 0x51, 0x40}, 6, TOKEN_MALFORMED},
	    {"too short", {0x10, 0x11, 7, 0x51, 0x40}, 5, TOKEN_MALFORMED},
	    {"too long", {0x10, 0x11, 7, 41, 0, 0x51, 0x40}, 7, TOKEN_MALFORMED},
	    {"a number in two ways", {0x10, 0x11, 0x80, 7, 41, 0x51, 0x40}, 7, TOKEN_MALFORMED},
	    {"a number without an end", {0x10, 0x11, 7, 0xff, 0xff, 0xff, 0xff}, 7,
		TOKEN_MALFORMED},
	    {"a number too large", {0x10, 0x11, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		 0xff, 0x7f, 41, 0x51, 0x40}, 15, TOKEN_MALFORMED},
	};
	const struct token_keys keys = one_key();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint8_t mac[DIGEST_BYTES];
		char text[128];
		struct token got;

		digest_hmac((struct span){(const char *)key_a, sizeof key_a},
		    (struct span){(const char *)rows[i].body, rows[i].n}, mac);
		base32_write(rows[i].body, rows[i].n, text);
		base32_write(mac, 16, text + strlen(text));
		row_assert(read_text(text, &keys, &got) == rows[i].want, rows[i].name);
	}
}

/* To the end of its last day, and not a second more. */
static void
test_clock(void **state)
{
	const struct token_keys keys = one_key();
	struct token token = plain, got;
	char text[TOKEN_TEXT_MAX + 1];

	token.last_day = token_last_day(NOON);
	token_write(&keys, &token, text);
	assert_int_equal(token_read(span_of(text), &keys, NOON + 30 * DAY, &got), TOKEN_VALID);
	assert_int_equal(token_read(span_of(text), &keys, NOON + 30 * DAY + DAY / 2 - 1, &got),
	    TOKEN_VALID);
	assert_int_equal(token_read(span_of(text), &keys, NOON + 30 * DAY + DAY / 2, &got),
	    TOKEN_EXPIRED);
}

static void
test_keys(void **state)
{
	struct token_keys keys = one_key();
	struct token got;
	char old[TOKEN_TEXT_MAX + 1], young[TOKEN_TEXT_MAX + 1];

	assert_true(token_key_is_due(&(struct token_keys){{0}, {0}}, NOON));
	assert_false(token_key_is_due(&keys, NOON + 32 * DAY - 1));
	assert_true(token_key_is_due(&keys, NOON + 32 * DAY));
	token_write(&keys, &plain, old);
	token_key_turn(&keys, key_b, NOON);
	token_write(&keys, &plain, young);
	assert_string_not_equal(old, young);
	assert_int_equal(read_text(old, &keys, &got), TOKEN_VALID);
	assert_int_equal(read_text(young, &keys, &got), TOKEN_VALID);
	token_key_turn(&keys, key_c, NOON);
	assert_int_equal(read_text(old, &keys, &got), TOKEN_NO_KEY);
	assert_int_equal(read_text(young, &keys, &got), TOKEN_VALID);
	/* the numbers go round: an old one names another key by then */
	for (int i = 0; i < TOKEN_KEY_NUMBERS - 2; i++)
		token_key_turn(&keys, i % 2 == 0 ? key_b : key_c, NOON);
	assert_int_equal(keys.current.number, 0);
	assert_int_equal(read_text(old, &keys, &got), TOKEN_FORGED);
	assert_int_equal(read_text(old, &(struct token_keys){{0}, {0}}, &got), TOKEN_NO_KEY);
}

/* Whenever a token was made, its key is there until the token is over. */
static void
test_every_day(void **state)
{
	static char made[400][TOKEN_TEXT_MAX + 1];
	struct token_keys keys = {{0}, {0}};

	for (int64_t day = 0; day < 400; day++) {
		int64_t now = NOON + day * DAY + day * 3599 % DAY;
		struct token token = plain, got;

		if (token_key_is_due(&keys, now))
			token_key_turn(&keys, day % 2 == 0 ? key_a : key_b, now);
		token.last_day = token_last_day(now);
		token_write(&keys, &token, made[day]);
		for (int64_t old = 0; old <= day; old++) {
			int64_t then = NOON + old * DAY + old * 3599 % DAY;
			bool good = token_read(span_of(made[old]), &keys, now, &got) == TOKEN_VALID;

			if (good != (now / DAY <= then / DAY + 30))
				fail_msg("of day %d on day %d", (int)old, (int)day);
		}
	}
}

/* Whatever comes in the place of a token is refused. */
static void
test_random(void **state)
{
	static const char abc[] = "abcdefghijklmnopqrstuvwxyz234567ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const struct token_keys keys = one_key();
	uint64_t seed = 20261122;
	struct token got;

	for (int i = 0; i < 200000; i++) {
		char text[80];
		size_t n;

		seed = seed * 6364136223846793005u + 1442695040888963407u;
		n = (seed >> 33) % sizeof text;
		for (size_t k = 0; k < n; k++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			text[k] = i % 8 == 0 ? (char)(seed >> 40)
			    : abc[(seed >> 33) % (sizeof abc - 1)];
		}
		if (n > 4 && i % 2 == 0) /* as ours begin */
			memcpy(text, "caiq", 4);
		assert_int_not_equal(token_read((struct span){text, n}, &keys, NOON, &got),
		    TOKEN_VALID);
	}
}

/* ---- in the store ---------------------------------------------------------------------------- */

static void
test_store(void **state)
{
	struct fixture fx;
	struct token_keys keys, again;
	char text[TOKEN_TEXT_MAX + 1];
	struct token got;

	fixture_open(&fx);
	td_ok(&fx, token_keys_load(fx.db, fx.arena, &keys, &fx.err));
	assert_false(keys.current.is_set);
	td_ok(&fx, token_keys_now(fx.db, fx.arena, NOON, &keys, &fx.err));
	td_ok(&fx, token_keys_load(fx.db, fx.arena, &again, &fx.err));
	assert_true(again.current.is_set && !again.previous.is_set);
	assert_memory_equal(keys.current.bytes, again.current.bytes, TOKEN_KEY_BYTES);
	token_write(&keys, &plain, text);
	td_ok(&fx, token_keys_now(fx.db, fx.arena, NOON + 40 * DAY, &keys, &fx.err));
	assert_memory_equal(keys.previous.bytes, again.current.bytes, TOKEN_KEY_BYTES);
	assert_memory_not_equal(keys.current.bytes, again.current.bytes, TOKEN_KEY_BYTES);
	td_ok(&fx, token_keys_load(fx.db, fx.arena, &again, &fx.err));
	assert_int_equal(again.current.number, 1);
	assert_int_equal(token_read(span_of(text), &again, NOON, &got), TOKEN_VALID);
	/* what somebody wrote over it is no key, and the next mail makes one */
	td_ok(&fx, setting_set(fx.db, "token_keys", "1 abc 5", &fx.err));
	td_ok(&fx, token_keys_now(fx.db, fx.arena, NOON, &keys, &fx.err));
	assert_true(keys.current.is_set && !keys.previous.is_set);
	fixture_close(&fx);
}

static void
test_plus(void **state)
{
	struct fixture fx;
	bool works = true;

	fixture_open(&fx);
	td_ok(&fx, plus_address_works(fx.db, fx.arena, 1, "a@x", &works, &fx.err));
	assert_false(works);
	td_ok(&fx, plus_address_seen(fx.db, fx.arena, 1, "a@x", &fx.err));
	td_ok(&fx, plus_address_works(fx.db, fx.arena, 1, "a@x", &works, &fx.err));
	assert_true(works);
	td_ok(&fx, plus_address_works(fx.db, fx.arena, 2, "a@x", &works, &fx.err));
	assert_false(works);
	td_ok(&fx, plus_address_works(fx.db, fx.arena, 1, "b@x", &works, &fx.err));
	assert_false(works);
	fixture_close(&fx);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_round),
	    cmocka_unit_test(test_fields), cmocka_unit_test(test_letters),
	    cmocka_unit_test(test_shapes), cmocka_unit_test(test_clock),
	    cmocka_unit_test(test_keys), cmocka_unit_test(test_every_day),
	    cmocka_unit_test(test_random), cmocka_unit_test(test_store),
	    cmocka_unit_test(test_plus)};

	return cmocka_run_group_tests_name("token", tests, NULL, NULL);
}
