/* SPDX-License-Identifier: ISC */
/*
 * fetch-conf: the FRAME_CONF of the fetch worker, written by the parent and read by the worker.
 * Both sides are the same binary, so there is no version in it; what does not decode is refused
 * whole.
 */
#include "config.h"

#include "daemon/fetch/worker.h"

#include "parsers/base/wire.h"

static void
put_mailbox(struct buf *out, const struct fetch_mailbox *mailbox)
{
	const struct conf_mailbox *conf = &mailbox->conf;
	const struct conf_server *server = &conf->server;

	wire_put_str(out, conf->name);
	wire_put_str(out, server->host);
	wire_put_u32(out, server->port);
	wire_put_u8(out, (uint8_t)server->tls);
	wire_put_u8(out, server->allow_plain);
	wire_put_str(out, server->ca_file);
	wire_put_str(out, server->pin_sha256);
	wire_put_str(out, server->user);
	wire_put_u32(out, server->timeout);
	wire_put_str(out, conf->maildir);
	wire_put_str(out, conf->folder);
	wire_put_u8(out, (uint8_t)conf->after);
	wire_put_str(out, conf->move_to);
	wire_put_u32(out, conf->poll);
	wire_put_u8(out, conf->idle);
	wire_put_u32(out, conf->recheck);
	wire_put_str(out, mailbox->password);
	wire_put_str(out, mailbox->account);
}

void
fetch_conf_encode(struct buf *out, const struct fetch_conf *conf)
{
	wire_put_u64(out, conf->mail_bytes);
	wire_put_u32(out, (uint32_t)conf->n_mailboxes);
	for (size_t i = 0; i < conf->n_mailboxes; i++)
		put_mailbox(out, &conf->mailboxes[i]);
}

static bool
get_mailbox(struct wire_reader *in, struct arena *arena, struct fetch_mailbox *mailbox)
{
	struct conf_mailbox *conf = &mailbox->conf;
	struct conf_server *server = &conf->server;
	uint32_t port, tls, after;

	conf->name = wire_get_str(in, arena);
	server->host = wire_get_str(in, arena);
	port = wire_get_u32(in);
	tls = wire_get_u8(in);
	server->allow_plain = wire_get_u8(in) != 0;
	server->ca_file = wire_get_str(in, arena);
	server->pin_sha256 = wire_get_str(in, arena);
	server->user = wire_get_str(in, arena);
	server->timeout = wire_get_u32(in);
	conf->maildir = wire_get_str(in, arena);
	conf->folder = wire_get_str(in, arena);
	after = wire_get_u8(in);
	conf->move_to = wire_get_str(in, arena);
	conf->poll = wire_get_u32(in);
	conf->idle = wire_get_u8(in) != 0;
	conf->recheck = wire_get_u32(in);
	mailbox->password = wire_get_str(in, arena);
	mailbox->account = wire_get_str(in, arena);
	if (in->bad || conf->name == NULL || port == 0 ||
	    (server->host == NULL && conf->maildir == NULL) ||
	    port > UINT16_MAX || tls > CONF_TLS_NONE || after > CONF_AFTER_DELETE)
		return false;
	server->port = (uint16_t)port;
	server->tls = (enum conf_tls)tls;
	conf->after = (enum conf_after)after;
	if (conf->folder == NULL)
		conf->folder = "INBOX";
	return conf->after != CONF_AFTER_MOVE || conf->move_to != NULL;
}

enum td_status
fetch_conf_decode(struct arena *arena, struct span payload, struct fetch_conf *conf_r,
    struct err *err)
{
	struct wire_reader in = wire_reader_of(payload);
	struct fetch_mailbox *mailboxes;
	uint64_t mail_bytes = wire_get_u64(&in);
	uint32_t n = wire_get_u32(&in);

	if (in.bad || n > FETCH_MAILBOXES_MAX)
		return err_perm(err, "fetch: configuration frame is damaged");
	mailboxes = arena_array(arena, n, sizeof *mailboxes);
	for (uint32_t i = 0; i < n; i++)
		if (!get_mailbox(&in, arena, &mailboxes[i]))
			return err_perm(err, "fetch: configuration frame is damaged");
	if (!wire_done(&in))
		return err_perm(err, "fetch: configuration frame is damaged");
	*conf_r = (struct fetch_conf){mailboxes, n, mail_bytes};
	return TD_OK;
}
