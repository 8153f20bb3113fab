"""Signed links: a token in a message names the message and the identity it went to, and can be read, not made."""

from datetime import UTC, datetime, timedelta
from secrets import token_bytes

import msgspec
from itsdangerous import BadData, BadSignature, URLSafeTimedSerializer
from itsdangerous.signer import Signer

from regulars.access import records
from regulars.store.database import Database
from regulars.words.errors import LinkDead

MAX_AGE = timedelta(days=90)
"""How long a link in a message works."""


class Link(msgspec.Struct, frozen=True, array_like=True):
    """What a link says: whose it is, and which message or form it belongs to."""

    workspace: str
    identity_id: int
    message_id: int | None = None
    form: str | None = None


class Links:
    """Signs links and reads them."""

    def __init__(self, secret: bytes) -> None:
        self._serializer = URLSafeTimedSerializer(
            secret,
            salt="regulars.link",
            signer_kwargs={"digest_method": staticmethod(Signer.default_digest_method)},
        )

    def sign(self, link: Link) -> str:
        """Return the token of a link."""
        return str(self._serializer.dumps(msgspec.to_builtins(link)))

    def read(self, token: str, now: datetime, *, max_age: timedelta = MAX_AGE) -> Link:
        """Return what a token says; raise LinkDead where it is forged or too old."""
        try:
            said, signed_at = self._serializer.loads(token, return_timestamp=True)
            link = msgspec.convert(said, Link)
        except (BadSignature, BadData, msgspec.ValidationError) as error:
            raise LinkDead("This link is not whole. Open it again from the message it came in.") from error
        if now - signed_at.astimezone(UTC) > max_age:
            raise LinkDead("This link is too old. Ask for a fresh one by answering our latest message.")
        return link


def open_links(database: Database) -> Links:
    """Return the installation's links; its secret is made at first use."""
    with database.shared() as tx:
        return Links(records.get_or_add_secret(tx, "links", token_bytes(32)))
