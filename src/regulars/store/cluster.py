"""The files of the embedded PostgreSQL: made once, and only ever opened by the version that made them."""

import shutil
from pathlib import Path

from regulars.store.programs import MAJOR, Account
from regulars.words.errors import Conflict, Invalid

NAME = "regulars"
"""What the database and its user are called."""
FRESH = "upgrading"
"""Where, in a data folder, the files for a newer PostgreSQL are made."""

_HBA = "# Only the user who runs Regulars, only over the socket.\nlocal all all peer map=regulars\n"
_BUILTIN = 17
"""The first PostgreSQL that brings a locale of its own, so that an upgrade of the system changes no order of texts."""


def version_of(data: Path) -> int | None:
    """Return which PostgreSQL made the files of a data folder, or None where there are none."""
    try:
        return int((data / "postgres" / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None


def check_or_make(who: Account, place: Path, data: Path, major: int = MAJOR) -> None:
    """Make the files where there are none; raise Conflict where they are not ours to open, or another version's."""
    cluster = data / "postgres"
    if not cluster.exists():
        if (data / FRESH / "postgres").exists():
            raise Conflict("The upgrade of {data} was cut short. Run 'regulars upgrade --data {data}'.", data=data)
        _make(who, place, data, cluster, major)
    owner = cluster.stat().st_uid
    if owner != who.uid:
        raise Conflict(
            "{cluster} belongs to the user with id {owner}, but PostgreSQL would run as '{user}'. "
            "Start Regulars as the user who made it, or choose another data folder.",
            cluster=cluster,
            owner=owner,
            user=who.name,
        )
    made_by = version_of(data)
    if made_by is not None and made_by < major:
        raise Conflict(
            "{cluster} was made by PostgreSQL {made_by}, and this Regulars brings {major}. Make a backup with the "
            "Regulars that made it, then run 'regulars upgrade --data {data}'.",
            cluster=cluster,
            made_by=made_by,
            major=major,
            data=data,
        )
    if made_by != major:
        raise Conflict(
            "{cluster} was made by PostgreSQL {made_by}, and this Regulars brings {major}. Install the Regulars that "
            "made it, or a later one.",
            cluster=cluster,
            made_by=made_by or "?",
            major=major,
        )


def _make(who: Account, place: Path, data: Path, cluster: Path, major: int) -> None:
    """Make the files beside their place and move them there whole: a first start that is killed leaves no half."""
    new = data / "postgres.new"
    if new.exists():
        shutil.rmtree(new)
    new.mkdir(mode=0o700)
    who.own(new)
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major >= _BUILTIN else []
    locale = ["--locale=C", *builtin, "--encoding=UTF8"]
    try:
        who.run([place / "initdb", "-D", new, "-U", NAME, "--auth=peer", "--no-instructions", *locale])
    except OSError as error:
        raise Invalid(
            "PostgreSQL could not make its files in {data}: {problem}",
            data=data,
            problem=(error.strerror or str(error)).splitlines()[-1],
        ) from error
    names = dict.fromkeys((who.us, who.name))
    (new / "pg_hba.conf").write_text(_HBA, encoding="utf-8")
    (new / "pg_ident.conf").write_text("".join(f'regulars "{name}" {NAME}\n' for name in names), encoding="utf-8")
    new.rename(cluster)
