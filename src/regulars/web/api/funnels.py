"""Funnels, at `/api/funnels`: how many customers did one thing after another, and who stopped where."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import FromPath, FromQuery, QueryParameter

from regulars.remember.folding import holds
from regulars.store.database import Tx
from regulars.understand import funnels, funnels_kept, segments
from regulars.understand.funnels import Funnel, StepFound
from regulars.understand.funnels_kept import DeletedFunnel, FunnelVersion, KeptFunnel
from regulars.understand.reckoning import Found
from regulars.understand.walking import Behind
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, opened, part_of, reader_of
from regulars.web.api.once import Nothing, once
from regulars.web.api.segments import Earlier, Gone
from regulars.web.api.telling import told
from regulars.web.i18n import translator
from regulars.web.noting import notes, slip_of, unnoted
from regulars.words.clock import utc_now
from regulars.words.errors import concerning

StepNumber = Annotated[int, QueryParameter(ge=1, le=funnels.MOST_STEPS)]
_FUNNEL = {
    "steps": [{"event": "page"}, {"event": "Order Completed", "where": [{"property": "total", "at_least": 20}]}],
    "window_days": 14,
    "within_days": 90,
}


class FunnelFound(msgspec.Struct, frozen=True):
    """What a funnel comes to: of each step how many customers reached it.

    `seconds` is the middle (median) of the times since the step before. `made_at` is when this was reckoned, null
    before the first time; `waits`: it is being reckoned (anew). `too_long`: that took more than five minutes.
    """

    sentence: str
    steps: list[StepFound]
    made_at: datetime | None
    waits: bool
    too_long: bool


class FunnelDescribed(msgspec.Struct, frozen=True):
    """A funnel, and what it comes to."""

    funnel: KeptFunnel
    found: FunnelFound


class NewFunnel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A funnel to make: its name for links, what the team calls it, and what it is."""

    name: str
    title: str
    funnel: dict[str, Any]


class EditedFunnel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a funnel is from now on; `replaces`: the version that it was begun from, else it is refused with 409."""

    title: str
    funnel: dict[str, Any]
    replaces: int | None = None


class FunnelTrial(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A funnel to try."""

    funnel: dict[str, Any]


class PeopleOfFunnel(msgspec.Struct, frozen=True):
    """A part of some customers; `next` is null at the end. There may be few in it, or none, and more behind it."""

    items: list[Behind]
    next: str | None


@get("/funnels", sync_to_thread=True)
def list_funnels(
    request: AnyRequest, q: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Listing[KeptFunnel]:
    """List funnels by name: all, or those of a title (`q`)."""
    with opened(request) as tx:
        found = [one for one in funnels_kept.list_funnels(tx) if holds(q, one.title, one.name)]
        return part_of(found, limit, cursor, lambda one: one.name)


@get("/funnels/{name:str}", sync_to_thread=True, opt=told(name="buying"))
def get_funnel(request: AnyRequest, name: FromPath[str]) -> FunnelDescribed:
    """Return one funnel, and how many reached each step."""
    with opened(request) as tx:
        kept = funnels_kept.get(tx, name)
        funnel = funnels.parse(kept.funnel, None)
        return FunnelDescribed(kept, _found(request, funnel, *funnels.find(tx, funnel, utc_now())))


def _found(request: AnyRequest, funnel: Funnel, steps: list[StepFound] | None, about: Found) -> FunnelFound:
    sentence = funnels_kept.sentence(funnel, translator(reader_of(request)))
    return FunnelFound(sentence, steps or [], about.made_at, about.waits, about.too_long)


@get(
    "/funnels/{name:str}/people",
    sync_to_thread=True,
    opt=told(name="buying", query={"step": 1, "only": "stopped"}) | notes("customers.listed"),
)
def list_people_of_funnel(
    request: AnyRequest,
    name: FromPath[str],
    step: StepNumber = 1,
    only: FromQuery[Literal["stopped", ""]] = "",
    limit: Limit = 50,
    cursor: Cursor = "",
) -> PeopleOfFunnel:
    """List who reached a step, the first being 1, or with `only` stopped who reached it and went no further."""
    (behind,) = cursors.read(cursor, tuple[int]) or (0,)
    with opened(request) as tx:
        funnel = funnels.parse(funnels_kept.get(tx, name).funnel, None)
        found, place = funnels.people(tx, funnel, step, utc_now(), stopped=only == "stopped", after=behind, limit=limit)
    return PeopleOfFunnel(found, None if place is None else cursors.made(place))


@post(
    "/funnels",
    sync_to_thread=True,
    opt=told(
        takes=NewFunnel,
        status=201,
        gives=KeptFunnel,
        body={"name": "from-page-to-order", "title": "From page to order", "funnel": _FUNNEL},
    )
    | notes("funnel.made", "funnel"),
)
def create_funnel(request: AnyRequest) -> Response[bytes]:
    """Make a funnel: 2 to 10 steps, each a kind of event with what its properties must be, as rules say it.

    `window_days` is from the first step to the last; `within_days`, `older_than_days`, `between_days`, or `from` and
    `until` say on which days of the workspace's clock the first step is done; `segment` asks only its members.
    """

    def create(tx: Tx, said: NewFunnel) -> KeptFunnel:
        return funnels_kept.create(tx, said.name, said.title, said.funnel, utc_now())

    return once(request, NewFunnel, create)


@put(
    "/funnels/{name:str}",
    sync_to_thread=True,
    opt=told(
        name="buying",
        takes=EditedFunnel,
        gives=KeptFunnel,
        body={"title": "Buying", "funnel": _FUNNEL, "replaces": 1},
    )
    | notes("funnel.changed", "funnel", by="name"),
)
def save_funnel(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Give a funnel its next version."""

    def save(tx: Tx, said: EditedFunnel) -> KeptFunnel:
        before = funnels_kept.get(tx, name)
        saved = funnels_kept.save(tx, name, said.title, said.funnel, utc_now(), replaces=said.replaces)
        slip_of(request).tell(label=saved.title, before={"version": before.version}, after={"version": saved.version})
        return saved

    return once(request, EditedFunnel, save)


@get("/funnels/{name:str}/versions", sync_to_thread=True, opt=told(name="buying"))
def list_funnel_versions(
    request: AnyRequest, name: FromPath[str], limit: Limit = 50, cursor: Cursor = ""
) -> Listing[FunnelVersion]:
    """List all versions of a funnel, the newest first."""
    with opened(request) as tx:
        return part_of(funnels_kept.versions(tx, name), limit, cursor, lambda one: str(one.version))


@post(
    "/funnels/{name:str}/restore",
    sync_to_thread=True,
    opt=told(name="buying", takes=Earlier, gives=KeptFunnel, body={"version": 1})
    | notes("funnel.changed", "funnel", by="name"),
)
def restore_funnel(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Make an earlier version of a funnel its newest one."""

    def restore(tx: Tx, said: Earlier) -> KeptFunnel:
        before = funnels_kept.get(tx, name)
        saved = funnels_kept.restore(tx, name, said.version, utc_now(), replaces=said.replaces)
        slip_of(request).tell(label=saved.title, before={"version": before.version}, after={"version": saved.version})
        return saved

    return once(request, Earlier, restore)


@delete(
    "/funnels/{name:str}",
    status_code=200,
    sync_to_thread=True,
    opt=told(name="unused", takes=Nothing, gives=Gone) | notes("funnel.deleted", "funnel", by="name"),
)
def delete_funnel(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Delete a funnel. For 30 days it can be taken back."""

    def forget(tx: Tx, _: Nothing) -> Gone:
        return Gone(funnels_kept.delete(tx, name, utc_now()), name)

    return once(request, Nothing, forget)


@get("/deleted/funnels", sync_to_thread=True)
def list_deleted_funnels(request: AnyRequest, limit: Limit = 50, cursor: Cursor = "") -> Listing[DeletedFunnel]:
    """List the funnels that were deleted and can be taken back, the last first."""
    with opened(request) as tx:
        return part_of(funnels_kept.deleted(tx, utc_now()), limit, cursor, lambda one: str(one.id))


@post(
    "/deleted/funnels/{number:int}/restore",
    sync_to_thread=True,
    opt=told(number="2", takes=Nothing, gives=KeptFunnel) | notes("funnel.taken.back", "funnel"),
)
def take_funnel_back(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Take a deleted funnel back."""

    def back(tx: Tx, _: Nothing) -> KeptFunnel:
        return funnels_kept.take_back(tx, number, utc_now())

    return once(request, Nothing, back)


@post(
    "/trials/funnel",
    sync_to_thread=True,
    opt=told(takes=FunnelTrial, gives=FunnelFound, body={"funnel": _FUNNEL})
    | unnoted("it counts customers, names nobody and changes nothing"),
)
def reckon_funnel(request: AnyRequest) -> Response[bytes]:
    """Say how many customers reach each step of a funnel. It is given up after twenty seconds."""

    def attempt(tx: Tx, said: FunnelTrial) -> FunnelFound:
        with concerning("funnel"):
            funnel = funnels.parse(said.funnel, segments.known(tx))
            return _found(request, funnel, *funnels.find(tx, funnel, utc_now(), patience=funnels.PATIENCE))

    return once(request, FunnelTrial, attempt)


HANDLERS = [
    list_funnels, get_funnel, list_people_of_funnel, create_funnel, save_funnel, list_funnel_versions, restore_funnel,
    delete_funnel, list_deleted_funnels, take_funnel_back, reckon_funnel,
]  # fmt: skip
