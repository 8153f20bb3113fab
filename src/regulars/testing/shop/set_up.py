"""Sets up The Gift House: real orders, made-up people, and the one story that the demo tells, ready to be walked.

Every step leaves out what is there already, and the last one comes all at once: so it can be broken off anywhere and
begun again, and once it is complete it costs nothing.
"""

from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from time import sleep
from typing import Any

import msgspec

from regulars.access.people import add_person
from regulars.access.workspaces import create_workspace, find_workspace, get_workspace
from regulars.engage.forms import create_form, list_forms
from regulars.hear.identities import intern
from regulars.hear.orders import COMPLETED, import_orders
from regulars.loop.followers import FOLLOWERS, begin
from regulars.remember.customers import customer_of
from regulars.speak import campaigns
from regulars.speak.library import save_template
from regulars.store.database import Database, Tx
from regulars.store.dispatch import Dispatcher
from regulars.store.follow import lags
from regulars.store.records import head
from regulars.testing.shop.answers import QUIZ, answer_quiz
from regulars.testing.shop.kept import CHANNEL, PURPOSE, bring
from regulars.testing.shop.lately import moved_on, weeks_on
from regulars.testing.shop.people import IEVA, ORDERS, Regular, met, people, regulars
from regulars.understand import funnels_kept
from regulars.understand.segments import create_segment
from regulars.words.errors import Unavailable

WORKSPACE = "demo"
TITLE = "The Gift House"
SENDER = "The Gift House <hello@gifthouse.example>"
OWNER = ("harriet@gifthouse.example", "Harriet")
BUDGET = "gift-budget"
FORMS = (QUIZ, BUDGET)
LAST = "within-budget"
"""What is made last: where it is, everything is."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how far it is, and how far it goes."""

_PATIENCE = 0.05


class Shop(msgspec.Struct, frozen=True):
    """The shop, and the regular whose links one walks the story with."""

    workspace: str
    title: str
    owner: str
    """The e-mail address of who may log in."""
    form: str
    """The quiz that begins the story."""
    regular: Regular
    regular_address: int
    """The identity of the regular's e-mail address."""
    regular_customer: int


class _Segment(msgspec.Struct, frozen=True):
    name: str
    title: str
    rule: Any


class _Campaign(msgspec.Struct, frozen=True):
    name: str
    title: str
    segment: str
    letter: str
    """The title of its template."""
    asks: str | None


_CAMPAIGNS = (
    _Campaign(
        "remember-the-occasion",
        "We remember the birthday",
        "gives-for-birthdays",
        "A reminder of the birthday",
        asks=BUDGET,
    ),
    _Campaign(LAST, "Three ideas within the budget", "told-us-a-budget", "Three gifts they can afford", asks=None),
)


_COMES_BACK = {"steps": [{"event": COMPLETED}] * 3, "window_days": 90, "within_days": 365}


def _quiet(_what: str, _done: int, _all: int) -> None:
    """Tell nobody."""


def set_up(database: Database, now: datetime, progress: Progress = _quiet) -> Shop:
    """Set up the shop where it is not yet complete, and return it. The shared schema must be there."""
    if not _complete(database):
        _begin(database)
        with moved_on(ORDERS, weeks_on(database, WORKSPACE, now)) as orders:
            everyone = people(met(orders))
            import_orders(
                database, WORKSPACE, orders, progress=lambda _, read, size: progress("Importing orders", read, size)
            )
        bring(database, WORKSPACE, everyone, lambda done, size: progress("Introducing the customers", done, size))
        _make_forms(database, now)
        answer_quiz(database, WORKSPACE, everyone, now, lambda done, size: progress("Asking the quiz", done, size))
        _remember(database, now, lambda done, size: progress("Remembering", done, size))
        _tell_the_story(database, now)
        progress("Opening the shop", 1, 1)
    return _shop(database, regulars()[IEVA])


def _complete(database: Database) -> bool:
    if find_workspace(database, WORKSPACE) is None:
        return False
    get_workspace(database, WORKSPACE)  # one that was deleted says so
    with database.workspace(WORKSPACE) as tx:
        return LAST in {campaign.name for campaign in campaigns.list_campaigns(tx)}


def _begin(database: Database) -> None:
    if find_workspace(database, WORKSPACE) is None:
        create_workspace(database, WORKSPACE, TITLE, delivery="sandbox", sender=SENDER)
    add_person(database, *OWNER, WORKSPACE)
    with database.workspace(WORKSPACE) as tx:
        begin(tx)


def _make_forms(database: Database, now: datetime) -> None:
    with database.workspace(WORKSPACE) as tx:
        there = {form.name for form in list_forms(tx)}
        for name in FORMS:
            if name not in there:
                create_form(tx, name, msgspec.json.decode(_read(f"forms/{name}.json")), now)


def _remember(database: Database, now: datetime, told: Callable[[int, int], None]) -> None:
    """Follow the log to its end, so that segments and campaigns find everybody."""
    dispatcher = Dispatcher(database, FOLLOWERS, lambda: [WORKSPACE], lambda: now)
    while True:
        more = dispatcher.turn(WORKSPACE)
        with database.workspace(WORKSPACE) as tx:
            end = head(tx)
            behind = max((lag.behind for lag in lags(tx) if not lag.paused), default=0)
        told(end - behind, end)
        if not behind:
            return
        if not more:  # another worker has the rest in hand
            sleep(_PATIENCE)


def _tell_the_story(database: Database, now: datetime) -> None:
    """Make segments, the funnel, templates and campaigns, all or nothing."""
    with database.workspace(WORKSPACE) as tx:
        for segment in msgspec.json.decode(_read("segments.json"), type=list[_Segment]):
            create_segment(tx, segment.name, segment.title, segment.rule, now)
        funnels_kept.create(tx, "comes-back", "From the first order to the third", _COMES_BACK, now)
        for campaign in _CAMPAIGNS:
            _launch(tx, campaign, now)


def _launch(tx: Tx, campaign: _Campaign, now: datetime) -> None:
    subject, html, text = (_read(f"templates/{campaign.name}.{part}").decode() for part in ("subject", "html", "txt"))
    save_template(
        tx, campaign.name, title=campaign.letter, subject=subject.strip(), html=html, text=text, ask=campaign.asks
    )
    campaigns.create(
        tx,
        campaign.name,
        title=campaign.title,
        segment=campaign.segment,
        template=campaign.name,
        purpose=PURPOSE,
        channel=CHANNEL,
    )
    campaigns.launch(tx, campaign.name, now)


def _shop(database: Database, regular: Regular) -> Shop:
    with database.workspace(WORKSPACE) as tx:
        pairs = ("customer", regular.number), ("email", regular.email)
        numbers = intern(tx, pairs)
        customer = customer_of(tx, numbers[pairs[0]])
    if customer is None:
        raise Unavailable("The shop's customers are being remembered anew. Try again in a moment.")
    return Shop(
        workspace=WORKSPACE,
        title=TITLE,
        owner=OWNER[0],
        form=QUIZ,
        regular=regular,
        regular_address=numbers[pairs[1]],
        regular_customer=customer,
    )


def _read(name: str) -> bytes:
    return (files(__package__ or "regulars.testing.shop") / name).read_bytes()
