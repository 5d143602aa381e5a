#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Scores the reading of real mail against what others expect of it.

Sets: bounces (recognised), bounce-class (the status' first digit), bounce-hard (that, and whether
it is final for the address), human, mime, reply-html, invites, rules, nocrash. Prints a table;
fails on a crash, a time-out, a person taken for a robot, or a score below
tests/score/mail-floor.txt. Skipped (exit 77) where the data is not there.

    score-mail.py [-v] [--write-floor]
"""

import email
import email.policy
import json
import os
import re
import subprocess
import sys
import tempfile

SRC = os.environ.get("TD_SRCDIR", ".")
BUILD = os.environ.get("TD_BUILDDIR", ".")
DATA = os.path.join(SRC, "..", "shared", "corpora")
FLOOR = os.path.join(SRC, "tests", "score", "mail-floor.txt")
NOTES = os.path.join(SRC, "tests", "score", "mail-notes.txt")
READER = os.path.join(BUILD, "tests", "unit", "read-mail")
SECONDS = 300

verbose = "-v" in sys.argv
failures = []


class Set:
    def __init__(self, name):
        self.name, self.right, self.wrong, self.judged = name, 0, 0, 0

    def count(self, ok, case, why="", judged=False):
        self.right += bool(ok)
        self.wrong += not ok
        self.judged += bool(not ok and judged)
        if not ok and verbose:
            print(f"  {self.name}: {case}: {why}{' (judged otherwise)' if judged else ''}")


def read(files):
    """The readings by file; a file without one made the reader crash or hang."""
    readings, rest = {}, list(files)
    while rest:
        try:
            run = subprocess.run([READER, "-"], input="\n".join(rest).encode(),
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            failures.append(f"time-out in one of {len(rest)} files")
            break
        for line in run.stdout.decode("utf-8", "replace").split("\n"):
            name, tab, text = line.partition("\t")
            if tab:
                readings[name] = json.loads(text)
        if run.returncode == 0:
            break
        done = [f for f in rest if f in readings]
        victim = rest[len(done)] if len(done) < len(rest) else "?"
        failures.append(f"crash on {os.path.basename(victim)}:"
                        f" {run.stderr.decode('utf-8', 'replace')[:500]}")
        rest = rest[len(done) + 1:]
    return readings


def jsonl(name):
    with open(os.path.join(DATA, name), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def notes():
    """Cases that are judged differently here: "set id: why" a line."""
    cases = {}
    with open(NOTES, encoding="utf-8") as lines:
        for line in lines:
            match = re.match(r"(\S+) (\S+): (.+)", line)
            if match:
                cases[match.group(1), match.group(2)] = match.group(3)
    return cases


def score_bounces(judged):
    known, digit, hard = Set("bounces"), Set("bounce-class"), Set("bounce-hard")
    cases = jsonl("bounces/expected.jsonl")
    path = os.path.join(DATA, "bounces")
    readings = read([os.path.join(path, c["file"]) for c in cases])
    for case in cases:
        reading = readings.get(os.path.join(path, case["file"]), {})
        is_bounce = reading.get("auto", {}).get("kind") == "bounce"
        known.count(is_bounce, case["id"], reading.get("auto"), ("bounces", case["id"]) in judged)
        got = [(b.get("status", "?"), b["hard"]) for b in reading.get("bounce", [])]
        want = [(w[0], w[3]) for w in case["expected"]]
        same = is_bounce and len(got) >= len(want)
        why, other = f"{want} {got}", ("bounce-class", case["id"]) in judged
        same = same and all(g[0][0] == w[0][0] for g, w in zip(got, want))
        digit.count(same, case["id"], why, other)
        hard.count(same and all(g[1] == w[1] for g, w in zip(got, want)), case["id"], why, other)
    return [known, digit, hard]


def score_human():
    people = Set("human")
    path = os.path.join(DATA, "human")
    files = sorted(os.path.join(path, f) for f in os.listdir(path))
    readings = read(files)
    for name in files:
        reading = readings.get(name, {})
        robot = reading.get("auto", {}).get("is", True)
        if robot:
            failures.append(f"a person taken for a robot: {os.path.basename(name)}")
        broken = "\ufffd" in json.dumps(reading, ensure_ascii=False) and "invalid" not in name
        people.count(not robot and not broken, os.path.basename(name), "broken text")
    return [people]


def squash(text):
    return re.sub(r"[\s>]+", "", text or "")


def leaf_parts(expected):
    return {k: v for k, v in expected.items() if k.startswith("Part_") and "Type" in v}


def score_mime():
    parts = Set("mime")
    path = os.path.join(DATA, "mime")
    tools = [c for c in jsonl("mime/mimetools.jsonl") if c["options"]["ExtractNested"] == 1]
    rfc = jsonl("mime/stalwart_rfc.jsonl")
    for case in rfc:
        case["file"] = "stalwart-rfc-" + case["id"].rsplit("/", 1)[1] + ".eml"
    readings = read({os.path.join(path, c["file"]) for c in tools + rfc})
    for case in tools:
        reading = readings.get(os.path.join(path, case["file"]), {})
        listed = {a.get("name") for a in reading.get("attachments", [])}
        sizes = {a["size"] for a in reading.get("attachments", [])}
        wanted = leaf_parts(case["expected"])
        message = case["expected"].get("Msg", {})
        names = {v["Filename"] for k, v in wanted.items()
                 if "Filename" in v and k.count("_") < 3 and v.get("Disposition") != "inline"}
        missing = {n for n in names if n not in listed and os.path.basename(n) not in listed}
        small = {v["Size"] for v in wanted.values() if "Filename" in v and "Size" in v} - sizes
        subject = message.get("Subject")
        same = (subject is None or "=?" in subject
                or squash(subject) == squash(reading.get("message", {}).get("subject")))
        parts.count(reading and not missing and not small and same, case["id"],
                    f"missing {missing} {small} subject {same}")
    for case in rfc:
        reading = readings.get(os.path.join(path, case["file"]), {})
        message, want = reading.get("message", {}), case["expected"]
        ok = (want["subject"] or "") == (message.get("subject") or "")
        address = want["from"][0][1] if want["from"] else None
        if address and "@" in address:
            ok = ok and (message.get("from") or "").lower() == address.lower()
        types = [a["type"] for a in reading.get("attachments", [])]
        text = squash(reading.get("text"))
        ok = ok and all(a["type"] in types for a in want["attachments"]
                        if a["type"] not in (None, "text/plain", "text/html"))
        bodies = [b for b in want["text_body"] if b.strip()]
        trimmed = reading.get("trimmed")
        ok = ok and all(squash(b)[:30] in text or "text/plain" in types or
                        (trimmed and text and text in squash(b)) for b in bodies[:1])
        parts.count(ok, case["id"], f"{types} {reading.get('text', '')[:80]!r}")
    return [parts]


def calendar_of(path):
    with open(path, "rb") as raw:
        message = email.message_from_binary_file(raw, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() in ("text/calendar", "application/ics"):
            text = part.get_payload(decode=True).decode("utf-8", "replace")
            return re.sub(r"\r?\n[ \t]", "", text)
    return ""


def field(ics, name):
    match = re.search(rf"^{name}(?:;[^:\n]*)?:(.*?)\r?$", ics, re.M)
    return match.group(1).replace("\\,", ",").replace("\\;", ";") if match else None


def score_invites():
    invites = Set("invites")
    path = os.path.join(DATA, "invites")
    files = sorted(os.path.join(path, f) for f in os.listdir(path))
    readings = read(files)
    for name in files:
        ics = calendar_of(name)
        event_text = ics[ics.find("BEGIN:VEVENT"):]
        events = readings.get(name, {}).get("calendar", [])
        event = events[0] if events else {}
        ok = (event.get("uid") == field(event_text, "UID")
              and event.get("method") == field(ics, "METHOD")
              and event.get("summary") == field(event_text, "SUMMARY")
              and event.get("sequence") == int(field(event_text, "SEQUENCE") or 0)
              and len(event.get("attendees", [])) == len(re.findall(r"^ATTENDEE", event_text, re.M))
              and "error" not in event
              and (event.get("start") or event.get("method") == "CANCEL")
              and ("meet" not in name.rsplit("data-", 1)[1][:5] or "conference" in event)
              and ("teams" not in name or "conference" in event))
        invites.count(ok, os.path.basename(name), event)
    return [invites]


def score_html(judged):
    """HTML replies: the author's words, where a closing with a name may be trimmed as well."""
    replies = Set("reply-html")
    cases = jsonl("reply/html.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, str(i)) for i in range(len(cases))]
        for name, case in zip(files, cases):
            with open(name, "wb") as mail:
                mail.write(b"From: ana@example.org\r\nContent-Type: text/html; charset=utf-8\r\n"
                           b"\r\n" + case["input_html"].encode())
        readings = read(files)
    for name, case in zip(files, cases):
        reading = readings.get(name, {})
        got, want = re.sub(r"\s", "", reading.get("text", "")), case["expected_text_nows"]
        closing = any(t["why"] == "signature" for t in reading.get("trimmed", []))
        case_id = case["id"].rsplit("/", 1)[1]
        replies.count(got == want or (closing and got and want.startswith(got)), case_id,
                      f"{want!r} {got!r}", ("reply-html", case_id) in judged)
    return [replies]


def score_rules():
    """Rules of repetition come through as they are, those that would take for ever do not."""
    rules = Set("rules")
    cases = jsonl("calendar/rrule.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        files = [os.path.join(folder, str(i)) for i in range(len(cases))]
        for name, case in zip(files, cases):
            with open(name, "w", encoding="utf-8") as mail:
                mail.write("From: ana@example.org\nContent-Type: text/calendar; method=REQUEST\n\n"
                           "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:u\n"
                           f"DTSTART:{case['dtstart']}\nRRULE:{case['rrule']}\n"
                           "END:VEVENT\nEND:VCALENDAR\n")
        readings = read(files)
    for name, case in zip(files, cases):
        event = (readings.get(name, {}).get("calendar") or [{}])[0]
        fast = re.search(r"FREQ=(SECOND|MINUTE|HOUR)LY", case["rrule"].upper())
        ok = "error" in event if fast else same_rule(event.get("rule"), case["rrule"])
        rules.count(ok, case["id"], f"{case['rrule']} {event}")
    return [rules]


def normal_rule(text):
    """The parts of a rule with their lists in order, without those that are the default."""
    parts = {}
    for part in text.upper().replace("+", "").split(";"):
        name, equals, value = part.partition("=")
        if equals and (name, value) not in (("INTERVAL", "1"), ("WKST", "MO")):
            parts[name] = sorted(value.split(","))
    return parts


def same_rule(got, want):
    return got is not None and normal_rule(got) == normal_rule(want)


def score_nocrash():
    alive = Set("nocrash")
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for base, _, names in os.walk(os.path.join(DATA, "nocrash")):
            for name in names:
                source = os.path.join(base, name)
                if os.path.basename(base).startswith("ics"):
                    with open(source, "rb") as ics:
                        body = ics.read()
                    source = os.path.join(folder, str(len(files)))
                    with open(source, "wb") as mail:
                        mail.write(b"From: ana@example.org\r\n"
                                   b"Content-Type: text/calendar; method=REQUEST\r\n\r\n" + body)
                files.append(source)
        readings = read(files)
        for name in files:
            alive.count(name in readings, name)
    return [alive]


def floors():
    with open(FLOOR, encoding="utf-8") as lines:
        return {name: int(n) for name, n in (line.split() for line in lines if line[0] != "#")}


def main():
    if not os.path.isdir(os.path.join(DATA, "bounces")):
        print("SKIP: no ../shared/corpora beside the sources")
        return 77
    judged = notes()
    sets = (score_bounces(judged) + score_human() + score_mime() + score_html(judged) +
            score_invites() + score_rules() + score_nocrash())
    if "--write-floor" in sys.argv:
        with open(FLOOR, "w", encoding="utf-8") as out:
            out.write("# Right cases a set: score-mail.py fails below them.\n")
            out.writelines(f"{s.name} {s.right}\n" for s in sets)
    floor = floors()
    print(f"{'set':14} {'cases':>6} {'right':>6} {'wrong':>6} {'floor':>6} "
          f"{'judged otherwise':>18}")
    for s in sets:
        print(f"{s.name:14} {s.right + s.wrong:6} {s.right:6} {s.wrong:6}"
              f" {floor.get(s.name, 0):6} {s.judged:18}")
    failures.extend(f"{s.name}: {s.right} right, {floor[s.name]} before"
                    for s in sets if s.right < floor.get(s.name, 0))
    for failure in failures:
        print("FAIL:", failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
