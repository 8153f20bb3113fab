"""Bringing a file: it is kept in the folder of imports, looked at, and waits for somebody to say that it is right."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import msgspec

from regulars.hear import import_records as imports
from regulars.hear import mappings
from regulars.hear.import_records import Brought
from regulars.hear.imports.guessing import Guess, guess
from regulars.hear.imports.plan import Plan, What
from regulars.hear.imports.running import maker_of
from regulars.hear.imports.values import Values
from regulars.hear.mappings import as_read
from regulars.store.database import Database, Tx
from regulars.store.disk import check_room
from regulars.words.errors import TooLarge, Unknown

LARGEST = 2_000_000_000
"""Bytes of a file, packed or not."""
_PIECE = 1_000_000
_LOOKED_BACK = 50
_LONGEST_NAME = 200


def bring(
    database: Database, workspace: str, folder: Path, file: tuple[str, Callable[[int], bytes]], who: str,
    now: datetime, what: What | None = None, zone: str = "",
) -> Brought:  # fmt: skip
    """Keep a file, of its name and what reads it, and guess what it is; raise Invalid where it cannot be read.

    One with the columns of a mapping that is kept, or of a file that was taken in before, is understood as that was.
    """
    name, read = file
    with begun(folder) as (part, out):
        _keep(out, read)
        return take_over(database, workspace, part, name, who, now, what, zone)


@contextmanager
def begun(folder: Path) -> Generator[tuple[Path, BinaryIO]]:
    """Begin a file in the folder of imports, and remove it at the end where nothing became of it.

    Raise Unavailable where the disk is full.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_room(folder)
    part = folder / f"{uuid4().hex}.part"
    try:
        with open(part, "wb", opener=_private) as out:
            yield part, out
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def take_over(
    database: Database, workspace: str, part: Path, name: str, who: str, now: datetime, what: What | None, zone: str
) -> Brought:
    """Keep a file that lies in the folder of imports, and guess what it is; raise Invalid where it cannot be read."""
    found = guess(part, what, zone=zone)
    size = part.stat().st_size
    with database.workspace(workspace) as tx:
        plan = mappings.fitting(tx, found, what) or _as_before(tx, workspace, found) or found.plan
        brought = imports.add(tx, workspace, (name or "file")[-_LONGEST_NAME:], size, plan, who, now)
        part.replace(part.with_name(brought.stored))
    return brought


def look(folder: Path, brought: Brought) -> Guess:
    """Return a file's columns and first rows, as it is read; raise Unknown where it is kept no more."""
    path = folder / brought.stored
    if not path.is_file():
        raise Unknown("The file of import {number} is kept no more. Bring it again.", number=brought.number)
    reading = msgspec.to_builtins(brought.planned().reading)
    del reading["format"]
    return guess(path, brought.planned().what, reading=reading)


def change(tx: Tx, folder: Path, brought: Brought, plan: Plan, now: datetime) -> None:
    """Read a file another way; raise Invalid where its columns cannot be that."""
    found = look(folder, msgspec.structs.replace(brought, plan=msgspec.to_builtins(plan)))
    maker_of(found.columns, plan, Values(plan.reading), now)
    imports.change_plan(tx, brought, plan)


def by_mapping(tx: Tx, folder: Path, brought: Brought, name: str, now: datetime) -> Plan:
    """Read a file as a mapping says, and return how; raise Unknown where there is none of this name."""
    plan = mappings.applied(mappings.get(tx, name), look(folder, brought))
    plan = msgspec.structs.replace(plan, on_list=brought.planned().on_list)
    change(tx, folder, brought, plan, now)
    return plan


def check_size(size: int) -> None:
    """Raise TooLarge where a file has more bytes than one may have."""
    if size > LARGEST:
        raise TooLarge("A file may have {most} MB. Pack it with gzip, or cut it.", most=LARGEST // 10**6)


def _keep(out: BinaryIO, read: Callable[[int], bytes]) -> None:
    size = 0
    while piece := read(_PIECE):
        size += len(piece)
        check_size(size)
        out.write(piece)
    out.flush()


def _as_before(tx: Tx, workspace: str, found: Guess) -> Plan | None:
    for earlier in imports.list_imports(tx, workspace, limit=_LOOKED_BACK):
        plan = earlier.planned()
        if (
            earlier.state == "done"
            and plan.what == found.plan.what
            and plan.columns.keys() == found.plan.columns.keys()
        ):
            return as_read(plan, found)
    return None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
