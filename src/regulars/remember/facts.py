"""Facts: what is known about a customer now, what each was folded from, and the catalogue of what may be known."""

from typing import cast, get_args

from regulars.remember import records
from regulars.remember.heard import LONGEST_NAME, FactKind
from regulars.remember.rows import Fact, FactName
from regulars.store.database import Tx
from regulars.words.errors import Conflict, Invalid

__all__ = ["Fact", "FactKind", "FactName", "catalogue", "current", "declare", "everything", "history"]


def current(tx: Tx, customer_id: int) -> list[Fact]:
    """Return a customer's facts now, the newest first. An old id of a merged customer will do."""
    return records.current(tx, customer_id)


def history(tx: Tx, customer_id: int, name: str) -> list[Fact]:
    """Return every statement of one fact, the one that holds first, each with what it replaced after it."""
    return records.history(tx, customer_id, name)


def everything(tx: Tx, customer_id: int) -> list[Fact]:
    """Return every statement of every fact that still counts, fact by fact, the one that holds first."""
    return records.everything(tx, customer_id)


def declare(tx: Tx, name: str, kind: str, label: str = "") -> None:
    """Enter a fact into the catalogue, or give it a new label.

    Raises Conflict where it is there with another type: statements of that type may have been kept already.
    """
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("A fact's name must have 1 to {most} characters.", most=LONGEST_NAME)
    if kind not in get_args(FactKind):
        raise Invalid(
            "'{kind}' is no type of fact. Use one of: {kinds}.", kind=kind, kinds=", ".join(get_args(FactKind))
        )
    typed = cast("FactKind", kind)
    records.declare_facts(tx, [FactName(name, typed, label)])
    known = records.fact_kinds(tx, [name])[name]
    if known != typed:
        raise Conflict(
            "The fact '{name}' is of type {known} already. Use that type, or another name.", name=name, known=known
        )
    if label:
        records.label_fact(tx, name, typed, label)


def catalogue(tx: Tx) -> dict[str, FactName]:
    """Return every fact that may be known, by name."""
    return {fact.name: fact for fact in records.catalogue(tx)}
