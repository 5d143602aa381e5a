/* SPDX-License-Identifier: ISC */
/*
 * sandbox: takes rights away from the calling process, for good. Three layers, each of which holds
 * alone: limits (no core, few descriptors), Landlock (which files), seccomp (which system calls:
 * a deny list, so that a new libc does not break it; what is denied fails with EPERM).
 *
 * SANDBOX_PURE, for parse: reads character set modules and zone data, nothing else; no socket, no
 * process, no new descriptor to write to. SANDBOX_NETWORK, for fetch and send: network and reading
 * as before, but no file is created or written, and no program or other process is touched.
 *
 * Where the kernel has no Landlock the other layers still hold; the parent says so once.
 */
#ifndef TD_SANDBOX_H
#define TD_SANDBOX_H

#include <stdint.h>

#include "parsers/base/err.h"

enum sandbox_kind { SANDBOX_PURE, SANDBOX_NETWORK };

/* Whether this kernel has Landlock: the version of its interface, 0 without. */
int sandbox_landlock_version(void);

/* TD_PERM: a layer that must hold could not be put on; the process should end. */
TD_CHECK enum td_status sandbox_enter(enum sandbox_kind kind, struct err *err);

/* From here on the process may map at most this much more than it had when it
 * entered the sandbox. A sanitizer's build
 * has no such limit, since its shadow memory takes terabytes of addresses. */
TD_CHECK enum td_status sandbox_limit_memory(uint32_t megabytes, struct err *err);

/* SIGPROF (which kills) after this much processor time from now; 0 turns it off. */
void sandbox_limit_cpu(uint32_t seconds);

#endif
