/* SPDX-License-Identifier: ISC */
/*
 * templates: the built-in templates and locales, each replaced by the file of the same name in
 * a folder where there is one that compiles. Compiled once; kept until templates_forget.
 */
#ifndef TD_TEMPLATES_H
#define TD_TEMPLATES_H

#include "daemon/compose/locale.h"
#include "daemon/compose/mustache.h"

struct templates;

/* The set for this folder (NULL: built-in ones only). Owned here. A broken or unreadable override
 * is logged once, and the built-in one is used. */
const struct templates *templates_get(const char *folder);
void templates_forget(void);

/* As compose_check_templates. */
TD_CHECK enum td_status templates_check(const char *folder,
    void (*tell)(void *user, const char *line), void *user, struct err *err);

/* Renders NAME ("digest.html": escaped; "digest.txt": plain) into the arena. */
TD_CHECK enum td_status templates_render(const struct templates *templates, struct arena *arena,
    const char *name, const struct value *root, const char **text_r, struct err *err);

/* The locale of a language, English where it is not known. */
const struct locale *templates_locale(const struct templates *templates, const char *lang);

#endif
