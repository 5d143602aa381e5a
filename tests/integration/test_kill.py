# SPDX-License-Identifier: ISC
"""What kill -9 does while a thousand mails come in: nothing is lost, nothing has its effect twice.

A real Dovecot takes the mails by LMTP while any child, or the daemon itself, is killed again and
again. In the end each mail has exactly one row in the store, one item, and one flag on the server.
Also: an orderly stop under load within five seconds, and a reload with a broken configuration.
"""
import collections
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import servers, stage  # noqa: E402
from rig.servers import wait_for  # noqa: E402

TEAM, ANA = "platform@example.org", "ana@example.org"
KEYWORD = "$tidings"
BACK_OFF = 60  # a worker that was killed often may wait this long before it starts again
MAILS = int(os.environ.get("TD_KILL_MAILS", "1000"))
IN_HAND = 40  # more than all parsers hold at a time


def mail(number):
    return (f"From: Ana Lima <{ANA}>\r\nTo: {TEAM}\r\nSubject: task: Thing {number}\r\n"
            f"Message-ID: <thing-{number}@example.org>\r\n"
            f"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n"
            f"Content-Type: text/plain; charset=utf-8\r\n\r\nPlease.\r\n").encode()


def children(pid):
    """{name: [pid, ...]} of the running children."""
    found = collections.defaultdict(list)
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        pids = [int(p) for p in f.read().split()]
    for child in pids:
        try:
            with open(f"/proc/{child}/comm") as f:
                found[f.read().strip()].append(child)
        except OSError:
            pass
    return found


class Daemon:
    """A tidingsd on a folder of its own, reading one mailbox of a Dovecot."""

    def __init__(self, folder, dovecot, ca):
        self.folder, self.dovecot = folder, dovecot
        self.conf = os.path.join(folder, "tidings.conf")
        self.store = os.path.join(folder, "tidings.db")
        self.log = os.path.join(folder, "log")
        secret = os.path.join(folder, "secret")
        with open(secret, "w") as f:
            os.fchmod(f.fileno(), 0o600)
            f.write(servers.PASSWORD + "\n")
        with open(self.conf, "w") as f:
            f.write(f"""store: {{ path = "{self.store}"; reserve_mb = 1; }};
mailboxes: ( {{
	name = "main"; host = "localhost"; port = {dovecot.tls_port}; ca_file = "{ca}";
	user = "{TEAM}"; password_file = "{secret}"; after = "flag"; poll = 1;
}} );
trust: {{ mode = "envelope"; }};
run_dir = "{folder}/run";
""")
        self.process = None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [os.path.join(os.environ["TD_BUILDDIR"], "tidingsd"), "-f", "-c", self.conf],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for("tidingsd", self.is_up)

    def is_up(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"tidingsd ended: {self.log_text()[-2000:]}")
        return os.path.exists(os.path.join(self.folder, "run", "tidingsd.pid")) and \
            len(children(self.process.pid)) >= 2

    def log_text(self):
        with open(self.log, errors="replace") as f:
            return f.read()

    def end(self):
        """Whatever state it is in."""
        self.process.kill()
        self.process.wait()

    def kill(self):
        self.end()
        os.unlink(os.path.join(self.folder, "run", "tidingsd.pid"))

    def stop(self):
        """SIGTERM; gives the exit status and how long it took."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(20), time.monotonic() - begun
        finally:
            self.process.kill()

    def ask(self, sql):
        db = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=20)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def add_people(self):
        db = sqlite3.connect(self.store, timeout=20)
        db.executescript(f"""
            INSERT INTO person (id, name, handle, zone, created_at, ack)
                VALUES (1, 'Ana Lima', 'ana', 'Europe/Lisbon', 1, 'errors');
            INSERT INTO address (address, person_id) VALUES ('{ANA}', 1);
            INSERT INTO membership (team_id, person_id, role, since) VALUES (1, 1, 'member', 1);
            """)
        db.commit()
        db.close()


class Kill(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        try:
            certs = servers.Certificates(os.path.join(folder.name, "certs"))
            self.dovecot = servers.Dovecot(os.path.join(folder.name, "dovecot"), [TEAM], certs)
            self.dovecot.start()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.addCleanup(self.dovecot.stop)
        os.makedirs(os.path.join(folder.name, "tidings"))
        self.daemon = Daemon(os.path.join(folder.name, "tidings"), self.dovecot, certs.ca)
        stage.make_store(os.environ["TD_BUILDDIR"], self.daemon.conf)
        self.daemon.start()
        self.addCleanup(self.daemon.end)
        self.daemon.add_people()

    def deliver(self, count=MAILS):
        """Delivers in the background, so that mails come in while things die."""
        thread = threading.Thread(target=self.dovecot.deliver_many,
                                  args=(TEAM, [mail(n) for n in range(count)], ANA))
        thread.start()
        self.addCleanup(thread.join)
        return thread

    def applied(self):
        return self.daemon.ask("SELECT count(*) FROM message")[0][0]

    def unflagged(self):
        """Mails on the server without any mark of ours."""
        conn = self.dovecot.imap(TEAM)
        try:
            return conn.uid("SEARCH", "UNFLAGGED", "UNKEYWORD", KEYWORD)[1][0].split()
        finally:
            conn.logout()

    def check_end(self, count=MAILS):
        try:
            wait_for("the mails", lambda: self.applied() >= count, 120)
            wait_for("the acknowledgements", lambda: self.daemon.ask(
                "SELECT count(*) FROM seen WHERE state <> 'acked'")[0][0] == 0, BACK_OFF + 30)
        except RuntimeError as late:
            self.fail(f"{late}: {self.applied()} of {count}\n{self.daemon.log_text()[-4000:]}")
        self.assertEqual(self.unflagged(), [])
        rows = self.daemon.ask("SELECT mid, outcome, count(*) FROM message GROUP BY mid, outcome")
        self.assertEqual(sorted(rows), sorted(
            (f"thing-{n}@example.org", "applied", 1) for n in range(count)))
        self.assertEqual(self.daemon.ask("SELECT count(*) FROM quarantine"), [(0,)])
        titles = self.daemon.ask("SELECT title, count(*) FROM item GROUP BY title")
        self.assertEqual(sorted(titles), sorted((f"Thing {n}", 1) for n in range(count)))
        numbers = self.daemon.ask("SELECT number FROM item ORDER BY number")
        self.assertEqual(numbers, [(n,) for n in range(1, count + 1)])

    def kill_children(self, name, every):
        """Not before the mails in hand at the last kill are done: one whose parser ends twice is
        kept aside, as it should be, and a slow machine would see to that."""
        thread = self.deliver()
        killed, last, end = 0, -IN_HAND, time.monotonic() + 300
        while (thread.is_alive() or self.applied() < MAILS) and time.monotonic() < end:
            if (done := self.applied()) >= last + IN_HAND:
                for pid in children(self.daemon.process.pid)[name]:
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
                last = done
            if killed >= 12 and not thread.is_alive():
                break
            time.sleep(every)
        self.assertGreater(killed, 1)
        self.check_end()

    def test_fetch_dies(self):
        self.kill_children("tidings-fetch", 0.4)

    def test_parsers_die(self):
        self.kill_children("tidings-parse", 0.3)

    def test_daemon_dies(self):
        thread = self.deliver()
        killed = 0
        while (thread.is_alive() or self.applied() < MAILS) and killed < 8:
            time.sleep(0.5)
            self.daemon.kill()
            killed += 1
            self.daemon.start()
        thread.join()
        self.assertGreater(killed, 1)
        self.check_end()

    def test_stop_under_load(self):
        thread = self.deliver()
        wait_for("some mails", lambda: self.applied() > 50)
        status, seconds = self.daemon.stop()
        self.assertEqual(status, 0)
        self.assertLess(seconds, 5)
        thread.join()
        self.daemon.start()
        self.check_end()

    def test_reload(self):
        with open(self.daemon.conf) as f:
            good = f.read()
        with open(self.daemon.conf, "w") as f:
            f.write(good.replace('poll = 1', 'pol = 1'))
        self.daemon.process.send_signal(signal.SIGHUP)
        wait_for("the complaint", lambda: "tidings.conf:4:" in self.daemon.log_text())
        wait_for("the rest of it",
                 lambda: "configuration was not changed" in self.daemon.log_text())
        self.deliver(20).join()
        self.check_end(20)
        with open(self.daemon.conf, "w") as f:
            f.write(good.replace('poll = 1', 'poll = 2'))
        before = children(self.daemon.process.pid)["tidings-fetch"]
        self.daemon.process.send_signal(signal.SIGHUP)
        wait_for("another fetch process",
                 lambda: children(self.daemon.process.pid)["tidings-fetch"] not in (before, []))
        self.dovecot.deliver(TEAM, mail(20), ANA)
        self.check_end(21)

    def test_second_daemon(self):
        done = subprocess.run([os.path.join(os.environ["TD_BUILDDIR"], "tidingsd"), "-f", "-c",
                               self.daemon.conf], capture_output=True, text=True, timeout=20,
                              check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("is in use by another tidingsd", done.stderr)
        self.assertIn(str(self.daemon.process.pid), done.stderr)
        self.assertIsNone(self.daemon.process.poll())

    def test_second_daemon_with_a_store_of_its_own(self):
        """It would do everything a second time: refused at the start, and by a reload."""
        folder = os.path.join(os.path.dirname(self.daemon.folder), "other")
        os.makedirs(folder)
        with open(self.daemon.conf) as f:
            text = f.read()
        other = Daemon(folder, self.dovecot, re.search('ca_file = "(.*?)"', text).group(1))
        stage.make_store(os.environ["TD_BUILDDIR"], other.conf)
        done = subprocess.run([os.path.join(os.environ["TD_BUILDDIR"], "tidingsd"), "-f", "-c",
                               other.conf], capture_output=True, text=True, timeout=20,
                              check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("mailbox main is read by another tidingsd on this machine", done.stderr)
        with open(other.conf) as f:
            same = f.read()
        with open(other.conf, "w") as f:
            f.write(same.replace("after =", 'folder = "Other"; after ='))
        other.start()
        self.addCleanup(other.end)
        with open(other.conf, "w") as f:
            f.write(same)
        other.process.send_signal(signal.SIGHUP)
        wait_for("its refusal", lambda: "the configuration was not changed: mailbox main is read "
                 "by another tidingsd" in other.log_text())
        self.dovecot.deliver(TEAM, mail(0), ANA)
        self.check_end(1)
        self.daemon.kill()  # what it had is free with its end
        other.process.send_signal(signal.SIGHUP)
        wait_for("the mail", lambda: other.ask("SELECT count(*) FROM message") == [(1,)])


if __name__ == "__main__":
    unittest.main()
