"""Addresses of our own styles, scripts and pictures, named by content so that a browser may keep them for ever."""

import re
from functools import cache
from hashlib import blake2b
from pathlib import Path

STATIC = Path(__file__).parent / "static"
"""The folder that `/static/` serves."""

_FIRST = ("tokens", "ground", "frame", "fields", "parts", "talk", "numbers")
"""The files of `static/look/` in their order, one idea a file; then those of single pages. All are one request."""

_WITHIN = re.compile(r'url\("([^"]+)"\)')


@cache
def console_style() -> str:
    """Return the console's style: all of `static/look/`, in one layer, so that a workspace's own colours win."""
    look = {path.stem: path.read_text(encoding="utf-8") for path in sorted((STATIC / "look").glob("*.css"))}
    files = [*(look.pop(name) for name in _FIRST), *look.values()]
    return "@layer look {\n" + _WITHIN.sub(lambda place: f'url("{asset(place[1])}")', "\n".join(files)) + "}\n"


@cache
def asset(name: str) -> str:
    """Return the address of a file in `static/`, or of the console's style, with its content's hash."""
    if name == "console.css":
        return f"/styles/console.css?v={_hash(console_style().encode())}"
    return f"/static/{name}?v={_hash((STATIC / name).read_bytes())}"


def _hash(content: bytes) -> str:
    return blake2b(content, digest_size=6).hexdigest()
