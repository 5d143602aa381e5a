/* SPDX-License-Identifier: ISC */
/*
 * err: one-line error texts. Control characters (a peer may have put them into a file name or a
 * reply) become '?', so a text is always safe to log and to show.
 */
#include "config.h"

#include "parsers/base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
err_clean(struct err *err)
{
	for (unsigned char *p = (unsigned char *)err->text; *p; p++)
		if (*p < 0x20 || *p == 0x7f)
			*p = *p == '\n' || *p == '\t' ? ' ' : '?';
}

static TD_PRINTF(2, 0) void
err_vset(struct err *err, const char *fmt, va_list ap)
{
	if (err == NULL)
		return;
	if (vsnprintf(err->text, sizeof err->text, fmt, ap) < 0)
		err->text[0] = '\0';
	err_clean(err);
}

enum td_status
err_temp(struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vset(err, fmt, ap);
	va_end(ap);
	return TD_TEMP;
}

enum td_status
err_perm(struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vset(err, fmt, ap);
	va_end(ap);
	return TD_PERM;
}

enum td_status
err_prefix(struct err *err, enum td_status status, const char *fmt, ...)
{
	struct err old;
	size_t n;
	va_list ap;

	if (err == NULL)
		return status;
	old = *err;
	va_start(ap, fmt);
	err_vset(err, fmt, ap);
	va_end(ap);
	n = strlen(err->text);
	snprintf(err->text + n, sizeof err->text - n, ": %s", old.text);
	return status;
}
