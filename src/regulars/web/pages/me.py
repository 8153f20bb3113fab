"""`/me/<token>`: what we remember, for the one it is about. GET shows; POST asks for a link, puts right, or forgets.

A message may have been passed on, so its link opens only what that message used, and a button that has a fresh link
sent to the address. The fresh one opens everything, for 15 minutes; then it is worth as much as a message's.
"""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from regulars.access.audit import HOUSE, Deed
from regulars.access.gone_records import ASKED
from regulars.access.links import OWN_MAX_AGE, Link
from regulars.engage import own_page, restricting
from regulars.engage.answers import as_typed
from regulars.engage.own_page import OWN, Thing
from regulars.engage.preferences import COUNTING, preferences
from regulars.engage.questions import Question
from regulars.hear.identities import identities_of
from regulars.remember import erasure_records as erasures
from regulars.remember.customers import customer_of
from regulars.remember.learning import OWN_PAGE, TEAM
from regulars.remember.pauses import lasts_until
from regulars.remember.restrictions import stands
from regulars.speak import notices
from regulars.store.database import Tx
from regulars.understand.counting import counted
from regulars.web.i18n import say
from regulars.web.pages.letters import your_page
from regulars.web.pages.own_door import Door, opened, opened_since
from regulars.web.pages.own_words import in_words, quoted, title
from regulars.web.pages.preferences import half_hidden, pause, words
from regulars.web.pages.visit import Visit
from regulars.web.pages.why import why_of
from regulars.web.pausing import lengths
from regulars.web.taking import everything, given
from regulars.web.wording import done_called
from regulars.words.errors import Invalid, LinkDead, Unknown
from regulars.words.kinds import PAGE, SCREEN

PAUSE = timedelta(hours=1)
"""At most one mail with a fresh link in this time: whoever has a message must not fill its owner's mailbox."""
_AS_FACTS = {PAGE: "pages_seen", SCREEN: "pages_seen", "Order Completed": "orders"}
"""Kinds of event whose number is a computed fact, too: it is said once."""


@get("/me/{token:str}", sync_to_thread=True)
def show(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[str]:
    """Show everything by a fresh link; by another what its message used, and how to get a fresh one."""
    door = opened(visit, token)
    with door.tx() as tx:
        return _everything(door, tx) if door.open else _ask(door, tx)


@post("/me/{token:str}", sync_to_thread=True)
def ask(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[Any]:
    """Have a fresh link sent to the address that the link at hand was sent to, and to no other."""
    door = opened(visit, token)
    asked = _send_link(door)
    return door.visit.go(door.url(f"?asked={asked}" if asked else ""))


def _send_link(door: Door) -> str:
    """Have a fresh link sent; return 'sent', 'before' where one was sent not long ago, '' where there is no address.

    Where a fresh link came to its end another may be asked for at once.
    """
    visit, link = door.visit, door.link
    with door.tx() as tx:
        address = _address(tx, link)
        if not address:
            return ""
        fresh = visit.house.links.sign_own(Link(link.workspace, link.identity_id))
        letter = your_page(visit, address, f"{visit.house.base_url}/me/{fresh}")
        pause = OWN_MAX_AGE if door.late else PAUSE
        sent = notices.post_rarely(tx, link.identity_id, letter, visit.now, pause)
    visit.house.waker.poke(link.workspace)
    return "sent" if sent else "before"


@get("/me/{token:str}/correct", sync_to_thread=True)
def look(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[Any]:
    """Show one thing with the field that puts it right, and the button that has it forgotten."""
    door = opened(visit, token)
    visit = door.visit
    if not door.open:
        return visit.go(door.url())
    with door.tx() as tx:
        one = own_page.thing(tx, door.link.identity_id, visit.asked("fact"), visit.now)
        question = own_page.question_of(tx, one, _title(visit, one))
        return _thing(door, one, question, as_typed(question, one.fact.value) or [one.fact.words])


@post("/me/{token:str}/correct", sync_to_thread=True)
def correct(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[Any]:
    """Take what somebody says instead; where the time of their link is over it waits on the page for a fresh one."""
    door = opened_since(opened(visit, token))
    visit = door.visit
    if not door.open:
        return _carried(door) if door.late and visit.from_our_pages else visit.go(door.url())
    given = list(visit.fields.get("answer", ()))
    with door.tx() as tx:
        one = own_page.thing(tx, door.link.identity_id, visit.field("fact"), visit.now)
        question = own_page.question_of(tx, one, _title(visit, one))
        try:
            own_page.correct(
                tx, door.link.identity_id, one, question, given, visit.now, locale=visit.locale, gettext=visit.gettext
            )
        except Invalid as wrong:
            return _thing(door, one, question, given, error=say(wrong, visit.locale))
    visit.house.waker.poke(door.link.workspace)
    return visit.go(door.url("?done=corrected"))


def _carried(door: Door) -> Response[str]:
    """Give back what was typed, with the way to a fresh link. We keep none of it, so nobody else can be shown it."""
    visit = door.visit
    asked = _send_link(door) if visit.field("do") == "link" else ""
    with door.tx() as tx:
        address = half_hidden(tx, door.link)
    typed = [one for one in visit.fields.get("answer", ()) if one.strip()]
    return door.page("me_carried.html", status=403, fact=visit.field("fact"), typed=typed, asked=asked, address=address)


@post("/me/{token:str}/forget", sync_to_thread=True)
def forget(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[Any]:
    """Have a thing forgotten."""
    door = opened(visit, token)
    visit = door.visit
    if not door.open:
        return visit.go(door.url())
    with door.tx() as tx:
        one = own_page.thing(tx, door.link.identity_id, visit.field("fact"), visit.now)
        own_page.forget(tx, door.link.identity_id, one, visit.now)
    visit.house.waker.poke(door.link.workspace)
    return visit.go(door.url("?done=forgotten"))


@post("/me/{token:str}/forget-me", sync_to_thread=True)
def forget_me(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[Any]:
    """Have its owner forgotten whole: a work process does it within moments, and nobody can take it back."""
    door = opened(visit, token)
    visit = door.visit
    if not door.open:
        return visit.go(door.url())
    if not visit.field("sure"):
        return visit.go(door.url("?done=unsure"))
    with door.tx() as tx:
        customer = customer_of(tx, door.link.identity_id)
        if customer is None:
            raise Unknown("We remember nothing about you yet.")
        if erasures.open_of(tx, customer) is None:
            erasures.ask(tx, customer, "erase", visit.now, by_customer=True)
            deed = Deed(ASKED, "customer", str(customer))
            visit.house.audit.note(tx, HOUSE, deed, visit.now)
    return visit.go(door.url("?done=going"))


@post("/me/{token:str}/pause", sync_to_thread=True)
def take_a_pause(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[Any]:
    """Begin a pause from messages, or end it."""
    door = opened(visit, token)
    visit = door.visit
    if not door.open:
        return visit.go(door.url())
    with door.tx() as tx:
        pause(tx, visit, door.link, OWN_PAGE)
    visit.house.waker.poke(door.link.workspace)
    return visit.go(door.url("?done=pause"))


@post("/me/{token:str}/restrict", sync_to_thread=True)
def restrict(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[Any]:
    """Keep everything and use it no more; or use it again."""
    door = opened(visit, token)
    visit = door.visit
    if not door.open:
        return visit.go(door.url())
    wanted = visit.field("restricted") == "yes"
    words = visit.gettext("Keep it and do not use it") if wanted else visit.gettext("Use it again")
    with door.tx() as tx:
        change = restricting.restrict if wanted else restricting.lift
        change(tx, door.link.identity_id, words, OWN_PAGE, visit.now)
    visit.house.waker.poke(door.link.workspace)
    return visit.go(door.url("?done=restricted"))


@get("/me/{token:str}/everything.zip", sync_to_thread=True)
def take(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[Any]:
    """Give everything to take along."""
    door = opened(visit, token)
    visit = door.visit
    if not door.open:
        return visit.go(door.url())
    with door.tx() as tx:
        customer = customer_of(tx, door.link.identity_id)
        if customer is None:
            raise Unknown("We remember nothing about you yet.")
        return given(everything(tx, customer), "everything")


def _everything(door: Door, tx: Tx) -> Response[str]:
    visit, identity = door.visit, door.link.identity_id
    customer = customer_of(tx, identity)
    groups: dict[str, list[tuple[Thing, str, str, str]]] = {"said": [], "imported": [], "counted": []}
    asked = own_page.asked_in(tx, visit.locale)
    for one in in_words(tx, visit, own_page.things(tx, identity, visit.now)):
        group = groups[one.fact.source if one.fact.source in OWN else "counted"]
        called, where = (asked.get(text, text) for text in (_title(visit, one), _where(visit, one)))
        group.append((one, called, where, quote(one.fact.name)))
    computed = {one.fact.name for one, *_ in groups["counted"]}
    held = preferences(tx, identity)
    return door.page(
        "me.html",
        groups=groups,
        counts=[
            (done_called(one.kind, visit.gettext), one)
            for one in (counted(tx, customer) if customer is not None else [])
            if _AS_FACTS.get(one.kind) not in computed
        ],
        held=[(words(one.about, visit.locale), one.granted) for one in held if one.about != COUNTING],
        counting=[(words(one.about, visit.locale), one.granted) for one in held if one.about == COUNTING],
        restricted=stands(tx, identity),
        until=lasts_until(tx, identity, visit.now),
        lengths=lengths(visit.gettext),
        leave=visit.house.links.sign(Link(door.link.workspace, identity)),
        address=half_hidden(tx, door.link),
        minutes=OWN_MAX_AGE.seconds // 60,
        done=visit.asked("done"),
        known=customer is not None,
        going=customer is not None and erasures.open_of(tx, customer) is not None,
    )


def _ask(door: Door, tx: Tx) -> Response[str]:
    try:
        used = why_of(tx, door.link)
    except LinkDead:
        used = None
    texts = own_page.asked_in(tx, door.visit.locale)
    return door.page(
        "me_ask.html",
        used=list(quoted(tx, door.visit, used, texts)) if used else [],
        address=half_hidden(tx, door.link),
        asked=door.visit.asked("asked"),
    )


def _thing(door: Door, one: Thing, question: Question, typed: list[str], *, error: str = "") -> Response[str]:
    return door.page(
        "me_thing.html",
        status=400 if error else 200,
        one=one,
        name=_title(door.visit, one),
        question=question,
        typed=typed,
        error=error,
        told=None,
        last=True,
    )


def _address(tx: Tx, link: Link) -> str:
    found = identities_of(tx, [link.identity_id])
    return found[0].value if found and found[0].kind == "email" else ""


def _title(visit: Visit, one: Thing) -> str:
    return title(visit, one.fact.name, one.fact.label)


def _where(visit: Visit, one: Thing) -> str:
    if one.fact.origin == OWN_PAGE:
        return visit.gettext("on this page")
    if one.fact.origin == TEAM:
        return visit.gettext("noted by our team")
    return one.title


ROUTES = [show, ask, look, correct, forget, forget_me, take_a_pause, restrict, take]
