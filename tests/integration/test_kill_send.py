# SPDX-License-Identifier: ISC
"""kill -9 of the sender while answers go out: none is lost, and one death doubles at most one."""
import collections
import os
import signal
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import servers, stage as stages  # noqa: E402

EACH = 12  # mails a person; one gets at most 20 acknowledgements a day
KILLS = 4


def child(pid, name):
    """The pid of a child of that name, or None."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            for one in f.read().split():
                with open(f"/proc/{one}/comm", encoding="ascii") as comm:
                    if comm.read().strip() == name:
                        return int(one)
    except OSError:
        pass
    return None


def mail(person, n):
    return (f"From: {person}\r\nTo: platform@example.org\r\nSubject: task: Thing {n} of {person}\r\n"
            f"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <{n}-{person}>\r\n\r\n"
            "Please.\r\n").encode()


class KillSend(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="td")
        self.addCleanup(folder.cleanup)
        try:
            self.stage = stages.Stage(folder.name, stages.PLATFORM)
            self.stage.__enter__()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.addCleanup(self.stage.__exit__)

    def sent(self, states="'sent', 'unknown'"):
        """Answers that were tried; one whose sender died after its dot is `unknown`."""
        return self.stage.query("SELECT count(*) FROM outbox WHERE kind = 'ack' AND "
                                f"state IN ({states})")[0][0]

    def test_sender_dies(self):
        stage, deaths, last = self.stage, 0, -1
        stage.start()
        stage.clock("2026-11-23T09:05:00Z")
        wanted = EACH * len(stage.people)
        for person in stage.people:
            stage.rig.dovecot.deliver_many(stage.team["address"],
                                           [mail(person, n) for n in range(EACH)], person)
        end = time.monotonic() + 200
        while self.sent() < wanted:
            self.assertLess(time.monotonic(), end, stage.log_tail())
            pid = child(stage.daemon.pid, "tidings-send")
            # kill it only while it makes way, so that each death falls into its work
            if pid is not None and deaths < KILLS and self.sent() != last:
                last = self.sent()
                os.kill(pid, signal.SIGKILL)
                deaths += 1
            time.sleep(0.05)
        self.assertEqual(deaths, KILLS)
        stage.clock("2026-11-23T09:30:00Z")  # past the delay of a second try
        stage.settle(120)
        self.assertEqual(self.sent("'sent'"), wanted)
        seen = collections.Counter()
        bodies = collections.defaultdict(set)
        for person in stage.people:
            for answer in stage.inbox(person):
                if (answer["Subject"] or "").startswith("Re: task: Thing"):
                    seen[answer["Message-ID"]] += 1
                    bodies[answer["Message-ID"]].add(answer.get_content())
        self.assertEqual(len(seen), wanted)
        self.assertLessEqual(sum(seen.values()), wanted + deaths)
        self.assertTrue(all(len(texts) == 1 for texts in bodies.values()))
        items = stage.query("SELECT count(*), count(DISTINCT number) FROM item")
        self.assertEqual(items, [(wanted, wanted)])


if __name__ == "__main__":
    unittest.main()
