# SPDX-License-Identifier: ISC
"""New mail in a real Dovecot reaches the store at once, without a poll: the periods are longer
than the test. Dovecot itself waits up to half a second before it tells."""
import json
import os
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import servers, stage as stages  # noqa: E402

TEAM = {**stages.PLATFORM, "people": stages.PLATFORM["people"][:1]}
AT_ONCE = 5.0  # seconds; a busy machine is no failure, a poll is 600


def mail(number):
    return (f"From: Ana Lima <ana@example.org>\r\nTo: platform@example.org\r\n"
            f"Subject: task: number {number}\r\nDate: Sun, 22 Nov 2026 12:00:00 +0000\r\n"
            f"Message-ID: <news{number}@example.org>\r\n\r\nbody\r\n").encode()


class News(unittest.TestCase):
    def start(self, **options):
        folder = tempfile.TemporaryDirectory(prefix="tn")
        self.addCleanup(folder.cleanup)
        try:
            stage = stages.Stage(folder.name, TEAM, poll=600, **options)
            stage.__enter__()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.addCleanup(stage.__exit__)
        stage.start()
        servers.wait_for("the mailbox to idle", lambda: self.idles(stage), 20)
        return stage

    def idles(self, stage):
        return self.status(stage)["waits"] == "idle"

    def status(self, stage):
        """A mailbox in trouble makes the tool exit 1, with its answer all the same."""
        return json.loads(stage.try_tidings("--json", "status").stdout)["mailboxes"][0]

    def items(self, stage):
        return stage.query("SELECT count(*) FROM item")[0][0]

    def arrive(self, stage, first, count):
        """Seconds from the delivery to the committed effect."""
        begun = time.monotonic()
        stage.rig.dovecot.deliver_many(TEAM["address"], [mail(first + i) for i in range(count)],
                                       "ana@example.org")
        servers.wait_for("the tasks", lambda: self.items(stage) == first + count - 1, 20)
        return time.monotonic() - begun

    def test_one_mail_over_tls(self):
        stage = self.start()
        for number in range(1, 4):
            self.assertLess(self.arrive(stage, number, 1), AT_ONCE)
            servers.wait_for("the mailbox to idle", lambda: self.idles(stage), 20)
        servers.wait_for("the flags", stage.is_read, 20)
        self.assertEqual(stage.stop(), 0)

    def test_mails_that_come_together_without_tls(self):
        stage = self.start(tls="none", after="leave")
        self.assertLess(self.arrive(stage, 1, 50), AT_ONCE)
        servers.wait_for("the flags", stage.is_read, 20)

    def test_mail_that_came_while_the_server_was_down(self):
        stage = self.start(after="leave")
        stage.rig.dovecot.stop()
        servers.wait_for("the loss to be noticed",
                         lambda: self.status(stage)["state"] == "trouble", 30)
        stage.rig.dovecot.start()
        self.assertLess(self.arrive(stage, 1, 1), 40)


if __name__ == "__main__":
    unittest.main()
