"""How the installation itself stands, which all workspaces share: disks, the database, backups."""

import shutil
import socket
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from regulars import __version__
from regulars.measure import health_records as records
from regulars.measure.findings import Finding, Severity
from regulars.measure.health_records import Disk, Server
from regulars.settings import Settings
from regulars.store.backup import Made
from regulars.store.checkup import last_backup
from regulars.store.database import Database, Tx

LEAST_DISK = 1 << 30
"""Bytes below which a disk is as good as full."""
_LITTLE_DISK = 5 << 30
_SOON, _COMING = timedelta(days=3), timedelta(days=14)
_BACK = timedelta(days=14)
_ENOUGH = timedelta(hours=20)
"""Growth is not read off less."""
_KEPT = timedelta(days=60)
_MANY, _NEARLY_ALL = 0.8, 0.95
_LONG, _VERY_LONG = timedelta(minutes=30), timedelta(hours=4)


class Volume(msgspec.Struct, frozen=True):
    """A disk: what is free (None where it cannot be seen), what is ours on it, its growth a day, when it is full."""

    place: str
    free: int | None
    used: int
    daily: float | None = None
    full_at: datetime | None = None


class Standing(msgspec.Struct, frozen=True):
    """How the installation stands, whether or not anything is wrong with it."""

    version: str
    server: Server
    volumes: list[Volume]
    backup: Made | None
    open_since: datetime | None
    open_by: str


def standing(database: Database, settings: Settings, now: datetime) -> Standing:
    """Return how the installation stands."""
    with database.shared() as tx:
        server = records.server_state(tx)
        oldest = records.oldest_transaction(tx)
        volumes = [_grown(one, tx, now) for one in _volumes(settings, server)]
    return Standing(
        __version__,
        server,
        volumes,
        last_backup(database),
        oldest.since if oldest else None,
        oldest.who if oldest else "",
    )


def begin_look(tx: Tx, every: timedelta, now: datetime) -> bool:
    """Begin to look at the installation; return False where another worker did just now."""
    return records.begin_look(tx, "alerts", every, now)


def keep_disks(tx: Tx, found: Standing, now: datetime) -> None:
    """Keep how full the disks are: growth is read off it."""
    for one in found.volumes:
        records.keep_disk(tx, one.place, socket.gethostname(), now, free=one.free, used=one.used)
    records.forget_disks(tx, now - _KEPT)


def findings(found: Standing, settings: Settings, now: datetime) -> list[Finding]:
    """Return everything that is wrong with the installation."""
    return [*_disks(found, now), *_database(found, now), *_backups(found, settings, now)]


def _volumes(settings: Settings, server: Server) -> Iterator[Volume]:
    folder = Path(server.folder) if server.folder and server.here else None
    known = folder if folder is not None and _readable(folder) else None
    if settings.data.is_dir():
        yield Volume("data", shutil.disk_usage(settings.data).free, server.size if _beside(settings.data, known) else 0)
    if known is None or not _beside(settings.data, known):
        yield Volume("database", shutil.disk_usage(known).free if known else None, server.size)


def _readable(folder: Path) -> bool:
    try:
        return folder.exists()
    except OSError:
        return False


def _beside(data: Path, folder: Path | None) -> bool:
    """Return whether two folders are on the same disk."""
    return folder is not None and data.is_dir() and data.stat().st_dev == folder.stat().st_dev


def _grown(volume: Volume, tx: Tx, now: datetime) -> Volume:
    """Add what a disk's past tells: how much it grows a day, and when it is full if it goes on so."""
    then: Disk | None = records.earlier_disks(tx, now - _BACK).get((volume.place, socket.gethostname()))
    if then is None or now - then.hour < _ENOUGH:
        return volume
    days = (now - then.hour) / timedelta(days=1)
    lost = then.free - volume.free if then.free is not None and volume.free is not None else volume.used - then.used
    daily = lost / days
    full = now + timedelta(days=min(volume.free / daily, 36_500)) if volume.free is not None and daily > 0 else None
    return msgspec.structs.replace(volume, daily=daily, full_at=full)


def _disks(found: Standing, now: datetime) -> Iterator[Finding]:
    for one in found.volumes:
        if one.free is None:
            continue
        left = one.full_at - now if one.full_at else None
        if one.free < LEAST_DISK or (left is not None and left < _SOON):
            severity: Severity = "act"
        elif one.free < _LITTLE_DISK or (left is not None and left < _COMING):
            severity = "look"
        else:
            continue
        detail = {
            "free": one.free,
            "daily": one.daily,
            "full_at": one.full_at.isoformat() if one.full_at else None,
        }
        yield Finding("disk.full", severity, about=one.place, detail=detail)


def _database(found: Standing, now: datetime) -> Iterator[Finding]:
    share = found.server.used / found.server.most
    if share >= _MANY:
        detail = {"used": found.server.used, "most": found.server.most}
        yield Finding("database.connections", "act" if share >= _NEARLY_ALL else "look", detail=detail)
    if found.open_since and now - found.open_since > _LONG:
        severity: Severity = "act" if now - found.open_since > _VERY_LONG else "look"
        yield Finding("database.transaction", severity, found.open_since, detail={"who": found.open_by})


def _backups(found: Standing, settings: Settings, now: datetime) -> Iterator[Finding]:
    if found.backup is None:
        return
    age, most = now - found.backup.taken_at, timedelta(hours=settings.backup_max_age)
    if age > most:
        detail = {"most": most.total_seconds()}
        yield Finding("backup.old", "act" if age > 3 * most else "look", found.backup.taken_at, detail=detail)
