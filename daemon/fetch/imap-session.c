/* SPDX-License-Identifier: ISC */
/*
 * imap-session: selecting the folder, ending the session, and telling people why a command
 * failed. After an error of the stream or the parser the library's state is worth nothing: the
 * stream is closed under it and the session thrown away.
 */
#include "config.h"

#include "daemon/fetch/imap-private.h"

#include <string.h>
#include <strings.h>

#include "daemon/clock.h"
#include "daemon/fetch/utf7.h"

#define FOLDER_MAX 1000 /* bytes of a folder name */
#define LOGOUT_MS 2000

int64_t
imap_deadline(const struct imap *imap, int64_t wait_ms)
{
	int64_t deadline = clock_monotonic_ms() + wait_ms, hurry = imap->source.hurry;

	return hurry != 0 && hurry < deadline ? hurry : deadline;
}

void
imap_begin_own(struct imap *imap, uint64_t expected, uint64_t max)
{
	uint32_t timeout = imap->conf->conf.server.timeout;
	int64_t wait = (int64_t)(timeout ? timeout : 60) + (int64_t)(expected / IMAP_RATE);

	tls_limit(imap->stream, imap_deadline(imap, wait * 1000), max + IMAP_SLACK);
}

void
imap_begin_sized(struct imap *imap, uint64_t expected, uint64_t max)
{
	imap_begin_own(imap, expected, max);
	tls_limit_plain(imap->stream, IMAP_PLAIN);
}

void
imap_begin(struct imap *imap, uint64_t bytes)
{
	imap_begin_sized(imap, bytes, bytes);
}

bool
imap_ok(int rc)
{
	return rc == MAILIMAP_NO_ERROR || rc == MAILIMAP_NO_ERROR_AUTHENTICATED ||
	    rc == MAILIMAP_NO_ERROR_NON_AUTHENTICATED;
}

bool
imap_refused(int rc)
{
	return !imap_ok(rc) && rc != MAILIMAP_ERROR_BAD_STATE && rc != MAILIMAP_ERROR_STREAM &&
	    rc != MAILIMAP_ERROR_PARSE && rc != MAILIMAP_ERROR_CONNECTION_REFUSED &&
	    rc != MAILIMAP_ERROR_MEMORY && rc != MAILIMAP_ERROR_FATAL &&
	    rc != MAILIMAP_ERROR_PROTOCOL && rc != MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION;
}

void
imap_drop(struct imap *imap)
{
	imap_fetch_reset(imap);
	imap->idling = imap->news = false;
	if (imap->session == NULL) {
		tls_destroy(&imap->stream);
		return;
	}
	if (imap->session->imap_stream != NULL)
		mailstream_close(imap->session->imap_stream);
	/* without a stream, freeing the session sends nothing */
	imap->session->imap_stream = NULL;
	imap->stream = NULL;
	mailimap_free(imap->session);
	imap->session = NULL;
}

void
imap_close(struct imap *imap)
{
	struct err err;

	if (imap->session != NULL && imap_idle_end(imap, &err) != TD_OK)
		return;
	if (imap->session != NULL && imap->stream != NULL && tls_why(imap->stream) == NULL) {
		tls_limit(imap->stream, clock_monotonic_ms() + LOGOUT_MS, IMAP_SLACK);
		(void)mailimap_logout(imap->session);
	}
	imap_drop(imap);
}

/* What the server said with its NO, or why there is no answer. */
static const char *
reason(struct imap *imap, int rc)
{
	const char *why = imap->stream ? tls_why(imap->stream) : NULL;

	if (why != NULL)
		return why;
	if (imap->session != NULL && imap->session->imap_response != NULL &&
	    imap->session->imap_response[0] != '\0' && rc != MAILIMAP_ERROR_PARSE)
		return imap->session->imap_response;
	return rc == MAILIMAP_ERROR_PARSE ? "sent something that is not IMAP" :
	    "gave no reason";
}

enum td_status
imap_failed(struct imap *imap, int rc, const char *what, struct err *err)
{
	const struct conf_server *server = &imap->conf->conf.server;
	const char *why;
	enum td_status status;
	bool said;

	/* the library closes the stream itself when the server says BYE */
	if (imap->session->imap_stream == NULL)
		imap->stream = NULL;
	why = reason(imap, rc);
	said = imap_refused(rc) || (imap->stream != NULL && tls_why(imap->stream) == NULL &&
	    rc != MAILIMAP_ERROR_PARSE);
	/* a server may be full of text; 200 bytes say enough */
	if (said)
		status = err_temp(err, "%s:%u: %s failed, the server says: %.200s", server->host,
		    server->port, what, why);
	else
		status = err_temp(err, "%s:%u: %s failed, the server %.200s", server->host,
		    server->port, what, why);
	if (!imap_refused(rc))
		imap_drop(imap);
	return status;
}

enum td_status
imap_folder_name(const char *utf8, struct buf *out, struct err *err)
{
	enum td_status status = utf7_encode(out, span_of(utf8), err);

	if (status == TD_OK && (out->over || out->len == 0))
		status = err_perm(err, "folder name is empty or longer than %d bytes", FOLDER_MAX);
	return status;
}

/* RFC 3501 7.1: no PERMANENTFLAGS means that all flags may be set. */
static bool
takes_keyword(const struct mailimap_selection_info *info)
{
	if (info->sel_perm_flags == NULL)
		return true;
	for (clistiter *cell = clist_begin(info->sel_perm_flags); cell != NULL;
	    cell = clist_next(cell)) {
		const struct mailimap_flag_perm *perm = clist_content(cell);

		if (perm->fl_type == MAILIMAP_FLAG_PERM_ALL)
			return true;
		if (perm->fl_flag != NULL && perm->fl_flag->fl_type == MAILIMAP_FLAG_KEYWORD &&
		    strcasecmp(perm->fl_flag->fl_data.fl_keyword, IMAP_KEYWORD) == 0)
			return true;
	}
	return false;
}

/* Folders have dozens of flags, and a session may wait for days: the lists are not kept. */
static void
forget_flags(struct mailimap_selection_info *info)
{
	if (info->sel_flags != NULL)
		mailimap_flag_list_free(info->sel_flags);
	info->sel_flags = NULL;
	if (info->sel_perm_flags != NULL) {
		for (clistiter *cell = clist_begin(info->sel_perm_flags); cell != NULL;
		    cell = clist_next(cell))
			mailimap_flag_perm_free(clist_content(cell));
		clist_free(info->sel_perm_flags);
	}
	info->sel_perm_flags = NULL;
}

static enum td_status
take_selected(struct imap *imap, struct source_opened *opened_r, struct err *err)
{
	struct mailimap_selection_info *info = imap->session->imap_selection_info;
	const struct conf_mailbox *conf = &imap->conf->conf;

	if (info == NULL || info->sel_uidvalidity == 0) {
		imap_drop(imap);
		return err_perm(err, "%s:%u gives no UIDVALIDITY for folder %s: its mails cannot "
		    "be told apart safely, use another folder or server", conf->server.host,
		    conf->server.port, conf->folder);
	}
	imap->uidvalidity = info->sel_uidvalidity;
	imap->exists = info->sel_exists;
	imap->uidnext = info->sel_uidnext;
	imap->takes_keyword = takes_keyword(info);
	forget_flags(info);
	opened_r->uidvalidity = info->sel_uidvalidity;
	opened_r->exists = info->sel_exists;
	return TD_OK;
}

static enum td_status
select_folder(struct imap *imap, struct source_opened *opened_r, struct err *err)
{
	const struct conf_mailbox *conf = &imap->conf->conf;
	struct buf name;
	enum td_status status;
	int rc;

	buf_init(&name, FOLDER_MAX);
	status = imap_folder_name(conf->folder, &name, err);
	if (status != TD_OK)
		goto out;
	imap_begin(imap, 0);
	rc = mailimap_select(imap->session, name.ptr);
	if (imap_ok(rc)) {
		status = take_selected(imap, opened_r, err);
	} else if (imap_refused(rc) && imap_passes(imap)) {
		status = imap_failed(imap, rc, "opening the folder", err);
		imap_close(imap);
	} else if (imap_refused(rc)) {
		status = err_perm(err, "folder %s cannot be opened at %s:%u (%.200s): correct "
		    "folder in the configuration, or create it", conf->folder,
		    conf->server.host, conf->server.port, reason(imap, rc));
		imap_close(imap);
	} else {
		status = imap_failed(imap, rc, "opening the folder", err);
	}
out:
	buf_release(&name);
	return status;
}

/* In a session that was told of new mail the folder is open as it was. */
static enum td_status
open_again(struct imap *imap, struct source_opened *opened_r, struct err *err)
{
	enum td_status status = imap_idle_end(imap, err);

	if (status != TD_OK)
		return status;
	if (!imap->news)
		return select_folder(imap, opened_r, err);
	imap->uidnext = 0;
	opened_r->uidvalidity = imap->uidvalidity;
	opened_r->exists = imap->exists;
	return TD_OK;
}

enum td_status
imap_open(struct imap *imap, struct source_opened *opened_r, struct err *err)
{
	bool fresh = imap->session == NULL;
	enum td_status status;

	imap_fetch_reset(imap);
	if (!fresh) {
		/* The connection waited since the last scan and may be dead by now: that is no
		 * trouble, as long as a new one can be had. */
		status = open_again(imap, opened_r, err);
		if (status == TD_OK || status == TD_PERM)
			return status;
		imap_drop(imap);
	}
	status = imap_connect(imap, err);
	if (status != TD_OK) {
		imap_drop(imap);
		return status;
	}
	return select_folder(imap, opened_r, err);
}
