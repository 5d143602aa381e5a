/* SPDX-License-Identifier: ISC */
/*
 * handover: an item changes hands when who is to have it says so. Until then it stays with its
 * owner: at each moment there is one who answers for it. A question that is not answered is put
 * again, three times at most, and then the giver hears of it.
 */
#ifndef TD_MODEL_HANDOVER_H
#define TD_MODEL_HANDOVER_H

#include "daemon/model/item.h"

#define HANDOVER_ITEMS_MAX 50
#define HANDOVER_ASKS 4         /* mails: the question, and three reminders */
#define HANDOVER_SECONDS 86400  /* between two of them, and then in contact hours */

/* Is there still something to hand over to that person? Not when it is closed, or theirs. */
bool handover_is_due(const struct item *item, int64_t to_id);

#endif
