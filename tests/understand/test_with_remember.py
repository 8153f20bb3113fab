"""Segments over the real followers of the log: who is who, what they told us, what they did."""

from datetime import timedelta
from random import Random

import msgspec
import pytest

from regulars.hear.identities import intern
from regulars.remember.catalogue import contradictions
from regulars.remember.followers import FOLLOWERS as REMEMBER
from regulars.store import records as store
from regulars.store.follow import Runner, register, rewind
from regulars.store.log import NewEvent, append
from regulars.understand import segments, turning
from regulars.understand.explaining import explain
from regulars.understand.followers import FOLLOWERS
from regulars.words.errors import Unknown

ALL = (*REMEMBER, *FOLLOWERS)
BUDGET = {"all": [{"fact": "budget", "at_least": 20}, {"event": "Order Completed", "within_days": 30}]}


class Story:
    def __init__(self, database, workspace, now):
        self.database, self.workspace, self.now = database, workspace, now
        self.runner = Runner(database)
        with self.tx() as tx:
            register(tx, ALL)

    def tx(self):
        return self.database.workspace(self.workspace)

    def happens(self, who, kind, props, at=None):
        with self.tx() as tx:
            identity = intern(tx, [who])[who]
            append(tx, [NewEvent(identity, at or self.now, kind, msgspec.json.encode(props))])
        return identity

    def answers(self, who, **facts):
        answers = [
            {"question": name, "title": name, "kind": "number" if isinstance(value, int) else "text"}
            | {"value": value, "words": str(value), "fact": name}
            for name, value in facts.items()
        ]
        form = {"form": "quiz", "title": "Quiz", "response": "", "verified": True, "message": None}
        return self.happens(who, "form.answered", {**form, "answers": answers, "consents": []})

    def follow(self):
        while sum(self.runner.step(self.workspace, follower, self.now).moved for follower in ALL):
            pass

    def members(self, name):
        with self.tx() as tx:
            return {member.customer_id for member in segments.members(tx, name)}

    def make(self, name, rule):
        with self.tx() as tx:
            segments.create_segment(tx, name, name, rule, self.now)


@pytest.fixture
def story(database, workspace, now):
    story = Story(database, workspace, now)
    story.answers(("email", "first@shop.example"), budget=5, gift_for="nobody")
    story.follow()
    return story


def test_an_answer_and_an_order_of_two_identities_of_one_customer_count_together(story):
    story.make("within-budget", BUDGET)
    mail = story.answers(("email", "ieva@shop.example"), budget=30)
    user = story.happens(("customer", "17850"), "Order Completed", {"total": 12})
    story.follow()
    assert story.members("within-budget") == set()
    story.happens(("customer", "17850"), "identify", {"traits": {}, "links": [mail], "verified": True})
    story.follow()
    assert story.members("within-budget") == {user}
    with story.tx() as tx:
        found = explain(tx, "within-budget", user, story.now)
    assert found.holds
    assert [one.holds for one in found.evidence] == [True, True]
    assert found.evidence[0].said.words == "30"
    assert [(day.count, day.total) for day in found.evidence[1].did] == [(1, 12.0)]


def test_it_can_be_explained_why_a_customer_is_not_in_a_segment(story):
    story.make("within-budget", BUDGET)
    who = story.answers(("email", "ieva@shop.example"), budget=30)
    story.happens(("email", "ieva@shop.example"), "Order Completed", {}, story.now - timedelta(days=60))
    story.follow()
    with story.tx() as tx:
        found = explain(tx, "within-budget", who, story.now)
        with pytest.raises(Unknown):
            explain(tx, "nothing", who, story.now)
    assert not found.holds
    assert [(one.condition, one.holds) for one in found.evidence] == [
        ("whose budget is 20 or more", True),
        ("who did “Order Completed” in the last 30 days", False),
    ]


def test_live_membership_is_what_asking_everybody_afresh_gives_and_a_replay_keeps_it(story):
    rules = {
        "within-budget": BUDGET,
        "for-mothers": {"fact": "gift_for", "is": "mother"},
        "silent": {"none": [{"answer": "quiz.gift_for", "known": True}, {"event": "page"}]},
        "everybody": {"all": []},
        "met-a-mother": {"event": "segment.entered", "count": {"at_least": 2}},
    }
    for name, rule in rules.items():
        story.make(name, rule)
    random = Random(7)
    people = [("email", f"p{n}@shop.example") for n in range(8)] + [("customer", str(n)) for n in range(6)]
    for step in range(120):
        who = random.choice(people)
        match random.randrange(5):
            case 0:
                story.answers(who, budget=random.choice([10, 30]))
            case 1:
                story.answers(who, gift_for=random.choice(["mother", "friend"]))
            case 2:
                other = story.happens(random.choice(people), "page", {})
                if random.random() < 0.3:
                    story.happens(who, "identify", {"traits": {}, "links": [other], "verified": True})
            case _:
                story.happens(who, "Order Completed", {"total": step})
        if random.random() < 0.3:
            story.follow()
    story.follow()
    live = {name: story.members(name) for name in rules}
    with story.tx() as tx:
        for name, rule in rules.items():
            segments.create_segment(tx, f"{name}-afresh", name, rule, story.now)
        before = store.count_events(tx, kind=None)
    assert {name: story.members(f"{name}-afresh") for name in rules} == live
    assert all(live[name] for name in ("within-budget", "for-mothers", "everybody", "met-a-mother"))
    for follower in ALL:
        with story.tx() as tx:
            rewind(tx, follower)
    story.follow()
    with story.tx() as tx:
        assert turning.turn(tx, story.now).moved == 0
        assert store.count_events(tx, kind=None) == before
    assert {name: story.members(name) for name in rules} == live


def test_whoever_has_something_forgotten_leaves_the_segments_that_asked_for_it(story):
    story.make("spends", {"all": [{"fact": "budget", "at_least": 20}]})
    story.follow()
    anna = story.answers(("user", "anna"), budget=25)
    boris = story.answers(("user", "boris"), budget=25)
    story.follow()
    assert story.members("spends") == {anna, boris}
    story.happens(("user", "anna"), "fact.forgotten", {"name": "budget"}, at=story.now + timedelta(minutes=1))
    story.follow()
    assert story.members("spends") == {boris}


def test_what_is_said_late_and_contradicts_makes_a_member_until_it_is_settled(story):
    disputed, agreed = ({"fact": "budget", "contradicting": wanted} for wanted in (True, False))
    story.make("disputed", disputed)
    story.make("agreed", agreed)
    anna = story.answers(("user", "anna"), budget=25)
    mail = story.happens(
        ("email", "anna@shop.example"),
        "identify",
        {"traits": {"budget": 90}, "links": [anna], "verified": True},
        at=story.now - timedelta(days=3),
    )
    story.follow()
    with story.tx() as tx:
        (said,) = contradictions(tx, anna)["budget"]
        assert (said.identity_id, said.value) == (mail, 90)
    assert story.members("disputed") == {anna}
    assert anna not in story.members("agreed")
    story.happens(("user", "anna"), "fact.stated", {"name": "budget", "value": 25, "words": "25"})
    story.follow()
    assert story.members("disputed") == set()
    assert anna in story.members("agreed")
