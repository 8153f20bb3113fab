"""The composer of funnels: steps by clicking, beside how many customers reach each and what it says.

Without scripts every button sends the form; with them the same requests are made while one types, as for segments.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.store.database import Tx
from regulars.understand import funnels, funnels_kept, segments
from regulars.understand.funnels_kept import KeptFunnel
from regulars.understand.operands import nearest
from regulars.understand.rules import Known
from regulars.web.console import drafts, meeting
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.funnel_fields import (
    RANGES,
    TESTS,
    FunnelNode,
    act,
    fields_of,
    from_funnel,
    new,
    read_fields,
    to_funnel,
)  # fmt: skip
from regulars.web.console.funnels import Shown, shown, told
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.words.errors import Conflict, Invalid, Overtaken, RegularsError
from regulars.words.kinds import HOUSE, SEEN
from regulars.words.names import name_for


class Look(msgspec.Struct, frozen=True):
    """What a funnel comes to as far as it is finished, and how many of its steps are not."""

    sentence: str
    steps: list[Shown]
    unfinished: int


@get("/new/funnel", sync_to_thread=True, opt=needs(Right.COMPOSE))
def new_funnel(desk: AtDesk) -> Response[str]:
    """Show the composer for a new funnel."""
    with desk.tx() as tx:
        draft = drafts.at(desk, tx, "funnel")
    return _page(desk, draft.kept.fields if draft.kept else fields_of(new()), {})


@post("/new/funnel", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("funnel.made", "funnel"))
def create_funnel(desk: AtDesk) -> Response[str] | Redirect:
    """Do what a button says, or make the funnel. What was typed stays, with each error where it belongs."""
    return _answer(desk, None)


@get("/funnels/{name:str}/edit", sync_to_thread=True, opt=needs(Right.COMPOSE))
def edit_funnel(desk: AtDesk, name: FromPath[str]) -> Response[str]:
    """Show a funnel in the composer, or what somebody has typed of it."""
    with desk.tx() as tx:
        kept = funnels_kept.get(tx, name)
        draft = drafts.at(desk, tx, "funnel", name)
    saved = {"title": kept.title, **fields_of(from_funnel(funnels.parse(kept.funnel, None)))}
    return _page(desk, draft.kept.fields if draft.kept else saved, {}, kept)


@post(
    "/funnels/{name:str}/edit",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("funnel.changed", "funnel", by="name"),
)
def change_funnel(desk: AtDesk, name: FromPath[str]) -> Response[str] | Redirect:
    """Do what a button says, or save the funnel's next version."""
    with desk.tx() as tx:
        kept = funnels_kept.get(tx, name)
    return _answer(desk, kept)


def _answer(desk: Desk, kept: KeptFunnel | None) -> Response[str] | Redirect:
    form, do = desk.form, desk.form.get("do", "look")
    if do == "save":
        return _save(desk, kept)
    node = read_fields(form)
    here = act(node, do)
    others = {name: value for name, value in form.items() if not name.startswith("s.")}
    form = {**others, "here": here, **fields_of(node)}
    if do not in ("look", "shape"):
        with desk.tx() as tx:
            thing = kept.name if kept else ""
            drafts.keep_fields(desk, tx, "funnel", thing, begun_from=drafts.base(desk), fields=drafts.typed(form))
    return _page(desk, form, {}, kept)


def _save(desk: Desk, kept: KeptFunnel | None) -> Response[str] | Redirect:
    form, title = desk.form, desk.form.get("title", "")
    with desk.tx() as tx:
        funnel, wrong = to_funnel(read_fields(form), segments.known(tx))
        name = kept.name if kept else form.get("name", "").strip() or name_for(title, funnels_kept.titles(tx), "funnel")
    if wrong:
        return _page(desk, form, {}, kept, strict=True)
    try:
        with desk.noted(name=name, label=title) as tx:
            if kept is None:
                saved = funnels_kept.create(tx, name, title, funnel, desk.now)
            else:
                saved = funnels_kept.save(tx, name, title, funnel, desk.now, replaces=drafts.replaced(desk))
                desk.slip.tell(before=told(kept))
            desk.slip.tell(after=told(saved))
            drafts.done(desk, tx, "funnel", kept.name if kept else "")
    except Overtaken:
        return _meet(desk, name, title, funnel)
    except (Invalid, Conflict) as error:
        return _page(desk, form, {(error.field or "title").partition(".")[0]: error}, kept)
    return desk.go(f"/funnels/{name}" + ("?saved=yes" if kept else ""))


def _meet(desk: Desk, name: str, title: str, funnel: Any) -> Response[str] | Redirect:
    """Show what was typed beside what somebody else saved meanwhile."""
    with desk.tx() as tx:
        newest = funnels_kept.get(tx, name)
    words = translator(desk.locale)
    mine, theirs = (funnels_kept.sentence(funnels.parse(one, None), words) for one in (funnel, newest.funnel))
    parts = [
        meeting.Part(words.gettext("Title"), title.strip(), newest.title),
        meeting.Part(words.gettext("Steps"), mine, theirs),
        meeting.Part(words.gettext("Of whom"), funnel.get("segment", ""), newest.funnel.get("segment", "")),
    ]
    met = meeting.Meeting("funnel", name, newest.title, "funnel.changed", str(newest.version))
    return meeting.meet(desk, met, parts)


def _page(
    desk: Desk,
    form: Mapping[str, str],
    errors: Mapping[str, RegularsError],
    kept: KeptFunnel | None = None,
    *,
    strict: bool = False,
) -> Response[str]:
    """Show the composer; only where somebody wants to save (`strict`) what is empty is called wrong."""
    node, said = read_fields(form), {key: say(error, desk.locale) for key, error in errors.items()}
    with desk.tx() as tx:
        known = segments.known(tx)
        funnel, wrong = to_funnel(node, known)
        if len(funnel["steps"]) < funnels.FEWEST_STEPS and not wrong:
            wrong["s"] = Invalid("A funnel has two steps or more: add one.")
        look = _look(desk, tx, funnel, wrong)
        blank = {f"s.{n}" for n, step in enumerate(node.steps) if not step.event.strip()}
        said |= {place: _said(desk, error) for place, error in wrong.items() if strict or place not in blank}
        return desk.page(
            "funnel_compose.html",
            status=400 if strict or errors else 200,
            form=form,
            errors=said,
            kept=kept,
            node=node,
            near=_near(node, known),
            tests=TESTS,
            ranges=RANGES,
            most=funnels.MOST_STEPS,
            events=sorted(kind for kind in known.events if kind not in HOUSE - SEEN),
            segments=sorted(segments.titles(tx).items(), key=lambda one: one[1].casefold()),
            look=look,
            draft=drafts.at(desk, tx, "funnel", kept.name if kept else ""),
        )


def _look(desk: Desk, tx: Tx, funnel: dict[str, Any], wrong: dict[str, Invalid]) -> Look | None:
    """Return what comes of a funnel as far as it is finished; None where it is none."""
    if wrong.keys() & {"window", "range", "segment", "s"} or len(funnel["steps"]) < funnels.FEWEST_STEPS:
        return None
    try:
        parsed = funnels.parse(funnel, segments.known(tx))
        found, _ = funnels.find(tx, parsed, desk.now, patience=0 if not desk.form else funnels.PATIENCE)
    except Invalid as error:
        wrong.setdefault("s", error)
        return None
    sentence = funnels_kept.sentence(parsed, translator(desk.locale))
    return Look(sentence, shown(parsed, found, desk.locale) if found else [], len(wrong))


def _near(node: FunnelNode, known: Known) -> dict[str, tuple[str, ...]]:
    """Return for each step whose event nobody ever did which known ones are near."""
    events = {f"s.{n}": step.event.strip() for n, step in enumerate(node.steps)}
    return {place: nearest(kind, known.events) for place, kind in events.items() if kind and kind not in known.events}


def _said(desk: Desk, error: RegularsError) -> str:
    """Say an error beside the field it is about, without its place in the JSON."""
    said = say(error, desk.locale)
    said = said.removeprefix(f"{error.values.get('place', '')}: ")
    return said[:1].upper() + said[1:]


ROUTES = [new_funnel, create_funnel, edit_funnel, change_funnel]
