"""Any rule, and any customers for it to be asked of."""

from hypothesis import strategies as st
from tests.understand.told_slowly import Did, Said, Sent, Told

FACTS = {
    "text": "text",
    "number": "number",
    "date": "date",
    "boolean": "boolean",
    "list": "list",
    "stage_evaluation": "list",
}
KINDS = ("Order Completed", "page", "it's 100%")
WORDS = ("mother", "Mother", "it's", "%s %(ids)s", "a\\'b", "", "x'; drop table understand_member; --", "小明", "élan")
DIGITS = ("1.5", "1.50", "0", "1000000000000000", "1e15", "0.0000001", "1234567890123456789")
"""Texts that numbers may have."""
WRITTEN = tuple(map(Sent, ("1.50", "1e15", "1E-7", "-0.0", "2.0")))
"""Numbers that are written in one of several ways."""
NUMBERS = (0, 1, -2, 3.5, 0.1, 100, 1e15)
DATES = ("2026-05-02", "2026-05-03", "2026-12-24", "1999-01-01")
SOURCES = ("said", "did", "inferred", "imported")
BACK = (0, 1, 2, 29, 30, 31, 122)


def bounds(low, high, values):
    pairs = {"at_least": low, "at_most": high}
    return {key: value for key, value in pairs.items() if key in values}


def ordered(values):
    return st.tuples(
        st.sampled_from(values), st.sampled_from(values), st.sampled_from(["at_least", "at_most", "at_least at_most"])
    ).map(lambda three: bounds(*sorted(three[:2]), three[2].split()))


DAYS = st.one_of(
    st.just({}),
    st.sampled_from((1, 2, 30)).map(lambda n: {"within_days": n}),
    st.sampled_from((1, 2, 29, 30)).map(lambda n: {"older_than_days": n}),
    st.lists(st.sampled_from(BACK), min_size=2, max_size=2).map(sorted).map(lambda two: {"between_days": two}),
    st.sampled_from((*DATES, "2026-04-03")).map(lambda day: {"from": day}),
    st.sampled_from((*DATES, "2026-04-03")).map(lambda day: {"until": day}),
    st.just({"from": "2026-04-03", "until": "2026-05-02"}),
)
SOURCE = st.one_of(
    st.just({}),
    st.sampled_from(SOURCES).map(lambda one: {"source": one}),
    st.lists(st.sampled_from(SOURCES), min_size=1, max_size=2).map(lambda some: {"source": some}),
)


def fact(name, *tests):
    plain = st.one_of(st.booleans().map(lambda known: {"known": known}), *tests)
    besides = st.builds(lambda test, source, days: {**test, **source, **days}, plain, SOURCE, DAYS)
    disputed = st.booleans().map(lambda wanted: {"contradicting": wanted})
    return st.one_of(plain, besides, disputed).map(lambda test: {"fact": name, **test})


def scalars(values):
    one = st.sampled_from(values)
    return (
        one.map(lambda value: {"is": value}),
        one.map(lambda value: {"is_not": value}),
        st.lists(one, min_size=1, max_size=3).map(lambda chosen: {"in": chosen}),
    )


def containing(values):
    return st.sampled_from([value for value in values if value]).map(lambda value: {"contains": value})


FACT_RULES = st.one_of(
    fact("text", *scalars((*WORDS, *DIGITS)), containing([*WORDS, *DIGITS, "the", "T"])),
    fact("number", *scalars(NUMBERS), ordered(NUMBERS)),
    fact("date", *scalars(DATES), ordered(DATES)),
    fact("boolean", st.booleans().map(lambda value: {"is": value}), st.booleans().map(lambda value: {"is_not": value})),
    fact("list", containing([*WORDS, 1, 3.5])),
)
MEASURES = st.one_of(
    st.just({}),
    ordered((0, 1, 2, 5)).map(lambda pair: {"count": pair}),
    st.sampled_from((0, 1, 3)).map(lambda number: {"count": {"exactly": number}}),
    ordered((-5, 0, 10, 20.5)).map(lambda pair: {"sum": pair}),
    st.sampled_from((0, 10)).map(lambda number: {"sum": {"exactly": number}}),
)
EVENT_RULES = st.builds(
    lambda kind, measure, days: {"event": kind, **measure, **days},
    st.sampled_from([*KINDS, "never seen"]),
    MEASURES,
    DAYS,
)
PROPERTIES = ("category", "total", "when", "tags", "it's")
SAID = (
    "tea",
    "Tea",
    "",
    1,
    3.5,
    10,
    -2,
    True,
    None,
    "2026-05-02",
    "2026-05-03T10:00:00Z",
    ["tea", 1],
    {"a": 1},
    *WRITTEN,
    1234567890123456789,
)
VALUE = st.one_of(
    *scalars(("tea", "Tea", "", 1, 3.5, True, "2026-05-02", *DIGITS)),
    containing(("te", 1, "tea", "00", "a", *DIGITS)),
    ordered((-2, 1, 3.5, 10)),
    ordered(("2026-05-02", "2026-05-03")),
    st.booleans().map(lambda known: {"known": known}),
)
WHERE = st.lists(
    st.builds(lambda name, test: {"property": name, **test}, st.sampled_from(PROPERTIES), VALUE), max_size=2
).map(lambda listed: {"where": listed} if listed else {})
STEPS = st.builds(lambda kind, where: {"event": kind, **where}, st.sampled_from(KINDS[:2]), WHERE)


def of(bounds):
    return st.builds(lambda name, wanted: {"of": name, **wanted}, st.sampled_from(PROPERTIES), bounds)


COUNTED = ordered((0, 1, 2)) | st.sampled_from((0, 1, 2)).map(lambda number: {"exactly": number})
OF_PROPERTY = st.one_of(
    st.builds(lambda wanted: {"sum": wanted}, of(ordered((-2, 0, 3.5, 10)))),
    st.builds(
        lambda measure, wanted: {measure: wanted},
        st.sampled_from(("min", "max")),
        of(st.one_of(ordered((-2, 1, 3.5, 10)), ordered(("2026-05-02", "2026-05-03")))),
    ),
    st.builds(lambda wanted: {"distinct": wanted}, of(COUNTED)),
    st.builds(lambda measure, wanted: {measure: wanted}, st.sampled_from(("first", "last")), of(VALUE)),
    MEASURES,
)
HISTORY_RULES = st.one_of(
    st.builds(lambda step, measure, days: {**step, **measure, **days}, STEPS, OF_PROPERTY, DAYS),
    st.builds(
        lambda steps, apart, since, days: {
            "sequence": steps,
            **({"apart_days": apart} if apart and len(steps) > 1 else {}),
            **({"never_since": since} if since or len(steps) == 1 else {}),
            **days,
        },
        st.lists(STEPS, min_size=1, max_size=3),
        st.sampled_from((None, 1, 2, 29)),
        STEPS,
        DAYS,
    ),
    st.builds(
        lambda what, count, about, days: {"message": what, **count, **about, **days},
        st.sampled_from(("sent", "answered", "opened", "bounced")),
        st.one_of(st.just({}), COUNTED.map(lambda wanted: {"count": wanted})),
        st.sampled_from(({}, {"campaign": "may"}, {"template": "t", "channel": "email"})),
        DAYS,
    ),
)
ABOUTS = ("marketing/email", "research/email", "marketing/sms")
OTHER_RULES = st.one_of(
    st.builds(
        lambda about, state: {"consent": about, "is": state},
        st.sampled_from(ABOUTS),
        st.sampled_from(("granted", "withdrawn", "unsaid")),
    ),
    st.sampled_from(({"reachable": "email"}, {"reachable": "email", "is": False})),
    st.just({"list": "vips"}),
    st.sampled_from(({"stage": "evaluation"}, *({"stage": "evaluation", "category": word} for word in WORDS if word))),
)
LEAVES = st.one_of(FACT_RULES, EVENT_RULES, HISTORY_RULES, HISTORY_RULES, OTHER_RULES)


def in_segment(*names):
    return st.builds(
        lambda name, besides: {"segment": name, **besides},
        st.sampled_from(names),
        st.sampled_from(({}, {"member": True}, {"member": False})),
    )


def trees(leaves, most=8):
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3).map(lambda clauses: {"all": clauses}),
            st.lists(inner, min_size=1, max_size=3).map(lambda clauses: {"any": clauses}),
            st.lists(inner, min_size=1, max_size=3).map(lambda clauses: {"none": clauses}),
        ),
        max_leaves=most,
    )


SEGMENTS = st.fixed_dictionaries(
    {"first": trees(LEAVES, 3), "second": trees(st.one_of(LEAVES, in_segment("first")), 3)}
)
"""Segments that rules name; the second rests on the first."""
RULES = trees(st.one_of(LEAVES, in_segment("first", "second")))
VALUES = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from((*NUMBERS, *WRITTEN)),
    st.sampled_from((*DATES, "2026-05-03T10:00:00Z", "soon")),
    st.booleans(),
    st.none(),
    st.lists(st.sampled_from((*WORDS, 1, True)), max_size=2),
)
OWN_VALUES = {
    "text": st.sampled_from(WORDS),
    "number": st.sampled_from(NUMBERS),
    "date": st.sampled_from(DATES),
    "boolean": st.booleans(),
    "list": st.lists(st.sampled_from((*WORDS, 1, 3.5)), max_size=3),
    "stage_evaluation": st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
}


def said(values):
    return st.builds(
        Said,
        values,
        st.sampled_from((True, True, False)),
        st.sampled_from(SOURCES),
        st.sampled_from(("quiz", "shop", "the team")),
        st.booleans(),
        st.sampled_from(BACK),
        st.just(0),
    )


def told(values):
    """A statement that holds and others, each of its own event."""
    return st.lists(said(values), min_size=1, max_size=3).map(
        lambda some: Told(
            some[0],
            tuple(
                Said(*(getattr(one, name) for name in Said.__match_args__[:-1]), n) for n, one in enumerate(some[1:], 1)
            ),
        )
    )


PROPS = st.fixed_dictionaries(
    {},
    optional={
        "total": st.sampled_from((0, 10, -5, 20.5, "much")),
        **{name: st.sampled_from(SAID) for name in PROPERTIES if name != "total"},
    },
)
TOLD = st.fixed_dictionaries(
    {},
    optional={
        "campaign": st.sampled_from(("may", "june", "")),
        "template": st.sampled_from(("t", None)),
        "channel": st.sampled_from(("email", "sms")),
        "message": st.sampled_from((1, None)),
    },
)
LISTED = st.fixed_dictionaries({"list": st.sampled_from(("vips", "others")), "on": st.booleans()})
HOURS = st.sampled_from((0, 11, 12, 23))
BOUNCED = st.sampled_from(({"permanent": True}, {"permanent": False}, {}))
CUSTOMERS = st.fixed_dictionaries(
    {
        "facts": st.fixed_dictionaries(
            {}, optional={name: told(st.one_of(own, VALUES)) for name, own in OWN_VALUES.items()}
        ),
        "events": st.lists(
            st.one_of(
                st.builds(Did, st.sampled_from(KINDS), st.sampled_from((-1, *BACK)), PROPS, st.booleans(), HOURS),
                st.builds(Did, st.sampled_from(KINDS[:2]), st.sampled_from((0, 1, 2)), PROPS, st.booleans(), HOURS),
                st.builds(
                    Did,
                    st.sampled_from(("message.sent", "form.answered", "message.opened")),
                    st.sampled_from(BACK),
                    TOLD,
                ),
                st.builds(Did, st.just("list.changed"), st.sampled_from(BACK), LISTED, st.booleans(), HOURS),
                st.builds(Did, st.just("message.bounced"), st.just(1), BOUNCED, st.booleans()),
            ),
            max_size=8,
        ),
        "consents": st.dictionaries(st.tuples(st.sampled_from(ABOUTS), st.booleans()), st.booleans(), max_size=3),
        "held": st.sampled_from((False, False, True)),
        "addresses": st.sets(st.booleans()),
    }
)

BUSY = st.lists(
    st.builds(
        Did,
        st.sampled_from(KINDS[:2]),
        st.sampled_from((0, 1, 1, 2)),
        st.fixed_dictionaries(
            {}, optional={name: st.sampled_from(("tea", 1, 3.5, "2026-05-02", *WRITTEN)) for name in PROPERTIES}
        ),
        st.booleans(),
        HOURS,
    ),
    min_size=2,
    max_size=7,
).map(lambda events: {"facts": {}, "events": events})
"""Customers who did the same few things again and again."""
