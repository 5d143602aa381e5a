# SPDX-License-Identifier: ISC
"""Exact to the mail: what servers, people and clocks do to a mailbox, and each effect stands once.

A changed UIDVALIDITY with UIDs given anew, doubled and missing Message-IDs, mail that a person
deletes or moves away at the worst moment, a mail that kills its parser twice and is released, a
clock that jumps. Against a real Dovecot; tests/rig/kill-point.c stops a process where it matters.
(Two daemons on one mailbox: test_kill.py.)
"""
import glob
import os
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import killing, servers, stage as stages  # noqa: E402
from rig.servers import wait_for  # noqa: E402

TEAM, ANA, BEN = "platform@example.org", "ana@example.org", "ben@example.org"


def mail(title, mid="", body="Please.", sender=ANA):
    """mid "": made from the title; None: without one."""
    mid = f"{title.replace(' ', '-')}@example.org" if mid == "" else mid
    head = f"Message-ID: <{mid}>\r\n" if mid else ""
    return (f"From: {sender}\r\nTo: {TEAM}\r\nSubject: task: {title}\r\n{head}"
            f"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\n{body}\r\n").encode()


class Exact(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="td")
        self.addCleanup(folder.cleanup)
        try:
            self.stage = stages.Stage(folder.name, dict(stages.PLATFORM, core=None),
                                      begin="2026-11-23T09:05:00Z")
            self.stage.__enter__()
            self.addCleanup(self.stage.__exit__)
            self.points = killing.Points(folder.name)
        except servers.Missing as missing:
            self.skipTest(str(missing))
        self.dovecot = self.stage.rig.dovecot
        self.stage.start(env=self.points.env())

    def deliver(self, *mails):
        for text in mails:
            self.dovecot.deliver(TEAM, text, ANA)

    def titles(self):
        return sorted(title for title, in self.stage.query("SELECT title FROM item"))

    def at_point(self, place, after, role):
        """Arms it; gives a function that waits until somebody stands there."""
        self.points.arm(place, after, role, 1)

        def wait():
            wait_for(f"{place} to be reached", self.points.waiting, 20)
            return self.points.waiting()
        return wait

    def unmarked(self):
        conn = self.dovecot.imap(TEAM)
        try:
            return conn.uid("SEARCH", "UNKEYWORD", "$tidings")[1][0].split()
        finally:
            conn.logout()

    def test_uidvalidity_and_uids_given_anew(self):
        stage = self.stage
        self.deliver(*(mail(f"Old {n}") for n in range(12)))
        stage.settle()
        before = stage.query("SELECT uidvalidity FROM mailbox")
        stage.stop()
        self.dovecot.stop()
        for path in glob.glob(f"{self.dovecot.root}/mail/{TEAM}/dovecot*"):
            if os.path.basename(path) not in ("dovecot-keywords",):
                os.unlink(path)
        os.unlink(sorted(glob.glob(f"{self.dovecot.root}/mail/{TEAM}/cur/*"))[0])
        self.dovecot.start()
        self.deliver(*(mail(f"New {n}") for n in range(3)))
        stage.start(env=self.points.env())
        stage.settle()
        self.assertNotEqual(stage.query("SELECT uidvalidity FROM mailbox"), before)
        self.assertEqual(self.titles(), sorted([f"New {n}" for n in range(3)] +
                                               [f"Old {n}" for n in range(12)]))
        self.deliver(mail("Later"))
        stage.settle()
        self.assertEqual(len(self.titles()), 16)
        self.assertEqual(stage.query("SELECT count(*) FROM outbox WHERE kind = 'ack'"), [(16,)])

    def test_message_ids(self):
        """The same mail twice is one; another with its id is another; without one it is itself."""
        self.deliver(mail("One"), mail("One"), mail("Two", mid="One@example.org"),
                     mail("Three", mid=None), mail("Three", mid=None),
                     mail("Three", mid=None, body="Another."))
        self.stage.settle()
        self.assertEqual(self.titles(), ["One", "Three", "Three", "Two"])
        self.assertEqual(self.stage.query("SELECT mid_conflict FROM message WHERE subject LIKE "
                                          "'%Two'"), [(1,)])
        self.assertEqual(self.unmarked(), [])

    def remove(self, uid, to=None):
        conn = self.dovecot.imap(TEAM)
        try:
            if to is not None:
                conn.create(to)
                self.assertEqual(conn.uid("MOVE", uid, to)[0], "OK")
            else:
                conn.uid("STORE", uid, "+FLAGS", "(\\Deleted)")
                conn.expunge()
        finally:
            conn.logout()

    def test_moved_before_it_is_fetched(self):
        reached = self.at_point("fetch", False, "fetch")
        self.deliver(mail("Gone"), mail("Stays"))
        reached()
        self.remove("1", to="Elsewhere")
        self.points.disarm()
        self.stage.settle()
        self.deliver(mail("Later"))
        self.stage.settle()
        self.assertIn(self.titles(), (["Later", "Stays"], ["Gone", "Later", "Stays"]))
        self.assertEqual(self.stage.query("SELECT failures FROM mailbox"), [(0,)])

    def test_deleted_before_it_is_flagged(self):
        reached = self.at_point("flag", False, "fetch")
        self.deliver(mail("Done with"))
        reached()
        self.assertEqual(self.titles(), ["Done with"])  # committed before any flag
        self.remove("1")
        self.points.disarm()
        self.deliver(mail("Later"))
        self.stage.settle()
        self.assertEqual(self.titles(), ["Done with", "Later"])
        self.assertEqual(self.unmarked(), [])

    def test_kills_its_parser_twice_and_is_released(self):
        reached = self.at_point("read", False, "parse")
        self.deliver(mail("Heavy"))
        killing.kill([reached()])
        reached = self.at_point("read", False, "parse")
        pid = reached()
        self.assertEqual(self.stage.query("SELECT attempts FROM seen WHERE state = 'inflight'"),
                         [(2,)])  # committed before it is tried again
        killing.kill([pid])
        self.points.disarm()
        self.deliver(mail("Light"))
        self.stage.settle()
        self.assertEqual(self.titles(), ["Light"])
        (row,) = self.stage.json("quarantine", "list")
        self.assertIn("failed twice", row["why"])
        self.release_kills_again(row["id"])
        self.stage.tidings("quarantine", "release", str(row["id"]))
        self.stage.settle()
        self.assertEqual(self.titles(), ["Heavy", "Light"])
        self.assertEqual(self.stage.query("SELECT count(*) FROM outbox WHERE kind = 'ack'"), [(2,)])
        self.assertNotEqual(
            self.stage.try_tidings("quarantine", "release", str(row["id"])).returncode,
                            0)

    def release_kills_again(self, number):
        """The operator's own reading of it dies: that is said, and the mail stays where it is."""
        self.points.arm("read", False, "any", 1)
        with subprocess.Popen(
                [os.path.join(self.stage.build, "tidings"), "-c", self.stage.conf, "quarantine",
                 "release", str(number)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                text=True, env=self.points.env()) as tool:
            wait_for("the reading", self.points.waiting, 20)
            self.assertNotEqual(self.points.waiting(), tool.pid)
            killing.kill([self.points.waiting()])
            _, said = tool.communicate(timeout=20)
        self.points.disarm()
        self.assertNotEqual(tool.returncode, 0)
        self.assertRegex(said, rf"mail {number} stays in the quarantine: reading it failed again "
                         r"\(signal 9\)")
        self.assertEqual([row["id"] for row in self.stage.json("quarantine", "list")], [number])
        self.assertEqual(self.titles(), ["Light"])
        self.assertEqual(self.stage.query("PRAGMA integrity_check"), [("ok",)])

    def test_clock_that_jumps(self):
        stage = self.stage
        stage.settle()
        self.deliver(mail("Monday"))
        stage.settle()
        stage.clock("2026-11-24T08:31:00Z")
        stage.settle()
        told = stage.query("SELECT dedupe_key FROM outbox WHERE kind = 'digest' ORDER BY 1")
        self.assertTrue(told)
        stage.clock("2026-11-23T07:00:00Z")  # back behind the start
        self.deliver(mail("Monday again"))
        stage.settle()
        stage.clock("2026-11-24T08:32:00Z")
        self.deliver(mail("Tuesday"))
        stage.settle()
        self.assertEqual(stage.query("SELECT dedupe_key FROM outbox WHERE kind = 'digest' "
                                     "ORDER BY 1"), told)
        self.assertEqual(self.titles(), ["Monday", "Monday again", "Tuesday"])
        ids = [m["Message-ID"] for person in stage.people for m in stage.inbox(person)]
        self.assertEqual(len(ids), len(set(ids)))


if __name__ == "__main__":
    unittest.main()
