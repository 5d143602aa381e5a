/* SPDX-License-Identifier: ISC */
/* oauth_worker: see oauth_worker.h. One thread, one request at a time. */
#include "config.h"

#include "daemon/send/oauth_worker.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "parsers/base/wire.h"
#include "daemon/ipc/worker.h"
#include "daemon/log.h"
#include "daemon/send/oauth.h"

#define GROUPS_MAX 1000u

struct refresher {
	struct chan *chan;
	struct arena *arena; /* of the configuration */
	struct oauth_group *groups;
	size_t n_groups;
};

void
oauth_conf_encode(struct buf *out, const struct oauth_group *groups, size_t n)
{
	wire_put_u32(out, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		wire_put_str(out, groups[i].conf.name);
		wire_put_str(out, groups[i].conf.token_url);
		wire_put_str(out, groups[i].conf.ca_file);
		wire_put_u32(out, groups[i].conf.timeout);
		wire_put_str(out, groups[i].conf.client_id);
		wire_put_str(out, groups[i].secret);
		wire_put_str(out, groups[i].trouble);
	}
}

static bool
take_conf(struct refresher *r, struct span payload)
{
	struct wire_reader in = wire_reader_of(payload);
	uint32_t n = wire_get_u32(&in);
	struct err err;

	if (in.bad || n > GROUPS_MAX)
		return false;
	r->groups = arena_array(r->arena, n, sizeof *r->groups);
	r->n_groups = n;
	for (uint32_t i = 0; i < n; i++) {
		struct oauth_group *group = &r->groups[i];

		group->conf.name = wire_get_str(&in, r->arena);
		group->conf.token_url = wire_get_str(&in, r->arena);
		group->conf.ca_file = wire_get_str(&in, r->arena);
		group->conf.timeout = wire_get_u32(&in);
		group->conf.client_id = wire_get_str(&in, r->arena);
		group->secret = wire_get_str(&in, r->arena);
		group->trouble = wire_get_str(&in, r->arena);
		if (in.bad || group->conf.name == NULL || group->conf.token_url == NULL)
			return false;
	}
	return wire_done(&in) &&
	    chan_send(r->chan, FRAME_READY, 0, SPAN(""), -1, &err) == TD_OK;
}

static enum oauth_result
refresh(const struct refresher *r, struct arena *arena, const char *name, const char *old,
    struct oauth_tokens *tokens_r, struct err *err)
{
	for (size_t i = 0; i < r->n_groups; i++) {
		const struct oauth_group *group = &r->groups[i];
		const struct oauth_client client = {&group->conf, group->secret};

		if (strcmp(group->conf.name, name) != 0)
			continue;
		if (group->trouble == NULL)
			return oauth_refresh(arena, &client, old, tokens_r, err);
		(void)err_perm(err, "%s", group->trouble);
		return OAUTH_REFUSED;
	}
	(void)err_perm(err, "there is no such group in oauth");
	return OAUTH_REFUSED;
}

static bool
take_refresh(struct refresher *r, const struct frame *frame)
{
	struct arena *arena = arena_create();
	struct wire_reader in = wire_reader_of(frame->payload);
	const char *name = wire_get_str(&in, arena), *old = wire_get_str(&in, arena);
	struct oauth_tokens tokens = {.access = NULL};
	struct err err = {""};
	struct buf out;
	bool good = wire_done(&in) && name != NULL && old != NULL;

	buf_init(&out, FRAME_MAX);
	if (good) {
		enum oauth_result result = refresh(r, arena, name, old, &tokens, &err);

		if (result == OAUTH_DENIED) /* of a refresh token: it is void */
			result = OAUTH_REVOKED;
		wire_put_u8(&out, (uint8_t)result);
		wire_put_str(&out, result == OAUTH_GRANTED ? tokens.access : NULL);
		wire_put_str(&out, result == OAUTH_GRANTED ? tokens.refresh : NULL);
		wire_put_i64(&out, tokens.expires_in);
		wire_put_i64(&out, tokens.retry_after);
		wire_put_str(&out, err.text);
		good = chan_send(r->chan, FRAME_REFRESHED, frame->id, buf_span(&out), -1, &err) ==
		    TD_OK;
		explicit_bzero(out.ptr, out.cap);
	}
	buf_release(&out);
	arena_destroy(&arena);
	return good;
}

int
oauth_worker(struct chan *chan)
{
	struct refresher r = {.chan = chan, .arena = arena_create()};
	struct frame frame;
	struct err err;
	int status = 0;

	signal(SIGTERM, SIG_IGN); /* a request is not left in the middle */
	while (status == 0 && chan_recv(chan, -1, &frame, &err) == TD_OK &&
	    frame.type != FRAME_STOP) {
		if (frame.fd >= 0)
			close(frame.fd);
		if (!(frame.type == FRAME_CLOCK ? worker_take_clock(frame.payload)
			: frame.type == FRAME_CONF
			    ? r.groups == NULL && take_conf(&r, frame.payload)
			    : frame.type == FRAME_REFRESH && take_refresh(&r, &frame))) {
			log_error("oauth: frame of type %d is not for this process",
			    (int)frame.type);
			status = 1;
		}
	}
	arena_destroy(&r.arena);
	return status;
}
