# SPDX-License-Identifier: ISC
"""A day of a team in three time zones, through real servers, from the first mail to the digests.

The day is the one that contrib/quickstart shows. What it leaves in the store and in every mailbox
is written down here; the texts that people get stand in tests/golden/day. Played once as it is
and once with the daemon stopped and started before every step, it ends the same.
"""
import email
import email.policy
import os
import re
import sys
import tempfile
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "tests", "lint"),
                os.path.join(SOURCE, "contrib", "demo")]
import day  # noqa: E402
import maillint  # noqa: E402
from rig import servers, stage as stages  # noqa: E402

GOLDEN = os.path.join(SOURCE, "tests", "golden", "day")
ANA, BEN, CHI = (p[0] for p in stages.PLATFORM["people"])
KINDS = {"ack": "answer", "error": "answer", "confirm": "answer", "digest": "digest",
         "invite": "invite", "quarantine": "quarantine", "item": "item", "prompt": "prompt"}

OUTCOMES = {  # by label; "applied" without a word where nothing is said
    "Chi: two lines that are wrong": ("applied", "some lines had no effect"),
    "Ben: out of office, by his mail program": ("ignored", "automatic reply"),
    "A bounce": ("ignored", "bounce"),
    "A stranger": ("quarantined", "unknown sender"),
    "A newsletter": ("ignored", "mailing list"),
}
ITEMS = [  # number, title, state, why blocked, owners, due day, zone, project, priority, estimate
    (1, "Migrate the mail queue", "blocked", "waiting for disk quota", "ana",
     "2026-11-27", "Europe/Lisbon", "2026-11-28T00:00:00Z", "mail", 1, 0),
    (2, "Publish the Debian package", "done", None, "ben",
     "2026-11-25", "Europe/Lisbon", "2026-11-26T00:00:00Z", None, 0, 3 * 3600),
    (3, "Limits for the parser", "open", None, "ana,chi",
     "2026-12-04", "Asia/Tokyo", "2026-12-04T15:00:00Z", None, 2, 0),
    (4, "Order the new disks", "open", None, "", None, None, None, None, 0, 0),
    (5, "Say thanks to the testers", "open", None, "", None, None, None, None, 0, 0),
]
TAGS = [(2, "packaging")]
TIMES = [  # who, day, minutes, item, project, begun, note
    ("ana", "2026-11-23", 45, None, None, None, "Answered the auditors"),
    ("ana", "2026-11-23", 90, None, "mail", "2026-11-23T09:00:00Z", "stand-up and review"),
    ("ana", "2026-11-23", 90, 1, "mail", None, "copied the old queue"),
    ("ana", "2026-11-23", 120, 1, "mail", None, "cleaned the queue"),
    ("ben", "2026-11-23", 45, 2, None, None, "read the policy"),
    ("ben", "2026-11-23", 120, 2, None, None, ""),
    ("chi", "2026-11-23", 45, None, None, None, "Read the RFC again"),
    ("chi", "2026-11-23", 120, 3, None, None, "drafted the limits"),
]
UPDATES = [("ana", "2026-11-23"), ("ben", "2026-11-23"), ("chi", "2026-11-23")]
LINES = [
    ("ana", "done", "Answered the auditors", None),
    ("ana", "next", "Queue: move the archive", None),
    ("ben", "notes", "30 min late today, I am at my desk by ten.", None),
    ("ben", "done", "Published the package #2", 2),
    ("ben", "next", "Rest", None),
    ("ben", "next", "Order the disks #4", 4),
    ("chi", "done", "Drafted the limits #3", 3),
    ("chi", "done", "Read the RFC again", None),
    ("chi", "next", "Tests for #3", 3),
    ("chi", "blocked", "The review of #3", 3),
]
ABSENCES = [("ana", "2026-11-26", "2026-11-26", "holiday", "ben")]
CORE = "Platform core hours: Mon-Thu 14:00-17:00 (Europe/Berlin)"
CORE_OFF = "Platform core hours, without your days off"
INBOXES = {
    ANA: [CORE, CORE_OFF, "Re: task: Migrate the mail queue +mail @ana p1 due:fri",
          "Re: task: Publish the Debian package @ben due:wed #packaging est:3h",
          "Re: Order the new disks", "[#3] Limits for the parser",
          "Platform daily, Tue 24 Nov: 3 need you",
          "Platform: 1 mail was kept aside, Tue 24 Nov"],
    BEN: [CORE, "[#2] Publish the Debian package", "Platform daily, Mon 23 Nov: 1 needs you",
          "Platform daily, Tue 24 Nov"],
    CHI: [CORE, "Re: task: Limits for the parser", "Re: task: Limits for the parser",
          "Re: task: Say thanks to the testers", "Platform daily, Tue 24 Nov"],
    "mallory@example.net": [], "news@example.net": [],
}
ACKS = {ANA: [(1, "Migrate the mail queue"), (2, "Publish the Debian package"),
              (4, "Order the new disks")],
        BEN: [], CHI: [(3, "Limits for the parser"), (5, "Say thanks to the testers")]}
# Who gets a digest when, in UTC: 08:30 in New York, Tokyo, Lisbon, New York
FIRST = (BEN, "2026-11-23T13:29:10Z", "2026-11-23T13:30:05Z")
MORNINGS = [(CHI, "2026-11-23T23:29:10Z", "2026-11-23T23:30:05Z"),
            (ANA, "2026-11-24T08:29:10Z", "2026-11-24T08:30:05Z"),
            (BEN, "2026-11-24T13:29:10Z", "2026-11-24T13:30:05Z")]


def body(mail, kind="plain"):
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


def digests(stage, who):
    return [m for m in stage.inbox(who) if (m["Subject"] or "").startswith("Platform daily")]


def due_digest(stage, at, who, before, after):
    """A minute before there is none; at the time there is one. Gives what is wrong."""
    count = len(digests(stage, who))
    at(before)
    stage.settle()
    early = len(digests(stage, who)) - count
    at(after)
    stage.settle()
    total = len(digests(stage, who)) - count
    return [] if (early, total) == (0, 1) else [(who, after, early, total)]


class Steps(day.Day):
    """The day, with a check of the minute before each digest; restarts between the steps."""

    def __init__(self, stage, restarts):
        super().__init__(stage, lambda text: None)
        self.restarts, self.wrong = restarts, []

    def at(self, time):
        if self.restarts:
            code = self.stage.stop()
            if code != 0:
                self.wrong.append(("exit", code))
            self.stage.start()
        super().at(time)

    def play(self):
        self.morning()
        self.replies()
        self.wrong += due_digest(self.stage, self.at, *FIRST)
        self.afternoon()
        self.evening()
        for who, before, after in MORNINGS:
            self.wrong += due_digest(self.stage, self.at, who, before, after)


class Played:
    """What a played day left behind."""

    def __init__(self, restarts):
        with tempfile.TemporaryDirectory() as folder, \
                stages.Stage(folder, dict(stages.PLATFORM)) as stage:
            stage.start()
            steps = Steps(stage, restarts)
            steps.play()
            self.wrong = steps.wrong
            self.take(stage, steps.sent)
            self.shown = {words: stage.try_tidings(*words.split()).stdout for words in (
                "status", "outbox list", "quarantine list", "digest ana@example.org",
                "team show platform")}
            self.change_core(stage)
            self.spring(stage)
            self.check_in(stage)
            self.wrong += [("exit", code) for code in [stage.stop()] if code != 0]
            self.log = stage.log_tail(100000)

    def take(self, stage, sent):
        ask = stage.query
        self.outcomes = {mid: tuple(rest) for mid, *rest in ask(
            "SELECT mid, outcome, why FROM message")}
        self.labels = [(label, mid.strip("<>")) for label, mid in sent]
        self.times_seen = ask("SELECT mid, count(*) FROM message GROUP BY mid")
        self.items = ask("""SELECT number, title, state, blocked_why, coalesce((SELECT
            group_concat(h) FROM (SELECT handle AS h FROM person WHERE id = owner_id OR id IN
            (SELECT person_id FROM item_owner WHERE item_id = item.id) ORDER BY h)), ''),
            due_day, due_zone, strftime('%Y-%m-%dT%H:%M:%SZ', due_at, 'unixepoch'), project,
            priority, estimate FROM item ORDER BY number""")
        self.tags = ask("SELECT number, tag FROM item_tag JOIN item ON item.id = item_id")
        self.times = ask("""SELECT handle, day, seconds / 60, number, entry.project,
            strftime('%Y-%m-%dT%H:%M:%SZ', started_at, 'unixepoch'), note FROM entry
            JOIN person ON person.id = person_id LEFT JOIN item ON item.id = item_id
            ORDER BY handle, day, seconds, coalesce(number, 0), entry.project""")
        self.updates = ask("""SELECT handle, day FROM status_update
            JOIN person ON person.id = person_id ORDER BY handle, day""")
        self.lines = ask("""SELECT handle, section, text, number FROM update_line
            JOIN status_update s ON s.id = update_id JOIN person ON person.id = s.person_id
            LEFT JOIN item ON item.id = item_id ORDER BY handle, position""")
        self.absences = ask("""SELECT p.handle, first_day, last_day, kind, c.handle FROM absence
            JOIN person p ON p.id = person_id JOIN person c ON c.id = cover_id""")
        self.quarantined = ask("SELECT from_address, subject, state FROM quarantine")
        self.inboxes = {who: stage.inbox(who) for who in INBOXES}
        self.raw = [(kind, rcpt, bytes(raw)) for kind, rcpt, raw in ask(
            "SELECT kind, rcpt, bytes FROM outbox ORDER BY id")]
        self.unsent = ask("SELECT id, kind, state FROM outbox WHERE state <> 'sent'")

    def change_core(self, stage):
        """Other core hours on Wednesday at noon in Berlin, and everyone's working hours after."""
        stage.clock("2026-11-25T11:00:00Z")
        stage.settle()
        stage.tidings("team", "set", "platform", "--core", "tue-fri 15:00-16:30")
        for time in ("2026-11-25T15:00:00Z", "2026-11-26T01:00:00Z", "2026-11-27T10:00:00Z"):
            stage.clock(time)
            stage.settle()
        self.second = {who: [m for m in stage.inbox(who) if "15:00-16:30" in m["Subject"]]
                       for who in stage.people}
        self.raw += [(kind, rcpt, bytes(raw)) for kind, rcpt, raw in stage.query(
            "SELECT kind, rcpt, bytes FROM outbox WHERE created_at > ?",
            stages.utc("2026-11-25T10:00:00Z"))]

    def spring(self, stage):
        """The days around the change of the clocks; they work on Sundays, too, and each has a
        blocked task, so that there is something to tell every day."""
        self.late = []
        stage.mail(BEN, stage.team["address"], "task: Renew the certificate @ben",
                   "/block waiting for the registrar\n")
        stage.settle()
        for who in (ANA, BEN):
            stage.tidings("person", "set", who, "--hours", "mon-sun 09:00-17:00")
        for who, start, mornings in (
                (BEN, "2027-03-12T20:00:00Z", ("2027-03-13T13", "2027-03-14T12", "2027-03-15T12")),
                (ANA, "2027-03-26T20:00:00Z", ("2027-03-27T08", "2027-03-28T07", "2027-03-29T07"))):
            stage.clock(start)
            stage.settle()
            for hour in mornings:
                self.late += due_digest(stage, stage.clock, who, hour + ":29:10Z", hour + ":30:05Z")
            stage.clock(mornings[-1][:10] + "T22:00:00Z")
            stage.settle()
        self.days = [key for key, in stage.query("""SELECT dedupe_key FROM outbox WHERE
            kind = 'digest' AND (person_id = 2 AND dedupe_key BETWEEN 'digest:1:2:2027-03-13' AND
            'digest:1:2:2027-03-15' OR person_id = 1 AND dedupe_key BETWEEN
            'digest:1:1:2027-03-27' AND 'digest:1:1:2027-03-29') ORDER BY id""")]

    def check_in(self, stage):
        """A Tuesday: everyone is asked at the end of their own day, but Ben, who has written."""
        self.asked = []
        self.prompt(stage, CHI, "2027-03-30T07:29:50Z", "2027-03-30T07:30:05Z")
        stage.reply(CHI, stage.find(CHI, "check-in, Tue 30 Mar"),
                    "Done: the tests of #3\n45m #3 reading\n\nNext: rest\n")
        stage.settle()
        stage.stop()
        stage.start()
        self.prompt(stage, CHI, "2027-03-30T07:35:00Z", "2027-03-30T07:45:00Z")
        self.prompt(stage, ANA, "2027-03-30T15:29:50Z", "2027-03-30T15:30:05Z")
        stage.mail(BEN, stage.team["address"], "update: Tuesday", "Renewed the certificate.\n")
        stage.settle()
        self.prompt(stage, BEN, "2027-03-30T20:29:50Z", "2027-03-30T20:30:05Z")
        self.answers = {who: stage.find(who, "check-in, Tue 30 Mar") for who in (ANA, CHI)}
        # Ana answers the morning after, in her own words and in one of the three
        stage.clock("2027-03-31T08:10:00Z")
        stage.reply(ANA, self.answers[ANA], "The archive is moved.\n\nsame\n")
        stage.settle()
        self.told = stage.query("""SELECT handle, day, section, text FROM update_line
            JOIN status_update s ON s.id = update_id JOIN person ON person.id = s.person_id
            WHERE day > '2027-01-01' ORDER BY handle, position""")
        self.logged = stage.query("SELECT day, seconds FROM entry WHERE day > '2027-01-01'")
        stage.clock("2027-03-31T13:30:05Z")
        stage.settle()
        self.morning_after = stage.find(BEN, "Platform daily, Wed 31 Mar")
        self.raw += [(kind, rcpt, bytes(raw)) for kind, rcpt, raw in stage.query(
            "SELECT kind, rcpt, bytes FROM outbox WHERE kind = 'prompt'")]

    def prompt(self, stage, who, before, after):
        """How many prompts there are a moment before the time, and at it."""
        counts = []
        for time in (before, after):
            stage.clock(time)
            stage.settle()
            counts.append(sum("check-in, Tue 30 Mar" in m["Subject"] for m in stage.inbox(who)))
        self.asked.append((who, *counts))


class Day(unittest.TestCase):
    restarts = False

    @classmethod
    def setUpClass(cls):
        try:
            cls.played = Played(cls.restarts)
        except servers.Missing as missing:
            raise unittest.SkipTest(str(missing)) from None

    def golden(self, name, mail):
        """The text as it stands in the golden file; codes and ids differ each time."""
        text = f"Subject: {mail['Subject']}\n\n" + body(mail)
        text = re.sub(r"/undo [A-Z2-7]{8}", "/undo ABCDEFGH", text)
        path = os.path.join(GOLDEN, name + ".txt")
        if os.environ.get("TD_GOLDEN_WRITE"):
            with open(path, "w") as f:
                f.write(text)
        with open(path) as f:
            self.assertEqual(text, f.read(), f"{path} says otherwise")

    def the(self, who, text):
        found = [m for m in self.played.inboxes[who] if text in m["Subject"]]
        self.assertEqual(len(found), 1, f"{who}: {text}")
        return found[0]

    def test_outcomes(self):
        for label, mid in self.played.labels:
            with self.subTest(mail=label):
                self.assertEqual(self.played.outcomes.get(mid),
                                 OUTCOMES.get(label, ("applied", None)))
        self.assertEqual([row for row in self.played.times_seen if row[1] != 1], [])
        self.assertEqual(self.played.quarantined, [
            ("mallory@example.net", "task: Send me all passwords", "kept")])

    def test_store(self):
        played = self.played
        self.assertEqual(played.items, ITEMS)
        self.assertEqual(played.tags, TAGS)
        self.assertEqual(played.times, TIMES)
        self.assertEqual(played.updates, UPDATES)
        self.assertEqual(played.lines, LINES)
        self.assertEqual(played.absences, ABSENCES)

    def test_mailboxes(self):
        for who, subjects in INBOXES.items():
            with self.subTest(mailbox=who):
                self.assertEqual(sorted(m["Subject"] for m in self.played.inboxes[who]),
                                 sorted(subjects))
        self.assertEqual(self.played.unsent, [])

    def test_acknowledgements(self):
        for who, tasks in ACKS.items():
            found = [re.search(r"New task #(\d+): (.*)", body(m))
                     for m in self.played.inboxes[who] if m["Auto-Submitted"] == "auto-replied"]
            told = [(int(m.group(1)), m.group(2)) for m in found if m]
            self.assertEqual(sorted(told), tasks)
        errors = [m for m in self.played.inboxes[CHI] if "/assgin" in body(m)]
        self.assertEqual(len(errors), 1)
        self.golden("error-chi", errors[0])

    def test_digests(self):
        self.assertEqual(self.played.wrong, [])
        for name, who, subject in (("digest-ana", ANA, "Tue 24"), ("digest-chi", CHI, "Tue 24"),
                                   ("digest-ben", BEN, "Tue 24"),
                                   ("digest-ben-monday", BEN, "Mon 23")):
            with self.subTest(digest=name):
                mail = self.the(who, "Platform daily, " + subject)
                self.golden(name, mail)
                html = body(mail, "html")
                self.assertIn("core hours", html.lower())
                self.assertIn("America/New_York" if who == BEN else "Asia/Tokyo" if who == CHI
                              else "Europe/Lisbon", html)
        self.golden("quarantine-ana", self.the(ANA, "kept aside"))

    def test_invites(self):
        for who in (ANA, BEN, CHI):
            first = self.the(who, CORE)
            self.invite(first, who, 0, "MO,TU,WE,TH", "20261123T140000", "20261123T170000")
            self.assertEqual(len(self.played.second[who]), 1, who)
            second = self.played.second[who][0]
            # above what Ana was sent for her holiday
            self.invite(second, who, 2, "TU,WE,TH,FR", None, None)
            self.assertEqual(self.line(first, "UID"), self.line(second, "UID"))
            self.assertLess(self.line(first, "DTSTAMP"), self.line(second, "DTSTAMP"))
        off = self.the(ANA, CORE_OFF)
        self.invite(off, ANA, 1, "MO,TU,WE,TH", "20261123T140000", "20261123T170000")
        self.assertEqual(self.line(off, "EXDATE"), "TZID=Europe/Berlin:20261126T140000")
        self.assertIn("Left out, because you are off: Thu 26 Nov 2026.", body(off))

    def line(self, mail, name):
        part = next(p for p in mail.walk() if p.get_content_type() == "text/calendar")
        text = re.sub("\r?\n[ \t]", "", part.get_content())
        found = re.findall(rf"(?m)^{name}[:;](.*?)\r?$", text[text.index("BEGIN:VEVENT"):])
        self.assertEqual(len(found), 1, f"{name} in {text}")
        return found[0]

    def invite(self, mail, who, sequence, days, start, end):
        self.assertEqual(self.line(mail, "SEQUENCE"), str(sequence))
        self.assertTrue(self.line(mail, "ATTENDEE").endswith("mailto:" + who))
        self.assertEqual(self.line(mail, "RRULE"), "FREQ=WEEKLY;BYDAY=" + days)
        if start is not None:
            self.assertEqual(self.line(mail, "DTSTART"), "TZID=Europe/Berlin:" + start)
            self.assertEqual(self.line(mail, "DTEND"), "TZID=Europe/Berlin:" + end)

    def test_rules_of_mail(self):
        self.assertGreaterEqual(len(self.played.raw), 17)
        for kind, rcpt, raw in self.played.raw:
            mail = email.message_from_bytes(raw, policy=email.policy.default)
            with self.subTest(kind=kind, to=rcpt, subject=mail["Subject"]):
                self.assertEqual(maillint.lint(raw, KINDS[kind]), [])

    def test_spring(self):
        self.assertEqual(self.played.late, [])
        self.assertEqual(self.played.days, [
            f"digest:1:{person}:2027-03-{day_}" for person, day_ in (
                (2, 13), (2, 14), (2, 15), (1, 27), (1, 28), (1, 29))])

    def test_check_in(self):
        played = self.played
        self.assertEqual(played.asked, [(CHI, 0, 1), (CHI, 1, 1), (ANA, 0, 1), (BEN, 0, 0)])
        for name, who in (("prompt-ana", ANA), ("prompt-chi", CHI)):
            self.golden(name, played.answers[who])
        self.assertEqual(played.told, [
            ("ana", "2027-03-30", "notes", "The archive is moved."),
            ("ana", "2027-03-30", "next", "Queue: move the archive"),
            ("ben", "2027-03-30", "notes", "Renewed the certificate."),
            ("chi", "2027-03-30", "done", "the tests of #3"),
            ("chi", "2027-03-30", "next", "rest")])
        self.assertEqual(played.logged, [("2027-03-30", 45 * 60)])
        self.golden("digest-ben-after", played.morning_after)

    def test_log(self):
        """Nothing went wrong that was only noted, and no sanitizer had anything to say."""
        wrong = [line for line in self.played.log.splitlines() if re.search(
            r"Sanitizer|runtime error|worker died|^\S+ [a-z]+ error ", line)]
        self.assertEqual(wrong, [])

    def test_tool(self):
        shown = self.played.shown
        self.assertRegex(shown["status"], r"Outbox: +0 queued, 0 sending, 17 sent, 0 failed")
        self.assertRegex(shown["status"], r"(?m)^Quarantine: 1$")
        self.assertEqual(len(shown["outbox list"].splitlines()), 18)
        self.assertRegex(shown["quarantine list"], r"mallory@example.net +task: Send me all "
                         r"passwords +unknown sender +kept")
        self.assertIn("#1 Migrate the mail queue", shown["digest ana@example.org"])
        self.assertRegex(shown["team show platform"], r"Core hours: +mon-thu 14:00-17:00")


class Restarted(Day):
    """The same with the daemon stopped and started before every step."""
    restarts = True


if __name__ == "__main__":
    unittest.main()
