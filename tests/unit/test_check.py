# SPDX-License-Identifier: ISC
"""contrib/check with a make and a configure that only pretend: no step that told nothing, or that
ended badly, leaves the total green; and what it does with its arguments and a configured tree."""
import os
import shutil
import subprocess
import tempfile
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOP = os.path.dirname(TESTS)
CONFIGURE = """#!/bin/sh
echo "$0" >>"$NOTES"
[ ! -f "$(dirname "$0")/config.status" ] || { echo 'source directory already configured'; exit 1; }
: >config.status
"""
# What the targets do is in files beside it: check, check-servers, fuzzers.
MAKE = """#!/bin/bash
folder=.
[ "$1" != -C ] || folder=$2
for word; do
	case $word in
	RESULTS=* | SERVER_RESULTS=*) results=${word#*=} ;;
	TESTS=) exit 0 ;;
	check | check-servers | fuzzers) target=$word ;;
	esac
done
[ -n "${target-}" ] || exit 0
cd "$folder" && . "$(dirname "$0")/do-$target"
"""
CHECK = """mkdir -p tests/unit
echo ':test-result: PASS' >tests/unit/style.trs
echo fine >tests/unit/style.log
"""
SERVERS = 'echo "PASS test_x.py: Case.test_a" >>"$results"\n'
FUZZERS = """mkdir -p tests/fuzz
printf '#!/bin/sh\\n' >tests/fuzz/fuzz-x
chmod 755 tests/fuzz/fuzz-x
"""


class Check(unittest.TestCase):
    def setUp(self):
        self.top = tempfile.mkdtemp(prefix="tdc")
        self.addCleanup(shutil.rmtree, self.top)
        for name in ("contrib/check", "contrib/copy-source", "tests/rig/summary.py",
                     "tests/rig/plain.py", "tests/fuzz/run.py"):
            with open(os.path.join(TOP, name)) as f:
                self.write("tree/" + name, f.read(), 0o755)
        self.write("tree/contrib/install-missing", '#!/bin/sh\necho install >>"$NOTES"\n', 0o755)
        self.write("tree/configure.ac", "")
        self.write("tree/configure", CONFIGURE, 0o755)
        self.write("bin/make", MAKE, 0o755)
        self.write("bin/do-check", CHECK)
        self.write("bin/do-check-servers", SERVERS)
        self.write("bin/do-fuzzers", FUZZERS)

    def write(self, name, text, mode=0o644):
        path = os.path.join(self.top, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as f:
            f.write(text)
        os.chmod(path, mode)

    def run_check(self, *args):
        """Its exit code and the lines that it printed."""
        env = {**os.environ, "PATH": os.path.join(self.top, "bin") + ":" + os.environ["PATH"],
               "NOTES": os.path.join(self.top, "notes"), "TD_FUZZ_SECONDS": "1"}
        done = subprocess.run([os.path.join(self.top, "tree", "contrib", "check"), *args], env=env,
                              check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=60)
        return done.returncode, done.stdout.splitlines()

    def notes(self):
        try:
            with open(os.path.join(self.top, "notes")) as f:
                return f.read().splitlines()
        except FileNotFoundError:
            return []

    def fails(self, line, total):
        code, lines = self.run_check()
        self.assertIn(line, lines)
        self.assertEqual((code, lines[-1]), (1, total), lines)

    def test_all_pass(self):
        code, lines = self.run_check()
        self.assertEqual((code, lines[-1]), (0, "6 passed, 0 failed, 0 skipped"), lines)

    def test_make_check_without_a_test(self):
        self.write("bin/do-check", "exit 2\n")
        self.fails("FAIL check: told no test, and ended with 2", "5 passed, 1 failed, 0 skipped")

    def test_make_check_that_ends_badly(self):
        self.write("bin/do-check", CHECK + "exit 2\n")
        self.fails("FAIL check: ended with 2, and told no failure", "6 passed, 1 failed, 0 skipped")

    def test_results_of_the_last_run_do_not_count(self):
        self.run_check()
        self.write("bin/do-check", "exit 0\n")
        self.fails("FAIL check: told no test, and ended with 0", "5 passed, 1 failed, 0 skipped")

    def test_a_failure_that_is_told_is_told_once(self):
        self.write("bin/do-check", CHECK.replace("PASS", "FAIL") + "exit 2\n")
        self.fails("FAIL style", "5 passed, 1 failed, 0 skipped")

    def test_a_result_that_is_empty(self):
        self.write("bin/do-check", CHECK + ": >tests/unit/a.trs\n: >tests/unit/a.log\n")
        self.fails("FAIL a: left no result (is the disk full?)", "6 passed, 1 failed, 0 skipped")

    def test_servers(self):
        self.write("bin/do-check-servers", "exit 2\n")
        self.fails("FAIL check-servers: told no test, and ended with 2",
                   "5 passed, 1 failed, 0 skipped")
        self.write("bin/do-check-servers", SERVERS + "exit 2\n")
        self.fails("FAIL check-servers: ended with 2, and told no failure",
                   "6 passed, 1 failed, 0 skipped")

    def test_no_fuzz_target(self):
        self.write("bin/do-fuzzers", "")
        self.fails("FAIL fuzz: told no test, and ended with 1", "5 passed, 1 failed, 0 skipped")

    def test_what_runs_tests_again_breaks(self):
        self.write("tree/tests/rig/plain.py", "raise OSError\n", 0o755)
        self.fails("FAIL plain: ended with 1, and told no failure", "6 passed, 1 failed, 0 skipped")

    def test_arguments(self):
        code, lines = self.run_check("--help")
        self.assertEqual(code, 0)
        self.assertIn("contrib/check", lines[0])
        for args in (("--fast",), ("all",), ("--help", "x")):
            code, lines = self.run_check(*args)
            self.assertEqual((code, len(lines)), (2, 1), lines)
            self.assertIn("check: ", lines[0])
        self.assertEqual(self.notes(), [])

    def test_a_tree_that_is_configured(self):
        self.write("tree/config.status", "")
        self.write("tree/daemon/main.c", "int a;\n")
        for product in ("daemon/main.o", "daemon/.dirstamp", "daemon/.deps/main.Po", "Makefile",
                        "templates/embedded.c", "daemon/store/schema-0001.inc", "tidingsd"):
            self.write("tree/" + product, "")
        code, lines = self.run_check()
        self.assertEqual((code, lines[-1]), (0, "6 passed, 0 failed, 0 skipped"), lines)
        source = os.path.join(self.top, "tree", "build-check", "src")
        self.assertEqual(set(self.notes()), {"install", os.path.join(source, "configure")})
        names = {os.path.relpath(os.path.join(folder, name), source)
                 for folder, _, files in os.walk(source) for name in files}
        self.assertEqual(names, {
            "configure", "configure.ac", "contrib/check", "contrib/copy-source",
            "contrib/install-missing", "daemon/main.c", "tests/fuzz/run.py", "tests/rig/plain.py",
            "tests/rig/summary.py"})


if __name__ == "__main__":
    unittest.main()
