/* SPDX-License-Identifier: ISC */
/*
 * locale: the sentences of one language. A locale file has a line `key = text` for each; text is
 * a small template ("{{n}} of {{people}} people are blocked."). A key that depends on a number
 * stands there twice, as key.one and key.other. '#' begins a comment line.
 */
#ifndef TD_LOCALE_H
#define TD_LOCALE_H

#include <stdint.h>

#include "daemon/compose/value.h"

struct locale;

TD_CHECK enum td_status locale_parse(const char *name, struct span source,
    struct locale **locale_r, struct err *err);
void locale_destroy(struct locale **locale);

/* The sentence with the values of params (NULL: none); a key that is not there gives the key. */
const char *locale_say(const struct locale *locale, struct arena *arena, const char *key,
    const struct value *params);
/* key.one or key.other, with n among the params. */
const char *locale_count(const struct locale *locale, struct arena *arena, const char *key,
    int64_t n, struct value *params);
/* The word at index of a list of words: "days = Sun Mon ..."; "" past its end. */
const char *locale_word(const struct locale *locale, struct arena *arena, const char *key,
    size_t index);
/* All sentences without values, by key: for {{t.key}} in a template. */
struct value *locale_values(const struct locale *locale, struct arena *arena);

#endif
