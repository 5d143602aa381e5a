# SPDX-License-Identifier: ISC
"""What holds mail up is seen, and nothing is lost by it: a store that another program has locked,
a parser that is slow, mail larger than the limit. Each in `tidings status` and in the log.
(Disk full, read-only: test_bad_input.py.)
"""
import os
import re
import signal
import sqlite3
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import servers, stage as stages  # noqa: E402
from rig.servers import wait_for  # noqa: E402

TEAM, ANA = "platform@example.org", "ana@example.org"
LARGEST = 100000


def mail(title, body="Please.\r\n"):
    return (f"From: {ANA}\r\nTo: {TEAM}\r\nSubject: task: {title}\r\n"
            f"Message-ID: <{title}@example.org>\r\n"
            f"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\n{body}").encode()


class Backpressure(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="td")
        self.addCleanup(folder.cleanup)
        try:
            self.stage = stages.Stage(folder.name, dict(stages.PLATFORM, core=None),
                                      begin="2026-11-23T09:05:00Z",
                                      extra=f"limits: {{ mail_bytes = {LARGEST}; parsers = 1; }};")
            self.stage.__enter__()
            self.addCleanup(self.stage.__exit__)
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.stage.start()

    def deliver(self, *mails):
        for text in mails:
            self.stage.rig.dovecot.deliver(TEAM, text, ANA)

    def titles(self):
        return sorted(title for title, in self.stage.query("SELECT title FROM item"))

    def says(self, pattern):
        def is_there():
            with open(self.stage.log, errors="replace") as f:
                return re.search(pattern, f.read())
        wait_for(pattern, is_there, 30)

    def status(self):
        return self.stage.try_tidings("status")

    def test_locked(self):
        self.deliver(mail("before"))
        wait_for("the first", lambda: self.titles() == ["before"], 20)
        self.stage.settle()
        other = sqlite3.connect(self.stage.store, isolation_level=None)
        self.addCleanup(other.close)
        other.execute("BEGIN IMMEDIATE")
        self.deliver(mail("one"), mail("two"))
        self.says(r"the store cannot take mail, trying again in \d+ s: .*tidings\.db: locked by "
                  r"another process; it works again when that ends")
        status = self.status()
        self.assertEqual(status.returncode, 1)
        self.assertRegex(status.stdout, r"needs you +.*tidings\.db: locked by another process")
        self.assertEqual(self.titles(), ["before"])
        other.execute("ROLLBACK")
        wait_for("the others", lambda: self.titles() == ["before", "one", "two"], 90)
        self.says("the store works again")
        self.assertEqual(self.status().returncode, 0)

    def parser(self):
        (worker,) = [w for w in self.stage.json("status")["daemon"]["workers"]
                     if w["role"] == "parse" and w["pid"]]
        return worker["pid"]

    def test_slow(self):
        self.deliver(mail("before"))
        wait_for("the first", lambda: self.titles() == ["before"], 20)
        pid = self.parser()
        os.kill(pid, signal.SIGSTOP)
        self.addCleanup(lambda: os.path.exists(f"/proc/{pid}") and os.kill(pid, signal.SIGCONT))
        self.deliver(mail("one"), mail("two"))
        wait_for("a slow parser", lambda: "Reading is slow: " in self.status().stdout, 20)
        self.assertEqual(self.titles(), ["before"])
        os.kill(pid, signal.SIGCONT)
        wait_for("the others", lambda: self.titles() == ["before", "one", "two"], 30)
        self.says(r"a mail was slow to read mailbox=main uid=\d+ ms=\d+")
        self.assertNotIn("Reading is slow", self.status().stdout)

    def test_too_large(self):
        self.deliver(mail("large", "/done #1\r\n" + "x" * 70 + "\r\n" * (LARGEST // 2)),
                     mail("small"))
        wait_for("the small one", lambda: self.titles() == ["small"], 20)
        self.stage.settle()
        self.says(r"mail quarantined mailbox=main uid=1 .*larger than limits\.mail_bytes")
        self.assertRegex(self.status().stdout, r"(?i)quarantine[^\n]*\b1\b")
        (told,) = [m for m in self.stage.inbox(ANA) if "large" in m["Subject"]]
        self.assertIn("too large", told.get_content() if not told.is_multipart() else
                      told.get_body(("plain",)).get_content())
        self.read_again()

    def read_again(self):
        """Half a mail cannot be released; what is said to be done then works."""
        stage = self.stage
        (row,) = stage.json("quarantine", "list")
        done = stage.try_tidings("quarantine", "release", str(row["id"]))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("only its headers were taken", done.stderr)
        self.assertIn("Raise that, then take the mail out of its mailbox and put it back",
                      done.stderr)
        self.assertEqual(len(stage.json("quarantine", "list")), 1)
        stage.stop()
        stage.options["extra"] = f"limits: {{ mail_bytes = {LARGEST * 10}; parsers = 1; }};"
        stage.write_conf()
        stage.start()
        stage.settle()
        self.assertEqual(self.titles(), ["small"])
        conn = stage.rig.dovecot.imap(TEAM)
        conn.create("Elsewhere")
        self.assertEqual(conn.uid("MOVE", "1", "Elsewhere")[0], "OK")
        stage.settle()
        conn.select("Elsewhere")
        self.assertEqual(conn.uid("MOVE", "1", "INBOX")[0], "OK")
        conn.logout()
        wait_for("the large one", lambda: self.titles() == ["large", "small"], 20)
        stage.tidings("quarantine", "drop", str(row["id"]))
        self.assertEqual(stage.json("quarantine", "list"), [])


if __name__ == "__main__":
    unittest.main()
