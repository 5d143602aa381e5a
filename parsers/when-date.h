/* SPDX-License-Identifier: ISC */
/* when-date: calendar dates and numbered weeks. A matcher as when-private.h describes it. */
#ifndef TD_WHEN_DATE_H
#define TD_WHEN_DATE_H

#include "parsers/when-private.h"

bool when_match_date(struct when_parse *p, struct when_day *day_r);

#endif
