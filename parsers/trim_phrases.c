/* SPDX-License-Identifier: ISC */
/*
 * trim_phrases: what stands below a person's own words: closings before a name, disclaimers,
 * footers of lists. Folded text, as in trim_words.
 */
#include "config.h"

#include <string.h>

#include "parsers/trim_private.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

bool
words_is_closing(struct span s)
{
	static const char *const closings[] = {
		"regards", "best regards", "kind regards", "warm regards", "with best regards",
		"with kind regards", "many regards", "best", "best wishes", "all the best",
		"kindest regards",
		"warmest regards", "rgds", "br", "cheers", "sincerely", "yours sincerely",
		"sincerely yours", "yours faithfully", "yours truly", "yours", "respectfully",
		"thanks and regards", "thanks & regards", "thanks and best regards",
		"thank you and regards",
		"mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß",
		"freundliche grüße", "freundliche grüsse", "viele grüße", "viele grüsse",
		"liebe grüße",
		"beste grüße", "schöne grüße", "herzliche grüße", "grüße", "gruß", "lg", "mfg",
		"vg",
		"cordialement", "bien cordialement", "très cordialement", "bien à vous",
		"bien à toi",
		"salutations", "meilleures salutations", "sincères salutations", "amicalement",
		"bonne journée", "saludos", "un saludo", "saludos cordiales", "atentamente",
		"cordialmente", "un cordial saludo", "saludos cordiales", "atenciosamente",
		"abraços",
		"cumprimentos", "melhores cumprimentos", "com os melhores cumprimentos", "att",
		"abraço",
		"cordiali saluti", "distinti saluti", "un saluto", "saluti", "a presto",
		"met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet",
		"vriendelijke groeten", "mvg", "groeten", "groetjes", "groet", "hartelijke groet",
		"pozdrawiam", "z poważaniem", "serdecznie pozdrawiam", "pozdrowienia",
		"med venlig hilsen", "venlig hilsen", "mvh", "med vennlig hilsen", "vennlig hilsen",
		"hilsen", "bedste hilsner", "med vänliga hälsningar", "vänliga hälsningar",
		"med vänlig hälsning", "vänlig hälsning", "hälsningar", "ystävällisin terveisin",
		"terveisin", "parhain terveisin", "s pozdravem", "zdravím",
		"s přátelským pozdravem",
		"с уважением", "всего доброго", "с наилучшими пожеланиями", "з повагою",
		"з найкращими побажаннями", "saygılarımla", "iyi çalışmalar", "saygılar", "此致",
		"祝好",
		"敬具", "よろしくお願いします", "よろしくお願いいたします", "宜しくお願いします", "감사합니다",
		"thanks", "thank you", "many thanks", "thanks a lot", "thx", "danke", "merci",
		"gracias",
		"obrigado", "obrigada", "grazie", "bedankt", "dzięki", "tak", "tack", "kiitos",
		"děkuji",
		"спасибо", "дякую", "teşekkürler",
	};

	while (s.len > 0 && strchr(",.!- ", s.ptr[s.len - 1]) != NULL)
		s.len--;
	for (size_t i = 0; i < COUNT(closings); i++)
		if (span_is(s, closings[i]))
			return true;
	return false;
}

/* What is a sentence of its own as well: "Thanks" above "Agreed" closes nothing. */
bool
words_is_thanks(struct span s)
{
	static const char *const words[] = {
		"thanks", "thank you", "many thanks", "thanks a lot", "thx", "danke", "merci",
		"gracias", "obrigado", "obrigada", "grazie", "bedankt", "dzięki", "tak", "tack",
		"takk", "kiitos", "děkuji", "díky", "спасибо", "дякую", "teşekkürler", "cheers",
		"best", "br", "yours",
	};

	while (s.len > 0 && strchr(".!- ", s.ptr[s.len - 1]) != NULL)
		s.len--;
	for (size_t i = 0; i < COUNT(words); i++)
		if (span_is(s, words[i]))
			return true;
	return false;
}

bool
words_starts_disclaimer(struct span s)
{
	static const char *const starts[] = {
		"this email and any", "this e-mail and any", "this email is", "this e-mail is",
		"this message and any", "this message is intended", "this message is confidential",
		"this message contains", "this email message", "this e-mail message",
		"this email may",
		"this e-mail may", "this communication", "this transmission", "this electronic",
		"this email contains", "this e-mail contains", "this message may",
		"confidentiality", "disclaimer", "legal notice", 
		"important notice", "the information contained in this",
		"the information in this", "the contents of this e", "the content of this e",
		"please consider the environment before", "think before you print",
		"please note that this e",
		"if you are not the intended", "if you have received this", "save paper",
		"diese e-mail", "diese nachricht", "diese mail", "der inhalt dieser e",
		"vertraulich",
		"die information in dieser", "die in dieser e", "bitte denken sie an die umwelt",
		"bitte prüfen sie", "ce message", "ce courriel", "cet e-mail", "ce mail",
		"cet email",
		"avis de confidentialité", "les informations contenues", "pensez à l'environnement",
		"avant d'imprimer", "este mensaje", "este correo", "la información contenida",
		"aviso legal", "aviso de confidencialidad", "antes de imprimir", "esta mensagem",
		"este email", "este e-mail", "as informações contidas",
		"aviso de confidencialidade",
		"a informação contida", "questo messaggio", "questa e-mail", "questa email",
		"le informazioni contenute", "il presente messaggio", "ai sensi del", "dit bericht",
		"deze e-mail", "dit e-mailbericht", "de informatie in dit", "de informatie in deze",
		"disclaimer:", "niniejsza wiadomość", "ta wiadomość", "informacje zawarte",
		"treść tej wiadomości", "denne e-mail", "denne mail", "denne e-post",
		"denne meddelelse",
		"detta e-post", "detta meddelande", "detta mail", "tämä viesti", "tämä sähköposti",
		"tato zpráva", "tento e-mail", "tento email", "это сообщение", "данное сообщение",
		"информация, содержащаяся", "это письмо", "це повідомлення", "цей лист",
		"інформація, що міститься", "bu e-posta", "bu mesaj", "bu ileti", "本邮件", "此邮件",
		"此電子郵件", "本電子郵件", "このメールは", "このメールに", "本メール", "이 메일", "본 메일", "이 메시지",
	};

	return words_starts_any(s, starts, COUNT(starts)) && !words_has_self(s);
}

bool
words_may_start_disclaimer(struct span s)
{
	static const char *const starts[] = {
		"confidential", "privileged", "important", "notice", "please note", "attention",
		"warning",
		"this mail is", "hinweis", "wichtig", "achtung", "vertraulich",
	};

	return words_starts_any(s, starts, COUNT(starts)) && !words_has_self(s);
}

/* Without such words a sentence on something confidential or sent in error is a person's. */
bool
words_names_reader(struct span s)
{
	static const char *const parts[] = {
		"intended recipient", "intended solely", "intended only", "addressee only",
		"not the addressee", "named addressee", "received this e", "received this message",
		"received this in error", "received it in error", "this email in error",
		"if you are not the intended", "if you are not the addressee",
		"if you are not the named", "if you have received", "notify the sender",
		"before printing", "before you print", "need to print",
		"nicht der richtige", "nicht der beabsichtigte", "nicht der vorgesehene",
		"nicht der bestimmungsgem", "rechtlich geschützt", "irrtümlich erhalten",
		"unbefugte", "nicht gestattet", "bevor sie diese", "wirklich ausdrucken",
		"wirklich ausgedruckt", "wirklich drucken",
		"si vous n'êtes pas", "si vous avez reçu", "si vous recevez ce", "par erreur",
		"à l'attention exclusive", "à l'intention exclusive", "usage exclusif",
		"exclusivement destiné", "destiné exclusivement", "imprimer ce", "d'imprimer",
		"si usted no es", "si no es usted", "si no es el", "si ha recibido",
		"si usted ha recibido", "si recibe este", "exclusivamente", "de imprimir este",
		"se você não", "se não for o", "se não é o", "se recebeu", "se você recebeu",
		"caso tenha recebido", "caso não seja", "uso exclusivo", "por engano",
		"se non siete", "se non è il", "se non sei il", "se avete ricevuto",
		"se ha ricevuto", "se hai ricevuto", "qualora", "esclusivamente",
		"di stampare questa",
		"indien u", "als u niet", "als u dit", "uitsluitend bestemd", "per abuis",
		"abusievelijk", "ten onrechte",
		"jeżeli nie", "jeśli nie", "jeżeli otrzym", "jeśli otrzym", "omyłkow", "pomyłk",
		"wyłącznie",
		"hvis du ikke", "hvis du har m", "har du mo", "ved en fejl", "ved en feil",
		"om du inte är", "om du har fått", "om du fått", "av misstag", "endast avse",
		"jos et ole", "jos olet saanut", "erehdyks", "vahingossa", "tarkoitettu vain",
		"tarkoitettu ainoastaan",
		"pokud nejste", "jestliže nejste", "pokud jste", "jestliže jste", "omylem",
		"určena pouze", "určen pouze",
		"если вы не", "если вы получили", "по ошибке", "ошибочно", "предназначен",
		"якщо ви не", "якщо ви отримали", "помилково", "призначен",
		"eğer bu", "yanlışlıkla", "alıcısı değilseniz", "muhatabı değilseniz",
		"如果您不是", "如您不是", "若您不是", "如果您误", "误收", "誤收", "仅供", "僅供",
		"心当たり", "誤って", "誤送信", "受信者以外", "名宛人",
		"잘못 수신", "잘못 전송", "수신인이 아닌", "수신자가 아닌", "지정된 수신",
	};

	return words_has_any(s, parts, COUNT(parts));
}

unsigned
words_in_disclaimer(struct span s)
{
	static const char *const parts[] = {
		"confidential", "intended recipient", "intended solely", "intended only", 
		"addressee", "received this e", "received this message", "in error",
		"legally protected",
		"before printing", "before you print", "the environment", "vertraulich",
		"irrtümlich", "nicht der richtige adressat", "rechtlich geschützt", "umwelt",
		"confidentiel", "destinataire", "par erreur", "imprimer", "confidencial",
		"destinatario",
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
		"you received this message because you are subscribed to",
		"you are receiving this because you are subscribed to",
		"you're receiving this because you are subscribed to",
		"you are receiving this message because you are subscribed to",
		"you received this because you are subscribed to",
		"you are receiving this email because you are subscribed to",
	};
	static const char *const parts[] = {"view it on github", "mailing list --"};

	return (words_starts_any(s, starts, COUNT(starts)) ||
	    words_has_any(s, parts, COUNT(parts))) && !words_has_self(s);
}

/* What follows "unsubscribe" in a footer; "To unsubscribe users, we need ..." is a person's. */
static bool
goes_on_as_footer(struct span rest)
{
	static const char *const next[] = {
		" from this", " from these", " from all", " from the ", " click", " here", " visit",
		" send", " go to", " please", " at any", " simply", " use ", " reply", " http",
		" |", " -", " <", " (", " [", " or ",
	};

	return rest.len == 0 || strchr(",:<([|.", *rest.ptr) != NULL ||
	    words_starts_any(rest, next, COUNT(next));
}

bool
words_may_be_footer(struct span s)
{
	static const char *const verbs[] = {"to unsubscribe", "unsubscribe"};
	static const char *const starts[] = {
		"list archives:", "list info:", "to stop receiving", "to post to this",
		"reply to this email directly", "you received this message because",
		"you are receiving this because", "you're receiving this because",
		"you received this email because", "you received this because",
		"you are receiving this email because", "you are receiving this message because",
		"you get this because", "you're receiving this email because",
		"abmelden:", "um sich abzumelden", "um sich von", "sie erhalten diese e-mail",
		"sie erhalten diese nachricht", "se désinscrire", "pour se désinscrire",
		"pour vous désabonner", "pour vous désinscrire", "vous recevez ce message car",
		"vous recevez ce message parce", "vous recevez cet e-mail car",
		"vous recevez cet e-mail parce", "recibe este mensaje porque",
		"recibes este mensaje porque", "para darse de baja", "para cancelar la suscripción",
		"você está recebendo est", "para cancelar a inscrição",
		"hai ricevuto questo messaggio perché", "per annullare l'iscrizione",
		"per cancellarsi", "je ontvangt dit bericht omdat", "je ontvangt deze e-mail omdat",
		"u ontvangt deze e-mail omdat", "om je af te melden", "om u af te melden",
		"aby zrezygnować", "for at afmelde", "för att avprenumerera", "for å melde deg av",
		"peruuta tilaus", "pro odhlášení", "чтобы отписаться", "щоб відписатися",
		"abonelikten çıkmak", "退订", "取消订阅", "取消訂閱", "配信停止", "수신거부", "구독 취소",
	};

	if (words_has_self(s))
		return false;
	for (size_t i = 0; i < COUNT(verbs); i++)
		if (span_starts(s, span_of(verbs[i])) &&
		    goes_on_as_footer(span_skip(s, strlen(verbs[i]))))
			return true;
	return words_starts_any(s, starts, COUNT(starts));
}
