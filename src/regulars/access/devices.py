"""Devices that were logged in before: a signed cookie says on which accounts, and opens nothing by itself.

It only keeps a device's own tries of a password apart from those of strangers: whoever hammers an account from
elsewhere does not use up what its owner may try at home.
"""

from secrets import token_bytes, token_urlsafe

import msgspec
from itsdangerous import BadData, URLSafeSerializer
from itsdangerous.signer import Signer

from regulars.access import records
from regulars.store.database import Database

_ACCOUNTS = 8
"""How many accounts a device is known to: the latest."""


class Device(msgspec.Struct, frozen=True, array_like=True):
    """A device, and the ids of the people who logged in on it."""

    id: str
    people: tuple[int, ...]

    def knows(self, person_id: int) -> bool:
        """Return whether somebody logged in on this device before."""
        return person_id in self.people


def read_device(database: Database, cookie: str) -> Device | None:
    """Return which device a cookie names; None for none, or a forged one."""
    if not cookie:
        return None
    try:
        return msgspec.convert(_serializer(database).loads(cookie), Device)
    except (BadData, msgspec.ValidationError):
        return None


def remember_device(database: Database, cookie: str, person_id: int) -> str:
    """Return the cookie of a device on which somebody has logged in just now."""
    device = read_device(database, cookie) or Device(token_urlsafe(16), ())
    others = [one for one in device.people if one != person_id]
    known = Device(device.id, (*others, person_id)[-_ACCOUNTS:])
    return str(_serializer(database).dumps(msgspec.to_builtins(known)))


def _serializer(database: Database) -> URLSafeSerializer:
    with database.shared() as tx:
        secret = records.get_or_add_secret(tx, "devices", token_bytes(32))
    kwargs = {"digest_method": staticmethod(Signer.default_digest_method)}
    return URLSafeSerializer(secret, salt="regulars.device", signer_kwargs=kwargs)
