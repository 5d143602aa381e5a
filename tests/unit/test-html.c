/* SPDX-License-Identifier: ISC */
/* Tests of what an HTML mail shows: hidden and struck text, style sheets, colors, entities,
 * signatures, answers inside quotes. */
#include "tests/unit/unit.h"

#include "parsers/htmltext.h"
#include "parsers/reading.h"

struct row {
	const char *html, *want;
};

static void
check(const struct row *rows, size_t n)
{
	struct arena *arena = arena_create();

	for (size_t i = 0; i < n; i++) {
		struct span got = htmltext_read(arena, span_of(rows[i].html), 20000, NULL);

		if (!span_is(got, rows[i].want))
			fail_msg("%s:\n\"%.*s\"", rows[i].html, SPAN_FMT(got));
	}
	arena_destroy(&arena);
}

static void
test_hidden(void **state)
{
	static const struct row rows[] = {
	    {"<p style='visibility:hidden'>/done</p>a", "a\n"},
	    {"<p style='visibility:hidden'>x<b style='visibility:visible'>y</b></p>", "y\n"},
	    {"<p style='mso-hide:all'>/done</p>a", "a\n"},
	    {"<p style='font-size:0'>/done</p>a", "a\n"},
	    {"<p style='font:0/0 a'>/done</p>a", "a\n"},
	    {"<p style='font-size:0'>x<b style='font-size:1em'>y</b></p>a", "a\n"},
	    {"<p style='font-size:0.1px'>/done</p>a", "a\n"},
	    {"<p style='font-size:1rem'>b</p>a", "b\na\n"},
	    {"<p style='opacity:0'>/done</p>a", "a\n"},
	    {"<p style='opacity:0.9'>b</p>a", "b\na\n"},
	    {"<p style='max-height:0;overflow:hidden'>/done</p>a", "a\n"},
	    {"<p style='height:0px; overflow: hidden; max-width:600px'>/done</p>a", "a\n"},
	    {"<p style='position:absolute;left:-9999px'>/done</p>a", "a\n"},
	    {"<p style='text-indent:-2em'>b</p>a", "b\na\n"},
	    {"<p style='width:0'>b</p>a", "b\na\n"},
	    {"<p style='DISPLAY : NONE !important;display:block'>/done</p>a", "a\n"},
	    {"<p hidden>/done</p>a", "a\n"},
	    {"<p hidden style='display:block'>b</p>", "b\n"},
	    {"<div class=preheader>Hello Ben</div>a", "Hello Ben\na\n"},
	    {"<p style='dis\\70 lay:none'>/done</p><p style='display/**/:none'>/drop</p>a", "a\n"},
	    {"<p style='opacity:0.01'>/done</p><p style='opacity:5%'>/done</p>a", "a\n"},
	    {"<p style='opacity:50%'>b</p>", "b\n"},
	    {"<p style='position:absolute;clip:rect(0 0 0 0)'>/done</p>a", "a\n"},
	    {"<p style='clip:rect(1px,1px,1px,1px)'>/done</p>a", "a\n"},
	    {"<p style='clip:rect(0,90px,90px,0)'>b</p><p style='clip:rect(auto,0,0,0)'>c</p>",
	        "b\n\nc\n"},
	    {"<p style='clip-path:inset(50%)'>/done</p>a", "a\n"},
	    {"<p style='transform:scale(0)'>/done</p><p style='transform:scaleY(0.01)'>x</p>a",
	        "a\n"},
	    {"<p style='transform:translateX(-9999px)'>/done</p>a", "a\n"},
	    {"<p style='transform:scale(1.1) rotate(0deg)'>b</p>", "b\n"},
	    {"<title>t<p>a</p><div>b</div>", "a\nb\n"},
	    {"<title>t</title>a<title>u<p>b", "a\n\nb\n"},
	    {"<iframe>/done</iframe><video>x</video>a", "a\n"},
	};

	check(rows, ARRAY_LEN(rows));
}

static void
test_sheet(void **state)
{
	static const struct row rows[] = {
	    {"<style>.x{display:none}</style><p class=x>/done</p>a", "a\n"},
	    {"<p class='y x'>/done</p>a"
	     "<style type='text/css'><!-- .x { display : none } --></style>", "a\n"},
	    {"<style>p.x,#z{display:none}</style><p class=x>1</p><p id=z>2</p><div class=x>3</div>",
	        "3\n"},
	    {"<style>.x{display:none}</style><p class=x style='display:block'>b</p>", "b\n"},
	    {"<style>.x{display:none!important}</style><p class=x style='display:block'>b</p>a",
	        "a\n"},
	    {"<style>.x{display:none}.x{display:block}</style><p class=x>b</p>", "b\n"},
	    {"<style>.x{display:none}p{display:block}</style><p class=x>/done</p>a", "a\n"},
	    {"<style>@media (max-width:600px){.x{display:none}}</style><p class=x>b</p>", "b\n"},
	    {"<style>.x{display:none}@media (max-width:600px){.x{display:block}}</style>"
	     "<p class=x>b</p>", "b\n"},
	    {"<style>.x{display:none}@media (max-width:1px){.x{display:none}}</style>"
	     "<p class=x>b</p>a", "a\n"},
	    {"<style>@media screen{.x{display:none}}</style><p class=x>/done</p>a", "a\n"},
	    {"<style media=print>.x{display:none}</style><p class=x>b</p>", "b\n"},
	    {"<style>@media print{.x{display:none}}</style><p class=x>b</p>", "b\n"},
	    {"<style>u{display:none}</style><u>/done</u>a<b>b</b>", "ab\n"},
	    {"<style>b{display:none}</style><B>/done</B>a<span>b</span>", "ab\n"},
	    {"<style>.x{opacity:.01}.y{clip:rect(0,0,0,0)}.z{transform:scale(0)}</style>"
	     "<p class=x>1</p><p class=y>2</p><p class=z>3</p>a", "a\n"},
	    {"<style>body .x{display:none}</style><p class=x>/done</p>a", "a\n"},
	    {"<style>@font-face{src:x}/* } */ @import 'y'; .x{display:none}</style>"
	     "<p class=x>/done</p>a", "a\n"},
	    {"<!--[if mso]><style>.x{display:none}</style><![endif]--><p class=x>b</p>", "b\n"},
	    {"<style>.x{visibility:hidden}.y{font-size:0}.z{mso-hide:all}</style>"
	     "<p class=x>1</p><p class=y>2</p><p class=z>3</p>a", "a\n"},
	    {"<style>.x{display:none", "" },
	};

	check(rows, ARRAY_LEN(rows));
}

/* What a rule may hide that is not fully understood: it is shown, and nothing in it is done. */
static void
test_doubt(void **state)
{
	static const struct row rows[] = {
	    {"<style>.w .x{display:none}</style><div class=w><p>Hi</p><div class=x>/done</div>"
	     "</div>b", "Hi\n`/done`\nb\n"},
	    {"<style>[data-x]{display:none}</style>a<p data-x=1>/done</p>", "a\n\n`/done`\n"},
	    {"<style>[class*='x']{display:none}</style><p class=axb>/done</p><p class=a>b</p>",
	        "`/done`\n\nb\n"},
	    {"<style>.p *{display:none}</style>a<div class=p><b>/done</b></div>b",
	        "a\n`/done`\nb\n"},
	    {"<style>div > p.x:first-child{visibility:hidden}</style>a<p class=x>/done</p>",
	        "a\n\n`/done`\n"},
	    {"<style>.a.x{font-size:0}</style>/spend 1h<span class=x> #5</span><br>b",
	        "/spend 1h\n`#5`\nb\n"},
	    {"<style>td .x{color:white}</style><p class=x>``/done</p>", "` ``/done`\n"},
	    {"<style>.w .x{display:none}</style><ul class=x><li>#1<li>#2</ul>",
	        "`- #1`\n`- #2`\n"},
	    {"<style>.w .x{display:none}</style>a<pre class=x>/done\n/drop</pre>",
	        "a\n```\n/done\n/drop\n```\n"},
	    {"<style>.w .x{display:none}</style><pre class=x>/done</pre>", "```\n/done\n```\n"},
	    {"<style>.w .x{display:none}</style><pre class=x>--\n/done</pre>",
	        "```\n--\n/done\n```\n"},
	    {"<style>.w .x{display:none}</style><div class=x>b<pre>/done</pre>c</div>",
	        "`b`\n```\n/done\n```\n`c`\n"},
	    {"<style>.w u{display:none}</style><u>/done</u>", "`/done`\n"},
	    {"<noscript>/done</noscript>a", "`/done`\na\n"},
	    {"<dialog>/done</dialog>a<dialog open>b</dialog>", "`/done`\na\nb\n"},
	    /* nothing of it hides */
	    {"<style>*{display:none}.x:hover{display:none}.w .x{color:red}</style>"
	     "<p class=x>/done</p>", "/done\n"},
	    {"<style>@media (max-width:9px){.w .x{display:none}}</style><p class=x>b</p>", "b\n"},
	    {"<style>.w .x{display:none}</style><p class=y>b</p>", "b\n"},
	};

	check(rows, ARRAY_LEN(rows));
}

static void
test_addresses(void **state)
{
	static const struct row rows[] = {
	    {"write to <ana@example.org> now", "write to <ana@example.org> now\n"},
	    {"see <https://example.org/a?b=c>.", "see <https://example.org/a?b=c>.\n"},
	    {"a <b title=x@y>b</b> <o:p>c</o:p> 1 < 2 @ 3", "a b c 1 < 2 @ 3\n"},
	    {"<!-- <ana@example.org> -->a", "a\n"},
	    {"<![if x]>ab@example.org>c", "ab@example.org>c\n"},
	};

	check(rows, ARRAY_LEN(rows));
}

static void
test_colors(void **state)
{
	static const struct row rows[] = {
	    {"<p style='color:#fff'>/done</p>a", "a\n"},
	    {"<p style='color:white'>/done</p>a", "a\n"},
	    {"<p style='color:rgb(255, 254,253)'>/done</p>a", "a\n"},
	    {"<p style='color:rgba(0,0,0,0)'>/done</p>a", "a\n"},
	    {"<p style='color:transparent'>/done</p>a", "a\n"},
	    {"<font color=#FFFFFF>/done</font>a", "a\n"},
	    {"<font color=ffffff>/done</font>a", "a\n"},
	    {"<td bgcolor=#000080><font color=white>b</font></td>", "b\n"},
	    {"<div style='background:#222 none'><p style='color:#222222'>/done</p>a</div>", "a\n"},
	    {"<div style='background:url(x.png)'><p style='color:white'>b</p></div>", "b\n"},
	    {"<div style='background:#000'><p style='color:white'>b</p></div>", "b\n"},
	    {"<div background=x.png><p style='color:white'>b</p></div>", "b\n"},
	    {"<style>.x{background-color:#333}</style><p class=x style='color:white'>b</p>", "b\n"},
	    {"<style>.x{color:white}</style><p class=x>/done</p>a", "a\n"},
	    {"<style>tr .x{background:#333}</style><p class=x style='color:white'>b</p>", "b\n"},
	    {"<p style='color:white'><b style='color:black'>b</b></p>", "b\n"},
	    {"<p style='color:#ccc'>b</p>", "b\n"},
	    {"<div style='background:#fff'>b</div>", "b\n"},
	    {"<html><body bgcolor=#222222 text=white><div style='color:#fff'>b</div></body>"
	     "</html>c",
	        "b\nc\n"},
	    {"<html><body style='background-color:#000'><p style='color:white'>b</p>", "b\n"},
	};

	check(rows, ARRAY_LEN(rows));
}

static void
test_struck(void **state)
{
	static const struct row rows[] = {
	    {"<s>/done #2</s>", "~~/done #2~~\n"},
	    {"<del>/done #2<br>/drop</del><br>a", "~~/done #2~~\n~~/drop~~\na\n"},
	    {"<strike><p>one</p><p>two</p></strike>", "~~one~~\n\n~~two~~\n"},
	    {"<s><p>/done</p></s><b style='display:none'><p>/done</p></b><S>c</S>",
	        "~~/done~~\n\n~~c~~\n"},
	    {"a <span style='text-decoration: line-through'>b </span>c", "a ~~b~~ c\n"},
	    {"<ul><li><s>one</s><li>two</ul>", "- ~~one~~\n- two\n"},
	    {"<style>.x{text-decoration:underline line-through}</style><p class=x>/done</p>",
	        "~~/done~~\n"},
	    {"<s>~/done</s>", "~~ ~/done~~\n"},
	    {"a<blockquote><s>b</s></blockquote>", "a\n> ~~b~~\n"},
	    {"<s></s>a<s> </s>b", "a b\n"},
	};

	check(rows, ARRAY_LEN(rows));
}

static void
test_entities(void **state)
{
	static const struct row rows[] = {
	    {"&#128; &#x80;&#150;&#8211; &#147;x&#148; &#133",
	        "\xE2\x82\xAC \xE2\x82\xAC\xE2\x80\x93\xE2\x80\x93 "
	        "\xE2\x80\x9Cx\xE2\x80\x9D \xE2\x80\xA6\n"},
	    {"<pre>a\n&#150;</pre>", "a\n\xE2\x80\x93\n"},
	    {"&check; &hellip; &apos;x&apos; &num;42 &sol;&lpar;&rpar;",
	        "\xE2\x9C\x93 \xE2\x80\xA6 'x' #42 /()\n"},
	    {"&LT;b&GT; &AMP;amp; &lt;", "<b> &amp; <\n"},
	    {"&Aogonek; &zcaron;&cacute;&lstrok;", "&Aogonek; \xC5\xBE\xC4\x87\xC5\x82\n"},
	    {"&nosuch; &amp;check; R&D x&y=1", "&nosuch; &check; R&D x&y=1\n"},
	    {"a&NewLine;b&Tab;c&ZeroWidthSpace;d", "a b cd\n"},
	    {"&nvlt;", "<\xE2\x83\x92\n"},
	};
	struct arena *arena = arena_create();
	struct links links = {0};

	check(rows, ARRAY_LEN(rows));
	htmltext_read(arena, SPAN("<a href='https://example.org/?a=1&copy=2&lt=3'>x</a>"), 1000,
	    &links);
	assert_int_equal(links.n, 1);
	assert_string_equal(links.items[0], "https://example.org/?a=1&copy=2&lt=3");
	arena_destroy(&arena);
}

static void
test_signatures(void **state)
{
	static const struct row rows[] = {
	    {"<div>Hi</div><div class='gmail_signature'>Ana<br>Head of X</div>",
	        "Hi\n-- \nAna\nHead of X\n"},
	    {"<div>Hi</div><br><span class='gmail_signature_prefix'>-- </span><br>"
	     "<div class='gmail_signature'>Ana</div>", "Hi\n\n-- \nAna\n"},
	    {"<div>Hi</div><div class='moz-signature'>-- <br>Ana</div>", "Hi\n-- \nAna\n"},
	    {"Hi<div id=Signature>Ana</div><div id=appendonsend></div><div id=divRplyFwdMsg>From: B"
	     "</div>", "Hi\n-- \nAna\n> From: B\n"},
	    {"Hi<div class='gmail_signature'>Ana</div><div class=gmail_quote><div class=gmail_attr>"
	     "On x Ben wrote:</div><blockquote>old</blockquote></div>",
	        "Hi\n-- \nAna\n> On x Ben wrote:\n> old\n"},
	    {"Hi<div class=signature>Ana</div><div>On Thu, Ben wrote:</div><blockquote>old"
	     "</blockquote>", "Hi\n-- \nAna\nOn Thu, Ben wrote:\n> old\n"},
	    {"Hi<div data-marker=__SIG_PRE__>Ana</div><div data-marker=__HEADERS__>From: Ben</div>",
	        "Hi\n-- \nAna\n> From: Ben\n"},
	    /* a closing and a name are found without it */
	    {"Hi<div>Kind regards,</div><div class=signature>Ana</div>",
	        "Hi\nKind regards,\nAna\n"},
	    /* what may be the author's own stays */
	    {"Hi<div class=signature>Ana</div><div>One more thing.</div><blockquote>old"
	     "</blockquote>", "Hi\nAna\nOne more thing.\n> old\n"},
	    {"<div class='gmail_signature'>Ana</div>", "Ana\n"},
	    {"Hi<div class='gmail_signature'>Ana</div><div>and one more thing</div>",
	        "Hi\nAna\nand one more thing\n"},
	    {"Hi<div class='gmail_signature'>Ana<br>/done</div>", "Hi\nAna\n/done\n"},
	    {"a<blockquote><div class='gmail_signature'>Ana</div></blockquote>", "a\n> Ana\n"},
	    {"Hi<div class='gmail_signature'></div>", "Hi\n"},
	};

	check(rows, ARRAY_LEN(rows));
}

#define MARK "<div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>"  \
	"<p class=MsoNormal>From: Ben<br>Sent: Monday<br>To: Ana<br>Subject: Plan</p></div>"
#define HEAD "> From: Ben\n> Sent: Monday\n> To: Ana\n> Subject: Plan\n"

static void
test_answers(void **state)
{
	static const struct row rows[] = {
	    {"<p class=MsoNormal>See my answers in red below.</p>" MARK
	     "<p class=MsoNormal>Can you come?</p>"
	     "<p class=MsoNormal><span style='color:red'>Yes, at ten.</span></p>"
	     "<p class=MsoNormal>And Ben, who is away?</p>",
	        "See my answers in red below.\n" HEAD "> Can you come?\n  Yes, at ten.\n"
	        "> And Ben, who is away?\n"},
	    {"Antworten unten in Rot<blockquote>Kommst du? <font color=#C00000>Ja.</font>"
	     "</blockquote>",
	        "Antworten unten in Rot\n> Kommst du?\n  Ja.\n"},
	    {"My comments below<blockquote>Ok for you? <font color=#00B050>/done</font> Ben"
	     "</blockquote>", "My comments below\n> Ok for you?\n  /done\n> Ben\n"},
	    /* no word of it; the quote's own color; another one; a link; a banner */
	    {"Thanks." MARK "Can you? <font color=red>Please</font> do",
	        "Thanks.\nFrom: Ben\nSent: Monday\nTo: Ana\nSubject: Plan\nCan you? Please do\n"},
	    {"Answers inline<blockquote>Hi <font color=red>all of it red</font></blockquote>",
	        "Answers inline\n> Hi all of it red\n"},
	    {"Answers in blue<blockquote>Can you come? <font color=red>no</font></blockquote>",
	        "Answers in blue\n> Can you come? no\n"},
	    {"Answers inline<blockquote>Can you? <a href=x><font color=blue>x</font></a>"
	     "</blockquote>",
	        "Answers inline\n> Can you? x\n"},
	    {"Answers inline<blockquote><div style='background:#fee;color:red'>Outside mail</div>"
	     "Can you come to the office?</blockquote>",
	        "Answers inline\n> Outside mail\n> Can you come to the office?\n"},
	};

	check(rows, ARRAY_LEN(rows));
}

/* Word writes lists as paragraphs, with signs that it hides from itself. */
static void
test_lists(void **state)
{
	static const struct row rows[] = {
	    {"<p class=MsoNormal>Done</p><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'>"
	     "<![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>"
	     "\xC2\xB7<span style='font:7.0pt \"Times\"'>&nbsp; </span></span></span>"
	     "<![endif]>#41</p>",
	        "Done\n- #41\n"},
	    {"<ul><li><p>one</p></li><li><p>two</p><p>more</p></li></ul>",
	        "- one\n- two\n\nmore\n"},
	    {"<p class=MsoNormal>a</p><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
	     "<p class=MsoNormal>b</p>",
	        "a\n\nb\n"},
	    {"<div>a</div><div>&nbsp;</div><div>b&nbsp;</div><div>c</div>", "a\n\nb\nc\n"},
	    /* a row is a line, where each cell is one */
	    {"<table><tr><td><p>#41</p></td><td><p>2h</p></td></tr><tr><td><div>x</div></td>"
	     "<td><div>y</div></td></tr></table>z", "#41\t2h\nx\ty\nz\n"},
	    {"<table><tr><td><p>one</p><p>two</p></td><td><p>three</p></td></tr></table>",
	        "one\n\ntwo\n\nthree\n"},
	    {"<table><tr><td>&nbsp;</td><td><p>/done</p></td></tr></table>", "/done\n"},
	    {"<div style='white-space:pre-wrap'>one\ntwo  three\n\nfour</div>five",
	        "one\ntwo three\n\nfour\nfive\n"},
	    {"<div style='white-space:pre-line'>a<p style='white-space:normal'>b\nc</p></div>",
	        "a\n\nb c\n"},
	    {"<details><summary>More</summary>text</details>", "More\ntext\n"},
	    {"a<p><kbd>/done</kbd></p><p><tt>/drop</tt></p>", "a\n\n`/done`\n\n`/drop`\n"},
	};

	check(rows, ARRAY_LEN(rows));
}

/* The whole way: none of it is done, and what was dropped has its reason. */
static void
test_read(void **state)
{
	static const char mail[] =
	    "From: Ana <ana@example.org>\r\nSubject: Re: [#4] Plan\r\n"
	    "Content-Type: text/html; charset=utf-8\r\n\r\n"
	    "<style>.x{display:none}</style><p>Answers in red</p>"
	    "<s>done #2</s><p class=x>/done #3</p><p style='color:#fff'>/done #4</p>"
	    "<p>/spend 1h</p><div class=gmail_signature>Ana<br>Engineer</div>"
	    "<div class=gmail_attr>On Monday, 2 Nov 2026, Ben wrote:</div>"
	    "<blockquote>When do you come?<p style='color:red'>/drop</p>"
	    "<p style='color:red'>done #9</p><p>Bring the plan, please, and the list.</p>"
	    "</blockquote>";
	const struct reading_context context = {.now = 1760000000, .zone = "UTC"};
	struct arena *arena = arena_create();
	struct reading *r;
	struct err err = {""};

	assert_int_equal(reading_parse(arena, span_of(mail), &context, &r, &err), TD_OK);
	assert_int_equal(r->n_commands, 1);
	assert_string_equal(r->commands[0].verb, "spend");
	assert_string_equal(r->text, "Answers in red\n~~done #2~~\n\n/spend 1h\n\n  /drop\n\n"
	    "  done #9");
	assert_int_equal(r->n_errors, 0);
	assert_string_equal(r->trimmed[0].why, "signature");
	arena_destroy(&arena);
}

/* What a mail program marks as quoted or forwarded is no word of the author's, whatever the
 * language of its head. */
#define GREEK "<b>\xCE\x91\xCF\x80\xCF\x8C:</b> Ben &lt;ben@example.org&gt;<br>"                   \
	"<b>\xCE\xA3\xCF\x84\xCE\xAC\xCE\xBB\xCE\xB8\xCE\xB7:</b> today<br>" \
	"<b>\xCE\xA0\xCF\x81\xCE\xBF\xCF\x82:</b> Ana<br><b>\xCE\x98\xCE\xAD\xCE\xBC\xCE\xB1:</b> x"
#define OLD "<div>/done</div><div>Done:</div><ul><li>#7</li></ul><pre>/drop\n#8 done</pre>"
#define OUTLOOK "<div style='border:none;border-top:solid #E1E1E1 1.0pt'>"

static void
test_foreign_heads(void **state)
{
	static const struct {
		const char *html, *verb; /* what the author asks for; NULL for nothing */
		const char *text;        /* begins with it */
	} rows[] = {
	    {"<div>Hi</div><hr><div id=divRplyFwdMsg>" GREEK "</div>" OLD, NULL, "Hi"},
	    {"<div>/start</div><hr><div id=x_divRplyFwdMsg>" GREEK "</div>" OLD, "start",
	        "/start"},
	    {"<div>Hi</div><div id=mail-editor-reference-message-container><div>" GREEK "</div>"
	     OLD "</div><div>/start</div>", "start", "Hi\n"},
	    {"<div>Hi</div><div id=mail-editor-reference-message-container>"
	     "<div id=divRplyFwdMsg>" GREEK "</div>" OLD "</div><div>/start</div>", "start",
	        "Hi\n"},
	    {"<div>Hi</div><div class=gmail_quote><div class=gmail_attr>---------- "
	     "Tov\xC3\xA1""bb\xC3\xADtott \xC3\xBCzenet<br>" GREEK "</div><br>" OLD "</div>", NULL,
	        "Hi"},
	    {"<div class=gmail_quote><div class=gmail_attr>---------- Tov\xC3\xA1""bb<br>" GREEK
	     "</div><br>" OLD "</div>", NULL, "> ---------- Tov"},
	    {"<div class=gmail_quote>---------- Tov\xC3\xA1""bb<br>" GREEK "<br>" OLD
	     "<blockquote>x</blockquote>" OLD "</div><div>/start</div>", "start",
	        "> #8 done\n/start"},
	    {"<div>Hi</div><div class=moz-forward-container>-------- Tov\xC3\xA1""bb<table><tr><td>"
	     GREEK "</table>" OLD "</div>", NULL, "Hi"},
	    {"<div>Hi</div><hr><div data-marker=__HEADERS__>" GREEK "</div>"
	     "<div data-marker=__QUOTED_TEXT__>" OLD "</div><div>/start</div>", "start", "Hi\n"},
	    {"<div>Hi</div><div>" OUTLOOK "<p class=MsoNormal>" GREEK "</p></div></div>" OLD, NULL,
	        "Hi"},
	    {"<div>Hi</div><div style='border-top:1pt solid rgb(225, 225, 225)'><p>" GREEK "</p>"
	     "</div>" OLD, NULL, "Hi"},
	    {"<div>Hi</div><div id=yahoo_quoted_12 class=yahoo_quoted><div>" GREEK "</div>" OLD
	     "</div>", NULL, "Hi"},
	    {"<div>Hi</div><div class=protonmail_quote>------- \xCE\x91 -------<br>" OLD "</div>",
	        NULL, "Hi"},
	    {"<div>Hi</div><div name=quote><div>" GREEK "</div>" OLD "</div>", NULL, "Hi"},
	    /* what may be hidden is no item of a section, and no label of one */
	    {"<style>.w .x{display:none}</style><p>/start</p><p>Hi</p><div class=x>Done:</div>"
	     "<div>#41</div><div class=x>/done</div>", "start", "/start"},
	    /* a rule that the author drew */
	    {"<div>Hi</div>" OUTLOOK "<p>My plan</p></div><div>/start</div>", "start",
	        "Hi\n\nMy plan"},
	    /* answers between quotes, below an attribution in the same container */
	    {"<div class=gmail_quote><div class=gmail_attr>Ben \xCE\xAD\xCE\xB3:<br></div>"
	     "<blockquote class=gmail_quote>Can you?<br>/done</blockquote><div>/start</div>"
	     "<blockquote class=gmail_quote>Bye</blockquote></div>", "start", ""},
	};
	const struct reading_context context = {.now = 1760000000, .zone = "UTC"};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct arena *arena = arena_create();
		const char *mail = arena_printf(arena, "From: Ana <ana@example.org>\r\n"
		    "Subject: Re: [#4] Plan\r\nContent-Type: text/html; charset=utf-8\r\n\r\n%s",
		    rows[i].html);
		struct reading *r;
		struct err err = {""};

		assert_int_equal(reading_parse(arena, span_of(mail), &context, &r, &err), TD_OK);
		if (r->n_commands != (rows[i].verb != NULL) || r->n_sections != 0 ||
		    (rows[i].verb != NULL && strcmp(r->commands[0].verb, rows[i].verb) != 0) ||
		    !span_starts(span_of(r->text), span_of(rows[i].text)) || *r->text == '\0')
			fail_msg("%s:\n%zu commands, %zu sections\n%s", rows[i].html,
			    r->n_commands, r->n_sections, r->text);
		arena_destroy(&arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hidden),
	    cmocka_unit_test(test_sheet),
	    cmocka_unit_test(test_doubt),
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_colors),
	    cmocka_unit_test(test_struck),
	    cmocka_unit_test(test_entities),
	    cmocka_unit_test(test_signatures),
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_lists),
	    cmocka_unit_test(test_read),
	    cmocka_unit_test(test_foreign_heads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
