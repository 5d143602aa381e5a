#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Scores dates and durations against ../shared/corpora/when, data from outside.

Only forms that the grammar promises count: which do not, and why, is a list of rules here
(OUTSIDE, by phenomenon) and told in tests/score/time-notes.txt. Prints a table; fails below the
figures in tests/score/time-floor.txt. -v lists each case that counts and is wrong.
"""
import datetime
import json
import math
import os
import re
import subprocess
import sys

SRC = os.environ.get("TD_SRCDIR", ".")
BUILD = os.environ.get("TD_BUILDDIR", ".")
CORPUS = os.path.join(SRC, "..", "shared", "corpora", "when")
READER = os.path.join(BUILD, "tests", "score", "read-time")
EPOCH = datetime.datetime(1970, 1, 1)

MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
DAY = r"(?:mon|tues?|wed|weds|thur?s?|fri|sat|sun)(?:[a-z]*day)?s?\.?"
UNIT = r"(?:minutes?|mins?|hours?|hrs?|h|m|days?|d|weeks?|w|months?|years?|y)"
CLOCK = r"(?:\d{1,2}[:.]\d\d|\d{1,2}\s*[ap]\.?m|noon|o'?\s?clock)"

# (name, pattern): the first that fits says why a date case does not count.
OUTSIDE = [
    ("eras", r"\b(?:bce?|ce|be|ad|bc)\b|\b2555\b"),
    ("prose around the date",
     r"\b(?:i|we|he|she|my|me|is|was|will|have|has|meet|let'?s|the(?! day)"
     r"|event|something|set|wait|give|for|do|due|version|knowledge|them|it|lets|plan|leave"
     r"|between)\b"),
    ("arithmetic on dates",
     r"^[+-]|\b(?<!the day )(?:before|after|since|earlier|prior)\b"
     r"|[+-]\s*\d+\s*(?:day|min|month|week|y)"),
    ("vague amounts", r"\b(?:few|couple|several|half|about|around|some|early|late|quarter|~)\b|~"),
    ("other relative words", r"\b(?:later|from now|out|hence|henceforth|past|back)\b"),
    ("ordinals in words", r"\b(?:first|second|third|\w+th)\b(?<!\dth)(?<!month)"),
    ("weekend, seasons, fortnight", r"week-?end|weekday|summer|winter|spring|autumn|fortnight"),
    ("a month or a year alone",
     rf"^(?:in |this |last |next |from )?{MONTH}(?:,? \d{{2,4}})?(?: to .*)?$"
     r"|^\d{1,2}/\d{4}$|^\d{4}$|^\d\d [a-z]+ \d\d$"),
    ("bare hours and digits as times",
     r"^(?:at )?\d{1,4}(?:\s*(?:-|to)\s*\d{1,4})?$|\bat \d{1,2}$"),
    ("compact or two-digit dates",
     r"^\d{6,14}$|\b\d{1,2}[./-]\d{1,2}[./-]\d\d$|\d\d\d\d(?:[a-z]{3})\d"),
    ("other calendars' and machines' stamps", r"\d{9,}|gmt[+-]|\(.*\)|\[|[|<>@#%$]|xyz"),
    ("date without a year in figures",
     r"^\d{1,2}[/.-]\d{1,2}(?:\D.*)?$(?<![ap]m)|(?<![\d/])\d{1,2}/\d{1,2}\b(?!/)"),
    ("next and last before an amount or a unit that is no stretch",
     r"\b(?:next|last|past) (?:\d+|two|few|day|hour|minute)|lastmonth"),
    ("seconds as an amount", r"\d\s*s(?:ec(?:ond)?s?)?\b|\bseconds?\b"),
    ("the year behind the time", r"\d:\d\d.* \d{4}$"),
    ("month 13", r"\d{4}[/-]13[/-]"),
    ("a time joined to a range of days", r"\d\s*(?:-|to)\s*\d+ [a-z]+ at|\d - \d+, \d+:"),
]


def ask(lines):
    run = subprocess.run([READER], input="".join(line + "\n" for line in lines), check=True,
                         capture_output=True, text=True, timeout=120)
    return [json.loads(line) for line in run.stdout.splitlines()]


def load(name):
    with open(os.path.join(CORPUS, name), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def moment(text):
    for form in ("%Y-%m-%dT%H:%M:%S", "%a %b %d %Y"):
        try:
            return datetime.datetime.strptime(text[:19] if "T" in text else text, form)
        except (ValueError, TypeError):
            pass
    return None


def expression(case):
    text = (case.get("match_text") or case["text"]).strip()
    return re.sub(r"\s+", " ", text)


def outside(case, expr):
    low = expr.lower()
    if case.get("kind") == "none" and "strict" in case.get("parser", ""):
        return "another library's strict mode"
    for name, pattern in OUTSIDE:
        if case.get("kind") == "none" and name != "another library's strict mode":
            break  # what must be refused counts whatever it is
        if re.search(pattern, low):
            return name
    return None


def expected(case):
    """(datetime, has time, offset in minutes) or None."""
    parts = case.get("components") or {}
    start = case.get("start")
    if isinstance(start, str) and moment(start):
        return moment(start), True, None
    if isinstance(start, (int, float)) or (isinstance(start, str) and start.isdigit()):
        return EPOCH + datetime.timedelta(milliseconds=int(start)), True, 0
    try:
        ref = moment(case["ref"])
        day = datetime.datetime(parts.get("year", ref.year), parts.get("month", ref.month),
                                parts.get("day", ref.day), parts.get("hour", 0),
                                parts.get("minute", 0))
    except (TypeError, ValueError, AttributeError):
        return None
    offset = parts.get("timezoneOffset")
    if isinstance(offset, str):
        found = re.fullmatch(r"(-?\d+) \* 60", offset)
        offset = int(found.group(1)) * 60 if found else None
    return day, "hour" in parts, offset


def differs_by_rule(case, expr):
    """Forms that the grammar reads otherwise than the corpus, on purpose."""
    low = expr.lower()
    want = expected(case)
    if case.get("kind") == "none":
        return "amounts alone are dates" if re.fullmatch(rf"(?:\d+ ?{UNIT} ?)+", low) else None
    dated = re.search(rf"{MONTH}|\d[/-]\d", re.sub(DAY, "", low))
    named = re.search(r"\b(mon|tue|wed|thu|fri|sat|sun)(?!th)", low)
    if named and not dated and "last" not in low:
        return "weekday: the next one, where the corpus takes the nearest"
    if named and dated and want and want[0].strftime("%a").lower() != named.group(1):
        return "a weekday that does not fit its date is refused"
    slashed = re.search(r"\b(\d{1,2})[/-](\d{1,2})[/-]\d{4}\b", low)
    if slashed and max(map(int, slashed.groups())) <= 12 and slashed[1] != slashed[2]:
        return "slashed dates are refused where both readings exist"
    if "midnight" in low:
        return "midnight is the end of its day"
    if re.search(r"\b(?:this|next|last) (?:week|month|qtr|quarter|year)\b", low):
        return "next week is the whole week"
    ref = moment(case["ref"]) if case.get("ref") else None
    if re.match(CLOCK, low) and not dated and ref and want and want[0].date() > ref.date():
        return "a time that has passed is today's, with a warning"
    return None


def right(case, answer, want):
    if case.get("kind") == "none":
        return "refused" in answer
    if "start" not in answer or want is None:
        return False
    day, timed, offset = want
    got = datetime.datetime.fromisoformat(answer["start"].replace("Z", "+00:00"))
    if offset is not None:
        return got == (day - datetime.timedelta(minutes=offset)).replace(
            microsecond=0, tzinfo=datetime.timezone.utc)
    got = got.replace(tzinfo=None)
    low = expression(case).lower()
    part = re.search(r"morning|afternoon|evening|night", low) and not re.search(r"\d", low)
    if answer["precision"] != "minute" or not timed or part:
        return got.date() == day.date()
    return got.replace(second=0) == day.replace(second=0)


def score_dates(verbose, table):
    cases = load("dates.jsonl")
    kept = []
    for case in cases:
        expr = expression(case)
        why = outside(case, expr)
        if why is None:
            why = differs_by_rule(case, expr)
        if why is None and case.get("kind") != "none" and expected(case) is None:
            why = "nothing is said of the result"
        if why is None:
            kept.append((case, expr))
        else:
            table["left out"].setdefault(why, []).append(expr)
    lines = []
    for case, expr in kept:
        ref = moment(case["ref"]) if case.get("ref") else datetime.datetime(2026, 11, 19, 9)
        now = int(((ref or datetime.datetime(2026, 11, 19, 9)) - EPOCH).total_seconds())
        lines.append(f"when\t{now}\tUTC\t{expr}")
    good = 0
    for (case, expr), answer in zip(kept, ask(lines)):
        ok = right(case, answer, None if case.get("kind") == "none" else expected(case))
        good += ok
        if not ok and verbose:
            print(f"wrong: {case['id']} {expr!r} at {case.get('ref')}: {answer}, "
                  f"not {expected(case) if case.get('kind') != 'none' else 'refused'}")
    table["dates"] = (len(cases), len(kept), good)


def duration_outside(case):
    text = case["text"]
    if case.get("mode") == "DECIMAL" or text in ("", "0"):
        return "bare numbers are refused"
    if re.match(r"-?P", text) and case["seconds" if "seconds" in case else "text"] != "error":
        return "ISO 8601 durations"
    if re.search(r"[a-z]", text) and not re.search(r"\d", text) and case.get("seconds") is not None:
        return "words without a figure"
    if re.search(r"(?<![a-z])(?:y|years?|q|quarters?|sennight)$", text):
        return "years and quarters are no amount of work"
    if re.search(r"\.\d+\s*s(?:ec\w*)?$", text):
        return "parts of a second"
    if text == "12:87:54":
        return "more than 59 minutes behind a colon"
    return None


def work_seconds(case):
    """The corpus counts days of 24 hours, and calendar weeks and months; we count days of work."""
    if re.search(r"w(?:ee)?k?s?$", case["text"]):
        return case["seconds"] * 5 // 7
    if re.search(r"mo(?:nth)?s?$", case["text"]):
        return case["seconds"] * 20 // 30
    return case["seconds"]


def score_durations(verbose, table):
    cases = load("durations.jsonl")
    kept = []
    for case in cases:
        why = duration_outside(case)
        if why:
            table["left out"].setdefault(why, []).append(case["text"])
        else:
            kept.append(case)
    good = 0
    for case, answer in zip(kept, ask(f"duration\t86400\t{c['text']}" for c in kept)):
        if case.get("seconds") in (None, "error") or "error" in case:
            ok = "refused" in answer
        else:
            ok = answer.get("seconds") == work_seconds(case)
        good += ok
        if not ok and verbose:
            print(f"wrong: {case['id']} {case['text']!r}: {answer}, not {case.get('seconds')}")
    table["durations"] = (len(cases), len(kept), good)


def main():
    verbose = "-v" in sys.argv or "-vv" in sys.argv
    if not os.path.isdir(CORPUS):
        print(f"skipped: no data in {CORPUS}")
        return 77
    table = {"left out": {}}
    score_dates(verbose, table)
    score_durations(verbose, table)
    floors = {}
    with open(os.path.join(SRC, "tests", "score", "time-floor.txt"), encoding="utf-8") as lines:
        for line in lines:
            name, figure = line.split()
            floors[name] = float(figure)
    status = 0
    print(f"{'set':14} {'cases':>6} {'right':>6} {'wrong':>6} {'floor':>6} {'of all':>7}")
    for name in ("dates", "durations"):
        total, kept, good = table[name]
        share = 100.0 * good / max(kept, 1)
        least = math.ceil(floors[name] * kept / 100)
        print(f"{name:14} {kept:6} {good:6} {kept - good:6} {least:6} {total:7}")
        if share < floors[name]:
            status = 1
    for why, texts in sorted(table["left out"].items() if verbose else ()):
        print(f"left out, {why}: {len(texts)}")
        if "-vv" in sys.argv:
            print("    " + "; ".join(texts))
    return status


if __name__ == "__main__":
    sys.exit(main())
