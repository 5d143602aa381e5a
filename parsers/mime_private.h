/* SPDX-License-Identifier: ISC */
/*
 * What the files of mime share: mime.c walks the tree, mime_part.c gives GMime's parts as our
 * types, mime_choose.c picks one of several alternatives, mime_cost.c bounds the headers.
 */
#ifndef TD_MIME_PRIVATE_H
#define TD_MIME_PRIVATE_H

#include <gmime/gmime.h>

#include "parsers/base/buf.h"
#include "parsers/digest.h"
#include "parsers/mime.h"
#include "parsers/textpart.h"

/* What becomes of the texts below a part. */
enum use { USE_BODY, USE_NOT };

struct walk {
	struct arena *arena;
	struct span mail;
	const struct reading_limits *limits;
	struct mime *mime;
	struct err *err;
	struct digest key;
	struct buf content; /* of the part at hand, decoded */
	struct buf body;
	uint32_t parts;
	GMimeObject *root;
	GMimeObject *late; /* a text without a name that is marked as a file */
	bool has_text; /* a part with text was read, be it blank */
	size_t attachments_cap;
};

bool mime_is_type(GMimeObject *part, const char *type, const char *subtype);
/* Of the content type; empty without. */
struct span mime_parameter(GMimeObject *part, const char *name);
bool mime_is_attached(GMimeObject *part);
/* The encoded content, in place. */
struct span mime_raw_content(const struct walk *w, GMimeObject *part);
/* The decoded content; what needs no decoding is not copied. Valid until the next call. */
struct span mime_content(struct walk *w, GMimeObject *part);
/* A file name without folders, one clean line; NULL without. */
const char *mime_base_name(struct walk *w, struct span name);
/* Content-Disposition's name, else Content-Type's; NULL without. */
const char *mime_part_name(struct walk *w, GMimeObject *part);
/* "text/plain": lower case; application/octet-stream where the mail says nonsense. */
const char *mime_part_type(struct walk *w, GMimeObject *part);
/* The header names a type that is none: one word. */
bool mime_lacks_type(GMimeObject *part);
/* Nothing but white space, be it one that has no width. */
bool mime_is_blank(struct span s);

/* How to read the bytes of a text part as what its headers say. */
struct textpart mime_textpart(const struct walk *w, GMimeObject *part, struct span bytes);

/*
 * TD_PERM when the mail has more lines that could separate parts, or its parts more and longer
 * headers, than GMime may be given. Fields longer than 4 KiB are cut: cut, empty before, then
 * holds a copy of the mail with spaces in place of what is too much; else it stays empty.
 */
TD_CHECK enum td_status mime_check_cost(struct arena *arena, struct span mail, struct buf *cut,
    struct err *err);

/* Which of the alternatives is read; -1: none. */
int mime_choose(struct walk *w, GMimeMultipart *multipart, uint32_t depth);

#endif
