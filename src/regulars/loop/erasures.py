"""What was forgotten or withdrawn after a backup is so again when it is restored, before anybody can look."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from regulars.access.audit import open_audit
from regulars.access.workspaces import all_workspaces, delete_workspace
from regulars.engage.own_page import blank
from regulars.loop.forgetting import Forgetting, all_steps
from regulars.remember import erasure_records as erasures
from regulars.remember.customers import customers_of
from regulars.remember.erasing import CONSENTS, CUSTOMER, FACTS, RESTRICTIONS, hashes, say_again, whose
from regulars.remember.followers import CONSENT, IDENTITY
from regulars.remember.followers import FACTS as FACTS_FOLLOWER
from regulars.remember.merging import part
from regulars.store.database import Database
from regulars.store.erasures import SLACK, WORKSPACE, Erasure, Heard, heard_of, known_since
from regulars.store.follow import Follower, Runner
from regulars.store.gone import Step
from regulars.words.errors import Conflict, Invalid

_AT_ONCE = 500
_KINDS = {FACTS, CONSENTS, RESTRICTIONS, CUSTOMER, WORKSPACE}


class Replayed(msgspec.Struct, frozen=True):
    """What was forgotten again."""

    erasures: int = 0
    """How many there were that the backup had not heard of."""
    found: int = 0
    """How many of them met somebody whom the backup knows."""
    deleted: tuple[str, ...] = ()
    """Workspaces that had been deleted."""


def check_age(
    taken_at: datetime, lists: Sequence[Heard], now: datetime, most: timedelta, *, where: str
) -> None:  # fmt: skip
    """Raise Conflict where nobody can tell what was forgotten since a backup was taken."""
    how = "To restore it all the same, add --even-if-old: what was forgotten in between comes back."
    if now - taken_at > most:
        raise Conflict(
            "The backup is of {taken}, and none older than {days} days is restored (REGULARS_RESTORE_MAX_AGE). {how}",
            taken=f"{taken_at:%Y-%m-%d %H:%M} UTC", days=most.days, how=how,
        )  # fmt: skip
    if not lists:
        raise Conflict(
            "There is no list of erasures at {where}, so nobody can tell what customers had forgotten after the "
            "backup. The old house's data folder has it, or the place that its REGULARS_ERASURES named: give it by "
            "--erasures FILE. {how}",
            where=where, how=how,
        )  # fmt: skip
    since = max(one.since for one in lists)
    if taken_at < since:
        raise Conflict(
            "The backup is of {taken}, and the list of erasures begins at {since}: what customers had forgotten in "
            "between is not in it. Take a newer backup. {how}",
            taken=f"{taken_at:%Y-%m-%d %H:%M:%S} UTC", since=f"{since:%Y-%m-%d %H:%M:%S} UTC", how=how,
        )  # fmt: skip


def replay(
    database: Database,
    lists: Sequence[Heard],
    taken_at: datetime,
    now: datetime,
    *,
    bring_back: Collection[str] = (),
    even_if_old: bool = False,
    steps: Sequence[Step] | None = None,
) -> Replayed:
    """Forget and withdraw again what a restored database has not heard of; workspaces of `bring_back` are kept.

    Raise Conflict where nobody can tell whom a list is about, unless that was asked for. `steps` forget a customer.
    """
    audit = open_audit(database)
    forgetting = Forgetting(database, steps or all_steps(audit), audit, lambda: now, replaying=True)
    missing = _missing(database, lists, taken_at)
    deleted = [one for one in missing if one.kind == WORKSPACE and one.workspace not in bring_back]
    there = {workspace.name for workspace in all_workspaces(database)}
    gone = sorted({one.workspace for one in deleted} & there)
    for name in gone:
        delete_workspace(database, name)
    found = 0
    for name in sorted(there - set(gone)):
        mine = [one for one in missing if one.workspace == name and one.kind != WORKSPACE]
        if mine:
            ours = _ours(database, name, mine)
            if len(ours) < len(mine) and not even_if_old:
                raise _strange(len(mine) - len(ours))
            found += _forget(database, name, [one for one in ours if one.kind != CUSTOMER], now)
            found += _let_go(database, name, [one for one in ours if one.kind == CUSTOMER], now, forgetting)
    with database.shared() as tx:
        heard_of(tx, missing)
    return Replayed(len(missing), found, tuple(gone))


def _missing(database: Database, lists: Sequence[Heard], taken_at: datetime) -> list[Erasure]:
    """Return what the database has not heard of, in the order in which it was forgotten.

    What is a day older than the backup and unknown to it was undone as it was written: its transaction failed.
    """
    since = taken_at - SLACK
    with database.shared() as tx:
        known = known_since(tx, since - SLACK)
    fresh: dict[UUID, Erasure] = {
        one.id: one for heard in lists for one in heard.erasures if one.at >= since and one.id not in known
    }
    if strange := {one.kind for one in fresh.values()} - _KINDS:
        raise Invalid(
            "The list of erasures has '{kind}', which this Regulars cannot do. Restore with the newer one.",
            kind=min(strange),
        )
    return sorted(fresh.values(), key=lambda one: one.at)


def _ours(database: Database, workspace: str, erasures: Sequence[Erasure]) -> list[Erasure]:
    """Return those that were noted with this installation's secret."""
    with database.workspace(workspace) as tx:
        key = hashes(tx).key
    return [one for one in erasures if one.key == key]


def _strange(many: int) -> Conflict:
    return Conflict(
        "{many} lines of the list of erasures were noted with another installation's secret, so nobody can tell whose "
        "they are. Give this installation's list. To restore all the same, add --even-if-old: what was forgotten comes "
        "back.",
        many=many,
    )


def _let_go(
    database: Database, workspace: str, ours: Sequence[Erasure], now: datetime, forgetting: Forgetting
) -> int:  # fmt: skip
    """Forget customers whole again: whoever has one of their identifiers in the backup.

    Who was one customer with them in the backup, and no more when they were forgotten, is parted from them first.
    """
    found = 0
    for one in ours:
        _follow(database, workspace, [IDENTITY], now)
        with database.workspace(workspace) as tx:
            mine = set(whose(tx, [one]).values())
            for customer in set(customers_of(tx, mine).values()):
                part(tx, customer, mine, now)
        _follow(database, workspace, [IDENTITY], now)
        with database.workspace(workspace) as tx:
            there = set(customers_of(tx, mine).values())
            ids = [one.id, *(uuid4() for _ in there)]
            mode = "anonymise" if one.names == ["anonymise"] else "erase"
            asked = [
                erasures.ask(tx, customer, mode, now, number=number)
                for customer, number in zip(sorted(there), ids, strict=False)
            ]
            heard_of(tx, [one])
        for erasure in asked:
            forgetting.carry_out_next(workspace, wanted=erasure.id)
        found += bool(asked)
    return found


def _forget(database: Database, workspace: str, ours: Sequence[Erasure], now: datetime) -> int:
    with database.workspace(workspace) as tx:
        known = whose(tx, ours)
    found = 0
    for start in range(0, len(ours), _AT_ONCE):
        some = ours[start : start + _AT_ONCE]
        with database.workspace(workspace) as tx:
            for one in some:
                if one.kind == FACTS and (owned := {known[text] for text in one.who if text in known}):
                    blank(tx, owned, one.names)
            heard_of(tx, some)
            found += say_again(tx, some, known)
    _follow(database, workspace, (IDENTITY, FACTS_FOLLOWER, CONSENT), now)
    return found


def _follow(database: Database, workspace: str, followers: Sequence[Follower], now: datetime) -> None:
    runner = Runner(database)
    for follower in followers:
        while runner.step(workspace, follower, now).moved:
            pass
