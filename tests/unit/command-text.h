/* SPDX-License-Identifier: ISC */
/* command-text: a command and an error as one line of text, for tables of tests. */
#ifndef TD_COMMAND_TEXT_H
#define TD_COMMAND_TEXT_H

#include "parsers/base/buf.h"
#include "parsers/reading.h"

static inline void
put_names(struct buf *out, const char *key, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%s%s", i == 0 ? key : ",", names[i]);
}

static inline void
command_text(const struct reading_command *c, struct buf *out)
{
	buf_puts(out, c->verb);
	for (size_t i = 0; i < c->n_items; i++)
		buf_printf(out, "%s%u", i == 0 ? " #" : ",", c->items[i]);
	put_names(out, " @", c->people, c->n_people);
	if (c->when != NULL)
		buf_printf(out, " when=%s%s%s", c->when->local, c->when->local_end ? ".." : "",
		    c->when->local_end ? c->when->local_end : "");
	if (c->none)
		buf_puts(out, " none");
	if (c->has_seconds)
		buf_printf(out, " seconds=%lld", (long long)c->seconds);
	if (c->priority != PRIORITY_NONE)
		buf_printf(out, " p%d", (int)c->priority);
	if (c->project != NULL)
		buf_printf(out, " +%s", c->project);
	put_names(out, " tags=", c->tags, c->n_tags);
	put_names(out, " off=", c->tags_off, c->n_tags_off);
	if (c->word != NULL)
		buf_printf(out, " word=%s", c->word);
	if (c->flag)
		buf_puts(out, " flag");
	if (c->half != NULL)
		buf_printf(out, " half=%s", c->half);
	if (c->cover != NULL)
		buf_printf(out, " cover=%s", c->cover);
	if (c->text != NULL)
		buf_printf(out, " \"%s\"", c->text);
}

#endif
