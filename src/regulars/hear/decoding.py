"""Bodies of JSON: read with the place of what does not fit, and without what we could not read again."""

import re
from typing import Any

import msgspec

from regulars.words.errors import Invalid

DEEPEST = 100
"""Objects and lists inside one another: whoever reads an event again goes down as deep."""

_FIELD = re.compile(r"field `([^`]+)`")
_ANY = msgspec.json.Decoder()


def decode(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    """Read a body of JSON; raise Invalid, naming the place, for what is none or does not fit."""
    check_utf8(body)
    return decode_text(decoder, body)


def check_utf8(body: bytes) -> None:
    """Raise Invalid for what is not UTF-8: the reader of JSON looks only at the texts that it makes."""
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise Invalid("The body is not UTF-8 text. Send JSON in UTF-8.") from error


def decode_text(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    """Read JSON of which it is known that it is UTF-8, as `decode` does."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        wrong = Invalid("The body does not fit: {problem}.", problem=str(error))
        wrong.field = _place(str(error))
        raise wrong from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise Invalid("The body is not JSON: {problem}.", problem=str(error)) from error


def _place(problem: str) -> str:
    """Return the place in a body that a problem of msgspec's names, as a program would write it: `rule.all[0]`."""
    path = problem.rpartition(" - at `$")[2].rstrip("`").lstrip(".") if " - at `$" in problem else ""
    named = _FIELD.search(problem)
    return ".".join(part for part in (path, named[1] if named else "") if part)


def check_values(body: bytes) -> None:
    """Refuse what JSON allows and we could not read again: 1e999, the zero character in a text, bottomless nesting.

    It is known to be UTF-8.
    """
    said = decode_text(_ANY, body)
    if body.count(b"{") + body.count(b"[") > DEEPEST and too_deep(said):
        raise Invalid("The body is nested more than {most} deep. Send it flatter.", most=DEEPEST)
    if b"\\u0000" in body:
        raise Invalid("The body has a zero character (\\u0000), which no text may have. Leave it out.")


def too_deep(said: Any) -> bool:
    """Return whether objects and lists stand deeper in one another than anybody who reads them goes down.

    It tells level by level, so that it goes no deeper itself.
    """
    level: list[Any] = [said] if isinstance(said, dict | list) else []
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)  # pyright: ignore[reportUnknownVariableType]
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True
