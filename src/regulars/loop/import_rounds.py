"""Work processes take in the files that were brought, one after the other, and sweep those that were kept enough."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from uuid import uuid4

import msgspec
import structlog

from regulars.hear import import_records as imports
from regulars.hear.import_records import Brought
from regulars.hear.imports.running import Import, Outcome
from regulars.remember import consents
from regulars.remember.consents import Changed
from regulars.remember.erasing import note_withdrawn
from regulars.store.database import Database, Tx
from regulars.store.log import NewEvent
from regulars.store.waking import Waker
from regulars.words.errors import Invalid, RegularsError, Unavailable
from regulars.words.kinds import CONSENT_CHANGED

log = structlog.get_logger()

_LOOK = 1.0
"""Seconds between two looks for work."""
_ABANDONED = timedelta(days=1)
_NOT_HERE = Invalid("The file is not on this machine.").text
_BROKE = Invalid("It broke off. What was taken stays; start it again.").text
"""As errors they are texts of the catalogue: the page says them in the reader's language."""


class _BrokenOffError(Exception):
    """It was cancelled, somebody else is at it now, or this process ends."""


def hold_imports(database: Database, waker: Waker, folder: Path, clock: Callable[[], datetime], stop: Event) -> None:
    """Take in what was brought, until told to stop."""
    while not stop.wait(_LOOK):
        try:
            while not stop.is_set() and take_next(database, folder, clock, stop, waker.poke):
                pass
        except Unavailable:
            log.info("imports wait for the database")
        except Exception as error:
            log.exception("imports stopped; they are tried again", exc_info=error)


def take_next(
    database: Database, folder: Path, clock: Callable[[], datetime], stop: Event, poke: Callable[[str], None]
) -> bool:
    """Try, or take in, the next file that waits for it; return whether there was one."""
    worker = uuid4().hex
    with database.shared() as tx:
        brought = imports.claim(tx, worker, clock())
    if brought is None:
        return False
    try:
        _take(database, folder, brought, worker, clock, stop, poke)
        _end(database, brought, worker, "tried" if brought.state == "trying" else "done", "", clock())
    except _BrokenOffError:
        _end(database, brought, worker, "trying" if brought.state == "trying" else "waiting", "", clock())
        if not (folder / brought.stored).is_file():  # it had to go meanwhile, and what was not taken of it goes, too
            (folder / brought.rejects).unlink(missing_ok=True)
    except Unavailable:
        raise  # it stays ours until we have been silent too long; then another goes on
    except (RegularsError, OSError) as error:
        problem = str(error) if isinstance(error, RegularsError) else _NOT_HERE
        log.warning("an import failed", workspace=brought.workspace, number=brought.number, problem=problem)
        _end(database, brought, worker, "failed", problem, clock())
    except Exception as error:
        log.exception("an import failed", workspace=brought.workspace, number=brought.number, exc_info=error)
        _end(database, brought, worker, "failed", _BROKE, clock())
    return True


def note_withdrawals(tx: Tx, events: Sequence[NewEvent], now: datetime) -> None:
    """Put onto the list that outlives backups whose consents a file withdraws.

    A withdrawal after which they agreed again is history, and is left out: replayed, it would undo the agreement.
    """
    found: dict[tuple[str, str], dict[int, datetime]] = {}
    for event in events:
        if event.kind == CONSENT_CHANGED and not (said := msgspec.json.decode(event.props, type=Changed)).granted:
            found.setdefault((said.purpose, said.channel), {})[event.identity_id] = event.at
    for about, moments in found.items():
        standing = consents.standing(tx, moments, *about)
        newer = {one for one, holds in standing.items() if holds.granted and holds.at > moments[one]}
        if fresh := moments.keys() - newer:
            note_withdrawn(tx, fresh, [about], now)


def sweep_imports(database: Database, folder: Path, now: datetime) -> None:
    """Remove every file of this folder that no import keeps any more, and the rows that are shown of it."""
    files = [one for one in folder.iterdir() if one.is_file()] if folder.is_dir() else []
    with database.shared() as tx:
        kept = imports.kept(tx, now)
        imports.drop_understood(tx, now)
    for file in files:
        with suppress(OSError):  # another worker was here first
            half = file.suffix == ".part"
            old = file.stat().st_mtime < (now - _ABANDONED).timestamp()
            if (half and old) or (not half and file.name.partition(".")[0] not in kept):
                file.unlink()


def _take(
    database: Database,
    folder: Path,
    brought: Brought,
    worker: str,
    clock: Callable[[], datetime],
    stop: Event,
    poke: Callable[[str], None],
) -> None:
    path, dry = folder / brought.stored, brought.state == "trying"
    if not path.is_file():
        raise FileNotFoundError(path)
    far = [0, max(brought.bytes, 1)]

    def saved(tx: Tx, outcome: Outcome, rejected: int, new: Sequence[NewEvent]) -> None:
        if stop.is_set() or not imports.beat(tx, brought, worker, outcome, rejected, (far[0], far[1]), clock()):
            raise _BrokenOffError
        if not dry:
            note_withdrawals(tx, new, clock())

    def told(_: Outcome, place: int, size: int) -> None:
        far[:] = [place, max(size, 1)]
        if not dry:
            poke(brought.workspace)

    begun = Outcome() if dry else msgspec.convert(brought.outcome, Outcome)
    length = 0 if dry else brought.rejected_bytes
    rejects = folder / brought.rejects
    taking = Import(path, brought.planned(), brought.asked_at, dry=dry, rejects=rejects, by=brought.asked_by)
    taking.run(database, brought.workspace, progress=told, saved=saved, begun=begun, rejected_bytes=length)


def _end(database: Database, brought: Brought, worker: str, to: str, problem: str, now: datetime) -> None:
    with database.shared() as tx:
        imports.end(tx, brought, worker, to, problem, now)
