"""The shop's own records, as it brought them along: names, addresses, and who had said we may write. All made up."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from regulars.hear.history import append_history
from regulars.hear.identities import Pair, intern
from regulars.remember import consents
from regulars.store.database import Database
from regulars.store.log import NewEvent
from regulars.testing.shop.people import Person, draw, regulars
from regulars.words.ids import hash64
from regulars.words.kinds import IDENTIFY

PURPOSE, CHANNEL = "marketing", "email"
HOW = "imported with the shop's own records"
YES = "Yes, do write to me now and then."
NO = "Please do not write to me."

_CHUNK = 400
_WITH_ADDRESS = 92
_SAID_YES = 68
_SAID_NO = 74


def has_address(person: Person) -> bool:
    """Whether the shop knows this person's e-mail address. Of some it knows the name only."""
    return person.number in regulars() or draw(person.number, "address", 100) < _WITH_ADDRESS


def says(person: Person) -> bool | None:
    """Whether this person told the shop that it may write (True), may not (False), or neither."""
    if person.number in regulars():
        return True
    drawn = draw(person.number, "consent", 100)
    return True if drawn < _SAID_YES else False if drawn < _SAID_NO else None


def bring(database: Database, workspace: str, everyone: list[Person], told: Callable[[int, int], None]) -> None:
    """Append what the shop knew of its customers, as history; what is there already is not appended again."""
    for start in range(0, len(everyone), _CHUNK):
        some = everyone[start : start + _CHUNK]
        with database.workspace(workspace) as tx:
            numbers = intern(tx, [pair for person in some for pair in _identities(person)])
            append_history(tx, [event for person in some for event in _events(person, numbers)])
        told(start + len(some), len(everyone))


def _identities(person: Person) -> list[Pair]:
    return [("customer", person.number), *([("email", person.email)] if has_address(person) else [])]


def _events(person: Person, numbers: dict[Pair, int]) -> Iterator[NewEvent]:
    customer = numbers["customer", person.number]
    email = numbers.get(("email", person.email))
    traits = {"name": person.name, "first_name": person.first_name, "country": person.country}
    if email is None:
        yield _identify(person, customer, {"traits": traits, "links": [], "verified": True})
        return
    traits["email"] = person.email
    yield _identify(person, customer, {"traits": traits, "links": [email], "verified": True})
    if (granted := says(person)) is not None:
        words = YES if granted else NO
        what = consents.Changed(PURPOSE, CHANNEL, granted=granted, words=words, how=HOW)
        yield _kept(person, consents.changed(email, person.met_at, what))


def _identify(person: Person, identity_id: int, props: dict[str, Any]) -> NewEvent:
    return _kept(person, NewEvent(identity_id, person.met_at, IDENTIFY, msgspec.json.encode(props)))


def _kept(person: Person, event: NewEvent) -> NewEvent:
    return msgspec.structs.replace(event, mid=hash64(f"shop:{event.kind}:{person.number}"), historical=True)
