#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""daemon/send against a scripted SMTP server: drops, hangs and refusals at each moment.

The table MOMENTS is the contract of send/smtp.h: what each misbehaviour means for the mail.
"""
import hashlib
import os
import ssl
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
from rig import servers  # noqa: E402
from rig.smtp_script import DROP, HANG, STALL, Script  # noqa: E402

DRIVE = os.path.join(os.environ.get("TD_BUILDDIR", "."), "tests", "rig", "smtp-drive")
HEAD = b"From: ana@example.org\r\nTo: ben@example.org\r\nSubject: x\r\n\r\n"
MAIL = HEAD + b"one\r\n.\r\n..two\r\n...\r\n.three\r\nend\r\n"

# script, what the result line begins with, what it holds
MOMENTS = [
    ({"greet": DROP}, "TEMP", "greeting"),
    ({"greet": "554 no"}, "TEMP", "554 no"),
    ({"greet": "421 busy"}, "TEMP", "421 busy"),
    ({"greet": b"\x00\xff garbage\r\n"}, "TEMP", "SMTP"),
    ({"greet": b"* OK IMAP4rev1 ready\r\n"}, "TEMP", "SMTP"),
    ({"ehlo": DROP}, "TEMP", "EHLO"),
    ({"ehlo": "421 later"}, "TEMP", "421 later"),
    ({"auth": "535 5.7.8 no"}, "TEMP", "the password is wrong"),
    ({"auth": "454 4.7.0 later"}, "TEMP", "454 4.7.0 later"),
    ({"auth": DROP}, "TEMP", "during the login"),
    ({"mail": DROP}, "TEMP", "at MAIL FROM"),
    ({"mail": "451 4.3.0 later"}, "TEMP", "451 4.3.0 later"),
    ({"mail": "550 5.7.1 not you"}, "PERM", "550 5.7.1 not you"),
    ({"mail": "530 5.7.0 login first"}, "TEMP", "set user and password"),
    ({"rcpt": DROP}, "TEMP", "at RCPT TO"),
    ({"rcpt": "450 4.2.0 greylisted"}, "TEMP", "try again later"),
    ({"rcpt": "550-5.1.1 one\n550-5.1.1 two\n550 5.1.1 three"}, "PERM",
     "one 5.1.1 two 5.1.1 three"),
    ({"rcpt": "552 5.2.2 over quota"}, "PERM", "mailbox"),
    ({"rcpt": "421 4.3.2 going"}, "TEMP", "421 4.3.2 going"),
    ({"data": DROP}, "TEMP", "at DATA"),
    ({"data": "451 4.3.0 later"}, "TEMP", "451 4.3.0 later"),
    ({"data": "554 5.5.1 no"}, "PERM", "554 5.5.1 no"),
    ({"data": "250 what"}, "TEMP", ""),
    ({("body", 1): None}, "UNKNOWN", "after the whole mail was sent"),
    ({"dot": DROP}, "UNKNOWN", "after the whole mail was sent"),
    ({"dot": "451 4.3.0 disk full"}, "TEMP", "451 4.3.0 disk full"),
    ({"dot": "554 5.7.1 spam"}, "PERM", "554 5.7.1 spam"),
    ({"dot": "354 again"}, "UNKNOWN", "may have arrived"),
    ({"dot": b"nonsense\r\n"}, "UNKNOWN", "may have arrived"),
    ({"dot": "250-one\n250 2.0.0 two"}, "SENT", "250 one 2.0.0 two"),
]

# With a time-out of one second.
SLOW = [
    ({"greet": HANG}, "TEMP", "in time"),
    ({"ehlo": HANG}, "TEMP", "in time"),
    ({"auth": HANG}, "TEMP", "in time during the login"),
    ({"mail": HANG}, "TEMP", "in time at MAIL FROM"),
    ({"rcpt": STALL}, "TEMP", "in time at RCPT TO"),
    ({"data": HANG}, "TEMP", "in time at DATA"),
    ({"dot": HANG}, "UNKNOWN", "in time after the whole mail was sent"),
    ({"dot": STALL}, "UNKNOWN", "in time after the whole mail was sent"),
]


class Base(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.mail = self.write("mail", MAIL)

    def write(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as f:
            f.write(data)
        return path

    def drive(self, server, *words, login=True):
        """The lines that smtp-drive prints; an option (key=value) stands before the verb."""
        args = [DRIVE, f"port={server.port}"]
        if login:
            args += ["user=ana", "password=correct horse"]
        done = subprocess.run(args + list(words), capture_output=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertNotIn(b"correct", done.stdout + done.stderr)
        return done.stdout.decode("utf-8", "replace").splitlines()

    def direct(self, *words):
        return [*words, "direct", "ana@example.org", "ben@example.org", self.mail]


class Session(Base):
    def table(self, rows, *options):
        for script, begins, holds in rows:
            with self.subTest(script=str(script)), Script(script) as server:
                lines = self.drive(server, *self.direct(*options))
                self.assertEqual(len(lines), 1, lines)
                self.assertTrue(lines[0].startswith(begins + " "), lines)
                self.assertIn(holds, lines[0])
                self.assertEqual(len(server.mails), int("dot" in script), script)

    def test_each_moment(self):
        self.table(MOMENTS)

    def test_each_hang(self):
        self.table(SLOW, "timeout=1")

    def test_good(self):
        with Script() as server:
            lines = self.drive(server, *self.direct("helo=daemon.example.org"))
            self.assertEqual(lines, ["SENT 250 2.0.0 queued as 4711"])
            self.assertEqual(server.mails, [MAIL])
            self.assertIn("EHLO daemon.example.org", server.commands)
            self.assertIn("MAIL FROM:<ana@example.org>",
                          [c.split(" SIZE")[0] for c in server.commands])
            self.assertIn("RCPT TO:<ben@example.org>", server.commands)

    def test_dots(self):
        """Every place where a dot may stand, byte for byte."""
        bodies = [b".\r\n", b"..\r\n", b"a\r\n.\r\n", b"a\r\n.\r\n.\r\n", b".a\r\n",
                  b"\r\n.\r\n\r\n",
                  b"x" * 16384 + b"\r\n.\r\n", b"x" * 65534 + b"\r\n.\r\nend\r\n",
                  b"." * 998 + b"\r\n", (b"." * 70 + b"\r\n") * 3000]
        for n, body in enumerate(bodies):
            with self.subTest(n=n), Script() as server:
                # the first with no head: the mail begins with the dot
                data = body if n == 0 else HEAD + body
                self.mail = self.write("mail", data)
                self.assertEqual(self.drive(server, *self.direct())[0][:4], "SENT")
                self.assertEqual(server.mails, [data])

    def test_no_final_line_end(self):
        with Script() as server:
            self.mail = self.write("mail", HEAD + b"no line end")
            self.assertEqual(self.drive(server, *self.direct())[0][:4], "SENT")
            self.assertEqual(server.mails, [HEAD + b"no line end\r\n"])

    def test_null_sender(self):
        with Script() as server:
            self.drive(server, "direct", "-", "ben@example.org", self.mail)
            self.assertTrue(any(c.startswith("MAIL FROM:<>") for c in server.commands))

    def test_refused_before_the_server(self):
        good = ("ana@example.org", "ben@example.org", MAIL)
        for sender, rcpt, mail in [
                ("ana@example.org>\r\nRCPT TO:<chi@example.org", good[1], MAIL),
                (good[0], "ben@example.org\r\nDATA", MAIL), (good[0], "b en@example.org", MAIL),
                (good[0], "<ben@example.org>", MAIL), (good[0], "ben\x7f@example.org", MAIL),
                (good[0], "x" * 321, MAIL),
                (good[0], good[1], HEAD + b"bare\n.\nlf\r\n"), (good[0], good[1], b"\nx\r\n"),
                (good[0], good[1], HEAD + b"bare\rcr\r\n"), (good[0], good[1], HEAD + b"end\r"),
                (good[0], good[1], b"")]:
            with self.subTest(sender=sender, rcpt=rcpt, mail=mail), Script() as server:
                path = self.write("mail", mail)
                lines = self.drive(server, "direct", sender, rcpt, path)
                self.assertTrue(lines[0].startswith("PERM "), lines)
                self.assertEqual(server.sessions, 0)

    def test_each_recipient(self):
        with Script({"rcpt": [None, "550 5.1.1 unknown", "452 4.2.2 full", None]}) as server:
            lines = self.drive(server, "direct", "ana@example.org",
                               "a@example.org,b@example.org,c@example.org,d@example.org", self.mail)
            self.assertEqual([x.split()[0] for x in lines], ["SENT", "PERM", "TEMP", "SENT"])
            self.assertIn("b@example.org", lines[1])
            self.assertIn("mailbox is full", lines[2])
            self.assertEqual(len(server.mails), 1)
        with Script({"rcpt": ["550 5.1.1 unknown", "452 4.2.2 full"]}) as server:
            lines = self.drive(server, "direct", "ana@example.org", "a@example.org,b@example.org",
                               self.mail)
            self.assertEqual([x.split()[0] for x in lines], ["PERM", "TEMP"])
            self.assertEqual(server.mails, [])
        with Script({"rcpt": [None, "550 5.1.1 unknown"], "dot": DROP}) as server:
            lines = self.drive(server, "direct", "ana@example.org", "a@example.org,b@example.org",
                               self.mail)
            self.assertEqual([x.split()[0] for x in lines], ["UNKNOWN", "PERM"])

    def test_one_connection_for_many(self):
        with Script() as server:
            lines = self.drive(server, "repeat", "5", *self.direct())
            self.assertEqual([x.split()[0] for x in lines], ["SENT"] * 5)
            self.assertEqual(server.sessions, 1)
            self.assertEqual(len([c for c in server.commands if c.startswith("AUTH")]), 1)

    def test_dead_warm_connection(self):
        """The second mail finds the connection dead: once more on a fresh one."""
        for script, sessions, results in [
                ({"mail": [None, DROP, None]}, 2, ["SENT", "SENT"]),
                ({"mail": [None, "421 4.4.2 idle", None]}, 2, ["SENT", "SENT"]),
                ({"rcpt": [None, DROP, None]}, 2, ["SENT", "SENT"]),
                ({"mail": [None, DROP, DROP, None]}, 2, ["SENT", "TEMP"]),   # once, not for ever
                ({"mail": [None, "550 5.7.1 no", None]}, 1, ["SENT", "PERM"]),
                ({"data": [None, DROP, None]}, 1, ["SENT", "TEMP"]),         # DATA had begun
                ({"dot": [None, DROP, None]}, 1, ["SENT", "UNKNOWN"])]:
            with self.subTest(script=str(script)), Script(script) as server:
                lines = self.drive(server, "repeat", "2", *self.direct())
                self.assertEqual([x.split()[0] for x in lines], results, lines)
                self.assertEqual(server.sessions, sessions)
                sent = results.count("SENT") + results.count("UNKNOWN")
                self.assertEqual(len(server.mails), sent)

    def test_login(self):
        for offers, verb in [("PLAIN LOGIN", "AUTH PLAIN"), ("LOGIN", "AUTH LOGIN"),
                             ("CRAM-MD5 NTLM LOGIN", "AUTH LOGIN")]:
            with self.subTest(offers=offers), Script(auth=offers) as server:
                self.assertEqual(self.drive(server, *self.direct())[0][:4], "SENT")
                self.assertTrue(any(c.startswith(verb) for c in server.commands))
        for offers, holds in [("", "offers no login"), ("CRAM-MD5", "neither PLAIN nor LOGIN")]:
            with self.subTest(offers=offers), Script(auth=offers) as server:
                lines = self.drive(server, *self.direct())
                self.assertTrue(lines[0].startswith("TEMP "), lines)
                self.assertIn(holds, lines[0])
                self.assertFalse(any(c.startswith("MAIL") for c in server.commands))

    def test_unreachable(self):
        with Script() as server:
            pass
        self.assertIn("cannot be reached", self.drive(server, *self.direct())[0])
        self.assertIn("no such host name", self.drive(server, *self.direct("host=no.invalid"))[0])

    def test_probe(self):
        with Script() as server:
            self.assertEqual(self.drive(server, "probe"), ["OK"])
            self.assertFalse(any(c.startswith("MAIL") for c in server.commands))
        with Script({"auth": "535 5.7.8 no"}) as server:
            self.assertIn("the password is wrong", self.drive(server, "probe")[0])


class Worker(Base):
    """The same through the worker and its frames."""

    def direct(self, *words):
        return [*words, "worker", "ana@example.org", "ben@example.org", self.mail]

    def test_each_moment(self):
        for script, begins, holds in MOMENTS:
            with self.subTest(script=str(script)), Script(script) as server:
                lines = self.drive(server, *self.direct())
                dot = ["DOT 1"] if "dot" in script or ("body", 1) in script else []
                self.assertEqual(lines[:-2], ["READY"] + dot, lines)
                self.assertTrue(lines[-2].startswith(f"{begins} 1 "), lines)
                self.assertIn(holds, lines[-2])
                self.assertEqual(lines[-1], "EXIT 0")

    def test_many(self):
        mails = ["ana@example.org", "ben@example.org", self.mail] * 20
        with Script({"rcpt": [None, "550 5.1.1 no", None]}) as server:
            lines = self.drive(server, "worker", *mails)
            results = [x.split()[0] for x in lines if x.split()[0] in ("SENT", "PERM")]
            self.assertEqual(results, ["SENT", "PERM"] + ["SENT"] * 18)
            self.assertEqual(len(server.mails), 19)

    def test_parent_does_not_commit(self):
        with Script() as server:
            lines = self.drive(server, "worker", "no-go", "ana@example.org", "ben@example.org",
                               self.mail, "ana@example.org", "chi@example.org", self.mail)
            self.assertEqual(lines[:2], ["READY", "DOT 1"])
            self.assertTrue(lines[2].startswith("TEMP 1 "), lines)
            self.assertEqual(lines[3:], ["EXIT 0"])  # nothing of the second, which was not begun
            self.assertEqual(server.mails, [])

    def stopped(self, script, command, times=1):
        """What is said of two mails when FRAME_STOP comes after that command came so often."""
        two = ["ana@example.org", "ben@example.org", self.mail] * 2
        with Script(script) as server:
            drive = subprocess.Popen(
                [DRIVE, f"port={server.port}", "timeout=60", "worker", "stop", *two],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            try:
                servers.wait_for(command, lambda: len(
                    [c for c in server.commands if c.startswith(command)]) >= times)
                return drive.communicate(timeout=60)[0].splitlines()
            finally:
                drive.kill()
                drive.wait()

    def test_stop_while_a_server_hangs(self):
        """What is ended before its body has no result: the parent takes it back, untried."""
        for moment in ("ehlo", "mail", "rcpt", "data"):
            with self.subTest(moment=moment):
                self.assertEqual(self.stopped({moment: HANG}, moment.upper()), ["READY", "EXIT 0"])

    def test_stop_after_an_answer(self):
        """What the server said before the stop counts."""
        lines = self.stopped({"rcpt": ["550 5.1.1 unknown", HANG]}, "RCPT", 2)
        self.assertEqual(lines[0], "READY")
        self.assertTrue(lines[1].startswith("PERM 1 "), lines)
        self.assertEqual(lines[2:], ["EXIT 0"])


class Tls(Base):
    def setUp(self):
        super().setUp()
        try:
            self.certs = servers.Certificates(os.path.join(self.folder, "certs"))
            self.good = self.certs.issue()
        except servers.Missing as missing:
            self.skipTest(str(missing))

    def send(self, server, *options):
        return self.drive(server, "host=localhost", *self.direct(*options))[0]

    def refused(self, server, holds, *options):
        line = self.send(server, *options)
        self.assertTrue(line.startswith("TEMP "), line)
        self.assertIn(holds, line)
        self.assertFalse(any(c.startswith(("AUTH", "MAIL")) for c in server.commands))

    def test_both_ways(self):
        ca = "ca=" + self.certs.ca
        for tls, implicit in (("starttls", False), ("implicit", True)):
            with self.subTest(tls=tls), Script(tls=self.good, implicit=implicit) as server:
                self.assertEqual(self.send(server, "tls=" + tls, ca)[:4], "SENT")
                self.assertEqual(server.mails, [MAIL])

    def test_refused_certificates(self):
        other = self.certs.issue("other", "DNS:other.example.org")
        expired = self.certs.issue("expired", expired=True)
        ca = "ca=" + self.certs.ca
        for tls, implicit in (("starttls", False), ("implicit", True)):
            for cert, option, holds in [(self.good, "helo=x", "a CA that is not trusted"),
                                        (other, ca, "another name (other)"),
                                        (expired, ca, "expired on 2020-02-01")]:
                with self.subTest(tls=tls, holds=holds), \
                        Script(tls=cert, implicit=implicit) as server:
                    self.refused(server, holds, "tls=" + tls, option)

    def test_pin(self):
        with open(self.good[0]) as f:
            der = ssl.PEM_cert_to_DER_cert(f.read())
        pin = hashlib.sha256(der).hexdigest()
        wrong = hashlib.sha256(der + b"x").hexdigest()
        for tls, implicit in (("starttls", False), ("implicit", True)):
            with self.subTest(tls=tls), Script(tls=self.good, implicit=implicit) as server:
                # by pin alone: neither the CA nor the name (an address here) counts
                self.assertEqual(self.send(server, "host=127.0.0.1", "tls=" + tls,
                                           "pin=" + pin)[:4], "SENT")
            with self.subTest(tls=tls, wrong=True), \
                    Script(tls=self.good, implicit=implicit) as server:
                self.refused(server, "not the one of pin_sha256: if you did not renew it, "
                             "someone may be in between", "tls=" + tls, "pin=" + wrong)

    def test_stripped_starttls(self):
        """A server, or somebody in between, that offers no STARTTLS gets neither login nor mail."""
        with Script() as server:
            self.refused(server, "offers no STARTTLS", "tls=starttls", "ca=" + self.certs.ca)
        with Script({"starttls": "454 not now"}, tls=self.good) as server:
            self.refused(server, "454 not now", "tls=starttls", "ca=" + self.certs.ca)

    def test_wrong_kind_of_tls(self):
        with Script() as server:
            self.refused(server, "tls = \"starttls\"", "tls=implicit", "timeout=2",
                         "ca=" + self.certs.ca)

    def test_bad_ca_file(self):
        with Script(tls=self.good) as server:
            self.refused(server, "ca_file", "tls=starttls", "ca=/nonexistent")


if __name__ == "__main__":
    unittest.main(verbosity=1)
