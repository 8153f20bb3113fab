"""The statements of `speak`."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec

from regulars.decide.intents import FIRST, HIGH, LOW, NORMAL, Intent
from regulars.remember.naming import NAMING
from regulars.speak.context import Quotable, Quote
from regulars.speak.rows import (
    PARKED,
    Campaign,
    CampaignOf,
    Claim,
    Due,
    Held,
    Learned,
    Message,
    Notice,
    Outcome,
    Plan,
    Proof,
    Standing,
    Told,
    utm_of,
)
from regulars.speak.templates import Template
from regulars.store.database import Jsonb, Tx
from regulars.store.statements import load
from regulars.words.reasons import ENGLISH

SQL = load(__package__ or "regulars.speak")
_PRIORITIES = [FIRST, HIGH, NORMAL, LOW]


def add_campaign(tx: Tx, campaign: Campaign) -> bool:
    """Make a campaign; return False where the name is taken."""
    return tx.value(SQL["add_campaign"], **_given(campaign)) is not None


def get_campaign(tx: Tx, name: str) -> Campaign | None:
    """Return a campaign."""
    return next((_campaign(row) for row in tx.all(SQL["get_campaign"], dict, name=name)), None)


def hold_campaign(tx: Tx, name: str) -> Campaign | None:
    """Return a campaign, which nobody else changes before this transaction ends."""
    return next((_campaign(row) for row in tx.all(SQL["hold_campaign"], dict, name=name)), None)


def keep_campaign(tx: Tx, campaign: Campaign) -> None:
    """Keep what a campaign is now, as its next version."""
    tx.run(SQL["keep_campaign"], **_given(campaign))


def _given(campaign: Campaign) -> dict[str, object]:
    """Return what somebody says of a campaign."""
    kept = msgspec.structs.asdict(campaign) | {"utm": Jsonb(msgspec.to_builtins(campaign.utm))}
    return {name: value for name, value in kept.items() if name not in {"state", "launched_at", "version"}}


def list_campaigns(tx: Tx, among: Collection[str] | None) -> list[Campaign]:
    """Return all campaigns, or each of those named."""
    found = tx.all(SQL["list_campaigns"], dict, among=among if among is None else list(among))
    return [_campaign(row) for row in found]


def _campaign(row: dict[str, Any]) -> Campaign:
    return msgspec.convert(row | {"utm": utm_of(row["name"], row["channel"], row["utm"])}, Campaign)


def launch_campaign(tx: Tx, name: str, now: datetime) -> int:
    """Make a campaign live."""
    return tx.run(SQL["launch_campaign"], name=name, now=now)


def campaigns_on(tx: Tx, segments: Collection[str]) -> list[Standing]:
    """Return the campaigns on some segments, waiting for those that are being launched."""
    return tx.all(SQL["campaigns_on"], Standing, segments=list(segments))


def count_states(tx: Tx, campaigns: Collection[str]) -> list[tuple[str, str, int]]:
    """Return how many messages of campaigns are in which state, as (campaign, state, count)."""
    return tx.rows(SQL["count_states"], campaigns=list(campaigns))


def count_reasons(tx: Tx, campaign: str) -> list[Held]:
    """Return why messages of a campaign were refused or are held, the most frequent first."""
    return tx.all(SQL["count_reasons"], Held, campaign=campaign, codes=list(ENGLISH), parked=PARKED)


def add_messages(tx: Tx, intents: Sequence[Intent]) -> int:
    """Make a message of each intent; return how many are new."""
    return tx.run(
        SQL["add_messages"],
        intents=[one.id for one in intents],
        campaigns=[one.name for one in intents],
        customers=[one.customer_id for one in intents],
        causes=[one.cause for one in intents],
        due=[one.not_before for one in intents],
        valid_until=[one.valid_until for one in intents],
        priorities=[one.priority for one in intents],
    )


def anything_due(tx: Tx, verb: str, channel: str, now: datetime) -> bool:
    """Return whether a decision by this verb, or a message of a channel, is due."""
    return tx.value(SQL["anything_due"], verb=verb, channel=channel, now=now, priorities=_PRIORITIES)


def hold_due(tx: Tx, channel: str, now: datetime, limit: int) -> list[Due]:
    """Lock the messages of a channel that are due; return them in the order in which they go."""
    rows = tx.all(SQL["hold_due"], dict, channel=channel, now=now, limit=limit, priorities=_PRIORITIES)
    found = [msgspec.convert(row, Due) for row in rows]
    return sorted(found, key=lambda one: (-one.priority, one.due, one.id))


def add_notice(tx: Tx, identity_id: int, notice: Notice, due: datetime) -> int:
    """Queue a notice on behalf of whoever caused it; return its number."""
    kept = Jsonb(msgspec.to_builtins(notice))
    return tx.value(SQL["add_notice"], identity=identity_id, notice=kept, due=due, priority=FIRST)


def lock_notices(tx: Tx, key: int) -> None:
    """Let nobody else queue a notice for this identity before this transaction ends."""
    tx.run(SQL["lock_notices"], key=key)


def count_notices(tx: Tx, identity_id: int, since: datetime) -> int:
    """Return how many notices an identity has caused since a moment."""
    return tx.value(SQL["count_notices"], identity=identity_id, since=since)


def plans(tx: Tx, names: Collection[str]) -> dict[str, Plan]:
    """Return campaigns with their templates, by name."""
    return {plan.name: plan for plan in tx.all(SQL["plans"], Plan, names=list(names))}


def told(tx: Tx, customers: Collection[int], names: Collection[str], now: datetime) -> dict[int, dict[str, Quotable]]:
    """Return what customers said and may be quoted now, by customer and name."""
    found: dict[int, dict[str, Quotable]] = {}
    for one in tx.all(SQL["told"], Told, customers=list(customers), names=list(names), now=now):
        quote = Quote(one.words, one.value, one.seq)
        found.setdefault(one.customer_id, {})[one.name] = Quotable(quote, one.purposes)
    return found


def segments_among(tx: Tx, customers: Collection[int], names: Collection[str]) -> dict[int, set[str]]:
    """Return in which of some segments customers are; nobody who is in none."""
    found: dict[int, set[str]] = {}
    if not names:
        return found
    for customer, name in tx.rows(SQL["segments_among"], customers=list(customers), names=list(names)):
        found.setdefault(customer, set()).add(name)
    return found


def names(tx: Tx, customers: Collection[int]) -> dict[int, tuple[str | None, str | None]]:
    """Return what customers are called, and the first names they gave."""
    rows = tx.rows(SQL["names"], customers=list(customers), naming=sorted(NAMING))
    return {customer: (name, first_name) for customer, name, first_name in rows}


def said_already(tx: Tx, campaigns: Collection[str], customers: Collection[int]) -> set[tuple[str, int]]:
    """Return which of these campaigns have addressed which of these customers."""
    return {
        (campaign, customer)
        for campaign, customer in tx.rows(SQL["said_already"], campaigns=list(campaigns), customers=list(customers))
    }


def claim(tx: Tx, claims: Sequence[Claim], token: str, now: datetime) -> None:
    """Claim messages for a sender, refuse them, or hold them until they are due again."""
    tx.run(
        SQL["claim"],
        ids=[one.id for one in claims],
        states=[one.state for one in claims],
        reasons=[one.reason for one in claims],
        identities=[one.identity_id for one in claims],
        templates=[one.template_id for one in claims],
        used=[None if one.used is None else msgspec.json.encode(one.used).decode() for one in claims],
        consents=[one.consent_seq for one in claims],
        due=[one.due for one in claims],
        tracked=[one.tracked for one in claims],
        token=token,
        now=now,
    )


def start(tx: Tx, ids: Collection[int], token: str) -> set[int]:
    """Mark messages as being handed over; return those that still were this sender's."""
    return set(tx.values(SQL["start"], ids=list(ids), token=token))


def settle(tx: Tx, outcomes: Sequence[Outcome], token: str) -> set[int]:
    """Write what came of messages; return those that were not settled before."""
    return set(
        tx.values(
            SQL["settle"],
            ids=[one.id for one in outcomes],
            states=[one.state for one in outcomes],
            reasons=[one.reason for one in outcomes],
            sent=[one.sent_at for one in outcomes],
            due=[one.due for one in outcomes],
            tried=[one.tried for one in outcomes],
            token=token,
        )
    )


def release(tx: Tx, ids: Collection[int], token: str) -> int:
    """Let claimed messages wait again."""
    return tx.run(SQL["release"], ids=list(ids), token=token)


def hold_presence(tx: Tx, key: int) -> None:
    """Hold a presence for as long as this session lives."""
    tx.run(SQL["hold_presence"], key=key)


def drop_presence(tx: Tx, key: int) -> None:
    """Let go of a presence."""
    tx.run(SQL["drop_presence"], key=key)


def ping(tx: Tx) -> None:
    """Raise where the session does not answer."""
    tx.run(SQL["ping"])


def is_present(tx: Tx, key: int) -> bool:
    """Return whether somebody holds a presence."""
    return tx.value(SQL["is_present"], key=key)


def claimants(tx: Tx, channel: str) -> list[str]:
    """Return the senders that hold messages of a channel."""
    return tx.values(SQL["claimants"], channel=channel)


def release_of(tx: Tx, channel: str, tokens: Collection[str], states: Collection[str]) -> int:
    """Let what dead senders held of a channel, in these states, wait again."""
    return tx.run(SQL["release_of"], channel=channel, tokens=list(tokens), states=list(states))


def doubt(tx: Tx, channel: str, tokens: Collection[str], reason: str) -> list[int]:
    """Mark as uncertain what dead senders were handing over by a channel."""
    return tx.values(SQL["doubt"], channel=channel, tokens=list(tokens), reason=reason)


def list_messages(tx: Tx, customer: int, *, before: int | None, limit: int) -> list[Message]:
    """Return a customer's messages, newest first."""
    return tx.all(SQL["list_messages"], Message, customer=customer, before=before, limit=limit)


def count_messages(tx: Tx, customer: int) -> int:
    """Return how many messages a customer has."""
    return tx.value(SQL["count_messages"], customer=customer)


def get_messages(tx: Tx, ids: Collection[int]) -> list[Message]:
    """Return some messages."""
    return tx.all(SQL["get_messages"], Message, ids=list(ids))


def templates_of(tx: Tx, ids: Collection[int]) -> dict[int, Template]:
    """Return by message the version of the template it was written from."""
    return {row[0]: Template(*row[1:]) for row in tx.rows(SQL["templates_of"], ids=list(ids))}


def where_learned(tx: Tx, customer: int, quotes: dict[str, Quote]) -> list[Learned]:
    """Return where quoted facts were learned."""
    seqs = [quote.seq for quote in quotes.values()]
    return tx.all(SQL["where_learned"], Learned, customer=customer, names=list(quotes), seqs=seqs)


def consent_of(tx: Tx, customer: int, seq: int, purpose: str, channel: str) -> Proof | None:
    """Return a statement of consent."""
    return tx.one(SQL["consent_of"], Proof, customer=customer, seq=seq, purpose=purpose, channel=channel)


def titled(tx: Tx, names: Collection[str]) -> dict[str, str]:
    """Return what segments are called, as far as they are still there."""
    return dict(tx.rows(SQL["titled"], names=list(names)))


def campaign_of(tx: Tx, name: str) -> CampaignOf | None:
    """Return the campaign of a message."""
    return tx.one(SQL["campaign_of"], CampaignOf, name=name)
