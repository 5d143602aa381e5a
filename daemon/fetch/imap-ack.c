/* SPDX-License-Identifier: ISC */
/*
 * imap-ack: what the configuration wants done to a mail whose effects are committed. Every step
 * may be repeated: flagging twice is flagging once, and a mail that was moved already is not
 * there any more, which servers do not mind. Only a copy that broke off before its UID EXPUNGE
 * stands twice in the target folder.
 */
#include "config.h"

#include "daemon/fetch/imap-private.h"

#include <string.h>

#define ACK_BYTES (64u * 1024)

static struct mailimap_flag *
keyword_flag(void)
{
	char *name = strdup(IMAP_KEYWORD); /* the flag frees it */

	return name != NULL ? mailimap_flag_new_flag_keyword(name) : NULL;
}

static int
store_flag(struct imap *imap, struct mailimap_set *set, struct mailimap_flag *flag)
{
	struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
	struct mailimap_store_att_flags *att;
	int rc;

	if (flag == NULL || flags == NULL || mailimap_flag_list_add(flags, flag) != 0)
		return MAILIMAP_ERROR_MEMORY;
	att = mailimap_store_att_flags_new_add_flags_silent(flags);
	if (att == NULL)
		return MAILIMAP_ERROR_MEMORY;
	imap_begin(imap, ACK_BYTES);
	rc = mailimap_uid_store(imap->session, set, att);
	mailimap_store_att_flags_free(att);
	return rc;
}

static int
flag_mails(struct imap *imap, struct mailimap_set *set)
{
	return store_flag(imap, set, imap->takes_keyword ? keyword_flag() :
	    mailimap_flag_new_seen());
}

static int
copy_and_expunge(struct imap *imap, struct mailimap_set *set, const char *folder)
{
	int rc;

	imap_begin(imap, ACK_BYTES);
	rc = mailimap_uid_copy(imap->session, set, folder);
	if (imap_ok(rc))
		rc = store_flag(imap, set, mailimap_flag_new_deleted());
	if (imap_ok(rc)) {
		imap_begin(imap, ACK_BYTES);
		rc = mailimap_uid_expunge(imap->session, set);
	}
	return rc;
}

static int
move_once(struct imap *imap, struct mailimap_set *set, const char *folder)
{
	if (!imap_has(imap, IMAP_CAN_MOVE))
		return copy_and_expunge(imap, set, folder);
	imap_begin(imap, ACK_BYTES);
	return mailimap_uid_move(imap->session, set, folder);
}

static enum td_status
move_mails(struct imap *imap, struct mailimap_set *set, int *rc_r, struct err *err)
{
	struct buf folder;
	enum td_status status;

	buf_init(&folder, 1000);
	status = imap_folder_name(imap->conf->conf.move_to, &folder, err);
	if (status == TD_OK) {
		*rc_r = move_once(imap, set, folder.ptr);
		if (imap_refused(*rc_r)) {
			/* the usual reason is that it does not exist yet */
			imap_begin(imap, ACK_BYTES);
			if (imap_ok(mailimap_create(imap->session, folder.ptr)))
				*rc_r = move_once(imap, set, folder.ptr);
		}
	}
	buf_release(&folder);
	return status;
}

static enum td_status
ack_set(struct imap *imap, struct mailimap_set *set, struct err *err)
{
	const struct conf_mailbox *conf = &imap->conf->conf;
	bool move = conf->after == CONF_AFTER_MOVE &&
	    (imap_has(imap, IMAP_CAN_MOVE) || imap_has(imap, IMAP_CAN_UIDPLUS));
	enum td_status status = TD_OK;
	int rc = MAILIMAP_NO_ERROR;

	if (move)
		status = move_mails(imap, set, &rc, err);
	else
		rc = flag_mails(imap, set);
	if (status != TD_OK || imap_ok(rc))
		return status;
	/* later is soon enough: the parent would ask again only at its next start */
	if (!imap_refused(rc) || imap_passes(imap))
		return imap_failed(imap, rc, move ? "moving mails" : "flagging mails", err);
	(void)imap_failed(imap, rc, move ? "moving mails" : "flagging mails", err);
	return err_prefix(err, TD_PERM, "the mails are applied but stay as they are: give %s the "
	    "right to, or set after = \"leave\"",
	    conf->server.user ? conf->server.user : "the user");
}

enum td_status
imap_ack(struct imap *imap, const uint32_t *uids, size_t n, struct err *err)
{
	enum td_status status;

	if (imap->conf->conf.after == CONF_AFTER_LEAVE)
		return TD_OK;
	if (imap->session == NULL)
		return err_temp(err, "not connected");
	status = imap_idle_end(imap, err);
	while (n > 0 && status == TD_OK) {
		size_t covered = 0;
		struct mailimap_set *set = imap_set_of(uids, n, &covered);

		if (set == NULL)
			return err_temp(err, "out of memory");
		status = ack_set(imap, set, err);
		mailimap_set_free(set);
		uids += covered;
		n -= covered;
	}
	return status;
}
