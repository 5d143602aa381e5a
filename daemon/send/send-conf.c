/* SPDX-License-Identifier: ISC */
/*
 * send-conf: the FRAME_CONF of the send worker. Both sides are the same binary, so there is no
 * version in it; what does not decode is refused whole.
 */
#include "config.h"

#include "daemon/send/worker.h"

#include "parsers/base/wire.h"

void
send_conf_encode(struct buf *out, const struct send_conf *conf)
{
	const struct conf_server *server = &conf->transport.server;

	wire_put_str(out, conf->transport.name);
	wire_put_str(out, conf->transport.helo);
	wire_put_str(out, server->host);
	wire_put_u32(out, server->port);
	wire_put_u8(out, (uint8_t)server->tls);
	wire_put_u8(out, server->allow_plain);
	wire_put_str(out, server->ca_file);
	wire_put_str(out, server->pin_sha256);
	wire_put_str(out, server->user);
	wire_put_u32(out, server->timeout);
	wire_put_str(out, conf->password);
	wire_put_str(out, conf->account);
}

enum td_status
send_conf_decode(struct arena *arena, struct span payload, struct send_conf *conf_r,
    struct err *err)
{
	struct wire_reader in = wire_reader_of(payload);
	struct send_conf conf = {.password = NULL};
	struct conf_server *server = &conf.transport.server;
	uint32_t port, tls;

	conf.transport.name = wire_get_str(&in, arena);
	conf.transport.helo = wire_get_str(&in, arena);
	server->host = wire_get_str(&in, arena);
	port = wire_get_u32(&in);
	tls = wire_get_u8(&in);
	server->allow_plain = wire_get_u8(&in) != 0;
	server->ca_file = wire_get_str(&in, arena);
	server->pin_sha256 = wire_get_str(&in, arena);
	server->user = wire_get_str(&in, arena);
	server->timeout = wire_get_u32(&in);
	conf.password = wire_get_str(&in, arena);
	conf.account = wire_get_str(&in, arena);
	server->oauth_name = conf.account; /* for explain.h */
	if (!wire_done(&in) || conf.transport.name == NULL || server->host == NULL || port == 0 ||
	    port > UINT16_MAX || tls > CONF_TLS_NONE || server->timeout == 0)
		return err_perm(err, "send: configuration frame is damaged");
	server->port = (uint16_t)port;
	server->tls = (enum conf_tls)tls;
	*conf_r = conf;
	return TD_OK;
}
