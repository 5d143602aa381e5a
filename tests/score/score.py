#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""score.py: one table of how well real data is read: cases, right and wrong, set by set.

Runs the three scorers and joins what they print; fails where one of them fails. Sets that are
read otherwise on purpose are told of in the notes beside the scores. Run it by make score.
"""
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("TD_BUILDDIR", ".")
SCORERS = [
    ("reply-notes.txt", [os.path.join(BUILD, "tests", "score", "score-reply")]),
    ("mail-notes.txt", [sys.executable, os.path.join(HERE, "score-mail.py")]),
    ("time-notes.txt", [sys.executable, os.path.join(HERE, "score-time.py")]),
]
ROW = re.compile(r"(\S+) +(\d+) +(\d+) +(\d+) +(\d+)\b")


def main():
    rows, wrong = [], []
    for notes, command in SCORERS:
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if run.returncode == 77:
            print(run.stdout.strip())
            return 77
        if run.returncode != 0:
            wrong.append(f"{os.path.basename(command[-1])} failed:\n{run.stdout}")
        rows += [match.groups() + (notes,) for match in map(ROW.match, run.stdout.splitlines())
                 if match]
    print(f"{'set':14} {'cases':>6} {'right':>6} {'wrong':>6} {'floor':>6} {'per cent':>9}  "
          "judged in")
    for name, cases, right, bad, floor, notes in rows:
        share = 100.0 * int(right) / max(int(cases), 1)
        print(f"{name:14} {cases:>6} {right:>6} {bad:>6} {floor:>6} {share:9.1f}  {notes}")
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
