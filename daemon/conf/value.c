/* SPDX-License-Identifier: ISC */
/* value: one value of the configuration: type, range, and whether a named file is there. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "parsers/base/buf.h"
#include "daemon/conf/nearest.h"
#include "daemon/conf/reader.h"

static void
store(void *base, size_t offset, const void *value, size_t size)
{
	memcpy((char *)base + offset, value, size);
}

static void
store_text(void *base, const struct conf_key *key, const char *text)
{
	store(base, key->offset, &text, sizeof text);
}

static void
store_number(void *base, const struct conf_key *key, uint64_t value)
{
	uint32_t v32 = (uint32_t)value;
	uint16_t v16 = (uint16_t)value;
	bool flag = value != 0;

	_Static_assert(sizeof(enum conf_tls) == sizeof(uint32_t), "a word is stored as 32 bits");
	if (key->type == KEY_U64)
		store(base, key->offset, &value, sizeof value);
	else if (key->type == KEY_U32 || key->type == KEY_WORD)
		store(base, key->offset, &v32, sizeof v32);
	else if (key->type == KEY_U16)
		store(base, key->offset, &v16, sizeof v16);
	else
		store(base, key->offset, &flag, sizeof flag);
}

static bool
is_text_type(enum key_type type)
{
	return type < KEY_BOOL;
}

void
conf_set_default(const struct conf_key *key, void *base)
{
	if (is_text_type(key->type))
		store_text(base, key, key->def_text);
	else
		store_number(base, key, key->def);
}

/* ---- text ---------------------------------------------------------------------------------- */

static bool
is_alnum(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
only(const char *text, const char *more)
{
	for (; *text; text++)
		if (!is_alnum((unsigned char)*text) && strchr(more, *text) == NULL)
			return false;
	return true;
}

static bool
has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

/* The digits without colons, lower case; NULL if it is no SHA-256. */
static const char *
hex_of(struct arena *arena, const char *text)
{
	char *out = arena_alloc(arena, 65);
	size_t n = 0;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == ':')
			continue;
		if (c >= 'A' && c <= 'F')
			c = (unsigned char)(c - 'A' + 'a');
		if (n == 64 || !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return NULL;
		out[n++] = (char)c;
	}
	return n == 64 ? out : NULL;
}

static const char *
resolve(struct conf_reader *r, const char *path)
{
	return *path == '/' ? path : arena_printf(r->arena, "%s/%s", r->dir, path);
}

static void
check_file(struct conf_reader *r, int line, const struct conf_key *key, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		conf_complain(r, line, "%s = \"%s\": %s; %s", key->name, path, strerror(errno),
		    errno == EACCES ? "give this account access, or name another"
				    : "make it, or name another");
	else if (key->type == KEY_FILE && !S_ISREG(st.st_mode))
		conf_complain(r, line, "%s = \"%s\": not a file; name another", key->name, path);
	else if (key->type == KEY_FOLDER && !S_ISDIR(st.st_mode))
		conf_complain(r, line, "%s = \"%s\": not a folder; name another", key->name, path);
}

/* A file that will be made: its folder must be there. */
static void
check_folder_of(struct conf_reader *r, int line, const struct conf_key *key, const char *path)
{
	char *dir = arena_strdup(r->arena, path);
	char *slash = strrchr(dir, '/');
	struct stat st;

	slash[slash == dir] = '\0';
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		conf_complain(r, line, "%s = \"%s\": is a folder, not a file; name a file",
		    key->name, path);
	else if (stat(dir, &st) < 0)
		conf_complain(r, line, "%s: the folder \"%s\" cannot be used: %s; make it, "
		    "mount its disk, or name another", key->name, dir, strerror(errno));
}

static const char *
take_path(struct conf_reader *r, int line, const struct conf_key *key, const char *text)
{
	const char *path = resolve(r, text);

	if (key->type == KEY_PATH)
		check_folder_of(r, line, key, path);
	else if (key->type != KEY_RUN_DIR)
		check_file(r, line, key, path);
	return path;
}

/* What is wrong with the text as such; true after a complaint. */
static bool
complain_text(struct conf_reader *r, const struct conf_key *key, const char *text, int line)
{
	if (text == NULL)
		conf_complain(r, line, "%s wants text in quotes: %s", key->name, key->doc);
	else if (strlen(text) < key->min || strlen(text) > key->max)
		conf_complain(r, line, "%s wants 1 to %" PRIu64 " characters: %s", key->name,
		    key->max, key->doc);
	else if (has_control(text))
		conf_complain(r, line, "%s holds a control character; write it without: %s",
		    key->name, key->doc);
	else if (key->type == KEY_NAME && (!only(text, "-_") || *text == '-'))
		conf_complain(r, line, "%s = \"%s\": only letters, digits, '-' and '_' go here",
		    key->name, text);
	else if (key->type == KEY_HOST && (!only(text, "-._:") || *text == '-'))
		conf_complain(r, line, "%s = \"%s\" is no host name: %s", key->name, text,
		    key->doc);
	else if (key->type == KEY_URL && (strncmp(text, "https://", 8) != 0 ||
	    !only(text + 8, "-._~:/?#[]@!$&'()*+,;=%") || !is_alnum((unsigned char)text[8])))
		conf_complain(r, line, "%s = \"%s\" is no https:// address: %s", key->name, text,
		    key->doc);
	else
		return false;
	return true;
}

static void
take_text(struct conf_reader *r, const struct conf_key *key, const config_setting_t *setting,
    void *base)
{
	int line = (int)config_setting_source_line(setting);
	const char *text = NULL;

	if (config_setting_type(setting) == CONFIG_TYPE_STRING)
		text = arena_strdup(r->arena, config_setting_get_string(setting));
	if (complain_text(r, key, text, line)) {
		/* it stands for what was given, so that nothing says it is missing */
		store_text(base, key, text != NULL ? text
		    : arena_printf(r->arena, "(line %d)", line));
		return;
	}
	if (key->type == KEY_HEX && (text = hex_of(r->arena, text)) == NULL)
		conf_complain(r, line, "%s wants 64 hexadecimal digits: %s", key->name, key->doc);
	else if (key->type >= KEY_PATH)
		text = take_path(r, line, key, text);
	store_text(base, key, text);
}

/* ---- the rest ------------------------------------------------------------------------------ */

static void
take_number(struct conf_reader *r, const struct conf_key *key, const config_setting_t *setting,
    void *base)
{
	long long value = config_setting_get_int64(setting);
	int type = config_setting_type(setting);

	if ((type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) || value < 0 ||
	    (uint64_t)value < key->min || (uint64_t)value > key->max) {
		conf_complain(r, (int)config_setting_source_line(setting),
		    "%s wants a number from %" PRIu64 " to %" PRIu64 ": %s", key->name, key->min,
		    key->max, key->doc);
		return;
	}
	store_number(base, key, (uint64_t)value);
}

static void
take_bool(struct conf_reader *r, const struct conf_key *key, const config_setting_t *setting,
    void *base)
{
	if (config_setting_type(setting) != CONFIG_TYPE_BOOL) {
		conf_complain(r, (int)config_setting_source_line(setting),
		    "%s wants true or false: %s", key->name, key->doc);
		return;
	}
	store_number(base, key, config_setting_get_bool(setting) != 0);
}

static void
complain_word(struct conf_reader *r, const struct conf_key *key, const config_setting_t *setting)
{
	const char *text = config_setting_get_string(setting), *best = NULL;
	struct buf list;

	buf_init(&list, 1000);
	for (size_t i = 0; key->words[i] != NULL; i++) {
		buf_printf(&list, "%s\"%s\"", i > 0 ? ", " : "", key->words[i]);
		if (text != NULL)
			nearest_try(text, key->words[i], &best);
	}
	conf_complain(r, (int)config_setting_source_line(setting), "%s wants one of %s: %s%s%s%s",
	    key->name, list.ptr, key->doc, best != NULL ? "; did you mean \"" : "",
	    best != NULL ? best : "", best != NULL ? "\"?" : "");
	buf_release(&list);
}

static void
take_word(struct conf_reader *r, const struct conf_key *key, const config_setting_t *setting,
    void *base)
{
	const char *text = config_setting_get_string(setting);

	if (config_setting_type(setting) == CONFIG_TYPE_STRING && text != NULL)
		for (size_t i = 0; key->words[i] != NULL; i++)
			if (strcmp(text, key->words[i]) == 0) {
				store_number(base, key, i);
				return;
			}
	complain_word(r, key, setting);
}

void
conf_take_value(struct conf_reader *r, const struct conf_key *key, const config_setting_t *setting,
    void *base)
{
	if (is_text_type(key->type))
		take_text(r, key, setting, base);
	else if (key->type == KEY_WORD)
		take_word(r, key, setting, base);
	else if (key->type == KEY_BOOL)
		take_bool(r, key, setting, base);
	else
		take_number(r, key, setting, base);
}
