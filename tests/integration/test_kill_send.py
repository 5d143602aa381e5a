# SPDX-License-Identifier: ISC
"""kill -9 of the sender, or of the daemon, while mail goes out: none is lost, and one death doubles
at most one, byte for byte.

Against Postfix the deaths come at any moment; against a scripted server each comes at a moment of
the protocol that is named. What goes out are acknowledgements, digests and invites.
"""
import collections
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import servers, stage as stages  # noqa: E402
from rig.servers import wait_for  # noqa: E402
from rig.smtp_script import Script  # noqa: E402

EACH = 30  # mails a person
MORNING = "2026-11-24T09:05:00Z"  # the digest of the lead is due
# greet and ehlo come once a connection: after the death before
PHASES = ["mail", "greet", "rcpt", "ehlo", "data", "dot", "after the dot"]


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
    return (f"From: {person}\r\nTo: platform@example.org\r\n"
            f"Subject: task: Thing {n} of {person}\r\n"
            f"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <{n}-{person}>\r\n\r\n"
            "Please.\r\n").encode()


class Killer:
    """What a scripted server does at its moments: kills as planned, with mails in between."""

    def __init__(self, kill):
        self.kill, self.plan, self.rest, self.deaths = kill, list(PHASES), 0, 0
        self.lock, self.timer = threading.Lock(), None

    def script(self):
        return {moment: (lambda moment=moment: self.at(moment))
                for moment in ("greet", "ehlo", "mail", "rcpt", "data", "dot")}

    def at(self, moment):
        with self.lock:
            phase = self.plan[0] if self.plan else None
            self.rest += moment == "dot"
            if moment != ("dot" if phase == "after the dot" else phase) or \
                    (self.rest < 2 and phase not in ("greet", "ehlo")):
                return
            self.plan.pop(0)
            self.deaths += 1
            self.rest = 0
        if phase == "after the dot":  # its reply is on its way, or there
            self.timer = threading.Timer(random.uniform(0, 0.004), self.kill)
            self.timer.start()
        else:
            self.kill()


class KillSend(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="td")
        self.addCleanup(folder.cleanup)
        try:
            self.stage = stages.Stage(folder.name, stages.PLATFORM,
                                      extra="limits: { acks_per_day = 200; };")
            self.stage.__enter__()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.addCleanup(self.stage.__exit__)

    # -- what happens

    def count(self, where):
        return self.stage.query(f"SELECT count(*) FROM outbox WHERE {where}")[0][0]

    def transport(self, text):
        """Writes the configuration with that in its list of transports."""
        self.stage.write_conf()
        with open(self.stage.conf, encoding="ascii") as f:
            head, _, rest = f.read().partition("transports: (")
        with open(self.stage.conf, "w", encoding="ascii") as f:
            f.write(f'{head}transports: ({text});\ntrust:{rest.partition("trust:")[2]}')

    def begin(self, transport=None, each=EACH):
        """Answers, invites and a digest wait when the daemon gets its transport."""
        stage = self.stage
        self.transport("")
        for person in stage.people:
            stage.rig.dovecot.deliver_many(stage.team["address"],
                                           [mail(person, n) for n in range(each)], person)
        stage.now = stages.utc("2026-11-23T15:05:00Z")
        stage.start()
        wait_for("the mails", stage.is_read, 60)
        stage.clock(MORNING)
        self.rows = each * len(stage.people) + len(stage.people) + 1
        wait_for("a full outbox", lambda: self.count("state = 'queued'") == self.rows, 60)
        stage.stop()
        stage.write_conf()
        if transport is not None:
            self.transport(transport)
        stage.start()

    def kill_daemon(self):
        self.stage.daemon.kill()
        self.stage.daemon.wait()

    def start_again(self):
        os.unlink(os.path.join(self.stage.folder, "run", "control"))
        self.stage.start()

    def kill_sender(self):
        pid = child(self.stage.daemon.pid, "tidings-send")
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        return pid is not None

    def waiting(self):
        return self.count(f"state = 'queued' AND next_try_at <= {stages.utc(MORNING)}")

    def tries(self):
        """Sent, or perhaps sent."""
        return self.count("state IN ('sent', 'unknown')")

    def end(self):
        """All has gone, what a death left for later too. Gives the number of those that somebody
        had to send again: two deaths at the same mail, and nobody knows."""
        stage = self.stage
        stage.clock("2026-11-25T00:05:00Z")
        stage.settle(60)
        left = [n for n, in stage.query("SELECT id FROM outbox WHERE state = 'unknown'")]
        for n in left:
            self.assertIn("may have arrived or not", stage.try_tidings("status").stdout)
            stage.tidings("outbox", "retry", str(n))
        stage.settle(60)
        self.assertEqual(self.count("state <> 'sent'"), 0)
        self.assertGreaterEqual(self.count("kind = 'digest'"), 1)
        self.assertEqual(self.count("kind = 'invite'"), 3)
        self.assertGreaterEqual(self.count("1"), self.rows)
        return len(left)

    def check(self, arrived, deaths):
        """Each row came, as it is byte for byte; at most one twice for a death."""
        rows = dict(self.stage.query("SELECT id, bytes FROM outbox"))
        times = collections.Counter()
        for raw in arrived:  # what servers add stands above
            row = next((n for n, bytes_ in rows.items() if raw.endswith(bytes_)), None)
            self.assertIsNotNone(row, raw.decode(errors="replace"))
            times[row] += 1
        self.assertEqual(set(times), set(rows))
        self.assertLessEqual(sum(times.values()), len(rows) + deaths)

    # -- against Postfix, at any moment

    def die_often(self, kill, deaths, after):
        """Kills while work goes on: after some way was made, and then a moment that differs."""
        end, last, done = time.monotonic() + 100, 0, 0
        while done < deaths and self.waiting() > 0:
            self.assertLess(time.monotonic(), end, self.stage.log_tail())
            if self.tries() == last:
                time.sleep(0.005)
                continue
            time.sleep(random.uniform(0, 0.05))
            last = self.tries()
            if kill():
                done += 1
                after()
        return done

    def inboxes(self):
        return [raw for person in self.stage.people for raw in self.stage.rig.dovecot.mails(person)]

    def any_moment(self, kill, deaths, after):
        seed = random.randrange(1 << 30)
        random.seed(seed)
        with self.subTest(seed=seed):
            self.begin()
            done = self.die_often(kill, deaths, after)
            self.assertGreaterEqual(done, deaths // 2)
            again = self.end()
            self.check(self.inboxes(), done + again)

    def test_sender_dies(self):
        self.any_moment(self.kill_sender, 8, lambda: None)

    def test_daemon_dies(self):
        self.any_moment(lambda: self.kill_daemon() or True, 8, self.start_again)

    # -- against a scripted server, at each moment

    def each_moment(self, kill, look):
        killer = Killer(kill)
        with Script(killer.script()) as server:
            self.begin(f'{{ name = "main"; host = "127.0.0.1"; port = {server.port}; '
                       'tls = "none"; }', 10)

            def is_through():
                look()
                return not killer.plan and self.waiting() == 0
            wait_for("the deaths", is_through, 120)
            killer.timer.join()
            look()
            again = self.end()
            self.assertEqual(killer.deaths, len(PHASES))
            self.check(server.mails, killer.deaths + again)

    def test_sender_dies_at_each_moment(self):
        self.each_moment(self.kill_sender, lambda: None)

    def test_daemon_dies_at_each_moment(self):
        def look():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.stage.daemon.wait(0.1)  # one that was just killed takes a moment to end
                self.start_again()
        self.each_moment(lambda: os.kill(self.stage.daemon.pid, signal.SIGKILL), look)


if __name__ == "__main__":
    unittest.main()
