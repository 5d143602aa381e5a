# SPDX-License-Identifier: ISC
"""A week of a team through real servers: a decision that is asked, answered by replies and by the
links of the mail, objected to and closed; a timer that was forgotten; a time sheet that is handed
in, sent back, approved and locked; a person who is invited and taken off. Each mail that goes out
passes the lint."""
import html
import os
import re
import sys
import tempfile
import unittest
import urllib.parse

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "tests", "lint")]
import maillint  # noqa: E402
from rig import servers, stage as stages  # noqa: E402

TEAM = {
    "name": "platform", "title": "Platform", "address": "platform@example.org",
    "zone": "Europe/Lisbon",
    "people": [
        ("ana@example.org", "Ana Lima", "Europe/Lisbon", "lead"),
        ("ben@example.org", "Ben Ode", "Europe/Lisbon", "member"),
        ("chi@example.org", "Chi Sato", "Europe/Berlin", "member"),
        ("eli@example.org", "Eli Roy", "Europe/Lisbon", "guest"),
    ],
}
ANA, BEN, CHI, ELI = (p[0] for p in TEAM["people"])
KINDS = {"ack": "answer", "error": "answer", "answer": "answer", "digest": "digest",
         "item": "item", "time": "call", "welcome": "call", "role": "call",
         "quarantine": "quarantine"}


def text_of(mail):
    return " ".join(mail.get_body(("plain",)).get_content().split())


class Work(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="tw")
        self.addCleanup(folder.cleanup)
        try:
            self.stage = stages.Stage(folder.name, TEAM, begin="2026-11-23T10:00:00Z")
            self.stage.__enter__()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.addCleanup(self.stage.__exit__)
        self.stage.start()

    def follow(self, who, mail, label):
        """What a mail program does with a link of that text: a mail, sent as it is prepared."""
        page = mail.get_body(("html",)).get_content()
        links = {html.unescape(t): html.unescape(h) for h, t in
                 re.findall(r'<a class="link" href="([^"]*)"[^>]*>([^<]*)</a>', page)}
        self.assertIn(label, links)
        link = urllib.parse.urlparse(links[label])
        fields = dict(urllib.parse.parse_qsl(link.query))
        self.stage.mail(who, link.path, fields["subject"], fields["body"] + "\n")

    def show(self, number):
        return self.stage.json("show", str(number))[0]

    def lint(self):
        for kind, raw in self.stage.query("SELECT kind, bytes FROM outbox ORDER BY id"):
            if kind == "invite":
                kind = "cancel" if b"method=CANCEL" in bytes(raw) else "invite"
            faults = maillint.lint(bytes(raw), KINDS.get(kind, kind))
            self.assertEqual(faults, [], raw.decode())

    def test_a_decision(self):
        stage = self.stage
        stage.mail(ANA, TEAM["address"], "decide: Which store? by 2026-11-25 17:00",
                   "We need one for the queue.\n\n- LMDB\n- SQLite\n- Use both\n")
        stage.settle()
        asked = stage.find(BEN, "[#1] Which store?")
        self.assertIn("Ana Lima asks Platform to decide #1. We need one for the queue.",
                      text_of(asked))
        self.assertIn("Closes: Wed 25 Nov 2026, 17:00 (Europe/Lisbon)", text_of(asked))
        self.assertEqual([m["Subject"] for m in stage.inbox(ELI)], [])
        # by the link, by a reply with the mail quoted below, by a member and by a guest
        self.follow(BEN, asked, "Vote for SQLite")
        stage.reply(CHI, stage.find(CHI, "[#1]"), "/object no backup for any of them\n")
        stage.mail(ELI, TEAM["address"], "hello", "/vote #1 2\n")
        stage.settle()
        self.assertIn("This needs the role member in Platform; you are a guest there.",
                      text_of(stage.find(ELI, "Re: hello")))
        self.assertIn("Chi Sato objects to #1: no backup for any of them",
                      text_of(stage.find(ANA, "[#1]")))
        self.assertEqual((self.show(1)["answered"], self.show(1)["asked"]), (2, 3))
        stage.clock("2026-11-25T08:30:10Z")
        stage.settle()
        self.assertIn("#1 Which store? 2 of 3 answered, 1 objection, closes today 17:00",
                      text_of(stage.find(ANA, "Platform daily")))
        # the objection holds it open past its date; when it goes, it closes by itself
        stage.clock("2026-11-25T17:00:10Z")
        stage.settle()
        self.assertEqual(self.show(1)["state"], "open")
        stage.clock("2026-11-26T09:00:10Z")
        stage.settle()
        self.assertIn("The date of #1 has come, and an objection stands",
                      text_of(stage.find(ANA, "[#1]")))
        stage.reply(CHI, stage.find(CHI, "[#1]"), "/vote 2\n")
        stage.settle()
        self.assertEqual((self.show(1)["outcome"], self.show(1)["outcome_how"]),
                         ("SQLite", "vote"))
        for who in (ANA, BEN, CHI):
            self.assertIn("The decision on #1: SQLite.", text_of(stage.find(who, "[#1]")))
        self.assertEqual([i["outcome"] for i in stage.json("list", "decisions")], ["SQLite"])
        self.assertEqual(stage.json("search", "backup")[0]["number"], 1)
        self.lint()

    def test_who_is_in_the_team(self):
        """A stranger is invited, welcomed in their hours, writes, and is taken off again."""
        stage = self.stage
        stage.tidings("person", "remove", ELI, "--yes")
        stage.tidings("team", "set", "platform", "--core", "mon-thu 14:00-17:00")
        stage.mail(ELI, TEAM["address"], "let me in", "hello\n")
        stage.clock("2026-11-23T20:00:00Z")
        stage.mail(ANA, TEAM["address"], "Eli", f"/invite {ELI} Eli Roy\n")
        stage.settle()
        self.assertIn("Eli Roy (eli@example.org, @eli) is a member of Platform now",
                      text_of(stage.find(ANA, "Re: Eli")))
        self.assertNotIn("Welcome to Platform", [m["Subject"] for m in stage.inbox(ELI)])
        stage.clock("2026-11-24T09:00:10Z")
        stage.settle()
        self.assertIn("Ana Lima added you to Platform, with the role member.",
                      text_of(stage.find(ELI, "Welcome to Platform")))
        stage.find(ELI, "Platform core hours: ")
        stage.reply(ELI, stage.find(ELI, "Welcome to Platform"), "task: never\n")
        stage.mail(ELI, TEAM["address"], "task: Water the plants @eli", "")
        stage.settle()
        self.assertEqual(self.show(1)["owners"], ["eli"])
        stage.mail(ANA, TEAM["address"], "bye", "/remove @eli\n/remove @ana\n")
        stage.settle()
        told = text_of(stage.find(ANA, "Re: bye"))
        self.assertIn("1 open item is without an owner now: #1.", told)
        self.assertIn("Ana Lima is the only lead of Platform", told)
        self.assertEqual(stage.json("person", "show", "eli")["teams"], [])
        stage.clock("2026-11-24T09:10:10Z")
        stage.settle()
        stage.find(ELI, "Cancelled: Platform core hours")
        self.lint()

    def test_a_week_of_time(self):
        stage = self.stage
        stage.tidings("person", "set", BEN, "--target", "8h/day")
        stage.tidings("team", "set", "platform", "--round", "15m up")
        stage.mail(BEN, TEAM["address"], "task: Fix login @ben", "")
        stage.settle()
        stage.mail(BEN, TEAM["address"], "time", "/start #1\n")
        stage.settle()
        # forgotten: stopped at the end of the day, asked about in the morning, logged by the link
        stage.clock("2026-11-23T17:00:10Z")
        stage.settle()
        self.assertEqual(stage.query("SELECT count(*) FROM timer"), [(0,)])
        stage.clock("2026-11-24T09:00:10Z")
        stage.settle()
        self.follow(BEN, stage.find(BEN, "Your timer on #1 was stopped"), "Log 7h")
        stage.mail(BEN, TEAM["address"], "time", 
                   "/spend 09:00-10:10 #1 review\n/spend 09:30-10:00 +web call\n")
        stage.mail(BEN, TEAM["address"], "away", "/off 2026-11-26\n")
        stage.settle()
        sheet = stage.json("timesheet", BEN, "2026-W48")
        self.assertEqual(sheet["seconds"], (7 * 60 + 75 + 30) * 60)
        self.assertEqual(sheet["target_seconds"], 32 * 3600)
        self.assertIn("overlaps with 09:00-10:10", text_of(stage.find(BEN, "Re: time")))
        # the week is over: he is asked, hands it in, it comes back, he hands it in again
        stage.clock("2026-11-30T09:00:10Z")
        stage.settle()
        self.follow(BEN, stage.find(BEN, "Your time sheet of 2026-W48"), "Hand in 2026-W48")
        stage.settle()
        waits = stage.find(ANA, "A time sheet waits for you")
        self.assertIn("Ben Ode, 2026-W48: 8h 45m of 32h", text_of(waits))
        stage.reply(ANA, waits, "/reject 2026-W48 @ben the call is billable\n")
        stage.settle()
        back = stage.find(BEN, "Your time sheet of 2026-W48 came back")
        self.assertIn("the call is billable", text_of(back))
        stage.reply(BEN, back, "/submit 2026-W48\n")
        stage.settle()
        self.follow(ANA, stage.find(ANA, "A time sheet waits"), "Approve 2026-W48 of Ben Ode")
        stage.settle()
        stage.find(BEN, "Your time sheet of 2026-W48 is approved")
        # locked: for him, not for the lead, whose correction is seen
        stage.mail(BEN, TEAM["address"], "more", "/spend 1h 2026-11-27\n")
        stage.mail(ANA, TEAM["address"], "mend", "/spend -30m 2026-11-24 +web for:@ben not ours\n")
        stage.settle()
        self.assertIn("2026-W48 is approved and locked", text_of(stage.find(BEN, "Re: more")))
        self.assertIn("-30m +web (correction by Ana Lima) not ours",
                      stage.tidings("timesheet", BEN, "2026-W48"))
        self.lint()


if __name__ == "__main__":
    unittest.main()
