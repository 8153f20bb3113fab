"""Channels as people and programs set them up: what can be chosen, how it stands, and a test that really sends."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from secrets import randbits

import msgspec
from msgspec.structs import replace

from regulars.access.workspaces import Workspace
from regulars.channels import adapter_of, adapters_for
from regulars.channels.sandbox import NAME as HOME
from regulars.decide.policy import CHANNELS, EMAIL
from regulars.hear.phones import e164
from regulars.speak import ways
from regulars.speak.channel import Adapter, Envelope, NotDelivered, Uncertain
from regulars.speak.outbox import sender_of
from regulars.speak.text_length import Length, measure
from regulars.speak.ways import Way
from regulars.store.database import Tx
from regulars.web.i18n import say, translator
from regulars.wiring import House
from regulars.words.errors import Invalid, RegularsError, Unknown, concerning

_ID_BITS = 62
_LONGEST = 254
"""Characters of an e-mail address (RFC 5321, as corrected)."""
SENT, FAILED, UNCERTAIN = "sent", "failed", "uncertain"


class Tested(msgspec.Struct, frozen=True):
    """What came of a test: `sent` (the other side took it), `failed` or `uncertain`; and why, in its words."""

    state: str
    why: str = ""
    parts: int = 0
    """Of a text message: in how many parts it goes."""
    cost: str = ""
    """What these cost, with its currency, where the way knows a price."""


def channel_called(channel: str, gettext: Callable[[str], str]) -> str:
    """Return what a channel is called."""
    return {"email": gettext("E-mail"), "sms": gettext("Text messages (SMS)")}.get(channel, channel)


def choices(channel: str) -> list[Adapter]:
    """Return the adapters by which messages of a channel may leave the house; raise Unknown for another channel."""
    if channel not in CHANNELS:
        raise Unknown("There is no channel '{channel}'.", channel=channel[:40])
    return [one for one in adapters_for(channel) if one.name != HOME]


def keep(
    house: House, tx: Tx, workspace: str, channel: str, adapter: str, given: dict[str, str], now: datetime
) -> Way:  # fmt: skip
    """Let messages of a channel leave by an adapter; raise Invalid, naming the field, for what cannot be."""
    if adapter not in {one.name for one in choices(channel)}:
        with concerning("adapter"):
            raise Invalid("Choose by which way messages leave.")
    return ways.keep(tx, channel, adapter_of(adapter), given, (house.vault, workspace), now)


def tested(house: House, workspace: Workspace, channel: str, address: str, locale: str, now: datetime) -> Tested:
    """Send a test to an address by the way that is saved, and note what came of it.

    Raise Invalid for an address that cannot be.
    """
    if workspace.delivery == HOME:
        gettext = translator(locale).gettext
        return Tested(FAILED, gettext("Messages of this workspace stay in the house, so there is nothing to test."))
    with house.database.workspace(workspace.name) as tx:
        way = ways.get(tx, channel)
    with concerning("address"):
        envelope = _letter(workspace, channel, address.strip(), house.base_url, locale)
    found = _tried(house, workspace, envelope, locale)
    if channel != EMAIL:
        length = measure(envelope.text)
        found = replace(found, parts=length.parts, cost=_cost(length, way))
    with house.database.workspace(workspace.name) as tx:
        ways.note_test(tx, way, None if found.state == SENT else found.why[:500] or found.state, now)
    return found


def _cost(length: Length, way: Way) -> str:
    """Return what a text costs, where the way knows what a part does."""
    price, currency = way.settings.get("price", ""), way.settings.get("currency", "")
    return f"{length.cost(Decimal(price)):f} {currency}".strip() if price else ""


def _tried(house: House, workspace: Workspace, envelope: Envelope, locale: str) -> Tested:
    try:
        channel = house.channel(workspace, envelope.channel)
        try:
            with channel.connect() as line:
                line.deliver(envelope)
        finally:
            channel.close()
    except Uncertain as error:
        return Tested(UNCERTAIN, error.reason)
    except NotDelivered as error:
        return Tested(FAILED, error.reason)
    except RegularsError as error:
        return Tested(FAILED, say(error, locale))
    return Tested(SENT)


def _letter(workspace: Workspace, channel: str, address: str, base_url: str, locale: str) -> Envelope:
    gettext = translator(locale).gettext
    subject = gettext("A test from %(title)s") % {"title": workspace.title}
    text = gettext("This is how messages of yours arrive. Nothing has to be done.")
    if channel == EMAIL and not _is_mail(address):
        raise Invalid("'{address}' is no e-mail address.", address=address[:80])
    recipient = address if channel == EMAIL else e164(address)
    if recipient is None:
        raise Invalid(
            "'{address}' is no telephone number. Write it with its country: +371 20000000.", address=address[:40]
        )
    sender = sender_of(workspace, base_url)
    return Envelope(randbits(_ID_BITS), sender, recipient, subject, "", f"{subject}. {text}", channel=channel)


def _is_mail(address: str) -> bool:
    return 0 < address.find("@") < len(address) - 1 and len(address) <= _LONGEST and address.isprintable()
