"""What people read for words of ours: what may be written about, what a fact is called, what a follower does."""

import re
from collections.abc import Callable

from regulars.decide.tracking import TRACKING
from regulars.remember import understood
from regulars.remember.did import LABELS
from regulars.words.kinds import PAGE, SCREEN

Gettext = Callable[[str], str]


def permission(purpose: str, channel: str, gettext: Gettext) -> str:
    """Return what somebody allows who allows this: the words beside the box they tick."""
    if purpose == TRACKING:
        return gettext("Count whether I open messages and which links I follow")
    channels = {"email": gettext("by e-mail"), "sms": gettext("by SMS"), "phone": gettext("by phone")}
    return f"{purpose_called(purpose, gettext)} {channels.get(channel) or _plain(channel)}"


def purpose_called(purpose: str, gettext: Gettext) -> str:
    """Return what people call that which a customer may be written to about."""
    known = {
        "marketing": gettext("Ideas, news and offers"),
        "service": gettext("News about my orders"),
        "research": gettext("Questions about what I think"),
    }
    return known.get(purpose) or _plain(purpose)


def fact_called(name: str, gettext: Gettext, label: str = "") -> str:
    """Return what people call a fact: as it was asked for or computed, else its name in words, as of a shop's trait."""
    if label:
        return computed_called(name, label, gettext) or label
    known = {
        "name": gettext("Full name"),
        "first_name": gettext("First name"),
        "last_name": gettext("Last name"),
        "email": gettext("E-mail address"),
        "phone": gettext("Phone number"),
        "birthday": gettext("Birthday"),
        "country": gettext("Country"),
        "address.country": gettext("Country"),
        "city": gettext("City"),
        "address.city": gettext("City"),
        "company": gettext("Company"),
    }
    last = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    return known.get(last) or _plain(name.rpartition(".")[2])


def computed_called(name: str, label: str, gettext: Gettext) -> str:
    """Return what people call a fact that the house computes and named; nothing for one that somebody named."""
    if {**LABELS, **understood.LABELS}.get(name) == label:
        return {
            "first_seen": gettext("First seen"),
            "last_seen": gettext("Last seen"),
            "pages_seen": gettext("Pages looked at"),
            "products_viewed": gettext("Products looked at"),
            "category_viewed_most": gettext("Category looked at most"),
            "orders": gettext("Orders"),
            "first_order": gettext("First order"),
            "last_order": gettext("Last order"),
            "days_between_orders": gettext("Days between orders"),
            "favourite_product": gettext("Bought most"),
            "new_or_returning": gettext("New or returning"),
            "rfm": gettext("RFM cell"),
            "rfm_recency": gettext("RFM: how lately (1 to 5)"),
            "rfm_frequency": gettext("RFM: how often (1 to 5)"),
            "rfm_money": gettext("RFM: for how much (1 to 5)"),
            "stage_intent": gettext("Purchase stage: intent"),
            "stage_evaluation": gettext("Purchase stage: evaluation"),
            "stage_purchase": gettext("Purchase stage: purchase"),
            "stage_after_sale": gettext("Purchase stage: after-sale"),
            "behaviour_group": gettext("Group by behaviour"),
            "favourite_category": gettext("Category bought most"),
        }[name]
    money = {"Spent": gettext("Spent (%(currency)s)"), "Average order": gettext("Average order (%(currency)s)")}
    called, _, currency = label.rpartition(" (")
    if called in money and name == f"{called.lower().replace(' ', '_')}_{currency[:-1].lower()}":
        return money[called] % {"currency": currency[:-1]}
    return ""


def done_called(kind: str, gettext: Gettext) -> str:
    """Return what customers call a kind of event that they did; its own name where a shop made it."""
    known = {SCREEN: gettext("Screens of the app looked at"), PAGE: gettext("Pages visited")}
    return (known | {"Order Completed": gettext("Orders")}).get(kind, kind)


def order_states(gettext: Gettext) -> dict[str, str]:
    """Return the states that an order can be in, each with what people call it."""
    return {
        "placed": gettext("placed"),
        "partly_refunded": gettext("partly refunded"),
        "refunded": gettext("refunded"),
        "cancelled": gettext("cancelled"),
        "credit": gettext("refund without an order"),
    }


def ignored_because(gettext: Gettext) -> dict[str, str]:
    """Return why a property of an event was ignored, in words."""
    return {
        "amount": gettext("no amount that can be read"),
        "number": gettext("no number that can be money, or sent as a text"),
        "currency": gettext("no code of a currency, such as EUR"),
        "id": gettext("neither a text nor a whole number"),
        "text": gettext("no text"),
        "address": gettext("no address on the web, or longer than 2,000 characters"),
        "product": gettext("names no product: product_id, sku, id or name"),
        "list": gettext("no list of products"),
        "too_many": gettext("more products than are read of one event"),
    }


def follower_does(name: str, gettext: Gettext) -> str:
    """Return what a follower does, for whoever decides whether to pause it; nothing for one we do not know."""
    return {
        "identity": gettext("Knows which browsers, addresses and customer numbers are the same person."),
        "facts": gettext("Remembers what customers said, and in which words."),
        "consent": gettext("Remembers what customers allowed and withdrew, who wants a pause, and how often."),
        "orders": gettext("Reads orders, refunds and products from what your shop sends."),
        "did": gettext("Computes facts from what customers did: how much they bought, what they like, when they came."),
        "rollups": gettext("Counts what customers do, day by day, for segments that ask how often or how much."),
        "segments": gettext("Puts customers into segments, and takes them out, as they say and do things."),
        "suppression": gettext("Notes addresses that mail comes back from, so that nothing more is sent there."),
        "campaigns": gettext("Writes to whoever enters the segment of a live campaign."),
        "frequency": gettext("Asks again about what waits when customers say how often they want to be written to."),
        "statements": gettext("Notes which message showed a customer that we remembered, for home's figures."),
        "reactions": gettext(
            "Counts what came of each campaign: who opened it, followed its links, answered, and left."
        ),
        "hours": gettext("Counts by the hour what is taken, to see what falls or rises suddenly."),
        "archive": gettext("Keeps a copy of everything that happens as files, in the archive folder."),
    }.get(name, "")


def _plain(name: str) -> str:
    """Return a name as words: shoe_size and shoeSize are Shoe size."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).replace("_", " ").strip()
    return words[:1].upper() + words[1:]
