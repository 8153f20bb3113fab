"""An exporter that keeps the log as files of JSON lines, named by the sequences they account for.

It writes beside, renames, and only then notes the file and moves its cursor: after a crash the same range may be
written under another name, so what no manifest knows is swept first: of its own files only, and nobody else reads them.
"""

import os
import re
from pathlib import Path

import msgspec

from regulars.store import manifest_records
from regulars.store.follow import Batch, Follower

NAME = "archive"
_OURS = re.compile(r"\d+-\d+\.ndjson(\.part)?")


def file_exporter(folder: Path) -> Follower:
    """Return the follower that writes `folder/<workspace>/<from>-<to>.ndjson`."""

    def handle(batch: Batch) -> None:
        place = folder / (batch.tx.workspace or "")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.mkdir(mode=0o700, exist_ok=True)
        known = {written.name for written in manifest_records.list_manifest(batch.tx, NAME)}
        for file in place.iterdir():
            if file.name not in known and _OURS.fullmatch(file.name):
                file.unlink()
        first, last = batch.span
        name = f"{first}-{last}.ndjson"
        fresh = place / f"{name}.part"
        with open(fresh, "wb", opener=_private) as out:
            out.write(msgspec.json.Encoder().encode_lines(batch.events))
        fresh.rename(place / name)
        manifest_records.add_manifest(batch.tx, NAME, first, last, name, len(batch.events))

    return Follower(NAME, "exporting", handle, size=10_000, cut=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
