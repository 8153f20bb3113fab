"""One message is one webhook, signed after Standard Webhooks 1.0: the same id however often it is tried.

Whoever receives it knows by `webhook-id` what they have already: that makes a repetition harmless. What they answer:
2xx has taken it; 410 (gone) will never take it; anything else, a redirect too, is asked again later.
"""

import binascii
from base64 import b64decode
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Self

import msgspec

from regulars.measure.webhooks import new_secret, shown, signed
from regulars.outbound import Answer, Outbound
from regulars.speak.channel import Bounced, Envelope, Field, TryLater, worded
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid, RegularsError, concerning

FIELDS = (
    Field("url", worded("Address"), worded("Messages are posted here, for example to https://example.com/messages.")),
    Field(
        "secret",
        worded("Secret"),
        worded("By it your system knows that it is we. Copy it there before you save: it is not shown again."),
        secret=True,
        fresh=lambda: shown(new_secret()),
    ),
)
_KIND = "message.send"
_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64
"""Bytes of a secret (Standard Webhooks 1.0, "Signature scheme")."""
_TAKEN = range(200, 300)


def check(values: Mapping[str, str]) -> None:
    """Raise Invalid for an address or a secret that cannot be."""
    with concerning("url"):
        Outbound(private=True).check(values["url"])
    with concerning("secret"):
        _bytes_of(values["secret"])


class Webhook:
    """Posts messages to one address."""

    name = "webhook"
    idempotent = True
    connections = 4

    def __init__(self, values: Mapping[str, str], workspace: str, outbound: Outbound) -> None:
        check(values)
        self._url = values["url"]
        self._secret = _bytes_of(values["secret"])
        self._workspace = workspace
        self._outbound = outbound

    @contextmanager
    def connect(self) -> Generator[Self]:
        """Yield the webhook: each message has a connection of its own."""
        yield self

    def deliver(self, envelope: Envelope) -> None:
        """Post one message."""
        id_, body = f"msg_{self._workspace}_{envelope.message_id}", _body(envelope)
        try:
            answer = self._outbound.post(self._url, body, signed(self._secret, id_, utc_now(), body))
        except RegularsError as error:
            raise TryLater(str(error)) from error
        _judge(answer)

    def close(self) -> None:
        """Nothing is kept open."""


def _body(envelope: Envelope) -> bytes:
    data = {
        "message": envelope.message_id,
        "channel": envelope.channel,
        "from": envelope.sender,
        "to": envelope.recipient,
        "subject": envelope.subject,
        "text": envelope.text,
        "html": envelope.html,
        "headers": envelope.headers,
    }
    return msgspec.json.encode({"type": _KIND, "data": data})


def _judge(answer: Answer) -> None:
    if answer.status in _TAKEN:
        return
    if answer.status == HTTPStatus.GONE:
        raise Bounced("Your system answered 410: it takes no messages at this address any more.", dead=False)
    raise TryLater(f"Your system answered {answer.status}.")


def _bytes_of(secret: str) -> bytes:
    try:
        found = b64decode(secret.strip().removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if not _SHORTEST <= len(found) <= _LONGEST:
        raise Invalid("A secret is whsec_ and then 24 to 64 bytes in base64. Copy it whole from your system.")
    return found
