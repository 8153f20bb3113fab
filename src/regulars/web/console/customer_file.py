"""Customers as a file: those that were ticked, or all that a list shows, with what is known in words."""

from collections.abc import Iterator

import msgspec
from litestar import post
from litestar.response import Stream

from regulars.access.rights import Right
from regulars.remember import consents, facts
from regulars.store.database import Tx
from regulars.understand import finding
from regulars.understand.finding import Chosen, Wanted
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.ledger import rows
from regulars.web.console.listing import all_wanted, numbers_picked
from regulars.web.console.veil import hidden_from, refuse, telling_segments
from regulars.web.noting import notes

_PIECE = 1000
_IDENTITIES = ("email", "phone", "user")


class Columns(msgspec.Struct, frozen=True):
    """What stands in a file of customers besides who they are: facts, and what may be written about."""

    facts: list[str]
    abouts: list[tuple[str, str]]


def chosen_at(desk: Desk) -> Chosen:
    """Return the customers that a form means: all that its list shows, or those that were ticked."""
    if all_wanted(desk):
        return Chosen(wanted=Wanted(**{field: desk.form.get(field, "") for field in Wanted.__struct_fields__}))
    return Chosen(numbers_picked(desk))


@post("/customers/file", sync_to_thread=True, opt=needs(Right.EXPORT) | notes("customers.taken"))
def customers_file(desk: AtDesk) -> Stream:
    """Give the chosen customers as CSV: identifiers, when they came and were last here, facts in words, consents."""
    chosen = chosen_at(desk)
    with desk.noted(after=chosen.noted) as tx:
        finding.some(tx, chosen, desk.now, limit=1)  # what cannot be read is said before the file begins
        hidden = hidden_from(desk, tx)
        if chosen.wanted is not None:
            refuse([finding.turned(chosen.wanted.fact)[0]], hidden)
            refuse([finding.turned(chosen.wanted.segment)[0]], telling_segments(desk, tx))
        columns = Columns(sorted(facts.catalogue(tx).keys() - hidden), finding.abouts(tx))
    name = f"customers-{desk.workspace.name}-{desk.now:%Y-%m-%d}.csv"
    return Stream(
        _pieces(desk, chosen, columns),
        status_code=200,
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _pieces(desk: Desk, chosen: Chosen, columns: Columns) -> Iterator[bytes]:
    """Read them in pieces, each in a transaction of its own: whoever takes long holds nothing up."""
    allowed = [f"may_write {purpose}/{channel}" for purpose, channel in columns.abouts]
    first = ["customer", "name", *_IDENTITIES, "since", "last_seen"]
    named = [f"fact {name}" if name in first else name for name in columns.facts]  # no two columns share a name
    yield rows([[*first, *named, *allowed]])
    place = 0
    while True:
        with desk.tx() as tx:
            found = finding.some(tx, chosen, desk.now, after=place, limit=_PIECE)
            written = list(_lines(tx, found, columns))
        if not found:
            return
        yield rows(written)
        place = found[-1]


def _lines(tx: Tx, found: list[int], columns: Columns) -> Iterator[list[object]]:
    standing = {about: consents.standing(tx, found, *about) for about in columns.abouts}
    for seen, told in finding.told_of(tx, found):
        may = [(one := standing[about].get(seen.id)) is not None and one.granted for about in columns.abouts]
        yield [
            seen.id,
            seen.name,
            *(told.identities.get(kind) for kind in _IDENTITIES),
            seen.created_at,
            seen.seen,
            *(told.facts.get(fact) for fact in columns.facts),
            *("yes" if one else "no" for one in may),
        ]


ROUTES = [customers_file]
