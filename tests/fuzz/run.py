#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""run.py --build DIR [--seconds N] [--jobs N] [--results FILE] [TARGET...]

Runs each libFuzzer target of a build (configure CC=clang --enable-fuzzer --enable-sanitizers;
make fuzzers) for N seconds, on a copy of its seeds and, where it is there, of ../shared/corpora.
A line a target: PASS, or FAIL with what was found; the input is kept in DIR/fuzz-found. Fails if
one did, or if there is no target.
"""
import argparse
import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

FUZZ = os.path.dirname(os.path.abspath(__file__))
CORPORA = os.path.join(FUZZ, "..", "..", "..", "shared", "corpora")
# More seeds from outside, by target.
MORE = {
    "mail": ["nocrash/eml-mail", "human", "mime"],
    "calendar": ["nocrash/ics-icalendar", "nocrash/ics-libical", "nocrash/ics-ical4j"],
    "bounce": ["bounces"],
    "header": ["human"],
}
LONGEST = 16384  # bytes of an input
SLOW = 20        # seconds that one input may take, sanitizers and a busy machine counted in
MEMORY = 2048    # MiB


def copy_seeds(name, folder):
    sources = [os.path.join(FUZZ, "seeds", name)]
    sources += [os.path.join(CORPORA, more) for more in MORE.get(name, [])]
    for i, source in enumerate(sources):
        for seed in glob.glob(os.path.join(source, "**"), recursive=True):
            if os.path.isfile(seed) and os.path.getsize(seed) <= LONGEST:
                shutil.copy(seed, os.path.join(folder, f"{i}-{os.path.basename(seed)}"))


def command_of(program, name, seconds, found, folder):
    command = [program, f"-max_total_time={seconds}", f"-timeout={SLOW}",
               f"-rss_limit_mb={MEMORY}", f"-max_len={LONGEST}", "-print_final_stats=1",
               f"-artifact_prefix={found}/{name}-"]
    words = os.path.join(FUZZ, "dict", name + ".dict")
    return command + [f"-dict={words}"] * os.path.exists(words) + [folder]


def run_one(program, seconds, found):
    """(name, ok, what to say)"""
    name = os.path.basename(program)[len("fuzz-"):]
    with tempfile.TemporaryDirectory() as folder:
        copy_seeds(name, folder)
        try:
            run = subprocess.run(command_of(program, name, seconds, found, folder),
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                 timeout=seconds + 300)
        except subprocess.TimeoutExpired:
            return name, False, "did not end"
    text = run.stderr.decode("utf-8", "replace")
    if run.returncode == 0:
        count = re.search(r"number_of_executed_units: (\d+)", text)
        return name, True, f"{count.group(1) if count else '?'} inputs in {seconds} s"
    log = os.path.join(found, name + ".out")
    with open(log, "w", encoding="utf-8") as out:
        out.write(text)
    why = re.search(r"^(?:==\d+==)? ?(?:ERROR|SUMMARY): (.*)|runtime error: (.*)", text, re.M)
    return name, False, f"{why.group(0).strip() if why else 'ended badly'}; see {log}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--results")
    parser.add_argument("targets", nargs="*")
    args = parser.parse_args()
    programs = [p for p in sorted(glob.glob(os.path.join(args.build, "tests/fuzz/fuzz-*")))
                if os.access(p, os.X_OK) and "." not in os.path.basename(p)
                and (not args.targets or os.path.basename(p)[len("fuzz-"):] in args.targets)]
    found = os.path.join(os.path.abspath(args.build), "fuzz-found")
    os.makedirs(found, exist_ok=True)
    bad = not programs
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        runs = [pool.submit(run_one, p, args.seconds, found) for p in programs]
        for run in concurrent.futures.as_completed(runs):
            name, ok, text = run.result()
            line = f"{'PASS' if ok else 'FAIL'} fuzz-{name}: {text}"
            print(line, flush=True)
            if args.results:
                with open(args.results, "a", encoding="utf-8") as out:
                    out.write(line + "\n")
            bad |= not ok
    if not programs:
        print(f"no fuzz target in {args.build}", file=sys.stderr)
    return bad


if __name__ == "__main__":
    sys.exit(main())
