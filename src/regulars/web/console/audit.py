"""The audit log: who saw and changed what, found by whom, what, on what and when; taken along as a file."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from markupsafe import Markup

from regulars.access.audit import COMMAND_LINE, HOUSE, Entry, Filter, list_entries, mark, point
from regulars.access.audit_check import verify
from regulars.access.keys import list_keys
from regulars.access.rights import Right
from regulars.access.team import list_members
from regulars.engage.forms import titles as form_titles
from regulars.measure.called import follower_called
from regulars.remember.customers import names_of
from regulars.speak.campaigns import list_campaigns
from regulars.speak.library import titles as template_titles
from regulars.store.database import Tx
from regulars.understand.segments import titles
from regulars.web.console.deeds import called, choices, sentence, who_called
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.ledger import as_csv, as_lines
from regulars.web.entries import Asked, wanted
from regulars.web.i18n import translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.errors import Unknown

PAGE = 50
_PIECE = 1000
_NEWEST = 1000
_PLACES = {"campaign": "campaigns", "form": "forms", "segment": "segments", "template": "templates"}
_FORMATS = {"csv": ("text/csv; charset=utf-8", as_csv), "jsonl": ("application/jsonl", as_lines)}


class Line(msgspec.Struct, frozen=True):
    """An entry as the page shows it."""

    entry: Entry
    said: Markup
    changes: list[tuple[str, Any, Any]]


@get("/audit", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("audit.seen"))
def audit(
    desk: AtDesk,
    who: FromQuery[str] = "",
    action: FromQuery[str] = "",
    on: FromQuery[str] = "",
    since: FromQuery[str] = "",
    until: FromQuery[str] = "",
    before: FromQuery[str] = "",
    check: FromQuery[str] = "",
) -> Response[str]:
    """Show the newest entries that were asked for, or those before a place; with `check`, whether all is as written."""
    asked = Asked(who.strip(), action, on.strip(), since, until)
    with desk.tx() as tx:
        found = list_entries(tx, wanted(tx, asked), before=point(before) if before else None, limit=PAGE + 1)
        return desk.page(
            "audit.html",
            asked=asked,
            lines=_lines(desk, tx, found[:PAGE]),
            earlier=mark(found[PAGE - 1]) if len(found) > PAGE else "",
            later=bool(before),
            people=_people(desk, tx, asked.who),
            actions=choices(desk.locale),
            subject=_subject(tx, asked.customer),
            verdict=verify(tx, desk.house.audit, newest=_NEWEST) if check else None,
            days=desk.house.settings.audit_days,
        )


@get("/audit/taken/{form:str}", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("audit.taken"))
def taken(
    desk: AtDesk,
    form: FromPath[str],
    who: FromQuery[str] = "",
    action: FromQuery[str] = "",
    on: FromQuery[str] = "",
    since: FromQuery[str] = "",
    until: FromQuery[str] = "",
) -> Stream:
    """Give all entries that were asked for as a file: csv, or jsonl, which has a line of JSON for each."""
    if form not in _FORMATS:
        raise Unknown("There is no such form of the audit log. Take csv or jsonl.")
    asked = Asked(who.strip(), action, on.strip(), since, until)
    with desk.tx() as tx:
        some = wanted(tx, asked)
    desk.slip.tell(after={"form": form} | asked.said)
    media, write = _FORMATS[form]
    name = f"audit-{desk.workspace.name}-{desk.now:%Y-%m-%d}.{form}"
    return Stream(
        write(_pieces(desk, some)), media_type=media, headers={"content-disposition": f'attachment; filename="{name}"'}
    )


def _pieces(desk: Desk, some: Filter) -> Iterator[list[Entry]]:
    """Read the entries in pieces, each in a transaction of its own: whoever takes long holds nothing up."""
    place = None
    while True:
        with desk.tx() as tx:
            found = list_entries(tx, some, before=place, limit=_PIECE)
        if not found:
            return
        yield found
        place = point(mark(found[-1]))


def _people(desk: Desk, tx: Tx, chosen: str) -> list[tuple[str, str]]:
    """Return by whom one may ask: the team, the keys, the command line, the house; and who was asked for."""
    gettext = translator(desk.locale).gettext
    name = desk.workspace.name
    found = {"": gettext("anybody")}
    found |= {one.email: f"{one.name} ({one.email})" if one.name else one.email for one in list_members(tx, name)}
    found |= {one.name or one.scope: called("key", one.name or one.scope, gettext) for one in list_keys(tx, name)}
    found |= {one.name: called(one.kind, one.name, gettext) for one in (COMMAND_LINE, HOUSE)}
    return list(({chosen: chosen} | found if chosen not in found else found).items())


def _subject(tx: Tx, number: int | None) -> tuple[int, str] | None:
    """Return the customer that was asked for, by number and name."""
    return None if number is None else (number, names_of(tx, [number]).get(number, ""))


def _lines(desk: Desk, tx: Tx, entries: list[Entry]) -> list[Line]:
    gettext = translator(desk.locale).gettext
    customers = {int(one.name) for one in entries if one.kind == "customer" and number_in(one.name) is not None}
    names = {("customer", str(number)): name for number, name in names_of(tx, customers).items()}
    for kind, called_among in (("segment", titles), ("template", template_titles), ("form", form_titles)):
        named = {one.name for one in entries if one.kind == kind}
        names |= {(kind, name): title for name, title in called_among(tx, named).items()} if named else {}
    if named := {one.name for one in entries if one.kind == "campaign"}:
        names |= {("campaign", one.name): one.title for one in list_campaigns(tx, named)}

    def what(entry: Entry) -> Markup | str:
        there = (entry.kind, entry.name) in names
        name = names.get((entry.kind, entry.name)) or entry.label or entry.name
        if entry.kind == "follower":
            return ", ".join(follower_called(one, gettext) for one in entry.name.split(", "))
        if entry.kind == "customer":
            name = names.get((entry.kind, entry.name)) or gettext("customer %(id)s") % {"id": entry.name}
            return _link(f"{desk.home}/customers/{entry.name}", name) if there else name
        place = _PLACES.get(entry.kind)
        return _link(f"{desk.home}/{place}/{entry.name}", name) if place and there else name

    return [
        Line(one, sentence(one, _link(_by(desk, one), who_called(one, gettext)), what(one), desk.locale), _changes(one))
        for one in entries
    ]


def _by(desk: Desk, entry: Entry) -> str:
    return f"{desk.home}/audit?{urlencode({'who': entry.who})}"


def _link(path: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(path, text)


def _changes(entry: Entry) -> list[tuple[str, Any, Any]]:
    before, after = entry.before or {}, entry.after or {}
    return [(key, before.get(key), after.get(key)) for key in dict.fromkeys([*before, *after])]


ROUTES = [audit, taken]
