"""Everything of a workspace in one zip: a file of JSON lines for each kind of thing, as all of it was in one moment.

It is read through cursors and written as it is read, so memory stays flat however much there is. What is a secret
(keys, sessions, signed links) or could be made anew (counts, search, what the house notes for itself) is left out.
"""

import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import IO

from regulars.access import brands
from regulars.loop.export_records import count_rows, lines, logo_of
from regulars.store.database import Database, Tx
from regulars.words.errors import Invalid

THINGS = (
    "workspace",
    "team",
    "customers",
    "identities",
    "fact_names",
    "facts",
    "forgotten",
    "consents",
    "pauses",
    "frequencies",
    "restrictions",
    "suppressions",
    "events",
    "segments",
    "members",
    "funnels",
    "groups",
    "forms",
    "responses",
    "templates",
    "campaigns",
    "messages",
    "mappings",
    "audit",
)
"""What is in the zip, a file each; `exports.txt` says what is in them."""

_AT_ONCE = 2_000
Told = Callable[[int, int], None]
"""Told how many rows are written, and about how many there are."""


def write_export(database: Database, workspace: str, out: IO[bytes], now: datetime, told: Told) -> int:
    """Write everything of a workspace as a zip; return how many rows it has. What `told` raises breaks it off."""
    with database.snapshot(workspace) as tx, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(_named("README.txt", now), _readme(workspace, now))
        if name := logo_of(tx):
            made.writestr(_named(f"logo.{name.rpartition('.')[2]}", now), brands.logo(tx, name))
        total, done = count_rows(tx), 0
        told(done, total)
        for thing in THINGS:
            with made.open(_named(f"{thing}.jsonl", now), "w", force_zip64=True) as entry:
                done = _write(tx, entry, thing, done, lambda far: told(far, max(far, total)))
    return done


def write_to(database: Database, workspace: str, file: Path, now: datetime, told: Told) -> int:
    """Write everything of a workspace to a file that only its owner reads, and that is there when it is whole."""
    part = file.with_name(f".{file.name}.part")
    try:
        with open(part, "wb", opener=_private) as out:
            rows = write_export(database, workspace, out, now, told)
        part.replace(file)
    except OSError as error:
        raise Invalid(
            "{file} cannot be written: {problem}.", file=file, problem=error.strerror or str(error)
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return rows


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write(tx: Tx, entry: IO[bytes], thing: str, done: int, told: Callable[[int], None]) -> int:
    for some in lines(tx, thing, _AT_ONCE):
        # JSON as it was sent may be written over several lines; inside its texts a line break is always \n
        entry.write("".join(f"{one.replace(chr(10), ' ').replace(chr(13), ' ')}\n" for one in some).encode())
        done += len(some)
        told(done)
    return done


def _named(name: str, now: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, now.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _readme(workspace: str, now: datetime) -> str:
    text = (files("regulars.loop") / "exports.txt").read_text(encoding="utf-8")
    return text.format(workspace=workspace, moment=f"{now:%Y-%m-%d %H:%M}")
