/* SPDX-License-Identifier: ISC */
/* Tests of daemon/send: following a session, and explaining what a server said. */
#include "tests/unit/unit.h"

#include <curl/curl.h>

#include "parsers/base/wire.h"
#include "daemon/send/explain.h"
#include "daemon/send/track.h"
#include "daemon/send/worker.h"

/* "C: ..." is a command, "S: ..." a reply line; "body" and "dot" as they happen. */
static void
play(struct track *track, const char *const *script)
{
	for (; *script != NULL; script++) {
		struct span s = span_of(*script);

		if (span_is(s, "body"))
			track_set_body(track);
		else if (span_is(s, "dot"))
			track_set_dot(track);
		else if (s.ptr[0] == 'C')
			track_command(track, span_skip(s, 3));
		else
			track_line(track, span_skip(s, 3));
	}
}

static const struct {
	const char *name;
	const char *script[24];
	enum track_phase phase;
	int mail, rcpts[3], data, dot;
	const char *last;
} sessions[] = {
    {"whole", {"S: 220 hi", "C: EHLO x\r\n", "S: 250-x", "S: 250 AUTH PLAIN LOGIN",
	"C: AUTH PLAIN AGEAYg==\r\n", "S: 235 ok", "C: MAIL FROM:<a>\r\n", "S: 250 ok",
	"C: RCPT TO:<b>\r\n", "S: 250 ok", "C: RCPT TO:<c>\r\n", "S: 550-5.1.1 no\r\n",
	"S: 550 5.1.1 such", "C: DATA\r\n", "S: 354 go", "body", "dot", "S: 250 queued",
	"C: QUIT\r\n",
	"S: 221 bye"}, TRACK_DOT, 250, {250, 550}, 354, 250, "250 queued"},
    {"drop after dot", {"C: MAIL FROM:<a>\r\n", "S: 250 ok", "C: RCPT TO:<b>\r\n", "S: 250 ok",
	"C: DATA\r\n", "S: 354 go", "body", "dot"}, TRACK_DOT, 250, {250}, 354, 0, "354 go"},
    /* a body that looks like commands and replies changes nothing */
    {"body", {"C: MAIL FROM:<a>\r\n", "S: 250 ok", "C: DATA\r\n", "S: 354 go", "body",
	"C: MAIL FROM:<x>\r\n", "C: RCPT TO:<y>\r\n"}, TRACK_BODY, 250, {0}, 354, 0, "354 go"},
    /* a command in pieces, whose second piece begins like another one */
    {"pieces", {"C: MAIL FROM:<a@", "C: DATA>\r\n", "S: 250 ok"}, TRACK_MAIL, 250, {0}, 0, 0,
	"250 ok"},
    {"login lines", {"C: AUTH LOGIN\r\n", "S: 334 VXNlcg==", "C: DATA\r\n", "S: 535 5.7.8 no"},
	TRACK_AUTH, 0, {0}, 0, 0, "535 5.7.8 no"},
    {"quit on the way out", {"C: MAIL FROM:<a>\r\n", "S: 550 no", "C: QUIT\r\n", "S: 221 bye"},
	TRACK_MAIL, 550, {0}, 0, 0, "550 no"},
    {"garbage", {"C: MAIL FROM:<a>\r\n", "S: hello", "S: 25", "S: 250ok", "S: "}, TRACK_MAIL, 0,
	{0}, 0, 0, ""},
    {"early reply", {"C: DATA\r\n", "S: 354 go", "body", "S: 552 too big", "dot", "S: 250 odd"},
	TRACK_DOT, 0, {0}, 354, 552, "250 odd"},
};

static void
test_sessions(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(sessions); i++) {
		struct track track = {.phase = TRACK_CONNECT};
		struct track_reply rcpts[3];
		const char *name = sessions[i].name;

		track_begin(&track, rcpts, 3);
		play(&track, sessions[i].script);
		row_assert(track.phase == sessions[i].phase, name);
		row_assert(track.garbage == (strcmp(name, "garbage") == 0), name);
		row_assert(track.mail.code == sessions[i].mail, name);
		row_assert(track.data.code == sessions[i].data, name);
		row_assert(track.dot.code == sessions[i].dot, name);
		row_assert(strcmp(track.last.text, sessions[i].last) == 0, name);
		for (size_t j = 0; j < 3; j++)
			row_assert(rcpts[j].code == sessions[i].rcpts[j], name);
	}
}

/* More recipients' replies than recipients, and a reply that never ends: bounded. */
static void
test_bounds(void **state)
{
	struct track track = {.phase = TRACK_CONNECT};
	struct track_reply rcpts[1];

	track_begin(&track, rcpts, 1);
	for (int i = 0; i < 1000; i++) {
		track_command(&track, SPAN("RCPT TO:<b>\r\n"));
		track_line(&track, SPAN("250 ok"));
	}
	track_command(&track, SPAN("MAIL FROM:<a>\r\n"));
	for (int i = 0; i < 1000; i++)
		assert_false(track_line(&track, SPAN("550-what a \x1b[31m long story")));
	assert_true(track_line(&track, SPAN("550 end")));
	assert_int_equal(strlen(track.last.text), sizeof track.last.text - 1);
	assert_null(strchr(track.last.text, '\x1b'));
}

static void
test_explain(void **state)
{
	static const struct {
		enum track_phase phase;
		int code;
		const char *text, *want;
	} rows[] = {
	    {TRACK_AUTH, 535, "535 5.7.8 Error", "refused the login of u: 535 5.7.8 Error (the "
		"password is wrong"},
	    {TRACK_RCPT, 550, "550 5.1.1 unknown",
	        "refused ben@example.org: 550 5.1.1 unknown (there "
		"is no such mailbox)"},
	    {TRACK_RCPT, 554, "554 5.7.1 Relay access denied", "does not relay for us"},
	    {TRACK_RCPT, 452, "452 4.2.2 full", "the mailbox is full"},
	    {TRACK_RCPT, 450, "450 4.7.1 Greylisted", "try again later"},
	    {TRACK_DOT, 552, "552 5.3.4 big", "too large"},
	    {TRACK_MAIL, 530, "530 5.7.0 Authentication required", "set user and password"},
	    {TRACK_MAIL, 553, "553 5.7.1 not owned", "does not take mail from this sender"},
	    {TRACK_CONNECT, 421, "421 busy", "it will be tried again"},
	};
	struct conf_server server = {.host = "smtp.example.org", .port = 587, .user = "u"};
	struct err err;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct track_reply reply = {.code = rows[i].code};

		strncpy(reply.text, rows[i].text, sizeof reply.text - 1);
		explain_reply(&server, rows[i].phase, "ben@example.org", &reply, &err);
		if (strstr(err.text, rows[i].want) == NULL)
			fail_msg("%s: %s", rows[i].text, err.text);
		row_assert(strstr(err.text, "smtp.example.org") != NULL, rows[i].text);
	}
	explain_connection(&server, TRACK_DOT, CURLE_OPERATION_TIMEDOUT, "", &err);
	assert_string_equal(err.text,
	    "smtp.example.org port 587 did not answer in time after the whole mail was sent");
	server.tls = CONF_TLS_STARTTLS;
	explain_connection(&server, TRACK_CONNECT, CURLE_OPERATION_TIMEDOUT, "", &err);
	assert_string_equal(err.text, "smtp.example.org port 587 did not answer in time before its "
	    "greeting; a server with encryption from the first byte (port 465) wants tls = "
	    "\"implicit\", else look at host and port");
	explain_connection(&server, TRACK_CONNECT, CURLE_RECV_ERROR, "reading failed", &err);
	assert_string_equal(err.text, "smtp.example.org port 587: the connection broke before its "
	    "greeting (reading failed); a server with encryption from the first byte (port 465) "
	    "wants tls = \"implicit\", else look at host and port");
	server.tls = CONF_TLS_IMPLICIT;
	explain_connection(&server, TRACK_CONNECT, CURLE_OPERATION_TIMEDOUT, "", &err);
	assert_string_equal(err.text, "smtp.example.org port 587 did not answer in time before its "
	    "greeting; look at host and port");
}

static void
test_conf_frame(void **state)
{
	struct send_conf conf = {.transport = {.name = "main", .helo = "h.example.org",
	    .server = {.host = "smtp.example.org", .port = 587, .tls = CONF_TLS_STARTTLS,
		.ca_file = "/ca", .user = "u", .timeout = 7}}, .password = "secret"}, back;
	struct arena *arena = arena_create();
	struct buf out;
	struct err err;

	buf_init(&out, 10000);
	send_conf_encode(&out, &conf);
	assert_int_equal(send_conf_decode(arena, buf_span(&out), &back, &err), TD_OK);
	assert_string_equal(back.transport.server.host, "smtp.example.org");
	assert_string_equal(back.transport.helo, "h.example.org");
	assert_string_equal(back.password, "secret");
	assert_null(back.transport.server.pin_sha256);
	assert_int_equal(back.transport.server.tls, CONF_TLS_STARTTLS);
	assert_int_equal(back.transport.server.port, 587);
	assert_int_equal(back.transport.server.timeout, 7);
	for (size_t n = 0; n < out.len; n++)
		assert_int_equal(send_conf_decode(arena, span_first(buf_span(&out), n), &back,
		    &err),
		    TD_PERM);
	buf_putc(&out, 'x');
	assert_int_equal(send_conf_decode(arena, buf_span(&out), &back, &err), TD_PERM);
	buf_release(&out);
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sessions), cmocka_unit_test(test_bounds),
	    cmocka_unit_test(test_explain), cmocka_unit_test(test_conf_frame),
	};

	return cmocka_run_group_tests_name("track", tests, NULL, NULL);
}
