"""What is sensitive, kept in one place from whoever does not act for customers (Right.CARE)."""

from collections.abc import Collection, Sequence

import msgspec

from regulars.engage import forms
from regulars.engage.responses import Said
from regulars.remember import catalogue
from regulars.remember.catalogue import HIDDEN
from regulars.speak import campaigns, messages
from regulars.store.database import Tx
from regulars.store.records import Event
from regulars.understand import segments
from regulars.understand.expanding import resting_on
from regulars.web.console.desk import Desk
from regulars.words.errors import Refused
from regulars.words.kinds import SEGMENT_ENTERED, SEGMENT_LEFT

_BELONGING = frozenset({SEGMENT_ENTERED, SEGMENT_LEFT})
_LOOKED_AT = 10_000
"""The newest messages to a customer of which it is asked for whom they were."""


def hidden_from(desk: Desk, tx: Tx) -> frozenset[str]:
    """Return the names of the facts that somebody at a desk is not shown; none for who acts for customers.

    An answer is known by its form's name for it and by the fact it is: where one is sensitive, so is the other.
    """
    if desk.can("care"):
        return frozenset()
    listed = {one.name for one in catalogue.entries(tx).values() if one.sensitive}
    if not listed:
        return frozenset()
    found = set(listed)
    for form in forms.titles(tx):
        for version in forms.forms_at(tx, forms.get_form(tx, form)).values():
            for question in version.survey.questions:
                twins = {f"{form}.{question.name}", question.fact or f"{form}.{question.name}"}
                if twins & listed:
                    found |= twins
    return frozenset(found)


def address_shown(desk: Desk, address: str) -> str:
    """Return what of an address tells namesakes apart: all of it to who acts for them, else ends."""
    if desk.can("care") or desk.can("export"):
        return address
    before, at, domain = address.partition("@")
    return f"{before[:1]}…@{domain}" if at else f"…{address[-2:]}" if address else ""


def telling_segments(desk: Desk, tx: Tx) -> frozenset[str]:
    """Return the names of the segments whose members somebody at a desk is not shown: to be in one tells a hidden fact.

    They ask about such a fact, or rest on one that does; of one that a campaign wrote to and is gone nobody knows.
    """
    hidden = hidden_from(desk, tx)
    if not hidden:
        return frozenset()
    rules = segments.known(tx).segments
    asking = {name for name, facts in segments.facts_asked(tx).items() if not facts.isdisjoint(hidden)}
    gone = {one.segment for one in campaigns.list_campaigns(tx)} - rules.keys()
    return frozenset(asking.union(gone, *(resting_on(name, rules) for name in asking)))


def telling_campaigns(desk: Desk, tx: Tx) -> frozenset[str]:
    """Return the names of the campaigns that somebody at a desk is not shown beside a customer's name."""
    telling = telling_segments(desk, tx)
    return frozenset(one.name for one in campaigns.list_campaigns(tx) if one.segment in telling)


def refuse(names: Collection[str], hidden: Collection[str]) -> None:
    """Raise Refused where something that is sensitive was asked for by its name."""
    if not set(names).isdisjoint(hidden):
        raise Refused("This is shown only to those who act for customers. Ask one of them.")


def response_veiled(form: str, said: Said, hidden: Collection[str]) -> Said:
    """Return what a response says, without what is sensitive of it."""
    answers = [
        msgspec.structs.replace(one, value=None, words=HIDDEN)
        if one.fact in hidden or f"{form}.{one.question}" in hidden
        else one
        for one in said.answers
    ]
    return msgspec.structs.replace(said, answers=answers)


def text_veiled(text: str, hidden: Collection[str]) -> str:
    """Return an event as it was sent; nothing of it where it names what is sensitive, whole or by its last part."""
    parts = {part for name in hidden for part in (name, name.rpartition(".")[2]) if part}
    return HIDDEN if any(part in text for part in parts) else text


def untold(desk: Desk, tx: Tx, customer: int, events: Sequence[Event]) -> list[Event]:
    """Return of a customer's events those that do not tell a hidden fact by a segment: that they came, or were told."""
    telling = telling_segments(desk, tx)
    if not telling:
        return list(events)
    to_them = {one.name for one in campaigns.list_campaigns(tx) if one.segment in telling}
    sent = {one.id for one in messages.of_customer(tx, customer, limit=_LOOKED_AT) if one.campaign in to_them}
    there = segments.titles(tx).keys() - telling
    return [one for one in events if _may_be_told(one, there) and one.props.get("message") not in sent]


def _may_be_told(event: Event, there: Collection[str]) -> bool:
    """Whether an event names no segment but those that are there and tell nothing: of one that is gone nobody knows."""
    return event.kind not in _BELONGING or event.props.get("segment") in there
