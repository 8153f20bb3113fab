"""Segment's HTTP tracking protocol: what a client sends becomes a draft of an event.

https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/ and
https://segment.com/docs/connections/spec/common/ name the fields. A `browser` key is public, so with one an event
belongs to the visitor's anonymous id and nothing else it says about who that is counts.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from regulars.hear.contexts import OFF, tidied
from regulars.hear.decoding import check_utf8, check_values, decode, decode_text
from regulars.hear.drafts import Draft
from regulars.hear.identities import PREVIOUS, Pair, tidy
from regulars.hear.phones import e164
from regulars.words.errors import Invalid, RegularsError, TooLarge
from regulars.words.ids import hash64
from regulars.words.kinds import ALIAS, GROUP, HOUSE, IDENTIFY, PAGE, SCREEN

EVENT_BYTES = 32_768
BATCH_BYTES = 512_000
_LONGEST_NAME = 200
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(hours=1)

TYPES = ("identify", "track", "page", "screen", "group", "alias")


class Call(msgspec.Struct, rename="camel"):
    """One call of the protocol, as the client sent it."""

    type: str = ""
    user_id: str | int | None = None
    anonymous_id: str | None = None
    previous_id: str | int | None = None
    group_id: str | int | None = None
    message_id: str | None = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    properties: msgspec.Raw = msgspec.Raw(b"{}")
    traits: msgspec.Raw = msgspec.Raw(b"{}")
    context: msgspec.Raw = msgspec.Raw(b"null")
    timestamp: datetime | None = None
    original_timestamp: datetime | None = None
    sent_at: datetime | None = None


class Body(msgspec.Struct, rename="camel"):
    """The body of a batch; each event stays as text, so that one bad event does not cost the others."""

    batch: list[msgspec.Raw]
    context: msgspec.Raw = msgspec.Raw(b"null")
    sent_at: datetime | None = None


class Envelope(msgspec.Struct, frozen=True):
    """What a request says of every event in it."""

    public: bool
    now: datetime
    historical: bool = False
    """It is an import: of what happened before, each with its time."""
    sent_at: datetime | None = None
    """By the client's clock."""
    context: bytes | None = None
    source: int | None = None


class Rejected(msgspec.Struct, frozen=True):
    """One event that was not taken: its place among those sent, and why."""

    index: int
    reason: str
    text: bytes


_CALL = msgspec.json.Decoder(Call)
_BODY = msgspec.json.Decoder(Body)
_OBJECT = msgspec.json.Decoder(dict[str, Any])


def read_batch(body: bytes, envelope: Envelope) -> tuple[list[Draft], list[Rejected]]:
    """Read a batch: the drafts of what can be taken, and what cannot with its reasons."""
    if len(body) > BATCH_BYTES:
        raise TooLarge("A batch may have {most} bytes. Send it in parts.", most=BATCH_BYTES)
    sent: Body = decode(_BODY, body)
    context = _context(sent.context)
    if context is not None:
        check_values(context)
    shared = msgspec.structs.replace(envelope, sent_at=sent.sent_at, context=context)
    drafts: list[Draft] = []
    rejected: list[Rejected] = []
    for index, raw in enumerate(sent.batch):
        text = bytes(raw)
        try:
            drafts.append(_read_text(text, None, shared))
        except RegularsError as error:
            rejected.append(Rejected(index, str(error), text))
    return drafts, rejected


def texts_of(body: bytes) -> list[bytes]:
    """Return the text of each event in a batch."""
    sent: Body = decode(_BODY, body)
    return [bytes(raw) for raw in sent.batch]


def read_call(body: bytes, kind: str | None, envelope: Envelope) -> Draft:
    """Read one call; `kind` is that of its address, or None where the call names it (in a batch)."""
    check_utf8(body)
    return _read_text(body, kind, envelope)


def _read_text(body: bytes, kind: str | None, envelope: Envelope) -> Draft:
    if len(body) > EVENT_BYTES:
        raise TooLarge("An event may have {most} bytes.", most=EVENT_BYTES)
    call: Call = decode_text(_CALL, body)
    check_values(body)
    match kind or call.type:
        case "track":
            return _draft(call, _event_name(call), _object(call.properties, "properties"), body, envelope)
        case "page":
            return _draft(call, PAGE, _named(call), body, envelope)
        case "screen":
            return _draft(call, SCREEN, _named(call), body, envelope)
        case "identify":
            return _identify(call, body, envelope)
        case "group":
            return _draft(call, GROUP, _group(call), body, envelope)
        case "alias":
            return _alias(call, body, envelope)
        case other:
            raise Invalid("type: '{type}' is not taken. Send one of: {types}.", type=other[:40], types=", ".join(TYPES))


def _identify(call: Call, body: bytes, envelope: Envelope) -> Draft:
    traits = _traits(call)
    links = () if envelope.public else _links(call, traits)
    draft = _draft(call, IDENTIFY, traits, body, envelope)
    return msgspec.structs.replace(draft, links=links, verified=not envelope.public)


def _traits(call: Call) -> bytes:
    """Return what an `identify` says of somebody. RudderStack's clients say it in the context."""
    traits = _object(call.traits, "traits")
    if traits == b"{}" and (context := _context(call.context)) and b'"traits"' in context:
        said = _OBJECT.decode(context).get("traits")
        return msgspec.json.encode(said) if isinstance(said, dict) else traits
    return traits


def _links(call: Call, traits: bytes) -> tuple[Pair, ...]:
    """Return by what else the person is known whom an `identify` is about."""
    links: list[Pair] = []
    if call.user_id is not None and call.anonymous_id:
        links.append(tidy("anonymous", call.anonymous_id))
    if b'"email"' in traits or b'"phone"' in traits:
        said = _OBJECT.decode(traits)
        email, phone = said.get("email"), said.get("phone")
        if isinstance(email, str) and "@" in email.strip()[1:-1]:
            links.append(tidy("email", email))
        if isinstance(phone, str) and (number := e164(phone, _country(said))):
            links.append(("phone", number))
    return tuple(links)


def _country(traits: dict[str, Any]) -> str | None:
    """Return the country that somebody's address names in two letters, where it does."""
    address = traits.get("address")
    country = address.get("country") if isinstance(address, dict) else traits.get("country")  # pyright: ignore[reportUnknownVariableType]
    return country if isinstance(country, str) and len(country) == 2 else None  # noqa: PLR2004 (ISO 3166-1 alpha-2)


def _alias(call: Call, body: bytes, envelope: Envelope) -> Draft:
    """Read that somebody went by another id before. Which kind of id that is, the door finds out (PREVIOUS)."""
    previous = "" if call.previous_id is None else str(call.previous_id).strip()
    if not previous:
        raise Invalid("previousId: missing. An alias says by which id somebody was known before.")
    if envelope.public:
        links: tuple[Pair, ...] = ()
    elif previous == (call.anonymous_id or "").strip():
        links = (tidy("anonymous", previous),)
    else:
        links = (tidy(PREVIOUS, previous),)
    draft = _draft(call, ALIAS, msgspec.json.encode(previous), body, envelope)
    return msgspec.structs.replace(draft, links=links, verified=not envelope.public)


def _group(call: Call) -> bytes:
    group = "" if call.group_id is None else str(call.group_id).strip()
    if not group or len(group) > _LONGEST_NAME:
        raise Invalid("groupId: an id of 1 to {most} characters is needed.", most=_LONGEST_NAME)
    return b'{"group_id":%b,"traits":%b}' % (msgspec.json.encode(group), _object(call.traits, "traits"))


def _draft(call: Call, kind: str, props: bytes, body: bytes, envelope: Envelope) -> Draft:
    mid = None
    if call.message_id:
        mid = hash64(f"browser:{call.message_id}" if envelope.public else call.message_id)
    elif envelope.historical:
        mid = hash64(f"import:{body.decode()}")
    at, skew = _when(call, envelope)
    return Draft(
        _who(call, public=envelope.public),
        kind,
        at,
        mid,
        props,
        tidied(_context(call.context), envelope.context, skew),
        public=envelope.public,
        historical=envelope.historical,
        source=envelope.source,
    )


def _who(call: Call, *, public: bool) -> Pair:
    if public:
        if not call.anonymous_id:
            raise Invalid("anonymousId: missing. With a browser key every event needs the visitor's anonymousId.")
        return tidy("anonymous", call.anonymous_id)
    if call.user_id is not None:
        return tidy("user", str(call.user_id))
    if not call.anonymous_id:
        raise Invalid("userId: missing. An event needs a userId or an anonymousId.")
    return tidy("anonymous", call.anonymous_id)


def _when(call: Call, envelope: Envelope) -> tuple[datetime, tuple[datetime, datetime] | None]:
    """Return when it happened, by our clock; and what the client's clock said where that one is wrong.

    As Segment does it: timestamp = receivedAt - (sentAt - originalTimestamp). What has both a timestamp and another
    originalTimestamp was put right by somebody before us; what is imported stands as it is.
    """
    said = call.timestamp or call.original_timestamp
    if said is None:
        if envelope.historical:
            raise Invalid("timestamp: missing. What is imported needs the time at which it happened.")
        return envelope.now, None
    at, skew = _zoned(said), None
    right = call.timestamp and call.original_timestamp and call.timestamp != call.original_timestamp
    sent = call.sent_at or envelope.sent_at
    if sent is not None and not right and not envelope.historical:
        off = envelope.now - _zoned(sent)
        skew = (at, _zoned(sent)) if abs(off) > OFF else None
        try:
            at += off
        except OverflowError:
            at = envelope.now
    if at < _EARLIEST:
        raise Invalid("timestamp: {at} is before 1970. Send the time at which it happened.", at=at.isoformat())
    return (envelope.now if at > envelope.now + _AHEAD else at), skew


def _zoned(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _event_name(call: Call) -> str:
    name = (call.event or "").strip()
    if not name or len(name) > _LONGEST_NAME:
        raise Invalid("event: a name of 1 to {most} characters is needed.", most=_LONGEST_NAME)
    if name in HOUSE:
        raise Invalid("event: '{name}' is a name of the house's own. Choose another.", name=name)
    return name


def _object(raw: msgspec.Raw, place: str) -> bytes:
    text = bytes(raw)
    if not text.startswith(b"{"):
        if text == b"null":
            return b"{}"
        raise Invalid("{place}: must be an object.", place=place)
    return text


def _context(raw: msgspec.Raw) -> bytes | None:
    return None if bytes(raw) == b"null" else _object(raw, "context")


def _named(call: Call) -> bytes:
    props = _object(call.properties, "properties")
    if call.name is None and call.category is None:
        return props
    named = {"name": call.name, "category": call.category}
    return msgspec.json.encode(
        _OBJECT.decode(props) | {name: value for name, value in named.items() if value is not None}
    )
