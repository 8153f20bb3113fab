"""Signed links: a token in a message names the message and the identity it went to, and can be read, not made."""

import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hmac import digest
from secrets import token_bytes
from typing import Any, TypeVar

import msgspec
from itsdangerous import BadData, BadSignature, URLSafeTimedSerializer
from itsdangerous.signer import Signer

from regulars.access import records
from regulars.store.database import Database, Tx
from regulars.words.errors import LinkDead

T = TypeVar("T")

MAX_AGE = timedelta(days=90)
"""How long a link in a message works."""
OWN_MAX_AGE = timedelta(minutes=15)
"""How long a link opens everything that is remembered of its owner."""


_BRIEF = 15
"""Bytes of a signature that is to be short: 120 bits."""
_TOKEN = re.compile(r"(?<=[/=])\.?(?:[\w-]+\.)+[\w-]{20,}")
"""A token where it stands in a link: what it says, and at its end the signature or the secret."""


class Link(msgspec.Struct, frozen=True, array_like=True):
    """What a link says: whose it is, and which message or form it belongs to."""

    workspace: str
    identity_id: int
    message_id: int | None = None
    form: str | None = None


class Links:
    """Signs links and reads them."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._serializer = _serializer(secret, "regulars.link")
        self._own = _serializer(secret, "regulars.own-page")

    def sign(self, link: Link) -> str:
        """Return the token of a link."""
        return str(self._serializer.dumps(msgspec.to_builtins(link)))

    def sign_own(self, link: Link) -> str:
        """Return a token that opens everything remembered of its owner; no other token does, however young."""
        return str(self._own.dumps(msgspec.to_builtins(link)))

    def read_own(self, token: str, now: datetime, *, max_age: timedelta = OWN_MAX_AGE) -> Link:
        """Return what the token of an own page says; raise LinkDead where it is forged or too old."""
        return self._read(self._own, token, now, max_age)

    def read(self, token: str, now: datetime) -> Link:
        """Return what a token says; raise LinkDead where it is forged or too old."""
        return self._read(self._serializer, token, now, MAX_AGE)

    def seal(self, purpose: str, what: Any) -> str:
        """Return a token of anything that is JSON, which is read for this purpose only."""
        return str(_serializer(self._secret, f"regulars.{purpose}").dumps(msgspec.to_builtins(what)))

    def unseal(self, purpose: str, token: str, kind: type[T], now: datetime, max_age: timedelta) -> T:
        """Return what was sealed; raise LinkDead where it is forged, too old, or was sealed for something else."""
        try:
            said, sealed_at = _serializer(self._secret, f"regulars.{purpose}").loads(token, return_timestamp=True)
            what = msgspec.convert(said, kind)
        except (BadSignature, BadData, msgspec.ValidationError) as error:
            raise LinkDead("This link is not whole. Go back and take it once more.") from error
        if now - sealed_at.astimezone(UTC) > max_age:
            raise LinkDead("This link is too old. Go back and take a fresh one.")
        return what

    def brief(self, purpose: str, *words: object) -> str:
        """Return a signature of some words in 20 characters: short enough for each link of a mail, and not guessed."""
        said = "\0".join((purpose, *map(str, words))).encode()
        return urlsafe_b64encode(digest(self._secret, said, "sha256")[:_BRIEF]).decode()

    def _read(self, serializer: URLSafeTimedSerializer, token: str, now: datetime, max_age: timedelta) -> Link:
        try:
            said, signed_at = serializer.loads(token, return_timestamp=True)
            link = msgspec.convert(said, Link)
        except (BadSignature, BadData, msgspec.ValidationError) as error:
            raise LinkDead("This link is not whole. Open it again from the message it came in.") from error
        if now - signed_at.astimezone(UTC) > max_age:
            raise LinkDead("This link is too old. Ask for a fresh one by answering our latest message.")
        return link


def _serializer(secret: bytes, salt: str) -> URLSafeTimedSerializer:
    kwargs = {"digest_method": staticmethod(Signer.default_digest_method)}
    return URLSafeTimedSerializer(secret, salt=salt, signer_kwargs=kwargs)


def unsigned(message: str) -> str:
    """Return a message, HTML or text, whose signed links lead nowhere: for who may read it and not act by its links."""
    return _TOKEN.sub("…", message)


def open_links(database: Database) -> Links:
    """Return the installation's links; its secret is made at first use."""
    with database.shared() as tx:
        return Links(_secret(tx))


def secret_for(tx: Tx, purpose: str) -> bytes:
    """Return a secret for another purpose, which follows from the one that signs links: it is in every backup."""
    return digest(_secret(tx), purpose.encode(), "sha256")


def _secret(tx: Tx) -> bytes:
    return records.get_or_add_secret(tx, "links", token_bytes(32))
