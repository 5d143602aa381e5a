# SPDX-License-Identifier: ISC
"""A scripted IMAP server that misbehaves on demand, on a loopback port picked at run time.

Left alone it is a small honest server with one folder. A test changes what it says:

    with ImapServer({1: mail, 2: mail}) as server:
        server.on("SELECT", lambda s, tag, args: s.send(b"* BYE\\r\\n") or s.close())
        server.cuts = [17, 18, 19]      # the next connections end after so many bytes

A handler gets (session, tag, args) as bytes and sends what it likes; one that returns DEFAULT
lets the honest answer follow. Each session keeps what the client sent in session.lines.

With b"IDLE" among its capabilities, server.add(uid, mail) tells all sessions that are idling; the
end of IDLE is a command DONE with the tag of the IDLE.
"""
import base64
import re
import socket
import ssl
import subprocess
import threading

DEFAULT = object()
DATE = b'"22-Nov-2026 10:00:00 +0000"'


class Closed(Exception):
    """The session is over, by either side or by a cut."""


def certificate(folder, name="localhost"):
    """A self-signed certificate, made now; the paths (certificate, key)."""
    cert, key = f"{folder}/{name}.pem", f"{folder}/{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:prime256v1", "-nodes", "-days", "10", "-keyout", key,
                    "-out", cert, "-subj", f"/CN={name}", "-addext",
                    f"subjectAltName=DNS:{name},IP:127.0.0.1"], check=True, capture_output=True)
    return cert, key


class Session:
    def __init__(self, server, sock, cut):
        self.server, self.sock, self.cut = server, sock, cut
        self.lines, self.sent, self.buffer = [], 0, b""
        self.idle_tag, self.told = None, 0

    def send(self, data):
        if self.cut is not None and self.sent + len(data) > self.cut:
            data = data[:self.cut - self.sent]
            if data:
                self.sock.sendall(data)
            self.sent = self.cut
            raise Closed
        self.sock.sendall(data)
        self.sent += len(data)

    def line(self):
        while b"\r\n" not in self.buffer:
            more = self.sock.recv(65536)
            if not more:
                raise Closed
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        self.lines.append(line)
        return line

    def close(self):
        raise Closed

    def start_tls(self, context):
        self.sock = context.wrap_socket(self.sock, server_side=True)


class ImapServer:
    def __init__(self, mails=None, uidvalidity=1, tls=None, capabilities=b"UIDPLUS MOVE"):
        self.mails = dict(mails or {})
        self.uidvalidity, self.capabilities = uidvalidity, capabilities
        self.flags, self.folders = {}, {b"INBOX": self.mails}
        self.greeting = b"* OK ready\r\n"
        self.cuts, self.handlers, self.sessions = [], {}, []
        self.context = None
        if tls is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*tls)
        self.implicit = False
        self.tokens, self.challenges = [], True
        self.lock = threading.Lock()
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(512)
        self.port = self.listener.getsockname()[1]

    def on(self, command, handler):
        self.handlers[command.encode()] = handler

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exc):
        # a listener that only is closed would leave accept waiting
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        for session in list(self.sessions):
            try:
                session.sock.close()
            except OSError:
                pass

    def _accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            session = Session(self, sock, self.cuts.pop(0) if self.cuts else None)
            self.sessions.append(session)
            threading.Thread(target=self._serve, args=(session,), daemon=True).start()

    def _serve(self, session):
        try:
            if self.implicit:
                session.start_tls(self.context)
            greeting = self.greeting
            if callable(greeting):
                greeting(session)
            else:
                session.send(greeting)
            while True:
                self._command(session, session.line())
        except (Closed, OSError, ValueError):
            pass
        finally:
            try:
                session.sock.close()
            except OSError:
                pass

    def _command(self, session, line):
        tag, _, rest = line.partition(b" ")
        if line.upper() == b"DONE":
            tag, rest = session.idle_tag or b"*", b"DONE"
        elif session.idle_tag is not None:
            session.send(b"* BYE DONE was expected\r\n")
            session.close()
        words = rest.split(b" ")
        name = words[0].upper()
        if name == b"UID":
            name, words = b"UID " + words[1].upper(), words[1:]
        args = b" ".join(words[1:])
        handler = self.handlers.get(name)
        if handler is not None and handler(session, tag, args) is not DEFAULT:
            return
        with self.lock:
            honest = getattr(self, "do_" + name.decode().replace(" ", "_").lower(), None)
            if honest is None:
                session.send(tag + b" BAD unknown\r\n")
            else:
                honest(session, tag, args)

    def add(self, uid, mail):
        """One more mail, of which the idling sessions are told."""
        with self.lock:
            self.mails[uid] = mail
            self.tell(b"* %d EXISTS\r\n" % len(self.mails))

    def tell(self, line):
        """A line for all sessions that are idling."""
        for session in list(self.sessions):
            if session.idle_tag is not None:
                try:
                    session.told = len(self.mails)
                    session.send(line)
                except (Closed, OSError):
                    pass

    def count(self, command):
        """How often any client sent this command (or DONE)."""
        return sum(line.upper() == command or line.upper().split(b" ", 1)[-1].startswith(command)
                   for session in list(self.sessions) for line in list(session.lines))

    # --- the honest answers ---

    def do_idle(self, session, tag, args):
        session.idle_tag = tag
        session.send(b"+ idling\r\n")
        if session.told != len(self.mails):
            session.told = len(self.mails)
            session.send(b"* %d EXISTS\r\n" % len(self.mails))

    def do_done(self, session, tag, args):
        session.idle_tag = None
        session.send(tag + b" OK done\r\n")

    def do_capability(self, session, tag, args):
        session.send(b"* CAPABILITY IMAP4rev1 " + self.capabilities + b"\r\n" + tag +
                     b" OK done\r\n")

    def do_noop(self, session, tag, args):
        session.send(tag + b" OK done\r\n")

    do_login = do_create = do_noop

    def do_starttls(self, session, tag, args):
        session.send(tag + b" OK go\r\n")
        session.start_tls(self.context)

    def do_authenticate(self, session, tag, args):
        """Takes what is in self.tokens, as Google and Microsoft do; PLAIN with any password."""
        mechanism, _, initial = args.partition(b" ")
        if not initial:
            session.send(b"+ \r\n")
            initial = session.line()
        words = base64.b64decode(initial)
        session.words = words
        if mechanism == b"PLAIN" or any(b"auth=Bearer " + t + b"\1" in words for t in self.tokens):
            session.send(tag + b" OK welcome\r\n")
            return
        if self.challenges:
            session.send(b"+ " + base64.b64encode(b'{"status":"401"}') + b"\r\n")
            session.after_challenge = session.line()
        session.send(tag + b" NO [AUTHENTICATIONFAILED] Invalid credentials\r\n")

    def do_logout(self, session, tag, args):
        session.send(b"* BYE bye\r\n" + tag + b" OK done\r\n")
        session.close()

    def do_select(self, session, tag, args):
        session.told = len(self.mails)
        session.send(b"* FLAGS (\\Seen)\r\n* %d EXISTS\r\n* 0 RECENT\r\n"
                     b"* OK [PERMANENTFLAGS (\\Seen \\*)] flags\r\n"
                     b"* OK [UIDVALIDITY %d] uids\r\n%s OK [READ-WRITE] done\r\n"
                     % (len(self.mails), self.uidvalidity, tag))

    def uids_of(self, text):
        """The UIDs of a set that exist; n:* always holds the last one."""
        last = max(self.mails, default=0)
        found = set()
        for part in text.split(b","):
            ends = [last if end == b"*" else int(end) for end in part.split(b":")]
            low, high = min(ends), max(ends)
            found |= {uid for uid in self.mails if low <= uid <= high}
        return sorted(found)

    def do_uid_search(self, session, tag, args):
        found = self.uids_of(args.split(b" ")[-1])
        session.send(b"* SEARCH" + b"".join(b" %d" % uid for uid in found) + b"\r\n"
                     + tag + b" OK done\r\n")

    def fetch_answer(self, uid, items):
        mail = self.mails[uid]
        number = sorted(self.mails).index(uid) + 1
        parts = [b"UID %d" % uid]
        if b"RFC822.SIZE" in items:
            parts.append(b"RFC822.SIZE %d" % len(mail))
        if b"INTERNALDATE" in items:
            parts.append(b"INTERNALDATE " + DATE)
        if b"BODY.PEEK[]" in items:
            parts.append(b"BODY[] {%d}\r\n%s" % (len(mail), mail))
        header = re.search(rb"BODY\.PEEK\[HEADER\]<0\.(\d+)>", items)
        if header:
            text = (mail.split(b"\r\n\r\n", 1)[0] + b"\r\n\r\n")[:int(header.group(1))]
            parts.append(b"BODY[HEADER]<0> {%d}\r\n%s" % (len(text), text))
        return b"* %d FETCH (%s)\r\n" % (number, b" ".join(parts))

    def do_uid_fetch(self, session, tag, args):
        text, _, items = args.partition(b" ")
        for uid in self.uids_of(text):
            session.send(self.fetch_answer(uid, items.upper()))
        session.send(tag + b" OK done\r\n")

    def do_uid_store(self, session, tag, args):
        text, _, flags = args.partition(b" ")
        for uid in self.uids_of(text):
            self.flags.setdefault(uid, []).append(flags)
        session.send(tag + b" OK done\r\n")

    def do_uid_move(self, session, tag, args):
        text, _, _ = args.partition(b" ")
        for uid in self.uids_of(text):
            del self.mails[uid]
        session.send(tag + b" OK done\r\n")

    def do_uid_copy(self, session, tag, args):
        session.send(tag + b" OK done\r\n")

    def do_uid_expunge(self, session, tag, args):
        self.do_uid_move(session, tag, args)
