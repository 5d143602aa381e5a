# SPDX-License-Identifier: ISC
"""kill -9 at chosen and at random points: the end is that of a run that nobody disturbed.

A team writes tasks, replies, updates and times into two mailboxes, one that is flagged and one
that is moved away; every mail is answered. One run of it is left in peace. In the other the
parent, a child or all processes are killed: at points that are chosen (before and after each
commit, sync, flag, move, fetch, reading, mail out and frame; tests/rig/kill-point.c stops the
process right there) and at moments that are not. In the end both stores say the same, the file is
whole, each mail is marked once or moved once, and each answer has arrived, again only
where a sender died in the middle of it.

TD_KILL_CHOSEN and TD_KILL_RANDOM say how many kills (`make check-kills` runs the long mode), and
TD_KILL_SEED which ones.
"""
import collections
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import killing, servers, stage as stages  # noqa: E402

CHOSEN = int(os.environ.get("TD_KILL_CHOSEN", "210"))
RANDOM = int(os.environ.get("TD_KILL_RANDOM", "310"))
SEED = int(os.environ.get("TD_KILL_SEED", "1"))
OPS = "ops@example.org"  # the mailbox whose mails are moved
BEGIN = "2026-11-23T09:05:00Z"
# a mail that was begun so often is left in peace: a fourth time is the last
BEFORE_SUSPECT = 2

# What the work is, without ids, times and codes: a name for each thing is that of its mail.
STATE = (
    "SELECT title, body, state, coalesce(blocked_why, ''), priority, coalesce(project, ''), "
    "coalesce(due_day, ''), estimate FROM item",
    "SELECT i.title, t.tag FROM item_tag t JOIN item i ON i.id = t.item_id",
    "SELECT i.title, p.handle FROM item i JOIN person p ON p.id = i.owner_id",
    "SELECT i.title, p.handle FROM item_watch w JOIN item i ON i.id = w.item_id "
    "JOIN person p ON p.id = w.person_id",
    "SELECT i.title, p.handle, c.text FROM comment c JOIN item i ON i.id = c.item_id "
    "JOIN person p ON p.id = c.person_id",
    "SELECT p.handle, e.day, e.seconds, coalesce(i.title, ''), e.note FROM entry e "
    "JOIN person p ON p.id = e.person_id LEFT JOIN item i ON i.id = e.item_id",
    "SELECT p.handle, u.day, l.section, l.text FROM update_line l "
    "JOIN status_update u ON u.id = l.update_id JOIN person p ON p.id = u.person_id",
    "SELECT mid, outcome, undo_code IS NULL FROM message",
    "SELECT kind, rcpt FROM outbox WHERE kind IN ('ack', 'error', 'answer')",
    # which update of a day came first hangs on the mailboxes
    "SELECT entity, CASE entity WHEN 'status_update' THEN '' ELSE verb END, m.mid FROM event e "
    "JOIN message m ON m.id = e.message_id",
    "SELECT entity, count(*) FROM search GROUP BY entity",
)


class TwoBoxes(stages.Stage):
    """The stage with a second mailbox, whose mails are moved away."""

    def __init__(self, folder):
        team = dict(stages.PLATFORM, core=None)
        super().__init__(folder, team, begin=BEGIN,
                         extra="limits: { acks_per_day = 1000; };")
        self.rig.dovecot.users.append(OPS)

    def write_conf(self):
        super().write_conf()
        with open(self.conf, encoding="utf-8") as f:
            text = f.read()
        begin, end = text.index("\t{"), text.index("\t}") + 2
        second = text[begin:end].replace('"main"', '"ops"').replace(
            f'user = "{self.team["address"]}"', f'user = "{OPS}"').replace(
            'after = "flag"', 'after = "move"; move_to = "Done"')
        text = text[:end] + ",\n" + second + text[end:]
        with open(self.conf, "w", encoding="utf-8") as f:
            f.write(text.replace('level = "debug"', 'level = "info"'))

    def launch(self, env):
        """Without waiting until it answers."""
        with open(self.log, "ab") as log:
            self.daemon = subprocess.Popen(
                [os.path.join(self.build, "tidingsd"), "-c", self.conf, "-f",
                 f"--test-clock={self.now}"], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=env)

    def alive(self):
        return self.daemon is not None and self.daemon.poll() is None

    def rows(self, sql):
        """Of the store, whoever has it open; None while it cannot be read."""
        try:
            return self.query(sql)
        except sqlite3.OperationalError:
            return None


def mail(n, people):
    """The n-th mail of the story: (mailbox, sender, bytes). What a reply is about came long before
    it, in the same mailbox; no two mails change the same field of one thing."""
    sender = people[n % len(people)]
    box = "platform@example.org" if n // 3 % 2 == 0 else OPS
    head = f"Message-ID: <kill-{n}@example.org>\r\n"
    subject, body = f"task: Thing {n} +web p{1 + n % 4} #t{n % 5}", f"Body of {n}.\r\n"
    if n % 3 == 1 and n >= 19:
        about = n - 19 if (n - 19) % 3 == 0 else n - 1
        subject = f"Re: Thing {about}"
        head += f"In-Reply-To: <kill-{about}@example.org>\r\n"
        body = (f"Word {n}.\r\n/spend {15 * (1 + n % 3)}m part {n}\r\n",
                f"/done all of {n}\r\n", f"/block why {n}\r\n/estimate 3h\r\n",
                f"/title Renamed {n}\r\n/watch\r\n")[n // 3 % 4]
    elif n % 3 == 2:
        subject = f"status: day {n}"
        body = f"Done:\r\n- wrote part {n} (30m)\r\n\r\nNext:\r\n- part {n + 1}\r\n"
    return box, sender, (f"From: {sender}\r\nTo: platform@example.org\r\nSubject: {subject}\r\n"
                         f"{head}Date: Mon, 23 Nov 2026 09:00:00 +0000\r\n"
                         f"Content-Type: text/plain; charset=utf-8\r\n\r\n{body}").encode()


class KillPoints(unittest.TestCase):
    def open_stage(self):
        folder = tempfile.TemporaryDirectory(prefix="td")
        self.addCleanup(folder.cleanup)
        try:
            stage = TwoBoxes(folder.name)
            stage.__enter__()
            self.addCleanup(stage.__exit__)
            points = killing.Points(folder.name)
        except servers.Missing as missing:
            self.skipTest(str(missing))
        stage.launch(dict(os.environ))
        servers.wait_for("tidingsd", stage.is_up, 20)
        for person in stage.people:
            stage.tidings("person", "set", person, "--ack", "always")
        stage.stop()
        return stage, points

    # -- the story --------------------------------------------------------------------------------

    def deliver(self, stage, count=1):
        for _ in range(count):
            box, sender, text = mail(self.written, stage.people)
            stage.rig.dovecot.deliver(box, text, sender)
            self.written += 1

    def at_rest(self, stage):
        """All that was written has had its effect and its mark on the server."""
        rows = stage.rows("SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM seen "
                          "WHERE state <> 'acked'), (SELECT count(*) FROM quarantine WHERE "
                          "state = 'kept')")
        return rows is not None and rows[0][0] + rows[0][2] >= self.written and rows[0][1] == 0

    def is_idle(self, stage):
        """Nothing is in hand, so no point will be passed."""
        if time.monotonic() < self.look:
            return False
        self.look = time.monotonic() + 0.03
        rows = stage.rows("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')")
        return rows is not None and rows[0][0] == 0 and self.at_rest(stage)

    def finish(self, stage):
        """The last daemon is left in peace; what was set aside after many deaths is released."""
        if not stage.alive():
            stage.launch(dict(os.environ))
        servers.wait_for("tidingsd", stage.is_up, 20)
        if not killing.wait_until(lambda: self.at_rest(stage), 90, 0.05):
            self.fail(f"not at rest: {stage.rows('SELECT state, count(*) FROM seen GROUP BY 1')} "
                      f"{stage.rows('SELECT count(*) FROM message')} of {self.written}\n"
                      + stage.log_tail())
        released = stage.query("SELECT id FROM quarantine WHERE state = 'kept'")
        for (number,) in released:
            stage.tidings("quarantine", "release", str(number))
        stage.clock("2026-11-23T09:45:00Z")  # past the delay of a second try
        # a sender that dies twice over one mail leaves it to the operator
        self.retried = stage.query("SELECT id FROM outbox WHERE state = 'unknown' AND unknowns > 1")
        for (number,) in self.retried:
            stage.tidings("outbox", "retry", str(number))
        try:
            stage.settle(90)
        except RuntimeError as error:
            waiting = stage.query("SELECT id, kind, state, attempts, unknowns, next_try_at, "
                                  "not_before, reply FROM outbox WHERE state <> 'sent'")
            self.fail(f"{error}\nwaiting: {waiting}\njobs: {stage.query('SELECT * FROM job')}")
        return len(released)

    def state(self, stage):
        return [sorted(stage.query(sql)) for sql in STATE]

    # -- kills -----------------------------------------------------------------------------------

    def begun(self, stage):
        """How often the mail in hand that was begun most often was."""
        rows = stage.rows("SELECT coalesce(max(attempts), 0) FROM seen WHERE state = 'inflight'")
        return rows[0][0] if rows else 0

    def prepare(self, stage, points, gentle):
        """A running daemon with something to do, and no mail that one more death would condemn."""
        if stage.alive() and max(self.deaths.values(), default=0) > 1:
            self.strike(stage, "parent")  # a child that dies often is started later and later
        if not stage.alive():
            self.deaths.clear()
            if self.begun(stage) >= (1 if gentle else BEFORE_SUSPECT):
                stage.launch(points.env())
                killing.wait_until(lambda: self.begun(stage) == 0, 20)
            else:
                self.deliver(stage)
                stage.launch(points.env())
                return
        elif gentle or self.begun(stage) >= BEFORE_SUSPECT - 1:
            killing.wait_until(lambda: self.begun(stage) == 0, 20)
        self.deliver(stage)

    def strike(self, stage, role, pid=0):
        """kill -9 of what the role says; "self" is who stands at the point."""
        if not stage.alive():
            return False
        found = killing.processes(stage.daemon.pid)
        pids = {"self": [pid], "all": sum(found.values(), [])}.get(role) or found.get(role, [])
        if role in ("parse",):
            pids = [self.chance.choice(pids)] if pids else []
        if not pids:
            return False
        killing.kill(pids)
        self.deaths[role] += 1
        self.kills[role if pid == 0 else role + " there"] += 1
        if role in ("self", "send", "all", "parent"):
            self.send_deaths += 1
        if stage.daemon.pid in pids:
            stage.daemon.wait()
            stage.daemon = None
        return True

    def strike_at(self, stage, points, place, after, role, victim):
        """One kill at a chosen point; False where the point was not passed in time."""
        self.prepare(stage, points, gentle=role == "parse" or victim == "parse")
        points.arm(place, after, role, self.chance.choice((1, 1, 1, 2, 3)))
        for _ in range(5):
            if killing.wait_until(lambda: points.waiting() or self.is_idle(stage), 4):
                if points.waiting():
                    break
                self.deliver(stage)
        if not points.waiting():
            points.disarm()
            return False
        done = self.strike(stage, "parent" if victim == "self" and role == "parent" else victim,
                           points.waiting())
        points.disarm()
        if done:
            self.at[f"{place} {'after' if after else 'before'}"] += 1
        return done

    def chosen(self, stage, points, count):
        spots = [(place, after, role, victim) for place, roles in killing.PLACES
                 for after in (False, True) for role in roles
                 for victim in (("self", "all") if role == "parent" else ("self", "parent", "all"))]
        done = 0
        while done < count:
            self.chance.shuffle(spots)
            for spot in spots:
                done += done < count and self.strike_at(stage, points, *spot)
            self.assertLess(self.written, 20 * count + 100, self.at)
        return done

    def at_random(self, stage, points, count):
        done = 0
        while done < count:
            victim = self.chance.choice(("parent", "parent", "all", "fetch", "parse", "send"))
            self.prepare(stage, points, gentle=victim == "parse")
            time.sleep(self.chance.random() ** 2 * 0.25)
            done += self.strike(stage, victim)

    # -- the end ---------------------------------------------------------------------------------

    def check_mailboxes(self, stage):
        """Each mail is marked, or was moved once."""
        ours = {True: collections.Counter(), False: collections.Counter()}
        for n in range(self.written):
            box, _, text = mail(n, stage.people)
            ours[box == OPS][text.split(b"Message-ID: <")[1].split(b">")[0]] += 1
        conn = stage.rig.dovecot.imap(stage.team["address"])
        try:
            marked = conn.uid("SEARCH", "KEYWORD", "$tidings")[1][0].split()
            self.assertEqual(len(marked), sum(ours[False].values()))
        finally:
            conn.logout()
        conn = stage.rig.dovecot.imap(OPS)
        try:
            self.assertEqual(conn.uid("SEARCH", "ALL")[1][0].split(), [])
            conn.select("Done")
            moved = conn.uid("FETCH", "1:*", "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]
            ids = collections.Counter(part[1].split(b"<")[1].split(b">")[0] for part in moved
                                      if isinstance(part, tuple))
            self.assertEqual(ids, ours[True])
        finally:
            conn.logout()

    def check_answers(self, stage):
        """Each arrived; twice only where a sender died; nothing but what the store sent."""
        self.assertEqual(stage.query("SELECT state, count(*) FROM outbox WHERE state <> 'sent' "
                                     "AND not_before <= 1795427100 GROUP BY state"), [])
        sent = collections.Counter(mid for mid, in stage.query(
            "SELECT mid FROM outbox WHERE state = 'sent'"))
        arrived = collections.Counter()
        for person in stage.people:
            arrived.update(m["Message-ID"].strip("<>") for m in stage.inbox(person))
        self.assertEqual(set(sent), set(arrived), "answers lost, or never sent by the store")
        twice = sum(arrived.values()) - len(arrived)
        self.assertLessEqual(twice, self.send_deaths)
        return twice

    def check_file(self, stage):
        numbers = stage.query("SELECT number FROM item ORDER BY number")
        self.assertEqual(numbers, [(n + 1,) for n in range(len(numbers))])
        self.assertEqual(stage.query("PRAGMA integrity_check"), [("ok",)])
        self.assertEqual(stage.query("PRAGMA foreign_key_check"), [])

    def check_search(self, stage):
        """Who asks finds what was committed: each item, comment and update by its words."""
        texts = ([("item", number, f"Body of {body.split()[2].rstrip('.')}")
                  for number, body in stage.query("SELECT id, body FROM item")] +
                 [("comment", number, text.splitlines()[0]) for number, text in stage.query(
                     "SELECT id, text FROM comment WHERE text LIKE 'Word %'")] +
                 [("update", None, text) for text, in stage.query(
                     "SELECT text FROM update_line WHERE text LIKE 'wrote part %'")])
        self.assertEqual({entity for entity, _, _ in texts}, {"item", "comment", "update"})
        for entity, number, text in texts:
            found = [n for n, in stage.query("SELECT entity_id FROM search WHERE search MATCH ? "
                                             "AND entity = ?", f'"{text}"', entity)]
            self.assertEqual(len(found), 1, (entity, text))
            if number is not None:
                self.assertEqual(found, [number], text)

    def test_kills(self):
        self.chance = random.Random(SEED)
        self.kills, self.at = collections.Counter(), collections.Counter()
        self.deaths = collections.Counter()
        self.written = self.send_deaths = self.look = 0
        begun = time.monotonic()
        stage, points = self.open_stage()
        chosen = self.chosen(stage, points, CHOSEN)
        half = time.monotonic()
        self.at_random(stage, points, RANDOM)
        points.disarm()
        last = time.monotonic()
        released = self.finish(stage)
        self.check_file(stage)
        self.check_search(stage)
        self.check_mailboxes(stage)
        twice = self.check_answers(stage)
        disturbed, mails, left = self.state(stage), self.written, len(self.retried)
        stage.stop()
        told = (f"{chosen} chosen kills in {half - begun:.0f} s, {RANDOM} random ones in "
                f"{last - half:.0f} s, {mails} mails, {released} released, {twice} answers twice, "
                f"{left} "
                f"left to the operator; "
                f"{dict(self.kills)}; {dict(self.at)}")
        print(told, flush=True)
        calm, _ = self.open_stage()
        self.written = 0
        self.deliver(calm, mails)
        self.assertEqual(self.finish(calm), 0)
        for sql, was, is_now in zip(STATE, self.state(calm), disturbed):
            self.assertEqual(was, is_now, f"{sql}\n{told}")


if __name__ == "__main__":
    unittest.main()
