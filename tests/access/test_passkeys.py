"""Passkeys: what is not signed opens nothing, however it looks. (What is, a real browser signs: tests/web.)"""

from base64 import urlsafe_b64encode
from uuid import uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.access import login_records, passkeys
from regulars.access.passkeys import relying
from regulars.access.people import add_person
from regulars.access.records import Person
from regulars.access.tickets import give_ticket, take_ticket
from regulars.words.errors import Invalid, Refused, Unknown

HERE = relying("https://say.shop.example")


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@pytest.fixture
def harriet(database, workspace, now):
    email = f"harriet-{uuid4().hex[:8]}@gifts.example"
    return Person(add_person(database, email, "Harriet", workspace), email, "Harriet", {workspace: "owner"})


@pytest.fixture
def credential(database, harriet, now):
    """What names a passkey that is kept for her; its key is none."""
    kept = uuid4().bytes
    with database.shared() as tx:
        assert login_records.add_passkey(
            tx, harriet.id, "Phone", now, most=9, credential=kept, public_key=b"\xa0", sign_count=0
        )
    return kept


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.binary(max_size=40).map(b64),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)
PART = st.one_of(JSON, st.binary(min_size=37, max_size=90).map(b64))
PARTS = ("clientDataJSON", "authenticatorData", "signature", "userHandle", "attestationObject")


@st.composite
def answers(draw):
    """Something like what a browser sends, any part of which may be anything."""
    response = draw(
        st.fixed_dictionaries(
            {},
            optional=dict.fromkeys(PARTS, PART),
        )
    )
    fields = {"id": "KEY", "rawId": "KEY", "type": "public-key", "response": response}
    for name in draw(st.sets(st.sampled_from(sorted(fields)), max_size=2)):
        fields[name] = draw(JSON)
    return fields


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(answer=st.one_of(answers(), JSON), client=st.booleans())
def test_whatever_is_sent_instead_of_an_answer_opens_nothing_and_breaks_nothing(
    database, harriet, credential, now, answer, client
):
    handle = None
    with database.shared() as tx:
        handle = b64(login_records.handle_of(tx, harriet.id).bytes)
    for begin, finish in [
        (lambda: passkeys.begin_log_in(database, HERE, now), lambda *sent: passkeys.log_in(database, HERE, *sent, now)),
        (
            lambda: passkeys.begin_adding(database, harriet, HERE, now),
            lambda *sent: passkeys.add(database, harriet, HERE, *sent, "Phone", now),
        ),
    ]:
        ticket, options = begin()
        sent = answer
        if isinstance(answer, dict) and isinstance(answer.get("response"), dict) and client:
            said = {"challenge": msgspec.json.decode(options)["challenge"], "origin": HERE.origin}
            kind = "webauthn.get" if "rpId" in msgspec.json.decode(options) else "webauthn.create"
            told = b64(msgspec.json.encode({**said, "type": kind}))
            sent = {**answer, "response": {**answer["response"], "clientDataJSON": told, "userHandle": handle}}
        text = msgspec.json.encode(sent).decode().replace('"KEY"', f'"{b64(credential)}"')
        with pytest.raises((Invalid, Refused)):
            finish(ticket, text)


@pytest.mark.parametrize("text", ["", "{", "null", "[]", "x" * 100_000, '"\\ud800"', "\0"])
def test_what_is_no_json_opens_nothing(database, harriet, now, text):
    ticket, _ = passkeys.begin_log_in(database, HERE, now)
    with pytest.raises((Invalid, Refused)):
        passkeys.log_in(database, HERE, ticket, text, now)
    ticket, _ = passkeys.begin_adding(database, harriet, HERE, now)
    with pytest.raises((Invalid, Refused)):
        passkeys.add(database, harriet, HERE, ticket, text, "Phone", now)


def test_a_challenge_for_one_person_is_none_for_another(database, workspace, harriet, now):
    ticket, _ = passkeys.begin_adding(database, harriet, HERE, now)
    other = Person(add_person(database, f"{uuid4().hex}@x.example", "", workspace), "", "", {})
    with pytest.raises(Refused, match="Begin again"):
        passkeys.add(database, other, HERE, ticket, "{}", "Phone", now)


def test_nobody_removes_a_passkey_of_somebody_else(database, workspace, harriet, credential, now):
    other = add_person(database, f"{uuid4().hex}@x.example", "", workspace)
    with database.shared() as tx:
        (kept,) = passkeys.list_passkeys(tx, harriet.id)
        with pytest.raises(Unknown):
            passkeys.remove(tx, other, kept.id)
        assert passkeys.remove(tx, harriet.id, kept.id) == "Phone"
        assert passkeys.list_passkeys(tx, harriet.id) == []


@pytest.mark.parametrize("name", ["", "  ", "\0", "x" * 61])
def test_a_passkey_has_a_name(database, harriet, now, name):
    ticket, _ = passkeys.begin_adding(database, harriet, HERE, now)
    with pytest.raises(Invalid, match="name"):
        passkeys.add(database, harriet, HERE, ticket, "{}", name, now)


@pytest.mark.parametrize(
    ("url", "host", "origin", "possible"),
    [
        ("https://say.shop.example", "say.shop.example", "https://say.shop.example", True),
        ("https://say.shop.example:8443/regulars", "say.shop.example", "https://say.shop.example:8443", True),
        ("http://localhost:8080", "localhost", "http://localhost:8080", True),
        ("http://say.shop.example:80", "say.shop.example", "http://say.shop.example", False),
        ("http://127.0.0.1:8080", "127.0.0.1", "http://127.0.0.1:8080", False),
        ("https://[2001:db8::1]", "2001:db8::1", "https://2001:db8::1", False),
    ],
)
def test_browsers_make_passkeys_for_names_and_by_https_only(url, host, origin, possible):
    house = relying(url)
    assert (house.host, house.origin, house.possible) == (host, origin, possible)


def test_a_ticket_is_good_once_for_its_purpose_and_for_minutes(database, now):
    ticket = give_ticket(database, "one", {"a": "b"}, now)
    assert take_ticket(database, "other", ticket, now) is None
    assert take_ticket(database, "one", ticket, now) == {"a": "b"}
    assert take_ticket(database, "one", ticket, now) is None
    late = give_ticket(database, "one", {"a": "b"}, now)
    assert take_ticket(database, "one", late, now + passkeys.LIVES) is None
