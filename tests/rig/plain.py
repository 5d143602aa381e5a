#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""plain.py RESULTS BUILDDIR SOURCE: runs, in a build without sanitizers, the tests that were
skipped because of sanitizers, and puts what came of each in the place of its line in RESULTS.
"""
import os
import re
import subprocess
import sys

import summary

SKIPPED = re.compile(r"^SKIP ([^:]+): (\S+): .*sanitizers")
SECONDS = 600


def find(top, name):
    """The file of that name below top/tests."""
    for folder, _, files in os.walk(os.path.join(top, "tests")):
        if name in files:
            return os.path.join(folder, name)
    return None


def run_one(build, source, name, test):
    """What a script or a cmocka program prints; of a script one test alone is run."""
    if name.endswith(".py"):
        runner = os.path.join(source, "tests", "rig", "run.py")
        args = [sys.executable, runner, "--here", "--test", test, find(source, name) or name]
    else:
        args = [find(build, name) or name]
    env = {**os.environ, "TD_BUILDDIR": build, "TD_SRCDIR": source}
    try:
        done = subprocess.run(args, cwd=build, env=env, stdin=subprocess.DEVNULL, text=True,
                              errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=SECONDS, check=False)
        return done.stdout
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)


def main():
    results, build, source = sys.argv[1:4]
    build, source = os.path.abspath(build), os.path.abspath(source)
    printed = {}
    with open(results) as f:
        lines = f.read().splitlines()
    for at, line in enumerate(lines):
        match = SKIPPED.match(line)
        if not match:
            continue
        name, test = match.groups()
        key = (name, test if name.endswith(".py") else None)
        if key not in printed:
            printed[key] = run_one(build, source, name, test)
        told = summary.UNITTEST.findall(printed[key]) or summary.of_cmocka(name, printed[key])
        found = [t for t in told if re.match(rf"\w+ {re.escape(name)}: {re.escape(test)}(:|$)", t)]
        lines[at] = found[0] if found else f"FAIL {name}: {test}: did not run"
        print(lines[at], flush=True)
        if not lines[at].startswith("PASS"):
            print(printed[key])
    with open(results + ".new", "w") as f:
        f.writelines(line + "\n" for line in lines)
    os.replace(results + ".new", results)


if __name__ == "__main__":
    main()
