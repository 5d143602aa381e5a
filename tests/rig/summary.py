#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""summary.py collect BUILDDIR: a line "PASS|FAIL name" or "SKIP name: why" a test of the last
`make check`.
summary.py total FILE [LINE...]: failures and skips, of the file and of those that could not be
written into it, then the line "N passed, N failed, N skipped".

A cmocka program and a unittest script (through run.py) count by their tests, any other as one.
"""
import collections
import os
import re
import sys

CMOCKA = re.compile(r"^\[\s+(OK|FAILED|SKIPPED|ERROR)\s+\] ([a-z]\w*)|^skipped: (.*)", re.M)
UNITTEST = re.compile(r"^((?:PASS|FAIL|SKIP) \S+\.py: .+) \(\d+\.\d s\)$", re.M)
HUNG = re.compile(r"^hung: .*", re.M)  # run.py --check
NO_REASON = "it does not say why"
WORD = {"OK": "PASS", "FAILED": "FAIL", "ERROR": "FAIL", "SKIPPED": "SKIP",
        "PASS": "PASS", "FAIL": "FAIL", "XPASS": "FAIL", "XFAIL": "PASS", "SKIP": "SKIP"}


def of_cmocka(name, log):
    """The result lines of a cmocka program, from what it printed."""
    seen, why = {}, NO_REASON
    for result, test, reason in CMOCKA.findall(log):
        if reason:
            why = reason
            continue
        # the list of failures at the end names a test again
        if test not in seen or WORD[result] == "FAIL":
            seen[test] = (WORD[result], f": {why}" if WORD[result] == "SKIP" else "")
        why = NO_REASON
    return [f"{word} {name}: {test}{reason}" for test, (word, reason) in seen.items()]


def of_program(trs):
    """The result lines of one program, from its .trs and .log."""
    name = os.path.basename(trs)[:-4]
    with open(trs, errors="replace") as f:
        found = re.search(r"^:test-result: (\w+)", f.read(), re.M)
    word = found[1] if found else None
    try:
        with open(trs[:-4] + ".log", errors="replace") as f:
            log = f.read()
    except FileNotFoundError:
        word = None
    if word not in WORD:
        return [f"FAIL {name}: left no result (is the disk full?)"]
    lines = UNITTEST.findall(log) or of_cmocka(name, log)
    hung = HUNG.findall(log) if word == "FAIL" else None
    if hung:
        return lines + [f"FAIL {name}: {hung[-1]}"]
    if not lines:
        why = f": {(log.strip().splitlines() or [NO_REASON])[0]}" if word == "SKIP" else ""
        return [f"{WORD[word]} {name}{why}"]
    if WORD[word] == "FAIL" and not any(line.startswith("FAIL") for line in lines):
        lines.append(f"FAIL {name}: ended badly")
    return lines


def collect(build):
    for folder, _, files in sorted(os.walk(os.path.join(build, "tests"))):
        for name in sorted(files):
            if name.endswith(".trs"):
                print("\n".join(of_program(os.path.join(folder, name))))


def total(path, more=()):
    count = collections.Counter()
    with open(path, errors="replace") as f:
        lines = f.read().splitlines()
    for line in [*lines, *more]:
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
        sys.exit(total(sys.argv[2], sys.argv[3:]))
