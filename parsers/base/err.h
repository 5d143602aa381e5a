/* SPDX-License-Identifier: ISC */
/*
 * err: how a function says that it failed. A fallible function returns enum td_status and, on
 * failure, leaves one line for people in the caller's struct err: what, why, what to do. The
 * helpers below set the text and return the status, so a failure is one statement:
 *
 *	return err_perm(err, "%s: no such folder", name);
 *
 * The text is always terminated, never holds control characters, and is cut at its size.
 */
#ifndef TD_ERR_H
#define TD_ERR_H

#define TD_CHECK __attribute__((warn_unused_result))
#define TD_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

enum td_status {
	TD_OK = 0,
	TD_TEMP, /* may go through later: try again with back-off */
	TD_PERM, /* will not go through as it is: give up and tell */
};

struct err {
	char text[512];
};

/* Set the text and return TD_TEMP or TD_PERM. err may be NULL. */
enum td_status err_temp(struct err *err, const char *fmt, ...) TD_PRINTF(2, 3);
enum td_status err_perm(struct err *err, const char *fmt, ...) TD_PRINTF(2, 3);

/* Put "PREFIX: " before the text that is there; returns status. */
enum td_status err_prefix(struct err *err, enum td_status status, const char *fmt, ...)
    TD_PRINTF(3, 4);

#endif
