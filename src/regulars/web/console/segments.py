"""Segments: who is in them, said in a sentence; a new one from a rule, tried before it is kept."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.remember import facts
from regulars.speak import campaigns
from regulars.store.database import Tx
from regulars.understand import segments
from regulars.understand.reading import parse
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.words.errors import Conflict, Invalid

SHOWN = 20
_EXAMPLE = """{"all": [
  {"fact": "gift_for", "known": true},
  {"event": "Order Completed", "count": {"at_least": 1}, "within_days": 365}
]}"""


@get("/segments", sync_to_thread=True)
def segment_list(desk: AtDesk) -> Response[str]:
    """Show all segments."""
    with desk.tx() as tx:
        found, labels = segments.list_segments(tx), _labels(tx)
        return desk.page("segments.html", segments=[(one, _sentence(desk, one.rule, labels)) for one in found])


@get("/segments/{name:str}", sync_to_thread=True, opt=notes("segment.seen", "segment", by="name"))
def one_segment(desk: AtDesk, name: FromPath[str]) -> Response[str]:
    """Show one segment: its sentence, how many, and the newest members."""
    return _page(desk, name)


@post(
    "/segments/{name:str}/delete",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("segment.deleted", "segment", by="name"),
)
def delete_segment(desk: AtDesk, name: FromPath[str]) -> Response[str] | Redirect:
    """Forget a segment, unless a live campaign writes to it: then it stays and its page says so."""
    try:
        with desk.noted() as tx:
            segment = segments.get_segment(tx, name)
            desk.slip.tell(label=segment.title, before={"title": segment.title, "rule": segment.rule})
            campaigns.delete_unused_segment(tx, name)
    except Conflict as error:
        return _page(desk, name, say(error, desk.locale))
    return desk.go("/segments")


def _page(desk: Desk, name: str, problem: str = "") -> Response[str]:
    with desk.tx() as tx:
        segment = segments.get_segment(tx, name)
        return desk.page(
            "segment.html",
            status=409 if problem else 200,
            problem=problem,
            segment=segment,
            sentence=_sentence(desk, segment.rule, _labels(tx)),
            unheard=_unheard(tx, segment.rule),
            rule=msgspec.json.format(msgspec.json.encode(segment.rule), indent=2).decode(),
            members=segments.members(tx, name, SHOWN),
        )


@get("/new/segment", sync_to_thread=True, opt=needs(Right.COMPOSE))
def new_segment(desk: AtDesk) -> Response[str]:
    """Show the form for a new segment."""
    return _form(desk, {"rule": _EXAMPLE}, {})


@post("/new/segment", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("segment.made", "segment"))
def create_segment(desk: AtDesk) -> Response[str] | Redirect:
    """Try a rule, or make a segment of it. What was typed stays, with the error beside its field."""
    form = desk.form
    try:
        rule = msgspec.json.decode(form.get("rule", ""))
    except (msgspec.DecodeError, RecursionError) as error:
        wrong = Invalid("This is not JSON: {problem}.", problem=str(error).removeprefix("JSON is malformed: "))
        return _form(desk, form, {"rule": say(wrong, desk.locale)})
    try:
        with desk.tx() as tx:
            size = segments.try_rule(tx, rule, desk.now).size
            tried = {"sentence": _sentence(desk, rule, _labels(tx)), "size": size, "unheard": _unheard(tx, rule)}
    except Invalid as error:
        return _form(desk, form, {"rule": say(error, desk.locale)})
    if form.get("do") == "try":
        return _form(desk, form, {}, **tried)
    name, title = form.get("name", ""), form.get("title", "")
    try:
        with desk.noted(name=name, label=title, after={"title": title, "rule": rule}) as tx:
            segments.create_segment(tx, name, title, rule, desk.now)
    except (Invalid, Conflict) as error:
        return _form(desk, form, {error.field: say(error, desk.locale)}, **tried)
    desk.house.waker.poke(desk.workspace.name)
    return desk.go(f"/segments/{name}")


def _form(desk: Desk, form: Any, errors: dict[str, str], **tried: Any) -> Response[str]:
    with desk.tx() as tx:
        known = segments.known(tx)
    return desk.page(
        "segment_new.html",
        status=400 if errors else 200,
        form=form,
        errors=errors,
        known=known,
        **tried,
    )


def _unheard(tx: Tx, rule: Any) -> dict[str, tuple[str, ...]]:
    return segments.unheard(parse(rule, None), segments.known(tx))


def _labels(tx: Tx) -> dict[str, str]:
    return {name: name.rpartition(".")[2].replace("_", " ") for name in facts.catalogue(tx)}


def _sentence(desk: Desk, rule: Any, labels: dict[str, str]) -> str:
    return segments.sentence(parse(rule, None), translator(desk.locale), labels)


ROUTES = [segment_list, one_segment, delete_segment, new_segment, create_segment]
