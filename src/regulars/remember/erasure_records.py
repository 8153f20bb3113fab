"""Customers who are to be forgotten whole: erased, or made anonymous. A row is all the queue there is.

A work process takes a row, lets go of what every room knows (`loop/forgetting.py`), and says how far it is. One that
was silent for minutes has lost it, and another goes on: what was let go of is not there to be let go of again.
"""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

import msgspec

from regulars.remember import records
from regulars.store.database import Tx
from regulars.store.gone import Gone
from regulars.store.statements import load
from regulars.words.errors import Conflict, Unknown

SQL = load(__package__ or "regulars.remember", "gone.sql")

Mode = Literal["erase", "anonymise"]
SILENT = timedelta(minutes=5)
"""After this a worker that says nothing is taken for dead."""


class Erasure(msgspec.Struct, frozen=True):
    """Somebody who is to go: waiting, running, or done.

    `erase` leaves events that are nobody's, `anonymise` leaves them to an anonymous customer: both by kind, day and
    money only. `rows` says how much was let go of so far.
    """

    id: UUID
    customer_id: int
    mode: Mode
    by_customer: bool
    asked_at: datetime
    state: str
    step: str
    steps_done: int
    steps: int
    rows: int
    finished_at: datetime | None


def ask(
    tx: Tx, customer_id: int, mode: Mode, now: datetime, *, by_customer: bool = False, number: UUID | None = None
) -> Erasure:
    """Ask for a customer to be forgotten; return what was asked for before where it is not done yet.

    Raise Unknown where there is no such customer, and Conflict where they are being forgotten the other way.
    """
    customer = records.get_customer(tx, customer_id)
    if customer is None:
        raise Unknown("There is no customer {id}. Look for the customer by name or address.", id=customer_id)
    given = {"customer": customer.id, "mode": mode, "by_customer": by_customer, "now": now}
    tx.run(SQL["ask"], id=number or uuid4(), **given)
    found = open_of(tx, customer.id)
    if found is None:
        raise Conflict("This customer has just been forgotten.")
    if found.mode != mode:
        raise Conflict("This customer is being forgotten already.")
    return found


def open_of(tx: Tx, customer_id: int) -> Erasure | None:
    """Return the erasure of a customer that waits or runs; None where nobody asked for one."""
    return tx.one(SQL["open_of"], Erasure, customer=customer_id)


def of_number(tx: Tx, number: int) -> Erasure | None:
    """Return the erasure in which a number that is nobody's any more was somebody's."""
    return tx.one(SQL["of_number"], Erasure, customer=number)


def get(tx: Tx, number: UUID) -> Erasure:
    """Return an erasure; raise Unknown where there is none."""
    found = tx.one(SQL["get"], Erasure, id=number)
    if found is None:
        raise Unknown("There is no such erasure.")
    return found


def list_erasures(
    tx: Tx, *, before: tuple[datetime, UUID] | None = None, limit: int = 50, customer: int | None = None
) -> list[Erasure]:
    """Return erasures, those asked for last first; those before a place: when the last one seen was asked for.

    Of one customer, if named: by number, which is all that is left of them.
    """
    at, than = before or (None, None)
    return tx.all(SQL["list"], Erasure, before=at, than=than, limit=limit, customer=customer)


def count(tx: Tx, customer: int | None = None) -> int:
    """Return how many erasures were asked for; of one customer, if named."""
    return tx.value(SQL["count"], customer=customer)


def claim(tx: Tx, worker: str, now: datetime, wanted: UUID | None = None) -> Erasure | None:
    """Take an erasure to carry it out, the one that is wanted if named; None where there is nothing to do."""
    return tx.one(SQL["claim"], Erasure, worker=worker, now=now, silent=now - SILENT, wanted=wanted)


def known_as(tx: Tx, erasure: Erasure) -> Gone:
    """Return by which numbers somebody was known; none where it has not begun."""
    found = tx.one(SQL["known_as"], Gone, id=erasure.id)
    return found or Gone([])


def keep_known(tx: Tx, erasure: Erasure, worker: str, gone: Gone) -> bool:
    """Keep by which numbers somebody was known; return whether the erasure is still this worker's."""
    known = msgspec.structs.asdict(gone)
    del known["marked"]
    return tx.run(SQL["cut_off"], id=erasure.id, worker=worker, **known) > 0


def beat(tx: Tx, erasure: Erasure, worker: str, step: str, done: tuple[int, int], rows: int, now: datetime) -> bool:
    """Say how far an erasure is, and that `rows` more are gone; return whether it is still this worker's."""
    steps_done, steps = done
    given = {"step": step, "steps_done": steps_done, "steps": steps, "rows": rows, "now": now}
    return tx.run(SQL["beat"], id=erasure.id, worker=worker, **given) > 0


def let_wait(tx: Tx, erasure: Erasure, worker: str) -> None:
    """Let another worker carry it out."""
    tx.run(SQL["let_wait"], id=erasure.id, worker=worker)


def finish(tx: Tx, erasure: Erasure, worker: str, now: datetime) -> bool:
    """Say that it is done; return whether it was still this worker's."""
    return tx.run(SQL["finish"], id=erasure.id, worker=worker, now=now) > 0


def lately(tx: Tx, since: datetime) -> list[Gone]:
    """Return who went since a moment."""
    return tx.all(SQL["lately"], Gone, since=since)
