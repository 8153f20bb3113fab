"""Campaigns: the list, one with its numbers, launching and stopping."""

from contextlib import suppress
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.measure.campaigns import CAME, STATES, count_people, numbers, people, people_found
from regulars.measure.lifting import compared
from regulars.remember.folding import holds
from regulars.speak import campaigns
from regulars.speak.library import titles as template_titles
from regulars.store.pulse import position
from regulars.understand import segments
from regulars.web import cursors
from regulars.web.console import undoing
from regulars.web.console.asking_once import ask, sure
from regulars.web.console.campaign_results import came_of
from regulars.web.console.desk import AtDesk, needs
from regulars.web.console.listing import Way, nothing, part, picked
from regulars.web.console.veil import refuse, telling_segments
from regulars.web.i18n import translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.errors import Unknown

PAGE = 50
_CONSENT_QUESTION = """{{"type": "boolean", "name": "may_write", "title": "May we write to you?",
 "labelTrue": "Yes, write to me by e-mail.",
 "consent": {{"purpose": "{purpose}", "channel": "{channel}"}}}}"""


@get("/campaigns", sync_to_thread=True)
def campaign_list(
    desk: AtDesk, q: FromQuery[str] = "", only: FromQuery[str] = "", after: FromQuery[str] = ""
) -> Response[str]:
    """Show a part of the campaigns with their numbers: of all, or of those of a title or state."""
    q, gettext = q.strip(), translator(desk.locale).gettext
    words = {
        "draft": gettext("draft"),
        "planned": gettext("planned"),
        "live": gettext("live"),
        "paused": gettext("paused"),
        "stopped": gettext("stopped"),
        "cancelled": gettext("cancelled"),
    }
    way = Way(f"{desk.home}/campaigns", {"q": q, "only": only})
    with desk.tx() as tx:
        whole = campaigns.list_campaigns(tx)
        listed = [one for one in whole if only in {"", one.state} and holds(q, one.title, one.name)]
        shown = part(way, listed, after, lambda one: one.name)
        counted = numbers(tx, [one.name for one in shown.items])
        return desk.page(
            "campaigns.html",
            any=bool(whole),
            q=q,
            only=only,
            states=[("", gettext("any state")), *words.items()],
            chips=([way.chip(desk.quoted(q), "q")] if q else [])
            + ([way.chip(words.get(only, only), "only")] if only else []),
            part=shown,
            campaigns=[(one, counted[one.name]) for one in shown.items],
            titles=segments.titles(tx),
        )


@post("/stopped/campaigns", sync_to_thread=True, opt=needs(Right.SEND) | notes("campaign.stopped", "campaign"))
def stop_many(desk: AtDesk) -> Response[str] | Redirect:
    """Stop those live campaigns that were ticked, asked once."""
    chosen, texts = set(picked(desk)), translator(desk.locale)
    with desk.tx() as tx:
        live = [one for one in campaigns.list_campaigns(tx) if one.name in chosen and one.state in campaigns.UNDER_WAY]
    if not live:
        return nothing(desk, "/campaigns")
    if not sure(desk):
        return ask(
            desk,
            title=texts.gettext("Stop campaigns"),
            question=texts.gettext("Messages that still wait are not sent, and that cannot be taken back."),
            text=texts.gettext("Stop them"),
            back="/campaigns",
            names=[one.title for one in live],
        )
    with desk.noted(name=", ".join(one.name for one in live), after={"state": "stopped"}) as tx:
        for one in live:
            campaigns.stop(tx, one.name)
        done = undoing.did(desk, tx, "campaigns.stopped", [one.title for one in live])
    return undoing.land(desk, "/campaigns", done)


@get("/campaigns/{name:str}", sync_to_thread=True)
def one_campaign(
    desk: AtDesk, name: FromPath[str], saved: FromQuery[str] = "", days: FromQuery[str] = ""
) -> Response[str]:
    """Show one campaign: its numbers, what came of it, and how to launch or stop it."""
    with desk.tx() as tx:
        since = position(tx)
        campaign = campaigns.get(tx, name)
        segment = None
        with suppress(Unknown):  # it may have been deleted after the campaign was stopped
            segment = segments.get_segment(tx, campaign.segment)
        came: dict[str, Any] = came_of(desk, tx, campaign, days) if campaign.launched_at else {"results": None}
        return desk.page(
            "campaign.html",
            since=since,
            saved=saved,
            campaign=campaign,
            letter=template_titles(tx).get(campaign.template, campaign.template),
            numbers=numbers(tx, [name])[name],
            reasons=campaigns.reasons(tx, name),
            lifted=compared(tx, name),
            segment=segment,
            veiled=campaign.segment in telling_segments(desk, tx),
            reach=campaigns.reach(tx, campaign, desk.now) if segment and campaign.state == "draft" else None,
            consent_question=_CONSENT_QUESTION.format(purpose=campaign.purpose, channel=campaign.channel),
            **came,
        )


@get("/campaigns/{name:str}/people", sync_to_thread=True, opt=notes("campaign.people.seen", "campaign", by="name"))
def campaign_people(
    desk: AtDesk, name: FromPath[str], q: FromQuery[str] = "", only: FromQuery[str] = "", after: FromQuery[str] = ""
) -> Response[str]:
    """Show to whom a campaign went, the people behind its numbers: all, or those in a state, or whom a search finds."""
    (place,) = cursors.read(after, tuple[int]) or (None,)
    q = q.strip()
    way = Way(f"{desk.home}/campaigns/{name}/people", {"q": q, "only": only})
    with desk.tx() as tx:
        refuse([campaigns.get(tx, name).segment], telling_segments(desk, tx))
        if q:
            shown, total = people_found(tx, name, q, only or None, limit=PAGE + 1, before=place)
        else:
            shown = people(tx, name, only or None, limit=PAGE + 1, before=place)
            total = count_people(tx, name, only or None)
        return desk.page(
            "campaign_people.html",
            campaign=campaigns.get(tx, name),
            any=bool(count_people(tx, name)),
            q=q,
            state=only,
            states=[*STATES, *(one for one in CAME if one != "bounced" or only == one)],
            people=shown[:PAGE],
            total=total,
            way=way,
            earlier=way.but() if place else "",
            later=way.but(after=cursors.made(shown[PAGE - 1].message_id)) if len(shown) > PAGE else "",
        )


@post(
    "/campaigns/{name:str}/launch",
    sync_to_thread=True,
    opt=needs(Right.SEND) | notes("campaign.launched", "campaign", by="name"),
)
def launch(desk: AtDesk, name: FromPath[str]) -> Redirect:
    """Address the segment, now and from now on."""
    with desk.noted() as tx:
        before = campaigns.get(tx, name).state
        addressed = campaigns.launch(tx, name, desk.now, looked_at=number_in(desk.form.get("version", "")))
        after = {"state": campaigns.get(tx, name).state, "addressed": addressed}
        desk.slip.tell(before={"state": before}, after=after)
    desk.house.waker.poke(desk.workspace.name)
    return desk.go(f"/campaigns/{name}")


@post(
    "/campaigns/{name:str}/stop",
    sync_to_thread=True,
    opt=needs(Right.SEND) | notes("campaign.stopped", "campaign", by="name"),
)
def stop(desk: AtDesk, name: FromPath[str]) -> Redirect:
    """Send nothing more."""
    with desk.noted() as tx:
        before = campaigns.get(tx, name).state
        campaigns.stop(tx, name)
        desk.slip.tell(before={"state": before}, after={"state": campaigns.get(tx, name).state})
    return desk.go(f"/campaigns/{name}")


ROUTES = [campaign_list, stop_many, one_campaign, campaign_people, launch, stop]
