/* SPDX-License-Identifier: ISC */
/* tidingsd: start-up and roles. */
#include "config.h"

#include <stdio.h>

int
main(void)
{
	puts("tidingsd " PACKAGE_VERSION);
	return 0;
}
