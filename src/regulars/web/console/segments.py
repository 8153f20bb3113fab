"""Segments: the list, who is in one and why, its versions, deleting one and taking it back."""

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.audit import Filter, list_entries
from regulars.access.rights import Right
from regulars.remember import customers
from regulars.remember.folding import fold, holds
from regulars.speak import campaigns
from regulars.store.database import Tx
from regulars.understand import editing, segments, yaml_text
from regulars.understand.explaining import explain
from regulars.understand.reading import parse
from regulars.understand.sentences import Called
from regulars.web.console import drafts, growth, reasons, undoing
from regulars.web.console.deeds import who_called
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import Way, nothing, part, picked
from regulars.web.console.offering import called_here
from regulars.web.console.veil import hidden_from, refuse, telling_segments
from regulars.web.fact_words import saying
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.errors import Conflict, Unknown

SHOWN = 20
_FOUND = 10
_VERSIONS = 50


@get("/segments", sync_to_thread=True)
def segment_list(
    desk: AtDesk,
    q: FromQuery[str] = "",
    after: FromQuery[str] = "",
    gone: FromQuery[str] = "",
    deleted: FromQuery[int | None] = None,
) -> Response[str]:
    """Show a part of all segments, or of those that a search finds; after one was deleted, with the way back."""
    return _list(desk, deleted, q=q.strip(), places=(after, gone))


def _list(
    desk: Desk, deleted: int | None, problem: str = "", *, q: str = "", places: tuple[str, str] = ("", "")
) -> Response[str]:
    """Return the list; `places`: where in the segments it begins, and where in those that were deleted."""
    after, since = places
    way = Way(f"{desk.home}/segments", {"q": q})
    with desk.tx() as tx:
        called = called_here(desk, tx)
        shown = part(way, [name for name, title in called.segments.items() if holds(q, title, name)], after, str)
        gone = editing.deleted_segments(tx, desk.now)
        return desk.page(
            "segments.html",
            status=409 if problem else 200,
            any=bool(called.segments),
            q=q,
            chips=[way.chip(desk.quoted(q), "q")] if q else [],
            part=shown,
            segments=[(one, _sentence(desk, one.rule, called)) for one in segments.list_segments(tx, shown.items)],
            telling=telling_segments(desk, tx),
            gone=part(way, gone, since, lambda one: str(one.id), "gone"),
            opened=bool(since),
            deleted=next((one for one in gone if one.id == deleted), None),
            problem=problem,
        )


@get("/segments/{name:str}", sync_to_thread=True, opt=notes("segment.seen", "segment", by="name"))
def one_segment(desk: AtDesk, name: FromPath[str], saved: FromQuery[str] = "") -> Response[str]:
    """Show one segment: its sentence, how many, the newest members, and its versions."""
    return _page(desk, name, saved=bool(saved))


@get("/segments/{name:str}/why", sync_to_thread=True, opt=notes("segment.seen", "segment", by="name"))
def look_for(desk: AtDesk, name: FromPath[str], q: FromQuery[str] = "") -> Response[str]:
    """Find a customer, to see why they are in the segment or not."""
    with desk.tx() as tx:
        segment = segments.get_segment(tx, name)
        refuse([name], telling_segments(desk, tx))
        found = _found(desk, tx, q.strip()) if q.strip() else None
        return desk.page("segment_why.html", segment=segment, q=q, found=found, shown=None)


def _found(desk: Desk, tx: Tx, q: str) -> customers.Page:
    """Return whom a search finds: whoever has the number first, also where they are called as one without a name is."""
    last = q.rsplit(maxsplit=1)[-1]
    called = translator(desk.locale).gettext("Customer %(id)s") % {"id": last}
    number = number_in(last) if fold(q) in {last, fold(called)} else None
    found = customers.search(tx, q, limit=_FOUND)
    if number is None or number not in customers.names_of(tx, [number]):
        return found
    one = customers.get_customer(tx, number)
    others = [other for other in found.customers if other.id != one.id]
    return customers.Page([one, *others], found.total + 1 - (len(found.customers) - len(others)))


@get(
    "/segments/{name:str}/why/{customer:int}",
    sync_to_thread=True,
    opt=notes("customer.seen", "customer", by="customer"),
)
def why(desk: AtDesk, name: FromPath[str], customer: FromPath[int]) -> Response[str]:
    """Show why a customer is in the segment, or is not: each condition with what it rests on."""
    with desk.tx() as tx:
        segment, person = segments.get_segment(tx, name), customers.get_customer(tx, customer)
        refuse([name], telling_segments(desk, tx))
        called = called_here(desk, tx)
        explained = explain(tx, name, person.id, desk.now, translator(desk.locale), called)
        refuse([one.said.name for one in explained.evidence if one.said], hidden_from(desk, tx))
        return desk.page(
            "segment_why.html",
            segment=segment,
            sentence=_sentence(desk, segment.rule, called),
            q="",
            found=None,
            shown=person,
            why=explained,
            value_called=saying(tx, desk.locale),
        )


@post(
    "/segments/{name:str}/versions/{version:int}/restore",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("segment.changed", "segment", by="name"),
)
def restore(desk: AtDesk, name: FromPath[str], version: FromPath[int]) -> Redirect:
    """Make an earlier version the newest one."""
    with desk.noted() as tx:
        before = segments.get_segment(tx, name)
        saved = editing.restore_version(tx, name, version, desk.now, replaces=drafts.replaced(desk))
        desk.slip.tell(label=saved.title, before={"version": before.version}, after={"version": saved.version})
    desk.house.waker.poke(desk.workspace.name)
    return desk.go(f"/segments/{name}?saved=yes")


@post(
    "/segments/{name:str}/delete",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("segment.deleted", "segment", by="name"),
)
def delete_segment(desk: AtDesk, name: FromPath[str]) -> Response[str] | Redirect:
    """Delete a segment, unless a live campaign or a template needs it: then it stays and its page says so."""
    try:
        with desk.noted() as tx:
            segment = segments.get_segment(tx, name)
            desk.slip.tell(label=segment.title, before={"title": segment.title, "rule": segment.rule})
            number = campaigns.delete_unused_segment(tx, name, desk.now)
    except Conflict as error:
        return _page(desk, name, say(error, desk.locale))
    return desk.go(f"/segments?deleted={number}")


@post("/deleted/segments", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("segment.deleted", "segment"))
def delete_segments(desk: AtDesk) -> Response[str] | Redirect:
    """Delete the segments that were ticked; where one is needed still, all of them stay, and it is said."""
    names = picked(desk)
    if not names:
        return nothing(desk, "/segments")
    try:
        with desk.noted() as tx:
            gone = [segments.get_segment(tx, name) for name in names]
            kept = [campaigns.delete_unused_segment(tx, name, desk.now) for name in names]
            done = undoing.did(desk, tx, "segments.deleted", [one.title for one in gone], kept=kept)
            before = {one.name: {"title": one.title, "rule": one.rule} for one in gone}
            desk.slip.tell(", ".join(names), label=gone[0].title if len(gone) == 1 else None, before=before)
    except (Conflict, Unknown) as error:
        return _list(desk, None, say(error, desk.locale))
    return undoing.land(desk, "/segments", done)


@post(
    "/deleted/segments/{number:int}/back",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("segment.taken.back", "segment"),
)
def take_back(desk: AtDesk, number: FromPath[int]) -> Response[str] | Redirect:
    """Take a deleted segment back."""
    try:
        with desk.noted() as tx:
            segment = editing.take_back(tx, number, desk.now)
            desk.slip.tell(segment.name, label=segment.title)
    except Conflict as error:
        return _list(desk, None, say(error, desk.locale))
    desk.house.waker.poke(desk.workspace.name)
    return desk.go(f"/segments/{segment.name}")


def _page(desk: Desk, name: str, problem: str = "", *, saved: bool = False) -> Response[str]:
    with desk.tx() as tx:
        segment, called = segments.get_segment(tx, name), called_here(desk, tx)
        veiled = name in telling_segments(desk, tx)
        members = [] if veiled else segments.members(tx, name, SHOWN)
        return desk.page(
            "segment.html",
            status=409 if problem else 200,
            problem=problem,
            saved=saved,
            segment=segment,
            sentence=_sentence(desk, segment.rule, called),
            unheard=segments.unheard(parse(segment.rule, None), segments.known(tx)),
            veiled=veiled,
            rule="" if called.hidden else yaml_text.of_rule(parse(segment.rule, None)),
            members=members,
            why=reasons.in_words(desk, tx, {one.customer_id: (one.customer_id, one.why) for one in members}),
            versions=_versions(desk, tx, name, called),
            grew=growth.chart(desk, tx, name),
            listed="list" in segment.rule,
            live=[
                one for one in campaigns.list_campaigns(tx) if one.segment == name and one.state in campaigns.UNDER_WAY
            ],
        )


def _versions(desk: Desk, tx: Tx, name: str, called: Called) -> list[tuple[editing.SegmentVersion, str, str]]:
    """Return each version with what it said and who saved it, where the audit log still knows."""
    gettext = translator(desk.locale).gettext
    entries = list_entries(tx, Filter(kind="segment", names=[name]), limit=200)
    made = {
        int(entry.after["version"]): who_called(entry, gettext)
        for entry in entries
        if entry.action in ("segment.made", "segment.changed") and entry.after and "version" in entry.after
    }
    found = editing.versions(tx, name)[:_VERSIONS]
    return [(one, _sentence(desk, one.rule, called), made.get(one.version, "")) for one in found]


def _sentence(desk: Desk, rule: Any, called: Called) -> str:
    return segments.sentence(parse(rule, None), translator(desk.locale), called)


ROUTES = [segment_list, one_segment, look_for, why, restore, delete_segment, delete_segments, take_back]
