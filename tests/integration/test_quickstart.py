# SPDX-License-Identifier: ISC
"""contrib/quickstart from a copy of the tree, with the programs that are built: the day and what it
shows, again and beside another, that nothing outlives it and nothing is written elsewhere; and
contrib/install-missing with a package system that only notes what it is asked for.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(SOURCE, "tests"))
from rig import servers, stage as stages  # noqa: E402

ALL_THERE = "#!/bin/sh\necho 'install ok installed'\n"
SOME_THERE = """#!/bin/sh
case $4 in
gcc | make) echo 'install ok installed' ;;
old) echo 'deinstall ok config-files' ;;
*) exit 1 ;;
esac
"""
NOTES = '#!/bin/sh\necho "$(basename "$0") $*" >>"$NOTES"\n'
PACKAGES = "# a comment\nbuild gcc make\nbuild libx-dev\ndemo old libx-dev\ntest unwanted\n"


def left_of(folder):
    """The processes that were started for this folder."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as f:
                line = f.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if folder in line and int(pid) != os.getpid():
            found.append(line)
    return found


def tree(folder):
    """Every file below it, with its size and time."""
    return {os.path.join(where, name): (os.lstat(os.path.join(where, name)).st_mtime_ns,
                                        os.lstat(os.path.join(where, name)).st_size)
            for where, _, names in os.walk(folder) for name in names}


class Copy(unittest.TestCase):
    """A copy of what contrib/ needs, and programs of our own in front of the system's."""

    def setUp(self):
        self.top = tempfile.mkdtemp(prefix="tdq")
        self.addCleanup(subprocess.run, ["rm", "-rf", self.top], check=False)
        self.tree, self.bin = self.path("tree"), self.path("bin")
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(os.path.join(SOURCE, "contrib"), self.path("tree", "contrib"), ignore=skip)
        shutil.copytree(os.path.join(SOURCE, "tests", "rig"), self.path("tree", "tests", "rig"),
                        ignore=skip)
        for name in ("bin", "home", "tmp"):
            os.mkdir(self.path(name))
        self.env = {**os.environ, "PATH": self.bin + ":" + os.environ["PATH"],
                    "HOME": self.path("home"), "TMPDIR": self.path("tmp"),
                    "NOTES": self.path("notes")}
        self.env.pop("PYTHONDONTWRITEBYTECODE", None)  # that would be tidier than people are

    def path(self, *names):
        return os.path.join(self.top, *names)

    def program(self, name, text):
        with open(os.path.join(self.bin, name), "w") as f:
            f.write(text)
            os.fchmod(f.fileno(), 0o755)

    def call(self, name, *args):
        return subprocess.run([self.path("tree", "contrib", name), *args], env=self.env, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=300, check=False)

    def notes(self):
        try:
            with open(self.path("notes")) as f:
                return f.read().splitlines()
        except FileNotFoundError:
            return []


class Install(Copy):
    """As somebody who is not root: what would change the system goes to a sudo that notes it."""

    def setUp(self):
        super().setUp()
        with open(self.path("tree", "contrib", "packages"), "w") as f:
            f.write(PACKAGES)
        self.program("dpkg-query", SOME_THERE)
        self.program("id", "#!/bin/sh\necho 1000\n")
        self.program("apt-get", NOTES)
        self.program("sudo", NOTES)

    def test_only_what_is_missing(self):
        done = self.call("install-missing", "build", "demo")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout.split(), ["Installing:", "libx-dev", "old"])
        asked = [line for line in self.notes() if " install " in line]
        self.assertEqual(len(asked), 1, self.notes())
        self.assertRegex(asked[0], r"^sudo .*apt-get install .*-recommends libx-dev old")
        self.assertEqual(os.listdir(self.path("tmp")), [])

    def test_nothing_is_missing(self):
        self.program("dpkg-query", ALL_THERE)
        done = self.call("install-missing", "build", "demo", "test")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual(self.notes(), [])

    def test_apt_fails(self):
        self.program("sudo", NOTES + 'case $* in *install*) echo "E: no network"; exit 100 ;; esac')
        done = self.call("install-missing", "build")
        self.assertEqual(done.returncode, 1)
        self.assertIn("E: no network", done.stderr)
        self.assertIn("run this again", done.stderr)


class Quickstart(Copy):
    def setUp(self):
        if os.getuid() != 0:
            self.skipTest("a private Postfix needs root")
        try:
            servers.need("postfix", "postfix")
            self.build = stages.find_build()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        super().setUp()
        self.program("dpkg-query", ALL_THERE)
        self.program("apt-get", NOTES)
        self.folder = self.path("q")
        self.args = ["--build", self.build, "--folder", self.folder]
        self.before = tree(self.tree)

    def start(self, *more):
        show = subprocess.Popen(
            [self.path("tree", "contrib", "quickstart"), *self.args, *more], env=self.env,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(show.stdout.close)
        self.addCleanup(show.wait)
        self.addCleanup(show.terminate)
        return show

    def read_until(self, show, words):
        text = ""
        while words not in text:
            line = show.stdout.readline()
            self.assertTrue(line, text)  # it must not end by itself
            text += line
        return text

    def whole(self):
        """One from begin to end; what it shows."""
        show = self.start()
        text, _ = show.communicate(timeout=300)
        self.assertEqual(show.returncode, 0, text)
        for part in ("A day of the team", "Ana: a task, fields in the subject",
                     "A stranger", "NEEDS YOU", "METHOD:REQUEST", "mutt -R -f"):
            self.assertIn(part, text)
        html = re.search(r"As HTML: (\S+)", text)[1]
        self.assertGreater(os.path.getsize(html), 1000)
        return text

    def no_trace(self):
        """Of what has ended: no process, and no file outside of its folder."""
        self.assertEqual(left_of(self.top), [])
        self.assertEqual(tree(self.tree), self.before)
        self.assertEqual(os.listdir(self.path("home")) + os.listdir(self.path("tmp")), [])
        self.assertEqual(self.notes(), [])

    def ports(self, day):
        with open(os.path.join(self.folder, day, "tidings.conf")) as f:
            return set(re.findall(r" port = (\d+)", f.read()))

    def test_twice(self):
        for _ in range(2):
            self.assertIn(os.path.join(self.folder, "day-1"), self.whole())
            self.no_trace()

    def test_kept_beside_another(self):
        kept = self.start("--keep")
        self.read_until(kept, "Press Enter")
        self.assertTrue([p for p in left_of(self.folder) if "tidingsd" in p])
        self.assertIn(os.path.join(self.folder, "day-2"), self.whole())
        self.assertEqual(len(self.ports("day-1") | self.ports("day-2")), 4)
        status = subprocess.run(
            [os.path.join(self.build, "tidings"), "-c", os.path.join(self.folder, "day-1",
             "tidings.conf"), "status"], stdout=subprocess.DEVNULL, check=False)
        self.assertIn(status.returncode, (0, 1))  # it still answers
        kept.send_signal(signal.SIGTERM)
        kept.communicate(timeout=60)
        self.assertEqual(kept.returncode, 128 + signal.SIGTERM)
        self.no_trace()

    def test_interrupted(self):
        """By Ctrl-C while the day is played, and while it is kept."""
        for words, more, code in (("08:", (), 130), ("Press Enter", ("--keep",), 0)):
            show = self.start(*more)
            text = self.read_until(show, words)
            show.send_signal(signal.SIGINT)
            text += show.communicate(timeout=60)[0]
            self.assertEqual(show.returncode, code, text)
            self.assertNotIn("Traceback", text)
            self.no_trace()

    def test_words(self):
        for args, code, words in (
                (["--help"], 0, "--keep leaves it"), (["--nonsense"], 2, "quickstart [--keep]"),
                (["--build", self.path("home")], 1, "there is no tidingsd in"),
                (["--folder", self.path("q" * 61), *self.args[:2]], 1, "too long")):
            with self.subTest(args=args):
                done = self.call("quickstart", *args)
                self.assertEqual(done.returncode, code)
                self.assertIn(words, done.stdout + done.stderr)
                self.no_trace()


if __name__ == "__main__":
    unittest.main()
