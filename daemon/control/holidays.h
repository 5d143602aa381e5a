/* SPDX-License-Identifier: ISC */
/*
 * holidays: public holidays for `tidings team set --holidays` and `tidings person set --holidays`:
 * a region that is shipped with tidings ("de"), or a calendar file (ICS) of one's own. The file is
 * read here, in the tool; the daemon sees days and names only.
 */
#ifndef TD_CONTROL_HOLIDAYS_H
#define TD_CONTROL_HOLIDAYS_H

#include "daemon/control/tool.h"
#include "daemon/store/holiday.h"

struct holiday_choice {
	bool given;          /* the option was there */
	const char *region;  /* NULL: none of one's own */
	struct holiday *days;
	size_t n_days;
};

/*
 * What --holidays means: a region, a file, "off"; "none" (only of a person: works on all of them).
 * text NULL: the option was not given. TD_PERM says what is wrong with the file, or which regions
 * there are.
 */
TD_CHECK enum td_status holidays_read(struct tool *tool, const char *text, bool of_person,
    struct holiday_choice *choice_r, struct err *err);

/* In a transaction: the days of the region, and whose it is, with the line in the history. */
TD_CHECK enum td_status holidays_write(struct tool *tool, const struct holiday_choice *choice,
    enum holiday_of of, int64_t id, struct err *err);

/* Adds "holidays" (the region) and "next_holiday" to the object. */
TD_CHECK enum td_status holidays_json(struct tool *tool, enum holiday_of of, int64_t id,
    const char *zone, json_t *object, struct err *err);

/* The days of a calendar (RFC 5545) from that day on, until ten years after it. */
TD_CHECK enum td_status holidays_parse(struct arena *arena, struct span ics, int64_t from_day,
    struct holiday **days_r, size_t *n_r, struct err *err);

#endif
