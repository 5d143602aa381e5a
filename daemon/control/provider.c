/* SPDX-License-Identifier: ISC */
/* provider: see provider.h. */
#include "config.h"

#include "daemon/control/provider.h"

#include <string.h>

const struct provider providers[] = {
    {"gmail", "imap.gmail.com", 993, CONF_TLS_IMPLICIT, "smtp.gmail.com", 587, CONF_TLS_STARTTLS,
	"mx.google.com", "google",
	"Gmail wants an app password (myaccount.google.com/apppasswords, with 2-step "
	"verification), or "
	"a client for OAuth2 (see README)"},
    {"outlook", "outlook.office365.com", 993, CONF_TLS_IMPLICIT, "smtp.office365.com", 587,
	CONF_TLS_STARTTLS, NULL, "microsoft",
	"Microsoft wants OAuth2: register a client in Entra ID (see README)"},
    {"fastmail", "imap.fastmail.com", 993, CONF_TLS_IMPLICIT, "smtp.fastmail.com", 587,
	CONF_TLS_STARTTLS, NULL, NULL,
	"Fastmail wants an app password: Settings, Privacy & Security"},
    {"proton", "127.0.0.1", 1143, CONF_TLS_STARTTLS, "127.0.0.1", 1025, CONF_TLS_STARTTLS, NULL,
	NULL,
	"Proton needs its Bridge on this machine: use the password it shows, and export its "
	"certificate for --ca-file"},
    {"dovecot", NULL, 993, CONF_TLS_IMPLICIT, NULL, 587, CONF_TLS_STARTTLS, NULL, NULL, NULL},
    {"maildir", NULL, 993, CONF_TLS_IMPLICIT, "localhost", 25, CONF_TLS_NONE, NULL, NULL, NULL},
};
const size_t n_providers = sizeof providers / sizeof *providers;

const struct provider *
provider_find(const char *name)
{
	for (size_t i = 0; i < n_providers; i++)
		if (strcmp(providers[i].name, name) == 0)
			return &providers[i];
	return NULL;
}

const char *
provider_tls_name(enum conf_tls tls)
{
	switch (tls) {
	case CONF_TLS_IMPLICIT:
		return "implicit";
	case CONF_TLS_STARTTLS:
		return "starttls";
	case CONF_TLS_NONE:
		return "none";
	}
	return "implicit";
}
