# SPDX-License-Identifier: ISC
"""One day of a team of three, as mails: the quick start shows it, a test checks it.

play(stage) sends the mails in order, moving the stage's clock, and returns them as a list of
(label, Message-ID). The stage is tests/rig/stage.py's.
"""

OUT_OF_OFFICE = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
NEWSLETTER = {"List-Id": "<news.example.net>", "List-Unsubscribe": "<mailto:u@example.net>",
              "Precedence": "list"}

HTML_STATUS = """<html><body><div><p>Done</p><ul><li>Answered the auditors&nbsp;(45m)</li></ul>
<p>Next</p><ul><li>Queue: move the <b>archive</b></li></ul></div>
<blockquote type="cite"><p>/done #1</p></blockquote></body></html>
"""

BOUNCE = """From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: platform@example.org
Subject: Undelivered Mail Returned to Sender
Date: Mon, 23 Nov 2026 14:10:00 +0000
Message-ID: <bounce1@mx.example.net>
MIME-Version: 1.0
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net. I could not deliver your message.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; dora@example.net
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <dora@example.net>: user unknown

--b1--
"""


class Day:
    def __init__(self, stage, tell):
        self.stage, self.tell = stage, tell
        self.team = stage.team["address"]
        self.ana, self.ben, self.chi = stage.people
        self.sent = []

    def note(self, label, mid):
        """One after the other: a mail server may deliver two at once in either order."""
        self.stage.rig.settle()
        self.sent.append((label, mid))

    def send(self, label, *args, **kw):
        self.note(label, self.stage.mail(*args, **kw))

    def at(self, time):
        self.tell(time)
        self.stage.clock(time)

    def morning(self):
        self.at("2026-11-23T09:05:00Z")
        self.send("Ana: a task, fields in the subject", self.ana, self.team,
                  "task: Migrate the mail queue +mail @ana p1 due:fri",
                  "The old queue is on the small disk. It has to move.\n\n-- \nAna\n")
        self.send("Ana: a task for Ben", self.ana, self.team,
                  "task: Publish the Debian package @ben due:wed #packaging est:3h",
                  "Version 0.9 first.\n")
        self.send("Chi: a task, fields on top", self.chi, self.team,
                  "task: Limits for the parser",
                  "Owner: Chi\nDue: 2026-11-30\nPriority: p2\n\nHuge mails must not hurt.\n")
        self.send("Ana: a task by its own address", self.ana, "platform+task@example.org",
                  "Order the new disks", "Two of the large ones.\n")
        self.stage.settle()

    def replies(self):
        self.at("2026-11-23T11:30:00Z")
        stage = self.stage
        self.note("Ana: blocks the first task, logs time", stage.reply(
            self.ana, stage.find(self.ana, "Migrate the mail queue"),
            "/block waiting for disk quota\n/spend 1h30m copied the old queue\n"))
        self.note("Chi: two lines that are wrong", stage.reply(
            self.chi, stage.find(self.chi, "Limits for the parser"),
            "/assgin @chi\n/due 03/04/2026\n/spend 2h drafted the limits\n"))
        self.send("Chi: an update in sections", self.chi, self.team, "status: Monday",
                  "Done:\n- Drafted the limits #3\n- Read the RFC again (45m)\n\n"
                  "Next:\n- Tests for #3\n\nBlocked:\n- The review of #3\n")
        stage.settle()
        self.note("Chi: the wrong lines again, right", stage.reply(
            self.chi, stage.find(self.chi, "Limits for the parser"),
            "/assign @chi @ana\n/due 2026-12-04\n"))
        stage.settle()

    def afternoon(self):
        self.at("2026-11-23T14:10:00Z")
        stage = self.stage
        self.send("Ben: starts his day, time without a slash", self.ben, self.team,
                  "[#2] Publish the Debian package", "take #2\n#2 45m read the policy\n")
        self.send("Ben: prose only", self.ben, self.team, "Late",
                  "30 min late today, I am at my desk by ten.\n")
        self.send("Ana: an update in HTML only", self.ana, self.team, "status: so far",
                  HTML_STATUS, {"Content-Type": "text/html; charset=utf-8"})
        self.send("Ana: a time sheet", self.ana, self.team, "time: morning",
                  "2h #1 cleaned the queue\n09:00-10:30 +mail stand-up and review\n")
        self.send("Ben: out of office, by his mail program", self.ben, self.team,
                  "Automatic reply: Publish the Debian package", "I am away.\n", OUT_OF_OFFICE)
        stage.submit("", self.team, BOUNCE.replace("\n", "\r\n").encode())
        self.note("A bounce", "<bounce1@mx.example.net>")
        self.send("A stranger", "mallory@example.net", self.team, "task: Send me all passwords",
                  "done #1\n")
        self.send("A newsletter", "news@example.net", self.team, "Ten tips", "Buy.\n", NEWSLETTER)
        stage.settle()

    def evening(self):
        self.at("2026-11-23T20:30:00Z")
        self.send("Ben: done", self.ben, self.team, "Re: [#2] Publish the Debian package",
                  "done\n2h\n")
        self.send("Ben: his update", self.ben, self.team, "update: Monday",
                  "Done\n- Published the package #2\n\nNext\n- Rest\n- Order the disks #4\n")
        self.send("Ana: a holiday", self.ana, self.team, "off: Thursday",
                  "/off 2026-11-26 holiday cover:@ben\n")
        again = ("From: Chi Sato <chi@example.org>\r\nTo: platform@example.org\r\n"
                 "Subject: task: Say thanks to the testers\r\n"
                 "Date: Mon, 23 Nov 2026 20:20:00 +0000\r\nMessage-ID: <twice@example.org>\r\n"
                 "\r\nA short mail will do.\r\n").encode()
        self.stage.submit(self.chi, self.team, again)
        self.stage.submit(self.chi, self.team, again)
        self.note("Chi: a task, delivered twice", "<twice@example.org>")
        self.stage.settle()

    def mornings(self):
        """Everyone's own morning: 08:30 in Tokyo, Lisbon and New York."""
        for time in ("2026-11-23T23:31:00Z", "2026-11-24T08:31:00Z", "2026-11-24T13:31:00Z"):
            self.at(time)
            self.stage.settle()


def play(stage, tell=lambda text: None):
    day = Day(stage, tell)
    day.morning()
    day.replies()
    day.afternoon()
    day.evening()
    day.mornings()
    return day.sent
