"""From which address a request comes: who spoke to us or, where that is a proxy of ours, for whom it spoke."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from litestar.connection import ASGIConnection

from regulars.words.errors import Invalid

_HOME = 64
"""What one line of somebody's has of IPv6: its addresses are one sender."""
_LONGEST = 2_000

Networks = tuple[IPv4Network | IPv6Network, ...]


@lru_cache(maxsize=8)
def networks(text: str) -> Networks:
    """Read the setting `trusted_proxies`; raise Invalid where it cannot be read."""
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise Invalid(
            "The setting trusted_proxies cannot be read: {problem}. Write networks, such as 127.0.0.0/8, 10.1.2.3",
            problem=str(error),
        ) from error


def client_of(connection: ASGIConnection[Any, Any, Any, Any], trusted: Networks) -> str:
    """Return whose request it is: an IPv4 address, or the network of an IPv6 one. Nothing where it cannot be told.

    A proxy of ours writes whom it speaks for at the end of X-Forwarded-For; what stands before that anybody may have
    written. A proxy that does not say for whom it speaks speaks for everybody, and everybody must not share one limit.
    """
    speaker = connection.client.host if connection.client else ""
    said = ",".join(connection.headers.getall("x-forwarded-for", []))[-_LONGEST:]
    for hop in [speaker, *reversed(said.split(","))]:
        address = _read(hop.strip())
        if address is None:
            return ""
        if not any(address in network for network in trusted):
            return str(address) if isinstance(address, IPv4Address) else str(ip_network((address, _HOME), strict=False))
    return ""


def _read(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address, which may come with a port: 192.0.2.1:80 or [2001:db8::1]:80."""
    bare = text[1:].partition("]")[0] if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
