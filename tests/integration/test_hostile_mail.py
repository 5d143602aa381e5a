# SPDX-License-Identifier: ISC
"""Mails that have broken mail programs, between ordinary ones, through the running daemon.

Each ends in the store or in quarantine; the ordinary ones have their effect and their answer; the
processes live on and stay small; and nothing that such a mail says reaches a header of ours.
"""
import email
import email.policy
import os
import re
import signal
import sys
import tempfile
import threading
import time
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "tests", "lint")]
import maillint  # noqa: E402
from rig import servers, stage as stages  # noqa: E402
from rig.servers import wait_for  # noqa: E402

ANA, TEAM = "ana@example.org", "platform@example.org"
MAX_MB = 700  # of one process, with a sanitizer's overhead
KINDS = {"ack": "answer", "error": "answer", "quarantine": "quarantine", "digest": "digest",
         "invite": "invite", "item": "item"}


def mail(name, body=b"Please.\r\n", sender=f"Ana Lima <{ANA}>", subject=None, kind="text/plain",
         more=""):
    return (f"From: {sender}\r\nTo: {TEAM}\r\nSubject: {subject or 'task: ' + name}\r\n"
            f"Message-ID: <{name}@example.org>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n"
            f"MIME-Version: 1.0\r\n{more}Content-Type: {kind}\r\n\r\n").encode() + body


def boundary_of_a_quote():
    return mail("boundary", b'--"\r\n\r\nhello\r\n--"--\r\n',
                kind='multipart/mixed; boundary="\\""')


def endless_rule():
    calendar = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
                "UID:1@example.org\r\nDTSTAMP:20261123T090000Z\r\nDTSTART:20261123T090000Z\r\n"
                "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\r\nSUMMARY:never\r\n"
                "END:VEVENT\r\nEND:VCALENDAR\r\n").encode()
    return mail("rule", calendar, kind="text/calendar; method=REQUEST; charset=utf-8")


def nested_messages():
    return mail("messages", b"Content-Type: message/rfc822\r\n\r\n" * 50000 + b"end\r\n",
                kind="message/rfc822")


def nested_multiparts():
    levels = 20000
    body = b"".join(b'--b%d\r\nContent-Type: multipart/mixed; boundary="b%d"\r\n\r\n' % (i, i + 1)
                    for i in range(levels))
    return mail("multiparts", body + b"--b%d\r\n\r\nend\r\n" % levels,
                kind='multipart/mixed; boundary="b0"')


def empty_parts():
    return mail("parts", b"--b\r\n\r\n" * 400000 + b"--b--\r\n",
                kind='multipart/mixed; boundary="b"')


def parentheses():
    return mail("parens", sender="\r\n ".join(["(" * 900] * 223) + f" <{ANA}>")


LINE = "=0D=0ABcc:_mallory=40example.net=0D=0A=0D=0A"


def lines_in_subject():
    return mail("crlf-subject", subject=f"=?utf-8?q?task:_Two{LINE}lines?=")


def lines_in_name():
    return mail("crlf-name", sender=f"=?utf-8?q?Ana{LINE}?= <{ANA}>")


def lines_in_address():
    return mail("crlf-address", sender=f'<"ana{LINE}"@example.org>',
                more=f"Reply-To: <ana@example.org>\r\n\t,=?utf-8?q?{LINE}?= <a@b>\r\n")


def lines_in_attendee():
    calendar = ("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
                "UID:2@example.org\r\nDTSTAMP:20261123T090000Z\r\nDTSTART:20261123T090000Z\r\n"
                f'ATTENDEE;CN="Ana^nBcc: mallory@example.net\\r\\n";PARTSTAT=ACCEPTED:mailto:{ANA}'
                "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n").encode()
    return mail("crlf-attendee", calendar, kind="text/calendar; method=REPLY; charset=utf-8")


def bare_dot():
    return mail("dot", b"one\n.\nMAIL FROM:<mallory@example.net>\nRCPT TO:<ana@example.org>\n")


BAD = {"boundary": boundary_of_a_quote, "rule": endless_rule, "messages": nested_messages,
       "multiparts": nested_multiparts, "parts": empty_parts, "parens": parentheses,
       "crlf-subject": lines_in_subject, "crlf-name": lines_in_name,
       "crlf-address": lines_in_address, "crlf-attendee": lines_in_attendee, "dot": bare_dot}


def tree(pid):
    """{pid: resident MiB} of the daemon and its workers."""
    found = {}
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as f:
            pids = [pid] + [int(p) for p in f.read().split()]
    except OSError:
        return found
    for one in pids:
        try:
            with open(f"/proc/{one}/status") as f:
                size = re.search(r"(?m)^VmRSS:\s+(\d+) kB", f.read())
        except OSError:
            continue
        if size:
            found[one] = int(size.group(1)) // 1024
    return found


def parsers(pid):
    found = []
    for one in tree(pid):
        with open(f"/proc/{one}/comm") as f:
            if f.read().strip() == "tidings-parse":
                found.append(one)
    return found


class Watch(threading.Thread):
    """Looks often: how big each process is, and when each mail was through."""

    def __init__(self, stage):
        super().__init__(daemon=True)
        self.stage, self.ended = stage, threading.Event()
        self.pid = stage.daemon.pid
        self.biggest, self.seen, self.begun = {}, {}, time.monotonic()

    def run(self):
        while not self.ended.wait(0.05):
            for pid, size in tree(self.pid).items():
                self.biggest[pid] = max(size, self.biggest.get(pid, 0))
            for mid, in self.stage.query("SELECT mid FROM message"):
                self.seen.setdefault(mid, time.monotonic() - self.begun)

    def end(self):
        self.ended.set()
        self.join()


class Hostile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        try:
            self.stage = stages.Stage(folder.name, dict(stages.PLATFORM, core=None))
            self.stage.__enter__()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.addCleanup(self.stage.__exit__)
        self.stage.start()
        self.stage.clock("2026-11-23T10:00:00Z")

    def outcome(self, name):
        """What the store says of it, None where it says nothing yet."""
        rows = self.stage.query("SELECT outcome FROM message WHERE mid = ?", name + "@example.org")
        return rows[0][0] if rows else None

    def through(self, mails):
        """Every mail is done with, whether the store knows its Message-ID or not."""
        done = self.stage.query("SELECT watermark FROM mailbox WHERE name = 'main'")[0][0]
        return done >= mails

    def test_between_ordinary_mails(self):
        stage = self.stage
        daemon = stage.daemon
        mails, ordinary = [], ["ordinary-0"]
        mails.append(mail("ordinary-0"))
        for number, make in enumerate(BAD.values(), 1):
            mails += [make(), mail(f"ordinary-{number}")]
            ordinary.append(f"ordinary-{number}")
        watch = Watch(stage)
        watch.start()
        try:
            stage.rig.dovecot.deliver_many(TEAM, mails, ANA)
            wait_for("all mails", lambda: self.through(len(mails)), 120)
        except RuntimeError as late:
            self.fail(f"{late}\n{stage.log_tail(60)}")
        finally:
            watch.end()
        self.assertIsNone(daemon.poll(), stage.log_tail())
        took = {name: watch.seen.get(name + "@example.org") for name in ordinary}
        print("  biggest process %d MB; ordinary mails done after %s s" % (
            max(watch.biggest.values()), " ".join(f"{t:.1f}" if t else "-" for t in took.values())))
        self.check_ordinary(ordinary)
        self.check_bad(len(mails))
        self.assertLess(max(watch.biggest.values()), MAX_MB)
        self.check_outgoing(ordinary)
        self.assertEqual(stage.stop(), 0)
        self.assertNotRegex(stage.log_tail(100000), "Sanitizer|runtime error")

    def test_parser_that_hangs(self):
        """It holds its mailbox up until limits.parser_wall, not longer, and no mail is lost."""
        stage = self.stage
        stage.stop()
        with open(stage.conf, "a") as f:
            f.write("limits: { parser_wall = 3; };\n")
        stage.start()
        stage.rig.dovecot.deliver(TEAM, mail("before"), ANA)
        wait_for("the first", lambda: self.outcome("before"))
        stopped = parsers(stage.daemon.pid)
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        begun = time.monotonic()
        names = [f"behind-{n}" for n in range(20)]
        stage.rig.dovecot.deliver_many(TEAM, [mail(name) for name in names], ANA)
        wait_for("the others", lambda: all(self.outcome(n) for n in names), 60)
        print(f"  {len(stopped)} parsers hung: the mails behind were done after "
              f"{time.monotonic() - begun:.1f} s")
        self.assertEqual({self.outcome(n) for n in names}, {"applied"})
        self.assertEqual([t for t, in stage.query(
            "SELECT title FROM item WHERE title LIKE 'behind-%' GROUP BY title")], sorted(names))
        self.assertRegex(stage.log_tail(200), "took longer than 3 s")

    def check_ordinary(self, names):
        self.stage.settle()
        for name in names:
            self.assertEqual(self.outcome(name), "applied", self.stage.log_tail())
        titles = [title for title, in self.stage.query(
            "SELECT title FROM item WHERE title LIKE 'ordinary-%' ORDER BY number")]
        self.assertEqual(titles, names)

    def check_bad(self, count):
        """Known by its Message-ID, or kept with its bytes where it could not be read."""
        known = {name: self.outcome(name) for name in BAD}
        kept = self.stage.query("SELECT uid, why, length(raw) FROM quarantine")
        print("  " + ", ".join(f"{name}: {what or 'kept'}" for name, what in known.items()))
        for uid, why, size in kept:
            self.assertTrue(why)
            self.assertGreater(size, 0, uid)
        unread = [name for name, what in known.items() if what is None]
        self.assertEqual(
            self.stage.query("SELECT count(*) FROM quarantine WHERE message_id IS NULL"),
            [(len(unread),)], f"{known} {kept}")
        read = self.stage.query("SELECT count(*) FROM message")[0][0]
        self.assertEqual(read + len(unread), count)
        listed = self.stage.json("quarantine", "list")
        self.assertEqual(len(listed), len(kept))
        for row in listed:
            # what nobody could read can be recognised all the same, and the leads hear of it
            if not row["was_read"]:
                self.assertTrue(row["from"], row)
                self.assertIn(row["subject"], ["task: " + name for name in unread], row)
        if unread:
            self.assertTrue(self.stage.query(
                "SELECT 1 FROM job WHERE kind = 'quarantine-summary'"))

    def check_outgoing(self, names):
        for kind, rcpt, raw in self.stage.query("SELECT kind, rcpt, bytes FROM outbox"):
            self.assertIn(rcpt, self.stage.people)
            parsed = email.message_from_bytes(bytes(raw), policy=email.policy.default)
            self.assertIsNone(parsed["Bcc"])
            self.assertEqual(maillint.lint(bytes(raw), KINDS[kind]), [], parsed["Subject"])
        self.assertEqual(self.stage.inbox("mallory@example.net"), [])
        subjects = [m["Subject"] for m in self.stage.inbox(ANA)]
        for name in names:
            self.assertEqual(subjects.count("Re: task: " + name), 1)


if __name__ == "__main__":
    unittest.main()
