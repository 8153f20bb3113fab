"""The campaign composer: to whom and with what, beside whom that reaches and what they would read.

A campaign is edited for as long as it is a draft; once it was launched, its title, its priority and its end can change.
"""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.decide.intents import HIGH, LOW, NORMAL
from regulars.decide.policy import CHANNELS, EMAIL
from regulars.decide.tracking import TRACKING
from regulars.engage import forms
from regulars.speak import campaigns, library
from regulars.speak.campaigns import Campaign
from regulars.store.database import Tx
from regulars.understand import segments
from regulars.understand.reading import parse
from regulars.web.channelling import channel_called
from regulars.web.console import campaign_bounds, campaign_links, drafts, meeting
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.mail_looks import MAIL_POLICY, customer_chosen, look_of, people_to_see
from regulars.web.console.offering import called_here
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.errors import Conflict, Invalid, Overtaken, RegularsError, Unknown
from regulars.words.names import name_for

_FIELDS = ("title", "segment", "template", "purpose", "channel", "priority")
_PURPOSES = ("marketing", "service", "research")
_UNDO = "undo-campaign"
_UNDONE_WITHIN = timedelta(hours=1)
_START = {
    "title": "", "name": "", "segment": "", "template": "", "customer": "",
    "purpose": "marketing", "channel": EMAIL, "priority": str(NORMAL),
}  # fmt: skip


@get("/new/campaign", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("campaign.tried", "campaign"))
def new_campaign(desk: AtDesk, segment: FromQuery[str] = "", template: FromQuery[str] = "") -> Response[str]:
    """Show the composer with what was chosen on the page before, or with what was begun."""
    with desk.tx() as tx:
        draft = drafts.at(desk, tx, "campaign")
    chosen = {name: value for name, value in (("segment", segment), ("template", template)) if value}
    return _page(desk, {**draft.filled(_START | campaign_bounds.START | campaign_links.start()), **chosen}, {}, None)


@post("/new/campaign", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("campaign.made", "campaign"))
def create_campaign(desk: AtDesk) -> Response[str] | Redirect:
    """Show what was chosen would come to, or make a campaign of it, not yet live."""
    if desk.form.get("do") == "look":
        return _tried(desk, None)
    given = _given(desk)
    if wrong := _empty(desk, given):
        return _tried(desk, None, wrong)
    name = desk.form.get("name", "").strip()
    try:
        with desk.noted(label=given["title"], after=given) as tx:
            name = name or name_for(given["title"], {one.name for one in campaigns.list_campaigns(tx)}, "campaign")
            desk.slip.tell(name)
            bounds = campaign_bounds.read(desk.form, desk.workspace.zone)
            campaigns.create(tx, name, **given, **bounds, utm=campaign_links.read(desk.form, None, name))
            drafts.done(desk, tx, "campaign")
    except (Invalid, Conflict, Unknown) as error:
        return _tried(desk, None, {error.field: say(error, desk.locale)})
    return desk.go(f"/campaigns/{name}")


@get(
    "/campaigns/{name:str}/edit",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("campaign.tried", "campaign", by="name"),
)
def edit_campaign(desk: AtDesk, name: FromPath[str]) -> Response[str]:
    """Show a campaign in the composer, as it is or as one left it."""
    with desk.tx() as tx:
        campaign = campaigns.get(tx, name)
        draft = drafts.at(desk, tx, "campaign", name)
    saved = {field: str(getattr(campaign, field)) for field in _FIELDS} | campaign_links.fields_of(campaign.utm)
    saved |= campaign_bounds.fields_of(campaign, desk.workspace.zone)
    return _page(desk, draft.filled({**saved, "customer": ""}), {}, campaign)


@post(
    "/campaigns/{name:str}/edit",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("campaign.changed", "campaign", by="name"),
)
def save_campaign(desk: AtDesk, name: FromPath[str]) -> Response[str] | Redirect:
    """Show what was chosen would come to, or keep it."""
    with desk.tx() as tx:
        before = campaigns.get(tx, name)
    if desk.form.get("do") == "look":
        return _tried(desk, before)
    given = (
        _given(desk)
        if before.state == "draft"
        else {field: value for field, value in _given(desk).items() if field in campaigns.LATER}
    )
    if wrong := _empty(desk, given):
        return _tried(desk, before, wrong)
    try:
        utm = campaign_links.read(desk.form, before.utm) if before.state == "draft" else None
        bounds = campaign_bounds.read(desk.form, desk.workspace.zone)
        if before.state != "draft":
            bounds = {field: value for field, value in bounds.items() if field in campaigns.LATER}
        wanted = msgspec.structs.replace(before, **given, **bounds, utm=utm or before.utm)
        kept = _change(desk, name, wanted, drafts.replaced(desk))
    except Overtaken:
        return _meet(desk, name, given)
    except (Invalid, Conflict, Unknown) as error:
        return _tried(desk, before, {error.field or "title": say(error, desk.locale)})
    if kept.version == before.version:
        return desk.go(f"/campaigns/{name}")
    return desk.go(f"/campaigns/{name}?saved={desk.house.links.seal(_UNDO, before)}")


@post(
    "/campaigns/{name:str}/undo",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("campaign.changed", "campaign", by="name"),
)
def undo(desk: AtDesk, name: FromPath[str], to: FromQuery[str]) -> Redirect:
    """Let a campaign be what it was before the last change, unless somebody changed it since."""
    old = desk.house.links.unseal(_UNDO, to, Campaign, desk.now, _UNDONE_WITHIN)
    if old.name != name:
        raise Invalid("This belongs to another campaign. Go back to the page of yours.")
    _change(desk, name, old, old.version + 1)
    return desk.go(f"/campaigns/{name}?saved=undone")


def _change(desk: Desk, name: str, wanted: Campaign, replaces: int | None) -> Campaign:
    with desk.noted() as tx:
        before = campaigns.get(tx, name)
        after = campaigns.change(tx, name, wanted, replaces=replaces)
        drafts.done(desk, tx, "campaign", name)
        was, now = (_said(desk, one) for one in (before, after))
        other = [field for field in was if was[field] != now[field]]
        desk.slip.tell(
            label=after.title,
            before={field: was[field] for field in other},
            after={**{field: now[field] for field in other}, "version": after.version},
        )
        return after


def _said(desk: Desk, campaign: Campaign) -> dict[str, Any]:
    said = {field: getattr(campaign, field) for field in _FIELDS}
    bounds = campaign_bounds.fields_of(campaign, desk.workspace.zone)
    return said | bounds | {"utm": campaign_links.shown(campaign.utm)}


def _given(desk: Desk) -> dict[str, Any]:
    given = {field: desk.form.get(field, "").strip() for field in _FIELDS}
    return {**given, "channel": given["channel"] or EMAIL, "priority": number_in(given["priority"]) or NORMAL}


def _empty(desk: Desk, given: Mapping[str, Any]) -> dict[str, str]:
    return {field: say(Invalid("This is still empty."), desk.locale) for field, value in given.items() if not value}


def _priorities(desk: Desk) -> list[tuple[str, str]]:
    gettext = translator(desk.locale).gettext
    words = {HIGH: gettext("high"), NORMAL: gettext("normal"), LOW: gettext("low")}
    return [(str(one), text) for one, text in words.items()]


def _channels(desk: Desk) -> list[tuple[str, str]]:
    gettext = translator(desk.locale).gettext
    return [(one, channel_called(one, gettext)) for one in CHANNELS]


def _channel(form: Mapping[str, str]) -> str:
    chosen = form.get("channel", "")
    return chosen if chosen in CHANNELS else EMAIL


def _tried(desk: Desk, saved: Campaign | None, errors: Mapping[str, str] | None = None) -> Response[str]:
    """Show what was chosen would come to, or what is wrong; what a customer said stands there, so it is noted."""
    page = _page(desk, desk.form, dict(errors or {}), saved)
    desk.slip.shows("campaign.tried", "campaign", saved.name if saved else desk.form.get("name", ""))
    return page


def _meet(desk: Desk, name: str, given: Mapping[str, Any]) -> Response[str] | Redirect:
    """Show what was chosen beside what somebody else saved meanwhile."""
    with desk.tx() as tx:
        theirs = campaigns.get(tx, name)
        titles = segments.titles(tx)
    gettext = translator(desk.locale).gettext
    labels = {
        "title": gettext("Title"),
        "segment": gettext("Segment"),
        "template": gettext("Template"),
        "purpose": gettext("Purpose"),
        "channel": gettext("Channel"),
        "priority": gettext("Priority"),
    }
    called = {"segment": titles, "priority": dict(_priorities(desk)), "channel": dict(_channels(desk))}
    parts = [
        meeting.Part(labels[field], *(called.get(field, {}).get(str(one), str(one)) for one in both))
        for field, mine in given.items()
        for both in [(mine, getattr(theirs, field))]
    ]
    stands = campaign_bounds.fields_of(theirs, desk.workspace.zone)
    parts += [
        meeting.Part(label, desk.form.get(field, stands[field]), stands[field])
        for field, label in campaign_bounds.labels(gettext).items()
    ]
    utm = campaign_links.read(desk.form, theirs.utm) or theirs.utm
    if utm != theirs.utm:
        added = gettext("What is added to links")
        parts.append(meeting.Part(added, campaign_links.shown(utm), campaign_links.shown(theirs.utm)))
    met = meeting.Meeting("campaign", name, title=theirs.title, action="campaign.changed", version=str(theirs.version))
    return meeting.meet(desk, met, parts)


def _page(desk: Desk, form: Mapping[str, str], errors: dict[str, str], saved: Campaign | None) -> Response[str]:
    with desk.tx() as tx:
        people = people_to_see(desk, tx)
        chosen = form.get("customer") or (people[0][0] if people else "")
        named = list(segments.titles(tx).items())
        letters = _letters(desk, tx, form.get("template", ""))
        form = {**form, "customer": chosen}
        form["segment"] = form.get("segment") or (named[0][0] if named else "")
        form["template"] = form.get("template") or (letters[0][0] if letters else "")
        by = _channel(form)
        page = desk.page(
            "campaign_compose.html",
            status=400 if errors else 200,
            form=form,
            errors=errors,
            campaign=saved,
            draft=drafts.at(desk, tx, "campaign", saved.name if saved else ""),
            segments=named,
            templates=letters,
            purposes=[(one, f"{desk.may(one, by)} ({one})") for one in _purposes(tx, form.get("purpose", ""))],
            channels=_channels(desk),
            mail=by == EMAIL,
            priorities=_priorities(desk),
            people=people,
            action=f"{desk.home}/campaigns/{saved.name}/edit" if saved else f"{desk.home}/new/campaign",
            **_result(desk, tx, form | ({"name": saved.name} if saved else {}), chosen),
        )
    page.headers["content-security-policy"] = MAIL_POLICY
    return page


def _letters(desk: Desk, tx: Tx, chosen: str) -> list[tuple[str, str]]:
    """Return the templates that can be sent; one that was chosen and is archived meanwhile stays, and says so."""
    gone = translator(desk.locale).gettext("%(name)s (archived)")
    return [
        (one.name, gone % {"name": one.title} if one.archived else one.title)
        for one in library.labels(tx)
        if not one.archived or one.name == chosen
    ]


def _purposes(tx: Tx, chosen: str) -> list[str]:
    """Return what consents are about here: the usual purposes, those that forms here ask for, the chosen."""
    asked = [
        question.consent.purpose
        for form in forms.titles(tx)
        for question in forms.get_form(tx, form).survey.questions
        if question.consent and question.consent.purpose != TRACKING
    ]
    return list(dict.fromkeys(one for one in (*_PURPOSES, *asked, chosen) if one))


def _result(desk: Desk, tx: Tx, form: Mapping[str, str], customer: str) -> dict[str, Any]:
    """Return what was chosen comes to: the audience in a sentence and in numbers, and what they would read."""
    found: dict[str, Any] = {"segment": None, "sentence": "", "reach": None, "told": None, "stranger": None}
    with suppress(RegularsError):
        segment = segments.get_segment(tx, form["segment"])
        found["segment"] = segment
        found["sentence"] = segments.sentence(parse(segment.rule, None), translator(desk.locale), called_here(desk, tx))
        share = max(0, campaign_bounds.share_in(form))
        name = form.get("name", "")
        asked = Campaign(
            name, "", segment.name, "", form.get("purpose", ""), _channel(form), "draft", None, held_out=share
        )
        found["reach"] = campaigns.reach(tx, asked, desk.now)
    with suppress(Unknown):
        template = library.get_template(tx, form["template"])
        seen = customer_chosen(tx, customer)
        found["told"] = None if seen is None else look_of(desk, tx, template, seen)
        found["stranger"] = look_of(desk, tx, template, None)
    return found


ROUTES = [new_campaign, create_campaign, edit_campaign, save_campaign, undo]
