# SPDX-License-Identifier: ISC
"""An SMTP server that does what a test tells it, also what a real one never would.

    with Script({"rcpt": ["550 5.1.1 no"], "dot": DROP}) as server:
        ... connect to server.port ...
    server.mails      bodies as they came, dots unstuffed
    server.commands   every command line of every session
    server.sessions   how many connections came

The keys of the script are the moments greet, ehlo, starttls, auth, mail, rcpt, data, dot, noop.
A value is what is done there: a reply ("550 no", without CRLF; "\\n" makes it multi-line text that
is sent as it is), DROP, HANG, STALL (a byte every 0.2 s, for ever), bytes (sent raw), or a list:
its first element the first time, and so on; the last one stays. A function is called, and what it
returns is done (None: the usual reply). A moment without a key gives the usual reply.
("body", n) as a key drops the connection after n bytes of a body.
"""
import socket
import ssl
import threading

DROP, HANG, STALL = object(), object(), object()

USUAL = {"greet": "220 script ESMTP", "starttls": "220 go", "auth": "235 2.7.0 in",
         "mail": "250 2.1.0 ok", "rcpt": "250 2.1.5 ok", "data": "354 go ahead",
         "dot": "250 2.0.0 queued as 4711", "noop": "250 ok"}


class Gone(Exception):
    pass


class Session:
    def __init__(self, server, sock):
        self.server, self.sock, self.buffer = server, sock, b""

    def read(self):
        if not self.buffer:
            try:
                self.buffer = self.sock.recv(65536)
            except OSError:
                raise Gone from None
            if not self.buffer:
                raise Gone
        out, self.buffer = self.buffer, b""
        return out

    def line(self):
        data = b""
        while b"\n" not in data:
            data += self.read()
        line, _, self.buffer = data.partition(b"\n")
        return line.rstrip(b"\r").decode("latin-1")

    def body(self):
        """Up to the dot; the bytes as they were meant (dots unstuffed)."""
        data, limit = b"", self.server.body_limit
        while not (data.endswith(b"\r\n.\r\n") or data == b".\r\n"):
            data += self.read()
            if limit is not None and len(data) >= limit:
                raise Gone
        data = data[:-3]
        lines = data.split(b"\r\n")
        return b"\r\n".join(x[1:] if x.startswith(b".") else x for x in lines)

    def say(self, moment, usual=None):
        """Does what the script has for this moment; returns the reply's first digit."""
        what = self.server.next_of(moment, usual or USUAL[moment])
        if callable(what):
            what = what() or usual or USUAL[moment]
        if what is DROP:
            raise Gone
        if what is HANG or what is STALL:
            while not self.server.over.wait(0.2):
                if what is STALL:
                    self.sock.sendall(b"2")
            raise Gone
        data = what if isinstance(what, bytes) else what.replace("\n", "\r\n").encode() + b"\r\n"
        try:
            self.sock.sendall(data)
        except OSError:
            raise Gone from None
        return data[:1].decode("latin-1")

    def encrypt(self):
        if self.server.context is None:
            raise Gone
        try:
            self.sock = self.server.context.wrap_socket(self.sock, server_side=True)
        except OSError:
            raise Gone from None

    def hello(self):
        extensions = ["250-script", "250-SIZE 1000000", "250-PIPELINING"]
        if self.server.starttls and not isinstance(self.sock, ssl.SSLSocket):
            extensions.append("250-STARTTLS")
        if self.server.auth:
            extensions.append("250-AUTH " + self.server.auth)
        return "\n".join(extensions + ["250 ENHANCEDSTATUSCODES"])

    def login(self, line):
        if line.upper().startswith("AUTH LOGIN"):
            for prompt in ([] if len(line.split()) > 2 else ["VXNlcm5hbWU6"]) + ["UGFzc3dvcmQ6"]:
                self.sock.sendall(b"334 " + prompt.encode() + b"\r\n")
                self.server.commands.append(self.line())
        self.say("auth")

    def serve(self):
        self.say("greet")
        while True:
            line = self.line()
            self.server.commands.append(line)
            verb = line.split(" ")[0].split(":")[0].upper()
            if verb in ("EHLO", "HELO"):
                self.say("ehlo", self.hello())
            elif verb == "STARTTLS":
                if self.say("starttls") == "2":
                    self.encrypt()
            elif verb == "AUTH":
                self.login(line)
            elif verb in ("MAIL", "RCPT", "NOOP"):
                self.say(verb.lower())
            elif verb == "DATA":
                if self.say("data") == "3":
                    self.server.mails.append(self.body())
                    self.say("dot")
            elif verb == "QUIT":
                self.sock.sendall(b"221 bye\r\n")
                return
            else:
                self.sock.sendall(b"500 what?\r\n")


class Script:
    """auth: mechanisms offered ("" for none). tls: (certificate, key); implicit: from the start."""

    def __init__(self, script=None, auth="PLAIN LOGIN", tls=None, implicit=False):
        self.script = {k: list(v) if isinstance(v, list) else [v]
                       for k, v in (script or {}).items() if not isinstance(k, tuple)}
        self.body_limit = next((k[1] for k in (script or {}) if isinstance(k, tuple)), None)
        self.auth, self.implicit = auth, implicit
        self.starttls = tls is not None and not implicit
        self.context = None
        if tls is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*tls)
        self.mails, self.commands, self.sessions = [], [], 0
        self.over, self.lock, self.open = threading.Event(), threading.Lock(), []

    def next_of(self, moment, usual):
        with self.lock:
            steps = self.script.get(moment)
            if steps is None:
                return usual
            step = steps.pop(0) if len(steps) > 1 else steps[0]
            return usual if step is None else step

    def handle(self, sock):
        session = Session(self, sock)
        try:
            if self.implicit:
                session.encrypt()
            session.serve()
        except (Gone, OSError):
            pass
        finally:
            session.sock.close()

    def accept(self):
        while not self.over.is_set():
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            self.sessions += 1
            with self.lock:
                self.open.append(sock)
            threading.Thread(target=self.handle, args=(sock,), daemon=True).start()

    def drop_all(self):
        """Ends every connection that is open, as a server that restarts does."""
        with self.lock:
            for sock in self.open:
                try:
                    sock.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
            self.open.clear()

    def __enter__(self):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(20)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.over.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.drop_all()
        self.thread.join(5)
