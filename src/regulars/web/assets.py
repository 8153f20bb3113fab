"""Addresses of our own style sheets, named by content so that a browser may keep them for ever."""

from functools import cache
from hashlib import blake2b
from pathlib import Path

STATIC = Path(__file__).parent / "static"
"""The folder that `/static/` serves."""


@cache
def asset(name: str) -> str:
    """Return the address of a file in `static/`, with its content's hash."""
    digest = blake2b((STATIC / name).read_bytes(), digest_size=6).hexdigest()
    return f"/static/{name}?v={digest}"
