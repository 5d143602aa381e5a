/* SPDX-License-Identifier: ISC */
/* embedded: the files of templates/ as they were built in; made by embed.sh. */
#ifndef TD_EMBEDDED_H
#define TD_EMBEDDED_H

struct embedded {
	const char *name; /* file name: "digest.txt.mustache", "locale.en" */
	const char *text;
};

extern const struct embedded embedded_templates[]; /* ends with a NULL name */

#endif
