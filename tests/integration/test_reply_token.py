# SPDX-License-Identifier: ISC
"""What has to be a reply: a lead's line is refused, the answer is replied to, and it counts.

Mails go by real SMTP, with the results that a border server in front of ours wrote above its
Received line. The replies have no In-Reply-To and no References: the token is all that they bring
back, in the subject first, and in the address once mail to a plus address of the team came.
"""
import email.utils
import os
import re
import sys
import tempfile
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(SOURCE, "tests"), os.path.join(SOURCE, "tests", "lint")]
import maillint  # noqa: E402
from rig import servers, stage as stages  # noqa: E402

ANA, BEN = (p[0] for p in stages.PLATFORM["people"][:2])
TEAM = "platform@example.org"
BORDER = ("Received: from out.example.net (out.example.net [192.0.2.1]) by gate.example.org\r\n"
          "\twith ESMTPS id 1; Mon, 23 Nov 2026 15:00:00 +0000\r\n")
PASS = "Authentication-Results: gate.example.org; dmarc=pass header.from=example.org\r\n"
REFUSED = "This has to come as a reply to a mail from me"


def text_of(message):
    return " ".join(message.get_body(("plain",)).get_content().split())


class ReplyToken(unittest.TestCase):
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
                                 '"gate.example.org"; border_host = "gate.example.org";'))
        self.stage.start()
        self.stage.clock("2026-11-23T15:00:00Z")
        self.sent = 0

    def write(self, sender, to, subject, body, trace=PASS + BORDER):
        """One mail, and all that comes of it; gives outcome, level and reason of the store."""
        self.sent += 1
        mid = f"t{self.sent}@client.example.org"
        raw = (f"{trace}From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\n"
               f"Message-ID: <{mid}>\r\nDate: {email.utils.formatdate(self.stage.now)}\r\n"
               "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
               + body.replace("\n", "\r\n"))
        self.stage.submit(sender, to, raw.encode())
        self.stage.settle()
        return self.stage.query("SELECT outcome, trust, why FROM message WHERE mid = ?", mid)[0]

    def answer_to(self, address):
        return self.stage.inbox(address)[-1]

    def sheets(self):
        return dict(self.stage.query("SELECT week, state FROM sheet"))

    def test_refuse_reply_approve(self):
        self.assertEqual(self.write(BEN, TEAM, "time: week", "/spend 2h\n/submit 2026-W46\n"
                                    "/submit 2026-W47\n")[:2], ("applied", 2))

        # refused alone: the task of the same mail is made
        outcome = self.write(ANA, TEAM, "task: Fix login", "/approve 2026-W46 @ben\n")
        self.assertEqual(outcome[:2], ("applied", 2))
        self.assertEqual(self.stage.query("SELECT title FROM item"), [("Fix login",)])
        self.assertEqual(set(self.sheets().values()), {"submitted"})
        answer = self.answer_to(ANA)
        self.assertIn(REFUSED, text_of(answer))
        self.assertIn("/approve 2026-W46 @ben", text_of(answer))
        # nobody knows yet whether plus addresses of the team work
        self.assertIn("in the subject", self.place())
        self.assertEqual(answer["Reply-To"], TEAM)
        self.assertRegex(answer["Subject"], r"^Re: task: Fix login \(\+r-[a-z2-7]{36,}\)$")

        # the reply to it counts, and makes no other task of its subject
        outcome = self.write(ANA, answer["Reply-To"], answer["Subject"],
                             "/approve 2026-W46 @ben\n")
        self.assertEqual(outcome[:2], ("applied", 3))
        self.assertEqual(self.sheets(), {"2026-W46": "approved", "2026-W47": "submitted"})
        self.assertEqual(len(self.stage.query("SELECT id FROM item")), 1)

        self.by_address()
        for raw, kind in self.stage.query("SELECT bytes, kind FROM outbox WHERE kind IN "
                                          "('ack', 'error', 'answer', 'confirm')"):
            self.assertEqual(maillint.lint(bytes(raw), "answer"), [], kind)

    def place(self):
        """Where tokens stand, as the operator is told."""
        return next(row["text"] for row in self.stage.try_json("check")
                    if row["what"] == "reply tokens of platform")

    def by_address(self):
        """Mail to a plus address came: from then on the token stands in Reply-To."""
        self.write(ANA, TEAM.replace("@", "+task@"), "Write the manual", "Soon.\n")
        answer = self.answer_to(ANA)
        reply_to = str(answer["Reply-To"])
        self.assertRegex(reply_to, r"^platform\+r-[a-z2-7]{36,}@example\.org$")
        self.assertNotIn("+r-", answer["Subject"])
        self.assertNotIn(re.search(r"r-[a-z2-7]+", reply_to).group(),
                         answer.get_body(("plain",)).get_content())

        self.assertEqual(self.place(), "in Reply-To")

        # another member's reply to it is held, and so is one that nobody vouches for
        line = "/approve 2026-W47 @ben\n"
        self.assertEqual(self.write(BEN, reply_to, "Re: x", line),
                         ("held", 2, "it answers a mail that went to somebody else"))
        self.assertEqual(self.write(ANA, reply_to, "Re: x", line, BORDER)[:2], ("held", 1))
        self.assertEqual(self.sheets()["2026-W47"], "submitted")

        # a mail program may change its case; it names the item, too
        outcome = self.write(ANA, reply_to.replace("+r-", "+R-").upper().replace(
            "EXAMPLE.ORG", "example.org").replace("PLATFORM", "platform"), "no subject of ours",
            "Looks good.\n\n" + line)
        self.assertEqual(outcome[:2], ("applied", 3))
        self.assertEqual(self.sheets()["2026-W47"], "approved")
        self.assertEqual(self.stage.query("SELECT number, text FROM comment JOIN item ON "
                                          "item.id = item_id"), [(2, "Looks good.")])


if __name__ == "__main__":
    unittest.main()
