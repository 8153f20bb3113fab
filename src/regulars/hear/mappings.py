"""Mappings: how a file was understood is kept under a name, and the next file with its columns is understood so."""

from datetime import datetime

import msgspec

from regulars.hear import mapping_records as records
from regulars.hear.imports.fields import check_target
from regulars.hear.imports.guessing import Guess
from regulars.hear.imports.headers import MOST_COLUMNS
from regulars.hear.imports.plan import SKIP, Plan, What, zone_of
from regulars.hear.mapping_records import KeptMapping
from regulars.store.database import Tx
from regulars.words.errors import Conflict, Invalid, Overtaken, Unknown

LONGEST_NAME = 60
MOST = 200
"""Mappings that a workspace keeps."""


def keep(tx: Tx, name: str, plan: Plan, who: str, now: datetime, *, replaces: Plan | None = None) -> KeptMapping:
    """Keep how a file is understood under a name; raise Invalid where it cannot be.

    Raise Conflict where another way is kept under this name, unless it is the one that it `replaces`; Overtaken where
    that is kept no more in its place.
    """
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or "/" in name:
        raise Invalid("The name of a mapping has 1 to {most} characters, and no slash.", most=LONGEST_NAME)
    if not 0 < len(plan.columns) <= MOST_COLUMNS:
        raise Invalid("A mapping says of 1 to {most} columns what they are.", most=MOST_COLUMNS)
    for target in plan.columns.values():
        check_target(plan.what, target)
    zone_of(plan.reading.zone)
    plan = _of_any_file(plan)
    records.hold(tx)
    _check_free(records.get(tx, name), plan, replaces)
    if not records.keep(tx, name, plan, who, now, MOST):
        raise Invalid("There are {most} mappings. Delete one that nobody uses.", most=MOST)
    return get(tx, name)


def _check_free(held: KeptMapping | None, plan: Plan, replaces: Plan | None) -> None:
    """Raise Conflict where a name is taken by another mapping than the one that is replaced."""
    if held is None or (stands := held.planned()) == plan:
        return
    if replaces is None:
        raise Conflict(
            "There is a mapping '{name}' already. Choose another name, or say that you replace it.", name=held.name
        )
    if stands != _of_any_file(replaces):
        overtaken = Overtaken(
            "Somebody else kept the mapping '{name}' just now. Look at it, then save again.", name=held.name
        )
        raise overtaken.beside(msgspec.to_builtins(stands))


def _of_any_file(plan: Plan) -> Plan:
    """Return a plan without what holds for one file only."""
    return msgspec.structs.replace(plan, as_of=None, on_list="")


def get(tx: Tx, name: str) -> KeptMapping:
    """Return a mapping; raise Unknown where there is none of this name."""
    found = records.get(tx, name)
    if found is None:
        raise Unknown("There is no mapping '{name}'.", name=name[:LONGEST_NAME])
    return found


def drop(tx: Tx, name: str) -> KeptMapping:
    """Let go of a mapping and return it; raise Unknown where there is none of this name."""
    found = get(tx, name)
    records.drop(tx, name)
    return found


def applied(kept: KeptMapping, found: Guess) -> Plan:
    """Return how a file is understood by a mapping: columns it does not know are left out.

    Raise Invalid where it knows none of them.
    """
    plan = kept.planned()
    columns = {name: plan.columns.get(name, SKIP) for name in found.columns}
    if not any(name in plan.columns for name in columns):
        raise Invalid("This file has none of the columns of the mapping '{name}'.", name=kept.name)
    return as_read(msgspec.structs.replace(plan, columns=columns), found)


def fitting(tx: Tx, found: Guess, what: What | None) -> Plan | None:
    """Return how a file is understood whose columns are those of a mapping; None where they are of none."""
    kept = records.of_columns(tx, found.columns, what)
    return applied(kept, found) if kept else None


def as_read(plan: Plan, found: Guess) -> Plan:
    """Return a plan for the file at hand: how its cells are told apart is its own, what they mean is the plan's."""
    own = {name: getattr(found.plan.reading, name) for name in ("format", "encoding", "separator", "sheet")}
    reading = msgspec.structs.replace(plan.reading, **own)
    return msgspec.structs.replace(plan, reading=reading, as_of=None, on_list="")
