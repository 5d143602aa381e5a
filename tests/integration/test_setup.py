# SPDX-License-Identifier: ISC
"""From nothing to a digest's acknowledgement: init, check and once against real servers."""
import json
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import servers  # noqa: E402

TOOL = os.path.join(os.environ.get("TD_BUILDDIR", "."), "tidings")
MAIL = (b"From: Ana Lima <ana@example.org>\r\nTo: platform@example.org\r\n"
        b"Subject: task: Fix login\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n"
        b"Message-ID: <setup@example.org>\r\n\r\nIt fails since Monday.\r\n")


class Setup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        try:
            self.rig = servers.Servers(os.path.join(self.folder, "rig"),
                                       ["ana@example.org", "platform@example.org"])
            self.rig.__enter__()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.addCleanup(self.rig.stop)
        self.secret(servers.PASSWORD)

    def secret(self, password):
        path = os.path.join(self.folder, "pw")
        with open(path, "w") as f:
            os.fchmod(f.fileno(), 0o600)
            f.write(password + "\n")
        return path

    def tool(self, *words, code=0, stdin=b"", both=False):
        conf = os.path.join(self.folder, "t.conf")
        done = subprocess.run([TOOL, "-c", conf, *words], capture_output=True, timeout=120,
                              input=stdin, check=False)
        self.assertEqual(done.returncode, code, (done.stdout + done.stderr).decode())
        return (done.stdout + done.stderr if both else done.stdout).decode()

    def init(self):
        return self.tool(
            "init", "--yes", "--provider", "dovecot", "--address", "platform@example.org",
            "--password-file", os.path.join(self.folder, "pw"), "--ca-file", self.rig.ca,
            "--imap-host", "localhost", "--imap-port", str(self.rig.dovecot.tls_port),
            "--smtp-host", "localhost", "--smtp-port", str(self.rig.postfix.port),
            "--trust", "envelope", "--zone", "UTC", "--lead", "ana@example.org", "--lead-name",
            "Ana Lima", "--store", os.path.join(self.folder, "t.db"), "--run-dir",
            os.path.join(self.folder, "run"))

    def test_init_check_once(self):
        lines = self.init().splitlines()
        self.assertEqual([x for x in lines if x.startswith("wrong")], [])
        self.assertTrue(any(x.startswith("ok     mailbox main") for x in lines), lines)
        self.assertTrue(any(x.startswith("ok     transport main") for x in lines), lines)
        self.rig.submit("ana@example.org", "platform@example.org", MAIL)
        self.rig.settle()
        self.tool("once")
        self.rig.settle()
        answers = self.rig.dovecot.mails("ana@example.org")
        self.assertEqual(len(answers), 1)
        self.assertIn(b"setup@example.org", answers[0])
        sent = json.loads(self.tool("--json", "outbox", "list", "--state", "sent"))
        self.assertEqual([r["rcpt"] for r in sent], ["ana@example.org"])
        self.assertIn("2.0.0 Ok: queued as", sent[0]["reply"])
        self.tool("once")
        self.assertEqual(len(self.rig.dovecot.mails("ana@example.org")), 1)

    def test_maildir(self):
        """No mailbox on a server: mail is piped in, and goes out by the machine's own MTA."""
        self.tool("init", "--yes", "--provider", "maildir", "--address", "platform@example.org",
                  "--smtp-port", str(self.rig.postfix.port), "--trust", "envelope", "--zone",
                  "UTC", "--lead", "ana@example.org", "--lead-name", "Ana Lima", "--store",
                  os.path.join(self.folder, "store", "t.db"), "--run-dir",
                  os.path.join(self.folder, "run"))
        folder = os.path.join(self.folder, "store", "in")
        self.assertEqual(sorted(os.listdir(folder)), ["cur", "new", "tmp"])
        self.assertIn("ok     mailbox main", self.tool("check"))
        self.tool("deliver", stdin=MAIL)
        self.tool("once")
        self.rig.settle()
        (answer,) = self.rig.dovecot.mails("ana@example.org")
        self.assertIn(b"setup@example.org", answer)
        self.assertEqual([n for part in ("cur", "new", "tmp")
                          for n in os.listdir(os.path.join(folder, part))], [])

    def test_maildir_elsewhere(self):
        text = self.tool("init", "--yes", "--provider", "dovecot", "--maildir", "/tmp/x",
                         "--address", "platform@example.org", "--password-file",
                         os.path.join(self.folder, "pw"), "--lead", "ana@example.org",
                         "--lead-name", "Ana", code=2, both=True)
        self.assertIn("--maildir is for --provider maildir", text)

    def test_wrong_password(self):
        self.init()
        self.secret("wrong")
        text = self.tool("check", code=1)
        wrong = [x for x in text.splitlines() if x.startswith("wrong")]
        self.assertEqual(len(wrong), 2, text)
        for line in wrong:
            self.assertRegex(line, r"(?i)password|login")


if __name__ == "__main__":
    unittest.main()
