"""Columns that a file brings under names of its own: facts of customers, properties of events, each of a type."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import msgspec

from regulars.hear.imports.fields import named_and_typed
from regulars.hear.imports.past import Columns
from regulars.hear.imports.plan import Unreadable

Read = Callable[[Sequence[Any]], Any]
_BETWEEN = ("|", ";", ",")
_OBJECT = msgspec.json.Decoder(dict[str, Any])


def typed(columns: Columns, head: str) -> dict[str, Read]:
    """Return by name how each column of a kind (`fact`, `prop`) is read from a row."""
    found: dict[str, Read] = {}
    for place, target in enumerate(columns.targets):
        if target.startswith(f"{head}:"):
            name, kind = named_and_typed(target)
            found.setdefault(name, _reader(columns, place, kind))
    return found


def objects(columns: Columns, row: Sequence[Any], target: str) -> dict[str, Any]:
    """Return the JSON object that stands in a cell; nothing where there is no such column, or its cell is empty."""
    if columns.place(target) is None:
        return {}

    def read(cell: Any) -> dict[str, Any]:
        if cell in (None, ""):
            return {}
        try:
            return dict(cell) if isinstance(cell, dict) else _OBJECT.decode(cell)
        except (msgspec.DecodeError, UnicodeError, TypeError, RecursionError) as error:
            raise Unreadable("no JSON object") from error

    return columns.read(row, target, read)


def _reader(columns: Columns, place: int, kind: str) -> Read:
    values = columns.values

    def number(cell: Any) -> int | float:
        found = values.number(cell)
        return int(found) if found == found.to_integral_value() else float(found)

    how = {"number": number, "date": values.day, "boolean": values.truth, "list": _listed}.get(kind, plain)

    def read(row: Sequence[Any]) -> Any:
        return columns.at(row, place, lambda cell: None if cell in (None, "", []) else how(cell))

    return read


def plain(cell: Any) -> Any:
    """Return a cell as JSON has it."""
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, Decimal):
        return float(cell)
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return int(cell)
    return cell


def _listed(cell: Any) -> list[Any]:
    if isinstance(cell, list):
        return [plain(one) for one in cell if one not in (None, "")]
    text = str(cell)
    between = next((one for one in _BETWEEN if one in text), ",")
    return [part for one in text.split(between) if (part := one.strip().strip('"'))]
