/* SPDX-License-Identifier: ISC */
/* people: the table of senders and their zones, as FRAME_CONTEXT carries it to the parsers. */
#include "config.h"

#include <string.h>

#include "parsers/base/wire.h"
#include "daemon/log.h"
#include "daemon/pipeline/private.h"
#include "daemon/store/person.h"
#include "daemon/store/team.h"

#define DAY_SECONDS (8u * 3600) /* what "1d" of work means */

static enum td_status
people_encode(struct pipeline *p, struct buf *out, struct err *err)
{
	struct person_address *list;
	struct team *teams;
	size_t n, n_teams;
	enum td_status status = team_list(p->db, p->scratch, &teams, &n_teams, err);

	if (status == TD_OK)
		status = person_addresses(p->db, p->scratch, 0, &list, &n, err);
	if (status != TD_OK)
		return status;
	wire_put_str(out, n_teams > 0 ? teams[0].zone : "UTC");
	wire_put_u32(out, DAY_SECONDS);
	wire_put_u32(out, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		wire_put_str(out, list[i].address);
		wire_put_str(out, list[i].zone);
	}
	if (out->over)
		return err_perm(err, "too many people for one table");
	return TD_OK;
}

enum td_status
people_start(struct pipeline *p, struct err *err)
{
	arena_clear(p->scratch);
	return people_encode(p, &p->context, err);
}

bool
people_load(struct pipeline *p)
{
	struct buf now;
	struct err err;

	buf_init(&now, FRAME_MAX);
	arena_clear(p->scratch);
	if (people_encode(p, &now, &err) != TD_OK) {
		log_warn("the parsers keep the zones they know: %s", err.text);
		buf_release(&now);
		return false;
	}
	if (span_eq(buf_span(&now), buf_span(&p->context))) {
		buf_release(&now);
		return false;
	}
	buf_release(&p->context);
	p->context = now;
	return true;
}
