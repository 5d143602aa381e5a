/* SPDX-License-Identifier: ISC */
/* Tests of parsers/trim: a person's own lines that begin or look like what mail programs write. All
 * of them stay, alone, below other words, and with a command below them, which stays as well. */
#include "tests/unit/unit.h"

#include "parsers/base/arena.h"
#include "parsers/trim.h"

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
test_own_lines(void **state)
{
	static const char *const lines[] = {
	    "Date: Friday\nSubject: the plan",
	    "From: Berlin\nTo: Paris\nDate: Friday",
	    "From: Berlin\nTo: Paris\nDate: Friday\nSubject: trip",
	    "Von: Berlin\nAn: Hamburg\nDatum: Montag\nBetreff: Reise",
	    "De: Paris\nÀ: Lyon\nDate: lundi\nObjet: voyage",
	    "De: Madrid\nPara: Sevilla\nFecha: lunes\nAsunto: viaje",
	    "Da: Roma\nA: Milano\nData: lunedì\nOggetto: viaggio",
	    "Van: Utrecht\nAan: Breda\nDatum: maandag\nOnderwerp: reis",
	    "Od: Kraków\nDo: Gdańsk\nData: piątek\nTemat: podróż",
	    "Fra: Oslo\nTil: Bergen\nDato: fredag\nEmne: reise",
	    "Från: Lund\nTill: Umeå\nDatum: fredag\nÄmne: resa",
	    "От: Москва\nКому: Ане\nДата: пятница\nТема: поездка",
	    "From: Berlin\nTo: Paris\nDate: 12.10.2026 09:00",
	    "Date: 12.10.2026 10:00\nTo: all\nSubject: planning",
	    "To: chi@example.org\nSubject: the plan\nDate: Friday",
	    "From: ana@example.org\nSubject: filter rule",
	    "From: ana@example.org\nTo: chi@example.org\nSubject: the draft",
	    "Subject: the plan\nTo: all\nFrom: me",
	    "From: Ana\nTo: Ben\nSubject: lunch",
	    "Sent: 3 parcels\nTo: Acme\nFrom: Berlin\nDate: Friday",
	    "Date: Friday\nFrom: Ana\nSubject: party\nTo: all of you",
	    "Trip\n----\nFrom: Berlin\nTo: Paris\nDate: Friday\nSubject: trip",
	    "**From:** Berlin\n**To:** Paris\n**Date:** Friday\n**Subject:** trip",
	    "From: Berlin\nTo: Paris\nDate: Friday\nSubject: tickets, ask "
	        "ben@example.org",
	    "时间: 周五\n主题: 计划",
	    "日時: 金曜日\n件名: 計画\n宛先: 全員",
	    "Дата: пятница\nТема: план",
	    "Tarih: Cuma\nKonu: plan",
	    "From: 9:00\nTo: 17:00\nDate: 2026-10-12\nSubject: shift",
	    "De: lundi\nÀ: vendredi\nObjet: congés",
	    "Date: 12 Oct 2026\nSubject: notes\nFrom: the board",
	    "From: Monday\nSubject: to change",
	    "This email is about the privacy page which must go live on Friday. "
	        "Please look at it and tell whether the wording of the second part is "
	        "right before the release goes out, thanks.",
	    "This email is about the confidential contract; the addressee is Acme.",
	    "To unsubscribe users, we need a new button at https://example.org/u.",
	    "Please consider the environment variables before printing the report; "
	        "set FOO.",
	    "Unsubscribe page http://x.example.org/u is broken",
	    "To unsubscribe from this the customer must call us.",
	    "You received this message because you lead the team. Please answer.",
	    "You are receiving this because you asked for the numbers.",
	    "To stop receiving emails the customer changes the setting.",
	    "Unsubscribe is broken.",
	    "To post to this group you need a key.",
	    "This message contains the list of confidential customers, please store "
	        "it safely and tell nobody about it, since the contract with Acme says "
	        "that nothing may leak before May.",
	    "Important: the confidential report was sent to a wrong addressee in "
	        "error. Ben called them and they deleted it; we need a review.",
	    "Notice: privacy review on Friday.",
	    "Disclaimer: the numbers are not final and confidential until the board "
	        "has agreed to them on Friday afternoon, so keep them to the team until "
	        "then, please, and do not forward.",
	    "Confidentiality of the customer data in error logs must be checked: the "
	        "privacy team says the addressee is visible.",
	    "Warning: disk is full and the mail was received in error state",
	    "This email may take a while to read: the privacy page, the confidential "
	        "list and the plan.",
	    "This e-mail is the last one on confidential data in error logs.",
	    "Legal notice page needs the privacy text and the confidential clause.",
	    "Save paper: print both sides, confidential prints go to printer 3.",
	    "Diese Nachricht ist für alle: die Umwelt-Zahlen sind vertraulich, bitte "
	        "nicht weitergeben, bis der Vorstand am Freitag zugestimmt hat und die "
	        "Presse informiert ist.",
	    "Diese E-Mail geht an den Kunden, sie wurde irrtümlich an die falsche "
	        "Adresse gesendet, bitte neu senden und vertraulich behandeln, danke "
	        "schon einmal für die schnelle Hilfe dabei.",
	    "Ce message concerne le destinataire du colis: il est confidentiel et le "
	        "transporteur l'a livré à la mauvaise adresse, merci de rappeler le "
	        "client avant vendredi midi.",
	    "Este mensaje es para el destinatario del paquete: es confidencial y hay "
	        "que llamar al cliente antes del viernes, por favor, para que no lo "
	        "pierda en la oficina.",
	    "Esta mensagem é sobre o destinatário da encomenda, é confidencial e o "
	        "cliente deve ser avisado antes de sexta-feira, por favor, para que não "
	        "se perca no escritório.",
	    "Questo messaggio riguarda il destinatario del pacco: è riservato e il "
	        "cliente va chiamato entro venerdì, per favore, così non va perso in "
	        "ufficio nel fine settimana.",
	    "Dit bericht gaat over de geadresseerde van het pakket: het is "
	        "vertrouwelijk en de klant moet voor vrijdag gebeld worden, graag, zodat "
	        "het niet kwijtraakt op kantoor.",
	    "Это письмо об адресате посылки: данные конфиденциальны, позвоните "
	        "клиенту до пятницы, чтобы ничего не потерялось в офисе за выходные, "
	        "спасибо.",
	    "Attention: this email in error queue must be deleted today.",
	    "On 12 Oct 2026 at 10:00 the customer wrote:\nIt is broken.",
	    "On Monday Ben wrote:\nplan",
	    "Ana wrote:\nthe plan",
	    "Ana Lima wrote:\nthe plan is good",
	    "Am 12.10.2026 um 10:00 schrieb der Kunde:\nkaputt",
	    "Le 12/10/2026 à 10:00 le client a écrit :\nc'est cassé",
	    "El 12/10/2026 a las 10:00 el cliente escribió:\nestá roto",
	    "Em 12/10/2026 às 10:00 o cliente escreveu:\nquebrou",
	    "Il 12/10/2026 alle 10:00 il cliente ha scritto:\nrotto",
	    "Op 12-10-2026 om 10:00 schreef de klant:\nkapot",
	    "W dniu 12.10.2026 o 10:00 klient napisał:\nzepsute",
	    "Den 12.10.2026 kl. 10:00 skrev kunden:\nødelagt",
	    "12.10.2026 klo 10.00 asiakas kirjoitti:\nrikki",
	    "Dne 12.10.2026 v 10:00 zákazník napsal:\nrozbité",
	    "12.10.2026 10:00 клиент написал:\nсломано",
	    "12.10.2026 o 10:00 клієнт написав:\nзламано",
	    "12.10.2026 10:00 müşteri yazdı:\nbozuk",
	    "2026年10月12日 10:00 客户写道：\n坏了",
	    "2026/10/12 10:00 お客様のメール:\n壊れた",
	    "2026년 10월 12일 10:00 고객이 작성:\n고장",
	    "2026-10-12 10:00 ben@example.org:\n- login fixed",
	    "12.10.2026 10:00, ben@example.org:\n- fixed",
	    "On call 12 Oct 2026 10:00 ben@example.org:\n- nothing",
	    "Meeting on 12 Oct 2026 at 10:00 with Ben <ben@example.org>:\nroom 3",
	    "Call with ben@example.org on 12 Oct 2026 at 10:00 wrote down:\n- plan",
	    "Contact: Ben <ben@example.org>\nsince 2024",
	    "Ask Ben <ben@example.org>",
	    "In reply to ben@example.org:\nno",
	    "Quoting ben@example.org:\nhe is right",
	    "On 12 Oct 2026 at 10:00 Ben sent:\n3 files",
	    "At 10:00 on 12.10.2026 Ben Baker sent the parcels:\n- one",
	    "Tue 12 Oct 2026 10:00 Stand-up:\n- all fine",
	    "Mon 12.10.2026 09:00 Release (ben@example.org):\n- ok",
	    "Di 13.10.2026 10:00 Termin mit ben@example.org:\nRaum 3",
	    "Le mar. 13 oct. 2026 à 10:00, atelier avec ben@example.org :\nsalle 3",
	    "The log said, on 2026-10-12 10:00, Ben wrote:\nx",
	    "Ticket 4711 from 12.10.2026 10:00, Chi Wu wrote:\nthe door is open",
	    "-- Original plan --\nwe ship",
	    "--- Forwarded to Ben ---\nok",
	    "== Original message format ==\nis X",
	    "Forwarded message: see the ticket",
	    "-----\nOriginal plan\n-----",
	    "Reply above this line does not work",
	    "Begin forwarded message handling: later",
	    "Thanks,\nAna will do it",
	    "Best\nBen and Chi agree",
	    "Cheers\nNo News",
	    "Thanks\nPlease Deploy",
	    "Regards\nThe Login Works",
	    "Danke\nAlles Gut",
	    "Merci\nC'est Bon",
	    "Best\nFriday",
	    "Thanks!\nShip It",
	    "Gracias\nYa Está",
	    "Grazie\nVa Bene",
	    "Thanks\nGo Live Monday",
	    "Danke\nPasst So",
	    "Best\nOption A",
	    "Thanks\nRoom 3",
	    "Thanks\nLunch At Noon",
	    "Sent from my desk",
	    "Sent from Berlin",
	    "Sent from my home office, phone is broken",
	    "Sent via Slack already",
	    "Von meinem Laptop geht es",
	    "Gesendet an Ben",
	    "Envoyé à Ben",
	    "Sent from the phone team: all tests green",
	    "Sent with the phone bill",
	    "Sent from iPhone users: 3 bugs",
	    "Get Outlook working on Android",
	    "Enviado al cliente desde Outlook",
	    "Mail for Windows is broken",
	    "Verzonden vanaf kantoor",
	    "Skickat till Ben",
	    "Lähetetty Benille",
	    "Wysłane do klienta",
	    "Отправлено клиенту",
	    "已发自北京",
	    "iPhoneから送信できない",
	    "Envoyé hier avec le mobile de Ben",
	    "Enviado ayer",
	    "Sendt fra lageret",
	    "Skickat i går",
	    "Wysłano wczoraj z biura",
	    "Odesláno včera",
	    "Отправлено вчера",
	    "Надіслано вчора клієнту",
	    "Dün müşteriye gönderildi",
	    "已从北京发送",
	    "昨日送信",
	    "어제 보냄",
	    "Inviato ieri da Ben",
	    "Verzonden gisteren",
	    "Lähetetty eilen",
	    "Gesendet gestern",
	    "Enviado pelo Ben ontem",
	    "Enviado desde el móvil de Ana: mañana llego",
	    "Inviato dal cliente con telefono",
	    "Envoyé par Ben avec la tablette du client",
	    "Gesendet von Chi aus Berlin",
	    "Sendt med bil til Oslo",
	    "Skickat med posten från Lund",
	    "发送自动化测试结果",
	    "iPhone 用户反馈",
	    "Outlook est lent",
	    "Windows から送信できない",
	    "Galaxy 화면 깨짐",
	    "Done:\n- fixed #42 (1h30m)\n\nNext:\n- docs",
	    "Thanks\n\nAna",
	    "Best,\nAna\n\nPS: tell Ben",
	    "Regards from Lisbon\nAna and Ben",
	    "Hallo Ben,\n\nMontag 10:00:\n- A\n\nDienstag 11:00:\n- B",
	    "Options:\n- A\n- B\n--\nA is better",
	    "Notes from call\n===============\nFrom: the customer\n"
	        "To do: call",
	    "Agenda\n--------\n10:00 A\n11:00 B",
	    "He wrote:\n> it works\nI disagree.",
	    "In data 12/10/2026 10:00 abbiamo consegnato:\n- A",
	    "Am 12.10. um 10:00 Uhr schrieb ich an Ben:\nalles",
	    "Den 12. oktober kl. 10 skrev jeg:\nhej",
	    "Le 12 à 10:00 j'ai écrit à Ben :\noui",
	    "El 12 a las 10:00 escribí a Ben:\nsí",
	    "W dniu 12.10.2026 o 10:00 napisałem do ben@example.org:\nok",
	    "12.10.2026 в 10:00 я написал ben@example.org:\nда",
	    "12.10.2026 klo 10:00 kirjoitin ben@example.org:\njoo",
	    "Op 12-10-2026 om 10:00 schreef ik aan ben@example.org:\nja",
	    "Dne 12.10.2026 v 10:00 jsem napsal ben@example.org:\nano",
	    "Em 12/10/2026 às 10:00 escrevi para ben@example.org:\nsim",
	    "Il 12/10/2026 alle 10:00 ho scritto a ben@example.org:\nsì",
	    "Den 12.10.2026 kl. 10:00 skrev jag till ben@example.org:\nja",
	    "Am 12.10.2026 um 10:00 schrieb ich ben@example.org:\nja",
	    "On 12 Oct 2026 at 10:00 we wrote to ben@example.org:\nhello",
	    "On 12 Oct 2026 at 10:00 they wrote to ben@example.org:\nhello",
	    "Yesterday at 10:00 Ben Baker wrote:\nfine",
	    "Today 12.10.2026 Ben wrote:\nfine",
	    "On 12 October Ana wrote:\nfine",
	    "Ben Baker wrote on Monday:\nfine",
	    "Ben Baker <ben@example.org> wrote:\nfine",
	    "Minutes 12.10.2026 10:00 (Ben <ben@example.org>):\n- A",
	    "12.10.2026 10:00 Call Ben <ben@example.org>, then:\n- A",
	    "Mon 12 Oct 2026 10:00: Ben <ben@example.org>\n"
	        "Tue 13 Oct 2026 11:00: Chi <chi@example.org>",
	    "Fri 10:00 Ben <ben@example.org>:\nroom 3",
	    "Contacts:\nBen <ben@example.org>\nChi <chi@example.org>",
	    "- On 12.10.2026 10:00, Ben Baker wrote:\nthe plan",
	    "* 12.10.2026 10:00 deploy, ben@example.org:\nok",
	    "Thank you\nTeam Red",
	    "Thanks\nMaria",
	    "Danke\nFertig",
	    "Cheers\nBuild Green",
	    "Best\nAna Lima\nAlso: ship it",
	    "Best regards\nto Chi",
	    "Gracias\nListo",
	    "Спасибо\nВсё Готово",
	    "Thanks\n+1",
	    "Thanks\nLGTM",
	    "Thanks\nYes Please",
	    "Thanks\nNope",
	    "Cheers\nMerged",
	    "Danke\nStimmt",
	    "Merci\nParfait",
	    "Thx\nAck",
	    "Thanks\nAgreed",
	    "Thanks\nDitto",
	    "Thanks\nLater",
	    "Thanks\nTuesday",
	    "Thanks\nConfirmed",
	    "Thanks\nUnderstood",
	    "Danke\nVerstanden",
	    "Merci\nCompris",
	    "Gracias\nEntendido",
	    "Obrigado\nEntendido",
	    "Grazie\nCapito",
	    "Bedankt\nBegrepen",
	    "Tack\nUppfattat",
	    "Takk\nForstått",
	    "Kiitos\nSelvä",
	    "Dzięki\nJasne",
	    "Díky\nJasně",
	    "Спасибо\nПонял",
	    "Дякую\nЗрозумів",
	    "Teşekkürler\nAnladım",
	    "谢谢\n明白",
	    "ありがとう\n了解",
	    "감사합니다\n알겠습니다",
	    "-- done with the migration\nnext step",
	    "--\n- [x] #42",
	    "--\nStatus: green",
	    "___\nA\n___\nB",
	    "=== Ana ===\nfine",
	    "Confidential\n\nThe offer is 4 EUR.",
	    "Important!\nThe addressee in error log is ben.",
	    "Hinweis: Bevor Sie den vertraulichen Bericht drucken, die "
	        "Umwelt-Zahlen prüfen.",
	};
	static const char *const around[][2] = {
	    {"", ""}, {"Hi Ben,\n\n", ""}, {"Hi Ben,\n\n", "\n/done #42"},
	    {"Hi Ben,\n\n", "\n\n/done #42"}, {"", "\n\nAnd more."},
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		for (size_t k = 0; k < ARRAY_LEN(around); k++) {
			const char *body = arena_printf(arena, "%s%s%s", around[k][0], lines[i],
			    around[k][1]);

			check(body, body);
		}
	arena_destroy(&arena);
}

/* What goes, in the languages of the grammar: a disclaimer names the reader or his mistake, a
 * footer says how to leave the list. */
static void
test_boilerplate(void **state)
{
	static const char *const bodies[] = {
	    "-- \nYou received this message because you are subscribed to the "
	        "Google Groups \"team\" group.\n"
	        "To unsubscribe from this group and stop receiving emails from it, "
	        "send an email to team+unsubscribe@googlegroups.com.",
	    "_______________________________________________\n"
	        "team mailing list -- team@example.org\n"
	        "To unsubscribe send an email to team-leave@example.org",
	    "---------------------------------------------------------------------\n"
	        "To unsubscribe, e-mail: dev-unsubscribe@example.org\n"
	        "For additional commands, e-mail: dev-help@example.org",
	    "—\nReply to this email directly, view it on GitHub, or unsubscribe.\n"
	        "You are receiving this because you were mentioned.",
	    "Ce message et toutes les pièces jointes sont confidentiels et établis "
	        "à l'intention exclusive de leurs destinataires. Si vous avez reçu ce "
	        "message par erreur, merci de le détruire.",
	    "Este mensaje y sus archivos adjuntos van dirigidos exclusivamente a "
	        "su destinatario, pudiendo contener información confidencial. Si usted "
	        "no es el destinatario, bórrelo.",
	    "Esta mensagem é confidencial e destinada exclusivamente ao "
	        "destinatário. Se a recebeu por engano, apague-a.",
	    "Questo messaggio è riservato ed è destinato esclusivamente al "
	        "destinatario. Se avete ricevuto questo messaggio per errore, "
	        "cancellatelo.",
	    "Dit bericht is vertrouwelijk en uitsluitend bestemd voor de "
	        "geadresseerde. Indien u dit bericht per abuis ontvangt, verwijder het.",
	    "Niniejsza wiadomość jest poufna i przeznaczona wyłącznie dla "
	        "adresata. Jeśli nie jest Pan adresatem, proszę usunąć.",
	    "Denne e-mail er fortrolig og kun til modtageren. Hvis du har modtaget "
	        "den ved en fejl, slet den venligst.",
	    "Detta meddelande är konfidentiellt och endast avsett för mottagaren. "
	        "Om du har fått det av misstag, radera det.",
	    "Tämä viesti on luottamuksellinen ja tarkoitettu vain "
	        "vastaanottajalle. Jos olet saanut viestin vahingossa, poista se.",
	    "Tato zpráva je důvěrná a určena pouze adresátovi. Pokud nejste "
	        "adresát, zprávu smažte.",
	    "Это сообщение конфиденциально и предназначено только для адресата. "
	        "Если вы получили его по ошибке, удалите его.",
	    "Це повідомлення конфіденційне і призначене лише для адресата. Якщо ви "
	        "отримали його помилково, видаліть його.",
	    "Bu e-posta gizlidir ve yalnızca alıcısı içindir. Eğer bu e-posta size "
	        "yanlışlıkla ulaştıysa siliniz.",
	    "本邮件及其附件含有保密信息，仅供收件人使用。如果您误收了本邮件，请删除。",
	    "このメールには機密情報が含まれています。誤って受信された場合は削除してください。宛先の方以外の使用は禁じられています。",
	    "이 메일은 지정된 수신인만을 위한 기밀 정보를 포함하고 있습니다. 잘못 수신된 경우 삭제해 주십시오.",
	    "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der "
	        "richtige Adressat sind oder diese E-Mail irrtümlich erhalten haben, "
	        "informieren Sie bitte den Absender.",
	};
	struct arena *arena = arena_create();

	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		const char *text = bodies[i];

		check(arena_printf(arena, "ok\n\n%s\n", text), "ok");
		check(arena_printf(arena, "ok\n\n%s\n/done #42\n", text),
		    strncmp(text, "-- ", 3) == 0 ? "ok"
		        : arena_printf(arena, "ok\n\n%s\n/done #42", text));
	}
	arena_destroy(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_own_lines), cmocka_unit_test(test_boilerplate),
	};

	return cmocka_run_group_tests_name("trim-own", tests, NULL, NULL);
}
