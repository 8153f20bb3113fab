"""What is remembered of a customer, noted or forgotten for them: `/api/customers/<customer>/facts/<name>`."""

from typing import Any

import msgspec
from litestar import Response, delete, put
from litestar.params import FromPath

from regulars.engage import care
from regulars.engage.care import Care
from regulars.remember.correcting import THEMSELVES
from regulars.store.database import Tx
from regulars.web.api.entry import AnyRequest
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.api.whom import customer_in
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now


class NewFact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value of the fact's type, and the words it was said in (those of the value if left out).

    `said` is true where the customer said it, so that messages may quote it; `how` says where: "by telephone".
    """

    value: Any
    words: str = ""
    said: bool = True
    how: str = ""


class NotedFact(msgspec.Struct, frozen=True):
    """A statement that is in the log, or that one was forgotten; what it changes follows within a moment."""

    customer: int
    fact: str


@put(
    "/customers/{ref:str}/facts/{name:str}",
    sync_to_thread=True,
    opt=told(
        ref="user:u-1",
        name="gift_for",
        takes=NewFact,
        gives=NotedFact,
        body={"value": "friend", "words": "For a good friend, this time", "how": "by telephone"},
    )
    | notes("fact.corrected", "customer"),
)
def note_fact(request: AnyRequest, ref: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """Note what a customer said elsewhere, or what you know of them otherwise. It replaces what was said before."""

    def note(tx: Tx, said: NewFact) -> NotedFact:
        customer, slip = customer_in(request, tx, ref), slip_of(request)
        slip.tell(after={"fact": name})
        care.state(tx, customer, name, said.value, said.words, Care(slip.who, said.how, said.said), utc_now())
        return NotedFact(customer, name)

    return once(request, NewFact, note)


@delete(
    "/customers/{ref:str}/facts/{name:str}",
    status_code=200,
    sync_to_thread=True,
    opt=told(ref="user:u-1", name="gift_for", takes=Nothing, gives=NotedFact) | notes("fact.forgotten", "customer"),
)
def forget_fact(request: AnyRequest, ref: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """Have a fact forgotten, with all that was stated of it. It does not come back with a backup."""

    def forget(tx: Tx, _: Nothing) -> NotedFact:
        customer, slip = customer_in(request, tx, ref), slip_of(request)
        slip.tell(before={"fact": name})
        one = care.about(tx, customer, name, utc_now(), lambda fact: fact.label)
        care.forget(tx, customer, one, msgspec.structs.replace(THEMSELVES, by=slip.who), utc_now())
        return NotedFact(customer, name)

    return once(request, Nothing, forget)


HANDLERS = [note_fact, forget_fact]
