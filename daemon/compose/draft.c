/* SPDX-License-Identifier: ISC */
/* draft: see draft.h. */
#include "config.h"

#include "daemon/compose/draft.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unicase.h>

#include "parsers/base/base32.h"
#include "daemon/compose/layout.h"
#include "daemon/compose/mailenc.h"
#include "daemon/compose/mailto.h"

#define SUBJECT_MAX 300
#define ID_BYTES 15

static void
system_random(void *user, uint8_t *bytes, size_t n)
{
	size_t have = 0;

	while (have < n) {
		ssize_t got = getrandom(bytes + have, n - have, 0);

		if (got > 0)
			have += (size_t)got;
		else if (errno != EINTR)
			abort(); /* a kernel without getrandom(2): nothing here can run on it */
	}
}

/* Base 32 of ID_BYTES random bytes: 24 letters and digits. */
static const char *
random_word(const struct draft *draft)
{
	uint8_t bytes[ID_BYTES];
	char word[BASE32_LEN(ID_BYTES) + 1];

	if (draft->common->random != NULL)
		draft->common->random(draft->common->random_user, bytes, sizeof bytes);
	else
		system_random(NULL, bytes, sizeof bytes);
	base32_write(bytes, sizeof bytes, word);
	return arena_strdup(draft->arena, word);
}

static const char *
direction(const char *lang)
{
	static const char *const rtl[] = {"ar", "fa", "he", "ur"};

	for (size_t i = 0; i < sizeof rtl / sizeof *rtl; i++)
		if (span_starts(span_of(lang), span_of(rtl[i])))
			return "rtl";
	return "ltr";
}

void
draft_begin(struct draft *draft, struct arena *arena, const struct compose_common *common,
    struct err *err)
{
	const char *lang = "en"; /* the one locale so far */

	*draft = (struct draft){.arena = arena, .common = common, .err = err};
	draft->templates = templates_get(common->templates);
	draft->locale = templates_locale(draft->templates, common->to.lang);
	draft->root = value_object(arena);
	value_set_text(draft->root, "team", common->team.title);
	value_set_text(draft->root, "address", common->team.address);
	value_set_text(draft->root, "name", common->to.name);
	value_set_text(draft->root, "zone", common->to.zone);
	value_set_text(draft->root, "lang", lang);
	value_set_text(draft->root, "dir", direction(lang));
	value_set(draft->root, "t", locale_values(draft->locale, arena));
}

const char *
draft_say(const struct draft *draft, const char *key, const struct value *params)
{
	return locale_say(draft->locale, draft->arena, key, params);
}

enum td_status
draft_text(const struct draft *draft, const char *name, const char **text_r)
{
	const char *text;
	enum td_status status = templates_render(draft->templates, draft->arena,
	    arena_printf(draft->arena, "%s.txt", name), draft->root, &text, draft->err);

	if (status == TD_OK)
		*text_r = layout_text(draft->arena, span_of(text));
	return status;
}

enum td_status
draft_html(const struct draft *draft, const char *name, const char **html_r)
{
	return templates_render(draft->templates, draft->arena,
	    arena_printf(draft->arena, "%s.html", name), draft->root, html_r, draft->err);
}

const char *
draft_cut(const struct draft *draft, const char *text, size_t max)
{
	struct span rest = span_of(text);
	size_t taken = 0, n;

	if (rest.len <= max)
		return text;
	while ((n = mailenc_char(span_skip(rest, taken))) > 0 && taken + n <= max)
		taken += n;
	return arena_printf(draft->arena, "%.*s...", (int)taken, text);
}

const char *
draft_upper(const struct draft *draft, const char *text)
{
	size_t n = 0;
	uint8_t *up = u8_toupper((const uint8_t *)text, strlen(text), NULL, NULL, NULL, &n);
	const char *kept = up != NULL ? arena_strndup(draft->arena, (char *)up, n) : text;

	free(up);
	return kept;
}

/* ---- addresses and lists ---- */

#define LOCAL_PART_MAX 64

const char *
compose_tagged(struct arena *arena, const char *team_address, const char *tag)
{
	struct span s = span_of(team_address);
	size_t at = span_find_byte(s, '@');

	return at + 1 + strlen(tag) > LOCAL_PART_MAX ? NULL
	    : arena_printf(arena, "%.*s+%s%s", (int)at, team_address, tag, team_address + at);
}

const char *
compose_verp(struct arena *arena, const char *team_address, int64_t person_id)
{
	const char *verp = compose_tagged(arena, team_address,
	    arena_printf(arena, "bounce-%" PRId64, person_id));

	return verp != NULL ? verp : team_address;
}

static const char *
reply_to(const struct draft *draft)
{
	const struct compose_common *c = draft->common;
	const char *tagged = c->reply_tag == NULL ? NULL
	    : compose_tagged(draft->arena, c->team.address, c->reply_tag);

	return tagged != NULL ? tagged : c->team.address;
}

static const char *
domain(const struct draft *draft)
{
	const char *at = strchr(draft->common->team.address, '@');

	return at != NULL ? at + 1 : "";
}

/* "digest.platform.example.org" (RFC 2919): stable for as long as team name and address are. */
static const char *
list_id(const struct draft *draft, const char *stream)
{
	char *name = arena_strdup(draft->arena, draft->common->team.name);

	for (char *p = name; *p != '\0'; p++)
		if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '-'))
			*p = '-';
	return arena_printf(draft->arena, "%s.%s.%s", stream, name, domain(draft));
}

static const char *
stream_of(enum draft_kind kind)
{
	switch (kind) {
	case DRAFT_ANSWER:
		return "answers";
	case DRAFT_DIGEST:
		return "digest";
	case DRAFT_PROMPT:
		return "prompt";
	case DRAFT_QUARANTINE:
		return "quarantine";
	case DRAFT_NOTICE:
		return "notices";
	case DRAFT_INVITE:
		return "invites";
	case DRAFT_ITEM:
		return "items";
	case DRAFT_TIME:
		return "time";
	case DRAFT_REMINDER:
		return "reminders";
	case DRAFT_PAGE:
		return "calls";
	case DRAFT_HANDOVER:
		return "handovers";
	}
	return "mail";
}

static void
fill_list(const struct draft *draft, enum draft_kind kind, struct mail *mail)
{
	const char *stream = stream_of(kind), *address = draft->common->team.address;

	if (kind != DRAFT_INVITE) {
		struct value *params = value_object(draft->arena);

		value_set_text(params, "team", draft->common->team.title);
		mail->list_name = draft_say(draft,
		    arena_printf(draft->arena, "list_%s", stream), params);
		mail->list_id = list_id(draft, stream);
	}
	if (kind != DRAFT_DIGEST && kind != DRAFT_QUARANTINE && kind != DRAFT_PROMPT)
		return;
	/* a prompt is a question to one person */
	mail->bulk = kind != DRAFT_PROMPT;
	mail->list_unsubscribe = kind == DRAFT_PROMPT
	    ? mailto(draft->arena, address, "Check-in off", "/checkin off")
	    : mailto(draft->arena, address, "Digest off", "/digest off");
	mail->list_help = mailto(draft->arena, address, "help", NULL);
	mail->list_post = mailto(draft->arena, address, NULL, NULL);
}

void
draft_mail(const struct draft *draft, enum draft_kind kind, struct mail *mail)
{
	const struct compose_common *c = draft->common;
	struct value *params = value_object(draft->arena);
	const char *word = random_word(draft);

	value_set_text(params, "team", c->team.title);
	mail->from.name = draft_say(draft, "from_name", params);
	mail->from.address = c->team.address;
	mail->to.name = c->to.name;
	mail->to.address = c->to.address;
	mail->reply_to = reply_to(draft);
	mail->date = c->now;
	mail->mid = arena_printf(draft->arena, "%s.%s@%s", word, stream_of(kind), domain(draft));
	mail->automatic = kind == DRAFT_ANSWER ? MAIL_REPLIED : MAIL_GENERATED;
	mail->loop = c->team.address;
	mail->lang = value_str(value_get(draft->root, SPAN("lang")));
	mail->boundary = word;
	fill_list(draft, kind, mail);
}

/* ---- answers ---- */

/* A mail program may cut a long subject: the token must not be what goes. */
void
draft_tag_subject(const struct draft *draft, struct mail *mail)
{
	if (draft->common->subject_tag != NULL)
		mail->subject = arena_printf(draft->arena, "%s (+%s)",
		    draft_cut(draft, mail->subject, SUBJECT_MAX / 2),
		    draft->common->subject_tag);
}

void
draft_answers(const struct draft *draft, const struct compose_answered *answered,
    struct mail *mail)
{
	size_t first = answered->n_references > 10 ? answered->n_references - 10 : 0;
	struct span subject = span_trim(span_of(answered->subject));

	if (subject.len == 0)
		subject = span_of(draft_say(draft, "no_subject", NULL));
	if (!span_istarts(subject, SPAN("re:")))
		mail->subject = arena_printf(draft->arena, "Re: %.*s", SPAN_FMT(subject));
	else
		mail->subject = arena_span(draft->arena, subject);
	mail->subject = draft_cut(draft, mail->subject, SUBJECT_MAX);
	draft_tag_subject(draft, mail);
	/* Ids that could not stand in a header are left out, not refused: the answer matters. */
	for (size_t i = first; i < answered->n_references; i++)
		if (mail_good_id(answered->references[i]))
			mail->references[mail->n_references++] = answered->references[i];
	if (answered->mid == NULL || !mail_good_id(answered->mid))
		return;
	mail->in_reply_to = answered->mid;
	mail->references[mail->n_references++] = answered->mid;
}

void
draft_root_reference(struct mail *mail, const char *mid)
{
	if (mid == NULL || !mail_good_id(mid) || mail->n_references == MAIL_REFERENCES_MAX)
		return;
	for (size_t i = 0; i < mail->n_references; i++)
		if (strcmp(mail->references[i], mid) == 0)
			return;
	memmove(mail->references + 1, mail->references,
	    mail->n_references * sizeof *mail->references);
	mail->references[0] = mid;
	mail->n_references++;
}

void
draft_own_reference(const struct draft *draft, struct mail *mail, const char *day)
{
	mail->references[mail->n_references++] =
	    arena_printf(draft->arena, "%s.%s", day, mail->mid);
}

enum td_status
draft_finish(const struct draft *draft, const struct mail *mail, struct composed *mail_r,
    bool *too_large_r)
{
	struct span bytes;
	const char *sender = "";
	enum td_status status =
	    mail_build(draft->arena, mail, &bytes, too_large_r, draft->err);

	if (status == TD_OK && mail->automatic == MAIL_GENERATED) {
		sender = compose_verp(draft->arena, draft->common->team.address,
		    draft->common->to.id);
		status = mail_check_address("MAIL FROM", sender, draft->err);
	}
	if (status != TD_OK)
		return status;
	*mail_r = (struct composed){.mid = mail->mid, .sender = sender,
	    .rcpt = draft->common->to.address, .bytes = bytes};
	return TD_OK;
}

/* ---- templates ---- */

enum td_status
compose_check_templates(const char *folder, void (*tell)(void *user, const char *line),
    void *user, struct err *err)
{
	return templates_check(folder, tell, user, err);
}

void
compose_forget(void)
{
	templates_forget();
}
