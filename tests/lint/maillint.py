#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""maillint: is a raw outgoing mail as every outgoing mail must be?

    maillint.py [--kind KIND] [--lf] FILE...

Prints a line "FILE: RULE: what is wrong" for each fault and exits 1 if there is one. KIND is
digest, prompt, answer, invite, cancel, quarantine, call or notice; without it the file's name tells
(digest-calm.eml is a digest). --lf: the files hold LF for CRLF, as golden files do. The rule
numbers stand in doc/mail-out.md. As a module: lint(raw, kind) gives the faults as a list of
(rule, text).
"""
import base64
import email.utils
import html.parser
import os
import quopri
import re
import sys
from urllib.parse import unquote

KINDS = {
    "digest": "digest", "ack": "answer", "transcript": "answer", "confirm": "answer",
    "answer": "answer", "error": "answer", "invite": "invite", "cancel": "cancel",
    "quarantine": "quarantine", "notice": "notice", "item": "item",
    "call": "call", "time": "call", "prompt": "prompt",
}
ONCE = ("from", "to", "date", "message-id", "subject", "mime-version")
RECURRING = ("digest", "quarantine", "prompt")
WORD = re.compile(r"=\?([^?\s]+)\?([BbQq])\?([^?\s]*)\?=")
BARE = re.compile(
    r"(?i)(?:(?:done|start|stop|reopen|unblock|take|skip|same|away|yes)(?:\s+#\d+)*"
    r"|undo\s+\S+|#\d+\s+(?:done|\d\S*[hm].*)"
    r"|\d+(?:[.,:]\d+)?\s?(?:[hmdw]|min)(?:\s?\d+m?)?(?:\s+#\d+.*)?)\s*$")
TOKEN = "[a-z2-7]{36,62}"
TAGGED = re.compile(rf"(?i)r-{TOKEN}(?![a-z0-9])")
MAX_BYTES = 80 * 1024


class Part:
    """One MIME part: headers as a list of (name, raw value), the raw body, children."""

    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        if raw.startswith(b"\r\n"):
            head, self.body = b"", raw[2:]
        self.headers = []
        for line in head.split(b"\r\n"):
            if line[:1] in (b" ", b"\t") and self.headers:
                name, value = self.headers[-1]
                self.headers[-1] = (name, value + b"\r\n" + line)
            else:
                name, _, value = line.partition(b":")
                self.headers.append((name.decode("latin-1").lower(), value))
        self.type, self.params = self.content_type()
        self.parts = self.children() if self.type.startswith("multipart/") else []

    def all(self, name):
        return [unfold(v) for n, v in self.headers if n == name]

    def get(self, name):
        values = self.all(name)
        return values[0] if values else None

    def content_type(self):
        value = self.get("content-type") or "text/plain"
        kind, *rest = [p.strip() for p in value.split(";")]
        params = {}
        for p in rest:
            name, _, v = p.partition("=")
            params[name.strip().lower()] = v.strip().strip('"')
        return kind.lower(), params

    def children(self):
        mark = ("--" + self.params.get("boundary", "\0")).encode()
        chunks = (b"\r\n" + self.body).split(b"\r\n" + mark)
        if len(chunks) < 3 or not chunks[-1].startswith(b"--"):
            return []
        return [Part(c[2:]) for c in chunks[1:-1] if c.startswith(b"\r\n")]

    def encoding(self):
        return (self.get("content-transfer-encoding") or "7bit").lower()

    def decoded(self):
        if self.encoding() == "quoted-printable":
            return quopri.decodestring(self.body)
        if self.encoding() == "base64":
            return base64.b64decode(self.body)
        return self.body

    def walk(self):
        yield self
        for part in self.parts:
            yield from part.walk()


def unfold(value):
    return re.sub(rb"\r\n(?=[ \t])", b"", value).decode("latin-1").strip()


def decode_words(value):
    """RFC 2047, each word on its own: a character cut in two shows as U+FFFD."""
    value = re.sub(r"(\?=)\s+(=\?)", r"\1\2", value)

    def one(match):
        data = match.group(3)
        raw = (base64.b64decode(data) if match.group(2) in "Bb"
               else quopri.decodestring(data.replace("_", " ")))
        return raw.decode(match.group(1), "replace")
    return WORD.sub(one, value)


class Lint:
    def __init__(self, raw, kind):
        self.raw, self.kind, self.faults = raw, kind, []
        self.root = Part(raw)

    def fault(self, rule, text):
        self.faults.append((rule, text))

    def need(self, ok, rule, text):
        if not ok:
            self.fault(rule, text)

    # -- M1 to M15: octets and headers

    def octets(self):
        raw = self.raw
        self.need(not re.search(rb"(?<!\r)\n|\r(?!\n)", raw), "M3", "a bare CR or LF")
        self.need(b"\0" not in raw, "M3", "a NUL")
        self.need(raw.endswith(b"\r\n"), "M3", "no line end at the end")
        for n, line in enumerate(raw.split(b"\r\n"), 1):
            self.need(len(line) <= 998, "M3", f"line {n} has {len(line)} octets")
        self.need(len(raw) <= MAX_BYTES, "M17", f"{len(raw)} octets, more than {MAX_BYTES}")
        self.need(all(b < 0x80 for b in raw), "M3", "an octet above 127")

    def headers(self):
        names = [n for n, _ in self.root.headers]
        for name in ONCE:
            self.need(names.count(name) == 1, "M1", f"{name} stands {names.count(name)} times")
        for name in set(names):
            if name not in ("received",):
                self.need(names.count(name) == 1, "M1", f"{name} stands more than once")
        for name, value in self.root.headers:
            text = unfold(value)
            self.need(re.fullmatch(r"[!-9;-~]+", name), "M15", f"header name {name!r}")
            self.need(re.fullmatch(r"[\t -~]*", text), "M15", f"{name}: not printable ASCII")
            self.need(text, "M1", f"{name} is empty")
            for line in value.split(b"\r\n"):
                self.need(line.strip() or len(value) == 0, "M3", f"{name}: a folded line is blank")
            self.words(name, text)
        self.need(email.utils.parsedate_tz(self.root.get("date") or "") is not None, "M1",
                  "Date is no date")
        self.need(re.fullmatch(r"<[^<>\s@]+@[^<>\s@]+>", self.root.get("message-id") or ""), "M1",
                  "Message-ID is no id")
        self.need(self.root.get("mime-version") == "1.0", "M1", "MIME-Version is not 1.0")

    def words(self, name, text):
        for match in WORD.finditer(text):
            self.need(len(match.group(0)) <= 75, "M2", f"{name}: an encoded word above 75")
            one = decode_words(match.group(0))
            self.need("\ufffd" not in one, "M2", f"{name}: a word cuts a character")
            self.need(not re.search(r"[\x00-\x1f\x7f]", one), "M15", f"{name}: hides a control")
        if name in ("from", "to"):
            self.need(not WORD.search(email.utils.parseaddr(text)[1]), "M2",
                      f"{name}: an address is encoded")

    def addresses(self):
        for name in ("from", "to", "reply-to"):
            value = self.root.get(name)
            if value is None:
                continue
            pairs = email.utils.getaddresses([value])
            self.need(len(pairs) == 1, "M1", f"{name} holds {len(pairs)} addresses")
            for _, address in pairs:
                self.need(re.fullmatch(r"[!#-'*+\-./-9=?A-Z^-~]+@[A-Za-z0-9.-]+", address), "M15",
                          f"{name}: {address!r} is no plain address")
        sender = email.utils.parseaddr(self.root.get("from") or "")
        name = decode_words(sender[0])
        self.need(name.endswith(" via tidings"), "M12", f"From is {name!r}, not '... via tidings'")
        to = email.utils.parseaddr(self.root.get("to") or "")[1]
        self.need(sender[1].lower() != to.lower(), "M12", "From is the member's address")

    def token(self):
        """The reply token: in Reply-To or at an answer's subject, and nowhere else."""
        sender = email.utils.parseaddr(self.root.get("from") or "")[1]
        reply = self.root.get("reply-to")
        local, _, domain = sender.partition("@")
        self.need(reply is None or reply == sender or
                  re.fullmatch(rf"{re.escape(local)}\+r-{TOKEN}@{re.escape(domain)}", reply), "M9",
                  f"Reply-To {reply!r} is not {sender} with or without a token")
        self.need(len((reply or "").partition("@")[0]) <= 64, "M9", "Reply-To is too long")
        subject = decode_words(self.root.get("subject") or "")
        if self.kind == "answer":
            subject = re.sub(rf" \(\+r-{TOKEN}\)$", "", subject)
        self.need(not TAGGED.search(subject), "M9",
                  "a token stands in the subject, not at its end or of no answer")
        for name, value in self.root.headers:
            self.need(name in ("reply-to", "subject") or not TAGGED.search(unfold(value)), "M9",
                      f"a token stands in {name}")
        for part in self.root.walk():
            self.need(part.parts or not TAGGED.search(part.decoded().decode("latin-1")), "M9",
                      f"a token stands in the {part.type}")

    def automatic(self):
        want = "auto-replied" if self.kind == "answer" else "auto-generated"
        if self.kind == "notice":
            want = "auto-replied" if self.root.get("in-reply-to") else "auto-generated"
        self.need(self.root.get("auto-submitted") == want, "M4", f"Auto-Submitted is not {want}")
        self.need(self.root.get("x-auto-response-suppress") == "OOF, AutoReply", "M5",
                  "X-Auto-Response-Suppress is not 'OOF, AutoReply'")
        self.need(self.root.get("x-tidings-loop"), "M35", "no loop header")

    def lists(self):
        list_id = self.root.get("list-id") or ""
        if self.kind in RECURRING or list_id:
            self.need(re.search(r"<[a-z0-9-]+(\.[a-z0-9-]+)+>$", list_id), "M6",
                      f"List-Id {list_id!r}")
        self.need(not self.root.get("list-unsubscribe-post") or
                  "https:" in (self.root.get("list-unsubscribe") or ""), "M8",
                  "List-Unsubscribe-Post without an https URI")
        if self.kind not in RECURRING:
            return
        if self.kind == "prompt":
            self.need(not self.root.get("precedence"), "M7", "a prompt has a Precedence")
        else:
            self.need(self.root.get("precedence") == "bulk", "M7", "Precedence is not bulk")
        for name in ("list-unsubscribe", "list-help"):
            raw = [v for n, v in self.root.headers if n == name]
            self.need(raw and re.fullmatch(rb" <mailto:[!-~]+>", raw[0]), "M7",
                      f"{name} is not one mailto on one unfolded line")
        for name in ("list-unsubscribe", "list-help", "list-post"):
            for value in self.root.all(name):
                self.mailto(value.strip("<>"), name)

    def threads(self):
        refs = re.findall(r"<[^<>\s]+>", self.root.get("references") or "")
        list_id = self.root.get("list-id")
        self.need(" ".join(refs) == " ".join((self.root.get("references") or "").split()), "M10",
                  "References holds something that is no id")
        reply = self.root.get("in-reply-to")
        if reply:
            self.need(re.fullmatch(r"<[^<>\s]+>", reply), "M10", "In-Reply-To is no id")
            self.need(refs and refs[-1] == reply, "M10", "References does not end with In-Reply-To")
        if self.kind == "answer":
            subject = decode_words(self.root.get("subject") or "")
            self.need(subject.startswith("Re: ") or not reply, "M10",
                      "an answer's subject is not 'Re: ...'")
        if self.kind == "item":
            self.need(re.match(r"\[#\d+\] ", decode_words(self.root.get("subject") or "")), "M10",
                      "an item's subject is not '[#41] Title'")
            self.need(len(refs) == 1 and not reply, "M10",
                      "References of an item's mail is not its root alone")
            self.need(list_id, "M6", "an item's mail has no List-Id")
        if self.kind == "call":
            self.need(len(refs) <= 1 and not reply, "M10", "a call refers to more than its thread")
            self.need(list_id, "M6", "a call has no List-Id")
        if self.kind in ("digest", "prompt"):
            mid = (self.root.get("message-id") or "").strip("<>")
            self.need(len(refs) == 1 and mid and mid in refs[0] and refs[0] != f"<{mid}>", "M11",
                      f"References of a {self.kind} is not an id of this mail alone")
            self.need(re.search(r"\b\d{1,2}\b", decode_words(self.root.get("subject") or "")),
                      "M11", f"the subject of a {self.kind} has no date")

    # -- M16 to M30: bodies

    def shape(self):
        types = tree(self.root)
        alternative = ("multipart/alternative", ["text/plain", "text/html"])
        invite = ("multipart/mixed", [
            ("multipart/alternative", ["text/plain", "text/html", "text/calendar"]),
            "application/ics"])
        # the date of a decision rides on the mail about it
        dated = self.kind == "item" and self.root.type == "multipart/mixed"
        if self.kind in ("invite", "cancel") or dated:
            want = invite
        elif self.kind in ("digest", "item", "call", "prompt"):
            want = alternative
        else:
            want = "text/plain"
        self.need(types == want, "M16", f"the parts are {types}")
        for part in self.root.walk():
            if part.parts or part.type.startswith("multipart/"):
                continue
            self.need(part.encoding() in ("quoted-printable", "base64"), "M3",
                      f"{part.type} is {part.encoding()}")
            if part.encoding() == "quoted-printable":
                self.quoted(part)
            if part.type.startswith("text/"):
                self.need(part.params.get("charset", "").lower() == "utf-8", "M2",
                          f"{part.type} is not utf-8")
                try:
                    part.decoded().decode("utf-8")
                except UnicodeDecodeError:
                    self.fault("M2", f"{part.type} holds what is not UTF-8")

    def quoted(self, part):
        for line in part.body.split(b"\r\n"):
            self.need(len(line) <= 76, "M3", f"a quoted-printable line of {len(line)}")
            self.need(not re.search(rb"[ \t]$", line), "M3", "a line ends with a blank")
            self.need(not re.search(rb"=(?![0-9A-F]{2}|$)", line), "M3", "'=' without its code")

    def texts(self):
        plain = [p for p in self.root.walk() if p.type == "text/plain"]
        if not plain:
            return
        text = plain[0].decoded().decode("utf-8", "replace").replace("\r\n", "\n")
        lines = text.split("\n")
        self.need(text.strip(), "M16", "the text is empty")
        self.need("-- " in lines and any(lines[lines.index("-- ") + 1:]), "M29",
                  "no footer behind '-- '")
        for n, line in enumerate(lines, 1):
            self.need(not line.startswith("/"), "M30", f"line {n} is a live command: {line!r}")
            self.need(not BARE.match(line), "M30", f"line {n} is a live bare command: {line!r}")
            long_word = max((len(w) for w in line.split()), default=0)
            self.need(len(line) <= 72 or long_word > 60, "S28", f"line {n} is {len(line)} wide")
        self.need(not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", text), "M15", "a control character")

    def htmls(self):
        for part in self.root.walk():
            if part.type == "text/html":
                Html(self).feed_all(part.decoded().decode("utf-8", "replace"))

    def mailto(self, uri, where):
        self.need(uri.startswith("mailto:"), "M27", f"{where}: {uri!r} is no mailto")
        self.need(len(uri) <= 400, "M26", f"{where}: a link of {len(uri)} characters")
        self.need("+" not in uri, "M26", f"{where}: a '+' that is not %2B")
        self.need(re.fullmatch(r"[A-Za-z0-9:@?&=%._~-]+", uri), "M26",
                  f"{where}: {uri!r} is not encoded")
        for line in unquote(uri).split("\r\n"):
            self.need(not re.search(r"[\x00-\x1f\x7f]", line), "M26",
                      f"{where}: a line break that is not %0D%0A")

    # -- invites

    def calendar(self):
        parts = [p for p in self.root.walk() if p.type in ("text/calendar", "application/ics")]
        if self.kind not in ("invite", "cancel", "item") or len(parts) != 2:
            return
        method = "CANCEL" if self.kind == "cancel" else "REQUEST"
        if self.kind == "item" and parts[0].params.get("method") == "CANCEL":
            method = "CANCEL"
        ics = parts[0].decoded()
        self.need(parts[0].params.get("method") == method, "METHOD", "the MIME method is not it")
        self.need(parts[1].decoded() == ics, "M39", "the attachment differs from the part")
        self.need((parts[1].get("content-disposition") or "").startswith("attachment"), "M39",
                  "application/ics is no attachment")
        self.need(not re.search(rb"(?<!\r)\n", ics), "ICS", "a bare LF")
        for line in ics.split(b"\r\n"):
            self.need(len(line) <= 75, "ICS", f"a line of {len(line)} octets")
        lines = re.sub(rb"\r\n[ \t]", b"", ics).decode("utf-8", "replace").split("\r\n")
        self.need(lines.count("METHOD:" + method) == 1, "METHOD", f"METHOD is not {method}")
        self.event(lines)

    def event(self, lines):
        sender = email.utils.parseaddr(self.root.get("from") or "")[1].lower()
        to = email.utils.parseaddr(self.root.get("to") or "")[1].lower()
        organizer = [l for l in lines if re.match("ORGANIZER[;:]", l)]
        attendee = [l for l in lines if re.match("ATTENDEE[;:]", l)]
        self.need(organizer and all(l.lower().endswith(":mailto:" + sender) for l in organizer),
                  "ORGANIZER", "is not From")
        self.need(len(attendee) == 1 and attendee[0].lower().endswith(":mailto:" + to), "ATTENDEE",
                  "is not the recipient alone")
        for name in ("UID", "DTSTAMP", "SEQUENCE", "SUMMARY"):
            self.need(any(re.match(name + "[;:]", l) for l in lines), name, "is missing")
        self.need("BEGIN:VALARM" not in lines, "VALARM", "an invite has an alarm")


def tree(part):
    if not part.type.startswith("multipart/"):
        return part.type
    return (part.type, [tree(p) for p in part.parts])


def luminance(colour):
    c = [int(colour[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    c = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in c]
    return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]


def contrast(a, b):
    hi, lo = sorted((luminance(a), luminance(b)), reverse=True)
    return (hi + 0.05) / (lo + 0.05)


class Html(html.parser.HTMLParser):
    """M18 to M27 on one HTML body."""
    REFUSED = {"script", "svg", "form", "input", "button", "progress", "iframe", "object", "embed",
               "video", "audio", "link", "base", "img"}
    VOID = {"meta", "br", "hr", "img", "input", "link", "base"}

    def __init__(self, lint):
        super().__init__(convert_charrefs=True)
        self.lint, self.level, self.styles, self.links = lint, 0, 0, {}
        self.open, self.tables, self.href, self.text, self.lang = [], [], None, "", 0
        self.ink, self.ground = ["000000"], ["ffffff"]

    def feed_all(self, text):
        lint = self.lint
        body = re.sub(r"(?s)<!--.*?-->", "", text)
        lint.need(not re.search(r"(?i)data:|url\(|https?://|(?<![\w-])cid:|@import", body), "M18",
                  "a remote or embedded resource")
        lint.need(not re.search(r"(?i)display\s*:\s*(none|flex)|font-size\s*:\s*1px", body), "M24",
                  "hidden text or flex")
        lint.need(re.search(r"max-width:\s*600px", body), "M20", "no table of 600px at most")
        lint.need("<!--[if mso]>" in text, "M20", "no ghost table")
        self.feed(text)
        lint.need(self.styles <= 1, "M19", f"{self.styles} style elements")
        lint.need(self.lang >= 2, "M21", "lang and dir are not on html and on a wrapper")
        lint.need(not self.open, "M19", f"not closed: {self.open}")
        for words, targets in self.links.items():
            lint.need(len(targets) == 1, "M25", f"{words!r} is the text of different links")

    def handle_starttag(self, tag, attrs):
        lint, a = self.lint, dict(attrs)
        lint.need(tag not in self.REFUSED, "M18", f"<{tag}>")
        lint.need(not any(n.startswith("on") for n in a), "M18", f"<{tag}> has a script")
        self.styles += tag == "style"
        if tag in ("html", "div", "body", "table") and a.get("lang") and a.get("dir"):
            self.lang += 1
        if re.fullmatch("h[1-6]", tag):
            lint.need(int(tag[1]) <= self.level + 1, "M25", f"<{tag}> after h{self.level}")
            self.level = int(tag[1])
        if tag == "a":
            self.href, self.text = a.get("href", ""), ""
            lint.mailto(self.href, "link")
        if tag == "table":
            self.tables.append({"layout": a.get("role") == "presentation", "caption": False,
                                "scope": False})
        if self.tables:
            self.tables[-1]["caption"] |= tag == "caption"
            self.tables[-1]["scope"] |= tag == "th" and "scope" in a
        if tag not in self.VOID:
            self.open.append(tag)
            self.colours(a.get("style", ""))

    def colours(self, style):
        ink = re.search(r"(?<![-\w])color:\s*#([0-9a-fA-F]{6})", style)
        ground = re.search(r"background-color:\s*#([0-9a-fA-F]{6})", style)
        self.ink.append(ink.group(1) if ink else self.ink[-1])
        self.ground.append(ground.group(1) if ground else self.ground[-1])

    def handle_endtag(self, tag):
        lint = self.lint
        lint.need(self.open and self.open[-1] == tag, "M19", f"</{tag}> closes nothing")
        if self.open and self.open[-1] == tag:
            self.open.pop()
            self.ink.pop()
            self.ground.pop()
        if tag == "a":
            words = " ".join(self.text.split())
            lint.need(len(words) > 3 and words.lower() not in ("here", "click here", "link"),
                      "M25", f"link text {words!r}")
            self.links.setdefault(words, set()).add(self.href)
            self.href = None
        if tag == "table" and self.tables:
            table = self.tables.pop()
            lint.need(table["layout"] or (table["caption"] and table["scope"]), "M20",
                      "a data table without caption and th scope")

    def handle_data(self, data):
        self.text += data
        if data.strip() and self.open and self.open[-1] not in ("style", "title"):
            ratio = contrast(self.ink[-1], self.ground[-1])
            self.lint.need(ratio >= 4.5, "M22", f"contrast {ratio:.1f} of {data.strip()[:20]!r}")


def lint(raw, kind):
    one = Lint(raw, kind)
    for step in (one.octets, one.headers, one.addresses, one.token, one.automatic, one.lists,
                 one.threads,
                 one.shape, one.texts, one.htmls, one.calendar):
        step()
    return one.faults


def kind_of(path):
    name = os.path.basename(path).split(".")[0].split("-")[0]
    return KINDS.get(name)


def main(args):
    kind, lf, bad = None, False, 0
    while args and args[0].startswith("--"):
        option = args.pop(0)
        if option == "--kind" and args and args[0] in KINDS:
            kind = KINDS[args.pop(0)]
        elif option == "--lf":
            lf = True
        else:
            print(__doc__, file=sys.stderr)
            return 2
    for path in args:
        with open(path, "rb") as file:
            raw = file.read()
        if lf:
            raw = raw.replace(b"\n", b"\r\n")
        this = kind or kind_of(path)
        if this is None:
            print(f"{path}: its name tells no kind; give --kind", file=sys.stderr)
            return 2
        for rule, text in lint(raw, this):
            print(f"{path}: {rule}: {text}")
            bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
