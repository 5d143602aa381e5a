/* SPDX-License-Identifier: ISC */
/*
 * trim_device: "Sent from my iPhone" in many languages. People write "Sent via DHL" and "Von
 * meinem Konto" as well: so the words of sending count only with the name of a device or of a
 * mail program, in a short line without a day or a first person. Folded text, as in trim_words.
 */
#include "config.h"

#include <string.h>

#include "parsers/trim_private.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define WORDS_MAX 10
#define BYTES_MAX 100
#define DEVICE_WORDS 5
#define GET_WORDS_MAX 7
#define FIRST_UNSPACED 0xe3 /* of a character of CJK, in UTF-8 */

/* Where a line that names what sent the mail begins. */
static const char *const sent[] = {
	"sent from ", "sent with ", "sent via ", "sent using ", "sent on the go", "sent on my ",
	"sent by ", "diese nachricht wurde von meine", "gesendet von ", "gesendet mit ",
	"gesendet aus ", "gesendet über ", "von meinem ", "von meiner ", "envoyé de ",
	"envoyé depuis ",
	"envoyé à partir d", "envoyé avec ", "envoyé par ", "envoyé via ", "enviado desde ",
	"enviado con ", "enviado do ", "enviado da ", "enviado a partir d", "enviado de ",
	"enviado por ", "enviado com ", "enviado via ", "enviada do ", "inviato da ",
	"inviato con ", "inviato tramite ", "inviato dal mio", "inviato dalla mia", "inviato dall'",
	"verzonden vanaf ", "verzonden vanuit ",
	"verstuurd vanaf ",
	"verstuurd vanuit ", "verzonden met ", "verstuurd met ", "verstuurd via ", "verzonden via ",
	"wysłane z ", "wysłano z ", "wysłane za ", "sendt fra ", "sendt med ", "sendt via ",
	"skickat från ", "skickades från ", "skickat med ", "skickat via ", "lähetetty ",
	"odesláno z ", "odeslano z ", "отправлено с ", "отправлено из ", "отправлено через ",
	"надіслано з ", "надіслано із ", "надіслано через ", "відправлено з ", "发自", "发送自",
	"發自", "傳送自", "传送自", "寄自", "来自我的", "來自我的",
};

/* The same, where the verb stands at the end. */
static const struct {
	const char *start, *end;
} around[] = {
	{"von meine", "gesendet"}, {"von unterwegs", "gesendet"}, {"", "gönderildi"},
	{"", "から送信"}, {"", "에서 보냄"}, {"", "에서 전송"}, {"", "에서 보낸 메일"},
	{"从我的", "发送"}, {"從我的", "傳送"}, {"從我的", "發送"}, {"從我的", "寄出"},
};

/* Devices, their makers, mail programs and services: each as the beginning of a word. */
static const char *const devices[] = {
	"iphon", "ipad", "ipod", "imac", "macbook", "my mac", "apple", "android", "samsung",
	"galaxy",
	"huawei", "xiaomi", "redmi", "honor", "pixel", "oneplus", "nokia", "lumia", "blackberry",
	"htc", "moto ", "motorola", "lg ", "sony", "xperia", "oppo", "vivo", "realme", "zte",
	"nexus",
	"surface", "windows", "chromebook", "outlook", "yahoo", "gmail", "google mail", "inbox by",
	"icloud", "proton", "tuta", "thunderbird", "k-9", "fairemail", "blue", "typeapp", "nine",
	"aquamail", "aqua mail", "canary", "spark", "shift", "airmail", "polymail", "superhuman",
	"mailbird", "mailspring", "evolution", "edison", "newton", "boxer", "touchdown", "mymail",
	"mail.ru", "gmx", "web.de", "freenet", "t-online", "telekom", "vodafone", "verizon",
	"t-mobile",
	"at&t", "orange", "sfr", "laposte", "libero", "tiscali", "virgilio", "uol", "seznam",
	"centrum", "onet", "interia", "ukr.net", "yandex", "zoho", "fastmail", "front", "tapatalk",
	"wiko", "aol", "all-new", "4g", "5g", "lte", "palm",
	"workspace one", "mobile", "mobil", "handy", "smartphone", "smart phone", "telefon",
	"phone",
	"tablet", "cell", "handheld", "wireless", "device", "gerät", "appareil", "téléphone",
	"portable", "tablette", "dispositivo", "móvil", "celular", "teléfono", "telemóvel",
	"tableta",
	"cellulare", "telefonino", "telefono", "toestel", "telefoon", "apparaat", "smartfon",
	"komórk", "komork", "urządzen", "enhed", "enhet", "puhelim", "laitte", "kännyk", "zařízení",
	"tlf", "мобил", "мобіл", "телефон", "смартфон", "устройств", "пристро", "планшет", "айфон",
	"яндекс", "mail app", "mail for ", "mail pour ", "mail für ", "e-mail-app", "cep ",
};

/* The same in scripts that do not part words. */
static const char *const devices_unspaced[] = {
	"手机", "手機", "设备", "設備", "裝置", "平板", "华为", "華為", "小米", "邮件", "郵件", "邮箱", "信箱",
	"メール", "携帯", "スマート", "スマホ", "휴대폰", "아이폰", "갤럭시", "메일", "스마트폰", "휴대 전화",
};

/* "Get Outlook for iOS": a program, and what it runs on. */
static const char *const getting[] = {
	"get ", "download ", "holen sie sich ", "laden sie ", "outlook ", "télécharge", "obtene",
	"obtenir ", "obtén ", "obter ", "descargar ", "baixar ", "scarica ", "ottieni ", "pobierz ",
	"uzyskaj ", "hent ", "hämta ", "skaffa ", "få ", "hanki ", "lataa ", "získat ", "získejte ",
	"stáhněte ", "stáhnout ", "получить ", "получите ", "скачать ", "отримати ", "отримайте ",
	"завантажити ", "ios ", "android ", "获取", "取得", "下载", "下載", "ios용", "android용",
};
static const char *const got[] = {"beziehen", "herunterladen", "downloaden", "ophalen", "holen",
	"laden", "edinin", "herunter", "を入手", "の入手"};
static const char *const programs[] = {"outlook", "bluemail", "blue mail", "typeapp", "proton",
	"yahoo", "gmail", "spark", "mail app"};
static const char *const platforms[] = {"ios", "android", "mac", "mobile", "windows"};

/* What no mail program writes there. */
static const char *const persons[] = {
	"yesterday", "today", "tomorrow", "gestern", "heute", "aujourd'hui", "demain", "ayer",
	"hoy",
	"ontem", "hoje", "ieri", "oggi", "gisteren", "vandaag", "wczoraj", "dzisiaj", "i går",
	"igår",
	"i dag", "idag", "tänään", "eilen", "včera", "dnes", "вчера", "сегодня", "вчора",
	"сьогодні",
	/* a thing, and not the writer's own device */
	"the phone", "the tablet", "the device", "the cell", "the mobile",
};

static bool
has_device(struct span s)
{
	for (size_t i = 0; i < COUNT(devices); i++)
		if (words_has_start(s, devices[i]))
			return true;
	if (words_has_any(s, devices_unspaced, COUNT(devices_unspaced)))
		return true;
	return s.len > 0 && (unsigned char)*s.ptr >= FIRST_UNSPACED &&
	    words_has_any(s, devices, COUNT(devices));
}

static bool
says_sent(struct span s)
{
	if (words_starts_any(s, sent, COUNT(sent)) && !span_starts(s, SPAN("von mein")))
		return true;
	for (size_t i = 0; i < COUNT(around); i++)
		if (span_starts(s, span_of(around[i].start)) &&
		    span_ends(s, span_of(around[i].end)))
			return true;
	return false;
}

/* "Sent from my desk, is much easier than my phone." is a sentence: it has a comma. */
static bool
has_clause(struct span s)
{
	static const char *const excuses[] = {"excuse", "pardon", "brevity", "typos", "apolog",
	    "sorry",
		"entschuldig", "verzeih", "excusez", "disculp", "desculp", "scus", "verizon,",
		"t-mobile,",
		"at&t,", "cellular,"};

	return span_find(s, SPAN(", ")) < s.len && !words_has_any(s, excuses, COUNT(excuses));
}

static struct span
first_words(struct span s, unsigned max)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] == ' ' && --max == 0)
			return span_first(s, i);
	return s;
}

static struct span
last_word(struct span s)
{
	size_t at = s.len;

	while (at > 0 && s.ptr[at - 1] != ' ')
		at--;
	return span_skip(s, at);
}

/* "Get Outlook for iOS", "Outlook voor Android downloaden": the platform ends it, or the verb. */
static bool
says_get(struct span s)
{
	bool platform = words_starts_any(last_word(s), platforms, COUNT(platforms));
	bool verb = false;

	for (size_t i = 0; i < COUNT(got); i++)
		verb |= span_ends(s, span_of(got[i]));
	if (span_starts(s, SPAN("outlook ")) && !verb)
		return false;
	/* "Get Outlook working on Android" */
	if ((span_starts(s, SPAN("get ")) || span_starts(s, SPAN("download "))) &&
	    span_find(s, SPAN(" for ")) == s.len)
		return false;
	for (size_t i = 0; verb && i < COUNT(platforms); i++)
		platform |= words_has_start(s, platforms[i]);
	return platform && first_words(s, GET_WORDS_MAX).len == s.len &&
	    words_has_any(s, programs, COUNT(programs)) &&
	    (words_starts_any(s, getting, COUNT(getting)) || verb);
}

/* Without a link behind it, dashes before it and marks after it. */
static struct span
bare_line(struct span s)
{
	static const char *const links[] = {"<http", "(http", "[http"};

	while (s.len > 0 && strchr("-_<[( ", *s.ptr) != NULL)
		s = span_skip(s, 1);
	for (size_t i = 0; i < COUNT(links); i++)
		s = span_first(s, span_find(s, span_of(links[i])));
	s = span_trim(s);
	while (s.len > 0 && strchr(">]).!", s.ptr[s.len - 1]) != NULL)
		s.len--;
	return s;
}

/* The device comes soon: "Sent via post to Ben with the phone" is a person's. */
static bool
names_device(struct span s)
{
	unsigned max = span_starts(s, SPAN("diese")) ? DEVICE_WORDS + 2 : DEVICE_WORDS;

	return says_sent(s) && has_device(first_words(s, max));
}

static bool
is_sentence(struct span s)
{
	if (span_find_byte(s, ':') < s.len)
		return true;
	for (size_t i = 0; i < COUNT(persons); i++)
		if (words_has_start(s, persons[i]))
			return true;
	return words_has_self(s) || has_clause(s);
}

bool
words_is_sent_from(struct span s)
{
	size_t words = 1;

	s = bare_line(s);
	for (size_t i = 0; i < s.len; i++)
		words += s.ptr[i] == ' ';
	if (s.len == 0 || s.len > BYTES_MAX || words > WORDS_MAX + 1 ||
	    span_find(s, SPAN(". ")) < s.len)
		return false;
	if (span_is(s, "von unterwegs gesendet") || span_is(s, "sent on the go"))
		return true;
	return (names_device(s) || says_get(s)) && !is_sentence(s);
}
