# SPDX-License-Identifier: ISC
"""What goes wrong around the daemon, and that it says so once, in one line that helps.

Each trouble is made on real servers, its line is looked for in the log, a mail is sent while it
lasts; then it is mended, and the mail must have its effect and its acknowledgement.
"""
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import servers, stage as stages  # noqa: E402
from rig.servers import wait_for  # noqa: E402

ANA, TEAM = "ana@example.org", "platform@example.org"


class Trouble(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        try:
            cls.stage = stages.Stage(cls.folder.name, dict(stages.PLATFORM, core=None))
            cls.stage.__enter__()
        except servers.Missing as missing:
            raise unittest.SkipTest(str(missing)) from None
        cls.addClassCleanup(cls.stage.__exit__)
        cls.number = cls.days = 0

    def setUp(self):
        stage = self.stage
        Trouble.days += 1  # a day of its own: acknowledgements of a day are limited
        stage.now = stages.utc("2026-11-24T10:00:00Z") + self.days * 86400
        stage.write_conf()
        with open(stage.conf) as f:
            self.good = f.read()
        with open(stage.log, "w"):
            pass
        self.addCleanup(stage.stop)

    # -- what happens

    def conf(self, *changes):
        """The good configuration with some words replaced."""
        text = self.good
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        with open(self.stage.conf, "w") as f:
            f.write(text)

    def secret(self, text):
        path = os.path.join(self.stage.folder, "other")
        with open(path, "w") as f:
            os.fchmod(f.fileno(), 0o600)
            f.write(text + "\n")
        return path

    def reload(self):
        self.stage.daemon.send_signal(signal.SIGHUP)

    def log(self):
        with open(self.stage.log, errors="replace") as f:
            return f.read()

    def says(self, pattern, seconds=30):
        """The log has a line that matches, one that also says what to do where it should."""
        try:
            wait_for(pattern, lambda: re.search(pattern, self.log(), re.M), seconds)
        except RuntimeError:
            self.fail(f"nothing in the log matches {pattern!r}:\n{self.log()}")

    def send(self):
        """A task; gives its title."""
        Trouble.number += 1
        title = f"Thing {self.number}"
        self.stage.mail(ANA, TEAM, "task: " + title, "Please.\n")
        return title

    def is_done(self, title):
        return self.stage.query("SELECT 1 FROM item WHERE title = ?", title) != []

    def done(self, *titles):
        """Each is a task, once, and was acknowledged; what is to be tried later, is."""
        self.settle()
        for _ in range(6):  # each of Postfix's processes finds out for itself that Dovecot was away
            if not self.stage.query("SELECT 1 FROM outbox WHERE state = 'queued'"):
                break
            self.later()
            self.settle()
        for title in titles:
            self.assertEqual(self.stage.query("SELECT count(*) FROM item WHERE title = ?", title),
                             [(1,)], self.log())
            self.assertEqual(len([m for m in self.stage.inbox(ANA)
                                  if m["Subject"] == "Re: task: " + title]), 1, self.log())

    def settle(self):
        """Postfix does not try again by itself soon where Dovecot was away."""
        self.drain()
        self.stage.settle()

    def drain(self):
        postfix = self.stage.rig.postfix

        def is_empty():
            if postfix.queue_is_empty():
                return True
            postfix.flush()
            time.sleep(0.5)
            return False
        wait_for("Postfix's queue", is_empty, 60)

    def start_badly(self):
        """Exit status and what it says, for a start that must fail."""
        done = subprocess.run([os.path.join(self.stage.build, "tidingsd"), "-f", "-c",
                               self.stage.conf], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=30, check=False)
        return done.returncode, done.stderr

    def mended(self, title, seconds=60):
        """The configuration is good again and was reloaded: the mail is taken."""
        self.conf()
        self.drain()
        self.reload()
        wait_for(title, lambda: self.is_done(title), seconds)
        self.done(title)

    def closed_port(self):
        sock = socket.socket()
        self.addCleanup(sock.close)
        sock.bind(("127.0.0.1", 0))  # bound, but nobody listens
        return sock.getsockname()[1]

    # -- passwords, addresses, certificates in the configuration

    def test_imap_password(self):
        """The next try is far off: status says when, and a reload has it at once."""
        secret = os.path.join(self.stage.folder, "secret")
        self.conf((f'password_file = "{secret}"', f'password_file = "{self.secret("wrong")}"'))
        self.stage.start()
        title = self.send()
        self.says(r"trouble: .*refuses the login of platform@example\.org.*correct user or "
                  r"the secret")
        status = self.stage.try_tidings("status")
        self.assertEqual(status.returncode, 1)
        self.assertIn("refuses the login", status.stdout)
        # a permanent trouble is tried again every 15 minutes, 20 % more or less
        self.assertRegex(status.stdout, r"next try in 1[1-8] min; at once with: "
                         rf"kill -HUP {self.stage.daemon.pid}\)")
        box, = self.stage.try_json("status")["mailboxes"]
        self.assertIn(box["next_try_seconds"], range(660, 1081))
        self.mended(title)
        self.assertEqual(self.log().count("refuses the login"), 1)
        self.assertNotIn("wrong", self.log())

    def test_smtp_password(self):
        secret = os.path.join(self.stage.folder, "secret")
        self.good = self.good.replace(f'password_file = "{secret}"', "password_file = IMAP", 1)
        self.conf((f'password_file = "{secret}"', f'password_file = "{self.secret("wrong")}"'),
                  ("password_file = IMAP", f'password_file = "{secret}"'))
        self.good = self.good.replace("password_file = IMAP", f'password_file = "{secret}"')
        self.stage.start()
        title = self.send()
        wait_for(title, lambda: self.is_done(title))
        self.says(r"localhost.*(login|password).*platform@example\.org|"
                  r"platform@example\.org.*(login|password)")
        self.assertNotIn("wrong\n", self.log())
        self.assertEqual(self.stage.query("SELECT count(*) FROM outbox WHERE state = 'failed'"),
                         [(0,)])
        self.conf()
        self.reload()
        self.later()
        self.done(title)

    def later(self, seconds=4100):
        """The time of the next try comes."""
        self.stage.tidings("clock", "set", str(self.stage.now + seconds))
        self.stage.now += seconds

    def test_imap_unreachable(self):
        port = self.closed_port()
        self.conf((f"port = {self.stage.rig.dovecot.tls_port}", f"port = {port}"))
        self.stage.start()
        title = self.send()
        self.says(rf"trouble: .*no connection to localhost:{port} .*is the server up")
        self.mended(title)

    def test_smtp_unreachable(self):
        port = self.closed_port()
        self.conf((f"port = {self.stage.rig.postfix.port}", f"port = {port}"))
        self.stage.start()
        title = self.send()
        wait_for(title, lambda: self.is_done(title))
        self.says(rf"warn transport trouble: .*localhost port {port} .*; mail waits.* "
                  "transport=main")
        another = self.send()
        wait_for(another, lambda: self.is_done(another))
        self.later()
        wait_for("more tries", lambda: self.stage.query(
            "SELECT count(*) FROM outbox WHERE state = 'queued' AND attempts > 1 AND "
            "claimed_at IS NULL") != [(0,)])
        self.assertEqual(self.log().count("transport trouble"), 1, self.log())
        status = self.stage.try_tidings("status")
        self.assertEqual(status.returncode, 1)
        self.assertRegex(status.stdout, rf"needs you.* transport main: localhost port {port} ")
        self.conf()
        self.reload()
        self.later(20000)
        self.done(title, another)
        self.assertNotIn("transport main", self.stage.try_tidings("status").stdout)

    def test_unknown_host(self):
        self.conf(('host = "localhost"', 'host = "nowhere.invalid"'))
        self.stage.start()
        title = self.send()
        self.says(r"trouble: .*nowhere\.invalid.*(is not known to the name service|"
                  r"could not be looked up)")
        self.mended(title)

    def test_unknown_authority(self):
        other = servers.Certificates(os.path.join(self.stage.folder, "other-ca"))
        self.conf((f'ca_file = "{self.stage.rig.ca}"', f'ca_file = "{other.ca}"'))
        self.stage.start()
        title = self.send()
        self.says(r"trouble: .*signed by an authority that .*does not hold: set ca_file")
        self.mended(title)

    def test_unknown_authority_out(self):
        other = servers.Certificates(os.path.join(self.stage.folder, "other-ca"))
        first = f'ca_file = "{self.stage.rig.ca}"'
        self.conf((first, "FIRST"), (first, f'ca_file = "{other.ca}"'), ("FIRST", first))
        self.stage.start()
        title = self.send()
        wait_for(title, lambda: self.is_done(title))
        self.says(r"certificate of localhost comes from a CA that is not trusted .*ca_file")
        self.conf()
        self.reload()
        self.later()
        self.done(title)

    def with_certificate(self, pattern, name, **options):
        dovecot = self.stage.rig.dovecot
        good = dovecot.cert, dovecot.key
        title = self.send()
        self.drain()
        dovecot.stop()
        dovecot.cert, dovecot.key = self.stage.rig.certs.issue(name, **options)
        try:
            dovecot.start()
            self.stage.start()
            self.says(pattern)
            self.assertFalse(self.is_done(title))
        finally:
            dovecot.stop()
            dovecot.cert, dovecot.key = good
            dovecot.start()
        self.mended(title)

    def test_expired_certificate(self):
        self.with_certificate(r"trouble: .*certificate of localhost:\d+ expired 2020-02-01: "
                              r"renew it", "expired", expired=True)

    def test_certificate_of_another_host(self):
        self.with_certificate(r"trouble: .*certificate of localhost:\d+ is for "
                              r"mail\.example\.net, not for localhost: correct host",
                              "other", san="DNS:mail.example.net")

    # -- servers and folders that go and come

    def test_imap_restart(self):
        self.stage.start()
        before, after = self.send(), None
        self.done(before)
        self.stage.rig.dovecot.stop()
        self.says(r"trouble: .*localhost:\d+")
        self.stage.rig.dovecot.start()
        after = self.send()
        self.drain()
        wait_for(after, lambda: self.is_done(after), 120)
        self.done(before, after)

    def test_smtp_restart(self):
        stage = self.stage
        stage.start()
        title = "Thing while Postfix is down"
        stage.rig.postfix.stop()
        try:
            stage.rig.dovecot.deliver(TEAM, self.raw(title), ANA)
            wait_for(title, lambda: self.is_done(title))
            self.says(r"localhost.*(connect|refused)")
        finally:
            stage.rig.postfix.start()
        self.later()
        self.done(title)

    def raw(self, title, number=0):
        return (f"From: Ana Lima <{ANA}>\r\nTo: {TEAM}\r\nSubject: task: {title}\r\n"
                f"Message-ID: <raw-{title.replace(' ', '-')}-{number}@example.org>\r\n"
                f"Date: Tue, 24 Nov 2026 10:00:00 +0000\r\n\r\nPlease.\r\n").encode()

    def test_folder_vanishes(self):
        dovecot = self.stage.rig.dovecot
        dovecot.doveadm("mailbox", "create", "-u", TEAM, "Team")
        self.conf(('name = "main";', 'name = "other"; folder = "Team";'))
        self.stage.start()
        self.append("Team", "Thing in a folder")
        wait_for("the first", lambda: self.is_done("Thing in a folder"))
        dovecot.doveadm("mailbox", "delete", "-u", TEAM, "-s", "Team")
        self.says(r"trouble: .*folder Team cannot be opened .*correct")
        dovecot.doveadm("mailbox", "create", "-u", TEAM, "Team")
        self.append("Team", "Thing in a folder")
        self.append("Team", "Thing in the folder that came back")
        self.reload()
        wait_for("the second", lambda: self.is_done("Thing in the folder that came back"), 60)
        self.assertEqual(self.stage.query(
            "SELECT count(*) FROM item WHERE title = 'Thing in a folder'"), [(1,)])

    def append(self, folder, title):
        conn = self.stage.rig.dovecot.imap(TEAM, None)
        self.assertEqual(conn.append(folder, None, None, self.raw(title))[0], "OK")
        conn.logout()

    def test_maildir_vanishes(self):
        """Its mails come back under another UIDVALIDITY: each has its effect once."""
        stage = self.stage
        stage.start()
        titles = [self.send(), self.send()]
        self.done(*titles)
        kept = stage.rig.dovecot.mails(TEAM)
        box = os.path.join(stage.rig.dovecot.root, "mail", TEAM)
        os.rename(box, box + ".gone")  # whoever has it open may still write to it
        stage.rig.dovecot.doveadm("kick", TEAM)
        stage.rig.dovecot.deliver_many(TEAM, kept, ANA)
        new = self.send()
        wait_for(new, lambda: self.is_done(new), 90)
        self.done(new, *titles)

    # -- the configuration

    def test_configuration(self):
        with open(self.stage.conf, "w") as f:
            f.write(self.good.replace("poll = 1", "pol = 1").replace("port = ", "port = 99999; #")
                    .replace('level = "debug"', 'level = "loud"'))
        code, text = self.start_badly()
        self.assertEqual(code, 1)
        lines = [line for line in text.splitlines() if self.stage.conf + ":" in line]
        for words in ("pol", "port", "level"):
            self.assertTrue(any(re.search(rf":\d+: .*\b{words}\b", line) for line in lines), text)
        with open(self.stage.conf, "w") as f:
            f.write(self.good[:len(self.good) // 2])
        code, text = self.start_badly()
        self.assertEqual(code, 1)
        self.assertRegex(text, re.escape(self.stage.conf) + r":\d+: ")
        with open(self.stage.conf, "w") as f:
            f.write(self.good)
        self.stage.start()
        with open(self.stage.conf, "w") as f:
            f.write(self.good.replace("poll = 1", "pol = 1")
                    .replace('level = "debug"', 'level = "loud"'))
        self.reload()
        self.says(re.escape(self.stage.conf) + r":\d+: .*\bpol\b")
        self.says(re.escape(self.stage.conf) + r":\d+: .*\blevel\b")
        self.says("configuration was not changed")
        self.conf()
        self.done(self.send())

    # -- the store

    def damaged(self, damage, pattern):
        """The store is damaged while the daemon is down: it says so and does not touch it."""
        store = self.stage.store
        for end in ("", "-wal", "-shm"):
            if os.path.exists(store + end):
                shutil.copy(store + end, store + end + ".kept")
        self.addCleanup(self.put_back, store)
        damage(store)
        with open(store, "rb") as f:
            bytes_before = f.read()
        code, text = self.start_badly()
        with open(store, "rb") as f:
            self.assertEqual(f.read(), bytes_before)
        self.assertEqual(code, 1, text)
        self.assertRegex(text, pattern)
        self.assertEqual(len([x for x in text.splitlines() if store in x]), 1, text)
        title = self.send()
        self.put_back(store)
        self.stage.start()
        self.done(title)

    def put_back(self, store):
        if os.path.exists(store + ".kept"):
            for end in ("", "-wal", "-shm"):
                if os.path.exists(store + end):
                    os.unlink(store + end)
                if os.path.exists(store + end + ".kept"):
                    os.rename(store + end + ".kept", store + end)

    def test_no_database(self):
        def damage(store):
            with open(store, "wb") as f:
                f.write(b"This was a database once.\n" * 500)
        self.damaged(damage, r"tidings\.db: file is not a database; put a good copy")

    def test_damaged_database(self):
        def damage(store):
            with open(store, "r+b") as f:
                f.seek(4096)
                f.write(b"\xff" * 8192)
        self.damaged(damage, r"tidings\.db: .*damaged; put a good copy")

    def mount(self, size, inodes=0):
        """The store on a small file system of its own, with its files. inodes 0: enough."""
        folder = os.path.dirname(self.stage.store)
        if os.getuid() != 0:
            self.skipTest("mounting a small file system needs root")
        kept = tempfile.mkdtemp(dir=self.stage.folder)
        shutil.copytree(folder, kept, dirs_exist_ok=True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}m,nr_inodes={inodes}",
                               "tmpfs", folder],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            self.skipTest("cannot mount a small file system: " + done.stderr.strip())
        self.addCleanup(self.unmount, folder)
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        return folder

    def unmount(self, folder):
        self.stage.stop()
        kept = tempfile.mkdtemp(dir=self.stage.folder)
        shutil.copytree(folder, kept, dirs_exist_ok=True)
        subprocess.run(["umount", folder], check=True)
        shutil.copytree(kept, folder, dirs_exist_ok=True)

    def test_read_only(self):
        folder = self.mount(64)
        subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
        code, text = self.start_badly()
        self.assertEqual(code, 1)
        self.assertRegex(text, r"(?i)tidings\.db.*read-only")
        title = self.send()
        subprocess.run(["mount", "-o", "remount,rw", folder], check=True)
        self.stage.start()
        self.done(title)

    def protect(self, how):
        """+i: the store's files can no longer be written, though they are open; -i: again."""
        files = [self.stage.store + end for end in ("", "-wal")]
        return subprocess.run(["chattr", how, *files], capture_output=True, text=True, check=False)

    def test_read_only_while_it_runs(self):
        stage = self.stage
        stage.start()
        before = self.send()
        self.done(before)
        done = self.protect("+i")
        self.addCleanup(self.protect, "-i")
        if done.returncode != 0:
            self.skipTest("files cannot be write-protected here: " + done.stderr.strip())
        titles = [self.send() for _ in range(3)]
        self.drain()
        self.says(r"the store cannot take mail, trying again in \d+ s: .*tidings\.db: the disk "
                  r"gave an error; look at the system log")
        status = stage.try_tidings("status")
        self.assertEqual(status.returncode, 1)
        self.assertRegex(status.stdout, r"needs you +.*tidings\.db: ")
        self.assertFalse(any(self.is_done(t) for t in titles))
        self.assertIsNone(stage.daemon.poll())
        self.protect("-i")
        wait_for("the store", lambda: all(self.is_done(t) for t in titles), 90)
        self.says("the store works again")
        self.done(before, *titles)

    def test_disk_full(self):
        folder = self.mount(64)
        self.stage.start()
        self.done(self.send())
        fat = os.path.join(folder, "fat")
        with open(fat, "wb", buffering=0) as f:
            with contextlib.suppress(OSError):
                while True:
                    f.write(b"\0" * 65536)
        titles = [self.send() for _ in range(5)]
        self.says(r"no mail is fetched until there is room: 0 MB are free .*but \d+ are needed")
        status = self.stage.try_tidings("status")
        self.assertEqual(status.returncode, 1)
        self.assertRegex(status.stdout, r"0 MB are free")
        os.unlink(fat)
        wait_for("room", lambda: all(self.is_done(t) for t in titles), 90)
        self.says("there is room again")
        self.done(*titles)

    def test_inodes_run_out(self):
        """Room for bytes is not enough: the store's journal and copies are files, too."""
        folder = self.mount(64, inodes=100)
        self.stage.start()
        self.done(self.send())
        made = []
        with contextlib.suppress(OSError):
            for n in range(200):
                path = os.path.join(folder, f"small{n}")
                with open(path, "wb"):
                    made.append(path)
        self.assertLess(len(made), 100)
        self.says(r"no mail is fetched until there is room: only 0 inodes are free where the store")
        status = self.stage.try_tidings("status")
        self.assertEqual(status.returncode, 1)
        self.assertRegex(status.stdout, r"only 0 inodes are free")
        titles = [self.send() for _ in range(3)]
        self.drain()
        self.assertFalse(any(self.is_done(t) for t in titles))
        for path in made:
            os.unlink(path)
        wait_for("room", lambda: all(self.is_done(t) for t in titles), 90)
        self.says("there is room again")
        self.done(*titles)


if __name__ == "__main__":
    unittest.main()
