# SPDX-License-Identifier: ISC
"""The daemon against Cyrus and Courier: mail that lies there and mail that comes, flags, moves,
folders with names beyond ASCII, a restart of the server; each mail has its effect once."""
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import servers, stage, unpacked  # noqa: E402
from rig.servers import wait_for  # noqa: E402

TEAM, ANA = "platform@example.org", "ana@example.org"


def mail(title):
    return (f"From: Ana Lima <{ANA}>\r\nTo: {TEAM}\r\nSubject: task: {title}\r\n"
            f"Message-ID: <{title.replace(' ', '-')}@example.org>\r\n"
            "Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\nPlease.\r\n").encode()


class Other:
    """The tests; the classes below name the server."""
    kind = None
    folder, utf7 = "B\u00fcro", "B&APw-ro"

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="td")
        self.addCleanup(folder.cleanup)
        self.root = folder.name
        try:
            self.build = stage.find_build()
            self.server = self.kind(os.path.join(folder.name, "server"))
            self.server.start()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.addCleanup(self.server.stop)
        self.daemon = None
        self.addCleanup(self.stop)
        conn = self.server.imap()
        conn.create(self.server.prefix + self.utf7)
        conn.logout()
        self.write_conf()

    def write_conf(self):
        secret = os.path.join(self.root, "secret")
        with open(secret, "w", encoding="ascii") as f:
            os.fchmod(f.fileno(), 0o600)
            f.write(servers.PASSWORD + "\n")
        common = (f'host = "localhost"; port = {self.server.port}; tls = "none"; '
                  f'user = "{unpacked.USER}"; password_file = "{secret}"; poll = 2;')
        self.conf = os.path.join(self.root, "tidings.conf")
        with open(self.conf, "w", encoding="utf-8") as f:
            f.write(f"""store: {{ path = "{self.root}/t.db"; reserve_mb = 1; }};
mailboxes: (
	{{ name = "main"; {common} after = "flag"; }},
	{{ name = "buero"; {common} folder = "{self.server.prefix}{self.folder}"; after = "move";
	   move_to = "{self.server.prefix}Erledigt \u00e4"; }}
);
trust: {{ mode = "envelope"; }};
run_dir = "{self.root}/run";
""")

    def start(self):
        with open(os.path.join(self.root, "log"), "ab") as log:
            self.daemon = subprocess.Popen([os.path.join(self.build, "tidingsd"), "-f", "-c",
                                            self.conf], stdin=subprocess.DEVNULL, stdout=log,
                                           stderr=log)
        wait_for("the store", lambda: os.path.exists(os.path.join(self.root, "run", "control")), 20)

    def stop(self):
        if self.daemon is not None:
            self.daemon.send_signal(signal.SIGTERM)
            self.daemon.wait(20)
            self.daemon = None

    def ask(self, sql):
        db = sqlite3.connect(os.path.join(self.root, "t.db"), timeout=20)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def people(self):
        db = sqlite3.connect(os.path.join(self.root, "t.db"), timeout=20)
        db.executescript(f"""
            INSERT INTO person (id, name, handle, zone, created_at, ack)
                VALUES (1, 'Ana Lima', 'ana', 'Europe/Lisbon', 1, 'errors');
            INSERT INTO address (address, person_id) VALUES ('{ANA}', 1);
            INSERT INTO membership (team_id, person_id, role, since) VALUES (1, 1, 'member', 1);
            """)
        db.close()

    def wait_applied(self, count):
        def is_done():
            return self.ask("SELECT count(*) FROM item")[0][0] >= count and \
                self.ask("SELECT count(*) FROM seen WHERE state <> 'acked'") == [(0,)]
        try:
            wait_for(f"{count} mails", is_done, 40)
        except RuntimeError as late:
            with open(os.path.join(self.root, "log"), errors="replace") as f:
                self.fail(f"{late}\n{f.read()[-3000:]}\n{self.server.said()[-1000:]}")

    def count(self, folder, *criteria):
        conn = self.server.imap()
        try:
            if conn.select(f'"{folder}"')[0] != "OK":
                return None
            return len(conn.uid("SEARCH", *criteria)[1][0].split())
        finally:
            conn.logout()

    def test_mail(self):
        stage.make_store(self.build, self.conf)
        self.people()
        buero = self.server.prefix + self.utf7
        done = self.server.prefix + "Erledigt &AOQ-"
        for n in range(20):
            self.server.append("INBOX", mail(f"Main {n}"))
            self.server.append(buero, mail(f"Buero {n}"))
        self.start()
        self.wait_applied(40)
        self.server.append("INBOX", mail("Main later"))
        self.server.append(buero, mail("Buero later"))
        self.wait_applied(42)
        self.server.stop()
        self.server.start()
        self.server.append("INBOX", mail("Main after all"))
        self.wait_applied(43)
        marked = self.count("INBOX", "KEYWORD", "$tidings") or self.count("INBOX", "SEEN")
        self.assertEqual(marked, 22)
        self.assertEqual((self.count(buero, "ALL"), self.count(done, "ALL")), (0, 21))
        self.stop()
        self.start()
        self.server.append("INBOX", mail("Last"))
        self.wait_applied(44)
        titles = self.ask("SELECT title, count(*) FROM item GROUP BY title HAVING count(*) > 1")
        self.assertEqual((titles, self.ask("SELECT count(*) FROM item")), ([], [(44,)]))
        self.assertEqual(self.ask("SELECT count(*) FROM quarantine"), [(0,)])


class Cyrus(Other, unittest.TestCase):
    kind = unpacked.Cyrus


class Courier(Other, unittest.TestCase):
    kind = unpacked.Courier


if __name__ == "__main__":
    unittest.main()
