# SPDX-License-Identifier: ISC
"""peers: other programs that fetch a whole mailbox, on the same Dovecot and in the same run.

They only store what they fetch; tidings reads and applies it as well. Mails a second each.
"""
import os
import subprocess
import time

from rig import servers

MBSYNC = """FSync {fsync}

IMAPAccount bench
Host localhost
Port {port}
User {user}
PassCmd "cat {secret}"
SSLType {ssl}
{more}
IMAPStore far
Account bench

MaildirStore near
Path {folder}/near/
Inbox {folder}/near/INBOX
SubFolders Verbatim

Channel bench
Far :far:
Near :near:
Patterns INBOX
Create Near
Sync Pull
SyncState {folder}/near/
"""


def timed(args, count, **kw):
    """Mails a second of one run, or None if the program fails."""
    begin = time.monotonic()
    done = subprocess.run(args, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=600, check=False, **kw)
    seconds = time.monotonic() - begin
    if done.returncode not in (0, 1) or (done.returncode == 1 and "fetchmail" not in args[0]):
        print(f"  {os.path.basename(args[0])}: exit {done.returncode}: {done.stderr[-200:]}")
        return None
    return count / seconds


def mbsync(stage, folder, count, tls, fsync):
    program = servers.find_program("mbsync")
    if program is None:
        return None
    dovecot = stage.rig.dovecot
    os.makedirs(os.path.join(folder, "near"))
    conf = os.path.join(folder, "mbsyncrc")
    with open(conf, "w") as f:
        f.write(MBSYNC.format(
            port=dovecot.tls_port if tls else dovecot.port, user=stage.team["address"],
            secret=os.path.join(stage.folder, "secret"), ssl="IMAPS" if tls else "None",
            more=f"CertificateFile {stage.rig.ca}\n" if tls else "AuthMechs LOGIN\n",
            folder=folder, fsync="yes" if fsync else "no"))
    rate = timed([program, "-c", conf, "-a"], count)
    near = os.path.join(folder, "near", "INBOX")
    got = sum(len(os.listdir(os.path.join(near, d))) for d in ("cur", "new")) \
        if os.path.isdir(near) else 0
    return rate if got == count else None


def fetchmail(stage, folder, count, tls):
    program = servers.find_program("fetchmail")
    if program is None:
        return None
    dovecot, out = stage.rig.dovecot, os.path.join(folder, "bsmtp")
    conf = os.path.join(folder, "fetchmailrc")
    ssl = f"ssl sslcertfile {stage.rig.ca}" if tls else "sslproto ''"
    with open(conf, "w") as f:
        os.fchmod(f.fileno(), 0o600)
        f.write(f'poll localhost protocol imap port {dovecot.tls_port if tls else dovecot.port}\n'
                f'  user "{stage.team["address"]}" password "{servers.PASSWORD}"\n'
                f'  {ssl}\n'
                f'  fetchall keep bsmtp "{out}"\n')
    env = dict(os.environ, FETCHMAILHOME=folder)
    rate = timed([program, "-f", conf, "--nosyslog", "--silent"], count, env=env)
    if rate is None or not os.path.exists(out):
        return None
    with open(out, "rb") as f:
        got = sum(line.startswith(b"MAIL FROM:") for line in f)
    return rate if got == count else None
