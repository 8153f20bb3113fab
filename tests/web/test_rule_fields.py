"""A rule that is composed by clicking and one that is written as text are the same rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulars.understand.reading import parse
from regulars.understand.rules import Group, Known
from regulars.web.console.rule_fields import act, fields_of, read_fields
from regulars.web.console.rule_nodes import FactNode, GroupNode, from_rule, places
from regulars.web.console.rule_writing import to_rule

KNOWN = Known(
    {"whom": "text", "size": "number", "born": "date", "agreed": "boolean", "likes": "list"},
    frozenset({"page"}),
    {"best": {"all": []}},
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
    written, wrong = to_rule(root, KNOWN)
    assert not wrong
    again = parse(written, KNOWN)
    assert again == (read if isinstance(read, Group) else Group("all", (read,)))


def test_everybody_stays_everybody():
    assert to_rule(read_fields(fields_of(from_rule(parse({"all": []}, KNOWN)))), KNOWN) == ({"all": []}, {})


@pytest.mark.parametrize(
    ("fields", "place", "says"),
    [
        ({"r.0:fact": ""}, "r.0", "Choose what they told you."),
        ({"r.0:fact": "whom", "r.0:test": "is", "r.0:value": " "}, "r.0", "Say which value."),
        ({"r.0:fact": "size", "r.0:test": "at_least", "r.0:low": "many"}, "r.0", "“many” is no number"),
        ({"r.0:fact": "born", "r.0:test": "is", "r.0:value": "soon"}, "r.0", "must be a date such as"),
        ({"r.0:fact": "gone", "r.0:test": "known"}, "r.0", "no fact 'gone' is known yet"),
        ({"r.0:event": " "}, "r.0", "Choose what they did."),
        ({"r.0:event": "page", "r.0:low": "-1"}, "r.0", "must be a whole number of 0 or more"),
        ({"r.0:event": "page", "r.0:days": "0"}, "r.0", "must be a whole number of 1 or more"),
        ({"r.0:need": "any"}, "r.0", "This group is empty"),
        ({"r.0:segment": ""}, "r.0", "Choose a segment."),
        ({"r.0:segment": "gone"}, "r.0", "there is no segment 'gone'"),
        ({"r.0:consent": " "}, "r.0", "Say what they allow"),
        ({"r.0:consent": "news"}, "r.0", "must be a purpose and a channel"),
        ({"r.0:reachable": "pigeon"}, "r.0", "must be a channel: email"),
        ({"r.0:message": "read"}, "r.0", "must be one of sent, refused"),
        ({"r.0:message": "answered", "r.0:campaign": "may"}, "r.0", "an answer does not say it"),
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
    rule, _ = to_rule(GroupNode("all", [*root.clauses, FactNode("whom", "known")]), KNOWN)
    parse(rule, KNOWN)
    assert place.count(".") == 9
