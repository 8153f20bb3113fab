"""What `regulars doctor` looks at. Each check says in words what it found, and what to do where something is wrong."""

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from regulars.access.audit import open_audit
from regulars.access.audit_check import verify
from regulars.access.workspaces import Workspace, list_workspaces
from regulars.channels.smtp.reaching import reach
from regulars.cli.place import address
from regulars.settings import Settings
from regulars.store import checkup
from regulars.store.database import Database
from regulars.store.embedded import account
from regulars.store.programs import MAJOR
from regulars.understand.clustered import check_installed
from regulars.understand.clustered import reach as reach_cluster
from regulars.words.errors import RegularsError

State = Literal["well", "mind", "wrong"]

_MB = 1 << 20
_LEAST_DISK = 1024
_LITTLE_DISK = 5 * 1024
_LATE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_APART = timedelta(seconds=5)
_A_PROCESS = 10
"""Connections that a process may open: its pool, and one to listen."""
_PROMISES = {"fsync": "on", "full_page_writes": "on", "server_encoding": "UTF8", "autovacuum": "on"}
_OTHERS = stat.S_IRGRP | stat.S_IWGRP | stat.S_IROTH | stat.S_IWOTH


class Finding(msgspec.Struct, frozen=True):
    """What one check found; `mind` is worth knowing, `wrong` wants to be mended."""

    check: str
    state: State
    said: str
    advice: str = ""
    workspace: str = ""


def of_folder(settings: Settings) -> Iterator[Finding]:
    """Look at the data folder and its disk."""
    data = settings.data
    yield _privacy(data)
    cluster = data / "postgres"
    if not settings.database_url and cluster.exists() and cluster.stat().st_uid != (who := account()).uid:
        yield Finding(
            "data folder",
            "wrong",
            f"{cluster} belongs to the user with id {cluster.stat().st_uid}, and PostgreSQL would run as '{who.name}'.",
            "Start Regulars as the user who made it.",
        )
    free = shutil.disk_usage(data).free // _MB
    state: State = "wrong" if free < _LEAST_DISK else "mind" if free < _LITTLE_DISK else "well"
    advice = "" if state == "well" else "Make room: a full disk stops everything. Backups belong on another one."
    yield Finding("disk", state, f"{free / 1024:.1f} GB are free where {data} is.", advice)


def _privacy(data: Path) -> Finding:
    found = data.stat()
    if found.st_uid != os.geteuid():
        said = f"{data} belongs to the user with id {found.st_uid}, and you are {os.geteuid()}."
        return Finding("data folder", "wrong", said, "Run Regulars as the user who made it.")
    if found.st_mode & _OTHERS:
        said = f"{data} can be read or written by other users (mode {stat.S_IMODE(found.st_mode):o})."
        return Finding("data folder", "wrong", said, f"chmod go-rw {data}")
    return Finding("data folder", "well", f"{data} is yours alone.")


def of_settings(settings: Settings) -> Iterator[Finding]:
    """Look at what customers will be given as our address."""
    local = _is_local(settings.host)
    base = urlsplit(settings.base_url)
    advice = "Set REGULARS_BASE_URL to the https:// address that customers reach you by."
    if not settings.base_url and not local:
        said = f"It listens on {settings.host} for everybody, and links in mail lead to {address(settings)}."
        yield Finding("address", "wrong", said, advice)
    elif settings.base_url and (base.scheme not in {"http", "https"} or not base.hostname):
        yield Finding("address", "wrong", f"REGULARS_BASE_URL is '{settings.base_url}', which is no address.", advice)
    elif base.scheme == "http" and not _is_local(base.hostname or ""):
        yield Finding(
            "address", "wrong", f"Customers come by {settings.base_url}, which anybody can listen to.", advice
        )
    else:
        said = f"Links in mail lead to {address(settings)}."
        yield Finding(
            "address", "well" if base.scheme == "https" else "mind", said, "" if settings.base_url else advice
        )


def of_spark(settings: Settings) -> Iterator[Finding]:
    """Look whether the Spark cluster can be asked, where one is set."""
    if not settings.spark_url:
        return
    try:
        check_installed()
        reach_cluster(settings.spark_url)
    except RegularsError as error:
        advice = "Until then the database and DuckDB answer what is asked of everybody."
        yield Finding("spark", "wrong", str(error), advice)
        return
    if settings.mirror_folder is None:
        said = "The cluster answers, but there are no files that it could read."
        yield Finding("spark", "wrong", said, "Let REGULARS_MIRROR name a folder that its workers see, too.")
        return
    yield Finding("spark", "well", f"The cluster {settings.spark_url} answers.")


def _is_local(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def of_mail(settings: Settings, workspaces: list[Workspace]) -> Iterator[Finding]:
    """Look whether the mail server takes us, and whether it is set where it is needed."""
    needing = [workspace.name for workspace in workspaces if workspace.delivery == "smtp"]
    for workspace in workspaces:
        if workspace.delivery == "smtp" and not workspace.sender:
            said = "Its mail has no sender of its own: it comes from hello@ and our host's name."
            yield Finding(
                "mail", "mind", said, "Give the workspace a sender that your mail server may use.", workspace.name
            )
    if not settings.smtp_url:
        if needing:
            said = f"There is no mail server, and {', '.join(needing)} would send by one: its messages wait."
            yield Finding("mail", "wrong", said, "Set REGULARS_SMTP_URL to smtp://user:password@host:port or smtps://")
        return
    try:
        problem = reach(settings.smtp_url)
    except RegularsError as error:
        problem = str(error)
    if problem:
        advice = "Look at REGULARS_SMTP_URL, the password in it, and whether a firewall stands between."
        yield Finding("mail", "wrong", problem, advice)
    else:
        yield Finding("mail", "well", "The mail server answers and takes us.")


def of_server(settings: Settings, database: Database, now: datetime) -> Iterator[Finding]:
    """Look at PostgreSQL: its version, what our promises rest on, and its clock."""
    known = checkup.server_settings(database)
    version = int(known["server_version_num"]) // 10_000
    if version < MAJOR:
        yield Finding("postgresql", "wrong", f"It is PostgreSQL {version}.", f"Use {MAJOR} or later.")
    needed = (settings.web_processes + settings.work_processes) * _A_PROCESS + _A_PROCESS
    bad = [f"{name} is {known[name]}" for name, good in _PROMISES.items() if known[name] != good]
    bad += ["synchronous_commit is off"] if known["synchronous_commit"] == "off" else []
    if bad:
        advice = "Set it back: what we acknowledge could be lost, or grow without end."
        yield Finding("postgresql", "wrong", f"PostgreSQL is set so that {', '.join(bad)}.", advice)
    if int(known["max_connections"]) < needed:
        said = f"PostgreSQL takes {known['max_connections']} connections; your processes may want {needed}."
        yield Finding("postgresql", "wrong", said, "Raise max_connections, or run fewer processes.")
    if version >= MAJOR and not bad:
        yield Finding("postgresql", "well", f"PostgreSQL {version}, set as it should be.")
    apart = abs(checkup.server_clock(database) - now)
    if apart > _APART:
        said = f"This machine's clock and PostgreSQL's are {apart.total_seconds():.0f} seconds apart."
        yield Finding("clock", "wrong", said, "Set both by NTP.")
    else:
        yield Finding("clock", "well", f"It is {now:%Y-%m-%d %H:%M:%S} UTC, here and in PostgreSQL.")


def of_migrations(database: Database, workspaces: list[Workspace]) -> Iterator[Finding]:
    """Look whether every schema is that of this Regulars."""
    found: list[Finding] = []
    for name in (None, *(workspace.name for workspace in workspaces)):
        missing, newer = checkup.migrations(database, name)
        if newer:
            said, advice = (
                f"The data was used by a newer Regulars ({newer[-1]}).",
                "Install that version or a later one.",
            )
            found.append(Finding("migrations", "wrong", said, advice, name or ""))
        elif missing:
            said = f"{len(missing)} migrations have not run yet, {missing[0]} first."
            found.append(Finding("migrations", "wrong", said, "Start 'regulars serve': it runs them.", name or ""))
    yield from found or [Finding("migrations", "well", "All have run.")]


def of_log(database: Database, workspace: str, now: datetime) -> Iterator[Finding]:
    """Look at a workspace's log: its followers, what they could not take, what was refused."""
    log = checkup.log_state(database, workspace, now - _DAY)
    found: list[Finding] = []
    for one in log.followers:
        if one.paused:
            said = f"'{one.name}' stands still, {one.behind} events behind: {one.note}"
            advice = f"regulars followers resume {one.name} --workspace {workspace}"
            found.append(Finding("followers", "wrong", said, advice, workspace))
        elif one.since is not None and now - one.since > _LATE:
            said = f"'{one.name}' is {one.behind} events behind, the first since {one.since:%Y-%m-%d %H:%M:%S} UTC."
            advice = (
                "Does 'regulars work' run? If it does and this does not shrink, run one more (REGULARS_WORK_PROCESSES)."
            )
            found.append(Finding("followers", "wrong", said, advice, workspace))
    for name, count in log.quarantined.items():
        advice = f"regulars quarantine list --workspace {workspace} shows why; mend it, then retry each."
        found.append(Finding("quarantine", "wrong", f"'{name}' could not take {count} events.", advice, workspace))
    for one in log.failing:
        said = f"'{one.name}', which runs on schedule, fails since {one.since:%Y-%m-%d %H:%M:%S} UTC: {one.error}."
        advice = "It is tried again by itself. The messages of 'regulars work' say where it fails."
        found.append(Finding("rounds", "wrong", said, advice, workspace))
    if log.refused:
        said = f"{log.refused} events of the last day were refused. The console's health page lists them."
        found.append(
            Finding("refused", "wrong", said, "Look for forms or campaigns that set each other off.", workspace)
        )
    for name in log.broken_indexes:
        advice = "Work makes it anew within 6 hours; if not, look at its messages."
        found.append(Finding("dedupe", "wrong", f"The index {name} was not finished.", advice, workspace))
    if log.newest is not None and log.newest - now > _LATE:
        said = f"The last event was taken at {log.newest:%Y-%m-%d %H:%M:%S} UTC, which is still to come."
        found.append(Finding("clock", "wrong", said, "The clock was set back. Set it by NTP.", workspace))
    yield from found or [
        Finding("log", "well", "Its followers are up to date, and nothing was set aside.", "", workspace)
    ]


def of_audit(database: Database, workspace: str) -> Iterator[Finding]:
    """Look whether a workspace's audit log is as it was written, all of it."""
    if checkup.migrations(database, workspace)[0]:
        return
    audit = open_audit(database)
    with database.workspace(workspace) as tx:
        verdict = verify(tx, audit)
    if not verdict.broken:
        said = f"Its {verdict.looked_at} entries are as they were written."
        yield Finding("audit log", "well", said, "", workspace)
    for one in verdict.broken:
        places = {"changed": "entry {n} was changed", "missing": "entry {n} is missing", "end": "its end was moved"}
        when = f", of {one.at:%Y-%m-%d %H:%M}" if one.at else ""
        said = f"In chain {one.chain} {places[one.what].format(n=one.n)}{when}."
        advice = "Somebody changed it in the database itself. Keep a backup from before, and find out who can reach it."
        yield Finding("audit log", "wrong", said, advice, workspace)


def of_database(settings: Settings, database: Database, now: datetime) -> Iterator[Finding]:
    """Look at everything that only a running database can show."""
    yield from of_server(settings, database, now)
    if not checkup.begun(database):
        yield Finding("migrations", "mind", "There is nothing in this database yet.", "'regulars serve' begins there.")
        return
    workspaces = list_workspaces(database)
    yield from of_migrations(database, workspaces)
    for workspace in workspaces:
        yield from of_log(database, workspace.name, now)
        yield from of_audit(database, workspace.name)
    yield from of_mail(settings, workspaces)
