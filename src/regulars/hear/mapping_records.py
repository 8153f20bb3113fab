"""The statements of mappings that are kept."""

from datetime import datetime
from typing import Any

import msgspec

from regulars.hear.imports.plan import Plan, What
from regulars.store.database import Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.hear", "mappings.sql")


class KeptMapping(msgspec.Struct, frozen=True):
    """How a file was understood, under a name."""

    name: str
    plan: dict[str, Any]
    kept_by: str
    kept_at: datetime

    def planned(self) -> Plan:
        """Return how a file is read and understood."""
        return msgspec.convert(self.plan, Plan)


def hold(tx: Tx) -> None:
    """Let nobody else keep a mapping before this transaction is over."""
    tx.run(SQL["hold_mappings"])


def keep(tx: Tx, name: str, plan: Plan, who: str, now: datetime, most: int) -> bool:
    """Keep a mapping in place of the one of its name; False where there are as many as there may be."""
    given = {"name": name, "plan": msgspec.json.encode(plan).decode(), "columns": sorted(plan.columns)}
    return tx.run(SQL["keep_mapping"], **given, who=who, now=now, most=most) > 0


def list_mappings(tx: Tx) -> list[KeptMapping]:
    """Return all mappings, by name."""
    return tx.all(SQL["list_mappings"], KeptMapping)


def get(tx: Tx, name: str) -> KeptMapping | None:
    """Return a mapping."""
    return tx.one(SQL["get_mapping"], KeptMapping, name=name)


def of_columns(tx: Tx, columns: list[str], what: What | None) -> KeptMapping | None:
    """Return the newest mapping of a kind of file, or of any, with just these columns."""
    return tx.one(SQL["mapping_of_columns"], KeptMapping, columns=sorted(columns), what=what)


def drop(tx: Tx, name: str) -> bool:
    """Let go of a mapping; False where there is none."""
    return tx.run(SQL["drop_mapping"], name=name) > 0
