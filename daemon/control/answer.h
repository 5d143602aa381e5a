/* SPDX-License-Identifier: ISC */
/* control/answer: what the daemon answers to one question; see control/client.h for the forms. */
#ifndef TD_CONTROL_ANSWER_H
#define TD_CONTROL_ANSWER_H

#include <stdbool.h>

#include "parsers/base/buf.h"
#include "parsers/base/span.h"
#include "daemon/pipeline/pipeline.h"

/* Appends the answer, without line end, to out. True when the daemon is to stop. */
bool control_answer(struct pipeline *pipeline, struct span line, struct buf *out);

#endif
