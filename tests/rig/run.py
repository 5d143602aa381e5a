#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""run.py [--results FILE] [--seconds N] [--jobs N] SCRIPT...: runs unittest scripts, one process
each, N at a time.
run.py --here [--test CLASS.TEST] SCRIPT: runs one in this process, or one test of it.
run.py --check [--seconds N] [--test CLASS.TEST] FILE: a script or a program of `make check`, as
it is, or one test of a script.

A script that needs servers is a unittest module; a test that cannot run here calls skipTest or
raises servers.Missing in setUpClass. Each script has a deadline, and what it started is ended
with it (its whole process group). Each picks its own folder and ports, so that several can run at
a time. Prints a line a test, what else a script prints in one piece, and appends
"PASS name", "FAIL name" or "SKIP name: why" lines to FILE for the summary.
"""
import argparse
import concurrent.futures
import os
import signal
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


running = set()  # process groups of scripts


class Lines(unittest.TestResult):
    """Tells each test's end on a line of its own."""

    def __init__(self, script):
        super().__init__()
        self.script = script
        self.lines = []
        self.started = 0.0

    def name(self, test):
        return f"{os.path.basename(self.script)}: {test.id().split('.', 1)[-1]}"

    def say(self, word, test, detail=""):
        gone = time.monotonic() - self.started if self.started else 0
        line = f"{word} {self.name(test)}{detail}"
        self.lines.append(line)
        print(f"{line} ({gone:.1f} s)", flush=True)

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()

    def addSuccess(self, test):
        super().addSuccess(test)
        self.say("PASS", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.say("SKIP", test, f": {reason}")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.say("FAIL", test)
        print(self.failures[-1][1], flush=True)

    def addError(self, test, err):
        super().addError(test, err)
        self.say("FAIL", test)
        print(self.errors[-1][1], flush=True)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.say("FAIL", subtest)
            print((self.failures + self.errors)[-1][1], flush=True)


def append(results, lines):
    """In one piece: others write to the file as well."""
    with open(results, "ab", buffering=0) as f:
        f.write("".join(line + "\n" for line in lines).encode())


def run_here(script, results, test=None):
    """Runs one script, or one test of it, in this process; exit 0 if nothing failed."""
    folder, name = os.path.split(os.path.abspath(script))
    sys.path.insert(0, folder)
    module = os.path.splitext(name)[0]
    suite = unittest.defaultTestLoader.loadTestsFromName(f"{module}.{test}" if test else module)
    lines = Lines(script)
    suite.run(lines)
    append(results, lines.lines)
    return 0 if lines.wasSuccessful() and lines.lines else 1


def has_unittest(script):
    with open(script) as f:
        return "unittest.main(" in f.read()


def has_failed(results, script):
    """Whether a failure of this script was written: one that breaks off early writes none."""
    if not os.path.isfile(results):
        return False
    with open(results, errors="replace") as f:
        return f"FAIL {os.path.basename(script)}" in f.read()


def tell(stream):
    """Prints what a script prints: lines of results as they come, the rest in one piece."""
    rest = []
    for line in stream:
        if line.startswith(("PASS ", "SKIP ", "FAIL ")):
            sys.stdout.write("".join(rest) + line)
            rest = []
        else:
            rest.append(line)
        sys.stdout.flush()
    sys.stdout.write("".join(rest))
    sys.stdout.flush()


def end_group(pid):
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def end_all(number, _frame):
    """Scripts are no part of our own process group: a signal to it does not reach them."""
    for pid in list(running):
        end_group(pid)
    os._exit(128 + number)


def start(args, **how):
    """Starts it in a process group of its own."""
    child = subprocess.Popen(args, stdin=subprocess.DEVNULL, start_new_session=True, **how)
    running.add(child.pid)
    return child


def end_of(child, seconds):
    """Waits for what start() gave; its exit code, None if it was not done in time. Ends its group,
    too."""
    try:
        return child.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        running.discard(child.pid)
        end_group(child.pid)
        child.wait()


def run_check(path, seconds, test=None):
    """Runs a test of `make check`; its exit code, as a shell has it."""
    args = [path]
    if path.endswith(".py"):
        args = [sys.executable, path]
        if test or has_unittest(path):
            args = [sys.executable, __file__, "--here", *(["--test", test] if test else []), path]
    code = end_of(start(args), seconds)
    if code is None:
        print(f"\nhung: not done after {seconds} s, and ended", flush=True)
        return 1
    return code if code >= 0 else 128 - code


def run_apart(script, results, seconds):
    """Runs one script in a process group of its own, with a deadline."""
    child = start([sys.executable, __file__, "--here", "--results", results, script],
                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    teller = threading.Thread(target=tell, args=(child.stdout,), daemon=True)
    teller.start()
    code = end_of(child, seconds)
    teller.join(10)
    if code is None:
        why = f"not done after {seconds} s"
    elif code < 0:
        why = f"killed by signal {-code}"
    elif code > 0 and not has_failed(results, script):
        why = f"ended with {code}, and no test of it was told"
    else:
        why = None
    if why:
        append(results, [f"FAIL {os.path.basename(script)}: {why}"])
        print(f"FAIL {script}: {why}", flush=True)
        return 1
    return code


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--results", default=os.devnull)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--here", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--test")
    parser.add_argument("scripts", nargs="+")
    args = parser.parse_args()
    if args.here:
        sys.exit(run_here(args.scripts[0], args.results, args.test))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end_all)
    if args.check:
        sys.exit(run_check(args.scripts[0], args.seconds, args.test))
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        codes = list(pool.map(lambda s: run_apart(s, args.results, args.seconds), args.scripts))
    failed = [script for script, code in zip(args.scripts, codes) if code != 0]
    if failed:
        print("failed: " + " ".join(failed), file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
