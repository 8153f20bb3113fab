"""The shop's orders are of long ago; the example is of today: all of them are moved on by the same number of weeks.

Days of the week and hours stay as they were, and so does what lies between any two orders. Each product gets a category
by a word in its name.
"""

import csv
import gzip
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import msgspec

from regulars.hear.orders import COMPLETED
from regulars.store.database import Database
from regulars.store.records import head, read_events

CLOCK = ZoneInfo("Europe/London")
FIRST = datetime(2010, 12, 1, 8, 26, tzinfo=CLOCK)
LAST = datetime(2011, 12, 9, 12, 31, tzinfo=CLOCK)
"""When the first and the last order of the file were placed."""
_WEEK = timedelta(weeks=1)
_DATE = 4
_NAME = 2
_WRITTEN = "%Y-%m-%d %H:%M"


def weeks_on(database: Database, workspace: str, now: datetime) -> int:
    """Return by how many weeks orders are moved on: so that the last of them was this week.

    Where some were taken in before, by as many as those were.
    """
    with database.workspace(workspace) as tx:
        kinds = frozenset({COMPLETED})
        taken = read_events(tx, after=0, upto=head(tx), kinds=kinds, historical=True, cut=True, limit=1)
    return round((taken[0].at - FIRST) / _WEEK) if taken else (now - LAST) // _WEEK


@contextmanager
def moved_on(orders: Path, weeks: int) -> Generator[Path]:
    """Give a file of orders with every order so many weeks later; it is gone afterwards."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        with gzip.open(orders, "rt", encoding="utf-8", newline="") as lines, path.open("w", newline="") as file:
            reader, writer = csv.reader(lines), csv.writer(file)
            writer.writerow([*next(reader), "Category"])
            later = timedelta(weeks=weeks)
            for line in reader:
                line[_DATE] = (datetime.strptime(line[_DATE], _WRITTEN) + later).strftime(_WRITTEN)  # noqa: DTZ007
                writer.writerow([*line, category_of(line[_NAME])])
        yield path


@cache
def category_of(product: str) -> str:
    """Return the category of a product; '' where no word in its name says one."""
    return next((category for category, words in _categories() if any(word in product for word in words)), "")


@cache
def _categories() -> list[tuple[str, list[str]]]:
    text = (files(__package__ or "regulars.testing.shop") / "categories.json").read_bytes()
    return msgspec.json.decode(text, type=list[tuple[str, list[str]]])
