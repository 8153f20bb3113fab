"""Segments: who is in them, said in a sentence; a new one from a rule, tried before it is kept."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.remember import facts
from regulars.store.database import Tx
from regulars.understand import segments
from regulars.understand.reading import parse
from regulars.web.console.desk import AtDesk, Desk
from regulars.web.i18n import say, translator
from regulars.words.errors import Conflict, Invalid

SHOWN = 20
_LONGEST_TITLE = 200
_EXAMPLE = """{"all": [
  {"fact": "gift_for", "known": true},
  {"event": "Order Completed", "count": {"at_least": 1}, "within_days": 365}
]}"""


@get("/segments", sync_to_thread=True)
def segment_list(desk: AtDesk) -> Response[str]:
    """Show all segments."""
    with desk.tx() as tx:
        found = segments.list_segments(tx)
        return desk.page("segments.html", segments=[(one, _sentence(desk, tx, one.rule)) for one in found])


@get("/segments/{name:str}", sync_to_thread=True)
def one_segment(desk: AtDesk, name: FromPath[str]) -> Response[str]:
    """Show one segment: its sentence, how many, and the newest members."""
    with desk.tx() as tx:
        segment = segments.get_segment(tx, name)
        return desk.page(
            "segment.html",
            segment=segment,
            sentence=_sentence(desk, tx, segment.rule),
            rule=msgspec.json.format(msgspec.json.encode(segment.rule), indent=2).decode(),
            members=segments.members(tx, name, SHOWN),
        )


@get("/new/segment", sync_to_thread=True)
def new_segment(desk: AtDesk) -> Response[str]:
    """Show the form for a new segment."""
    return _form(desk, {"rule": _EXAMPLE}, {})


@post("/new/segment", sync_to_thread=True)
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
            trial = segments.try_rule(tx, rule, desk.now)
            sentence = _sentence(desk, tx, rule)
    except Invalid as error:
        return _form(desk, form, {"rule": say(error, desk.locale)})
    if form.get("do") == "try":
        return _form(desk, form, {}, sentence=sentence, size=trial.size)
    name, title = form.get("name", ""), form.get("title", "")
    try:
        with desk.tx() as tx:
            segments.create_segment(tx, name, title, rule, desk.now)
    except (Invalid, Conflict) as error:
        field = "name" if 0 < len(title.strip()) <= _LONGEST_TITLE else "title"
        return _form(desk, form, {field: say(error, desk.locale)}, sentence=sentence, size=trial.size)
    desk.house.waker.poke(desk.workspace.name)
    return desk.go(f"/segments/{name}")


def _form(
    desk: Desk, form: Any, errors: dict[str, str], *, sentence: str = "", size: int | None = None
) -> Response[str]:
    with desk.tx() as tx:
        known = segments.known(tx)
    return desk.page(
        "segment_new.html",
        status=400 if errors else 200,
        form=form,
        errors=errors,
        sentence=sentence,
        size=size,
        known=known,
    )


def _sentence(desk: Desk, tx: Tx, rule: Any) -> str:
    labels = {name: name.rpartition(".")[2].replace("_", " ") for name in facts.catalogue(tx)}
    return segments.sentence(parse(rule, None), translator(desk.locale), labels)


ROUTES = [segment_list, one_segment, new_segment, create_segment]
