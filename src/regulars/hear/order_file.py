"""A file of order lines, read as a stream: lines of one invoice, which follow each other, become one order.

Columns (UCI Online Retail, and what most shops can export): InvoiceNo, StockCode, Description, Quantity,
InvoiceDate, UnitPrice, CustomerID, Country. An invoice whose number starts with C takes goods back.
"""

import csv
import gzip
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import IO, Any, NamedTuple, cast
from zoneinfo import ZoneInfo

import msgspec

from regulars.hear.identities import LONGEST as LONGEST_ID
from regulars.words.errors import Invalid, RegularsError

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
LONGEST = 10_000
"""The most lines of one order. A longer one is a file without invoice numbers rather than an order."""
_HUGE = 1_000_000_000
_OLDEST = 1970
_PENNY = Decimal("0.01")


class Line(NamedTuple):
    """One line of the file, as it is written there."""

    number: int
    invoice: str
    sku: str
    name: str
    quantity: str
    at: str
    price: str
    customer: str
    country: str


class Product(msgspec.Struct, frozen=True, gc=False):
    """What was ordered, or taken back: `quantity` times at `price` each."""

    sku: str
    name: str
    quantity: int
    price: float


class Order(msgspec.Struct, frozen=True, gc=False):
    """One invoice: the properties of an order event in Segment's words, and whose it is."""

    number: str
    customer: str
    at: datetime
    refund: bool
    total: float
    country: str
    products: list[Product]


class Unreadable(RegularsError):
    """One order cannot be taken; the others can."""


class OrderFile:
    """An open file of order lines; `lines` and `bytes_read` tell how far it has been read."""

    def __init__(self, raw: BufferedReader, size: int) -> None:
        self._raw = raw
        self._text = TextIOWrapper(cast("IO[bytes]", _unpacked(raw)), encoding="utf-8-sig", newline="")
        self.size = size
        self.lines = 0

    @property
    def bytes_read(self) -> int:
        """How much of the file has been read, packed as it is."""
        return self._raw.tell()

    def invoices(self) -> Iterator[list[Line]]:
        """Yield the lines of each invoice. Raise Invalid where the file itself cannot be read on."""
        try:
            yield from self._invoices()
        except UnicodeDecodeError as error:
            raise self._broken("is not written in UTF-8; save it as 'CSV UTF-8'") from error
        except csv.Error as error:
            raise self._broken("is not CSV from there on") from error
        except (EOFError, OSError, zlib.error) as error:
            raise self._broken("is damaged or cut off") from error

    def _invoices(self) -> Iterator[list[Line]]:
        rows = csv.reader(self._text)
        places = _places(next(rows, []))
        invoice: list[Line] = []
        for cells in rows:
            if not cells:
                continue
            self.lines += 1
            line = _line(self.lines, cells, places)
            if invoice and line.invoice != invoice[0].invoice:
                yield invoice
                invoice = []
            if len(invoice) <= LONGEST:
                invoice.append(line)
        if invoice:
            yield invoice

    def _broken(self, problem: str) -> Invalid:
        return Invalid(
            "After line {line} the file {problem}. Mend it and import it again: no order is taken twice.",
            line=self.lines + 1,
            problem=problem,
        )


@contextmanager
def open_orders(path: Path) -> Generator[OrderFile]:
    """Open a file of order lines: plain CSV, or packed by gzip or xz."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise Invalid("The file '{path}' cannot be opened: {problem}.", path=path, problem=error.strerror) from error
    with raw:
        yield OrderFile(raw, path.stat().st_size)


def order_of(lines: list[Line], zone: ZoneInfo) -> Order:
    """Make an order of the lines of one invoice. It is taken whole or not at all: raise Unreadable."""
    first = lines[0]
    if len(lines) > LONGEST:
        raise Unreadable("more than {most} lines in one order", most=LONGEST)
    if not first.invoice:
        raise Unreadable("no invoice number")
    customer = _customer({line.customer for line in lines})
    refund = first.invoice[0] in "Cc"
    sign = -1 if refund else 1
    total = Decimal()
    products: list[Product] = []
    for line in lines:
        quantity, price = sign * _quantity(line), _price(line)
        total += quantity * price
        products.append(Product(line.sku, line.name, quantity, float(price)))
    return Order(
        number=first.invoice,
        customer=customer,
        at=_moment(lines, zone),
        refund=refund,
        total=float(total.quantize(_PENNY, ROUND_HALF_UP)),
        country=first.country,
        products=products,
    )


def _unpacked(raw: BufferedReader) -> Any:
    start = raw.peek(6)
    if start.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=raw)
    if start.startswith(b"\xfd7zXZ\x00"):
        return _unpacked_xz(raw)
    return raw


def _unpacked_xz(raw: BufferedReader) -> Any:
    try:
        import lzma  # noqa: PLC0415 (a Python built without it can import everything else)
    except ImportError as error:
        raise Invalid("This Python cannot unpack .xz files. Unpack the file first, or use .gz.") from error
    return lzma.LZMAFile(raw)


def _places(header: list[str]) -> list[int]:
    """Find each column in the header; upper and lower case, spaces and underscores do not matter."""
    there = {_plain(name): place for place, name in enumerate(header)}
    if missing := [name for name in COLUMNS if _plain(name) not in there]:
        raise Invalid(
            "The first line must name the columns, with commas between: {columns}. Missing: {missing}.",
            missing=", ".join(missing),
            columns=", ".join(COLUMNS),
        )
    return [there[_plain(name)] for name in COLUMNS]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _line(number: int, cells: list[str], places: list[int]) -> Line:
    """Make a line of its cells; those that are missing at its end are empty."""
    if len(cells) <= max(places):
        cells = [*cells, *[""] * (max(places) + 1 - len(cells))]
    return Line(number, *[cells[place].replace("\0", "").strip() for place in places])


def _customer(written: set[str]) -> str:
    """Return the one customer's number; '17850.0' is what a spreadsheet makes of 17850."""
    numbers = {text[:-2] if text.endswith(".0") and text[:-2].isdecimal() else text for text in written}
    if len(numbers) > 1:
        raise Unreadable("more than one customer in one order")
    number = numbers.pop()
    if not number:
        raise Unreadable("no customer")
    if len(number) > LONGEST_ID:
        raise Unreadable("a customer's number longer than {most} characters", most=LONGEST_ID)
    return number


def _quantity(line: Line) -> int:
    try:
        quantity = int(line.quantity)
    except ValueError:
        quantity = _HUGE
    if abs(quantity) >= _HUGE:
        raise Unreadable("a quantity that is no whole number")
    return quantity


def _price(line: Line) -> Decimal:
    try:
        price = Decimal(line.price)
    except InvalidOperation:
        price = Decimal(_HUGE)
    if not price.is_finite() or abs(price) >= _HUGE:
        raise Unreadable("a price that is no number")
    return price


def _moment(lines: list[Line], zone: ZoneInfo) -> datetime:
    """Return when the order was made: its earliest line, by the shop's clock unless the line names an offset."""
    try:
        written = [datetime.fromisoformat(text) for text in {line.at for line in lines}]
    except ValueError:
        written = []
    moment = min((time if time.tzinfo else time.replace(tzinfo=zone) for time in written), default=None)
    if moment is None or moment.year < _OLDEST:
        raise Unreadable("a date that is not written like 2011-05-17 09:30")
    return moment
