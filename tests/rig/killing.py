# SPDX-License-Identifier: ISC
"""Stops and kills the processes of tidingsd at chosen points (tests/rig/kill-point.c).

    kills = Points(folder)
    stage.start(env=kills.env())             # the library is loaded into every process
    kills.arm("commit", after=False, role="parent", count=1)
    pid = kills.wait(5)                      # who stands there now, or None
    kills.kill(victims)                      # kill -9, and whoever waits goes on
"""
import contextlib
import ctypes
import mmap
import os
import signal
import struct
import subprocess
import time

from rig import servers

# In the order of kill-point.c: a place, and the roles that pass it.
PLACES = (("commit", ("parent",)), ("sync", ("parent",)), ("flag", ("fetch",)),
          ("move", ("fetch",)), ("fetch", ("fetch",)), ("read", ("parse",)), ("send", ("send",)),
          ("frame", ("parent", "fetch", "parse", "send")))
NAMES = [name for name, _ in PLACES]
ROLES = {"any": 0, "parent": 1, "fetch": 2, "parse": 3, "send": 4}


def build(folder):
    """Compiles the library into the folder; gives its path."""
    cc = servers.need("gcc", "gcc")
    path = os.path.join(folder, "kill-point.so")
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "kill-point.c")
    subprocess.run([cc, "-std=gnu11", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-o", path,
                    source], check=True, timeout=60)
    return path


class Points:
    def __init__(self, folder):
        self.library = build(folder)
        self.path = os.path.join(folder, "kill-points")
        with open(self.path, "wb") as f:
            f.write(bytes(4096))
        os.chmod(self.path, 0o666)
        with open(self.path, "r+b") as f:
            self.page = mmap.mmap(f.fileno(), 4096)

    def env(self):
        """For the daemon: a sanitizer's runtime does not want to be second."""
        asan = os.environ.get("ASAN_OPTIONS", "")
        return dict(os.environ, LD_PRELOAD=self.library, TD_KILL_FILE=self.path,
                    ASAN_OPTIONS=f"{asan}:verify_asan_link_order=0".lstrip(":"))

    def _set(self, offset, value):
        ctypes.c_uint32.from_buffer(self.page, offset).value = value & 0xffffffff

    def _get(self, offset):
        return struct.unpack_from("I", self.page, offset)[0]

    def arm(self, place, after, role, count):
        self._set(0, 0)
        self._set(12, 0)
        self._set(4, ROLES[role])
        self._set(8, count)
        self._set(0, 1 + 2 * NAMES.index(place) + int(after))

    def disarm(self):
        """Lets go whoever waits at a point."""
        self._set(0, 0)
        self._set(12, 0)

    def waiting(self):
        """The pid of who stands at the armed point, 0 if nobody does."""
        return self._get(12)

    def passed(self):
        """{"commit before": n, ...}"""
        return {f"{name} {when}": self._get(16 + 4 * (2 * i + k))
                for i, name in enumerate(NAMES) for k, when in enumerate(("before", "after"))}


def processes(pid):
    """{"parent": [pid], "fetch": [...], "parse": [...], "send": [...]} of a running daemon."""
    found = {"parent": [pid], "fetch": [], "parse": [], "send": []}
    with contextlib.suppress(OSError):
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            for child in f.read().split():
                with contextlib.suppress(OSError, KeyError), \
                        open(f"/proc/{child}/comm", encoding="ascii") as comm:
                    found[comm.read().strip().removeprefix("tidings-")].append(int(child))
    return found


def kill(pids):
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def wait_until(done, seconds, step=0.002):
    """True when it came true in time."""
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True
