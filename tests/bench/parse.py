#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""parse.py PROGRAM [MAILS] [ROUNDS]: CPU time and memory of reading mail against bare GMime.

Both read the same files in turn (gen_corpus.py of ../shared/bench beside the source tree makes
them; without it the part is left out). Prints the median of the rounds, and judges nothing.
"""
import os
import statistics
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MAKE_CORPUS = os.path.join(TOP, "..", "shared", "bench", "gen_corpus.py")


def measure(program, side, folder):
    """(mails, seconds of CPU, KiB)"""
    out = subprocess.run([program, side, folder], capture_output=True, text=True, check=True)
    mails, seconds, memory = out.stdout.split()
    return int(mails), float(seconds), int(memory)


def main():
    program = sys.argv[1]
    mails = int(sys.argv[2]) if len(sys.argv) > 2 else 10000
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    if not os.path.exists(MAKE_CORPUS):
        print("parse: left out, ../shared/bench is not there")
        return
    with tempfile.TemporaryDirectory(prefix="tb") as folder:
        subprocess.run([sys.executable, MAKE_CORPUS, folder, str(mails), "1"], check=True,
                       stdout=subprocess.DEVNULL)
        folder = max((os.path.join(folder, d) for d in ("cur", "new")),
                     key=lambda d: len(os.listdir(d)))
        measure(program, "gmime", folder)  # the files are in memory from here on
        pairs = [(measure(program, "gmime", folder), measure(program, "reading", folder))
                 for _ in range(rounds)]
    for side, name in enumerate(("bare GMime", "reading, packed")):
        seconds = statistics.median(pair[side][1] for pair in pairs)
        count, memory = pairs[0][side][0], max(pair[side][2] for pair in pairs)
        print(f"parse: {name:16} {count} mails, {seconds:.2f} s of CPU, "
              f"{count / seconds:6.0f} mails/s, {memory / 1024:.1f} MB at the peak")
    ratio = statistics.median(ours[1] / bare[1] for bare, ours in pairs)
    print(f"parse: {ratio:.2f} times the CPU time of bare GMime (median of {rounds})")


if __name__ == "__main__":
    main()
