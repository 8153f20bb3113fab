"""Taking a file in: rows become events of the past, in chunks, each in one transaction with how far it is.

Broken off anywhere, it goes on behind the last chunk; begun anew, it takes only what the log does not have.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from regulars.hear import records
from regulars.hear.identities import Pair, intern
from regulars.hear.imports.customers import Customers
from regulars.hear.imports.events import Events
from regulars.hear.imports.fields import check_target
from regulars.hear.imports.orders import Orders
from regulars.hear.imports.past import Broken, Columns, Item, Made, Maker, Past
from regulars.hear.imports.plan import SKIP, Plan, Problem, Unreadable
from regulars.hear.imports.rejected import Rejects
from regulars.hear.imports.sheets import Sheet, open_sheet
from regulars.hear.imports.values import Values
from regulars.store.database import Database, Tx
from regulars.store.gone import cut_before
from regulars.store.log import NewEvent, append
from regulars.words.errors import Invalid

_CHUNK_EVENTS = 1_000
_CHUNK_BYTES = 1_000_000
_CHUNK_ITEMS = 5_000
_EXAMPLES = 20


class Understood(msgspec.Struct, frozen=True):
    """A row as it was understood: whose, what, when, and what it says."""

    row: int
    who: list[Pair]
    kind: str
    at: datetime
    says: dict[str, Any]


class Outcome(msgspec.Struct, kw_only=True):
    """What an import came to, or would come to."""

    rows: int = 0
    """Rows read."""
    events: int = 0
    """Events that are new in the log, or would be."""
    known: int = 0
    """Events that the log had already."""
    rejected: dict[str, int] = {}
    """Rows that were not taken, by reason."""
    remarks: dict[str, int] = {}
    """Rows that were taken, but not all they say, by reason."""
    examples: list[Problem] = []
    """The first rows that have a problem."""
    first: list[Understood] = []
    """The first rows as they were understood."""

    @property
    def refused(self) -> int:
        """How many rows were not taken."""
        return sum(self.rejected.values())


Saved = Callable[[Tx, Outcome, int, Sequence[NewEvent]], None]
"""Called in the transaction of each chunk, before its events are appended: what came of it so far, how long the file of
rejected rows is, and the events that are new."""
Progress = Callable[[Outcome, int, int], None]
"""Told after each chunk: what came of it so far, and how far the file was read, of how much."""


class Import:
    """One file on its way in. `dry` writes nothing: it says what would come of it. `by` is who brought it."""

    def __init__(
        self, path: Path, plan: Plan, now: datetime, *, dry: bool = False, rejects: Path | None = None, by: str = ""
    ) -> None:
        self.path = path
        self.plan = plan
        self.now = now
        self.dry = dry
        self.rejects = rejects
        self.by = by

    def run(
        self,
        database: Database,
        workspace: str,
        *,
        progress: Progress | None = None,
        saved: Saved | None = None,
        begun: Outcome | None = None,
        rejected_bytes: int = 0,
    ) -> Outcome:
        """Take the file in, from behind what was `begun`; raise Invalid where it cannot be read (on)."""
        done = begun or Outcome()
        values = Values(self.plan.reading)
        with open_sheet(self.path, self.plan.reading) as sheet:
            maker = maker_of(sheet.columns, self.plan, values, self.now, self.by)
            rejects = Rejects(self.rejects, sheet.columns, values, rejected_bytes) if self.rejects else None
            with closing(rejects) if rejects else nullcontext():
                for chunk in _chunks(sheet, maker, done, rejects):
                    self._take(database, workspace, chunk, done, saved, rejects)
                    if progress:
                        progress(done, *sheet.read)
        return done

    def _take(
        self,
        database: Database,
        workspace: str,
        chunk: "_Chunk",
        done: Outcome,
        saved: Saved | None,
        rejects: Rejects | None,
    ) -> None:
        size = rejects.flush() if rejects else 0
        after = msgspec.structs.replace(done, rows=chunk.rows)
        with database.workspace(workspace) as tx:
            new = _new(tx, chunk.pasts, make=not self.dry)
            after.events += len(new)
            after.known += len(chunk.pasts) - len(new)
            if saved:
                saved(tx, after, size, new)
            if not self.dry:
                append(tx, new)
        done.rows, done.events, done.known = after.rows, after.events, after.known


class _Chunk:
    """Events that wait for their transaction, and up to which row they go."""

    def __init__(self) -> None:
        self.pasts: list[Past] = []
        self.size = 0
        self.items = 0
        self.rows = 0

    def add(self, pasts: Sequence[Past]) -> None:
        self.pasts += pasts
        self.size += sum(len(past.props) for past in pasts)

    @property
    def full(self) -> bool:
        return len(self.pasts) >= _CHUNK_EVENTS or self.size >= _CHUNK_BYTES or self.items >= _CHUNK_ITEMS


def maker_of(names: Sequence[str], plan: Plan, values: Values, now: datetime, by: str = "") -> Maker:
    """Return what makes events of rows; raise Invalid where the mapping does not do."""
    if strange := [name for name in plan.columns if name not in names and plan.columns[name] != SKIP]:
        raise Invalid("The file has no column '{name}'. It has: {names}.", name=strange[0], names=", ".join(names[:50]))
    used: dict[str, str] = {}
    for name, target in plan.columns.items():
        check_target(plan.what, target)
        if target != SKIP and name in names and used.setdefault(target, name) != name:
            raise Invalid(
                "Two columns are '{target}': {first} and {second}.", target=target, first=used[target], second=name
            )
    columns = Columns(names, plan.columns, values)
    if plan.what == "orders":
        return Orders(columns, plan.reading.currency)
    if plan.what == "events":
        return Events(columns, plan.event)
    return Customers(columns, plan, now, by)


def _rows(sheet: Sheet, after: int) -> Iterator[tuple[int, Sequence[Any]]]:
    """Yield rows behind the first `after`, each as wide as the table."""
    width = len(sheet.columns)
    for number, row in enumerate(sheet.rows(), start=1):
        if number <= after:
            continue
        if isinstance(row, Unreadable):
            yield number, Broken([""] * width, row)
        elif len(row) == width:
            yield number, row
        elif len(row) < width:
            yield number, [*row, *[""] * (width - len(row))]
        elif any(row[width:]):
            yield number, Broken(row[:width], Unreadable("more cells than columns; is the separator right?"))
        else:
            yield number, row[:width]


def _chunks(sheet: Sheet, maker: Maker, done: Outcome, rejects: Rejects | None) -> Iterator[_Chunk]:
    """Gather events until they are worth a transaction; the last chunk may be empty."""
    chunk = _Chunk()
    chunk.rows = done.rows
    for item in maker.items(_rows(sheet, done.rows)):
        first, last, _ = item
        try:
            pasts, remark = _made(maker, item)
            chunk.add(pasts)
            if remark:
                _count(done.remarks, remark, 1)
                _example(done, Problem(first, remark))
            if len(done.first) < _EXAMPLES:
                done.first += [_understood(first, past) for past in pasts]
        except Unreadable as problem:
            _reject(done, item, problem, rejects)
        chunk.items += 1 + last - first
        chunk.rows = last
        if chunk.full:
            yield chunk
            chunk = _Chunk()
            chunk.rows = last
    yield chunk


def _made(maker: Maker, item: Item) -> Made:
    for row in item[2]:
        if isinstance(row, Broken):
            raise row.problem
    return maker.make(item)


def _reject(done: Outcome, item: Item, problem: Unreadable, rejects: Rejects | None) -> None:
    first, last, rows = item
    reason = problem.text
    _count(done.rejected, reason, 1 + last - first)
    _example(done, Problem(first, reason, problem.field))
    if rejects:
        rejects.add(first, rows, f"{problem.field}: {reason}" if problem.field else reason)


def _count(counts: dict[str, int], reason: str, rows: int) -> None:
    counts[reason] = counts.get(reason, 0) + rows


def _example(done: Outcome, problem: Problem) -> None:
    if len(done.examples) < _EXAMPLES:
        done.examples.append(problem)


def _understood(number: int, past: Past) -> Understood:
    return Understood(number, [past.identity, *(past.links or ())], past.kind, past.at, msgspec.json.decode(past.props))


def _new(tx: Tx, pasts: Sequence[Past], *, make: bool) -> list[NewEvent]:
    """Return the events that the log does not have, each once; what was cut of somebody who was forgotten it has."""
    cut = cut_before(tx, {past.mid for past in pasts})
    pasts = [past for past in pasts if past.mid not in cut] if cut else pasts
    if not pasts:
        return []
    pairs = {pair for past in pasts for pair in (past.identity, *(past.links or ()))}
    numbers = intern(tx, pairs) if make else dict.fromkeys(pairs, 0) | records.find_identities(tx, pairs)
    events = {past.mid: (past.event(numbers), past.whenever) for past in pasts}
    known = records.known_events(tx, [event for event, whenever in events.values() if not whenever])
    known |= records.known_statements(tx, [event for event, whenever in events.values() if whenever])
    return [event for mid, (event, _) in events.items() if mid not in known]
