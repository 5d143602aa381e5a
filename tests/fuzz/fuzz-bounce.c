/* SPDX-License-Identifier: ISC */
/* fuzz-bounce: a mail taken for a bounce, whatever it is. */
#include "tests/fuzz/fuzz.h"

#include "parsers/base/utf8.h"
#include "parsers/bounce.h"
#include "parsers/robot.h"

static void
fuzz_one(struct arena *arena, struct span input)
{
	struct reading reading = {0};
	struct header_list headers;
	struct mime mime = {.body = {"", 0}};
	const char *why;

	if (header_split(arena, input, 100000, &headers, NULL) != TD_OK)
		return;
	header_message(arena, &headers, &reading.message);
	mime.body = span_of(utf8_text(arena, span_skip(input, headers.body), 65536));
	robot_classify(&headers, &reading.message, &mime, &why);
	bounce_read(arena, &headers, &mime, &reading);
	mime.delivery = span_skip(input, headers.body);
	bounce_read(arena, &headers, &mime, &reading);
	if (reading.n_bounces == 0 || reading.n_bounces > BOUNCES_MAX)
		abort();
}
