"""What `regulars doctor` looks at besides: whether what is kept here could be had again, and the machine itself."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from regulars.cli.findings import Finding
from regulars.settings import Settings
from regulars.store import checkup
from regulars.store.database import Database
from regulars.store.erasures import ErasureList
from regulars.store.machine import SMALLEST_MEMORY, memory, processors

_ERASURES = timedelta(days=30)
"""How far back the list is compared with what the database has heard of."""


def of_keeping(settings: Settings, database: Database, now: datetime) -> Iterator[Finding]:
    """Look at backups and the list of erasures; a database that is not up to date cannot tell of them."""
    if checkup.begun(database) and not checkup.migrations(database, None)[0]:
        yield from of_backups(settings, database, now)
        yield from of_erasures(settings, database, now)


def of_backups(settings: Settings, database: Database, now: datetime) -> Iterator[Finding]:
    """Look when the last backup was made, and whether it was ever loaded."""
    last, most = checkup.last_backup(database), timedelta(hours=settings.backup_max_age)
    if last is None:
        advice = "Let 'regulars backup --to FOLDER --verify' run every night: docs/production.md has a timer for it."
        yield Finding("backup", "mind", "No backup was ever made.", advice)
        return
    age = now - last.taken_at
    when = f"The last backup is of {last.taken_at:%Y-%m-%d %H:%M} UTC, {age.total_seconds() / 3600:.0f} hours ago"
    if age > most:
        advice = "See why 'regulars backup' did not run, and run it now."
        said = f"{when}; it should be no older than {settings.backup_max_age} (REGULARS_BACKUP_MAX_AGE)."
        yield Finding("backup", "wrong", said, advice)
    elif not last.checked:
        yield Finding(
            "backup", "mind", f"{when}, and nobody has loaded it.", "Add --verify: it is loaded, and compared."
        )
    else:
        yield Finding("backup", "well", f"{when}, {last.bytes / 1e6:.1f} MB, and was found whole.")


def of_erasures(settings: Settings, database: Database, now: datetime) -> Iterator[Finding]:
    """Look whether a restore would hear of what was forgotten."""
    place = settings.erasure_list
    heard = ErasureList.of(settings).read()
    if heard is None:
        advice = "'regulars serve' makes it. If REGULARS_ERASURES names a disk that all machines share: is it there?"
        yield Finding("erasures", "wrong", f"There is no list of erasures at {place}.", advice)
        return
    if not os.access(place, os.W_OK):
        advice = "Nobody can have anything forgotten. Give it to the user who runs Regulars."
        yield Finding("erasures", "wrong", f"The list of erasures {place} cannot be written.", advice)
    missing = checkup.unlisted_erasures(database, now - _ERASURES)
    if missing:
        said = f"{missing} erasures of the last {_ERASURES.days} days are not on this machine's list {place}."
        advice = (
            "Other processes write another list. Let REGULARS_ERASURES name one place on a disk that all of them "
            "share; until then give a restore every list (--erasures, one each)."
        )
        yield Finding("erasures", "wrong", said, advice)
    elif not settings.database_url and _same_disk(place, settings.data / "postgres"):
        said = f"The list of erasures is on the same disk as the data ({place})."
        advice = "What is lost together cannot be restored: let REGULARS_ERASURES name a place on another disk."
        yield Finding("erasures", "mind", said, advice)
    else:
        said = f"The list of erasures is whole since {heard.since:%Y-%m-%d %H:%M} UTC."
        yield Finding("erasures", "well", said)


def _same_disk(one: Path, other: Path) -> bool:
    try:
        return one.stat().st_dev == other.stat().st_dev
    except OSError:
        return False


def of_machine(settings: Settings) -> Iterator[Finding]:
    """Look whether the machine is large enough."""
    found, count = memory(settings.memory), processors()
    what = f"{found} MB of memory and {count} processor{'s' if count > 1 else ''}"
    if found < SMALLEST_MEMORY * 0.9:
        said = f"It has {what}; the smallest that it is known to run on has {SMALLEST_MEMORY} MB."
        yield Finding(
            "machine", "mind", said, "Give it more, or expect it to be slow and to be killed when memory ends."
        )
    elif not settings.database_url and count < (wanted := settings.web_processes + settings.work_processes - 1):
        said = f"It has {what}, and {wanted + 1} processes are wanted on it, besides PostgreSQL."
        yield Finding("machine", "mind", said, "Lower REGULARS_WEB_PROCESSES or REGULARS_WORK_PROCESSES.")
    else:
        yield Finding("machine", "well", f"It has {what}.")
