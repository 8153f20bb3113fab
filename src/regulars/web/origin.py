"""Where a request comes from, as the browser itself says: what a page of somebody else's sends cannot pretend."""

from collections.abc import Mapping
from urllib.parse import urlsplit


def from_our_pages(headers: Mapping[str, str]) -> bool:
    """Return whether a request comes from a page of ours, or from no browser, which has no cookie to be misused."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host", "")
