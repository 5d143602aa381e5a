/* SPDX-License-Identifier: ISC */
/* need: what is said of an item that waits for somebody, in the words of the locale: why it is
 * blocked, when it is due, that nobody owns it. Private to compose. */
#ifndef TD_NEED_H
#define TD_NEED_H

#include "daemon/compose/draft.h"

/* One line without the item's number and title. */
const char *need_line(const struct draft *draft, const struct digest_need *need);

#endif
