/* SPDX-License-Identifier: ISC */
/*
 * source: the configuration file as text. libconfig 1.5 cuts a number without the suffix L to
 * 32 bits without a word and follows @include anywhere; both are found here, before it reads.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/base/num.h"
#include "daemon/conf/reader.h"

static enum td_status
read_whole(int fd, const char *path, char *text, size_t size, size_t *len_r, struct err *err)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, text + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_perm(err, "%s: cannot be read: %s", path, strerror(errno));
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*len_r = len;
	return TD_OK;
}

enum td_status
conf_source_read(struct conf_reader *r, struct span *text_r, struct err *err)
{
	enum td_status status;
	struct stat st;
	size_t len = 0;
	char *text = NULL;
	int fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 && *r->path == '\0')
		return err_perm(err, "the name of the configuration file is empty; -c "
		    "wants a file");
	if (fd < 0 && errno == ENOENT)
		return err_perm(err, "%s: no such file; name another with -c, or make one with: "
		    "tidings init", r->path);
	if (fd < 0)
		return err_perm(err, "%s: cannot be opened: %s%s", r->path, strerror(errno),
		    errno == EACCES ? "; give this account access to the file and its folder, or "
		    "name another with -c" : "");
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		status = err_perm(err, "%s: is not a file; name one with -c", r->path);
	else if (st.st_size > CONF_FILE_MAX)
		status = err_perm(err, "%s: is larger than 1 MiB: not a configuration", r->path);
	else {
		text = arena_alloc(r->arena, (size_t)st.st_size + 1);
		status = read_whole(fd, r->path, text, (size_t)st.st_size, &len, err);
	}
	close(fd);
	if (status != TD_OK)
		return status;
	if (memchr(text, '\0', len) != NULL)
		return err_perm(err, "%s: holds a NUL byte: not a text file", r->path);
	*text_r = (struct span){text, len};
	return TD_OK;
}

#define DEPTH_MAX 50

struct scan {
	struct span rest;
	int line;
	bool line_start; /* only white space so far on this line */
	struct {
		char closes;
		int line;
	} open[DEPTH_MAX]; /* brackets */
	unsigned depth;
	bool lost; /* one was wrong: what follows says nothing */
};

static void
scan_skip(struct scan *s, size_t n)
{
	for (size_t i = 0; i < n && i < s->rest.len; i++) {
		if (s->rest.ptr[i] == '\n') {
			s->line++;
			s->line_start = true;
		}
	}
	s->rest = span_skip(s->rest, n);
}

/* Length of the comment or string that begins here, 0 if none does. */
static size_t
scan_opaque(struct span s)
{
	size_t n = 1;

	if (*s.ptr == '#' || span_starts(s, SPAN("//")))
		return span_find_byte(s, '\n');
	if (span_starts(s, SPAN("/*")))
		return span_find(span_skip(s, 2), SPAN("*/")) + 4;
	if (*s.ptr != '"')
		return 0;
	while (n < s.len && s.ptr[n] != '"')
		n += s.ptr[n] == '\\' ? 2 : 1;
	return n + 1;
}

static bool
is_word_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    c == '_' || c == '.' || c == '*' || c == '-' || c == '+';
}

static void
scan_word(struct conf_reader *r, struct scan *s)
{
	struct span word, digits;
	uint32_t value;
	size_t n = 0;

	while (n < s->rest.len && is_word_byte(s->rest.ptr[n]))
		n++;
	word = digits = span_first(s->rest, n);
	if (digits.len > 1 && (*digits.ptr == '-' || *digits.ptr == '+'))
		digits = span_skip(digits, 1);
	for (n = 0; n < digits.len && digits.ptr[n] >= '0' && digits.ptr[n] <= '9';)
		n++;
	if (span_istarts(digits, SPAN("0x"))
		? digits.len > 2 + 7 && digits.ptr[digits.len - 1] != 'L'
		: n == digits.len && !num_u32(digits, INT32_MAX, &value))
		conf_complain(r, s->line, "the number %.*s is too large",
		    SPAN_FMT(span_first(word, 40)));
	scan_skip(s, word.len);
}

/* No value may have a line end in it, so a text that does lacks its quote; what follows it says
 * nothing. */
static void
scan_quote(struct conf_reader *r, struct scan *s, size_t n)
{
	if (n <= s->rest.len && span_find_byte(span_first(s->rest, n), '\n') == n)
		return;
	conf_complain(r, s->line, "a quote that opens here is not closed in this line; close it");
	s->rest = span_skip(s->rest, s->rest.len);
}

static void
scan_bracket(struct conf_reader *r, struct scan *s, char c)
{
	if (s->lost || strchr("{[()]}", c) == NULL)
		return;
	if (strchr("{[(", c) != NULL) {
		if (s->depth == DEPTH_MAX) {
			s->lost = true;
			return;
		}
		s->open[s->depth].closes = c == '{' ? '}' : c == '[' ? ']' : ')';
		s->open[s->depth++].line = s->line;
	} else if (s->depth == 0) {
		s->lost = true;
		conf_complain(r, s->line, "\"%c\" closes nothing; take it away", c);
	} else if (s->open[--s->depth].closes != c) {
		s->lost = true;
		conf_complain(r, s->line, "\"%c\" stands where the group of line %d wants "
		    "\"%c\"", c, s->open[s->depth].line, s->open[s->depth].closes);
	}
}

static void
scan_end(struct conf_reader *r, const struct scan *s)
{
	if (!s->lost && r->complaints == 0 && s->depth > 0)
		conf_complain(r, s->open[s->depth - 1].line, "what opens here is never closed; put "
		    "\"%c\" where it ends", s->open[s->depth - 1].closes);
}

void
conf_source_scan(struct conf_reader *r, struct span text)
{
	struct scan s = {.rest = text, .line = 1, .line_start = true};

	while (s.rest.len > 0) {
		char c = *s.rest.ptr;
		size_t opaque = scan_opaque(s.rest);

		if (s.line_start && span_starts(s.rest, SPAN("@include")))
			conf_complain(r, s.line,
			    "@include is not supported: write everything into this file");
		if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
			s.line_start = false;
		if (c == '"')
			scan_quote(r, &s, opaque);
		else if (opaque == 0)
			scan_bracket(r, &s, c);
		if (opaque > 0)
			scan_skip(&s, opaque);
		else if (is_word_byte(c))
			scan_word(r, &s);
		else
			scan_skip(&s, 1);
	}
	scan_end(r, &s);
}
