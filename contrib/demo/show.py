#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""show.py SOURCE BUILD FOLDER [--keep]: plays a day in FOLDER and shows what came of it.

Called by contrib/quickstart, which has installed and built what is needed.
"""
import argparse
import os
import shutil
import signal
import sys


def print_head(text):
    bold, plain = ("\033[1m", "\033[0m") if sys.stdout.isatty() and "NO_COLOR" not in os.environ \
        else ("", "")
    print(f"\n{bold}{text}{plain}", flush=True)


def part(mail, kind):
    return next((p.get_content() for p in mail.walk() if p.get_content_type() == kind), "")


def quote(text):
    return "\n".join(f"  | {line}".rstrip() for line in text.rstrip().splitlines())


def save(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as f:
        f.write(text)
    return path


def show_mails(stage, sent):
    print_head("What became of each mail")
    rows = {mid: (outcome, why, trust) for mid, outcome, why, trust in
            stage.query("SELECT mid, outcome, why, trust FROM message ORDER BY id")}
    for label, mid in sent:
        outcome, why, trust = rows.get(mid.strip("<>"), ("not there", "", 0))
        detail = f" ({why})" if why else ""
        print(f"  {label:44} {outcome}{detail}")
    items = stage.json("list") if stage.try_tidings("list", "--help").returncode == 0 else []
    for item in items:
        print(f"  #{item['number']} {item['title']}: {item['state']}")


def show_outgoing(stage, folder):
    print_head("An answer: the two wrong lines of Chi")
    errors = [m for m in stage.inbox("chi@example.org") if "/assgin" in part(m, "text/plain")]
    if errors:
        print(quote(part(errors[0], "text/plain")))
    print_head("Ana's digest on Tuesday at 08:30 in Lisbon, as text")
    digest = stage.find("ana@example.org", "Platform daily")
    print(f"  | Subject: {digest['Subject']}\n  |")
    print(quote(part(digest, "text/plain")))
    print("\n  As HTML: " + save(folder, "digest-ana.html", part(digest, "text/html")))
    invite = next(m for m in stage.inbox("ana@example.org") if part(m, "text/calendar"))
    print_head("The invite for the core hours")
    print(f"  | Subject: {invite['Subject']}")
    calendar = part(invite, "text/calendar")
    wanted = ("METHOD", "UID", "SEQUENCE", "DTSTART", "DTEND", "RRULE", "SUMMARY")
    zone = False
    for line in calendar.splitlines():
        zone = line == "BEGIN:VTIMEZONE" or zone and line != "END:VTIMEZONE"
        if line.startswith(wanted) and not zone:
            print(f"  | {line}")
    print("\n  Whole: " + save(folder, "invite-ana.ics", calendar))


def show_mailboxes(stage, people, keep):
    print_head("The mailboxes")
    for address in people:
        place = os.path.join(stage.rig.dovecot.root, "mail", address)
        print(f"  {address:24} {len(stage.inbox(address)):3} mails   mutt -R -f {place}")
    print(f"\n  The store: {stage.store}\n  The log:   {stage.log}")
    if keep:
        print(f"  The tool:  {stage.build}/tidings -c {stage.conf} status")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("build")
    parser.add_argument("folder")
    parser.add_argument("--keep", action="store_true")
    args = parser.parse_args()
    sys.path[:0] = [os.path.join(args.source, "tests"),
                    os.path.join(args.source, "contrib", "demo")]
    import day
    from rig import servers, stage as stages

    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, end)
    shutil.rmtree(args.folder, ignore_errors=True)
    os.makedirs(args.folder)
    team = dict(stages.PLATFORM)
    try:
        stage = stages.Stage(args.folder, team, build=args.build)
        with stage:
            stage.start()
            print_head("A day of the team Platform: Ana in Lisbon, Ben in New York, Chi in Tokyo")
            sent = day.play(stage, lambda time: print(f"  {time}", flush=True))
            show_mails(stage, sent)
            show_outgoing(stage, args.folder)
            show_mailboxes(stage, [team["address"]] + stage.people, args.keep)
            if args.keep:
                wait_for_enter()
    except servers.Missing as missing:
        sys.exit(f"quickstart: {missing}")
    print("\nStopped. What it wrote lies in " + args.folder)


def end(number, _frame):
    """A signal, of Ctrl-C as well: what was started is stopped on the way out."""
    raise SystemExit(128 + number)


def wait_for_enter():
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        print("\nEverything is still running. Press Enter (or Ctrl-C) to stop it.", flush=True)
        if not sys.stdin.readline():
            signal.pause()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
