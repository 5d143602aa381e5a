/* SPDX-License-Identifier: ISC */
/* check: tries everything that the configuration names; a line each. */
#ifndef TD_CONTROL_CHECK_H
#define TD_CONTROL_CHECK_H

#include "daemon/control/tool.h"

/* Configuration and store are opened here where they are not yet. Gives the exit status. */
int check_everything(struct tool *tool);

#endif
