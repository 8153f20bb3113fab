"""How what a gateway says is read: JSON, a form, or the address that it asks for."""

from typing import Any
from urllib.parse import parse_qsl

import msgspec

_MOST_FIELDS = 100


def at(said: Any, way: str) -> str:
    """Return what stands at the end of a way through JSON, such as `messages.0.id`; nothing where it leads nowhere."""
    here = said
    for step in way.split("."):
        if isinstance(here, dict) and step in here:
            here = here[step]
        elif isinstance(here, list) and step.isdecimal() and int(step) < len(here):
            here = here[int(step)]
        else:
            return ""
    if isinstance(here, bool) or not isinstance(here, str | int):
        return ""
    return str(here)


def as_json(body: bytes) -> Any:
    """Return JSON, or None for what is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def fields_of(query: str, content_type: str, body: bytes) -> Any:
    """Return what a gateway told us when it called: its JSON, or its form and what stands in the address."""
    if "json" in content_type.lower():
        read = as_json(body)
        return read if isinstance(read, dict | list) else {}
    form = body.decode("utf-8", "replace") if "form" in content_type.lower() else ""
    return _pairs(query) | _pairs(form)


def _pairs(text: str) -> dict[str, str]:
    try:
        return dict(parse_qsl(text, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return {}
