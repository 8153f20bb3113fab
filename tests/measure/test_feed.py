from datetime import UTC, datetime, timedelta

import pytest

from regulars.engage import forms, responses
from regulars.hear.identities import intern
from regulars.measure import feed as telling
from regulars.measure import records
from regulars.measure.answers import tally
from regulars.measure.campaigns import numbers, people
from regulars.measure.followers import FOLLOWERS
from regulars.store.database import Jsonb
from regulars.store.follow import Batch
from regulars.store.log import append, caused_by
from regulars.store.records import list_events

SURVEY = {
    "title": "Gifts",
    "elements": [
        {"type": "radiogroup", "name": "for_whom", "title": "For whom?", "choices": ["mother", "friend"]},
        {"type": "checkbox", "name": "likes", "title": "What?", "choices": ["tea", "toys", "books"]},
        {"type": "text", "name": "why", "title": "Why?"},
    ],
}


@pytest.fixture
def tx(database, workspace):
    with database.workspace(workspace) as tx:
        yield tx


@pytest.fixture
def form(tx, now):
    return forms.create_form(tx, "gifts", SURVEY, now)


def say(tx, form, who, answers, at):
    """Have somebody answer; return the event's sequence."""
    identity = intern(tx, [("user", who)])["user", who]
    tx.run(
        b"insert into remember_identity (identity_id, customer_id, seq, met_at) values (%(i)s, %(i)s, 1, now())"
        b" on conflict do nothing",
        i=identity,
    )
    response = responses.start(tx, form, responses.Who(identity, verified=True), at)
    for name, value in answers.items():
        response = responses.answer(tx, form, response, form.survey.question(name), value)
    responses.finish(tx, form, response, at, locale="en", gettext=str)
    return identity, tx.value(b"select max(seq) from store_event")


def message(tx, number, customer, state, *, quoted=None, at=None):
    used = {"told": {"gift_for": {"words": "x", "value": "x", "seq": quoted}}} if quoted else {}
    tx.run(
        b"insert into speak_message (intent_id, campaign, customer_id, state, due, used, sent_at)"
        b" values (%(n)s, 'spring', %(c)s, %(s)s, now(), %(u)s, %(at)s)",
        n=number,
        c=customer,
        s=state,
        u=Jsonb(used),
        at=at,
    )


def follow(tx):
    """Let the follower take the whole log, and then what was sent."""
    (statements,) = (one for one in FOLLOWERS if one.name == "statements")
    events = sorted(list_events(tx, kind="form.answered", before=None, limit=500), key=lambda one: one.seq)
    statements.handle(Batch(tx, events, datetime.now(UTC), (1, 1)))
    records.acknowledge(tx, tx.values(b"select id from speak_message where sent_at is not null order by id"))


def feed(tx, **more):
    follow(tx)
    return telling.feed(tx, **more)


def acknowledgement(tx, now):
    follow(tx)
    return telling.acknowledgement(tx, now)


def test_the_newest_statement_comes_first_in_its_words(tx, form, now):
    say(tx, form, "ann", {"for_whom": "mother"}, now)
    say(tx, form, "bob", {"for_whom": "friend", "why": "she is kind"}, now + timedelta(minutes=1))
    told = feed(tx)
    assert [[answer.words for answer in one.answers] for one in told] == [["friend", "she is kind"], ["mother"]]
    assert told[0].title == "Gifts"
    assert [one.seq for one in feed(tx, before=told[0].at)] == [told[1].seq]


def test_a_statement_is_acknowledged_by_the_first_message_that_quoted_it(tx, form, now):
    ann, seq = say(tx, form, "ann", {"for_whom": "mother"}, now)
    assert feed(tx)[0].quoted is None
    message(tx, 1, ann, "sent", quoted=seq, at=now + timedelta(minutes=4))
    message(tx, 2, ann, "sent", quoted=seq, at=now + timedelta(minutes=9))
    assert feed(tx)[0].quoted.at == now + timedelta(minutes=4)


def test_what_is_answered_and_what_is_not_can_be_asked_for_alone(tx, form, now):
    ann, seq = say(tx, form, "ann", {"for_whom": "mother"}, now)
    say(tx, form, "bob", {"for_whom": "friend"}, now + timedelta(minutes=1))
    message(tx, 1, ann, "sent", quoted=seq, at=now + timedelta(minutes=4))
    assert [one.answers[0].words for one in feed(tx, answered=True)] == ["mother"]
    assert [one.answers[0].words for one in feed(tx, answered=False)] == ["friend"]
    assert len(feed(tx)) == 2


def test_what_a_confirmed_address_says_again_is_the_same_statement(tx, form, now):
    ann, _ = say(tx, form, "ann", {"for_whom": "mother"}, now)
    (typed,) = list_events(tx, kind="form.answered", before=None, limit=1)
    address = intern(tx, [("email", "ann@example.com")])["email", "ann@example.com"]
    append(tx, [caused_by(typed, typed.kind, address, {**typed.props, "verified": True}, typed.at)])
    (again,) = list_events(tx, kind="form.answered", before=None, limit=1)
    message(tx, 1, ann, "sent", quoted=again.seq, at=now + timedelta(minutes=4))
    assert [one.quoted.at for one in feed(tx)] == [now + timedelta(minutes=4)]
    figures = acknowledgement(tx, now + timedelta(days=1))
    assert (figures.said, figures.answered, figures.median) == (1, 1, timedelta(minutes=4))


def test_who_answers_anew_waits_for_a_message_again(tx, form, now):
    ann, seq = say(tx, form, "ann", {"for_whom": "mother"}, now)
    message(tx, 1, ann, "sent", quoted=seq, at=now + timedelta(minutes=4))
    assert feed(tx)[0].quoted is not None
    say(tx, form, "ann", {"for_whom": "friend"}, now + timedelta(minutes=5))
    (told,) = feed(tx)
    assert told.quoted is None
    assert (acknowledgement(tx, now + timedelta(days=1)).said, told.answers[0].words) == (1, "friend")


def test_a_message_that_quoted_something_else_acknowledges_nothing(tx, form, now):
    ann, seq = say(tx, form, "ann", {"for_whom": "mother"}, now)
    message(tx, 1, ann, "sent", quoted=seq + 1000, at=now)
    message(tx, 2, ann, "refused", quoted=seq)
    assert feed(tx)[0].quoted is None


def test_what_is_on_its_way_is_named(tx, form, now):
    ann, _ = say(tx, form, "ann", {"for_whom": "mother"}, now)
    message(tx, 1, ann, "waiting")
    assert [one.campaign for one in feed(tx)[0].coming] == ["spring"]


def test_figures_tell_the_share_answered_and_the_median_time(tx, form, now):
    for number, minutes in enumerate([2, 4, 30], start=1):
        who, seq = say(tx, form, f"c{number}", {"for_whom": "mother"}, now)
        message(tx, number, who, "sent", quoted=seq, at=now + timedelta(minutes=minutes))
    say(tx, form, "nobody", {"for_whom": "mother"}, now)
    figures = acknowledgement(tx, now + timedelta(days=1))
    assert (figures.said, figures.answered, figures.median) == (4, 3, timedelta(minutes=4))


def test_figures_look_back_thirty_days(tx, form, now):
    say(tx, form, "ann", {"for_whom": "mother"}, now)
    assert acknowledgement(tx, now + timedelta(days=29)).said == 1
    figures = acknowledgement(tx, now + timedelta(days=31))
    assert (figures.said, figures.median) == (0, None)


def test_answers_are_counted_in_the_order_they_were_offered_every_tick_for_itself(tx, form, now):
    say(tx, form, "ann", {"for_whom": "friend", "likes": ["tea", "books"]}, now)
    say(tx, form, "bob", {"for_whom": "friend", "likes": ["tea"], "why": "because"}, now)
    counted = {one.question: [(bar.words, bar.times) for bar in one.bars] for one in tally(tx, form, "en", str)}
    assert counted == {
        "for_whom": [("mother", 0), ("friend", 2)],
        "likes": [("tea", 2), ("toys", 0), ("books", 1)],
    }


def test_what_is_not_finished_is_not_counted(tx, form, now):
    identity = intern(tx, [("user", "ann")])["user", "ann"]
    response = responses.start(tx, form, responses.Who(identity), now)
    responses.answer(tx, form, response, form.survey.question("for_whom"), "mother")
    assert all(bar.times == 0 for one in tally(tx, form, "en", str) for bar in one.bars)
    assert feed(tx) == []


def test_numbers_of_a_campaign_add_up_to_the_people_behind_them(tx, form, now):
    ann, _ = say(tx, form, "ann", {"for_whom": "mother"}, now)
    for number, state in enumerate(["sent", "waiting", "claimed", "started", "refused"], start=1):
        message(tx, number, ann, state, at=now if state == "sent" else None)
    counted = numbers(tx, ["spring"])["spring"]
    assert counted.by_state == {"sent": 1, "waiting": 3, "refused": 1, "failed": 0, "uncertain": 0}
    for state, times in counted.by_state.items():
        assert len(people(tx, "spring", state)) == times
    assert len(people(tx, "spring")) == counted.total
