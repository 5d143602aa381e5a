/* SPDX-License-Identifier: ISC */
/*
 * trim_phrases: what stands below a person's own words: the line of a telephone, closings before
 * a name, disclaimers, footers of lists. Folded text, as in trim_words.
 */
#include "config.h"

#include <string.h>

#include "parsers/trim_private.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* "Sent from my desk, is much easier than my phone." is a sentence: it has a comma and an end. */
bool
words_is_sent_from(struct span s)
{
	static const char *const starts[] = {
		"sent from my ", "sent from mail for ", "sent from outlook", "sent from yahoo",
		"sent from samsung", "sent from proton", "sent from gmail", "sent from typeapp",
		"sent from bluemail", "sent from blue", "sent from nine", "sent from spark",
		"sent from airmail", "sent from windows", "sent from android", "sent from an iphone",
		"sent from iphone", "sent from k-9", "sent from fairemail", "sent from thunderbird",
		"sent from aquamail", "sent from canary", "sent from front", "sent from polymail",
		"sent from the all-new", "sent from a mobile", "sent from mobile", "sent with proton",
		"sent with spark", "sent with airmail", "sent with shift", "sent via ",
		"sent using ", "sent on the go", "sent on my ", "get outlook for ", "download outlook",
		"von meinem ", "von meiner ", "gesendet von ", "gesendet mit ", "gesendet aus ",
		"diese nachricht wurde von meinem ", "holen sie sich outlook", "outlook für ",
		"envoyé de mon ", "envoyé depuis ", "envoyé à partir de ", "envoyé avec ",
		"télécharger outlook", "obtenez outlook", "obtenir outlook", "envoyé par mon ",
		"enviado desde ", "enviado con ", "obtener outlook", "enviado do ", "enviado a partir ",
		"enviado de meu ", "enviado do meu ", "enviado de mi ", "enviado por ", "obter o outlook",
		"enviado com ", "enviado via ", "inviato da ", "inviato dal ", "inviato con ",
		"scarica outlook", "ottieni outlook", "inviato tramite ", "verzonden vanaf ",
		"verzonden vanuit ", "verstuurd vanaf ", "verzonden met ", "verstuurd met ",
		"verstuurd via ", "outlook voor ", "wysłane z ", "wysłano z ", "pobierz program outlook",
		"pobierz aplikację outlook", "uzyskaj aplikację outlook", "sendt fra ", "hent outlook",
		"skickat från ", "skickades från ", "hämta outlook", "skaffa outlook", "få outlook",
		"lähetetty ", "hanki outlook", "odesláno z ", "odeslano z ", "získat outlook",
		"získejte outlook", "stáhněte si outlook", "отправлено с ", "отправлено из ",
		"получить outlook", "скачать outlook", "надіслано з ", "надіслано із ", "відправлено з ",
		"отримати outlook", "iphone'umdan gönderildi", "ipad'imden gönderildi",
		"outlook edinin", "发自我的", "发送自", "從我的", "從我", "寄自我的", "传送自", "傳送自",
		"从我的", "来自我的", "获取 outlook", "获取适用于", "取得 outlook", "iphoneから送信",
		"ipadから送信", "androidから送信", "outlook for ", "나의 iphone", "내 iphone", "나의 ipad",
		"iphone에서", "android용 outlook", "ios용 outlook",
	};
	static const char *const ends[] = {
		"'dan gönderildi", "'den gönderildi", "gönderildi", "から送信", "에서 보냄", "에서 전송",
		"'den alın", "を入手",
	};
	size_t words = 0;

	while (s.len > 0 && strchr("-_<[( ", *s.ptr) != NULL)
		s = span_skip(s, 1);
	s = span_first(s, span_find(s, SPAN("<http")));
	s = span_first(s, span_find(s, SPAN("(http")));
	s = span_first(s, span_find(s, SPAN("[http")));
	s = span_trim(s);
	while (s.len > 0 && strchr(">]).!", s.ptr[s.len - 1]) != NULL)
		s.len--;
	for (size_t i = 0; i < s.len; i++)
		words += s.ptr[i] == ' ';
	if (s.len == 0 || s.len > 100 || words > 10 || span_find(s, SPAN(". ")) < s.len)
		return false;
	if (span_find(s, SPAN(", ")) < s.len && span_find(s, SPAN("excuse")) == s.len &&
	    span_find(s, SPAN("pardon")) == s.len)
		return false;
	if (words_starts_any(s, starts, COUNT(starts)))
		return true;
	for (size_t i = 0; i < COUNT(ends); i++)
		if (span_ends(s, span_of(ends[i])))
			return words <= 5;
	return false;
}

bool
words_is_closing(struct span s)
{
	static const char *const closings[] = {
		"regards", "best regards", "kind regards", "warm regards", "with best regards",
		"with kind regards", "many regards", "best", "best wishes", "all the best", "kindest regards",
		"warmest regards", "rgds", "br", "cheers", "sincerely", "yours sincerely",
		"sincerely yours", "yours faithfully", "yours truly", "yours", "respectfully",
		"thanks and regards", "thanks & regards", "thanks and best regards", "thank you and regards",
		"mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß",
		"freundliche grüße", "freundliche grüsse", "viele grüße", "viele grüsse", "liebe grüße",
		"beste grüße", "schöne grüße", "herzliche grüße", "grüße", "gruß", "lg", "mfg", "vg",
		"cordialement", "bien cordialement", "très cordialement", "bien à vous", "bien à toi",
		"salutations", "meilleures salutations", "sincères salutations", "amicalement",
		"bonne journée", "saludos", "un saludo", "saludos cordiales", "atentamente",
		"cordialmente", "un cordial saludo", "saludos cordiales", "atenciosamente", "abraços",
		"cumprimentos", "melhores cumprimentos", "com os melhores cumprimentos", "att", "abraço",
		"cordiali saluti", "distinti saluti", "un saluto", "saluti", "a presto",
		"met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet",
		"vriendelijke groeten", "mvg", "groeten", "groetjes", "groet", "hartelijke groet",
		"pozdrawiam", "z poważaniem", "serdecznie pozdrawiam", "pozdrowienia",
		"med venlig hilsen", "venlig hilsen", "mvh", "med vennlig hilsen", "vennlig hilsen",
		"hilsen", "bedste hilsner", "med vänliga hälsningar", "vänliga hälsningar",
		"med vänlig hälsning", "vänlig hälsning", "hälsningar", "ystävällisin terveisin",
		"terveisin", "parhain terveisin", "t", "s pozdravem", "zdravím", "s přátelským pozdravem",
		"с уважением", "всего доброго", "с наилучшими пожеланиями", "з повагою",
		"з найкращими побажаннями", "saygılarımla", "iyi çalışmalar", "saygılar", "此致", "祝好",
		"敬具", "よろしくお願いします", "よろしくお願いいたします", "宜しくお願いします", "감사합니다",
		"thanks", "thank you", "many thanks", "thanks a lot", "thx", "danke", "merci", "gracias",
		"obrigado", "obrigada", "grazie", "bedankt", "dzięki", "tak", "tack", "kiitos", "děkuji",
		"спасибо", "дякую", "teşekkürler",
	};

	while (s.len > 0 && strchr(",.!- ", s.ptr[s.len - 1]) != NULL)
		s.len--;
	for (size_t i = 0; i < COUNT(closings); i++)
		if (span_is(s, closings[i]))
			return true;
	return false;
}

bool
words_starts_disclaimer(struct span s)
{
	static const char *const starts[] = {
		"this email and any", "this e-mail and any", "this email is", "this e-mail is",
		"this message and any", "this message is intended", "this message is confidential",
		"this message contains", "this email message", "this e-mail message", "this email may",
		"this e-mail may", "this communication", "this transmission", "this electronic",
		"this mail is", "this email contains", "this e-mail contains", "this message may",
		"confidentiality", "confidential", "disclaimer", "legal notice", "privileged",
		"notice:", "important notice", "important:", "the information contained in this",
		"the information in this", "the contents of this e", "the content of this e",
		"please consider the environment", "think before you print", "please note that this e",
		"if you are not the intended", "if you have received this", "save paper",
		"diese e-mail", "diese nachricht", "diese mail", "der inhalt dieser e", "vertraulich",
		"die information in dieser", "die in dieser e", "hinweis:", "bitte denken sie an die umwelt",
		"bitte prüfen sie", "ce message", "ce courriel", "cet e-mail", "ce mail", "cet email",
		"avis de confidentialité", "les informations contenues", "pensez à l'environnement",
		"avant d'imprimer", "este mensaje", "este correo", "la información contenida",
		"aviso legal", "aviso de confidencialidad", "antes de imprimir", "esta mensagem",
		"este email", "este e-mail", "as informações contidas", "aviso de confidencialidade",
		"a informação contida", "questo messaggio", "questa e-mail", "questa email",
		"le informazioni contenute", "il presente messaggio", "ai sensi del", "dit bericht",
		"deze e-mail", "dit e-mailbericht", "de informatie in dit", "de informatie in deze",
		"disclaimer:", "niniejsza wiadomość", "ta wiadomość", "informacje zawarte",
		"treść tej wiadomości", "denne e-mail", "denne mail", "denne e-post", "denne meddelelse",
		"detta e-post", "detta meddelande", "detta mail", "tämä viesti", "tämä sähköposti",
		"tato zpráva", "tento e-mail", "tento email", "это сообщение", "данное сообщение",
		"информация, содержащаяся", "это письмо", "це повідомлення", "цей лист",
		"інформація, що міститься", "bu e-posta", "bu mesaj", "bu ileti", "本邮件", "此邮件",
		"此電子郵件", "本電子郵件", "このメールは", "本メール", "이 메일", "본 메일", "이 메시지",
	};

	return words_starts_any(s, starts, COUNT(starts));
}

unsigned
words_in_disclaimer(struct span s)
{
	static const char *const parts[] = {
		"confidential", "intended recipient", "intended solely", "intended only", "privileged",
		"addressee", "received this e", "received this message", "in error", "legally protected",
		"before printing", "before you print", "the environment", "vertraulich",
		"irrtümlich", "nicht der richtige adressat", "rechtlich geschützt", "umwelt",
		"confidentiel", "destinataire", "par erreur", "imprimer", "confidencial", "destinatario",
		"por error", "imprimir", "destinatário", "por engano", "riservat", "per errore",
		"vertrouwelijk", "geadresseerde", "abusievelijk", "per abuis", "poufn", "adresat",
		"omyłkow", "fortrolig", "modtager", "konfidentiell", "mottagar", "mottaker",
		"luottamuksel", "vastaanottaj", "důvěrn", "adresát", "omylem", "конфиденциал",
		"адресат", "по ошибке", "конфіденційн", "помилково", "gizli", "alıcı", "保密", "机密",
		"機密", "收件人", "秘密", "宛先", "기밀", "수신인", "수신자", "privacy",
	};

	unsigned n = 0;

	for (size_t i = 0; i < COUNT(parts); i++)
		n += span_find(s, span_of(parts[i])) < s.len;
	return n;
}

bool
words_in_footer(struct span s)
{
	static const char *const starts[] = {
		"you received this message because", "you are receiving this",
		"you're receiving this", "you received this email because", "you get this because",
		"to unsubscribe", "unsubscribe from this", "unsubscribe:", "unsubscribe here",
		"to stop receiving emails", "reply to this email directly", "list archives:",
		"list info:", "to post to this group", "um sich abzumelden",
		"sie erhalten diese e-mail", "sie erhalten diese nachricht", "vous recevez ce message",
		"vous recevez cet e-mail", "pour vous désabonner", "se désinscrire",
		"recibe este mensaje porque", "para darse de baja", "você está recebendo est",
		"para cancelar a inscrição", "hai ricevuto questo messaggio",
		"per annullare l'iscrizione", "je ontvangt dit bericht", "u ontvangt deze e-mail",
		"om je af te melden", "чтобы отписаться", "退订", "取消订阅", "配信停止",
	};
	static const char *const parts[] = {
		"/listinfo/", "view it on github", "because you are subscribed to", "mailing list --",
	};

	return words_starts_any(s, starts, COUNT(starts)) ||
	    words_has_any(s, parts, COUNT(parts));
}
