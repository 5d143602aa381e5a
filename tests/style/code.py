#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""code.py: the house rules about C, for what lies below the current folder. Prints each breach as
FILE:LINE: what; check-style.sh, which runs it, fails if there is one.

Each file has its SPDX line, a head comment, at most 700 lines and no leftovers. Includes: our own
headers in quotes, by their path from the top, in one direction. Banned: functions without a bound
or an error, clocks beside daemon/clock.c, files and the environment in parsers, SQL outside of
daemon/store, a skip without a reason; comments are taken out for these, and what a string holds is
no code.
"""
import os
import re
import sys

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
INCLUDE = re.compile(r"^[ \t]*(?:#|%:)[ \t]*(?:include(?:_next)?|import)\b[ \t]*(.*?)[ \t]*$", re.M)
OTHERS = {
    "parsers": "daemon",
    "daemon/model": "store fetch intake schedule compose send control ipc pipeline",
    "daemon/store": "fetch intake schedule compose send control ipc pipeline",
    "daemon/fetch": "store intake schedule compose send control pipeline",
    "daemon/intake": "fetch send control ipc pipeline",
    "daemon/compose": "fetch intake send control ipc pipeline",
    "daemon/schedule": "fetch intake send control ipc pipeline",
    "daemon/send": "store fetch intake schedule compose control pipeline",
    "daemon/ipc": "store fetch intake schedule compose send control pipeline",
    "daemon/conf": "store fetch intake schedule compose send control ipc pipeline model",
}
# Not even named; those that are words as well (CALLED) are not called.
BANNED = """atoi atol atoll atof strtol strtoul strtoll strtoull strtof strtod strtold strtoimax
    strtoumax scanf fscanf sscanf vscanf vfscanf vsscanf strcpy stpcpy strcat strncat wcscpy
    wcscat sprintf vsprintf strtok strtok_r gmtime localtime asctime asctime_r ctime ctime_r mktime
    timegm timelocal strptime popen alloca tmpnam tmpnam_r tempnam mktemp setjmp longjmp
    mailimf_get_current_date""".split()
CALLED = ["system", "gets"]
CLOCKS = """gettimeofday clock_gettime timespec_get ftime g_get_real_time g_get_monotonic_time
    g_get_current_time g_date_time_new_now g_date_time_new_now_utc g_date_time_new_now_local
    ucal_getNow icaltime_today icaltime_current_time_with_zone""".split()
CLOCKS_CALLED = ["time", "clock"]
# Files, the environment, chance, the machine's zone: what a parser says depends on its input.
# zone.c reads the zone files; who runs out of memory says so on stderr.
OUTSIDE = """fopen freopen fdopen openat creat opendir getenv secure_getenv setenv putenv unsetenv
    srand srandom drand48 rand_r getrandom arc4random localtime_r tzset stdin stdout
    g_file_get_contents g_getenv g_random_int""".split()
OUTSIDE_CALLED = """open read write close stat unlink rand random socket connect printf puts putchar
    perror""".split()
PURE = "a parser knows its bytes alone"
SPDX = "/* SPDX-License-Identifier: ISC */"
LINES_MAX = 700
LEFTOVER = re.compile(r"TODO|FIXME|XXX")
# Who makes a mail to a member gives it a reply token; answers to an entry go to its organizer.
MAKES_MAIL = re.compile(r"\bstruct compose_common common\b")
NO_TOKEN = "daemon/schedule/jobs-invite.c daemon/intake/decide_calendar.c"
NOT_MEMBER = r"(?<![\w.])(?<!->)"  # of a struct: item.time, result->system
SQL = re.compile(r"^\s*(SELECT|INSERT (OR \w+ )?INTO|REPLACE INTO|UPDATE \w+ SET|DELETE FROM|"
                 r"WITH (RECURSIVE )?\w+( \([\w, ]+\))? AS|CREATE (TABLE|INDEX|TRIGGER)|PRAGMA) ")
SQL_CLOCK = re.compile(r"'now'|CURRENT_(TIMESTAMP|DATE|TIME)|(unixepoch|julianday)\(\)")


def named(names):
    return re.compile(NOT_MEMBER + "(" + "|".join(names) + r")\b")


def called(names):
    return re.compile(NOT_MEMBER + "(" + "|".join(names) + r")\s*\)?\s*\(")


RULES = [  # where it holds, where not, pattern, what it says
    ("daemon parsers", "", named(BANNED), "is banned"),
    ("daemon parsers", "", called(CALLED), "is banned"),
    ("daemon parsers", "daemon/clock.c", named(CLOCKS), "only daemon/clock.c asks for the time"),
    ("daemon parsers", "daemon/clock.c", called(CLOCKS_CALLED),
     "only daemon/clock.c asks for the time"),
    ("parsers", "parsers/base/zone.c", named(OUTSIDE), PURE),
    ("parsers", "parsers/base/zone.c", called(OUTSIDE_CALLED), PURE),
    ("tests/unit", "tests/unit/unit.h", called(["skip"]), "use skip_because()"),
]


def splice(text):
    """Joins lines that a backslash at the end continues; each line keeps its number."""
    lines, open_lines = [], 0
    for line in text.split("\n"):
        if open_lines:
            lines[-open_lines] += line.removesuffix("\\")
            lines.append("")
        else:
            lines.append(line.removesuffix("\\"))
        open_lines = open_lines + 1 if line.endswith("\\") else 0
    return "\n".join(lines)


def blank(text):
    """As many line ends, and at least a space."""
    return "\n" * text.count("\n") or " "


def line_of(text, at):
    return text.count("\n", 0, at) + 1


def is_below(path, folders):
    return any(path == f or path.startswith(f + "/") for f in folders.split())


def check_includes(path, text, headers):
    for match in INCLUDE.finditer(text):
        line, what = line_of(text, match.start()), match[1]
        name = what[1:-1]
        if what.startswith("<") and what.endswith(">"):
            if name in headers or is_below(os.path.normpath(name), "daemon parsers tests"):
                yield line, f"{name}: our own headers stand in quotes"
            continue
        if not (len(what) > 2 and what[0] == what[-1] == '"'):
            yield line, f"{what}: an include names its header"
            continue
        if name != "config.h" and not is_below(name, "daemon parsers templates tests") or \
                ".." in name.split("/") or "." in name.split("/") or "//" in name:
            yield line, f"{name}: our own headers by their path from the top"
        folder = next((f for f in OTHERS if is_below(path, f)), None)
        others = OTHERS.get(folder, "").split()
        if folder != "parsers":
            others = ["daemon/" + other for other in others]
        name = os.path.normpath(name)
        if any(is_below(name, other) for other in others) or \
                is_below(name, "tests") and is_below(path, "daemon parsers"):
            yield line, f"{name}: wrong direction"


def check_strings(path, strings):
    for line, text in strings:
        if SQL.match(text) and is_below(path, "daemon parsers") and \
                not is_below(path, "daemon/store"):
            yield line, "SQL outside of daemon/store"
        if SQL_CLOCK.search(text) and is_below(path, "daemon/store"):
            yield line, "the database is not asked for the time"


def check_file(path, text):
    lines = text.splitlines() + ["", ""]
    if lines[0] != SPDX:
        yield 1, "no SPDX line"
    if not lines[1].startswith("/*"):
        yield 2, "no head comment"
    if len(lines) - 2 > LINES_MAX:
        yield len(lines) - 2, f"over {LINES_MAX} lines"
    if is_below(path, "daemon parsers"):
        for match in LEFTOVER.finditer(text):
            yield line_of(text, match.start()), f"{match[0]}: a leftover"


def check(path, text, headers):
    """Gives (line, what) of each breach in a file of C."""
    yield from check_file(path, text)
    text = splice(text)
    strings = [(line_of(text, m.start()), m[0][1:-1])
               for m in TOKEN.finditer(text) if m[0][0] == '"']
    bare = TOKEN.sub(lambda m: m[0] if m[0][0] in "\"'" else blank(m[0]), text)
    yield from check_includes(path, bare, headers)
    yield from check_strings(path, strings)
    code = TOKEN.sub(lambda m: '""', bare)
    mail = MAKES_MAIL.search(code)
    if mail and is_below(path, "daemon/intake daemon/schedule") and \
            not is_below(path, NO_TOKEN) and "reply_token" not in code:
        yield line_of(code, mail.start()), "no reply token: reply_token_set or job_reply_token"
    for where, but, pattern, what in RULES:
        if is_below(path, where) and not is_below(path, but):
            for match in pattern.finditer(code):
                yield line_of(code, match.start()), f"{match[1]}: {what}"


def sources():
    for top in ("daemon", "parsers", "tests"):
        for folder, _, files in os.walk(top):
            for name in files:
                if name.endswith((".c", ".h")):
                    yield os.path.join(folder, name)


def main():
    paths = sorted(sources())
    headers = {os.path.basename(p) for p in paths if p.endswith(".h")}
    found = 0
    for path in paths:
        with open(path, errors="replace") as f:
            for line, what in sorted(check(path, f.read(), headers)):
                print(f"{path}:{line}: {what}")
                found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
