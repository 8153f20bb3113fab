"""Looks after a workspace and the installation: every minute at what is wrong, every five at its figures."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from regulars.access.workspaces import get_workspace, list_workspaces
from regulars.measure import alerts, figures, hours_records, house, standing
from regulars.measure.alert_records import Way
from regulars.measure.findings import Finding, in_order
from regulars.measure.house import Standing
from regulars.measure.telling import Ways, tell_due
from regulars.settings import Settings
from regulars.store.database import Database

EVERY = timedelta(minutes=1)


def look(database: Database, workspace: str, settings: Settings, ways: Ways, now: datetime) -> None:
    """Look at a workspace, and at the installation if nobody else does; tell what is to be told."""
    with database.workspace(workspace) as tx:
        hours_records.be_awake(tx, now)
        standing.keep_pace(tx, now)
    with database.workspace(workspace) as tx:
        alerts.settle(tx, standing.findings(tx, now), lambda: alerts.targets(tx), now)
    tell_due(database, workspace, ways, now)
    with database.shared() as tx:
        ours = house.begin_look(tx, EVERY, now)
    if ours:
        _look_at_house(database, settings, ways, now)


def _look_at_house(database: Database, settings: Settings, ways: Ways, now: datetime) -> None:
    found = house.standing(database, settings, now)
    with database.shared() as tx:
        house.keep_disks(tx, found, now)
        alerts.settle(tx, house.findings(found, settings, now), lambda: _everybody(database), now)
    tell_due(database, None, ways, now)


def _everybody(database: Database) -> list[tuple[Way, str]]:
    """Return who hears of the installation: whoever hears of any workspace in it, once."""
    found: dict[tuple[Way, str], None] = {}
    for workspace in list_workspaces(database):
        with database.workspace(workspace.name) as tx:
            found |= dict.fromkeys(alerts.targets(tx))
    return list(found)


def look_at_figures(database: Database, workspace: str, now: datetime) -> None:
    """Look at the figures of a workspace, by its clock."""
    zone = ZoneInfo(get_workspace(database, workspace).zone)
    with database.workspace(workspace) as tx:
        figures.look_around(tx, now, zone)


def everything_wrong(
    database: Database, workspace: str, settings: Settings, now: datetime
) -> tuple[list[Finding], Standing]:
    """Return what is wrong just now in a workspace and with the installation, and how the installation stands."""
    with database.workspace(workspace) as tx:
        found = standing.findings(tx, now)
    stands = house.standing(database, settings, now)
    return in_order([*found, *house.findings(stands, settings, now)]), stands
