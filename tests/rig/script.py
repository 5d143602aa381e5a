# SPDX-License-Identifier: ISC
"""A team's mails as a text that people can read; tests/integration/test_story.py plays it.

    # a remark
    = 2026-10-19                       the day, in UTC, of the times below
    @ 03:01                            the clock moves on
    @ 08:30 ana: task: A subject       a new mail to the team; its body follows
    @ 08:45 ana re A subject           answers the newest mail to ana whose subject holds this
    @ 18:45 eva undo                   answers the newest mail to eva that has an undo code
    ! error                            its outcome, where that is not "applied"

Lines of the same minute are sent in their order before the team's answers are waited for.
"""
import re

CODE = re.compile(r"/undo ([A-Z2-7]{8})")
LINE = re.compile(r"@ (\d\d:\d\d)(?: (\w+)(?:: (.*)| re (.*)| (undo)))?$")


class Step:
    """One mail, or none: when it was, and what was written."""

    def __init__(self, place, time, who=None, subject=None, answers=None, undo=False):
        self.place, self.time, self.who = place, time, who
        self.subject, self.answers, self.undo = subject, answers, undo
        self.outcome = "applied"
        self.body = []


def read(path):
    """The steps of one file, in order."""
    day, steps = None, []
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line, place = line.rstrip("\n"), f"{path}:{number}"
            if line.startswith("= "):
                day = line[2:]
            elif line.startswith("@ "):
                found = LINE.match(line)
                if not found or day is None:
                    raise ValueError(f"{place}: not a step: {line}")
                time, who, subject, answers, undo = found.groups()
                steps.append(Step(place, f"{day}T{time}:00Z", who, subject, answers, bool(undo)))
            elif line.startswith("! "):
                steps[-1].outcome = line[2:]
            elif steps and not line.startswith("# "):
                steps[-1].body.append(line)
    for step in steps:
        step.text = "\n".join(step.body).strip("\n") + "\n"
    return steps


def address(stage, who):
    return next(a for a in stage.people if a.startswith(who + "@"))


def code_for(stage, who):
    """The newest undo code that this person was told."""
    for mail in reversed(stage.inbox(who)):
        found = CODE.search(mail.get_body(("plain",)).get_content())
        if found:
            return mail, found[1]
    raise AssertionError(f"{who} was never told an undo code")


def send(stage, step):
    """Writes and submits the mail of one step; returns its Message-ID."""
    who = address(stage, step.who)
    if step.undo:
        mail, code = code_for(stage, who)
        return stage.reply(who, mail, f"/undo {code}\n" + step.text)
    if step.answers:
        return stage.reply(who, stage.find(who, step.answers), step.text)
    return stage.mail(who, stage.team["address"], step.subject, step.text)


def play(stage, steps, after):
    """Plays them; after(step) is called whenever everything that was due has happened."""
    sent = []
    for i, step in enumerate(steps):
        if i == 0 or steps[i - 1].time != step.time:
            stage.clock(step.time)
        if step.who:
            try:
                sent.append((step, send(stage, step)))
            except AssertionError as error:
                raise AssertionError(f"{step.place}: {error}") from None
            stage.rig.settle()
        if i + 1 == len(steps) or steps[i + 1].time != step.time:
            stage.settle()
            after(step)
    return sent
