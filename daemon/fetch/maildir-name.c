/* SPDX-License-Identifier: ISC */
/* fetch/maildir-name: see maildir-name.h. */
#include "config.h"

#include "daemon/fetch/maildir-name.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

size_t
maildir_name_length(const char *name)
{
	const char *colon = strchr(name, ':');

	while (colon != NULL && !((colon[1] == '1' || colon[1] == '2') && colon[2] == ','))
		colon = strchr(colon + 1, ':');
	return colon != NULL ? (size_t)(colon - name) : strlen(name);
}

bool
maildir_name_is_good(const char *name)
{
	size_t len = strlen(name);

	return len > 0 && len <= MAILDIR_NAME_MAX && name[0] != '.' && strchr(name, '/') == NULL &&
	    maildir_name_length(name) == len;
}

static bool
find_in(const char *maildir, const char *sub, const char *name, char *path_r, size_t size)
{
	size_t len = strlen(name);
	struct dirent *entry;
	bool found = false;
	struct stat st;
	DIR *dir;

	snprintf(path_r, size, "%s/%s/%s", maildir, sub, name);
	if (lstat(path_r, &st) == 0)
		return true;
	snprintf(path_r, size, "%s/%s", maildir, sub);
	dir = opendir(path_r);
	while (dir != NULL && !found && (entry = readdir(dir)) != NULL) {
		found = maildir_name_length(entry->d_name) == len &&
		    strncmp(entry->d_name, name, len) == 0;
		if (found)
			snprintf(path_r, size, "%s/%s/%s", maildir, sub, entry->d_name);
	}
	if (dir != NULL)
		closedir(dir);
	return found;
}

/* In the order of the scan: what it read is what is found. */
bool
maildir_find(const char *maildir, const char *name, char *path_r, size_t size)
{
	if (find_in(maildir, "new", name, path_r, size) ||
	    find_in(maildir, "cur", name, path_r, size))
		return true;
	errno = ENOENT;
	return false;
}
