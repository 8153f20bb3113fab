"""Orders of the past, from a file: one historical event for each invoice, in chunks, with memory that stays flat."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from regulars.hear.history import append_history
from regulars.hear.identities import intern, tidy
from regulars.hear.order_file import Line, Order, OrderFile, Unreadable, open_orders, order_of
from regulars.store.database import Database
from regulars.store.log import NewEvent
from regulars.words.errors import Invalid
from regulars.words.ids import hash64

COMPLETED = "Order Completed"
REFUNDED = "Order Refunded"
CUSTOMER = "customer"

Progress = Callable[[int, int, int], None]
"""Told after each chunk: lines read, bytes read, bytes of the whole file."""

_CHUNK_EVENTS = 1_000
_CHUNK_BYTES = 1_000_000
_EXAMPLES = 20


class Rejected(msgspec.Struct, frozen=True):
    """An order that was not taken: its first line (the one after the header is 1) and why."""

    line: int
    invoice: str
    reason: str


class Imported(msgspec.Struct):
    """What an import came to. An order is taken whole or not at all."""

    lines: int = 0
    events: int = 0
    """Orders that are new in the log."""
    known: int = 0
    """Orders that the log had already."""
    rejected: Counter[str] = msgspec.field(default_factory=Counter[str])
    """Lines that were not taken, by reason."""
    examples: list[Rejected] = msgspec.field(default_factory=list[Rejected])
    """The first orders that were not taken."""


class _Chunk:
    """Orders that wait for their transaction."""

    def __init__(self) -> None:
        self.orders: list[tuple[Order, bytes]] = []
        self.size = 0

    def add(self, order: Order, currency: str) -> None:
        props = msgspec.json.encode(
            {
                "order_id": order.number,
                "total": order.total,
                "currency": currency,
                "country": order.country,
                "products": order.products,
            }
        )
        self.orders.append((order, props))
        self.size += len(props)

    @property
    def full(self) -> bool:
        return len(self.orders) >= _CHUNK_EVENTS or self.size >= _CHUNK_BYTES


def import_orders(
    database: Database,
    workspace: str,
    path: Path,
    *,
    progress: Progress | None = None,
    currency: str = "GBP",
    zone: str = "Europe/London",
) -> Imported:
    """Import a file of order lines. Importing it again, also after a crash half-way, takes only what is new.

    Times without an offset are read by the clock of `zone`. Raise Invalid where the file as a whole cannot be read.
    """
    done = Imported()
    with open_orders(path) as file:
        for chunk in _chunks(file, done, currency, _zone(zone)):
            _take(database, workspace, chunk, done)
            done.lines = file.lines
            if progress:
                progress(file.lines, file.bytes_read, file.size)
    return done


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise Invalid("There is no time zone '{name}'. Write it like Europe/London.", name=name) from error


def _chunks(file: OrderFile, done: Imported, currency: str, zone: ZoneInfo) -> Iterator[_Chunk]:
    """Gather orders until they are worth a transaction; the last chunk may be empty."""
    chunk = _Chunk()
    for lines in file.invoices():
        try:
            chunk.add(order_of(lines, zone), currency)
        except Unreadable as problem:
            _reject(done, lines, str(problem))
        if chunk.full:
            yield chunk
            chunk = _Chunk()
    yield chunk


def _reject(done: Imported, lines: list[Line], reason: str) -> None:
    done.rejected[reason] += len(lines)
    if len(done.examples) < _EXAMPLES:
        done.examples.append(Rejected(lines[0].number, lines[0].invoice, reason))


def _take(database: Database, workspace: str, chunk: _Chunk, done: Imported) -> None:
    """Append a chunk's orders in one short transaction, leaving out those that the log has."""
    if not chunk.orders:
        return
    with database.workspace(workspace) as tx:
        numbers = intern(tx, {tidy(CUSTOMER, order.customer) for order, _ in chunk.orders})
        events = [
            NewEvent(
                identity_id=numbers[tidy(CUSTOMER, order.customer)],
                at=order.at.astimezone(UTC),
                kind=REFUNDED if order.refund else COMPLETED,
                props=props,
                mid=hash64(f"order:{order.number}"),
                historical=True,
            )
            for order, props in chunk.orders
        ]
        new = append_history(tx, events)
    done.events += new
    done.known += len(events) - new
