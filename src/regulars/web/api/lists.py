"""Lists: made, and who is put on one or taken off; what they are besides is what every segment is."""

import msgspec
from litestar import Response, post
from litestar.params import FromPath

from regulars.store.database import Tx
from regulars.understand import lists
from regulars.understand.segments import Segment
from regulars.web.api.entry import AnyRequest
from regulars.web.api.once import once
from regulars.web.api.telling import told
from regulars.web.api.whom import customer_at
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid, Unknown, concerning

_MOST = 1000


class NewList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list to make: its name for links, and what the team calls it. Nobody is on it yet."""

    name: str
    title: str


class Putting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Customers to put on a list, or with `on` false to take off: by number, or by identifier as `user:u-17`."""

    customers: list[str]
    on: bool = True


class Put(msgspec.Struct, frozen=True):
    """How many customers were not as they are now, and who is not known here and was left out."""

    changed: int
    unknown: list[str]


@post(
    "/lists",
    sync_to_thread=True,
    opt=told(takes=NewList, status=201, gives=Segment, body={"name": "tasters", "title": "Who tastes for us"})
    | notes("segment.made", "segment"),
)
def create_list(request: AnyRequest) -> Response[bytes]:
    """Make a list: a segment whose customers are put on it, also from a file (an import's `on_list`)."""

    def create(tx: Tx, said: NewList) -> Segment:
        made = lists.make(tx, said.name, said.title, utc_now())
        slip_of(request).tell(made.name, label=made.title, after={"title": made.title, "rule": made.rule, "version": 1})
        return made

    return once(request, NewList, create)


@post(
    "/lists/{name:str}/customers",
    sync_to_thread=True,
    opt=told(name="tasters", takes=Putting, gives=Put, body={"customers": ["user:u-1"]})
    | notes("list.changed", "segment", by="name"),
)
def put_on_list(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Put up to 1000 customers on a list, or take them off; rules that rest on it follow at once."""

    def put(tx: Tx, said: Putting) -> Put:
        if len(said.customers) > _MOST:
            with concerning("customers"):
                raise Invalid("Send at most {most} customers at once.", most=_MOST)
        found, unknown = list[int](), list[str]()
        for ref in dict.fromkeys(said.customers):
            try:
                found.append(customer_at(tx, ref))
            except Unknown:
                unknown.append(ref)
        changed = lists.put(tx, name, found, slip_of(request).who, utc_now(), on=said.on)
        slip_of(request).tell(name, after={"on": said.on, "customers": len(changed)})
        return Put(len(changed), unknown)

    return once(request, Putting, put)


HANDLERS = [create_list, put_on_list]
