# SPDX-License-Identifier: ISC
"""Mailboxes that wait for mail in a real Dovecot: what a thousand of them cost, and how soon a mail
is committed once the server tells of it. Part of bench.py."""
import os
import re
import select
import socket
import statistics
import tempfile
import threading
import time

from rig import servers, stage as stages

TEAM = {**stages.PLATFORM, "people": stages.PLATFORM["people"][:1]}
LIMITS = """
default_process_limit = 4000
default_client_limit = 20000
mail_max_userip_connections = 20000
service imap {
  process_limit = 4000
}
service anvil {
  client_limit = 20000
}
"""
WATCHED = 30  # seconds


def descendants(pid):
    """The process and all below it."""
    found = [pid]
    for one in found:
        try:
            with open(f"/proc/{one}/task/{one}/children") as f:
                found += [int(p) for p in f.read().split()]
        except OSError:
            pass
    return found


def pss(pid):
    """KiB."""
    try:
        with open(f"/proc/{pid}/smaps_rollup") as f:
            return int(re.search(r"^Pss:\s+(\d+)", f.read(), re.M).group(1))
    except (OSError, AttributeError):
        return 0


def cpu(pid):
    """Seconds that the process and its children took so far."""
    ticks = 0
    for one in descendants(pid):
        with open(f"/proc/{one}/stat") as f:
            fields = f.read().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def log_as_usual(stage):
    """Tests log at debug; what is measured logs as a daemon does that was not told."""
    with open(stage.conf) as f:
        text = f.read()
    with open(stage.conf, "w") as f:
        f.write(text.replace('level = "debug"', 'level = "info"'))


class Waiting:
    """A daemon with so many mailboxes, all of which wait."""

    def __init__(self, folder, count, tls, recheck):
        self.count, self.tls, self.recheck = count, tls, recheck
        self.users = [f"box{i}@example.org" for i in range(count)]
        self.stage = stages.Stage(folder, TEAM, tls="implicit" if tls else "none", after="leave")
        self.stage.rig = servers.Servers(os.path.join(folder, "mail"), [TEAM["address"],
                                         *self.stage.people, *self.users], extra=LIMITS)

    def __enter__(self):
        self.stage.__enter__()
        with open(self.stage.conf) as f:
            text = f.read()
        box = re.search(r"mailboxes: \(\s*(\{.*?\})\s*\);", text, re.S).group(1)
        boxes = [box.replace('name = "main"', f'name = "b{i}"')
                 .replace(f'user = "{TEAM["address"]}"', f'user = "{user}"')
                 .replace("poll = ", f"recheck = {self.recheck}; poll = ")
                 for i, user in enumerate(self.users)]
        with open(self.stage.conf, "w") as f:
            f.write(text.replace(box, ",\n".join([box, *boxes])).replace("debug", "warn"))
        self.stage.start(test_clock=False)
        servers.wait_for("all to wait", self.all_wait, 300)
        return self

    def __exit__(self, *exc):
        self.stage.__exit__(*exc)

    def all_wait(self):
        boxes = self.stage.json("status")["mailboxes"]
        time.sleep(0.2)
        return all(box["waits"] == "idle" for box in boxes)

    def memory(self):
        return sum(pss(pid) for pid in descendants(self.stage.daemon.pid))

    def load(self):
        begin = cpu(self.stage.daemon.pid)
        time.sleep(WATCHED)
        return (cpu(self.stage.daemon.pid) - begin) / WATCHED * 100


def watch(count, tls, recheck):
    """KiB of all processes, and percent of a core."""
    with tempfile.TemporaryDirectory(prefix="ti") as folder, \
            Waiting(folder, count, tls, recheck) as waiting:
        return waiting.memory(), waiting.load()


def bench_waiting(count):
    for tls in (False, True):
        few, _ = watch(1, tls, 1680)
        many, still = watch(count, tls, 1680)
        _, looks = watch(count, tls, WATCHED)
        each = (many - few) / (count - 1)
        recheck = max(300, count)  # what the daemon does where it is not told
        usual = still + (looks - still) * WATCHED / recheck
        print(f"idle {'TLS  ' if tls else 'plain'}: {count} mailboxes, {each:.1f} KB each (PSS of "
              f"all processes); {still:.2f} % of a core while nothing comes, {looks:.2f} % with a "
              f"look at each every {WATCHED} s, which makes {usual:.2f} % with one every "
              f"{recheck} s", flush=True)


class Tap(threading.Thread):
    """Between daemon and Dovecot: notes when word of new mail passes, and when the mail's
    acknowledgement does, which is sent after the commit."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.to, self.told, self.took = port, None, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.relay, args=(client,), daemon=True).start()

    def relay(self, client):
        server = socket.create_connection(("127.0.0.1", self.to))
        for sock in (client, server):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            for sock in select.select([client, server], [], [])[0]:
                data = sock.recv(65536)
                if not data:
                    client.close()
                    server.close()
                    return
                if sock is server and b" EXISTS" in data and self.told is None:
                    self.told = time.monotonic()
                if sock is client and b"UID STORE" in data and self.told is not None:
                    self.took.append((time.monotonic() - self.told) * 1000)
                    self.told = None
                (client if sock is server else server).sendall(data)


def mail(number):
    return (f"From: Ana Lima <ana@example.org>\r\nTo: platform@example.org\r\n"
            f"Subject: task: number {number}\r\nMessage-ID: <b{number}@example.org>\r\n\r\n"
            f"Some words of {number}.\r\n").encode()


def bench_latency(count):
    with tempfile.TemporaryDirectory(prefix="ti") as folder, \
            stages.Stage(folder, TEAM, tls="none", poll=600) as stage:
        tap = Tap(stage.rig.dovecot.port)
        tap.start()
        with open(stage.conf) as f:
            text = f.read()
        with open(stage.conf, "w") as f:
            f.write(text.replace(f"port = {tap.to};", f"port = {tap.port};"))
        log_as_usual(stage)
        stage.start(test_clock=False)
        servers.wait_for("the mailbox to wait", lambda: stage.json("status")["mailboxes"][0][
            "waits"] == "idle", 20)
        time.sleep(1)
        tap.told, tap.took = None, []
        for number in range(count):
            stage.rig.dovecot.deliver(TEAM["address"], mail(number), "ana@example.org")
            servers.wait_for("the mail", lambda n=number: len(tap.took) > n, 20)
        took = sorted(tap.took)
        print(f"new mail: from the server's word to the acknowledgement after the commit p50 "
              f"{statistics.median(took):.1f} ms, p99 {took[len(took) * 99 // 100]:.1f} ms "
              f"({len(took)} mails, one at a time, plain)", flush=True)
        tap.listener.close()
