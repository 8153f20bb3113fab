"""Drafts: what is typed into a composer is kept while one types, so that nothing is lost on a closed tab.

A composer uses it in four places:

    draft = drafts.at(desk, tx, "template", name)        # when its page is shown: fields = draft.filled(saved)
    {{ drafting(draft, version) }}                       # inside its form (templates/drafting.html)
    {{ begun(draft) }}                                   # above it: what is shown was not saved; others who are here
    drafts.done(desk, tx, "template", name)              # in the transaction that saves

`version` is whatever changes when the thing is saved by somebody. A form that comes back brings the one that it was
begun from (`drafts.base(desk)`); where that is not true any more both are shown (`meeting.py`), and nothing is
overwritten.
"""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote

import msgspec
from litestar import Response, post
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.store.database import Tx
from regulars.web import drafts_records as records
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.noting import unnoted
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid, TooLarge

COMPOSERS = {
    "template": "/templates/{thing}",
    "segment": "/segments/{thing}/edit",
    "funnel": "/funnels/{thing}/edit",
    "form": "/forms/{thing}/edit",
    "campaign": "/campaigns/{thing}/edit",
}
"""What can be composed, and where in the console one goes on with it."""
_OURS = frozenset({"csrf", "do", "composer", "thing", "base", "here"})
_MOST = 400_000
_HERE = timedelta(minutes=3)
_KEPT = timedelta(days=30)


class AtThing(msgspec.Struct, frozen=True):
    """Somebody before a composer: their draft, if they have one, and who else types at the same thing."""

    composer: str
    thing: str
    kept: records.Draft | None
    others: tuple[str, ...]

    def filled(self, saved: Mapping[str, str]) -> dict[str, str]:
        """Return the fields to show: what was typed, over what was saved."""
        return {**saved, **(self.kept.fields if self.kept else {})}

    def version(self, now: str) -> str:
        """Return the version that what is shown was begun from, given the one of now."""
        return self.kept.base if self.kept else now


def at(desk: Desk, tx: Tx, composer: str, thing: str = "") -> AtThing:
    """Return what somebody has typed of a thing ('' for a new one), and who else types there."""
    kept = records.get_draft(tx, desk.person.id, composer, thing)
    others = records.others_at(tx, desk.person.id, composer, thing, desk.now - _HERE) if thing else []
    return AtThing(composer, thing, kept, tuple(others))


def nothing(composer: str, thing: str) -> AtThing:
    """Return the place of somebody who has typed nothing yet."""
    return AtThing(composer, thing, None, ())


def base(desk: Desk) -> str:
    """Return the version that the form which was sent was begun from."""
    return desk.form.get("base", "")


def replaced(desk: Desk) -> int | None:
    """Return the number of the version that what was sent is to replace; None where its page did not say."""
    return number_in(base(desk))


def typed(form: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a form that somebody typed, without those that are ours."""
    return {name: value for name, value in form.items() if name not in _OURS}


def keep_mine(desk: Desk, tx: Tx, composer: str, thing: str, begun_from: str) -> dict[str, str]:
    """Keep what was sent as its writer's draft, begun from a version; return its fields."""
    fields = typed(desk.form)
    keep_fields(desk, tx, composer, thing, begun_from=begun_from, fields=fields)
    return fields


def keep_fields(desk: Desk, tx: Tx, composer: str, thing: str, *, begun_from: str, fields: Mapping[str, str]) -> None:
    """Keep these fields as their writer's draft, begun from a version."""
    if sum(map(len, fields.values())) > _MOST:
        raise TooLarge("This draft is larger than the {most} characters that can be kept.", most=_MOST)
    records.keep_draft(tx, desk.person.id, composer, thing, base=begun_from, fields=fields, now=desk.now)


def done(desk: Desk, tx: Tx, composer: str, thing: str = "") -> None:
    """Forget somebody's draft: it was saved."""
    records.drop_draft(tx, desk.person.id, composer, thing)


@post(
    "/drafts",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | unnoted("a draft is its writer's own: nothing is changed until it is saved"),
)
def keep(desk: AtDesk) -> Response[str]:
    """Keep what was typed so far, and say so."""
    composer, thing = _place(desk)
    with desk.tx() as tx:
        records.sweep_drafts(tx, desk.now - _KEPT)
        keep_mine(desk, tx, composer, thing, base(desk))
    return desk.page("draft_kept.html")


@post(
    "/drafts/on",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | unnoted("a draft is its writer's own: nothing is changed until it is saved"),
)
def go_on(desk: AtDesk) -> Redirect:
    """Go on with what was typed, on top of the version that was saved meanwhile and has been seen now."""
    composer, thing = _place(desk)
    with desk.tx() as tx:
        keep_mine(desk, tx, composer, thing, base(desk))
    return desk.go(where(composer, thing))


@post(
    "/drafts/away",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | unnoted("a draft is its writer's own: nothing was changed by it"),
)
def throw_away(desk: AtDesk) -> Redirect:
    """Forget a draft, and show what is saved."""
    composer, thing = _place(desk)
    with desk.tx() as tx:
        done(desk, tx, composer, thing)
    return desk.go(where(composer, thing))


def where(composer: str, thing: str) -> str:
    """Return where in the console one goes on with a thing ('' for a new one)."""
    return COMPOSERS[composer].format(thing=quote(thing, safe="")) if thing else f"/new/{composer}"


def _place(desk: Desk) -> tuple[str, str]:
    composer = desk.form.get("composer", "")
    if composer not in COMPOSERS:
        raise Invalid("This page is too old to change anything. Go back, reload it, and try again.")
    return composer, desk.form.get("thing", "")[:200]


ROUTES = [keep, go_on, throw_away]
