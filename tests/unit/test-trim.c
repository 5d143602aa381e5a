/* SPDX-License-Identifier: ISC */
/* Tests of parsers/trim: what stays of a reply, what goes and why, in many languages. */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <time.h>

#include "parsers/base/arena.h"
#include "parsers/base/buf.h"
#include "parsers/trim.h"

struct row {
	const char *name;
	const char *body;
	const char *text;
	const char *why; /* "reason from-to" of each dropped part, joined by ", " */
};

static void
check_row(const struct row *row, bool is_forward)
{
	struct arena *arena = arena_create();
	struct trim_result result;
	struct buf why;

	buf_init(&why, 4096);
	trim_reply(arena, span_of(row->body), is_forward, &result);
	for (size_t i = 0; i < result.n_trimmed; i++)
		buf_printf(&why, "%s%s %u-%u", i > 0 ? ", " : "", result.trimmed[i].why,
		    result.trimmed[i].from_line, result.trimmed[i].to_line);
	if (strcmp(result.text, row->text) != 0)
		fail_msg("%s: text is \"%s\"", row->name, result.text);
	if (row->why != NULL && strcmp(why.ptr, row->why) != 0)
		fail_msg("%s: dropped %s", row->name, why.ptr);
	buf_release(&why);
	arena_destroy(&arena);
}

static void
check_rows(const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		check_row(&rows[i], false);
}

static void
test_plain(void **state)
{
	static const struct row rows[] = {
	    {"empty", "", "", ""},
	    {"blank lines", "\n\n \n", "", ""},
	    {"one line", "hello", "hello", ""},
	    {"gaps stay", "a\n\n\nb\n", "a\n\n\nb", ""},
	    {"ends of lines", "a  \nb\t\n", "a\nb", ""},
	    {"a sentence with on", "On Monday we wrote:\nthe plan.\n",
	        "On Monday we wrote:\nthe plan.", ""},
	    {"labels of two", "From: Monday\nTo: Friday\n", "From: Monday\nTo: Friday", ""},
	    {"headers on one line",
	        "Reply\n\nFrom: ana@example.org Date: Thu, 24 Mar 2016 08:07:12 "
		"-0700\nIt is on.\n", "Reply", "header 3-3, quote 4-4"},
	    {"a sentence with labels", "From: ana@example.org To: me, it says.\nIt is wrong.\n",
		"From: ana@example.org To: me, it says.\nIt is wrong.", ""},
	    {"own rule", "a\n-----\nb\n", "a\n-----\nb", ""},
	    {"sent from in a sentence", "Sent from my desk, all is well here.\n",
		"Sent from my desk, all is well here.", ""},
	    {"mailbox's From", "see\n>From here on it is easy\nbye\n",
		"see\n>From here on it is easy\nbye", ""},
	    {"own text that names unsubscribing", "a\n\nAna asked how to unsubscribe Ben.\n",
		"a\n\nAna asked how to unsubscribe Ben.", ""},
	    {"own word confidential", "a\n\nConfidential: do not tell Chi yet.\n",
		"a\n\nConfidential: do not tell Chi yet.", ""},
	};

	check_rows(rows, ARRAY_LEN(rows));
}

/* The same reply in each language: two own lines, the attribution, the quote. */
static void
test_attributions(void **state)
{
	static const char *const lines[] = {
	    "On Mon, May 11, 2026 at 10:02 AM Ana Lima <ana@example.org> wrote:",
	    "On 11/05/2026 10:02, Ana Lima wrote:",
	    "Am 11.05.2026 um 10:02 schrieb Ana Lima <ana@example.org>:",
	    "Am Mo., 11. Mai 2026 um 10:02 Uhr schrieb Ana Lima <ana@example.org>:",
	    "Le lun. 11 mai 2026 à 10:02, Ana Lima <ana@example.org> a écrit :",
	    "El lun, 11 may 2026 a las 10:02, Ana Lima (<ana@example.org>) escribió:",
	    "Em seg., 11 de mai. de 2026 às 10:02, Ana Lima <ana@example.org> escreveu:",
	    "Il giorno lun 11 mag 2026 alle ore 10:02 Ana Lima <ana@example.org> ha scritto:",
	    "Op ma 11 mei 2026 om 10:02 schreef Ana Lima <ana@example.org>:",
	    "pon., 11 maj 2026 o 10:02 Ana Lima <ana@example.org> napisał(a):",
	    "Den man. 11. maj 2026 kl. 10.02 skrev Ana Lima <ana@example.org>:",
	    "Den mån 11 maj 2026 kl 10:02 skrev Ana Lima <ana@example.org>:",
	    "man. 11. mai 2026 kl. 10:02 skrev Ana Lima <ana@example.org>:",
	    "ma 11. toukok. 2026 klo 10.02 Ana Lima (ana@example.org) kirjoitti:",
	    "po 11. 5. 2026 v 10:02 odesílatel Ana Lima <ana@example.org> napsal:",
	    "пн, 11 мая 2026 г. в 10:02, Ana Lima <ana@example.org>:",
	    "11.05.2026 10:02, Ana Lima пишет:",
	    "пн, 11 трав. 2026 р. о 10:02 Ana Lima <ana@example.org> пише:",
	    "Ana Lima <ana@example.org>, 11 May 2026 Pzt, 10:02 tarihinde şunu yazdı:",
	    "Ana Lima <ana@example.org> 于2026年5月11日周一 10:02写道：",
	    "2026年5月11日(月) 10:02 Ana Lima <ana@example.org>:",
	    "2026년 5월 11일 (월) 오전 10:02, Ana Lima <ana@example.org>님이 작성:",
	    "Ana Lima wrote:",
	    "* Ana Lima <ana@example.org> [2026-05-11 10:02]:",
	    "---- On Mon, 11 May 2026 10:02:50 +0530 ana@example.org wrote ----",
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		char body[1024], flat[1024];
		struct row row = {lines[i], body, "Fine.\nAna, go on.",
			"attribution 4-4, quote 5-6"};

		snprintf(body, sizeof body, "Fine.\nAna, go on.\n\n%s\n> old one\n> old two\n",
		    lines[i]);
		check_row(&row, false);
		if (strstr(lines[i], "ana@") == NULL || *lines[i] == '*')
			continue;
		/* the same with what was quoted left without marks */
		snprintf(flat, sizeof flat, "Fine.\n\n%s\n\nold one\n", lines[i]);
		row = (struct row){lines[i], flat, "Fine.", "attribution 3-3, quote 5-5"};
		check_row(&row, false);
	}
}

static void
test_wrapped(void **state)
{
	static const struct row rows[] = {
	    {"two lines", "Yes\n\nOn Mon, May 11, 2026 at 10:02 AM Ana Lima from the Team\n"
		"<ana@example.org> wrote:\n\n> old\n", "Yes", "attribution 3-4, quote 6-6"},
	    {"three lines",
	        "Yes\n\nOn May 11, 2026, at 10:02 AM, Ana <\nana@example.org>\nwrote:\n\n"
		"old\n", "Yes", "attribution 3-5, quote 7-7"},
	    {"own line right above", "2 things\nOn 11/05/2026 10:02, Ana Lima wrote:\n> old\n",
		"2 things", "attribution 2-2, quote 3-3"},
	    {"the line is shared",
	        "yes On Mon, May 11, 2026 at 10:02 AM, ana@example.org wrote:\n> x\n",
		"yes", "attribution 1-1, quote 2-2"},
	    {"rest of an address",
	        "Ja\n\ntir. 12. mai 2026 kl. 13:09 skrev Ana <ana@example.org\n>:\n\n"
		"> old\n", "Ja", "attribution 3-4, quote 6-6"},
	};

	check_rows(rows, ARRAY_LEN(rows));
}

static void
test_headers(void **state)
{
	static const char *const blocks[][4] = {
	    {"From: Ana Lima <ana@example.org>", "Sent: Monday, May 11, 2026 10:02", "To: Ben",
	        "Subject: x"},
	    {"Von: Ana Lima <ana@example.org>", "Gesendet: Montag, 11. Mai 2026", "An: Ben",
	        "Betreff: x"},
	    {"De : Ana Lima <ana@example.org>", "Envoyé : lundi 11 mai 2026", "À : Ben",
	        "Objet : x"},
	    {"De: Ana Lima <ana@example.org>", "Enviado: lunes, 11 de mayo", "Para: Ben",
	        "Asunto: x"},
	    {"De: Ana Lima <ana@example.org>", "Enviada: segunda", "Para: Ben", "Assunto: x"},
	    {"Da: Ana Lima <ana@example.org>", "Inviato: lunedì", "A: Ben", "Oggetto: x"},
	    {"Van: Ana Lima <ana@example.org>", "Verzonden: maandag", "Aan: Ben", "Onderwerp: x"},
	    {"Od: Ana Lima <ana@example.org>", "Wysłano: poniedziałek", "Do: Ben", "Temat: x"},
	    {"Fra: Ana Lima <ana@example.org>", "Sendt: 11. maj 2026", "Til: Ben", "Emne: x"},
	    {"Från: Ana Lima <ana@example.org>", "Skickat: den 11 maj", "Till: Ben", "Ämne: x"},
	    {"Lähettäjä: Ana Lima", "Lähetetty: maanantai", "Vastaanottaja: Ben", "Aihe: x"},
	    {"Od: Ana Lima", "Odesláno: pondělí", "Komu: Ben", "Předmět: x"},
	    {"От: Ana Lima", "Отправлено: 11 мая", "Кому: Ben", "Тема: x"},
	    {"Від: Ana Lima", "Надіслано: 11 травня", "Кому: Ben", "Тема: x"},
	    {"Gönderen: Ana Lima", "Gönderilme: 11 Mayıs", "Kime: Ben", "Konu: x"},
	    {"发件人: Ana Lima", "发送时间: 2026年5月11日", "收件人: Ben", "主题: x"},
	    {"差出人: Ana Lima", "送信日時: 2026年5月11日", "宛先: Ben", "件名: x"},
	    {"보낸 사람: Ana Lima", "보낸 날짜: 2026년 5월", "받는 사람: Ben", "제목: x"},
	    {"*From:* Ana Lima", "*Sent:* Monday", "*To:* Ben", "*Subject:* x"},
	};

	for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
		char body[1024];
		struct row row = {blocks[i][0], body, "Fine.", "header 3-7, quote 9-10"};

		snprintf(body, sizeof body,
		    "Fine.\n\n________________\n%s\n%s\n%s\n%s\n\nold\n/done #1\n",
		    blocks[i][0], blocks[i][1], blocks[i][2], blocks[i][3]);
		check_row(&row, false);
	}
}

static void
test_markers(void **state)
{
	static const char *const lines[] = {
	    "-----Original Message-----", "----- Ursprüngliche Nachricht -----",
	    "-------- Message d'origine --------", "-------- Mensaje original --------",
	    "-------- Mensagem original --------", "-------- Messaggio originale --------",
	    "-----Oorspronkelijk bericht-----", "-----Wiadomość oryginalna-----",
	    "-----Oprindelig meddelelse-----", "-----Ursprungligt meddelande-----",
	    "-----Opprinnelig melding-----", "-----Alkuperäinen viesti-----",
	    "-----Původní zpráva-----", "-----Исходное сообщение-----",
	    "-----Оригінальне повідомлення-----", "-----Orijinal Mesaj-----", "-----原始邮件-----",
	    "-----元のメッセージ-----", "-----원본 메시지-----",
	    "##- Please type your reply above this line -##",
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		char body[512];
		struct row row = {lines[i], body, "Fine.", "header 3-3, quote 5-5"};

		snprintf(body, sizeof body, "Fine.\n\n%s\n\nold\n", lines[i]);
		check_row(&row, false);
	}
}

static void
test_forwarded(void **state)
{
	static const struct row rows[] = {
	    {"marked",
	        "FYI\n\n---------- Forwarded message ---------\nFrom: Chi <chi@example.org>\n"
		"Date: Mon, May 11, 2026\nSubject: x\nTo: Ana\n\n/done #3\n", "FYI",
		    "forwarded 3-9"},
	    {"apple", "See below.\n\nBegin forwarded message:\n\nFrom: Chi <chi@example.org>\n"
		"Subject: x\n\ntext\n", "See below.", "forwarded 3-8"},
	    {"nothing of one's own", "---------- Forwarded message ---------\n"
		"From: Chi <chi@example.org>\nSubject: x\n\nThe door is open.\n/done #3\n",
		"> ---------- Forwarded message ---------\n> From: Chi <chi@example.org>\n"
		"> Subject: x\n>\n> The door is open.\n> /done #3", ""},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		check_row(&rows[i], true);
	check_rows(rows, ARRAY_LEN(rows));
}

/* Nothing of the author's own: what was quoted or forwarded stays, as a quote. */
static void
test_not_empty(void **state)
{
	static const struct row rows[] = {
	    {"quote only", "> one\n> two\n", "> one\n> two", ""},
	    {"quote and telephone", "> one\n\nSent from my iPhone\n", "> one", "signature 3-3"},
	    {"unmarked",
	        "On Mon, May 11, 2026 at 10:02 AM Ana <ana@example.org> wrote:\n\n/done #1\n",
		"> /done #1", "attribution 1-1"},
	    {"signature only", "-- \nAna\n", "", "signature 1-2"},
	    {"telephone only", "Sent from my iPhone\n", "", "signature 1-1"},
	};

	check_rows(rows, ARRAY_LEN(rows));
}

static void
test_between(void **state)
{
	static const struct row rows[] = {
	    {"two answers",
	        "On 11/05/2026 10:02, Ana Lima wrote:\n> Hi Ben\n>\n> Is it done?\n\nYes.\n\n"
		"> When do you\n> leave?\n>\nAt five.\n\n> bye\n> Ana\n",
		"> Is it done?\n\nYes.\n\n> leave?\nAt five.",
		"attribution 1-1, quote 2-3, quote 8-8, quote 10-10, quote 13-14"},
	    {"one answer below", "On 11/05/2026 10:02, Ana Lima wrote:\n> Is it done?\n\nYes.\n",
	        "Yes.",
		"attribution 1-1, quote 2-2"},
	    {"chosen quote", "I think of this:\n\n> one\n> two\n\nIt is wrong.\n",
		"I think of this:\n\n> one\n> two\n\nIt is wrong.", ""},
	    {"answers begin before the first quote", "On Mon, May 11, 2026 at 10:02 AM Ana "
		"<ana@example.org> wrote:\n\nSee below.\n\n> one\n\nYes.\n", "See below.\n\nYes.",
		"attribution 1-1, quote 5-5"},
	};

	check_rows(rows, ARRAY_LEN(rows));
}

static void
test_signatures(void **state)
{
	static const struct row rows[] = {
	    {"delimiter", "Hi\n-- \nAna\n/done #1\n", "Hi", "signature 2-4"},
	    {"bare delimiter", "Hi\n--\nAna\n", "Hi", "signature 2-3"},
	    {"bare delimiter and a long text",
	        "Hi\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n",
		"Hi\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13", ""},
	    {"above a quote", "Hi\n-- \nAna\n\nOn 11/05/2026 10:02, Ben Roth wrote:\n> x\n", "Hi",
		"signature 2-3, attribution 5-5, quote 6-6"},
	    {"closing and name", "Hi\n\nBest regards,\nAna Lima\n", "Hi", "signature 3-4"},
	    {"closing and card", "Hi\n\nMit freundlichen Grüßen\n\nAna Lima\nHead of Operations\n"
		"+49 30 1234567\nana@example.org\n", "Hi", "signature 3-8"},
	    {"closing and more", "Hi\n\nThanks,\nAna will do it\n", "Hi\n\nThanks,\nAna will do it",
	        ""},
	    {"closing and a command", "Hi\n\nThanks!\nDone\n", "Hi\n\nThanks!\nDone", ""},
	    {"closing and afterthought", "Hi\n\nThanks,\nAna\n\nPS: the code is 1234\n",
		"Hi\n\nThanks,\nAna\n\nPS: the code is 1234", ""},
	    {"closing alone", "Hi\n\nRegards, Ana\n", "Hi\n\nRegards, Ana", ""},
	    {"code", "See\n```\n-- \nSent from my iPhone\n> x\n```\n",
		"See\n```\n-- \nSent from my iPhone\n> x\n```", NULL},
	    {"markdown rules", "a\n\n----\n\nb\n", "a\n\n----\n\nb", ""},
	};

	check_rows(rows, ARRAY_LEN(rows) );
}

static void
test_telephones(void **state)
{
	static const char *const lines[] = {
	    "Sent from my iPhone", "Get Outlook for iOS<https://example.org/x>",
	    "Von meinem iPhone gesendet", "Gesendet von Outlook für Android",
	    "Envoyé de mon iPhone",
	    "Envoyé depuis mon téléphone", "Enviado desde mi iPhone", "Enviado do meu iPhone",
	    "Inviato da iPhone", "Verstuurd vanaf mijn iPhone", "Wysłane z iPhone'a",
	    "Sendt fra min iPhone", "Skickat från min iPhone", "Lähetetty iPhonesta",
	    "Odesláno z iPhonu", "Отправлено с iPhone", "Надіслано з iPhone",
	    "iPhone'umdan gönderildi", "发自我的iPhone", "iPhoneから送信", "나의 iPhone에서 보냄",
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		char body[512];
		struct row row = {lines[i], body, "Fine.", "signature 3-3"};

		snprintf(body, sizeof body, "Fine.\n\n%s\n", lines[i]);
		check_row(&row, false);
	}
}

static void
test_legal(void **state)
{
	static const struct row rows[] = {
	    {"disclaimer",
	        "Hi\n\nThis e-mail and any attachments are confidential and intended solely "
		"for the addressee.\nIf you have received it in error, delete it.\n", "Hi",
		"disclaimer 3-4"},
	    {"german", "Hi\n\nDiese E-Mail enthält vertrauliche und/oder rechtlich geschützte "
		"Informationen.\n", "Hi", "disclaimer 3-3"},
	    {"list", "Hi\n\n_______________________________________________\nteam mailing list\n"
		"team@example.org\nhttps://lists.example.org/listinfo/team\n", "Hi", "footer 3-6"},
	    {"service", "Hi\n\n--\nReply to this email directly or view it on GitHub\n", "Hi",
		"signature 3-4"},
	    {"footer", "Hi\n\nYou are receiving this because you are subscribed to this thread.\n",
		"Hi", "footer 3-3"},
	};

	check_rows(rows, ARRAY_LEN(rows));
}

static void
test_lines(void **state)
{
	struct arena *arena = arena_create();
	struct trim_result result;

	trim_reply(arena, SPAN("\n\none\n> x\n\ntwo\n> y\nthree\n"), false, &result);
	assert_string_equal(result.text, "one\n> x\n\ntwo\n> y\nthree");
	assert_int_equal(result.n_lines, 6);
	assert_int_equal(result.lines[0], 3);
	assert_int_equal(result.lines[5], 8);
	arena_destroy(&arena);
}

/* Seconds of CPU to trim so many bytes of nothing but this line. */
static double
cost_of(const char *line, size_t size)
{
	struct arena *arena = arena_create();
	struct trim_result result;
	struct buf body;
	clock_t begin;
	double cost;

	buf_init(&body, size + 1000);
	while (body.len < size)
		buf_puts(&body, line);
	begin = clock();
	trim_reply(arena, buf_span(&body), false, &result);
	cost = (double)(clock() - begin) / CLOCKS_PER_SEC;
	row_assert(strlen(result.text) <= body.len + 3 * result.n_lines, line);
	buf_release(&body);
	arena_destroy(&arena);
	return cost;
}

/* A megabyte of the worst lines must cost time in proportion, not more: eight times what an eighth
 * of it does, where sixty-four times would be its square. Whatever the build and the machine. */
static void
test_linear(void **state)
{
	static const char *const lines[] = {"\n", ">\n", "On 1/1/2026 10:00 Ana wrote\n",
	    "a@b.c:\n",
		"From: a@b.c\n", "```\n", "-- \n", "Thanks,\n", "On 1/1/2026 <a@b>\n",
		"> wrote:\nx\n",
		"Sent from my iPhone\n\n", "This email is confidential\n\n", "____\n\n",
		"Sent from my iPhone\n", "Ben <a@b.c> schrieb\n", "客户写道：\n", "：\n",
		"Ben <a@b.c>,\n", "On Mon, Oct 12, 2026\nat 10:00 Ben wrote:\n",
		"unsubscribe http://x\n\n", "mailing list --\n\n", "*From:* Ana\n"};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		double part = cost_of(lines[i], 1 << 17), whole = cost_of(lines[i], 1 << 20);

		if (whole > 0.2 + 8 * 4 * part)
			fail_msg("\"%s\" a megabyte long takes %.2f s, an eighth of it %.2f s",
			    lines[i], whole, part);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plain), cmocka_unit_test(test_attributions),
	    cmocka_unit_test(test_wrapped), cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_markers), cmocka_unit_test(test_forwarded),
	    cmocka_unit_test(test_not_empty), cmocka_unit_test(test_between),
	    cmocka_unit_test(test_signatures), cmocka_unit_test(test_telephones),
	    cmocka_unit_test(test_legal), cmocka_unit_test(test_lines),
	    cmocka_unit_test(test_linear),
	};

	return cmocka_run_group_tests_name("trim", tests, NULL, NULL);
}
