"""What customers answer is an event of theirs; who asks to be left alone is, at once and for every purpose."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.speak.scene import Shop

from regulars.engage.replies import STOPPED, Reply, take_replies
from regulars.hear.identities import find, intern
from regulars.remember import consents
from regulars.remember.customers import customer_of
from regulars.remember.followers import CONSENT
from regulars.remember.records import agree
from regulars.remember.rows import Agreed
from regulars.store.follow import Runner

ANN = "+37120000001"


@pytest.fixture
def shop(database, workspace, now):
    shop = Shop(database, workspace, now)
    shop.register(CONSENT)
    ann = shop.customer("ann")
    with shop.tx() as tx:
        phone = intern(tx, [("phone", ANN)])["phone", ANN]
        tx.run(
            b"insert into remember_identity (identity_id, customer_id, seq, met_at) values (%(i)s, %(c)s, 2, now())",
            i=phone,
            c=ann,
        )
        proof = {"words": "Yes, text me"}
        for purpose in ("marketing", "news"):
            agree(tx, [Agreed(phone, purpose, "sms", 6, now - timedelta(days=1), True, proof)])
    return shop


def take(shop, *replies):
    with shop.tx() as tx:
        taken = take_replies(tx, replies, shop.now)
    Runner(shop.database).step(shop.workspace, CONSENT, shop.now)
    return taken


def granted(shop, purpose, channel="sms"):
    with shop.tx() as tx:
        customer = customer_of(tx, find(tx, ("phone", ANN)))
        return any(one.granted for one in consents.standing(tx, [customer], purpose, channel).values())


def test_an_answer_is_an_event_of_whoever_wrote_it(shop):
    assert take(shop, Reply("sms", "0037120000001", "  2 \n please ", "k1")) == 1
    ((_, _, props, *_),) = shop.events("message.replied")
    assert (props["text"], props["channel"], props["stop"]) == ("2 please", "sms", False)
    assert granted(shop, "marketing")


def test_stop_withdraws_every_purpose_of_the_channel_at_once_and_no_other_channel(shop):
    assert take(shop, Reply("sms", ANN, "Stop!", "k1")) == 1
    assert not granted(shop, "marketing")
    assert not granted(shop, "news")
    assert granted(shop, "marketing", "email")
    said = [props for _, _, props, *_ in shop.events("consent.changed")]
    assert {(one["purpose"], one["channel"], one["granted"], one["how"]) for one in said} == {
        ("marketing", "sms", False, STOPPED),
        ("news", "sms", False, STOPPED),
    }


def test_start_again_gives_no_consent(shop):
    take(shop, Reply("sms", ANN, "STOP", "k1"), Reply("sms", ANN, "START", "k2"))
    assert not granted(shop, "marketing")


def test_an_answer_that_is_told_twice_is_heard_once(shop):
    assert take(shop, Reply("sms", ANN, "1", "k1"), Reply("sms", ANN, "1", "k1")) == 1
    assert take(shop, Reply("sms", ANN, "1", "k1")) == 0
    assert take(shop, Reply("sms", ANN, "1"), Reply("sms", ANN, "1")) == 2, "without an id, nobody can say"


def test_a_stranger_is_heard_only_where_they_want_to_be_left_alone(shop):
    assert take(shop, Reply("sms", "+37120000099", "hello", "k1")) == 0
    assert take(shop, Reply("sms", "+37120000098", "STOP", "k2")) == 1
    with shop.tx() as tx:
        assert find(tx, ("phone", "+37120000099")) is None
        assert find(tx, ("phone", "+37120000098")) is not None


@pytest.mark.parametrize("reply", [
    Reply("pigeon", ANN, "STOP"), Reply("sms", "nobody", "STOP"), Reply("sms", "", "STOP"), Reply("sms", "+1", "STOP"),
])  # fmt: skip
def test_what_comes_from_no_address_is_let_be(shop, reply):
    assert take(shop, reply) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.text(max_size=3000))
def test_any_text_is_kept_or_let_be(shop, text):
    assert take(shop, Reply("sms", ANN, text)) == 1
