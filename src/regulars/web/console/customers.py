"""One customer, as a conversation beside what we remember."""

from collections.abc import Mapping

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.decide import suppressions
from regulars.decide.policy import CHANNELS
from regulars.engage import preferences, stopping
from regulars.measure import fact_usage
from regulars.measure.talk import talk, veiled
from regulars.remember import (
    catalogue,
    commerce,
    consents,
    customers,
    facts,
    frequencies,
    merging,
    pauses,
    restrictions,
    timeline,
)
from regulars.remember.did import OF_ORDERS
from regulars.remember.memory import memory
from regulars.store.database import Tx
from regulars.understand import lists
from regulars.understand.finding import about_of
from regulars.understand.segments import titles
from regulars.web import spacing
from regulars.web.console import reasons
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import Way
from regulars.web.console.veil import untold
from regulars.web.fact_words import saying
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.web.pausing import choose, lengths
from regulars.words.errors import Invalid

TALK = 50
NEWEST_ORDERS = 3
WANTED = 3


@get("/customers/{customer_id:int}", sync_to_thread=True, opt=notes("customer.seen", "customer", by="customer_id"))
def one_customer(
    desk: AtDesk,
    customer_id: FromPath[int],
    before: FromQuery[str] = "",
    only: FromQuery[str] = "",
    channel: FromQuery[str] = "",
) -> Response[str]:
    """Show the conversation with a customer: the newest part, or the one before a point; all of it, or a part."""
    return customer_page(desk, customer_id, {}, before, only if only in timeline.SHOWN else "", channel)


def customer_page(
    desk: Desk, customer_id: int, errors: dict[str, str], before: str = "", only: str = "", channel: str = ""
) -> Response[str]:
    """Return the page of a customer, with what was wrong about what was typed there."""
    way = Way(f"{desk.home}/customers/{customer_id}", {"only": only, "channel": channel})
    with desk.tx() as tx:
        customer = customers.get_customer(tx, customer_id)
        desk.slip.tell(customer.id)
        point = timeline.point(before) if before else None
        events = timeline.timeline(tx, customer.id, before=point, limit=TALK + 1, only=only, channel=channel)
        known = facts.current(tx, customer.id)
        hidden = set[str]() if desk.can("care") else catalogue.hidden_among(tx, known)
        known, listed = catalogue.masked(known, hidden), facts.catalogue(tx)
        shown = untold(desk, tx, customer.id, events[:TALK][::-1])
        return desk.page(
            "customer.html",
            status=400 if errors else 200,
            form=desk.form,
            errors=errors,
            customer=customer,
            identities=customers.identities_of(tx, customer.id),
            suppressed={one.identity_id: one for one in suppressions.of_customer(tx, customer.id)},
            merges=merging.joined(tx, customer.id),
            apart=merging.parted(tx, customer.id),
            talk=veiled(talk(tx, shown, known), hidden),
            why=reasons.of_events(desk, tx, customer.id, shown),
            memory=memory(known, listed),
            value_called=saying(tx, desk.locale),
            consents=consents.deciding(tx, customer.id),
            restricted=restrictions.stands(tx, customer.id),
            paused=pauses.lasts_until(tx, customer.id, desk.now),
            often=frequencies.days_of(tx, customer.id),
            offered=spacing.offered(translator(desk.locale).gettext),
            lengths=lengths(translator(desk.locale).gettext),
            earlier=way.but(before=timeline.mark(events[TALK - 1])) if len(events) > TALK else None,
            way=way,
            only=only,
            channel=channel,
            channels=CHANNELS,
            titles=titles(tx),
            lists=lists.titles(tx),
            **_lists(desk, tx, customer.id),
            orders=commerce.orders(tx, commerce.of_customer(tx, customer.id), limit=NEWEST_ORDERS + 1),
            computed=OF_ORDERS,
            counted={name for name, one in listed.items() if one.computed},
            contradictions=catalogue.contradictions(tx, customer.id) if desk.can("care") else {},
            wanted=fact_usage.missing_of(tx, customer.id)[:WANTED],
            later=bool(before),
        )


def _lists(desk: Desk, tx: Tx, customer_id: int) -> dict[str, Mapping[str, str]]:
    return {
        "on_lists": lists.among(tx, customer_id),
        "other_lists": lists.names(tx) if desk.can("compose") else {},
    }


@post(
    "/customers/{customer_id:int}/pause",
    sync_to_thread=True,
    opt=needs(Right.CARE) | notes("pause.changed", "customer", by="customer_id"),
)
def pause_messages(desk: AtDesk, customer_id: FromPath[int]) -> Response[str] | Redirect:
    """Begin a pause from messages in a customer's name, or end it."""
    try:
        with desk.noted() as tx:
            customer = customers.get_customer(tx, customer_id)
            before = pauses.lasts_until(tx, customer.id, desk.now)
            until = choose(
                tx,
                customer.id,
                desk.form.get("pause", ""),
                how="by the team, in the console",
                locale=desk.locale,
                zone=desk.workspace.zone,
                now=desk.now,
                words=desk.form.get("words", "").strip(),
            )
            desk.slip.tell(customer.id, before={"until": before}, after={"until": until})
    except Invalid as error:
        page = customer_page(desk, customer_id, {error.field: say(error, desk.locale)})
        desk.slip.shows("customer.seen", "customer", customer_id)
        return page
    desk.house.waker.poke(desk.workspace.name)
    return desk.go(f"/customers/{customer.id}#consents")


@post(
    "/customers/{customer_id:int}/frequency",
    sync_to_thread=True,
    opt=needs(Right.CARE) | notes("frequency.changed", "customer", by="customer_id"),
)
def space_messages(desk: AtDesk, customer_id: FromPath[int]) -> Response[str] | Redirect:
    """Say in a customer's name how often they want to be written to."""
    try:
        with desk.noted() as tx:
            customer = customers.get_customer(tx, customer_id)
            before = frequencies.days_of(tx, customer.id)
            days = spacing.choose(
                tx,
                customer.id,
                desk.form.get("frequency", ""),
                how="by the team, in the console",
                locale=desk.locale,
                now=desk.now,
                words=desk.form.get("asked", "").strip(),
            )
            desk.slip.tell(customer.id, before={"days": before}, after={"days": days})
    except Invalid as error:
        field = "asked" if error.field == "words" else "frequency"
        page = customer_page(desk, customer_id, {field: say(error, desk.locale)})
        desk.slip.shows("customer.seen", "customer", customer_id)
        return page
    desk.house.waker.poke(desk.workspace.name)
    return desk.go(f"/customers/{customer.id}#consents")


@post(
    "/customers/{customer_id:int}/stop",
    sync_to_thread=True,
    opt=needs(Right.CARE) | notes("consent.recorded", "customer", by="customer_id"),
)
def stop_messages(desk: AtDesk, customer_id: FromPath[int]) -> Response[str] | Redirect:
    """Withdraw a consent in a customer's name, in the words in which they asked for it."""
    try:
        about, said = about_of(desk.form.get("about", "")), desk.form.get("why", "").strip()
        stopping.check(about, said)
        with desk.noted() as tx:
            customer = customers.get_customer(tx, customer_id)
            desk.slip.tell(customer.id, after={"purpose": about[0], "channel": about[1], "granted": False})
            how = "by the team"  # it is proof that the customer takes along: who it was stands in the audit log
            now = desk.now
            preferences.record(tx, customer.id, about, granted=False, words=said, how=how, at=now, now=now)
    except Invalid as error:
        field = "why" if error.field == "words" else "about"
        page = customer_page(desk, customer_id, {field: say(error, desk.locale)})
        desk.slip.shows("customer.seen", "customer", customer_id)
        return page
    desk.house.waker.poke(desk.workspace.name)
    return desk.go(f"/customers/{customer.id}#consents")


ROUTES = [one_customer, pause_messages, space_messages, stop_messages]
