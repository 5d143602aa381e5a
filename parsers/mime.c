/* SPDX-License-Identifier: ISC */
/*
 * mime: see mime.h. The walk is recursive, bounded by the depth limit (and by GMime's own);
 * every content is decoded once, into a buffer that is reused.
 */
#include "config.h"

#include "parsers/mime_private.h"

#include <string.h>

#include "parsers/address.h"
#include "parsers/base/utf8.h"
#include "parsers/charset.h"
#include "parsers/transfer.h"
#include "parsers/uufile.h"

#define ORIGINAL_MAX (64u * 1024)
#define REPORT_MAX (64u * 1024)
#define SUBJECT_MAX 255
#define ATTACHMENTS_MAX 1000

static enum td_status walk_part(struct walk *w, GMimeObject *part, uint32_t depth, enum use use);

/* ---- what is refused unseen -------------------------------------------------------------- */

static enum td_status
check_cost(struct walk *w, struct buf *cut)
{
	size_t most = w->limits->mail_bytes;

	if (w->mail.len > most)
		return err_perm(w->err, "the mail is larger than %zu bytes", most);
	return mime_check_cost(w->arena, w->mail, cut, w->err);
}

/* ---- leaves -------------------------------------------------------------------------------- */

/* sha256: hexadecimal. */
static void
add_file(struct walk *w, const char *name, const char *type, uint64_t size, const char *sha256)
{
	struct mime *m = w->mime;
	struct reading_attachment *a;

	if (m->n_attachments == ATTACHMENTS_MAX)
		return;
	a = ARENA_PUSH(w->arena, m->attachments, m->n_attachments, w->attachments_cap);
	a->name = name;
	a->type = type;
	a->size = size;
	memcpy(a->sha256, sha256, sizeof a->sha256);
}

static void
add_attachment(struct walk *w, GMimeObject *part, struct span bytes, const char *sha256)
{
	add_file(w, mime_part_name(w, part), mime_part_type(w, part), bytes.len, sha256);
}

/* Lists the files that stand uuencoded in a text, and gives the text without them. */
static struct span
take_uufiles(struct walk *w, struct span bytes)
{
	struct uufile file;
	struct buf text, data;
	char sha256[65];

	if (!uufile_take(&bytes, &file))
		return bytes;
	buf_init(&text, w->mail.len + 1);
	buf_init(&data, w->mail.len + 1);
	do {
		buf_put_span(&text, file.before);
		buf_clear(&data);
		transfer_uu(file.encoded, &data);
		digest_hex(buf_span(&data), sha256);
		add_file(w, mime_base_name(w, file.name), "application/octet-stream", data.len,
		    sha256);
	} while (uufile_take(&bytes, &file));
	buf_put_span(&text, bytes);
	bytes = (struct span){arena_span(w->arena, buf_span(&text)), text.len};
	buf_release(&text);
	buf_release(&data);
	return bytes;
}

/* Same text but for white space and quote marks. */
static bool
same_words(struct span a, struct span b)
{
	for (;;) {
		while (a.len > 0 && strchr(" \t\n>", *a.ptr) != NULL)
			a = span_skip(a, 1);
		while (b.len > 0 && strchr(" \t\n>", *b.ptr) != NULL)
			b = span_skip(b, 1);
		if (a.len == 0 || b.len == 0)
			return a.len == b.len;
		if (*a.ptr != *b.ptr)
			return false;
		a = span_skip(a, 1);
		b = span_skip(b, 1);
	}
}

/* Several text parts shown one after the other are one body, with an empty line between. */
static void
add_body(struct walk *w, struct span text, bool html)
{
	w->has_text = true;
	if (mime_is_blank(text))
		return;
	/* Some programs send both forms side by side and not as alternatives. */
	if (html && same_words(buf_span(&w->body), text))
		return;
	if (w->body.len > 0) {
		buf_truncate(&w->body, span_rtrim(buf_span(&w->body)).len);
		buf_puts(&w->body, "\n\n");
	}
	buf_put_span(&w->body, text);
}

static void
read_text(struct walk *w, GMimeObject *part, struct span bytes)
{
	struct textpart text = mime_textpart(w, part, bytes);

	if (!text.html)
		text.bytes = take_uufiles(w, bytes);
	add_body(w, textpart_read(w->arena, &text, &w->mime->links, &w->mime->encrypted),
	    text.html);
}

static void
add_calendar(struct walk *w, GMimeObject *part, struct span bytes)
{
	struct mime_calendar *c;
	struct span method = mime_parameter(part, "method");

	if (w->mime->n_calendars == MIME_CALENDARS_MAX)
		return;
	c = &w->mime->calendars[w->mime->n_calendars++];
	c->ics = charset_decode(w->arena, bytes, mime_parameter(part, "charset"));
	/* The content buffer is used again: what was not converted must be kept. */
	c->ics.ptr = arena_span(w->arena, c->ics);
	c->method = method.len > 0 ? utf8_line(w->arena, method, 32) : NULL;
}

static struct span
kept(struct walk *w, struct span bytes, size_t max)
{
	bytes = span_first(bytes, max);
	return (struct span){arena_span(w->arena, bytes), bytes.len};
}

static bool
is_calendar(GMimeObject *part, const char *name)
{
	size_t n = name != NULL ? strlen(name) : 0;

	if (mime_is_type(part, "text", "calendar") || mime_is_type(part, "application", "ics"))
		return true;
	return n > 4 && g_ascii_strcasecmp(name + n - 4, ".ics") == 0;
}

/* Parts that say what happened to another mail. */
static void
note_report(struct walk *w, GMimeObject *part, struct span bytes)
{
	struct mime *m = w->mime;

	if (m->delivery.len == 0 && (mime_is_type(part, "message", "delivery-status") ||
	    mime_is_type(part, "message", "global-delivery-status")))
		m->delivery = kept(w, bytes, REPORT_MAX);
	else if (mime_is_type(part, "message", "feedback-report"))
		m->feedback = kept(w, bytes, REPORT_MAX);
	else if (m->original.len == 0 && (mime_is_type(part, "text", "rfc822-headers") ||
	    mime_is_type(part, "message", "global-headers")))
		m->original = kept(w, bytes, ORIGINAL_MAX);
}

/* Some gateways forget the type and keep the name. */
static bool
is_sealed_file(struct walk *w, GMimeObject *part)
{
	const char *name;

	if (!mime_is_type(part, "application", "octet-stream"))
		return false;
	name = mime_part_name(w, part);
	return name != NULL && g_ascii_strcasecmp(name, "smime.p7m") == 0;
}

static void
note_crypto(struct walk *w, GMimeObject *part)
{
	if (is_sealed_file(w, part) || mime_is_type(part, "application", "pkcs7-mime") ||
	    mime_is_type(part, "application", "x-pkcs7-mime") ||
	    mime_is_type(part, "application", "pgp-encrypted"))
		w->mime->encrypted = true;
	else if (mime_is_type(part, "application", "pgp-signature") ||
	    mime_is_type(part, "application", "pkcs7-signature") ||
	    mime_is_type(part, "application", "x-pkcs7-signature"))
		w->mime->signature = true;
}

/* A text of a kind that nobody knows is plain text (RFC 2046 section 4.1.4), here where it is the
 * whole mail and no file: beside another text it is more often a file. */
static bool
is_unknown_text(struct walk *w, GMimeObject *part)
{
	static const char *const data[] = {"calendar", "css", "csv", "directory", "javascript",
	    "rfc822-headers", "rtf", "tab-separated-values", "vcard", "x-vcard", "xml"};

	if (part != w->root || !mime_is_type(part, "text", "*") || mime_is_attached(part) ||
	    mime_part_name(w, part) != NULL)
		return false;
	for (size_t i = 0; i < sizeof data / sizeof *data; i++)
		if (mime_is_type(part, "text", data[i]))
			return false;
	return true;
}

/* Enriched text is read where there is no other, else it is one more form of the same. */
static bool
is_body_text(struct walk *w, GMimeObject *part, enum use use)
{
	if (mime_is_type(part, "text", "enriched") || mime_is_type(part, "text", "richtext"))
		return use == USE_BODY && w->body.len == 0;
	/* A type of one word is none (RFC 2045 section 5.2), and the mail plain text. */
	if (part == w->root && mime_lacks_type(part))
		return true;
	return mime_is_type(part, "text", "plain") || mime_is_type(part, "text", "html") ||
	    mime_is_type(part, "text", "markdown") || is_unknown_text(w, part);
}

static enum td_status
walk_leaf(struct walk *w, GMimeObject *part, enum use use)
{
	struct span bytes = mime_content(w, part);
	/* A mail that is one text is read, whatever its program calls it. */
	bool text = is_body_text(w, part, use) && (!mime_is_attached(part) || part == w->root);
	const char *name = text ? NULL : mime_part_name(w, part);
	char sha256[65];

	digest_hex(bytes, sha256);
	digest_add(&w->key, SPAN(";"));
	digest_add(&w->key, span_of(sha256));
	note_report(w, part, bytes);
	note_crypto(w, part);
	if (is_calendar(part, name)) {
		if (bytes.len > 0)
			add_calendar(w, part, bytes);
		if (name != NULL || mime_is_attached(part))
			add_attachment(w, part, bytes, sha256);
		return TD_OK;
	}
	/* A named text after the body is a file that the program also shows. */
	if (text && (w->body.len == 0 || mime_part_name(w, part) == NULL)) {
		if (use == USE_BODY)
			read_text(w, part, bytes);
		if (!mime_is_attached(part) || mime_part_name(w, part) == NULL)
			return TD_OK;
	}
	if (is_body_text(w, part, use) && use == USE_BODY && w->late == NULL && name == NULL)
		w->late = part;
	add_attachment(w, part, bytes, sha256);
	return TD_OK;
}

/* ---- messages in the mail ------------------------------------------------------------------ */

static const char *
subject_of(struct walk *w, GMimeMessage *message)
{
	const char *raw = g_mime_object_get_header(GMIME_OBJECT(message), "Subject");
	char *line = header_text(w->arena, span_of(raw), SUBJECT_MAX);

	return *line != '\0' ? line : NULL;
}

/* A forwarded or returned message stands for itself: listed, hashed, not walked. */
static void
walk_message(struct walk *w, GMimeObject *part)
{
	GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(part));
	GMimeStream *stream = g_mime_stream_mem_new();
	GByteArray *bytes;
	struct span raw;
	char sha256[65];

	if (message != NULL)
		g_mime_object_write_to_stream(GMIME_OBJECT(message), NULL, stream);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	raw = (struct span){(const char *)bytes->data, bytes->len};
	if (raw.len == 0)
		raw.ptr = "";
	digest_hex(raw, sha256);
	digest_add(&w->key, SPAN(";"));
	digest_add(&w->key, span_of(sha256));
	add_attachment(w, part, raw, sha256);
	if (w->mime->n_attachments > 0 && message != NULL) {
		struct reading_attachment *a = &w->mime->attachments[w->mime->n_attachments - 1];

		if (a->name == NULL)
			a->name = subject_of(w, message);
	}
	if (w->mime->original.len == 0)
		w->mime->original = kept(w, raw, ORIGINAL_MAX);
	g_object_unref(stream);
}

/* ---- multiparts ---------------------------------------------------------------------------- */

/* A multipart whose boundary is missing or never comes: what stands in it is its text. */
static void
read_unparted(struct walk *w, GMimeMultipart *multipart)
{
	const char *prologue = g_mime_multipart_get_prologue(multipart);
	struct textpart text = {.bytes = span_of(prologue), .charset = SPAN(""),
	    .html_max = w->limits->html_bytes, .text_max = w->limits->text_bytes};

	add_body(w, textpart_read(w->arena, &text, &w->mime->links, &w->mime->encrypted), false);
}

static enum td_status
walk_multipart(struct walk *w, GMimeObject *part, uint32_t depth, enum use use)
{
	GMimeMultipart *multipart = GMIME_MULTIPART(part);
	bool alternative = mime_is_type(part, "multipart", "alternative");
	int chosen = alternative && use == USE_BODY ? mime_choose(w, multipart, depth) : -1;

	if (mime_is_type(part, "multipart", "report") && w->mime->report_type == NULL)
		w->mime->report_type = utf8_fold(w->arena,
		    span_of(utf8_line(w->arena, mime_parameter(part, "report-type"), 64)));
	if (mime_is_type(part, "multipart", "encrypted"))
		w->mime->encrypted = true;
	if (g_mime_multipart_get_count(multipart) == 0 && use == USE_BODY)
		read_unparted(w, multipart);
	for (int i = 0; i < g_mime_multipart_get_count(multipart); i++) {
		enum use below = alternative && i != chosen ? USE_NOT : use;
		enum td_status status = walk_part(w, g_mime_multipart_get_part(multipart, i),
		    depth + 1, below);

		if (status != TD_OK)
			return status;
	}
	return TD_OK;
}

static enum td_status
walk_part(struct walk *w, GMimeObject *part, uint32_t depth, enum use use)
{
	if (part == NULL)
		return TD_OK;
	if (++w->parts > w->limits->mime_parts)
		return err_perm(w->err, "the mail has more than %u parts", w->limits->mime_parts);
	if (depth > w->limits->mime_depth)
		return err_perm(w->err, "the mail's parts are nested deeper than %u",
		    w->limits->mime_depth);
	if (GMIME_IS_MULTIPART(part))
		return walk_multipart(w, part, depth, use);
	if (GMIME_IS_MESSAGE_PART(part)) {
		walk_message(w, part);
		return TD_OK;
	}
	return walk_leaf(w, part, use);
}

/* ---- the whole ----------------------------------------------------------------------------- */

/* The tree and the array through which it borrows the mail. */
struct tree {
	GByteArray *bytes;
	GMimeMessage *message; /* NULL when GMime could make nothing of it */
};

static struct tree
tree_build(struct span mail)
{
	struct tree tree = {.bytes = g_byte_array_new_take((guint8 *)(uintptr_t)mail.ptr,
	                        mail.len)};
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(tree.bytes);
	GMimeParser *parser;

	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	parser = g_mime_parser_new_with_stream(stream);
	g_mime_parser_set_persist_stream(parser, TRUE);
	tree.message = g_mime_parser_construct_message(parser, NULL);
	g_object_unref(parser);
	g_object_unref(stream);
	return tree;
}

static void
tree_release(struct tree *tree)
{
	if (tree->message != NULL)
		g_object_unref(tree->message);
	g_byte_array_free(tree->bytes, FALSE); /* the bytes stay the caller's */
}

static void
add_key(struct walk *w, const struct header_list *headers, const char *name)
{
	digest_add(&w->key, header_get(headers, name));
	digest_add(&w->key, (struct span){"", 1});
}

/* A multipart without parts, or a mail that GMime cannot make sense of: the body as it stands. */
static void
read_whole(struct walk *w, const struct header_list *headers)
{
	struct textpart text = {.bytes = span_skip(w->mail, headers->body),
	    .charset = SPAN(""), .html_max = w->limits->html_bytes,
	    .text_max = w->limits->text_bytes};

	add_body(w, textpart_read(w->arena, &text, &w->mime->links, &w->mime->encrypted), false);
}

static void
start_gmime(void)
{
	static gsize started;

	if (g_once_init_enter(&started)) {
		g_mime_init();
		g_once_init_leave(&started, 1);
	}
}

enum td_status
mime_read(struct arena *arena, struct span mail, const struct header_list *headers,
    const struct reading_limits *limits, struct reading_message *message, struct mime *mime_r,
    struct err *err)
{
	struct mime mime = {.body = {"", 0}};
	struct walk w = {.arena = arena, .mail = mail, .limits = limits, .mime = &mime, .err = err};
	enum td_status status;
	struct tree tree;
	struct buf cut;

	buf_init(&cut, mail.len + 1);
	status = check_cost(&w, &cut);
	if (status != TD_OK) {
		buf_release(&cut);
		return status;
	}
	start_gmime();
	digest_init(&w.key);
	add_key(&w, headers, "Message-ID");
	add_key(&w, headers, "From");
	add_key(&w, headers, "Date");
	add_key(&w, headers, "Subject");
	buf_init(&w.content, mail.len + 1);
	buf_init(&w.body, limits->text_bytes);
	tree = tree_build(cut.len > 0 ? buf_span(&cut) : mail);
	if (tree.message != NULL) {
		w.root = g_mime_message_get_mime_part(tree.message);
		status = walk_part(&w, w.root, 0, USE_BODY);
	}
	if (status == TD_OK && w.body.len == 0 && w.late != NULL)
		read_text(&w, w.late, mime_content(&w, w.late));
	/* not where text was read and is blank: what HTML hides is not to be seen raw */
	if (status == TD_OK && !w.has_text && w.parts <= 1 && mime.n_attachments == 0 &&
	    mime.n_calendars == 0)
		read_whole(&w, headers);
	mime.body = utf8_cut(buf_span(&w.body), limits->text_bytes);
	mime.body.ptr = arena_span(arena, mime.body);
	digest_finish(&w.key, message->key);
	tree_release(&tree);
	buf_release(&cut);
	buf_release(&w.content);
	buf_release(&w.body);
	if (status == TD_OK)
		*mime_r = mime;
	return status;
}
