/* SPDX-License-Identifier: ISC */
/* store/db_look: whether the file of the store is there and can be opened; see db.h. */
#include "config.h"

#include "daemon/store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum td_status
db_empty(const char *path, struct err *err)
{
	return err_perm(err, "%s: the store is empty; put a good copy in its place, or make a new "
	    "one with: tidings team add", path);
}

/* The plain cases are told from the file itself: the engine says "unable to open" to all. */
enum td_status
db_look(const char *path, enum db_mode mode, struct err *err)
{
	struct stat st;
	bool empty;
	int fd;

	if (mode == DB_CREATE) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	} else {
		fd = open(path, (mode == DB_READ_ONLY ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	}
	if (fd >= 0) {
		empty = mode != DB_CREATE && fstat(fd, &st) == 0 && st.st_size == 0;
		close(fd);
		return empty ? db_empty(path, err) : TD_OK;
	}
	if ((errno == ENOENT || errno == ENOTDIR) && mode != DB_CREATE)
		return err_perm(err, "%s: there is no store; put it back (is its disk mounted, is "
		    "store.path right?), or make a new one with: tidings team add", path);
	if (errno == ENOENT)
		return err_perm(err, "%s: its folder does not exist; make the folder first", path);
	if (errno == EACCES || errno == EROFS || errno == EPERM)
		return err_perm(err, "%s: %s; give this account access to the file and its folder",
		    path, strerror(errno));
	if (errno == ENOSPC || errno == EDQUOT)
		return err_temp(err, "%s: %s; make room", path, strerror(errno));
	return err_perm(err, "%s: %s", path, strerror(errno));
}
