# SPDX-License-Identifier: ISC
"""The fetch worker against a real Dovecot: every way in, every way it may be refused, and what
becomes of the mails. The probe plays the parent (tests/hostile/fetch-probe)."""
import hashlib
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from hostile.probe import Probe, mailbox  # noqa: E402
from rig import servers  # noqa: E402

USERS = ["ana@example.org", "ben@example.org", "chi@example.org", "dev@example.org"]
ANA = USERS[0]


def mail(number, size=0):
    return (b"From: ben@example.org\r\nTo: ana@example.org\r\nSubject: mail %d\r\n"
            b"Message-ID: <%d@example.org>\r\n\r\nbody\r\n" % (number, number)
            + (b"y" * 74 + b"\r\n") * (size // 76))


class Fetch(unittest.TestCase):
    """Each test has a server of its own, so that none sees what another left behind."""

    options = {}

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        try:
            self.rig = servers.Servers(folder.name, USERS, with_postfix=False, **self.options)
            self.rig.__enter__()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.addCleanup(self.rig.stop)
        self.dovecot = self.rig.dovecot

    def box(self, **keys):
        """A mailbox of Ana's over loopback without TLS, but for what keys say."""
        base = {"host": "localhost", "port": self.dovecot.port, "tls": "none", "user": ANA,
                "password": servers.PASSWORD, "after": "leave", "poll": 1, "timeout": 10}
        return mailbox(**{**base, **keys})

    def tls_box(self, **keys):
        base = {"port": self.dovecot.tls_port, "tls": "implicit", "ca": self.rig.ca}
        return self.box(**{**base, **keys})

    def deliver(self, count, first=1, user=ANA):
        self.dovecot.deliver_many(user, [mail(i) for i in range(first, first + count)])

    def trouble(self, box, *needles, permanent="1"):
        """This mailbox gives one line of trouble, while another one goes on."""
        self.deliver(1, user=USERS[1])
        other = self.box(name="other", user=USERS[1])
        with Probe([box, other]) as probe:
            event = probe.wait("TROUBLE", "main")
            probe.wait("SCANNED", "other", 2)
        self.assertEqual(probe.status, 0, probe.log)
        self.assertEqual(event[2], permanent)
        for needle in needles:
            self.assertIn(needle, event[3])
        self.assertEqual(len(probe.of("TROUBLE", "main")), 1)
        self.assertNotIn(servers.PASSWORD, str(probe.events) + probe.log)
        return event[3]

    def fetch(self, box, count, *options):
        """The mails of one scan, which must be so many and as Dovecot has them."""
        with Probe([box], *options) as probe:
            probe.wait("SCANNED")
        self.assertEqual(probe.status, 0, probe.log)
        self.assertEqual(probe.of("TROUBLE"), [])
        got = [e[6] for e in probe.of("MAIL")]
        self.assertEqual(len(got), count)
        return got

    def stored(self, user=ANA, folder="INBOX"):
        return [hashlib.sha256(m).hexdigest() for m in self.dovecot.mails(user, folder)]

    # --- ways in ---

    def test_plain_on_loopback(self):
        self.deliver(3)
        self.assertEqual(self.fetch(self.box(host="127.0.0.1"), 3), self.stored())

    def test_starttls(self):
        self.deliver(3)
        self.assertEqual(self.fetch(self.box(tls="starttls", ca=self.rig.ca), 3), self.stored())

    def test_implicit_tls(self):
        self.deliver(3)
        self.dovecot.deliver(ANA, mail(4, 3000000))
        self.assertEqual(self.fetch(self.tls_box(), 4), self.stored())

    def test_tls_by_address(self):
        self.deliver(1)
        self.fetch(self.tls_box(host="127.0.0.1"), 1)

    def test_descriptors_beyond_what_select_takes(self):
        self.deliver(2)
        self.fetch(self.tls_box(), 2, "--fds", "1100")
        self.fetch(self.box(), 2, "--fds", "1100")

    def test_thousand_mails(self):
        self.deliver(1000)
        self.assertEqual(self.fetch(self.tls_box(), 1000), self.stored())

    def test_empty_folder(self):
        self.fetch(self.box(), 0)

    def test_new_mail_is_found_once(self):
        self.deliver(2)
        with Probe([self.box()]) as probe:
            probe.wait("SCANNED")
            self.deliver(2, first=3)
            probe.wait("MAIL", count=4)
            probe.send("poll")
            probe.wait("SCANNED", count=len(probe.of("SCANNED")) + 2)
        self.assertEqual([e[2] for e in probe.of("MAIL")], ["1", "2", "3", "4"])

    # --- refused ---

    def test_wrong_password(self):
        line = self.trouble(self.box(password="wrong"), "refuses the login of " + ANA)
        self.assertNotIn("password=", line)

    def test_missing_folder(self):
        self.trouble(self.box(folder="Nowhere"), "folder Nowhere cannot be opened")

    def test_unknown_authority(self):
        with tempfile.TemporaryDirectory() as folder:
            other = servers.Certificates(folder).ca
            self.trouble(self.tls_box(ca=other), "signed by an authority", "pin_sha256")

    def test_ca_file_that_is_none(self):
        self.trouble(self.tls_box(ca="/nowhere/ca.pem"), "ca_file /nowhere/ca.pem")

    def test_wrong_pin_shows_the_right_one(self):
        self.deliver(1)
        line = self.trouble(self.tls_box(pin="00" * 32), "not the pinned one",
                            "if you did not renew it, someone may be in between")
        pin = line.split('"')[1]
        self.fetch(self.tls_box(pin=pin), 1)
        colons = ":".join(pin[i:i + 2] for i in range(0, 64, 2)).upper()
        self.fetch(self.tls_box(pin=colons), 1)

    def test_tls_on_the_plain_port(self):
        self.trouble(self.tls_box(port=self.dovecot.port), "does not speak TLS")

    # --- folders and what becomes of mails ---

    def test_folder_with_a_name_beyond_ascii(self):
        conn = self.dovecot.imap(ANA)
        conn.create('"Aufgaben &JxM-"')
        conn.append('"Aufgaben &JxM-"', None, None, mail(1))
        conn.logout()
        self.fetch(self.box(folder="Aufgaben ✓"), 1)

    def flags(self, folder="INBOX"):
        conn = self.dovecot.imap(ANA, folder)
        _, data = conn.uid("FETCH", "1:*", "(FLAGS)")
        conn.logout()
        return [line.decode() for line in data if line]

    def test_leave(self):
        self.deliver(2)
        with Probe([self.box(after="leave")]) as probe:
            probe.wait("ACKED", count=2)
            probe.wait("SCANNED", count=2)
        self.assertFalse(any("Seen" in line or "tidings" in line for line in self.flags()))

    def test_flag(self):
        self.deliver(3)
        with Probe([self.box(after="flag")]) as probe:
            probe.wait("ACKED", count=3)
            probe.wait("SCANNED", count=2)
        self.assertEqual(probe.acked(), ["1", "2", "3"])
        self.assertEqual(sum("$tidings" in line for line in self.flags()), 3)
        self.assertFalse(any("Seen" in line for line in self.flags()))

    def test_flags_come_only_after_the_parent_says_so(self):
        self.deliver(2)
        with Probe([self.box(after="flag")], "--no-ack") as probe:
            probe.wait("SCANNED", count=2)
        self.assertEqual(probe.of("ACKED"), [])
        self.assertFalse(any("$tidings" in line for line in self.flags()))
        self.assertEqual(len(probe.of("MAIL")), 2)

    def test_move_makes_the_folder(self):
        self.deliver(3)
        before = self.stored()
        with Probe([self.tls_box(after="move", move_to="Erledigt ü")]) as probe:
            probe.wait("ACKED", count=3)
            probe.wait("SCANNED", count=2)
        self.assertEqual(probe.of("TROUBLE"), [])
        self.assertEqual(self.stored(), [])
        self.assertEqual(self.stored(folder='"Erledigt &APw-"'), before)

    def test_mail_deleted_meanwhile(self):
        self.deliver(3)
        with Probe([self.box(after="flag")], "--hold") as probe:
            probe.wait("OPENED")
            conn = self.dovecot.imap(ANA)
            conn.uid("STORE", "2", "+FLAGS", "(\\Deleted)")
            conn.expunge()
            conn.logout()
            probe.send("go")
            scanned = probe.wait("SCANNED")
        self.assertEqual([e[2] for e in probe.of("MAIL")], ["1", "3"])
        self.assertEqual(scanned[2:], ("3", "2"))
        self.assertEqual(probe.of("TROUBLE"), [])

    def test_uidvalidity_changes(self):
        conn = self.dovecot.imap(ANA)
        self.addCleanup(conn.shutdown)
        conn.create("Tasks")
        conn.append("Tasks", None, None, mail(1))
        with Probe([self.box(folder="Tasks", after="flag")]) as probe:
            first = probe.wait("OPENED")[2]
            probe.wait("ACKED")
            conn.delete("Tasks")
            conn.create("Tasks")
            conn.append("Tasks", None, None, mail(2))
            conn.append("Tasks", None, None, mail(3))
            probe.wait("MAIL", count=3, seconds=40)
            probe.wait("ACKED", count=3)
        self.assertNotEqual(first, probe.of("OPENED")[-1][2])
        self.assertEqual([e[2] for e in probe.of("MAIL")], ["1", "1", "2"])

    def test_window_holds_back_until_the_parent_answers(self):
        self.deliver(600)
        with Probe([self.box()], "--no-ack") as probe:
            probe.wait("MAIL", count=500)
            with self.assertRaises(AssertionError):
                probe.wait("MAIL", count=501, seconds=1)
        self.assertEqual(probe.status, 0)
        self.assertEqual(probe.of("SCANNED"), [])

    def test_server_restarts(self):
        self.deliver(2)
        with Probe([self.box()]) as probe:
            probe.wait("SCANNED")
            self.dovecot.stop()
            probe.wait("TROUBLE")
            self.dovecot.start()
            self.deliver(1, first=3)
            probe.wait("MAIL", count=3, seconds=60)
        self.assertEqual([e[2] for e in probe.of("MAIL")], ["1", "2", "3"])


class WrongHost(Fetch):
    options = {"cert": "other", "san": "DNS:mail.example.net"}

    def test_certificate_for_another_host(self):
        self.trouble(self.tls_box(), "is for mail.example.net, not for localhost")


class Expired(Fetch):
    options = {"cert": "expired", "expired": True}

    def test_expired_certificate(self):
        line = self.trouble(self.tls_box(), "expired 2020-02-01", "renew it")
        self.deliver(1)
        pin = line.split("pin_sha256 is ")[1].rstrip(")")
        self.fetch(self.tls_box(pin=pin), 1)


def load_tests(loader, tests, pattern):
    """The servers with bad certificates run their own test only."""
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(Fetch))
    suite.addTest(WrongHost("test_certificate_for_another_host"))
    suite.addTest(Expired("test_expired_certificate"))
    return suite


if __name__ == "__main__":
    unittest.main()
