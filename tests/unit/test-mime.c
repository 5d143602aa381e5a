/* SPDX-License-Identifier: ISC */
/* Tests of header, address, charset, mime and htmltext through reading_parse. */
#include "tests/unit/unit.h"

#include "parsers/address.h"
#include "parsers/charset.h"
#include "parsers/flowed.h"
#include "parsers/header.h"
#include "parsers/htmltext.h"
#include "parsers/mime.h"
#include "parsers/param.h"
#include "parsers/reading.h"
#include "parsers/transfer.h"

static const struct reading_context context = {.now = 1760000000, .zone = "UTC"};

/* The headers of mail and its decoded body, before any trimming. */
static struct mime
read_parts(struct arena *arena, const char *mail, struct reading_message *message_r)
{
	struct header_list headers;
	struct mime mime;
	struct err err = {""};

	assert_int_equal(header_split(arena, span_of(mail), 100000, &headers, &err), TD_OK);
	header_message(arena, &headers, message_r);
	assert_int_equal(mime_read(arena, span_of(mail), &headers, &reading_limits_default,
	                     message_r, &mime, &err), TD_OK);
	return mime;
}

static void
test_addresses(void **state)
{
	static const struct {
		const char *raw;
		size_t count;
		const char *addr, *name; /* of the first */
	} rows[] = {
	    {"ana@example.org", 1, "ana@example.org", NULL},
	    {"Ana <ANA@Example.ORG>", 1, "ANA@example.org", "Ana"},
	    {"\"Doe, Ana\" <ana@example.org>", 1, "ana@example.org", "Doe, Ana"},
	    {"ana@example.org (Ana (the first))", 1, "ana@example.org", "Ana (the first)"},
	    {"=?UTF-8?Q?=C3=89va?= <eva@example.org>", 1, "eva@example.org", "\xC3\x89va"},
	    {"a@example.org, b@example.org", 2, "a@example.org", NULL},
	    {"team: a@example.org, b@example.org;", 2, "a@example.org", NULL},
	    {"undisclosed-recipients:;", 0, NULL, NULL},
	    {"<@relay.example.org:ana@example.org>", 1, "ana@example.org", NULL},
	    {"\"ben@example.org\" <ana@example.org>", 1, "ana@example.org", "ben@example.org"},
	    {"<a@example.org> <b@example.org>", 2, NULL, NULL},
	    {"Ana ana@example.org", 1, NULL, NULL},
	    {"ana@example.org\r\n <b@example.org>", 1, "b@example.org", "ana@example.org"},
	    {"\"a b\"@example.org", 1, NULL, NULL},
	    {"ana@exa mple.org", 1, NULL, NULL},
	    {"ana@@example.org", 1, NULL, NULL},
	    {"<>", 1, NULL, NULL},
	    {"", 0, NULL, NULL},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct address *list = NULL;
		size_t n;

		row_assert(address_list(arena, span_of(rows[i].raw), 9, &list, &n) ==
		        rows[i].count, rows[i].raw);
		if (rows[i].addr == NULL) {
			row_assert(n == 0 || list[0].addr == NULL, rows[i].raw);
			continue;
		}
		row_assert(list[0].addr != NULL && strcmp(list[0].addr, rows[i].addr) == 0,
		    rows[i].raw);
		row_assert((list[0].name == NULL) == (rows[i].name == NULL), rows[i].raw);
		if (rows[i].name != NULL)
			assert_string_equal(list[0].name, rows[i].name);
	}
	arena_destroy(&arena);
}

static void
test_subjects(void **state)
{
	static const struct {
		const char *raw, *want;
	} rows[] = {
	    {"plain", "plain"},
	    {"=?utf-8?Q?a_b=3D?=", "a b="},
	    {"=?utf-8?B?w6k=?= =?utf-8?B?w6k=?=", "\xC3\xA9\xC3\xA9"},
	    /* One character over two words. */
	    {"=?utf-8?Q?x=E4=B8?=\r\n =?utf-8?Q?=ADy?=", "x\xE4\xB8\xADy"},
	    {"=?utf-8?B?eOQ=?= =?UTF-8?Q?=B8?=\r\n =?utf-8?B?rXk=?=", "x\xE4\xB8\xADy"},
	    {"=?gb2312?B?1g==?= =?gb2312?B?0M7E?=", "\xE4\xB8\xAD\xE6\x96\x87"},
	    {"=?utf-8?B?w6k?= and =?utf-8*en?Q?b?=", "\xC3\xA9 and b"},
	    {"=?iso-8859-1?Q?caf=E9?=", "caf\xC3\xA9"},
	    {"raw \xC3\xA9", "raw \xC3\xA9"},
	    {"raw \xE9", "raw \xC3\xA9"},
	    {"=?utf-8?Q?a=0D=0ABcc:_x=00?=", "a Bcc: x"},
	    {"=?utf-8?Q?a=E2=80=AEb?=", "ab"},
	    {"=?nope?X?a?= =?utf-8?Q?open", "=?nope?X?a?= =?utf-8?Q?open"},
	    {"=?iso-2022-jp?B?GyRCLSEbKEI=?=", "\xE2\x91\xA0"},
	    {"folded\r\n\there", "folded here"},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(header_text(arena, span_of(rows[i].raw), 200), rows[i].want);
	arena_destroy(&arena);
}

static void
test_headers(void **state)
{
	static const char mail[] =
	    "Received: from a.example.org (by liar) by mx.example.org with ESMTP; x\r\n"
	    "Authentication-Results: mx.example.org 1; (c; dkim=fail)\r\n"
	    " dkim=pass header.i=@example.org; spf=pass smtp.mailfrom=\"x; dmarc=pass\"@evil;\r\n"
	    " dmarc=pass (p=none) header.from=Example.ORG\r\n"
	    "Received: from b by relay.example.org; x\r\n"
	    "not a field\r\n"
	    "From: Ana <ana@example.org>\r\n"
	    "To: Team <Team+Task@Example.org>, ben@example.org\r\n"
	    "Delivered-To: team@example.org\r\n"
	    "Date: Fri, 6 Nov 2026 10:00:00 +0100 (CET)\r\n"
	    "Message-ID: <1@example.org>\r\n"
	    "References: <a@x> junk <b@x>\r\n <c@x>\r\n"
	    "In-Reply-To: Ben's mail of Monday <b@x>\r\n"
	    "Return-Path: <>\r\n"
	    "List-Id: \"Ours\" <ours.example.org>\r\n"
	    "Subject:\r\n"
	    "\r\n"
	    "From: ben@example.org\r\n";
	struct arena *arena = arena_create();
	struct reading_message m;

	read_parts(arena, mail, &m);
	assert_string_equal(m.from, "ana@example.org");
	assert_int_equal(m.from_count, 1);
	assert_int_equal(m.n_rcpts, 3);
	assert_string_equal(m.rcpts[0].address, "Team@example.org");
	assert_string_equal(m.rcpts[0].tag, "Task");
	assert_null(m.rcpts[1].tag);
	assert_int_equal(m.rcpts[2].source, RCPT_DELIVERED_TO);
	assert_int_equal(m.date, 1793955600);
	assert_string_equal(m.id, "1@example.org");
	assert_int_equal(m.n_references, 3);
	assert_string_equal(m.references[2], "c@x");
	assert_string_equal(m.in_reply_to, "b@x");
	assert_string_equal(m.return_path, "");
	assert_string_equal(m.list_id, "ours.example.org");
	assert_string_equal(m.subject, "");
	assert_int_equal(m.n_received_by, 2);
	assert_string_equal(m.received_by[0], "mx.example.org");
	assert_int_equal(m.n_auth, 1);
	assert_int_equal(m.auth[0].received_before, 1);
	assert_string_equal(m.auth[0].authserv_id, "mx.example.org");
	assert_int_equal(m.auth[0].n_methods, 3);
	assert_string_equal(m.auth[0].methods[0].method, "dkim");
	assert_string_equal(m.auth[0].methods[0].domain, "example.org");
	assert_string_equal(m.auth[0].methods[1].domain, "evil");
	assert_string_equal(m.auth[0].methods[2].method, "dmarc");
	assert_string_equal(m.auth[0].methods[2].domain, "example.org");
	read_parts(arena, "From: a@example.org\nFrom: b@example.org\n\n", &m);
	assert_null(m.from);
	assert_int_equal(m.from_count, 2);
	arena_destroy(&arena);
}

static void
test_charsets(void **state)
{
	static const struct {
		const char *name, *label;
		struct span in;
		const char *want;
	} rows[] = {
	    {"no label", "", {"\xC3\xA9", 2}, "\xC3\xA9"},
	    {"UTF-8 under another name", "iso-8859-1", {"\xC3\xA9", 2}, "\xC3\xA9"},
	    {"Latin under UTF-8", "utf-8", {"caf\xE9", 4}, "caf\xC3\xA9"},
	    {"broken UTF-8", "utf-8", {"\xC3\xA9\xC3\xA9\xFF", 5}, "\xC3\xA9\xC3\xA9\xEF\xBF\xBD"},
	    {"euro", "us-ascii", {"\x80", 1}, "\xE2\x82\xAC"},
	    {"Korean by its old name", "ks_c_5601-1987", {"\xB0\xED", 2}, "\xEA\xB3\xA0"},
	    {"short Chinese like UTF-8", "gb2312", {"\xC4\xE3\xBA\xC3", 4},
	        "\xE4\xBD\xA0\xE5\xA5\xBD"},
	    {"Shift_JIS", "Shift_JIS", {"\x83\x65", 2}, "\xE3\x83\x86"},
	    {"UTF-7", "utf-7", {"+AOk-", 5}, "\xC3\xA9"},
	    {"UTF-16 little", "utf-16", {"a\0b\0", 4}, "ab"},
	    {"unknown", "no-such-set", {"\xE9", 1}, "\xC3\xA9"},
	    {"Japanese without a label", "", {"\x1b$B4A\x1b(B!", 9}, "\xE6\xBC\xA2!"},
	    {"Japanese cut short", "", {"\x1b$B4", 4}, "\xEF\xBF\xBD"},
	    {"iconv options", "utf-8//IGNORE", {"\xE9", 1}, "\xC3\xA9"},
	    {"Vietnamese", "windows-1258", {"\xD0", 1}, "\xC4\x90"},
	    {"HZ", "hz-gb-2312",
	        {"a~{<:Ky2;S{!#~}~~b\x0A~{VPND\x0A" "c", 27},
	        "a\xE5\xB7\xB1\xE6\x89\x80\xE4\xB8\x8D\xE6\xAC\xB2"
	        "\xE3\x80\x82~b\x0A\xE4\xB8\xAD\xE6\x96\x87\x0A" "c"},
	    {"Russian without a label", "",
	        {"\xF0\xD2\xC9\xD7\xC5\xD4, \xCB\xC1\xCB \xC4\xC5\xCC\xC1", 16},
	        "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82, \xD0\xBA"
	        "\xD0\xB0\xD0\xBA \xD0\xB4\xD0\xB5\xD0\xBB\xD0\xB0"},
	    {"Russian, the other", "us-ascii",
	        {"\xCF\xF0\xE8\xE2\xE5\xF2, \xEA\xE0\xEA \xE4\xE5\xEB\xE0", 16},
	        "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82, \xD0\xBA"
	        "\xD0\xB0\xD0\xBA \xD0\xB4\xD0\xB5\xD0\xBB\xD0\xB0"},
	    {"Japanese in eight bits", "unknown-8bit",
	        {"\x96\xBE\x93\xFA\x82\xCD\x82\xA8\x8Bx\x82\xDD\x82\xC5\x82\xB7", 16},
	        "\xE6\x98\x8E\xE6\x97\xA5\xE3\x81\xAF\xE3\x81\x8A\xE4\xBC\x91"
	        "\xE3\x81\xBF\xE3\x81\xA7\xE3\x81\x99"},
	    {"Chinese without a label", "",
	        {"\xC3\xF7\xCC\xEC\xC9\xCF\xCE\xE7\xBF\xAA\xBB\xE1", 12},
	        "\xE6\x98\x8E\xE5\xA4\xA9\xE4\xB8\x8A\xE5\x8D\x88\xE5\xBC\x80\xE4\xBC\x9A"},
	    {"German without a label", "",
	        {"sch\xF6ne Gr\xFC\xDF" "e \xFC" "berm\xE4\xDFig \xC4nderungen k\xF6nnen", 40},
	        "sch\xC3\xB6ne Gr\xC3\xBC\xC3\x9F" "e \xC3\xBC" "berm\xC3\xA4"
	        "\xC3\x9Fig \xC3\x84nderungen k\xC3\xB6nnen"},
	    {"French capitals", "",
	        {"\xC9\xC9 \xE0 \xE9t\xE9", 8},
	        "\xC3\x89\xC3\x89 \xC3\xA0 \xC3\xA9t\xC3\xA9"},
	    {"Latin by its label", "iso-8859-1",
	        {"\xCF\xF0\xE8\xE2\xE5\xF2, \xEA\xE0\xEA \xE4\xE5\xEB\xE0", 16},
	        "\xC3\x8F\xC3\xB0\xC3\xA8\xC3\xA2\xC3\xA5\xC3\xB2, \xC3\xAA"
	        "\xC3\xA0\xC3\xAA \xC3\xA4\xC3\xA5\xC3\xAB\xC3\xA0"},
	    {"KOI8", "koi8-r", {"\xC1", 1}, "\xD0\xB0"},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct span got = charset_decode(arena, rows[i].in, span_of(rows[i].label));

		row_assert(span_is(got, rows[i].want), rows[i].name);
	}
	arena_destroy(&arena);
}

static void
test_params(void **state)
{
	static const struct {
		const char *header, *want;
	} rows[] = {
	    {"attachment; filename=a.txt", "a.txt"},
	    {"attachment; x=1; FileName=\"a b.txt\"; y", "a b.txt"},
	    {"attachment; filename=a b.txt ; x=1", "a b.txt"},
	    {"attachment; filename=\"a\\\"b;c\"", "a\"b;c"},
	    {"attachment; filename=\"C:\\dir\\f\"", "C:\\dir\\f"},
	    {"attachment; filename*=utf-8''%C3%A9.txt; filename=e.txt", "\xC3\xA9.txt"},
	    {"attachment; filename*=iso-8859-1'en'%E9", "\xC3\xA9"},
	    {"attachment; filename*1=b; filename*0=a", "ab"},
	    {"attachment; filename*0*=utf-8''%C3; filename*1*=%A9; filename*2=\"%41\"",
	        "\xC3\xA9%41"},
	    {"attachment; filename=\"=?utf-8?Q?a?=\r\n\t=?utf-8?Q?b?=\"", "ab"},
	    {"attachment; filename=\"\xE9\"", "\xC3\xA9"},
	    {"attachment;\r\n filename*1*=%B8%AD;\r\n filename*0*=UTF-8'zh'%E4;\r\n"
	     " filename*2=.txt", "\xE4\xB8\xAD.txt"},
	    {"attachment; filename*=nope''%41%zz%4", "A%zz%4"},
	    {"attachment; filename*=utf-8''a%0D%0Ab", "a\r\nb"},
	    {"attachment; filename=\"open", "open"},
	    {"attachment; filename*100=x", ""},
	    {"attachment; filenames=x", ""},
	    {"attachment; filename", ""},
	    {"filename=x", ""},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct span got = param_get(arena, span_of(rows[i].header), "filename");

		if (!span_is(got, rows[i].want))
			fail_msg("%s: \"%.*s\"", rows[i].header, SPAN_FMT(got));
	}
	arena_destroy(&arena);
}

static void
test_transfer(void **state)
{
	static const struct {
		enum transfer encoding;
		const char *in, *want;
	} rows[] = {
	    {TRANSFER_BASE64, "aGVs\r\nbG8=", "hello"},
	    {TRANSFER_BASE64, "aGV sbG8", "hello"},
	    {TRANSFER_BASE64, "aGVsbG8=d29ybGQ=", "helloworld"},
	    {TRANSFER_BASE64, "a", ""},
	    {TRANSFER_BASE64, "!!", ""},
	    {TRANSFER_QP, "a=3Db=\r\nc=zz=", "a=bc=zz"},
	    {TRANSFER_QP, "soft=  \nbreak", "softbreak"},
	    {TRANSFER_UU, "begin 644 f\r\n#0V%T\r\n`\r\nend\r\n", "Cat"},
	    {TRANSFER_PLAIN, "a=3D", "a=3D"},
	};
	struct buf out;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		buf_init(&out, 1000);
		transfer_decode(rows[i].encoding, span_of(rows[i].in), &out);
		assert_string_equal(out.ptr, rows[i].want);
		buf_release(&out);
	}
}

#define ALTERNATIVE(plain, html)                                                                   \
	"Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n" plain                 \
	"\r\n--b\r\nContent-Type: text/html\r\n\r\n" html "\r\n--b--\r\n"

static void
test_bodies(void **state)
{
	static const struct {
		const char *name, *mail, *want;
		size_t attachments;
	} rows[] = {
	    {"plain", "\r\nhello\r\nworld\r\n", "hello\nworld\n", 0},
	    {"no body", "Subject: x\r\n", "", 0},
	    {"plain before HTML", ALTERNATIVE("one", "<p>two"), "one", 0},
	    {"HTML where plain is empty", ALTERNATIVE(" ", "<p>two"), "two\n", 0},
	    {"multipart without a boundary", "Content-Type: multipart/mixed\r\n\r\nhello\r\n",
	        "hello\n", 0},
	    {"HTML where plain is a no-break space", ALTERNATIVE("\xC2\xA0", "<p>two"), "two\n", 0},
	    {"hidden HTML alone",
	        "Content-Type: text/html\r\n\r\n<div hidden>\n/done\n/assign @eve\n</div>\r\n",
	        "", 0},
	    {"HTML of a comment", "Content-Type: text/html\r\n\r\n<!--\n/done #3\n-->\r\n", "", 0},
	    {"base64 of blank lines", "Content-Type: text/plain\r\n"
	        "Content-Transfer-Encoding: base64\r\n\r\nDQoNCg==\r\n", "", 0},
	    {"flowed", "Content-Type: text/plain; format=flowed\r\n\r\na \r\nb\r\n> q \r\n> r\r\n",
	        "a b\n> q r\n", 0},
	    {"quoted-printable Latin",
	        "Content-Type: text/plain; charset=iso-8859-1\r\n"
	        "Content-Transfer-Encoding: quoted-printable\r\n\r\ncaf=E9\r\n",
	        "caf\xC3\xA9\n", 0},
	    {"attachment",
	        "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\n\r\nsee\r\n--b\r\n"
	        "Content-Type: application/x-y; name=\"a\"\r\n"
	        "Content-Disposition: attachment; filename*0*=utf-8''%C3%A9; filename*1=.txt\r\n"
	        "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--b--\r\n", "see", 1},
	    {"uuencoded file", "\r\nsee\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nbye\r\n",
	        "see\nbye\n", 1},
	    {"two uuencoded files",
	        "\r\nbegin 644 a\n#0V%T\n`\nend\nand\nbegin 0600 b\n#0V%T\n\nend\n",
	        "and\n", 2},
	    {"uuencoded without an end", "\r\nbegin 644 cat.txt\r\n#0V%T\r\nlower\r\nend\r\n",
	        "begin 644 cat.txt\n#0V%T\nlower\nend\n", 0},
	    {"line too long for its length", "\r\nbegin 644 cat.txt\r\n#0V%T0V%T\r\nend\r\n",
	        "begin 644 cat.txt\n#0V%T0V%T\nend\n", 0},
	    {"a sentence", "\r\nWe begin 644 things.\r\nbegin now please\r\nend\r\n",
	        "We begin 644 things.\nbegin now please\nend\n", 0},
	    {"forwarded message",
	        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nfyi\r\n--b\r\n"
	        "Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ninner text\r\n--b--\r\n",
	        "fyi", 1},
	    {"boundary of one quote", "Content-Type: multipart/mixed; boundary=\"\\\"\"\r\n\r\n"
	        "--\"\r\n\r\nx\r\n--\"--\r\n", "x", 0},
	    {"PGP frame", "\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\nhi\r\n"
	        "- -- \r\nAna\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\nabc\r\n"
	        "-----END PGP SIGNATURE-----\r\n", "hi\n-- \nAna\n", 0},
	    {"HTML where plain points at it",
	        ALTERNATIVE("This is an HTML message.\r\nPlease use an HTML viewer.", "<p>two"),
	        "two\n", 0},
	    {"HTML where plain says so", ALTERNATIVE("HTML only", "<p>two"), "two\n", 0},
	    {"HTML where plain is a picture", ALTERNATIVE("[image: logo.png]", "<p>two"), "two\n",
	        0},
	    {"HTML where plain is a link", ALTERNATIVE("<https://example.org/m/1>", "<p>two"),
	        "two\n", 0},
	    {"HTML where plain is about something else",
	        ALTERNATIVE("Cannot show rich content", "<p>We meet today at noon"),
	        "We meet today at noon\n", 0},
	    {"HTML inside related", "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"
	        "\r\nHTML only\r\n--b\r\nContent-Type: multipart/related; boundary=c\r\n\r\n"
	        "--c\r\nContent-Type: text/html\r\n\r\n<p>two\r\n--c--\r\n--b--\r\n", "two\n", 0},
	    {"HTML where plain is encoded nothing",
	        "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"
	        "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\nDQo=\r\n"
	        "--b\r\nContent-Type: text/html\r\n\r\n<p>two\r\n--b--\r\n", "two\n", 0},
	    {"a short answer", ALTERNATIVE("Yes, do so.", "<p>Yes, <b>do</b> so."), "Yes, do so.",
	        0},
	    {"more than a word about HTML",
	        ALTERNATIVE("The plan is ready.\r\nNo HTML support, sorry.", "<p>two"),
	        "The plan is ready.\nNo HTML support, sorry.", 0},
	    {"a command in plain", ALTERNATIVE("HTML only\r\n/done", "<p>two"), "HTML only\n/done",
	        0},
	    {"HTML is a picture", ALTERNATIVE("View in HTML", "<img src=x>"), "View in HTML", 0},
	    {"one word", ALTERNATIVE("done", "<p>erledigt"), "done", 0},
	    {"the words of it", ALTERNATIVE("We talk about that HTML viewer",
	        "<p>We talk about that HTML viewer"), "We talk about that HTML viewer\n", 0},
	    {"footer below base64", "Content-Type: text/plain; charset=utf-8\r\n"
	        "Content-Transfer-Encoding: base64\r\n\r\nw6kgaGVsbG8K\r\n"
	        "_______________________________________________\r\nTeam mailing list\r\n",
	        "\xC3\xA9 hello\n_______________________________________________\n"
	        "Team mailing list\n", 0},
	    {"footer below padding", "Content-Type: text/plain\r\n"
	        "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n\r\nTeam\r\nour list\r\n",
	        "hello\nTeam\nour list\n", 0},
	    {"base64 in pieces", "Content-Type: text/plain\r\n"
	        "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\nd29ybGQ=\r\n", "helloworld",
	        0},
	    {"damaged base64", "Content-Type: text/plain\r\n"
	        "Content-Transfer-Encoding: base64\r\n\r\naGVs!\r\nbG8=\r\n", "hello", 0},
	    {"enriched", "Content-Type: text/enriched\r\n\r\n<bold>Now</bold> is\r\nthe <<time>\r\n"
	        "\r\n<color><param>red</param>for all</color>\r\n<excerpt>said\r\n\r\nso</excerpt>"
	        "\r\n<nofill>a\r\nb</nofill>\r\n",
	        "Now is the <time>\nfor all\n> said\n> so\na\nb\n", 0},
	    {"enriched beside HTML", "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
	        "--b\r\nContent-Type: text/html\r\n\r\n<p>two\r\n--b\r\n"
	        "Content-Type: text/enriched\r\n\r\n"
	        "one\r\n--b--\r\n", "two\n", 1},
	    {"the one text, called a file", "Content-Type: text/plain; name=a.txt\r\n"
	        "Content-Disposition: attachment; filename=a.txt\r\n\r\nhello\r\n", "hello\n", 1},
	    {"the one text among parts", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
	        "Content-Type: text/plain\r\nContent-Disposition: attachment\r\n\r\nhello\r\n"
	        "--b--\r\n", "hello", 1},
	    {"a named file alone", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
	        "Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a\r\n\r\n"
	        "/done\r\n--b--\r\n", "", 1},
	    {"no closing boundary", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
	        "hello\r\n", "hello\n", 0},
	    {"boundary never comes", "Content-Type: multipart/mixed; boundary=b\r\n\r\nhello\r\n",
	        "hello\n", 0},
	    {"a type of one word", "Content-Type: text\r\n\r\nhello\r\n", "hello\n", 0},
	    {"HTML that nobody names", "\r\n<html><body><p>hello</p></body></html>\r\n", "hello\n",
	        0},
	    {"HTML that is called plain", "Content-Type: text/plain\r\n\r\n<!DOCTYPE HTML><p>hello"
	        "\r\n", "hello\n", 0},
	    {"a text of an unknown kind", "Content-Type: text/x-notes; charset=iso-8859-1\r\n\r\n"
	        "caf\xE9\r\n", "caf\xC3\xA9\n", 0},
	    {"one that is a file", "Content-Type: text/x-notes; name=a.txt\r\n\r\nx\r\n", "", 1},
	    {"a table that is the mail", "Content-Type: text/csv\r\n\r\na,b\r\n", "", 1},
	    {"one beside the text", "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
	        "hello\r\n--b\r\nContent-Type: text/x-notes\r\n\r\nx\r\n--b--\r\n", "hello",
	        1},
	    {"words about HTML", "\r\nUse <html> there\r\n", "Use <html> there\n", 0},
	    {"DelSp", "Content-Type: text/plain; format=flowed; delsp=yes\r\n\r\n"
	        "sch\xC3\xB6 \r\nn\r\n> q \r\n>r\r\n-- \r\nAna\r\n",
	        "sch\xC3\xB6n\n> qr\n-- \nAna\n", 0},
	    {"control characters", "\r\na\x1B[31mb\x08\r\n", "a[31mb\n", 0},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct reading_message m;
		struct mime mime = read_parts(arena, rows[i].mail, &m);

		if (!span_is(mime.body, rows[i].want))
			fail_msg("%s: \"%.*s\"", rows[i].name, SPAN_FMT(mime.body));
		row_assert(mime.n_attachments == rows[i].attachments, rows[i].name);
		if (strcmp(rows[i].name, "attachment") == 0) {
			assert_string_equal(mime.attachments[0].name, "\xC3\xA9.txt");
			assert_string_equal(mime.attachments[0].type, "application/x-y");
			assert_int_equal(mime.attachments[0].size, 5);
			assert_string_equal(mime.attachments[0].sha256,
			    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
		}
	}
	arena_destroy(&arena);
}

static void
test_html(void **state)
{
	static const struct {
		const char *html, *want;
	} rows[] = {
	    {"a<br>b<br><br>c", "a\nb\n\nc\n"},
	    {"<p>a</p><p>b", "a\n\nb\n"},
	    {"<div>a</div><div>b</div>", "a\nb\n"},
	    {"<p class=MsoNormal>a</p><p class=MsoNormal>b</p>", "a\nb\n"},
	    {"a &amp; b &lt;c&gt; &eacute; &#8364;&nbsp;d", "a & b <c> \xC3\xA9 \xE2\x82\xAC d\n"},
	    {"<ul><li>one<li>two<ul><li>deep</ul></ul>", "- one\n- two\n  - deep\n"},
	    {"<ol><li>one</li><li>two</li></ol>", "1. one\n2. two\n"},
	    {"<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a\tb\nc\td\n"},
	    {"me<blockquote>you<blockquote>they</blockquote></blockquote>me",
	        "me\n> you\n> > they\nme\n"},
	    {"a<blockquote style=\"margin:0 0 0 40px;border:none\">b</blockquote>", "a\nb\n"},
	    {"x<div class=\"yahoo_quoted\">old</div>", "x\n> old\n"},
	    {"<span style=\"display: none\">hid</span>seen", "seen\n"},
	    {"<div style=\"font-size:0px\">hid<span style=\"font-size:12px\">seen</span></div>",
	        "seen\n"},
	    {"<style>p{}</style><script>x()</script><title>t</title>y<!-- c -->", "y\n"},
	    {"<pre>a\n  b\n\nc</pre>", "a\n  b\n\nc\n"},
	    {"me<pre>/done #2\n  b\n\nc</pre>me", "me\n```\n/done #2\n  b\n\nc\n```\nme\n"},
	    {"<pre>/done #2</pre><p>so</p><pre>\n```\nx</pre>",
	        "```\n/done #2\n```\n\nso\n\n```\n    ```\nx\n```\n"},
	    {"a<pre><code>b</code>c</pre>", "a\n```\nbc\n```\n"},
	    {"a<pre class=\"moz-signature\">-- \nAna</pre>", "a\n-- \nAna\n"},
	    {"a<blockquote><pre>b\n/done</pre></blockquote>", "a\n> b\n> /done\n"},
	    {"a<p><code>/done #2</code></p><p><code>/done</code> closes it</p>",
	        "a\n\n`/done #2`\n\n`/done` closes it\n"},
	    {"write <code>/done #2</code> there", "write /done #2 there\n"},
	    {"a<div><code>/done #2<br>#3 done</code></div>b", "a\n`/done #2`\n`#3 done`\nb\n"},
	    {"<code>/done #2</code>", "/done #2\n"},
	    {"a\n b\t c", "a b c\n"},
	    {"<b>bo</b>ld <i>it</i>", "bold it\n"},
	    {"</div></p>stray", "stray\n"},
	    {"", ""},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct span got = htmltext_read(arena, span_of(rows[i].html), 10000, NULL);

		if (!span_is(got, rows[i].want))
			fail_msg("%s: \"%.*s\"", rows[i].html, SPAN_FMT(got));
	}
	arena_destroy(&arena);
}

static void
test_links(void **state)
{
	struct arena *arena = arena_create();
	struct links links = {0};

	links_find(arena, &links,
	    SPAN("see (https://example.org/a), https://example.org/b_(c). HTTP://example.org/a "
	         "ftp://x ://y https:// https://example.org/a"));
	htmltext_read(arena, SPAN("<a href='https://example.org/d'>x</a><a href='javascript:x'>"),
	    1000, &links);
	assert_int_equal(links.n, 4);
	assert_string_equal(links.items[0], "https://example.org/a");
	assert_string_equal(links.items[1], "https://example.org/b_(c)");
	assert_string_equal(links.items[2], "HTTP://example.org/a");
	assert_string_equal(links.items[3], "https://example.org/d");
	arena_destroy(&arena);
}

/* The key is the content: the way a mail took does not change it, a word in it does. */
static void
test_key(void **state)
{
	static const char *const mails[] = {
	    "Message-ID: <1@x>\r\nFrom: a@example.org\r\n\r\nhello\r\n",
	    "Received: by x\r\nMessage-ID: <1@x>\r\nFrom: a@example.org\r\nX-Y: z\r\n\r\nhello\r\n",
	    "Message-ID: <1@x>\r\nFrom: a@example.org\r\n\r\nhello!\r\n",
	    "Message-ID: <1@x>\r\nFrom: b@example.org\r\n\r\nhello\r\n",
	};
	struct arena *arena = arena_create();
	struct reading *r[4];
	struct err err = {""};

	for (size_t i = 0; i < ARRAY_LEN(mails); i++)
		assert_int_equal(reading_parse(arena, span_of(mails[i]), &context, &r[i], &err),
		    TD_OK);
	assert_int_equal(strlen(r[0]->message.key), 64);
	assert_int_equal(r[0]->message.size, strlen(mails[0]));
	assert_string_equal(r[0]->message.key, r[1]->message.key);
	assert_string_not_equal(r[0]->message.key, r[2]->message.key);
	assert_string_not_equal(r[0]->message.key, r[3]->message.key);
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_subjects),
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_charsets),
	    cmocka_unit_test(test_transfer),
	    cmocka_unit_test(test_params),
	    cmocka_unit_test(test_bodies),
	    cmocka_unit_test(test_html),
	    cmocka_unit_test(test_links),
	    cmocka_unit_test(test_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
