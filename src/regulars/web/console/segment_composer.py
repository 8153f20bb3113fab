"""The composer of segments: a rule by clicking or as text, beside what it says, how many it finds and who they are.

Without scripts every button sends the form, and the page comes back with what the button did. With them the same
requests are made while one types, and only what changed is put into the page.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.store.database import Tx
from regulars.understand import editing, segments, yaml_text
from regulars.understand.reading import parse
from regulars.understand.segments import Match, Segment
from regulars.web.console import drafts, meeting
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.offering import Offer, called_here, offer
from regulars.web.console.rule_fields import act, fields_of, read_fields
from regulars.web.console.rule_nodes import PROPERTY_TESTS, EventNode, FactNode, GroupNode, StepNode, places
from regulars.web.console.rule_showing import from_rule
from regulars.web.console.rule_writing import to_rule
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.words.errors import Conflict, Invalid, Overtaken, RegularsError
from regulars.words.names import name_for

_CLICKS, _TEXT = "clicks", "text"
_START = {"r:need": "all", "r.0:fact": ""}


class Composed(msgspec.Struct):
    """A rule as it stands in the form: its nodes, its JSON as far as it is finished, and what is wrong where."""

    root: GroupNode
    rule: Any
    wrong: dict[str, RegularsError]
    offer: Offer


class Look(msgspec.Struct, frozen=True):
    """What a rule comes to."""

    sentence: str
    size: int
    sample: list[Match]
    unheard: dict[str, tuple[str, ...]]
    unfinished: int
    drawn: int
    """Of how many that is concluded, where not everybody was asked; 0: everybody was."""


@get("/new/segment", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("rule.tried"))
def new_segment(desk: AtDesk, rule: FromQuery[str] = "") -> Response[str]:
    """Show the composer for a new segment; it may begin with a rule."""
    with desk.tx() as tx:
        draft = drafts.at(desk, tx, "segment")
    form: Mapping[str, str] = draft.kept.fields if draft.kept else {"as": _CLICKS, **_START}
    return _page(desk, {"as": _TEXT, "rule": rule, "do": "as-clicks"} if rule else form, {})


@post("/new/segment", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("segment.made", "segment"))
def create_segment(desk: AtDesk) -> Response[str] | Redirect:
    """Do what a button says, or make the segment. What was typed stays, with each error where it belongs."""
    return _answer(desk, None)


@get(
    "/segments/{name:str}/edit",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("segment.seen", "segment", by="name"),
)
def edit_segment(desk: AtDesk, name: FromPath[str]) -> Response[str]:
    """Show a segment in the composer, or what somebody has typed of it."""
    with desk.tx() as tx:
        segment = segments.get_segment(tx, name)
        draft = drafts.at(desk, tx, "segment", name)
    saved = {"as": _CLICKS, "title": segment.title, **fields_of(from_rule(parse(segment.rule, None)))}
    return _page(desk, draft.kept.fields if draft.kept else saved, {}, segment)


@post(
    "/segments/{name:str}/edit",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("segment.changed", "segment", by="name"),
)
def change_segment(desk: AtDesk, name: FromPath[str]) -> Response[str] | Redirect:
    """Do what a button says, or save the segment's next version."""
    with desk.tx() as tx:
        segment = segments.get_segment(tx, name)
    return _answer(desk, segment)


def _answer(desk: Desk, segment: Segment | None) -> Response[str] | Redirect:
    form, do = desk.form, desk.form.get("do", "look")
    thing = segment.name if segment else ""
    if do == "save":
        return _save(desk, segment)
    with desk.tx() as tx:
        form, errors = _done(tx, form, do)
        if do not in ("look", "shape"):
            drafts.keep_fields(desk, tx, "segment", thing, begun_from=drafts.base(desk), fields=drafts.typed(form))
    page = _page(desk, form, errors, segment)
    desk.slip.shows("rule.tried")
    return page


def _done(tx: Tx, form: Mapping[str, str], do: str) -> tuple[Mapping[str, str], dict[str, RegularsError]]:
    """Return the fields of the form after what a button does, and what stands in its way."""
    others = {name: value for name, value in form.items() if not name.startswith("r.") and name not in ("r:need", "do")}
    if _mode(form) == _TEXT:
        if do != "as-clicks":
            return form, {}
        try:
            root = from_rule(parse(yaml_text.read(form.get("rule", "")), segments.known(tx)))
        except Invalid as error:
            return form, {"rule": error}
        return {**others, "as": _CLICKS, **fields_of(root)}, {}
    root = read_fields(form)
    if do == "as-text":
        rule, wrong = to_rule(root, segments.known(tx))
        if wrong:
            return form, {
                "as": Invalid("Finish or remove the conditions that are marked: then it can be shown as text.")
            }
        return {**others, "as": _TEXT, "rule": yaml_text.written(rule)}, {}
    return {**others, "here": act(root, do), "as": _CLICKS, **fields_of(root)}, {}


def _save(desk: Desk, segment: Segment | None) -> Response[str] | Redirect:
    form, title = desk.form, desk.form.get("title", "")
    with desk.tx() as tx:
        composed = _composed(desk, tx, form, segment.name if segment else "")
        name = (
            segment.name if segment else form.get("name", "").strip() or name_for(title, segments.titles(tx), "segment")
        )
    if composed.wrong:
        return _page(desk, form, {}, segment, strict=True)
    try:
        with desk.noted(name=name, label=title) as tx:
            if segment is None:
                segments.create_segment(tx, name, title, composed.rule, desk.now)
                desk.slip.tell(after={"title": title, "rule": composed.rule, "version": 1})
            else:
                saved = editing.save_segment(tx, name, title, composed.rule, desk.now, replaces=drafts.replaced(desk))
                desk.slip.tell(before=_told(segment), after=_told(saved))
            drafts.done(desk, tx, "segment", segment.name if segment else "")
    except Overtaken:
        return _meet(desk, name, title, composed.rule)
    except (Invalid, Conflict) as error:
        return _page(desk, form, {error.field or "title": error}, segment)
    desk.house.waker.poke(desk.workspace.name)
    return desk.go(f"/segments/{name}" + ("?saved=yes" if segment else ""))


def _told(segment: Segment) -> dict[str, Any]:
    return {"version": segment.version, "title": segment.title, "rule": segment.rule}


def _meet(desk: Desk, name: str, title: str, rule: Any) -> Response[str] | Redirect:
    """Show what was typed beside what somebody else saved meanwhile: each rule as it says itself."""
    with desk.tx() as tx:
        newest, called = segments.get_segment(tx, name), called_here(desk, tx)
    words = translator(desk.locale)
    mine, theirs = (segments.sentence(parse(one, None), words, called) for one in (rule, newest.rule))
    parts = [
        meeting.Part(words.gettext("Title"), title.strip(), newest.title),
        meeting.Part(words.gettext("Who is in it"), mine, theirs),
    ]
    met = meeting.Meeting("segment", name, newest.title, "segment.changed", str(newest.version))
    return meeting.meet(desk, met, parts)


def _page(
    desk: Desk,
    form: Mapping[str, str],
    errors: Mapping[str, RegularsError],
    segment: Segment | None = None,
    *,
    strict: bool = False,
) -> Response[str]:
    """Show the composer; only where somebody wants to save (`strict`) unfinished conditions are called wrong."""
    with desk.tx() as tx:
        if form.get("do") == "as-clicks" and not desk.form:
            form, errors = _done(tx, form, "as-clicks")
        own = segment.name if segment else ""
        composed = _composed(desk, tx, form, own)
        said = {key: say(error, desk.locale) for key, error in errors.items()}
        if strict or _mode(form) == _TEXT or "as" in errors:
            said |= {place: _said(desk, error) for place, error in composed.wrong.items()}
        return desk.page(
            "segment_compose.html",
            status=400 if said else 200,
            form=form,
            errors=said,
            segment=segment,
            composed=composed,
            root=composed.root,
            offer=composed.offer,
            property_tests=PROPERTY_TESTS,
            where=_where(composed.root),
            look=_look(desk, tx, composed, own),
            draft=drafts.at(desk, tx, "segment", own),
        )


def _where(root: GroupNode) -> dict[str, list[str]]:
    """Return at which places of a rule each event stands."""
    found: dict[str, list[str]] = {}
    for place, node in places(root):
        if isinstance(node, EventNode | StepNode):
            kind = node.event if isinstance(node, EventNode) else node.step
            found.setdefault(kind, []).append(place)
    return found


def _composed(desk: Desk, tx: Tx, form: Mapping[str, str], own: str) -> Composed:
    """Read the rule of a form, however it is written there."""
    if _mode(form) == _TEXT:
        offered = offer(desk, tx, GroupNode(), own)
        try:
            rule = yaml_text.read(form.get("rule", ""))
            parse(rule, offered.known, own)
        except Invalid as error:
            return Composed(GroupNode(), {"all": []}, {"rule": error}, offered)
        return Composed(GroupNode(), rule, {}, offered)
    root = read_fields(form)
    offered = offer(desk, tx, root, own)
    for _, node in places(root):
        if isinstance(node, FactNode) and node.fact and node.test not in offered.tests(node.fact):
            node.test = offered.tests(node.fact)[0]
    rule, wrong = to_rule(root, offered.known, own)
    return Composed(root, rule, dict(wrong), offered)


def _look(desk: Desk, tx: Tx, composed: Composed, own: str) -> Look | None:
    """Return what comes of a rule as far as it is finished; None where it is none."""
    if "rule" in composed.wrong:
        return None
    try:
        words, called = translator(desk.locale), called_here(desk, tx)
        trial = segments.try_rule(tx, composed.rule, desk.now, own, glance=True, words=words, called=called)
    except Invalid as error:
        composed.wrong["r"] = error
        return None
    return Look(trial.sentence, trial.size, trial.sample, trial.unheard, len(composed.wrong), trial.drawn)


def _said(desk: Desk, error: RegularsError) -> str:
    """Say an error of a condition: of one that has fields beside it, without its place in the JSON."""
    said = say(error, desk.locale)
    if _mode(desk.form) == _TEXT:
        return said
    said = said.removeprefix(f"{error.values.get('place', '')}: ")
    return said[:1].upper() + said[1:]


def _mode(form: Mapping[str, str]) -> str:
    """Return how the rule of a form is written: as text, or in fields."""
    return form.get("as", _TEXT if "rule" in form else _CLICKS)


ROUTES = [new_segment, create_segment, edit_segment, change_segment]
