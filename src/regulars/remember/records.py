"""What this room asks of the database, one function a statement."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.hear.identities import Identity
from regulars.hear.imports.customers import IMPORTED
from regulars.remember.heard import FactKind
from regulars.remember.joining import Merge, Met
from regulars.remember.rows import Agreed, Customer, Described, Fact, FactName, Learned, Standing, Withdrawn
from regulars.store.database import Jsonb, Tx
from regulars.store.statements import load
from regulars.words.kinds import FACT_FORGOTTEN, FACT_STATED

SQL = load(__package__ or "regulars.remember")


def met(tx: Tx, ids: Collection[int]) -> list[Met]:
    """Return identities with their kinds and customers."""
    return tx.all(SQL["met"], Met, ids=list(ids))


def strong_of(tx: Tx, customers: Collection[int]) -> list[Met]:
    """Return all identities of some customers, the anonymous ones left out."""
    return tx.all(SQL["strong_of"], Met, customers=list(customers))


def place_identities(tx: Tx, placed: Mapping[int, tuple[int, int]], moments: Mapping[int, datetime]) -> None:
    """Give new identities their customer; each comes with the event that put it there, and `moments` tell when."""
    tx.run(
        SQL["place_identities"],
        identities=list(placed),
        customers=[customer for customer, _ in placed.values()],
        seqs=[seq for _, seq in placed.values()],
        ats=[moments[seq] for _, seq in placed.values()],
    )


def repoint(tx: Tx, merges: Collection[Merge]) -> None:
    """Give the losers' identities to the winners; no winner may be a loser as well."""
    tx.run(
        SQL["repoint"],
        losers=[merge.loser for merge in merges],
        winners=[merge.winner for merge in merges],
        seqs=[merge.seq for merge in merges],
    )


def hold_customers(tx: Tx, ids: Collection[int]) -> dict[int, datetime]:
    """Lock customers to the end of the transaction; return those that exist, with when each was first met."""
    return dict(tx.rows(SQL["hold_customers"], ids=list(ids)))


def first_met(tx: Tx, customers: Collection[int]) -> dict[int, datetime]:
    """Return when customers were first met, by their identities; who has none is left out."""
    return dict(tx.rows(SQL["first_met"], customers=list(customers)))


def drop_customers(tx: Tx, ids: Collection[int]) -> None:
    """Delete the rows of merged customers."""
    tx.run(SQL["drop_customers"], ids=list(ids))


def naming_identities(tx: Tx, customers: Collection[int]) -> list[tuple[int, str, str]]:
    """Return (customer, kind, value) of the identifiers that customers are found by."""
    return [(row[0], row[1], row[2]) for row in tx.rows(SQL["naming_identities"], customers=list(customers))]


def naming_facts(tx: Tx, customers: Collection[int], names: Collection[str]) -> list[tuple[int, str, str]]:
    """Return (customer, name, words) of some facts of some customers."""
    rows = tx.rows(SQL["naming_facts"], customers=list(customers), names=list(names))
    return [(row[0], row[1], row[2]) for row in rows]


def write_customers(tx: Tx, rows: Sequence[Described]) -> None:
    """Write customers' rows, new or known."""
    tx.run(SQL["write_customers"], rows=Jsonb(rows))


def forget_identities(tx: Tx) -> None:
    """Forget who belongs to whom, and all customers."""
    tx.run(SQL["forget_identities"])
    tx.run(SQL["forget_customers"])


def customer_of(tx: Tx, identity: int) -> int | None:
    """Return the customer of an identity, or None."""
    return tx.value(SQL["customer_of"], identity=identity)


def customers_of(tx: Tx, identities: Collection[int]) -> dict[int, int]:
    """Return the customers of those identities that have been met."""
    return dict(tx.rows(SQL["customers_of"], identities=list(identities)))


def identities_of(tx: Tx, customer: int) -> list[Identity]:
    """Return a customer's identifiers."""
    return tx.all(SQL["identities_of"], Identity, customer=customer)


def everyone_beside(tx: Tx, identities: Collection[int]) -> dict[int, list[Identity]]:
    """Return for each of some identities all identifiers of the customer that it belongs to, itself among them."""
    found: dict[int, list[Identity]] = {one: [] for one in identities}
    for asked, number, kind, value in tx.rows(SQL["everyone_beside"], identities=list(found)):
        found[asked].append(Identity(number, kind, value))
    return found


def identities_after(tx: Tx, after: int, limit: int = 20_000) -> list[Identity]:
    """Return the next identifiers in the order of their numbers."""
    return tx.all(SQL["identities_after"], Identity, after=after, limit=limit)


def identity_ids(tx: Tx, customer: int) -> list[int]:
    """Return the numbers of a customer's identities."""
    return tx.values(SQL["identity_ids"], customer=customer)


def get_customer(tx: Tx, customer: int) -> Customer | None:
    """Return a customer by any id it ever had, or None."""
    return tx.one(SQL["get_customer"], Customer, id=customer)


def names_of(tx: Tx, ids: Collection[int]) -> dict[int, str]:
    """Return what some customers are called, by any id they ever had."""
    return dict(tx.rows(SQL["names_of"], ids=list(ids)))


def count_customers(tx: Tx) -> int:
    """Return how many customers there are."""
    return tx.value(SQL["count_customers"])


def list_customers(tx: Tx, *, limit: int) -> list[Customer]:
    """Return the newest customers."""
    return tx.all(SQL["list_customers"], Customer, limit=limit)


def find_customers(tx: Tx, grams: list[str], patterns: list[str], *, limit: int) -> tuple[list[Customer], int]:
    """Return the newest customers with all the grams and patterns, and how many there are."""
    rows = tx.rows(SQL["find_customers"], grams=grams, patterns=patterns, limit=limit)
    return [Customer(row[1], row[2], row[3]) for row in rows if row[1] is not None], rows[0][0]


def fact_kinds(tx: Tx, names: Collection[str]) -> dict[str, FactKind]:
    """Return the types of those facts that are in the catalogue."""
    return dict(tx.rows(SQL["fact_kinds"], names=list(names)))


def declare_facts(tx: Tx, facts: Collection[FactName]) -> None:
    """Enter facts into the catalogue; those that are there stay as they are."""
    tx.run(
        SQL["declare_facts"],
        names=[fact.name for fact in facts],
        kinds=[fact.kind for fact in facts],
        labels=[fact.label for fact in facts],
    )


def label_fact(tx: Tx, name: str, kind: FactKind, label: str) -> int:
    """Give a fact of this name and type another label; return 0 where there is none."""
    return tx.run(SQL["label_fact"], name=name, kind=kind, label=label)


def catalogue(tx: Tx) -> list[FactName]:
    """Return the whole catalogue."""
    return tx.all(SQL["catalogue"], FactName)


def learn(tx: Tx, learned: Collection[Learned]) -> set[tuple[int, str]]:
    """Keep statements and fold them in; return the (customer, fact) pairs that changed."""
    rows = tx.rows(
        SQL["learn"],
        identities=[one.identity_id for one in learned],
        names=[one.name for one in learned],
        seqs=[one.seq for one in learned],
        ats=[one.at for one in learned],
        sources=[one.source for one in learned],
        verified=[one.verified for one in learned],
        values=[msgspec.json.encode(one.value).decode() for one in learned],
        words=[one.words for one in learned],
        origins=[one.origin for one in learned],
    )
    return {(customer, name) for customer, name in rows}


def refold(tx: Tx, stale: Collection[int], customers: Collection[int], *, joined: bool = False) -> None:
    """Let hold for `customers` the newest of their statements that count, and nothing else for them and `stale`.

    `joined`: all that happened to them is that they became one with others.
    """
    joined = joined and not tx.value(SQL["withdrew"], customers=list(customers))
    tx.run(SQL["refold_joined" if joined else "refold"], stale=list(stale), customers=list(customers))


def withdraw(tx: Tx, withdrawn: Collection[Withdrawn]) -> None:
    """Note what identities had forgotten, and drop what they said of it before."""
    tx.run(
        SQL["withdraw"],
        identities=[one.identity_id for one in withdrawn],
        names=[one.name for one in withdrawn],
        seqs=[one.seq for one in withdrawn],
        ats=[one.at for one in withdrawn],
    )
    tx.run(SQL["drop_withdrawn"], identities=[one.identity_id for one in withdrawn])


def unheard_corrections(tx: Tx, identity: int, follower: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Return (fact, kind, props) of what an identity corrected or withdrew after what a follower has seen."""
    rows = tx.rows(
        SQL["unheard_corrections"], identity=identity, follower=follower, kinds=[FACT_STATED, FACT_FORGOTTEN]
    )
    return [(row[0], row[1], row[2]) for row in rows]


def forget_facts(tx: Tx) -> None:
    """Forget every statement, and so what holds. The catalogue stays: it says how to read them again."""
    tx.run(SQL["forget_withdrawn"])
    tx.run(SQL["forget_facts"])


def current(tx: Tx, customer: int) -> list[Fact]:
    """Return a customer's facts now."""
    return tx.all(SQL["current"], Fact, customer=customer)


def history(tx: Tx, customer: int, name: str) -> list[Fact]:
    """Return every statement of one fact, the one that holds first."""
    return tx.all(SQL["history"], Fact, customer=customer, name=name)


def everything(tx: Tx, customer: int) -> list[Fact]:
    """Return every statement of a customer, fact by fact."""
    return tx.all(SQL["everything"], Fact, customer=customer)


def agree(tx: Tx, agreed: Collection[Agreed]) -> None:
    """Keep statements of consent, and what they come to for each identity. Grants of files come after the others."""
    brought = [one for one in agreed if one.granted and one.proof.get("how") == IMPORTED]
    said = [one for one in agreed if not (one.granted and one.proof.get("how") == IMPORTED)]
    for name, some in (("agree", said), ("agree_imported", brought)):
        if some:
            tx.run(
                SQL[name],
                **_abouts(some),
                seqs=[one.seq for one in some],
                ats=[one.at for one in some],
                granted=[one.granted for one in some],
                proofs=[msgspec.json.encode(one.proof).decode() for one in some],
            )
    tx.run(SQL["fold_allowed"], **_abouts(agreed))


def _abouts(agreed: Collection[Agreed]) -> dict[str, Any]:
    return {
        "identities": [one.identity_id for one in agreed],
        "purposes": [one.purpose for one in agreed],
        "channels": [one.channel for one in agreed],
    }


def forget_consents(tx: Tx) -> None:
    """Forget every statement of consent."""
    tx.run(SQL["forget_consents"])
    tx.run(SQL["forget_allowed"])


def standing(tx: Tx, customers: Collection[int], purpose: str, channel: str, *, follower: str) -> list[Standing]:
    """Return what decides for those customers of whom there is a statement."""
    return tx.all(
        SQL["standing"],
        Standing,
        customers=list(customers),
        purpose=purpose,
        channel=channel,
        follower=follower,
    )


def consents_of(tx: Tx, customer: int) -> list[Agreed]:
    """Return every statement of consent of a customer, newest first."""
    return tx.all(SQL["consents_of"], Agreed, customer=customer)
