/* SPDX-License-Identifier: ISC */
/*
 * memfd: mails as sealed memory files. The seals are what makes a mapping of a mail from another
 * process safe: nobody can shrink it under the reader (SIGBUS) or change it while it is parsed.
 */
#include "config.h"

#include "daemon/ipc/chan.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MEMFD_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

int
memfd_open(struct err *err)
{
	int fd = memfd_create("mail", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		(void)err_temp(err, "no memory file for a mail: %s", strerror(errno));
	return fd;
}

enum td_status
memfd_append(int fd, const void *bytes, size_t len, struct err *err)
{
	const char *at = bytes;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_temp(err, "cannot keep a mail in memory: %s", strerror(errno));
		at += n;
		len -= (size_t)n;
	}
	return TD_OK;
}

enum td_status
memfd_seal(int fd, struct err *err)
{
	if (fcntl(fd, F_ADD_SEALS, MEMFD_SEALS | F_SEAL_SEAL) < 0)
		return err_perm(err, "cannot seal a memory file: %s", strerror(errno));
	return TD_OK;
}

int
memfd_sealed(const void *bytes, size_t len, struct err *err)
{
	int fd = memfd_open(err);

	if (fd < 0)
		return -1;
	if (memfd_append(fd, bytes, len, err) != TD_OK || memfd_seal(fd, err) != TD_OK) {
		close(fd);
		return -1;
	}
	return fd;
}

enum td_status
memfd_map(int fd, size_t max, struct span *bytes_r, struct err *err)
{
	int seals = fcntl(fd, F_GET_SEALS);
	struct stat st;
	void *at;

	if (seals < 0 || (seals & MEMFD_SEALS) != MEMFD_SEALS)
		return err_perm(err, "a descriptor that is no sealed memory file");
	if (fstat(fd, &st) < 0)
		return err_perm(err, "cannot look at a memory file: %s", strerror(errno));
	if (st.st_size < 0 || (uintmax_t)st.st_size > max)
		return err_perm(err, "a mail of %jd bytes, but at most %zu are taken",
		    (intmax_t)st.st_size, max);
	if (st.st_size == 0) {
		*bytes_r = (struct span){"", 0};
		return TD_OK;
	}
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (at == MAP_FAILED)
		return err_temp(err, "cannot map a mail: %s", strerror(errno));
	*bytes_r = (struct span){at, (size_t)st.st_size};
	return TD_OK;
}

void
memfd_unmap(struct span bytes)
{
	if (bytes.len > 0)
		munmap((void *)(uintptr_t)bytes.ptr, bytes.len);
}
