/* SPDX-License-Identifier: ISC */
/* subject_marks: "Re:", "AW:", "回复：" and tags of lists and gateways before a subject. */
#ifndef TD_SUBJECT_MARKS_H
#define TD_SUBJECT_MARKS_H

#include <stdbool.h>

#include "parsers/base/span.h"
#include "parsers/reading.h"

/* Takes all of them off; says whether a reply and whether a forward mark was among them. */
struct span subject_strip_marks(struct span text, const struct reading_message *message,
    bool *reply_r, bool *forward_r);

/* "EXTERNAL", "URGENT": a word that stands in brackets before any subject, and is no project. */
bool subject_is_label(struct span name);

#endif
