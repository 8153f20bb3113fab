"""Handing a text message to a service: what can be known of what came of it."""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from importlib.util import find_spec
from typing import Self
from urllib.parse import quote

from regulars.speak.channel import Bounced, Envelope, Field, TryLater, Uncertain, worded
from regulars.words.errors import Invalid, RegularsError, concerning

FIELDS = (
    Field(
        "url",
        worded("Address"),
        worded(
            "As Apprise writes it for your gateway, with {digits} where the customer's number belongs: "
            "twilio://SID:TOKEN@FROM/{digits}"
        ),
        secret=True,
    ),
)
_PLACES = re.compile(r"\{(\w+)\}")
_STATUS = re.compile(r"\berror=(\d+)")
_BEFORE = re.compile(r"NewConnectionError|NameResolutionError|ConnectTimeout|CERTIFICATE_VERIFY_FAILED")
"""What goes wrong before anything is sent, in the words of urllib3."""
_TRIED = "+37120000000"
_SERVER = range(500, 600)
_LATER = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.PAYMENT_REQUIRED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
}


def check(values: Mapping[str, str], *, private: bool = True) -> None:
    """Raise Invalid for an address that cannot be."""
    _needed()
    from regulars.channels.apprise import library

    with concerning("url"):
        library.service(_addressed(values["url"], _TRIED, 1), private=private)


class Service:
    """The way to a service."""

    name = "apprise"
    idempotent = False
    connections = 2

    def __init__(self, values: Mapping[str, str], *, private: bool) -> None:
        check(values, private=private)
        self._url = values["url"]
        self._private = private

    @contextmanager
    def connect(self) -> Generator[Self]:
        """Yield the service: each message has a connection of its own."""
        yield self

    def deliver(self, envelope: Envelope) -> None:
        """Hand a message over; where it was asked and says nothing that can be read, nobody can say."""
        from regulars.channels.apprise import library

        try:
            url = _addressed(self._url, envelope.recipient, envelope.message_id)
            found = library.service(url, private=self._private)
        except RegularsError as error:
            raise TryLater(str(error)) from error
        taken, said = library.notify(found, envelope.text)
        if not taken:
            _judge(said)

    def close(self) -> None:
        """Nothing is kept open."""


def _needed() -> None:
    if find_spec("apprise") is None:
        raise Invalid("The library Apprise is not installed. Install regulars[apprise], or choose another way.")


def _addressed(url: str, recipient: str, number: int) -> str:
    """Return the address with the number of whoever it goes to; raise Invalid where it has no place for it."""
    places = {"to": recipient, "digits": recipient.removeprefix("+"), "id": str(number)}
    named = set(_PLACES.findall(url))
    if not named & {"to", "digits"} or named - places.keys():
        raise Invalid("Write {{digits}} where the customer's number belongs, and no other place but {{to}} and {{id}}.")
    return _PLACES.sub(lambda found: quote(places[found[1]], safe=""), url)


def _judge(said: str) -> None:
    """Raise what a failure means. What the service said names the customer: only its number of the error is kept."""
    found = _STATUS.search(said)
    if found is None:
        if _BEFORE.search(said):
            raise TryLater("The gateway could not be reached.")
        raise Uncertain("The gateway said nothing that can be read.")
    code, text = int(found[1]), f"The gateway answered with error {found[1]}."
    if code in _LATER:
        raise TryLater(text)
    if code in _SERVER:
        raise Uncertain(text)
    raise Bounced(text, dead=False)
