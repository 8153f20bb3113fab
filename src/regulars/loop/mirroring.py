"""The mirror is filled: what is new in the log, what was changed in it, and what holds of customers just now.

A filling reads one moment of the database, writes files under names of its own, and lets a manifest name them when all
are whole. Whatever breaks it off leaves the manifest that was, and files that count for nothing and are swept.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter
from uuid import UUID, uuid4

import msgspec
import structlog

from regulars.loop import mirror_records as records
from regulars.loop.mirror_files import Files, sweep
from regulars.store import records as store
from regulars.store.database import Database, Tx
from regulars.store.mirror import (
    SNAPSHOTS,
    EventFile,
    Manifest,
    Mirror,
    ahead,
    belongs,
    fill,
    filled,
    forget,
    forget_rewritten,
    piece,
    rewritten,
)
from regulars.understand.asking import AFTER, FOLLOWER
from regulars.words.errors import Invalid, Unavailable

log = structlog.get_logger()

PIECE = 250_000
"""Events that are read at once."""
MOST = 2_000_000
"""Events that one filling takes at most: what was read before it is broken off is not read again."""
GRACE = timedelta(hours=1)
"""How long files that count no more are kept for those who read them just now."""
Told = Callable[[int, int], None]
"""Told how many events are written, and how many there are to write. What it raises breaks the filling off."""


def _nobody(done: int, total: int) -> None:
    del done, total


def fill_mirror(
    database: Database,
    mirror: Mirror,
    now: datetime,
    *,
    anew: bool = False,
    told: Told = _nobody,
) -> Manifest:
    """Bring the mirror to what the database says now, and return its manifest. `anew`: from the beginning.

    Where there is very much to read it takes several fillings: the manifest says up to where it is. Raise Unavailable
    where another process is at it, or what is known of customers is being derived anew.
    """
    with mirror.held():
        before = None if anew else _own(database, mirror)
        sweep(mirror, standing.files | standing.retired.keys() if (standing := _standing(mirror)) else set())
        began = perf_counter()
        manifest = _fill(database, mirror, before, now, told)
        took = round(perf_counter() - began, 3)
        retired = _retired(before, manifest, now)
        manifest = msgspec.structs.replace(manifest, took=took, retired=retired)
        _let_hold(database, mirror, manifest)
    return manifest


def take_out(database: Database, mirror: Mirror, between: Callable[[], None]) -> None:
    """Take out of the files those who were forgotten, and what the log has let go of; nothing new is read.

    `between` is called before each file that is written; what it raises breaks it off. Where the files cannot be gone
    on with there are none afterwards. Raise Unavailable where another process is at it.
    """
    with mirror.held():
        before = _own(database, mirror)
        if before is None:
            _drop(database, mirror)
            return
        generation = _begin(database, mirror, before.id)
        with database.snapshot(mirror.workspace) as tx, mirror.opened(threads=1) as duck:
            files = Files(mirror, duck, generation, before.properties, between)
            events, renewed = _renew(tx, files, before, before.upto)
            left = files.without(before.snapshots, records.gone(tx), records.changed(tx, before.rewritten))
        manifest = msgspec.structs.replace(
            before,
            generation=generation,
            rewritten=renewed,
            properties=files.properties,
            events=tuple(events),
            snapshots=left,
            retired={},
        )
        _let_hold(database, mirror, manifest)


def catch_up(
    database: Database,
    mirror: Mirror,
    now: datetime,
    *,
    anew: bool = False,
    told: Told = _nobody,
) -> Manifest:
    """Fill the mirror until it has everything that the log had at the beginning; raise what `fill_mirror` does."""
    with database.workspace(mirror.workspace) as tx:
        goal = _bound(tx)
    before, manifest = -1, fill_mirror(database, mirror, now, anew=anew, told=told)
    while before < manifest.upto < goal:
        before, manifest = manifest.upto, fill_mirror(database, mirror, now, told=told)
    return manifest


def is_due(database: Database, mirror: Mirror, now: datetime) -> bool:
    """Whether there is something to write; what takes long is not done all the time.

    Where the rooms derive again what the mirror has already, they do not know all yet, and it waits for them.
    """
    manifest = _own(database, mirror)
    with database.workspace(mirror.workspace) as tx:
        if _derived_anew(tx, manifest.upto if manifest else 0):
            return False
        if manifest is None:
            return True
        further = _bound(tx) - manifest.upto
        changed = bool(rewritten(tx, manifest.rewritten, 1)) or bool(_lacking(manifest))
    if further > MOST:
        return True
    rested = now - manifest.at >= max(_EVERY, timedelta(seconds=manifest.took * _SHARE))
    return rested and (further > 0 or changed or now - manifest.at >= _AT_LEAST)


_EVERY, _AT_LEAST = timedelta(minutes=15), timedelta(days=1)
_SHARE = 20
"""It is filled during at most one twentieth of the time."""


def drop_mirror(database: Database, mirror: Mirror) -> None:
    """Remove the mirror; from then on nobody keeps what would have to be changed in it."""
    with mirror.held():
        _drop(database, mirror)


def _drop(database: Database, mirror: Mirror) -> None:
    mirror.remove()
    sweep(mirror, set())
    with database.workspace(mirror.workspace) as tx:
        forget(tx)


def behind(database: Database, mirror: Mirror) -> int | None:
    """Return how many events the mirror has not taken; None where there is none."""
    manifest = _own(database, mirror)
    if manifest is None:
        return None
    with database.workspace(mirror.workspace) as tx:
        return ahead(tx, manifest.upto, store.head(tx))


def differences(database: Database, mirror: Mirror) -> list[str]:
    """Return by what the mirror differs from the log up to where it is: a sentence each; nothing where it is whole."""
    manifest = _own(database, mirror)
    if manifest is None:
        raise Invalid("There is no mirror of '{name}' that belongs to this database.", name=mirror.workspace)
    missing = [file for file in sorted(manifest.files) if not (mirror.folder / file).is_file()]
    missing += [f"a file of {name}" for name in _lacking(manifest)]
    if missing:
        return [f"{file} is missing" for file in missing]
    with mirror.opened(threads=1) as duck:
        there = Files(mirror, duck, manifest.generation, {}).months(manifest.events)
    with database.snapshot(mirror.workspace) as tx:
        if rewritten(tx, manifest.rewritten, 1):
            return ["events were changed since it was filled last; fill it and look again"]
        known = records.months(tx, manifest.upto)
    return [
        f"{month} has {there[month][0] if month in there else 0:,} events, and the log {known.get(month, [0])[0]:,}"
        + ("" if there.get(month, [0])[0] != known.get(month, [0])[0] else ", but they are not the same")
        for month in sorted(there.keys() | known.keys())
        if there.get(month) != known.get(month)
    ]


def _lacking(manifest: Manifest) -> list[str]:
    """Return what a mirror should have that was filled by an older Regulars."""
    return [name for name in SNAPSHOTS if name not in manifest.snapshots]


def _own(database: Database, mirror: Mirror) -> Manifest | None:
    """Return the manifest of a mirror that can be gone on with."""
    manifest = _standing(mirror)
    if manifest is None:
        return None
    with database.workspace(mirror.workspace) as tx:
        return manifest if belongs(manifest, filled(tx)) else None


def _standing(mirror: Mirror) -> Manifest | None:
    """Return the manifest that holds, whosever files it names; one that cannot be read names none."""
    try:
        return mirror.read()
    except Invalid as error:
        log.warning("the mirror is made anew", workspace=mirror.workspace, problem=str(error))
        return None


def _bound(tx: Tx) -> int:
    return store.bound(tx, AFTER)


def _derived_anew(tx: Tx, upto: int) -> bool:
    """Return whether what a snapshot is made of is half derived: a follower has not come again to where it was.

    One that is new has not come up to where the mirror is.
    """
    begun = [one for one in store.list_followers(tx) if one.name in (*AFTER, FOLLOWER)]
    return _bound(tx) < upto or any(one.cursor < one.replay_until for one in begun)


def _begin(database: Database, mirror: Mirror, number: UUID) -> int:
    """Note that the mirror of this id is being filled; return for the how-manieth time."""
    with database.workspace(mirror.workspace) as tx:
        known, standing = filled(tx), _standing(mirror)
        generation = max(known.generation if known else 0, standing.generation if standing else 0) + 1
        fill(tx, number, generation)
    return generation


def _let_hold(database: Database, mirror: Mirror, manifest: Manifest) -> None:
    """Let a manifest hold, and nothing be kept that it does not need."""
    mirror.write(manifest)
    with database.workspace(mirror.workspace) as tx:
        forget_rewritten(tx, manifest.rewritten)
    sweep(mirror, manifest.files | manifest.retired.keys())


def _fill(database: Database, mirror: Mirror, before: Manifest | None, now: datetime, told: Told) -> Manifest:
    number = before.id if before else uuid4()
    generation = _begin(database, mirror, number)
    with database.snapshot(mirror.workspace) as tx, mirror.opened(threads=1) as duck:
        upto = before.upto if before else 0
        if _derived_anew(tx, upto):
            raise Unavailable("The shop's customers are being remembered anew. Try again in a moment.")
        files = Files(mirror, duck, generation, before.properties if before else {})
        events, renewed = _renew(tx, files, before, upto)
        fresh, upto = _add(tx, files, upto, told)
        events = files.compact([*events, *fresh])
        snapshots = {name: files.snapshot(name, records.sources(tx, name)) for name in SNAPSHOTS}
        return Manifest(
            id=number,
            generation=generation,
            upto=upto,
            at=now,
            rewritten=renewed,
            properties=files.properties,
            events=tuple(events),
            snapshots=snapshots,
        )


def _retired(before: Manifest | None, made: Manifest, now: datetime) -> dict[str, datetime]:
    """Return which files are kept for those who read them; none where somebody may stand in them who went."""
    if before is None or made.rewritten > before.rewritten:
        return {}
    found = before.retired | dict.fromkeys(before.files - made.files, now)
    return {file: at for file, at in found.items() if now - at < GRACE}


def _renew(tx: Tx, files: Files, before: Manifest | None, upto: int) -> tuple[list[EventFile], int]:
    """Write those files anew whose events were changed; return all files, and the last change."""
    events = list(before.events) if before else []
    done = before.rewritten if before else 0
    while some := rewritten(tx, done, PIECE):
        done = some[-1][0]
        if seqs := sorted({seq for _, seq in some if seq <= upto}):
            events = files.renew(events, seqs, records.some_events(tx, seqs))
    return events, done


def _add(tx: Tx, files: Files, upto: int, told: Told) -> tuple[list[EventFile], int]:
    """Write events that are new; return their files, and the last event that is accounted for."""
    bound = _bound(tx)
    total = ahead(tx, upto, bound)
    found: list[EventFile] = []
    done = 0
    told(done, total)
    while done < min(total, MOST):
        last, many = piece(tx, upto, bound, PIECE)
        found += files.add(records.events(tx, upto, last))
        upto, done = last, done + many
        told(done, total)
    return found, upto if done < total else bound
