# SPDX-License-Identifier: ISC
"""The fetch worker against a server that lies, stalls, floods and breaks off.

In every case a second mailbox on an honest server is served by the same worker: it must go on
undisturbed, the worker must live to its orderly end, and its memory must stay below 64 MB.
"""
import hashlib
import os
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from hostile.probe import BUILD, Probe, mailbox  # noqa: E402
from rig.imap_script import DEFAULT, ImapServer, certificate  # noqa: E402

PEAK_KB = 64 * 1024
LOGIN = {"tls": "none", "user": "ana", "password": "hunter2", "poll": 1, "timeout": 3,
         "after": "leave"}


def sanitized():
    with open(os.path.join(BUILD, "config.h")) as f:
        return "#define TD_SANITIZERS 1" in f.read()


def mail(number, size=100):
    head = b"From: ben@example.org\r\nSubject: %d\r\n\r\n" % number
    return head + b"x" * max(0, size - len(head) - 2) + b"\r\n"


def digest(data):
    return hashlib.sha256(data).hexdigest()


def expand(part):
    """The numbers of one range of a UID set (RFC 3501, sequence-set)."""
    first, _, last = part.partition(b":")
    return range(int(first), int(last or first) + 1)


class Hostile(unittest.TestCase):
    def setUp(self):
        self.good = ImapServer({7: mail(7)})
        self.good.__enter__()
        self.addCleanup(self.good.__exit__)
        self.bad = ImapServer({uid: mail(uid) for uid in (1, 2, 3)})
        self.addCleanup(self.bad.__exit__)

    def run_pair(self, until, *options, count=1, seconds=20, **keys):
        """Runs both mailboxes until the bad one gave `until`; gives the probe, ended."""
        self.bad.__enter__()
        boxes = [mailbox(name="bad", port=self.bad.port, **{**LOGIN, **keys}),
                 mailbox(name="good", port=self.good.port, **LOGIN)]
        with Probe(boxes, *options, seconds=60) as probe:
            probe.wait(until, "bad", count, seconds)
            good = len(probe.of("SCANNED", "good"))
            probe.wait("SCANNED", "good", good + 1, 5)
        self.check_end(probe)
        self.assertEqual([e[2] for e in probe.of("MAIL", "good")], ["7"])
        return probe

    def check_end(self, probe):
        self.assertEqual(probe.status, 0, probe.log)
        if not sanitized():
            self.assertLess(probe.peak_kb, PEAK_KB)

    def trouble(self, *needles, **keys):
        """The bad mailbox must give one line of trouble with these words, in time."""
        probe = self.run_pair("TROUBLE", **keys)
        lines = [e[3] for e in probe.of("TROUBLE", "bad")]
        self.assertEqual(len(lines), 1, lines)
        for needle in needles:
            self.assertIn(needle, lines[0])
        return probe

    def test_memory_is_bounded(self):
        if sanitized():
            self.skipTest("not in a build with sanitizers")
        self.test_greeting_of_100_mb_without_a_line_end()

    # --- greeting and login ---

    def test_greeting_of_100_mb_without_a_line_end(self):
        def greet(session):
            for _ in range(1600):
                session.send(b"* OK " + b"x" * 65531)
        self.bad.greeting = greet
        self.trouble("the greeting failed", "more than was asked for")

    def test_greeting_with_an_open_response_code(self):
        self.bad.greeting = b"* OK [PERMANENTFLAGS (\r\n"
        self.trouble("a response code without an end")

    def test_no_greeting(self):
        self.bad.greeting = lambda session: time.sleep(30)
        self.trouble("did not answer in time; ", 'wants tls = "implicit"', tls="starttls")

    def test_closed_before_the_greeting(self):
        self.bad.greeting = lambda session: session.close()
        self.trouble("closed the connection; ", 'wants tls = "implicit"', tls="starttls")

    def test_closed_before_tls(self):
        self.bad.greeting = lambda session: session.close()
        probe = self.trouble("no TLS with ", 'wants tls = "starttls"', tls="implicit")
        self.assertNotIn("it The", probe.of("TROUBLE", "bad")[0][3])

    def test_greeting_bye(self):
        self.bad.greeting = b"* BYE too many connections\r\n"
        probe = self.trouble("the greeting failed", tls="starttls")
        self.assertNotIn("implicit", probe.of("TROUBLE", "bad")[0][3])

    def test_greeting_that_is_not_imap(self):
        self.bad.greeting = b"220 mx.example.org ESMTP Postfix\r\n"
        self.trouble("the greeting failed", "is not IMAP; look at host and port")

    def test_slow_bytes(self):
        def greet(session):
            for byte in b"* OK " + b"x" * 1000:
                session.send(bytes([byte]))
                time.sleep(0.2)
        self.bad.greeting = greet
        begun = time.monotonic()
        self.trouble("did not answer in time")
        self.assertLess(time.monotonic() - begun, 12)

    def test_login_disabled(self):
        self.bad.capabilities = b"LOGINDISABLED"
        self.trouble("allows no login", "tls")
        self.assertFalse(any(b"hunter2" in line for s in self.bad.sessions for line in s.lines))

    def test_login_refused_is_told_once(self):
        self.bad.on("LOGIN", lambda s, tag, args: s.send(
            tag + b" NO [AUTHENTICATIONFAILED] wrong\r\n"))
        probe = self.trouble("refuses the login of ana", "wrong")
        self.assertEqual(probe.of("TROUBLE", "bad")[0][2], "1")
        self.assertNotIn("hunter2", str(probe.events) + probe.log)

    def test_throttled_login_is_passing(self):
        self.bad.on("LOGIN", lambda s, tag, args: s.send(
            tag + b" NO [UNAVAILABLE] later\r\n"))
        probe = self.trouble("login failed", "later")
        self.assertEqual(probe.of("TROUBLE", "bad")[0][2], "0")

    def test_control_characters_of_a_server_do_not_reach_the_log(self):
        self.bad.on("LOGIN", lambda s, tag, args: s.send(tag + b" NO \x1b[31mred\x07\r\n"))
        probe = self.trouble("red")
        self.assertNotIn("\x1b", probe.of("TROUBLE", "bad")[0][3])

    def test_line_breaks_in_what_becomes_a_command(self):
        for key, value in (("user", "ana\r\nx DELETE INBOX"), ("password", "a\nb"),
                           ("folder", "IN\r\nBOX")):
            with self.subTest(key):
                self.setUp()
                self.trouble("control character", **{key: value})
                lines = [line for s in self.bad.sessions for line in s.lines]
                self.assertFalse(any(b"DELETE" in line or b"BOX" in line for line in lines))
                self.doCleanups()

    def test_strings_are_quoted(self):
        self.run_pair("SCANNED", user='an"a\\', password="a b{1}")
        login = [line for line in self.bad.sessions[0].lines if b"LOGIN" in line.upper()]
        self.assertIn(b'"an\\"a\\\\" "a b{1}"', login[0])

    def test_initial_response_ends_the_line(self):
        """Cyrus takes a space behind it for one more argument."""
        self.bad.capabilities = b"AUTH=PLAIN SASL-IR UIDPLUS MOVE"
        self.bad.on("AUTHENTICATE", lambda s, tag, args: s.send(tag + b" OK in\r\n"))
        self.run_pair("SCANNED", user="ana", password="a b")
        login = [line for line in self.bad.sessions[0].lines if b"AUTHENTICATE" in line]
        self.assertEqual(login[0].split(b" ", 1)[1], b"AUTHENTICATE PLAIN AGFuYQBhIGI=")

    # --- STARTTLS ---

    def test_starttls_stripped(self):
        self.trouble("offers no STARTTLS", tls="starttls")
        self.assertFalse(any(b"hunter2" in line for s in self.bad.sessions for line in s.lines))

    def test_starttls_with_data_ahead(self):
        self.bad.capabilities = b"STARTTLS"
        self.bad.on("STARTTLS", lambda s, tag, args: s.send(
            tag + b" OK go\r\n* CAPABILITY IMAP4rev1 EVIL\r\n"))
        self.trouble("ahead of TLS", tls="starttls")

    def test_starttls_capabilities_are_asked_again(self):
        with tempfile.TemporaryDirectory() as folder:
            cert = certificate(folder)
            self.bad = ImapServer({1: mail(1)}, tls=cert, capabilities=b"STARTTLS LOGINDISABLED")

            def switch(session, tag, args):
                self.bad.capabilities = b"UIDPLUS"
                return DEFAULT
            self.bad.on("STARTTLS", switch)
            self.run_pair("SCANNED", tls="starttls", host="localhost", ca=cert[0])

    def test_server_that_speaks_no_tls(self):
        self.trouble("does not speak TLS", tls="implicit")

    # --- SELECT and SEARCH ---

    def test_select_with_an_open_response_code(self):
        self.bad.on("SELECT", lambda s, tag, args: s.send(b"* OK [PERMANENTFLAGS (\r\n"))
        self.trouble("a response code without an end")

    def test_select_without_uidvalidity(self):
        self.bad.on("SELECT", lambda s, tag, args: s.send(
            b"* 3 EXISTS\r\n" + tag + b" OK done\r\n"))
        self.trouble("UIDVALIDITY")

    def test_uidvalidity_beyond_32_bits(self):
        self.bad.uidvalidity = 4294967297
        self.trouble("32 bits")

    def test_huge_line(self):
        self.bad.on("SELECT", lambda s, tag, args: s.send(b"* FLAGS (" + b"\\Seen " * 8000000))
        self.trouble("more than was asked for")

    def test_absurd_exists(self):
        def select(session, tag, args):
            session.send(b"* 4294967295 EXISTS\r\n")
            return DEFAULT
        self.bad.mails = {}
        self.bad.on("SELECT", select)
        probe = self.run_pair("SCANNED")
        self.assertEqual(probe.of("SCANNED", "bad")[0][2:], ("0", "0"))

    def test_absurd_exists_and_absurd_uids(self):
        def select(session, tag, args):
            session.send(b"* 4294967295 EXISTS\r\n* 4294967295 RECENT\r\n* OK [UIDVALIDITY 5] x"
                         b"\r\n" + tag + b" OK done\r\n")
        self.bad.mails = {1: mail(1), 4000000000: mail(2), 4294967295: mail(3)}
        self.bad.on("SELECT", select)
        probe = self.run_pair("MAIL", count=3)
        self.assertEqual([e[2] for e in probe.of("MAIL", "bad")],
                         ["1", "4000000000", "4294967295"])

    def next_uid(self, number):
        """The server says which UID the next mail will have; number() gives it."""
        def select(session, tag, args):
            session.send(b"* OK [UIDNEXT %d] next\r\n" % number())
            return DEFAULT
        self.bad.on("SELECT", select)

    def test_uids_that_are_given_anew(self):
        """A server that was restored from a backup: what came since has numbers of old mails."""
        self.bad.mails = {uid: mail(uid) for uid in range(1, 7)}
        self.next_uid(lambda: max(self.bad.mails) + 1)

        def search(session, tag, args):
            if args == b"UID 1:*":
                return DEFAULT
            for uid in (4, 5, 6):
                self.bad.mails.pop(uid, None)
            return DEFAULT
        self.bad.on("UID SEARCH", search)
        probe = self.run_pair("TROUBLE", count=1)
        self.assertEqual(probe.of("TROUBLE", "bad")[0][2], "1")
        text = probe.of("TROUBLE", "bad")[0][3]
        self.assertIn("restored from a backup", text)
        self.assertIn("up to 6", text)
        self.assertIn("another name", text)

    def test_a_next_uid_that_is_wrong_is_not_believed(self):
        self.next_uid(lambda: 2)
        probe = self.run_pair("SCANNED", count=3)
        self.assertEqual(probe.of("TROUBLE", "bad"), [])
        self.assertEqual(len(probe.of("MAIL", "bad")), 3)

    def test_a_next_uid_that_is_old_by_now(self):
        """Mail that comes while the folder is open raises it, and nobody says so."""
        self.bad.capabilities = b"UIDPLUS IDLE"
        self.next_uid(lambda: max(self.bad.mails) + 1)
        self.bad.__enter__()
        with Probe([mailbox(name="bad", port=self.bad.port,
                            **{**LOGIN, "idle": 1, "recheck": 1})]) as probe:
            for uid in range(4, 8):
                probe.wait("MAIL", "bad", uid - 1)
                self.bad.add(uid, mail(uid))
            probe.wait("MAIL", "bad", 7)
            probe.wait("SCANNED", "bad", len(probe.of("SCANNED", "bad")) + 2)
        self.check_end(probe)
        self.assertEqual(probe.of("TROUBLE", "bad"), [])

    def test_search_beyond_32_bits(self):
        self.bad.on("UID SEARCH", lambda s, tag, args: s.send(
            b"* SEARCH 1 4294967297\r\n" + tag + b" OK done\r\n"))
        self.trouble("32 bits")

    def test_search_flood(self):
        self.bad.on("UID SEARCH", lambda s, tag, args: s.send(
            b"* SEARCH" + b" 12345678" * 8000000))
        self.trouble("more than was asked for")

    def test_search_in_disorder_with_doubles_and_strangers(self):
        self.bad.on("UID SEARCH", lambda s, tag, args: s.send(
            b"* SEARCH 3 1 0 99 1\r\n* SEARCH 2\r\n" + tag + b" OK done\r\n"))
        probe = self.run_pair("SCANNED")
        self.assertEqual([e[2] for e in probe.of("MAIL", "bad")], ["1", "2", "3"])
        self.assertEqual(probe.of("SCANNED", "bad")[0][2:], ("98", "3"))
        self.assertIn("uid 99", probe.of("TROUBLE", "bad")[0][3])

    def test_search_between_other_answers_in_pieces(self):
        def search(session, tag, args):
            for byte in (b"* OK it takes {12}\r\n* 9 FETCH (UID 99 BODY[] {3}\r\n\r\n*)\r\n"
                         b"* search 3 0 1\r\n* SEARCH 2 (MODSEQ 917162500)\r\n* SEARCH\r\n"
                         + tag + b" OK done {5}\r\n"):
                session.send(bytes([byte]))
        self.bad.on("UID SEARCH", search)
        probe = self.run_pair("SCANNED")
        self.assertEqual([e[2] for e in probe.of("MAIL", "bad")], ["1", "2", "3"])
        self.assertEqual(probe.of("SCANNED", "bad")[0][2:], ("3", "3"))

    def test_search_refused(self):
        self.bad.on("UID SEARCH", lambda s, tag, args: s.send(tag + b" NO [LIMIT] later\r\n"))
        self.trouble("searching the folder failed, the server says: [LIMIT] later")

    def test_many_are_listed_and_none_is_given(self):
        """Each time it is asked which are still there, the answer is as long as it may be."""
        def select(session, tag, args):
            session.send(b"* 8000 EXISTS\r\n* OK [UIDVALIDITY 5] x\r\n" + tag + b" OK done\r\n")

        def search(session, tag, args):
            uids = b"".join(b" %d" % uid for uid in range(1, 8001))
            session.send(b"* SEARCH" + (uids if args == b"UID 1:*" else b" 0" * 1500000) +
                         b"\r\n" + tag + b" OK done\r\n")
        self.bad.on("SELECT", select)
        self.bad.on("UID SEARCH", search)
        self.bad.on("UID FETCH", lambda s, tag, args: s.send(tag + b" OK nothing\r\n"))
        probe = self.run_pair("SCANNED", seconds=60)
        self.assertEqual(probe.of("SCANNED", "bad")[0][2:], ("8000", "0"))

    def test_wrong_tags(self):
        self.bad.on("UID SEARCH", lambda s, tag, args: s.send(
            b"* SEARCH 1\r\nzzz9 OK done\r\n"))
        self.trouble("searching the folder failed")

    def test_stall_in_the_middle_of_an_answer(self):
        self.bad.on("UID SEARCH", lambda s, tag, args: s.send(b"* SEARCH 1 2"))
        self.trouble("did not answer in time")

    def test_bye_in_the_middle(self):
        self.bad.on("UID SEARCH", lambda s, tag, args: s.send(b"* BYE maintenance\r\n"))
        self.trouble("searching the folder failed")

    # --- FETCH ---

    def on_bodies(self, answer):
        """Answers only the commands that fetch bodies."""
        def handler(session, tag, args):
            if b"BODY.PEEK" not in args.upper():
                return DEFAULT
            return answer(session, tag, args)
        self.bad.on("UID FETCH", handler)

    def test_end_of_file_inside_a_literal(self):
        def answer(session, tag, args):
            session.send(b"* 1 FETCH (UID 1 BODY[] {100}\r\nSubject: ")
            session.close()
        self.on_bodies(answer)
        self.trouble("reading mails failed", "closed the connection")

    def test_end_of_file_inside_a_large_literal(self):
        self.bad.mails = {1: mail(1, 400000)}

        def answer(session, tag, args):
            session.send(b"* 1 FETCH (UID 1 BODY[] {400000}\r\nSubject: " + b"x" * 200000)
            session.close()
        self.on_bodies(answer)
        self.trouble("reading a mail failed", "closed the connection")

    def test_literal_of_4_gb(self):
        self.on_bodies(lambda s, tag, args: s.send(
            b"* 1 FETCH (UID 1 BODY[] {4294967295}\r\n"))
        self.trouble("larger")

    def test_uid_beyond_32_bits(self):
        self.on_bodies(lambda s, tag, args: s.send(
            b"* 1 FETCH (UID 4294967297 BODY[] {2}\r\nxx)\r\n" + tag + b" OK done\r\n"))
        self.trouble("32 bits")

    def test_nesting(self):
        self.on_bodies(lambda s, tag, args: s.send(
            b"* 1 FETCH (BODYSTRUCTURE " + b"(" * 60000 + b"\r\n"))
        self.trouble("nested too deep")

    def test_flood_of_answers(self):
        def answer(session, tag, args):
            while True:
                session.send(b"* 1 FETCH (FLAGS (\\Seen))\r\n" * 1000)
        self.on_bodies(answer)
        self.trouble("more than was asked for")

    def test_unsolicited_data_everywhere(self):
        noise = (b"* 2 FETCH (FLAGS (\\Seen))\r\n* 3 FETCH (UID 3 FLAGS ())\r\n* 4 EXISTS\r\n"
                 b"* OK still here\r\n* 9 FETCH (UID 99 BODY[] {3}\r\nabc)\r\n* 1 RECENT\r\n"
                 b"* 9 FETCH (UID 99 RFC822.SIZE 5)\r\n")
        for name in ("CAPABILITY", "LOGIN", "SELECT", "UID SEARCH", "UID FETCH"):
            def handler(session, tag, args):
                session.send(noise)
                return DEFAULT
            self.bad.on(name, handler)
        probe = self.run_pair("SCANNED")
        self.assertEqual([(e[2], e[6]) for e in probe.of("MAIL", "bad")],
                         [(str(uid), digest(mail(uid))) for uid in (1, 2, 3)])

    def test_batches_are_bounded_in_bytes_and_in_mails(self):
        self.bad.mails = {uid: mail(uid, 60000) for uid in range(1, 41)}
        self.bad.mails.update({uid: mail(uid, 2000) for uid in range(41, 201)})
        asked = []

        def answer(session, tag, args):
            asked.append(self.bad.uids_of(args.split(b" ")[0]))
            return DEFAULT
        self.on_bodies(answer)
        probe = self.run_pair("SCANNED", seconds=40)
        self.assertEqual(len(probe.of("MAIL", "bad")), 200)
        for uids in asked:
            self.assertLessEqual(len(uids), 64)
            self.assertLessEqual(sum(len(self.bad.mails[uid]) for uid in uids), 1024 * 1024)
        self.assertLess(len(asked), 10)  # and still they are batches

    def test_another_mail_than_asked_for(self):
        self.bad.mails = {1: mail(1, 400000)}
        self.on_bodies(lambda s, tag, args: s.send(
            b"* 1 FETCH (UID 2 BODY[] {5}\r\nwrong)\r\n" + tag + b" OK done\r\n"))
        probe = self.trouble("another mail than uid 1")
        self.assertEqual(probe.of("MAIL", "bad"), [])

    def test_mail_that_vanished(self):
        def answer(session, tag, args):
            self.bad.mails.pop(2, None)
            return DEFAULT
        self.on_bodies(answer)
        probe = self.run_pair("SCANNED")
        self.assertEqual([e[2] for e in probe.of("MAIL", "bad")], ["1", "3"])
        self.assertEqual(probe.of("SCANNED", "bad")[0][2:], ("3", "2"))

    def test_mail_that_the_server_refuses(self):
        def answer(session, tag, args):
            if b"2" in args.split(b" ")[0] or b":" in args.split(b" ")[0]:
                return session.send(tag + b" NO [SERVERBUG] broken mail\r\n")
            return DEFAULT
        self.on_bodies(answer)
        probe = self.run_pair("SCANNED")
        self.assertEqual([e[2] for e in probe.of("MAIL", "bad")], ["1", "3"])
        self.assertEqual(probe.of("SCANNED", "bad")[0][2], "1")  # never past the one left out
        self.assertIn("uid 2", probe.of("TROUBLE", "bad")[0][3])

    def keep_back(self, uid, what, answer=b""):
        """A mail that is listed, but for which this item is never given."""
        def handler(session, tag, args):
            text, _, items = args.partition(b" ")
            if what not in items.upper():
                return DEFAULT
            for other in self.bad.uids_of(text):
                session.send(answer if other == uid else
                             self.bad.fetch_answer(other, items.upper()))
            return session.send(tag + b" OK done\r\n")
        self.bad.on("UID FETCH", handler)

    def test_mail_that_is_listed_and_not_given(self):
        """It is not gone: it is told of, and the next scan asks for it again."""
        for name, what, answer in (
                ("no size", b"RFC822.SIZE", b""),
                ("no answer", b"BODY.PEEK", b""),
                ("no body", b"BODY.PEEK", b"* 2 FETCH (UID 2)\r\n"),
                ("NIL", b"BODY.PEEK", b"* 2 FETCH (UID 2 BODY[] NIL)\r\n")):
            for size in (100, 600000):
                with self.subTest(name, size=size):
                    self.setUp()
                    self.bad.mails[2] = mail(2, size)
                    self.keep_back(2, what, answer)
                    probe = self.run_pair("SCANNED")
                    self.assertEqual([e[2] for e in probe.of("MAIL", "bad")], ["1", "3"])
                    self.assertEqual(probe.of("SCANNED", "bad")[0][2], "1")
                    self.assertIn("uid 2", probe.of("TROUBLE", "bad")[0][3])
                    self.doCleanups()

    def test_empty_mails(self):
        self.bad.mails = {1: b"", 2: mail(2)}
        probe = self.run_pair("SCANNED")
        self.assertEqual([e[2] for e in probe.of("MAIL", "bad")], ["1", "2"])
        self.doCleanups()
        self.setUp()
        self.bad.mails = {1: b""}
        probe = self.run_pair("SCANNED")
        self.assertEqual([e[2] for e in probe.of("MAIL", "bad")], ["1"])

    def lie_about_sizes(self):
        def answer(session, tag, args):
            if b"RFC822.SIZE" not in args.upper():
                return DEFAULT
            for uid in self.bad.mails:
                session.send(b"* 1 FETCH (UID %d RFC822.SIZE 10 INTERNALDATE "
                             b"\"22-Nov-2026 10:00:00 +0000\")\r\n" % uid)
            return session.send(tag + b" OK done\r\n")
        self.bad.on("UID FETCH", answer)

    def test_sizes_that_are_too_small(self):
        self.bad.mails = {1: mail(1, 900000), 2: mail(2), 3: mail(3, 800000)}
        self.lie_about_sizes()
        probe = self.run_pair("SCANNED", seconds=30)
        self.assertEqual([(e[2], e[6]) for e in probe.of("MAIL", "bad")],
                         [(str(uid), digest(data)) for uid, data in self.bad.mails.items()])

    def test_mail_beyond_the_limit_that_says_it_is_small(self):
        self.bad.mails = {1: mail(1, 900000), 2: mail(2)}
        self.lie_about_sizes()
        probe = self.run_pair("SCANNED", "--mail-bytes", "500000", seconds=30)
        self.assertEqual([(e[2], e[4]) for e in probe.of("MAIL", "bad")],
                         [("1", "1"), ("2", "0")])

    def test_mail_beyond_the_limit(self):
        self.bad.mails = {1: mail(1, 900000), 2: mail(2)}
        probe = self.run_pair("SCANNED", "--mail-bytes", "500000")
        first, second = probe.of("MAIL", "bad")
        head = self.bad.mails[1].split(b"\r\n\r\n")[0] + b"\r\n\r\n"
        self.assertEqual(first[2:7], ("1", "900000", "1", str(len(head)), digest(head)))
        self.assertEqual(second[4], "0")

    # --- after the commit ---

    def test_store_refused(self):
        self.bad.on("UID STORE", lambda s, tag, args: s.send(tag + b" NO read-only\r\n"))
        probe = self.run_pair("TROUBLE", after="flag")
        self.assertIn("stay as they are", probe.of("TROUBLE", "bad")[0][3])
        self.assertEqual(probe.of("ACKED", "bad"), [])

    def test_connection_lost_while_acknowledging(self):
        lost = []

        def once(session, tag, args):
            if lost:
                return DEFAULT
            lost.append(1)
            return session.close()
        self.bad.on("UID STORE", once)
        probe = self.run_pair("ACKED", count=3, after="flag")
        self.assertEqual(probe.acked("bad"), ["1", "2", "3"])
        self.assertEqual(len(probe.of("MAIL", "bad")), 3)

    def test_no_move_and_no_uidplus_flags_only(self):
        self.bad.capabilities = b"X"
        self.run_pair("ACKED", count=3, after="move", move_to="Done")
        lines = [line for s in self.bad.sessions for line in s.lines]
        self.assertTrue(any(b"$tidings" in line for line in lines))
        for word in (b"COPY", b"EXPUNGE", b"MOVE", b"\\Deleted"):
            self.assertFalse(any(word in line.upper() for line in lines), word)

    def test_uidplus_without_move(self):
        self.bad.capabilities = b"UIDPLUS"
        self.run_pair("ACKED", count=3, after="move", move_to="Done")
        lines = [line.split(b" ", 1)[1] for s in self.bad.sessions for line in s.lines]
        done = [line for line in lines if line.split(b" ")[1:2] in ([b"COPY"], [b"EXPUNGE"])]
        # however the acknowledgements were gathered: each copy is followed by its own expunge
        sets = [line.split(b" ")[2] for line in done[::2]]
        self.assertEqual(done[::2], [b"UID COPY " + uids + b" Done" for uids in sets])
        self.assertEqual(done[1::2], [b"UID EXPUNGE " + uids for uids in sets])
        uids = [uid for part in b",".join(sets).split(b",") for uid in expand(part)]
        self.assertEqual(uids, [1, 2, 3])
        self.assertNotIn(b"EXPUNGE", lines)

    def test_no_new_keywords_means_seen(self):
        def select(session, tag, args):
            session.send(b"* 3 EXISTS\r\n* OK [PERMANENTFLAGS (\\Seen \\Deleted)] x\r\n"
                         b"* OK [UIDVALIDITY 1] x\r\n" + tag + b" OK done\r\n")
        self.bad.on("SELECT", select)
        self.run_pair("ACKED", count=3, after="flag")
        self.assertIn(b"\\Seen", self.bad.flags[1][0])

    # --- everywhere ---

    def test_connection_waits_and_dies_between_scans(self):
        seen = []

        def select(session, tag, args):
            seen.append(1)
            return session.close() if len(seen) == 2 else DEFAULT
        self.bad.on("SELECT", select)
        probe = self.run_pair("SCANNED", count=3)
        self.assertEqual(probe.of("TROUBLE", "bad"), [])

    def test_unreachable(self):
        self.bad.listener.close()
        boxes = [mailbox(name="bad", port=self.bad.port, **LOGIN),
                 mailbox(name="none", port=1, **{**LOGIN, "host": "nowhere.invalid"}),
                 mailbox(name="good", port=self.good.port, **LOGIN)]
        with Probe(boxes) as probe:
            self.assertIn("no connection to", probe.wait("TROUBLE", "bad")[3])
            self.assertIn("nowhere.invalid", probe.wait("TROUBLE", "none")[3])
            probe.wait("SCANNED", "good", 2)
        self.check_end(probe)

    def test_plain_needs_loopback(self):
        with Probe([mailbox(port=9, **{**LOGIN, "host": "192.0.2.1", "timeout": 1})]) as probe:
            self.assertIn("no connection", probe.wait("TROUBLE")[3])
        self.check_end(probe)

    def test_stop_while_a_server_stalls(self):
        self.bad.greeting = lambda session: time.sleep(30)
        self.bad.__enter__()
        with Probe([mailbox(port=self.bad.port, **{**LOGIN, "timeout": 30})]) as probe:
            probe.wait("READY")
            time.sleep(0.3)
            begun = time.monotonic()
        self.assertLess(time.monotonic() - begun, 10)
        self.check_end(probe)

    def test_session_cut_at_every_byte(self):
        """As many mailboxes as the session has bytes; each connection ends at another one."""
        self.bad.mails = {1: mail(1), 2: mail(2, 300)}
        self.bad.__enter__()
        keys = {**LOGIN, "poll": 600, "after": "flag"}
        with Probe([mailbox(port=self.bad.port, **keys)]) as probe:
            probe.wait("ACKED", count=2)
        total = self.bad.sessions[0].sent
        self.assertGreater(total, 500)
        self.bad.cuts = list(range(total))
        boxes = [mailbox(name=f"m{i}", port=self.bad.port, **keys) for i in range(total)]
        with Probe(boxes, seconds=120) as probe:
            for i in range(total):
                probe.wait("SCANNED", f"m{i}", seconds=60)
        self.check_end(probe)
        want = [digest(data) for data in self.bad.mails.values()]
        for i in range(total):
            self.assertEqual([e[6] for e in probe.of("MAIL", f"m{i}")], want, f"cut {i}")
            lines = probe.of("TROUBLE", f"m{i}")
            self.assertLessEqual(len(lines), 1, f"cut {i}")


if __name__ == "__main__":
    unittest.main()
