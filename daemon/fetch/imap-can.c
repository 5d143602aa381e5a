/* SPDX-License-Identifier: ISC */
/*
 * imap-can: what the server says that it can do (RFC 3501, 7.2.1), as a bit each for what matters
 * here. The library's list of all of it takes 4 KB in each session, so it is freed at once.
 */
#include "config.h"

#include "daemon/fetch/imap-private.h"

static const struct {
	enum imap_can can;
	const char *name;
} names[] = {
    {IMAP_CAN_STARTTLS, "STARTTLS"}, {IMAP_CAN_SASL_IR, "SASL-IR"}, {IMAP_CAN_IDLE, "IDLE"},
    {IMAP_CAN_MOVE, "MOVE"}, {IMAP_CAN_UIDPLUS, "UIDPLUS"},
    {IMAP_CAN_NO_LOGIN, "LOGINDISABLED"},
};
/* the library keeps ways to log in apart from the rest */
static const struct {
	enum imap_can can;
	const char *name;
} ways[] = {
    {IMAP_CAN_PLAIN, "PLAIN"}, {IMAP_CAN_XOAUTH2, "XOAUTH2"},
    {IMAP_CAN_OAUTHBEARER, "OAUTHBEARER"},
};

static void
forget_list(struct imap *imap)
{
	struct mailimap_connection_info *info = imap->session->imap_connection_info;

	if (info == NULL || info->imap_capability == NULL)
		return;
	mailimap_capability_data_free(info->imap_capability);
	info->imap_capability = NULL;
}

enum td_status
imap_ask_capabilities(struct imap *imap, struct err *err)
{
	struct mailimap_capability_data *data = NULL;
	int rc;

	imap_begin(imap, 0);
	rc = mailimap_capability(imap->session, &data);
	if (!imap_ok(rc))
		return imap_failed(imap, rc, "asking what it can do", err);
	mailimap_capability_data_free(data);
	imap->can = 0;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (mailimap_has_extension(imap->session, (char *)names[i].name))
			imap->can |= names[i].can;
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
		if (mailimap_has_authentication(imap->session, ways[i].name))
			imap->can |= ways[i].can;
	forget_list(imap);
	return TD_OK;
}

bool
imap_has(const struct imap *imap, enum imap_can can)
{
	return (imap->can & can) != 0;
}
