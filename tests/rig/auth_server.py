# SPDX-License-Identifier: ISC
"""An authorization server of our own (OAuth2), over TLS, that does what a test tells it.

    with AuthServer(certs.issue()) as auth:
        auth.script("token", PENDING, SLOW_DOWN)    # the next answers; then honest ones
        ... https://localhost:{auth.port}/token, /device, /authorize, /introspect ...

Honest: /device gives a code that anybody may use at once, /token takes device codes, authorization
codes with PKCE and refresh tokens, and gives access tokens of `lifetime` seconds; with `rotate`
each
refresh token is good once. /introspect (RFC 7662) tells a mail server whose a token is. A step of a
script is (code, body) with a dict or bytes, or a function of (handler, fields) that answers itself.
"""
import base64
import hashlib
import http.server
import json
import ssl
import threading
import time
import urllib.parse

PENDING = (400, {"error": "authorization_pending"})
SLOW_DOWN = (400, {"error": "slow_down"})
EXPIRED = (400, {"error": "expired_token"})
DENIED = (400, {"error": "access_denied"})
REVOKED = (400, {"error": "invalid_grant", "error_description": "Token has been revoked."})
BAD_CLIENT = (401, {"error": "invalid_client"})
BUSY = (503, b"<html>come back later</html>")
GARBAGE = (200, b"\x00\xff{[")
HUGE = (200, b'{"access_token":"' + b"x" * 3000000 + b'"}')


def drop(handler, fields):
    handler.close_connection = True
    handler.connection.close()


def slow(handler, fields):
    """A byte a second, for as long as anybody listens."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.auth.over.wait(0.5):
        handler.wfile.write(b" ")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, code, body, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            self.wfile.write(data)
        except OSError:
            self.close_connection = True

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        self.server.auth.serve(self, url.path.strip("/"), dict(urllib.parse.parse_qsl(url.query)))

    def do_POST(self):
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.auth.serve(self, urllib.parse.urlsplit(self.path).path.strip("/"),
                               dict(urllib.parse.parse_qsl(data.decode())))


class Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


class AuthServer:
    def __init__(self, cert, user="platform@example.org", lifetime=3600, rotate=True):
        self.user, self.lifetime, self.rotate = user, lifetime, rotate
        self.client = {"client_id": "tidings-test", "client_secret": "s3cret-of-the-client"}
        self.steps, self.requests = {}, []
        self.refresh, self.access, self.codes = set(), {}, {}
        self.count = 0
        self.over, self.lock = threading.Event(), threading.Lock()
        self.httpd = Quiet(("127.0.0.1", 0), Handler)
        self.httpd.auth = self
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*cert)
        self.httpd.socket = context.wrap_socket(self.httpd.socket, server_side=True,
                                                do_handshake_on_connect=False)
        self.port = self.httpd.server_address[1]
        self.url = f"https://localhost:{self.port}"

    def __enter__(self):
        threading.Thread(target=self.httpd.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc):
        self.over.set()
        self.httpd.shutdown()
        self.httpd.server_close()

    # --- what a test does ---

    def script(self, path, *steps):
        with self.lock:
            self.steps.setdefault(path, []).extend(steps)

    def asked(self, path, **fields):
        """The requests there that had these fields."""
        with self.lock:
            return [r for p, r in self.requests
                    if p == path and all(r.get(k) == v for k, v in fields.items())]

    def revoke(self):
        """Every grant is void, and what was given for it."""
        with self.lock:
            self.refresh.clear()
            self.access.clear()

    def spoil(self):
        """No access token is good any more; the grants are."""
        with self.lock:
            self.access.clear()

    def conf(self, ca, secret_file, name="test", more=""):
        return f"""oauth: ( {{
	name = "{name}"; provider = "other"; client_id = "{self.client['client_id']}";
	client_secret_file = "{secret_file}"; ca_file = "{ca}"; scope = "mail offline_access";
	token_url = "{self.url}/token"; device_url = "{self.url}/device";
	authorize_url = "{self.url}/authorize"; timeout = 5; {more}
}} );
"""

    # --- the honest answers ---

    def serve(self, handler, path, fields):
        with self.lock:
            self.requests.append((path, fields))
            steps = self.steps.get(path, [])
            step = steps.pop(0) if steps else None
        if callable(step):
            step(handler, fields)
        elif step is not None:
            handler.answer(*step)
        else:
            with self.lock:
                answer = getattr(self, "do_" + path, self.do_nothing)(fields)
            handler.answer(*answer)

    def do_nothing(self, fields):
        return 404, {"error": "not_found"}

    def fresh(self, kind):
        self.count += 1
        return f"{kind}-{self.count}-{hashlib.sha256(str(self.count).encode()).hexdigest()[:12]}"

    def do_device(self, fields):
        if fields.get("client_id") != self.client["client_id"]:
            return BAD_CLIENT
        code = self.fresh("device")
        self.codes[code] = None
        return 200, {"device_code": code, "user_code": "WDJB-MJHT",
                     "verification_uri": self.url + "/activate", "expires_in": 60, "interval": 1}

    def give(self, refresh=None):
        access = self.fresh("access")
        self.access[access] = time.monotonic() + self.lifetime
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": self.lifetime}
        if refresh is None or self.rotate:
            self.refresh.discard(refresh)
            answer["refresh_token"] = self.fresh("refresh")
            self.refresh.add(answer["refresh_token"])
        return 200, answer

    def do_token(self, fields):
        if any(fields.get(k) != v for k, v in self.client.items()):
            return BAD_CLIENT
        grant = fields.get("grant_type", "")
        if grant == "refresh_token":
            if fields.get("refresh_token") not in self.refresh:
                return REVOKED
            return self.give(fields["refresh_token"])
        if grant.endswith("device_code"):
            code = fields.get("device_code")
            if code not in self.codes:
                return EXPIRED
            del self.codes[code]
            return self.give()
        if grant == "authorization_code":
            want = self.codes.pop(fields.get("code"), None)
            proof = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
            got = (base64.urlsafe_b64encode(proof).rstrip(b"=").decode(),
                   fields.get("redirect_uri"))
            return self.give() if want == got else REVOKED
        return 400, {"error": "unsupported_grant_type"}

    def consent(self, address):
        """What a person does in a browser: gives the address that it is sent back to."""
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
        code = "a code/with+marks"
        with self.lock:
            self.codes[code] = (query["code_challenge"], query["redirect_uri"])
        return query["redirect_uri"] + "?" + urllib.parse.urlencode(
            {"state": query["state"], "code": code}, quote_via=urllib.parse.quote)

    def is_good(self, token):
        return self.access.get(token, 0) > time.monotonic()

    def do_introspect(self, fields):
        if not self.is_good(fields.get("token")):
            return 200, {"active": False}
        return 200, {"active": True, "username": self.user, "email": self.user}
