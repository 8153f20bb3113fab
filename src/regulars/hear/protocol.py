"""Segment's HTTP tracking protocol: what a client sends becomes a draft of an event.

https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/ names the fields. A `browser` key is
public, so with one an event belongs to the visitor's anonymous id and nothing else it says about who that is counts.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from regulars.hear.identities import Pair, tidy
from regulars.store.log import NewEvent
from regulars.words.errors import Invalid, RegularsError, TooLarge
from regulars.words.ids import hash64
from regulars.words.kinds import HOUSE, IDENTIFY, PAGE

EVENT_BYTES = 32_768
BATCH_BYTES = 512_000
_LONGEST_NAME = 200
DEEPEST = 100
"""Objects and lists inside one another: whoever reads an event again goes down as deep."""
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(hours=1)

_FIELD = re.compile(r"field `([^`]+)`")

TYPES = ("identify", "track", "page")


class Call(msgspec.Struct, rename="camel"):
    """One call of the protocol, as the client sent it."""

    type: str = ""
    user_id: str | int | None = None
    anonymous_id: str | None = None
    message_id: str | None = None
    event: str | None = None
    name: str | None = None
    properties: msgspec.Raw = msgspec.Raw(b"{}")
    traits: msgspec.Raw = msgspec.Raw(b"{}")
    context: msgspec.Raw = msgspec.Raw(b"null")
    timestamp: datetime | None = None


class Body(msgspec.Struct, rename="camel"):
    """The body of a batch; each event stays as text, so that one bad event does not cost the others."""

    batch: list[msgspec.Raw]
    write_key: str | None = None


class Draft(msgspec.Struct, frozen=True, gc=False):
    """An event whose identifiers have no numbers yet."""

    identity: Pair
    kind: str
    at: datetime
    mid: int | None
    props: bytes
    context: bytes | None
    links: tuple[Pair, ...] | None = None
    """Other identifiers of the same person; None where the event is no identify."""
    verified: bool = False
    public: bool = False
    """It came with a key that stands in page source."""

    def event(self, numbers: Mapping[Pair, int]) -> NewEvent:
        """Return the event, given the numbers of its identifiers."""
        props = self.props
        if self.links is not None:
            links = ",".join(str(numbers[pair]) for pair in self.links)
            flag = b"true" if self.verified else b"false"
            props = b'{"traits":%b,"links":[%b],"verified":%b}' % (props, links.encode(), flag)
        return NewEvent(numbers[self.identity], self.at, self.kind, props, mid=self.mid, context=self.context)


class Rejected(msgspec.Struct, frozen=True):
    """One event of a batch that was not taken."""

    index: int
    reason: str


_CALL = msgspec.json.Decoder(Call)
_BODY = msgspec.json.Decoder(Body)
_ANY = msgspec.json.Decoder()
_TRAITS = msgspec.json.Decoder(dict[str, Any])


def read_batch(body: bytes, *, public: bool, now: datetime) -> tuple[list[Draft], list[Rejected]]:
    """Read a batch: the drafts of what can be taken, and what cannot with its reasons."""
    if len(body) > BATCH_BYTES:
        raise TooLarge("A batch may have {most} bytes. Send it in parts.", most=BATCH_BYTES)
    raws = decode(_BODY, body).batch
    drafts: list[Draft] = []
    rejected: list[Rejected] = []
    for index, raw in enumerate(raws):
        try:
            drafts.append(read_call(bytes(raw), None, public=public, now=now))
        except RegularsError as error:
            rejected.append(Rejected(index, str(error)))
    return drafts, rejected


def read_call(body: bytes, kind: str | None, *, public: bool, now: datetime) -> Draft:
    """Read one call; `kind` is that of its address, or None where the call names it (in a batch)."""
    if len(body) > EVENT_BYTES:
        raise TooLarge("An event may have {most} bytes.", most=EVENT_BYTES)
    call = decode(_CALL, body)
    check_values(body)
    match kind or call.type:
        case "track":
            return _draft(call, _event_name(call), _object(call.properties, "properties"), public=public, now=now)
        case "page":
            return _draft(call, PAGE, _named(call), public=public, now=now)
        case "identify":
            return _identify(call, public=public, now=now)
        case other:
            raise Invalid("type: '{type}' is not taken. Send one of: {types}.", type=other[:40], types=", ".join(TYPES))


def decode(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    """Read a body of JSON; raise Invalid, naming the place, for what is none or does not fit."""
    try:
        body.decode()
        return decoder.decode(body)
    except UnicodeDecodeError as error:
        raise Invalid("The body is not UTF-8 text. Send JSON in UTF-8.") from error
    except msgspec.ValidationError as error:
        wrong = Invalid("The body does not fit: {problem}.", problem=str(error))
        wrong.field = _place(str(error))
        raise wrong from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise Invalid("The body is not JSON: {problem}.", problem=str(error)) from error


def _place(problem: str) -> str:
    """Return the place in a body that a problem of msgspec's names, as a program would write it: `rule.all[0]`."""
    path = problem.rpartition(" - at `$")[2].rstrip("`").lstrip(".") if " - at `$" in problem else ""
    named = _FIELD.search(problem)
    return ".".join(part for part in (path, named[1] if named else "") if part)


def check_values(body: bytes) -> None:
    """Refuse what JSON allows and we could not read again: 1e999, the zero character in a text, bottomless nesting."""
    said = decode(_ANY, body)
    if body.count(b"{") + body.count(b"[") > DEEPEST and too_deep(said):
        raise Invalid("The body is nested more than {most} deep. Send it flatter.", most=DEEPEST)
    if b"\\u0000" in body:
        raise Invalid("The body has a zero character (\\u0000), which no text may have. Leave it out.")


def too_deep(said: Any) -> bool:
    """Return whether objects and lists stand deeper in one another than anybody who reads them goes down.

    It tells level by level, so that it goes no deeper itself.
    """
    level: list[Any] = [said]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)  # pyright: ignore[reportUnknownVariableType]
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _identify(call: Call, *, public: bool, now: datetime) -> Draft:
    traits = _object(call.traits, "traits")
    links: list[Pair] = []
    if not public:
        if call.user_id is not None and call.anonymous_id:
            links.append(tidy("anonymous", call.anonymous_id))
        email = _TRAITS.decode(traits).get("email") if b'"email"' in traits else None
        if isinstance(email, str) and "@" in email.strip()[1:-1]:
            links.append(tidy("email", email))
    draft = _draft(call, IDENTIFY, traits, public=public, now=now)
    return msgspec.structs.replace(draft, links=tuple(links), verified=not public)


def _draft(call: Call, kind: str, props: bytes, *, public: bool, now: datetime) -> Draft:
    mid = None
    if call.message_id:
        mid = hash64(f"browser:{call.message_id}" if public else call.message_id)
    context = None if bytes(call.context) == b"null" else _object(call.context, "context")
    return Draft(_who(call, public=public), kind, _when(call, now), mid, props, context, public=public)


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


def _when(call: Call, now: datetime) -> datetime:
    at = call.timestamp
    if at is None:
        return now
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    if at < _EARLIEST:
        raise Invalid("timestamp: {at} is before 1970. Send the time at which it happened.", at=at.isoformat())
    return now if at > now + _AHEAD else at


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


def _named(call: Call) -> bytes:
    props = _object(call.properties, "properties")
    if call.name is None:
        return props
    return msgspec.json.encode({**_TRAITS.decode(props), "name": call.name})


def pairs_of(drafts: Sequence[Draft]) -> set[Pair]:
    """Return every identifier that some drafts name."""
    pairs = {draft.identity for draft in drafts}
    for draft in drafts:
        pairs.update(draft.links or ())
    return pairs
