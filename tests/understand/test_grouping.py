"""Groups of customers: known kinds are found, go on being called what they were, and keep nobody in who goes."""

from datetime import timedelta
from random import Random

import msgspec
import pytest
from sklearn.metrics import adjusted_rand_score
from tests.understand.test_with_remember import Story

from regulars.access.audit import open_audit
from regulars.hear.identities import intern
from regulars.loop.forgetting import Forgetting, all_steps
from regulars.loop.rounds import hold_due
from regulars.remember import catalogue, correcting, erasure_records, facts, restrictions
from regulars.remember.catalogue import Said
from regulars.remember.customers import customer_of
from regulars.store.log import NewEvent, append
from regulars.understand import group_features, group_learning, grouping, segments
from regulars.words.errors import Invalid, Unknown

KINDS = {
    "regular": {"orders": (6, 9), "money": (40, 60), "back": (1, 15), "gift_for": "mother"},
    "once": {"orders": (1, 1), "money": (8, 15), "back": (200, 300), "gift_for": "friend"},
    "looker": {"orders": (0, 0), "money": (0, 0), "back": (1, 10), "gift_for": ""},
}


class Fair(Story):
    """A shop with three kinds of customers."""

    def __init__(self, database, workspace, now):
        super().__init__(database, workspace, now)
        self.kind_of = {}

    def come(self, each=20, start=0, kinds=KINDS):
        """Let so many customers of each kind come, whose numbers begin somewhere."""
        rng, events = Random(start), []
        names = [(kind, f"{kind}-{n}") for n in range(start, start + each) for kind in kinds]
        with self.tx() as tx:
            users = intern(tx, [("user", name) for _, name in names])
            for kind, name in names:
                who, like = users["user", name], KINDS[kind]
                self.kind_of[who] = kind
                events += self._of(rng, who, name, like)
            append(tx, events)
        self.follow()

    def _of(self, rng, who, name, like):
        at = self.now - timedelta(days=rng.randint(*like["back"]))
        if not like["orders"][1]:
            for n in range(rng.randint(5, 12)):
                yield self._event(who, at - timedelta(hours=n), "Product Viewed", {"product_id": f"p-{n}"})
        for n in range(rng.randint(*like["orders"])):
            told = {"order_id": f"{name}-{n}", "total": rng.randint(*like["money"]), "currency": "GBP"}
            yield self._event(who, at - timedelta(days=20 * n), "Order Completed", told)
        if like["gift_for"] and rng.random() < 0.9:
            yield self._event(
                who, at, "identify", {"traits": {"gift_for": like["gift_for"]}, "links": [], "verified": True}
            )

    def _event(self, who, at, kind, props):
        return NewEvent(who, at, kind, msgspec.json.encode(props))

    def make(self, later=timedelta()):
        grouping.work_on(self.database, self.workspace, self.now + later)

    def standing(self):
        with self.tx() as tx:
            return grouping.standing(tx)

    def groups(self):
        with self.tx() as tx:
            return grouping.groups(tx)

    def numbers(self):
        """The group of each customer, as their facts say."""
        with self.tx() as tx:
            told = {who: facts.current(tx, who) for who in self.kind_of}
        return {who: one.value for who, some in told.items() for one in some if one.name == grouping.FACT}

    def agreed(self):
        """How far the groups are the kinds: 1 is all of it."""
        numbers = self.numbers()
        return adjusted_rand_score([self.kind_of[who] for who in numbers], list(numbers.values()))


@pytest.fixture
def fair(database, workspace, now, monkeypatch):
    """The shop; groups are learned in this process, which is quicker on a busy machine."""
    monkeypatch.setattr(grouping, "learn_apart", group_learning.learn)
    return Fair(database, workspace, now)


@pytest.fixture
def fair_apart(database, workspace, now):
    """The shop; groups are learned in a process of its own."""
    return Fair(database, workspace, now)


def test_three_kinds_of_customers_are_found_and_described(fair_apart):
    fair = fair_apart
    fair.come()
    fair.make()
    standing = fair.standing()
    assert (standing.problem, standing.customers, standing.drawn) == ("", 60, 60)
    assert fair.agreed() > 0.95, fair.groups()
    found = {one.number: one for one in fair.groups()}
    assert sorted(one.size for one in found.values()) == [20, 20, 20]
    for who, number in fair.numbers().items():
        told = {(one.fact, one.kind) for one in found[number].differences}
        if fair.kind_of[who] == "regular":
            assert ("orders", "average") in told, found[number]


def test_the_same_customers_are_in_the_same_groups_and_more_of_them_change_no_number(fair):
    fair.come()
    fair.make()
    first = fair.numbers()
    with fair.tx() as tx:
        (regular,) = {first[who] for who, kind in fair.kind_of.items() if kind == "regular"}
        grouping.call(tx, regular, "  Our\nregulars ")
    fair.make(timedelta(days=1))
    assert fair.numbers() == first
    fair.come(each=50, start=100)
    fair.make(timedelta(days=2))
    later = fair.numbers()
    assert {who: later[who] for who in first} == first
    assert fair.agreed() > 0.95
    assert {one.number: (one.title, one.size) for one in fair.groups()}[regular] == ("Our regulars", 70)


def test_a_group_that_is_no_more_gives_its_number_to_no_other(fair):
    fair.come()
    fair.make()
    with fair.tx() as tx:
        grouping.ask(tx, 2, fair.now)
    fair.make(timedelta(minutes=1))
    two = {one.number for one in fair.groups()}
    assert len(two) == 2
    assert two <= {1, 2, 3}
    with fair.tx() as tx:
        grouping.ask(tx, 4, fair.now)
    fair.make(timedelta(minutes=2))
    four = {one.number for one in fair.groups()}
    assert len(four) == 4
    assert four - two <= {4, 5}
    assert set(fair.numbers().values()) == four


def test_a_segment_follows_the_group(fair):
    fair.come()
    fair.make()
    (once,) = {number for who, number in fair.numbers().items() if fair.kind_of[who] == "once"}
    with fair.tx() as tx:
        segments.create_segment(tx, "once", "Once", {"fact": grouping.FACT, "is": once}, fair.now)
    assert {fair.kind_of[who] for who in fair.members("once")} == {"once"}
    mover = next(iter(fair.members("once")))
    with fair.tx() as tx:
        for n in range(8):
            told = {"order_id": f"m-{n}", "total": 50, "currency": "GBP"}
            append(tx, [fair._event(mover, fair.now - timedelta(days=2 + n), "Order Completed", told)])
    fair.follow()
    fair.make(timedelta(days=1))
    assert mover not in fair.members("once")


def test_who_is_restricted_is_in_no_group_from_the_next_round_on(fair):
    fair.come()
    fair.make()
    first, number = next(iter(fair.numbers().items()))
    made_at = fair.standing().made_at
    with fair.tx() as tx:
        before = grouping.get_group(tx, number).size
        restrictions.change(tx, first, "Keep it, do not use it.", "by telephone", fair.now, restricted=True)
    fair.follow()
    grouping.work_on(fair.database, fair.workspace, fair.now + timedelta(minutes=2))
    assert fair.standing().made_at == made_at, "they are not found anew for it"
    assert first not in fair.numbers()
    with fair.tx() as tx:
        assert grouping.FACT not in {one.name for one in facts.current(tx, first)}
        assert grouping.get_group(tx, number).size == before - 1


def test_who_is_restricted_forgotten_or_merged_is_in_no_group_of_their_own(fair):
    fair.come()
    fair.make()
    whole = fair.standing().customers
    first, second, third = list(fair.kind_of)[:3]
    with fair.tx() as tx:
        restrictions.change(tx, first, "Keep it, do not use it.", "by telephone", fair.now, restricted=True)
        erasure_records.ask(tx, second, "erase", fair.now)
    fair.follow()
    audit = open_audit(fair.database)
    Forgetting(fair.database, all_steps(audit), audit, lambda: fair.now).carry_out_next(fair.workspace)
    with fair.tx() as tx:
        told = {row[0] for row in tx.connection.execute("select customer_id from understand_grouped").fetchall()}
        listed = {one.customer_id for group in grouping.groups(tx) for one in grouping.people(tx, group.number)}
    assert second not in told
    assert not {first, second} & listed
    alias = fair.happens(("anonymous", "b-1"), "Product Viewed", {"product_id": "p-1"})
    fair.follow()
    fair.make(timedelta(days=1))
    said = {"traits": {}, "links": [alias], "verified": True}
    fair.happens(("user", "looker-0"), "identify", said)
    fair.follow()
    with fair.tx() as tx:
        assert customer_of(tx, alias) == third
        assert [one.value for one in facts.current(tx, third) if one.name == grouping.FACT]
    fair.make(timedelta(days=2))
    assert first not in fair.numbers()
    assert fair.standing().customers == whole - 2
    with fair.tx() as tx:
        told = [row[0] for row in tx.connection.execute("select customer_id from understand_grouped").fetchall()]
    assert alias not in told
    assert len(told) == len(set(told)) == whole - 2


def test_who_had_it_forgotten_does_not_get_it_again(fair):
    fair.come()
    fair.make()
    who = next(iter(fair.kind_of))
    with fair.tx() as tx:
        known = [one for one in facts.current(tx, who) if one.name == grouping.FACT]
        correcting.forget(tx, who, known, fair.now)
    fair.follow()
    fair.make(timedelta(days=1))
    assert who not in fair.numbers()


def test_what_is_sensitive_or_for_some_purposes_only_parts_nobody(fair):
    fair.come()
    with fair.tx() as tx:
        catalogue.save(tx, "gift_for", Said(sensitive=True), fair.now)
        catalogue.save(tx, "spent_gbp", Said(purposes=["service"]), fair.now)
    fair.make()
    standing = fair.standing()
    assert {"gift_for", "spent_gbp"}.isdisjoint(standing.facts)
    assert "orders" in standing.facts
    with fair.tx() as tx:
        catalogue.save(tx, "orders", Said(sensitive=True), fair.now)
    assert "orders" not in {told.fact for one in fair.groups() for told in one.differences}


def test_an_answer_that_says_what_is_sensitive_by_another_name_stays_out_too(fair):
    answer = {"question": "whom", "title": "Whom?", "kind": "text", "value": "mother", "words": "My mother"}
    form = {"form": "quiz", "title": "Quiz", "response": "", "verified": True, "message": None, "consents": []}
    for n in range(40):
        told = {**form, "answers": [{**answer, "fact": "gift_for"}] if n % 2 else []}
        fair.happens(("user", f"u-{n}"), "form.answered", told)
    fair.follow()
    with fair.tx() as tx:
        assert {"gift_for", "quiz.whom"} <= facts.catalogue(tx).keys()
        catalogue.save(tx, "gift_for", Said(sensitive=True), fair.now)
        customers = list(range(1, 60))
        named = group_features.names_of(group_features.choose(tx, customers, 1_000))
    assert {"gift_for", "quiz.whom"}.isdisjoint(named)


def test_of_few_customers_there_are_no_groups(fair):
    fair.come(each=9)
    fair.make()
    assert (fair.standing().problem, fair.groups()) == ("few", [])
    fair.come(each=9, start=50)
    fair.make(timedelta(minutes=5))
    assert fair.groups() == []
    fair.make(timedelta(minutes=11))
    assert len(fair.groups()) == 3


def test_without_the_extra_it_is_said_and_nothing_else_stops(fair, monkeypatch):
    fair.come()
    monkeypatch.setattr(group_learning, "find_spec", lambda name: None if name == "sklearn" else name)
    assert "groups" in hold_due(fair.database, fair.workspace, fair.now)
    assert (fair.standing().problem, fair.groups()) == ("extra", [])
    monkeypatch.undo()
    fair.make(timedelta(minutes=11))
    assert len(fair.groups()) == 3


def test_a_learner_that_fails_leaves_the_groups_as_they_were(fair_apart, monkeypatch):
    fair = fair_apart
    fair.come()
    fair.make()
    before = fair.groups()
    monkeypatch.setattr(group_learning, "_SECONDS", 0.001)
    fair.make(timedelta(days=1))
    assert fair.standing().problem == "failed"
    assert fair.groups() == before


def test_customers_who_are_all_alike_fall_into_no_groups(fair):
    fair.now = fair.now.replace(hour=12)
    for n in range(40):
        fair.happens(("user", f"u-{n}"), "identify", {"traits": {"plan": "basic"}, "links": [], "verified": True})
    fair.follow()
    fair.make()
    assert (fair.standing().problem, fair.groups()) == ("same", [])


def test_hostile_facts_are_taken_or_left(fair):
    rng = Random(3)
    for n in range(60):
        traits = {
            "huge": rng.choice([10**300, -(10**300), 1e308, 0, 5]),
            "'; drop table understand_group; --": rng.choice(["<script>", "\u0000x".replace("\u0000", ""), "'%s'"]),
            "long": "x" * 5_000,
            "each": f"free text {n}",
            "mixed": rng.choice([True, "yes", 3, ["a", "b"], [["c"]], {"d": 1}]),
        }
        fair.happens(("user", f"h-{n}"), "identify", {"traits": traits, "links": [], "verified": True})
    fair.come()
    fair.make()
    standing = fair.standing()
    assert standing.problem == ""
    assert "each" not in standing.facts
    assert len(standing.facts) < group_features.MOST_COLUMNS
    assert sum(one.size for one in fair.groups()) == 120


def test_a_walk_is_bounded_and_keeps_its_place(fair, monkeypatch):
    fair.come()
    monkeypatch.setattr(grouping, "_AT_ONCE", 7)
    monkeypatch.setattr(grouping, "_SECONDS", 0.0)
    monkeypatch.setattr(grouping, "MOST_DRAWN", 45)
    for _ in range(30):
        fair.make()
    assert fair.standing().made_at is None
    monkeypatch.setattr(grouping, "_SECONDS", 30.0)
    fair.make()
    standing = fair.standing()
    assert (standing.drawn, standing.customers) == (45, 60)
    assert fair.agreed() > 0.9


def test_there_can_be_so_many_groups_and_a_title_has_an_end(fair):
    with fair.tx() as tx:
        for wished in (0, 1, 13, -2):
            with pytest.raises(Invalid):
                grouping.ask(tx, wished, fair.now)
        with pytest.raises(Unknown):
            grouping.call(tx, 1, "Nobody")
    fair.come()
    fair.make()
    with fair.tx() as tx, pytest.raises(Invalid):
        grouping.call(tx, 1, "x" * 81)
