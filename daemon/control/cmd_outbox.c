/* SPDX-License-Identifier: ISC */
/* cmd_outbox: mail that goes out: list, show, retry, drop. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "parsers/base/utf8.h"
#include "daemon/clock.h"
#include "daemon/control/show.h"
#include "daemon/store/outbox.h"

#define LEN(a) (sizeof(a) / sizeof *(a))

static const enum outbox_state states[] = {OUTBOX_QUEUED, OUTBOX_SENDING, OUTBOX_SENT,
    OUTBOX_FAILED, OUTBOX_UNKNOWN};

static json_t *
row_json(struct tool *tool, const struct outbox *row)
{
	return json_pack("{s:I, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o}", "id",
	    (json_int_t)row->id, "state", outbox_state_name(row->state), "kind", row->kind,
	    "sender", show_text(tool, row->sender), "rcpt", show_text(tool, row->rcpt),
	    "message_id", show_text(tool, row->mid), "created", show_time(tool, row->created_at),
	    "not_before", show_time(tool, row->not_before), "next_try",
	    row->state == OUTBOX_QUEUED || row->state == OUTBOX_UNKNOWN
		? show_time(tool, row->next_try_at) : json_null(),
	    "sent", show_time(tool, row->sent_at), "attempts", (json_int_t)row->attempts,
	    "reply", show_text(tool, row->reply));
}

static int
list_run(struct tool *tool, int argc, char **argv)
{
	static const struct show_column columns[] = {{"id", "ID"}, {"state", "STATE"},
	    {"kind", "KIND"}, {"rcpt", "TO"}, {"created", "QUEUED"}, {"next_try", "NEXT TRY"},
	    {"attempts", "TRIES"}, {"reply", "LAST WORD"}};
	const char *name = NULL;
	const struct tool_option options[] = {{"state", &name, NULL}};
	const enum outbox_state *state = NULL;
	struct outbox *rows;
	struct err err;
	json_t *list;
	size_t n;
	int status = tool_options(tool, options, 1, &argc, argv);

	if (status != -1)
		return status;
	for (size_t i = 0; name != NULL && i < LEN(states); i++)
		if (strcmp(name, outbox_state_name(states[i])) == 0)
			state = &states[i];
	if (argc != 1 || (name != NULL && state == NULL))
		return tool_misuse(tool, "--state is queued, sending, sent, failed or unknown");
	if (tool_open_store(tool, DB_READ_ONLY, &err) != TD_OK ||
	    outbox_list(tool->db, tool->arena, state, 1000, &rows, &n, &err) != TD_OK)
		return tool_fail(&err);
	list = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, row_json(tool, &rows[i]));
	show_list(tool, list, columns, LEN(columns), "The outbox is empty.");
	return TOOL_OK;
}

/* Opens the store and finds the row that argv[1] names; -1 or the exit status. */
static int
find(struct tool *tool, enum db_mode mode, int argc, char **argv, struct outbox **row_r)
{
	struct err err;
	int64_t id;
	int status = tool_id(tool, argc, argv, &id);

	if (status != -1)
		return status;
	if (tool_open_store(tool, mode, &err) != TD_OK ||
	    outbox_by_id(tool->db, tool->arena, id, row_r, &err) != TD_OK)
		return tool_fail(&err);
	if (*row_r == NULL)
		return tool_failf("there is no mail %" PRId64 " in the outbox", id);
	return -1;
}

static int
show_run(struct tool *tool, int argc, char **argv)
{
	static const struct show_column fields[] = {{"id", "ID"}, {"state", "State"},
	    {"kind", "Kind"}, {"sender", "Sender"}, {"rcpt", "To"}, {"message_id", "Message-ID"},
	    {"created", "Queued"}, {"not_before", "Not before"}, {"next_try", "Next try"},
	    {"sent", "Sent"}, {"attempts", "Tries"}, {"reply", "Last word"}};
	bool raw = false;
	const struct tool_option options[] = {{"raw", NULL, &raw}};
	struct outbox *row = NULL;
	json_t *object;
	int status = tool_options(tool, options, 1, &argc, argv);

	if (status == -1)
		status = find(tool, DB_READ_ONLY, argc, argv, &row);
	if (status != -1)
		return status;
	if (raw) {
		fwrite(row->bytes.ptr, 1, row->bytes.len, stdout);
		return TOOL_OK;
	}
	object = row_json(tool, row);
	json_object_set_new(object, "mail",
	    json_string(utf8_text(tool->arena, row->bytes, row->bytes.len)));
	show_object(tool, object, fields, LEN(fields));
	if (!tool->json)
		printf("\n%s", utf8_text(tool->arena, row->bytes, row->bytes.len));
	return TOOL_OK;
}

static int
change(struct tool *tool, int argc, char **argv,
    enum td_status (*fn)(struct db *, int64_t, int64_t, struct err *))
{
	struct outbox *row = NULL;
	enum td_status did;
	struct err err;
	int status = tool_options(tool, NULL, 0, &argc, argv);

	if (status == -1)
		status = find(tool, DB_READ_WRITE, argc, argv, &row);
	if (status != -1)
		return status;
	did = db_begin(tool->db, &err);
	if (did == TD_OK)
		did = fn(tool->db, row->id, clock_now(), &err);
	if (tool_finish(tool, did, &err) != TD_OK)
		return tool_fail(&err);
	tool_wake(tool);
	return TOOL_OK;
}

static int
retry_run(struct tool *tool, int argc, char **argv)
{
	return change(tool, argc, argv, outbox_retry);
}

static int
drop_run(struct tool *tool, int argc, char **argv)
{
	return change(tool, argc, argv, outbox_drop);
}

static int
run(struct tool *tool, int argc, char **argv)
{
	static const struct tool_verb verbs[] = {{"list", list_run}, {"show", show_run},
	    {"retry", retry_run}, {"drop", drop_run}};

	return tool_verbs(tool, verbs, LEN(verbs), argc, argv);
}

const struct command cmd_outbox = {"outbox", "look at mail that goes out",
    "list [--state STATE]\nshow ID [--raw]\nretry ID\ndrop ID",
    "  --state STATE  queued, sending, sent, failed or unknown\n"
    "  --raw          the mail as it goes out, byte for byte\n"
    "retry sends a mail that failed, or whose end is not known, at once again; drop gives it up.\n",
    run};
