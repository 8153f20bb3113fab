from datetime import timedelta

from regulars.measure.talk import talk
from regulars.store.records import Event

ANSWER = {"title": "For whom?", "words": "My mother"}


def answered(seq, at, response, **props):
    props = {"response": response, "answers": [ANSWER], "consents": [], **props}
    return Event(seq, 1, at, "form.answered", props, None, 0, historical=False)


def test_what_a_confirmed_address_says_again_is_told_once_with_its_consent(now):
    yes = {"words": "Yes, write to me.", "granted": True}
    typed = answered(1, now, "r1", verified=False, consents=[yes])
    opened = Event(2, 1, now + timedelta(minutes=1), "Product Viewed", {}, None, 0, historical=False)
    (day,) = talk(None, [typed, answered(3, now, "r1", verified=True), opened], [])
    said, happened = day.entries
    assert (said.seq, said.verified, said.consents) == (3, True, ("Yes, write to me.",))
    assert happened.seq == 2


def test_answers_that_were_changed_are_told_as_they_were_and_as_they_are(now):
    later = now + timedelta(minutes=1)
    (day,) = talk(None, [answered(1, now, "r1", verified=True), answered(2, later, "r1", verified=True)], [])
    assert [one.seq for one in day.entries] == [1, 2]


def test_the_same_thing_in_a_row_is_told_once_and_different_things_each(now):
    happened = [
        ("segment.entered", {"segment": "birthdays"}),
        ("segment.entered", {"segment": "lanterns"}),
        ("page", {"path": "/a"}),
        ("page", {"path": "/a"}),
        ("page", {"path": "/b"}),
        ("consent.changed", {"purpose": "marketing", "channel": "email", "granted": False}),
        ("consent.changed", {"purpose": "marketing", "channel": "email", "granted": True}),
    ]
    events = [Event(seq, 1, now, kind, props, None, 0, historical=False) for seq, (kind, props) in enumerate(happened)]
    (day,) = talk(None, events, [])
    assert [(one.seq, one.times) for one in day.entries] == [(0, 1), (1, 1), (3, 2), (4, 1), (5, 1), (6, 1)]
