"""The protocol: what a client sends becomes a draft, or a clear refusal."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.hear.protocol import BATCH_BYTES, EVENT_BYTES, pairs_of, read_batch, read_call
from regulars.words.errors import Invalid, RegularsError, TooLarge

NOW = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


def body(**call: Any) -> bytes:
    return msgspec.json.encode(call)


def test_a_track_call_keeps_its_properties_as_they_were_written() -> None:
    text = b'{"userId": "u1", "event": "Order Completed", "properties": {"total": 1.50}, "messageId": "m1"}'
    draft = read_call(text, "track", public=False, now=NOW)
    assert (draft.identity, draft.kind, draft.at) == (("user", "u1"), "Order Completed", NOW)
    assert draft.props == b'{"total": 1.50}'
    assert draft.mid is not None


def test_a_batch_as_segments_python_client_sends_it_is_taken_whole() -> None:
    context = {"library": {"name": "analytics-python", "version": "2.3.4"}}
    call = {"type": "track", "userId": "u1", "event": "Seen", "properties": {}, "integrations": {}, "context": context}
    sent = {"messageId": "m1", "timestamp": "2026-05-03T11:59:00.123456+00:00", "anonymousId": None}
    text = body(batch=[call | sent, call | sent | {"context": None}], sentAt="2026-05-03T12:00:00+00:00", writeKey="k")
    (with_context, without), rejected = read_batch(text, public=False, now=NOW)
    assert not rejected
    assert msgspec.json.decode(with_context.context or b"") == context
    assert without.context is None


def test_an_identify_names_the_others_a_person_goes_by() -> None:
    text = body(userId=7, anonymousId="a1", traits={"email": " Ieva@Example.COM ", "name": "Ieva Kalniņa"})
    draft = read_call(text, "identify", public=False, now=NOW)
    assert pairs_of([draft]) == {("user", "7"), ("anonymous", "a1"), ("email", "ieva@example.com")}
    event = draft.event({("user", "7"): 1, ("anonymous", "a1"): 2, ("email", "ieva@example.com"): 3})
    props = msgspec.json.decode(event.props)
    assert (event.identity_id, props["links"], props["verified"]) == (1, [2, 3], True)
    assert props["traits"]["name"] == "Ieva Kalniņa"


def test_a_public_key_speaks_for_the_visitors_own_anonymous_id_only() -> None:
    text = body(userId="boss", anonymousId="a1", traits={"email": "boss@example.com"}, messageId="m")
    draft = read_call(text, "identify", public=True, now=NOW)
    assert pairs_of([draft]) == {("anonymous", "a1")}
    assert not draft.verified
    assert draft.mid != read_call(text, "identify", public=False, now=NOW).mid
    with pytest.raises(Invalid, match="anonymousId: missing"):
        read_call(body(userId="boss", event="x"), "track", public=True, now=NOW)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"{", "not JSON"),
        (b"[]", "does not fit"),
        (b'{"userId": "u", "event": "x", "properties": []}', "properties: must be an object"),
        (b'{"userId": "u", "event": ""}', "event: a name"),
        (b'{"userId": "u", "event": "message.sent"}', "house's own"),
        (b'{"event": "x"}', "userId: missing"),
        (b'{"userId": "  ", "event": "x"}', "1 to 320"),
        (b'{"userId": "u", "event": "x", "timestamp": "tomorrow"}', "does not fit"),
        (b'{"userId": "u", "event": "x", "timestamp": "1066-10-14T09:00:00Z"}', "before 1970"),
        (b'{"userId": "u", "event": "x", "properties": {"a": "\\u0000"}}', "zero character"),
        (b'{"userId": "u", "event": "x", "properties": {"a": "\\ud800"}}', "not JSON"),
        (b'{"userId": "u", "event": "x", "properties": {"a": 1e400}}', "does not fit"),
        (b'{"userId": "u", "event": "\xff"}', "UTF-8"),
        (b'{"userId": "u", "event": "x", "properties": ' + b"[" * 9000 + b"]" * 9000 + b"}", "JSON|object"),
    ],
)
def test_a_bad_call_is_refused_with_its_reason(text: bytes, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        read_call(text, "track", public=False, now=NOW)


def test_a_time_ahead_of_ours_is_now_and_a_time_without_a_zone_is_utc() -> None:
    ahead = body(userId="u", event="x", timestamp=NOW + timedelta(days=2))
    assert read_call(ahead, "track", public=False, now=NOW).at == NOW
    bare = b'{"userId": "u", "event": "x", "timestamp": "2026-05-01T10:00:00"}'
    assert read_call(bare, "track", public=False, now=NOW).at == datetime(2026, 5, 1, 10, tzinfo=UTC)


def test_one_bad_event_does_not_cost_the_others_of_a_batch() -> None:
    good = {"type": "track", "userId": "u", "event": "x"}
    large = {**good, "properties": {"p": "x" * EVENT_BYTES}}
    drafts, rejected = read_batch(
        msgspec.json.encode({"batch": [good, {"type": "dance"}, 7, large, good]}), public=False, now=NOW
    )
    assert len(drafts) == 2
    assert [(one.index, one.reason.partition(":")[0]) for one in rejected] == [
        (1, "type"),
        (2, "The body does not fit"),
        (3, "An event may have 32768 bytes."),
    ]


def test_a_batch_over_the_limit_is_refused_whole() -> None:
    with pytest.raises(TooLarge):
        read_batch(b" " * (BATCH_BYTES + 1), public=False, now=NOW)


PLAIN = st.none() | st.booleans() | st.floats() | st.text(max_size=20)
JSON = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.text(max_size=5), PLAIN, max_size=3)
FIELDS = ("userId", "anonymousId", "event", "type", "properties", "traits", "context", "timestamp", "messageId", "name")


@given(
    st.dictionaries(
        st.sampled_from(FIELDS),
        JSON,
    ),
    st.sampled_from(["track", "page", "identify", None]),
    st.booleans(),
)
def test_whatever_a_call_holds_it_is_taken_or_refused_on_purpose(
    call: dict[str, Any], kind: str | None, public: bool
) -> None:
    try:
        draft = read_call(msgspec.json.encode(call), kind, public=public, now=NOW)
    except RegularsError:
        return
    assert isinstance(msgspec.json.decode(draft.props), dict)


@given(st.binary(max_size=200), st.booleans())
def test_whatever_bytes_come_nothing_else_is_raised(text: bytes, public: bool) -> None:
    try:
        read_batch(text, public=public, now=NOW)
        read_call(text, None, public=public, now=NOW)
    except RegularsError:
        pass


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a": ', "}")])
def test_what_is_nested_too_deep_to_be_read_again_is_refused(opening: str, closing: str) -> None:
    def call(depth: int) -> bytes:
        inner = opening * depth + "1" + closing * depth
        return f'{{"userId": "u1", "event": "x", "properties": {{"a": {inner}}}}}'.encode()

    assert read_call(call(98), "track", public=False, now=NOW)
    with pytest.raises(Invalid, match="more than 100 deep"):
        read_call(call(99), "track", public=False, now=NOW)
    wide = b'{"userId": "u1", "event": "x", "properties": {"a": [' + b"[1]," * 500 + b"1]}}"
    assert read_call(wide, "track", public=False, now=NOW)
