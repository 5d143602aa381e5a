/* SPDX-License-Identifier: ISC */
/*
 * imap-stream: one mail into its memfd while it comes in, so that a large one costs no memory
 * here. The library's handler is told bytes but no UID; the answer that it belongs to is checked
 * afterwards, and nothing leaves before that.
 */
#include "config.h"

#include "daemon/fetch/imap-private.h"

#include <unistd.h>

#include "daemon/ipc/chan.h"

struct sink {
	int fd;
	uint64_t len;
	uint64_t max;
	bool began;  /* a literal came, if only an empty one */
	bool failed; /* err is set */
	bool over;   /* more came than max */
	struct err err;
};

/* Giving false ends the session: the library is then in the middle of the literal. */
static bool
take_bytes(int type, struct mailimap_msg_att_body_section *section, const char *bytes,
    size_t len, void *user)
{
	struct sink *sink = user;

	(void)section;
	if (type != MAILIMAP_MSG_ATT_BODY_SECTION)
		return true;
	sink->began = true;
	if (len > sink->max - sink->len) {
		sink->over = true;
		return false;
	}
	sink->len += len;
	sink->failed = memfd_append(sink->fd, bytes, len, &sink->err) != TD_OK;
	return !sink->failed;
}

static struct mailimap_fetch_type *
what_to_ask(bool headers_only)
{
	struct mailimap_fetch_type *type = mailimap_fetch_type_new_fetch_att_list_empty();
	struct mailimap_fetch_att *body;

	if (type == NULL)
		return NULL;
	if (headers_only)
		body = mailimap_fetch_att_new_body_peek_section_partial(
		    mailimap_section_new_header(), 0, IMAP_HEADER_BYTES);
	else
		body = mailimap_fetch_att_new_body_peek_section(mailimap_section_new(NULL));
	mailimap_fetch_type_new_fetch_att_list_add(type, mailimap_fetch_att_new_uid());
	mailimap_fetch_type_new_fetch_att_list_add(type, body);
	return type;
}

static int
ask(struct imap *imap, const struct imap_item *item, bool headers_only, struct sink *sink,
    clist **answers_r)
{
	struct mailimap_set *set = mailimap_set_new_single(item->uid);
	struct mailimap_fetch_type *type = what_to_ask(headers_only);
	int rc = MAILIMAP_ERROR_MEMORY;

	if (set != NULL && type != NULL) {
		mailimap_set_msg_body_handler(imap->session, take_bytes, sink);
		imap_begin_sized(imap, item->size < sink->max ? item->size : sink->max, sink->max);
		rc = mailimap_uid_fetch(imap->session, set, type, answers_r);
		mailimap_set_msg_body_handler(imap->session, NULL, NULL);
	}
	/* when it fails the library sets the result to what it has freed */
	if (!imap_ok(rc))
		*answers_r = NULL;
	if (set != NULL)
		mailimap_set_free(set);
	if (type != NULL)
		mailimap_fetch_type_free(type);
	return rc;
}

enum answer { ANSWER_NONE, ANSWER_WHOLE, ANSWER_FOREIGN };

/* The bytes in the sink are the mail's if exactly one answer had a body, and that was its. */
static enum answer
judge(clist *answers, uint32_t uid, struct sink *sink)
{
	unsigned bodies = 0, ours = 0;

	for (clistiter *cell = clist_begin(answers); cell != NULL; cell = clist_next(cell)) {
		const struct mailimap_msg_att *att = clist_content(cell);
		const struct mailimap_msg_att_body_section *body = imap_att_body(att);

		/* NIL is no body, and not an empty one */
		if (body == NULL || (body->sec_body_part == NULL && !sink->began))
			continue;
		bodies++;
		if (imap_att_uid(att) != uid)
			continue;
		ours++;
		/* a short body may come as a quoted string, past the handler */
		if (sink->len == 0 && body->sec_body_part != NULL &&
		    body->sec_length <= sink->max) {
			sink->len = body->sec_length;
			sink->failed = memfd_append(sink->fd, body->sec_body_part,
			    body->sec_length, &sink->err) != TD_OK;
		}
	}
	if (bodies == 0 && sink->len == 0)
		return ANSWER_NONE;
	return bodies == 1 && ours == 1 ? ANSWER_WHOLE : ANSWER_FOREIGN;
}

static enum td_status
judge_failure(struct imap *imap, int rc, const struct imap_item *item, const struct sink *sink,
    struct err *err)
{
	if (sink->over || tls_is_over(imap->stream)) {
		/* its size was a lie; the next try asks for the headers only */
		imap->oversized = item->uid;
		imap_drop(imap);
		return err_temp(err, "%s: mail uid %u is larger than the server says: reading its "
		    "headers only", imap->conf->conf.server.host, item->uid);
	}
	if (sink->failed) {
		imap_drop(imap);
		*err = sink->err;
		return TD_TEMP;
	}
	if (!imap_refused(rc))
		return imap_failed(imap, rc, "reading a mail", err);
	(void)imap_failed(imap, rc, "reading a mail", err);
	return err_prefix(err, TD_PERM, "mail uid %u", item->uid);
}

static enum td_status
seal(const struct sink *sink, struct err *err)
{
	if (sink->failed) {
		*err = sink->err;
		return TD_TEMP;
	}
	return memfd_seal(sink->fd, err) == TD_OK ? TD_OK : TD_TEMP;
}

enum td_status
imap_stream_mail(struct imap *imap, const struct imap_item *item, bool headers_only, int *fd_r,
    struct err *err)
{
	struct sink sink = {.fd = memfd_open(err),
		.max = headers_only ? IMAP_HEADER_BYTES : imap->mail_bytes};
	clist *answers = NULL;
	enum td_status status;
	int rc;

	if (sink.fd < 0)
		return TD_TEMP;
	rc = ask(imap, item, headers_only, &sink, &answers);
	if (!imap_ok(rc)) {
		status = judge_failure(imap, rc, item, &sink, err);
		goto out;
	}
	switch (judge(answers, item->uid, &sink)) {
	case ANSWER_NONE:
		status = TD_OK;
		break;
	case ANSWER_WHOLE:
		status = seal(&sink, err);
		if (status == TD_OK) {
			*fd_r = sink.fd;
			sink.fd = -1;
		}
		break;
	case ANSWER_FOREIGN:
		imap_drop(imap);
		status = err_temp(err, "the server answered with another mail than uid %u",
		    item->uid);
		break;
	}
out:
	if (answers != NULL)
		mailimap_fetch_list_free(answers);
	if (sink.fd >= 0)
		close(sink.fd);
	return status;
}
