# SPDX-License-Identifier: ISC
"""Log-ins by OAuth2, whole: an authorization server of our own, a real Dovecot that asks it about
each token, a real Postfix that asks Dovecot, and tidingsd between them."""
import json
import os
import signal
import re
import stat
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import auth_server, servers  # noqa: E402
from rig.auth_server import AuthServer  # noqa: E402
from rig.servers import wait_for  # noqa: E402
from rig.stage import PLATFORM, Stage  # noqa: E402

ANA, TEAM = "ana@example.org", "platform@example.org"


def dovecot_conf(folder, auth, ca, mechanisms):
    """What lets Dovecot take tokens, for IMAP and for Postfix's AUTH."""
    path = os.path.join(folder, "oauth2.conf")
    with open(path, "w") as f:
        os.fchmod(f.fileno(), 0o644)
        f.write(f"introspection_url = {auth.url}/introspect\nintrospection_mode = post\n"
                f"tls_ca_cert_file = {ca}\nusername_attribute = username\n"
                "active_attribute = active\nactive_value = true\n")
    return (f"auth_mechanisms = plain login {mechanisms}\n"
            "auth_cache_size = 0\nauth_failure_delay = 0\n"
            f"passdb {{\n  driver = oauth2\n  mechanisms = {mechanisms}\n  args = {path}\n}}\n")


class OAuth(unittest.TestCase):
    mechanisms = "xoauth2 oauthbearer"
    lifetime = 3600

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.chmod(self.folder, 0o755)
        try:
            self.stage = Stage(self.folder, PLATFORM, login='oauth = "test";')
            ca = self.stage.rig.ca
            self.auth = AuthServer(self.stage.rig.certs.issue(), lifetime=self.lifetime)
            self.addCleanup(self.auth.__exit__)
            self.auth.__enter__()
            secret = os.path.join(self.folder, "client.secret")
            with open(secret, "w") as f:
                os.fchmod(f.fileno(), 0o600)
                f.write(self.auth.client["client_secret"] + "\n")
            self.stage.options["extra"] = self.auth.conf(ca, secret)
            self.stage.rig.dovecot.extra = dovecot_conf(self.folder, self.auth, ca,
                                                        self.mechanisms)
            self.stage.__enter__()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.addCleanup(self.stage.__exit__)

    def log(self):
        with open(self.stage.log, errors="replace") as f:
            return f.read()

    def login(self):
        self.stage.tidings("oauth", "login", "main", "--device")

    def token(self, column="state"):
        return self.stage.query(f"SELECT {column} FROM oauth_token")[0][0]

    def task(self, title):
        self.stage.mail(ANA, TEAM, f"task: {title}", "Hi.")
        wait_for(f"the answer to {title}",
                 lambda: any(title in (m["Subject"] or "") for m in self.stage.inbox(ANA)), 60)

    def no_secret_shows(self):
        """In the log, of the stopped daemon: no secret, and nothing that a sanitizer found."""
        text = self.log()
        self.assertNotRegex(text, "Sanitizer|runtime error|worker died")
        for secret in [self.auth.client["client_secret"], "Bearer"] + [
                f"{kind}-{i}-" for kind in ("access", "refresh", "device") for i in range(1, 60)]:
            self.assertNotIn(secret, text)

    # --- the whole way ---

    def test_a_day(self):
        self.login()
        self.stage.start()
        self.task("Fix the login")
        self.assertEqual(self.stage.try_tidings("check").returncode, 0,
                         self.stage.try_tidings("check").stdout)
        self.assertIn("by oauth test", self.stage.tidings("check"))
        # the server forgets every access token: the next login is refused, renewed, and done
        before = self.token("refresh_token")
        self.auth.spoil()
        self.stage.rig.dovecot.stop()
        self.stage.rig.dovecot.start()
        self.task("Order the disks")
        self.assertNotEqual(self.token("refresh_token"), before)
        self.assertEqual(len(self.auth.asked("token", grant_type="refresh_token")), 1)
        self.stage.stop()
        self.no_secret_shows()

    def test_token_runs_out(self):
        """Ahead of its end, by the clock."""
        self.stage.start()
        self.login()
        self.task("Fix the login")
        self.stage.clock("2026-11-22T12:56:00Z")
        wait_for("a new token", lambda: self.auth.asked("token", grant_type="refresh_token"))
        wait_for("its row", lambda: self.token("expires_at") > self.stage.now + 3000)
        self.task("Order the disks")
        self.assertEqual(len(self.auth.asked("token", grant_type="refresh_token")), 1)

    def test_revoked(self):
        """One mail to the lead, one question to the server, and a status that says what to do."""
        self.login()
        self.stage.start()
        self.task("Fix the login")
        self.auth.revoke()
        self.stage.rig.dovecot.stop()
        self.stage.rig.dovecot.start()
        wait_for("the revocation", lambda: self.token() == "revoked", 60)
        status = self.stage.try_tidings("status")
        self.assertEqual(status.returncode, 1)
        self.assertIn("run: tidings oauth login main", status.stdout)
        for day in ("23", "24", "25"):
            self.stage.clock(f"2026-11-{day}T12:00:00Z")
        time.sleep(3)  # nothing is to happen
        self.assertEqual(len(self.auth.asked("token", grant_type="refresh_token")), 1)
        rows = self.stage.query("SELECT rcpt FROM outbox WHERE dedupe_key LIKE 'notice:login:%'")
        self.assertEqual(rows, [(ANA,)])
        self.assertEqual(self.stage.try_tidings("check").returncode, 1)
        # logged in again, everything goes on, and the notice goes out with the rest
        self.login()
        self.task("Order the disks")
        notice = self.stage.find(ANA, "needs a new log-in").get_content()
        self.assertIn("tidings oauth login main", notice)
        self.assertIn("Token has been revoked", notice)
        self.stage.stop()
        self.no_secret_shows()

    def test_revoked_while_the_access_token_is_good(self):
        """It carries the notice, where mailbox and transport share the account, too."""
        self.stage.start()
        self.stage.clock("2026-11-23T10:00:00Z")  # a Monday: in the lead's hours
        self.login()
        self.task("Fix the login")
        self.auth.script("token", auth_server.REVOKED)
        self.stage.clock("2026-11-23T10:56:00Z")
        wait_for("the revocation", lambda: self.token() == "revoked", 30)
        wait_for("the notice", lambda: any(
            "needs a new log-in" in (m["Subject"] or "") for m in self.stage.inbox(ANA)), 30)
        self.assertIn("the log-in is no longer good", self.stage.try_tidings("status").stdout)
        self.assertEqual(len(self.auth.asked("token", grant_type="refresh_token")), 1)

    def test_nobody_has_logged_in(self):
        self.stage.start()
        wait_for("the trouble", lambda: "nobody has logged in" in
                 self.stage.try_tidings("status").stdout)
        self.assertEqual(self.auth.requests, [])
        self.login()
        self.task("Fix the login")
        self.assertEqual(self.stage.tidings("oauth", "logout", "main")[:10], "The tokens")
        self.assertEqual(self.stage.query("SELECT count(*) FROM oauth_token"), [(0,)])
        wait_for("the trouble", lambda: "nobody has logged in" in
                 self.stage.try_tidings("status").stdout)

    def test_server_that_cannot(self):
        """Whatever it does instead: it is asked seldom, and nothing is lost when it recovers."""
        self.stage.start()
        self.login()
        self.task("Fix the login")
        self.auth.script("token", auth_server.BUSY)
        self.stage.clock("2026-11-22T12:56:00Z")
        wait_for("the failure", lambda: "answers 503" in self.log())
        self.task("Order the disks")  # the old token is good for four minutes more
        self.assertEqual(len(self.auth.asked("token", grant_type="refresh_token")), 1)
        self.assertEqual(self.token(), "ok")

    def asks_seldom(self):
        """A fault of the server that lasts: few questions, and a word in the log."""
        self.stage.clock("2026-11-22T12:56:00Z")
        wait_for("the question", lambda: self.auth.asked("token", grant_type="refresh_token"))
        time.sleep(5)  # nothing more is to happen
        self.assertLessEqual(len(self.auth.asked("token", grant_type="refresh_token")), 2)

    def test_server_that_wants_to_be_asked_again_at_once(self):
        self.stage.start()
        self.login()
        self.task("Fix the login")
        self.auth.script("token", *[lambda h, f: h.answer(503, b"busy", Retry_After="1")] * 50)
        self.asks_seldom()

    def test_tokens_of_no_life(self):
        self.stage.start()
        self.login()
        self.task("Fix the login")
        self.auth.lifetime = 0
        self.asks_seldom()
        self.assertIn("access tokens of a few seconds", self.log())

    def test_rotated_token_is_committed_first(self):
        """The mail server sees the new access token only once its refresh token is in the store."""
        seen = []

        def introspect(handler, fields):
            seen.append((fields["token"], self.token("access_token")))
            handler.answer(*self.auth.do_introspect(fields))

        self.auth.script("introspect", *[introspect] * 50)
        self.stage.start()
        self.login()
        self.task("Fix the login")
        self.stage.clock("2026-11-22T12:56:00Z")
        wait_for("its row", lambda: self.token("expires_at") > self.stage.now + 3000)
        self.stage.rig.dovecot.stop()
        self.stage.rig.dovecot.start()
        self.task("Order the disks")
        self.assertGreater(len({token for token, _ in seen}), 1)
        self.assertEqual([pair for pair in seen if pair[0] != pair[1]], [])

    def test_killed_while_it_asks(self):
        """The process that asks dies with the question: the token that is there stays good, and it
        is asked again."""
        self.stage.start()
        self.login()
        self.task("Fix the login")
        before = self.token("refresh_token")
        self.auth.script("token", auth_server.slow)
        self.stage.clock("2026-11-22T12:56:00Z")
        wait_for("the question", lambda: self.auth.asked("token", grant_type="refresh_token"))
        status = json.loads(self.stage.try_tidings("--json", "status").stdout)
        (pid,) = [w["pid"] for w in status["daemon"]["workers"] if w["role"] == "oauth"]
        os.kill(pid, signal.SIGKILL)
        wait_for("its death", lambda: "killed by signal 9" in self.log())
        self.assertEqual(self.token("refresh_token"), before)
        self.task("Order the disks")
        self.stage.clock("2026-11-22T13:15:00Z")
        wait_for("another token", lambda: self.token("refresh_token") != before, 30)
        self.task("Plan the move")
        self.assertEqual(len(self.auth.asked("token", grant_type="refresh_token")), 2)
        self.assertEqual(self.token(), "ok")

    def test_once(self):
        self.login()
        self.stage.mail(ANA, TEAM, "task: Fix the login", "Hi.")
        self.stage.rig.settle()
        self.stage.tidings("once")
        self.assertEqual(self.stage.query("SELECT title FROM item"), [("Fix the login",)])
        self.auth.revoke()
        done = self.stage.try_tidings("once")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.token(), "revoked")

    # --- the tool ---

    def try_login(self):
        return self.stage.try_tidings("oauth", "login", "main", "--device")

    def test_device_flow(self):
        done = self.try_login()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("WDJB-MJHT", done.stderr)
        self.assertIn(self.auth.url + "/activate", done.stderr)
        self.assertIn("Access until", done.stdout)
        self.assertIn(self.token("login"), TEAM)
        self.assertEqual(stat.S_IMODE(os.stat(self.stage.store).st_mode), 0o600)
        for secret in (self.token("access_token"), self.token("refresh_token")):
            self.assertNotIn(secret, done.stdout + done.stderr)

    def test_device_flow_waits(self):
        self.auth.script("token", auth_server.PENDING, auth_server.SLOW_DOWN)
        done = self.try_login()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(len(self.auth.asked("token")), 3)

    def test_device_flow_ends(self):
        for step, text in ((auth_server.DENIED, "access_denied"),
                           (auth_server.EXPIRED, "expired_token"),
                           (auth_server.BAD_CLIENT, "client_id")):
            self.auth.script("token", step)
            done = self.try_login()
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(text, done.stderr)
        self.assertEqual(self.stage.query("SELECT count(*) FROM oauth_token"), [(0,)])

    def test_device_answers_that_are_none(self):
        for step, text in ((auth_server.GARBAGE, "no code"), (auth_server.HUGE, "larger than"),
                           (auth_server.BUSY, "503"), (auth_server.drop, "cannot be asked"),
                           (auth_server.slow, "within 5 seconds")):
            self.auth.script("device", step)
            done = self.try_login()
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(text, done.stderr)

    def test_browser_flow(self):
        """The browser comes back to the port; and the address of its last page, pasted."""
        args = [os.path.join(self.stage.build, "tidings"), "-c", self.stage.conf, "oauth",
                "login", "main", "--browser"]
        for paste in (False, True):
            tool = subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True)
            self.addCleanup(tool.kill)
            address = ""
            while not address.startswith("https://"):
                address = tool.stderr.readline()
                self.assertNotEqual(address, "")
            back = self.auth.consent(address.strip())
            self.assertIn("scope=mail%20offline_access", address)
            if paste:
                _, error = tool.communicate("nonsense\n" + back + "\n", timeout=30)
                self.assertIn("paste it whole", error)
            else:
                self.assertEqual(self.get(back.replace("state=", "state=wrong")), 400)
                self.assertEqual(self.get(back), 200)
                tool.communicate(timeout=30)
            self.assertEqual(tool.returncode, 0)
        self.assertEqual(self.token(), "ok")

    @staticmethod
    def get(url):
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    def test_store_that_others_may_read(self):
        os.chmod(self.stage.store, 0o644)
        done = self.try_login()
        self.assertEqual(done.returncode, 1)
        self.assertIn("chmod 600", done.stderr)
        self.assertEqual(self.auth.requests, [])

    def test_untrusted_server(self):
        conf = re.sub(r'(oauth: .*?)ca_file = "[^"]*"; ', r"\1", open(self.stage.conf).read(),
                      flags=re.S)
        with open(self.stage.conf, "w") as f:
            f.write(conf)
        done = self.try_login()
        self.assertEqual(done.returncode, 1)
        self.assertIn("certificate is not trusted", done.stderr)
        self.assertEqual(self.auth.requests, [])


class Transport(OAuth):
    """The mailbox by password, the submission server by OAuth2."""

    def setUp(self):
        super().setUp()
        rig = self.stage.rig
        self.stage.options["mailbox"] = (
            f'host = "localhost"; port = {rig.dovecot.tls_port}; ca_file = "{rig.ca}";'
            f'user = "{TEAM}"; password_file = "{self.folder}/secret"; poll = 1;')
        self.stage.write_conf()

    def drop_connections(self):
        self.stage.rig.postfix.stop()
        self.stage.rig.postfix.start()

    def login(self):
        self.stage.tidings("oauth", "login", "main", "--device")

    def test_refused_token(self):
        """The mail has no try of its own for it: it goes with the next token, at once."""
        self.stage.start()
        self.login()
        self.task("Fix the login")
        self.auth.spoil()
        self.drop_connections()
        self.task("Order the disks")
        self.assertEqual(len(self.auth.asked("token", grant_type="refresh_token")), 1)
        self.assertEqual(self.stage.query("SELECT count(*) FROM attempt WHERE result <> 'sent'"),
                         [(0,)])
        self.stage.stop()
        self.no_secret_shows()

    def test_revoked(self):
        """Mail waits, without a try, until somebody logs in again."""
        self.stage.start()
        self.login()
        self.task("Fix the login")
        self.auth.revoke()
        self.drop_connections()
        self.stage.mail(ANA, TEAM, "task: Order the disks", "Hi.")
        wait_for("the revocation", lambda: self.token() == "revoked", 60)
        wait_for("the item", lambda: self.stage.query("SELECT count(*) FROM item") == [(2,)])
        status = self.stage.try_tidings("status")
        self.assertEqual(status.returncode, 1)
        self.assertIn(f"account {TEAM} of test: the log-in is no longer good", status.stdout)
        self.assertLess(self.log().count("mail not sent yet"), 10)
        self.assertEqual(self.stage.query("SELECT count(*) FROM attempt WHERE result <> 'sent'"),
                         [(0,)])
        self.login()
        wait_for("the answer", lambda: any(
            "Order the disks" in (m["Subject"] or "") for m in self.stage.inbox(ANA)), 60)

    def test_fresh_token_that_is_refused(self):
        """A server that takes no token at all: few questions, few tries."""
        self.stage.start()
        self.auth.script("introspect", *[(200, {"active": False})] * 500)
        self.login()
        self.stage.mail(ANA, TEAM, "task: Fix the login", "Hi.")
        wait_for("the trouble", lambda: "does not take the access token" in
                 self.stage.try_tidings("status").stdout, 40)
        time.sleep(3)  # nothing more is to happen
        self.assertLessEqual(len(self.auth.asked("token", grant_type="refresh_token")), 1)
        self.assertLessEqual(len(self.auth.asked("introspect")), 4)


class Bearer(OAuth):
    mechanisms = "oauthbearer"


class XOAuth2(OAuth):
    mechanisms = "xoauth2"


def load_tests(loader, tests, pattern):
    """All of it with both mechanisms offered; the whole way with each alone."""
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(OAuth))
    suite.addTest(Bearer("test_a_day"))
    suite.addTest(XOAuth2("test_a_day"))
    for name in ("test_refused_token", "test_revoked", "test_fresh_token_that_is_refused"):
        suite.addTest(Transport(name))
    return suite


if __name__ == "__main__":
    unittest.main()
