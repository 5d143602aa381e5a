/* SPDX-License-Identifier: ISC */
/* mime_part: one part of a mail: its type, name and content. See mime_private.h. */
#include "config.h"

#include "parsers/mime_private.h"

#include <string.h>

#include "parsers/base/utf8.h"
#include "parsers/param.h"
#include "parsers/transfer.h"

#define NAME_MAX_BYTES 255
#define TYPE_MAX_BYTES 128

bool
mime_is_type(GMimeObject *part, const char *type, const char *subtype)
{
	return g_mime_content_type_is_type(g_mime_object_get_content_type(part), type, subtype);
}

struct span
mime_parameter(GMimeObject *part, const char *name)
{
	return span_of(
	    g_mime_content_type_get_parameter(g_mime_object_get_content_type(part), name));
}

bool
mime_is_attached(GMimeObject *part)
{
	const char *disposition = g_mime_object_get_disposition(part);

	return disposition != NULL && g_ascii_strcasecmp(disposition, "attachment") == 0;
}

/* The encoded content, in place. */
struct span
mime_raw_content(const struct walk *w, GMimeObject *part)
{
	GMimeDataWrapper *wrapper;
	GMimeStream *stream;
	gint64 start, end;

	if (!GMIME_IS_PART(part))
		return (struct span){"", 0};
	wrapper = g_mime_part_get_content(GMIME_PART(part));
	stream = wrapper != NULL ? g_mime_data_wrapper_get_stream(wrapper) : NULL;
	if (stream == NULL || !GMIME_IS_STREAM_MEM(stream))
		return (struct span){"", 0};
	start = stream->bound_start;
	end = stream->bound_end >= 0 ? stream->bound_end : (gint64)w->mail.len;
	if (start < 0 || start > end || end > (gint64)w->mail.len)
		return (struct span){"", 0};
	return (struct span){w->mail.ptr + start, (size_t)(end - start)};
}

static enum transfer
transfer_encoding(GMimeObject *part)
{
	return transfer_of(span_of(g_mime_object_get_header(part, "Content-Transfer-Encoding")));
}

/* The decoded content; what needs no decoding is not copied. Valid until the next call. */
struct span
mime_content(struct walk *w, GMimeObject *part)
{
	struct span raw = mime_raw_content(w, part);
	enum transfer encoding = transfer_encoding(part);
	size_t n = raw.len;

	if (encoding == TRANSFER_PLAIN)
		return raw;
	/* Some list servers put their footer in plain text below it. */
	if (encoding == TRANSFER_BASE64 && mime_is_type(part, "text", "*"))
		n = transfer_base64_end(raw);
	buf_clear(&w->content);
	transfer_decode(encoding, span_first(raw, n), &w->content);
	if (n < raw.len && w->content.len > 0 && w->content.ptr[w->content.len - 1] != '\n')
		buf_putc(&w->content, '\n');
	buf_put_span(&w->content, span_skip(raw, n));
	return buf_span(&w->content);
}

/* As it stands in the mail; GMime's own reading of it loses what is folded inside quotes. */
static struct span
raw_header(GMimeObject *part, const char *name)
{
	GMimeHeader *header =
	    g_mime_header_list_get_header(g_mime_object_get_header_list(part), name);

	return span_of(header != NULL ? g_mime_header_get_raw_value(header) : NULL);
}

/* A file name without folders. */
const char *
mime_base_name(struct walk *w, struct span name)
{
	char *line;

	for (size_t i = name.len; i > 0; i--)
		if (name.ptr[i - 1] == '/' || name.ptr[i - 1] == '\\') {
			name = span_skip(name, i);
			break;
		}
	line = utf8_line(w->arena, name, NAME_MAX_BYTES);
	return *line != '\0' ? line : NULL;
}

/* Content-Disposition's name, else Content-Type's. */
const char *
mime_part_name(struct walk *w, GMimeObject *part)
{
	struct span name = param_get(w->arena, raw_header(part, "Content-Disposition"), "filename");

	if (name.len == 0)
		name = param_get(w->arena, raw_header(part, "Content-Type"), "name");
	return mime_base_name(w, name);
}

static bool
is_type_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || strchr("/._+-", c) != NULL;
}

/* "text/plain": lower case; application/octet-stream where the mail says nonsense. */
const char *
mime_part_type(struct walk *w, GMimeObject *part)
{
	GMimeContentType *type = g_mime_object_get_content_type(part);
	char *name = arena_printf(w->arena, "%s/%s", g_mime_content_type_get_media_type(type),
	    g_mime_content_type_get_media_subtype(type));
	size_t n = 0;

	for (; name[n] != '\0'; n++) {
		if (name[n] >= 'A' && name[n] <= 'Z')
			name[n] = (char)(name[n] | 0x20);
		if (!is_type_byte(name[n]) || n >= TYPE_MAX_BYTES)
			return "application/octet-stream";
	}
	return name;
}

bool
mime_lacks_type(GMimeObject *part)
{
	struct span value = span_trim(raw_header(part, "Content-Type"));

	return value.len > 0 && span_find_byte(value, '/') == value.len;
}

bool
mime_is_blank(struct span s)
{
	/* no-break space, zero width space, byte order mark */
	static const char *const marks[] = {"\xC2\xA0", "\xE2\x80\x8B", "\xEF\xBB\xBF"};
	bool any = true;

	s = span_trim(s);
	while (any && s.len > 0) {
		any = false;
		for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
			if (span_starts(s, span_of(marks[i]))) {
				s = span_trim(span_skip(s, strlen(marks[i])));
				any = true;
			}
	}
	return s.len == 0;
}

/* Some programs name no type, or text/plain, for what is HTML from its first byte. */
static bool
looks_like_html(struct span bytes)
{
	bytes = span_trim(span_first(bytes, 200));
	return span_istarts(bytes, SPAN("<!doctype html")) || span_istarts(bytes, SPAN("<html>")) ||
	    span_istarts(bytes, SPAN("<html "));
}

struct textpart
mime_textpart(const struct walk *w, GMimeObject *part, struct span bytes)
{
	return (struct textpart){.bytes = bytes, .charset = mime_parameter(part, "charset"),
	    .html = mime_is_type(part, "text", "html") ||
	        (mime_is_type(part, "text", "plain") && looks_like_html(bytes)),
	    .enriched = mime_is_type(part, "text", "enriched"),
	    .rich = mime_is_type(part, "text", "richtext"),
	    .flowed = span_iis(mime_parameter(part, "format"), "flowed"),
	    .delsp = span_iis(mime_parameter(part, "delsp"), "yes"),
	    .html_max = w->limits->html_bytes, .text_max = w->limits->text_bytes};
}
