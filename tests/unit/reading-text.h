/* SPDX-License-Identifier: ISC */
/* reading-text: what a reading says as a few lines of text, for tables of tests. */
#ifndef TD_READING_TEXT_H
#define TD_READING_TEXT_H

#include "tests/unit/command-text.h"

static inline void
target_text(const struct reading *r, struct buf *out)
{
	static const char *const kinds[] = {"none", "task", "update", "time", "off", "decide",
		"urgent", "help", "query", "undo"};

	buf_puts(out, kinds[r->target.kind]);
	if (r->target.item > 0)
		buf_printf(out, " #%u", r->target.item);
	if (r->target.token != NULL)
		buf_printf(out, " token=%s", r->target.token);
}

static inline void
fields_text(const struct reading_fields *f, struct buf *out)
{
	if (f->title != NULL)
		buf_printf(out, " \"%s\"", f->title);
	if (f->project != NULL)
		buf_printf(out, " +%s", f->project);
	put_names(out, " @", f->owners, f->n_owners);
	if (f->priority != PRIORITY_NONE)
		buf_printf(out, " p%d", (int)f->priority);
	if (f->due != NULL)
		buf_printf(out, " due=%s", f->due->local);
	if (f->due_none)
		buf_puts(out, " due=none");
	if (f->start != NULL)
		buf_printf(out, " start=%s", f->start->local);
	if (f->estimate != 0)
		buf_printf(out, " est=%lld", (long long)f->estimate);
	put_names(out, " tags=", f->tags, f->n_tags);
	put_names(out, " off=", f->tags_off, f->n_tags_off);
	if (f->status != NULL)
		buf_printf(out, " status=%s", f->status);
	for (size_t i = 0; i < f->n_depends; i++)
		buf_printf(out, "%s#%u", i == 0 ? " depends=" : ",", f->depends[i]);
	put_names(out, " watch=", f->watch, f->n_watch);
	if (f->cover != NULL)
		buf_printf(out, " cover=%s", f->cover);
	put_names(out, " options=", f->options, f->n_options);
}

static inline void
sections_text(const struct reading *r, struct buf *out)
{
	static const char *const names[] = {"done", "next", "blocked", "goals", "time", "notes"};

	for (size_t i = 0; i < r->n_sections; i++) {
		const struct reading_section *s = &r->sections[i];

		buf_printf(out, "\n%s:", names[s->kind]);
		for (size_t k = 0; k < s->n_entries; k++) {
			const struct section_entry *e = &s->entries[k];

			buf_printf(out, " %u\"%s\"", e->line, e->text);
			for (size_t m = 0; m < e->n_items; m++)
				buf_printf(out, " #%u", e->items[m]);
			if (e->closes)
				buf_puts(out, " closes");
			if (e->has_seconds)
				buf_printf(out, " %llds", (long long)e->seconds);
			if (e->when != NULL)
				buf_printf(out, " %s", e->when->local);
			if (e->project != NULL)
				buf_printf(out, " +%s", e->project);
		}
	}
}

/* Target, fields, sections, commands and errors: a line each. */
static inline void
reading_text(const struct reading *r, struct buf *out)
{
	target_text(r, out);
	fields_text(&r->fields, out);
	sections_text(r, out);
	for (size_t i = 0; i < r->n_commands; i++) {
		buf_printf(out, "\n%u /", r->commands[i].line);
		command_text(&r->commands[i], out);
	}
	for (size_t i = 0; i < r->n_errors; i++)
		buf_printf(out, "\n%u ! %s%s%s", r->errors[i].line, r->errors[i].why,
		    r->errors[i].suggestion != NULL ? " | " : "",
		    r->errors[i].suggestion != NULL ? r->errors[i].suggestion : "");
}

#endif
