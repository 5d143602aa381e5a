/* SPDX-License-Identifier: ISC */
/*
 * fuzz-mailbuild: any strings as fields of a mail, divided by NUL. Either it is refused, or it is
 * a mail that keeps to the wire's rules and that GMime reads back to the same values.
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <gmime/gmime.h>

#include "daemon/compose/mailbuild.h"
#include "daemon/compose/mailenc.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#define FIELDS 12

static void
want(bool holds)
{
	if (!holds)
		abort();
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	g_mime_init();
	return 0;
}

/* CRLF only, lines of 998 at most, ASCII, no header that was not asked for. */
static void
check_wire(struct span bytes)
{
	struct span head = span_first(bytes, span_find(bytes, SPAN("\r\n\r\n"))), line;
	size_t start = 0, fields = 0;

	want(bytes.len <= MAIL_BYTES_MAX && span_ends(bytes, SPAN("\r\n")));
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char c = (unsigned char)bytes.ptr[i];

		want(c < 0x80 && c != '\0');
		want(c != '\n' || (i > 0 && bytes.ptr[i - 1] == '\r'));
		want(c != '\r' || (i + 1 < bytes.len && bytes.ptr[i + 1] == '\n'));
		if (c == '\n') {
			want(i - start <= 999);
			start = i + 1;
		}
	}
	while (span_next_line(&head, &line)) {
		want(span_trim(line).len > 0);
		if (line.ptr[0] == ' ')
			continue;
		fields++;
		want(!span_istarts(line, SPAN("Bcc:")) && !span_istarts(line, SPAN("X-Evil")));
	}
	want(fields >= 10 && fields <= 22);
}

/* What a reader makes of a subject or name: blanks at the ends do not count. */
static void
want_same(const char *read, const char *given)
{
	want(read != NULL &&
	    span_eq(span_trim(span_of(read)), span_trim(span_of(given))));
}

/* GMime shows an "xn--" domain in its Unicode form (RFC 5891): there the texts differ by right. */
static void
want_same_address(const char *read, const char *given)
{
	struct span address = span_of(given);

	if (span_ifind(address, SPAN("xn--")) < address.len)
		want(read != NULL);
	else
		want_same(read, given);
}

static void
check_read_back(const struct mail *mail, struct span bytes)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes.ptr, bytes.len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
	InternetAddressList *to;

	want(message != NULL);
	want_same(g_mime_message_get_subject(message), mail->subject);
	want_same_address(g_mime_message_get_message_id(message), mail->mid);
	to = g_mime_message_get_to(message);
	want(internet_address_list_length(to) == 1);
	want_same_address(internet_address_mailbox_get_addr(
	    INTERNET_ADDRESS_MAILBOX(internet_address_list_get_address(to, 0))),
	    mail->to.address);
	g_object_unref(message);
	g_object_unref(parser);
	g_object_unref(stream);
}

static void
divide(struct arena *arena, const uint8_t *bytes, size_t size, const char *fields[FIELDS])
{
	struct span rest = {(const char *)bytes, size}, field;

	for (size_t i = 0; i < FIELDS; i++)
		fields[i] = span_next_field(&rest, '\0', &field) ? arena_span(arena, field) : "";
}

static const char *
or_else(const char *field, const char *otherwise)
{
	return field[0] != '\0' ? field : otherwise;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena *arena = arena_create();
	const char *f[FIELDS];
	struct mail mail;
	struct span out = SPAN("");
	struct err err = {""};

	divide(arena, bytes, size, f);
	mail = (struct mail){.from = {f[0], "platform@example.org"},
	    .to = {f[1], or_else(f[2], "ana@example.org")}, .subject = f[3],
	    .mid = or_else(f[4], "a@example.org"), .references = {or_else(f[5], "b@c")},
	    .n_references = 1, .list_name = f[6], .list_id = or_else(f[7], "a.b"),
	    .list_unsubscribe = or_else(f[8], "mailto:a@b"), .loop = "platform@example.org",
	    .boundary = or_else(f[9], "abcdefgh"), .text = span_of(f[10]), .date = 1795505400};
	if (f[11][0] != '\0')
		mail.html = span_of(f[11]);
	if (mail_build(arena, &mail, &out, NULL, &err) == TD_OK) {
		check_wire(out);
		check_read_back(&mail, out);
	} else {
		want(err.text[0] != '\0' && out.len == 0);
	}
	arena_destroy(&arena);
	return 0;
}
