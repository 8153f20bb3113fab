"""The statements of the catalogue of facts."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from regulars.remember.heard import FactKind
from regulars.store.database import Jsonb, Tx
from regulars.store.statements import load

SQL = load(__package__ or "regulars.remember", "catalogue.sql")


class FactEntry(msgspec.Struct, frozen=True):
    """A fact of the catalogue, and what is said of it."""

    name: str
    kind: FactKind
    label: str
    computed: bool
    outranked_at: datetime | None
    """Since when what is sent or answered by the name of this computed fact does not count; None where nothing is."""
    labels: dict[str, str]
    """What it is called, by language."""
    shelf_days: int | None
    """How many days a statement holds before it is asked again; None: for ever."""
    sensitive: bool
    """Shown only to those who act for customers."""
    purposes: list[str] | None
    """What messages may use it for; None: for everything."""
    version: int

    def called(self, locale: str) -> str:
        """Return what it is called in a language, or as it was asked for."""
        return self.labels.get(locale) or self.labels.get(locale.partition("-")[0]) or self.label


class EntryVersion(msgspec.Struct, frozen=True):
    """What was said of a fact once."""

    version: int
    said: dict[str, Any]
    saved_at: datetime


class Contradiction(msgspec.Struct, frozen=True):
    """A statement that contradicts the one that holds, which is of the event `against`."""

    name: str
    value: Any
    words: str
    source: str
    verified: bool
    at: datetime
    seq: int
    origin: str
    identity_id: int
    label: str
    against: int


def entries(tx: Tx, names: Collection[str] | None = None) -> list[FactEntry]:
    """Return some facts of the catalogue, or all."""
    return tx.all(SQL["entries"], FactEntry, names=None if names is None else list(names))


def hold_entry(tx: Tx, name: str) -> FactEntry | None:
    """Return a fact of the catalogue, held to the end of the transaction."""
    return tx.one(SQL["hold_entry"], FactEntry, name=name)


def save_entry(tx: Tx, name: str, said: dict[str, Any], now: datetime) -> None:
    """Say other things of a fact, and keep what was said before and what is said now."""
    tx.run(SQL["keep_version"], name=name, now=now)
    tx.run(SQL["save_entry"], name=name, **(said | {"labels": Jsonb(said["labels"])}))
    tx.run(SQL["keep_version"], name=name, now=now)


def versions(tx: Tx, name: str) -> list[EntryVersion]:
    """Return what was said of a fact, the newest first."""
    return tx.all(SQL["versions"], EntryVersion, name=name)


def how_many(tx: Tx) -> dict[str, int]:
    """Return of how many customers each fact is known."""
    return dict(tx.rows(SQL["how_many"]))


def distribution(tx: Tx, name: str, limit: int) -> list[tuple[str, int]]:
    """Return the values of a fact, each with how many customers have it."""
    return [(row[0], row[1]) for row in tx.rows(SQL["distribution"], name=name, limit=limit)]


def contradictions(tx: Tx, customer: int, settled: Collection[str], days: int) -> list[Contradiction]:
    """Return the statements of a customer that contradict what holds."""
    return tx.all(SQL["contradictions"], Contradiction, customer=customer, settled=list(settled), days=days)
