/* SPDX-License-Identifier: ISC */
/*
 * read-mail: prints the reading of each file as one line of JSON, after "FILE" and a TAB; a
 * refused mail prints {"refused": why}. With "-" it reads file names from standard input. What it
 * prints has gone through the loader too, so the trust border is tried on every mail.
 *
 *	read-mail [--pretty] [--now SECONDS] [--zone ZONE] [--quiet] FILE...
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/base/buf.h"
#include "parsers/base/jsonw.h"
#include "parsers/base/num.h"
#include "parsers/reading.h"

struct options {
	struct reading_context context;
	int indent;
	bool quiet;
};

static bool
read_file(const char *path, struct buf *mail)
{
	char chunk[65536];
	FILE *file = fopen(path, "rb");
	size_t n;

	if (file == NULL) {
		perror(path);
		return false;
	}
	buf_clear(mail);
	while ((n = fread(chunk, 1, sizeof chunk, file)) > 0)
		buf_put(mail, chunk, n);
	fclose(file);
	return true;
}

static void
put_refused(struct buf *out, const char *why)
{
	struct jsonw w;

	jsonw_init(&w, out, 0);
	jsonw_object(&w);
	jsonw_put(&w, "refused", why);
	jsonw_end(&w);
}

/* False when the loader refuses what the writer wrote: that is a bug. */
static bool
read_mail(const struct options *options, struct span mail, struct buf *out)
{
	struct arena *arena = arena_create();
	struct reading *reading, *back;
	struct err err = {""};
	bool ok = true;

	if (reading_parse(arena, mail, &options->context, &reading, &err) != TD_OK) {
		put_refused(out, err.text);
	} else {
		reading_to_json(reading, options->indent, out);
		if (!options->quiet &&
		    reading_from_json(arena, buf_span(out), &back, &err) != TD_OK) {
			fprintf(stderr, "the loader refused the reading: %s\n", err.text);
			ok = false;
		}
	}
	arena_destroy(&arena);
	return ok;
}

static bool
do_file(const struct options *options, const char *path, struct buf *mail, struct buf *out)
{
	if (!read_file(path, mail))
		return false;
	buf_clear(out);
	if (!read_mail(options, buf_span(mail), out)) {
		fprintf(stderr, "%s\n", path);
		return false;
	}
	if (!options->quiet) {
		printf("%s\t%s\n", path, out->ptr);
		fflush(stdout);
	}
	return true;
}

int
main(int argc, char **argv)
{
	struct options options = {.context = {.now = 1760000000, .zone = "UTC"}};
	struct buf mail, out;
	bool ok = true;
	char line[4096];

	buf_init(&mail, 64u * 1024 * 1024);
	buf_init(&out, 16u * 1024 * 1024);
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--pretty") == 0) {
			options.indent = 2;
		} else if (strcmp(argv[i], "--quiet") == 0) {
			options.quiet = true;
		} else if (strcmp(argv[i], "--now") == 0 && i + 1 < argc) {
			if (!num_i64(span_of(argv[++i]), 0, INT64_C(253402300799),
			        &options.context.now))
				return 2;
		} else if (strcmp(argv[i], "--zone") == 0 && i + 1 < argc) {
			options.context.zone = argv[++i];
		} else if (strcmp(argv[i], "-") == 0) {
			while (fgets(line, sizeof line, stdin) != NULL) {
				line[strcspn(line, "\n")] = '\0';
				ok &= do_file(&options, line, &mail, &out);
			}
		} else {
			ok &= do_file(&options, argv[i], &mail, &out);
		}
	}
	buf_release(&mail);
	buf_release(&out);
	return ok ? 0 : 1;
}
