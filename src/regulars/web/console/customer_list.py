"""The list of customers: found by words, and narrowed by segment, by what is known, by consent, by the last visit."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromQuery

from regulars.engage import stopping
from regulars.remember import facts
from regulars.remember.rows import FactName
from regulars.store.database import Tx
from regulars.understand import finding
from regulars.understand.finding import LOOKED_AT, Wanted, turned
from regulars.understand.lists import names
from regulars.understand.segments import first_titles, titles
from regulars.web import cursors
from regulars.web.console.desk import AtDesk, Desk
from regulars.web.console.listing import Chip, Way
from regulars.web.console.offering import called_here, doubles
from regulars.web.console.veil import address_shown, hidden_from, refuse, telling_segments
from regulars.web.i18n import translator
from regulars.web.noting import notes
from regulars.web.wording import permission

PAGE = 50
_OFFERED = 200
"""How many segments one can choose from here; from its own page each leads here."""
_DAYS = (1, 7, 30, 90, 365)


class Choices(msgspec.Struct, frozen=True):
    """What a list of customers can be narrowed by, each as (what the address says, words)."""

    segments: list[tuple[str, str]]
    more: bool
    """Whether there are more segments than are offered."""
    facts: list[tuple[str, str]]
    computed: Collection[str]
    """Which of the facts are computed from what customers did."""
    consents: list[tuple[str, str]]
    seen: list[tuple[str, str]]
    values: Mapping[str, str]
    """What values of the fact are called that they are narrowed by."""


@get("/customers", sync_to_thread=True, opt=notes("customers.listed"))
def customer_list(
    desk: AtDesk,
    q: FromQuery[str] = "",
    segment: FromQuery[str] = "",
    fact: FromQuery[str] = "",
    value: FromQuery[str] = "",
    consent: FromQuery[str] = "",
    seen: FromQuery[str] = "",
    order: FromQuery[str] = "",
    after: FromQuery[str] = "",
    before: FromQuery[str] = "",
) -> Response[str]:
    """Show a part of the customers who are wanted, the newest first; `after` and `before` are places in the list."""
    wanted = Wanted(q.strip(), segment, fact, value.strip() if fact else "", consent, seen)
    oldest = order == "oldest"
    with desk.tx() as tx:
        refuse([turned(fact)[0]], hidden_from(desk, tx))
        refuse([turned(segment)[0]], telling_segments(desk, tx))
        found, total = finding.find_and_count(
            tx, wanted, desk.now, limit=PAGE, after=_place(after), before=_place(before), oldest=oldest
        )
        choices = choices_of(desk, tx, fact, turned(segment)[0])
        lists = sorted(names(tx).items(), key=lambda one: one[1].casefold()) if desk.can("compose") else []
        stops = stopping.waiting(tx, desk.workspace.name) if desk.can("send") else []
    desk.slip.tell(
        action="customers.searched" if wanted.said else None, after={"shown": len(found.customers), **wanted.noted}
    )
    way = Way(f"{desk.home}/customers", wanted.said | ({"order": "oldest"} if oldest else {}))
    return desk.page(
        "customers.html",
        address_shown=address_shown,
        wanted=wanted,
        found=found,
        total=min(total, LOOKED_AT) if wanted.said else total,
        more=bool(wanted.said) and total > LOOKED_AT,
        way=way,
        oldest=oldest,
        chips=list(chips(desk, wanted, choices, way)),
        choices=choices,
        stops=stops,
        lists=lists,
        earlier=way.but(before=cursors.made(found.customers[0].id)) if found.earlier and found.customers else "",
        later=way.but(after=cursors.made(found.customers[-1].id)) if found.later and found.customers else "",
    )


def _place(cursor: str) -> int | None:
    (place,) = cursors.read(cursor, tuple[int]) or (None,)
    return place


def choices_of(desk: Desk, tx: Tx, chosen: str = "", segment: str = "") -> Choices:
    """Return what customers can be narrowed by; `chosen` is the fact they are narrowed by, `segment` the segment."""
    gettext, ngettext = translator(desk.locale).gettext, translator(desk.locale).ngettext
    anybody = ("", gettext("anybody"))
    double = doubles(tx) - {chosen}
    telling = telling_segments(desk, tx)
    first = first_titles(tx, _OFFERED + 1)
    offered = dict(list(first.items())[:_OFFERED]) | (titles(tx, [segment]) if segment else {})
    named = {name: title for name, title in offered.items() if name not in telling}
    listed = [one for one in facts.catalogue(tx).values() if one.name not in double]
    known = sorted(listed, key=lambda one: desk.called(one.name, one.label).casefold())
    within = [
        (str(days), ngettext("in the last %(n)s day", "in the last %(n)s days", days) % {"n": days}) for days in _DAYS
    ]
    without = [
        (f"no:{days}", ngettext("not in the last %(n)s day", "not in the last %(n)s days", days) % {"n": days})
        for days in _DAYS[2:]
    ]
    return Choices(
        [anybody, *sorted(named.items(), key=lambda one: one[1].casefold())],
        len(first) > _OFFERED,
        [(one.name, _called(desk, one)) for one in known],
        {one.name for one in known if one.computed},
        [anybody, *_consents(desk, finding.abouts(tx))],
        [("", gettext("any time")), *within, *without],
        called_here(desk, tx).values.get(chosen, {}) if chosen else {},
    )


def _called(desk: Desk, fact: FactName) -> str:
    return desk.called(fact.name, fact.label)


def _consents(desk: Desk, abouts: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    gettext = translator(desk.locale).gettext
    for purpose, channel in abouts:
        said = {"what": permission(purpose, channel, gettext)}
        yield f"{purpose}/{channel}", gettext("%(what)s: yes") % said
        yield f"no:{purpose}/{channel}", gettext("%(what)s: no") % said


def chips(desk: Desk, wanted: Wanted, choices: Choices, way: Way) -> Iterator[Chip]:
    """Yield what narrows a list of customers, in words."""
    gettext = translator(desk.locale).gettext

    def words(said: str, among: list[tuple[str, str]], otherwise: str) -> str:
        known: Mapping[str, str] = dict(among)
        text, held = turned(said)
        return known.get(said) or (known.get(text, text) if held else otherwise % {"what": known.get(text, text)})

    if wanted.q:
        yield way.chip(desk.quoted(wanted.q), "q")
    if wanted.segment:
        yield way.chip(words(wanted.segment, choices.segments, gettext("not in: %(what)s")), "segment")
    if wanted.fact:
        fact = words(wanted.fact, choices.facts, gettext("not known: %(what)s"))
        said: dict[str, Any] = {"fact": fact, "value": choices.values.get(wanted.value, wanted.value)}
        yield way.chip(
            gettext("%(fact)s: %(value)s") % said if wanted.value else gettext("%(fact)s is known") % said
            if turned(wanted.fact)[1] else fact,
            "fact", "value",
        )  # fmt: skip
    if wanted.consent:
        yield way.chip(words(wanted.consent, choices.consents, "%(what)s"), "consent")
    if wanted.seen:
        yield way.chip(gettext("seen %(when)s") % {"when": words(wanted.seen, choices.seen, "%(what)s")}, "seen")


ROUTES = [customer_list]
