/* SPDX-License-Identifier: ISC */
/* cmd_quarantine: mail that was kept aside: list, show, release, drop. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "parsers/base/utf8.h"
#include "daemon/clock.h"
#include "daemon/control/read_apart.h"
#include "daemon/control/show.h"
#include "daemon/intake/intake.h"
#include "daemon/store/quarantine.h"

#define LEN(a) (sizeof(a) / sizeof *(a))
#define RELEASE_LEVEL 2 /* as if its domain had been authenticated: the operator vouches for it */

static json_t *
row_json(struct tool *tool, const struct quarantine *row)
{
	return json_pack("{s:I, s:o, s:o, s:o, s:o, s:I, s:o, s:b}", "id", (json_int_t)row->id,
	    "state", show_text(tool, row->state), "from", show_text(tool, row->from_address),
	    "subject", show_text(tool, row->subject), "why", show_text(tool, row->why), "size",
	    (json_int_t)row->size, "kept", show_time(tool, row->created_at), "was_read",
	    (int)(row->message_id != 0));
}

static int
list_run(struct tool *tool, int argc, char **argv)
{
	static const struct show_column columns[] = {{"id", "ID"}, {"kept", "KEPT"},
	    {"from", "FROM"}, {"subject", "SUBJECT"}, {"why", "WHY"}, {"state", "STATE"}};
	bool all = false;
	const struct tool_option options[] = {{"all", NULL, &all}};
	struct quarantine *rows;
	struct err err;
	json_t *list;
	size_t n;
	int status = tool_options(tool, options, 1, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 1)
		return tool_misuse(tool, "quarantine list takes no names");
	if (tool_open_store(tool, DB_READ_ONLY, &err) != TD_OK || quarantine_list(tool->db,
	    tool->arena, all ? NULL : "kept", 1000, &rows, &n, &err) != TD_OK)
		return tool_fail(&err);
	list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, row_json(tool, &rows[i]));
	show_list(tool, list, columns, LEN(columns), "The quarantine is empty.");
	return TOOL_OK;
}

static int
find(struct tool *tool, enum db_mode mode, int argc, char **argv, struct quarantine **row_r)
{
	struct err err;
	int64_t id;
	int status = tool_id(tool, argc, argv, &id);

	if (status != -1)
		return status;
	if (tool_open_store(tool, mode, &err) != TD_OK ||
	    quarantine_by_id(tool->db, tool->arena, id, row_r, &err) != TD_OK)
		return tool_fail(&err);
	if (*row_r == NULL)
		return tool_failf("there is no mail %" PRId64 " in quarantine", id);
	return -1;
}

static int
show_run(struct tool *tool, int argc, char **argv)
{
	static const struct show_column fields[] = {{"id", "ID"}, {"state", "State"},
	    {"kept", "Kept"}, {"from", "From"}, {"subject", "Subject"}, {"why", "Why"},
	    {"size", "Bytes"}, {"was_read", "Was read"}};
	bool raw = false;
	const struct tool_option options[] = {{"raw", NULL, &raw}};
	struct quarantine *row = NULL;
	json_t *object;
	int status = tool_options(tool, options, 1, &argc, argv);

	if (status == -1)
		status = find(tool, DB_READ_ONLY, argc, argv, &row);
	if (status != -1)
		return status;
	if (raw && row->raw.ptr == NULL)
		return tool_failf("its bytes are not here: the mail lies on its server only");
	if (raw) {
		fwrite(row->raw.ptr, 1, row->raw.len, stdout);
		return TOOL_OK;
	}
	object = row_json(tool, row);
	if (row->raw.ptr != NULL)
		json_object_set_new(object, "mail",
		    json_string(utf8_text(tool->arena, row->raw, row->raw.len)));
	show_object(tool, object, fields, LEN(fields));
	if (!tool->json && row->raw.ptr != NULL)
		printf("\n%s\n", utf8_text(tool->arena, row->raw, 65536));
	return TOOL_OK;
}

/* A mail that no parser has read: once more, apart from the store. */
static enum td_status
read_again(struct tool *tool, const struct quarantine *row, struct reading **reading_r,
    struct err *err)
{
	struct zones zones;
	struct err why;
	enum td_status status;

	if (row->raw.ptr == NULL)
		return err_perm(err, "mail %" PRId64 " lies on its server only; there is nothing "
		    "to read again", row->id);
	status = person_addresses(tool->db, tool->arena, 0, &zones.addresses, &zones.n, err);
	if (status != TD_OK)
		return status;
	db_close(&tool->db);
	if (read_apart(tool, row->raw, row->created_at, &zones, reading_r, &why) != TD_OK)
		return err_perm(err, "mail %" PRId64 " stays in the quarantine: %s; look at it "
		    "with: "
		    "tidings quarantine show %" PRId64 " --raw", row->id, why.text, row->id);
	return tool_open_store(tool, DB_READ_WRITE, err);
}

/* As if it came now, from a sender that the operator vouches for. */
static enum td_status
apply_again(struct tool *tool, const struct quarantine *row, const struct reading *reading,
    struct err *err)
{
	const struct intake_mail mail = {.now = row->created_at, .raw = row->raw};
	struct intake_result result;
	enum td_status status = intake_apply(tool->db, tool->conf, &mail, reading, tool->arena,
	    &result, err);

	if (status == TD_OK && result.outcome == INTAKE_QUARANTINED)
		return err_perm(err, "mail %" PRId64 " can be read now, and stays: %s", row->id,
		    result.why);
	if (status == TD_OK && result.outcome == INTAKE_HELD)
		status = intake_release(tool->db, tool->conf, result.message_id, RELEASE_LEVEL,
		    clock_now(), tool->arena, &result, err);
	return status;
}

static enum td_status
release(struct tool *tool, const struct quarantine *row, struct err *err)
{
	struct reading *reading = NULL;
	struct intake_result result;
	enum td_status status = TD_OK;

	if (row->message_id == 0)
		status = read_again(tool, row, &reading, err);
	if (status == TD_OK)
		status = db_begin(tool->db, err);
	if (status != TD_OK)
		return status;
	status = quarantine_set_state(tool->db, row->id, "released", err);
	if (status == TD_OK && reading != NULL)
		status = apply_again(tool, row, reading, err);
	else if (status == TD_OK)
		status = intake_release(tool->db, tool->conf, row->message_id, RELEASE_LEVEL,
		    clock_now(), tool->arena, &result, err);
	return tool_finish(tool, status, err);
}

static int
release_run(struct tool *tool, int argc, char **argv)
{
	struct quarantine *row = NULL;
	struct err err;
	int status = tool_options(tool, NULL, 0, &argc, argv);

	if (status == -1)
		status = find(tool, DB_READ_WRITE, argc, argv, &row);
	if (status != -1)
		return status;
	if (release(tool, row, &err) != TD_OK)
		return tool_fail(&err);
	tool_wake(tool);
	return TOOL_OK;
}

static int
drop_run(struct tool *tool, int argc, char **argv)
{
	struct quarantine *row = NULL;
	enum td_status did;
	struct err err;
	int status = tool_options(tool, NULL, 0, &argc, argv);

	if (status == -1)
		status = find(tool, DB_READ_WRITE, argc, argv, &row);
	if (status != -1)
		return status;
	did = db_begin(tool->db, &err);
	if (did == TD_OK)
		did = quarantine_set_state(tool->db, row->id, "dropped", &err);
	return tool_finish(tool, did, &err) == TD_OK ? TOOL_OK : tool_fail(&err);
}

static int
run(struct tool *tool, int argc, char **argv)
{
	static const struct tool_verb verbs[] = {{"list", list_run}, {"show", show_run},
	    {"release", release_run}, {"drop", drop_run}};

	return tool_verbs(tool, verbs, LEN(verbs), argc, argv);
}

const struct command cmd_quarantine = {"quarantine", "look at mail that was kept aside",
    "list [--all]\nshow ID [--raw]\nrelease ID\ndrop ID",
    "release applies a mail as if its sender had been authenticated; an unknown sender must be\n"
    "added first (tidings person add). One that could not be read is read again, in a process of\n"
    "its own. drop forgets it.\n"
    "  --all  also what was released or dropped\n"
    "  --raw  the mail as it came, byte for byte; beware of control characters\n",
    run};
