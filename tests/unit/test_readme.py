# SPDX-License-Identifier: ISC
"""What README.md shows is so: the digest is the one that the daemon composes (test_day.py holds
its golden file against the daemon), the commands and files exist, the lines of mails are read."""
import json
import os
import re
import sys
import unittest

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOP = os.path.dirname(TESTS)
sys.path.insert(0, TESTS)
from rig.tool import BUILD, Base  # noqa: E402

NAMED = re.compile(r"`([a-z][a-zA-Z0-9_.-]*/[a-zA-Z0-9_./-]+)`")  # doc/store.md, contrib/check
OF_SYSTEM = ("/var/", "/usr/", "/etc/")


def read(*names):
    with open(os.path.join(TOP, *names)) as f:
        return f.read()


class Readme(Base):
    def setUp(self):
        super().setUp()
        self.text = read("README.md")
        self.inline = [" ".join(code.split()) for code in
                       re.findall(r"`([^`]+)`", re.sub(r"(?s)```.*?```", "", self.text))]
        self.blocks = re.findall(r"(?m)^ {4,}(\S.*)$", self.text)

    def test_digest(self):
        shown = re.search(r"(?s)```\n(Subject: .*?)```", self.text)[1]
        self.assertEqual(shown.rstrip(), read("tests", "golden", "day", "digest-ana.txt").rstrip())

    def test_commands_of_the_tool(self):
        lines = [re.sub(r"^sudo ", "", line) for line in self.inline + self.blocks]
        lines = [line for line in lines if line.startswith("tidings ") and "=" not in line]
        self.assertGreater(len(lines), 8)
        for line in lines:
            with self.subTest(line=line):
                words = line.split()[1:]
                if words[0] == "unix":
                    continue  # a service in Postfix's master.cf that has our name
                text = self.run_tool(words[0], "--help")
                self.assertIn(f"usage: tidings {words[0]}", text)
                for word in words[1:]:
                    if word.startswith("--"):
                        self.assertIn(word, text)
                if len(words) > 1 and words[0] in ("oauth", "team", "person", "outbox"):
                    self.assertIn(words[1], text)

    def test_programs_and_files(self):
        for name in ("contrib/quickstart", "contrib/check", "contrib/install-missing", "bootstrap"):
            self.assertIn("./" + name, self.text)
            self.assertTrue(os.access(os.path.join(TOP, name), os.X_OK), name)
        named = [n for n in NAMED.findall(self.text) if not n.startswith(OF_SYSTEM + ("/",))]
        self.assertIn("doc/architecture.md", named)
        for name in named:
            self.assertTrue(os.path.exists(os.path.join(TOP, name)), name)

    def test_targets_of_make(self):
        with open(os.path.join(BUILD, "Makefile")) as f:
            makefile = f.read()
        targets = re.findall(r"`make ([a-z-]+)`", re.sub(r"\s+", " ", self.text))
        self.assertIn("check-servers", targets)
        for target in targets:
            self.assertRegex(makefile, rf"(?m)^{target}:")

    def test_man_pages(self):
        pages = set(re.findall(r"\b([a-z.-]+)\(([1-8])\)", self.text))
        self.assertIn(("tidings.conf", "5"), pages)
        for name, section in pages:
            source = os.path.join(TOP, "doc", f"{name}.{section}")
            built = os.path.join(BUILD, "doc", f"{name}.{section}")
            self.assertTrue(os.path.exists(source) or os.path.exists(built), name)

    def test_lines_of_mails(self):
        lines = [line for line in self.inline + self.blocks if line.startswith("/")
                 and not line.startswith(OF_SYSTEM)]
        self.assertGreater(len(lines), 20)
        for line in lines:
            with self.subTest(line=line):
                self.run_tool("help", line.split()[0])
                if " " not in line or re.search(r" [A-Z]{2,}\b", line):
                    continue  # the verb alone, or with a word to fill in
                mail = ("From: ana@example.org\r\nTo: platform@example.org\r\n"
                        f"Subject: [#42] Fix login\r\n\r\n{line}\r\n")
                reading = json.loads(self.run_tool("parse", stdin=mail.encode()))
                self.assertEqual(reading.get("errors", []), [])
                self.assertEqual(len(reading["commands"]), 1)

    def test_subjects_of_mails(self):
        found = re.findall(r"(?:`|Subject: )((task|decide|urgent): [^`\n]+)", self.text)
        self.assertEqual({kind for _, kind in found}, {"task", "decide", "urgent"})
        for subject, kind in found:
            mail = ("From: ana@example.org\r\nTo: platform@example.org\r\n"
                    f"Subject: {subject}\r\n\r\nText.\r\n")
            reading = json.loads(self.run_tool("parse", stdin=mail.encode()))
            self.assertEqual(reading["target"]["kind"], kind)
            self.assertEqual(reading.get("errors", []), [])


if __name__ == "__main__":
    unittest.main()
