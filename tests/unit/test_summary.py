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

    def test_total(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            code = summary.total(self.write("results", "\n".join(TOLD) + "\n"))
        self.assertEqual(out.getvalue(), "\n".join(TOLD[1:]) + "\n1 passed, 1 failed, 2 skipped\n")
        self.assertEqual(code, 1)

    def test_again_without_sanitizers(self):
        self.write("tests/unit/test-x", FAKE, 0o755)
        results = self.write("results", "PASS a: b\n"
                             "SKIP test-x: test_memory: not in a build with sanitizers\n"
                             "SKIP test-x: test_lost: not in a build with sanitizers\n"
                             "SKIP test-x: test_b: the moon is not full\n")
        subprocess.run([sys.executable, os.path.join(TESTS, "rig", "plain.py"), results,
                        self.folder, self.folder], check=True, stdout=subprocess.DEVNULL)
        with open(results) as f:
            self.assertEqual(f.read(), "PASS a: b\nPASS test-x: test_memory\n"
                             "FAIL test-x: test_lost: did not run\n"
                             "SKIP test-x: test_b: the moon is not full\n")


if __name__ == "__main__":
    unittest.main()
