"""What a file is, guessed: its kind, its encoding, what its columns are, in which order it writes days."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from regulars.hear.imports.encodings import guess_encoding
from regulars.hear.imports.fields import KNOWN, fact_name, plain
from regulars.hear.imports.packing import Packed, unbroken
from regulars.hear.imports.plan import SKIP, DateOrder, Plan, Reading, Unreadable, What
from regulars.hear.imports.ready import recognised
from regulars.hear.imports.rejected import BECAUSE, ROW
from regulars.hear.imports.sheets import format_of, open_sheet, opened
from regulars.hear.imports.text import guess_separator
from regulars.hear.imports.values import Values

LOOKED_AT = 500
"""Rows whose values are looked at."""
_MUCH = 2_000_000
"""Characters of them, at most, and a row more."""
_TELLING = 500
"""Characters of a cell by which is guessed what it is: shapes are searched for from each place on."""
_SAMPLE = 200_000
_PLACES = 4
_MOSTLY = 0.8
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_DATES = re.compile(r"(\d{1,2})[./\-](\d{1,2})[./\-]\d{2,4}\b.*")
_COMMA = re.compile(r"-?(\d{1,3}([. ]\d{3})+|\d+),\d{1,2}\D{0,3}|-?\d{1,3}(\.\d{3})+,\d+")
_POINT = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)\.\d{1,2}\D{0,3}")
_NUMBER = re.compile(r"-?((0|[1-9]\d{0,11})([.,]\d+)?|[1-9]\d{0,2}(\.\d{3})+,\d{1,2}|[1-9]\d{0,2}(,\d{3})+\.\d{1,2})")
"""A number and not a number of something: those begin with zeros, or have their thousands apart and no cents."""
_MONTHS = 12
_EVENT = frozenset({name for name, target in KNOWN["events"].items() if target == "event"} - {"name", "action"})
_SYMBOLS = {"£": "GBP", "€": "EUR", "$": "USD", "₹": "INR", "zł": "PLN", "Kč": "CZK", "₺": "TRY", "NT$": "TWD"}


class Guess(msgspec.Struct, frozen=True):
    """How a file may be read and understood, and its first rows as they are written."""

    plan: Plan
    columns: list[str]
    rows: list[list[str]]
    program: str
    """Whose export it seems to be; '' for nobody's that we know."""


def guess(
    path: Path,
    what: What | None = None,
    *,
    reading: Mapping[str, str] | None = None,
    zone: str = "",
    currency: str = "",
) -> Guess:
    """Look at a file and guess. What `reading` says of how it is to be read, holds.

    `zone` and `currency` are what is taken where the file says nothing. Raise Invalid where it cannot be read.
    """
    said = dict(reading or {})
    found = _reading(path, said)
    with open_sheet(path, found, whole=False) as sheet:
        columns = sheet.columns
        rows, texts = _first(sheet.rows(), len(columns))
    by_column = [[text[:_TELLING] for text in column if text] for column in zip(*texts, strict=True)] or [
        [] for _ in columns
    ]
    found = msgspec.convert(msgspec.to_builtins(_understood(found, by_column, zone, currency)) | said, Reading)
    ready = recognised(columns) if what in (None, "customers") else None
    kind = what or ("customers" if ready else _kind(columns))
    fixed = {name: target for name, target in (ready.columns if ready else {}).items() if name in columns}
    targets = _guessed(kind, columns, by_column, rows, fixed)
    plan = Plan(what=kind, reading=found, columns=targets, source=ready.source if ready else "")
    return Guess(plan, columns, texts[:20], ready.title if ready else "")


def _first(found: Iterator[Any], width: int) -> tuple[list[Any], list[list[str]]]:
    """Return the first rows, and each as text as wide as the table; fewer where they are long."""
    rows: list[Any] = []
    texts: list[list[str]] = []
    size = 0
    for row in islice(found, LOOKED_AT):
        if isinstance(row, Unreadable):
            continue
        rows.append(row)
        texts.append([_text(cell) for cell in [*row, *[""] * (width - len(row))][:width]])
        size += sum(map(len, texts[-1]))
        if size >= _MUCH:
            break
    return rows, texts


def _reading(path: Path, said: Mapping[str, str]) -> Reading:
    found = format_of(path)
    if found != "csv":
        return Reading(format=found, sheet=said.get("sheet", ""))
    samples = _samples(path)
    encoding = said.get("encoding") or guess_encoding(samples)
    head = samples[0].decode(encoding, "replace").removeprefix("\ufeff")
    return Reading(format="csv", encoding=encoding, separator=said.get("separator") or guess_separator(head))


def _samples(path: Path) -> list[bytes]:
    """Return whole lines of a file: of its beginning, and of some places further on where one can go to them."""
    with opened(path) as raw, unbroken(0):
        size = path.stat().st_size
        packed = Packed(raw, size)
        found = [packed.bytes.read(_SAMPLE)]
        if packed.whole and size > _SAMPLE * 2:
            for place in range(1, _PLACES + 1):
                raw.seek((size - _SAMPLE) * place // _PLACES)
                found.append(raw.read(_SAMPLE))
    cut = [found[0][: found[0].rfind(b"\n") + 1] or found[0]]
    return cut + [part[part.find(b"\n") + 1 : part.rfind(b"\n") + 1] for part in found[1:]]


def _understood(reading: Reading, by_column: Sequence[Sequence[str]], zone: str, currency: str) -> Reading:
    cells = [text for column in by_column for text in column]
    commas = sum(bool(_COMMA.fullmatch(text.strip("€$£₹ "))) for text in cells)
    points = sum(bool(_POINT.fullmatch(text.strip("€$£₹ "))) for text in cells)
    symbol = next(
        (code for sign, code in _SYMBOLS.items() for text in cells if sign in text and _POINT.search(text)), ""
    )
    return msgspec.structs.replace(
        reading,
        decimal="," if commas > points else ".",
        dates=_order(by_column),
        zone=zone or reading.zone,
        currency=symbol or currency or reading.currency,
    )


def _order(by_column: Sequence[Sequence[str]]) -> DateOrder:
    """Return the order of days: what stands first is a day where it is more than twelve."""
    written = False
    for column in by_column:
        found = [match for text in column if (match := _DATES.fullmatch(text.strip()))]
        if len(found) < len(column) * _MOSTLY or not found:
            continue
        written = True
        if any(int(match[2]) > _MONTHS for match in found):
            return "mdy"
        if any(int(match[1]) > _MONTHS for match in found):
            return "dmy"
    return "dmy" if written else "ymd"


def _kind(columns: list[str]) -> What:
    """Return what a file holds, by the names of its columns."""
    targets = {what: {known.get(plain(name), "") for name in columns} for what, known in KNOWN.items()}
    if "order" in targets["orders"] and targets["orders"] & {"price", "total", "quantity"}:
        return "orders"
    if (
        "at" in targets["events"]
        and _EVENT.intersection(map(plain, columns))
        and not {"fact:first_name", "consent"} & targets["customers"]
    ):
        return "events"
    return "customers"


def _guessed(
    what: What, columns: list[str], by_column: Sequence[Sequence[str]], rows: Sequence[Any], fixed: dict[str, str]
) -> dict[str, str]:
    """Return what each column is: as is known of it, by its name, by its values, or as what it calls itself."""
    taken = set(fixed.values())
    found = dict(fixed)
    for place, column in enumerate(columns):
        if column in found:
            continue
        if column in (ROW, BECAUSE):
            found[column] = SKIP
            continue
        target = KNOWN[what].get(plain(column), "")
        if not target and "email" not in taken and _mostly(by_column[place], _EMAIL):
            target = "email"
        if not target or target in taken:
            first = next((row[place] for row in rows if place < len(row) and row[place] not in ("", None)), None)
            target = _free(what, column, by_column[place], first)
        taken.add(target)
        found[column] = target
    if what != "customers" and "at" not in taken:
        for place, column in enumerate(columns):
            if found[column].startswith(("prop:", SKIP)) and _mostly_moments(by_column[place]):
                found[column] = "at"
                break
    return found


def _free(what: What, column: str, values: Sequence[str], first: object) -> str:
    if what == "orders":
        return SKIP
    kind = _type(values, first)
    return f"{'fact' if what == 'customers' else 'prop'}:{fact_name(column)}" + (f":{kind}" if kind != "text" else "")


def _type(values: Sequence[str], first: object) -> str:
    if isinstance(first, list):
        return "list"
    if isinstance(first, bool) or (
        values and all(text.casefold() in ("yes", "no", "true", "false") for text in values)
    ):
        return "boolean"
    if values and all(_NUMBER.fullmatch(text) for text in values):
        return "number"
    if values and all(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) for text in values):
        return "date"
    return "text"


def _mostly(values: Sequence[str], shape: re.Pattern[str]) -> bool:
    return bool(values) and sum(bool(shape.fullmatch(text.strip())) for text in values) >= len(values) * _MOSTLY


def _mostly_moments(values: Sequence[str]) -> bool:
    reader = Values(Reading(dates="dmy"))

    def moments() -> Iterator[bool]:
        for text in values[:50]:
            try:
                reader.moment(text)
            except Unreadable:
                yield False
            else:
                yield not text.isdigit()

    return bool(values) and sum(moments()) >= min(len(values), 50) * _MOSTLY


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else Values(Reading()).text(cell)
