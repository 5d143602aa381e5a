/* SPDX-License-Identifier: ISC */
/*
 * zone: see zone.h. A file is read whole, checked whole, and turned into an ascending list of
 * changes; after the last of them the footer's rule holds. Refused: files of version 1 only
 * (times end in 2038), files that count leap seconds ("right/"), anything whose counts, indexes
 * or order do not fit.
 */
#include "config.h"

#include "parsers/base/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parsers/base/arena.h"
#include "parsers/base/zone-rule.h"

#define MAX_CHANGES 2000
#define MAX_TYPES 256
#define MAX_CHARS 512
#define MAX_LOADED 1024
#define MAX_OFFSET (26 * 3600)
#define DEFAULT_DIR "/usr/share/zoneinfo"
#define HEADER_LEN 44

#define UTC_MIN (-62135510400) /* 0001-01-02 */
#define UTC_MAX 253402214399   /* 9999-12-30T23:59:59 */

struct local_type {
	int32_t offset;
	bool dst;
	const char *abbreviation;
};

struct zone {
	char name[ZONE_NAME_MAX + 1];
	size_t n_changes;
	int64_t *at;
	uint8_t *type; /* what holds from at[i] on */
	size_t n_types;
	struct local_type types[MAX_TYPES]; /* types[0] holds before the first change */
	char chars[MAX_CHARS + 1];
	bool has_rule;
	struct zone_rule rule;
	struct local_type rule_std, rule_dst;
};

/* ---- the file ---------------------------------------------------------------------------- */

struct counts {
	uint32_t isut, isstd, leap, time, type, chars;
};

static uint32_t
be32(const char *p)
{
	const unsigned char *u = (const unsigned char *)p;

	return (uint32_t)u[0] << 24 | (uint32_t)u[1] << 16 | (uint32_t)u[2] << 8 | u[3];
}

static int64_t
be64(const char *p)
{
	uint64_t v = (uint64_t)be32(p) << 32 | be32(p + 4);

	return v > INT64_MAX ? -(int64_t)(UINT64_MAX - v) - 1 : (int64_t)v;
}

static bool
take(struct span *rest, size_t n, const char **p_r)
{
	if (rest->len < n)
		return false;
	*p_r = rest->ptr;
	*rest = span_skip(*rest, n);
	return true;
}

static bool
take_header(struct span *rest, char *version_r, struct counts *counts_r)
{
	const char *p;

	if (!take(rest, HEADER_LEN, &p) || memcmp(p, "TZif", 4) != 0)
		return false;
	*version_r = p[4];
	*counts_r = (struct counts){
	    be32(p + 20), be32(p + 24), be32(p + 28), be32(p + 32), be32(p + 36), be32(p + 40)};
	return counts_r->time <= MAX_CHANGES && counts_r->type >= 1 &&
	       counts_r->type <= MAX_TYPES && counts_r->chars <= MAX_CHARS && counts_r->leap == 0 &&
	       counts_r->isut <= MAX_TYPES && counts_r->isstd <= MAX_TYPES;
}

/* A change counts from the one before on; those that stand twice or go back are refused. */
static bool
read_changes(struct zone *zone, const char *times, const char *indexes, uint32_t count)
{
	zone->at = td_alloc((count ? count : 1) * sizeof *zone->at);
	zone->type = td_alloc(count ? count : 1);
	for (uint32_t i = 0; i < count; i++) {
		zone->at[i] = be64(times + 8 * i);
		zone->type[i] = (uint8_t)indexes[i];
		if (zone->type[i] >= zone->n_types || (i > 0 && zone->at[i] <= zone->at[i - 1]))
			return false;
	}
	zone->n_changes = count;
	return true;
}

static bool
read_types(struct zone *zone, const char *p, uint32_t count, uint32_t chars)
{
	for (uint32_t i = 0; i < count; i++, p += 6) {
		int64_t offset = (int64_t)be32(p);

		if (offset > INT32_MAX)
			offset -= (int64_t)UINT32_MAX + 1;
		if (offset <= -MAX_OFFSET || offset >= MAX_OFFSET || (unsigned char)p[4] > 1 ||
		    (unsigned char)p[5] >= chars)
			return false;
		zone->types[i] = (struct local_type){
		    (int32_t)offset, p[4] == 1, zone->chars + (unsigned char)p[5]};
	}
	return true;
}

static bool
read_chars(struct zone *zone, const char *p, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		bool fine = p[i] == '\0' || p[i] == '+' || p[i] == '-' ||
			    (p[i] >= '0' && p[i] <= '9') || (p[i] >= 'A' && p[i] <= 'Z') ||
			    (p[i] >= 'a' && p[i] <= 'z');

		if (!fine)
			return false;
		zone->chars[i] = p[i];
	}
	return true;
}

static bool
read_footer(struct zone *zone, struct span rest)
{
	if (rest.len < 2 || rest.ptr[0] != '\n')
		return false;
	rest = span_skip(rest, 1);
	size_t end = span_find_byte(rest, '\n');
	if (end == rest.len)
		return false;
	if (end == 0)
		return true;
	if (!zone_rule_parse(span_first(rest, end), &zone->rule))
		return false;
	zone->has_rule = true;
	zone->rule_std = (struct local_type){zone->rule.std_offset, false, zone->rule.std_name};
	zone->rule_dst = (struct local_type){zone->rule.dst_offset, true, zone->rule.dst_name};
	return true;
}

static const char *
read_file(struct zone *zone, struct span rest)
{
	struct counts n;
	char version;
	const char *times, *indexes, *types, *chars, *unused;

	if (!take_header(&rest, &version, &n))
		return "its header is not that of a zone file that we can read";
	if (version < '2')
		return "it has no 64-bit times (version 1)";
	if (!take(&rest, (size_t)n.time * 5 + n.type * 6 + n.chars + n.isstd + n.isut, &unused) ||
	    !take_header(&rest, &version, &n))
		return "its second header is missing";
	if (!take(&rest, (size_t)n.time * 8, &times) || !take(&rest, n.time, &indexes) ||
	    !take(&rest, (size_t)n.type * 6, &types) || !take(&rest, n.chars, &chars) ||
	    !take(&rest, (size_t)n.isstd + n.isut, &unused))
		return "it is cut short";
	zone->n_types = n.type;
	if (!read_chars(zone, chars, n.chars) || !read_types(zone, types, n.type, n.chars) ||
	    !read_changes(zone, times, indexes, n.time))
		return "its tables do not fit together";
	return read_footer(zone, rest) ? NULL : "its closing rule cannot be read";
}

enum td_status
zone_create(const char *name, struct span file, struct zone **zone_r, struct err *err)
{
	struct zone *zone;
	const char *why;

	if (!zone_name_valid(span_of(name)))
		return err_perm(
		    err, "that is not a name of a time zone: write one like Europe/Berlin");
	zone = td_alloc(sizeof *zone);
	snprintf(zone->name, sizeof zone->name, "%s", name);
	why = file.len > ZONE_FILE_MAX ? "it is too large" : read_file(zone, file);
	if (why != NULL) {
		zone_destroy(&zone);
		return err_perm(err, "time zone %s: the file is not sound: %s", name, why);
	}
	*zone_r = zone;
	return TD_OK;
}

void
zone_destroy(struct zone **zone)
{
	if (*zone == NULL)
		return;
	free((*zone)->at);
	free((*zone)->type);
	free(*zone);
	*zone = NULL;
}

/* ---- loading ----------------------------------------------------------------------------- */

bool
zone_name_valid(struct span name)
{
	if (name.len == 0 || name.len > ZONE_NAME_MAX || name.ptr[0] == '/' ||
	    name.ptr[name.len - 1] == '/')
		return false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];
		bool fine = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			    (c >= '0' && c <= '9') || c == '_' || c == '+' || c == '-' || c == '/';

		if (!fine || (c == '/' && name.ptr[i + 1] == '/'))
			return false;
	}
	return true;
}

static enum td_status
read_all(int fd, const char *name, char *bytes, size_t size, size_t *len_r, struct err *err)
{
	size_t len = 0;

	while (len < size) {
		ssize_t n = read(fd, bytes + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_temp(
			    err, "time zone %s: reading its file: %s", name, strerror(errno));
		if (n == 0)
			break;
		len += (size_t)n;
	}
	*len_r = len;
	return TD_OK;
}

static enum td_status
open_file(const char *name, int *fd_r, struct err *err)
{
	const char *dir = getenv("TZDIR");
	char path[4096];
	struct stat st;
	int fd, n;

	if (dir == NULL || dir[0] != '/')
		dir = DEFAULT_DIR;
	n = snprintf(path, sizeof path, "%s/%s", dir, name);
	if (n < 0 || (size_t)n >= sizeof path)
		return err_perm(err, "TZDIR is too long");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_perm(err,
		    "there is no time zone %s here: write one like Europe/Berlin (and see that "
		    "tzdata is installed)",
		    name);
	if (fd < 0)
		return err_temp(err, "time zone %s: %s: %s", name, path, strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_perm(
		    err, "there is no time zone %s: write one like Europe/Berlin", name);
	}
	*fd_r = fd;
	return TD_OK;
}

static enum td_status
load(const char *name, struct zone **zone_r, struct err *err)
{
	size_t len = 0;
	int fd = -1;
	char *bytes = NULL;
	enum td_status status = open_file(name, &fd, err);

	if (status != TD_OK)
		return status;
	bytes = td_alloc(ZONE_FILE_MAX + 1);
	status = read_all(fd, name, bytes, ZONE_FILE_MAX + 1, &len, err);
	if (status == TD_OK)
		status = zone_create(name, (struct span){bytes, len}, zone_r, err);
	free(bytes);
	close(fd);
	return status;
}

enum td_status
zone_get(const char *name, const struct zone **zone_r, struct err *err)
{
	static struct zone *loaded[MAX_LOADED];
	static size_t n_loaded;
	struct zone *zone;
	enum td_status status;

	if (name == NULL || !zone_name_valid(span_of(name)))
		return err_perm(
		    err, "that is not a name of a time zone: write one like Europe/Berlin");
	for (size_t i = 0; i < n_loaded; i++)
		if (strcmp(loaded[i]->name, name) == 0) {
			*zone_r = loaded[i];
			return TD_OK;
		}
	if (n_loaded == MAX_LOADED)
		return err_temp(err, "time zone %s: too many zones are loaded", name);
	status = load(name, &zone, err);
	if (status != TD_OK)
		return status;
	loaded[n_loaded++] = zone;
	*zone_r = zone;
	return TD_OK;
}

enum td_status
zone_get_span(struct span name, const struct zone **zone_r, struct err *err)
{
	char text[ZONE_NAME_MAX + 1] = "";

	if (name.len <= ZONE_NAME_MAX && name.len > 0)
		memcpy(text, name.ptr, name.len);
	return zone_get(strlen(text) == name.len ? text : "", zone_r, err);
}

const struct zone *
zone_utc(void)
{
	/* Needs no file: it must be there even where no zone data is installed. */
	static struct zone utc = {.name = "UTC", .n_types = 1, .types = {{0, false, "UTC"}}};

	return &utc;
}

/* ---- asking ------------------------------------------------------------------------------ */

static int64_t
clamp_utc(int64_t utc)
{
	return utc < UTC_MIN ? UTC_MIN : utc > UTC_MAX ? UTC_MAX : utc;
}

/* Index of the first change after utc. */
static size_t
change_after(const struct zone *zone, int64_t utc)
{
	size_t low = 0, high = zone->n_changes;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (zone->at[mid] <= utc)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static const struct local_type *
type_at(const struct zone *zone, int64_t utc)
{
	size_t i = change_after(zone, utc);

	if (i == zone->n_changes && zone->has_rule)
		return zone_rule_is_dst(&zone->rule, utc) ? &zone->rule_dst : &zone->rule_std;
	return &zone->types[i == 0 ? 0 : zone->type[i - 1]];
}

const char *
zone_name(const struct zone *zone)
{
	return zone->name;
}

int32_t
zone_offset_at(const struct zone *zone, int64_t utc)
{
	return type_at(zone, clamp_utc(utc))->offset;
}

const char *
zone_abbreviation_at(const struct zone *zone, int64_t utc)
{
	return type_at(zone, clamp_utc(utc))->abbreviation;
}

bool
zone_dst_at(const struct zone *zone, int64_t utc)
{
	return type_at(zone, clamp_utc(utc))->dst;
}

static bool
next_change(const struct zone *zone, int64_t utc, int64_t *at_r)
{
	size_t i = change_after(zone, utc);

	if (i < zone->n_changes) {
		*at_r = zone->at[i];
		return true;
	}
	return zone->has_rule && zone_rule_next(&zone->rule, utc, at_r);
}

static bool
same_type(const struct local_type *a, const struct local_type *b)
{
	return a->offset == b->offset && a->dst == b->dst &&
	       strcmp(a->abbreviation, b->abbreviation) == 0;
}

bool
zone_next_transition(const struct zone *zone, int64_t utc, int64_t *at_r)
{
	const struct local_type *before;
	int64_t at = clamp_utc(utc);

	before = type_at(zone, at);
	while (next_change(zone, at, &at) && at <= UTC_MAX)
		if (!same_type(before, type_at(zone, at))) {
			*at_r = at;
			return true;
		}
	return false;
}

void
zone_to_local(const struct zone *zone, int64_t utc, struct civil *local_r)
{
	utc = clamp_utc(utc);
	civil_from_seconds(utc + zone_offset_at(zone, utc), local_r);
}

int64_t
zone_local_day(const struct zone *zone, int64_t utc)
{
	struct civil c;

	zone_to_local(zone, utc, &c);
	return civil_days(c.year, c.month, c.day);
}

/*
 * Walks the stretches of constant offset around the wanted reading, earliest first. The first
 * one that holds it wins; if one begins past it without having held it, it fell into the gap
 * before that stretch. Later stretches that hold it too make it ambiguous.
 */
int64_t
zone_to_utc(const struct zone *zone, const struct civil *local, enum zone_fit *fit_r)
{
	enum zone_fit fit_unused;
	int64_t seconds = civil_seconds(local), from = clamp_utc(seconds - MAX_OFFSET - 1), next;
	int32_t offset = zone_offset_at(zone, from);

	if (fit_r == NULL)
		fit_r = &fit_unused;
	*fit_r = ZONE_ONCE;
	while (next_change(zone, from, &next) && next <= seconds + MAX_OFFSET) {
		int32_t after = zone_offset_at(zone, next);

		if (seconds - offset < next) {
			if (seconds - after >= next)
				*fit_r = ZONE_OVERLAP;
			break;
		}
		if (seconds - after < next) {
			*fit_r = ZONE_GAP;
			break;
		}
		offset = after;
		from = next;
	}
	return clamp_utc(seconds - offset);
}

int64_t
zone_day_start(const struct zone *zone, int64_t days)
{
	struct civil midnight;
	enum zone_fit fit;
	int64_t utc, at, last;

	civil_from_days(days, &midnight);
	utc = zone_to_utc(zone, &midnight, &fit);
	if (fit != ZONE_GAP)
		return utc;
	/* utc is past the change that swallowed midnight: that change is the day's beginning. */
	last = clamp_utc(utc - MAX_OFFSET);
	while (next_change(zone, last, &at) && at <= utc)
		last = at;
	return last;
}

const struct zone_rule *
zone_rule(const struct zone *zone)
{
	return zone->has_rule ? &zone->rule : NULL;
}
