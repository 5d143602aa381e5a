/* SPDX-License-Identifier: ISC */
/*
 * sandbox: see sandbox.h. The order is limits, Landlock, seccomp: each later one would stand in the
 * way of setting up the one before.
 */
#include "config.h"

#include "daemon/ipc/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "parsers/base/num.h"
#include "parsers/base/span.h"
#include "daemon/ipc/landlock.h"

#define PURE_FILES 64 /* descriptors of a parser: mails that wait, and a module being loaded */
#define PURE_PATHS 16

#ifdef TD_SANITIZERS
static const bool sanitized = true; /* the leak checker starts a thread and traces itself */
#else
static const bool sanitized = false;
#endif

int
sandbox_landlock_version(void)
{
	return landlock_version();
}

/* ---- files ---------------------------------------------------------------------------------- */

/* iconv's modules stand in a folder per architecture. */
static enum td_status
sandbox_pure_files(struct err *err)
{
	static const char *const patterns[] = {"/usr/lib/gconv", "/usr/lib64/gconv",
	    "/usr/lib/*/gconv", "/usr/share/zoneinfo"};
	const char *paths[PURE_PATHS + 2] = {NULL};
	enum td_status status;
	glob_t found = {0};
	size_t n = 0;

	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
		(void)glob(patterns[i], i > 0 ? GLOB_APPEND : 0, NULL, &found);
	while (n < found.gl_pathc && n < PURE_PATHS) {
		paths[n] = found.gl_pathv[n];
		n++;
	}
	if (sanitized)
		paths[n] = "/proc";
	status = landlock_confine(paths, err);
	globfree(&found);
	return status;
}

/* ---- system calls --------------------------------------------------------------------------- */

/* Denied to every worker: other processes, programs, the kernel, the machine. */
static const int deny_all[] = {
    SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev),
    SCMP_SYS(process_madvise), SCMP_SYS(pidfd_open), SCMP_SYS(pidfd_getfd),
    SCMP_SYS(pidfd_send_signal), SCMP_SYS(kcmp), SCMP_SYS(mount), SCMP_SYS(umount2),
    SCMP_SYS(move_mount), SCMP_SYS(open_tree), SCMP_SYS(fsopen), SCMP_SYS(fsconfig),
    SCMP_SYS(fsmount), SCMP_SYS(fspick), SCMP_SYS(mount_setattr), SCMP_SYS(pivot_root),
    SCMP_SYS(chroot), SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(bpf), SCMP_SYS(keyctl),
    SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter), SCMP_SYS(io_uring_register), SCMP_SYS(userfaultfd),
    SCMP_SYS(perf_event_open), SCMP_SYS(open_by_handle_at), SCMP_SYS(name_to_handle_at),
    SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load), SCMP_SYS(kexec_file_load), SCMP_SYS(reboot), SCMP_SYS(swapon),
    SCMP_SYS(swapoff), SCMP_SYS(sethostname), SCMP_SYS(setdomainname), SCMP_SYS(quotactl),
    SCMP_SYS(acct), SCMP_SYS(syslog), SCMP_SYS(settimeofday), SCMP_SYS(clock_settime),
    SCMP_SYS(clock_adjtime), SCMP_SYS(adjtimex), SCMP_SYS(iopl), SCMP_SYS(ioperm),
    SCMP_SYS(personality), SCMP_SYS(fanotify_init), SCMP_SYS(lookup_dcookie),
    SCMP_SYS(move_pages), SCMP_SYS(migrate_pages), SCMP_SYS(mbind), SCMP_SYS(set_mempolicy),
    SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(setreuid), SCMP_SYS(setregid),
    SCMP_SYS(setresuid), SCMP_SYS(setresgid), SCMP_SYS(setgroups), SCMP_SYS(setfsuid),
    SCMP_SYS(setfsgid), SCMP_SYS(capset),
};

/* Denied to the parsers as well: everything that reaches outside of the process. */
static const int deny_pure[] = {
    SCMP_SYS(socket), SCMP_SYS(socketpair), SCMP_SYS(connect), SCMP_SYS(bind), SCMP_SYS(listen),
    SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(creat), SCMP_SYS(truncate), SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat), SCMP_SYS(rmdir), SCMP_SYS(mknod), SCMP_SYS(mknodat), SCMP_SYS(link),
    SCMP_SYS(linkat), SCMP_SYS(symlink), SCMP_SYS(symlinkat), SCMP_SYS(unlink),
    SCMP_SYS(unlinkat), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2),
    SCMP_SYS(chmod), SCMP_SYS(fchmod), SCMP_SYS(fchmodat), SCMP_SYS(chown), SCMP_SYS(fchown),
    SCMP_SYS(lchown), SCMP_SYS(fchownat), SCMP_SYS(utime), SCMP_SYS(utimes),
    SCMP_SYS(futimesat), SCMP_SYS(utimensat), SCMP_SYS(setxattr), SCMP_SYS(lsetxattr),
    SCMP_SYS(fsetxattr), SCMP_SYS(removexattr), SCMP_SYS(lremovexattr), SCMP_SYS(fremovexattr),
    SCMP_SYS(chdir), SCMP_SYS(fchdir), SCMP_SYS(shmget), SCMP_SYS(shmat), SCMP_SYS(shmctl),
    SCMP_SYS(semget), SCMP_SYS(semop), SCMP_SYS(msgget), SCMP_SYS(msgsnd), SCMP_SYS(msgrcv),
    SCMP_SYS(mq_open), SCMP_SYS(memfd_create), SCMP_SYS(memfd_secret),
    SCMP_SYS(inotify_init), SCMP_SYS(inotify_init1), SCMP_SYS(tkill), SCMP_SYS(sched_setaffinity),
    SCMP_SYS(sched_setscheduler), SCMP_SYS(setpriority), SCMP_SYS(vhangup),
};

static int
deny_list(scmp_filter_ctx filter, const int *calls, size_t n)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[i], 0);
		if (rc == -EDOM || rc == -EINVAL)
			rc = 0; /* a call that this machine does not have */
	}
	return rc;
}

/* Opening to write, whatever the call: 1 and 2 of the access mode, or creating or truncating. */
static int
deny_open_for_write(scmp_filter_ctx filter)
{
	static const struct {
		int call;
		unsigned flags_at;
	} calls[] = {{SCMP_SYS(open), 1}, {SCMP_SYS(openat), 2}};
	static const unsigned bits[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC};
	int rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(openat2), 0);

	for (size_t c = 0; c < 2; c++)
		for (size_t b = 0; b < sizeof bits / sizeof *bits && rc == 0; b++) {
			rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), calls[c].call, 1,
			    SCMP_CMP(calls[c].flags_at, SCMP_CMP_MASKED_EQ, bits[b], bits[b]));
			if (rc == -EDOM || rc == -EINVAL)
				rc = 0;
		}
	return rc;
}

/* A parser has one thread and no child, and signals nobody but itself (abort does that). */
static int
deny_processes(scmp_filter_ctx filter)
{
	const scmp_datum_t self = (scmp_datum_t)getpid();
	const uint32_t no = SCMP_ACT_ERRNO(EPERM);
	int rc = 0;

	if (!sanitized) {
		const int calls[] = {SCMP_SYS(fork), SCMP_SYS(vfork), SCMP_SYS(clone)};

		rc = deny_list(filter, calls, 3);
		if (rc == 0)
			rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	}
	if (rc == 0)
		rc = seccomp_rule_add(filter, no, SCMP_SYS(kill), 1, SCMP_A0(SCMP_CMP_NE, self));
	if (rc == 0)
		rc = seccomp_rule_add(filter, no, SCMP_SYS(tgkill), 1, SCMP_A0(SCMP_CMP_NE, self));
	if (rc == 0)
		rc = seccomp_rule_add(filter, no, SCMP_SYS(rt_sigqueueinfo), 1,
		    SCMP_A0(SCMP_CMP_NE, self));
	if (rc == 0) /* its own limits it may lower, those of others are none of its business */
		rc = seccomp_rule_add(filter, no, SCMP_SYS(prlimit64), 1,
		    SCMP_A0(SCMP_CMP_NE, 0));
	return rc;
}

static int
sandbox_rules(scmp_filter_ctx filter, enum sandbox_kind kind)
{
	int rc = deny_list(filter, deny_all, sizeof deny_all / sizeof *deny_all);

	if (rc == 0 && !sanitized)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ptrace), 0);
	if (rc == 0) /* typing into a terminal that 0 to 2 may be */
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
		    SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffffu, TIOCSTI));
	if (rc != 0 || kind == SANDBOX_NETWORK)
		return rc;
	rc = deny_list(filter, deny_pure, sizeof deny_pure / sizeof *deny_pure);
	if (rc == 0)
		rc = deny_open_for_write(filter);
	if (rc == 0)
		rc = deny_processes(filter);
	return rc;
}

static enum td_status
sandbox_calls(enum sandbox_kind kind, struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int rc;

	if (filter == NULL)
		return err_perm(err, "cannot make a seccomp filter");
	rc = sandbox_rules(filter, kind);
	if (rc == 0)
		rc = seccomp_load(filter);
	seccomp_release(filter);
	if (rc != 0)
		return err_perm(err, "cannot put seccomp on: %s", strerror(-rc));
	return TD_OK;
}

/* ---- limits --------------------------------------------------------------------------------- */

static uint64_t mapped_at_entry; /* later /proc cannot be read any more */

/* Address space now, in bytes; 0 if it cannot be told. */
static uint64_t
mapped_now(void)
{
	FILE *statm = fopen("/proc/self/statm", "re");
	char text[64] = "";
	struct span rest, pages;
	uint64_t n = 0;

	if (statm == NULL)
		return 0;
	if (fgets(text, sizeof text, statm) != NULL) {
		rest = span_of(text);
		if (!span_next_field(&rest, ' ', &pages) || !num_u64(pages, UINT32_MAX, &n))
			n = 0;
	}
	fclose(statm);
	return n * (uint64_t)sysconf(_SC_PAGESIZE);
}

static enum td_status
sandbox_limits(enum sandbox_kind kind, struct err *err)
{
	const struct rlimit none = {0, 0}, files = {PURE_FILES, PURE_FILES};

	mapped_at_entry = mapped_now();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_perm(err, "cannot give up new privileges: %s", strerror(errno));
	if (setrlimit(RLIMIT_CORE, &none) < 0)
		return err_perm(err, "cannot turn core files off: %s", strerror(errno));
	if (!sanitized)
		(void)prctl(PR_SET_DUMPABLE, 0); /* nobody attaches to a process with passwords */
	if (kind == SANDBOX_PURE && !sanitized && setrlimit(RLIMIT_NOFILE, &files) < 0)
		return err_perm(err, "cannot limit descriptors: %s", strerror(errno));
	return TD_OK;
}

enum td_status
sandbox_enter(enum sandbox_kind kind, struct err *err)
{
	enum td_status status = sandbox_limits(kind, err);

	if (status == TD_OK && landlock_version() > 0)
		status = kind == SANDBOX_PURE ? sandbox_pure_files(err) :
						landlock_confine(NULL, err);
	if (status == TD_OK)
		status = sandbox_calls(kind, err);
	return status;
}

enum td_status
sandbox_limit_memory(uint32_t megabytes, struct err *err)
{
	rlim_t max = (rlim_t)(mapped_at_entry + (uint64_t)megabytes * 1024 * 1024);
	const struct rlimit limit = {max, max};

	if (sanitized)
		return TD_OK;
	if (setrlimit(RLIMIT_AS, &limit) < 0)
		return err_perm(err, "cannot limit memory: %s", strerror(errno));
	return TD_OK;
}

void
sandbox_limit_cpu(uint32_t seconds)
{
	const struct itimerval timer = {.it_value = {.tv_sec = (time_t)seconds}};

	(void)setitimer(ITIMER_PROF, &timer, NULL);
}
