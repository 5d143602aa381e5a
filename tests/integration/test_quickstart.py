# SPDX-License-Identifier: ISC
"""What contrib/quickstart shows after its build: the day, and that nothing outlives it."""
import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(SOURCE, "tests"))
from rig import servers, stage as stages  # noqa: E402


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


class Quickstart(unittest.TestCase):
    def setUp(self):
        if os.getuid() != 0:
            self.skipTest("a private Postfix needs root")
        try:
            servers.need("postfix", "postfix")
            self.build = stages.find_build()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.folder = tempfile.mkdtemp(prefix="tdq")
        self.addCleanup(subprocess.run, ["rm", "-rf", self.folder], check=False)

    def show(self, *more):
        return subprocess.Popen(
            [sys.executable, os.path.join(SOURCE, "contrib", "demo", "show.py"), SOURCE,
             self.build, os.path.join(self.folder, "day"), *more],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def test_ends_and_leaves_nothing(self):
        show = self.show()
        text, _ = show.communicate(timeout=300)
        self.assertEqual(show.returncode, 0, text)
        for part in ("A day of the team", "Ana: a task, fields in the subject",
                     "A stranger", "NEEDS YOU", "METHOD:REQUEST", "mutt -R -f"):
            self.assertIn(part, text)
        html = re.search(r"As HTML: (\S+)", text)[1]
        self.assertGreater(os.path.getsize(html), 1000)
        self.assertEqual(left_of(self.folder), [])

    def test_kept_until_a_signal(self):
        show = self.show("--keep")
        text = ""
        while "Press Enter" not in text:
            line = show.stdout.readline()
            self.assertTrue(line, text)  # it must not end by itself
            text += line
        self.assertTrue([p for p in left_of(self.folder) if "tidingsd" in p])
        show.send_signal(signal.SIGTERM)
        show.communicate(timeout=60)
        self.assertEqual(show.returncode, 128 + signal.SIGTERM)
        self.assertEqual(left_of(self.folder), [])


if __name__ == "__main__":
    unittest.main()
