"""The protocol: what a client sends becomes a draft, or a clear refusal."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.hear import protocol
from regulars.hear.drafts import Draft, pairs_of
from regulars.hear.protocol import BATCH_BYTES, EVENT_BYTES, Envelope, Rejected
from regulars.words.errors import Invalid, RegularsError, TooLarge

NOW = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)


def read_call(text: bytes, kind: str | None, *, public: bool = False, now: datetime = NOW, **more: Any) -> Draft:
    return protocol.read_call(text, kind, Envelope(public, now, **more))


def read_batch(
    text: bytes, *, public: bool = False, now: datetime = NOW, **more: Any
) -> tuple[list[Draft], list[Rejected]]:
    return protocol.read_batch(text, Envelope(public, now, **more))


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
FIELDS = ("userId", "anonymousId", "previousId", "groupId", "event", "type", "properties", "traits", "context", "name")
FIELDS += ("timestamp", "originalTimestamp", "sentAt", "messageId", "category")


@given(
    st.dictionaries(
        st.sampled_from(FIELDS),
        JSON,
    ),
    st.sampled_from([*protocol.TYPES, None]),
    st.booleans(),
    st.booleans(),
)
def test_whatever_a_call_holds_it_is_taken_or_refused_on_purpose(
    call: dict[str, Any], kind: str | None, public: bool, historical: bool
) -> None:
    try:
        draft = read_call(msgspec.json.encode(call), kind, public=public, historical=historical)
    except RegularsError:
        return
    event = draft.event(dict.fromkeys(pairs_of([draft]), 1))
    assert isinstance(msgspec.json.decode(event.props), dict)
    assert event.context is None or isinstance(msgspec.json.decode(event.context), dict)


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


NUMBERS = {("user", "u1"): 1, ("anonymous", "a1"): 2, ("previous", "old"): 3}


def test_screens_and_pages_keep_their_name_and_category() -> None:
    said = body(userId="u1", name="Lanterns", category="Shop", properties={"url": "/lanterns"})
    for kind in ("page", "screen"):
        draft = read_call(said, kind)
        assert draft.kind == kind
        assert msgspec.json.decode(draft.props) == {"url": "/lanterns", "name": "Lanterns", "category": "Shop"}


def test_a_group_says_to_what_somebody_belongs() -> None:
    draft = read_call(body(userId="u1", groupId=7, traits={"name": "Book club"}), "group")
    assert msgspec.json.decode(draft.props) == {"group_id": "7", "traits": {"name": "Book club"}}
    with pytest.raises(Invalid, match="groupId: an id"):
        read_call(body(userId="u1"), "group")


def test_an_alias_links_the_id_of_before() -> None:
    draft = read_call(body(userId="u1", previousId="old"), "alias")
    said = msgspec.json.decode(draft.event(NUMBERS).props)
    assert said == {"previous_id": "old", "links": [3], "verified": True}
    browsers = read_call(body(userId="u1", anonymousId="a1", previousId="a1"), "alias")
    assert browsers.links == (("anonymous", "a1"),)
    with pytest.raises(Invalid, match="previousId: missing"):
        read_call(body(userId="u1"), "alias")


def test_an_alias_with_a_public_key_links_nobody() -> None:
    draft = read_call(body(userId="boss", anonymousId="a1", previousId="old"), "alias", public=True)
    assert (draft.identity, draft.links, draft.verified) == (("anonymous", "a1"), (), False)


def test_traits_may_stand_in_the_context_as_rudderstacks_clients_send_them() -> None:
    said = {"traits": {"email": "ieva@post.example"}, "locale": "lv"}
    draft = read_call(body(userId="u1", context=said), "identify")
    assert msgspec.json.decode(draft.props) == said["traits"]
    assert draft.links == (("email", "ieva@post.example"),)
    assert msgspec.json.decode(draft.context or b"") == {"locale": "lv"}
    assert read_call(body(userId="u1", context={"traits": 7}), "identify").props == b"{}"


@pytest.mark.parametrize(
    ("traits", "number"),
    [
        ({"phone": "+371 2912-3456"}, "+37129123456"),
        ({"phone": "0044 20 7946 0018"}, "+442079460018"),
        ({"phone": "020 7946 0018", "address": {"country": "gb"}}, "+442079460018"),
        ({"phone": "020 7946 0018"}, None),
        ({"phone": "020 7946 0018", "address": {"country": "England"}}, None),
        ({"phone": "+1 2"}, None),
        ({"phone": 37129123456}, None),
    ],
)
def test_a_phone_number_among_the_traits_is_an_identifier(traits: dict[str, Any], number: str | None) -> None:
    draft = read_call(body(userId="u1", traits=traits), "identify")
    assert draft.links == ((("phone", number),) if number else ())
    assert not read_call(body(anonymousId="a1", traits=traits), "identify", public=True).links


def test_a_clock_that_is_wrong_is_put_right_as_segment_does() -> None:
    hour = timedelta(hours=1)
    ahead = body(userId="u", event="x", timestamp=NOW + 5 * hour, sentAt=NOW + 5 * hour + timedelta(seconds=30))
    draft = read_call(ahead, "track")
    assert draft.at == NOW - timedelta(seconds=30)
    kept = msgspec.json.decode(draft.context or b"")
    assert kept == {"originalTimestamp": "2026-05-03T17:00:00Z", "sentAt": "2026-05-03T17:00:30Z"}
    alike = body(userId="u", event="x", originalTimestamp=NOW - hour, timestamp=NOW - hour, sentAt=NOW)
    assert (read_call(alike, "track").at, read_call(alike, "track").context) == (NOW - hour, None)
    right_already = body(
        userId="u", event="x", timestamp=NOW - hour, originalTimestamp=NOW + hour, sentAt=NOW + 2 * hour
    )
    assert read_call(right_already, "track").at == NOW - hour
    far = b'{"userId":"u","event":"x","timestamp":"9999-12-31T23:00:00Z","sentAt":"1970-01-01T00:00:00Z"}'
    assert read_call(far, "track").at == NOW


def test_what_a_batch_says_holds_for_each_event_that_says_nothing_else() -> None:
    call = {"type": "track", "userId": "u1", "event": "Seen", "timestamp": NOW}
    shared = {"locale": "lv-LV", "app": {"name": "Shop"}, "ip": "203.0.113.9"}
    sent = body(batch=[call, call | {"context": {"locale": "en-GB"}}], context=shared, sentAt=NOW + timedelta(hours=2))
    (first, second), _ = read_batch(sent)
    assert first.at == NOW - timedelta(hours=2)
    assert msgspec.json.decode(first.context or b"")["locale"] == "lv-LV"
    kept = msgspec.json.decode(second.context or b"")
    assert (kept["locale"], kept["app"]) == ("en-GB", {"name": "Shop"})
    assert "ip" not in kept


def test_a_context_keeps_where_it_was_and_not_who_or_with_which_device() -> None:
    kept = {
        "campaign": {"source": "letter", "name": "spring"},
        "page": {"url": "https://shop.example/", "referrer": "https://post.example/"},
        "locale": "lv-LV",
        "timezone": "Europe/Riga",
        "library": {"name": "x", "version": "1"},
    }
    private = {"ip": "203.0.113.9", "userAgent": "Mozilla", "userAgentData": {}, "traits": {"email": "a@b.example"}}
    device = {"type": "ios", "model": "X", "id": "123", "advertisingId": "9", "name": "Ieva's phone"}
    call = read_call(body(userId="u", event="x", context=kept | private | {"device": device}), "track")
    assert msgspec.json.decode(call.context or b"") == kept | {"device": {"type": "ios", "model": "X"}}
    hidden = b'{"userId": "u", "event": "x", "context": {"\\u0069p": "203.0.113.9"}}'
    assert read_call(hidden, "track").context == b"{}"


def test_what_is_imported_needs_its_time_and_is_told_apart_without_a_message_id() -> None:
    said = body(
        type="track", userId="u", event="x", timestamp=NOW - timedelta(days=900), sentAt=NOW + timedelta(days=1)
    )
    draft = read_call(said, None, historical=True)
    assert (draft.at, draft.historical) == (NOW - timedelta(days=900), True)
    assert draft.mid == read_call(said, None, historical=True).mid is not None
    with pytest.raises(Invalid, match="timestamp: missing"):
        read_call(body(userId="u", event="x"), "track", historical=True)
