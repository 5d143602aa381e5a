#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Tests of maillint: every golden mail passes; a mail that breaks a rule is told by that rule."""
import base64
import glob
import os
import quopri
import re
import sys

sys.dont_write_bytecode = True
HERE = os.path.join(os.environ.get("TD_SRCDIR", "."), "tests")
sys.path.insert(0, os.path.join(HERE, "lint"))
import maillint  # noqa: E402


def golden(name):
    with open(os.path.join(HERE, "golden", name + ".eml"), "rb") as file:
        return file.read().replace(b"\n", b"\r\n")


def sub(pattern, new, count=1):
    """A change of the raw mail; it must change something."""
    def change(raw):
        out = re.sub(pattern, lambda m: m.expand(new) if b"\\g" in new else new, raw, count=count)
        assert out != raw, f"{pattern!r} is not in the mail"
        return out
    return change


def header(line):
    return lambda raw: line + b"\r\n" + raw


def part(kind, old, new):
    """A change inside the decoded text of one part, encoded again as it was."""
    def change(raw):
        start = raw.index(b"Content-Type: " + kind)
        head = raw.index(b"\r\n\r\n", start) + 4
        end = raw.find(b"\r\n--=_", head)
        end = len(raw) if end < 0 else end
        if b"base64" in raw[start:head]:
            text = base64.b64decode(raw[head:end])
        else:
            text = quopri.decodestring(raw[head:end])
        out = text.replace(old, new)
        assert out != text, f"{old!r} is not in the part"
        if b"base64" in raw[start:head]:
            coded = base64.encodebytes(out).replace(b"\n", b"\r\n")
        else:
            coded = quopri.encodestring(out.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")
        return raw[:head] + coded + raw[end:]
    return change


def html(old, new):
    return part(b"text/html", old, new)


def text(old, new):
    return part(b"text/plain", old, new)


TOKEN = b"caiq" + b"abcdefghij234567" * 2  # as long as the shortest


def reply_to(address):
    return sub(rb"Reply-To: .*\r\n", b"Reply-To: " + address + b"\r\n")


# A token where it may stand.
GOOD = [
    ("digest", reply_to(b"platform+r-" + TOKEN + b"@example.org")),
    ("ack", reply_to(b"platform+r-" + TOKEN + b"@example.org")),
    ("ack", sub(rb"(\r\nSubject: [^\r]*(\r\n [^\r]*)*)", b"\\g<1> (+r-" + TOKEN + b")")),
]

ROWS = [
    # rule, mail, change
    ("M1", "digest", header(b"From: Eve <eve@example.net>")),
    ("M1", "digest", sub(rb"Message-ID: .*\r\n", b"")),
    ("M1", "digest", sub(rb"Date: .*\r\n", b"Date: yesterday\r\n")),
    ("M1", "digest", sub(rb"MIME-Version: 1.0\r\n", b"")),
    ("M1", "digest", sub(rb"\nTo: ", b"\nTo: Ben <ben@example.org>, ")),
    ("M1", "digest", sub(rb"Subject: .*\r\n", b"Subject: \r\n")),
    ("M2", "ack", sub(rb"Subject: .*\r\n", b"Subject: =?UTF-8?Q?" + b"a" * 70 + b"?=\r\n")),
    ("M2", "ack", sub(rb"Subject: .*\r\n", b"Subject: =?UTF-8?Q?=C3?= =?UTF-8?Q?=AB?=\r\n")),
    ("M2", "ack", sub(rb"charset=utf-8", b"charset=iso-8859-1")),
    ("M3", "ack", sub(rb"Subject: .*\r\n", b"Subject: Zo\xc3\xab\r\n")),
    ("M3", "digest", sub(rb"\r\nPrecedence", b"\nPrecedence")),
    ("M3", "digest", sub(rb"\r\nPrecedence", b"\r\rPrecedence")),
    ("M3", "digest", sub(rb"quoted-printable\r\n\r\n", b"\\g<0>" + b"x" * 999 + b"\r\n")),
    ("M3", "digest", sub(rb"quoted-printable\r\n\r\n", b"\\g<0>" + b"x" * 77 + b"\r\n")),
    ("M3", "digest", sub(rb"quoted-printable\r\n\r\n", b"\\g<0>x \r\n")),
    ("M3", "digest", sub(rb"quoted-printable\r\n\r\n", b"\\g<0>x=3d\r\n")),
    ("M3", "ack", sub(rb"quoted-printable", b"8bit")),
    ("M3", "ack", sub(rb"\r\n$", b"")),
    ("M4", "digest", sub(rb"auto-generated", b"auto-replied")),
    ("M4", "ack", sub(rb"Auto-Submitted: .*\r\n", b"")),
    ("M5", "ack", sub(rb"OOF, AutoReply", b"All")),
    ("M6", "digest", sub(rb"List-Id: .*\r\n", b"")),
    ("M6", "digest", sub(rb"<digest\.platform\.example\.org>", b"<one word>")),
    ("M7", "digest", sub(rb"List-Unsubscribe: .*\r\n", b"")),
    ("M7", "digest", sub(rb"List-Unsubscribe: <", b"List-Unsubscribe:\r\n <")),
    ("M7", "digest", sub(rb"List-Help: .*\r\n", b"")),
    ("M7", "quarantine", sub(rb"Precedence: bulk\r\n", b"")),
    ("M6", "prompt", sub(rb"List-Id: .*\r\n", b"")),
    ("M7", "prompt", header(b"Precedence: bulk")),
    ("M7", "prompt", sub(rb"List-Unsubscribe: .*\r\n", b"")),
    ("M11", "prompt", sub(rb"References:.*\r\n", b"")),
    ("M16", "prompt", sub(rb"multipart/alternative", b"multipart/mixed")),
    ("M8", "digest", header(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click")),
    ("M9", "ack", reply_to(b"sales@example.org")),
    ("M9", "ack", reply_to(b"platform+task@example.org")),
    ("M9", "ack", reply_to(b"platform+r-" + TOKEN.upper() + b"@example.org")),
    ("M9", "ack", reply_to(b"platform+r-short@example.org")),
    ("M9", "ack", reply_to(b"platform+r-" + TOKEN + b"@example.net")),
    ("M9", "ack", reply_to(b"platform+r-" + TOKEN + TOKEN[:20] + b"@example.org")),
    ("M9", "ack", sub(rb"Subject: ", b"Subject: (+r-" + TOKEN + b") ")),
    ("M9", "digest", sub(rb"\r\nDate: ", b" (+r-" + TOKEN + b")\r\nDate: ")),
    ("M9", "ack", text(b"Owner", b"Owner r-" + TOKEN)),
    ("M9", "digest", html(b"</h1>", b" +r-" + TOKEN + b"@</h1>")),
    ("M9", "digest", sub(rb"mailto:platform@", b"mailto:platform%2Br-" + TOKEN + b"@")),
    ("M10", "ack", sub(rb"Subject: Re: ", b"Subject: ")),
    ("M10", "ack", sub(rb"References:(.*\r\n )*.*\r\n", b"References: <other@example.net>\r\n")),
    ("M10", "ack", sub(rb"References: ", b"References: nonsense ")),
    ("M11", "digest", sub(rb"References:.*\r\n", b"")),
    ("M11", "digest", sub(rb"References:.*\r\n", b"References: <digest@example.org>\r\n")),
    ("M11", "digest", sub(rb"Subject: .*\r\n", b"Subject: Platform daily\r\n")),
    ("M12", "digest", sub(rb"From: .*\r\n", b"From: Ana Lima <ana@example.org>\r\n")),
    ("M15", "ack", sub(rb"Subject: .*\r\n", b"Subject: =?UTF-8?Q?a=0D=0ABcc=3A_eve?=\r\n")),
    ("M15", "ack", sub(rb"Reply-To: .*\r\n", b"Reply-To: a b@example.org\r\n")),
    ("M15", "ack", sub(rb"Subject: ", b"Subject: \x1b")),
    ("M15", "ack", text(b"Owner", b"\x07Owner")),
    ("M16", "digest", sub(rb"text/html", b"text/enriched")),
    ("M16", "digest", sub(rb"multipart/alternative", b"multipart/mixed")),
    ("M16", "invite", sub(rb"application/ics", b"application/pdf")),
    ("M17", "ack", lambda raw: raw + b"x\r\n" * 30000),
    ("M18", "digest", html(b"<h1", b'<img src="https://example.net/p.gif"><h1')),
    ("M18", "digest", html(b"<h1", b"<svg></svg><h1")),
    ("M18", "digest", html(b"<h1", b'<form action="x"></form><h1')),
    ("M18", "digest", html(b"background-color:#ffffff", b"background:url(x)")),
    ("M18", "digest", html(b"<h1", b'<p onclick="x()">a</p><h1')),
    ("M19", "digest", html(b"</head>", b"<style>p{}</style></head>")),
    ("M19", "digest", html(b"</h1>", b"</h2>")),
    ("M20", "digest", html(b"max-width:600px", b"max-width:900px")),
    ("M20", "digest", html(b"<!--[if mso]>", b"<!-- -->")),
    ("M20", "digest", html(b"<caption", b"<div")),
    ("M20", "digest", html(b' role="presentation" class="card"', b' class="card"')),
    ("M21", "digest", html(b'<html lang="en" dir="ltr">', b"<html>")),
    ("M22", "digest", html(b"color:#565b63", b"color:#a0a0a0")),
    ("M24", "digest", html(b"<h1", b'<div style="display:none">preview</div><h1')),
    ("M25", "digest", html(b"<h2", b"<h4")),
    ("M25", "digest", html(b">Unblock #57<", b">here<")),
    ("M25", "digest", html(b">Unblock #57<", b">Unblock #41<")),
    ("M26", "digest", html(b"subject=%5B%2357%5D&amp;", b"subject=a+b&amp;")),
    ("M26", "digest", html(b"subject=%5B%2357%5D&amp;", b"subject=" + b"a" * 400 + b"&amp;")),
    ("M26", "digest", html(b"subject=%5B%2357%5D&amp;", b"subject=a%0Ab&amp;")),
    ("M26", "digest", html(b"subject=%5B%2357%5D&amp;", b"subject=a b&amp;")),
    ("M27", "digest", html(b"mailto:platform", b"gopher:platform")),
    ("S28", "ack", text(b"New task", b"word " * 14 + b"New task")),
    ("M29", "ack", text(b"-- \r\n", b"--\r\n")),
    ("M30", "ack", text(b"New task", b"/done #41\r\nNew task")),
    ("M30", "ack", text(b"New task", b"done #41\r\nNew task")),
    ("M30", "ack", text(b"New task", b"2h #41 review\r\nNew task")),
    ("M30", "ack", text(b"New task", b"undo k7q2\r\nNew task")),
    ("M35", "ack", sub(rb"X-Tidings-Loop: .*\r\n", b"")),
    ("M39", "invite", part(b"application/ics", b"core-1", b"core-2")),
    ("M39", "invite", sub(rb"Content-Disposition: attachment", b"Content-Disposition: inline")),
    ("METHOD", "invite", sub(rb"method=REQUEST", b"method=CANCEL")),
    ("METHOD", "cancel", part(b"text/calendar", b"METHOD:CANCEL", b"METHOD:REQUEST")),
    ("ORGANIZER", "invite", part(b"text/calendar", b"mailto:platform@", b"mailto:eve@")),
    ("ATTENDEE", "invite", part(b"text/calendar", b"mailto:ana@", b"mailto:ben@")),
    ("UID", "invite", part(b"text/calendar", b"UID:", b"X-UID:")),
    ("ICS", "invite", part(b"text/calendar", b"SUMMARY:", b"SUMMARY:" + b"x" * 70)),
    ("VALARM", "invite", part(b"text/calendar", b"STATUS:", b"BEGIN:VALARM\r\nSTATUS:")),
]


def main():
    bad = 0
    names = sorted(glob.glob(os.path.join(HERE, "golden", "*.eml")))
    assert len(names) >= 11, "the golden mails are missing"
    for path in names:
        name = os.path.basename(path)[:-4]
        for rule, why in maillint.lint(golden(name), maillint.kind_of(path)):
            print(f"{name}: {rule}: {why}")
            bad += 1
    for name, change in GOOD:
        for rule, why in maillint.lint(change(golden(name)), maillint.kind_of(name)):
            print(f"{name} with a token: {rule}: {why}")
            bad += 1
    for rule, name, change in ROWS:
        faults = maillint.lint(change(golden(name)), maillint.kind_of(name))
        if rule not in [r for r, _ in faults]:
            print(f"{rule} on {name}: not found, only {faults}")
            bad += 1
    print(f"{len(names)} golden mails, {len(ROWS)} broken ones, {bad} wrong")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
