/* SPDX-License-Identifier: ISC */
/* provider: servers of well-known mail providers, for `tidings init`. */
#ifndef TD_CONTROL_PROVIDER_H
#define TD_CONTROL_PROVIDER_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/conf/conf.h"

struct provider {
	const char *name;
	const char *imap_host; /* NULL: asked for */
	uint16_t imap_port;
	enum conf_tls imap_tls;
	const char *smtp_host;
	uint16_t smtp_port;
	enum conf_tls smtp_tls;
	const char *authserv_id; /* NULL: not known */
	const char *oauth;       /* provider in the oauth group; NULL: no such log-in */
	const char *hint;        /* a line for who sets it up, NULL without */
};

extern const struct provider providers[];
extern const size_t n_providers;

const struct provider *provider_find(const char *name); /* NULL when there is none */
const char *provider_tls_name(enum conf_tls tls);

#endif
