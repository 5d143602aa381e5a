/* SPDX-License-Identifier: ISC */
/* landlock: the file layer of the sandbox, for daemon/ipc/sandbox.c alone. */
#ifndef TD_LANDLOCK_H
#define TD_LANDLOCK_H

#include "parsers/base/err.h"

/* Version of the kernel's interface, 0 where there is none. */
int landlock_version(void);

/* Denies every access to files but reading below the paths (NULL-ended; absent ones are left
 * out). With paths NULL reading stays free, and only creating, changing and running is denied. */
TD_CHECK enum td_status landlock_confine(const char *const *paths, struct err *err);

#endif
