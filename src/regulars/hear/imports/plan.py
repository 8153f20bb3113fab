"""How a file is to be read and understood: what is guessed first, and then set by whoever knows better."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from regulars.words.errors import Invalid, RegularsError

What = Literal["orders", "events", "customers"]
Format = Literal["csv", "ndjson", "parquet", "excel"]
DateOrder = Literal["ymd", "dmy", "mdy"]

KINDS: tuple[What, ...] = ("orders", "events", "customers")
SKIP = "-"
"""The target of a column that is not taken."""


class Unreadable(RegularsError):
    """One row (or order) cannot be taken; the others can."""


class Reading(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the cells of a file are read."""

    format: Format = "csv"
    encoding: str = "utf-8"
    """As Python calls it; of CSV only."""
    separator: str = ","
    sheet: str = ""
    """Which sheet of a workbook; the first where it is empty."""
    decimal: Literal[".", ","] = "."
    dates: DateOrder = "ymd"
    """In which order day, month and year stand, where a date is not written the international way (2026-05-03)."""
    zone: str = "UTC"
    """By whose clock the times are that name no offset."""
    currency: str = "EUR"


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a file is read, what each of its columns is, and what holds for all its rows."""

    what: What
    reading: Reading
    columns: Mapping[str, str]
    """Column to target (`fields.py`); a column that is not named is not taken."""
    event: str = ""
    """What the events are called, where no column says it."""
    purpose: str = "marketing"
    channel: str = "email"
    """What a consent of this file is for, where its column does not say."""
    source: str = ""
    """Where the consents were given, where no column says it: the proof."""
    as_of: datetime | None = None
    """Of when the file is: what it says of customers was so then. Without it, of when it was brought."""
    on_list: str = ""
    """On which list its customers are put, by the list's key; on none where it is empty."""


class Problem(msgspec.Struct, frozen=True):
    """A row that was not taken as it is (the one after the header is 1): which, of which column, and why."""

    row: int
    reason: str
    column: str = ""


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone; raise Invalid where there is none of this name."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise Invalid("There is no time zone '{name}'. Write it like Europe/London.", name=name[:60]) from error
