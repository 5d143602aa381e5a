# SPDX-License-Identifier: ISC
"""The fetch worker against servers that behave as the large providers do: log-ins by OAuth2,
throttling, BYE at any time, folders with odd names, commands that are missing."""
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from hostile.probe import Probe, mailbox  # noqa: E402
from rig.imap_script import DEFAULT, ImapServer  # noqa: E402

GMAIL = (b"UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 XYZZY SASL-IR AUTH=XOAUTH2 "
         b"AUTH=PLAIN AUTH=PLAIN-CLIENTTOKEN AUTH=OAUTHBEARER UIDPLUS MOVE")
OUTLOOK = b"AUTH=PLAIN AUTH=XOAUTH2 UIDPLUS MOVE ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+"
BOX = {"tls": "none", "user": "ana@example.org", "poll": 1, "timeout": 5, "after": "leave"}


def mail(number):
    return b"From: ben@example.org\r\nSubject: %d\r\n\r\nHi.\r\n" % number


class Provider(unittest.TestCase):
    def server(self, capabilities=GMAIL, count=3, **more):
        server = ImapServer({uid: mail(uid) for uid in range(1, count + 1)},
                            capabilities=capabilities, **more)
        server.__enter__()
        self.addCleanup(server.__exit__)
        return server

    def probe(self, *boxes, seconds=60):
        probe = Probe(list(boxes), seconds=seconds)
        self.addCleanup(probe.stop)
        return probe

    def box(self, server, **keys):
        return mailbox(port=server.port, **{**BOX, **keys})

    def lines(self, server, word):
        return [line for s in list(server.sessions) for line in s.lines if word in line]

    def until(self, what, ready, seconds=20):
        end = time.monotonic() + seconds
        while not ready():
            self.assertLess(time.monotonic(), end, what)
            time.sleep(0.02)


class OAuth(Provider):
    def oauth(self, server, **keys):
        server.tokens = [b"good"]
        return self.box(server, account="a", **keys)

    def test_gmail(self):
        server = self.server()
        probe = self.probe(self.oauth(server))
        probe.send("token good")
        probe.wait("MAIL", count=3)
        self.assertEqual(server.sessions[0].words,
                         b"n,a=ana@example.org,\x01host=127.0.0.1\x01port=%d\x01auth=Bearer good"
                         b"\x01\x01" % server.port)
        self.assertEqual(len(self.lines(server, b"AUTHENTICATE OAUTHBEARER ")), 1)

    def test_outlook(self):
        """XOAUTH2 alone, and no initial response."""
        server = self.server(OUTLOOK)
        probe = self.probe(self.oauth(server))
        probe.send("token good")
        probe.wait("MAIL", count=3)
        self.assertEqual(server.sessions[0].words,
                         b"user=ana@example.org\x01auth=Bearer good\x01\x01")
        self.assertEqual(self.lines(server, b"AUTHENTICATE"), [b"oauth1 AUTHENTICATE XOAUTH2"])

    def test_name_with_marks(self):
        server = self.server()
        probe = self.probe(self.oauth(server, user="a=b@example.org"))
        probe.send("token good")
        probe.wait("MAIL", count=3)
        self.assertIn(b"n,a=a=3Db@example.org,\x01", server.sessions[0].words)

    def test_long_token(self):
        server = self.server(OUTLOOK + b" SASL-IR")
        box = self.oauth(server)
        server.tokens = [b"x" * 16000]
        probe = self.probe(box)
        probe.send("token " + "x" * 16000)
        probe.wait("MAIL", count=3)

    def test_waits_without_a_token(self):
        """No connection, no word, until there is one; other mailboxes are read meanwhile."""
        server, other = self.server(), self.server(b"IDLE")
        probe = self.probe(self.oauth(server, name="first"),
                           self.box(other, name="other", password="x"))
        probe.wait("SCANNED", "other", 2)
        self.assertEqual((server.sessions, probe.of("TROUBLE")), ([], []))
        probe.send("token good")
        probe.wait("MAIL", "first", 3)

    def test_refused_token(self):
        """Told once, with no trouble and no second try; the next token is taken at once."""
        for capabilities, answer in ((GMAIL, b"AQ=="), (OUTLOOK, b"")):
            for challenges in (True, False):
                server = self.server(capabilities)
                box = self.oauth(server)
                server.challenges = challenges
                probe = self.probe(box)
                probe.send("token stale")
                event = probe.wait("TOKEN")
                self.assertEqual(event[2], "1")
                self.assertIn("[AUTHENTICATIONFAILED]", event[3])
                self.assertNotIn("stale", " ".join(event))
                if challenges:
                    self.assertEqual(server.sessions[0].after_challenge, answer)
                probe.send("poll")
                probe.send("token good")
                probe.wait("MAIL", count=3)
                self.assertEqual(probe.of("TROUBLE"), [])
                self.assertEqual(len(probe.of("TOKEN")), 1)
                self.assertEqual(len(self.lines(server, b"AUTHENTICATE")), 2)
                probe.stop()

    def test_account_of_many_mailboxes(self):
        servers = [self.server() for _ in range(40)]
        last = self.box(self.server(b"UIDPLUS"), name="last", password="x", poll=60)
        probe = self.probe(*[self.oauth(s, name=f"m{i}") for i, s in enumerate(servers)], last)
        probe.wait("SCANNED", "last")
        probe.send("token stale")
        probe.wait("TOKEN")
        probe.send("poll")  # they are served in turn: after this each has had its
        probe.wait("SCANNED", "last", 2)
        tried = sum(len(self.lines(s, b"AUTHENTICATE")) for s in servers)
        self.assertLessEqual(tried, 12)  # as many as there are threads
        probe.send("token good")
        for i in range(40):
            probe.wait("MAIL", f"m{i}", 3)
        self.assertEqual(len(probe.of("TOKEN")), 1)

    def test_renewed_while_the_old_one_is_refused(self):
        """The refusal comes when a new token is there already: it is used at once."""
        server = self.server()
        last = self.box(self.server(b"UIDPLUS"), name="last", password="x", poll=60)
        probe = self.probe(self.oauth(server, name="m"), last)
        probe.wait("SCANNED", "last")

        def renew(session, tag, args):
            if not probe.of("SCANNED", "m") and probe.have("SCANNED", "last") == 1:
                probe.send("token good")
                probe.send("poll")  # when this was heard, so was the token
                probe.wait("SCANNED", "last", 2)
            return DEFAULT
        server.on("AUTHENTICATE", renew)
        probe.send("token stale")
        probe.wait("MAIL", "m", 3)
        self.assertEqual(probe.of("TROUBLE") + probe.of("TOKEN"), [])
        self.assertEqual(len(self.lines(server, b"AUTHENTICATE")), 2)

    def test_expires_in_the_middle(self):
        """The server ends the session and takes the old token no more."""
        server = self.server()
        probe = self.probe(self.oauth(server))
        probe.send("token good")
        probe.wait("MAIL", count=3)
        server.tokens = [b"better"]
        server.mails[4] = mail(4)
        for session in server.sessions:
            session.send(b"* BYE Session expired, please login again.\r\n")
            session.sock.close()
        probe.wait("TOKEN")
        probe.send("token better")
        probe.wait("MAIL", count=4)
        self.assertEqual([e[2] for e in probe.of("MAIL")], ["1", "2", "3", "4"])

    def test_expires_while_mails_are_fetched(self):
        server = self.server(count=20)
        box = self.oauth(server)

        def expire(session, tag, args):
            if len(server.sessions) > 1 or b"BODY.PEEK[]" not in args:
                return DEFAULT
            server.tokens = [b"better"]
            session.send(server.fetch_answer(1, args.upper()))
            session.send(b"* BYE Access token expired\r\n")
            session.close()

        server.on("UID FETCH", expire)
        probe = self.probe(box)
        probe.send("token good")
        probe.wait("TOKEN", seconds=40)
        probe.send("token better")
        probe.wait("MAIL", count=20)
        self.assertEqual(sorted(int(e[2]) for e in probe.of("MAIL")), list(range(1, 21)))

    def test_login_later(self):
        """Overload is no reason to ask for another token."""
        for line in (b"NO [UNAVAILABLE] Try later", b"NO [THROTTLED] Too many logins"):
            server = self.server()
            server.on("AUTHENTICATE", lambda s, tag, args, line=line: s.send(
                tag + b" " + line + b"\r\n") if len(server.sessions) == 1 else DEFAULT)
            probe = self.probe(self.oauth(server))
            probe.send("token good")
            self.assertEqual(probe.wait("TROUBLE")[2], "0")
            probe.wait("MAIL", count=3)
            self.assertEqual(probe.of("TOKEN"), [])
            probe.stop()

    def test_odd_answers_to_the_login(self):
        huge = b"+ " + b"A" * 300000 + b"\r\n"
        answers = [lambda s, tag, args: s.close(),
                   lambda s, tag, args: s.send(b"* BYE\r\n") or s.close(),
                   lambda s, tag, args: [s.send(b"+ e30=\r\n") for _ in range(50)] and s.close(),
                   lambda s, tag, args: s.send(huge) or s.close(),
                   lambda s, tag, args: [s.send(b"* 1 EXISTS\r\n") for _ in range(500)] and
                   s.close(),
                   lambda s, tag, args: s.send(b"x1 OK other tag\r\n") or s.close(),
                   lambda s, tag, args: s.send(b"\r\n") or s.close(),
                   lambda s, tag, args: s.send(b"+") or s.line() and s.close()]
        for answer in answers:
            server = self.server()
            server.on("AUTHENTICATE", answer)
            probe = self.probe(self.oauth(server, timeout=2))
            probe.send("token good")
            probe.wait("TROUBLE")
            self.assertEqual(probe.of("TOKEN"), [])
            probe.stop()
            self.assertEqual(probe.status, 0, probe.log)

    def test_no_such_login(self):
        probe = self.probe(self.oauth(self.server(b"AUTH=PLAIN")))
        probe.send("token good")
        self.assertIn("offers no login by OAuth2", probe.wait("TROUBLE")[3])


class Password(Provider):
    def test_plain_where_it_is_offered(self):
        """Any password goes, which LOGIN with its quoted string does not promise."""
        server = self.server(b"SASL-IR AUTH=PLAIN")
        probe = self.probe(self.box(server, password="zwölf"))
        probe.wait("MAIL", count=3)
        self.assertEqual(server.sessions[0].words, "\0ana@example.org\0zwölf".encode())
        self.assertEqual(self.lines(server, b"LOGIN"), [])


class Throttle(Provider):
    """Every command that a provider may put off: nothing is lost, nothing is fetched twice."""

    def later(self, command, line, after="leave", count=3):
        server = self.server(count=count)
        state = {"left": 1}

        def handler(session, tag, args):
            if state["left"] == 0:
                return DEFAULT
            state["left"] -= 1
            session.send(line.replace(b"TAG", tag) + b"\r\n")
            if line.startswith(b"* BYE"):
                session.close()
            return None

        server.on(command, handler)
        probe = self.probe(self.box(server, password="x", after=after))
        probe.wait("MAIL", count=count, seconds=40)
        if after != "leave":
            probe.wait("ACKED", count=count, seconds=40)
        probe.stop()
        self.assertEqual(sorted(e[2] for e in probe.of("MAIL")),
                         [str(n) for n in range(1, count + 1)], (command, line))
        self.assertEqual([e for e in probe.of("TROUBLE") if e[2] != "0"], [], (command, line))
        return server, probe

    def test_codes(self):
        for code in (b"THROTTLED", b"UNAVAILABLE", b"OVERQUOTA"):
            for command in ("SELECT", "UID SEARCH", "UID FETCH"):
                self.later(command, b"TAG NO [" + code + b"] Request is throttled")

    def test_codes_of_an_acknowledgement(self):
        for code in (b"THROTTLED", b"UNAVAILABLE"):
            server, _ = self.later("UID STORE", b"TAG NO [" + code + b"] later", after="flag")
            self.assertEqual(sorted(server.flags), [1, 2, 3])

    def test_bye(self):
        for command in ("CAPABILITY", "LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID STORE"):
            self.later(command, b"* BYE Server is going down", after="flag")


class Folders(Provider):
    NAMES = [("[Gmail]/All Mail", b'"[Gmail]/All Mail"'),
             ("[Gmail]/Все письма", b'"[Gmail]/&BBIEQQQ1- &BD8EOARBBEwEPAQw-"'),
             ("Label & more/ünï", b'"Label &- more/&APw-n&AO8-"'),
             ('with "quotes" \\', b'"with \\"quotes\\" \\\\"')]

    def test_names(self):
        for name, wire in self.NAMES:
            server = self.server()
            probe = self.probe(self.box(server, password="x", folder=name))
            probe.wait("MAIL", count=3)
            probe.stop()
            line = self.lines(server, b"SELECT")[0]
            self.assertIn(line.partition(b"SELECT ")[2], (wire, wire.strip(b'"')))

    def test_move_into_a_label(self):
        server = self.server()
        probe = self.probe(self.box(server, password="x", after="move", move_to="erledigt/ü"))
        probe.wait("ACKED", count=3)
        self.assertEqual(server.mails, {})
        self.assertIn(b"erledigt/&APw-", self.lines(server, b"MOVE")[0])

    def test_labels_that_nobody_asked_for(self):
        """Gmail's own items, and changes that it tells of between answers."""
        server = self.server()

        def chatty(session, tag, args):
            for uid in server.uids_of(args.split(b" ")[0]):
                session.send(b"* %d FETCH (X-GM-LABELS (\"\\\\Inbox\" \"&BBIEQQ-\") UID %d "
                             b"FLAGS (\\Seen))\r\n" % (uid, uid))
            return DEFAULT

        server.on("UID FETCH", chatty)
        server.on("UID SEARCH", lambda s, tag, args: s.send(
            b"* 2 FETCH (FLAGS (\\Flagged) MODSEQ (12))\r\n") or DEFAULT)
        probe = self.probe(self.box(server, password="x"))
        probe.wait("SCANNED")
        self.assertEqual([e[2] for e in probe.of("MAIL")], ["1", "2", "3"])
        self.assertEqual(probe.of("TROUBLE"), [])


if __name__ == "__main__":
    unittest.main()
