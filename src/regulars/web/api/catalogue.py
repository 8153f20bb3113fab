"""The catalogue of facts, what uses each, and what is worth learning."""

import msgspec
from litestar import Response, get, post, put
from litestar.params import FromPath, FromQuery

from regulars.measure import fact_usage
from regulars.measure.fact_usage import Missing, Usage
from regulars.remember import catalogue
from regulars.remember.catalogue import EntryVersion, FactEntry, Said
from regulars.remember.folding import holds
from regulars.store.database import Tx
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part_of
from regulars.web.api.once import once
from regulars.web.api.telling import told
from regulars.web.api.whom import customer_in
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now


class Listed(msgspec.Struct, frozen=True):
    """A fact of the catalogue, of how many customers it is known, and what uses it."""

    fact: FactEntry
    known: int
    usage: Usage


class WholeFact(msgspec.Struct, frozen=True):
    """A fact of the catalogue, the values that most customers have, what uses it, and its earlier versions."""

    fact: FactEntry
    known: int
    values: list[tuple[str, int]]
    usage: Usage
    versions: list[EntryVersion]


class SavedFact(Said, frozen=True, forbid_unknown_fields=True):
    """What is said of a fact from now on; `replaces`: the version it was begun from."""

    replaces: int | None = None


class EarlierFact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which version shall hold again."""

    version: int
    replaces: int | None = None


@get("/facts", sync_to_thread=True, opt=told(query={"q": "gift"}))
def list_facts(request: AnyRequest, q: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = "") -> Listing[Listed]:
    """List the catalogue of facts by name, all or those of a label (`q`): of how many each is, and what uses it."""
    with opened(request) as tx:
        known, used = catalogue.how_many(tx), fact_usage.usage(tx)
        listed = [
            Listed(one, known.get(name, 0), used.get(name, Usage()))
            for name, one in catalogue.entries(tx).items()
            if holds(q, one.label, name)
        ]
        return part_of(listed, limit, cursor, lambda one: one.fact.name)


@get("/facts/{name:str}", sync_to_thread=True, opt=told(name="gift_for"))
def get_fact(request: AnyRequest, name: FromPath[str]) -> WholeFact:
    """Return a fact of the catalogue; the values of a sensitive one are left out."""
    with opened(request) as tx:
        entry = catalogue.get_entry(tx, name)
        values = [] if entry.sensitive else catalogue.distribution(tx, name)
        used = fact_usage.usage(tx).get(name, Usage())
        known = catalogue.how_many(tx, [name]).get(name, 0)
        return WholeFact(entry, known, values, used, catalogue.versions(tx, name))


@put(
    "/facts/{name:str}",
    sync_to_thread=True,
    opt=told(
        name="gift_for",
        takes=SavedFact,
        gives=FactEntry,
        body={"label": "For whom they give", "shelf_days": 365, "purposes": ["marketing", "service"]},
    )
    | notes("catalogue.changed", "fact", by="name"),
)
def save_fact(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Say what a fact is called, how many days it holds, whether it is sensitive, and what it may be used for."""

    def save(tx: Tx, said: SavedFact) -> FactEntry:
        before = catalogue.get_entry(tx, name)
        plain = Said(said.label, said.labels, said.shelf_days, said.sensitive, said.purposes)
        saved = catalogue.save(tx, name, plain, utc_now(), replaces=said.replaces)
        slip_of(request).tell(label=saved.label, before={"version": before.version}, after={"version": saved.version})
        return saved

    return once(request, SavedFact, save)


@post(
    "/facts/{name:str}/restore",
    sync_to_thread=True,
    opt=told(name="gift_for", takes=EarlierFact, gives=FactEntry, body={"version": 1})
    | notes("catalogue.changed", "fact", by="name"),
)
def restore_fact(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Say of a fact again what a version of it said."""

    def restore(tx: Tx, said: EarlierFact) -> FactEntry:
        return catalogue.restore(tx, name, said.version, utc_now(), replaces=said.replaces)

    return once(request, EarlierFact, restore)


@get("/missing", sync_to_thread=True)
def list_missing(request: AnyRequest, limit: Limit = 50, cursor: Cursor = "") -> Listing[Missing]:
    """List what segments and templates use and is not known of everybody, with the cheapest way to learn it."""
    with opened(request) as tx:
        return part_of(fact_usage.missing(tx), limit, cursor, lambda one: one.name)


@get(
    "/customers/{ref:str}/missing",
    sync_to_thread=True,
    opt=told(ref="user:u-2") | notes("customer.seen", "customer"),
)
def list_missing_of(
    request: AnyRequest, ref: FromPath[str], limit: Limit = 50, cursor: Cursor = ""
) -> Listing[Missing]:
    """List what segments and templates use and is not known of a customer."""
    with opened(request) as tx:
        found = fact_usage.missing_of(tx, customer_in(request, tx, ref))
        return part_of(found, limit, cursor, lambda one: one.name)


HANDLERS = [list_facts, get_fact, save_fact, restore_fact, list_missing, list_missing_of]
