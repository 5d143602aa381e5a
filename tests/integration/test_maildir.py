# SPDX-License-Identifier: ISC
"""A Maildir as a mailbox, and `tidings deliver` into it: the same intake, the same guarantees."""
import email.utils
import fcntl
import os
import pwd
import random
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import termios
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import servers  # noqa: E402
from rig.servers import wait_for  # noqa: E402
from rig.stage import PLATFORM, Stage  # noqa: E402

ANA, TEAM = "ana@example.org", "platform@example.org"


def mail(number, body="Hi.", size=0):
    head = (f"From: Ana Lima <{ANA}>\nTo: {TEAM}\nSubject: task: number {number}\n"
            f"Date: {email.utils.formatdate(1795338000 + number)}\n"
            f"Message-ID: <maildir{number}@example.org>\n\n{body}\n")
    return head.encode() + (b"y" * 75 + b"\n") * (size // 76)


class Base(unittest.TestCase):
    after = ""
    poll = 2  # where inotify has no instance left

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.box = os.path.join(self.folder, "box")
        for sub in ("new", "cur", "tmp"):
            os.makedirs(os.path.join(self.box, sub))
        try:
            self.stage = Stage(self.folder, PLATFORM,
                               mailbox=f'maildir = "{self.box}"; poll = {self.poll}; {self.after}')
            self.stage.__enter__()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.addCleanup(self.stage.__exit__)

    def put(self, number, name=None, sub="new", **more):
        """As a delivery agent does it."""
        name = name or f"{1795338000 + number}.M{number}P1.host"
        path = os.path.join(self.box, "tmp", name.split(":")[0])
        with open(path, "wb") as f:
            f.write(mail(number, **more))
        os.rename(path, os.path.join(self.box, sub, name))
        return name

    def titles(self):
        return [row[0] for row in self.stage.query("SELECT title FROM item ORDER BY id")]

    def wait(self, *numbers, seconds=40):
        want = sorted(f"number {n}" for n in numbers)
        try:
            wait_for(f"items {want}", lambda: sorted(self.titles()) == want, seconds)
        except RuntimeError as error:
            raise RuntimeError(f"{error}; {self.titles()}\n{self.stage.log_tail()}") from None

    def files(self, sub="new", box=None):
        return sorted(os.listdir(os.path.join(box or self.box, sub)))

    def not_read_twice(self):
        """A second reading would have no effect, but costs, and hides what is wrong."""
        with open(self.stage.log, errors="replace") as f:
            self.assertNotIn("known already", f.read())

    def open_rows(self):
        return self.stage.query("SELECT count(*) FROM seen WHERE state <> 'acked'")[0][0]


class Leave(Base):
    def test_files_stay_as_they_are(self):
        first = self.put(1)
        self.stage.start()
        self.wait(1)
        second = self.put(2)
        third = self.put(3, name="1795338003.M3P1.host:2,F", sub="cur")
        before = [os.stat(os.path.join(self.box, "new", n)) for n in (first, second)]
        self.wait(1, 2, 3)
        # another program marks them as read, and the daemon starts anew: nothing happens twice
        os.rename(f"{self.box}/new/{first}", f"{self.box}/cur/{first}:2,S")
        self.put(4)
        self.wait(1, 2, 3, 4)
        self.stage.stop()
        os.rename(f"{self.box}/new/{second}", f"{self.box}/cur/{second}:2,RS")
        self.put(5)
        self.stage.start()
        self.wait(1, 2, 3, 4, 5)
        self.assertEqual(self.files("cur"), sorted([first + ":2,S", second + ":2,RS", third]))
        for old, name in zip(before, (first + ":2,S", second + ":2,RS")):
            now = os.stat(os.path.join(self.box, "cur", name))
            self.assertEqual((old.st_ino, old.st_mtime, old.st_size),
                             (now.st_ino, now.st_mtime, now.st_size))
        self.assertEqual(self.stage.query("SELECT count(*) FROM message"), [(5,)])
        self.not_read_twice()

    def test_new_mail_is_seen_at_once(self):
        """inotify tells of it: poll stands at an hour."""
        self.stage.options["mailbox"] = f'maildir = "{self.box}"; poll = 3600;'
        self.stage.write_conf()
        self.stage.start()
        wait_for("the first look", lambda: self.stage.query(
            "SELECT count(*) FROM mailbox WHERE last_ok_at IS NOT NULL") == [(1,)])
        if "inotify is not to be had" in self.stage.log_tail(1000):
            self.skipTest("no inotify instance is left on this machine")
        begin = time.monotonic()
        self.put(1)
        self.wait(1)
        self.assertLess(time.monotonic() - begin, 20)

    def test_names_that_are_gone_are_forgotten(self):
        names = [self.put(n) for n in range(1, 6)]
        self.stage.start()
        self.wait(1, 2, 3, 4, 5)
        for name in names:
            os.unlink(os.path.join(self.box, "new", name))
        for n in (6, 7, 8):
            self.put(n)
            self.wait(*range(1, n + 1))
        wait_for("their rows to go", lambda: self.stage.query(
            "SELECT min(uid), count(*) FROM mailbox_file") == [(6, 3)])

    def test_things_that_are_no_mail(self):
        os.mkfifo(os.path.join(self.box, "new", "1.fifo"))
        os.symlink("/etc/passwd", os.path.join(self.box, "new", "2.link"))
        os.mkdir(os.path.join(self.box, "new", "3.folder"))
        with open(os.path.join(self.box, "new", ".hidden"), "wb") as f:
            f.write(mail(99))
        with open(os.path.join(self.box, "new", "4.empty"), "wb"):
            pass
        self.put(1)
        self.stage.start()
        self.wait(1)
        wait_for("the trouble", lambda: "is left out" in self.stage.log_tail(1000))
        self.put(3)
        self.wait(1, 3)
        for _ in range(3):  # it is said as long as it is so
            self.look()
            self.assertIn("is left out", self.stage.try_tidings("status").stdout)
        # what the link leads to was not read
        self.assertEqual(self.stage.query("SELECT count(*) FROM quarantine "
                                          "WHERE instr(raw, 'root:') > 0"), [(0,)])
        for name in ("1.fifo", "2.link"):
            os.unlink(os.path.join(self.box, "new", name))
        os.rmdir(os.path.join(self.box, "new", "3.folder"))
        self.put(2)
        self.wait(1, 3, 2)
        wait_for("the end of it", lambda: "is left out" not in
                 self.stage.try_tidings("status").stdout or self.look())
        wait_for("the watermark", lambda: self.look() or self.stage.query(
            "SELECT watermark FROM mailbox")[0][0] >= 5, 40)

    def test_mail_that_is_too_large(self):
        self.stage.options["extra"] = "limits: { mail_bytes = 65536; };"
        self.stage.write_conf()
        self.put(1, size=3000000)
        self.put(2)
        self.stage.start()
        self.wait(2)
        wait_for("word to the sender", lambda: self.stage.query(
            "SELECT count(*) FROM message")[0][0] == 2)

    def test_folder_goes_and_comes(self):
        self.stage.start()
        self.put(1)
        self.wait(1)
        os.rename(self.box, self.box + ".away")
        wait_for("the trouble", lambda: "is no folder" in self.stage.try_tidings("status").stdout
                 or self.look())
        os.rename(self.box + ".away", self.box)
        self.put(2)
        wait_for("the second", lambda: self.look() or len(self.titles()) == 2, 60)
        self.wait(1, 2)

    def look(self):
        """Looks now: after trouble the next look is minutes away."""
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(os.path.join(self.folder, "run", "control"))
            sock.sendall(b"poll main\n")
            sock.recv(1000)
        return False

    def test_ten_thousand(self):
        for n in range(1, 10001):
            with open(f"{self.box}/cur/{1795338000 + n}.M{n}.host:2,S", "wb") as f:
                f.write(b"From: news@example.net\nSubject: %d\nMessage-ID: <%d@x>\n\nx\n" % (n, n))
        self.put(1, name="1795339999999.M1.host")
        self.stage.start()
        begin = time.monotonic()
        self.wait(1, seconds=240)
        wait_for("all", lambda: self.stage.query("SELECT count(*) FROM message") == [(10001,)], 240)
        print(f"10,000 files in {time.monotonic() - begin:.1f} s", flush=True)
        self.stage.stop()
        self.stage.start()
        self.put(2, name="1795339999999.M2.host")
        self.wait(1, 2)
        self.not_read_twice()


class Move(Base):
    def setUp(self):
        self.after = 'after = "move"; move_to = "done";'
        super().setUp()

    def test_move(self):
        done = os.path.join(self.folder, "done")
        first = self.put(1)
        second = self.put(2, name="1795338002.M2P1.host:2,F", sub="cur")
        self.stage.start()
        self.wait(1, 2)
        wait_for("the files", lambda: not self.files() and not self.files("cur"))
        self.assertEqual(self.files("cur", done), sorted([first + ":2,S", second]))
        wait_for("the rows", lambda: self.open_rows() == 0)
        with open(f"{done}/cur/{second}", "rb") as f:
            self.assertEqual(f.read(), mail(2))

    def test_flags_in_new(self):
        """Whoever puts a file there with its flags: it is read, and moved with them."""
        self.stage.start()
        name = self.put(1, name="1795338001.M1P1.host:2,S")
        self.wait(1)
        wait_for("the file", lambda: not self.files())
        self.assertEqual(self.files("cur", os.path.join(self.folder, "done")), [name])

    def test_name_is_taken(self):
        """No file is given up for another one that has its name in the other folder."""
        done = os.path.join(self.folder, "done")
        for sub in ("", "tmp", "new", "cur"):
            os.makedirs(os.path.join(done, sub), exist_ok=True)
        for name in ("same:2,S", "linked:2,S"):
            with open(f"{done}/cur/{name}", "wb") as f:
                f.write(mail(8))
        first = self.put(1, name="same")
        second = self.put(2, name="linked")
        os.link(f"{self.box}/new/{second}", f"{done}/cur/linked_1:2,S")  # it was interrupted
        self.stage.start()
        self.wait(1, 2)
        wait_for("the files", lambda: not self.files())
        self.assertEqual(self.files("cur", done), ["linked:2,S", "linked_1:2,S", "same:2,S",
                                                   "same_1:2,S"])
        for name, number in (("same:2,S", 8), (f"{first}_1:2,S", 1), (f"{second}_1:2,S", 2)):
            with open(f"{done}/cur/{name}", "rb") as f:
                self.assertEqual(f.read(), mail(number))

    def test_where_it_cannot(self):
        """The mail has its effect, once; the file stays; the operator is told."""
        os.symlink("/nowhere/at/all", os.path.join(self.folder, "done"))
        self.put(1)
        self.stage.start()
        self.wait(1)
        wait_for("the trouble", lambda: "cannot be" in self.stage.try_tidings("status").stdout)
        self.stage.stop()
        os.unlink(os.path.join(self.folder, "done"))
        self.stage.start()
        wait_for("the file", lambda: not self.files())
        self.wait(1)
        self.assertEqual(self.open_rows(), 0)


class Delete(Base):
    after = 'after = "delete";'

    def deliver(self, number, *options, code=0, text=None, **more):
        done = subprocess.run(
            [os.path.join(self.stage.build, "tidings"), "-c", self.stage.conf, "deliver", *options],
            input=mail(number) if text is None else text, capture_output=True, timeout=60,
            check=False, **more)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stderr.decode()

    def test_deliver(self):
        """Taken whether the daemon runs or not; the file goes once the effect is there."""
        self.deliver(1)
        self.assertEqual(len(self.files()), 1)
        path = os.path.join(self.box, "new", self.files()[0])
        with open(path, "rb") as f:
            self.assertEqual(f.read(), mail(1))
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.stage.start()
        self.wait(1)
        self.deliver(2, "--mailbox", "main")
        self.deliver(3, text=b"From ana@example.org Sun Nov 22 10:00:00 2026\n" + mail(3))
        self.wait(1, 2, 3)
        wait_for("the files", lambda: not self.files() and not self.files("tmp"))

    @staticmethod
    def read(path):
        with open(path, errors="replace") as f:
            return f.read()

    def test_exit_codes(self):
        self.assertIn("no mail", self.deliver(1, text=b"", code=65))
        line = b"From ana@example.org Sun Nov 22 10:00:00 2026"
        self.assertIn("no mail", self.deliver(1, text=line, code=65))
        self.assertIn("no mail", self.deliver(1, text=line + b"\n", code=65))
        self.deliver(1, "--mailbx", "main", code=64)
        self.deliver(1, "word", code=64)
        self.assertIn("no mailbox other", self.deliver(1, "--mailbox", "other", code=75))
        os.rename(self.box + "/tmp", self.box + "/tmp.away")
        self.deliver(1, code=75)
        os.rename(self.box + "/tmp.away", self.box + "/tmp")
        os.rename(self.stage.conf, self.stage.conf + ".away")
        self.deliver(1, code=75)
        os.rename(self.stage.conf + ".away", self.stage.conf)
        self.assertEqual(self.files() + self.files("tmp"), [])
        self.deliver(1)

    def test_from_line_in_pieces(self):
        with subprocess.Popen([os.path.join(self.stage.build, "tidings"), "-c", self.stage.conf,
                               "deliver"], stdin=subprocess.PIPE) as tool:
            for piece in (b"Fr", b"om ana@example.org Sun", b" Nov 22 10:00:00 2026\n" + mail(1)):
                tool.stdin.write(piece)
                tool.stdin.flush()
                # taken from the pipe, so that the next one is a read of its own
                wait_for("the pipe", lambda: not fcntl.ioctl(
                    tool.stdin.fileno(), termios.FIONREAD, b"\0\0\0\0").strip(b"\0"))
        self.assertEqual(tool.returncode, 0)
        self.assertEqual(self.read(os.path.join(self.box, "new", self.files()[0])),
                         mail(1).decode())

    def test_what_a_killed_one_left(self):
        """It goes 36 hours after it was written and read; other things in tmp/ stay."""
        def leave(name, hours):
            path = os.path.join(self.box, "tmp", name)
            with open(path, "wb") as f:
                f.write(b"x")
            at = time.time() - hours * 3600
            os.utime(path, (at, at))
        leave("old", 36.5)
        leave("young", 35.5)
        leave(".hidden", 1000)
        os.mkdir(os.path.join(self.box, "tmp", "folder"))
        os.utime(os.path.join(self.box, "tmp", "folder"), (0, 0))
        self.deliver(1)
        self.assertEqual(self.files("tmp"), [".hidden", "folder", "young"])

    def test_killed_again_and_again(self):
        """The whole daemon, at any moment: each mail has its effect once, each file goes."""
        rng = random.Random(4)
        count = 120
        self.stage.start(test_clock=False)
        for n in range(1, count + 1):
            self.deliver(n)
            if n % 12 == 0:
                time.sleep(rng.random() * 0.15)
                self.stage.daemon.send_signal(signal.SIGKILL)
                self.stage.daemon.wait()
                self.stage.start(test_clock=False)
        self.wait(*range(1, count + 1), seconds=90)
        wait_for("the files", lambda: not self.files(), 60)
        self.assertEqual(len(self.titles()), count)
        self.assertEqual(self.stage.query("SELECT count(*) FROM message"), [(count,)])

    def test_alias_of_postfix(self):
        """A mail by SMTP to an address whose alias is a pipe; and one that must wait."""
        postfix, account = self.stage.rig.postfix, pwd.getpwnam("mail")
        if os.getuid() != 0:
            self.skipTest("needs root")
        servers.open_way(self.folder)
        for path in [self.box] + [os.path.join(self.box, s) for s in ("new", "cur", "tmp")]:
            os.chown(path, account.pw_uid, account.pw_gid)
        os.chmod(self.folder, 0o755)
        tool = os.path.join(self.folder, "tidings")
        subprocess.run(["cp", os.path.join(self.stage.build, "tidings"), tool], check=True)
        secret = os.path.join(self.folder, "secret")
        os.chown(secret, account.pw_uid, account.pw_gid)
        aliases = os.path.join(postfix.root, "aliases")
        with open(aliases, "w") as f:
            f.write(f'team: "|{tool} -c {self.stage.conf} deliver"\n')
        subprocess.run(["postalias", "-c", postfix.conf, f"hash:{aliases}"], check=True)
        with open(os.path.join(postfix.conf, "main.cf"), "a") as f:
            f.write(f"mydestination = lists.example.org\nalias_maps = hash:{aliases}\n"
                    f"default_privs = {account.pw_name}\nlocal_recipient_maps =\n"
                    "smtpd_relay_restrictions = permit_mynetworks, reject\n"
                    "allow_mail_to_commands = alias\n")
        with open(os.path.join(postfix.conf, "master.cf"), "a") as f:
            f.write("local unix - n n - - local\n")
        subprocess.run(["postfix", "-c", postfix.conf, "reload"], check=True, capture_output=True)
        self.stage.start()
        self.stage.rig.submit(ANA, "team@lists.example.org", mail(1))
        self.wait(1)
        os.rename(self.box + "/tmp", self.box + "/tmp.away")
        self.stage.rig.submit(ANA, "team@lists.example.org", mail(2))
        wait_for("the deferral", lambda: "status=deferred" in self.read(
            os.path.join(postfix.root, "postfix.log")), 30)
        self.assertEqual(self.titles(), ["number 1"])
        os.rename(self.box + "/tmp.away", self.box + "/tmp")
        postfix.flush()
        self.wait(1, 2)


if __name__ == "__main__":
    unittest.main()
