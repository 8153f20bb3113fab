"""The API's returned_mail. Made by tools/make_client.py: do not edit."""

from datetime import datetime

import msgspec

from regulars.client.line import Line, place


class SigningKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that signs mail of a domain: the record that DNS is to have, what it said last, and since when it signs."""

    domain: str
    name: str
    record: str
    made_at: datetime
    checked_at: datetime | None
    found: str | None
    live_at: datetime | None


class ReturnedMail(msgspec.Struct, frozen=True, kw_only=True):
    """How what comes back of mail is heard of; secrets are never told. `problem`: why the mailbox cannot be read."""

    box: str
    provider: str
    host: str
    port: int
    username: str
    read_at: datetime | None
    problem: str | None
    keys: list[SigningKey]


class ReturnedMailApi:
    """What can be asked and done about returned_mail."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def get(self) -> ReturnedMail:
        """Return how what comes back of mail is heard of, and the keys that sign mail."""
        return self._line.ask("/api/returned-mail", ReturnedMail)

    def set(
        self,
        *,
        box: str = "",
        provider: str = "",
        provider_key: str = "",
        host: str = "",
        port: int = 993,
        username: str = "",
        password: str = "",
        once: str | None = None,
    ) -> ReturnedMail:
        """Hear of what comes back in another way; a secret that is left out stays what it was."""
        return self._line.change(
            "PUT",
            "/api/returned-mail",
            ReturnedMail,
            {
                "box": box,
                "provider": provider,
                "provider_key": provider_key,
                "host": host,
                "port": port,
                "username": username,
                "password": password,
            },
            once,
        )

    def make_signing_key(self, *, domain: str, once: str | None = None) -> SigningKey:
        """Make the key that signs mail of a domain, unless there is one; it signs once its record was found in DNS."""
        return self._line.change("POST", "/api/returned-mail/keys", SigningKey, {"domain": domain}, once)

    def check_signing_key(self, name: str, *, once: str | None = None) -> SigningKey:
        """Ask DNS for the record of a domain's key, and return what it said: found, missing, other or unreachable."""
        return self._line.change("POST", f"/api/returned-mail/keys/{place(name)}/check", SigningKey, {}, once)

    def drop_signing_key(self, name: str, *, once: str | None = None) -> ReturnedMail:
        """Sign mail of a domain no more, and drop its key for good."""
        return self._line.change("DELETE", f"/api/returned-mail/keys/{place(name)}", ReturnedMail, {}, once)
