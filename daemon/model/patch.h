/* SPDX-License-Identifier: ISC */
/*
 * patch: the way back from the JSON of item_diff (model/item.h): sets those fields of an item
 * that an object names. For undo: what stood in a field before is written into it again, states
 * included, without asking whether the change is legal.
 */
#ifndef TD_MODEL_PATCH_H
#define TD_MODEL_PATCH_H

#include <jansson.h>

#include "parsers/base/err.h"
#include "daemon/model/item.h"

/* Texts and lists are copied into the arena. TD_PERM for a field that is none, or of another
 * type; then the item may be half changed and is to be dropped. */
TD_CHECK enum td_status item_patch(struct arena *arena, struct item *item, const json_t *fields,
    struct err *err);

#endif
