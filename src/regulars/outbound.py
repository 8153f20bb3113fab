"""The one client for addresses that somebody typed in: webhooks, and whatever else the house asks of the outside.

An address is resolved once and the connection goes to exactly what was found and judged: nothing inside our own
network is reached through it, unless the operator allows that (`outbound_private`). A redirect is not followed, an
answer is cut at a size, and all of it must be done in a time.
"""

import socket
from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address
from time import monotonic
from typing import Any

import httpx
import msgspec

from regulars.words.errors import Invalid, Unreached

SECONDS = 10.0
"""How long one request may take in all."""
_LARGEST = 64 * 1024
_LONGEST = 2000
_BEFORE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""What goes wrong before anything is sent."""


class Answer(msgspec.Struct, frozen=True):
    """What the other side said; the body is cut at 64 KB."""

    status: int
    body: bytes


class Outbound:
    """Asks addresses outside."""

    def __init__(self, *, private: bool = False) -> None:
        self._private = private

    def check(self, url: str) -> httpx.URL:
        """Return an address that could be posted to; raise Invalid, saying what to write, where it could not."""
        try:
            address = httpx.URL(url.strip())
        except (httpx.InvalidURL, ValueError, TypeError):
            address = httpx.URL("")
        usual = ("https", "http") if self._private else ("https",)
        if len(url) > _LONGEST or not address.host or address.scheme not in usual or address.userinfo:
            raise Invalid(
                "'{url}' is no address that we can post to. Write one as https://example.com/hook.", url=url[:100]
            )
        return address

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Post to an address and return the answer, whatever its status.

        Raise Invalid for an address that may not be reached from here, and Unreached where nothing came back.
        """
        return self._ask("POST", url, headers, body)

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Read an address and return the answer, whatever its status; raise what `post` does."""
        return self._ask("GET", url, headers or {})

    def ask(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Ask by any method and return the answer, whatever its status; raise what `post` does."""
        return self._ask(method, url, headers, body)

    def _ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Answer:
        address = self.check(url)
        port = address.port or (443 if address.scheme == "https" else 80)
        place = place_of(address.host, port, private=self._private)
        headers = {**headers, "host": address.netloc.decode("ascii"), "user-agent": "Regulars"}
        asked = address.copy_with(host=place)
        until = monotonic() + SECONDS
        try:
            with (
                httpx.Client(timeout=SECONDS / 2, trust_env=False, follow_redirects=False) as client,
                client.stream(
                    method, asked, content=body, headers=headers, extensions={"sni_hostname": address.host}
                ) as answer,
            ):
                return Answer(answer.status_code, _read(answer, until))
        except httpx.HTTPError as error:
            unreached = Unreached("{host} could not be reached: {problem}.", host=address.host, problem=_why(error))
            unreached.perhaps = not isinstance(error, _BEFORE)
            raise unreached from error


def place_of(host: str, port: int, *, private: bool = False) -> str:
    """Return the one numeric address that a name stands for, and that may be reached.

    Raise Unreached where nobody knows the name, and Invalid for one inside our own network unless that is allowed.
    """
    try:
        found: list[Any] = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreached(
            "{host} could not be reached: {problem}.", host=host, problem="nobody knows this name"
        ) from error
    places = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not private and not all(is_public(place) for place in places):
        raise Invalid(
            "{host} is inside a private network, and nothing is sent there. "
            "Whoever runs this installation may allow it by REGULARS_OUTBOUND_PRIVATE.",
            host=host,
        )
    return str(places[0])


def is_public(place: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is anybody's on the internet; one that wraps another is judged by what it wraps."""
    if isinstance(place, IPv6Address):
        inner = place.ipv4_mapped or place.sixtofour or (place.teredo[1] if place.teredo else None)
        if inner is None and place.packed.startswith(b"\x00\x64\xff\x9b"):  # NAT64 (RFC 6052)
            inner = IPv4Address(place.packed[-4:])
        if inner is not None:
            return is_public(inner)
    return place.is_global and not place.is_multicast and not place.is_reserved


def _read(answer: httpx.Response, until: float) -> bytes:
    read = b""
    for piece in answer.iter_bytes():
        read += piece
        if len(read) >= _LARGEST:
            return read[:_LARGEST]
        if monotonic() > until:
            raise httpx.ReadTimeout("slow")
    return read


def _why(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.TimeoutException):
        return f"it did not answer within {SECONDS:.0f} seconds"
    if isinstance(error, httpx.ConnectError):
        return "its certificate is not valid" if "CERTIFICATE" in str(error).upper() else "it takes no connection"
    return "the connection broke off"
