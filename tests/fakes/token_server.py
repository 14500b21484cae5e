"""A token service (distribution's token authentication) that issues what a real registry accepts.

Anyone may pull from repositories under public/; users may do what USERS says. An identity token is good for OAuth2.
"""
import base64
import contextlib
import http.server
import json
import subprocess
import threading
import time
import urllib.parse

USERS = {"ann": "s3cret"}
IDENTITY_TOKENS = {"identity-of-ann": "ann"}
ISSUER, SERVICE = "test issuer", "test registry"


def _base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class TokenServer(http.server.ThreadingHTTPServer):
    def __init__(self, folder, life=300):
        folder.mkdir(parents=True, exist_ok=True)
        self.life, self.log = life, []
        self.certificate, self.key = folder / "token.crt", folder / "token.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=tokens",
                        "-keyout", self.key, "-out", self.certificate], check=True, capture_output=True)
        body = "".join(line for line in self.certificate.read_text().splitlines() if "-----" not in line)
        self.header = {"typ": "JWT", "alg": "RS256", "x5c": [body]}
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def auth(self):
        """The `auth` section of a registry that trusts this server."""
        return {"token": {"realm": f"http://127.0.0.1:{self.server_port}/token", "service": SERVICE, "issuer": ISSUER,
                          "rootcertbundle": str(self.certificate)}}

    def token(self, user, scopes):
        now = int(time.time())
        claims = {"iss": ISSUER, "sub": user or "", "aud": SERVICE, "nbf": now - 10, "iat": now, "exp": now + self.life,
                  "jti": str(time.monotonic_ns()), "access": [access for access in map(self._granted(user), scopes) if access]}
        signed = f"{_base64url(json.dumps(self.header).encode())}.{_base64url(json.dumps(claims).encode())}"
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=signed.encode(), check=True,
                                   capture_output=True).stdout
        return f"{signed}.{_base64url(signature)}"

    @staticmethod
    def _granted(user):
        def grant(scope):
            kind, _, rest = scope.partition(":")
            name, _, actions = rest.rpartition(":")
            allowed = set(actions.split(",")) if user else ({"pull"} if name.startswith("public/") else set())
            return {"type": kind, "name": name, "actions": sorted(allowed & set(actions.split(",")))} if allowed else None

        return grant


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        scheme, _, packed = self.headers.get("Authorization", "").partition(" ")
        user = None
        if scheme == "Basic":
            user, _, password = base64.b64decode(packed).decode().partition(":")
            if USERS.get(user) != password:
                return self._answer(401, {})
        self._issue("GET", user, query.get("scope", []))

    def do_POST(self):
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        user = IDENTITY_TOKENS.get(form.get("refresh_token", [""])[0])
        if form.get("grant_type") != ["refresh_token"] or not form.get("client_id") or not user:
            return self._answer(400, {"error": "invalid_grant"})
        self._issue("POST", user, form.get("scope", [""])[0].split())

    def _issue(self, method, user, scopes):
        self.server.log.append((method, user, scopes))
        token = self.server.token(user, scopes)
        self._answer(200, {"token": token, "access_token": token, "expires_in": self.server.life})

    def _answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def tokens(folder, **options):
    server = TokenServer(folder, **options)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
