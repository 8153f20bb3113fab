"""A rule that is composed by clicking and one that is written as text are the same rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.understand.reading import parse
from regulars.understand.rules import Group, Known
from regulars.web.console.rule_fields import act, fields_of, read_fields
from regulars.web.console.rule_nodes import (
    EventNode,
    FactNode,
    GroupNode,
    SequenceNode,
    StepNode,
    TextNode,
    WhereNode,
    places,
)
from regulars.web.console.rule_showing import from_rule
from regulars.web.console.rule_writing import to_rule

KNOWN = Known(
    {"whom": "text", "size": "number", "born": "date", "agreed": "boolean", "likes": "list"},
    frozenset({"page"}),
    {"best": {"all": []}},
    lists=frozenset({"vips"}),
)
_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20)
_NUMBER = st.integers(-1000, 1000) | st.floats(-1000, 1000, allow_nan=False)
_DATE = st.dates().map(lambda day: day.isoformat())
_VALUES = {"whom": _TEXT, "size": _NUMBER, "born": _DATE, "agreed": st.booleans()}


def fact(name, test, values):
    return values.map(lambda value: {"fact": name, test: value})


def bounded(name, values):
    pair = st.lists(values, min_size=2, max_size=2).map(sorted)
    both = pair.map(lambda two: {"fact": name, "at_least": two[0], "at_most": two[1]})
    return both | fact(name, "at_least", values) | fact(name, "at_most", values)


_LEAF = st.one_of(
    *(fact(name, test, values) for name, values in _VALUES.items() for test in ("is", "is_not")),
    *(fact(name, "in", st.lists(_VALUES[name], min_size=1, max_size=4)) for name in ("whom", "size", "born")),
    *(bounded(name, _VALUES[name]) for name in ("size", "born")),
    *(fact(name, "known", st.booleans()) for name in KNOWN.facts),
    fact("whom", "contains", _TEXT),
    st.sampled_from(
        [
            {"segment": "best"},
            {"segment": "best", "member": False},
            {"consent": "marketing/email", "is": "granted"},
            {"consent": "marketing/email", "is": "unsaid"},
            {"reachable": "email"},
            {"reachable": "email", "is": False},
            {"list": "vips"},
            {"stage": "after_sale"},
            {"stage": "evaluation", "category": "Candles"},
            {"message": "answered", "campaign": "may", "channel": "email"},
            {"fact": "whom", "contradicting": False},
            {"fact": "whom", "known": False, "source": "imported", "from": "2026-01-01"},
            {"sequence": [{"event": "a", "where": [{"property": "p", "known": False}]}], "never_since": {"event": "c"}},
            {"event": "page", "min": {"of": "when", "at_least": "2026-01-01", "at_most": "2026-02-01"}},
            {"event": "page", "max": {"of": "total", "at_least": 3, "at_most": 3}},
            {"event": "page", "distinct": {"of": "what", "exactly": 3}, "older_than_days": 2},
            {"event": "page", "first": {"of": "what", "in": ["no", "3", 3, True]}},
            {"event": "page", "last": {"of": "what", "known": False}},
            {"event": "page", "sum": {"of": "total", "at_most": 0}},
            {"event": "page", "where": [{"property": "a", "in": ["b", 2]}], "last": {"of": "c", "at_least": 2}},
            {"sequence": [{"event": "a"}, {"event": "b"}], "apart_days": 3, "never_since": {"event": "c"}},
            {"message": "opened"},
            {"message": "sent", "campaign": "may", "within_days": 3},
            {"message": "sent", "count": {"at_most": 0}, "within_days": 3},
            {"message": "sent", "template": "hello"},
            {"message": "sent", "campaign": "may", "count": {"at_least": 2}, "within_days": 3},
            {"fact": "whom", "contradicting": True},
            {"fact": "size", "at_least": 3, "source": ["said", "did"], "older_than_days": 9},
            {"fact": "likes", "known": False, "within_days": 3},
            {"event": "page", "count": {"at_least": 2}, "between_days": [3, 9]},
            {"event": "page", "sum": {"at_most": 2}, "until": "2026-05-01"},
        ]
    ),
    fact("likes", "contains", _TEXT | _NUMBER | st.booleans()),
    st.builds(
        lambda measure, bounds, days: {"event": "page", measure: bounds, **({"within_days": days} if days else {})},
        st.sampled_from(["count", "sum"]),
        st.lists(st.integers(0, 99), min_size=2, max_size=2)
        .map(sorted)
        .flatmap(
            lambda two: st.sampled_from(
                [
                    {"at_least": two[0]},
                    {"at_most": two[0]},
                    {"exactly": two[0]},
                    {"at_least": two[0], "at_most": two[1]},
                ]
            )
        ),
        st.none() | st.integers(1, 3650),
    ),
)
_RULE = st.recursive(
    _LEAF,
    lambda inner: st.builds(
        lambda need, clauses: {need: clauses},
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner, min_size=1, max_size=4),
    ),
    max_leaves=8,
)


@given(_RULE)
def test_what_a_rule_means_is_not_changed_by_composing_it(rule):
    read = parse(rule, KNOWN)
    root = read_fields(fields_of(from_rule(read)))
    assert not any(isinstance(node, TextNode) for _, node in places(root)), "every condition has its fields"
    written, wrong = to_rule(root, KNOWN)
    assert not wrong
    again = parse(written, KNOWN)
    assert again == (read if isinstance(read, Group) else Group("all", (read,)))


def test_everybody_stays_everybody():
    assert to_rule(read_fields(fields_of(from_rule(parse({"all": []}, KNOWN)))), KNOWN) == ({"all": []}, {})


@pytest.mark.parametrize(
    ("fields", "place", "says"),
    [
        ({"r.0:fact": ""}, "r.0", "Choose what you know of them."),
        ({"r.0:fact": "whom", "r.0:test": "is", "r.0:value": " "}, "r.0", "Say which value."),
        ({"r.0:fact": "size", "r.0:test": "at_least", "r.0:low": "many"}, "r.0", "“many” is no number"),
        ({"r.0:fact": "born", "r.0:test": "is", "r.0:value": "soon"}, "r.0", "must be a date such as"),
        ({"r.0:fact": "gone", "r.0:test": "known"}, "r.0", "no fact 'gone' is known yet"),
        ({"r.0:event": " "}, "r.0", "Choose what they did."),
        ({"r.0:event": "page", "r.0:low": "-1"}, "r.0", "must be a whole number of 0 or more"),
        ({"r.0:event": "page", "r.0:when": "within", "r.0:days": "0"}, "r.0", "must be a whole number of 1 or more"),
        ({"r.0:need": "any"}, "r.0", "This group is empty"),
        ({"r.0:segment": ""}, "r.0", "Choose a segment."),
        ({"r.0:segment": "gone"}, "r.0", "there is no segment 'gone'"),
        ({"r.0:consent": " "}, "r.0", "Say what they allow"),
        ({"r.0:consent": "news"}, "r.0", "must be a purpose and a channel"),
        ({"r.0:reachable": "pigeon"}, "r.0", "must be a channel: email"),
        ({"r.0:message": "read"}, "r.0", "must be one of sent, refused"),
        ({"r.0:event": "page", "r.0:when": "within", "r.0:days": "-3"}, "r.0", "must be a whole number of 1 or more"),
        ({"r.0:event": "page", "r.0:when": "older"}, "r.0", "Say how many."),
        ({"r.0:event": "page", "r.0:when": "between", "r.0:days": "9", "r.0:back": "3"}, "r.0", "the smaller first"),
        ({"r.0:event": "page", "r.0:when": "dates"}, "r.0", "Say from which day"),
        ({"r.0:event": "page", "r.0:measure": "max"}, "r.0", "Say which property"),
        ({"r.0:event": "page", "r.0.0:property": " ", "r.0.0:test": "is"}, "r.0.0", "Say which property"),
        ({"r.0:event": "page", "r.0.0:property": "x", "r.0.0:test": "is"}, "r.0.0", "Say which value"),
        ({"r.0:sequence": "yes"}, "r.0", "must be a list of 2 to 5 events"),
        ({"r.0:sequence": "yes", "r.0.0:step": " ", "r.0.1:step": "a"}, "r.0.0", "Choose what they did."),
        (
            {
                "r.0:sequence": "yes",
                **{f"r.0.{n}:step": "a" for n in range(3)},
                "r.0.1:never": "yes",
                "r.0.2:never": "yes",
            },
            "r.0",
            "Only one event",
        ),
        ({"r.0:list": ""}, "r.0", "Choose a list."),
        ({"r.0:list": "gone"}, "r.0", "there is no list 'gone'"),
        ({"r.0:stage": "love"}, "r.0", "must be one of intent"),
        ({"r.0:text": "{"}, "r.0", "Line 2: did not find"),
        ({"r.0:text": "[]"}, "r.0", "must be an object"),
        ({"r.0:text": "5"}, "r.0", "must be an object"),
        ({"r.0:text": '{"fact": "gone", "known": true}'}, "r.0", "no fact 'gone' is known yet"),
        ({"r:need": "none"}, "r", "Add a condition"),
    ],
)
def test_what_is_unfinished_says_so_at_its_place_and_the_rest_stands(fields, place, says):
    root = read_fields({"r.1:fact": "whom", "r.1:test": "known"} | fields if place != "r" else fields)
    rule, wrong = to_rule(root, KNOWN)
    assert list(wrong) == [place]
    assert says in str(wrong[place])
    assert rule == ({"all": [{"fact": "whom", "known": True}]} if place != "r" else {"all": []})


def named(root):
    return {place: node.fact for place, node in places(root) if isinstance(node, FactNode)}


def tree():
    return GroupNode("all", [FactNode("a"), GroupNode("any", [FactNode("b"), FactNode("c")]), FactNode("d")])


@pytest.mark.parametrize(
    ("do", "then", "order"),
    [
        ("down:r.0", "r.0.0", {"r.0.0": "a", "r.0.1": "b", "r.0.2": "c", "r.1": "d"}),
        ("up:r.1.0", "r.1", {"r.0": "a", "r.1": "b", "r.2.0": "c", "r.3": "d"}),
        ("up:r.1.1", "r.1.0", {"r.0": "a", "r.1.0": "c", "r.1.1": "b", "r.2": "d"}),
        ("down:r.1.1", "r.2", {"r.0": "a", "r.1.0": "b", "r.2": "c", "r.3": "d"}),
        ("up:r.2", "r.1.2", {"r.0": "a", "r.1.0": "b", "r.1.1": "c", "r.1.2": "d"}),
        ("up:r.1", "r.0", {"r.0.0": "b", "r.0.1": "c", "r.1": "a", "r.2": "d"}),
        ("up:r.0", "", {"r.0": "a", "r.1.0": "b", "r.1.1": "c", "r.2": "d"}),
        ("remove:r.1", "r", {"r.0": "a", "r.1": "d"}),
        ("add-fact:r.1", "r.1.2", {"r.0": "a", "r.1.0": "b", "r.1.1": "c", "r.1.2": "", "r.2": "d"}),
        ("remove:r.9", "", {"r.0": "a", "r.1.0": "b", "r.1.1": "c", "r.2": "d"}),
        ("nothing:r", "", {"r.0": "a", "r.1.0": "b", "r.1.1": "c", "r.2": "d"}),
    ],
)
def test_buttons_add_remove_and_move(do, then, order):
    root = tree()
    assert act(root, do) == then
    assert named(root) == order


@pytest.mark.parametrize(
    ("do", "then", "kinds"),
    [
        ("add-where:r.0", "r.0.1", ["a", "b", "c"]),
        ("add-where:r.1.0", "r.1.0.0", ["a", "b", "c"]),
        ("add-step:r.1", "r.1.2", ["a", "b", "c", ""]),
        ("down:r.1.0", "r.1.1", ["a", "c", "b"]),
        ("up:r.1.0", "", ["a", "b", "c"]),
        ("remove:r.1.0", "r.1", ["a", "c"]),
        ("remove:r.0.0", "r.0", ["a", "b", "c"]),
        ("use:r.1.1:page", "r.1.1", ["a", "b", "page"]),
        ("use:r.0:page", "r.0", ["page", "b", "c"]),
        ("use:r.0.0:page", "", ["a", "b", "c"]),
        ("add-fact:r.0", "", ["a", "b", "c"]),
        ("add-step:r", "", ["a", "b", "c"]),
        ("add-where:r", "", ["a", "b", "c"]),
    ],
)
def test_parts_of_conditions_are_added_removed_and_moved_within_them(do, then, kinds):
    steps = [StepNode("b"), StepNode("c")]
    root = GroupNode("all", [EventNode("a", clauses=[WhereNode("p", "known")]), SequenceNode(clauses=steps)])
    assert act(root, do) == then
    found = [node for _, node in places(root)]
    assert [
        getattr(one, "event", None) or getattr(one, "step", "")
        for one in found
        if isinstance(one, EventNode | StepNode)
    ] == kinds
    wheres = 1 + (do in ("add-where:r.0", "add-where:r.1.0")) - (do == "remove:r.0.0")
    assert sum(isinstance(one, WhereNode) for one in found) == wheres


def test_parts_stand_only_where_they_can():
    fields = {"r.0:property": "p", "r.1:step": "a", "r.2:event": "e", "r.2.0:fact": "whom", "r.3:sequence": "yes"}
    fields |= {"r.3.0:property": "p", "r.2.1:property": "q"}
    assert [place for place, _ in places(read_fields(fields))] == ["r", "r.0", "r.0.0", "r.1"]


def test_fields_that_make_no_sense_make_no_rule():
    assert fields_of(read_fields({"r.0.0:fact": "x", "r.x:fact": "y", "r.5:need": "most", "q:fact": "z"})) == {
        "r:need": "all",
        "r.0:need": "all",
    }
    deep = {"r" + ".0" * n + ":need": "all" for n in range(30)}
    assert len(list(places(read_fields(deep)))) == 13


def test_groups_are_not_nested_deeper_than_a_rule_may_be():
    root = GroupNode()
    place = "r"
    while then := act(root, f"add-group:{place}"):
        place = then
    act(root, f"add-fact:{place}")
    rule, _ = to_rule(GroupNode("all", [*root.clauses, FactNode("whom", test="known")]), KNOWN)
    parse(rule, KNOWN)
    assert place.count(".") == 9
