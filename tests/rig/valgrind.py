#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""valgrind.py [PROGRAM...]: runs unit programs, and tidingsd --once over some dozens of mails,
under valgrind; prints a line each, and exits 1 where memory is definitely lost or wrongly used.

The daemon runs with all its processes under valgrind: mails come from a private Dovecot and answers
go to a private Postfix, as in tests/integration. Build without sanitizers.
"""
import concurrent.futures
import glob
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from rig import servers, stage as stages  # noqa: E402

OPTIONS = ["--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite",
           "--num-callers=20", "--error-exitcode=99"]
# what these try is done to valgrind as well: limits of memory, time and system calls
LIMITS = {"test-sandbox", "test-limits"}
MAILS = 36
# /proc/self/exe is valgrind itself there: workers are started by the name of the program. And
# valgrind has descriptors and memory of its own: no limits are put on.
SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
int setrlimit(__rlimit_resource_t what, const struct rlimit *limit)
{
	return 0;
}
int execv(const char *path, char *const argv[])
{
	int (*real)(const char *, char *const[]) = dlsym(RTLD_NEXT, "execv");
	return real(strcmp(path, "/proc/self/exe") == 0 ? getenv("TD_SELF") : path, argv);
}
"""
DAEMON_SECONDS = 300
UNIT_SECONDS = 300


def read_log(path):
    """(bytes definitely lost, errors, the text) of one process."""
    with open(path, errors="replace", encoding="utf-8") as f:
        text = f.read()
    lost = re.findall(r"definitely lost: ([\d,]+) bytes", text)
    errors = re.findall(r"ERROR SUMMARY: (\d+) errors", text)
    return (int(lost[-1].replace(",", "")) if lost else 0, int(errors[-1]) if errors else None,
            text)


def tell(name, logs, code, good_codes=(0,)):
    """A line for what ran; true if all of its processes are clean."""
    lost = errors = 0
    ended = True
    for path in logs:
        one_lost, one_errors, _ = read_log(path)
        lost += one_lost
        errors += one_errors or 0
        ended = ended and one_errors is not None
    good = code in good_codes and lost == 0 and errors == 0 and ended and logs != []
    print(f"{'PASS' if good else 'FAIL'} {name}: {lost} bytes definitely lost, {errors} errors, "
          f"{len(logs)} processes, exit {code}", flush=True)
    if not good:
        for path in logs:
            print(read_log(path)[2])
    return good


def run_unit(program, folder):
    log = os.path.join(folder, os.path.basename(program))
    try:
        done = subprocess.run(["valgrind", *OPTIONS, "--child-silent-after-fork=yes",
                               f"--log-file={log}", program], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              timeout=UNIT_SECONDS, check=False)
        code = done.returncode
    except subprocess.TimeoutExpired:
        code = f"none after {UNIT_SECONDS} s"
    return tell(os.path.basename(program), [log] if os.path.exists(log) else [], code)


def mail(person, n):
    """Plain ones, HTML ones, with commands and with an attachment."""
    kinds = ["text/plain; charset=utf-8", "text/html; charset=utf-8",
             "multipart/mixed; boundary=b"]
    text = ["Please.\r\n/assign ben\r\n/due friday\r\n",
            "<p>Please <b>see</b> to it.</p>\r\n",
            "--b\r\nContent-Type: text/plain\r\n\r\nDone: a thing\r\nNext: another\r\n--b\r\n"
            "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            "AAECAwQ=\r\n--b--\r\n"]
    subject = f"task: Thing {n}" if n % 3 < 2 else "update"
    return (f"From: {person}\r\nTo: platform@example.org\r\nSubject: {subject}\r\n"
            f"Message-ID: <{n}-{person}>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n"
            f"MIME-Version: 1.0\r\nContent-Type: {kinds[n % 3]}\r\n\r\n{text[n % 3]}").encode()


def with_shim(folder):
    """The environment with SHIM under tidingsd."""
    source, library = (os.path.join(folder, name) for name in ("shim.c", "shim.so"))
    with open(source, "w", encoding="ascii") as f:
        f.write(SHIM)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
    return {**os.environ, "LD_PRELOAD": library,
            "TD_SELF": os.path.join(stages.find_build(), "tidingsd")}


def run_daemon(folder):
    # valgrind takes memory and time of its own within the limits of a parser
    extra = "limits: { parser_mb = 4096; parser_cpu = 120; parser_wall = 300; parsers = 1; };"
    with stages.Stage(os.path.join(folder, "stage"), stages.PLATFORM, extra=extra) as stage:
        people = stage.people
        for n in range(MAILS):
            person = people[n % len(people)]
            stage.rig.dovecot.deliver(stage.team["address"], mail(person, n), person)
        logs = os.path.join(folder, "daemon")
        with open(stage.log, "ab") as log:
            done = subprocess.run(
                ["valgrind", *OPTIONS, "--trace-children=yes", f"--log-file={logs}.%p",
                 os.path.join(stage.build, "tidingsd"), "-f", "--once", "-c", stage.conf],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=DAEMON_SECONDS,
                env=with_shim(folder), check=False)
        taken = stage.query("SELECT count(*) FROM message WHERE outcome = 'applied'")[0][0]
        sent = stage.query("SELECT count(*) FROM outbox WHERE state = 'sent'")[0][0]
        good = tell(f"tidingsd --once ({taken} mails in, {sent} out)", glob.glob(logs + ".*"),
                    done.returncode)
        if taken < MAILS or sent == 0:
            print(stage.log_tail(100))
        return good and taken == MAILS and sent > 0


def main():
    if servers.find_program("valgrind") is None:
        sys.exit("valgrind is not installed (apt-get install valgrind)")
    programs = [p for p in sys.argv[1:] if os.path.basename(p) not in LIMITS]
    for name in sorted(LIMITS & {os.path.basename(p) for p in sys.argv[1:]}):
        print(f"SKIP {name}: its limits would hit valgrind itself")
    with tempfile.TemporaryDirectory(prefix="td") as folder:
        os.chmod(folder, 0o755)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            good = list(pool.map(lambda p: run_unit(p, folder), programs))
        try:
            good.append(run_daemon(folder))
        except servers.Missing as missing:
            print(f"SKIP tidingsd --once: {missing}")
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
