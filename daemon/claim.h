/* SPDX-License-Identifier: ISC */
/*
 * claim: a mailbox belongs to one tidingsd. The lock of the store keeps a second daemon from the
 * store; this keeps one with a store of its own from the mailbox, where it would do everything a
 * second time. It reaches as far as this machine; for a mailbox on a server only as far as the
 * network namespace (container), for a Maildir through all of them. It ends with the process.
 */
#ifndef TD_CLAIM_H
#define TD_CLAIM_H

#include "daemon/conf/conf.h"

struct claims;

/*
 * Claims each mailbox of the configuration; what *claims_p (NULL at first) held and is no longer
 * in it is let go. On failure everything stays as it was. TD_PERM names the mailbox that another
 * process has.
 */
TD_CHECK enum td_status claims_take(const struct conf *conf, struct claims **claims_p,
    struct err *err);
void claims_end(struct claims **claims_p); /* accepts NULL inside */

#endif
