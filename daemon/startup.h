/* SPDX-License-Identifier: ISC */
/*
 * startup: what the daemon does once before its work: descriptors, account, lock, log, background.
 * Each step says in one line why it cannot.
 */
#ifndef TD_STARTUP_H
#define TD_STARTUP_H

#include "daemon/conf/conf.h"

/* 0, 1 and 2 are open after this, and there is room for many descriptors. */
void startup_descriptors(void);

/* Makes run_dir, gives it to conf->user, and becomes that account when started as root. */
TD_CHECK enum td_status startup_account(const struct conf *conf, struct err *err);

/*
 * Locks the store against a second daemon (STORE.lock, held until the process ends); gives the
 * descriptor. TD_PERM names the process that has it.
 */
TD_CHECK enum td_status startup_lock(const char *store_path, int *fd_r, struct err *err);

/* run_dir/tidingsd.pid */
TD_CHECK enum td_status startup_write_pid(const char *run_dir, struct err *err);
void startup_remove_pid(const char *run_dir);

/* Puts standard error into the file, appending; again after the file was moved away. */
TD_CHECK enum td_status startup_log_to(const char *path, struct err *err);

/*
 * Goes on in the background. The process that was started stays until startup_background_ready
 * (and then exits 0) or until the new one ends before (and then exits 1).
 */
TD_CHECK enum td_status startup_background(struct err *err);
void startup_background_ready(void);

#endif
