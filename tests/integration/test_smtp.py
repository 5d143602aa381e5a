# SPDX-License-Identifier: ISC
"""daemon/send against real Postfix, and what arrives in Dovecot."""
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import servers  # noqa: E402

DRIVE = os.path.join(os.environ.get("TD_BUILDDIR", "."), "tests", "rig", "smtp-drive")
HEAD = b"From: ana@example.org\r\nTo: ben@example.org\r\nSubject: x\r\n\r\n"


class Postfix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        try:
            cls.rig = servers.Servers(cls.folder.name, ["ana@example.org", "ben@example.org",
                                                        "chi@example.org"])
            cls.rig.__enter__()
        except servers.Missing as missing:
            raise unittest.SkipTest(str(missing)) from None
        cls.addClassCleanup(cls.rig.stop)

    def drive(self, *words, tls="starttls", password=servers.PASSWORD):
        args = [DRIVE, "host=localhost", f"port={self.rig.postfix.port}", "tls=" + tls,
                "user=ana@example.org", "password=" + password]
        if tls != "none":
            args.append("ca=" + self.rig.ca)
        done = subprocess.run(args + list(words), capture_output=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout.decode("utf-8", "replace").splitlines()

    def write(self, data):
        path = os.path.join(self.folder.name, "mail")
        with open(path, "wb") as f:
            f.write(data)
        return path

    def test_dots_arrive_byte_for_byte(self):
        body = (b".\r\n..\r\n.a\r\n\r\n.\r\nQUIT\r\n.\r\n.\r\n" + b"." * 200 + b"\r\n" +
                (b"x" * 77 + b"\r\n") * 900 + b".\r\n")
        lines = self.drive("direct", "ana@example.org", "ben@example.org", self.write(HEAD + body))
        self.assertRegex(lines[0], r"^SENT 250 2\.0\.0 Ok: queued as ")
        self.rig.settle()
        mail = self.rig.dovecot.mails("ben@example.org")[-1]
        self.assertEqual(mail.partition(b"\r\n\r\n")[2], body)
        self.assertEqual(len(self.rig.dovecot.mails("ben@example.org")), 1)

    def test_many_by_the_worker(self):
        path = self.write(HEAD + b"hello\r\n")
        lines = self.drive("worker", *(["ana@example.org", "chi@example.org", path] * 30))
        self.assertEqual(len([x for x in lines if x.startswith("SENT ")]), 30, lines)
        self.rig.settle()
        self.assertEqual(len(self.rig.dovecot.mails("chi@example.org")), 30)
        with open(os.path.join(self.rig.postfix.root, "postfix.log")) as f:
            log = f.read()
        self.assertGreaterEqual(log.count("sasl_method=PLAIN"), 30)

    def test_refusals(self):
        path = self.write(HEAD + b"hello\r\n")
        lines = self.drive("direct", "ana@example.org", "ben@example.org", path, password="wrong")
        self.assertTrue(lines[0].startswith("TEMP "), lines)
        self.assertIn("the password is wrong", lines[0])
        self.assertIn("the password is wrong", self.drive("probe", password="wrong")[0])
        self.assertEqual(self.drive("probe"), ["OK"])
        self.assertEqual(self.drive("probe", tls="none"), ["OK"])


if __name__ == "__main__":
    unittest.main()
