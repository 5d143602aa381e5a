/* SPDX-License-Identifier: ISC */
/*
 * robot: whether a program sent the mail, and which kind of (RFC 3834, RFC 2369, RFC 3464,
 * RFC 5965). Structure decides: headers that programs set, report parts, the null return path.
 * Words count only where the structure already points to a program, so that a person who writes
 * "out of office on Friday" stays a person.
 */
#ifndef TD_ROBOT_H
#define TD_ROBOT_H

#include "parsers/header.h"
#include "parsers/mime.h"
#include "parsers/reading.h"

/* *why_r names the header or shape that decided (static text); NULL for AUTO_NONE. */
enum auto_kind robot_classify(const struct header_list *headers,
    const struct reading_message *message, const struct mime *mime, const char **why_r);

/*
 * The mail's list is that address: "team.example.org" (RFC 2919) is the list of
 * team@example.org. A group address of a provider delivers everything so, what people write too.
 */
bool robot_is_list(const struct reading_message *message, const char *address);

#endif
