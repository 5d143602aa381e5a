# SPDX-License-Identifier: ISC
"""What tests/rig makes of a run: a line a test, a reason for each skip, nothing lost."""
import contextlib
import io
import os
import subprocess
import sys
import tempfile
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(TESTS, "rig"))
import summary  # noqa: E402

CMOCKA = """[==========] Running 4 test(s).
[ RUN      ] test_a
[       OK ] test_a
[ RUN      ] test_b
skipped: the moon is not full
[  SKIPPED ] test_b
[ RUN      ] test_c
[  SKIPPED ] test_c
[ RUN      ] test_d
[  FAILED  ] test_d
[==========] 4 test(s) run.
[  SKIPPED ] 2 test(s), listed below:
[  SKIPPED ] test_b
[  SKIPPED ] test_c
[  FAILED  ] 1 test(s), listed below:
[  FAILED  ] test_d
"""
TOLD = ["PASS test-x: test_a", "SKIP test-x: test_b: the moon is not full",
        "SKIP test-x: test_c: it does not say why", "FAIL test-x: test_d"]
SCRIPT = """PASS test_x.py: Case.test_a (0.1 s)
SKIP test_x.py: Case.test_b: no such program (0.0 s)
"""
FAKE = """#!/bin/sh
echo '[ RUN      ] test_memory'
echo '[       OK ] test_memory'
"""
HANGS = """#!/bin/sh
echo '[ RUN      ] test_a'
echo '[       OK ] test_a'
echo '[ RUN      ] test_b'
sleep 1000 &
echo $! >"$0.pid"
wait
"""
HANGS_TOO = """import time
import unittest


class Case(unittest.TestCase):
    def test_a(self):
        pass

    def test_b(self):
        time.sleep(1000)


if __name__ == "__main__":
    unittest.main()
"""


def runs(pid):
    """Whether the process is there; one that nobody waited for yet is not."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Summary(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tds")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)
        os.chmod(path, mode)
        return path

    def program(self, name, word, log):
        self.write(f"tests/{name}.log", log)
        return summary.of_program(self.write(f"tests/{name}.trs", f":test-result: {word}\n"))

    def test_cmocka(self):
        self.assertEqual(self.program("test-x", "FAIL", CMOCKA), TOLD)

    def test_cmocka_that_breaks_off(self):
        lines = self.program("test-x", "FAIL", "[ RUN      ] test_a\n[       OK ] test_a\n")
        self.assertEqual(lines, ["PASS test-x: test_a", "FAIL test-x: ended badly"])

    def test_unittest(self):
        self.assertEqual(self.program("test_x", "PASS", SCRIPT), [
            "PASS test_x.py: Case.test_a", "SKIP test_x.py: Case.test_b: no such program"])

    def test_any_other(self):
        self.assertEqual(self.program("style", "SKIP", "no awk here\n"),
                         ["SKIP style: no awk here"])
        self.assertEqual(self.program("style", "SKIP", ""), ["SKIP style: it does not say why"])
        self.assertEqual(self.program("style", "PASS", "fine\n"), ["PASS style"])

    def test_no_result(self):
        line = ["FAIL x: left no result (is the disk full?)"]
        self.write("tests/x.log", "")
        self.assertEqual(summary.of_program(self.write("tests/x.trs", "")), line)
        os.remove(os.path.join(self.folder, "tests/x.log"))
        trs = self.write("tests/x.trs", ":test-result: PASS\n")
        self.assertEqual(summary.of_program(trs), line)

    def check(self, path, seconds):
        """What `make check` does with a test: the exit code and what it printed."""
        runner = os.path.join(TESTS, "rig", "run.py")
        done = subprocess.run([sys.executable, runner, "--check", "--seconds", str(seconds), path],
                              check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=100)
        return done.returncode, done.stdout

    def test_program_that_hangs(self):
        path = self.write("test-x", HANGS, 0o755)
        code, log = self.check(path, 2)
        self.assertEqual(code, 1)
        self.assertEqual(self.program("test-x", "FAIL", log), [
            "PASS test-x: test_a", "FAIL test-x: hung: not done after 2 s, and ended"])
        with open(path + ".pid") as f:
            self.assertFalse(runs(int(f.read())))

    def test_script_that_hangs(self):
        code, log = self.check(self.write("test_x.py", HANGS_TOO), 4)
        self.assertEqual(code, 1)
        self.assertEqual(self.program("test_x", "FAIL", log), [
            "PASS test_x.py: Case.test_a", "FAIL test_x: hung: not done after 4 s, and ended"])

    def test_exit_code_of_a_test(self):
        for text, code in (("exit 0", 0), ("exit 77", 77), ("exit 3", 3), ("kill -11 $$", 139)):
            path = self.write("test-x", f"#!/bin/sh\n{text}\n", 0o755)
            self.assertEqual(self.check(path, 60), (code, ""))
        self.assertEqual(self.check(self.write("x.py", "print(1)\n"), 60), (0, "1\n"))

    def test_total(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = summary.total(self.write("results", "\n".join(TOLD) + "\n"))
        self.assertEqual(out.getvalue(), "\n".join(TOLD[1:]) + "\n1 passed, 1 failed, 2 skipped\n")
        self.assertEqual(code, 1)

    def test_again_and_it_hangs(self):
        path = self.write("tests/unit/test-x", HANGS, 0o755)
        line = "test-x: test_b: not in a build with sanitizers"
        self.write("results", f"SKIP {line}\n")
        self.again("2")
        self.assertEqual(self.results(),
                         "FAIL test-x: test_b: hung: not done after 2 s, and ended\n")
        with open(path + ".pid") as f:
            self.assertFalse(runs(int(f.read())))

    def again(self, *seconds):
        results = os.path.join(self.folder, "results")
        subprocess.run([sys.executable, os.path.join(TESTS, "rig", "plain.py"), results,
                        self.folder, os.path.dirname(TESTS), *seconds],
                       check=True, stdout=subprocess.DEVNULL, timeout=100)

    def results(self):
        with open(os.path.join(self.folder, "results")) as f:
            return f.read()

    def test_again_without_sanitizers(self):
        self.write("tests/unit/test-x", FAKE, 0o755)
        self.write("results", "PASS a: b\n"
                   "SKIP test-x: test_memory: not in a build with sanitizers\n"
                   "SKIP test-x: test_lost: not in a build with sanitizers\n"
                   "SKIP test-x: test_b: the moon is not full\n")
        self.again()
        self.assertEqual(self.results(), "PASS a: b\nPASS test-x: test_memory\n"
                         "FAIL test-x: test_lost: did not run\n"
                         "SKIP test-x: test_b: the moon is not full\n")


if __name__ == "__main__":
    unittest.main()
