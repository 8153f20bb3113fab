"""Logging in at a provider of OpenID Connect: the code flow, with PKCE (RFC 7636), state and nonce.

What the provider says must be signed by it, for us, just now, and for the browser that began. Of all it says only the
e-mail counts, and only where it says that it has verified it: that opens the account of whoever has it here, and makes
nobody new. Authlib checks the signatures; it is not always there (`pip install 'regulars[oidc]'`).
"""

from base64 import b64encode, urlsafe_b64encode
from datetime import datetime
from functools import lru_cache, partial
from hashlib import sha256
from hmac import compare_digest
from importlib import import_module
from importlib.util import find_spec
from secrets import token_urlsafe
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import msgspec

from regulars.access import login_records
from regulars.access.tickets import give_ticket, take_ticket
from regulars.outbound import Outbound
from regulars.settings import Settings
from regulars.store.database import Database
from regulars.words.errors import Invalid, Refused, Unreached

BACK = "/console/login/elsewhere/back"
"""Where the provider sends the browser back to: it wants to know the whole address beforehand."""
_PURPOSE = "elsewhere"
_KNOWN_FOR = 3600.0
"""Seconds for which what the provider says of itself is kept."""
_OK = 200


class _About(msgspec.Struct, frozen=True):
    """What a provider says of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)


class _Tokens(msgspec.Struct, frozen=True):
    id_token: str
    access_token: str = ""


class Back(msgspec.Struct, frozen=True):
    """What the browser brings back from the provider (RFC 6749, 4.1.2; RFC 9207)."""

    state: str = ""
    code: str = ""
    error: str = ""
    iss: str = ""


class Provider:
    """The provider that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self._issuer = settings.oidc_issuer.rstrip("/")
        self._client = settings.oidc_client_id
        self._secret = settings.oidc_client_secret
        self._back = f"{settings.outside_url}{BACK}"
        self.name = settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or settings.oidc_issuer
        self._outbound = Outbound(private=True)  # an operator typed the address, and it may be in their own network
        self._known: dict[str, tuple[float, bytes]] = {}
        self._lock = Lock()

    def begin(self, database: Database, now: datetime) -> tuple[str, str]:
        """Return the address to send the browser to, and the ticket that it is to bring back."""
        about = self._about()
        state, nonce, verifier = (token_urlsafe(32) for _ in range(3))
        ticket = give_ticket(database, _PURPOSE, {"state": state, "nonce": nonce, "verifier": verifier}, now)
        asked = {
            "response_type": "code",
            "client_id": self._client,
            "redirect_uri": self._back,
            "scope": "openid email",
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(about.authorization_endpoint).query else "?"
        return f"{about.authorization_endpoint}{joint}{urlencode(asked)}", ticket

    def finish(self, database: Database, ticket: str, back: Back, now: datetime) -> int:
        """Return who came back; raise Refused where that cannot be told, or is nobody of the team."""
        kept = take_ticket(database, _PURPOSE, ticket, now) if ticket else None
        if kept is None or not compare_digest(back.state.encode(), kept["state"].encode()):
            raise Refused("That took longer than five minutes, or was begun in another browser. Begin again.")
        if back.error or not back.code:
            raise Refused("{name} did not log you in. Try again, or choose another way.", name=self.name)
        about = self._about()
        if back.iss and back.iss != about.issuer:
            raise self._unclear()
        tokens = self._tokens(about, back.code, kept["verifier"])
        claims = self._claims(about, tokens, kept["nonce"], now)
        return self._whose(database, self._with_email(about, tokens, claims))

    def _whose(self, database: Database, claims: dict[str, Any]) -> int:
        email = claims.get("email")
        if not isinstance(email, str) or claims.get("email_verified") is not True:
            raise Refused("{name} does not say that your e-mail is verified. Choose another way in.", name=self.name)
        with database.shared() as tx:
            account = login_records.find_account(tx, email.strip().casefold())
        if account is None:
            raise Refused("Nobody of the team has the e-mail '{email}'. Ask an owner to invite you.", email=email[:320])
        return account.id

    def _about(self) -> _About:
        raw = self._read(f"{self._issuer}/.well-known/openid-configuration")
        about = self._as(raw, _About)
        safe = all(
            url.startswith("https:") or not self._issuer.startswith("https:")
            for url in (about.authorization_endpoint, about.token_endpoint, about.jwks_uri)
        )
        if about.issuer.rstrip("/") != self._issuer or not safe:
            raise self._unclear()
        return about

    def _tokens(self, about: _About, code: str, verifier: str) -> _Tokens:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._back,
            "code_verifier": verifier,
        }
        headers = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
        if "client_secret_basic" in about.token_endpoint_auth_methods_supported:
            both = f"{quote_plus(self._client)}:{quote_plus(self._secret)}"
            headers["authorization"] = f"Basic {b64encode(both.encode()).decode()}"
        else:
            sent |= {"client_id": self._client, "client_secret": self._secret}
        answer = self._outbound.post(about.token_endpoint, urlencode(sent).encode(), headers)
        if answer.status != _OK:
            raise self._unclear()
        return self._as(answer.body, _Tokens)

    def _claims(self, about: _About, tokens: _Tokens, nonce: str, now: datetime) -> dict[str, Any]:
        """Return what the token says, where it can be trusted."""
        try:
            return import_module("regulars.access.identity_token").claims(
                tokens.id_token,
                partial(self._read, about.jwks_uri),
                issuer=about.issuer,
                client=self._client,
                nonce=nonce,
                access_token=tokens.access_token,
                algorithms=about.id_token_signing_alg_values_supported,
                now=now,
            )
        except ValueError as error:
            raise self._unclear() from error

    def _with_email(self, about: _About, tokens: _Tokens, claims: dict[str, Any]) -> dict[str, Any]:
        """Ask for the e-mail where the token does not have it; the answer must be about the same person."""
        if "email" in claims or not about.userinfo_endpoint:
            return claims
        answer = self._outbound.get(about.userinfo_endpoint, {"authorization": f"Bearer {tokens.access_token}"})
        told = self._as(answer.body, dict[str, Any]) if answer.status == _OK else {}
        if told.get("sub") != claims["sub"]:
            raise self._unclear()
        return told

    def _read(self, url: str, afresh: bool = False) -> bytes:
        """Return what is at one of the provider's addresses, as it was there within the hour."""
        with self._lock:
            since, body = self._known.get(url, (0.0, b""))
        if body and not afresh and monotonic() - since < _KNOWN_FOR:
            return body
        answer = self._outbound.get(url)
        if answer.status != _OK:
            raise Unreached("{host} could not be reached: {problem}.", host=self.name, problem=f"HTTP {answer.status}")
        with self._lock:
            self._known[url] = (monotonic(), answer.body)
        return answer.body

    def _as(self, body: bytes, kind: Any) -> Any:
        try:
            return msgspec.json.decode(body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self._unclear() from error

    def _unclear(self) -> Refused:
        return Refused(
            "{name} did not say who you are in a way that can be trusted. Try again, or choose another way.",
            name=self.name,
        )


@lru_cache(maxsize=4)
def open_provider(settings: Settings) -> Provider | None:
    """Return the provider that the settings name, or None; raise Invalid where something is missing for it."""
    if not settings.oidc_issuer:
        return None
    if urlsplit(settings.oidc_issuer).scheme not in ("https", "http"):
        raise Invalid("The setting oidc_issuer is no address. Write one as https://accounts.example.com")
    if not (settings.oidc_client_id and settings.oidc_client_secret):
        raise Invalid(
            "oidc_issuer is set: set oidc_client_id and oidc_client_secret as well, as the provider gave them."
        )
    if find_spec("authlib") is None:
        raise Invalid("oidc_issuer is set, but what that needs is not installed: pip install 'regulars[oidc]'")
    return Provider(settings)


def _challenge(verifier: str) -> str:
    """Return what the provider keeps of a secret that it is told later (RFC 7636, 4.2)."""
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
