/* SPDX-License-Identifier: ISC */
/*
 * conf: see conf.h. Order: read the bytes, find what libconfig would swallow (source.c), let it
 * parse, walk what it found along the table (keys.c, value.c), then look at the whole (check.c).
 */
#include "config.h"

#include "daemon/conf/conf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/conf/nearest.h"
#include "daemon/conf/reader.h"

void
conf_complain(struct conf_reader *r, int line, const char *fmt, ...)
{
	struct err err;
	va_list ap;
	char *text;

	r->complaints++;
	if (r->n_told == CONF_COMPLAINTS_MAX)
		return;
	va_start(ap, fmt);
	text = arena_vprintf(r->arena, fmt, ap);
	va_end(ap);
	if (line > 0)
		(void)err_perm(&err, "%s:%d: %s", r->path, line, text);
	else
		(void)err_perm(&err, "%s: %s", r->path, text);
	r->told = arena_grow(r->arena, r->told, r->n_told, &r->told_cap, sizeof *r->told);
	r->told[r->n_told++] = (struct conf_complaint){line, arena_strdup(r->arena, err.text)};
}

/* Tells them by their lines, what is about the whole last; the first is what conf_load says. */
static enum td_status
tell_all(struct conf_reader *r, struct err *err)
{
	for (size_t i = 1; i < r->n_told; i++) {
		struct conf_complaint one = r->told[i];
		size_t at = i;

		for (; at > 0 && one.line > 0 &&
		     (r->told[at - 1].line == 0 || r->told[at - 1].line > one.line); at--)
			r->told[at] = r->told[at - 1];
		r->told[at] = one;
	}
	for (size_t i = 0; r->tell != NULL && i < r->n_told; i++)
		r->tell(r->user, r->told[i].text);
	return err_perm(err, "%s", r->told[0].text);
}

static const struct conf_key *
key_find(const struct conf_section *section, const char *name)
{
	for (size_t i = 0; i < section->n_keys; i++)
		if (strcmp(section->keys[i].name, name) == 0)
			return &section->keys[i];
	return NULL;
}

static const struct conf_section *
section_find(const char *name)
{
	for (size_t i = 0; i < conf_n_sections; i++)
		if (strcmp(conf_sections[i].name, name) == 0)
			return &conf_sections[i];
	return NULL;
}

/* Names a section, or the section where the key would be right, or the nearest key. */
static void
complain_unknown(struct conf_reader *r, const struct conf_section *section,
    const config_setting_t *setting)
{
	const char *name = config_setting_name(setting), *best = NULL;
	int line = (int)config_setting_source_line(setting);
	const char *where = *section->name != '\0' ? section->name : "the file";

	for (size_t i = 0; i < section->n_keys; i++)
		nearest_try(name, section->keys[i].name, &best);
	for (size_t i = 1; section->shape == CONF_TOP && i < conf_n_sections; i++)
		nearest_try(name, conf_sections[i].name, &best);
	for (size_t i = 0; best == NULL && i < conf_n_sections; i++)
		if (key_find(&conf_sections[i], name) != NULL) {
			conf_complain(r, line, "\"%s\" does not belong into %s, but into %s", name,
			    where, i > 0 ? conf_sections[i].name : "the file itself");
			return;
		}
	if (best != NULL)
		conf_complain(r, line, "unknown key \"%s\" in %s; did you mean \"%s\"?", name,
		    where, best);
	else
		conf_complain(r, line, "unknown key \"%s\" in %s; see tidings.conf(5)", name,
		    where);
}

static void
set_defaults(const struct conf_section *section, void *base)
{
	for (size_t i = 0; i < section->n_keys; i++)
		conf_set_default(&section->keys[i], base);
}

static void
take_group(struct conf_reader *r, const struct conf_section *section,
    const config_setting_t *group, void *base)
{
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *setting = config_setting_get_elem(
		    (config_setting_t *)group, (unsigned)i);
		const struct conf_key *key = key_find(section, config_setting_name(setting));

		if (key != NULL)
			conf_take_value(r, key, setting, base);
		else
			complain_unknown(r, section, setting);
	}
}

static void *
take_list(struct conf_reader *r, const struct conf_section *section, config_setting_t *list,
    size_t line_offset, size_t *count_r)
{
	size_t n = (size_t)config_setting_length(list);
	char *items;

	if (!config_setting_is_list(list) || n > CONF_LIST_MAX) {
		conf_complain(r, (int)config_setting_source_line(list),
		    "%s wants a list of at most %u groups: ( { ... }, { ... } )", section->name,
		    CONF_LIST_MAX);
		return NULL;
	}
	items = arena_array(r->arena, n, section->size);
	for (size_t i = 0; i < n; i++) {
		config_setting_t *group = config_setting_get_elem(list, (unsigned)i);
		char *base = items + *count_r * section->size;
		int line = (int)config_setting_source_line(group);

		if (!config_setting_is_group(group)) {
			conf_complain(r, line, "%s holds something that is no group; write each as "
			    "{ ... }", section->name);
			continue;
		}
		set_defaults(section, base);
		memcpy(base + line_offset, &line, sizeof line);
		take_group(r, section, group, base);
		++*count_r;
	}
	return items;
}

static void
take_section(struct conf_reader *r, const struct conf_section *section, config_setting_t *setting)
{
	struct conf *conf = r->conf;

	if (section == &conf_sections[CONF_SECTION_MAILBOXES])
		conf->mailboxes = take_list(r, section, setting,
		    offsetof(struct conf_mailbox, server.line), &conf->n_mailboxes);
	else if (section == &conf_sections[CONF_SECTION_TRANSPORTS])
		conf->transports = take_list(r, section, setting,
		    offsetof(struct conf_transport, server.line), &conf->n_transports);
	else if (section == &conf_sections[CONF_SECTION_OAUTH])
		conf->oauths = take_list(r, section, setting, offsetof(struct conf_oauth, line),
		    &conf->n_oauths);
	else if (section == &conf_sections[CONF_SECTION_FORMS])
		conf->forms = take_list(r, section, setting, offsetof(struct conf_form, line),
		    &conf->n_forms);
	else if (config_setting_is_group(setting))
		take_group(r, section, setting, conf);
	else
		conf_complain(r, (int)config_setting_source_line(setting),
		    "%s wants a group: %s: { ... };", section->name, section->name);
}

static void
take_file(struct conf_reader *r, const config_setting_t *root)
{
	const struct conf_section *top = &conf_sections[CONF_SECTION_TOP];

	for (size_t i = 0; i < conf_n_sections; i++)
		if (conf_sections[i].shape != CONF_LIST)
			set_defaults(&conf_sections[i], r->conf);
	for (int i = 0; i < config_setting_length(root); i++) {
		config_setting_t *setting = config_setting_get_elem((config_setting_t *)root,
		    (unsigned)i);
		const struct conf_section *section = section_find(config_setting_name(setting));
		const struct conf_key *key = key_find(top, config_setting_name(setting));

		if (section != NULL)
			take_section(r, section, setting);
		else if (key != NULL)
			conf_take_value(r, key, setting, r->conf);
		else
			complain_unknown(r, top, setting);
	}
}

/* What becomes of mail where the file says nothing; and a Maildir to move to is a path. */
static void
fill_after(struct conf_reader *r)
{
	for (size_t i = 0; i < r->conf->n_mailboxes; i++) {
		struct conf_mailbox *box = &r->conf->mailboxes[i];

		if (box->after == CONF_AFTER_DEFAULT)
			box->after = box->maildir != NULL ? CONF_AFTER_LEAVE : CONF_AFTER_FLAG;
		if (box->maildir != NULL && box->move_to != NULL && *box->move_to != '/')
			box->move_to = arena_printf(r->arena, "%s/%s", r->dir, box->move_to);
	}
}

/* Where the file says nothing, all mailboxes together are looked at no oftener than once a second:
 * a look at each of a thousand every 300 s took a quarter of a percent of a processor. */
static void
fill_recheck(struct conf *conf)
{
	size_t seconds = conf->n_mailboxes < CONF_RECHECK ? CONF_RECHECK
	    : conf->n_mailboxes < CONF_RECHECK_MAX ? conf->n_mailboxes : CONF_RECHECK_MAX;

	for (size_t i = 0; i < conf->n_mailboxes; i++)
		if (conf->mailboxes[i].recheck == 0)
			conf->mailboxes[i].recheck = (uint32_t)seconds;
}

/* Ports follow from the protocol and the encryption where the file names none. */
static void
fill_ports(struct conf *conf)
{
	for (size_t i = 0; i < conf->n_mailboxes; i++) {
		struct conf_server *server = &conf->mailboxes[i].server;

		if (server->port == 0)
			server->port = server->tls == CONF_TLS_IMPLICIT ? 993 : 143;
	}
	for (size_t i = 0; i < conf->n_transports; i++) {
		struct conf_server *server = &conf->transports[i].server;

		if (server->port == 0 && server->tls == CONF_TLS_IMPLICIT)
			server->port = 465;
		else if (server->port == 0)
			server->port = server->tls == CONF_TLS_STARTTLS ? 587 : 25;
	}
}

static const char *
dir_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *cwd, *dir;

	if (slash == path)
		return "";
	if (*path == '/')
		return arena_strndup(arena, path, (size_t)(slash - path));
	/* the daemon changes its folder later: relative paths are made absolute now */
	cwd = getcwd(NULL, 0);
	dir = slash != NULL ? arena_printf(arena, "%s/%.*s", cwd != NULL ? cwd : ".",
	    (int)(slash - path), path) : arena_strdup(arena, cwd != NULL ? cwd : ".");
	free(cwd);
	return dir;
}

static void
complain_of_syntax(struct conf_reader *r, int line, const char *text)
{
	if (strcmp(text, "duplicate setting name") == 0)
		conf_complain(r, line, "a setting of this line stands already in the same group; "
		    "take one of the two away");
	else if (strcmp(text, "syntax error") == 0)
		conf_complain(r, line, "syntax error: look here, and at the end of the line "
		    "before, for a missing or surplus sign; a setting is name = value;");
	else
		conf_complain(r, line, "%s; see tidings.conf(5)", text);
}

static void
parse(struct conf_reader *r, struct span text)
{
	config_t file;

	config_init(&file);
	if (config_read_string(&file, text.ptr) != CONFIG_TRUE)
		complain_of_syntax(r, config_error_line(&file), config_error_text(&file));
	else {
		take_file(r, config_root_setting(&file));
		fill_after(r);
		conf_oauth_fill(r);
		conf_check(r);
	}
	config_destroy(&file);
}

enum td_status
conf_load(struct arena *arena, const char *path, void (*tell)(void *user, const char *line),
    void *user, struct conf **conf_r, struct err *err)
{
	struct conf_reader r = {.arena = arena, .path = path, .tell = tell, .user = user};
	struct span text;
	struct err first;

	r.dir = dir_of(arena, path);
	r.conf = arena_alloc(arena, sizeof *r.conf);
	r.conf->path = *path == '/'
			   ? arena_strdup(arena, path)
			   : arena_printf(arena, "%s/%s", r.dir,
				 strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path);
	if (conf_source_read(&r, &text, &first) != TD_OK) {
		if (tell != NULL)
			tell(user, first.text);
		return err_perm(err, "%s", first.text);
	}
	conf_source_scan(&r, text);
	if (r.complaints == 0)
		parse(&r, text);
	if (r.complaints > 0)
		return tell_all(&r, err);
	fill_ports(r.conf);
	fill_recheck(r.conf);
	*conf_r = r.conf;
	return TD_OK;
}

const char *
conf_default_path(struct arena *arena)
{
	const char *named = getenv("TIDINGS_CONF"), *home = getenv("HOME");
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *own;

	if (named != NULL && *named != '\0')
		return arena_strdup(arena, named);
	if (config != NULL && *config == '/')
		own = arena_printf(arena, "%s/tidings/tidings.conf", config);
	else
		own = arena_printf(arena, "%s/.config/tidings/tidings.conf",
		    home != NULL ? home : "");
	if (access(own, F_OK) == 0)
		return own;
	return TD_SYSCONFDIR "/tidings/tidings.conf";
}
