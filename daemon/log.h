/* SPDX-License-Identifier: ISC */
/*
 * log: one line an event, to standard error (systemd's journal, or the file that main put there):
 *
 *	2026-11-22T08:30:01Z store info mail applied mailbox=main uid=41 msg=17 item=9
 *
 * A line begins with plain words and ends with key=value pairs; values from outside go through
 * log_value, which quotes and cleans them. No message bodies, no secrets. A line is at most
 * 2,000 bytes and is written with one write(2), so processes that share the file do not mix.
 */
#ifndef TD_LOG_H
#define TD_LOG_H

#include <stddef.h>

#include "parsers/base/err.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

void log_init(const char *process, enum log_level level); /* process: "store", "fetch", ... */
void log_set_level(enum log_level level);
enum log_level log_get_level(void);

void log_error(const char *fmt, ...) TD_PRINTF(1, 2);
void log_warn(const char *fmt, ...) TD_PRINTF(1, 2);
void log_info(const char *fmt, ...) TD_PRINTF(1, 2);
void log_debug(const char *fmt, ...) TD_PRINTF(1, 2);
_Noreturn void log_fatal(const char *fmt, ...) TD_PRINTF(1, 2); /* start-up only; exit 1 */

/* A value from outside, for "key=%s": quoted where it must be, cleaned, at most 200 bytes.
 * Gives one of eight static buffers in turn. NULL gives "-". */
const char *log_value(const char *value);

#endif
