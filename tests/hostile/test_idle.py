# SPDX-License-Identifier: ISC
"""Waiting for news with IDLE: the races between word of new mail and the wait for it, servers that
refuse, end or forget it, and that a thousand that wait are sockets, not threads.

The periods are set so that a look which the case does not call for cannot come in its time.
"""
import os
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from hostile.probe import Probe, mailbox  # noqa: E402
from rig.imap_script import DEFAULT, ImapServer, certificate  # noqa: E402
from rig.servers import wait_for  # noqa: E402

LOGIN = {"tls": "none", "user": "ana", "password": "hunter2", "poll": 600, "recheck": 600,
         "timeout": 2, "idle": 1, "after": "leave"}


def mail(number):
    return (b"From: ben@example.org\r\nSubject: %d\r\n\r\n" % number) + b"x" * 60 + b"\r\n"


class Idle(unittest.TestCase):
    def setUp(self):
        self.server = ImapServer({1: mail(1)}, capabilities=b"UIDPLUS MOVE IDLE")
        self.server.__enter__()
        self.addCleanup(self.server.__exit__)

    def probe(self, *options, **keys):
        probe = Probe([mailbox(name="main", port=self.server.port, **{**LOGIN, **keys})], *options)
        self.addCleanup(probe.stop)
        return probe

    def uids(self, probe):
        return [event[2] for event in probe.of("MAIL")]

    def idling(self):
        return any(session.idle_tag is not None for session in self.server.sessions)

    def waits(self, probe, looks=1):
        """Until the worker went through its list and waits for news."""
        probe.wait("SCANNED", count=looks)
        wait_for("the mailbox to idle", self.idling, 10)

    def end(self, probe):
        probe.stop()
        self.assertEqual(probe.status, 0, probe.log)

    # --- news ---

    def test_new_mail_is_fetched_at_once(self):
        probe = self.probe()
        self.waits(probe)
        for uid in range(2, 7):
            begun = time.monotonic()
            self.server.add(uid, mail(uid))
            probe.wait("MAIL", count=uid, seconds=5)
            self.assertLess(time.monotonic() - begun, 5)
            self.waits(probe, uid)
        self.end(probe)
        self.assertEqual(self.uids(probe), ["1", "2", "3", "4", "5", "6"])
        self.assertEqual(self.server.count(b"SELECT"), 1)
        self.assertEqual(probe.of("TROUBLE"), [])

    def test_new_mail_over_tls(self):
        with tempfile.TemporaryDirectory() as folder:
            pair = certificate(folder)
            with ImapServer({1: mail(1)}, tls=pair, capabilities=b"IDLE") as self.server:
                self.server.implicit = True
                probe = self.probe(tls="implicit", ca=pair[0], host="localhost")
                self.waits(probe)
                self.server.add(2, mail(2))
                probe.wait("MAIL", count=2, seconds=5)
                self.end(probe)

    def test_data_ahead_of_the_plus(self):
        def idle(session, tag, args):
            if self.server.count(b"IDLE") == 1:
                self.server.mails[2] = mail(2)
                session.told = 2
                session.send(b"* 2 EXISTS\r\n* 1 RECENT\r\n")
                time.sleep(0.1)
            return DEFAULT
        self.server.on("IDLE", idle)
        probe = self.probe()
        probe.wait("MAIL", count=2, seconds=5)
        self.end(probe)
        self.assertEqual(len(self.server.sessions), 1)

    def test_data_in_one_segment_with_the_plus(self):
        def idle(session, tag, args):
            if self.server.count(b"IDLE") > 1:
                return DEFAULT
            self.server.mails[2] = mail(2)
            session.idle_tag = tag
            session.send(b"+ idling\r\n* 2 EXISTS\r\n")
            return None
        self.server.on("IDLE", idle)
        probe = self.probe()
        probe.wait("MAIL", count=2, seconds=5)
        self.end(probe)

    def test_data_in_one_record_with_the_plus(self):
        """The same within TLS: the socket is empty, the word of the mail is decrypted already."""
        with tempfile.TemporaryDirectory() as folder:
            pair = certificate(folder)
            with ImapServer({1: mail(1)}, tls=pair, capabilities=b"IDLE") as self.server:
                self.server.implicit = True
                def idle(session, tag, args):
                    if self.server.count(b"IDLE") > 1:
                        return DEFAULT
                    self.server.mails[2] = mail(2)
                    session.idle_tag = tag
                    # more than the worker's buffer takes at once stays behind in the TLS layer
                    session.send(b"+ idling\r\n" + b"* OK still here\r\n" * 900
                                 + b"* 2 EXISTS\r\n")
                    return None
                self.server.on("IDLE", idle)
                probe = self.probe(tls="implicit", ca=pair[0], host="localhost")
                probe.wait("MAIL", count=2, seconds=5)
                self.end(probe)

    def test_mail_that_comes_between_search_and_idle(self):
        """Told of within the answer to another command, and never again."""
        def fetch(session, tag, args):
            if 2 not in self.server.mails:
                self.server.mails[2] = mail(2)
                session.told = 2
                session.send(b"* 2 EXISTS\r\n")
            return DEFAULT
        self.server.on("UID FETCH", fetch)
        probe = self.probe()
        probe.wait("MAIL", count=2, seconds=5)
        self.end(probe)

    def test_mail_that_comes_with_the_answer_to_done(self):
        def done(session, tag, args):
            if 3 not in self.server.mails:
                self.server.mails[3] = mail(3)
                session.told = 3
                session.send(b"* 3 EXISTS\r\n")
            return DEFAULT
        self.server.on("DONE", done)
        probe = self.probe()
        self.waits(probe)
        self.server.add(2, mail(2))
        probe.wait("MAIL", count=3, seconds=5)
        self.end(probe)

    def test_word_of_mail_in_pieces(self):
        probe = self.probe()
        self.waits(probe)
        self.server.mails[2] = mail(2)
        for byte in b"* 2 EXISTS\r\n":
            self.server.tell(bytes([byte]))
            time.sleep(0.01)
        probe.wait("MAIL", count=2, seconds=5)
        self.end(probe)

    def test_a_burst_of_words(self):
        probe = self.probe()
        self.waits(probe)
        for uid in range(2, 300):
            self.server.add(uid, mail(uid))
        probe.wait("MAIL", count=299, seconds=20)
        self.waits(probe, 2)
        self.end(probe)
        self.assertEqual(len(set(self.uids(probe))), 299)
        self.assertEqual(len(self.server.sessions), 1)

    def test_a_server_that_cries_wolf(self):
        """Always new mail, and there is none: it is looked at, but at a pace."""
        def idle(session, tag, args):
            session.idle_tag = tag
            session.send(b"+ idling\r\n* 9 EXISTS\r\n")
        self.server.on("IDLE", idle)
        probe = self.probe()
        probe.wait("SCANNED", count=5)
        before = len(probe.of("SCANNED"))
        time.sleep(2)
        self.assertLess(len(probe.of("SCANNED")) - before, 5)
        self.end(probe)

    def test_a_server_that_cries_wolf_and_closes(self):
        """It is no better than one that only closes: after a few tries it is polled."""
        def idle(session, tag, args):
            session.idle_tag = tag
            session.send(b"+ idling\r\n* 1 EXISTS\r\n")
        self.server.on("IDLE", idle)
        self.server.on("DONE", lambda s, tag, args: s.close())
        probe = self.probe(poll=1)
        probe.wait("SCANNED", count=8, seconds=30)
        self.end(probe)
        self.assertEqual(self.server.count(b"IDLE"), 3)
        self.assertIn("its IDLE failed several times in a row", probe.log)

    def test_a_server_that_cries_wolf_waits_longer_each_time(self):
        def idle(session, tag, args):
            session.idle_tag = tag
            session.send(b"+ idling\r\n* 9 EXISTS\r\n")
        self.server.on("IDLE", idle)
        probe = self.probe()
        times = []
        for count in range(1, 8):
            probe.wait("SCANNED", count=count, seconds=30)
            times.append(time.monotonic())
        self.end(probe)
        pauses = [b - a for a, b in zip(times, times[1:])]
        self.assertGreater(pauses[-1], 3)
        self.assertIn("tells of new mail that is not there", probe.log)

    def test_mail_that_is_told_of_before_it_is_listed(self):
        late = threading.Event()

        def search(session, tag, args):
            if 2 in self.server.mails and not late.is_set():
                return session.send(b"* SEARCH\r\n" + tag + b" OK done\r\n")
            return DEFAULT
        self.server.on("UID SEARCH", search)
        probe = self.probe()
        self.waits(probe)
        self.server.add(2, mail(2))
        probe.wait("SCANNED", count=2, seconds=5)
        late.set()
        probe.wait("MAIL", count=2, seconds=20)
        self.end(probe)

    def test_what_is_no_news_leaves_the_idle_alone(self):
        probe = self.probe()
        self.waits(probe)
        self.server.tell(b"* OK Still here\r\n* 1 FETCH (FLAGS (\\Seen))\r\n* 0 RECENT\r\n"
                         b"* BAD luck\r\n* FLAGS (\\Seen)\r\n")
        with self.assertRaises(AssertionError):
            probe.wait("SCANNED", count=2, seconds=0.5)
        self.server.add(2, mail(2))
        probe.wait("MAIL", count=2, seconds=5)
        self.waits(probe, 2)
        self.end(probe)
        self.assertEqual(self.server.count(b"IDLE"), 2)

    def test_acknowledgements_end_the_idle(self):
        """They are waited for a moment; when they come later, the wait is over."""
        probe = self.probe("--no-ack", after="flag")
        self.waits(probe)
        self.assertEqual(self.server.flags, {})
        probe.send("ack")
        probe.wait("ACKED", count=1, seconds=5)
        self.waits(probe)
        self.server.add(2, mail(2))
        probe.wait("ACKED", count=2, seconds=5)
        self.end(probe)
        self.assertEqual(sorted(self.server.flags), [1, 2])
        self.assertEqual(len(self.server.sessions), 1)

    # --- without IDLE, or with one that does not work ---

    def test_not_offered(self):
        self.server.capabilities = b"UIDPLUS"
        probe = self.probe(poll=1)
        probe.wait("SCANNED", count=2, seconds=10)
        self.end(probe)
        self.assertEqual(self.server.count(b"IDLE"), 0)

    def test_not_wanted(self):
        probe = self.probe(poll=1, idle=0)
        probe.wait("SCANNED", count=2, seconds=10)
        self.end(probe)
        self.assertEqual(self.server.count(b"IDLE"), 0)

    def test_refused(self):
        for word in (b"NO", b"BAD"):
            with self.subTest(word):
                self.setUp()
                self.server.on("IDLE", lambda s, tag, args, word=word: s.send(
                    tag + b" " + word + b" not now\r\n"))
                probe = self.probe(poll=1)
                probe.wait("SCANNED", count=3, seconds=10)
                self.end(probe)
                self.assertEqual(self.server.count(b"IDLE"), 1)
                self.assertEqual(len(self.server.sessions), 1)
                self.assertIn("it refuses IDLE", probe.log)

    def check_given_up(self, probe, idles=3):
        """After a few tries the mailbox is polled, with no word of trouble."""
        probe.wait("SCANNED", count=idles + 2, seconds=30)
        self.end(probe)
        self.assertEqual(self.server.count(b"IDLE"), idles)
        self.assertIn("its IDLE failed several times in a row", probe.log)
        self.assertEqual(probe.of("TROUBLE"), [])

    def test_bye_instead_of_the_plus(self):
        def idle(session, tag, args):
            session.send(b"* BYE I do not idle\r\n")
            session.close()
        self.server.on("IDLE", idle)
        self.check_given_up(self.probe(poll=1))

    def test_bye_while_it_waits(self):
        probe = self.probe()
        self.waits(probe)
        for session in list(self.server.sessions):
            session.send(b"* BYE going down\r\n")
        wait_for("another session", lambda: len(self.server.sessions) == 2, 10)
        self.waits(probe, 2)
        self.server.add(2, mail(2))
        probe.wait("MAIL", count=2, seconds=5)
        self.end(probe)
        self.assertEqual(probe.of("TROUBLE"), [])

    def test_end_of_file_while_it_waits(self):
        probe = self.probe()
        self.waits(probe)
        self.server.sessions[0].sock.shutdown(2)
        wait_for("another session", lambda: len(self.server.sessions) == 2, 10)
        self.waits(probe, 2)
        self.end(probe)
        self.assertEqual(probe.of("TROUBLE"), [])

    def test_no_plus(self):
        self.server.on("IDLE", lambda s, tag, args: None)
        self.check_given_up(self.probe(poll=1, timeout=1))

    def test_done_is_never_answered(self):
        """The look after it is on another connection; after some tries there is no IDLE."""
        self.server.on("DONE", lambda s, tag, args: None)
        probe = self.probe(poll=1, recheck=1, timeout=1)
        self.check_given_up(probe)

    def test_idle_that_ends_by_itself(self):
        def idle(session, tag, args):
            session.send(b"+ idling\r\n" + tag + b" OK that was it\r\n")
        self.server.on("IDLE", idle)
        self.check_given_up(self.probe(poll=1))

    def test_lines_that_nobody_can_read(self):
        for line in (b"* 1 FETCH (BODY[] {5}\r\nhello)\r\n", b"hello\r\n", b"x" * 20000,
                     b"other OK done\r\n", b"\r\n", b"* 4294967296 EXISTS\r\n"):
            with self.subTest(line[:40]):
                self.setUp()

                def idle(session, tag, args, line=line):
                    session.idle_tag = tag
                    session.send(b"+ idling\r\n" + line)
                self.server.on("IDLE", idle)
                self.check_given_up(self.probe(poll=1))

    def test_a_flood_that_is_no_news(self):
        def idle(session, tag, args):
            session.send(b"+ idling\r\n")
            while True:
                session.send(b"* OK still here\r\n" * 1000)
        self.server.on("IDLE", idle)
        self.check_given_up(self.probe(poll=1))

    # --- lost connections, lost words ---

    def test_a_lost_word_is_made_up_for(self):
        probe = self.probe(recheck=1)
        self.waits(probe)
        self.server.mails[2] = mail(2)
        probe.wait("MAIL", count=2, seconds=5)
        self.end(probe)

    def test_idle_begins_anew_with_each_recheck(self):
        """Servers end one that lasts 30 minutes (RFC 2177); recheck is 28 at most (test-conf)."""
        probe = self.probe(recheck=1)
        wait_for("it to begin three times", lambda: self.server.count(b"IDLE") >= 3, 20)
        self.end(probe)
        self.assertGreaterEqual(self.server.count(b"DONE"), 2)
        self.assertEqual(len(self.server.sessions), 1)
        self.assertEqual(probe.of("TROUBLE"), [])

    def test_a_half_open_connection(self):
        """The server is gone without a word: the look that is due finds out."""
        probe = self.probe(recheck=1, timeout=1)
        self.waits(probe)
        first = self.server.sessions[0]
        self.server.on("DONE", lambda s, tag, args: None if s is first else DEFAULT)
        self.server.mails[2] = mail(2)
        probe.wait("MAIL", count=2, seconds=10)
        self.end(probe)
        self.assertEqual(probe.of("TROUBLE"), [])

    def test_a_large_folder_is_looked_through_at_once(self):
        """It takes several scans; the next one does not wait for its time."""
        self.server.mails[400000] = mail(4)

        def select(session, tag, args):
            session.told = len(self.server.mails)
            session.send(b"* 300000 EXISTS\r\n* OK [UIDVALIDITY 1] uids\r\n" + tag
                         + b" OK done\r\n")
        self.server.on("SELECT", select)

        def search(session, tag, args):
            if args != b"UID 1:200000":
                return DEFAULT
            session.send(b"* SEARCH " + b" ".join(b"%d" % n for n in range(1, 100010)) + b"\r\n"
                         + tag + b" OK done\r\n")
            return None
        self.server.on("UID SEARCH", search)
        probe = self.probe()
        probe.wait("MAIL", count=2, seconds=20)
        self.end(probe)
        self.assertEqual(self.uids(probe), ["1", "400000"])

    def test_a_poll_interrupts_the_wait(self):
        probe = self.probe()
        self.waits(probe)
        self.server.mails[2] = mail(2)
        probe.send("poll")
        probe.wait("MAIL", count=2, seconds=5)
        self.end(probe)

    def test_a_thousand_sockets_and_a_few_threads(self):
        boxes = [mailbox(name=f"m{i}", port=self.server.port, **LOGIN) for i in range(1000)]
        probe = Probe(boxes, "--fds", "10", seconds=120)
        self.addCleanup(probe.stop)
        wait_for("all to idle", lambda: sum(
            s.idle_tag is not None for s in list(self.server.sessions)) == 1000, 90)
        worker = probe.worker()
        self.assertLessEqual(len(os.listdir(f"/proc/{worker}/task")), 16)
        self.assertGreaterEqual(len(os.listdir(f"/proc/{worker}/fd")), 1000)
        self.server.add(2, mail(2))
        probe.wait("MAIL", count=2000, seconds=30)
        probe.stop()
        self.assertEqual(probe.status, 0, probe.log[-2000:])


if __name__ == "__main__":
    unittest.main()
