# SPDX-License-Identifier: ISC
"""Who may do what: what counts as authenticated, and what becomes of the rest.

Mails come in by LMTP with the headers that a border server, or a forger, would have written. The
daemon trusts results of mx.example.org only, and only above its Received line.
"""
import os
import sys
import tempfile
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "tests", "lint")]
import maillint  # noqa: E402
from rig import servers, stage as stages  # noqa: E402
from rig.servers import wait_for  # noqa: E402

ANA, BEN, CHI = (p[0] for p in stages.PLATFORM["people"])
TEAM = "platform@example.org"
BORDER = ("Received: from out.example.net (out.example.net [192.0.2.1]) by mx.example.org\r\n"
          "\twith ESMTPS id 1; Mon, 23 Nov 2026 15:00:00 +0000\r\n")
AUTH = "Authentication-Results: mx.example.org; {}\r\n"
PASS = AUTH.format("dmarc=pass header.from=example.org")
FROM_BEN = f"From: Ben Ode <{BEN}>\r\n"

# name: (trace and results above the mail's own headers, its From, what becomes of it)
MAILS = {
    "dmarc": (PASS + BORDER, FROM_BEN, "applied"),
    "dkim": (AUTH.format("spf=fail smtp.mailfrom=x.example.net; dkim=pass header.d=example.org") +
             BORDER, FROM_BEN, "applied"),
    "other case": (PASS.replace("mx.example", "MX.Example") + BORDER, FROM_BEN, "applied"),
    "nothing": (BORDER, FROM_BEN, "held"),
    "forged below": (BORDER + PASS, FROM_BEN, "held"),
    "forged border": (BORDER + PASS + BORDER, FROM_BEN, "held"),
    "another server": (PASS.replace("mx.example.org", "mx.example.net") + BORDER, FROM_BEN, "held"),
    "longer name": (PASS.replace("mx.example.org", "mx.example.org.example.net") + BORDER,
                    FROM_BEN, "held"),
    "no border": (PASS, FROM_BEN, "held"),
    "spf alone": (AUTH.format("spf=pass smtp.mailfrom=example.org") + BORDER, FROM_BEN, "held"),
    "another signer": (AUTH.format("dkim=pass header.d=example.net") + BORDER, FROM_BEN, "held"),
    "dmarc of another": (AUTH.format("dmarc=pass header.from=example.net") + BORDER, FROM_BEN,
                         "held"),
    "failed": (AUTH.format("dmarc=fail header.from=example.org; dkim=fail header.d=example.org") +
               BORDER, FROM_BEN, "held"),
    "in a comment": (AUTH.format("none (dmarc=pass header.from=example.org)") + BORDER, FROM_BEN,
                     "held"),
    "two From": (PASS + BORDER, FROM_BEN + f"From: Ana Lima <{ANA}>\r\n", "quarantined"),
    "two in From": (PASS + BORDER, f"From: Ben Ode <{BEN}>, Ana Lima <{ANA}>\r\n", "quarantined"),
    "no From": (PASS + BORDER, f"Sender: {BEN}\r\nReply-To: {BEN}\r\n", "quarantined"),
    "stranger": (AUTH.format("dmarc=pass header.from=example.net") + BORDER,
                 f"From: {BEN} <mallory@example.net>\r\n", "quarantined"),
}
HELD = [name for name, (_, _, outcome) in MAILS.items() if outcome == "held"]
KEPT = [name for name, (_, _, outcome) in MAILS.items() if outcome == "quarantined"]


def mid(name):
    return f"{name.replace(' ', '-')}@example.org"


def mail(name, trace, sender):
    return (f"{trace}{sender}To: {TEAM}\r\nSubject: task: {name}\r\nMessage-ID: <{mid(name)}>\r\n"
            "Date: Mon, 23 Nov 2026 15:00:00 +0000\r\n\r\nPlease.\r\n").encode()


def body(message):
    return message.get_body(("plain",)).get_content()


class Trust(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        try:
            self.stage = stages.Stage(folder.name, dict(stages.PLATFORM, core=None),
                                      trust="authenticated")
            self.stage.__enter__()
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.addCleanup(self.stage.__exit__)
        with open(self.stage.conf) as f:
            text = f.read()
        with open(self.stage.conf, "w") as f:
            f.write(text.replace('mode = "authenticated";', 'mode = "authenticated"; authserv_id = '
                                 '"mx.example.org"; border_host = "mx.example.org";'))
        self.stage.start()
        self.stage.clock("2026-11-23T15:00:00Z")

    def deliver(self, names):
        for name in names:
            trace, sender, _ = MAILS[name]
            self.stage.rig.dovecot.deliver(TEAM, mail(name, trace, sender), BEN)
        self.stage.settle()

    def outcomes(self):
        return dict(self.stage.query("SELECT mid, outcome FROM message"))

    def titles(self):
        return sorted(title for title, in self.stage.query("SELECT title FROM item"))

    def waiting(self):
        return sorted(subject for subject, in self.stage.query(
            "SELECT subject FROM held JOIN message ON message.id = message_id "
            "WHERE state = 'waiting'"))

    def questions(self):
        """The questions that Ben was asked, oldest first."""
        return sorted((m for m in self.stage.inbox(BEN)
                       if m["Auto-Submitted"] == "auto-replied" and "yes" in body(m)
                       and "New task" not in body(m)), key=lambda m: m["Date"].datetime)

    def answer(self, who, question, text):
        """Gives the outcome and the reason that the store has for the answer."""
        sent = self.stage.reply(who, question, text)
        self.stage.settle()
        return self.stage.query("SELECT outcome, why FROM message WHERE mid = ?",
                                sent.strip("<>"))[0]

    def test_what_counts(self):
        self.deliver(MAILS)
        outcomes = self.outcomes()
        for name, (_, _, outcome) in MAILS.items():
            with self.subTest(mail=name):
                self.assertEqual(outcomes.get(mid(name)), outcome)
        self.assertEqual(self.titles(), sorted(
            name for name, (_, _, outcome) in MAILS.items() if outcome == "applied"))
        self.assertEqual(len(self.questions()), 1)
        for silent in ("mallory@example.net", CHI):
            self.assertEqual(self.stage.inbox(silent), [])
        self.summary()

    def test_copies(self):
        """Whatever copy came first, the authenticated one acts, once, and lifts the hold."""
        first = {
            "same": PASS + BORDER,
            "forged": BORDER,
            "list": PASS + BORDER + "List-Id: <all.example.org>\r\nPrecedence: list\r\n",
            "automatic": PASS + BORDER + "Auto-Submitted: auto-replied\r\n",
        }
        for traces in (first.values(), [PASS + BORDER] * 4, [BORDER] * 4):
            for name, trace in zip(first, traces):
                self.stage.rig.dovecot.deliver(TEAM, mail(name, trace, FROM_BEN), BEN)
            self.stage.settle()
        self.assertEqual(self.titles(), sorted(first))
        self.assertEqual(self.outcomes(), {mid(name): "applied" for name in first})
        self.assertEqual(self.waiting(), [])
        self.assertEqual(self.stage.query("SELECT count(*) FROM outbox WHERE kind = 'ack'"),
                         [(len(first),)])

    def summary(self):
        """The lead hears of quarantine on the next morning, once; of held mail not."""
        stage = self.stage
        self.assertEqual([m["Subject"] for m in stage.inbox(ANA)], [])
        stage.clock("2026-11-24T10:00:00Z")
        stage.settle()
        stage.clock("2026-11-24T16:00:00Z")
        stage.settle()
        found = [m for m in stage.inbox(ANA) if "kept aside" in m["Subject"]]
        self.assertEqual(len(found), 1)
        self.assertIn(f"{len(KEPT)} mails", found[0]["Subject"])
        for name in KEPT:
            self.assertIn(f"task: {name}", body(found[0]))
        for name in HELD:
            self.assertNotIn(f"task: {name}\n", body(found[0]).replace("\r\n", "\n"))
        stage.clock("2026-11-25T16:00:00Z")
        stage.settle()
        self.assertEqual(len([m for m in stage.inbox(ANA) if "kept aside" in m["Subject"]]), 1)

    def test_question(self):
        stage = self.stage
        self.deliver(["nothing"])
        self.assertEqual(len(self.questions()), 1)
        first = self.questions()[0]
        self.assertIn("task: nothing", body(first))
        self.assertEqual(self.titles(), [])

        # another one of the same day waits for the next day's question
        self.deliver(["forged below", "spf alone"])
        self.assertEqual(len(self.questions()), 1)

        # neither another person nor a forger can answer for Ben
        outcome, _ = self.answer(ANA, first, "yes\n")
        self.assertEqual(outcome, "held")
        stage.mail(BEN, TEAM, "Re: " + first["Subject"], "yes\n")  # without the question's id
        stage.settle()
        self.assertEqual(self.titles(), [])
        self.assertIn("task: nothing", self.waiting())

        self.assertEqual(self.answer(BEN, first, "yes\n"), ("applied", "released held mail"))
        self.assertEqual(self.titles(), ["nothing"])
        self.assertIn("task: spf alone", self.waiting())
        self.assertEqual(self.outcomes()[mid("nothing")], "applied")

        stage.clock("2026-11-24T15:30:00Z")
        stage.settle()
        self.assertEqual(len(self.questions()), 2)
        second = self.questions()[1]
        for name in ("forged below", "spf alone"):
            self.assertIn("task: " + name, body(second))
        self.assertNotIn("task: nothing", body(second))
        self.assertEqual(self.answer(BEN, second, "No, that was not me.\n"),
                         ("applied", "dropped held mail"))
        self.assertEqual(self.titles(), ["nothing"])
        self.assertNotIn("task: spf alone", self.waiting())

        # released once: the same answer again has nothing left to do
        self.answer(BEN, first, "yes\n\nagain\n")
        self.assertEqual(self.titles(), ["nothing"])
        for raw, in stage.query("SELECT bytes FROM outbox WHERE kind IN ('confirm', 'ack')"):
            self.assertEqual(maillint.lint(bytes(raw), "answer"), [])

    def test_operator(self):
        """What the operator sees and lets in."""
        stage = self.stage
        self.deliver(KEPT)
        rows = {row["subject"]: row for row in stage.json("quarantine", "list")}
        self.assertEqual(sorted(rows), sorted("task: " + name for name in KEPT))
        number = str(rows["task: stranger"]["id"])
        self.assertIn("task: stranger", stage.tidings("quarantine", "show", number))
        self.assertIn("mallory@example.net", stage.tidings("quarantine", "show", number, "--raw"))
        refused = stage.try_tidings("quarantine", "release", number)
        self.assertEqual(refused.returncode, 1)
        self.assertEqual(refused.stderr, f"tidings: mail {number}: it cannot be released: unknown "
                         "sender; add the person first: tidings person add ADDRESS NAME --team "
                         "TEAM\n")
        stage.tidings("person", "add", "mallory@example.net", "Mallory", "--team", "platform",
                      "--zone", "UTC")
        stage.tidings("quarantine", "release", number)
        wait_for("the task", lambda: self.titles() == ["stranger"])
        stage.tidings("quarantine", "drop", str(rows["task: two From"]["id"]))
        left = [row["subject"] for row in stage.json("quarantine", "list")]
        self.assertEqual(sorted(left), ["task: no From", "task: two in From"])

    def test_operator_and_held_mail(self):
        """The operator sees held mail, and may answer in its sender's place."""
        stage = self.stage
        self.deliver(["nothing", "spf alone", "no border"])
        self.assertEqual(stage.json("status")["held"], 3)
        rows = {row["subject"]: row for row in stage.json("quarantine", "list")}
        self.assertEqual({(row["kind"], row["why"]) for row in rows.values()},
                         {("held", "the sender's domain is not authenticated")})
        number = {name: rows["task: " + name]["id"] for name in ("nothing", "spf alone")}
        self.assertIn("spf alone", str(stage.json("quarantine", "show", number["spf alone"])
                                       ["reading"]))
        stage.tidings("quarantine", "release", number["nothing"])
        wait_for("the task", lambda: self.titles() == ["nothing"])
        stage.tidings("quarantine", "drop", number["spf alone"])
        self.assertEqual(self.waiting(), ["task: no border"])
        for verb in ("release", "drop"):
            self.assertEqual(stage.try_tidings("quarantine", verb,
                                               number["spf alone"]).returncode, 1)
        self.assertEqual(self.titles(), ["nothing"])


if __name__ == "__main__":
    unittest.main()
