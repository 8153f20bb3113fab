import pytest

from regulars.understand.looking import matches_strangers, mentions
from regulars.understand.reading import parse
from regulars.understand.rules import Bounds, Days, EventRule, FactRule, Group, Known
from regulars.understand.sentences import sentence
from regulars.words.errors import Invalid

KNOWN = Known(
    facts={
        "gift_for": "text",
        "gift-quiz.for_whom": "text",
        "budget": "number",
        "occasion_date": "date",
        "newsletter": "boolean",
        "likes": "list",
    },
    events=frozenset({"Order Completed", "page"}),
    segments={"best": {"all": []}},
)


def test_a_rule_is_read_into_a_typed_tree():
    rule = parse(
        {
            "all": [
                {"fact": "gift_for", "is": "mother"},
                {"answer": "gift-quiz.for_whom", "in": ["mother", "father"]},
                {"event": "Order Completed", "count": {"at_least": 3}, "within_days": 90},
                {"none": [{"fact": "budget", "at_least": 10, "at_most": 50.5}]},
            ]
        },
        KNOWN,
    )
    assert rule == Group(
        "all",
        (
            FactRule("gift_for", "is", "mother"),
            FactRule("gift-quiz.for_whom", "in", ("mother", "father")),
            EventRule("Order Completed", "count", Bounds(at_least=3), Days(within=90)),
            Group("none", (FactRule("budget", "bounds", Bounds(10, 50.5)),)),
        ),
    )
    mentioned = mentions(rule)
    assert mentioned.facts == {"gift_for", "gift-quiz.for_whom", "budget"}
    assert mentioned.events == {"Order Completed"}
    assert mentioned.windowed


def test_an_event_without_a_measure_means_at_least_once():
    assert parse({"event": "page"}, KNOWN) == EventRule("page", "count", Bounds(at_least=1))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (None, "rule: must be an object"),
        ([], "rule: must be an object"),
        ({}, "rule: must have exactly one of all, any, none, fact, answer, event"),
        ({"all": [], "any": []}, "rule: must have exactly one of"),
        ({"any": []}, "any: must have at least one condition"),
        ({"all": {}}, "all: must be a list"),
        ({"all": [{"any": [{"fact": "budget"}]}]}, "all[0].any[0]: must have exactly one test of is, is_not"),
        ({"fact": "gift_fro", "is": "x"}, "fact: no fact 'gift_fro' is known. Did you mean gift_for?"),
        ({"answer": "zzz", "is": "x"}, "answer: no fact 'zzz' is known yet: ask for it in a form"),
        ({"fact": "", "is": "x"}, "fact: must be a name"),
        ({"fact": "gift_for", "is": 3}, "is: must be a text"),
        ({"fact": "gift_for", "is": "a\0b"}, "is: has a character that no text can hold"),
        ({"fact": "gift_for", "is": "x" * 201}, "is: must be at most 200 characters"),
        ({"fact": "gift_for", "at_least": "a"}, "at_least: does not suit 'gift_for', which is a text: use is, is_not"),
        ({"fact": "likes", "is": "tea"}, "is: does not suit 'likes', which is a list: use contains, known"),
        ({"fact": "likes", "contains": ""}, "contains: must not be empty"),
        ({"fact": "budget", "is": True}, "is: must be a number"),
        ({"fact": "budget", "is": float("nan")}, "is: must be a number"),
        ({"fact": "budget", "is": 10**30}, "is: must be a number"),
        ({"fact": "budget", "at_least": 5, "at_most": 3}, "rule: at_least 5 and at_most 3 leave nothing between"),
        ({"fact": "budget", "in": []}, "in: must be a list of 1 to 1000 values"),
        ({"fact": "budget", "in": [1, "2"]}, "in[1]: must be a number"),
        ({"fact": "budget", "over": 3}, "over: is not known here: use fact, is,"),
        ({"fact": "occasion_date", "is": "5 May"}, "is: must be a date such as 2026-05-31"),
        ({"fact": "occasion_date", "is": "2026-02-30"}, "is: must be a date such as 2026-05-31"),
        ({"fact": "newsletter", "is": 1}, "is: must be true or false"),
        ({"fact": "newsletter", "known": "yes"}, "known: must be true or false"),
        ({"event": " "}, "event: must be a name"),
        ({"event": "x" * 201}, "event: must be at most 200"),
        ({"event": "page", "count": 3}, "count: must be an object such as"),
        ({"event": "page", "count": {}}, "count: must be an object such as"),
        ({"event": "page", "count": {"at_least": -1}}, "count.at_least: must be a whole number of 0 or more"),
        ({"event": "page", "count": {"at_least": 1.5}}, "count.at_least: must be a whole number"),
        ({"event": "page", "count": {"exactly": 1, "at_least": 1}}, "count: must have exactly alone"),
        ({"event": "page", "sum": {"at_least": "9"}}, "sum.at_least: must be a number"),
        ({"event": "page", "count": {"at_least": 1}, "sum": {"at_least": 1}}, "rule: must have count or sum, not both"),
        (
            {"all": [{"event": "page"}, {"event": "page", "within_days": 0}]},
            "all[1].within_days: must be a whole number of 1 or more",
        ),
        ({"event": "page", "within_days": True}, "within_days: must be a whole number of 1 or more"),
        ({"event": "page", "within_days": None}, "within_days: must be a whole number of 1 or more"),
        ({"event": "page", "within_days": -3}, "within_days: must be a whole number of 1 or more"),
        (
            {"event": "page", "within_days": 1, "older_than_days": 1},
            "older_than_days: must have one of within_days, older_than",
        ),
        ({"event": "page", "within_days": 1, "from": "2026-05-01"}, "from: must have one of within_days, older_than"),
        ({"event": "page", "between_days": [60, 30]}, "between_days: must be two whole numbers from 0 to 3650, the"),
        ({"event": "page", "between_days": [1]}, "between_days: must be two whole numbers"),
        ({"event": "page", "between_days": [0, True]}, "between_days: must be two whole numbers"),
        ({"event": "page", "from": "May"}, "from: must be a date such as 2026-05-31"),
        (
            {"event": "page", "from": "2026-05-02", "until": "2026-05-01"},
            "until: from 2026-05-02 until 2026-05-01 is no",
        ),
        ({"fact": "budget", "is": 3, "source": "heard"}, "source: must be one of said, did, inferred, imported"),
        ({"fact": "budget", "is": 3, "source": []}, "source: must be one of said, did, inferred, imported"),
        ({"fact": "budget", "is": 3, "source": [["said"]]}, "source: must be one of said, did, inferred, imported"),
        ({"fact": "budget", "is": 3, "older_than_days": 0}, "older_than_days: must be a whole number of 1 or more"),
        ({"event": "page", "first": {"of": "x"}}, "first: must have exactly one test of is, is_not"),
        ({"event": "page", "first": {"is": "x"}}, "first.of: must be a name"),
        ({"event": "page", "last": 3}, "last: must be an object such as"),
        (
            {"event": "page", "max": {"of": "x", "at_least": 1, "at_most": "2026-05-01"}},
            "max: at_least and at_most must",
        ),
        ({"event": "page", "max": {"of": "x", "exactly": 1}}, "max.exactly: is not known here: use of, at_least"),
        ({"event": "page", "distinct": {"of": "x", "at_least": 1.5}}, "distinct.at_least: must be a whole number of 0"),
        ({"event": "page", "sum": {"of": "x", "at_least": "1"}}, "sum.at_least: must be a number"),
        ({"event": "page", "min": {"of": "x", "at_least": 1}, "max": {}}, "rule: must have min or max, not both"),
        ({"event": "page", "where": {}}, "where: must be a list of at most 10 properties"),
        ({"event": "page", "where": [{"property": "x"}]}, "where[0]: must have exactly one test of"),
        ({"event": "page", "where": [{"property": "x", "contains": ""}]}, "where[0].contains: must not be empty"),
        ({"event": "page", "where": [{"property": "x", "is": "a\0b"}]}, "where[0].is: has a character that no text"),
        ({"event": "page", "where": [{"property": "x", "is": 1}] * 11}, "where: must be a list of at most 10"),
        ({"all": [{"sequence": []}]}, "all[0].sequence: must be a list of 2 to 5 events"),
        ({"sequence": [{"event": "a"}] * 6}, "sequence: must be a list of 2 to 5 events"),
        ({"sequence": [{"event": "a"}, {"fact": "x"}]}, "sequence[1].fact: is not known here: use event, where"),
        ({"sequence": [{"event": "a"}, "b"]}, "sequence[1]: must be an object such as"),
        ({"sequence": [{"event": "a"}] * 2, "apart_days": -3}, "apart_days: must be a whole number of 1 or more"),
        (
            {"sequence": [{"event": "a"}], "apart_days": 3, "never_since": {"event": "b"}},
            "apart_days: there is nothing",
        ),
        ({"sequence": [{"event": "a"}], "never_since": {}}, "never_since.event: must be a name"),
        ({"message": "read"}, "message: must be one of sent, refused"),
        ({"message": ["sent"]}, "message: must be one of sent, refused"),
        ({"message": "sent", "count": {"at_least": -1}}, "count.at_least: must be a whole number"),
        ({"message": "sent", "subject": "x"}, "subject: is not known here: use message, campaign"),
        ({"segment": "best", "member": 1}, "member: must be true or false"),
        ({"segment": "worst"}, "segment: there is no segment 'worst'"),
        ({"consent": "marketing/email"}, "is: must be one of granted, withdrawn, unsaid"),
        ({"consent": "marketing/email", "is": ["granted"]}, "is: must be one of granted"),
        ({"consent": "Marketing/email", "is": "granted"}, "consent: must be a purpose and a channel"),
        ({"reachable": ["email"]}, "reachable: must be a channel: email"),
        ({"reachable": "email", "is": "no"}, "is: must be true or false"),
        ({"fact": "budget", "contradicting": 1}, "contradicting: must be true or false"),
        ({"fact": "budget", "contradicting": True, "source": "said"}, "rule: contradicting stands alone"),
    ],
)
def test_what_is_no_rule_is_refused_with_the_place_and_the_mend(rule, said):
    with pytest.raises(Invalid) as refused:
        parse(rule, KNOWN)
    assert str(refused.value).startswith(said)


def test_a_rule_may_not_be_too_deep_nor_too_long():
    deep = {"event": "page"}
    for _ in range(11):
        deep = {"all": [deep]}
    with pytest.raises(Invalid, match="more than 10 groups deep"):
        parse(deep, KNOWN)
    parse(deep["all"][0], KNOWN)
    with pytest.raises(Invalid, match="at most 200 conditions"):
        parse({"all": [{"event": "page"}] * 201}, KNOWN)
    parse({"all": [{"event": "page"}] * 200}, KNOWN)
    with pytest.raises(Invalid, match="at most 200 conditions"):
        parse({"any": [{"all": []}] * 5000}, KNOWN)


def test_an_event_that_nobody_has_done_yet_is_taken():
    assert mentions(parse({"event": "Never Done"}, KNOWN)).events == {"Never Done"}


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        ({"all": []}, True),
        ({"fact": "gift_for", "is": "mother"}, False),
        ({"fact": "gift_for", "is_not": "mother"}, False),
        ({"fact": "gift_for", "known": False}, True),
        ({"none": [{"fact": "gift_for", "is": "mother"}]}, True),
        ({"event": "page", "count": {"at_most": 2}}, True),
        ({"event": "page", "count": {"exactly": 0}}, True),
        ({"event": "page"}, False),
        ({"any": [{"event": "page"}, {"event": "page", "sum": {"at_most": -1}}]}, False),
        ({"fact": "budget", "known": False, "source": "said", "within_days": 9}, True),
        ({"fact": "budget", "contradicting": True}, False),
        ({"fact": "budget", "contradicting": False}, True),
        ({"none": [{"fact": "budget", "contradicting": False}, {"event": "page"}]}, False),
        ({"event": "page", "first": {"of": "x", "known": False}}, True),
        ({"event": "page", "last": {"of": "x", "is_not": "y"}}, False),
        ({"event": "page", "min": {"of": "x", "at_most": 5}}, False),
        ({"event": "page", "distinct": {"of": "x", "at_most": 5}}, True),
        ({"message": "sent", "count": {"at_most": 5}}, True),
        ({"sequence": [{"event": "a"}], "never_since": {"event": "b"}}, False),
        ({"consent": "marketing/email", "is": "unsaid"}, True),
        ({"none": [{"consent": "marketing/email", "is": "unsaid"}]}, False),
        ({"reachable": "email"}, True),
        ({"none": [{"reachable": "email"}]}, True),
        ({"all": [{"reachable": "email"}, {"event": "page"}]}, False),
    ],
)
def test_it_is_known_which_rules_hold_for_a_stranger(rule, holds):
    assert matches_strangers(parse(rule, KNOWN)) is holds


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"all": []}, "Everybody."),
        ({"fact": "gift_for", "is": "mother"}, "Customers whose gift_for is “mother”."),
        (
            {
                "all": [
                    {"fact": "budget", "at_least": 20, "at_most": 50},
                    {"any": [{"event": "Order Completed", "within_days": 90}, {"fact": "likes", "contains": "tea"}]},
                ]
            },
            (
                "Customers whose budget is from 20 to 50 and (who did “Order Completed” in the last 90 days "
                "or whose likes contains “tea”)."
            ),
        ),
        (
            {"none": [{"event": "page", "count": {"at_least": 2}, "within_days": 1}]},
            "Customers of whom none of this is true: (who did “page” at least 2 times today).",
        ),
        ({"event": "page", "count": {"exactly": 0}}, "Customers who never did “page”."),
        ({"event": "page", "sum": {"at_most": 5.5}}, "Customers whose “page” comes to 5.5 or less."),
        ({"fact": "newsletter", "is": False}, "Customers whose newsletter is no."),
        ({"fact": "budget", "in": [1, 2]}, "Customers whose budget is one of 1, 2."),
        ({"fact": "budget", "known": False}, "Customers whose budget is not known."),
        ({"fact": "gift_for", "is": "{odd} text"}, "Customers whose gift_for is “{odd} text”."),
        ({"fact": "gift_for", "is": "{x}", "within_days": 1}, "Customers whose gift_for is “{x}”, learned today."),
    ],
)
def test_a_rule_is_said_in_a_plain_sentence(rule, said):
    assert sentence(parse(rule, KNOWN)) == said


@pytest.mark.parametrize(
    "rule",
    [
        {"event": "fact.stated", "where": [{"property": "name", "is": "pregnant"}]},
        {"event": "identify", "where": [{"property": "pregnant", "known": True}]},
        {"event": "form.answered", "distinct": {"of": "answers", "at_least": 1}},
        {"event": "identify", "last": {"of": "pregnant", "is": True}},
        {"sequence": [{"event": "page"}, {"event": "alias", "where": [{"property": "x", "is": 1}]}]},
        {
            "sequence": [{"event": "page"}],
            "never_since": {"event": "consent.changed", "where": [{"property": "x", "is": 1}]},
        },
    ],
)
def test_what_was_said_is_asked_of_facts_and_not_of_the_events_that_said_it(rule):
    with pytest.raises(Invalid, match="is kept as facts, consents and messages"):
        parse(rule, KNOWN)


@pytest.mark.parametrize("kind", ["segment.entered", "segment.left"])
def test_a_rule_cannot_rest_on_who_came_and_went(kind):
    with pytest.raises(Invalid, match="who is in a segment is asked by"):
        parse({"sequence": [{"event": "page"}], "never_since": {"event": kind}}, KNOWN)


def test_properties_count_as_conditions():
    step = {"event": "page", "where": [{"property": f"p{n}", "is": n} for n in range(9)]}
    parse({"all": [{"sequence": [step] * 4}] * 5}, KNOWN)
    with pytest.raises(Invalid, match="at most 200 conditions"):
        parse({"all": [{"sequence": [step] * 4}] * 6}, KNOWN)
