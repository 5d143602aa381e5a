/* SPDX-License-Identifier: ISC */
/*
 * maildir-list: which files lie in a Maildir, and which of them are the ones that were known. The
 * names are one sorted list, so a scan costs n log n. No more than files_max are taken in; what is
 * known is never counted twice, and what lies beyond is told of and waits for room.
 */
#include "config.h"

#include "daemon/fetch/maildir-private.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/base/arena.h"
#include "daemon/fetch/maildir-name.h"

#define GONE_TWICE 2u

/* ---- files ---------------------------------------------------------------------------------- */

/* Delivery agents begin a name with the time; shorter numbers are older. */
static int
compare_names(const char *a, const char *b)
{
	size_t x = strspn(a, "0123456789"), y = strspn(b, "0123456789");

	if (x != y)
		return x < y ? -1 : 1;
	return strcmp(a, b);
}

static int
compare_files(const void *a, const void *b)
{
	return compare_names(((const struct file *)a)->name, ((const struct file *)b)->name);
}

/* At the end; the order is made again by sort_files. */
static struct file *
add_file(struct maildir *m, const char *name, size_t len)
{
	struct file *file;

	if (m->n_files == m->cap_files) {
		size_t cap = m->cap_files > 0 ? 2 * m->cap_files : 64;
		struct file *files = td_alloc(cap * sizeof *files);

		if (m->n_files > 0)
			memcpy(files, m->files, m->n_files * sizeof *files);
		free(m->files);
		m->files = files;
		m->cap_files = cap;
	}
	file = &m->files[m->n_files++];
	*file = (struct file){.name = td_alloc(len + 1)};
	memcpy(file->name, name, len);
	return file;
}

static void
free_file(struct file *file)
{
	free(file->name);
	free(file->rest);
}

void
maildir_free_files(struct maildir *m)
{
	for (size_t i = 0; i < m->n_files; i++)
		free_file(&m->files[i]);
	free(m->files);
	m->files = NULL;
	m->n_files = m->cap_files = 0;
}

static void
sort_files(struct maildir *m)
{
	if (m->n_files > 1)
		qsort(m->files, m->n_files, sizeof *m->files, compare_files);
}

static void
take_names(struct maildir *m, const struct cursor *cursor)
{
	if (cursor->next_uid > m->next_uid)
		m->next_uid = cursor->next_uid;
	for (size_t i = 0; i < cursor->n_names; i++)
		add_file(m, cursor->names[i].name, strlen(cursor->names[i].name))->uid =
		    cursor->names[i].uid;
}

/* ---- listing -------------------------------------------------------------------------------- */

static void
tell(struct maildir *m, const struct err *err)
{
	if (!m->trouble)
		m->trouble_err = *err;
	m->trouble = true;
}

/* The same file may be seen twice while it is moved; two files of one name are none of a Maildir:
 * one of them is read. */
static void
see_file(struct maildir *m, struct file *file, const char *sub, const char *rest, ino_t inode)
{
	struct err err;

	if (file->listed && file->inode != inode) {
		(void)err_perm(&err, "%s: two files have the name %.100s; give one of them "
		    "another name, it is left out", m->conf->conf.maildir, file->name);
		tell(m, &err);
		return;
	}
	free(file->rest);
	file->rest = td_strdup(rest);
	file->sub = sub;
	file->inode = inode;
	file->listed = true;
}

static void
list_entry(struct maildir *m, const char *sub, const struct dirent *entry, size_t n_known)
{
	size_t len = maildir_name_length(entry->d_name);
	char name[sizeof entry->d_name + 1];
	struct file *file, key = {.name = name};
	struct err err;

	if (entry->d_name[0] == '.' || len == 0)
		return;
	memcpy(name, entry->d_name, len);
	name[len] = '\0';
	file = n_known > 0 ? bsearch(&key, m->files, n_known, sizeof *m->files, compare_files) :
	    NULL;
	if (file == NULL && m->n_files >= m->files_max) {
		(void)err_perm(&err, "%s holds more than %zu files: what lies beyond is not read; "
		    "take out what was read (after = \"move\" does it)", m->conf->conf.maildir,
		    m->files_max);
		tell(m, &err);
		return;
	}
	if (file == NULL)
		file = add_file(m, name, len);
	see_file(m, file, sub, entry->d_name + len, entry->d_ino);
}

/* n_known: so many of the files are sorted already. */
static enum td_status
list_folder(struct maildir *m, const char *sub, size_t n_known, struct err *err)
{
	char path[4096];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof path, "%s/%s", m->conf->conf.maildir, sub);
	dir = opendir(path);
	if (dir == NULL)
		return err_perm(err,
		    "%s: cannot be read: %s; a Maildir has the folders new, cur and "
		    "tmp, and the daemon's account must be allowed to read it",
		    path, strerror(errno));
	while ((entry = readdir(dir)) != NULL)
		list_entry(m, sub, entry, n_known);
	closedir(dir);
	return TD_OK;
}

/* What the parent knows and what was listed before it said so become one file each. */
static void
join_doubles(struct maildir *m)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->n_files; i++) {
		struct file *file = &m->files[i];
		struct file *before = kept > 0 ? &m->files[kept - 1] : NULL;

		if (before == NULL || strcmp(before->name, file->name) != 0) {
			m->files[kept++] = *file;
			continue;
		}
		before->uid = before->uid != 0 ? before->uid : file->uid;
		if (file->listed)
			see_file(m, before, file->sub, file->rest, file->inode);
		free_file(file);
	}
	m->n_files = kept;
}

static void
number_files(struct maildir *m)
{
	for (size_t i = 0; i < m->n_files; i++)
		if (m->files[i].uid == 0 && m->next_uid < UINT32_MAX)
			m->files[i].uid = m->next_uid++;
}

/* Drops those that two scans did not see; their UIDs are told as gone. */
static void
drop_gone(struct maildir *m)
{
	size_t kept = 0;

	free(m->gone);
	m->gone = td_alloc((m->n_files + 1) * sizeof *m->gone);
	m->n_gone = 0;
	for (size_t i = 0; i < m->n_files; i++) {
		struct file *file = &m->files[i];

		file->missing = file->listed ? 0 : file->missing + 1;
		if (file->missing < GONE_TWICE) {
			m->files[kept++] = *file;
			continue;
		}
		m->gone[m->n_gone++] = file->uid;
		free_file(file);
	}
	m->n_files = kept;
}

enum td_status
maildir_list(struct maildir *m, const struct cursor *cursor, struct err *err)
{
	enum td_status status;

	for (size_t i = 0; i < m->n_files; i++)
		m->files[i].listed = false;
	take_names(m, cursor);
	sort_files(m);
	join_doubles(m);
	status = list_folder(m, "new", m->n_files, err);
	sort_files(m);
	join_doubles(m);
	if (status == TD_OK)
		status = list_folder(m, "cur", m->n_files, err);
	sort_files(m);
	join_doubles(m);
	if (status != TD_OK)
		return status;
	number_files(m);
	drop_gone(m);
	return TD_OK;
}
