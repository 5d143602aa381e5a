/* SPDX-License-Identifier: ISC */
/*
 * trim_words: what mail programs and people write around their own words, in many languages.
 * All tables hold folded text (fold_add): lower case, one space, plain apostrophe and colon, no
 * bold marks. Tables are compared from the start of the text unless the function says else.
 */
#include "config.h"

#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <unistr.h>

#include "parsers/trim_private.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* One code point in folded form: 0 is dropped, ' ' is white space. */
static ucs4_t
fold_char(ucs4_t c)
{
	switch (c) {
	case 0xa0: case 0x2007: case 0x202f: case 0x3000: case '\t':
		return ' ';
	case 0x200b: case 0x200e: case 0x200f: case 0xfeff: case 0xad: case '*':
		return 0;
	case 0x2018: case 0x2019: case 0x02bc: case '`':
		return '\'';
	case 0xff1a: case 0xfe55:
		return ':';
	case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2015: case 0x2212:
		return '-';
	case 0xff1c:
		return '<';
	case 0xff1e:
		return '>';
	}
	return c < 0x80 ? (c >= 'A' && c <= 'Z' ? c + 32 : c) : uc_tolower(c);
}

bool
fold_add(struct fold *fold, struct span text)
{
	const uint8_t *p = (const uint8_t *)text.ptr, *end = p + text.len;

	if (text.len > FOLD_MAX)
		return false;
	while (p < end) {
		ucs4_t c = *p;
		int n = c < 0x80 ? 1 : u8_mbtouc(&c, p, (size_t)(end - p));

		p += n > 0 ? n : 1;
		c = fold_char(c);
		if (c == 0 || (c == ' ' && (fold->len == 0 || fold->text[fold->len - 1] == ' ')))
			continue;
		if (fold->len >= FOLD_MAX)
			return false;
		if (c < 0x80) {
			fold->text[fold->len++] = (char)c;
			continue;
		}
		n = u8_uctomb((uint8_t *)fold->text + fold->len, c, 6);
		fold->len += n > 0 ? (size_t)n : 0;
	}
	return true;
}

struct span
fold_span(const struct fold *fold)
{
	return span_trim((struct span){fold->text, fold->len});
}

bool
fold_line(struct fold *fold, const struct trim_body *t, size_t i)
{
	fold->len = 0;
	return fold_add(fold, trim_line_span(t, i));
}

bool
words_starts_any(struct span s, const char *const *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_starts(s, span_of(table[i])))
			return true;
	return false;
}

bool
words_has_any(struct span s, const char *const *table, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_find(s, span_of(table[i])) < s.len)
			return true;
	return false;
}

static bool
is_word_byte(char c)
{
	return (unsigned char)c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool
word_at(struct span s, size_t at, size_t len)
{
	return (at == 0 || !is_word_byte(s.ptr[at - 1])) &&
	    (at + len == s.len || !is_word_byte(s.ptr[at + len]));
}

bool
words_has_start(struct span s, const char *word)
{
	struct span needle = span_of(word);

	for (size_t at = 0; at < s.len;) {
		size_t found = at + span_find(span_skip(s, at), needle);

		if (found >= s.len)
			return false;
		if (found == 0 || !is_word_byte(s.ptr[found - 1]))
			return true;
		at = found + needle.len;
	}
	return false;
}

enum letter
words_first_letter(struct span word)
{
	ucs4_t c = 0;

	while (word.len > 0 && strchr("(\"'", *word.ptr) != NULL)
		word = span_skip(word, 1);
	if (word.len == 0 || u8_mbtouc(&c, (const uint8_t *)word.ptr, word.len) <= 0 ||
	    !uc_is_property_alphabetic(c))
		return LETTER_NONE;
	if (uc_is_property_lowercase(c))
		return LETTER_SMALL;
	return uc_is_property_uppercase(c) ? LETTER_CAPITAL : LETTER_PLAIN;
}

/* ---- attributions --------------------------------------------------------------------------- */

/* Verbs between spaces, and those of scripts that do not use spaces (beginning with '|'). */
#define WROTE(X) \
	X("wrote") X("writes") X("a écrit") X("écrit") X("a ecrit") X("schrieb") \
	X("geschrieben") X("escribió") X("escribio") X("escreveu") X("ha scritto") \
	X("scritto") X("schreef") X("geschreven") X("napisał") X("napisała") \
	X("napisał(a)") X("napisal") X("skrev") X("kirjoitti") X("napsal") X("napsala") \
	X("napsal(a)") X("napísal") X("написал") X("написала") X("написал(а)") X("пишет") \
	X("написав") X("написала") X("написав(ла)") X("пише") X("написав(-ла)") \
	X("pisze") X("napisana") X("odesílatel") X("yazdı") X("yazdi") X("şunları yazdı") \
	X("đã viết") X("a scris") X("írta") X("έγραψε") X("kirjutas") X("|写道") X("|寫道") \
	X("|のメール") X("|さんは書きました") X("|さんが書きました") X("|님이 작성") X("|작성") X("|님이 씀") \
	X("|쓴 글") X("|写了") X("|来信") X("|發送") X("|のメッセージ")
#define AS_TEXT(word) word,
#define AS_SPAN(word) {word, sizeof word - 1},

static const char *const wrote[] = {WROTE(AS_TEXT)};
static const struct span wrote_spans[] = {WROTE(AS_SPAN)};

/* Does s hold one of the words? Each place where a word may begin is looked at once, and most
 * words of the table differ in their first byte. */
static bool
has_any_word(struct span s, const char *const *words, size_t n)
{
	for (size_t at = 0; at < s.len; at++) {
		bool begins = at == 0 || !is_word_byte(s.ptr[at - 1]);

		if (!begins && (unsigned char)s.ptr[at] < 0xc0)
			continue;
		for (size_t i = 0; i < n; i++) {
			bool any = *words[i] == '|';
			const char *word = words[i] + any;

			if (*word != s.ptr[at] || (!begins && !any) ||
			    !span_starts(span_skip(s, at), span_of(word)))
				continue;
			if (any || word_at(s, at, strlen(word)))
				return true;
		}
	}
	return false;
}

bool
words_has_self(struct span s)
{
	/* "i" alone is a small word of Danish, Swedish and Polish. */
	static const char *const words[] = {"i'm", "i've", "i'll", "i'd", "i am", "i have", "i had",
		"i was", "i will", "i can", "i could", "i would", "i think", "i wrote", "i sent",
		"i called",
		"i asked", "i told", "i need", "i do", "i did", "i don't", "i got", "i saw",
		"i just",
		"i must", "i should", "i want", "i hope", "ich", "je suis", "je vais", "j'ai", "yo",
		"ik",
		"jag", "jeg",
		/* so does who tells of others */
		"we wrote", "they wrote", "he wrote", "she wrote", "you wrote", "wrote to",
		"er schrieb", "sie schrieb", "schrieb er", "schrieb sie", "il a écrit",
		"elle a écrit", "ho scritto", "abbiamo scritto", "jsem napsal", "jsem napsala",
		"я написал", "я написала", "он написал", "она написала", "я написав",
		"він написав", "вона написала"};

	return has_any_word(s, words, COUNT(words));
}

bool
words_has_wrote(struct span folded)
{
	return has_any_word(folded, wrote, COUNT(wrote));
}

bool
words_ends_wrote(struct span s)
{
	while (s.len > 0 && (s.ptr[s.len - 1] == ':' || s.ptr[s.len - 1] == ' '))
		s.len--;
	for (size_t i = 0; s.len > 0 && i < COUNT(wrote_spans); i++) {
		struct span verb = wrote_spans[i];

		if (verb.ptr[verb.len - 1] != s.ptr[s.len - 1])
			continue;
		if (*verb.ptr == '|')
			verb = span_skip(verb, 1);
		if (span_ends(s, verb) &&
		    (*wrote[i] == '|' || word_at(s, s.len - verb.len, verb.len)))
			return true;
	}
	return false;
}

bool
words_starts_citation(struct span folded)
{
	static const char *const words[] = {"quoting ", "zitat von ", "quoting from ", "citando ",
		"citerar ", "citat från ", "citat fra ", "cytat ", "citování ", "en réponse à ",
		"in reply to ", "alıntı ", "цитирую ", "цитата "};

	return words_starts_any(folded, words, COUNT(words));
}

bool
words_starts_attribution(struct span folded)
{
	static const char *const words[] = {
		"on ", "at ", "le ", "am ", "um ", "el ", "em ", "il ", "in data ", "op ",
		"w dniu ",
		"dnia ", "den ", "på ", "dne ", "v ", "vào ", "a ", "на ", "у ", "il giorno ",
		"no dia ",
		"el día ", "kl. ", "date: ", "from: ", "на дату ", "tarihinde ", "em seg", "dana ",
		/* weekdays, as short as mail programs write them */
		"mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa",
		"so",
		"lun", "mar", "mer", "jeu", "ven", "sam", "dim", "mié", "jue", "vie", "sáb", "dom",
		"seg",
		"ter", "qua", "qui", "sex", "gio", "sab", "pon", "wt", "śr", "czw", "pt", "sob",
		"niedz",
		"man", "tir", "ons", "tor", "lør", "søn", "mån", "tis", "lör", "sön", "ma ", "ti ",
		"ke ",
		"to ", "pe ", "la ", "su ", "po ", "út ", "st ", "čt ", "pá ", "so ", "ne ", "пн",
		"вт",
		"ср", "чт", "пт", "сб", "вс", "нд", "пон", "вто", "сре", "чет", "пят", "суб", "вос",
		"pzt", "sal", "çar", "per", "cum", "cmt", "paz", "wiadomość napisana", "在 ", "在",
	};

	return words_starts_any(folded, words, COUNT(words));
}

/* ---- evidence ------------------------------------------------------------------------------- */

static bool
digit(struct span s, size_t i)
{
	return i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9';
}

static size_t
digits(struct span s, size_t i)
{
	size_t n = 0;

	while (digit(s, i + n))
		n++;
	return n;
}

bool
words_has_time(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		size_t n = digits(s, i);

		if (n == 0)
			continue;
		if (n <= 2 && i + n < s.len && strchr(":.h", s.ptr[i + n]) != NULL &&
		    digits(s, i + n + 1) == 2)
			return true;
		i += n;
	}
	return false;
}

bool
words_has_second(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		size_t n = digits(s, i);

		if (n == 2 && i + 8 <= s.len && s.ptr[i + 2] == ':' && s.ptr[i + 5] == ':' &&
		    digits(s, i + 3) == 2 && digits(s, i + 6) == 2)
			return true;
		i += n;
	}
	return false;
}

bool
words_has_day(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		size_t n = digits(s, i), m;

		if (n == 0)
			continue;
		if (n == 4 && (span_starts(span_skip(s, i), SPAN("19")) ||
				  span_starts(span_skip(s, i), SPAN("20"))))
			return true;
		m = i + n < s.len && strchr("/.-", s.ptr[i + n]) != NULL ? digits(s, i + n + 1) : 0;
		if (m > 0 && m <= 2 && i + n + 1 + m < s.len &&
		    s.ptr[i + n + 1 + m] == s.ptr[i + n] && digits(s, i + n + 2 + m) >= 2)
			return true;
		i += n;
	}
	return false;
}

bool
words_has_mail(struct span s)
{
	for (size_t i = 1; i + 1 < s.len; i++)
		if (s.ptr[i] == '@' && is_word_byte(s.ptr[i - 1]) && is_word_byte(s.ptr[i + 1]))
			return true;
	return false;
}

/* ---- headers of an older mail --------------------------------------------------------------- */

struct label {
	const char *word;
	enum header_label label;
};

static const struct label labels[] = {
	{"from", LABEL_FROM}, {"von", LABEL_FROM}, {"de", LABEL_FROM}, {"da", LABEL_FROM},
	{"van", LABEL_FROM}, {"od", LABEL_FROM}, {"fra", LABEL_FROM}, {"från", LABEL_FROM},
	{"lähettäjä", LABEL_FROM}, {"от", LABEL_FROM}, {"от кого", LABEL_FROM}, {"від", LABEL_FROM},
	{"від кого", LABEL_FROM}, {"gönderen", LABEL_FROM}, {"kimden", LABEL_FROM},
	{"发件人", LABEL_FROM}, {"寄件者", LABEL_FROM}, {"寄件人", LABEL_FROM}, {"發件人", LABEL_FROM},
	{"差出人", LABEL_FROM}, {"送信者", LABEL_FROM}, {"보낸 사람", LABEL_FROM},
	{"보낸사람", LABEL_FROM}, {"od kogo", LABEL_FROM}, {"từ", LABEL_FROM},
	{"expéditeur", LABEL_FROM},
	{"sent", LABEL_SENT}, {"date", LABEL_DATE}, {"gesendet", LABEL_SENT}, {"datum", LABEL_DATE},
	{"gesendet am", LABEL_SENT}, {"envoyé", LABEL_SENT}, {"envoyé le", LABEL_SENT},
	{"envoye", LABEL_SENT}, {"message du", LABEL_DATE}, {"enviado", LABEL_SENT},
	{"enviado el", LABEL_SENT}, {"enviada", LABEL_SENT}, {"enviada em", LABEL_SENT},
	{"enviado em", LABEL_SENT}, {"fecha", LABEL_DATE}, {"data", LABEL_DATE},
	{"inviato", LABEL_SENT}, {"verzonden", LABEL_SENT}, {"wysłano", LABEL_SENT},
	{"wysłane", LABEL_SENT}, {"sendt", LABEL_SENT}, {"dato", LABEL_DATE},
	{"skickat", LABEL_SENT},
	{"lähetetty", LABEL_SENT}, {"päivämäärä", LABEL_DATE}, {"päiväys", LABEL_DATE},
	{"odesláno", LABEL_SENT}, {"отправлено", LABEL_SENT}, {"дата", LABEL_DATE},
	{"надіслано", LABEL_SENT}, {"відправлено", LABEL_SENT}, {"gönderme tarihi", LABEL_SENT},
	{"gönderilme", LABEL_SENT}, {"gönderildi", LABEL_SENT}, {"tarih", LABEL_DATE},
	{"发送时间", LABEL_SENT}, {"发送日期", LABEL_SENT}, {"日期", LABEL_DATE}, {"寄件日期", LABEL_SENT},
	{"傳送時間", LABEL_SENT}, {"時間", LABEL_DATE}, {"时间", LABEL_DATE}, {"送信日時", LABEL_SENT},
	{"日時", LABEL_DATE}, {"日付", LABEL_DATE}, {"送信日", LABEL_SENT}, {"보낸 날짜", LABEL_SENT},
	{"보낸날짜", LABEL_SENT}, {"날짜", LABEL_DATE}, {"ngày", LABEL_DATE}, {"dnia", LABEL_DATE},
	{"to", LABEL_TO}, {"an", LABEL_TO}, {"à", LABEL_TO}, {"a", LABEL_TO}, {"para", LABEL_TO},
	{"aan", LABEL_TO}, {"do", LABEL_TO}, {"til", LABEL_TO}, {"till", LABEL_TO},
	{"vastaanottaja", LABEL_TO}, {"komu", LABEL_TO}, {"кому", LABEL_TO}, {"kime", LABEL_TO},
	{"alıcı", LABEL_TO}, {"收件人", LABEL_TO}, {"收件者", LABEL_TO}, {"宛先", LABEL_TO},
	{"받는 사람", LABEL_TO}, {"받는사람", LABEL_TO}, {"đến", LABEL_TO}, {"destinataire", LABEL_TO},
	{"subject", LABEL_SUBJECT}, {"betreff", LABEL_SUBJECT}, {"objet", LABEL_SUBJECT},
	{"sujet", LABEL_SUBJECT}, {"asunto", LABEL_SUBJECT}, {"assunto", LABEL_SUBJECT},
	{"oggetto", LABEL_SUBJECT}, {"onderwerp", LABEL_SUBJECT}, {"temat", LABEL_SUBJECT},
	{"emne", LABEL_SUBJECT}, {"ämne", LABEL_SUBJECT}, {"aihe", LABEL_SUBJECT},
	{"předmět", LABEL_SUBJECT}, {"тема", LABEL_SUBJECT}, {"konu", LABEL_SUBJECT},
	{"主题", LABEL_SUBJECT}, {"主旨", LABEL_SUBJECT}, {"主題", LABEL_SUBJECT}, {"件名", LABEL_SUBJECT},
	{"제목", LABEL_SUBJECT}, {"chủ đề", LABEL_SUBJECT},
	{"cc", LABEL_OTHER}, {"bcc", LABEL_OTHER}, {"kopie", LABEL_OTHER}, {"copie à", LABEL_OTHER},
	{"reply-to", LABEL_OTHER}, {"importance", LABEL_OTHER}, {"attachments", LABEL_OTHER},
	{"kopi", LABEL_OTHER}, {"kopia", LABEL_OTHER}, {"dw", LABEL_OTHER}, {"kopio", LABEL_OTHER},
	{"копия", LABEL_OTHER}, {"копія", LABEL_OTHER}, {"抄送", LABEL_OTHER}, {"副本", LABEL_OTHER},
	{"참조", LABEL_OTHER}, {"bilgi", LABEL_OTHER}, {"priority", LABEL_OTHER},
	{"wichtigkeit", LABEL_OTHER}, {"reply to", LABEL_OTHER}, {"antwort an", LABEL_OTHER},
	{"anlagen", LABEL_OTHER}, {"pièces jointes", LABEL_OTHER}, {"cci", LABEL_OTHER},
	{"organization", LABEL_OTHER}, {"message-id", LABEL_OTHER}, {"sender", LABEL_OTHER},
};

enum header_label
words_header_label(struct span s, struct span *value_r)
{
	size_t colon = span_find_byte(s, ':');
	struct span word;

	if (colon == s.len || colon > 40)
		return LABEL_NONE;
	word = span_trim(span_first(s, colon));
	for (size_t i = 0; i < COUNT(labels); i++)
		if (span_is(word, labels[i].word)) {
			*value_r = span_trim(span_skip(s, colon + 1));
			return labels[i].label;
		}
	return LABEL_NONE;
}

enum header_label
words_inner_label(struct span value)
{
	enum header_label label = LABEL_NONE;
	struct span word;

	while (label == LABEL_NONE && span_next_word(&value, &word))
		if (word.ptr[word.len - 1] == ':')
			label = words_header_label(word, &word);
	return label;
}

/* Between long dashes more may follow: "Original message from Ana"; between short ones it is a
 * person's heading. */
static bool
is_marker(struct span s, const char *phrase, bool is_long)
{
	return is_long ? span_starts(s, span_of(phrase)) : span_is(s, phrase);
}

bool
words_is_original(struct span s, bool *forwarded_r)
{
	static const char *const original[] = {
		"original message", "reply message", "original appointment",
		"ursprüngliche nachricht",
		"originalnachricht", "original-nachricht", "antwort nachricht", "originaltermin",
		"message d'origine", "message original", "message initial", "mensaje original",
		"mensagem original", "messaggio originale", "messaggio originario",
		"oorspronkelijk bericht", "origineel bericht", "oprindelig meddelelse",
		"oprindelig besked", "original meddelelse", "ursprungligt meddelande",
		"originalmeddelande", "opprinnelig melding", "original melding",
		"alkuperäinen viesti",
		"původní zpráva", "původní e-mail", "původní mail", "originální zpráva",
		"wiadomość oryginalna", "oryginalna wiadomość",
		"исходное сообщение", "первоначальное сообщение", "оригінальне повідомлення",
		"вихідне повідомлення", "початкове повідомлення", "orijinal mesaj", "özgün ileti",
		"orijinal ileti", "原始邮件", "原邮件", "邮件原件", "原始郵件", "原始信件", "元のメッセージ",
		"オリジナルメッセージ", "original mail", "원본 메시지", "원본 메일", "원본메시지", "isi pesan asli",
		"thư gốc", "pôvodná správa",
	};
	static const char *const forward[] = {
		"forwarded message", "forwarded mail", "weitergeleitete nachricht",
		"message transféré",
		"message transmis", "mensaje reenviado", "mensagem encaminhada",
		"mensagem reencaminhada", "messaggio inoltrato", "doorgestuurd bericht",
		"przekazana wiadomość", "wiadomość przekazana", "treść przekazanej wiadomości",
		"videresendt meddelelse", "videresendt besked", "videresendt melding",
		"vidarebefordrat meddelande", "edelleenlähetetty viesti", "välitetty viesti",
		"přeposlaná zpráva", "пересылаемое сообщение", "пересылаемое письмо",
		"перенаправленное сообщение", "перенаправлене повідомлення",
		"переслане повідомлення", "переслано",
		"yönlendirilen mesaj", "iletilen mesaj", "iletilmiş mesaj", "iletilmiş ileti",
		"yönlendirilmiş mesaj",
		"i̇letilmiş ileti", "yönlendirilmiş ileti", "转发的邮件", "转发邮件", "转发的消息", "转发的信息",
		"轉寄訊息", "轉寄的訊息",
		"轉寄的郵件", "轉寄郵件", "已转发邮件", "転送メッセージ", "転送されたメッセージ", "전달된 메시지",
		"전달된 메일",
	};
	size_t before = 0, after = 0;

	while (before < s.len && strchr("-_=~> ", s.ptr[before]) != NULL)
		before++;
	s = span_skip(s, before);
	while (s.len > 0 && strchr("-_=~:< ", s.ptr[s.len - 1]) != NULL) {
		after++;
		s.len--;
	}
	*forwarded_r = false;
	if (before < 2 || after < 2 || s.len > 60)
		return false;
	for (size_t i = 0; i < COUNT(forward); i++)
		if (is_marker(s, forward[i], before >= 5 && after >= 5))
			return *forwarded_r = true;
	for (size_t i = 0; i < COUNT(original); i++)
		if (is_marker(s, original[i], before >= 5 && after >= 5))
			return true;
	return false;
}

bool
words_is_forward_line(struct span s)
{
	static const char *const lines[] = {
		"begin forwarded message", "anfang der weitergeleiteten nachricht",
		"anfang der weitergeleiteten e-mail", "début du message réexpédié",
		"début du message transféré", "inizio messaggio inoltrato",
		"inizio del messaggio inoltrato",
		"inicio del mensaje reenviado", "comienzo del mensaje reenviado",
		"início da mensagem reencaminhada", "início da mensagem encaminhada",
		"begin doorgestuurd bericht", "begin van doorgestuurd bericht",
		"początek przekazywanej wiadomości", "start på videresendt besked",
		"videresendt besked", "videresendt melding", "start på videresendt melding",
		"vidarebefordrat brev", "start på vidarebefordrat", "välitetty viesti alkaa",
		"začátek přeposlané zprávy", "začátek přeposílané zprávy",
		"начало переадресованного сообщения",
		"начало пересылаемого сообщения", "початок листа, що пересилається",
		"початок переадресованого повідомлення", "iletilen mesajın başlangıcı",
		"iletilen ileti", "i̇letilen ileti",
		"başlangıç: iletilen ileti", "开始转发邮件", "下面是被转发的邮件", "以下是轉寄的郵件", "以下為轉寄的郵件",
		"以下は転送されたメッセージです", "転送されたメッセージ", "전달된 메시지",
	};

	return s.len > 0 && s.len <= 90 && s.ptr[s.len - 1] == ':' &&
	    words_starts_any(s, lines, COUNT(lines));
}

bool
words_is_reply_above(struct span s)
{
	static const char *const lines[] = {
		"reply above this line", "please type your reply above this line",
		"please reply above this line", "write above this line", "type above this line",
		"antworten sie oberhalb dieser zeile", "bitte antworten sie oberhalb dieser linie",
		"répondez au-dessus de cette ligne", "responda por encima de esta línea",
		"responda acima desta linha", "rispondi sopra questa riga",
	};
	size_t marks = 0;

	while (s.len > 0 && strchr("-_=~#>[( ", *s.ptr) != NULL) {
		s = span_skip(s, 1);
		marks++;
	}
	while (s.len > 0 && strchr("-_=~#<]).: ", s.ptr[s.len - 1]) != NULL)
		s.len--;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct span rest = span_skip(s, strlen(lines[i]));

		if (s.len <= 90 && span_starts(s, span_of(lines[i])) &&
		    (marks >= 2 || rest.len == 0 || span_starts(rest, SPAN(" to "))))
			return true;
	}
	return false;
}
