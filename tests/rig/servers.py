# SPDX-License-Identifier: ISC
"""Private mail servers for tests and the quick start.

Dovecot (IMAP, IMAPS, LMTP, SASL) and Postfix (SMTP with STARTTLS and AUTH), each whole in a
folder of its own, on loopback ports that are free when it starts. Nothing of the system's own
Dovecot or Postfix is read or changed. Dovecot runs as any user; Postfix needs root.

    with Servers(root, users=["ana@example.org", ...]) as s:
        s.submit("ana@example.org", "platform@example.org", mail_bytes)
        s.settle()
        s.dovecot.mails("platform@example.org")

Every user's password is PASSWORD. Missing is raised with the reason where a server cannot run
here; a test turns it into a skip.
"""
import contextlib
import grp
import imaplib
import os
import pwd
import random
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time

PASSWORD = "correct horse"
DOMAINS = ["example.org", "example.net"]
PORTS = range(20000, 32000)  # below those that Linux gives to clients
claimed = []  # a socket for each port that is ours


class Missing(Exception):
    """A server cannot run on this machine; the text says why."""


def free_ports(count):
    """Ports of loopback that nobody listens on, all different. They are ours until this process
    ends: no other process gets them from here, and the system gives none of them to a client."""
    ports = []
    while len(ports) < count:
        port = random.choice(PORTS)
        claim = socket.socket(socket.AF_UNIX)
        try:
            claim.bind(f"\0tidings-test-port-{port}")  # a name without a file, freed by the system
            with socket.socket() as sock:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                sock.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            continue
        claimed.append(claim)
        ports.append(port)
    return ports


def find_program(name):
    for folder in os.environ.get("PATH", "").split(":") + ["/usr/sbin", "/usr/bin", "/sbin"]:
        path = os.path.join(folder, name)
        if os.access(path, os.X_OK):
            return path
    return None


def need(name, package):
    path = find_program(name)
    if path is None:
        raise Missing(f"{name} is not installed (apt-get install {package})")
    return path


def wait_for(what, ready, seconds=20.0):
    """Asks ready() until it is true; fails with what it waited for."""
    end = time.monotonic() + seconds
    while True:
        if ready():
            return
        if time.monotonic() > end:
            raise RuntimeError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(0.02)


def listens(port):
    with contextlib.suppress(OSError):
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    return False


def run(*args, seconds=60):
    """Runs a program to its end. Its output goes to a file, not a pipe: a daemon that it leaves
    behind would hold a pipe open for ever."""
    with tempfile.TemporaryFile() as out:
        done = subprocess.run(args, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                              timeout=seconds, check=False)
        out.seek(0)
        text = out.read().decode("utf-8", "replace")
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(args)}: exit {done.returncode}: {text}")
    return text


def is_running(pid):
    """True while the process lives; a zombie does not."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def open_way(folder):
    """Servers drop to accounts of their own: the way to the folder must be open to them."""
    while folder not in ("/", ""):
        mode = os.stat(folder).st_mode
        if mode & 0o001 == 0:
            os.chmod(folder, mode & 0o7777 | 0o011)
        folder = os.path.dirname(folder)


class Certificates:
    """A CA of our own and what it signs: good (localhost), another name, expired."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.ca = self._path("ca.pem")
        need("openssl", "openssl")
        if os.path.exists(self.ca):
            return
        self._key("ca")
        run("openssl", "req", "-x509", "-new", "-key", self._path("ca.key"), "-days", "3650",
            "-subj", "/CN=tidings test CA", "-out", self.ca,
            "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _key(self, name):
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout",
            "-out", self._path(name + ".key"))

    def issue(self, name="good", san="DNS:localhost,IP:127.0.0.1", expired=False):
        """Returns the paths (certificate, key); made once a name."""
        cert, key = self._path(name + ".pem"), self._path(name + ".key")
        if os.path.exists(cert):
            return cert, key
        self._key(name)
        csr, ext = self._path(name + ".csr"), self._path(name + ".ext")
        run("openssl", "req", "-new", "-key", key, "-subj", "/CN=" + name, "-out", csr)
        with open(ext, "w") as f:
            f.write(f"subjectAltName={san}\nbasicConstraints=CA:FALSE\n")
        if expired:
            self._sign_expired(csr, cert, ext)
        else:
            run("openssl", "x509", "-req", "-in", csr, "-CA", self.ca, "-CAkey",
                self._path("ca.key"), "-CAcreateserial", "-days", "3650", "-extfile", ext,
                "-out", cert)
        return cert, key

    def _sign_expired(self, csr, cert, ext):
        db = self._path("ca.db")
        os.makedirs(db, exist_ok=True)
        with open(os.path.join(db, "index"), "w"):
            pass
        with open(os.path.join(db, "serial"), "w") as f:
            f.write("4242\n")
        conf = os.path.join(db, "conf")
        with open(conf, "w") as f:
            f.write("[ca]\ndefault_ca=d\n[d]\n"
                    f"database={db}/index\nserial={db}/serial\nnew_certs_dir={db}\n"
                    "default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n")
        run("openssl", "ca", "-batch", "-notext", "-config", conf, "-in", csr, "-out", cert,
            "-cert", self.ca, "-keyfile", self._path("ca.key"), "-extfile", ext,
            "-startdate", "20200101000000Z", "-enddate", "20200201000000Z")


class Dovecot:
    """One private Dovecot; users is a list of addresses, each with a Maildir of its own."""

    def __init__(self, root, users, certs, cert="good", san="DNS:localhost,IP:127.0.0.1",
                 expired=False, extra=""):
        self.program = need("dovecot", "dovecot-imapd dovecot-lmtpd")
        if not os.path.exists("/usr/lib/dovecot/lmtp"):
            raise Missing("Dovecot's LMTP is not installed (apt-get install dovecot-lmtpd)")
        self.root, self.users, self.extra = root, users, extra
        self.cert, self.key = certs.issue(cert, san, expired)
        self.conf = os.path.join(root, "dovecot.conf")
        self.port, self.tls_port, self.lmtp_port, self.sasl_port = free_ports(4)

    def write_conf(self):
        owner = pwd.getpwuid(os.getuid())
        internal = login = owner.pw_name
        if os.getuid() == 0:  # Dovecot refuses to read mail, or to take logins, as root
            owner, internal, login = pwd.getpwnam("mail"), "dovecot", "dovenull"
        uid, gid = owner.pw_uid, owner.pw_gid
        group = grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name
        for sub in ("run", "state", "mail"):
            os.makedirs(os.path.join(self.root, sub), exist_ok=True)
        mail = os.path.join(self.root, "mail")
        if os.getuid() == 0:
            os.chown(mail, uid, gid)
            open_way(self.root)
        with open(os.path.join(self.root, "users"), "w") as f:
            os.fchmod(f.fileno(), 0o644)
            f.writelines(f"{user}:{{PLAIN}}{PASSWORD}:{uid}:{gid}::{mail}/{user}\n"
                         for user in self.users)
        with open(self.conf, "w") as f:
            f.write(f"""
base_dir = {self.root}/run
state_dir = {self.root}/state
log_path = {self.root}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{self.cert}
ssl_key = <{self.key}
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = {uid}
first_valid_gid = {gid}
recipient_delimiter = +
mail_location = maildir:{self.root}/mail/%u
mail_max_userip_connections = 5000
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {self.root}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {self.root}/users
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  service_count = 0
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {self.lmtp_port}
  }}
}}
service auth {{
  inet_listener sasl {{
    port = {self.sasl_port}
  }}
}}
{self.extra}
""")

    def start(self):
        os.makedirs(self.root, exist_ok=True)
        self.write_conf()
        run(self.program, "-c", self.conf)
        wait_for("Dovecot", lambda: listens(self.port) and listens(self.lmtp_port))

    def pid(self):
        with contextlib.suppress(OSError, ValueError):
            with open(os.path.join(self.root, "run", "master.pid")) as f:
                return int(f.read())
        return None

    def stop(self):
        """Stops it and waits until the process is gone. Sessions would live on for half a minute:
        they are ended with it."""
        pid = self.pid()
        if pid is None:
            return
        group = None
        with contextlib.suppress(ProcessLookupError):
            group = os.getpgid(pid)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
        with contextlib.suppress(RuntimeError):
            wait_for("Dovecot's end", lambda: not is_running(pid), 5)
        if is_running(pid):
            os.kill(pid, signal.SIGKILL)
        if group == pid:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)

    def doveadm(self, *args):
        return run(need("doveadm", "dovecot-core"), "-c", self.conf, *args)

    def imap(self, user, folder="INBOX"):
        conn = imaplib.IMAP4("127.0.0.1", self.port)
        conn.login(user, PASSWORD)
        if folder is not None:
            conn.select(folder)
        return conn

    def deliver(self, rcpt, mail, sender="sender@example.net"):
        """One mail by LMTP."""
        self.deliver_many(rcpt, [mail], sender)

    def deliver_many(self, rcpt, mails, sender="sender@example.net"):
        with smtplib.LMTP("127.0.0.1", self.lmtp_port, local_hostname="localhost") as lmtp:
            for mail in mails:
                lmtp.sendmail(sender, [rcpt], mail)

    def mails(self, user, folder="INBOX"):
        """All mails of a folder as bytes, oldest first."""
        conn = self.imap(user, folder)
        try:
            _, data = conn.uid("SEARCH", "ALL")
            result = []
            for uid in data[0].split():
                _, parts = conn.uid("FETCH", uid.decode(), "(BODY.PEEK[])")
                result += [p[1] for p in parts if isinstance(p, tuple)]
            return result
        finally:
            conn.logout()


class Postfix:
    """One private Postfix that delivers to a Dovecot by LMTP; AUTH is Dovecot's."""

    def __init__(self, root, dovecot, domains=None):
        if os.getuid() != 0:
            raise Missing("a private Postfix needs root")
        self.program = need("postfix", "postfix")
        try:
            pwd.getpwnam("postfix")
        except KeyError:
            raise Missing("there is no account 'postfix' (apt-get install postfix)") from None
        self.root, self.dovecot = root, dovecot
        self.domains = domains or DOMAINS
        self.conf = os.path.join(root, "etc")
        self.port, = free_ports(1)

    def write_conf(self):
        for sub, mode in (("etc", 0o755), ("queue", 0o755), ("data", 0o700)):
            os.makedirs(os.path.join(self.root, sub), exist_ok=True)
            os.chmod(os.path.join(self.root, sub), mode)
        shutil.chown(os.path.join(self.root, "data"), "postfix", "postfix")
        with open(os.path.join(self.conf, "main.cf"), "w") as f:
            f.write(f"""
compatibility_level = 3.6
queue_directory = {self.root}/queue
data_directory = {self.root}/data
maillog_file = {self.root}/postfix.log
maillog_file_prefixes = {self.root}
myhostname = mx.example.org
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_peername_lookup = no
smtp_dns_support_level = disabled
virtual_mailbox_domains = {" ".join(self.domains)}
virtual_transport = lmtp:inet:127.0.0.1:{self.dovecot.lmtp_port}
default_transport = error:no mail leaves this machine
recipient_delimiter = +
alias_maps =
alias_database =
local_recipient_maps =
smtpd_tls_cert_file = {self.dovecot.cert}
smtpd_tls_key_file = {self.dovecot.key}
smtpd_tls_security_level = may
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{self.dovecot.sasl_port}
smtpd_relay_restrictions = permit_mynetworks, reject
message_size_limit = 52428800
mailbox_size_limit = 0
virtual_mailbox_limit = 0
in_flow_delay = 0
""")
        with open(os.path.join(self.conf, "master.cf"), "w") as f:
            f.write(f"""
127.0.0.1:{self.port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
showq unix n - n - - showq
postlog unix-dgram n - n - 1 postlogd
""")

    def start(self):
        os.makedirs(self.root, exist_ok=True)
        open_way(self.root)
        self.write_conf()
        try:
            run(self.program, "-c", self.conf, "start")
            wait_for("Postfix", lambda: listens(self.port))
        except RuntimeError as error:
            with contextlib.suppress(OSError), \
                    open(os.path.join(self.root, "postfix.log"), errors="replace") as log:
                error = RuntimeError(f"{error}\n{log.read()[-2000:]}")
            raise error from None

    def stop(self):
        with contextlib.suppress(RuntimeError, subprocess.TimeoutExpired):
            run(self.program, "-c", self.conf, "stop", seconds=30)

    def flush(self):
        run(self.program, "-c", self.conf, "flush")

    def queue_is_empty(self):
        queue = os.path.join(self.root, "queue")
        return not any(files for sub in ("incoming", "active", "deferred", "maildrop")
                       for _, _, files in os.walk(os.path.join(queue, sub)))


class Servers:
    """Dovecot and Postfix together; a context manager that leaves no process behind."""

    def __init__(self, root, users, with_postfix=True, domains=None, **dovecot_options):
        os.makedirs(root, exist_ok=True)
        self.root = root
        self.certs = Certificates(os.path.join(root, "certs"))
        self.dovecot = Dovecot(os.path.join(root, "dovecot"), users, self.certs, **dovecot_options)
        self.postfix = None
        if with_postfix:
            self.postfix = Postfix(os.path.join(root, "postfix"), self.dovecot, domains)

    @property
    def ca(self):
        return self.certs.ca

    def __enter__(self):
        try:
            self.dovecot.start()
            if self.postfix is not None:
                self.postfix.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exc):
        self.stop()

    def stop(self):
        if self.postfix is not None:
            self.postfix.stop()
        self.dovecot.stop()

    def submit(self, sender, rcpts, mail):
        """One mail by real SMTP with STARTTLS, and AUTH where the sender has a mailbox."""
        if isinstance(rcpts, str):
            rcpts = [rcpts]
        context = ssl.create_default_context(cafile=self.ca)
        with smtplib.SMTP("localhost", self.postfix.port, local_hostname="client.example.org",
                          timeout=30) as smtp:
            smtp.starttls(context=context)
            if sender in self.dovecot.users:
                smtp.login(sender, PASSWORD)
            smtp.sendmail(sender, rcpts, mail)

    def settle(self, seconds=30):
        """Waits until everything submitted lies in a mailbox."""
        wait_for("Postfix's queue to drain", self.postfix.queue_is_empty, seconds)
