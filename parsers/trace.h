/* SPDX-License-Identifier: ISC */
/*
 * trace: what the servers on the way wrote: Received (RFC 5321 section 4.4) and
 * Authentication-Results (RFC 8601). Only facts; which of them count is intake's to say.
 */
#ifndef TD_TRACE_H
#define TD_TRACE_H

#include "parsers/base/arena.h"
#include "parsers/header.h"
#include "parsers/reading.h"

/* Fills auth and received_by of the message, in the order of the fields. */
void trace_read(struct arena *arena, const struct header_list *list,
    struct reading_message *message);

#endif
