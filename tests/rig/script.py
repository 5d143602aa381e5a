# SPDX-License-Identifier: ISC
"""A team's mails as a text that people can read; tests/integration/test_story.py plays it.

    # a remark
    = 2026-10-19                       the day, in UTC, of the times below
    @ 03:01                            the clock moves on
    @ 08:30 ana: task: A subject       a new mail to the team; its body follows
    @ 08:45 ana re A subject           answers the newest mail to ana whose subject holds this
    @ 18:45 eva undo                   answers the newest mail to eva that has an undo code
    @ 18:45 eva undo A subject         the same, of those whose subject holds this
    @ 11:20 dan ACCEPTED A subject     answers the newest calendar entry to dan whose mail's subject
                                       holds this; what follows is his comment. Also DECLINED,
                                       TENTATIVE, and COUNTER, whose first line is the new time
    @ 13:30 form: A subject            a mail of the form (forms@example.org)
    ! error                            its outcome, where that is not "applied"

Lines of the same minute are sent in their order before the team's answers are waited for.
"""
import datetime
import re

CODE = re.compile(r"/undo ([A-Z2-7]{8})")
LINE = re.compile(r"@ (\d\d:\d\d)(?: (\w+)(?:: (.*)| re (.*)| (undo)(?: (.*))?"
                  r"| (ACCEPTED|DECLINED|TENTATIVE|COUNTER) (.*)))?$")
FORM = "forms@example.org"


class Step:
    """One mail, or none: when it was, and what was written."""

    def __init__(self, place, time, who=None, subject=None, answers=None, undo=None, of=None,
                 partstat=None, entry=None):
        self.place, self.time, self.who = place, time, who
        self.subject, self.answers, self.undo, self.of = subject, answers, bool(undo), of
        self.partstat, self.entry = partstat, entry
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
                time, *rest = found.groups()
                steps.append(Step(place, f"{day}T{time}:00Z", *rest))
            elif line.startswith("! "):
                steps[-1].outcome = line[2:]
            elif steps and not line.startswith("# "):
                steps[-1].body.append(line)
    for step in steps:
        step.text = "\n".join(step.body).strip("\n") + "\n"
    return steps


def address(stage, who):
    if who == "form":
        return FORM
    return next(a for a in stage.people + stage.team.get("guests", []) if a.startswith(who + "@"))


def code_for(stage, who, subject):
    """The newest undo code that this person was told, in a mail with that in its subject."""
    for mail in reversed(stage.inbox(who)):
        found = CODE.search(mail.get_body(("plain",)).get_content())
        if found and subject in mail["Subject"]:
            return mail, found[1]
    raise AssertionError(f"{who} was never told an undo code")


def calendar_of(mail):
    """The text of its calendar part, unfolded."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            return re.sub("\r?\n[ \t]", "", part.get_content())
    return None


def line_of(calendar, name):
    """The line of the entry, after its zone: the zone has a DTSTART too."""
    entry = calendar[calendar.index("BEGIN:VEVENT"):]
    return re.search(rf"(?m)^{name}[:;].*?\r?$", entry)[0].strip()


def answer_entry(stage, who, step):
    """As a calendar does: a mail of its own, without In-Reply-To."""
    entry, title = next(
        (calendar_of(mail), mail["Subject"]) for mail in reversed(stage.inbox(who))
        if step.entry in mail["Subject"] and calendar_of(mail))
    text, comment = step.text.strip(), None
    times = [line_of(entry, "DTSTART"), line_of(entry, "DTEND")]
    if step.partstat == "COUNTER":
        to, _, text = text.partition("\n")
        zone = times[0].partition(":")[0].partition(";")[2]
        end = datetime.datetime.fromisoformat(to)
        times = [f"{name};{zone}:{when:%Y%m%dT%H%M%S}" for name, when in
                 (("DTSTART", end - datetime.timedelta(minutes=15)), ("DTEND", end))]
    comment = text.replace(",", "\\,").replace("\n", "\\n")
    stamp = datetime.datetime.fromtimestamp(stage.now, datetime.timezone.utc)
    method = "COUNTER" if step.partstat == "COUNTER" else "REPLY"
    partstat = "TENTATIVE" if method == "COUNTER" else step.partstat
    lines = ["BEGIN:VCALENDAR", "PRODID:-//Example//Calendar 1.0//EN", "VERSION:2.0",
             f"METHOD:{method}", "BEGIN:VEVENT", line_of(entry, "UID"), line_of(entry, "SEQUENCE"),
             f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}", line_of(entry, "ORGANIZER"),
             f"ATTENDEE;PARTSTAT={partstat}:mailto:{who}", *times]
    lines += [f"COMMENT:{comment}"] if comment else []
    lines += ["END:VEVENT", "END:VCALENDAR", ""]
    return stage.mail(who, stage.team["address"], f"{step.partstat.title()}: {title}",
                      "\n".join(lines),
                      {"Content-Type": f"text/calendar; method={method}; charset=utf-8"})


def send(stage, step):
    """Writes and submits the mail of one step; returns its Message-ID."""
    who = address(stage, step.who)
    if step.undo:
        mail, code = code_for(stage, who, step.of or "")
        return stage.reply(who, mail, f"/undo {code}\n" + step.text)
    if step.entry:
        return answer_entry(stage, who, step)
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
