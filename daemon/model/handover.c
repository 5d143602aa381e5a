/* SPDX-License-Identifier: ISC */
/* handover: see handover.h. */
#include "config.h"

#include "daemon/model/handover.h"

bool
handover_is_due(const struct item *item, int64_t to_id)
{
	return !item_is_closed(item) && !(item->n_owners == 1 && item->owners[0] == to_id);
}
