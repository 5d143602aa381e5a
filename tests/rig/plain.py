#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""plain.py RESULTS BUILDDIR SOURCE [SECONDS]: runs, in a build without sanitizers, the
tests that were skipped because of sanitizers, and puts what came of each in the place of its line
in RESULTS. Each has SECONDS for it (600).
"""
import os
import re
import subprocess
import sys

import summary

SKIPPED = re.compile(r"^SKIP ([^:]+): (\S+): .*sanitizers")


def find(top, name):
    """The file of that name below top/tests."""
    for folder, _, files in os.walk(os.path.join(top, "tests")):
        if name in files:
            return os.path.join(folder, name)
    return None


def run_one(build, source, name, test, seconds):
    """What a script or a cmocka program prints; of a script one test alone is run."""
    args = [sys.executable, os.path.join(source, "tests", "rig", "run.py"), "--check",
            "--seconds", seconds]
    if name.endswith(".py"):
        args += ["--test", test, find(source, name) or name]
    else:
        args += [find(build, name) or name]
    env = {**os.environ, "TD_BUILDDIR": build, "TD_SRCDIR": source}
    done = subprocess.run(args, cwd=build, env=env, stdin=subprocess.DEVNULL, text=True,
                          errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    return done.stdout


def main():
    results, build, source = sys.argv[1:4]
    seconds = sys.argv[4] if len(sys.argv) > 4 else "600"
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
            printed[key] = run_one(build, source, name, test, seconds)
        told = summary.UNITTEST.findall(printed[key]) or summary.of_cmocka(name, printed[key])
        found = [t for t in told if re.match(rf"\w+ {re.escape(name)}: {re.escape(test)}(:|$)", t)]
        why = (summary.HUNG.findall(printed[key]) or ["did not run"])[-1]
        lines[at] = found[0] if found else f"FAIL {name}: {test}: {why}"
        print(lines[at], flush=True)
        if not lines[at].startswith("PASS"):
            print(printed[key])
    with open(results + ".new", "w") as f:
        f.writelines(line + "\n" for line in lines)
    os.replace(results + ".new", results)


if __name__ == "__main__":
    main()
