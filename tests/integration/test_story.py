# SPDX-License-Identifier: ISC
"""Two weeks of a team of five in five time zones, and of a customer, through real servers.

What they write, some 300 mails, stands in tests/story, a file a day. What each of them got stands
in tests/golden/story, a file a person, and what was left at the end in state.txt beside them. The
change of Europe's clocks falls in the middle. TD_GOLDEN_WRITE=1 writes the golden files again;
read them before you commit them.
"""
import datetime
import email.utils
import glob
import os
import re
import sys
import tempfile
import textwrap
import unittest
import zoneinfo

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "tests", "lint")]
import maillint  # noqa: E402
from rig import script, servers, stage as stages  # noqa: E402

GOLDEN = os.path.join(SOURCE, "tests", "golden", "story")
TEAM = {
    "name": "platform", "title": "Platform", "address": "platform@example.org",
    "zone": "Europe/Berlin", "core": "mon-thu 14:00-15:00",
    "people": [
        ("ana@example.org", "Ana Lima", "Europe/Lisbon", "lead"),
        ("ben@example.org", "Ben Ode", "America/New_York", "member"),
        ("chi@example.org", "Chi Sato", "Asia/Tokyo", "member"),
        ("dan@example.org", "Dan Moss", "Asia/Kolkata", "member"),
        ("eva@example.org", "Eva Rios", "America/Sao_Paulo", "lead"),
    ],
    "guests": ["fay@example.org"],  # a customer, whom Ana invites
}
FORMS = """forms: ( { name = "wishes"; from = "forms@example.org"; as = "ana@example.org";
	title = "What do you need?"; due = "Needed by"; } );
"""
ZONES = {p[0]: zoneinfo.ZoneInfo(p[2]) for p in TEAM["people"]}
ZONES["fay@example.org"] = zoneinfo.ZoneInfo(TEAM["zone"])
KINDS = {"ack": "answer", "error": "answer", "confirm": "answer", "page": "call", "remind": "call",
         "handover": "call", "time": "call", "role": "call",
         "welcome": "call"}
URGENT = ("URGENT",)
TRAVELS = (
    ("dan@example.org", "2026-10-30", "2026-11-03", zoneinfo.ZoneInfo("Europe/Lisbon")),
    ("ben@example.org", "2026-10-24", "2026-10-26", zoneinfo.ZoneInfo("Europe/Berlin")),
)
STATE = (  # what the tool shows at the end
    "list", "show #1", "show #4", "show #9", "show #13", "show #14", "show #16", "who",
    "list decisions", "timesheet ana 2026-W43", "timesheet chi 2026-W43",
    "timesheet eva 2026-W44", "quarantine list",
)


def plain(mail):
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def without_secrets(text):
    """Codes differ each time."""
    return re.sub(r"/undo [A-Z2-7]{8}", "/undo ABCDEFGH", text)


class Played:
    """The two weeks, and what they left."""

    def __init__(self):
        self.when = {}  # person: the time at which each mail came, in order
        with tempfile.TemporaryDirectory() as folder, \
                stages.Stage(folder, dict(TEAM), begin="2026-10-18T12:00:00Z",
                             extra=FORMS) as stage:
            self.people = stage.people + TEAM["guests"]
            stage.tidings("team", "set", "platform", "--oncall", "ana", "--emergency", "eva")
            stage.start()
            steps = []
            for path in sorted(glob.glob(os.path.join(SOURCE, "tests", "story", "*.txt"))):
                steps += script.read(path)
            self.sent = script.play(stage, steps, lambda step: self.note(stage))
            self.inboxes = {who: stage.inbox(who) for who in self.people}
            self.outcomes = {mid: tuple(rest) for mid, *rest in stage.query(
                "SELECT mid, outcome, why FROM message")}
            self.raw = [(kind, rcpt, bytes(raw)) for kind, rcpt, raw in stage.query(
                "SELECT kind, rcpt, bytes FROM outbox ORDER BY id")]
            self.order = {mid.strip("<>"): i for i, (mid,) in enumerate(stage.query(
                "SELECT mid FROM outbox ORDER BY id"))}
            self.state = "".join(
                f"$ tidings {words}\n{stage.try_tidings(*words.split()).stdout}\n"
                for words in STATE)
            self.code = stage.stop()
            self.log = stage.log_tail(1000000)

    def note(self, stage):
        for who in self.people:
            times = self.when.setdefault(who, [])
            times += [stage.now] * (len(stage.rig.dovecot.mails(who)) - len(times))

    @staticmethod
    def local(who, when):
        """The time where that person is."""
        utc = datetime.datetime.fromtimestamp(when, datetime.timezone.utc)
        for person, first, last, zone in TRAVELS:
            if who == person and first <= f"{utc.astimezone(zone):%Y-%m-%d}" <= last:
                return utc.astimezone(zone)
        return utc.astimezone(ZONES[who])

    def book(self, who):
        """Everything that one person got, as they would read it."""
        pages = []
        # two that left at the same moment may arrive in either order
        mails = zip(self.inboxes[who], self.when[who])
        for mail, when in sorted(mails, key=lambda one: (
                one[1], self.order[one[0]["Message-ID"].strip("<> ")])):
            local = self.local(who, when)
            pages.append(f"=== {local:%a %d %b %H:%M}  {mail['Subject']}\n\n"
                         + textwrap.indent(plain(mail), "  ", str.strip).rstrip() + "\n\n")
        return without_secrets("".join(pages))


class Story(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        try:
            cls.played = Played()
        except servers.Missing as missing:
            raise unittest.SkipTest(str(missing)) from None

    def golden(self, name, text):
        path = os.path.join(GOLDEN, name + ".txt")
        if os.environ.get("TD_GOLDEN_WRITE"):
            os.makedirs(GOLDEN, exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
        with open(path, encoding="utf-8") as f:
            self.maxDiff = 4000
            self.assertEqual(text, f.read(), f"{path} says otherwise")

    def test_every_mail_has_its_effect(self):
        odd = []
        for step, mid in self.played.sent:
            found = self.played.outcomes.get(mid.strip("<>"), ("lost", None))
            if found[0] != step.outcome:
                odd.append((step.place, step.outcome, *found))
        self.assertEqual(odd, [])

    def test_what_each_got(self):
        for who in self.played.inboxes:
            with self.subTest(person=who):
                self.golden(who.partition("@")[0], self.played.book(who))

    def test_state_at_the_end(self):
        self.golden("state", without_secrets(self.played.state))

    def test_rules_of_mail(self):
        for kind, rcpt, raw in self.played.raw:
            mail = email.message_from_bytes(raw)
            with self.subTest(kind=kind, to=rcpt, subject=mail["Subject"]):
                self.assertEqual(maillint.lint(raw, KINDS.get(kind, kind)), [])

    def test_nobody_is_disturbed(self):
        """Unasked mail comes on working days from 08:30 to 17:00 of its reader, and not to Ben
        while he is ill; only what is urgent may come at night."""
        early = []
        for who, mails in self.played.inboxes.items():
            for mail, when in zip(mails, self.played.when[who]):
                local = self.played.local(who, when)
                quiet = local.weekday() > 4 or not "08:30" <= f"{local:%H:%M}" <= "17:00"
                away = who.startswith("ben@") and local.month == 10 and local.day >= 28
                if (quiet or away) and mail["Auto-Submitted"] != "auto-replied" \
                        and not any(word in mail["Subject"] for word in URGENT):
                    early.append((who, f"{local:%a %d %b %H:%M}", mail["Subject"]))
        self.assertEqual(early, [])

    def test_log(self):
        self.assertEqual(self.played.code, 0)
        wrong = [line for line in self.played.log.splitlines() if re.search(
            r"Sanitizer|runtime error|worker died|^\S+ [a-z]+ error ", line)]
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    unittest.main()
