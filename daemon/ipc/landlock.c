/* SPDX-License-Identifier: ISC */
/*
 * landlock: see landlock.h. There is no wrapper in libc, and the header of an older kernel does
 * not know all rights of a newer one, so the rights are named here. A kernel refuses rights that
 * it does not know: what is handled depends on its version.
 */
#include "config.h"

#include "daemon/ipc/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef HAVE_LINUX_LANDLOCK_H
#include <linux/landlock.h>

#define FS_EXECUTE (UINT64_C(1) << 0)
#define FS_READ_FILE (UINT64_C(1) << 2)
#define FS_READ_DIR (UINT64_C(1) << 3)
#define FS_ALL_1 ((UINT64_C(1) << 13) - 1)
#define FS_REFER (UINT64_C(1) << 13)     /* since version 2 */
#define FS_TRUNCATE (UINT64_C(1) << 14)  /* 3 */
#define FS_IOCTL_DEV (UINT64_C(1) << 15) /* 5 */

int
landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
	    LANDLOCK_CREATE_RULESET_VERSION);

	return version > 0 ? (int)version : 0;
}

static uint64_t
landlock_rights(int version)
{
	uint64_t rights = FS_ALL_1;

	if (version >= 2)
		rights |= FS_REFER;
	if (version >= 3)
		rights |= FS_TRUNCATE;
	if (version >= 5)
		rights |= FS_IOCTL_DEV;
	return rights;
}

static enum td_status
landlock_allow(int rules, const char *path, struct err *err)
{
	struct landlock_path_beneath_attr beneath = {.allowed_access = FS_READ_FILE | FS_READ_DIR};
	enum td_status status = TD_OK;

	beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd < 0)
		return TD_OK; /* not on this system: nothing to allow */
	if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) < 0)
		status = err_perm(err, "cannot allow reading %s: %s", path, strerror(errno));
	close(beneath.parent_fd);
	return status;
}

enum td_status
landlock_confine(const char *const *paths, struct err *err)
{
	struct landlock_ruleset_attr attr = {.handled_access_fs =
	    landlock_rights(landlock_version())};
	enum td_status status = TD_OK;
	int rules;

	if (paths == NULL)
		attr.handled_access_fs &= ~(FS_READ_FILE | FS_READ_DIR);
	rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
	if (rules < 0)
		return err_perm(err, "cannot make a Landlock ruleset: %s", strerror(errno));
	for (size_t i = 0; status == TD_OK && paths != NULL && paths[i] != NULL; i++)
		status = landlock_allow(rules, paths[i], err);
	if (status == TD_OK && syscall(SYS_landlock_restrict_self, rules, 0) < 0)
		status = err_perm(err, "cannot put Landlock on: %s", strerror(errno));
	close(rules);
	return status;
}

#else

int
landlock_version(void)
{
	return 0;
}

enum td_status
landlock_confine(const char *const *paths, struct err *err)
{
	return err_perm(err, "built without Landlock");
}

#endif
