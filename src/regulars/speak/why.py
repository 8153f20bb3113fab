"""Why was this sent: what it quoted and where we learned it, the consent and the campaign behind it."""

from datetime import datetime
from typing import Any

import msgspec

from regulars.remember.customers import customer_of
from regulars.speak import records
from regulars.speak.context import Context, Quote
from regulars.speak.messages import get_message
from regulars.speak.rows import Message, Proof
from regulars.store.database import Tx
from regulars.words.reasons import read


class UsedFact(msgspec.Struct, frozen=True):
    """Something the message quoted."""

    name: str
    label: str
    words: str
    """As the message said it."""
    value: Any
    seq: int
    at: datetime | None
    """When the customer said it; nothing where it has been forgotten since, or was computed."""
    origin: str
    """Where the customer said it."""
    words_now: str | None
    """As it stands now."""
    computed: bool = False
    """Whether it was counted from what the customer did: they never said it."""


class UsedSegment(msgspec.Struct, frozen=True):
    """A segment that the message said something to, with what it is called; its name where it is gone."""

    name: str
    title: str


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a message rests on."""

    message: Message
    customer_id: int
    facts: list[UsedFact]
    segments: list[UsedSegment]
    """Those that the customer was in, of those that the template asked about."""
    consent: Proof | None
    campaign: str
    campaign_title: str
    segment: str
    segment_title: str
    purpose: str
    template: str | None
    version: int | None
    reason_code: str = ""
    """Why it was not sent, as a code of ours; '' where it was, or where the reason is a text."""
    reason_values: dict[str, str] = msgspec.field(default_factory=dict[str, str])


def why(tx: Tx, message_id: int) -> Why:
    """Return why a message was sent, or refused. Raise Unknown where there is no such message."""
    message = get_message(tx, message_id)
    customer = customer_of(tx, message.customer_id) or message.customer_id
    campaign = records.campaign_of(tx, message.campaign)
    consent = None
    if message.consent_seq is not None and campaign is not None:
        consent = records.consent_of(tx, customer, message.consent_seq, campaign.purpose, campaign.channel)
    used = msgspec.convert(message.used or {}, Context)
    titles = records.titled(tx, used.segments) if used.segments else {}
    return Why(
        message=message,
        customer_id=customer,
        facts=_facts(tx, customer, used.told),
        segments=[UsedSegment(name, titles.get(name, name)) for name in used.segments],
        consent=consent,
        campaign=message.campaign,
        campaign_title=campaign.title if campaign else message.campaign,
        segment=campaign.segment if campaign else "",
        segment_title=(campaign.segment_title or campaign.segment) if campaign else "",
        purpose=campaign.purpose if campaign else "",
        template=message.template,
        version=message.version,
    )


def in_english(found: Why) -> Why:
    """Return it with the reason in English beside its code, for programs."""
    reason = read(found.message.reason or "")
    message = msgspec.structs.replace(found.message, reason=reason.text or None)
    return msgspec.structs.replace(found, message=message, reason_code=reason.code, reason_values=reason.values)


def _facts(tx: Tx, customer: int, quotes: dict[str, Quote]) -> list[UsedFact]:
    learned = {one.name: one for one in records.where_learned(tx, customer, quotes)}
    found: list[UsedFact] = []
    for name, quote in quotes.items():
        one = learned.get(name)
        found.append(
            UsedFact(
                name=name,
                label=(one.label if one else "") or name,
                words=quote.words,
                value=quote.value,
                seq=quote.seq,
                at=one.at if one else None,
                origin=one.origin if one else "",
                words_now=one.now_words if one else None,
                computed=one.computed if one else False,
            )
        )
    return found
