#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The tool `tidings` where no server is needed: the store, init, people, JSON, a daemon's answers.

Runs under `make check`; each test has a folder, a configuration and a store of its own.
"""
import json
import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig.tool import TOOL, Base  # noqa: E402

TOP = os.environ.get("TD_SRCDIR", ".")


class Store(Base):
    def test_init(self):
        self.init()
        mode = stat.S_IMODE(os.stat(self.conf).st_mode)
        self.assertEqual(mode, 0o600)
        with open(self.conf) as f:
            before = f.read()
        self.assertNotIn("correct horse", before)
        self.assertIn("platform@example.org", before)
        self.init(code=1)
        self.assertIn("--force", self.err)
        with open(self.conf) as f:
            self.assertEqual(f.read(), before)
        self.init("--force", "--authserv-id", "mx.example.org")
        with open(self.conf) as f:
            self.assertIn("mx.example.org", f.read())
        self.assertEqual([t["name"] for t in self.json("team", "list")], ["platform"])
        self.assertEqual([p["role"] for p in self.json("person", "list", "--team", "platform")],
                         ["lead"])
        self.assertEqual(os.listdir(self.path("etc")), ["t.conf"])

    def test_init_refuses(self):
        for more in (["--address", "no address"], ["--lead", "Platform@example.org"],
                     ["--zone", "Mars/Base"], ["--imap-port", "99999"], ["--trust", "blindly"],
                     ["--password-command", "x"], ["--imap-tls", "sometimes"]):
            with self.subTest(more=more):
                self.init(*more, code=2)
                self.assertFalse(os.path.exists(self.conf))

    def test_init_by_oauth(self):
        """For Google and Microsoft; the file is good, and the next step is told."""
        self.write("client", b"s3cret\n")
        os.chmod(os.path.join(self.folder, "client"), 0o600)
        for provider, name, more in (
                ("gmail", "google", ["--oauth-secret-file", "client"]),
                ("outlook", "microsoft", ["--oauth-tenant", "example.org"])):
            self.tool("init", "--yes", "--force", "--provider", provider, "--address",
                      "platform@example.org", "--lead", "ana@example.org", "--lead-name",
                      "Ana Lima", "--zone", "Europe/Berlin", "--store", "var/t.db", "--run-dir",
                      "run", "--oauth-client", "the-client", *more)
            self.assertIn("tidings oauth login main", self.out)
            with open(self.conf) as f:
                text = f.read()
            self.assertEqual(text.count(f'oauth = "{name}";'), 2)
            self.assertIn(f'provider = "{name}";', text)
            self.assertNotIn("password", text)
            self.tool("oauth", "list")
            self.assertEqual(self.out, "Nobody has logged in.\n")
            self.tool("oauth", "logout", "main", code=1)
        self.init("--force", "--oauth-client", "x", code=2)

    def test_init_quotes(self):
        """A value with quotes stays a value."""
        self.init("--user", 'a"; } ); x = "\\')
        self.assertEqual(len(self.json("team", "list")), 1)

    def test_check_without_servers(self):
        self.init()
        self.tool("check", code=1)
        lines = {line.split()[1]: line for line in self.out.splitlines()}
        self.assertTrue(lines["store"].startswith("ok"))
        self.assertTrue(lines["mailbox"].startswith("wrong"))
        self.assertTrue(lines["transport"].startswith("wrong"))
        self.assertIn("cannot be reached", lines["transport"])
        self.assertNotIn("correct horse", self.out + self.err)
        results = self.json("check", code=1)
        self.assertEqual([r["what"] for r in results if not r["ok"]],
                         ["mailbox main", "transport main"])
        os.chmod(self.path("pw"), 0o644)
        self.tool("check", code=1)
        self.assertIn("others may read", self.err)

    def test_no_store(self):
        self.tool("team", "list", code=1)
        self.assertIn("tidings init", self.err)
        self.init()
        shutil.rmtree(self.path("var"))
        for words in (["team", "list"], ["team", "add", "ops", "--address", "ops@example.org"]):
            self.tool(*words, code=1)
            self.assertIn("var\" cannot be used: No such file", self.err)

    def test_broken_configuration(self):
        self.init()
        with open(self.conf, "a") as f:
            f.write("stroe: {};\nrun_dir2 = 5;\n")
        done = subprocess.run([TOOL, "-c", self.conf, "team", "list"], capture_output=True,
                              env=self.env, check=False)
        self.assertEqual(done.returncode, 1)
        lines = done.stderr.decode().splitlines()
        self.assertEqual(len(lines), 2, lines)
        for line in lines:
            self.assertRegex(line, r"t\.conf:\d+: unknown key")

    def test_team(self):
        self.init()
        self.tool("team", "add", "Ops", "--address", "ops@example.org", "--zone", "UTC", "--core",
                  "mon-thu 14:00-17:00", "--title", "Operations")
        team = self.json("team", "show", "ops")
        self.assertEqual((team["title"], team["core_hours"], team["zone"]),
                         ("Operations", "mon-thu 14:00-17:00", "UTC"))
        self.tool("team", "set", "ops", "--core", "off", "--default", "task")
        team = self.json("team", "show", "ops@example.org")
        self.assertEqual((team["core_hours"], team["default_kind"]), (None, "task"))
        self.tool("team", "add", "ops", "--address", "other@example.org", code=1)
        self.tool("team", "add", "other", "--address", "ops@example.org", code=1)
        for more in (["--zone", "Mars/Base"], ["--core", "never"], ["--address", "x"],
                     ["--default", "odd"], ["--core", "mon 09:00-12:00, tue 10:00-12:00"]):
            self.tool("team", "set", "ops", *more, code=2)
        self.tool("team", "remove", "ops", "--yes")
        self.assertEqual([t["name"] for t in self.json("team", "list")], ["platform"])
        self.tool("team", "show", "ops", code=1)
        self.assertIn("PLATFORM".lower(), self.tool("team", "list"))

    def test_oncall(self):
        self.init()
        for name in ("ben", "chi", "dev"):
            self.tool("person", "add", f"{name}@example.org", name.title(), "--team", "platform",
                      "--role", "guest" if name == "dev" else "member")
        self.tool("person", "add", "eve@example.org", "Eve")
        for people in ("ben, eve", "dev", "nobody", "ben, dev"):
            with self.subTest(people=people):
                self.tool("team", "set", "platform", "--oncall", people, code=1)
        self.assertEqual(self.json("team", "show", "platform")["on_call"], [])
        self.tool("team", "set", "platform", "--oncall", "ben, chi@example.org", "--emergency",
                  "chi")
        team = self.json("team", "show", "platform")
        self.assertEqual((team["on_call"], team["emergency"], team["on_call_now"]),
                         (["ben", "chi"], ["chi"], "ben"))
        self.assertIn("On call now", self.tool("team", "show", "platform"))
        who = {p["person"]: p["on_call"] for p in self.json("who")}
        self.assertEqual([p for p, on in who.items() if on], ["ben"])
        log = self.json("log", "--limit", "2")
        self.assertEqual(log[1]["after"], {"on_call": ["ben", "chi"]})
        self.tool("team", "set", "platform", "--oncall", "off")
        team = self.json("team", "show", "platform")
        self.assertEqual((team["on_call"], team["emergency"]), ([], ["chi"]))
        self.assertNotIn("on_call_now", team)

    def ics(self, name, *events):
        path = self.path(name)
        text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n" + "".join(
            f"BEGIN:VEVENT\r\nUID:{n}@x\r\n{e}\r\nEND:VEVENT\r\n" for n, e in enumerate(events))
        with open(path, "w", encoding="utf-8", newline="") as out:
            out.write(text + "END:VCALENDAR\r\n")
        return path

    def days(self, region):
        with sqlite3.connect(self.path("var", "t.db")) as db:
            return dict(db.execute("SELECT day, name FROM holiday WHERE region = ? ORDER BY day",
                                   (region,)).fetchall())

    def test_holidays(self):
        """The regions that are shipped, and a calendar of one's own."""
        self.init()
        self.env["TIDINGS_HOLIDAYS"] = os.path.join(TOP, "contrib", "holidays")
        self.tool("team", "set", "platform", "--holidays", "xx", code=1)
        self.assertIn("there are: at, be, de", self.err)
        for region in sorted(os.listdir(self.env["TIDINGS_HOLIDAYS"])):
            if region.endswith(".ics"):
                with self.subTest(region=region):
                    self.tool("team", "set", "platform", "--holidays", region[:-4])
                    self.assertGreater(len(self.days(region[:-4])), 50)
        self.tool("team", "set", "platform", "--holidays", "de")
        days = self.days("de")
        for day, name in (("2027-03-26", "Karfreitag"), ("2027-05-06", "Christi Himmelfahrt"),
                          ("2028-10-03", "Tag der Deutschen Einheit"),
                          ("2030-06-10", "Pfingstmontag")):
            self.assertEqual(days[day], name)
        self.assertEqual(self.json("team", "show", "platform")["holidays"], "de")
        self.assertEqual(self.days("us")["2027-07-05"], "Independence Day (observed)")
        self.assertEqual(self.days("gb-eng")["2027-12-28"], "Boxing Day (substitute day)")
        self.assertEqual(self.days("pt")["2027-05-27"], "Corpo de Deus")
        # a calendar of one's own: days in a row, each year until, no whole day, other words
        own = self.ics("Our Days.ics",
                       "DTSTART;VALUE=DATE:20301224\r\nDTEND;VALUE=DATE:20301227\r\nSUMMARY:Break",
                       "DTSTART;VALUE=DATE:20280229\r\nRRULE:FREQ=YEARLY;UNTIL=20320301\r\n"
                       "SUMMARY:Leap\\, day",
                       "DTSTART:20300101T090000Z\r\nDTEND:20300101T100000Z\r\nSUMMARY:Talk")
        self.tool("person", "set", "ana", "--holidays", own)
        self.assertEqual(self.days("our-days"), {
            "2028-02-29": "Leap, day", "2030-12-24": "Break", "2030-12-25": "Break",
            "2030-12-26": "Break", "2032-02-29": "Leap, day"})
        ana = self.json("person", "show", "ana")
        self.assertEqual((ana["holidays"], ana["next_holiday"]),
                         ("our-days", "2028-02-29 Leap, day"))
        self.tool("person", "set", "ana", "--holidays", "none")
        self.assertEqual(self.json("person", "show", "ana")["holidays"], "none")
        self.tool("person", "set", "ana", "--holidays", "off")
        self.assertIsNone(self.json("person", "show", "ana")["holidays"])
        self.assertEqual(self.json("log", "--limit", "1")[0]["after"], {"region": None})

    def test_bad_holidays(self):
        """Nothing of a calendar that cannot be read is taken."""
        self.init()
        wild = "DTSTART;VALUE=DATE:20300101\r\nSUMMARY:x\r\nRRULE:"
        big = self.ics("big.ics", "SUMMARY:" + "x" * 300000)
        deep = self.path("deep.ics")
        with open(deep, "w", encoding="utf-8") as out:
            out.write("BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\n" * 5000)
        for path, why in ((self.path("missing.ics"), "No such file"), (big, "larger than 256 KiB"),
                          (deep, "nested deeper"), ("/dev/zero", "is no file"),
                          (self.ics("second.ics", wild + "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30"),
                           "repeats by a rule"),
                          (self.ics("week.ics", wild + "FREQ=WEEKLY"), "repeats by a rule"),
                          (self.ics("empty.ics"), "no whole-day events"),
                          (self.ics("slash.ics", "SUMMARY:x\\"), "backslash"),
                          (self.ics("past.ics", "DTSTART;VALUE=DATE:20200101\r\nSUMMARY:x"),
                           "no whole-day events")):
            with self.subTest(path=path):
                self.tool("team", "set", "platform", "--holidays", path, code=1)
                self.assertIn(why, self.err)
        self.assertIsNone(self.json("team", "show", "platform")["holidays"])
        self.tool("team", "add", "other", "--address", "o@example.org", "--holidays", "de", code=2)

    def test_shipped_holidays(self):
        """The files are what the rules in make.py give."""
        folder = os.path.join(TOP, "contrib", "holidays")
        subprocess.run([sys.executable, "-B", os.path.join(folder, "make.py"), self.folder],
                       check=True)
        for name in sorted(os.listdir(folder)):
            if name.endswith(".ics"):
                with open(os.path.join(folder, name), "rb") as kept, \
                        open(self.path(name), "rb") as made:
                    self.assertEqual(kept.read(), made.read(), name)

    def test_person(self):
        self.init()
        self.tool("person", "add", "Ben@Example.org", "Ben Ng", "--team", "platform", "--hours",
                  "mon-fri 9:00-17:00", "--zone", "America/New_York")
        ben = self.json("person", "show", "@ben")
        self.assertEqual((ben["address"], ben["zone"], ben["teams"], ben["hours"]),
                         ("ben@example.org", "America/New_York", ["platform (member)"],
                          "mon-fri 09:00-17:00"))
        self.tool("person", "set", "ben", "--digest", "weekly mon 9:00", "--checkin", "off",
                  "--team", "platform", "--role", "guest", "--name", "Ben N.")
        ben = self.json("person", "show", "ben@example.org")
        self.assertEqual((ben["digest"], ben["checkin"], ben["teams"], ben["name"]),
                         ("weekly mon 09:00", "off", ["platform (guest)"], "Ben N."))
        # the other role is told, once
        self.tool("person", "set", "ben", "--team", "platform", "--role", "guest")
        with sqlite3.connect(self.path("var", "t.db")) as db:
            self.assertEqual(db.execute("SELECT dedupe_key FROM job WHERE kind = 'role'")
                             .fetchall(), [("role:1:2:member",)])
        for more in (["--digest", "often"], ["--hours", "x"], ["--ack", "x"], ["--lang", "EN!"],
                     ["--name", "a\nb"], ["--name", ""], ["--role", "lead"],
                     ["--team", "platform", "--role", "king"], ["--handle", "a b"]):
            with self.subTest(more=more):
                self.tool("person", "set", "ben", *more, code=2)
        self.tool("person", "add", "ben@example.org", "Again", code=1)
        self.tool("person", "add", "chi@example.org\r\nX: y", "Chi", code=2)
        self.tool("person", "remove", "ben", "--team", "platform", "--yes")
        self.assertEqual(self.json("person", "show", "ben")["teams"], [])
        self.tool("person", "remove", "ben", "--yes")
        self.tool("person", "show", "ben", code=1)

    def test_history(self):
        """What the operator does stands in the history."""
        self.init()
        self.tool("team", "set", "platform", "--title", "P")
        with sqlite3.connect(self.path("var", "t.db")) as db:
            rows = db.execute("SELECT entity, verb, after FROM event ORDER BY id").fetchall()
        self.assertEqual([r[:2] for r in rows],
                         [("team", "create"), ("person", "create"), ("team", "change")])
        self.assertEqual(json.loads(rows[2][2])["title"], "P")

    def test_questions(self):
        self.init()
        self.assertIn("0 items", self.tool("list"))
        self.assertEqual(json.loads(self.tool("--json", "list", "mine", "--as", "ana")), [])
        self.assertIn("Ana Lima", self.tool("who"))
        self.assertEqual(json.loads(self.tool("--json", "who"))[0]["person"], "ana")
        self.assertIn("Sum: 0m", self.tool("timesheet", "ana", "2026-W41"))
        self.assertIn("0 found", self.tool("search", "disk -quota"))
        self.assertIn("create", self.tool("log"))
        events = json.loads(self.tool("--json", "log", "--limit", "1"))
        self.assertEqual((len(events), events[0]["person"]), (1, "operator"))
        for words in (["show", "99"], ["list", "mine"], ["log", "--item", "1"],
                      ["timesheet", "nobody"], ["search", "person:ana"], ["who", "--team", "none"]):
            self.tool(*words, code=1)
        for words in (["show"], ["search"], ["timesheet"], ["log", "x"]):
            self.tool(*words, code=2)

    def test_digest(self):
        self.init()
        text = self.tool("digest", "ana", "--date", "2026-11-24")
        self.assertIn("\n-- \n", text)
        self.assertIn("<html", self.tool("digest", "@ana", "--format", "html"))
        mail = self.tool("digest", "ana@example.org", "--format", "eml", "--date", "2026-11-24")
        self.assertIn("To: ", mail)
        self.assertIn("Tue 24 Nov", mail)
        self.tool("digest", "ben", code=1)
        self.tool("digest", "ana", "--team", "ops", code=1)
        self.assertEqual(self.json("outbox", "list"), [])

    def add_outbox(self, state):
        with sqlite3.connect(self.path("var", "t.db")) as db:
            db.execute("INSERT INTO outbox (dedupe_key, kind, sender, rcpt, mid, bytes, state, "
                       "not_before, next_try_at, created_at, reply) VALUES (?, 'ack', '', "
                       "'ben@example.org', 'm@example.org', ?, ?, 0, 0, 1795341600, ?)",
                       ("k" + state, b"Subject: x\r\n\r\n\x1b[31mred\r\n", state, "550 \x1b[2Jno"))
            return db.execute("SELECT last_insert_rowid()").fetchone()[0]

    def test_outbox(self):
        self.init()
        failed = self.add_outbox("failed")
        sent = self.add_outbox("sent")
        self.assertEqual(len(self.json("outbox", "list")), 2)
        self.assertEqual([r["id"] for r in self.json("outbox", "list", "--state", "failed")],
                         [failed])
        text = self.tool("outbox", "list") + self.tool("outbox", "show", str(failed))
        self.assertNotIn("\x1b", text)
        self.assertIn("\x1b[31mred\r\n", subprocess.run(
            [TOOL, "-c", self.conf, "outbox", "show", "--raw", str(failed)], env=self.env,
            capture_output=True, check=True).stdout.decode())
        self.tool("outbox", "retry", str(failed))
        self.assertEqual(self.json("outbox", "show", str(failed))["state"], "queued")
        self.tool("outbox", "drop", str(failed))
        self.assertEqual(self.json("outbox", "show", str(failed))["state"], "failed")
        for verb in ("retry", "drop"):
            self.tool("outbox", verb, str(sent), code=1)
            self.assertIn(f"; look at it with: tidings outbox show {sent}", self.err)
        self.tool("outbox", "show", "999", code=1)
        self.tool("status", code=1)
        self.assertIn("could not be sent", self.out)

    def test_quarantine(self):
        self.init()
        self.assertEqual(self.json("quarantine", "list"), [])
        with sqlite3.connect(self.path("var", "t.db")) as db:
            db.execute("INSERT INTO quarantine (why, from_address, subject, size, raw, created_at) "
                       "VALUES ('two deaths', 'x@example.net', 'a\x07b', 3, ?, 1795341600)",
                       (b"raw",))
        row = self.json("quarantine", "list")[0]
        self.assertEqual((row["why"], row["state"]), ("two deaths", "kept"))
        self.assertEqual(self.tool("quarantine", "show", "1", "--raw"), "raw")
        self.assertNotIn("\x07", self.tool("quarantine", "list"))
        self.tool("quarantine", "release", "1", code=1)
        self.assertIn("mail 1 stays", self.err.replace("can be read now, and stays", "stays"))
        self.tool("quarantine", "drop", "1")
        self.assertEqual(self.json("quarantine", "list"), [])
        self.assertEqual(self.json("quarantine", "list", "--all")[0]["state"], "dropped")
        self.tool("quarantine", "drop", "1", code=1)

    def test_once_is_ended_by_a_signal(self):
        """The daemon that it started ends with it."""
        listener = socket.create_server(("localhost", 0))
        self.addCleanup(listener.close)
        listener.settimeout(20)
        self.init("--imap-port", str(listener.getsockname()[1]))
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(signal=number):
                once = subprocess.Popen([TOOL, "-c", self.conf, "once"], env=self.env,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                connection = listener.accept()[0]  # which is never answered
                self.addCleanup(connection.close)
                connection.settimeout(20)
                once.send_signal(number)
                said = once.communicate(timeout=20)[1].decode()
                while connection.recv(65536):
                    pass  # until the daemon closes it
                self.assertEqual(once.returncode, 1, said)
                self.assertIn("ended by a signal", said.splitlines()[-1])

    def test_held(self):
        """Held mail is counted and listed; its ID is never taken for one of the quarantine."""
        self.init()
        with sqlite3.connect(self.path("var", "t.db")) as db:
            for number, state in ((5, "waiting"), (6, "released")):
                db.execute("INSERT INTO message (id, key, subject, from_address, received_at, size,"
                           " trust, outcome, why, reading) VALUES (?, ?, 'a\x07b', "
                           "'ana@example.org', 1795341600, 9, 1, 'held', 'not authenticated', "
                           "'{\"v\": 1}')", (number, str(number)))
                db.execute("INSERT INTO held (message_id, person_id, team_id, asked_at, state) "
                           "VALUES (?, 1, 1, 1795341660, ?)", (number, state))
        self.assertEqual(self.json("status", code=1)["held"], 1)
        self.assertRegex(self.tool("status", code=1),
                         r"(?m)^Held for their sender's answer: 1$")
        (row,) = self.json("quarantine", "list")
        self.assertEqual((row["id"], row["kind"], row["state"], row["why"], row["asked"]),
                         ("h5", "held", "waiting", "not authenticated", "2026-11-22T10:01:00Z"))
        self.assertRegex(self.tool("quarantine", "list"), r"(?m)^h5 +held +\S+ +2026-11-22T10:01")
        self.assertEqual([row["id"] for row in self.json("quarantine", "list", "--all")],
                         ["h6", "h5"])
        self.assertNotIn("\x07", self.tool("quarantine", "show", "h5"))
        self.assertEqual(self.json("quarantine", "show", "h5")["reading"], {"v": 1})
        self.tool("quarantine", "show", "h5", "--raw", code=1)
        self.assertIn("lie in its mailbox", self.err)
        for words, why in ((("show", "h9"), "never held"), (("drop", "5"), "no mail 5"),
                           (("drop", "h6"), "it was released"),
                           (("release", "h6"), "it was released")):
            self.tool("quarantine", *words, code=1)
            self.assertIn(why, self.err)
        self.tool("quarantine", "show", "hx", code=2)
        self.tool("quarantine", "drop", "h5")
        self.assertEqual(self.json("quarantine", "list"), [])
        self.assertEqual(self.json("status", code=1)["held"], 0)

    def test_release_of_mail_that_was_not_read(self):
        """It is read again; what kills a reader kills one of its own, and the mail stays."""
        self.init()
        lead = self.json("person", "list")[0]["address"]
        team = self.json("team", "list")[0]["address"]
        good = (f"From: {lead}\r\nTo: {team}\r\nSubject: task: Again\r\n"
                "Message-ID: <again@example.org>\r\n\r\nPlease.\r\n").encode()
        stranger = good.replace(lead.encode(), b"eve@example.net").replace(b"<again", b"<eve")
        costly = good.replace(b"\r\n\r\nPlease.", b"\r\nContent-Type: multipart/mixed; "
                              b"boundary=b\r\n\r\n" + b"--b\r\n" * 3000)
        with sqlite3.connect(self.path("var", "t.db")) as db:
            for raw in (good, stranger, costly):
                db.execute("INSERT INTO quarantine (why, size, raw, created_at) VALUES "
                           "('reading it failed twice', ?, ?, 1795341600)", (len(raw), raw))
            db.execute("INSERT INTO quarantine (why, size, created_at) VALUES ('gone', 1, 1)")
        self.tool("quarantine", "release", "1")
        self.tool("quarantine", "release", "1", code=1)
        for number, why in (("2", "can be read now, and stays"), ("3", "stays in the quarantine"),
                            ("4", "lies on its server only")):
            self.tool("quarantine", "release", number, code=1)
            self.assertIn(why, self.err)
        states = {row["id"]: row["state"] for row in self.json("quarantine", "list", "--all")}
        # the first was held for its sender's yes, and let in by the same release
        self.assertEqual(states, {1: "released", 2: "kept", 3: "kept", 4: "kept",
                                  "h1": "released"})
        with sqlite3.connect(self.path("var", "t.db")) as db:
            self.assertEqual(db.execute("SELECT title FROM item").fetchall(), [("Again",)])
            self.assertEqual(db.execute("SELECT count(*) FROM message").fetchone(), (1,))

    def test_status_without_daemon(self):
        self.init()
        answer = self.json("status", code=1)
        self.assertIsNone(answer["daemon"])
        self.assertEqual(answer["outbox"]["queued"], 0)
        self.assertIn("does not run", answer["needs"][0])

    def test_status_names_people_and_their_time(self):
        self.init()
        self.tool("person", "add", "ben@example.org", "Ben Okri", "--team", "platform",
                  "--zone", "Asia/Tokyo")
        with sqlite3.connect(self.path("var", "t.db")) as db:
            db.executemany(
                "INSERT INTO job (dedupe_key, kind, team_id, person_id, due_at) "
                "VALUES (?, ?, ?, ?, ?)",
                [("digest:1:2", "digest", 1, 2, 1795390200),
                 ("quarantine:1", "quarantine-summary", 1, None, 1795420800),
                 ("confirm:2", "confirm", None, 2, 1795507200),
                 ("digest:9:9", "digest", None, None, 1795593600)])
        rows = self.json("status", code=1)["next"]
        self.assertEqual(rows[0], {
            "what": "digest:1:2", "kind": "digest", "person": "ben", "name": "Ben Okri",
            "team": "platform", "due": "2026-11-22T23:30:00Z",
            "due_local": "2026-11-23T08:30:00+09:00", "zone": "Asia/Tokyo"})
        self.assertEqual((rows[1]["name"], rows[1]["team"], rows[1]["due_local"]),
                         (None, "platform", "2026-11-23T09:00:00+01:00"))
        self.assertEqual((rows[2]["name"], rows[2]["team"]), ("Ben Okri", None))
        self.assertEqual((rows[3]["what"], rows[3]["zone"]), ("digest:9:9", "UTC"))
        text = self.tool("status", code=1)
        self.assertRegex(text, r"(?m)^digest +Ben Okri +platform +"
                               r"2026-11-23 08:30 \(Asia/Tokyo\)$")
        self.assertRegex(text, r"(?m)^quarantine-summary +the leads +platform +"
                               r"2026-11-23 09:00 \(Europe/Berlin\)$")
        self.assertRegex(text, r"(?m)^confirm +Ben Okri +- +")
        self.assertNotIn("digest:1:2", text)


class Daemon(Base):
    """Against a stand-in for the daemon's socket."""

    def serve(self, answers):
        os.makedirs(self.path("run"), exist_ok=True)
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path("run", "control"))
        listener.listen(5)
        self.questions = []

        def loop():
            while True:
                try:
                    conn, _ = listener.accept()
                except OSError:
                    return
                with conn:
                    line = conn.makefile("rb").readline().decode().strip()
                    if line == "":
                        continue
                    self.questions.append(line)
                    conn.sendall(answers.get(line.split()[0], '{"ok": true}').encode() + b"\n")
        threading.Thread(target=loop, daemon=True).start()

        def end():
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.addCleanup(end)

    def test_wakes(self):
        self.init()
        self.serve({})
        self.tool("team", "set", "platform", "--title", "P")
        self.assertIn("wake", self.questions)
        self.tool("once", code=1)
        self.assertIn("runs", self.err)

    def test_clock(self):
        self.init()
        self.serve({"clock": '{"ok": true, "now": 1795341600, "test": true, "frozen": true}'})
        self.assertIn("2026-11-22T10:00:00Z", self.tool("clock", "show"))
        self.tool("clock", "set", "+1h30m")
        self.assertIn("clock 1795347000", self.questions)
        self.tool("clock", "set", "2026-11-23T08:00:00Z", "--frozen")
        self.assertIn("clock 1795420800 frozen", self.questions)
        self.tool("clock", "set", "+1w", code=2)
        self.tool("clock", "set", "soon", code=2)
        # the tool lives in the daemon's time
        self.assertIn("Mon 23 Nov", self.tool("digest", "ana", "--format", "eml", "--date",
                                              "2026-11-23"))
        self.tool("person", "add", "ben@example.org", "Ben")
        with sqlite3.connect(self.path("var", "t.db")) as db:
            self.assertEqual(db.execute("SELECT created_at FROM person WHERE handle = 'ben'")
                             .fetchone()[0], 1795341600)

    def test_bad_answers(self):
        self.init()
        for answer in ("", "nonsense", "[1]", '{"ok": false, "error": "no \\u001b[31mway"}',
                       '{"ok": false}', "{" * 100000):
            with self.subTest(answer=answer[:40]):
                self.serve({"clock": answer})
                self.tool("clock", "show", code=1)
                self.assertNotIn("\x1b", self.err)
                self.doCleanupsOfSocket()

    def doCleanupsOfSocket(self):
        os.unlink(self.path("run", "control"))


if __name__ == "__main__":
    unittest.main()
