"""What comes back of messages is taken once, and a complaint is heard as what it is."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.speak.scene import Post, Shop

from regulars.decide import intents, policy
from regulars.decide.followers import SUPPRESSION
from regulars.engage import preferences, returns
from regulars.engage.returns import Return
from regulars.hear.identities import intern
from regulars.remember.followers import CONSENT
from regulars.store.follow import Runner


@pytest.fixture
def shop(database, workspace, now):
    shop = Shop(database, workspace, now)
    shop.register(CONSENT, SUPPRESSION)
    ann, bob = shop.customer("ann"), shop.customer("bob")
    shop.segment("gives", ann, bob)
    shop.campaign()
    with shop.tx() as tx:
        intents.intend_for_segment(tx, verb="say", name="spring", segment="gives", now=now)
    sender = shop.sender(Post())
    while sender.send_some(now):
        pass
    sender.close()
    return shop


def take(shop, *told):
    with shop.tx() as tx:
        taken = returns.take(tx, told, shop.now)
    for follower in (CONSENT, SUPPRESSION):
        Runner(shop.database).step(shop.workspace, follower, shop.now)
    return taken


def of(shop, name):
    with shop.tx() as tx:
        return tx.value(
            b"select m.id from speak_message m join hear_identity h on h.id = m.identity_id where h.value = %(a)s",
            a=f"{name}@x.example",
        )


def test_a_bounce_is_an_event_of_its_message_and_told_again_it_is_none(shop):
    told = Return("bounced", "dsn:1", of(shop, "ann"), reason="550 5.1.1  no\n such user")
    assert (take(shop, told), take(shop, told), take(shop, told, told)) == (1, 0, 0)
    ((_, _, props, *_),) = shop.events("message.bounced")
    assert (props["permanent"], props["reason"], props["campaign"]) == (True, "550 5.1.1 no such user", "spring")
    with shop.tx() as tx:
        assert policy.blocked(tx, ["ann@x.example", "bob@x.example"]) == {"ann@x.example"}


def test_a_complaint_withdraws_consent_and_puts_the_address_on_the_list(shop):
    assert take(shop, Return("complained", "arf:1", address="Bob@X.example")) == 1
    ((_, address, props, *_),) = shop.events("message.complained")
    assert props["message"] == of(shop, "bob")
    ((_, identity, said, *_),) = shop.events("consent.changed")
    assert (identity, said["granted"], said["purpose"], said["how"]) == (address, False, "marketing", returns.SPAM)
    with shop.tx() as tx:
        bob = intern(tx, [("user", "bob")])["user", "bob"]
        assert policy.gate(tx, [bob], "marketing", "email", shop.now)[bob].reason == policy.WITHDRAWN
        about = preferences.MARKETING
        preferences.change(tx, address, {about: True}, {about: "Yes"}, "preference page", shop.now + timedelta(days=1))
    Runner(shop.database).step(shop.workspace, CONSENT, shop.now)
    with shop.tx() as tx:
        assert policy.gate(tx, [bob], "marketing", "email", shop.now)[bob].allowed, "they said themselves they want it"


def test_who_leaves_by_their_mail_program_leaves_what_the_message_was_about(shop):
    assert take(shop, Return("left", "mail:1", of(shop, "ann"))) == 1
    ((_, _, said, *_),) = shop.events("consent.changed")
    assert (said["granted"], said["purpose"], said["message"]) == (False, "marketing", of(shop, "ann"))
    assert shop.events("message.complained") == []


def test_what_is_about_no_message_of_ours_is_left_alone(shop):
    strange = [
        Return("bounced", "1", 4711),
        Return("complained", "2", address="nobody@x.example"),
        Return("soft", "3", address="\0"),
        Return("left", "4"),
        Return("bounced", "5", 2**62),
    ]
    assert take(shop, *strange) == 0
    assert shop.events("message.bounced", "message.complained", "consent.changed") == []


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    told=st.lists(
        st.builds(
            Return,
            st.sampled_from(["bounced", "soft", "complained", "left"]),
            st.sampled_from("abcd"),
            st.none() | st.integers(1, 3),
            st.sampled_from(["", "ann@x.example", "eve@x.example"]),
        ),
        max_size=12,
    )
)
def test_each_thing_that_is_told_is_taken_once_however_it_is_cut_into_calls(shop, told):
    shop.now += timedelta(seconds=1)
    with shop.tx() as tx:
        last = tx.value(b"select coalesce(max(seq), 0) from store_event")
        for one in told:
            returns.take(tx, [replace(one, key=f"{last} {one.key}")], shop.now)
        once = tx.value(b"select count(*) from store_event e join store_kind k on k.id = e.kind where e.seq > %(last)s"
                        b" and k.name = any(array['message.bounced', 'message.complained'])", last=last)  # fmt: skip
        assert once <= len({one.key for one in told if one.what != "left"})
        for one in reversed(told):
            assert returns.take(tx, [replace(one, key=f"{last} {one.key}")], shop.now) == 0
