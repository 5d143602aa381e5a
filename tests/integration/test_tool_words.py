#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""The words of the tool `tidings`: usage, help, man pages, completion, and the commands that need
neither store nor daemon (when, duration, parse)."""
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig.tool import BUILD, DAEMON, TOOL, Base  # noqa: E402

TOP = os.environ.get("TD_SRCDIR", ".")
COMMANDS = ["init", "check", "team", "person", "parse", "when", "duration", "deliver", "once",
            "list", "oauth",
            "show", "search", "who", "timesheet", "log", "digest",
            "outbox", "quarantine", "status", "clock", "help"]
NOW = ["--now", "2026-11-22T10:00:00Z", "--zone", "Europe/Berlin"]
MAIL = (b"From: Ana Lima <ana@example.org>\r\nTo: platform@example.org\r\n"
        b"Subject: task: Fix login\r\nDate: Sun, 22 Nov 2026 10:00:00 +0000\r\n"
        b"Message-ID: <a@example.org>\r\n\r\n/due 2026-11-27\r\n")


class Words(Base):
    def test_usage(self):
        for words in ([], ["nonsense"], ["--nonsense"], ["team"], ["team", "ad"], ["when"],
                      ["duration"], ["parse", "a", "b"], ["digest"], ["team", "add", "x"],
                      ["person", "add", "ana@example.org"], ["outbox", "show"],
                      ["outbox", "show", "x"], ["outbox", "list", "--state", "odd"],
                      ["clock", "set"], ["status", "more"], ["team", "list", "--nonsense"],
                      ["team", "list", "--json=yes"], ["when", "friday", "--now"],
                      ["when", "friday", "--zone", "Mars/Base"],
                      ["digest", "ana", "--format", "pdf"], ["init", "--yes", "--provider", "x"],
                      ["init", "--yes", "--provider", "gmail"],
                      ["oauth"], ["oauth", "login"], ["oauth", "login", "a", "b"],
                      ["oauth", "login", "main", "--device", "--browser"],
                      ["oauth", "list", "main"]):
            with self.subTest(words=words):
                self.run_tool(*words, code=2)
                self.assertEqual(self.out, "")
                self.assertNotEqual(self.err, "")

    def test_an_option_without_its_value(self):
        self.run_tool("-c", code=2)
        self.assertIn("tidings: -c wants a file: the configuration\n", self.err)

    def test_deliver_without_its_maildir(self):
        self.write("m.conf", f"""store: {{ path = "{self.path('t.db')}"; }};
            mailboxes: ( {{ name = "m"; maildir = "{self.path('gone')}"; }} );""".encode())
        done = subprocess.run([TOOL, "-c", self.path("m.conf"), "deliver"], input=MAIL,
                              capture_output=True, env=self.env, timeout=20, check=False)
        self.assertEqual(done.returncode, 75, done.stderr)
        self.assertIn(b"; make the Maildir (the folders cur, new and tmp), or ", done.stderr)

    def test_a_locked_store(self):
        """The tool does not try again, and does not say so."""
        self.init()
        with sqlite3.connect(self.path("var", "t.db"), isolation_level=None) as db:
            db.execute("BEGIN IMMEDIATE")
            self.tool("team", "set", "platform", "--title", "P", code=1)
            db.execute("ROLLBACK")
        self.assertIn("locked by another process; it works again when that ends", self.err)

    def test_suggestions(self):
        self.run_tool("tem", code=2)
        self.assertIn('did you mean "team"?', self.err)
        self.run_tool("team", "ad", code=2)
        self.assertIn("did you mean add?", self.err)
        self.run_tool("when", "friday", "--zoen", "UTC", code=2)
        self.assertIn("did you mean --zone?", self.err)

    def test_help(self):
        overview = self.run_tool("help")
        for command in COMMANDS:
            self.assertRegex(overview, rf"(?m)^  {command} ")
            if command == "help":
                continue
            by_option = self.run_tool(command, "--help")
            self.assertIn(f"usage: tidings {command}", by_option)
            self.assertEqual(self.run_tool("help", command), by_option)
            self.assertEqual(self.run_tool(command, "-h"), by_option)
        self.run_tool("help", "nonsense", code=2)

    def test_help_of_mails(self):
        spend = self.run_tool("help", "/spend")
        self.assertIn("/spend DURATION", spend)
        self.assertIn("Examples:", spend)
        self.assertEqual(self.run_tool("help", "spend"), spend)
        self.assertEqual(self.run_tool("help", "time"), spend)  # an alias
        self.assertNotEqual(self.run_tool("help", "/digest"), self.run_tool("help", "digest"))
        self.assertIn("/remind DATE TEXT", self.run_tool("help", "mail"))
        self.run_tool("help", "/nonsense", code=2)
        self.assertRegex(self.run_tool("--version"), r"^tidings \S+\n$")

    def test_man_page_has_each_command_and_option(self):
        with open(os.path.join(TOP, "doc", "tidings.1")) as f:
            page = f.read()
        for command in COMMANDS:
            self.assertRegex(page, rf"(?m)^\.It Ic {command}\b")
            text = self.run_tool(command, "--help")
            for option in set(re.findall(r"--([a-z][a-z-]*)", text)):
                self.assertIn(f"Fl -{option}", page, command)

    def test_man_pages_are_clean(self):
        if shutil.which("mandoc") is None:
            self.skipTest("mandoc is not installed (apt-get install mandoc)")
        for path in self.pages():
            done = subprocess.run(["mandoc", "-Tlint", "-Wwarning", path], capture_output=True,
                                  text=True, check=False)
            self.assertEqual(done.stdout, "")
            shown = subprocess.run(["mandoc", "-Tutf8", path], capture_output=True, text=True,
                                   check=True).stdout
            nested = re.search("[\u2018\u201c][^\u2019\u201d]*[\u2018\u201c]|\u2019\u2019", shown)
            self.assertIsNone(nested, path)

    def pages(self):
        return [os.path.join(TOP, "doc", name) for name in ("tidings.1", "tidings-commands.7")] + \
            [os.path.join(BUILD, "doc", name) for name in ("tidingsd.8", "tidings.conf.5")]

    def test_man_pages_name_the_configured_paths(self):
        """What the programs read is what the pages say."""
        said = subprocess.run([DAEMON, "--help"], capture_output=True, text=True, check=True)
        path = re.search(r"else (/\S+/tidings\.conf)", said.stdout).group(1)
        for page in self.pages()[2:]:
            with open(page) as f:
                text = f.read()
            self.assertIsNotNone(re.search(rf"\.(It )?Pa {path}( \.)?\n", text), page)
            named = set(re.findall(r"[^\s\"]*/tidings/(?:tidings\.conf|\w+\.secret)", text))
            self.assertEqual({os.path.dirname(x) for x in named},
                             {os.path.dirname(path)} | {x for x in ("~/.config/tidings",)
                                                        if x in text})

    def test_usage_lines(self):
        """Each line is a command, or goes on with the one above."""
        for command in COMMANDS[:-1]:  # help alone shows all of them
            usage = self.run_tool(command, "--help").split("\n\n", 1)[0].splitlines()
            self.assertTrue(usage[0].startswith(f"usage: tidings {command}"), usage)
            for line in usage[1:]:
                self.assertRegex(line, rf"^       tidings {command} \S|^ {{11,}}\S")

    def test_completion(self):
        script = os.path.join(TOP, "contrib", "completions", "tidings")
        if shutil.which("bash") is None:
            self.skipTest("bash is not installed")

        def complete(*words):
            line = f"""source {script}; COMP_WORDS=({TOOL} {' '.join(repr(w) for w in words)})
                COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _tidings; echo "${{COMPREPLY[@]}}" """
            return subprocess.run(["bash", "-c", line], capture_output=True, env=self.env,
                                  check=True).stdout.decode().split()
        self.assertEqual(set(complete("")) & set(COMMANDS), set(COMMANDS))
        self.assertEqual(complete("team", "sh"), ["show"])
        self.assertIn("--core", complete("team", "add", "--c"))
        self.assertEqual(complete("person", "add", "--role", "l"), ["lead"])

    def test_no_colour_when_piped(self):
        self.init()
        self.assertNotIn("\033", self.tool("team", "list"))


class Pure(Base):
    def test_when(self):
        for expr, want in [(["next friday"], "2026-11-27T00:00:00+01:00\n"),
                           (["next", "friday"], "2026-11-27T00:00:00+01:00\n"),
                           (["2026-10-12 17:00"], "2026-10-12T17:00:00+02:00\n"),
                           (["2026-11-23..2026-11-25"],
                            "2026-11-23T00:00:00+01:00/2026-11-26T00:00:00+01:00\n")]:
            self.assertEqual(self.run_tool("when", *expr, *NOW), want)
        self.assertEqual(self.run_tool("when", "friday", "--past", *NOW),
                         "2026-11-20T00:00:00+01:00\n")
        for now in ("1795341600", "2026-11-22T10:00:00Z", "2026-11-22T11:00:00+01:00",
                    "2026-11-22 11:00", "2026-11-22"):
            self.assertEqual(self.run_tool("when", "tomorrow", "--now", now, "--zone",
                                           "Europe/Berlin"), "2026-11-23T00:00:00+01:00\n")
        answer = json.loads(self.run_tool("when", "2026-W41", "--json", *NOW))
        self.assertEqual((answer["precision"], answer["local"]), ("week", "2026-W41"))
        for expr in ("03/04/2026", "90", "", "2026-02-30", "nonsense"):
            self.run_tool("when", expr, *NOW, code=1)
        for now in ("2026-13-01", "2026-02-30", "25:00", "2026-11-22T10:00:00", "x", "-5"):
            with self.subTest(now=now):
                good = now == "2026-11-22T10:00:00"
                self.run_tool("when", "tomorrow", f"--now={now}", code=0 if good else 2)

    def test_duration(self):
        for expr, want in [("1h30", 5400), ("1,5h", 5400), ("2d", 57600), ("-30m", -1800)]:
            self.assertEqual(self.run_tool("duration", expr), f"{want}\n")
        self.assertEqual(json.loads(self.run_tool("duration", "90m", "--json"))["text"], "1h 30m")
        self.run_tool("duration", "90", code=1)
        self.run_tool("duration", "2mo", code=1)
        self.assertNotEqual(self.run_tool("duration", "2mo", "--estimate"), "")

    def test_parse(self):
        path = self.write("mail", MAIL)
        by_file = self.run_tool("parse", *NOW, path)
        self.assertEqual(by_file, self.run_tool("parse", *NOW, stdin=MAIL))
        self.assertEqual(by_file, self.run_tool("parse", *NOW, "-", stdin=MAIL))
        reading = json.loads(by_file)
        self.assertEqual(reading["message"]["from"], "ana@example.org")
        self.run_tool("parse", "/nonexistent", code=1)
        self.run_tool("parse", self.folder, code=1)
        for garbage in (b"", b"\0" * 1000, os.urandom(5000), b"From: x\r\n" * 1000):
            json.loads(self.run_tool("parse", *NOW, stdin=garbage))


if __name__ == "__main__":
    unittest.main()
