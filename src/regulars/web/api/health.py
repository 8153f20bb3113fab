"""What is wrong, in words; figures against their usual week; who is told, and what was told."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from litestar import Response, get, post, put
from litestar.params import FromPath, FromQuery

from regulars.access.workspaces import get_workspace
from regulars.measure import alerts, figures, hearing
from regulars.measure.alert_records import Telling
from regulars.measure.figures import Week
from regulars.measure.findings import Finding
from regulars.measure.hearing import Hearing
from regulars.measure.saying import say
from regulars.measure.telling import tell_due
from regulars.measure.voice import Voice
from regulars.measure.watching import everything_wrong
from regulars.outbound import Outbound
from regulars.remember.folding import holds
from regulars.store.database import Tx
from regulars.web import cursors
from regulars.web.api.entry import ADMIN, AnyRequest, Cursor, Limit, Listing, opened, part, part_of, reader_of
from regulars.web.api.once import Nothing, once
from regulars.web.api.replacing import check_newest, hold
from regulars.web.api.telling import told
from regulars.web.i18n import catalogues, translator
from regulars.web.noting import notes, slip_of
from regulars.web.voices import voice_of
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid

_NEWEST = 100
_LOOKED_AT = 2_000
"""The newest of what was told, among which is searched: it is put into words for that."""


class FoundWrong(msgspec.Struct, frozen=True):
    """Something that is wrong: how bad it is (look or act), since when, and in words; `detail` has its figures."""

    name: str
    about: str
    severity: str
    since: datetime | None
    said: str
    means: str
    do: str
    detail: dict[str, Any]


class Watched(msgspec.Struct, frozen=True):
    """Whether somebody is told when a figure falls or rises."""

    kind: str
    watched: bool


class PastAlert(msgspec.Struct, frozen=True):
    """An alert: that something began, worsened or ended (or a test), and what came of telling it."""

    id: str
    at: datetime
    change: str
    finding: str
    about: str
    severity: str
    said: str
    tellings: list[Telling]


class AlertSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is told: addresses of people of the team, where alerts are posted to (empty: nowhere), in which language.

    `replaces`: who was told when you looked, as GET gave it. Where it is something else by now, it is refused with 409
    and overwrites nothing; the answer tells in `stands` what there is.
    """

    people: list[str] = []
    webhook: str = ""
    language: str = "en"
    replaces: Hearing | None = None


@get("/findings", sync_to_thread=True)
def list_findings(request: AnyRequest, limit: Limit = 50, cursor: Cursor = "") -> Listing[FoundWrong]:
    """List what is wrong now, what wants to be done first on top; in the language of Accept-Language."""
    house: House = request.app.state.house
    voice, now = _voice(request), utc_now()
    found, _ = everything_wrong(house.database, request.state.workspace, house.settings, now)
    return part_of([_wrong(one, voice, now) for one in found], limit, cursor, lambda one: f"{one.name} {one.about}")


def _wrong(one: Finding, voice: Voice, now: datetime) -> FoundWrong:
    said = say(one, voice, now)
    return FoundWrong(one.name, one.about, one.severity, one.since, said.what, said.means, said.do, one.detail)


@get("/figures/{name:str}", sync_to_thread=True, opt=told(name="Order Completed"))
def get_figure(request: AnyRequest, name: FromPath[str]) -> Week:
    """Return the last seven days of a kind of event, hour by hour, and how many are usual."""
    zone = _voice(request).zone
    with opened(request) as tx:
        return figures.last_week(tx, name, utc_now(), zone)


@post(
    "/figures/{name:str}/leave",
    sync_to_thread=True,
    opt=told(name="page", takes=Nothing, gives=Watched) | notes("figure.left", "kind", by="name"),
)
def leave_figure(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Tell nobody any more when a kind of event falls or rises suddenly."""
    return _set(request, name, watched=False)


@post(
    "/figures/{name:str}/watch",
    sync_to_thread=True,
    opt=told(name="page", takes=Nothing, gives=Watched) | notes("figure.watched", "kind", by="name"),
)
def watch_figure(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
    """Tell again when a kind of event falls or rises suddenly."""
    return _set(request, name, watched=True)


def _set(request: AnyRequest, name: str, *, watched: bool) -> Response[bytes]:
    def change(tx: Tx, _: Nothing) -> Watched:
        figures.set_watched(tx, name, watched=watched)
        return Watched(name, watched)

    return once(request, Nothing, change)


@get("/alerts", sync_to_thread=True, opt=ADMIN | told(query={"q": "orders"}))
def list_alerts(
    request: AnyRequest, q: FromQuery[str] = "", limit: Limit = 50, cursor: Cursor = ""
) -> Listing[PastAlert]:
    """List what was told, the newest first: all, or of the last 2,000 by words (`q`) or whom it reached.

    It is said, and found, in the language of Accept-Language.
    """
    if q.strip():
        with opened(request) as tx:
            whole = _past(request, alerts.history(tx, limit=_LOOKED_AT))
        said = [one for one in whole if holds(q, one.said, *(telling.target for telling in one.tellings))]
        return part_of(said, limit, cursor, lambda one: one.id)
    place = cursors.read(cursor, tuple[datetime, str])
    with opened(request) as tx:
        found = _past(request, alerts.history(tx, limit=limit + 1, after=place))
        return part(found, alerts.count(tx), limit, lambda one: (one.at, one.id))


def _past(request: AnyRequest, told: list[alerts.Told]) -> list[PastAlert]:
    voice = _voice(request)
    return [
        PastAlert(
            one.alert.id,
            one.alert.at,
            one.alert.change,
            one.alert.name,
            one.alert.about,
            one.alert.severity,
            "" if one.alert.change == "test" else say(one.alert.finding, voice, one.alert.at).what,
            one.tellings,
        )
        for one in told
    ]


@get("/alerts/settings", sync_to_thread=True, opt=ADMIN)
def get_alert_settings(request: AnyRequest) -> Hearing:
    """Return who is told when something is wrong."""
    with opened(request) as tx:
        return hearing.hearing(tx)


@put(
    "/alerts/settings",
    sync_to_thread=True,
    opt=told(
        takes=AlertSettings,
        gives=Hearing,
        body={"people": [], "webhook": "https://hooks.example/regulars", "language": "en"},
    )
    | notes("alerts.changed"),
)
def set_alert_settings(request: AnyRequest) -> Response[bytes]:
    """Say who is told when something is wrong. The webhook's secret stays; the console shows it."""

    def change(tx: Tx, said: AlertSettings) -> Hearing:
        hold(tx, "alerts by mail", "alerts by webhook")
        before = hearing.hearing(tx)
        check_newest(_seen(before), _seen(said.replaces) if said.replaces else None, _seen(said))
        hearing.set_people(tx, _ids(tx, said.people))
        hearing.set_webhook(tx, said.webhook, Outbound(private=_house(request).settings.outbound_private))
        if said.language not in catalogues():
            raise Invalid("'{language}' is no language of alerts.", language=said.language[:20])
        hearing.set_language(tx, said.language)
        after = hearing.hearing(tx)
        slip_of(request).tell(before=msgspec.structs.asdict(before), after=msgspec.structs.asdict(after))
        return after

    return once(request, AlertSettings, change)


def _seen(said: Hearing | AlertSettings) -> Hearing:
    return Hearing(sorted(one.casefold() for one in said.people), said.webhook.strip(), said.language)


def _ids(tx: Tx, emails: list[str]) -> list[int]:
    team = {one.email: one.id for one in alerts.people(tx)}
    strangers = [one for one in emails if one.casefold() not in team]
    if strangers:
        raise Invalid("Nobody of the team has the e-mail '{email}'.", email=strangers[0][:200])
    return [team[one.casefold()] for one in emails]


@post("/alerts/test", sync_to_thread=True, opt=told(takes=Nothing, gives=PastAlert) | notes("alerts.tested"))
def test_alerts(request: AnyRequest) -> Response[bytes]:
    """Tell everybody a test, and return what came of it; `waiting` where it is still on its way."""
    house = _house(request)

    def start(tx: Tx, _: Nothing) -> PastAlert:
        alert = alerts.test(tx, utc_now())
        return next(one for one in _past(request, alerts.history(tx, limit=_NEWEST)) if one.id == alert.id)

    answer = once(request, Nothing, start)
    made = msgspec.json.decode(answer.content, type=PastAlert)
    ways = house.ways(translator)
    while tell_due(house.database, request.state.workspace, ways, utc_now(), only=made.id):
        pass
    with opened(request) as tx:
        done = next((one for one in _past(request, alerts.history(tx, limit=_NEWEST)) if one.id == made.id), made)
    return Response(msgspec.json.encode(done), status_code=answer.status_code, media_type="application/json")


def _house(request: AnyRequest) -> House:
    return request.app.state.house


def _voice(request: AnyRequest) -> Voice:
    zone = get_workspace(_house(request).database, request.state.workspace).zone
    return voice_of(reader_of(request), str(ZoneInfo(zone)))


HANDLERS = [
    list_findings,
    get_figure,
    leave_figure,
    watch_figure,
    list_alerts,
    get_alert_settings,
    set_alert_settings,
    test_alerts,
]
