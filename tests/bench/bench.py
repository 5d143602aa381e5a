#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""bench.py [--mails N] [--rounds N] [--items N] [--idle N] [--news N]: how fast, as ratios to a
yardstick in the same run.

Prints, and judges nothing:
- mails a second from a full mailbox to committed rows, through the real daemon, plain and TLS,
  against a raw IMAP drain of the same mails from the same Dovecot (drain.c and gen_corpus.py of
  the folder ../shared/bench beside the source tree; without it the part is left out);
- the same into a store with N items, against an empty one;
- the same for mbsync and fetchmail where they are installed;
- memory of all processes at their peak, as the sum of their proportional set sizes;
- what N mailboxes cost that wait for mail, and how soon a mail is committed (idle.py); 0 leaves
  a part out.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, TESTS)
sys.path.insert(0, os.path.join(TESTS, "bench"))
import peers  # noqa: E402
from idle import bench_latency, bench_waiting, descendants, log_as_usual, pss  # noqa: E402
from rig import servers, stage as stages  # noqa: E402

YARDSTICK = os.path.join(os.path.dirname(os.path.dirname(TESTS)), "shared", "bench")
TEAM = {
    "name": "perf", "title": "Perf", "address": "tasks@perf.test", "zone": "Europe/Berlin",
    "domains": ["perf.test"],
    "people": [(f"user{i}@perf.test", f"User {i}", "Europe/Berlin", "member") for i in range(40)],
}


class Peak(threading.Thread):
    """Watches the memory of a process and its children, in KiB."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.done = pid, 0, threading.Event()

    def run(self):
        while not self.done.wait(0.05):
            self.peak = max(self.peak, sum(pss(p) for p in descendants(self.pid)))


def fill(stage, corpus, count):
    """The team's mailbox, with the corpus as its mails and nothing known of it to Dovecot."""
    box = os.path.join(stage.rig.dovecot.root, "mail", stage.team["address"])
    shutil.rmtree(box, ignore_errors=True)
    subprocess.run(["cp", "-rl", corpus, box], check=True)
    if os.getuid() == 0:
        subprocess.run(["chown", "-R", "mail:mail", box], check=True)


def drain(stage, program, tls):
    """Mails a second of the raw drain."""
    dovecot = stage.rig.dovecot
    port = dovecot.tls_port if tls else dovecot.port
    args = [program, "127.0.0.1", str(port), f'{stage.team["address"]}', "bulk"]
    args += ["tls"] if tls else []
    out = subprocess.run(args, capture_output=True, text=True, timeout=300, check=True).stdout
    return float(re.search(r"msg/s=(\d+)", out).group(1))


def take_in(corpus, count, tls, store=None):
    """One round: raw drain and daemon on the same fresh mailbox; (raw, ours, peak KiB). With
    store: a file that the daemon's store begins as."""
    with tempfile.TemporaryDirectory(prefix="tb") as folder:
        stage = stages.Stage(folder, TEAM, tls="implicit" if tls else "none", after="leave")
        with stage:
            fill(stage, corpus, count)
            log_as_usual(stage)
            if store:
                shutil.copyfile(store, stage.store)
                os.sync()
            raw = drain(stage, take_in.program, tls)
            begin = time.monotonic()
            stage.start(test_clock=False)
            peak = Peak(stage.daemon.pid)
            peak.start()
            servers.wait_for("all mails to be read", lambda: stage.query(
                "SELECT coalesce(max(watermark), 0) FROM mailbox")[0][0] >= count, 600)
            seconds = time.monotonic() - begin
            peak.done.set()
            peak.join()
            stage.stop()
            return raw, count / seconds, peak.peak


def bench_peers(corpus, count, tls):
    """Other programs on a fresh mailbox each, beside the raw drain of the same minute."""
    kind = "TLS" if tls else "plain"
    runs = (("mbsync, FSync no", lambda s, f: peers.mbsync(s, f, count, tls, False)),
            ("mbsync, FSync yes", lambda s, f: peers.mbsync(s, f, count, tls, True)),
            ("fetchmail", lambda s, f: peers.fetchmail(s, f, count, tls)))
    for name, run in runs:
        with tempfile.TemporaryDirectory(prefix="tb") as folder, \
                stages.Stage(folder, TEAM, tls="implicit" if tls else "none") as stage:
            fill(stage, corpus, count)
            raw = drain(stage, take_in.program, tls)
            place = os.path.join(folder, "peer")
            os.makedirs(place)
            rate = run(stage, place)
            what = (f"{rate:.0f} mails/s, {rate / raw:.3f} of the raw drain" if rate
                    else "left out, not installed or failed")
            print(f"{name:18} {kind:5}: {what}", flush=True)


def full_store(work, items):
    """A store of the team with so many items, as a file."""
    path = os.path.join(work, "full.db")
    with tempfile.TemporaryDirectory(prefix="tb") as folder, \
            stages.Stage(folder, TEAM, after="leave") as stage:
        subprocess.run([os.path.join(stage.build, "tests", "bench", "bench-intake"), "--fill",
                        str(items), stage.store], check=True)
        shutil.move(stage.store, path)
    return path


def bench_full(corpus, count, rounds, items):
    """The same mails into an empty store and into a full one, turn by turn."""
    store = full_store(os.path.dirname(corpus), items)
    rates = [(take_in(corpus, count, False)[1], take_in(corpus, count, False, store)[1])
             for _ in range(rounds)]
    empty, full = (statistics.median(rate) for rate in zip(*rates))
    ratio = statistics.median(full / empty for empty, full in rates)
    print(f"intake with {items} items in the store: {full:.0f} mails/s, {ratio:.3f} of the "
          f"{empty:.0f} into an empty one (median of {rounds})", flush=True)


def bench_intake(mails, rounds, items):
    if not os.path.exists(os.path.join(YARDSTICK, "drain.c")):
        print(f"intake: left out, {YARDSTICK} is not there")
        return
    with tempfile.TemporaryDirectory(prefix="tb") as work:
        take_in.program = os.path.join(work, "drain")
        with open(os.path.join(YARDSTICK, "drain.c")) as f:
            source = f.read().replace(" pw\\r\\n", f' \\"{servers.PASSWORD}\\"\\r\\n')
        with open(os.path.join(work, "drain.c"), "w") as f:
            f.write(source)
        subprocess.run(["cc", "-O2", "-w", "-o", take_in.program, os.path.join(work, "drain.c"),
                        "-lssl", "-lcrypto"], check=True)
        corpus = os.path.join(work, "corpus")
        subprocess.run([sys.executable, os.path.join(YARDSTICK, "gen_corpus.py"), corpus,
                        str(mails), "1"], check=True, stdout=subprocess.DEVNULL)
        for tls in (False, True):
            results = []
            for n in range(rounds):
                results.append(take_in(corpus, mails, tls))
                raw, ours, peak = results[-1]
                print(f"  round {n + 1}: raw {raw:8.0f}/s  tidings {ours:8.0f}/s  "
                      f"ratio {ours / raw:.3f}  peak {peak / 1024:.1f} MB", flush=True)
            ratio = statistics.median(ours / raw for raw, ours, _ in results)
            rate = statistics.median(ours for _, ours, _ in results)
            peak = max(peak for _, _, peak in results)
            print(f"intake {'TLS  ' if tls else 'plain'}: {rate:.0f} mails/s, {ratio:.3f} of the "
                  f"raw drain (median of {rounds}); all processes {peak / 1024:.1f} MB at the peak")
            bench_peers(corpus, mails, tls)
        if items > 0:
            bench_full(corpus, mails, rounds, items)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mails", type=int, default=10000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--idle", type=int, default=1000)
    parser.add_argument("--news", type=int, default=200)
    parser.add_argument("--items", type=int, default=1000000)
    args = parser.parse_args()
    parts = [("intake", args.mails, lambda: bench_intake(args.mails, args.rounds,
                                                        args.items)),
             ("new mail", args.news, lambda: bench_latency(args.news)),
             ("idle", args.idle, lambda: bench_waiting(args.idle))]
    for name, wanted, part in parts:
        try:
            if wanted > 0:
                part()
        except servers.Missing as missing:
            print(f"{name}: left out, {missing}")


if __name__ == "__main__":
    main()
