"""Funnels: the list, how many reach each step of one and who, its versions, deleting one and taking it back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.remember.folding import holds
from regulars.understand import funnels, funnels_kept
from regulars.understand.done_phrases import named
from regulars.understand.funnels import Funnel, StepFound
from regulars.understand.funnels_kept import KeptFunnel
from regulars.understand.segments import titles
from regulars.web import cursors
from regulars.web.console import undoing
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.ledger import rows
from regulars.web.console.listing import PAGE, Way, nothing, picked
from regulars.web.console.veil import refuse, telling_segments
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.words.errors import Conflict, Invalid, Unknown

_VERSIONS = 50


class Shown(msgspec.Struct, frozen=True):
    """A step as it is drawn: which shares reached it, how long it took, and how many went no further."""

    n: int
    called: str
    customers: int
    of_first: float
    of_before: float
    took: timedelta | None
    stopped: int


def shown(funnel: Funnel, found: Sequence[StepFound], locale: str) -> list[Shown]:
    """Return the steps of a funnel as they are drawn."""
    words = translator(locale)
    numbers = [one.customers for one in found]
    return [
        Shown(
            n + 1,
            named(words, step),
            numbers[n],
            numbers[n] / (numbers[0] or 1),
            numbers[n] / (numbers[max(n - 1, 0)] or 1),
            None if found[n].seconds is None else timedelta(seconds=found[n].seconds or 0),
            numbers[n] - numbers[n + 1] if n + 1 < len(numbers) else 0,
        )
        for n, step in enumerate(funnel.steps)
    ]


def told(kept: KeptFunnel) -> dict[str, Any]:
    """Return what the audit log keeps of a funnel."""
    return {"version": kept.version, "title": kept.title, "funnel": kept.funnel}


@get("/funnels", sync_to_thread=True)
def funnel_list(desk: AtDesk, q: FromQuery[str] = "", deleted: FromQuery[int | None] = None) -> Response[str]:
    """Show all funnels, or those that a search finds; after one was deleted, with the way back."""
    return _list(desk, deleted, q=q.strip())


def _list(desk: Desk, deleted: int | None, problem: str = "", *, q: str = "") -> Response[str]:
    way = Way(f"{desk.home}/funnels", {"q": q})
    with desk.tx() as tx:
        whole, gone = funnels_kept.list_funnels(tx), funnels_kept.deleted(tx, desk.now)
    return desk.page(
        "funnels.html",
        status=409 if problem else 200,
        any=bool(whole),
        q=q,
        chips=[way.chip(desk.quoted(q), "q")] if q else [],
        funnels=[(one, _sentence(desk, one.funnel)) for one in whole if holds(q, one.title, one.name)],
        gone=gone,
        deleted=next((one for one in gone if one.id == deleted), None),
        problem=problem,
    )


@get("/funnels/{name:str}", sync_to_thread=True)
def one_funnel(desk: AtDesk, name: FromPath[str], saved: FromQuery[str] = "") -> Response[str]:
    """Show one funnel: how many reached each step, how long it took, and its versions."""
    return _page(desk, name, saved=bool(saved))


def _page(desk: Desk, name: str, problem: str = "", *, saved: bool = False) -> Response[str]:
    with desk.tx() as tx:
        kept = funnels_kept.get(tx, name)
        funnel = funnels.parse(kept.funnel, None)
        try:
            found, about = funnels.find(tx, funnel, desk.now)
        except (Invalid, Unknown) as error:
            found, about, problem = None, None, problem or say(error, desk.locale)
        return desk.page(
            "funnel.html",
            status=409 if problem else 200,
            problem=problem,
            saved=saved,
            kept=kept,
            sentence=_sentence(desk, kept.funnel),
            segment=titles(tx).get(funnel.segment, funnel.segment),
            steps=shown(funnel, found, desk.locale) if found else [],
            about=about,
            telling=funnel.segment in telling_segments(desk, tx),
            versions=[(one, _sentence(desk, one.funnel)) for one in funnels_kept.versions(tx, name)[:_VERSIONS]],
        )


def _sentence(desk: Desk, funnel: Any) -> str:
    return funnels_kept.sentence(funnels.parse(funnel, None), translator(desk.locale))


@get("/funnels/{name:str}/people", sync_to_thread=True, opt=notes("customers.listed"))
def people_of_a_funnel(
    desk: AtDesk,
    name: FromPath[str],
    step: FromQuery[int] = 1,
    only: FromQuery[str] = "",
    after: FromQuery[str] = "",
) -> Response[str]:
    """Show who reached a step, or (`only=stopped`) went no further; `after` is a place in the list."""
    stopped = only == "stopped"
    way = Way(f"{desk.home}/funnels/{name}/people", {"step": str(step), "only": "stopped" if stopped else ""})
    with desk.tx() as tx:
        kept = funnels_kept.get(tx, name)
        funnel = funnels.parse(kept.funnel, None)
        refuse([funnel.segment], telling_segments(desk, tx))
        place = (cursors.read(after, tuple[int]) or (0,))[0]
        found, behind = funnels.people(tx, funnel, step, desk.now, stopped=stopped, after=place, limit=PAGE)
    return desk.page(
        "funnel_people.html",
        kept=kept,
        step=step,
        called=named(translator(desk.locale), funnel.steps[step - 1]),
        stopped=stopped,
        people=found,
        rule=funnels.rule_of(funnel, step, stopped=stopped),
        way=way,
        earlier=way.but() if after else "",
        later=way.but(after=cursors.made(behind)) if behind is not None else "",
    )


@get("/funnels/{name:str}/file", sync_to_thread=True)
def funnel_file(desk: AtDesk, name: FromPath[str]) -> Response[bytes]:
    """Give what a funnel comes to as CSV: a line a step."""
    with desk.tx() as tx:
        funnel = funnels.parse(funnels_kept.get(tx, name).funnel, None)
        found, about = funnels.find(tx, funnel, desk.now)
    steps = shown(funnel, found, "en") if found else []
    lines: list[Sequence[Any]] = [
        ("step", "event", "customers", "share_of_first", "share_of_before", "median_seconds", "stopped", "reckoned_at")
    ]
    for one, of in zip(steps, funnel.steps, strict=False):
        shares = (f"{share:.4f}" for share in (one.of_first, one.of_before))
        seconds = None if one.took is None else f"{one.took.total_seconds():.0f}"
        lines.append((one.n, of.kind, one.customers, *shares, seconds, one.stopped, about.made_at))
    file = f"funnel-{name}-{desk.now:%Y-%m-%d}.csv"
    return Response(
        rows(lines),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": f'attachment; filename="{file}"'},
    )


@post(
    "/funnels/{name:str}/versions/{version:int}/restore",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("funnel.changed", "funnel", by="name"),
)
def restore_funnel(desk: AtDesk, name: FromPath[str], version: FromPath[int]) -> Response[str] | Redirect:
    """Make an earlier version the newest one; where it cannot be asked any more the page says why."""
    try:
        with desk.noted() as tx:
            before = funnels_kept.get(tx, name)
            saved = funnels_kept.restore(tx, name, version, desk.now)
            desk.slip.tell(label=saved.title, before=told(before), after=told(saved))
    except Invalid as error:
        return _page(desk, name, say(error, desk.locale))
    return desk.go(f"/funnels/{name}?saved=yes")


@post(
    "/funnels/{name:str}/delete",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("funnel.deleted", "funnel", by="name"),
)
def delete_funnel(desk: AtDesk, name: FromPath[str]) -> Redirect:
    """Delete a funnel; for 30 days it can be taken back."""
    with desk.noted() as tx:
        kept = funnels_kept.get(tx, name)
        desk.slip.tell(label=kept.title, before=told(kept))
        number = funnels_kept.delete(tx, name, desk.now)
    return desk.go(f"/funnels?deleted={number}")


@post("/deleted/funnels", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("funnel.deleted", "funnel"))
def delete_funnels(desk: AtDesk) -> Redirect:
    """Delete the funnels that were ticked; one that is gone meanwhile is left out."""
    chosen = set(picked(desk))
    with desk.tx() as tx:
        gone = [one for one in funnels_kept.list_funnels(tx) if one.name in chosen]
        if not gone:
            return nothing(desk, "/funnels")
        kept = [funnels_kept.delete(tx, one.name, desk.now) for one in gone]
        done = undoing.did(desk, tx, "funnels.deleted", [one.title for one in gone], kept=kept)
        before = {one.name: told(one) for one in gone}
        label = gone[0].title if len(gone) == 1 else None
        desk.slip.tell(", ".join(before), label=label, before=before)
        desk.slip.write(tx)
    return undoing.land(desk, "/funnels", done)


@post(
    "/deleted/funnels/{number:int}/back",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("funnel.taken.back", "funnel"),
)
def take_funnel_back(desk: AtDesk, number: FromPath[int]) -> Response[str] | Redirect:
    """Take a deleted funnel back."""
    try:
        with desk.noted() as tx:
            kept = funnels_kept.take_back(tx, number, desk.now)
            desk.slip.tell(kept.name, label=kept.title)
    except Conflict as error:
        return _list(desk, None, say(error, desk.locale))
    return desk.go(f"/funnels/{kept.name}")


ROUTES = [
    funnel_list, one_funnel, people_of_a_funnel, funnel_file, restore_funnel, delete_funnel, delete_funnels,
    take_funnel_back,
]  # fmt: skip
