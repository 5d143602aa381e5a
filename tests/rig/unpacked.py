# SPDX-License-Identifier: ISC
"""Private Cyrus and Courier servers, though their packages conflict with Dovecot's.

The packages are downloaded and unpacked into a folder of their own (TD_UNPACKED, else
~/.cache/tidings-tests), kept between runs. A server runs as in a system that has them installed: in
a mount and process namespace of its own, where the unpacked files lie on top of /usr and /etc.
Nothing on the machine changes, and all of it ends with the first process. Needs root.
"""
import contextlib
import glob
import imaplib
import os
import pwd
import shutil
import subprocess

from rig import servers
from rig.servers import Missing, free_ports, listens, run, wait_for

USER = "team"

# Merges the unpacked files with the system's, read-only but for the server's own folder in /etc.
ENTER = """set -e
files=$1 top=$2 own=$3; shift 3
mkdir -p $top/usr $top/etc $top/dev $top/proc $top/tmp $top/run/courier/authdaemon $top/var
for l in bin sbin lib lib64; do ln -sfn usr/$l $top/$l; done
ln -sfn ../run $top/var/run
mount -t overlay overlay -o lowerdir=$files/usr:/usr $top/usr
mount -t overlay overlay -o lowerdir=$files/etc:/etc $top/etc
[ -z "$own" ] || mount --bind $files/etc/$own $top/etc/$own
for d in dev proc tmp; do mount --rbind /$d $top/$d; done
mkdir -p $top$TD_ROOT; mount --rbind $TD_ROOT $top$TD_ROOT
exec chroot $top "$@"
"""


def unpack(package, *more):
    """The folder with the package's files and those of all it needs; more: what it only likes."""
    if os.getuid() != 0:
        raise Missing(f"{package} is unpacked and run beside the system, which needs root")
    for program in ("unshare", "dpkg", "apt-get"):
        servers.need(program, "apt" if program == "apt-get" else "util-linux dpkg")
    base = os.environ.get("TD_UNPACKED") or os.path.expanduser("~/.cache/tidings-tests")
    folder = os.path.join(base, package)
    if os.path.exists(os.path.join(folder, "done")):
        return os.path.join(folder, "root")
    shutil.rmtree(folder, ignore_errors=True)
    debs = os.path.join(folder, "debs")
    os.makedirs(os.path.join(debs, "partial"))
    try:
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "--download-only", "-o",
            f"Dir::Cache::archives={debs}", package, *more, seconds=300)
        for deb in glob.glob(os.path.join(debs, "*.deb")):
            run("dpkg", "-x", deb, os.path.join(folder, "root"))
        for name in ("bin", "sbin", "lib", "lib64"):  # these are links into /usr on the system
            if os.path.isdir(os.path.join(folder, "root", name)):
                run("cp", "-a", os.path.join(folder, "root", name) + "/.",
                    os.path.join(folder, "root", "usr", name))
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        raise Missing(f"{package} cannot be downloaded: {error}") from None
    shutil.rmtree(debs)
    with open(os.path.join(folder, "done"), "w"):
        pass
    return os.path.join(folder, "root")


class Unpacked:
    """One server with one account, USER, whose password is servers.PASSWORD."""
    package = own = ""
    more = ()
    prefix = ""  # of folder names

    def __init__(self, root):
        self.files, self.root = unpack(self.package, *self.more), root
        self.port, = free_ports(1)
        self.process = None
        account = pwd.getpwnam("mail")
        self.uid, self.gid = account.pw_uid, account.pw_gid

    def folders(self, *names):
        for name in names:
            path = os.path.join(self.root, name)
            os.makedirs(path, exist_ok=True)
            os.chown(path, self.uid, self.gid)
        servers.open_way(self.root)

    def write(self, name, text):
        path = os.path.join(self.root, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def copy_files(self):
        """A copy that may be written to: of the server's folder in /etc alone."""
        copy = os.path.join(self.root, "files")
        if not os.path.exists(copy):
            shutil.copytree(os.path.join(self.files, "etc"), os.path.join(copy, "etc"),
                            symlinks=True)
            os.symlink(os.path.join(self.files, "usr"), os.path.join(copy, "usr"))
        return copy

    def start(self):
        self.folders("", "data")
        command = self.prepare()
        enter = self.write("enter", ENTER)
        with open(os.path.join(self.root, "out"), "ab") as out:
            self.process = subprocess.Popen(
                ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", enter,
                 self.copy_files(), os.path.join(self.root, "top"), self.own, *command],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                env=dict(os.environ, TD_ROOT=self.root))
        try:
            wait_for(self.package, self.is_up, 30)
        except RuntimeError as error:
            self.stop()
            raise Missing(f"{error}: {self.said()[-400:]}") from None

    def is_up(self):
        if self.process.poll() is not None:
            raise Missing(f"{self.package} cannot be run here: {self.said()[-400:]}")
        if not listens(self.port):
            return False
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            self.imap().logout()
            return True
        return False

    def said(self):
        with open(os.path.join(self.root, "out"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def imap(self, folder=None):
        conn = imaplib.IMAP4("127.0.0.1", self.port)
        conn.login(USER, servers.PASSWORD)
        if folder is not None:
            conn.select(folder)
        return conn

    def append(self, folder, mail):
        conn = self.imap()
        try:
            answer = conn.append(folder, None, None, mail)
            if answer[0] != "OK":
                raise RuntimeError(f"{self.package}: APPEND: {answer}")
        finally:
            conn.logout()


class Cyrus(Unpacked):
    """Takes any password: its stores of them would need a program more."""
    package = "cyrus-imapd"
    more = ("libsasl2-modules",)

    def prepare(self):
        data = os.path.join(self.root, "data")
        self.folders("data/conf", "data/spool", "data/run")
        conf = self.write("imapd.conf", f"""configdirectory: {data}/conf
partition-default: {data}/spool
defaultpartition: default
cyrus_user: mail
cyrus_group: mail
allowplaintext: 1
sasl_mech_list: PLAIN LOGIN
sasl_pwcheck_method: alwaystrue
unixhierarchysep: 1
altnamespace: 1
autocreate_quota: 0
autocreate_users: anyone
imapidlepoll: 2
idlesocket: {data}/run/idle
lmtpsocket: {data}/run/lmtp
notifysocket: {data}/run/notify
proc_path: {data}/run/proc
mboxname_lockpath: {data}/run/lock
duplicate_db_path: {data}/run/deliver.db
statuscache_db_path: {data}/run/statuscache.db
tls_sessions_db_path: {data}/run/tls.db
""")
        programs = "/usr/lib/cyrus/bin"
        services = self.write("cyrus.conf", f"""START {{
  recover cmd="{programs}/ctl_cyrusdb -C {conf} -r"
}}
SERVICES {{
  imap cmd="{programs}/imapd -C {conf}" listen="127.0.0.1:{self.port}" prefork=0 proto="tcp4"
}}
DAEMON {{
  idled cmd="{programs}/idled -C {conf}"
}}
EVENTS {{
}}
""")
        return (f"{programs}/master", "-C", conf, "-M", services, "-p", f"{data}/run/pid")


class Courier(Unpacked):
    package = "courier-imap"
    own = "courier"
    prefix = "INBOX."

    def prepare(self):
        home = os.path.join(self.root, "data", "home")
        self.folders("data/home", "data/home/Maildir",
                     *(f"data/home/Maildir/{sub}" for sub in ("cur", "new", "tmp")))
        etc = os.path.join(self.copy_files(), "etc", "courier")
        crypted = run("openssl", "passwd", "-1", servers.PASSWORD).strip()
        with open(os.path.join(etc, "userdb"), "w", encoding="ascii") as f:
            os.fchmod(f.fileno(), 0o600)
            f.write(f"{USER}\thome={home}|uid={self.uid}|gid={self.gid}|imappw={crypted}\n")
        with open(os.path.join(etc, "authdaemonrc"), encoding="utf-8") as f:
            text = f.read()
        with open(os.path.join(etc, "authdaemonrc"), "w", encoding="utf-8") as f:
            f.write(text + '\nauthmodulelist="authuserdb"\n')
        script = self.write("run", f"""/usr/sbin/makeuserdb
/usr/lib/courier/courier-authlib/authdaemond &
set -a; . /etc/courier/imapd
IMAP_IDLE_TIMEOUT=2
/usr/sbin/couriertcpd -address=127.0.0.1 -maxprocs=40 -maxperip=40 -nodnslookup \\
	-noidentlookup {self.port} /usr/lib/courier/courier/imaplogin /usr/bin/imapd Maildir
""")
        return "sh", script
