# SPDX-License-Identifier: ISC
"""Drives tests/hostile/fetch-probe: the real fetch worker, with a test as its parent.

    with Probe([mailbox(port=..., tls="none")]) as probe:
        probe.wait("SCANNED")
        probe.events            # [("READY",), ("OPENED", "main", "7", "3"), ...]
    probe.status, probe.peak_kb
"""
import os
import subprocess
import threading
import time

BUILD = os.environ.get("TD_BUILDDIR", os.path.join(os.path.dirname(__file__), "..", "..", "build"))
# libetpan leaks the greeting when it is a BYE: some 60 bytes for each try
SUPPRESS = "print_suppressions=0:suppressions=" + os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "lsan.supp")
PROGRAM = os.path.join(BUILD, "tests", "hostile", "fetch-probe")


def mailbox(**keys):
    """A mailbox for the command line; allow_plain=1 becomes allow-plain=1."""
    keys.setdefault("host", "127.0.0.1")
    return ",".join(f"{key.replace('_', '-')}={value}" for key, value in keys.items())


class Probe:
    def __init__(self, mailboxes, *options, seconds=60):
        self.events, self.log, self.status, self.peak_kb = [], "", None, 0
        self._changed = threading.Condition()
        self._ended = False
        self._process = subprocess.Popen(
            [PROGRAM, "--seconds", str(seconds), *options, *mailboxes], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
            errors="replace", env={**os.environ, "LSAN_OPTIONS": SUPPRESS})
        self._threads = [threading.Thread(target=self._read, daemon=True),
                         threading.Thread(target=self._read_log, daemon=True)]
        for thread in self._threads:
            thread.start()

    def _read(self):
        for line in self._process.stdout:
            kind = line.split(" ", 1)[0].strip()
            fields = line.rstrip("\n").split(" ", 3 if kind in ("TROUBLE", "TOKEN") else -1)
            with self._changed:
                self.events.append(tuple(fields))
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _read_log(self):
        self.log = self._process.stderr.read()

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.stop()

    def worker(self):
        """The process of the worker itself."""
        with open(f"/proc/{self._process.pid}/task/{self._process.pid}/children") as f:
            return int(f.read().split()[0])

    def send(self, command):
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def of(self, kind, name=None):
        """All events of this kind so far (of this mailbox)."""
        return [e for e in list(self.events)
                if e[0] == kind and (name is None or e[1] == name)]

    def acked(self, name=None):
        """The UIDs that were acknowledged so far, however they were gathered into frames."""
        return [uid for event in self.of("ACKED", name) for uid in event[2:]]

    def have(self, kind, name=None):
        """How many events of this kind there are; of acknowledgements, how many UIDs."""
        return len(self.acked(name)) if kind == "ACKED" else len(self.of(kind, name))

    def wait(self, kind, name=None, count=1, seconds=30):
        """Waits until there are so many of this kind; gives the last event."""
        end = time.monotonic() + seconds
        with self._changed:
            while self.have(kind, name) < count:
                left = end - time.monotonic()
                if left <= 0 or self._ended:
                    self._threads[1].join(2 if self._ended else 0)
                    raise AssertionError(f"no {kind} of {name or 'any'} within {seconds} s; "
                                         f"there were {self.events[-8:]} {self.log[-2000:]}")
                self._changed.wait(left)
        return self.of(kind, name)[-1 if kind == "ACKED" else count - 1]

    def stop(self):
        """Ends the worker in its orderly way and takes its status."""
        if self.status is not None:
            return
        if self._process.poll() is None:
            try:
                self.send("stop")
            except OSError:
                pass
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join(5)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            try:
                pipe.close()
            except OSError:
                pass
        ends = self.of("EXIT")
        self.status = int(ends[-1][1]) if ends else -1
        self.peak_kb = int(ends[-1][2]) if ends else 0
