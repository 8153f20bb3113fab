"""What is asked of a gateway for one message. Values are filled in after it was read: none breaks out of it."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from regulars.words.errors import Invalid, concerning

_PLACE = re.compile(r"\{(\w+)\}")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of a header (RFC 9110, 5.1)."""
_OURS = {"host", "content-length", "transfer-encoding", "connection", "content-type"}
_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}

Fill = Callable[[str], str]


class Request(msgspec.Struct, frozen=True):
    """What is asked."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes | None


def written(values: Mapping[str, str], to: str, text: str, number: int) -> Request:
    """Return what is asked of the gateway; raise Invalid, naming the field, for what cannot be."""
    places = _places(values) | {"to": to, "digits": to.removeprefix("+"), "text": text, "id": str(number)}
    with concerning("url"):
        url = _filled(values["url"], {name: quote(value, safe="") for name, value in places.items()})
    headers = _headers(values.get("headers", ""), places)
    form = values["form"]
    with concerning("body"):
        if form == "none" or not values.get("body"):
            return Request(values["method"], url, headers, None)
        body = _json(values["body"], places) if form == "json" else _form(values["body"], places)
    return Request(values["method"], url, headers | {"content-type": _TYPES[form]}, body)


def _places(values: Mapping[str, str]) -> dict[str, str]:
    user, secret = values.get("user", ""), values.get("secret", "")
    return {
        "from": values["sender"],
        "user": user,
        "secret": secret,
        "basic": b64encode(f"{user}:{secret}".encode()).decode(),
    }


def _filled(text: str, places: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        if found[1] not in places:
            raise Invalid("There is no '{name}' to fill in. There are: {names}.",
                          name=found[1][:40], names=", ".join(places))  # fmt: skip
        return places[found[1]]

    return _PLACE.sub(value, text)


def _headers(lines: str, places: Mapping[str, str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    with concerning("headers"):
        for line in filter(str.strip, lines.splitlines()):
            name, colon, value = line.partition(":")
            if not colon or not _NAME.fullmatch(name.strip()) or name.strip().lower() in _OURS:
                raise Invalid("'{line}' is no header that can be set. Write one as X-Token: {{secret}}", line=line[:60])
            filled = _filled(value.strip(), places)
            if not (filled.isascii() and filled.isprintable()):
                raise Invalid("A header has plain letters, digits and signs only.")
            headers[name.strip().lower()] = filled
    return headers


def _json(body: str, places: Mapping[str, str]) -> bytes:
    try:
        read: Any = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Invalid("This is no JSON: {problem}.", problem=str(error)[:100]) from error

    def fill(part: Any) -> Any:
        match part:
            case str():
                return _filled(part, places)
            case list():
                return [fill(one) for one in part]
            case dict():
                return {name: fill(one) for name, one in part.items()}
            case _:
                return part

    return msgspec.json.encode(fill(read))


def _form(body: str, places: Mapping[str, str]) -> bytes:
    pairs: list[tuple[str, str]] = []
    for line in filter(str.strip, body.splitlines()):
        name, equals, value = line.partition("=")
        if not equals or not name.strip():
            raise Invalid("'{line}' is no field of a form. Write one as to={{to}}, a line each.", line=line[:60])
        pairs.append((name.strip(), _filled(value.strip(), places)))
    return urlencode(pairs).encode()
