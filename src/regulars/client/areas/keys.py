"""The API's keys. Made by tools/make_client.py: do not edit."""

from datetime import datetime

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class KnownKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as its owners see it: what it is for and when it was last used, never the key itself."""

    id: int
    name: str
    scope: str
    created_at: datetime
    used_at: datetime | None


class MadeKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it is listed, and the key itself. That is told once: it is null in an answer that is repeated."""

    about: KnownKey
    key: str | None


class KeysApi:
    """What can be asked and done about keys."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, q: str | None = None, limit: int | None = None) -> Pages[KnownKey]:
        """List the keys, the newest first, and when each was last used: all, or those of a name (`q`)."""
        return self._line.pages("/api/keys", KnownKey, {"q": q, "limit": limit})

    def make(self, *, scope: str, name: str = "", once: str | None = None) -> MadeKey:
        """Make a key. It is told this once."""
        return self._line.change("POST", "/api/keys", MadeKey, {"scope": scope, "name": name}, once)

    def revoke(self, number: int, *, once: str | None = None) -> KnownKey:
        """Revoke a key: within ten seconds it opens nothing."""
        return self._line.change("DELETE", f"/api/keys/{place(number)}", KnownKey, {}, once)
