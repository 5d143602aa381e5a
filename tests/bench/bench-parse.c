/* SPDX-License-Identifier: ISC */
/*
 * bench-parse: CPU time and memory of reading every file in a folder, once.
 *
 *	bench-parse reading|gmime FOLDER
 *
 * "reading" is reading_parse() and its packed form; "gmime" is GMime alone, parsing each mail and
 * decoding its texts to UTF-8. Prints files, seconds of CPU (user and system) and the peak of
 * resident memory in KiB. Both read the files in the same way.
 */
#include "config.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <gmime/gmime.h>

#include "parsers/base/buf.h"
#include "parsers/reading.h"

#define MAIL_MAX (64u * 1024 * 1024)

typedef void (*read_fn)(struct span mail);

static void
read_reading(struct span mail)
{
	const struct reading_context context = {.now = 1760000000, .zone = "UTC"};
	struct arena *arena = arena_create();
	struct reading *reading;
	struct buf packed;

	buf_init(&packed, MAIL_MAX);
	if (reading_parse(arena, mail, &context, &reading, NULL) == TD_OK)
		reading_pack(reading, &packed);
	buf_release(&packed);
	arena_destroy(&arena);
}

static void
decode_part(GMimeObject *parent, GMimeObject *part, gpointer user)
{
	(void)parent;
	(void)user;
	if (GMIME_IS_TEXT_PART(part))
		g_free(g_mime_text_part_get_text(GMIME_TEXT_PART(part)));
}

static void
read_gmime(struct span mail)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(mail.ptr, mail.len);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

	if (message != NULL) {
		g_mime_message_foreach(message, decode_part, NULL);
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(stream);
}

static bool
load(const char *path, struct buf *mail)
{
	char chunk[65536];
	FILE *file = fopen(path, "rb");
	size_t n;

	buf_clear(mail);
	if (file == NULL)
		return false;
	while ((n = fread(chunk, 1, sizeof chunk, file)) > 0)
		buf_put(mail, chunk, n);
	fclose(file);
	return true;
}

static unsigned
read_folder(const char *folder, read_fn fn)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	unsigned n = 0;
	struct buf mail;
	char path[4096];

	buf_init(&mail, MAIL_MAX);
	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		if (*entry->d_name == '.' || !load(path, &mail))
			continue;
		fn(buf_span(&mail));
		n++;
	}
	if (dir != NULL)
		closedir(dir);
	buf_release(&mail);
	return n;
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

int
main(int argc, char **argv)
{
	struct rusage usage;
	unsigned n;
	bool ours = argc == 3 && strcmp(argv[1], "reading") == 0;

	if (argc != 3 || (!ours && strcmp(argv[1], "gmime") != 0)) {
		fputs("usage: bench-parse reading|gmime FOLDER\n", stderr);
		return 2;
	}
	g_mime_init();
	n = read_folder(argv[2], ours ? read_reading : read_gmime);
	getrusage(RUSAGE_SELF, &usage);
	printf("%u %.3f %ld\n", n, seconds(usage.ru_utime) + seconds(usage.ru_stime),
	    usage.ru_maxrss);
	return n > 0 ? 0 : 1;
}
