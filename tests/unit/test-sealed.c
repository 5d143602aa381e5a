/* SPDX-License-Identifier: ISC */
/* Tests of mails that are encrypted or signed: what can be read is read, and what cannot is told
 * to the sender, who would wait for ever else. */
#include "tests/unit/unit.h"

#include "parsers/reading.h"

#define FROM "From: Ana <ana@example.org>\r\nSubject: Plan\r\nMIME-Version: 1.0\r\n"
#define PARTS(type, parts)                                                                         \
	FROM "Content-Type: " type "; boundary=b\r\n\r\n" parts "--b--\r\n"
#define PART(headers, body) "--b\r\n" headers "\r\n" body "\r\n"
#define ARMOR                                                                                      \
	"-----BEGIN PGP MESSAGE-----\r\n\r\nhQEMA1234567890\r\n=abcd\r\n-----END PGP MESSAGE-----"

struct row {
	const char *name, *mail;
	bool sealed;          /* the reading says that it cannot be read */
	const char *verb;     /* of the one command that it holds; NULL: none */
	size_t attachments;
};

static const struct row rows[] = {
    {"S/MIME, encrypted", FROM "Content-Type: application/pkcs7-mime;\r\n"
     " smime-type=enveloped-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n"
     "Content-Disposition: attachment; filename=smime.p7m\r\n\r\nMIAGCSqGSIb3DQEHA6CAMIACAQAx\r\n",
        true, NULL, 1},
    {"S/MIME, opaque and signed", FROM "Content-Type: application/x-pkcs7-mime;\r\n"
     " smime-type=signed-data; name=\"smime.p7m\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
     "MIAGCSqGSIb3DQEHAqCAMIACAQEx\r\n", true, NULL, 1},
    {"S/MIME by its name", FROM "Content-Type: application/octet-stream; name=smime.p7m\r\n"
     "Content-Transfer-Encoding: base64\r\n\r\nMIAGCSqGSIb3DQEHA6CAMIACAQAx\r\n", true, NULL, 1},
    {"S/MIME, signed", PARTS("multipart/signed; protocol=\"application/pkcs7-signature\"",
        PART("Content-Type: text/plain\r\n", "/done #2")
        PART("Content-Type: application/pkcs7-signature; name=smime.p7s\r\n", "MIAG")), false,
        "done", 1},
    {"PGP/MIME, encrypted", PARTS("multipart/encrypted; protocol=\"application/pgp-encrypted\"",
        PART("Content-Type: application/pgp-encrypted\r\n", "Version: 1")
        PART("Content-Type: application/octet-stream; name=encrypted.asc\r\n", ARMOR)), true,
        NULL, 2},
    {"PGP/MIME, signed", PARTS("multipart/signed; protocol=\"application/pgp-signature\"",
        PART("Content-Type: text/plain\r\n", "/done #2")
        PART("Content-Type: application/pgp-signature; name=signature.asc\r\n",
        "-----BEGIN PGP SIGNATURE-----")), false, "done", 1},
    {"PGP inline", FROM "\r\n" ARMOR "\r\n", true, NULL, 0},
    {"PGP inline below words", FROM "\r\nHello,\r\n\r\n" ARMOR "\r\n", true, NULL, 0},
    {"PGP inline in HTML", FROM "Content-Type: text/html\r\n\r\n<pre>" ARMOR "</pre>\r\n", true,
        NULL, 0},
    {"PGP inline, quoted", FROM "\r\n/done #2\r\n\r\n> -----BEGIN PGP MESSAGE-----\r\n> hQEM\r\n",
        false, "done", 0},
    {"PGP inline, signed", FROM "\r\n-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA512\r\n\r\n"
     "/done #2\r\n-----BEGIN PGP SIGNATURE-----\r\n\r\nabc\r\n-----END PGP SIGNATURE-----\r\n",
        false, "done", 0},
    {"words about it", FROM "\r\nThe line -----BEGIN PGP MESSAGE----- is missing.\r\n", false,
        NULL, 0},
    {"a key beside words", PARTS("multipart/mixed", PART("Content-Type: text/plain\r\n", "/done #2")
        PART("Content-Type: application/pgp-keys; name=key.asc\r\n", "-----BEGIN")), false, "done",
        1},
};

static void
test_sealed(void **state)
{
	const struct reading_context context = {.now = 1760000000, .zone = "UTC"};
	struct arena *arena = arena_create();
	struct err err = {""};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct reading *r;
		bool told;

		assert_int_equal(reading_parse(arena, span_of(row->mail), &context, &r, &err),
		    TD_OK);
		told = r->n_errors > 0 && strstr(r->errors[0].why, "cannot be read here") != NULL;
		row_assert(told == row->sealed, row->name);
		row_assert(!told || strstr(r->errors[0].suggestion, "without encryption") != NULL,
		    row->name);
		row_assert(r->n_commands == (row->verb != NULL), row->name);
		if (row->verb != NULL)
			assert_string_equal(r->commands[0].verb, row->verb);
		row_assert(r->n_attachments == row->attachments, row->name);
		row_assert(r->auto_kind == AUTO_NONE, row->name);
	}
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sealed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
