# SPDX-License-Identifier: ISC
"""Root and the daemon's account: what init makes belongs to the account, and tidingsd becomes
it."""
import os
import pwd
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import servers, stage  # noqa: E402
from rig.servers import wait_for  # noqa: E402

BUILD = os.environ.get("TD_BUILDDIR", ".")
ACCOUNT = "nobody"


class Account(unittest.TestCase):
    def setUp(self):
        if os.getuid() != 0:
            self.skipTest("only root can give files to another account")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        self.folder = folder.name
        self.password = os.path.join(self.folder, "password")
        with open(self.password, "w", encoding="ascii") as f:
            os.fchmod(f.fileno(), 0o600)
            f.write("secret\n")

    def init(self, *more):
        conf = os.path.join(self.folder, "etc", "tidings.conf")
        return conf, subprocess.run(
            [os.path.join(BUILD, "tidings"), "-c", conf, "init", "--yes", "--no-check",
             "--provider", "dovecot", "--imap-host", "localhost", "--smtp-host", "localhost",
             "--address", "platform@example.org", "--lead", "ana@example.org",
             "--lead-name", "Ana", "--password-file", self.password, "--zone", "UTC",
             "--store", os.path.join(self.folder, "var", "tidings.db"),
             "--run-dir", os.path.join(self.folder, "run"), *more],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)

    def test_files_belong_to_the_account(self):
        conf, done = self.init("--account", ACCOUNT)
        self.assertEqual(done.returncode, 0, done.stderr)
        uid = pwd.getpwnam(ACCOUNT).pw_uid
        for name in ("etc", "etc/tidings.conf", "var", "var/tidings.db", "run"):
            self.assertEqual(os.stat(os.path.join(self.folder, name)).st_uid, uid, name)
        # what was there before stays as it was
        self.assertEqual(os.stat(self.folder).st_uid, 0)
        self.assertEqual(os.stat(self.password).st_uid, 0)
        self.assertEqual(os.stat(conf).st_mode & 0o777, 0o600)
        with open(conf, encoding="utf-8") as f:
            self.assertIn(f'user = "{ACCOUNT}";', f.read())

    def test_unknown_account(self):
        conf, done = self.init("--account", "nobody-of-that-name")
        self.assertEqual(done.returncode, 1)
        self.assertIn("useradd --system", done.stderr)
        self.assertFalse(os.path.exists(conf))


class Drop(unittest.TestCase):
    """tidingsd with user = "nobody", reading a real mailbox."""

    def setUp(self):
        if os.getuid() != 0:
            self.skipTest("only root can become another account")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder, self.pw = folder.name, pwd.getpwnam(ACCOUNT)
        os.chmod(self.folder, 0o755)
        for name in ("store", "run", "certs"):
            os.mkdir(os.path.join(self.folder, name))
        self.log = os.path.join(self.folder, "log")
        self.secret = os.path.join(self.folder, "secret")
        self.conf = os.path.join(self.folder, "tidings.conf")
        with open(self.secret, "w", encoding="ascii") as f:
            os.fchmod(f.fileno(), 0o600)
            f.write(servers.PASSWORD + "\n")
        for name in ("store", "secret"):
            os.chown(os.path.join(self.folder, name), self.pw.pw_uid, self.pw.pw_gid)

    def write_conf(self, user, port=993, ca="/etc/ssl/certs/ca-certificates.crt"):
        with open(self.conf, "w", encoding="ascii") as f:
            f.write(f"""user = "{user}";
store: {{ path = "{self.folder}/store/tidings.db"; reserve_mb = 1; }};
mailboxes: ( {{ name = "main"; host = "localhost"; port = {port}; ca_file = "{ca}";
	user = "platform@example.org"; password_file = "{self.secret}"; poll = 1; }} );
transports: ( {{ name = "main"; host = "127.0.0.1"; port = 1; tls = "none"; }} );
run_dir = "{self.folder}/run";
""")

    def start(self, **options):
        with open(self.log, "ab") as log:
            daemon = subprocess.Popen([os.path.join(BUILD, "tidingsd"), "-f", "-c", self.conf],
                                      stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)
        return daemon

    def ids(self, pid):
        """uids, gids, groups and effective capabilities of a process."""
        with open(f"/proc/{pid}/status", encoding="ascii") as f:
            lines = dict(line.split(":", 1) for line in f.read().splitlines())
        return ({int(x) for x in lines["Uid"].split()}, {int(x) for x in lines["Gid"].split()},
                {int(x) for x in lines["Groups"].split()}, int(lines["CapEff"], 16))

    def children(self, daemon):
        with open(f"/proc/{daemon.pid}/task/{daemon.pid}/children", encoding="ascii") as f:
            return [int(x) for x in f.read().split()]

    def check_ids(self, daemon):
        """The parent and its children: fetch, send and one parser at least."""
        wait_for("the workers", lambda: len(self.children(daemon)) >= 3)
        groups = set(os.getgrouplist(ACCOUNT, self.pw.pw_gid))
        for pid in [daemon.pid] + self.children(daemon):
            self.assertEqual(self.ids(pid), ({self.pw.pw_uid}, {self.pw.pw_gid}, groups, 0))

    def is_read(self, mid):
        try:
            db = sqlite3.connect(f"file:{self.folder}/store/tidings.db?mode=ro", uri=True)
            try:
                return db.execute("SELECT 1 FROM message WHERE mid = ? UNION ALL "
                                  "SELECT 1 FROM quarantine", (mid,)).fetchone() is not None
            finally:
                db.close()
        except sqlite3.Error:
            return False

    def test_becomes_the_account(self):
        try:
            certs = servers.Certificates(os.path.join(self.folder, "certs", "made"))
            dovecot = servers.Dovecot(os.path.join(self.folder, "dovecot"),
                                      ["platform@example.org"], certs)
            dovecot.start()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.addCleanup(dovecot.stop)
        ca = os.path.join(self.folder, "ca.pem")
        with open(certs.ca, encoding="ascii") as f, open(ca, "w", encoding="ascii") as out:
            out.write(f.read())
        self.write_conf(ACCOUNT, dovecot.tls_port, ca)
        stage.make_store(BUILD, self.conf)
        daemon = self.start(extra_groups=[0, 4])
        control = os.path.join(self.folder, "run", "control")
        wait_for("the control socket", lambda: os.path.exists(control))
        self.check_ids(daemon)
        dovecot.deliver("platform@example.org", b"From: ana@example.org\r\nTo: "
                        b"platform@example.org\r\nMessage-ID: <1@x>\r\n\r\nHello.\r\n",
                        "ana@example.org")
        wait_for("the mail", lambda: self.is_read("1@x"), 30)
        before = self.children(daemon)
        daemon.send_signal(signal.SIGHUP)  # what a reload starts has no more rights
        wait_for("new workers", lambda: not set(before) & set(self.children(daemon)), 20)
        self.check_ids(daemon)
        for name in ("store/tidings.db", "store/tidings.db-wal", "run", "run/control",
                     "run/tidingsd.pid"):
            self.assertEqual(os.stat(os.path.join(self.folder, name)).st_uid, self.pw.pw_uid, name)
        daemon.terminate()
        self.assertEqual(daemon.wait(10), 0)

    def refused(self, account, pattern, **options):
        os.chown(os.path.join(self.folder, "run"), self.pw.pw_uid, self.pw.pw_gid)
        self.write_conf(account)
        self.assertEqual(self.start(**options).wait(20), 1)
        with open(self.log, encoding="ascii") as f:
            text = f.read()
        self.assertEqual(len(text.splitlines()), 1, text)
        self.assertRegex(text, pattern)
        self.assertFalse(os.path.exists(os.path.join(self.folder, "store", "tidings.db")))

    def test_no_such_account(self):
        self.refused("nobody-of-that-name", "user nobody-of-that-name: there is no such account")

    def test_another_account_without_root(self):
        self.refused("daemon", f"only root can become user daemon, and this is {ACCOUNT}: "
                     "start it as root or as daemon, or take user out of the configuration",
                     user=ACCOUNT, group=self.pw.pw_gid, extra_groups=[])

    def test_the_account_itself_without_root(self):
        self.write_conf(ACCOUNT)
        stage.make_store(BUILD, self.conf)
        os.chown(os.path.join(self.folder, "run"), self.pw.pw_uid, self.pw.pw_gid)
        daemon = self.start(user=ACCOUNT, group=self.pw.pw_gid,
                            extra_groups=os.getgrouplist(ACCOUNT, self.pw.pw_gid))
        control = os.path.join(self.folder, "run", "control")
        wait_for("the control socket", lambda: os.path.exists(control))
        self.check_ids(daemon)


if __name__ == "__main__":
    unittest.main()
