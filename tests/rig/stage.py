# SPDX-License-Identifier: ISC
"""A whole team on one machine: private servers, a store, a running tidingsd, and mail programs.

    with Stage(folder, PLATFORM) as stage:
        stage.clock("2026-11-23T09:00:00Z")
        mid = stage.mail("ana@example.org", "platform@example.org", "task: Fix login", "...")
        stage.settle()
        stage.inbox("ana@example.org")

The clock is the daemon's test clock, which begins at the same moment whatever day it is, and at
the last one set after another start: a day passes in as many calls as a test makes. settle()
returns when every mail in the team's mailbox is done and every mail that is due has left.
"""
import datetime
import email
import email.policy
import email.utils
import json
import os
import signal
import sqlite3
import subprocess

from rig import servers
from rig.servers import wait_for

PLATFORM = {
    "name": "platform", "title": "Platform", "address": "platform@example.org",
    "zone": "Europe/Berlin", "core": "mon-thu 14:00-17:00",
    "people": [
        ("ana@example.org", "Ana Lima", "Europe/Lisbon", "lead"),
        ("ben@example.org", "Ben Ode", "America/New_York", "member"),
        ("chi@example.org", "Chi Sato", "Asia/Tokyo", "member"),
    ],
}


def find_build():
    """The folder with tidingsd and tidings in it."""
    for folder in (os.environ.get("TD_BUILDDIR"), os.getcwd()):
        if folder and os.access(os.path.join(folder, "tidingsd"), os.X_OK):
            return folder
    raise servers.Missing("tidingsd is not built (make)")


def make_store(build, conf):
    """A store with one team, for a configuration that no `tidings init` wrote."""
    subprocess.run([os.path.join(build, "tidings"), "-c", conf, "team", "add", "platform",
                    "--address", PLATFORM["address"], "--zone", PLATFORM["zone"]],
                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=60, check=True)


def utc(text):
    """Seconds of an RFC 3339 time in UTC."""
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())


class Stage:
    def __init__(self, folder, team, build=None, trust="envelope", tls="implicit",
                 after="flag", poll=1, extra="", login=None, mailbox=None,
                 begin="2026-11-22T12:00:00Z"):
        self.folder, self.team = folder, team
        self.build = build or find_build()
        self.people = [p[0] for p in team["people"]]
        outsiders = ["mallory@example.net", "news@example.net"]
        self.rig = servers.Servers(os.path.join(folder, "mail"),
                                   [team["address"]] + self.people + team.get("guests", [])
                                   + outsiders,
                                   domains=team.get("domains"))
        self.conf = os.path.join(folder, "tidings.conf")
        self.store = os.path.join(folder, "store", "tidings.db")
        self.log = os.path.join(folder, "tidingsd.log")
        self.options = {"trust": trust, "tls": tls, "after": after, "poll": poll, "extra": extra,
                        "login": login, "mailbox": mailbox}
        self.daemon = None
        self.now = utc(begin)
        self.count = 0

    # -- set-up -------------------------------------------------------------------------------

    def __enter__(self):
        os.makedirs(os.path.dirname(self.store), exist_ok=True)
        os.makedirs(os.path.join(self.folder, "run"), exist_ok=True)
        self.rig.__enter__()
        try:
            self.write_conf()
            self.make_team()
        except BaseException:
            self.rig.stop()
            raise
        return self

    def __exit__(self, *exc):
        self.stop()
        self.rig.stop()

    def write_conf(self):
        secret = os.path.join(self.folder, "secret")
        with open(secret, "w") as f:
            os.fchmod(f.fileno(), 0o600)
            f.write(servers.PASSWORD + "\n")
        opt, dovecot = self.options, self.rig.dovecot
        login = opt["login"] or f'password_file = "{secret}";'
        port = dovecot.tls_port if opt["tls"] == "implicit" else dovecot.port
        ca = "" if opt["tls"] == "none" else f'ca_file = "{self.rig.ca}";'
        mailbox = opt["mailbox"] or f"""host = "localhost"; port = {port}; tls = "{opt['tls']}";
		{ca}
		user = "{self.team['address']}"; {login}
		after = "{opt['after']}"; poll = {opt['poll']};"""
        with open(self.conf, "w") as f:
            f.write(f"""# A private team on loopback.
store: {{ path = "{self.store}"; reserve_mb = 1; }};
mailboxes: (
	{{
		name = "main";
		{mailbox}
	}}
);
transports: (
	{{
		name = "main";
		host = "localhost"; port = {self.rig.postfix.port}; tls = "starttls";
		ca_file = "{self.rig.ca}";
		user = "{self.team['address']}"; {login}
	}}
);
trust: {{ mode = "{opt['trust']}"; }};
log: {{ level = "debug"; }};
run_dir = "{self.folder}/run";
{opt['extra']}
""")

    def make_team(self):
        """As an administrator does: init with the first person, then the others. The file that
        init writes lies beside the one of the stage, which sets more."""
        team, dovecot = self.team, self.rig.dovecot
        (first, name, zone, _), *others = team["people"]
        made = os.path.join(self.folder, "init.conf")
        done = subprocess.run(
            [os.path.join(self.build, "tidings"), "-c", made, "init", "--yes", "--no-check",
             "--provider", "dovecot", "--address", team["address"], "--team", team["name"],
             "--title", team["title"], "--zone", team["zone"], "--lead", first,
             "--lead-name", name, "--password-file", os.path.join(self.folder, "secret"),
             "--store", self.store, "--run-dir", os.path.join(self.folder, "run"),
             "--imap-host", "localhost", "--imap-port", str(dovecot.tls_port),
             "--smtp-host", "localhost", "--smtp-port", str(self.rig.postfix.port),
             "--ca-file", self.rig.ca, "--trust", self.options["trust"]],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"tidings init: exit {done.returncode}: {done.stderr}")
        hours = ["--hours", "mon-fri 09:00-17:00"]
        self.tidings("person", "set", first, "--zone", zone, *hours)
        for address, name, zone, role in others:
            self.tidings("person", "add", address, name, "--team", team["name"], "--zone", zone,
                         "--role", role, *hours)
        if team.get("core"):
            self.tidings("team", "set", team["name"], "--core", team["core"])

    # -- the daemon and the tool ----------------------------------------------------------------

    def start(self, test_clock=True, env=None):
        args = [os.path.join(self.build, "tidingsd"), "-c", self.conf, "-f"]
        with open(self.log, "ab") as log:
            self.daemon = subprocess.Popen(
                args + ([f"--test-clock={self.now}"] if test_clock else []),
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env)
        wait_for("tidingsd", self.is_up, 20)

    def is_up(self):
        if self.daemon.poll() is not None:
            raise RuntimeError(f"tidingsd ended with {self.daemon.returncode}:\n{self.log_tail()}")
        return os.path.exists(os.path.join(self.folder, "run", "control")) and \
            self.try_tidings("status").returncode in (0, 1)

    def stop(self, seconds=10):
        """SIGTERM, and its exit code."""
        if self.daemon is None:
            return None
        daemon, self.daemon = self.daemon, None
        if daemon.poll() is None:
            daemon.send_signal(signal.SIGTERM)
        try:
            return daemon.wait(seconds)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()
            raise RuntimeError("tidingsd did not stop") from None

    def log_tail(self, lines=40):
        with open(self.log, errors="replace") as f:
            return "".join(f.readlines()[-lines:])

    def try_tidings(self, *args, stdin=None):
        return subprocess.run([os.path.join(self.build, "tidings"), "-c", self.conf, *args],
                              input=stdin, capture_output=True, text=True, timeout=60, check=False)

    def tidings(self, *args, stdin=None):
        done = self.try_tidings(*args, stdin=stdin)
        if done.returncode != 0:
            raise RuntimeError(f"tidings {' '.join(args)}: exit {done.returncode}: {done.stderr}")
        return done.stdout

    def json(self, *args):
        return json.loads(self.tidings("--json", *args))

    def try_json(self, *args):
        return json.loads(self.try_tidings("--json", *args).stdout)

    # -- time -------------------------------------------------------------------------------------

    def clock(self, text):
        """Moves the daemon's clock to this time (UTC)."""
        self.now = utc(text)
        self.tidings("clock", "set", text)

    # -- mail -------------------------------------------------------------------------------------

    def mail(self, sender, to, subject, body, headers=None, date=None, envelope=None):
        """Writes a mail as a mail program would, submits it by SMTP; returns its Message-ID."""
        self.count += 1
        mid = f"<m{self.count}.{self.now}@client.example.org>"
        name = next((p[1] for p in self.team["people"] if p[0] == sender), "")
        lines = {
            "From": email.utils.formataddr((name, sender)), "To": to, "Subject": subject,
            "Date": email.utils.formatdate(date or self.now), "Message-ID": mid,
            "MIME-Version": "1.0", "Content-Type": "text/plain; charset=utf-8",
            "Content-Transfer-Encoding": "8bit",
        }
        lines.update(headers or {})
        head = "".join(f"{k}: {v}\r\n" for k, v in lines.items() if v is not None)
        text = (head + "\r\n" + body.replace("\n", "\r\n")).encode()
        self.submit(sender if envelope is None else envelope, to, text)
        return mid

    def submit(self, sender, to, text):
        self.rig.submit(sender, [a for _, a in email.utils.getaddresses([to])], text)

    def reply(self, sender, original, body, quote=True):
        """Answers a mail as a mail program does: Re:, threading headers, full quote below."""
        subject = original["Subject"]
        if not subject.lower().startswith("re:"):
            subject = "Re: " + subject
        if quote:
            text = original.get_body(("plain",)).get_content()
            who = email.utils.parseaddr(original["From"])[0] or "the team"
            body += f"\nOn {original['Date']}, {who} wrote:\n" + \
                "".join(f"> {line}\n" for line in text.splitlines())
        to = original["Reply-To"] or original["From"]
        references = f"{original['References'] or ''} {original['Message-ID']}".strip()
        return self.mail(sender, str(to), subject, body,
                         {"In-Reply-To": original["Message-ID"], "References": references})

    def inbox(self, address):
        """The mails of one person, parsed, oldest first."""
        return [email.message_from_bytes(raw, policy=email.policy.default)
                for raw in self.rig.dovecot.mails(address)]

    def find(self, address, text):
        """The newest mail to address whose subject holds text."""
        found = [m for m in self.inbox(address) if text in (m["Subject"] or "")]
        if not found:
            raise AssertionError(f"no mail to {address} has '{text}' in its subject; there are: "
                                 f"{[m['Subject'] for m in self.inbox(address)]}")
        return found[-1]

    # -- waiting -----------------------------------------------------------------------------------

    def query(self, sql, *args):
        db = sqlite3.connect(f"file:{self.store}?mode=ro", uri=True, timeout=10)
        try:
            return db.execute(sql, args).fetchall()
        finally:
            db.close()

    def uidnext(self):
        conn = self.rig.dovecot.imap(self.team["address"], None)
        try:
            _, data = conn.status("INBOX", "(UIDNEXT)")
            return int(data[0].rpartition(b"UIDNEXT ")[2].rstrip(b")"))
        finally:
            conn.logout()

    def is_read(self):
        """Every mail in the team's mailbox is done and acknowledged."""
        rows = self.query("SELECT watermark FROM mailbox WHERE name = 'main'")
        open_rows = self.query("SELECT count(*) FROM seen WHERE state <> 'acked' AND mailbox_id = "
                               "(SELECT id FROM mailbox WHERE name = 'main')")
        return bool(rows) and rows[0][0] >= self.uidnext() - 1 and open_rows[0][0] == 0

    def is_sent(self):
        """No mail that is due waits, no job that is due has yet to run."""
        now = utc(self.json("clock", "show")["now"])
        waiting = self.query("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending', "
                             "'unknown') AND unknowns < 2 AND next_try_at <= ? AND "
                             "not_before <= ?", now, now)
        jobs = self.query("SELECT count(*) FROM job WHERE due_at <= ?", now)
        return waiting[0][0] == 0 and jobs[0][0] == 0

    def settle(self, seconds=60):
        """Until everything that was written is delivered, read, answered and delivered again."""
        try:
            self.rig.settle(seconds)
            wait_for("the mailbox to be read", self.is_read, seconds)
            wait_for("due mail to leave", self.is_sent, seconds)
            self.rig.settle(seconds)
        except RuntimeError as error:
            raise RuntimeError(f"{error}\n{self.log_tail()}") from None
