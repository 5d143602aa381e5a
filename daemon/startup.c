/* SPDX-License-Identifier: ISC */
/* startup: see startup.h. */
#include "config.h"

#include "daemon/startup.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILES_MAX 65536
#define PATH_BYTES 4096

static int ready_fd = -1;

void
startup_descriptors(void)
{
	struct rlimit limit;
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max < FILES_MAX ? limit.rlim_max : FILES_MAX;
		(void)setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static enum td_status
startup_run_dir(const struct conf *conf, const struct passwd *pw, struct err *err)
{
	struct stat st;

	if (mkdir(conf->run_dir, 0755) < 0 && errno != EEXIST)
		return err_perm(err, "run_dir %s: cannot be made: %s", conf->run_dir,
		    strerror(errno));
	if (stat(conf->run_dir, &st) < 0 || !S_ISDIR(st.st_mode))
		return err_perm(err, "run_dir %s: is no folder", conf->run_dir);
	if (pw != NULL && st.st_uid != pw->pw_uid && chown(conf->run_dir, pw->pw_uid,
							 pw->pw_gid) < 0)
		return err_perm(err, "run_dir %s: cannot be given to %s: %s", conf->run_dir,
		    conf->user, strerror(errno));
	return TD_OK;
}

static enum td_status
startup_not_root(const struct conf *conf, struct err *err)
{
	const struct passwd *self = getpwuid(geteuid());

	return err_perm(err, "only root can become user %s, and this is %s: start it as root or as "
	    "%s, or take user out of the configuration", conf->user,
	    self != NULL ? self->pw_name : "an account without a name", conf->user);
}

enum td_status
startup_account(const struct conf *conf, struct err *err)
{
	const struct passwd *pw = NULL;

	if (conf->user != NULL && (pw = getpwnam(conf->user)) == NULL)
		return err_perm(err, "user %s: there is no such account", conf->user);
	if (pw != NULL && geteuid() != 0 && pw->pw_uid != geteuid())
		return startup_not_root(conf, err);
	if (startup_run_dir(conf, geteuid() == 0 ? pw : NULL, err) != TD_OK)
		return TD_PERM;
	if (pw == NULL || geteuid() != 0)
		return TD_OK;
	if (initgroups(pw->pw_name, pw->pw_gid) < 0 || setgid(pw->pw_gid) < 0 ||
	    setuid(pw->pw_uid) < 0)
		return err_perm(err, "cannot become user %s: %s", conf->user, strerror(errno));
	if (pw->pw_uid != 0 && setuid(0) == 0)
		return err_perm(err, "could become root again after becoming %s", conf->user);
	return TD_OK;
}

enum td_status
startup_lock(const char *store_path, int *fd_r, struct err *err)
{
	char path[PATH_BYTES], text[32] = "";
	int fd, n = snprintf(path, sizeof path, "%s.lock", store_path);

	if (n < 0 || (size_t)n >= sizeof path)
		return err_perm(err, "the store's path is too long");
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_perm(err, "%s: cannot be opened: %s", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		ssize_t got = read(fd, text, sizeof text - 1);

		close(fd);
		while (got > 0 && (text[got - 1] < '0' || text[got - 1] > '9'))
			text[--got] = '\0';
		return err_perm(err, "%s is in use by another tidingsd (process %s); stop it first",
		    store_path, got > 0 ? text : "unknown");
	}
	n = snprintf(text, sizeof text, "%d\n", (int)getpid());
	if (ftruncate(fd, 0) < 0 || write(fd, text, (size_t)n) != n) {
		close(fd);
		return err_perm(err, "%s: cannot be written: %s", path, strerror(errno));
	}
	*fd_r = fd;
	return TD_OK;
}

enum td_status
startup_write_pid(const char *run_dir, struct err *err)
{
	char path[PATH_BYTES];
	int fd = -1, n = snprintf(path, sizeof path, "%s/tidingsd.pid", run_dir);
	bool good;

	if (n > 0 && (size_t)n < sizeof path)
		fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	good = fd >= 0 && dprintf(fd, "%d\n", (int)getpid()) > 0;
	if (!good)
		(void)err_perm(err, "%s: cannot be written: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return good ? TD_OK : TD_PERM;
}

void
startup_remove_pid(const char *run_dir)
{
	char path[PATH_BYTES];
	int n = snprintf(path, sizeof path, "%s/tidingsd.pid", run_dir);

	if (n > 0 && (size_t)n < sizeof path)
		(void)unlink(path);
}

enum td_status
startup_log_to(const char *path, struct err *err)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);

	if (fd < 0)
		return err_perm(err, "log file %s: cannot be opened: %s", path, strerror(errno));
	if (dup2(fd, STDERR_FILENO) < 0) {
		close(fd);
		return err_perm(err, "log file %s: %s", path, strerror(errno));
	}
	close(fd);
	return TD_OK;
}

enum td_status
startup_background(struct err *err)
{
	int fds[2];
	pid_t pid;
	char byte;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return err_perm(err, "cannot go to the background: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		return err_perm(err, "cannot go to the background: %s", strerror(errno));
	if (pid > 0) {
		close(fds[1]);
		_exit(read(fds[0], &byte, 1) == 1 ? 0 : 1);
	}
	close(fds[0]);
	ready_fd = fds[1];
	if (setsid() < 0 || chdir("/") < 0)
		return err_perm(err, "cannot go to the background: %s", strerror(errno));
	return TD_OK;
}

void
startup_background_ready(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (ready_fd < 0)
		return;
	if (null >= 0) {
		(void)dup2(null, STDIN_FILENO);
		(void)dup2(null, STDOUT_FILENO);
		close(null);
	}
	(void)!write(ready_fd, "", 1);
	close(ready_fd);
	ready_fd = -1;
}
