/* SPDX-License-Identifier: ISC */
/* log: see log.h. */
#include "config.h"

#include "daemon/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "daemon/clock.h"

static const char *process_name = "tidings";
static enum log_level max_level = LOG_LEVEL_INFO;

void
log_init(const char *process, enum log_level level)
{
	process_name = process;
	max_level = level;
}

void
log_set_level(enum log_level level)
{
	max_level = level;
}

enum log_level
log_get_level(void)
{
	return max_level;
}

static void
log_clean(char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
}

static TD_PRINTF(2, 0) void
log_write(const char *level, const char *fmt, va_list ap)
{
	char line[2048];
	time_t now = (time_t)clock_now();
	struct tm tm;
	int n, m;

	gmtime_r(&now, &tm);
	n = snprintf(line, sizeof line, "%04d-%02d-%02dT%02d:%02d:%02dZ %s %s ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, process_name, level);
	m = vsnprintf(line + n, sizeof line - (size_t)n - 1, fmt, ap);
	if (m < 0)
		m = 0;
	n = n + m < (int)sizeof line - 1 ? n + m : (int)sizeof line - 2;
	log_clean(line, (size_t)n);
	line[n] = '\n';
	if (write(STDERR_FILENO, line, (size_t)n + 1) < 0)
		return; /* nowhere left to say it */
}

#define LOG_FUNCTION(name, wanted, word)                                                           \
	void name(const char *fmt, ...)                                                            \
	{                                                                                          \
		va_list ap;                                                                        \
		if (max_level < (wanted))                                                          \
			return;                                                                    \
		va_start(ap, fmt);                                                                 \
		log_write((word), fmt, ap);                                                        \
		va_end(ap);                                                                        \
	}

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR, "error")
LOG_FUNCTION(log_warn, LOG_LEVEL_WARN, "warn")
LOG_FUNCTION(log_info, LOG_LEVEL_INFO, "info")
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG, "debug")

_Noreturn void
log_fatal(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_write("fatal", fmt, ap);
	va_end(ap);
	exit(1);
}

const char *
log_value(const char *value)
{
	static _Thread_local char ring[8][208];
	static _Thread_local unsigned turn;
	char *out = ring[turn++ % 8];
	size_t n = 0;

	if (value == NULL)
		return "-";
	if (*value != '\0' && strpbrk(value, " \"=\t\r\n") == NULL && strlen(value) < 200) {
		strncpy(out, value, 207);
		log_clean(out, strlen(out));
		return out;
	}
	out[n++] = '"';
	for (const char *p = value; *p && n < 202; p++)
		out[n++] = *p == '"' ? '\'' : *p;
	log_clean(out, n);
	out[n++] = '"';
	out[n] = '\0';
	return out;
}
