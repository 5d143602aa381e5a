/* SPDX-License-Identifier: ISC */
/*
 * mailbuild: see mailbuild.h. First every field is checked, then the headers are written in one
 * fixed order, then the tree of parts.
 */
#include "config.h"

#include "daemon/compose/mailbuild.h"

#include <string.h>
#include <time.h>

#include "daemon/compose/mailenc.h"
#include "parsers/base/buf.h"

#define HEADER_TEXT_MAX 1000
#define ADDRESS_MAX 254
#define LOCAL_MAX 64
#define ID_MAX 250
#define URI_MAX 900
#define LINE_AIM 78

/* ---- checks ---- */

static bool
is_refused(struct span character)
{
	unsigned char c = (unsigned char)character.ptr[0];

	if (character.len == 1)
		return c < 0x20 || c == 0x7f;
	if (character.len == 2) /* C1 */
		return c == 0xc2 && (unsigned char)character.ptr[1] < 0xa0;
	return span_is(character, "\xe2\x80\xa8") || span_is(character, "\xe2\x80\xa9");
}

enum td_status
mail_check_text(const char *field, const char *text, struct err *err)
{
	struct span rest = span_of(text);

	if (rest.len > HEADER_TEXT_MAX)
		return err_perm(err, "%s: longer than %d bytes", field, HEADER_TEXT_MAX);
	while (rest.len > 0) {
		size_t n = mailenc_char(rest);

		if (n == 0)
			return err_perm(err, "%s: not valid UTF-8", field);
		if (is_refused(span_first(rest, n)))
			return err_perm(err, "%s: holds a control character or line break", field);
		rest = span_skip(rest, n);
	}
	return TD_OK;
}

static bool
is_alnum(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* RFC 5322 section 3.2.3: atext, and the dots between atoms. */
static bool
is_dot_atom(struct span s)
{
	bool dot = true; /* none at the beginning, none twice, none at the end */

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (c == '.'
			? dot
			: !is_alnum(c) && (c == '\0' || strchr("!#$%&'*+-/=?^_`{|}~", c) == NULL))
			return false;
		dot = c == '.';
	}
	return !dot;
}

static bool
is_host(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_alnum((unsigned char)s.ptr[i]) && s.ptr[i] != '-' && s.ptr[i] != '.')
			return false;
	return is_dot_atom(s);
}

enum td_status
mail_check_address(const char *field, const char *address, struct err *err)
{
	struct span s = span_of(address);
	size_t at = span_find_byte(s, '@');
	enum td_status status = mail_check_text(field, address, err);

	if (status != TD_OK)
		return status;
	if (s.len > ADDRESS_MAX || at > LOCAL_MAX)
		return err_perm(err, "%s: the address is too long", field);
	if (at == s.len || !is_dot_atom(span_first(s, at)) || !is_host(span_skip(s, at + 1)))
		return err_perm(err, "%s: '%s' is not a plain mail address", field, address);
	return TD_OK;
}

bool
mail_good_id(const char *mid)
{
	struct span s = span_of(mid);
	size_t at = span_find_byte(s, '@');

	if (s.len == 0 || s.len > ID_MAX || at == 0 || at + 1 >= s.len)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] <= ' ' || s.ptr[i] >= 0x7f || strchr("<>()\\\",;", s.ptr[i]) != NULL)
			return false;
	return true;
}

static enum td_status
check_id(const char *field, const char *mid, struct err *err)
{
	return mail_good_id(mid) ? TD_OK : err_perm(err, "%s: not a message id", field);
}

/* Printable ASCII without blanks and brackets: a URI, a List-Id, a method, a boundary. */
static enum td_status
check_token(const char *field, const char *text, size_t max, struct err *err)
{
	struct span s = span_of(text);

	if (s.len == 0 || s.len > max)
		return err_perm(err, "%s: empty or longer than %zu bytes", field, max);
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] <= ' ' || s.ptr[i] >= 0x7f || strchr("<>\"\\", s.ptr[i]) != NULL)
			return err_perm(err, "%s: holds a character that may not stand there",
			    field);
	return TD_OK;
}

static enum td_status
check_people(const struct mail *mail, struct err *err)
{
	enum td_status status;

	if ((status = mail_check_text("From name", mail->from.name, err)) != TD_OK ||
	    (status = mail_check_text("To name", mail->to.name, err)) != TD_OK ||
	    (status = mail_check_address("From", mail->from.address, err)) != TD_OK ||
	    (status = mail_check_address("To", mail->to.address, err)) != TD_OK)
		return status;
	if (mail->reply_to != NULL &&
	    (status = mail_check_address("Reply-To", mail->reply_to, err)) != TD_OK)
		return status;
	return mail_check_address("X-Tidings-Loop", mail->loop, err);
}

static enum td_status
check_ids(const struct mail *mail, struct err *err)
{
	enum td_status status;

	/* Our own is of the strict form; others' are repeated as long as they do no harm. */
	if ((status = mail_check_address("Message-ID", mail->mid, err)) != TD_OK)
		return status;
	if (mail->in_reply_to != NULL &&
	    (status = check_id("In-Reply-To", mail->in_reply_to, err)) != TD_OK)
		return status;
	if (mail->n_references > MAIL_REFERENCES_MAX)
		return err_perm(err, "References: more than %d", MAIL_REFERENCES_MAX);
	for (size_t i = 0; i < mail->n_references; i++)
		if ((status = check_id("References", mail->references[i], err)) != TD_OK)
			return status;
	return TD_OK;
}

static enum td_status
check_tokens(const struct mail *mail, struct err *err)
{
	const struct {
		const char *field, *value;
		size_t max;
	} rows[] = {
	    {"List-Id", mail->list_id, ADDRESS_MAX},
	    {"List-Unsubscribe", mail->list_unsubscribe, URI_MAX},
	    {"List-Help", mail->list_help, URI_MAX}, {"List-Post", mail->list_post, URI_MAX},
	    {"Content-Language", mail->lang, 35}, {"method", mail->method, 20},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum td_status status;

		if (rows[i].value == NULL)
			continue;
		status = check_token(rows[i].field, rows[i].value, rows[i].max, err);
		if (status != TD_OK)
			return status;
	}
	if (strlen(mail->boundary) < 8)
		return err_perm(err, "boundary: shorter than 8 characters");
	return check_token("boundary", mail->boundary, 40, err);
}

static enum td_status
check(const struct mail *mail, struct err *err)
{
	enum td_status status;

	if ((status = check_people(mail, err)) != TD_OK ||
	    (status = check_ids(mail, err)) != TD_OK ||
	    (status = check_tokens(mail, err)) != TD_OK ||
	    (status = mail_check_text("Subject", mail->subject, err)) != TD_OK)
		return status;
	if (span_trim(span_of(mail->subject)).len == 0)
		return err_perm(err, "Subject: is empty");
	if (mail->calendar.ptr != NULL && (mail->html.ptr == NULL || mail->method == NULL))
		return err_perm(err, "calendar: needs an html body and a method");
	return mail_check_text("List-Id name", mail->list_name, err);
}

/* ---- headers ---- */

static bool
is_ascii(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.ptr[i] >= 0x80)
			return false;
	return true;
}

/* Whether s can stand as it is and be folded at its single spaces. */
static bool
is_foldable(struct span s)
{
	size_t word = 0;

	if (!is_ascii(s) || span_find(s, SPAN("=?")) < s.len || span_find(s, SPAN("  ")) < s.len ||
	    span_trim(s).len < s.len)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		word = s.ptr[i] == ' ' ? 0 : word + 1;
		if (word > LINE_AIM - 10)
			return false;
	}
	return true;
}

static void
put_unstructured(struct buf *out, const char *name, const char *value)
{
	struct span rest = span_of(value), word;
	size_t column = strlen(name) + 1;

	buf_printf(out, "%s:", name);
	if (!is_foldable(rest)) {
		buf_putc(out, ' ');
		mailenc_words(out, rest, column + 1);
		buf_puts(out, "\r\n");
		return;
	}
	while (span_next_word(&rest, &word)) {
		if (column + 1 + word.len > LINE_AIM && column > strlen(name) + 1) {
			buf_puts(out, "\r\n");
			column = 0;
		}
		buf_putc(out, ' ');
		buf_put_span(out, word);
		column += 1 + word.len;
	}
	buf_puts(out, "\r\n");
}

/* A display name (RFC 5322 phrase); gives the column it ends at. */
static size_t
put_phrase(struct buf *out, struct span name, size_t column)
{
	size_t start = out->len;
	struct span written;

	if (!is_ascii(name) || span_find(name, SPAN("=?")) < name.len || name.len > 60) {
		mailenc_words(out, name, column);
	} else {
		buf_putc(out, '"');
		for (size_t i = 0; i < name.len; i++) {
			if (name.ptr[i] == '"' || name.ptr[i] == '\\')
				buf_putc(out, '\\');
			buf_putc(out, name.ptr[i]);
		}
		buf_putc(out, '"');
	}
	written = span_skip(buf_span(out), start);
	for (size_t i = written.len; i-- > 0;)
		if (written.ptr[i] == '\n')
			return written.len - i - 1;
	return column + written.len;
}

static void
put_address(struct buf *out, const char *field, const struct mail_address *who)
{
	struct span name = span_of(who->name);
	size_t column = strlen(field) + 2;

	buf_printf(out, "%s: ", field);
	if (name.len == 0) {
		buf_printf(out, "%s\r\n", who->address);
		return;
	}
	column = put_phrase(out, name, column);
	if (column + strlen(who->address) + 3 > LINE_AIM)
		buf_puts(out, "\r\n");
	buf_printf(out, " <%s>\r\n", who->address);
}

static void
put_date(struct buf *out, int64_t date)
{
	static const char *const days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
	    "Sep", "Oct", "Nov", "Dec"};
	time_t t = (time_t)date;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL)
		tm = (struct tm){.tm_mday = 1, .tm_year = 70, .tm_wday = 4};
	buf_printf(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", days[tm.tm_wday],
	    tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void
put_references(struct buf *out, const struct mail *mail)
{
	size_t column = strlen("References:");

	if (mail->in_reply_to != NULL)
		buf_printf(out, "In-Reply-To: <%s>\r\n", mail->in_reply_to);
	if (mail->n_references == 0)
		return;
	buf_puts(out, "References:");
	for (size_t i = 0; i < mail->n_references; i++) {
		size_t len = strlen(mail->references[i]) + 3;

		if (i > 0 && column + len > LINE_AIM) {
			buf_puts(out, "\r\n");
			column = 0;
		}
		buf_printf(out, " <%s>", mail->references[i]);
		column += len;
	}
	buf_puts(out, "\r\n");
}

static void
put_list(struct buf *out, const struct mail *mail)
{
	if (mail->list_id != NULL) {
		struct span name = span_of(mail->list_name);
		size_t column = strlen("List-Id: ");

		buf_puts(out, "List-Id: ");
		if (name.len > 0) {
			column = put_phrase(out, name, column);
			buf_puts(out,
			    column + strlen(mail->list_id) + 3 > LINE_AIM ? "\r\n " : " ");
		}
		buf_printf(out, "<%s>\r\n", mail->list_id);
	}
	/* On one line each, however long: some clients read no further than the first. */
	if (mail->list_unsubscribe != NULL)
		buf_printf(out, "List-Unsubscribe: <%s>\r\n", mail->list_unsubscribe);
	if (mail->list_help != NULL)
		buf_printf(out, "List-Help: <%s>\r\n", mail->list_help);
	if (mail->list_post != NULL)
		buf_printf(out, "List-Post: <%s>\r\n", mail->list_post);
	if (mail->bulk)
		buf_puts(out, "Precedence: bulk\r\n");
}

static void
put_headers(struct buf *out, const struct mail *mail)
{
	put_address(out, "From", &mail->from);
	put_address(out, "To", &mail->to);
	if (mail->reply_to != NULL)
		buf_printf(out, "Reply-To: %s\r\n", mail->reply_to);
	put_unstructured(out, "Subject", mail->subject);
	put_date(out, mail->date);
	buf_printf(out, "Message-ID: <%s>\r\n", mail->mid);
	put_references(out, mail);
	buf_printf(out, "Auto-Submitted: %s\r\n",
	    mail->automatic == MAIL_REPLIED ? "auto-replied" : "auto-generated");
	buf_puts(out, "X-Auto-Response-Suppress: OOF, AutoReply\r\n");
	put_list(out, mail);
	buf_printf(out, "X-Tidings-Loop: %s\r\n", mail->loop);
	if (mail->lang != NULL)
		buf_printf(out, "Content-Language: %s\r\n", mail->lang);
	buf_puts(out, "MIME-Version: 1.0\r\n");
}

/* ---- parts ---- */

static void
put_text(struct buf *out, struct arena *arena, const char *subtype, struct span text)
{
	buf_printf(out, "Content-Type: text/%s; charset=utf-8\r\n", subtype);
	buf_puts(out, "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
	mailenc_qp(out, mailenc_text(arena, text));
}

static void
put_alternative(struct buf *out, struct arena *arena, const struct mail *mail)
{
	const char *b = mail->boundary;

	buf_printf(out, "Content-Type: multipart/alternative; boundary=\"=_alt_%s\"\r\n\r\n", b);
	buf_printf(out, "--=_alt_%s\r\n", b);
	put_text(out, arena, "plain", mail->text);
	buf_printf(out, "\r\n--=_alt_%s\r\n", b);
	put_text(out, arena, "html", mail->html);
	if (mail->calendar.ptr != NULL) {
		buf_printf(out, "\r\n--=_alt_%s\r\n", b);
		buf_printf(out, "Content-Type: text/calendar; charset=UTF-8; method=%s\r\n",
		    mail->method);
		buf_puts(out, "Content-Transfer-Encoding: base64\r\n\r\n");
		mailenc_base64(out, mail->calendar);
	}
	buf_printf(out, "\r\n--=_alt_%s--\r\n", b);
}

/* The invite's tree: Thunderbird and Outlook show its buttons for this one. */
static void
put_mixed(struct buf *out, struct arena *arena, const struct mail *mail)
{
	const char *b = mail->boundary;

	buf_printf(out, "Content-Type: multipart/mixed; boundary=\"=_mix_%s\"\r\n\r\n", b);
	buf_printf(out, "--=_mix_%s\r\n", b);
	put_alternative(out, arena, mail);
	buf_printf(out, "\r\n--=_mix_%s\r\n", b);
	buf_puts(out, "Content-Type: application/ics; name=\"invite.ics\"\r\n");
	buf_puts(out, "Content-Disposition: attachment; filename=\"invite.ics\"\r\n");
	buf_puts(out, "Content-Transfer-Encoding: base64\r\n\r\n");
	mailenc_base64(out, mail->calendar);
	buf_printf(out, "\r\n--=_mix_%s--\r\n", b);
}

enum td_status
mail_build(struct arena *arena, const struct mail *mail, struct span *bytes_r,
    bool *too_large_r, struct err *err)
{
	struct buf out;
	enum td_status status = check(mail, err);

	if (too_large_r != NULL)
		*too_large_r = false;
	if (status != TD_OK)
		return status;
	buf_init(&out, MAIL_BYTES_MAX);
	put_headers(&out, mail);
	if (mail->calendar.ptr != NULL)
		put_mixed(&out, arena, mail);
	else if (mail->html.ptr != NULL)
		put_alternative(&out, arena, mail);
	else
		put_text(&out, arena, "plain", mail->text);
	if (out.over) {
		if (too_large_r != NULL)
			*too_large_r = true;
		status = err_perm(err, "the mail is larger than %d bytes", MAIL_BYTES_MAX);
	} else {
		*bytes_r = (struct span){arena_span(arena, buf_span(&out)), out.len};
	}
	buf_release(&out);
	return status;
}
