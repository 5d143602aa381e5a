/* SPDX-License-Identifier: ISC */
/* test-utf7: folder names both ways; RFC 3501 5.1.3 has the second and third row. */
#include "tests/unit/unit.h"

#include "daemon/fetch/utf7.h"

static const struct {
	const char *utf8;
	const char *utf7;
} pairs[] = {
	{"INBOX", "INBOX"},
	{"~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
	{"a&b", "a&-b"},
	{"&", "&-"},
	{"Entwürfe", "Entw&APw-rfe"},
	{"Gelöschte Elemente", "Gel&APY-schte Elemente"},
	{"Aufgaben/Erledigt ✓", "Aufgaben/Erledigt &JxM-"},
	{"😀 fun", "&2D3eAA- fun"},
	{"Größe😀Ω", "Gr&APYA3w-e&2D3eAAOp-"},
	{"ÿÿÿ", "&AP8A,wD,-"},
	{"üüü&ß", "&APwA,AD8-&-&AN8-"},
	{"", ""},
};

static void
encodes_and_decodes(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		struct buf out;
		struct err err;

		buf_init(&out, 1000);
		row_assert(utf7_encode(&out, span_of(pairs[i].utf8), &err) == TD_OK, pairs[i].utf8);
		if (!span_is(buf_span(&out), pairs[i].utf7))
			fail_msg("%s became %s", pairs[i].utf8, out.ptr);
		buf_clear(&out);
		row_assert(utf7_decode(&out, span_of(pairs[i].utf7), &err) == TD_OK, pairs[i].utf7);
		if (!span_is(buf_span(&out), pairs[i].utf8))
			fail_msg("%s became %s", pairs[i].utf7, out.ptr);
		buf_release(&out);
	}
}

static void
refuses_names_that_are_no_text(void **state)
{
	static const char *const bad[] = {"a\r\nb", "\x7f", "\xc3", "\xed\xa0\x80", "\xff", "\n",
		"\xc2\x85"};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct buf out;
		struct err err;

		buf_init(&out, 1000);
		row_assert(utf7_encode(&out, span_of(bad[i]), &err) == TD_PERM, bad[i]);
		buf_release(&out);
	}
}

static void
refuses_other_spellings(void **state)
{
	static const char *const bad[] = {
		"&",            /* not closed */
		"&APw",         /* not closed */
		"&AGE-",        /* printable ASCII in base64 */
		"&APx-",        /* loose bits set */
		"&APwA-",       /* half a unit */
		"&A-",          /* less than a unit */
		"&AP/-",        /* not this alphabet */
		"&2D0-",        /* half a pair */
		"&3gA-",        /* second half alone */
		"&2D3YPQ-",     /* first half twice */
		"&AAo-",        /* a line feed */
		"Entw\xc3\xbc", /* raw 8 bit */
		"a\nb",
	};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct buf out;
		struct err err;

		buf_init(&out, 1000);
		row_assert(utf7_decode(&out, span_of(bad[i]), &err) == TD_PERM, bad[i]);
		buf_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodes_and_decodes),
		cmocka_unit_test(refuses_names_that_are_no_text),
		cmocka_unit_test(refuses_other_spellings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
