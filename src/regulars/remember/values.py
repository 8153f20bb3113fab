"""The types a fact may have: which one a value is of, and how a value of another one is read as it."""

import re
from datetime import date
from math import isfinite
from typing import Any

import msgspec

from regulars.remember.heard import FactKind

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATE_OR_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})([T ].*)?", re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d{1,300}(\.\d{1,300})?")
_BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def kind_of(value: Any) -> FactKind:
    """Return the type of a JSON value; a text that is a day (2026-05-03) is a date."""
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case list():
            return "list"
        case str() if _DATE.fullmatch(value) and _day(value):
            return "date"
        case _:
            return "text"


def in_words(value: Any) -> str:
    """Return a JSON value as a person would write it."""
    match value:
        case str():
            return value
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer() and abs(value) < 10**15:
            return str(int(value))
        case int() | float():
            return str(value)
        case list():
            return ", ".join(in_words(item) for item in value if item is not None)
        case _:
            return msgspec.json.encode(value).decode()


def fit(value: Any, kind: FactKind) -> Any:
    """Return a value as one of a type if nothing is lost or guessed by it, else None: then only its words are kept."""
    match kind:
        case "text":
            return in_words(value)
        case "number":
            return _number(value)
        case "boolean":
            return value if isinstance(value, bool) else _BOOLEANS.get(in_words(value).strip().casefold())
        case "date":
            moment = _DATE_OR_MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
            return _day(moment[1]) if moment else None
        case "list":
            items = value if isinstance(value, list) else [value]
            return [
                item if isinstance(item, str | int | float) else in_words(item) for item in items if item is not None
            ]


def _number(value: Any) -> int | float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if not isinstance(value, str) or not _NUMBER.fullmatch(text := value.strip()):
        return None
    number = float(text)
    if not isfinite(number):
        return None
    return number if "." in text else int(text)


def _day(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None
