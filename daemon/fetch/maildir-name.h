/* SPDX-License-Identifier: ISC */
/*
 * fetch/maildir-name: the names of files in a Maildir. The unique part stays with the file for
 * good; what other programs note of it (":2," and flags) follows and changes, in cur/ as in new/.
 */
#ifndef TD_FETCH_MAILDIR_NAME_H
#define TD_FETCH_MAILDIR_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define MAILDIR_NAME_MAX 255u /* octets, as the kernel has it */

/* How long the unique part is. A ":" that begins no flags belongs to it. */
size_t maildir_name_length(const char *name);
/* Can this be the unique part of a file's name, and of no other folder's file? */
bool maildir_name_is_good(const char *name);
/* Where the file of that unique name is now. Gives false, and errno, when it is not there. */
bool maildir_find(const char *maildir, const char *name, char *path_r, size_t size);

#endif
