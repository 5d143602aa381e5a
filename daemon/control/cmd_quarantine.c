/* SPDX-License-Identifier: ISC */
/*
 * cmd_quarantine: mail that was kept aside, and mail that is held until its sender says yes:
 * list, show, release, drop. A held one is told apart by the h of its ID.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "parsers/base/num.h"
#include "parsers/base/utf8.h"
#include "daemon/clock.h"
#include "daemon/control/read_apart.h"
#include "daemon/control/show.h"
#include "daemon/intake/admit.h"
#include "daemon/intake/intake.h"
#include "daemon/store/message.h"
#include "daemon/store/quarantine.h"

#define LEN(a) (sizeof(a) / sizeof *(a))
#define RELEASE_LEVEL 2 /* as if its domain had been authenticated: the operator vouches for it */
#define LIST_MAX 1000

static json_t *
row_json(struct tool *tool, const struct quarantine *row)
{
	return json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:I, s:o, s:b}", "id",
	    (json_int_t)row->id, "kind", "kept", "state", show_text(tool, row->state), "from",
	    show_text(tool, row->from_address), "subject", show_text(tool, row->subject), "why",
	    show_text(tool, row->why), "size", (json_int_t)row->size, "kept",
	    show_time(tool, row->created_at), "was_read", (int)(row->message_id != 0));
}

/* Its ID is text: a number alone is that of a mail in quarantine. */
static json_t *
held_json(struct tool *tool, const struct held *row)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:b}", "id",
	    arena_printf(tool->arena, "h%" PRId64, row->message_id), "kind", "held", "state",
	    show_text(tool, row->state), "from", show_text(tool, row->from_address), "subject",
	    show_text(tool, row->subject), "why", show_text(tool, row->why), "size",
	    (json_int_t)row->size, "kept", show_time(tool, row->received_at), "asked",
	    show_time(tool, row->asked_at), "was_read", 1);
}

static int
list_run(struct tool *tool, int argc, char **argv)
{
	static const struct show_column columns[] = {{"id", "ID"}, {"kind", "KIND"},
	    {"kept", "KEPT"}, {"asked", "ASKED"}, {"from", "FROM"}, {"subject", "SUBJECT"},
	    {"why", "WHY"}, {"state", "STATE"}};
	bool all = false;
	const struct tool_option options[] = {{"all", NULL, &all}};
	struct quarantine *rows;
	struct held *held;
	struct err err;
	json_t *list;
	size_t n, n_held;
	int status = tool_options(tool, options, 1, &argc, argv);

	if (status != -1)
		return status;
	if (argc != 1)
		return tool_misuse(tool, "quarantine list takes no names");
	if (tool_open_store(tool, DB_READ_ONLY, &err) != TD_OK || quarantine_list(tool->db,
	    tool->arena, all ? NULL : "kept", LIST_MAX, &rows, &n, &err) != TD_OK ||
	    held_list_all(tool->db, tool->arena, all, LIST_MAX, &held, &n_held, &err) != TD_OK)
		return tool_fail(&err);
	list = json_array();
	for (size_t i = 0; i < n_held; i++)
		json_array_append_new(list, held_json(tool, &held[i]));
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, row_json(tool, &rows[i]));
	show_list(tool, list, columns, LEN(columns),
	    "The quarantine is empty, and no mail is held.");
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

/* ---- held mail ------------------------------------------------------------------------------ */

/* The number of "h12", the name of a held mail; 0 for anything else. */
static int64_t
held_id(int argc, char **argv)
{
	int64_t id = 0;

	if (argc != 2 || argv[1][0] != 'h' || !num_i64(span_of(argv[1] + 1), 1, INT64_MAX, &id))
		return 0;
	return id;
}

/* Applies a mail; what prevents it names the mail as the operator does ("3", "h12"). */
static enum td_status
vouch(struct tool *tool, int64_t message_id, const char *name, struct err *err)
{
	struct intake_result result;
	struct err why;
	enum td_status status = intake_release(tool->db, tool->conf, message_id, RELEASE_LEVEL,
	    clock_now(), tool->arena, &result, &why);

	if (status == TD_PERM)
		return err_perm(err, "mail %s: %s", name, why.text);
	if (status != TD_OK)
		*err = why;
	return status;
}

static enum td_status
find_held(struct tool *tool, int64_t id, struct held *row_r, struct err *err)
{
	struct held *rows;
	size_t n;
	enum td_status status = held_by_id(tool->db, tool->arena, id, &rows, &n, err);

	if (status == TD_OK && n == 0)
		return err_perm(err, "mail h%" PRId64 " was never held; see: tidings quarantine "
		    "list --all", id);
	if (status == TD_OK)
		*row_r = rows[0];
	return status;
}

static int
held_show(struct tool *tool, int64_t id, bool raw)
{
	static const struct show_column fields[] = {{"id", "ID"}, {"kind", "Kind"},
	    {"state", "State"}, {"kept", "Came"}, {"asked", "Asked"}, {"from", "From"},
	    {"subject", "Subject"}, {"why", "Why"}, {"size", "Bytes"}};
	struct message *message = NULL;
	struct held row;
	struct err err;
	json_t *object;

	if (tool_open_store(tool, DB_READ_ONLY, &err) != TD_OK ||
	    find_held(tool, id, &row, &err) != TD_OK ||
	    message_by_id(tool->db, tool->arena, id, &message, &err) != TD_OK)
		return tool_fail(&err);
	if (raw)
		return tool_failf("the bytes of mail h%" PRId64 " lie in its mailbox only; what "
		    "was read of it: tidings --json quarantine show h%" PRId64, id, id);
	object = held_json(tool, &row);
	if (message != NULL)
		json_object_set_new(object, "reading", json_loads(message->reading, 0, NULL));
	show_object(tool, object, fields, LEN(fields));
	return TOOL_OK;
}

/* Its sender is asked no more: the operator has answered. */
static int
held_answer(struct tool *tool, int64_t id, bool is_release)
{
	struct held row;
	struct err err;
	enum td_status status = tool_open_store(tool, DB_READ_WRITE, &err);

	if (status == TD_OK)
		status = db_begin(tool->db, &err);
	if (status != TD_OK)
		return tool_fail(&err);
	status = find_held(tool, id, &row, &err);
	if (status == TD_OK && strcmp(row.state, "waiting") != 0)
		status = err_perm(&err, "mail h%" PRId64 " waits no more: it was %s", id,
		    row.state);
	else if (status == TD_OK && is_release)
		status = vouch(tool, id, arena_printf(tool->arena, "h%" PRId64, id), &err);
	else if (status == TD_OK)
		status = held_end(tool->db, id, "dropped", &err);
	if (tool_finish(tool, status, &err) != TD_OK)
		return tool_fail(&err);
	tool_wake(tool);
	return TOOL_OK;
}

/* ---- the verbs ------------------------------------------------------------------------------ */

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

	if (status == -1 && held_id(argc, argv) != 0)
		return held_show(tool, held_id(argc, argv), raw);
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
		return err_perm(err, "mail %" PRId64 " can be read now, and stays: %s%s", row->id,
		    result.why, admit_remedy(result.why));
	if (status == TD_OK && result.outcome == INTAKE_HELD)
		status = vouch(tool, result.message_id,
		    arena_printf(tool->arena, "%" PRId64, row->id), err);
	return status;
}

static enum td_status
release(struct tool *tool, const struct quarantine *row, struct err *err)
{
	struct reading *reading = NULL;
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
		status = vouch(tool, row->message_id,
		    arena_printf(tool->arena, "%" PRId64, row->id), err);
	return tool_finish(tool, status, err);
}

static int
release_run(struct tool *tool, int argc, char **argv)
{
	struct quarantine *row = NULL;
	struct err err;
	int status = tool_options(tool, NULL, 0, &argc, argv);

	if (status == -1 && held_id(argc, argv) != 0)
		return held_answer(tool, held_id(argc, argv), true);
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

	if (status == -1 && held_id(argc, argv) != 0)
		return held_answer(tool, held_id(argc, argv), false);
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

const struct command cmd_quarantine = {"quarantine", "look at mail that was kept aside or is held",
    "list [--all]\nshow ID [--raw]\nrelease ID\ndrop ID",
    "release applies a mail as if its sender had been authenticated; an unknown sender must be\n"
    "added first (tidings person add). One that could not be read is read again, in a process of\n"
    "its own. drop forgets it.\n"
    "A held mail (its ID begins with h) waits until its sender says that it was theirs; release\n"
    "and drop answer in their place.\n"
    "  --all  also what was released or dropped\n"
    "  --raw  the mail as it came, byte for byte; beware of control characters\n",
    run};
