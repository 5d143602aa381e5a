#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""summary.py collect BUILDDIR: a line "PASS|FAIL|SKIP name" a test of the last `make check`.
summary.py total FILE: failures and skips, then the line "N passed, N failed, N skipped".

A cmocka program counts by its tests, any other test as one.
"""
import collections
import os
import re
import sys

CMOCKA = re.compile(r"^\[\s+(OK|FAILED|SKIPPED|ERROR)\s+\] ([a-z]\w*)", re.M)
WORD = {"OK": "PASS", "FAILED": "FAIL", "ERROR": "FAIL", "SKIPPED": "SKIP",
        "PASS": "PASS", "FAIL": "FAIL", "XPASS": "FAIL", "XFAIL": "PASS", "SKIP": "SKIP"}


def of_program(trs):
    """The result lines of one program, from its .trs and .log."""
    name = os.path.basename(trs)[:-4]
    with open(trs) as f:
        word = re.search(r"^:test-result: (\w+)", f.read(), re.M).group(1)
    with open(trs[:-4] + ".log", errors="replace") as f:
        log = f.read()
    seen = {}
    for result, test in CMOCKA.findall(log):
        if seen.get(test) != "FAIL":
            seen[test] = WORD[result]
    if not seen:
        why = (log.strip().splitlines() or [""])[0] if word == "SKIP" else ""
        return [f"{WORD[word]} {name}{': ' + why if why else ''}"]
    lines = [f"{word} {name}: {test}" for test, word in seen.items()]
    if WORD[word] == "FAIL" and "FAIL" not in seen.values():
        lines.append(f"FAIL {name}: ended badly")
    return lines


def collect(build):
    for folder, _, files in sorted(os.walk(os.path.join(build, "tests"))):
        for name in sorted(files):
            if name.endswith(".trs"):
                print("\n".join(of_program(os.path.join(folder, name))))


def total(path):
    count = collections.Counter()
    with open(path) as f:
        for line in f:
            word = line.split(" ", 1)[0]
            count[word] += 1
            if word != "PASS":
                print(line.rstrip())
    print(f"{count['PASS']} passed, {count['FAIL']} failed, {count['SKIP']} skipped")
    return 0 if count["PASS"] and not count["FAIL"] else 1


if __name__ == "__main__":
    if sys.argv[1] == "collect":
        collect(sys.argv[2])
    else:
        sys.exit(total(sys.argv[2]))
