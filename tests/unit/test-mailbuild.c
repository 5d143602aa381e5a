/* SPDX-License-Identifier: ISC */
/*
 * Tests of compose/mailbuild and mailenc: encodings against known forms and against GMime's
 * reading of them, and everything that may not pass into a header or an address.
 */
#include "tests/unit/unit.h"

#include <gmime/gmime.h>

#include "daemon/compose/mailbuild.h"
#include "daemon/compose/mailenc.h"
#include "parsers/base/buf.h"

static struct mail
good_mail(void)
{
	return (struct mail){.from = {"Platform via tidings", "platform@example.org"},
	    .to = {"Ana Lima", "ana@example.org"}, .subject = "Hello", .date = 1795505400,
	    .mid = "a.b@example.org", .loop = "platform@example.org", .text = SPAN("Hi\n"),
	    .boundary = "abcdefgh"};
}

/* ---- encodings ---- */

static void
test_qp(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"plain\n", "plain\r\n"},
	    {"no end", "no end\r\n"},
	    {"", ""},
	    {"a=b", "a=3Db\r\n"},
	    {"blank at the end \n", "blank at the end=20\r\n"},
	    {"tab\t\nx", "tab=09\r\nx\r\n"},
	    {"-- \nx", "--=20\r\nx\r\n"},
	    {".\n..\nx.", "=2E\r\n=2E.\r\nx.\r\n"},
	    {"From here\nfrom\nFromage", "=46rom here\r\nfrom\r\nFromage\r\n"},
	    {"Zo\xc3\xab", "Zo=C3=AB\r\n"},
	    {"a\r\nb\rc\n\nd", "a\r\nb\r\nc\r\n\r\nd\r\n"},
	    {"nul and bell\a gone\x7f", "nul and bell gone\r\n"},
	    {"bad \xff\xc3 utf-8", "bad =EF=BF=BD=EF=BF=BD utf-8\r\n"},
	    {"nel\xc2\x85x", "nelx\r\n"},
	    /* 76 fit; 77 do not: cut after 75. */
	    {"1234567890123456789012345678901234567890123456789012345678901234567890123456",
	        "1234567890123456789012345678901234567890123456789012345678901234567890123456\r\n"},
	    {"12345678901234567890123456789012345678901234567890123456789012345678901234567",
	        "123456789012345678901234567890123456789012345678901234567890123456789012345=\r\n"
	        "67\r\n"},
	    /* A character of three octets is not cut, and a dot that comes to the front is
	     * coded. */
	    {"123456789012345678901234567890123456789012345678901234567890123456789\xe2\x82\xac",
	        "123456789012345678901234567890123456789012345678901234567890123456789=\r\n"
	        "=E2=82=AC\r\n"},
	    {"123456789012345678901234567890123456789012345678901234567890123456789012345.x",
	        "123456789012345678901234567890123456789012345678901234567890123456789012345=\r\n"
	        "=2Ex\r\n"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *arena = arena_create();
		struct buf out;

		buf_init(&out, 1000);
		mailenc_qp(&out, mailenc_text(arena, span_of(rows[i].text)));
		if (strcmp(out.ptr, rows[i].want) != 0)
			fail_msg("row %zu <%s> gave <%s>", i, rows[i].text, out.ptr);
		buf_release(&out);
		arena_destroy(&arena);
	}
}

static void
test_base64(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"", ""}, {"f", "Zg==\r\n"}, {"fo", "Zm8=\r\n"}, {"foo", "Zm9v\r\n"},
	    {"foob", "Zm9vYg==\r\n"}, {"fooba", "Zm9vYmE=\r\n"}, {"foobar", "Zm9vYmFy\r\n"},
	    {"123456789012345678901234567890123456789012345678901234567x",
	        "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3"
	        "\r\neA==\r\n"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out;

		buf_init(&out, 1000);
		mailenc_base64(&out, span_of(rows[i].text));
		row_assert(strcmp(out.ptr, rows[i].want) == 0, rows[i].text);
		buf_release(&out);
	}
}

/* Each word at most 75 octets, each a whole number of characters. */
static void
check_words(const char *header, const char *row)
{
	struct span rest = span_of(header), line;

	while (span_next_line(&rest, &line)) {
		row_assert(line.len <= 78, row);
		for (size_t at; (at = span_find(line, SPAN("=?"))) < line.len;) {
			size_t end = span_find(span_skip(line, at + 10), SPAN("?="));

			row_assert(end + 12 <= 75, row);
			line = span_skip(line, at + end + 12);
		}
	}
}

static void
test_words(void **state)
{
	static const struct {
		const char *text, *want; /* want NULL: only what GMime reads matters */
	} rows[] = {
	    {"plain", "=?UTF-8?Q?plain?="},
	    {"Zo\xc3\xab", "=?UTF-8?Q?Zo=C3=AB?="},
	    {"a_b=c?d e", "=?UTF-8?B?YV9iPWM/ZCBl?="},
	    {"\xe6\x97\xa5\xe6\x9c\xac", "=?UTF-8?B?5pel5pys?="},
	    {"gr\xc3\xbc\xc3\x9f" "e, Ben", "=?UTF-8?B?Z3LDvMOfZSwgQmVu?="},
	    {"\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x81\xae\xe4\xbb\xb6\xe5\x90\x8d\xe3\x81\xaf"
	     "\xe9\x95\xb7\xe3\x81\x8f\xe3\x81\xa6\xe4\xb8\x80\xe8\xa1\x8c\xe3\x81\xab\xe5\x85\xa5"
	     "\xe3\x82\x89\xe3\x81\xaa\xe3\x81\x84\xe3\x81\x93\xe3\x81\xa8\xe3\x81\x8c\xe3\x81\x82"
	     "\xe3\x82\x8b", NULL},
	    /* Padding between two base64 words would end the text for some readers. */
	    {"Gr\xc3\xb6\xc3\x9f" "e: ein!Betreff,ex\xc3\xab - a???le.oZo\xc3\xab - ?", NULL},
	    {"ein Satz mit \xc3\xa4, der so lang ist, dass er auf mehrere Zeilen kommt und dabei "
	     "nichts verliert, auch keine  doppelten  Leerzeichen", NULL},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out;
		char *decoded;

		buf_init(&out, 2000);
		buf_puts(&out, "Subject: ");
		mailenc_words(&out, span_of(rows[i].text), out.len);
		if (rows[i].want != NULL && strcmp(out.ptr + 9, rows[i].want) != 0)
			fail_msg("%s gave %s", rows[i].text, out.ptr + 9);
		check_words(out.ptr, rows[i].text);
		decoded = g_mime_utils_header_decode_text(NULL, out.ptr + 9);
		row_assert(strcmp(decoded, rows[i].text) == 0, rows[i].text);
		g_free(decoded);
		buf_release(&out);
	}
}

/* ---- headers, as another program reads them ---- */

static GMimeMessage *
parse(struct span bytes)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.ptr, bytes.len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

	g_object_unref(parser);
	g_object_unref(stream);
	assert_non_null(message);
	return message;
}

static void
test_read_back(void **state)
{
	static const char *const texts[] = {
	    "Ana", "Ana Lima", "Lima, Ana", "Ana \"the one\" Lima", "back\\slash", "a <b@c> d",
	    "Zo\xc3\xab K\xc3\xb6hler", "=?UTF-8?Q?not_a_word?=", "comma, semicolon; (comment)",
	    "\xd7\x90\xd7\xa0\xd7\x94", "\xf0\x9f\x93\xac mail", "a  b", ".", "a.b",
	    "a name that is so long that it does not fit on the line of its header, which has 78",
	    "averyveryveryveryveryveryveryveryveryveryveryveryveryveryveryverylongwordthatisnotcut",
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct arena *arena = arena_create();
		struct mail mail = good_mail();
		GMimeMessage *message;
		InternetAddress *to;
		struct span bytes;
		struct err err = {""};

		mail.to.name = mail.subject = texts[i];
		if (mail_build(arena, &mail, &bytes, NULL, &err) != TD_OK)
			fail_msg("%s: %s", texts[i], err.text);
		message = parse(bytes);
		if (strcmp(g_mime_message_get_subject(message), texts[i]) != 0)
			fail_msg("<%s> became <%s>", texts[i], g_mime_message_get_subject(message));
		to = internet_address_list_get_address(g_mime_message_get_to(message), 0);
		if (strcmp(internet_address_get_name(to), texts[i]) != 0)
			fail_msg("<%s> became <%s>", texts[i], internet_address_get_name(to));
		row_assert(strcmp(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(to)),
		    "ana@example.org") == 0, texts[i]);
		g_object_unref(message);
		arena_destroy(&arena);
	}
}

/* ---- what is refused ---- */

static void
refuse(const struct mail *mail, const char *field, const char *row)
{
	struct arena *arena = arena_create();
	struct span bytes = SPAN("untouched");
	struct err err = {""};

	row_assert(mail_build(arena, mail, &bytes, NULL, &err) == TD_PERM, row);
	row_assert(span_is(bytes, "untouched"), row);
	if (!span_starts(span_of(err.text), span_of(field)))
		fail_msg("%s: says '%s'", row, err.text);
	arena_destroy(&arena);
}

static void
test_injection(void **state)
{
	static const char *const bad[] = {
	    "x\r\nBcc: eve@example.net", "x\nBcc: eve@example.net", "x\rBcc: eve", "x\r\n\r\nbody",
	    "x\x01", "x\x7f", "x\x1b[31m", "x\ty", "x\xc2\x85y", "x\xe2\x80\xa8y", "\xff\xfe",
	    "\xc0\x8d\xc0\x8a", "x\xed\xa0\x80",
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct mail mail;
#define REFUSE(field, member)                                                                      \
	(mail = good_mail(), mail.member = bad[i], refuse(&mail, field, bad[i]))
		REFUSE("From name", from.name);
		REFUSE("To name", to.name);
		REFUSE("From", from.address);
		REFUSE("To", to.address);
		REFUSE("Reply-To", reply_to);
		REFUSE("Subject", subject);
		REFUSE("Message-ID", mid);
		REFUSE("In-Reply-To", in_reply_to);
		REFUSE("X-Tidings-Loop", loop);
		REFUSE("List-Id name", list_name);
		REFUSE("List-Id", list_id);
		REFUSE("List-Unsubscribe", list_unsubscribe);
		REFUSE("List-Help", list_help);
		REFUSE("List-Post", list_post);
		REFUSE("Content-Language", lang);
		REFUSE("boundary", boundary);
		mail = good_mail();
		mail.references[mail.n_references++] = bad[i];
		refuse(&mail, "References", bad[i]);
		mail = good_mail();
		mail.html = mail.calendar = SPAN("x");
		mail.method = bad[i];
		refuse(&mail, "method", bad[i]);
	}
}

static void
test_addresses(void **state)
{
	static const struct {
		const char *address;
		bool good;
	} rows[] = {
	    {"ana@example.org", true}, {"a.b+tag@example.org", true},
	    {"a!#$%&'*/=?^_`{|}~-@x", true},
	    {"", false}, {"ana", false}, {"@example.org", false}, {"ana@", false},
	    {"ana@@example.org", false}, {"a b@example.org", false}, {".a@example.org", false},
	    {"a.@example.org", false}, {"a..b@example.org", false}, {"ana@-.-", true},
	    {"ana@.example.org", false}, {"ana@example..org", false}, {"ana@example.org.", false},
	    {"\"a b\"@example.org", false}, {"ana@[127.0.0.1]", false},
	    {"<ana@example.org>", false},
	    {"ana@example.org> SIZE=1", false}, {"ana@example.org,eve@example.net", false},
	    {"zo\xc3\xab@example.org", false}, {"ana@b\xc3\xbc" "cher.example", false},
	    {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg@x", false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct err err = {""};

		row_assert((mail_check_address("To", rows[i].address, &err) == TD_OK) ==
		    rows[i].good, rows[i].address);
		row_assert(rows[i].good == (err.text[0] == '\0'), rows[i].address);
	}
}

static void
test_ids(void **state)
{
	assert_true(mail_good_id("a.b@example.org"));
	assert_true(mail_good_id("CAF=x+y_z/1@mail.gmail.com"));
	assert_true(mail_good_id("x@[192.0.2.1]"));
	assert_false(mail_good_id(""));
	assert_false(mail_good_id("no-at"));
	assert_false(mail_good_id("a b@c"));
	assert_false(mail_good_id("a@b> <c@d"));
	assert_false(mail_good_id("a@b\r\nX: y"));
	assert_false(mail_good_id("@b"));
	assert_false(mail_good_id("a@"));
}

static void
test_size(void **state)
{
	struct arena *arena = arena_create();
	struct mail mail = good_mail();
	char *text = arena_alloc(arena, 100001);
	bool too_large = false;
	struct span bytes;
	struct err err;

	memset(text, 'x', 100000);
	mail.text = (struct span){text, 70000};
	assert_int_equal(mail_build(arena, &mail, &bytes, &too_large, &err), TD_OK);
	assert_false(too_large);
	assert_true(bytes.len <= MAIL_BYTES_MAX);
	mail.text.len = 100000;
	assert_int_equal(mail_build(arena, &mail, &bytes, &too_large, &err), TD_PERM);
	assert_true(too_large);
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_qp), cmocka_unit_test(test_base64), cmocka_unit_test(test_words),
	    cmocka_unit_test(test_read_back), cmocka_unit_test(test_injection),
	    cmocka_unit_test(test_addresses), cmocka_unit_test(test_ids),
	    cmocka_unit_test(test_size),
	};

	g_mime_init();
	return cmocka_run_group_tests_name("mailbuild", tests, NULL, NULL);
}
