"""What was done just now, said on the page where one lands, with the way back where there is one.

    with desk.noted() as tx:
        ...
        done = undoing.did(desk, tx, "segments.deleted", titles, kept=[...])
    return undoing.land(desk, "/segments", done)

The way back is open for an hour, for whoever did it, and once. What cannot be taken back (`kept` is None) says so.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from litestar import post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.channels.sandbox import mailbox
from regulars.engage import care, changing
from regulars.engage.care import Care
from regulars.hear import mapping_records, mappings
from regulars.hear.mapping_records import KeptMapping
from regulars.remember import customers, duplicates, merging
from regulars.speak import archiving
from regulars.store.database import Tx
from regulars.understand import editing, funnels_kept, grouping, lists
from regulars.web import done_records
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.noting import notes
from regulars.words.errors import Conflict, Refused


class Undo(msgspec.Struct, frozen=True):
    """How something is taken back: the right that it takes, the page one lands on, and what is done.

    Where it is about one customer or list, `kept` names it as 'customer' or 'list', and the path does.
    """

    right: Right
    path: str
    act: Callable[[Tx, Any, datetime], object]


def _restore_segments(tx: Tx, kept: list[int], now: datetime) -> None:
    for number in kept:
        editing.take_back(tx, number, now)


def _restore_funnels(tx: Tx, kept: list[int], now: datetime) -> None:
    for number in kept:
        funnels_kept.take_back(tx, number, now)


def _restore_mail(tx: Tx, kept: list[int], now: datetime) -> None:
    del now
    mailbox.restore(tx, kept)


def _bring_templates_back(tx: Tx, kept: list[str], now: datetime) -> None:
    del now
    archiving.bring_back(tx, kept)


def _open_forms(tx: Tx, kept: list[str], now: datetime) -> None:
    del now
    for name in kept:
        changing.reopen_form(tx, name)


def _close_forms(tx: Tx, kept: list[str], now: datetime) -> None:
    for name in kept:
        changing.close_form(tx, name, now)


def _put_fact_back(tx: Tx, kept: dict[str, Any], now: datetime) -> None:
    """State again what held before; where nothing did, have what was noted forgotten."""
    customer, by = customers.get_customer(tx, kept["customer"]), Care(by=kept["by"])
    if kept["before"]:
        care.put_back(tx, customer.id, kept["before"], by, now)
    else:
        care.forget(tx, customer.id, care.about(tx, customer.id, kept["fact"], now, lambda fact: fact.label), by, now)


def _join_again(tx: Tx, kept: dict[str, Any], now: datetime) -> None:
    merging.join(tx, kept["one"], kept["other"], now)


def _split_again(tx: Tx, kept: dict[str, Any], now: datetime) -> None:
    duplicates.take_back(tx, [(kept["one"], kept["other"])], now)


def _split_pairs(tx: Tx, kept: list[tuple[int, int]], now: datetime) -> None:
    duplicates.take_back(tx, kept, now)


def _ask_now(tx: Tx, kept: list[tuple[int, int]], now: datetime) -> None:
    del now
    duplicates.postpone(tx, kept, None)


def _keep_mappings(tx: Tx, kept: list[dict[str, Any]], now: datetime) -> None:
    del now
    for one in kept:
        was = msgspec.convert(one, KeptMapping)
        if was.name in {other.name for other in mapping_records.list_mappings(tx)}:
            raise Conflict(
                "There is a mapping '{name}' again. Delete it or keep it under another name first.", name=was.name
            )
        mappings.keep(tx, was.name, was.planned(), was.kept_by, was.kept_at)


def _list_again(tx: Tx, kept: dict[str, Any], now: datetime) -> None:
    lists.put(tx, kept["list"], kept["customers"], kept["by"], now, on=kept["on"])


def _call_groups_back(tx: Tx, kept: list[tuple[int, str]], now: datetime) -> None:
    del now
    for number, title in kept:
        grouping.call(tx, number, title)


UNDO: dict[str, Undo] = {
    "segments.deleted": Undo(Right.COMPOSE, "/segments", _restore_segments),
    "funnels.deleted": Undo(Right.COMPOSE, "/funnels", _restore_funnels),
    "list.put": Undo(Right.COMPOSE, "/segments/{list}", _list_again),
    "list.taken": Undo(Right.COMPOSE, "/segments/{list}", _list_again),
    "group.called": Undo(Right.COMPOSE, "/groups", _call_groups_back),
    "templates.archived": Undo(Right.COMPOSE, "/templates", _bring_templates_back),
    "templates.back": Undo(Right.COMPOSE, "/templates", archiving.archive),
    "forms.closed": Undo(Right.COMPOSE, "/forms", _open_forms),
    "forms.opened": Undo(Right.COMPOSE, "/forms", _close_forms),
    "fact.corrected": Undo(Right.CARE, "/customers/{customer}#memory", _put_fact_back),
    "customer.split": Undo(Right.CARE, "/customers/{customer}#known-by", _join_again),
    "customer.joined": Undo(Right.CARE, "/customers/{customer}#known-by", _split_again),
    "duplicates.joined": Undo(Right.CARE, "/duplicates", _split_pairs),
    "duplicates.later": Undo(Right.CARE, "/duplicates", _ask_now),
    "mapping.deleted": Undo(Right.COMPOSE, "/imports", _keep_mappings),
    "mail.deleted": Undo(Right.COMPOSE, "/mailbox", _restore_mail),
}
"""Every kind of change that can be taken back."""


def did(desk: Desk, tx: Tx, kind: str, names: Sequence[str], *, kept: Any = None, count: int | None = None) -> int:
    """Keep what was done, to be said on the next page; return its number. Of many only the count need be said."""
    label = names[0] if len(names) == 1 else ""
    return done_records.add_done(
        tx, desk.person.id, kind, len(names) if count is None else count, label, kept, desk.now
    )


def land(desk: Desk, path: str, done: int) -> Redirect:
    """Send the browser to the page that says what was done."""
    path, mark, place = path.partition("#")
    return desk.go(f"{path}{'&' if '?' in path else '?'}did={done}{mark}{place}")


@post("/undo/{number:int}", sync_to_thread=True, opt=needs(Right.CARE) | notes("change.undone"))
def undo(desk: AtDesk, number: FromPath[int]) -> Redirect:
    """Take back what somebody has just done."""
    with desk.noted() as tx:
        done = done_records.take_back(tx, desk.person.id, number, desk.now)
        if done is None:
            raise Conflict("This can no longer be taken back: an hour is over, or it was taken back already.")
        way = UNDO[done.kind]
        if not desk.can(way.right):
            raise Refused("Your role in this workspace does not allow this. Ask its owner for another role.")
        way.act(tx, done.kept, desk.now)
        if isinstance(done.kept, dict):
            path = way.path.format_map(done.kept)
            about = "customer" if "customer" in done.kept else "list"
            kind = "segment" if about == "list" else about
            desk.slip.tell(done.kept[about], kind=kind, after={"undone": done.kind})
        else:
            path = way.path
            desk.slip.tell(done.kind, label=done.label, after={"count": done.count})
    desk.house.waker.poke(desk.workspace.name)
    return land(desk, path, done.id)


ROUTES = [undo]
