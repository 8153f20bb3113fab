"""Lists: made, brought from a file or pasted, and whoever is put on one or taken off by hand."""

from collections.abc import Callable, Collection
from io import BytesIO
from typing import Any

import msgspec
from anyio.to_thread import run_sync
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.hear import bringing
from regulars.hear import import_records as imports
from regulars.hear.bringing import LARGEST
from regulars.hear.import_records import Brought
from regulars.hear.pasted import as_file
from regulars.remember import customers
from regulars.store.database import Tx
from regulars.understand import finding, lists, segments
from regulars.understand.lists import MOST_AT_ONCE
from regulars.web.console import undoing
from regulars.web.console.customer_file import chosen_at
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import nothing, numbers_picked
from regulars.web.console.sent import read_sent
from regulars.web.console.veil import hidden_from, refuse, telling_segments
from regulars.web.i18n import say
from regulars.web.noting import notes
from regulars.words.errors import Conflict, Invalid, RegularsError
from regulars.words.names import name_for

_OVERHEAD = 2_100_000
_LOOKED = 1000


@get("/new/list", sync_to_thread=True, opt=needs(Right.COMPOSE))
def new_list(desk: AtDesk) -> Response[str]:
    """Show how a list is made: its title, and who is on it from the start."""
    return _new(desk, {})


@post(
    "/new/list",
    request_max_body_size=LARGEST + _OVERHEAD,
    opt=needs(Right.COMPOSE) | notes("segment.made", "segment"),
)
async def make_list(request: Request[Any, Any, Any], desk: AtDesk) -> Response[str] | Redirect:
    """Make a list; where a file or addresses came with it, go on to what is taken in of them."""
    sent = (await read_sent(request)).files.get("file")
    return await run_sync(_make, desk, sent)


def _make(desk: Desk, sent: UploadFile | None) -> Response[str] | Redirect:
    title = desk.form.get("title", "")
    try:
        file = _file(desk, sent)
        with desk.noted() as tx:
            made = lists.make(tx, name_for(title, segments.titles(tx), "list"), title, desk.now)
            desk.slip.tell(made.name, label=made.title, after={"title": made.title, "rule": made.rule, "version": 1})
    except (Invalid, Conflict) as error:
        return _new(desk, {error.field or "title": say(error, desk.locale)})
    if file is None:
        return desk.go(f"/segments/{made.name}")
    try:
        return desk.go(f"/imports/{_brought(desk, file, made.rule['list']).number}")
    except RegularsError as error:  # the list is there: the file may be brought again on its page
        return desk.page("list_more.html", status=400, segment=made, errors={"file": say(error, desk.locale)})


@get("/segments/{name:str}/more", sync_to_thread=True, opt=needs(Right.COMPOSE))
def more_for_list(desk: AtDesk, name: FromPath[str]) -> Response[str]:
    """Show how customers are put on a list from a file, or pasted."""
    with desk.tx() as tx:
        segment = segments.get_segment(tx, name)
        lists.key_of(segment)
    return desk.page("list_more.html", segment=segment, errors={})


@post(
    "/segments/{name:str}/more",
    request_max_body_size=LARGEST + _OVERHEAD,
    opt=needs(Right.COMPOSE) | notes("import.brought", "import"),
)
async def bring_for_list(
    request: Request[Any, Any, Any], desk: AtDesk, name: FromPath[str]
) -> Response[str] | Redirect:
    """Take a file of customers, or addresses, to look at; taken in, they are on the list."""
    sent = (await read_sent(request)).files.get("file")
    return await run_sync(_bring, desk, name, sent)


def _bring(desk: Desk, name: str, sent: UploadFile | None) -> Response[str] | Redirect:
    with desk.tx() as tx:
        segment = segments.get_segment(tx, name)
        key = lists.key_of(segment)
    try:
        file = _file(desk, sent) or ("", BytesIO(as_file("")).read)
        brought = _brought(desk, file, key)
    except RegularsError as error:
        return desk.page("list_more.html", status=400, segment=segment, errors={"file": say(error, desk.locale)})
    with desk.noted(name=brought.number, label=brought.file):
        pass
    return desk.go(f"/imports/{brought.number}")


def _file(desk: Desk, sent: UploadFile | None) -> tuple[str, Callable[[int], bytes]] | None:
    """Return the file that was sent, or what was pasted as one; None where there is neither."""
    if sent is not None and sent.filename:
        sent.file.seek(0)
        return sent.filename, sent.file.read
    if pasted := desk.form.get("pasted", "").strip():
        return "pasted.csv", BytesIO(as_file(pasted)).read
    return None


def _brought(desk: Desk, file: tuple[str, Callable[[int], bytes]], key: str) -> Brought:
    given = (desk.house.database, desk.workspace.name, desk.house.imports)
    brought = bringing.bring(*given, file, desk.person.email, desk.now, "customers", desk.workspace.zone)
    with desk.tx() as tx:
        imports.change_plan(tx, brought, msgspec.structs.replace(brought.planned(), on_list=key))
    return brought


@post("/customers/list", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("list.changed", "segment"))
def list_customers(desk: AtDesk) -> Redirect:
    """Put the customers who are ticked, or all that the list shows, on a list, or take them off."""
    chosen, name = chosen_at(desk), desk.form.get("list", "")
    if not name or (chosen.wanted is None and not chosen.ids):
        return nothing(desk, "/customers")
    with desk.noted(after=chosen.noted) as tx:
        if chosen.wanted is not None:
            refuse([finding.turned(chosen.wanted.fact)[0]], hidden_from(desk, tx))
            refuse([finding.turned(chosen.wanted.segment)[0]], telling_segments(desk, tx))
        found: list[int] = []
        while len(found) <= MOST_AT_ONCE:
            more = finding.some(tx, chosen, desk.now, after=found[-1] if found else 0, limit=_LOOKED)
            found += more
            if len(more) < _LOOKED:
                break
        done = _put(desk, tx, name, found, on=desk.form.get("on") != "no")
    desk.house.waker.poke(desk.workspace.name)
    return undoing.land(desk, f"/segments/{name}", done)


@post(
    "/segments/{name:str}/off",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("list.changed", "segment", by="name"),
)
def take_off(desk: AtDesk, name: FromPath[str]) -> Redirect:
    """Take the members who were ticked off a list."""
    if not (ids := numbers_picked(desk)):
        return nothing(desk, f"/segments/{name}")
    with desk.noted() as tx:
        done = _put(desk, tx, name, ids, on=False)
    desk.house.waker.poke(desk.workspace.name)
    return undoing.land(desk, f"/segments/{name}", done)


@post(
    "/customers/{customer_id:int}/list",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("list.changed", "customer", by="customer_id"),
)
def list_customer(desk: AtDesk, customer_id: FromPath[int]) -> Redirect:
    """Put a customer on a list, or take them off one."""
    if not (name := desk.form.get("list", "")):
        return nothing(desk, f"/customers/{customer_id}")
    with desk.noted() as tx:
        customer, on = customers.get_customer(tx, customer_id), desk.form.get("on") != "no"
        done = _put(desk, tx, name, [customer.id], on=on)
        desk.slip.tell(customer.id, kind="customer", after={"list": name, "on": on})
    desk.house.waker.poke(desk.workspace.name)
    return undoing.land(desk, f"/customers/{customer.id}#lists", done)


def _put(desk: Desk, tx: Tx, name: str, ids: Collection[int], *, on: bool) -> int:
    """Put customers on a list, or take them off, and keep the way back."""
    segment, by = segments.get_segment(tx, name), desk.person.name or desk.person.email
    changed = lists.put(tx, name, ids, by, desk.now, on=on)
    desk.slip.tell(name, label=segment.title, after={"on": on, "customers": len(changed)})
    kept = {"list": name, "customers": changed, "on": not on, "by": by}
    return undoing.did(desk, tx, "list.put" if on else "list.taken", [], kept=kept, count=len(changed))


def _new(desk: Desk, errors: dict[str, str]) -> Response[str]:
    return desk.page("list_new.html", status=400 if errors else 200, form=desk.form, errors=errors)


ROUTES = [
    new_list, make_list, more_for_list, bring_for_list, list_customers, take_off, list_customer,
]  # fmt: skip
