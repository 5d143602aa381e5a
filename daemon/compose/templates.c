/* SPDX-License-Identifier: ISC */
/* templates: see templates.h. One set is kept: the daemon has one configuration. */
#include "config.h"

#include "daemon/compose/templates.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/log.h"
#include "templates/embedded.h"

#define OUTPUT_MAX (512 * 1024)
#define MAX_TEMPLATES 64

struct template {
	const char *name; /* without ".mustache": "digest.html", "locale.en" */
	struct mustache *compiled;
	struct locale *locale;
};

struct templates {
	struct arena *arena;
	char *folder;
	struct template list[MAX_TEMPLATES];
	size_t n;
};

static struct templates *kept;

static bool
is_locale(const char *name)
{
	return span_starts(span_of(name), SPAN("locale."));
}

/* File name without its ".mustache". */
static struct span
short_name(const char *file)
{
	struct span name = span_of(file);

	return span_ends(name, SPAN(".mustache"))
	    ? span_first(name, name.len - strlen(".mustache"))
	    : name;
}

static enum td_status
compile(struct template *template, struct span source, struct err *err)
{
	if (is_locale(template->name))
		return locale_parse(template->name, source, &template->locale, err);
	return mustache_compile(template->name, source, &template->compiled, err);
}

static void
template_release(struct template *template)
{
	mustache_destroy(&template->compiled);
	locale_destroy(&template->locale);
}

/* Reads the whole file into out; TD_OK with *found_r false when there is none. */
static enum td_status
read_override(const char *path, struct buf *out, bool *found_r, struct err *err)
{
	FILE *file = fopen(path, "re");
	char block[4096];
	size_t n;
	int failed;

	*found_r = file != NULL;
	if (file == NULL)
		return errno == ENOENT
		    ? TD_OK
		    : err_perm(err, "%s: cannot be read: %s", path, strerror(errno));
	while ((n = fread(block, 1, sizeof block, file)) > 0 && !out->over)
		buf_put(out, block, n);
	failed = ferror(file);
	fclose(file);
	if (failed || out->over)
		return err_perm(err, "%s: %s", path, failed ? "cannot be read" : "too large");
	return TD_OK;
}

/* The override's source after the built-in one for a locale (single lines may be replaced),
 * instead of it for a template. */
static enum td_status
load(struct template *template, const char *folder, const struct embedded *built_in, bool *found_r,
    struct err *err)
{
	struct buf source;
	char path[4096];
	enum td_status status;

	*found_r = false;
	buf_init(&source, MUSTACHE_SOURCE_MAX);
	if (is_locale(template->name))
		buf_puts(&source, built_in->text);
	snprintf(path, sizeof path, "%s/%s", folder, built_in->name);
	status = read_override(path, &source, found_r, err);
	if (status == TD_OK && *found_r)
		status = compile(template, buf_span(&source), err);
	if (status != TD_OK)
		status = err_prefix(err, status, "%s", path);
	buf_release(&source);
	return status;
}

static void
add(struct templates *set, const struct embedded *built_in)
{
	struct template *template = &set->list[set->n++];
	struct err err;
	bool found = false;

	template->name = arena_span(set->arena, short_name(built_in->name));
	if (set->folder != NULL && load(template, set->folder, built_in, &found, &err) != TD_OK) {
		log_warn("%s; the built-in template is used", err.text);
		found = false;
	}
	if (!found && compile(template, span_of(built_in->text), &err) != TD_OK)
		log_warn("built-in %s", err.text); /* a unit test compiles them all */
}

static void
templates_destroy(struct templates **set)
{
	if (*set == NULL)
		return;
	for (size_t i = 0; i < (*set)->n; i++)
		template_release(&(*set)->list[i]);
	arena_destroy(&(*set)->arena);
	free((*set)->folder);
	free(*set);
	*set = NULL;
}

void
templates_forget(void)
{
	templates_destroy(&kept);
}

const struct templates *
templates_get(const char *folder)
{
	if (kept != NULL && span_eq(span_of(kept->folder), span_of(folder)))
		return kept;
	templates_forget();
	kept = td_alloc(sizeof *kept);
	kept->arena = arena_create();
	kept->folder = td_strdup(folder);
	for (const struct embedded *e = embedded_templates; e->name != NULL; e++)
		if (kept->n < MAX_TEMPLATES)
			add(kept, e);
	return kept;
}

static const struct template *
find(const struct templates *set, struct span name)
{
	for (size_t i = 0; i < set->n; i++)
		if (span_is(name, set->list[i].name))
			return &set->list[i];
	return NULL;
}

static const struct mustache *
find_partial(void *user, struct span name)
{
	const struct template *template = find(user, name);

	return template != NULL ? template->compiled : NULL;
}

enum td_status
templates_render(const struct templates *templates, struct arena *arena, const char *name,
    const struct value *root, const char **text_r, struct err *err)
{
	const struct template *template = find(templates, span_of(name));
	bool html = span_ends(span_of(name), SPAN(".html"));
	enum td_status status;
	struct buf out;

	if (template == NULL || template->compiled == NULL)
		return err_perm(err, "template %s: there is none", name);
	buf_init(&out, OUTPUT_MAX);
	status = mustache_render(template->compiled, root, html ? MUSTACHE_HTML : MUSTACHE_PLAIN,
	    find_partial, (void *)(uintptr_t)templates, &out, err);
	if (status == TD_OK)
		*text_r = arena_strdup(arena, out.ptr);
	buf_release(&out);
	return status;
}

const struct locale *
templates_locale(const struct templates *templates, const char *lang)
{
	char name[64];
	const struct template *template;

	snprintf(name, sizeof name, "locale.%s", lang != NULL ? lang : "en");
	template = find(templates, span_of(name));
	if (template == NULL)
		template = find(templates, SPAN("locale.en"));
	return template != NULL ? template->locale : NULL;
}

/* ---- checking a folder ---- */

static const struct embedded *
built_in(const char *file)
{
	for (const struct embedded *e = embedded_templates; e->name != NULL; e++)
		if (strcmp(e->name, file) == 0)
			return e;
	return NULL;
}

static enum td_status
check_file(const char *folder, const char *file, struct err *err)
{
	const struct embedded *e = built_in(file);
	struct template template = {0};
	struct arena *arena = arena_create();
	enum td_status status;
	bool found;

	if (e == NULL) {
		status = err_perm(err, "%s/%s: no template has this name", folder, file);
	} else {
		template.name = arena_span(arena, short_name(file));
		status = load(&template, folder, e, &found, err);
	}
	template_release(&template);
	arena_destroy(&arena);
	return status;
}

enum td_status
templates_check(const char *folder, void (*tell)(void *user, const char *line), void *user,
    struct err *err)
{
	enum td_status status = TD_OK;
	struct dirent *entry;
	DIR *dir;

	if (folder == NULL)
		return TD_OK;
	dir = opendir(folder);
	if (dir == NULL)
		return err_perm(err, "%s: cannot be opened: %s", folder, strerror(errno));
	while ((entry = readdir(dir)) != NULL) {
		struct err first;

		if (entry->d_name[0] == '.' || check_file(folder, entry->d_name, &first) == TD_OK)
			continue;
		if (tell != NULL)
			tell(user, first.text);
		if (status == TD_OK && err != NULL)
			*err = first;
		status = TD_PERM;
	}
	closedir(dir);
	return status;
}
