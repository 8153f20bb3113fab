"""What is composed as text: JSON as somebody types it, read and written."""

from typing import Any

import msgspec

from regulars.hear.decoding import DEEPEST, too_deep
from regulars.words.errors import Invalid


def parsed(text: str) -> Any:
    """Return what somebody typed as JSON; raise Invalid where it is none, or nested deeper than anybody goes down."""
    try:
        said = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        problem = str(error).removeprefix("JSON is malformed: ")
        raise Invalid("This is not JSON: {problem}.", problem=problem) from error
    if too_deep(said):
        raise Invalid("This is nested more than {most} deep. Write it flatter.", most=DEEPEST)
    return said


def written(said: object, *, in_order: bool = False) -> str:
    """Return JSON as one reads it; `in_order`: its names by the alphabet, to be compared."""
    return msgspec.json.format(msgspec.json.encode(said, order="sorted" if in_order else None), indent=2).decode()


def packed(said: object) -> str:
    """Return JSON as a hidden field carries it."""
    return msgspec.json.encode(said).decode()
