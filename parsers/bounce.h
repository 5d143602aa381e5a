/* SPDX-License-Identifier: ISC */
/*
 * bounce: who a delivery failure is about, and why. The fields of message/delivery-status
 * (RFC 3464) come first; where a server writes prose instead, addresses and reply codes are
 * looked for in it. `hard` means that the address itself is wrong or gone, so that trying again
 * is no use; a full box, a block or a policy is not.
 */
#ifndef TD_BOUNCE_H
#define TD_BOUNCE_H

#include "parsers/base/arena.h"
#include "parsers/header.h"
#include "parsers/mime.h"
#include "parsers/reading.h"

#define BOUNCES_MAX 100

/* Fills bounces and returned_id of a reading that is AUTO_BOUNCE: at least one bounce, perhaps
 * without a recipient. */
void bounce_read(struct arena *arena, const struct header_list *headers, const struct mime *mime,
    struct reading *reading);

/* The reason for a text of a mail system, "undefined" where nothing in it is known. */
const char *bounce_reason(struct span text, struct span status, uint32_t reply_code);

#endif
