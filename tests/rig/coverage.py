#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""coverage.py BUILD SOURCE: what was run of the daemon's and the parsers' lines and branches, by
folder, from what a build with --enable-gcov left in BUILD; by plain gcov. The lines of each file
that were never run stand in BUILD/coverage.txt.
"""
import collections
import glob
import gzip
import json
import os
import subprocess
import sys
import tempfile

FOLDERS = ("daemon/", "parsers/")


def read(build, source):
    """{file: {line: [times, branches, branches taken]}} over all objects."""
    found = collections.defaultdict(dict)
    notes = [p for folder in FOLDERS
             for p in glob.glob(os.path.join(build, folder, "**", "*.gcda"), recursive=True)]
    if not notes:
        sys.exit("coverage: nothing was run, or this is no build with --enable-gcov")
    with tempfile.TemporaryDirectory() as work:
        for note in notes:
            subprocess.run(["gcov", "--json-format", "--branch-probabilities", note], cwd=work,
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for name in glob.glob(os.path.join(work, "*.gcov.json.gz")):
            with gzip.open(name) as f:
                data = json.load(f)
            for one in data["files"]:
                path = os.path.join(data["current_working_directory"], one["file"])
                path = os.path.relpath(os.path.realpath(path), os.path.realpath(source))
                if path.startswith(FOLDERS):
                    add(found[path], one["lines"])
    return found


def add(lines, more):
    for line in more:
        row = lines.setdefault(line["line_number"], [0, 0, 0])
        row[0] += line["count"]
        row[1] = max(row[1], len(line["branches"]))
        row[2] = max(row[2], sum(b["count"] > 0 for b in line["branches"]))


def share(part, whole):
    return f"{part:6d} of {whole:6d}  {100 * part / whole if whole else 100:5.1f} %"


def main():
    build, source = (os.path.abspath(p) for p in sys.argv[1:3])
    found = read(build, source)
    sums = collections.defaultdict(lambda: [0, 0, 0, 0])
    with open(os.path.join(build, "coverage.txt"), "w", encoding="ascii") as out:
        for path in sorted(found):
            rows = found[path]
            missed = [n for n in sorted(rows) if rows[n][0] == 0]
            print(f"{path}: {share(len(rows) - len(missed), len(rows))}; never run:",
                  " ".join(map(str, missed)) or "none", file=out)
            for key in (os.path.dirname(path), "all"):
                sums[key][0] += len(rows) - len(missed)
                sums[key][1] += len(rows)
                sums[key][2] += sum(r[2] for r in rows.values())
                sums[key][3] += sum(r[1] for r in rows.values())
    print(f"{'':20}{'lines':>24}   {'branches':>22}")
    for key in sorted(sums, key=lambda k: (k == "all", k)):
        a, b, c, d = sums[key]
        print(f"{key:20}{share(a, b)}   {share(c, d)}")


if __name__ == "__main__":
    main()
