"""Alerts: who is told when something is wrong, and what was told."""

from datetime import datetime

import msgspec
from babel import Locale
from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.measure import alerts, hearing, webhooks
from regulars.measure.said import Said
from regulars.measure.saying import say as in_words
from regulars.measure.telling import tell_due
from regulars.outbound import Outbound
from regulars.remember.folding import holds
from regulars.store.database import Tx
from regulars.web import cursors
from regulars.web.console import drafts, meeting
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import FEW, PAGE, Part, Way, part
from regulars.web.i18n import catalogues, say, translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.web.voices import voice_of
from regulars.words.errors import Invalid, Overtaken

_LOOKED_AT = 2_000
"""The newest of what was told, among which is searched: it is put into words for that."""
_PERSON = "person:"
_Line = tuple[alerts.Told, Said | None]
"""What was told, and in words; None for a test."""


class Listening(msgspec.Struct, frozen=True):
    """Who of the team gets a mail, by number, and in which language alerts are written."""

    ids: tuple[int, ...]
    language: str


@get("/alerts", sync_to_thread=True, opt=needs(Right.MANAGE))
def show(desk: AtDesk, q: FromQuery[str] = "", after: FromQuery[str] = "") -> Response[str]:
    """Show who is told, and what was told: the newest, or what comes after a place; all, or what a search finds."""
    return _page(desk, q=q.strip(), after=after)


def _told(desk: Desk, tx: Tx, way: Way, q: str, after: str) -> Part[_Line]:
    """Return a part of what was told, in words; of what a search is to find the newest are looked at."""
    voice = voice_of(desk.locale, desk.workspace.zone)

    def line(one: alerts.Told) -> _Line:
        return one, None if one.alert.change == "test" else in_words(one.alert.finding, voice, one.alert.at)

    if q:
        lines = [line(one) for one in alerts.history(tx, limit=_LOOKED_AT)]
        found = [one for one in lines if holds(q, *_texts(one))]
        return part(way, found, after, lambda one: one[0].alert.id)
    place = cursors.read(after, tuple[datetime, str])
    told = alerts.history(tx, limit=PAGE + 1, after=place)
    last = told[PAGE - 1].alert if len(told) > PAGE else None
    later = way.but(after=cursors.made(last.at, last.id)) if last else ""
    return Part([line(one) for one in told[:PAGE]], way.but() if place else "", later)


def _texts(line: _Line) -> list[str]:
    told, said = line
    return [said.what if said else "", *(one.target for one in told.tellings)]


def _page(
    desk: Desk, *, q: str = "", after: str = "", status: int = 200, errors: dict[str, str] | None = None,
    tried: str = "", beside: meeting.Beside | None = None, mine: Listening | None = None, url: str | None = None,
) -> Response[str]:  # fmt: skip
    way = Way(f"{desk.home}/alerts", {"q": q})
    with desk.tx() as tx:
        hook = alerts.webhook(tx)
        people, stands = alerts.people(tx), _listening(tx)
        shown = _told(desk, tx, way, q, after)
    listening, posted = mine or stands, hook.url if hook else ""
    return desk.page(
        "alerts.html",
        status=status,
        people=people,
        listening=any(one.listens for one in people),
        hook=hook,
        secret=webhooks.shown(hook.secret) if hook else "",
        form={"url": posted if url is None else url, "language": listening.language},
        ticked=listening.ids,
        beside=beside,
        bases={"people": meeting.mark(stands), "url": meeting.mark(posted)},
        errors=errors or {},
        languages=_languages(),
        q=q,
        chips=[way.chip(desk.quoted(q), "q")] if q else [],
        part=shown,
        searched=bool(q) or len(shown.items) > FEW,
        tried=next((one for one, _ in shown.items if one.alert.id == tried), None),
    )


def _languages() -> list[tuple[str, str]]:
    """Return the languages that alerts can be written in, each by its own name."""
    names = [(one, Locale.parse(one).get_display_name(one) or one) for one in catalogues()]
    return [(one, name[:1].upper() + name[1:]) for one, name in names]


@post("/alerts/people", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("alerts.changed"))
def choose_people(desk: AtDesk) -> Response[str] | Redirect:
    """Let these people get alerts by mail, in a language."""
    mine = _chosen(desk)
    try:
        with desk.noted() as tx:
            meeting.standing(tx, "alerts by mail", _listening, mine, drafts.base(desk))
            before = hearing.hearing(tx)
            hearing.set_people(tx, mine.ids)
            if mine.language in catalogues():
                hearing.set_language(tx, mine.language)
            after = hearing.hearing(tx)
            desk.slip.tell(before={"people": before.people}, after={"people": after.people, "language": after.language})
    except Overtaken:
        return _people_overtaken(desk, mine)
    return desk.go("/alerts")


def _chosen(desk: Desk) -> Listening:
    ids = [number_in(name.removeprefix(_PERSON)) for name in desk.form if name.startswith(_PERSON)]
    return Listening(tuple(sorted(one for one in ids if one is not None)), desk.form.get("language", ""))


def _listening(tx: Tx) -> Listening:
    return Listening(tuple(sorted(one.id for one in alerts.people(tx) if one.listens)), alerts.language(tx))


def _people_overtaken(desk: Desk, mine: Listening) -> Response[str]:
    """Show who was ticked, and beside it who somebody else ticked meanwhile."""
    gettext, spoken = translator(desk.locale).gettext, dict(_languages())
    with desk.tx() as tx:
        called = {one.id: one.name or one.email for one in alerts.people(tx)}
        both = (mine, _listening(tx))
        ticked = ["\n".join(called.get(one, "") for one in held.ids) for held in both]
        written = [spoken.get(held.language, held.language) for held in both]
        parts = [
            meeting.Part(gettext("Who gets a mail"), *ticked),
            meeting.Part(gettext("Language of alerts"), *written),
        ]
        beside = meeting.beside(desk, tx, "alerts.changed", parts, tells=lambda after: "people" in after)
    return _page(desk, status=409, beside=beside, mine=mine)


@post("/alerts/webhook", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("alerts.changed"))
def set_webhook(desk: AtDesk) -> Response[str] | Redirect:
    """Post alerts to an address from now on, or nowhere."""
    url = desk.form.get("url", "").strip()
    try:
        with desk.noted() as tx:
            before = meeting.standing(tx, "alerts by webhook", _webhook, url, drafts.base(desk))
            hearing.set_webhook(tx, url, _outbound(desk))
            desk.slip.tell(before={"url": before}, after={"url": _webhook(tx)})
    except Overtaken:
        with desk.tx() as tx:
            label = translator(desk.locale).gettext("Address that alerts are posted to")
            part = meeting.Part(label, url, _webhook(tx))
            beside = meeting.beside(desk, tx, "alerts.changed", [part], tells=lambda after: "url" in after)
        return _page(desk, status=409, beside=beside, url=url)
    except Invalid as error:
        return _page(desk, status=400, errors={"url": say(error, desk.locale)}, url=url)
    return desk.go("/alerts")


def _webhook(tx: Tx) -> str:
    return hearing.hearing(tx).webhook


@post("/alerts/secret", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("alerts.secret.renewed"))
def renew_secret(desk: AtDesk) -> Redirect:
    """Sign with a fresh secret from now on."""
    with desk.noted() as tx:
        hearing.renew_secret(tx)
    return desk.go("/alerts")


@post("/alerts/test", sync_to_thread=True, opt=needs(Right.MANAGE) | notes("alerts.tested"))
def test(desk: AtDesk) -> Response[str]:
    """Tell everybody a test, now, and say what came of it."""
    with desk.noted() as tx:
        alert = alerts.test(tx, desk.now)
    ways = desk.house.ways(translator)
    while tell_due(desk.house.database, desk.workspace.name, ways, desk.now, only=alert.id):
        pass
    return _page(desk, tried=alert.id)


def _outbound(desk: Desk) -> Outbound:
    return Outbound(private=desk.house.settings.outbound_private)


ROUTES = [show, choose_people, set_webhook, renew_secret, test]
