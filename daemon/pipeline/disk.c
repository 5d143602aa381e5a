/* SPDX-License-Identifier: ISC */
/*
 * disk: mail is taken in only while there is room for it: 1.5 times the largest mail, and 5 % of
 * the file system's blocks and inodes. Below that mail waits safely on its server. A reserve file
 * is held beside the store and given up when a commit finds no room, so that what is begun can be
 * finished.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "daemon/log.h"
#include "daemon/pipeline/private.h"

/* Empty when there is room, else what is short, for people. */
static void
disk_measure(const struct pipeline *p, char *why, size_t size)
{
	struct statvfs fs;
	uint64_t free_bytes, need = p->conf->limits.mail_bytes / 2 * 3;

	why[0] = '\0';
	if (statvfs(p->conf->store_path, &fs) < 0)
		return;
	free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	if ((uint64_t)fs.f_blocks * fs.f_frsize / 20 > need)
		need = (uint64_t)fs.f_blocks * fs.f_frsize / 20;
	if (free_bytes < need)
		snprintf(why, size, "%ju MB are free where the store is, but %ju are needed",
		    (uintmax_t)(free_bytes >> 20), (uintmax_t)(need >> 20));
	else if (fs.f_files > 0 && fs.f_favail < fs.f_files / 20)
		snprintf(why, size, "only %ju inodes are free where the store is",
		    (uintmax_t)fs.f_favail);
}

static void
disk_hold(struct pipeline *p)
{
	off_t size = (off_t)p->conf->store_reserve_mb << 20;
	int rc;

	if (p->reserve_fd >= 0 || size == 0)
		return;
	p->reserve_fd = open(p->reserve_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (p->reserve_fd < 0)
		return;
	rc = posix_fallocate(p->reserve_fd, 0, size);
	if (rc == 0)
		return;
	log_warn("no reserve of %u MB can be held beside the store: %s",
	    p->conf->store_reserve_mb, strerror(rc));
	disk_close(p);
}

void
disk_close(struct pipeline *p)
{
	if (p->reserve_fd < 0)
		return;
	close(p->reserve_fd);
	p->reserve_fd = -1;
	if (p->disk_low || p->failures > 0)
		(void)unlink(p->reserve_path);
}

void
disk_open(struct pipeline *p)
{
	size_t len = strlen(p->conf->store_path) + sizeof ".reserve";

	p->reserve_fd = -1;
	p->reserve_path = td_alloc(len);
	snprintf(p->reserve_path, len, "%s.reserve", p->conf->store_path);
	disk_look(p);
}

void
disk_look(struct pipeline *p)
{
	bool was_low = p->disk_low;

	disk_measure(p, p->disk_why, sizeof p->disk_why);
	p->disk_low = p->disk_why[0] != '\0';
	if (p->disk_low && !was_low)
		log_error("no mail is fetched until there is room: %s", p->disk_why);
	if (!p->disk_low && was_low)
		log_info("there is room again, mail is fetched");
	if (!p->disk_low && p->failures == 0)
		disk_hold(p);
	else if (p->failures > 0 && p->disk_low)
		disk_close(p); /* room for what is begun */
}
