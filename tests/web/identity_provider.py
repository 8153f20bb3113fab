"""A small provider of OpenID Connect: a real server that signs with RS256, checks PKCE, and lies when it is told to."""

import hmac
from base64 import b64decode, urlsafe_b64encode
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from threading import Thread
from time import time
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

import msgspec
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "the house & co", "s3cret:+ü"


class IdentityProvider:
    """What it knows, and how it lies: `claims` go over the true ones, None takes one away."""

    def __init__(self, url):
        self.url = url
        self.email = "nobody@x.example"
        self.claims = {}
        self.profile = {}
        self.about = {}
        self.refuses = False
        self.down = False
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.signer = self.key
        self.forge = None
        self.asked = []
        self._codes = {}

    def turn_keys(self):
        self.key = self.signer = RSAKey.generate_key(2048, {"kid": token_urlsafe(4), "use": "sig"})

    def discovery(self):
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize?tenant=one",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "userinfo_endpoint": f"{self.url}/me",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        } | self.about

    def authorize(self, query):
        self.asked.append(query)
        if self.refuses:
            return f"{query['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': query['state']})}"
        code = token_urlsafe(8)
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], 'iss': self.url})}"

    def tokens(self, authorization, sent):
        user, _, password = b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        asked = self._codes.pop(sent.get("code"), None)
        challenge = _encoded(sha256(sent.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or (unquote_plus(user), unquote_plus(password)) != (CLIENT, SECRET)
            or asked["redirect_uri"] != sent["redirect_uri"]
            or (asked["code_challenge_method"], asked["code_challenge"]) != ("S256", challenge)
        ):
            return None
        said = {
            "iss": self.url,
            "sub": "4711",
            "aud": CLIENT,
            "exp": int(time()) + 300,
            "iat": int(time()),
            "nonce": asked["nonce"],
            "email": self.email,
            "email_verified": True,
        } | self.claims
        said = {name: value for name, value in said.items() if value is not None}
        header = {"alg": "RS256", "kid": self.key.kid}
        token = self.forge(self, said) if self.forge else jwt.encode(header, said, self.signer)
        return {"id_token": token, "access_token": "access", "token_type": "Bearer"}


def _handler(provider):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            if provider.down:
                self._say(500, {})
            elif path == "/authorize":
                where = provider.authorize({name: values[0] for name, values in query.items()})
                self.send_response(302)
                self.send_header("Location", where)
                self.end_headers()
            elif path == "/keys":
                self._say(200, {"keys": [provider.key.as_dict(private=False)]})
            elif path == "/me" and self.headers["Authorization"] == "Bearer access":
                self._say(200, provider.profile)
            elif path == "/.well-known/openid-configuration":
                self._say(200, provider.discovery())
            else:
                self._say(404, {})

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            told = provider.tokens(self.headers["Authorization"] or "", sent)
            self._say(200 if told else 400, told or {"error": "invalid_grant"})

        def _say(self, status, what):
            body = msgspec.json.encode(what)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


def stranger_to(provider):
    """A key of somebody else, under the provider's name for its own."""
    return RSAKey.generate_key(2048, {"kid": provider.key.kid})


def unsigned(provider, said):
    """A token that says it needs no signature."""
    return f"{_part({'alg': 'none'})}.{_part(said)}."


def signed_by_what_everybody_knows(provider, said):
    """A token signed with the public half of the key, as if that were a secret (RFC 8725, 2.1)."""
    text = f"{_part({'alg': 'HS256', 'kid': provider.key.kid})}.{_part(said)}"
    mac = hmac.digest(provider.key.as_pem(private=False), text.encode(), "sha256")
    return f"{text}.{_encoded(mac)}"


def _part(what):
    return _encoded(msgspec.json.encode(what))


def _encoded(raw):
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@contextmanager
def serving():
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    provider = IdentityProvider(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = _handler(provider)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
