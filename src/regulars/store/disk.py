"""Whether the disk has room: what is refused is not lost, what is half written may be."""

import shutil
from pathlib import Path

from regulars.words.errors import Unavailable

LEAST = 256 << 20
"""Bytes below which a disk is full: PostgreSQL must still be able to finish what it has begun."""


def check_room(data: Path) -> None:
    """Raise Unavailable where the disk of the data folder is full."""
    if data.is_dir() and (free := shutil.disk_usage(data).free) < LEAST:
        raise Unavailable(
            "The disk of the data folder is full: {free} MB are free. Make room; until then nothing can be kept.",
            free=free >> 20,
        )
