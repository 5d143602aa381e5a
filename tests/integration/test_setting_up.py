#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Starting and setting up where no server is needed: what is refused, what is said, what is left.

Runs under `make check`; each test has a folder, a configuration and a store of its own.
"""
import json
import os
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import servers  # noqa: E402
from rig.tool import DAEMON, TOOL, Base  # noqa: E402


class Start(Base):
    def daemon(self, *words, code=0):
        done = subprocess.run([DAEMON, "-c", self.conf, *words], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, env=self.env, timeout=60,
                              check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout, done.stderr.splitlines()

    def refuses(self, *words, new=()):
        """The daemon does not start, says what to do, and leaves nothing in the store's place."""
        before = sorted(os.listdir(self.path("var")))
        _, lines = self.daemon("-f", "--once", code=1)
        self.assertEqual(len(lines), 1, lines)
        for word in ("cannot start", "var/t.db", "tidings team add", *words):
            self.assertIn(word, lines[0])
        after = os.listdir(self.path("var"))
        self.assertEqual(sorted(x for x in after if x not in new), before)

    def test_no_store(self):
        """One that vanished (a disk that is not mounted, a wrong path) is not made anew."""
        self.init()
        for name in os.listdir(self.path("var")):
            os.unlink(self.path("var", name))
        self.refuses("no store")
        for words in (["team", "list"], ["person", "add", "ben@example.org", "Ben"], ["once"],
                      ["status"], ["team", "set", "platform", "--title", "P"]):
            with self.subTest(words=words):
                self.tool(*words, code=1)
                self.assertIn("no store", self.out + self.err)
                self.assertIn("tidings team add", self.out + self.err)
        self.assertEqual(os.listdir(self.path("var")), [])
        self.tool("team", "add", "ops", "--address", "ops@example.org")
        self.assertIn("made a new store", self.err)
        self.tool("team", "add", "platform", "--address", "platform@example.org")
        self.assertNotIn("new store", self.err)
        self.assertEqual(len(self.json("team", "list")), 2)

    def test_empty_store(self):
        """Neither is one without anything in it: a file of 0 bytes, or of no tables."""
        self.init()
        for name in os.listdir(self.path("var")):
            os.unlink(self.path("var", name))
        self.write("var/t.db", b"")
        self.refuses("empty")
        self.tool("team", "list", code=1)
        self.assertIn("empty", self.err)
        self.assertEqual(os.path.getsize(self.path("var", "t.db")), 0)
        self.write("var/t.db", self.no_tables())
        self.refuses("empty", new=["t.db.lock"])
        self.tool("team", "add", "ops", "--address", "ops@example.org")
        self.assertIn("made a new store", self.err)

    def test_check_of_the_configuration(self):
        """tidingsd -n: good or not, by the lines of the file; nothing is started or made."""
        self.init()
        os.unlink(self.path("var", "t.db"))
        self.assertEqual(self.daemon("-n"), (f"{self.conf}: no mistakes\n", []))
        with open(self.conf) as f:
            text = f.read()
        with open(self.conf, "w") as f:
            f.write("stroe: {};\n" + text.replace('name = "main"', 'name = "ma in"', 1) +
                    "run_dir2 = 5;\n")
        first = text[:text.index('name = "main"')].count("\n") + 2
        last = text.count("\n") + 2
        wrong = [f"{self.conf}:1: unknown key", f"{self.conf}:{first}: name = \"ma in\": only",
                 f"{self.conf}:{last}: unknown key"]
        _, lines = self.daemon("-n", code=1)
        self.assertEqual(len(lines), 3, lines)
        for line, begin in zip(lines, wrong):
            self.assertTrue(line.startswith("tidingsd: " + begin), line)
        for command in ("list", "check", "status"):
            done = subprocess.run([TOOL, "-c", self.conf, command], capture_output=True, text=True,
                                  env=self.env, timeout=60, check=False)
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertEqual([x.split(": ", 1)[1] for x in done.stderr.splitlines()],
                             [x.split(": ", 1)[1] for x in lines])
        self.assertEqual((os.listdir(self.path("var")), os.listdir(self.path("run"))), ([], []))
        for path, word in (("none.conf", "no such file; name another with -c"), ("/", "not a file"),
                           ("", "-c wants a file")):
            self.run_tool("-c", path, "list", code=1)
            self.assertIn(word, self.err)

    def no_tables(self):
        db = sqlite3.connect(self.path("other.db"))
        db.execute("CREATE TABLE t (x)")
        db.execute("DROP TABLE t")
        db.commit()
        db.close()
        with open(self.path("other.db"), "rb") as f:
            return f.read()


class People(Base):
    def setUp(self):
        super().setUp()
        self.init()
        self.tool("person", "add", "ben@example.org", "Ben Ode", "--team", "platform")

    def names(self, *words):
        return [p["handle"] for p in self.json("person", "list", *words)]

    def test_removing_asks(self):
        """On a terminal; without one, --yes is needed."""
        for words in (["person", "remove", "ben"], ["person", "remove", "ben", "--team",
                      "platform"], ["team", "remove", "platform"]):
            with self.subTest(words=words):
                self.tool(*words, code=2)
                self.assertIn("add --yes", self.err)
                said = self.on_terminal(*words, typed=["n"], code=1)
                self.assertIn("[y/N]", said)
                self.assertIn("nothing was changed", said)
                self.assertEqual(self.names("--team", "platform"), ["ana", "ben"])
        self.on_terminal("person", "remove", "ben", "--team", "platform", typed=["y"])
        self.assertEqual(self.names("--team", "platform"), ["ana"])

    def test_removing_says_what_it_did(self):
        self.tool("person", "remove", "ben", "--team", "platform", "--yes")
        self.assertRegex(self.out, r"^Ben Ode \(@ben\) is in team platform no more; .*stays.*\n$")
        self.tool("person", "remove", "ben", "--team", "platform", "--yes", code=1)
        self.assertIn("is not in team platform", self.err)
        self.tool("person", "remove", "ben", "--yes")
        self.assertRegex(self.out, r"^Removed Ben Ode \(@ben, ben@example\.org\).*stays.*\n$")
        self.tool("person", "add", "ben@example.org", "Ben Ode")
        self.assertEqual(self.json("person", "remove", "ben", "--yes")["name"], "Ben Ode")
        self.assertEqual(self.json("team", "remove", "platform", "--yes")["name"], "platform")
        self.assertEqual(self.json("team", "list"), [])

    def test_the_last_lead_stays(self):
        for words in (["person", "remove", "ana", "--yes"],
                      ["person", "remove", "ana", "--team", "platform", "--yes"],
                      ["person", "set", "ana", "--team", "platform", "--role", "member"]):
            with self.subTest(words=words):
                self.tool(*words, code=1)
                self.assertIn("Ana Lima is the only lead of team platform", self.err)
                self.assertIn("--role lead", self.err)
                self.assertIn("tidings team remove platform", self.err)
                self.assertEqual(self.names("--team", "platform"), ["ana", "ben"])
        self.tool("person", "set", "ana", "--team", "platform", "--role", "lead", "--name", "Ana")
        self.tool("person", "set", "ben", "--team", "platform", "--role", "lead")
        self.tool("person", "set", "ben", "--team", "platform", "--name", "Ben")
        self.assertEqual({p["role"] for p in self.json("person", "list", "--team", "platform")},
                         {"lead"})
        self.tool("person", "remove", "ana", "--yes")
        self.assertEqual(self.names(), ["ben"])

    def test_erasing_leaves_no_name(self):
        number = self.json("person", "show", "ben")["id"]
        self.tool("person", "erase", "ben", code=2)
        self.assertIn("add --yes", self.err)
        self.tool("person", "erase", "eli", "--yes", code=1)
        self.tool("person", "erase", "ana", "--yes", code=1)
        self.assertIn("Ana Lima is the only lead of team platform", self.err)
        self.tool("person", "erase", "ben", "--yes")
        self.assertEqual(self.out, f"Erased: person {number} is \"Former member {number}\" now; "
                         "0 texts named them.\n")
        self.assertEqual(self.names(), ["ana"])
        with open(self.path("var", "t.db"), "rb") as f:
            self.assertNotIn(b"Ben Ode", f.read())
        # who was removed before goes by their number
        self.tool("person", "add", "eli@example.org", "Eli Stone", "--team", "platform")
        number = self.json("person", "show", "eli")["id"]
        self.tool("person", "remove", "eli", "--yes")
        self.assertEqual(self.json("person", "erase", str(number), "--yes")["name"],
                         f"Former member {number}")
        with open(self.path("var", "t.db"), "rb") as f:
            self.assertNotIn(b"eli@example.org", f.read())
        self.tool("person", "erase", "99", "--yes", code=1)

    def test_an_address_is_one_of_a_person_or_a_team(self):
        self.tool("team", "add", "ops", "--address", "ops@example.org")
        for words in (["person", "add", "platform@example.org", "Platform"],
                      ["team", "add", "new", "--address", "ben@example.org"],
                      ["team", "set", "platform", "--address", "Ben@example.org"],
                      ["team", "set", "platform", "--address", "ops@example.org"]):
            with self.subTest(words=words):
                self.tool(*words, code=1)
                self.assertRegex(self.err, r"is the address of (Ben Ode|team \w+).*; (choose|use) ")
        self.tool("person", "set", "ben", "--handle", "ana", code=1)
        self.assertIn("handle ana is taken; choose another", self.err)
        self.tool("team", "set", "platform", "--address", "platform@example.org", "--title", "P")
        self.tool("team", "remove", "ops", "--yes")
        self.tool("person", "add", "ops@example.org", "Olga")


class Misuse(Base):
    def test_wrong_values(self):
        """A value that no store could make right is a usage error, in each command."""
        self.init()
        for words in (["digest", "ana", "--date", "2026-13-01"],
                      ["digest", "ana", "--date", "soon"],
                      ["digest", "ana", "--format", "pdf"],
                      ["person", "set", "ana", "--target", "much"],
                      ["team", "set", "platform", "--round", "up"],
                      ["team", "set", "platform", "--default", "odd"],
                      ["clock", "set", "+soon"], ["clock", "set", "+1w"], ["clock", "set", "soon"],
                      ["log", "--item", "x"], ["log", "--limit", "x"],
                      ["list", "strange"], ["timesheet", "ana", "2026"], ["show", "x"],
                      ["outbox", "retry", "x"], ["quarantine", "drop", "x"],
                      ["when", "friday", "--now", "soon"], ["parse", "--zone", "Mars/X"]):
            with self.subTest(words=words):
                self.tool(*words, code=2)
                first, *usage = self.err.splitlines()
                self.assertTrue(first.startswith(f"tidings {words[0]}: "), first)
                self.assertTrue(usage and usage[0].startswith("usage: "), self.err)

    def test_zone_of_this_machine(self):
        """A TZ that cannot be used is told, once, with what is taken instead."""
        self.env["TZ"] = "Mars/X"
        self.init()
        self.assertNotIn("TZ", self.err)  # --zone was given
        for words in (["when", "2026-11-23 09:00"], ["team", "add", "ops", "--address",
                      "ops@example.org"], ["list", "--team", "platform"]):
            with self.subTest(words=words):
                self.tool(*words)
                self.assertRegex(self.err, r'^tidings: TZ is "Mars/X", .*; UTC is taken.*Europe/'
                                 r"Lisbon\n$")
        self.assertEqual(self.json("team", "show", "ops")["zone"], "UTC")
        for good in ("Asia/Tokyo", ":Asia/Tokyo", "/usr/share/zoneinfo/Asia/Tokyo"):
            self.env["TZ"] = good
            self.assertEqual(self.tool("when", "2026-11-23 09:00"), "2026-11-23T09:00:00+09:00\n")
            self.assertEqual(self.err, "")


class Json(Base):
    def test_init(self):
        self.write("pw", b"correct horse\n")
        made = self.json("init", "--yes", "--provider", "dovecot", "--no-check", "--address",
                         "platform@example.org", "--lead", "ana@example.org", "--lead-name", "Ana",
                         "--password-file", "pw", "--store", "var/t.db", "--run-dir", "run",
                         "--imap-host", "localhost", "--smtp-host", "localhost")
        self.assertEqual(made, {"configuration": self.conf, "store": self.path("var", "t.db")})

    def test_digest(self):
        self.init()
        digest = self.json("digest", "ana", "--date", "2026-11-24")
        self.assertEqual(sorted(digest), ["body", "day", "has_news", "to"])
        self.assertEqual((digest["to"], digest["has_news"]), ("ana@example.org", False))
        self.assertEqual(digest["body"], self.tool("digest", "ana", "--date", "2026-11-24"))

    def test_once(self):
        """The counts, though the mailbox cannot be reached."""
        self.init()
        done = subprocess.run([TOOL, "-c", self.conf, "--json", "once"], capture_output=True,
                              env=self.env, timeout=60, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(json.loads(done.stdout),
                         {"sent": 0, "queued": 0, "failed": 0, "quarantined": 0})

    def test_clock(self):
        self.init()
        begin = 1795341600  # 2026-11-22T10:00:00Z
        daemon = subprocess.Popen([DAEMON, "-c", self.conf, "-f", f"--test-clock={begin}"],
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, env=self.env)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)
        servers.wait_for("the control socket",
                         lambda: os.path.exists(self.path("run", "control")), 20)
        self.assertEqual(self.json("clock", "set", str(begin + 3600), "--frozen"),
                         {"now": "2026-11-22T11:00:00Z"})
        self.assertEqual(self.json("clock", "show"), {"now": "2026-11-22T11:00:00Z"})


class Init(Base):
    def left(self):
        """The files, not the folders."""
        return [os.path.join(folder, name) for folder, _, names in os.walk(self.folder)
                for name in names if name != "pw"]

    def test_nothing_is_left(self):
        """What init refuses leaves no file, and the next try needs no --force."""
        self.write("open", b"secret\n", mode=0o644)
        for more, word in ((["--password-file", "none"], "none"),
                           (["--password-file", "open"], "others may read"),
                           (["--ca-file", "none.pem"], "none.pem")):
            with self.subTest(more=more):
                self.init(*more, code=1)
                self.assertIn(word, self.err)
                self.assertIn("nothing was written", self.err)
                self.assertEqual(self.left(), [self.path("open")])
        self.init("--smtp-tls", "sometimes", code=2)
        os.makedirs(self.path("var"), exist_ok=True)
        self.write("var/t.db", b"x" * 5000)
        self.init(code=1)
        self.assertIn("not a database", self.err)
        self.assertEqual(sorted(self.left()), [self.path("open"), self.path("var", "t.db")])
        os.unlink(self.path("var", "t.db"))
        self.init()
        with open(self.conf) as f:
            good = f.read()
        self.init("--force", "--password-file", "none", code=1)
        with open(self.conf) as f:
            self.assertEqual(f.read(), good)

    def ask(self, *typed, code=0, more=()):
        return self.on_terminal(
            "init", "--provider", "dovecot", "--no-check", "--imap-host", "localhost",
            "--smtp-host", "localhost", "--team", "platform", "--zone", "UTC", "--lead-name",
            "Ana Lima", "--store", "var/t.db", "--run-dir", "run", *more, typed=typed, code=code)

    def test_questions(self):
        """An empty answer is asked for again, a wrong one is told without the usage."""
        said = self.ask("", "platform@example.org", "", "correct horse", "", "ana@example.org")
        self.assertEqual(said.count("The team's mail address"), 2)
        self.assertEqual(said.count("Password (kept"), 2)
        self.assertNotIn("correct horse", said.replace("correct horse\r\n", "", 1))
        with open(self.path("etc", "password")) as f:
            self.assertEqual(f.read(), "correct horse\n")

    def test_no_answers(self):
        for typed, word in ((["", "", ""], "mail address"), (["no address"], "no address"),
                            (["platform@example.org", "", "", ""], "password")):
            with self.subTest(typed=typed):
                said = self.ask(*typed, code=1)
                self.assertIn(word, said.splitlines()[-1])
                self.assertIn("nothing was written", said.splitlines()[-1])
                self.assertNotIn("usage:", said)
                self.assertEqual(self.left(), [])


if __name__ == "__main__":
    unittest.main()
