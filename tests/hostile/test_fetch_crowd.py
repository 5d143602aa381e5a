# SPDX-License-Identifier: ISC
"""The fetch worker with many bad servers at once: they may not keep it from the good ones.

A dead server takes connections and says nothing. The time limit of a server is far longer than
what a case waits for, so that only a worker that does not wait for the dead passes.
"""
import fcntl
import os
import socket
import struct
import sys
import tempfile
import termios
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from hostile.probe import Probe, mailbox  # noqa: E402
from rig.imap_script import DEFAULT, ImapServer  # noqa: E402
from rig.servers import wait_for  # noqa: E402
from hostile.test_fetch_hostile import sanitized  # noqa: E402

LOGIN = {"tls": "none", "user": "ana", "password": "hunter2", "poll": 600, "recheck": 600,
         "timeout": 600, "idle": 1, "after": "leave"}


PEAK_KB = 64 * 1024


def mail(number, size=60):
    return (b"From: ben@example.org\r\nSubject: %d\r\n\r\n" % number) + b"x" * size + b"\r\n"


def unread(sock):
    """Bytes that were sent and that the other side did not acknowledge yet."""
    try:
        return struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.TIOCOUTQ, b"\0" * 4))[0]
    except (OSError, ValueError):
        return 0


class Dead:
    """Takes every connection and says nothing on it."""
    def __init__(self):
        self.listener, self.taken = socket.socket(), []
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(512)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        try:
            while True:
                self.taken.append(self.listener.accept()[0])
        except OSError:
            pass

    def close(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        for sock in [self.listener, *self.taken]:
            sock.close()


class Crowd(unittest.TestCase):
    def setUp(self):
        self.dead = Dead()
        self.addCleanup(self.dead.close)
        self.good = ImapServer({1: mail(1)}, capabilities=b"UIDPLUS MOVE IDLE")
        self.good.__enter__()
        self.addCleanup(self.good.__exit__)

    def box(self, name, port, **keys):
        return mailbox(name=name, port=port, **{**LOGIN, **keys})

    def dead_boxes(self, count):
        return [self.box(f"dead{i}", self.dead.port) for i in range(count)]

    def probe(self, boxes, *options):
        probe = Probe(boxes, *options, seconds=120)
        self.addCleanup(probe.stop)
        return probe

    def end(self, probe):
        probe.stop()
        self.assertEqual(probe.status, 0, probe.log[-2000:])

    def test_new_mail_does_not_wait_for_the_dead(self):
        """It is told of by a server that answered before."""
        probe = self.probe([self.box("good", self.good.port), *self.dead_boxes(40)])
        probe.wait("SCANNED", "good")
        wait_for("the mailbox to idle", lambda: any(
            s.idle_tag is not None for s in self.good.sessions), 10)
        for uid in range(2, 6):
            self.good.add(uid, mail(uid))
            probe.wait("MAIL", "good", count=uid, seconds=5)
        self.end(probe)

    def test_a_first_look_waits_for_the_dead_but_shortly(self):
        """Nobody knows yet who will answer; all are given a short while first."""
        probe = self.probe([*self.dead_boxes(20), self.box("good", self.good.port)])
        probe.wait("SCANNED", "good", seconds=60)
        self.assertEqual(probe.of("TROUBLE"), [])
        self.end(probe)

    def test_those_that_die_together_do_not_hold_the_others(self):
        """They answered before; then none of their connections says a word any more."""
        with ImapServer({1: mail(1)}, capabilities=b"UIDPLUS MOVE IDLE") as dying:
            gone = threading.Event()
            names = ("LOGIN", "DONE", "SELECT", "UID SEARCH")
            for name in names:
                dying.on(name, lambda s, tag, args: None if gone.is_set() else DEFAULT)
            boxes = [self.box(f"dying{i}", dying.port) for i in range(30)]
            probe = self.probe([*boxes, self.box("good", self.good.port)])
            probe.wait("SCANNED", count=31, seconds=30)
            wait_for("all to idle", lambda: sum(
                s.idle_tag is not None for s in dying.sessions + self.good.sessions) == 31, 10)
            gone.set()
            dying.add(2, mail(2))
            wait_for("the worker to ask", lambda: dying.count(b"DONE") > 0, 10)
            self.good.add(2, mail(2))
            probe.wait("MAIL", "good", count=2, seconds=60)
            self.good.add(3, mail(3))
            probe.wait("MAIL", "good", count=3, seconds=60)
            self.end(probe)

    def test_a_folder_never_waits_for_the_network(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("cur", "new", "tmp"):
                os.mkdir(os.path.join(folder, name))
            probe = self.probe([*self.dead_boxes(40), mailbox(name="folder", maildir=folder, port=1,
                                                              poll=600, recheck=600)])
            probe.wait("SCANNED", "folder", seconds=5)
            for number in range(1, 4):
                with open(f"{folder}/tmp/{number}.a", "wb") as f:
                    f.write(mail(number))
                os.rename(f"{folder}/tmp/{number}.a", f"{folder}/new/{number}.a")
                probe.wait("MAIL", "folder", count=number, seconds=5)
            self.end(probe)

    def test_a_slow_server_is_read_all_the_same(self):
        """One that needs longer than the short while, each time."""
        def slowly(session):
            time.sleep(12)
            session.send(b"* OK ready\r\n")
        self.good.greeting = slowly
        probe = self.probe([self.box("good", self.good.port)])
        probe.wait("SCANNED", "good", seconds=60)
        self.assertEqual(probe.of("TROUBLE"), [])
        self.end(probe)

    # --- memory: all threads are in the middle of an answer at once ---

    def check_memory(self, command, answer, **mails):
        """Twelve servers send this and then no more; the worker reads all of it."""
        if sanitized():
            self.skipTest("not in a build with sanitizers")
        sent = []

        def flood(session, tag, args):
            data = answer(session, tag, args)
            session.send(data)
            if tag + b" OK" not in data:
                sent.append(session)
        servers = [ImapServer({n: mail(n, **mails) for n in range(1, 65)}) for _ in range(12)]
        for server in servers:
            server.on(command, flood)
            server.__enter__()
            self.addCleanup(server.__exit__)
        probe = self.probe([self.box(f"bad{i}", s.port) for i, s in enumerate(servers)])
        wait_for("all to have sent", lambda: len(sent) == len(servers), 60)
        wait_for("all to be read", lambda: not any(unread(s.sock) for s in list(sent)), 60)
        self.end(probe)
        self.assertLess(probe.peak_kb, PEAK_KB)

    def test_memory_of_searches(self):
        self.check_memory("UID SEARCH", lambda s, tag, args: (
            b"* SEARCH" + b" 0" * 1500000 + b"\r\n"))

    def test_memory_of_searches_that_find_much(self):
        self.check_memory("UID SEARCH", lambda s, tag, args: b"* SEARCH" + b"".join(
            b" %d" % uid for uid in range(400000, 0, -1)) + b"\r\n")

    def test_memory_of_lists_of_sizes(self):
        self.check_memory("UID FETCH", lambda s, tag, args: (
            b"* 1 FETCH (FLAGS (" + b" ".join([b"a"] * 11000) + b"))\r\n") * 2)

    def test_memory_of_batches(self):
        def answer(session, tag, args):
            text, _, items = args.partition(b" ")
            last = tag + b" OK done\r\n" if b"BODY" not in items else b""
            return b"".join(session.server.fetch_answer(uid, items.upper())
                            for uid in session.server.uids_of(text)) + last
        self.check_memory("UID FETCH", answer, size=15000)


if __name__ == "__main__":
    unittest.main()
