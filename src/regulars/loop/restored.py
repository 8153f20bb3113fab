"""What becomes of a house that was restored from a backup, before anything in it moves again."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.access.people import end_sessions
from regulars.access.workspaces import all_workspaces
from regulars.loop.erasures import Replayed, replay
from regulars.speak.restored import withdraw
from regulars.store.database import Database
from regulars.store.erasures import Heard
from regulars.store.follow import lags
from regulars.store.gone import Step
from regulars.store.migrate import migrate_shared, migrate_workspace


class Settled(msgspec.Struct, frozen=True):
    """What was done in one workspace."""

    workspace: str
    refused: int
    """Messages that waited, and are not sent."""
    doubted: int
    """Messages that were just being sent."""
    behind: int
    """How many events the last follower has still to take."""


def settle(
    database: Database,
    taken_at: datetime,
    now: datetime,
    lists: Sequence[Heard] = (),
    *,
    bring_back: Collection[str] = (),
    even_if_old: bool = False,
    steps: Sequence[Step] | None = None,
) -> tuple[list[Settled], Replayed]:
    """Bring a restored house up to date, end sessions and log-in links, and withdraw what waited to be sent.

    What the lists of erasures hold, and the backup has not heard of, is forgotten again. Followers stay where they
    were and go on from there. `steps` are those by which customers are forgotten whole.
    """
    migrate_shared(database)
    end_sessions(database)
    for workspace in all_workspaces(database):
        migrate_workspace(database, workspace.name)
    how: dict[str, Any] = {"bring_back": bring_back, "even_if_old": even_if_old, "steps": steps}
    replayed = replay(database, lists, taken_at, now, **how)
    found: list[Settled] = []
    for workspace in all_workspaces(database):
        with database.workspace(workspace.name) as tx:
            behind = max((lag.behind for lag in lags(tx)), default=0)
        refused, doubted = withdraw(database, workspace.name, taken_at, now)
        found.append(Settled(workspace.name, refused, doubted, behind))
    return found, replayed
