#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""What the sources promise of the grammar is shown and told everywhere.

The verbs come from parsers/verb_table.c, the refusals from the calls that make them. Each verb,
each kind of section and each refusal stands in a golden reading (tests/golden/reading), and each
verb with every form, alias and example in tidings-commands(7) and in what `tidings help` prints;
test-query holds the same of the answer by mail.
"""
import glob
import json
import os
import re
import subprocess
import unittest

SRC = os.environ.get("TD_SRCDIR", ".")
BUILD = os.environ.get("TD_BUILDDIR", ".")
TOKEN = re.compile(r'/\*.*?\*/|"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|[A-Za-z_]\w*|\S', re.S)
# function: which argument holds the reason; "file:function" where the name alone is not enough
REASONS = {
    "command_fail": 1, "command_fail_with": 2, "command_fail_word": 3, "grammar_add_error": 3,
    "when_refuse": 2, "refuse_day": 3, "report": 3, "duration.c:refuse": 2, "field.c:refuse": 1,
}
# Reasons that no mail of ours can show: the only place for each is told.
ELSEWHERE = {
    "no date was written": "tidings when ''; a mail's commands ask for a date",
    "no amount of time was written": "tidings duration ''; a mail's commands ask for one",
    "that is too long for a date": "tidings when; a mail's lines are read from their beginning",
    "\"%s\" does not say from when": "a time entry takes it for its note",
    "only the first %u commands of a mail count": "test-grammar writes such a mail",
}


def tokens(path):
    with open(path, encoding="utf-8") as source:
        text = re.sub(r"^#.*$", "", source.read(), flags=re.M)
    return [t for t in TOKEN.findall(text) if not t.startswith("/*")]


def text_of(literal):
    raw = literal[1:-1].encode("utf-8")
    raw = re.sub(rb"\\x([0-9a-fA-F]{2})", lambda m: bytes([int(m.group(1), 16)]), raw)
    for escape, byte in ((rb'\"', b'"'), (rb"\n", b"\n"), (rb"\\", b"\\")):
        raw = raw.replace(escape, byte)
    return raw.decode("utf-8")


def arguments(words, at):
    """The arguments of the call whose "(" is words[at], as lists of tokens."""
    depth, found = 0, [[]]
    for word in words[at:]:
        depth += word in "([{"
        if depth == 1 and word == ",":
            found.append([])
        elif depth > 1 or word not in "([{)]}":
            found[-1].append(word)
        depth -= word in ")]}"
        if depth == 0:
            return found
    return found


def literals(argument):
    """The texts in an argument, neighbours joined."""
    found, joined = [], False
    for word in argument:
        if word.startswith('"'):
            if joined:
                found[-1] += text_of(word)
            else:
                found.append(text_of(word))
        joined = word.startswith('"')
    return [text for text in found if " " in text]


def reasons():
    """{reason as a format: file}"""
    found = {}
    for path in sorted(glob.glob(os.path.join(SRC, "parsers", "*.c"))):
        name = os.path.basename(path)
        words = tokens(path)
        for i, word in enumerate(words[:-1]):
            where = REASONS.get(f"{name}:{word}", REASONS.get(word))
            texts = []
            if where is not None and words[i + 1] == "(":
                args = arguments(words, i + 1)
                texts = literals(args[where]) if len(args) > where else []
            elif word == "why" and words[i + 1:i + 3] == ["=", "arena_printf"]:
                texts = literals(arguments(words, i + 3)[1])
            for text in texts:
                found[text] = name
    return found


def pattern(text):
    parts = re.split(r"%(?:\.\*s|0?\d*l*[sdu])", text)
    return re.compile(".*".join(re.escape(part) for part in parts), re.S)


def verbs():
    """[{name, aliases, synopsis, examples}] of the table."""
    words = tokens(os.path.join(SRC, "parsers", "verb_table.c"))
    found, at = [], words.index("{") + 1
    while words[at] == "{":
        args = arguments(words, at)
        texts = ["".join(text_of(w) for w in arg if w.startswith('"')) for arg in args]
        found.append({"name": texts[0], "aliases": texts[1].split(), "synopsis": texts[5],
                      "examples": texts[8].splitlines()})
        depth = 0
        while True:
            depth += (words[at] == "{") - (words[at] == "}")
            at += 1
            if depth == 0:
                break
        at += words[at] == ","
    return found


def readings():
    found = []
    for path in sorted(glob.glob(os.path.join(SRC, "tests", "golden", "reading", "*.json"))):
        with open(path, encoding="utf-8") as lines:
            found.append(json.load(lines))
    return found


class Told(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.readings = readings()
        cls.verbs = verbs()

    def test_each_verb_has_a_reading(self):
        seen = {c["verb"] for r in self.readings for c in r.get("commands", [])}
        self.assertGreater(len(self.verbs), 40)
        self.assertEqual([v["name"] for v in self.verbs if v["name"] not in seen], [])

    def test_each_section_has_a_reading(self):
        seen = {s["kind"] for r in self.readings for s in r.get("sections", [])}
        self.assertEqual(seen, {"done", "next", "blocked", "goals", "time", "notes"})

    def test_each_refusal_has_a_reading(self):
        seen = {e["why"] for r in self.readings for e in r.get("errors", [])}
        known = reasons()
        self.assertGreater(len(known), 80)
        lacking = [f"{name}: {text}" for text, name in sorted(known.items())
                   if text not in ELSEWHERE and not any(map(pattern(text).fullmatch, seen))]
        self.assertEqual(lacking, [])

    def test_help_holds_every_form(self):
        whole = self.help("mail")
        for verb in self.verbs:
            form = f"/{verb['name']} {verb['synopsis']}".strip()
            self.assertIn(f"  {form}", whole)
            one = self.help("/" + verb["name"])
            self.assertTrue(one.startswith(form), one)
            for alias in verb["aliases"]:
                self.assertIn(f"/{alias}", one)
            for example in verb["examples"]:
                self.assertIn(f"  {example}\n", one)

    def test_man_page_holds_every_form(self):
        with open(os.path.join(SRC, "doc", "tidings-commands.7"), encoding="utf-8") as page:
            text = page.read().replace("\\-", "-")
        for verb in self.verbs:
            form = f"/{verb['name']} {verb['synopsis']}".strip()
            self.assertIn(f'.It Li "{form}"\n', text)
            for alias in verb["aliases"]:
                self.assertRegex(text, rf"/{re.escape(alias)}[.,]")
            for example in verb["examples"]:
                self.assertIn(example + "\n", text)

    def help(self, word):
        run = subprocess.run([os.path.join(BUILD, "tidings"), "help", word], check=True,
                             capture_output=True, text=True, timeout=60)
        return run.stdout


if __name__ == "__main__":
    unittest.main()
