import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from tests.speak.scene import HTML, Post

from regulars.access.links import Link, Links
from regulars.decide.intents import NewIntent, intend
from regulars.speak import campaigns, composing, messages
from regulars.speak.channel import Bounced, TryLater, Uncertain
from regulars.speak.delivery import BACKOFF, MOST_ATTEMPTS
from regulars.speak.presence import Presence, dead_among
from regulars.speak.why import why
from regulars.store.database import Database, Tx
from regulars.store.log import NewEvent, append
from regulars.store.records import list_events
from regulars.understand.editing import delete_segment
from regulars.words.errors import Unavailable
from regulars.words.ids import hash64


def raising(error):
    def react(_):
        raise error

    return react


def unseen(html):
    """A mail without the picture by which it is counted who opens it."""
    return re.sub(r'<img src="https://shop.example/o/[^>]*>', "", html)


def sent(shop, channel, **more):
    sender = shop.sender(channel, **more)
    while sender.send_some(shop.now):
        pass
    sender.close()
    return channel.delivered


def test_it_quotes_what_each_customer_said_and_keeps_what_it_used(shop):
    shop.segment(
        "gives", ann := shop.customer("ann", told={"gift_for": "My <mother>", "budget": "50"}), shop.customer("bob")
    )
    shop.campaign()
    ann_mail, bob_mail = sorted(sent(shop, Post()), key=lambda one: one.recipient)
    assert "My &lt;mother&gt;" in ann_mail.html
    assert ann_mail.subject == "For My <mother>"
    assert "someone dear" in bob_mail.html
    assert ann_mail.sender == "The Gift House <hello@gifts.example>"
    with shop.tx() as tx:
        shown = messages.shown(tx, ann_mail.message_id)
        reasons = why(tx, ann_mail.message_id)
    assert (shown.subject, shown.html, shown.text) == (ann_mail.subject, unseen(ann_mail.html), ann_mail.text)
    assert list(shown.used.told) == ["gift_for"]
    assert (reasons.customer_id, reasons.campaign_title, reasons.segment_title) == (ann, "Spring", "Gives")
    assert [(one.name, one.words, one.origin) for one in reasons.facts] == [("gift_for", "My <mother>", "gift-quiz")]
    assert reasons.consent.proof["words"] == "Yes, write to me"
    assert [kind for kind, *_ in shop.events("message.sent")] == ["message.sent"] * 2


def test_it_tells_for_which_segments_it_said_something(shop):
    shop.segment("gives", ann := shop.customer("ann"), shop.customer("bob"))
    shop.segment("regulars", ann)
    asks = HTML + "{% if segments.regulars %}Again.{% endif %}{% if segments.gives_much %}Much.{% endif %}"
    shop.campaign(html=asks)
    ann_mail, bob_mail = sorted(sent(shop, Post()), key=lambda one: one.recipient)
    with shop.tx() as tx:
        assert [(one.name, one.title) for one in why(tx, ann_mail.message_id).segments] == [("regulars", "Gives")]
        assert why(tx, bob_mail.message_id).segments == []
        delete_segment(tx, "regulars", shop.now)
        assert [one.title for one in why(tx, ann_mail.message_id).segments] == ["regulars"]


def test_it_is_shown_as_it_was_sent_after_the_fact_and_the_template_have_changed(shop):
    shop.segment("gives", ann := shop.customer("ann", told={"gift_for": "My mother"}))
    shop.campaign()
    (mail,) = sent(shop, Post())
    with shop.tx() as tx:
        shop.learn(tx, ann, "gift_for", "My father", 99)
        from regulars.speak.library import save_template

        save_template(tx, "spring-mail", subject="New", html="{{ unsubscribe_url }}", text="{{ unsubscribe_url }}")
        assert messages.shown(tx, mail.message_id).html == unseen(mail.html)
        (fact,) = why(tx, mail.message_id).facts
        assert (fact.words, fact.words_now) == ("My mother", "My father")


def test_what_was_not_said_or_not_verified_is_never_quoted(shop):
    shop.segment("gives", ann := shop.customer("ann"), bob := shop.customer("bob"))
    with shop.tx() as tx:
        shop.learn(tx, ann, "gift_for", "x", 50, source="inferred")
        shop.learn(tx, bob, "gift_for", "x", 50, verified=False)
    shop.campaign()
    assert all("someone dear" in mail.html for mail in sent(shop, Post()))


def test_a_name_that_anybody_could_have_typed_greets_nobody(shop):
    shop.segment("gives", ann := shop.customer("ann"), bob := shop.customer("bob"), cy := shop.customer("cy"))
    with shop.tx() as tx:
        shop.learn(tx, ann, "name", "Ann", 50)
        shop.learn(tx, ann, "last_name", "Rude", 51, verified=False)
        shop.learn(tx, bob, "name", "Rude", 50, verified=False)
        shop.learn(tx, cy, "first_name", "Rude", 50, verified=False)
    shop.campaign(html='Hello {{ first_name | default("friend") }} {{ unsubscribe_url }}')
    greeted = {mail.recipient[:3].rstrip("@"): mail.html.split()[1] for mail in sent(shop, Post())}
    assert greeted == {"ann": "Ann", "bob": "friend", "cy": "friend"}


def test_a_first_name_that_was_said_or_imported_greets(shop):
    shop.segment("gives", ann := shop.customer("ann"), bob := shop.customer("bob"), cy := shop.customer("cy"))
    with shop.tx() as tx:
        shop.learn(tx, ann, "first_name", "小明", 50, source="imported")
        shop.learn(tx, bob, "firstName", "Bobby", 50)
        shop.learn(tx, bob, "last_name", "Rude", 51, verified=False)
        shop.learn(tx, cy, "first_name", "Guess", 50, source="inferred")
    shop.campaign(html='Hello {{ first_name | default("friend") }} {{ unsubscribe_url }}')
    greeted = {mail.recipient[:3].rstrip("@"): mail.html.split()[1] for mail in sent(shop, Post())}
    assert greeted == {"ann": "小明", "bob": "Bobby", "cy": "Cy"}


def test_its_links_are_signed_for_the_address_and_choose_an_answer(shop, now):
    shop.segment("gives", shop.customer("ann"))
    shop.campaign(ask="gift-budget")
    (mail,) = sent(shop, Post())
    assert mail.html.count("https://shop.example/f/gift-budget?m=") == 2
    assert "&amp;budget=a%26b" in mail.html
    url = mail.headers["List-Unsubscribe"].strip("<>")
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = Links(b"secret").read(url.rsplit("/", 1)[1], now)
    assert link == Link(shop.workspace, shop.events("message.sent")[0][1], mail.message_id)


def test_who_may_not_be_written_to_is_refused_with_the_reason(shop):
    shop.segment("gives", shop.customer("ann", agreed=False), shop.customer("bob", email=False), shop.customer("cy"))
    shop.campaign()
    assert len(sent(shop, Post())) == 1
    refused = shop.events("message.refused")
    assert [props["reason"] for _, _, props, *_ in refused] == [
        "This customer has never agreed to be written to for this purpose.",
        "We know no e-mail address of this customer.",
    ]
    assert sorted(shop.states()) == ["refused", "refused", "sent"]


def test_consent_withdrawn_after_queueing_is_respected(shop):
    shop.segment("gives", ann := shop.customer("ann"))
    shop.campaign()
    with shop.tx() as tx:
        tx.run(
            b"insert into remember_consent"
            b" values (%(c)s, 'marketing', 'email', 6, %(n)s, false, '{\"words\": \"No\"}')",
            c=ann,
            n=shop.now + timedelta(seconds=1),
        )
    assert sent(shop, Post()) == []
    assert shop.states() == ["refused"]


def test_a_stopped_campaign_sends_nothing_more(shop):
    shop.segment("gives", shop.customer("ann"))
    shop.campaign()
    with shop.tx() as tx:
        campaigns.stop(tx, "spring")
    assert sent(shop, Post()) == []
    assert shop.messages()[0][1:] == ("refused", "stopped")


def test_merged_customers_get_one_message_between_them(shop):
    ann, bob = shop.customer("ann"), shop.customer("bob")
    shop.segment("gives", ann, bob)
    shop.campaign()
    with shop.tx() as tx:
        tx.run(b"update remember_identity set customer_id = %(a)s where customer_id = %(b)s", a=ann, b=bob)
    assert len(sent(shop, Post())) == 1
    assert sorted(shop.states()) == ["refused", "sent"]
    with shop.tx() as tx:
        assert len(messages.of_customer(tx, bob)) == 2


def test_nobody_is_written_to_twice_after_a_merge_is_undone(shop):
    ann, bob = shop.customer("ann", email=False), shop.customer("bob")
    shop.segment("gives", ann)
    mine = b"select array_agg(identity_id) from remember_identity where customer_id = %(b)s"
    with shop.tx() as tx:
        bobs = tx.value(mine, b=bob)
        tx.run(b"update remember_identity set customer_id = %(a)s where customer_id = %(b)s", a=ann, b=bob)
    shop.campaign()
    assert [one.recipient for one in sent(shop, Post())] == ["bob@x.example"]
    shop.segment("gives", bob)
    with shop.tx() as tx:
        tx.run(b"update remember_identity set customer_id = %(b)s where identity_id = any(%(i)s)", b=bob, i=bobs)
        campaigns.launch(tx, "spring", shop.now)
    assert sent(shop, Post()) == []
    assert sorted(shop.states()) == ["refused", "sent"]


def test_a_dead_address_fails_and_says_so_and_a_policy_refusal_does_not_condemn_it(shop):
    shop.segment("gives", shop.customer("ann"))
    shop.campaign()
    sent(shop, Post(reaction=raising(Bounced("no such user", dead=True))))
    ((_, _, props, *_),) = shop.events("message.bounced")
    assert (props["permanent"], props["reason"]) == (True, "no such user")
    assert shop.states() == ["failed"]


def test_a_passing_trouble_is_tried_again_later_each_time_and_then_given_up(shop):
    shop.segment("gives", shop.customer("ann"))
    shop.campaign()
    channel = Post(reaction=raising(TryLater("busy")))
    sender = shop.sender(channel)
    moment = shop.now
    for pause in BACKOFF:
        assert sender.send_some(moment) == 1
        assert shop.states() == ["waiting"]
        assert sender.send_some(moment + pause - timedelta(seconds=1)) == 0
        moment += pause
    assert sender.send_some(moment) == 1
    assert shop.states() == ["failed"]
    assert len(BACKOFF) == MOST_ATTEMPTS - 1
    ((_, _, props, *_),) = shop.events("message.bounced")
    assert props["permanent"] is False


def test_a_channel_that_does_not_answer_costs_no_attempt_and_is_left_alone_for_a_minute(shop):
    shop.segment("gives", shop.customer("ann"))
    shop.campaign()
    channel = Post(refuse_line=TryLater("nobody there"))
    sender = shop.sender(channel)
    sender.send_some(shop.now)
    assert shop.states() == ["waiting"]
    assert sender.send_some(shop.now) == 0
    channel.refuse_line = None
    assert sender.send_some(shop.now + timedelta(minutes=1)) == 1
    assert shop.states() == ["sent"]


def test_a_sender_with_nothing_due_asks_one_question_in_one_transaction(shop, monkeypatch):
    sender = shop.sender(Post())
    sender.send_some(shop.now)
    asked = []

    def noted(kind, name):
        original = getattr(kind, name)
        monkeypatch.setattr(kind, name, lambda *args, **more: asked.append(name) or original(*args, **more))

    for name in ("workspace", "shared", "direct"):
        noted(Database, name)
    for name in ("all", "one", "rows", "values", "value", "run", "many"):
        noted(Tx, name)
    assert sender.send_some(shop.now) == 0
    assert asked == ["workspace", "value"]


@pytest.mark.parametrize("error", [Uncertain("line went dead"), ValueError("a bug")])
def test_what_nobody_can_say_is_uncertain_and_not_sent_again(shop, error):
    shop.segment("gives", shop.customer("ann"))
    shop.campaign()
    channel = Post(reaction=raising(error))
    sent(shop, channel)
    channel.reaction = None
    assert sent(shop, channel) == []
    assert shop.states() == ["uncertain"]
    assert len(shop.events("message.uncertain")) == 1


def test_one_that_cannot_be_written_does_not_hold_up_the_others(shop):
    shop.segment("gives", shop.customer("ann", told={"gift_for": "x" * 60_000}), shop.customer("bob"))
    shop.campaign(
        html="{% for c in ask.choices %}" + '{{ told.gift_for | default("") }}' * 9 + "{% endfor %}"
        "{{ unsubscribe_url }}",
        ask="gift-budget",
    )
    assert len(sent(shop, Post())) == 1
    assert "longer than" in shop.messages()[0][2]


def test_a_template_that_no_longer_compiles_spoils_only_its_own_messages(shop):
    shop.segment("gives", shop.customer("ann"))
    shop.campaign()
    shop.campaign("autumn")
    with shop.tx() as tx:
        tx.run(b"update speak_template set html = '{{ oops' where name = 'autumn-mail'")
    assert len(sent(shop, Post())) == 1
    assert shop.states() == ["sent", "refused"]


def test_what_is_no_longer_wanted_and_what_goes_in_circles_is_refused(shop):
    ann, bob, cy = (shop.customer(name) for name in ("ann", "bob", "cy"))
    shop.segment("gives")
    shop.campaign()
    with shop.tx() as tx:
        append(tx, [NewEvent(ann, shop.now, "segment.entered", depth=depth, cause=1) for depth in (15, 14)])
        near, deep = (event.seq for event in list_events(tx, kind=None, before=None, limit=2))
    with shop.tx() as tx:
        intend(
            tx,
            [
                NewIntent(ann, "say", "spring", shop.now, valid_until=shop.now - timedelta(seconds=1)),
                NewIntent(bob, "say", "spring", shop.now, cause=deep),
                NewIntent(cy, "say", "spring", shop.now, cause=near),
            ],
        )
    assert [mail.recipient for mail in sent(shop, Post())] == ["cy@x.example"]
    assert [reason for _, _, reason in shop.messages()] == [composing.LATE, composing.CIRCLE, None]
    ((_, _, _, cause, depth),) = shop.events("message.sent")
    assert (cause, depth) == (near, 15)


def test_a_sender_whose_session_was_cut_is_dead_and_goes_on_under_another_name(shop, database):
    presence = Presence(database)
    first = presence.take()
    assert presence.take() == first
    with database.workspace(shop.workspace) as tx:
        assert dead_among(tx, [first, "nobody"]) == ["nobody"]
        tx.run(
            b"select pg_terminate_backend(pid, 5000) from pg_locks"
            b" where locktype = 'advisory' and granted and pid <> pg_backend_pid()"
            b" and ((classid::bigint << 32) | objid::bigint) = %(key)s",
            key=hash64(first),
        )
    with database.workspace(shop.workspace) as tx:
        assert dead_among(tx, [first]) == [first]
    second = presence.take()
    with database.workspace(shop.workspace) as tx:
        assert second != first
        assert dead_among(tx, [second]) == []
    presence.let_go()
    with database.workspace(shop.workspace) as tx:
        assert dead_among(tx, [second]) == [second]


def test_several_senders_share_the_work_and_none_sends_what_another_does(shop):
    shop.segment("gives", *[shop.customer(f"c{n}") for n in range(60)])
    shop.campaign()
    channel, together = Post(connections=3), Barrier(3)

    def work(_):
        sender = shop.sender(channel)
        together.wait()
        while sender.send_some(shop.now):
            pass
        sender.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    assert len({mail.message_id for mail in channel.delivered}) == len(channel.delivered) == 60
    assert set(shop.states()) == {"sent"}


def test_at_most_one_message_a_connection_is_started_at_any_time(shop):
    shop.segment("gives", *[shop.customer(f"c{n}") for n in range(20)])
    shop.campaign()
    most = 0

    def look(_):
        nonlocal most
        most = max(most, shop.states().count("started"))

    sent(shop, Post(connections=3, reaction=look))
    assert 1 <= most <= 3


def test_what_is_known_is_written_later_when_the_database_was_away(shop, monkeypatch):
    shop.segment("gives", *[shop.customer(f"c{n}") for n in range(5)])
    shop.campaign()
    channel = Post(connections=1)
    sender = shop.sender(channel)
    from regulars.speak import outbox

    whole = outbox.records.settle

    def away(*_):
        monkeypatch.setattr(outbox.records, "settle", whole)
        raise Unavailable("away")

    monkeypatch.setattr(outbox.records, "settle", away)
    with pytest.raises(Unavailable):
        sender.send_some(shop.now)
    while sender.send_some(shop.now):
        pass
    assert shop.states() == ["sent"] * 5
    assert sorted(mail.message_id for mail in channel.delivered) == sorted({m.message_id for m in channel.delivered})
    assert len(shop.events("message.sent")) == 5


def test_closing_lets_what_was_not_handed_over_wait(shop):
    shop.segment("gives", *[shop.customer(f"c{n}") for n in range(9)])
    shop.campaign()
    channel = Post(connections=1)
    sender = shop.sender(channel)
    channel.reaction = lambda _: setattr(sender, "_stopped", True)
    sender.send_some(shop.now)
    assert sorted(shop.states()) == ["sent"] + ["waiting"] * 8
