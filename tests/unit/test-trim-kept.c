/* SPDX-License-Identifier: ISC */
/* Tests of parsers/trim, the worst error first: a person's own words must stay, however much they
 * look like what mail programs write; and what those write goes, in all the languages. */
#include "tests/unit/unit.h"

#include "parsers/base/arena.h"
#include "parsers/trim.h"

#define ANSWER "My answer is here."

static void
check(const char *body, const char *text)
{
	struct arena *arena = arena_create();
	struct trim_result result;

	trim_reply(arena, span_of(body), false, &result);
	if (strcmp(result.text, text) != 0)
		fail_msg("of \"%s\" stays \"%s\"", body, result.text);
	arena_destroy(&arena);
}

static void
check_mail(const char *before, const char *line, const char *after)
{
	struct arena *arena = arena_create();

	check(arena_printf(arena, "%s%s%s", before, line, after), ANSWER);
	arena_destroy(&arena);
}

/* All of it is somebody's own. */
static void
test_own(void **state)
{
	static const char *const bodies[] = {
	    "The parts are packed.\n\nSent via DHL yesterday",
	    "Report is ready.\n\nOutlook for next week is good",
	    "Alles erledigt.\n\nVon meinem Konto überwiesen",
	    "Ich bin zurück.\n\nVon meiner Seite ist alles fertig",
	    "Status:\n\nRapor gönderildi",
	    "Merhaba,\n\nFatura müşteriye gönderildi",
	    "Enviado por correo ayer",
	    "Hola,\n\nEnviado por Ana ayer",
	    "Hej\n\nSendt fra lageret i går",
	    "Moi\n\nLähetetty tänään asiakkaalle",
	    "你好\n\n从我的角度看没有问题",
	    "你好\n\n從我這邊看沒有問題",
	    "안녕하세요\n\n내 iPhone 고장났어요",
	    "Outlook für Q4 ist gut",
	    "Bonjour,\n\nEnvoyé avec le devis hier",
	    "Bonjour\n\nEnvoyé à partir de lundi",
	    "Sent using the old template, sorry",
	    "Sent on my behalf by Ben",
	    "Sent from the warehouse today",
	    "Olá\n\nEnviado com atraso ao cliente",
	    "Ciao\n\nInviato con corriere ieri",
	    "Hoi\n\nVerzonden met PostNL",
	    "Czesc\n\nWysłane z opóźnieniem",
	    "Ahoj\n\nOdesláno z Prahy včera",
	    "Привет\n\nОтправлено с курьером",
	    "Привіт\n\nНадіслано з помилкою",
	    "Hej\n\nSkickat från lagret",
	    "Important: the privacy page must go live on Friday. Please look at the page "
	        "and tell me whether the wording of the second part is right, before the "
	        "release goes out.",
	    "Hinweis: die Umwelt-Daten sind vertraulich, bitte nur im Team verteilen und "
	        "nicht an den Kunden schicken.",
	    "Confidential customer data was sent in error to the wrong addressee; I called "
	        "them and they deleted it. We need a review of the process.",
	    "This mail is about the confidential price list which I sent in error to Acme "
	        "yesterday. Sorry, I asked them to delete it.",
	    "Please look at https://lists.example.org/mailman/listinfo/dev and subscribe "
	        "Ben there.",
	    "To unsubscribe the customer I had to change the script.",
	    "You're receiving this from me because Ben is ill. Please take over the release.",
	    "Thanks\nLogin ok",
	    "Danke\nBug weg",
	    "Thanks\nAll set",
	    "감사합니다\n오늘 배포 완료했습니다",
	    "よろしくお願いします\n明日は休みます",
	    "Спасибо\nвсё работает",
	    "Thanks,\n\nI am off now",
	    "Gracias\nTodo listo",
	    "Merci\nTout est ok",
	    "Grazie\nTutto a posto",
	    "Best\nMonday 10:00",
	    "Thanks!\nPR is up",
	    "Cheers\nBuild #42 is ok",
	    "Hi Ana,\n\nOn Friday Ben wrote:\nthe tests should run nightly",
	    "We agreed on this on 2026-10-09 at 14:00:\n\n1. Ana tests\n2. Ben deploys",
	    "On Monday 12 Oct 2026 at 10:00 I wrote to ana@example.org:\nno answer so far.",
	    "Meeting notes\nFrom: Monday\nTo: Friday\nall fine",
	    "From: Berlin\nTo: Paris\nDate: 12 Oct\nI need a ticket.",
	    "Subject: the new page\nI like it.",
	    "Date: Friday\nTo: all\nPlease come.",
	    "Here is what I sent:\n\nFrom: ana@example.org\nTo: ben@example.org\n\nIt was "
	        "refused.",
	    "> Can you do it?\nYes",
	    "Can you do it?\n> maybe I can\nI quoted myself",
	    "--\nNot a signature: just my list\n- a\n- b",
	    "Plan for today\n---\nFix the login\n---\nShip it",
	    "Note: I will be out of office tomorrow.",
	    "I sent this from my iPhone so excuse typos. Release is done.",
	    "Ana schrieb, dass es geht.\nDas ist gut.",
	    "As Chi wrote on 3 May 2026 at 10:30 in the ticket:\nthe build must pass.",
	    "am 12.10.2026 um 10:00 Uhr treffen wir uns mit ben@example.org und "
	        "chi@example.org:\nRaum 3",
	    "Le 12 octobre 2026 à 14:00, réunion avec ben@example.org :\nsalle 3",
	    "El 12 de octubre de 2026 a las 10:00, reunión con ben@example.org:\nsala 3",
	    "On 12 Oct 2026 at 10:00 call with Ben <ben@example.org>:\nroom 3",
	    "___________\nSummary below the line",
	    "I'm done.\n\nBest,\nAna\n\nPS: the server needs a restart.",
	    "Done.\n\nRegards\nAna\nAlso tell Ben.",
	    "Kind regards to your team",
	    "Best",
	    "Ok\n\nTak for hjælpen",
	    "t\nTest",
	    "Att: Ben must sign",
	    "Br",
	    "LG Monitor ist kaputt",
	    "Yours is the better design",
	};

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		check(bodies[i], bodies[i]);
}

static void
test_attributions(void **state)
{
	static const char *const lines[] = {
	    "On Mon, Oct 12, 2026 at 10:00 AM Ben Baker <ben@example.org> wrote:",
	    "On 12/10/2026 10:00, Ben Baker wrote:",
	    "On Oct 12, 2026, at 10:00 AM, Ben Baker <ben@example.org> wrote:",
	    "On Monday, October 12th, 2026 at 10:00 AM, Ben Baker <ben@example.org> wrote:",
	    "On Monday 12 October 2026 10:00:12 CEST Ben Baker wrote:",
	    "Ben Baker <ben@example.org> writes:",
	    "Ben Baker writes:",
	    "* Ben Baker <ben@example.org> [2026-10-12 10:00]:",
	    "On Mon, Oct 12, 2026 at 10:00:00AM +0200, Ben Baker wrote:",
	    "Quoting Ben Baker <ben@example.org>:",
	    "In article <abc@example.org>, Ben Baker wrote:",
	    "---- On Mon, 12 Oct 2026 10:00:00 +0200 Ben Baker <ben@example.org> wrote ----",
	    "Am 12.10.26 um 10:00 schrieb Ben Baker:",
	    "Am 12.10.2026 um 10:00 schrieb Ben Baker <ben@example.org>:",
	    "Am Mo., 12. Okt. 2026 um 10:00 Uhr schrieb Ben Baker <ben@example.org>:",
	    "Ben Baker <ben@example.org> schrieb am Mo., 12. Okt. 2026, 10:00:",
	    "Zitat von Ben Baker <ben@example.org>:",
	    "Le lun. 12 oct. 2026 à 10:00, Ben Baker <ben@example.org> a écrit :",
	    "Le 12/10/2026 à 10:00, Ben Baker a écrit :",
	    "Le 12 oct. 2026 à 10:00, Ben Baker <ben@example.org> a écrit :",
	    "Le lundi 12 octobre 2026 à 10:00:00 UTC+2, Ben Baker <ben@example.org> a écrit :",
	    "El lun, 12 oct 2026 a las 10:00, Ben Baker (<ben@example.org>) escribió:",
	    "El 12/10/26 a las 10:00, Ben Baker escribió:",
	    "El 12 oct 2026, a las 10:00, Ben Baker <ben@example.org> escribió:",
	    "El lunes, 12 de octubre de 2026, 10:00:00 CEST, Ben Baker <ben@example.org> "
	        "escribió:",
	    "Em seg., 12 de out. de 2026 às 10:00, Ben Baker <ben@example.org> escreveu:",
	    "Em 12/10/2026 10:00, Ben Baker escreveu:",
	    "No dia 12/10/2026, às 10:00, Ben Baker <ben@example.org> escreveu:",
	    "Ben Baker <ben@example.org> escreveu no dia segunda, 12/10/2026 à(s) 10:00:",
	    "Em segunda-feira, 12 de outubro de 2026 10:00:00 BRT, Ben Baker "
	        "<ben@example.org> escreveu:",
	    "Il giorno lun 12 ott 2026 alle ore 10:00 Ben Baker <ben@example.org> ha scritto:",
	    "Il 12/10/2026 10:00, Ben Baker ha scritto:",
	    "Il Lunedì 12 Ottobre 2026 10:00, Ben Baker <ben@example.org> ha scritto:",
	    "Il giorno 12 ott 2026, alle ore 10:00, Ben Baker <ben@example.org> ha scritto:",
	    "In data lunedì 12 ottobre 2026 10:00:00 CEST, Ben Baker ha scritto:",
	    "Op ma 12 okt. 2026 om 10:00 schreef Ben Baker <ben@example.org>:",
	    "Op 12-10-2026 om 10:00 schreef Ben Baker:",
	    "Op 12 okt. 2026 om 10:00 heeft Ben Baker <ben@example.org> het volgende geschreven:",
	    "Op maandag 12 oktober 2026 om 10:00:00 CEST schreef Ben Baker <ben@example.org>:",
	    "pon., 12 paź 2026 o 10:00 Ben Baker <ben@example.org> napisał(a):",
	    "W dniu 12.10.2026 o 10:00, Ben Baker pisze:",
	    "W dniu 12 października 2026 10:00 użytkownik Ben Baker <ben@example.org> napisał:",
	    "Wiadomość napisana przez Ben Baker <ben@example.org> w dniu 12 paź 2026, o "
	        "godz. 10:00:",
	    "Dnia 12 października 2026 10:00 Ben Baker <ben@example.org> napisał(a):",
	    "Den man. 12. okt. 2026 kl. 10.00 skrev Ben Baker <ben@example.org>:",
	    "Den 12-10-2026 kl. 10:00 skrev Ben Baker:",
	    "Den 12. okt. 2026 kl. 10.00 skrev Ben Baker <ben@example.org>:",
	    "Den mån 12 okt. 2026 kl 10:00 skrev Ben Baker <ben@example.org>:",
	    "Den 2026-10-12 kl. 10:00, skrev Ben Baker:",
	    "12 okt. 2026 kl. 10:00 skrev Ben Baker <ben@example.org>:",
	    "man. 12. okt. 2026 kl. 10:00 skrev Ben Baker <ben@example.org>:",
	    "Den 12.10.2026 10:00, skrev Ben Baker:",
	    "12. okt. 2026 kl. 10:00 skrev Ben Baker <ben@example.org>:",
	    "På mandag 12. oktober 2026 kl 10:00 skrev Ben Baker:",
	    "ma 12. lokak. 2026 klo 10.00 Ben Baker (ben@example.org) kirjoitti:",
	    "Ben Baker kirjoitti 12.10.2026 klo 10.00:",
	    "Ben Baker <ben@example.org> kirjoitti 12.10.2026 kello 10.00:",
	    "po 12. 10. 2026 v 10:00 odesílatel Ben Baker <ben@example.org> napsal:",
	    "Dne 12. 10. 26 v 10:00 Ben Baker napsal(a):",
	    "12. 10. 2026 v 10:00, Ben Baker <ben@example.org>:",
	    "Dne 12. října 2026 10:00 Ben Baker <ben@example.org> napsal(a):",
	    "пн, 12 окт. 2026 г. в 10:00, Ben Baker <ben@example.org>:",
	    "12.10.2026 10:00, Ben Baker пишет:",
	    "12 окт. 2026 г., в 10:00, Ben Baker <ben@example.org> написал(а):",
	    "Понедельник, 12 октября 2026, 10:00 +03:00 от Ben Baker <ben@example.org>:",
	    "12.10.2026, 10:00, \"Ben Baker\" <ben@example.org>:",
	    "пн, 12 жовт. 2026 р. о 10:00 Ben Baker <ben@example.org> пише:",
	    "12.10.26 10:00, Ben Baker пише:",
	    "12 жовт. 2026 р. о 10:00 Ben Baker <ben@example.org> написав(-ла):",
	    "Ben Baker <ben@example.org>, 12 Eki 2026 Pzt, 10:00 tarihinde şunu yazdı:",
	    "12.10.2026 10:00 tarihinde Ben Baker yazdı:",
	    "Ben Baker <ben@example.org> şunları yazdı (12 Eki 2026 10:00):",
	    "12 Eki 2026 tarihinde saat 10:00'de Ben Baker <ben@example.org> şunları yazdı:",
	    "Ben Baker <ben@example.org> 于2026年10月12日周一 10:00写道：",
	    "在 2026/10/12 10:00, Ben Baker 写道:",
	    "2026年10月12日 上午10:00，Ben Baker <ben@example.org> 写道：",
	    "Ben Baker <ben@example.org> 於 2026年10月12日 週一 上午10:00寫道：",
	    "在 2026年10月12日星期一, 10:00:00 GMT+8, Ben Baker <ben@example.org> 写道:",
	    "At 2026-10-12 10:00:00, \"Ben Baker\" <ben@example.org> wrote:",
	    "2026年10月12日(月) 10:00 Ben Baker <ben@example.org>:",
	    "2026/10/12 10:00、Ben Baker <ben@example.org>のメール:",
	    "2026/10/12 10:00に、Ben Baker <ben@example.org>さんは書きました:",
	    "On 2026/10/12 10:00, Ben Baker wrote:",
	    "2026年10月12日月曜日 10:00:00 JST、Ben Baker <ben@example.org>さんは書きました:",
	    "2026년 10월 12일 (월) 오전 10:00, Ben Baker <ben@example.org>님이 작성:",
	    "2026. 10. 12. 오전 10:00에 Ben Baker 이(가) 쓴 글:",
	    "2026. 10. 12. 오전 10:00, Ben Baker <ben@example.org> 작성:",
	    "2026년 10월 12일 월요일 오전 10시 0분 0초 GMT+9, Ben Baker <ben@example.org>님이 작성:",
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		check_mail(ANSWER "\n\n", lines[i], "\n> Their line\n");
		check_mail(ANSWER "\n\n", lines[i], "\n\n> Their line\n");
		check_mail("", lines[i], "\n> Their line\n\n" ANSWER "\n");
	}
}

/* The same, of more kinds: sentences, lists and notes that begin as boilerplate does. */
static void
test_own_prose(void **state)
{
	static const char *const bodies[] = {
	    "Thanks\nAna\nCan you also look at #43?",
	    "Hi Ben,\n\nthe report is done.\n\nBest regards\nAna\n\nPlease note that this "
	        "email address changes next week.",
	    "Let's meet at:\n\nMain Street 5\nBerlin",
	    "Cheers,\nRelease Party Tonight",
	    "To do\n- a\n- b\n\nTo: be decided",
	    "Date: 12 October\nFrom: 10:00 to 12:00\nPlace: room 3",
	    "Von: Berlin\nAn: Hamburg\nDatum: Montag 10:00\nBitte buchen.",
	    "De: Paris\nÀ: Lyon\nDate: lundi 10:00\nMerci de réserver.",
	    "Ben schrieb am 12.10.2026 um 10:00 Uhr an den Kunden:\nalles gut",
	    "Ana wrote on 12 Oct 2026 at 10:00:\nthe old text",
	    "I forward this because ben@example.org wrote on 12 October 2026:\n\nplease "
	        "pay.\n\nWhat do we do?",
	    "Sent via post to Ben with the phone number",
	    "Enviado desde Madrid con el móvil de Ben",
	    "Sent from our new office!",
	    "Get the Outlook add-in for Windows tested",
	    "Download Outlook for Windows and test login please",
	    "Outlook für Windows stürzt ab",
	    "Outlook for Android crashes",
	    "Gesendet von Ben mit dem Telefon der Firma",
	    "Unsubscribe page http://x.example.org/u is broken",
	    "To unsubscribe users we call http://x.example.org/api now",
	    "This message is confidential: salaries go up 3 percent, please tell only the "
	        "addressee.",
	    "This email is wrong, it was sent in error to the recipient list; fix the "
	        "template please.",
	    "Diese E-Mail ist vertraulich, bitte nicht weitergeben, auch nicht an den "
	        "Empfänger der letzten Mail.",
	    "Disclaimer: the privacy text needs a review by legal before printing.",
	    "Please consider the environment variables: FOO must be set before printing the "
	        "report.",
	    "Save paper: print on both sides. Confidential prints go to printer 3.",
	    "Attention: the server received this email in error state.",
	    "-- Ana's list --\none\ntwo",
	    "Two options:\nA\n--\nB",
	    "Yes.\n--\nNo.",
	    "_____\nNotes for the mailing list team",
	    "Ok.\n\n-----\nAlso: call Ben",
	    "* Ben: done\n* Chi: on 12.10.2026 10:00 ben@example.org:",
	    "Status update 12.10.2026 10:00, ben@example.org:\n- login fixed",
	    "Am Montag:\n- Test\nAm Dienstag:\n- Deploy",
	    "On Monday:\n- test",
	    "Le lundi :\n- test",
	    "Reply above this line? I do not understand it.",
	    "Forwarded message handling is broken",
	    "Begin forwarded message: is what Apple writes.",
	    "From my side all is done: 12.10.2026\nTo do: nothing\nSubject to approval: yes",
	    "Sent: 3 parcels\nTo: Acme\nFrom: Berlin warehouse",
	    "Objet : la facture\nÀ : Ben\nEnvoyé : hier",
	    "Tack\nAllt klart nu",
	    "Kiitos\nKaikki valmista",
	    "Dzięki\nWszystko gotowe",
	    "Děkuji\nHotovo",
	    "Takk\nFerdig",
	    "Teşekkürler\nTamamlandı",
	    "Спасибо\nГотово",
	    "谢谢\n完成了",
	    "ありがとう\n完了",
	    "Gruß aus Wien",
	    "Mit freundlichen Grüßen\nan das Team, Ana",
	    "Hello\n\nThanks\nDone",
	    "Hello\n\nThanks\nDeploy Friday",
	    "Hello\n\nDanke\nLogin Ok",
	    "Hi\n\nBest\nFixed",
	    "Hi\n\nCheers\nApproved",
	    "Hallo\n\nDanke\nErledigt",
	    "Hej\n\nTack\nKlart",
	    "Bonjour\n\nMerci\nOk",
	};

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		check(bodies[i], bodies[i]);
}

/* HTML loses the space of "-- ": a name under a quote is a signature as well. */
static void
test_delimiter(void **state)
{
	check("On 12.10.26 10:00, Ben wrote:\n> Their line\n\n" ANSWER "\n\n--\nAna\n", ANSWER);
	check(ANSWER "\n\nOn 12.10.26 10:00, Ben wrote:\n> Their line\n\n--\nAna\n", ANSWER);
	check("--\nAna\n", "--\nAna");
}

/* Without '>' below it, an attribution needs a day, a time, a verb and a name, or an address. */
static void
test_attributions_unquoted(void **state)
{
	static const char *const lines[] = {
	    "On Mon, Oct 12, 2026 at 10:00 AM Ben Baker <ben@example.org> wrote:",
	    "On 12/10/2026 10:00, Ben Baker wrote:",
	    "On Oct 12, 2026, at 10:00 AM, Ben Baker <ben@example.org> wrote:",
	    "On Monday, October 12th, 2026 at 10:00 AM, Ben Baker <ben@example.org> wrote:",
	    "On Monday 12 October 2026 10:00:12 CEST Ben Baker wrote:",
	    "On Mon, Oct 12, 2026 at 10:00:00AM +0200, Ben Baker wrote:",
	    "---- On Mon, 12 Oct 2026 10:00:00 +0200 Ben Baker <ben@example.org> wrote ----",
	    "Am 12.10.26 um 10:00 schrieb Ben Baker:",
	    "Am 12.10.2026 um 10:00 schrieb Ben Baker <ben@example.org>:",
	    "Am Mo., 12. Okt. 2026 um 10:00 Uhr schrieb Ben Baker <ben@example.org>:",
	    "Ben Baker <ben@example.org> schrieb am Mo., 12. Okt. 2026, 10:00:",
	    "Le lun. 12 oct. 2026 à 10:00, Ben Baker <ben@example.org> a écrit :",
	    "Le 12/10/2026 à 10:00, Ben Baker a écrit :",
	    "Le 12 oct. 2026 à 10:00, Ben Baker <ben@example.org> a écrit :",
	    "Le lundi 12 octobre 2026 à 10:00:00 UTC+2, Ben Baker <ben@example.org> a écrit :",
	    "El lun, 12 oct 2026 a las 10:00, Ben Baker (<ben@example.org>) escribió:",
	    "El 12/10/26 a las 10:00, Ben Baker escribió:",
	    "El 12 oct 2026, a las 10:00, Ben Baker <ben@example.org> escribió:",
	    "El lunes, 12 de octubre de 2026, 10:00:00 CEST, Ben Baker <ben@example.org> "
	        "escribió:",
	    "Em seg., 12 de out. de 2026 às 10:00, Ben Baker <ben@example.org> escreveu:",
	    "Em 12/10/2026 10:00, Ben Baker escreveu:",
	    "No dia 12/10/2026, às 10:00, Ben Baker <ben@example.org> escreveu:",
	    "Ben Baker <ben@example.org> escreveu no dia segunda, 12/10/2026 à(s) 10:00:",
	    "Em segunda-feira, 12 de outubro de 2026 10:00:00 BRT, Ben Baker "
	        "<ben@example.org> escreveu:",
	    "Il giorno lun 12 ott 2026 alle ore 10:00 Ben Baker <ben@example.org> ha scritto:",
	    "Il 12/10/2026 10:00, Ben Baker ha scritto:",
	    "Il Lunedì 12 Ottobre 2026 10:00, Ben Baker <ben@example.org> ha scritto:",
	    "Il giorno 12 ott 2026, alle ore 10:00, Ben Baker <ben@example.org> ha scritto:",
	    "In data lunedì 12 ottobre 2026 10:00:00 CEST, Ben Baker ha scritto:",
	    "Op ma 12 okt. 2026 om 10:00 schreef Ben Baker <ben@example.org>:",
	    "Op 12-10-2026 om 10:00 schreef Ben Baker:",
	    "Op 12 okt. 2026 om 10:00 heeft Ben Baker <ben@example.org> het volgende geschreven:",
	    "Op maandag 12 oktober 2026 om 10:00:00 CEST schreef Ben Baker <ben@example.org>:",
	    "pon., 12 paź 2026 o 10:00 Ben Baker <ben@example.org> napisał(a):",
	    "W dniu 12.10.2026 o 10:00, Ben Baker pisze:",
	    "W dniu 12 października 2026 10:00 użytkownik Ben Baker <ben@example.org> napisał:",
	    "Wiadomość napisana przez Ben Baker <ben@example.org> w dniu 12 paź 2026, o "
	        "godz. 10:00:",
	    "Dnia 12 października 2026 10:00 Ben Baker <ben@example.org> napisał(a):",
	    "Den man. 12. okt. 2026 kl. 10.00 skrev Ben Baker <ben@example.org>:",
	    "Den 12-10-2026 kl. 10:00 skrev Ben Baker:",
	    "Den 12. okt. 2026 kl. 10.00 skrev Ben Baker <ben@example.org>:",
	    "Den mån 12 okt. 2026 kl 10:00 skrev Ben Baker <ben@example.org>:",
	    "Den 2026-10-12 kl. 10:00, skrev Ben Baker:",
	    "12 okt. 2026 kl. 10:00 skrev Ben Baker <ben@example.org>:",
	    "man. 12. okt. 2026 kl. 10:00 skrev Ben Baker <ben@example.org>:",
	    "Den 12.10.2026 10:00, skrev Ben Baker:",
	    "12. okt. 2026 kl. 10:00 skrev Ben Baker <ben@example.org>:",
	    "På mandag 12. oktober 2026 kl 10:00 skrev Ben Baker:",
	    "ma 12. lokak. 2026 klo 10.00 Ben Baker (ben@example.org) kirjoitti:",
	    "Ben Baker <ben@example.org> kirjoitti 12.10.2026 kello 10.00:",
	    "po 12. 10. 2026 v 10:00 odesílatel Ben Baker <ben@example.org> napsal:",
	    "12. 10. 2026 v 10:00, Ben Baker <ben@example.org>:",
	    "Dne 12. října 2026 10:00 Ben Baker <ben@example.org> napsal(a):",
	    "пн, 12 окт. 2026 г. в 10:00, Ben Baker <ben@example.org>:",
	    "12.10.2026 10:00, Ben Baker пишет:",
	    "12 окт. 2026 г., в 10:00, Ben Baker <ben@example.org> написал(а):",
	    "Понедельник, 12 октября 2026, 10:00 +03:00 от Ben Baker <ben@example.org>:",
	    "12.10.2026, 10:00, \"Ben Baker\" <ben@example.org>:",
	    "пн, 12 жовт. 2026 р. о 10:00 Ben Baker <ben@example.org> пише:",
	    "12.10.26 10:00, Ben Baker пише:",
	    "12 жовт. 2026 р. о 10:00 Ben Baker <ben@example.org> написав(-ла):",
	    "Ben Baker <ben@example.org>, 12 Eki 2026 Pzt, 10:00 tarihinde şunu yazdı:",
	    "12.10.2026 10:00 tarihinde Ben Baker yazdı:",
	    "Ben Baker <ben@example.org> şunları yazdı (12 Eki 2026 10:00):",
	    "12 Eki 2026 tarihinde saat 10:00'de Ben Baker <ben@example.org> şunları yazdı:",
	    "Ben Baker <ben@example.org> 于2026年10月12日周一 10:00写道：",
	    "在 2026/10/12 10:00, Ben Baker 写道:",
	    "2026年10月12日 上午10:00，Ben Baker <ben@example.org> 写道：",
	    "Ben Baker <ben@example.org> 於 2026年10月12日 週一 上午10:00寫道：",
	    "在 2026年10月12日星期一, 10:00:00 GMT+8, Ben Baker <ben@example.org> 写道:",
	    "At 2026-10-12 10:00:00, \"Ben Baker\" <ben@example.org> wrote:",
	    "2026年10月12日(月) 10:00 Ben Baker <ben@example.org>:",
	    "2026/10/12 10:00、Ben Baker <ben@example.org>のメール:",
	    "2026/10/12 10:00に、Ben Baker <ben@example.org>さんは書きました:",
	    "On 2026/10/12 10:00, Ben Baker wrote:",
	    "2026年10月12日月曜日 10:00:00 JST、Ben Baker <ben@example.org>さんは書きました:",
	    "2026년 10월 12일 (월) 오전 10:00, Ben Baker <ben@example.org>님이 작성:",
	    "2026. 10. 12. 오전 10:00, Ben Baker <ben@example.org> 작성:",
	    "2026년 10월 12일 월요일 오전 10시 0분 0초 GMT+9, Ben Baker <ben@example.org>님이 작성:",
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		check_mail(ANSWER "\n\n", lines[i], "\n\nTheir line\nAnother\n");
	check("On 12/10/2026 at 10:00 the customer wrote:\n\nIt is broken.",
	    "On 12/10/2026 at 10:00 the customer wrote:\n\nIt is broken.");
	check("Am 12.10.2026 um 10:00 schrieb der Kunde:\n\nEs ist kaputt.",
	    "Am 12.10.2026 um 10:00 schrieb der Kunde:\n\nEs ist kaputt.");
}

/* Wrapped anywhere: behind the day, around the address and the verb. */
static void
test_attributions_wrapped(void **state)
{
	static const char *const lines[] = {
	    "Ben Baker <ben@example.org> schrieb am Mo.,\n12. Okt. 2026, 10:00:",
	    "Ben Baker <ben@example.org> schrieb\nam Mo., 12. Okt. 2026, 10:00:",
	    "Ben Baker <ben@example.org>\nschrieb am Mo., 12. Okt. 2026, 10:00:",
	    "Ben Baker <ben@example.org>\nhat am 12.10.2026 10:00 geschrieben:",
	    "Ben Baker <ben@example.org>\nwrites:",
	    "On Mon, Oct 12, 2026\nat 10:00 AM Ben Baker <ben@example.org> wrote:",
	    "On Monday, October 12, 2026\nat 10:00:00 AM UTC+2 Ben Baker wrote:",
	    "Am Mo., 12. Okt. 2026\num 10:00 Uhr schrieb Ben Baker <ben@example.org>:",
	    "Den man. 12. okt. 2026\nkl. 10.00 skrev Ben Baker <ben@example.org>:",
	    "El lunes, 12 de octubre de 2026\na las 10:00, Ben Baker <ben@example.org> "
	        "escribió:",
	    "El El lun, 12 oct 2026 a la(s) 10:00, Ben Baker <ben@example.org> escribió:",
	    "Le lun. 12 oct. 2026 à 10:00, Ben Baker <ben@example.org> a écrit\n:",
	    "Ben Baker kirjoitti 12.10.2026\nklo 10.00:",
	    "Ben Baker <ben@example.org>,\n12 Eki 2026 Pzt, 10:00 tarihinde şunu yazdı:",
	    "Ben Baker <ben@example.org>, 12 Eki 2026\nPzt, 10:00 tarihinde şunu yazdı:",
	    "12 Eki 2026 tarihinde\nsaat 10:00'de Ben Baker <ben@example.org> şunları yazdı:",
	    "Ben Baker <ben@example.org>\n于2026年10月12日周一 10:00写道：",
	    "Ben Baker <ben@example.org> escreveu no dia\nsegunda, 12/10/2026 \xc3\xa0(s) 10:00:",
	    "Ben Baker <ben@example.org>, 12 Eki 2026 Pzt,\n10:00 tarihinde \xc5\x9funu "
	    "yazd\xc4\xb1:",
	    "Ben Baker <ben@example.org> \xe6\x96\xbc 2026\xe5\xb9\xb4" "10\xe6\x9c\x88"
	    "12\xe6\x97\xa5\n"
	    "\xe4\xb8\x8a\xe5\x8d\x88" "10:00\xe5\xaf\xab\xe9\x81\x93\xef\xbc\x9a",
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		check_mail(ANSWER "\n\n", lines[i], "\n> Their line\n");
}

static void
test_markers(void **state)
{
	static const char *const lines[] = {
	    "-----Original Message-----",
	    "----- Original Message -----",
	    "-----Ursprüngliche Nachricht-----",
	    "-------- Original-Nachricht --------",
	    "-----Message d'origine-----",
	    "-------- Message original --------",
	    "-----Mensaje original-----",
	    "-----Mensagem original-----",
	    "-----Messaggio originale-----",
	    "-----Oorspronkelijk bericht-----",
	    "-----Wiadomość oryginalna-----",
	    "-----Oprindelig meddelelse-----",
	    "-----Ursprungligt meddelande-----",
	    "-----Opprinnelig melding-----",
	    "-----Alkuperäinen viesti-----",
	    "-----Původní zpráva-----",
	    "-----Исходное сообщение-----",
	    "-----Оригінальне повідомлення-----",
	    "-----Özgün İleti-----",
	    "-----Orijinal Mesaj-----",
	    "-----邮件原件-----",
	    "------------------ 原始邮件 ------------------",
	    "-----原始郵件-----",
	    "-----元のメッセージ-----",
	    "-----원본 메시지-----",
	    "-------- Mensaje original --------",
	    "-------- Oorspronkelijk bericht --------",
	    "-------- Původní e-mail ----------",
	    "---------- Původní zpráva ----------",
	    "-------- Wiadomość oryginalna --------",
	    "-------- Původní e-mail --------",
	    "-------- Mensagem original --------",
	    "-------- Исходное сообщение --------",
	    "-------- Пересылаемое сообщение --------",
	    "---------- Forwarded message ---------",
	    "-------- Weitergeleitete Nachricht --------",
	    "-------- Message transféré --------",
	    "-------- Mensaje reenviado --------",
	    "-------- Mensagem encaminhada --------",
	    "-------- Messaggio Inoltrato --------",
	    "-------- Doorgestuurd bericht --------",
	    "-------- Treść przekazanej wiadomości --------",
	    "-------- Videresendt besked --------",
	    "-------- Vidarebefordrat meddelande --------",
	    "-------- Videresendt melding --------",
	    "-------- Välitetty viesti --------",
	    "-------- Přeposlaná zpráva --------",
	    "-------- Перенаправлене повідомлення --------",
	    "-------- Переслане повідомлення --------",
	    "-------- Yönlendirilmiş Mesaj --------",
	    "-------- İletilmiş İleti --------",
	    "-------- 转发的消息 --------",
	    "---------- Forwarded message ----------",
	    "-------- 轉寄訊息 --------",
	    "-------- 転送メッセージ --------",
	    "-------- Forwarded Message --------",
	    "-------- 전달된 메시지 --------",
	    "Begin forwarded message:",
	    "Anfang der weitergeleiteten Nachricht:",
	    "Début du message réexpédié :",
	    "Inicio del mensaje reenviado:",
	    "Início da mensagem reencaminhada:",
	    "Inizio messaggio inoltrato:",
	    "Begin doorgestuurd bericht:",
	    "Początek przekazywanej wiadomości:",
	    "Start på videresendt besked:",
	    "Vidarebefordrat brev:",
	    "Videresendt melding:",
	    "Välitetty viesti alkaa:",
	    "Začátek přeposílané zprávy:",
	    "Начало переадресованного сообщения:",
	    "Початок листа, що пересилається:",
	    "İletilen ileti başlangıcı:",
	    "下面是被转发的邮件：",
	    "以下為轉寄的郵件：",
	    "転送されたメッセージ：",
	    "전달된 메시지:",
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		check_mail(ANSWER "\n\n", lines[i], "\n\nTheir line\n");
}

static void
test_devices(void **state)
{
	static const char *const lines[] = {
	    "Sent from my iPhone",
	    "Sent from my iPad",
	    "Sent from my Samsung Galaxy smartphone.",
	    "Sent from my HTC One",
	    "Sent from my BlackBerry 10 smartphone on the Verizon network.",
	    "Sent from my mobile device",
	    "Sent from my phone",
	    "Sent from Mail for Windows 10",
	    "Sent from Outlook for Android",
	    "Sent from Yahoo Mail on Android",
	    "Sent from ProtonMail mobile",
	    "Sent from Proton Mail for iOS",
	    "Sent with Proton Mail secure email.",
	    "Get Outlook for iOS<https://aka.ms/o0ukef>",
	    "Get BlueMail for Android",
	    "Sent from my Verizon, Samsung Galaxy smartphone",
	    "Von meinem iPhone gesendet",
	    "Gesendet von meinem Samsung Galaxy Smartphone.",
	    "Gesendet von Mail für Windows",
	    "Gesendet von Outlook für iOS",
	    "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
	    "Von meinem Handy gesendet",
	    "Gesendet mit der GMX Mail App",
	    "Outlook für Android beziehen",
	    "Envoyé de mon iPhone",
	    "Envoyé depuis mon mobile Orange",
	    "Envoyé à partir d'Outlook pour Android",
	    "Envoyé depuis mon appareil mobile",
	    "Télécharger Outlook pour Android",
	    "Enviado desde mi iPhone",
	    "Enviado desde mi dispositivo Samsung",
	    "Enviado desde Outlook para iOS",
	    "Obtener Outlook para iOS",
	    "Enviado do meu iPhone",
	    "Enviado do Outlook para Android",
	    "Enviado do meu telemóvel",
	    "Obter o Outlook para iOS",
	    "Inviato da iPhone",
	    "Inviato dal mio dispositivo Android",
	    "Inviato da Outlook per Android",
	    "Scarica Outlook per Android",
	    "Verzonden vanaf mijn iPhone",
	    "Verstuurd vanaf mijn iPhone",
	    "Verzonden vanuit Outlook voor iOS",
	    "Outlook voor Android downloaden",
	    "Wysłane z iPhone'a",
	    "Wysłano z mojego telefonu",
	    "Pobierz aplikację Outlook dla systemu iOS",
	    "Sendt fra min iPhone",
	    "Hent Outlook til iOS",
	    "Skickat från min iPhone",
	    "Skickat från Outlook för Android",
	    "Hämta Outlook för iOS",
	    "Få Outlook for iOS",
	    "Lähetetty iPhonesta",
	    "Lähetetty puhelimesta",
	    "Hanki Outlook for iOS",
	    "Odesláno z iPhonu",
	    "Odesláno z mobilního zařízení",
	    "Získat Outlook pro Android",
	    "Отправлено с iPhone",
	    "Отправлено из мобильной Почты Mail.ru",
	    "Отправлено с моего устройства Samsung",
	    "Скачать Outlook для iOS",
	    "Надіслано з iPhone",
	    "Надіслано з мого телефону",
	    "Отримати Outlook для iOS",
	    "iPhone'umdan gönderildi",
	    "Samsung cep telefonumdan gönderildi",
	    "iOS için Outlook'u edinin",
	    "发自我的iPhone",
	    "发送自 Windows 版邮件",
	    "获取 Outlook for iOS",
	    "從我的 iPhone 傳送",
	    "取得 Outlook for iOS",
	    "iPhoneから送信",
	    "Windows のメールから送信",
	    "Outlook for iOS を入手",
	    "나의 iPhone에서 보냄",
	    "내 iPhone에서 보냄",
	    "Windows용 메일에서 보냄",
	    "Galaxy에서 보냄",
	    "Von unterwegs gesendet",
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		check_mail(ANSWER "\n\n", lines[i], "\n");
		check_mail(ANSWER "\n\n-- \n", lines[i], "\n");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_own), cmocka_unit_test(test_own_prose),
	    cmocka_unit_test(test_attributions),
	    cmocka_unit_test(test_attributions_unquoted),
	    cmocka_unit_test(test_attributions_wrapped),
	    cmocka_unit_test(test_delimiter), cmocka_unit_test(test_markers),
	    cmocka_unit_test(test_devices),
	};

	return cmocka_run_group_tests_name("trim-kept", tests, NULL, NULL);
}
