"""What a rule means, told in the plainest way, one condition after the other: what engines must agree with.

A customer here is a dictionary: `facts` by name, each a `Told`; `events`, each a `Did`; `consents`, what each of the
two identities says of marketing/email and the like; `held`, whether a later word of it could not be read; `addresses`,
which of the two is one. The rule is its JSON.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

TODAY = date(2026, 5, 3)
NEARLY = timedelta(hours=30 * 24)


class Sent(float):
    """A number, and how it was written: `1.50`, `1E15`."""

    def __new__(cls, written):
        self = super().__new__(cls, written)
        self.written = written
        return self

    def __repr__(self):
        return self.written


@dataclass(frozen=True)
class Said:
    """A statement: what was said, how and where it was learned, by which of the customer's two identities, and when."""

    value: object
    verified: bool = True
    source: str = "said"
    origin: str = "test"
    other: bool = False
    back: int = 122
    seq: int = 0

    @property
    def words(self):
        return str(self.value) or text_of(self.value)

    @property
    def at(self):
        return datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC) - timedelta(days=self.back)


@dataclass(frozen=True)
class Told:
    """What is known of a fact: the statement that holds, and others."""

    holds: Said
    others: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Did:
    """Something done, how many days ago, with what the event says; by which of the customer's two identities."""

    kind: str
    back: int = 0
    props: dict = field(default_factory=dict)
    other: bool = False
    hour: int = 12

    @property
    def day(self):
        return TODAY - timedelta(days=self.back)

    @property
    def at(self):
        return datetime(self.day.year, self.day.month, self.day.day, self.hour, tzinfo=UTC)


def slow(rule, customer, others=None, today=TODAY):
    """Say whether a rule (JSON) holds for a customer on a day; `others` are the rules of segments by name."""
    for need, over in (("all", all), ("any", any), ("none", lambda held: not any(held))):
        if need in rule:
            return over([slow(one, customer, others, today) for one in rule[need]])
    if "segment" in rule:
        return slow(others[rule["segment"]], customer, others, today) is rule.get("member", True)
    for head, told in (
        ("event", slow_event),
        ("sequence", slow_sequence),
        ("message", slow_message),
        ("list", slow_list),
    ):
        if head in rule:
            return told(rule, customer, today)
    for head, told in (("consent", slow_consent), ("reachable", slow_reachable), ("stage", slow_stage)):
        if head in rule:
            return told(rule, customer)
    return slow_fact(rule, customer["facts"].get(rule.get("fact") or rule["answer"]), today)


def slow_fact(rule, told, today):
    if "contradicting" in rule:
        return rule["contradicting"] is (told is not None and contradicted(told))
    found = told.holds if told else None
    counts = (
        found is not None
        and found.verified
        and found.value is not None
        and found.source in listed(rule.get("source", found.source))
        and on_days(rule, TODAY - timedelta(days=found.back), today)
    )
    if rule.get("known") is False:
        return not counts
    tests = rule.keys() & {"is", "is_not", "in", "at_least", "at_most", "contains"}
    return counts and (not tests or slow_value(rule, found.value))


def listed(one):
    return one if isinstance(one, list) else [one]


def slow_value(rule, value):
    match rule:
        case {"is": wanted}:
            return same(wanted, value)
        case {"is_not": wanted}:
            return not same(wanted, value)
        case {"in": chosen}:
            return any(same(wanted, value) for wanted in chosen)
        case {"contains": part}:
            return contained(part, value)
    return between(rule, value)


def same(wanted, value):
    if isinstance(wanted, str):
        return wanted == text_of(value)
    return wanted == value and isinstance(wanted, bool) == isinstance(value, bool)


def contained(part, value):
    if isinstance(value, list):
        return any(part == one and type(part) is type(one) for one in value)
    return isinstance(part, str) and part.lower() in (text_of(value) or "").lower()


def between(rule, value):
    if isinstance(rule.get("at_least", rule.get("at_most")), str):
        if not (isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}", value)):
            return False
        value = value[:10]
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return rule.get("at_least", value) <= value <= rule.get("at_most", value)


def text_of(value):
    """Return the text of a value; lists and objects have none, and a number has the same however it was written."""
    if isinstance(value, list | dict):
        return None
    if is_number(value):
        whole, _, rest = f"{Decimal(repr(value)) + 0:f}".partition(".")
        return f"{whole}.{rest.rstrip('0')}".rstrip(".")
    return value if isinstance(value, str) else json.dumps(value)


def on_days(rule, day, today):
    """Whether a day is one of those that a condition names."""
    age = (today - day).days
    low, high = rule.get("between_days", (age, age))
    return (
        age < rule.get("within_days", age + 1)
        and age > rule.get("older_than_days", age - 1)
        and low <= age <= high
        and rule.get("from", day.isoformat()) <= day.isoformat() <= rule.get("until", day.isoformat())
    )


def contradicted(told):
    """Whether something else was said nearly at the same time, from elsewhere, and nobody has settled it."""
    kept = told.holds
    if kept.source not in ("said", "imported") or not kept.verified or kept.origin in ("the team", "your page"):
        return False
    newest = {}
    for one in sorted((kept, *told.others), key=lambda one: (one.at, one.seq)):
        newest[one.other, one.source, one.origin] = one
    return any(
        one.verified
        and one.seq != kept.seq
        and as_json(one.value) != as_json(kept.value)
        and one.words.lower() != kept.words.lower()
        and (one.other, one.origin) != (kept.other, kept.origin)
        and one.at > kept.at - NEARLY
        for one in newest.values()
    )


def as_json(value):
    """A value that is equal only to the same JSON: 1 is 1.0, and neither is true."""
    if isinstance(value, list):
        return ["list", [as_json(one) for one in value]]
    return [isinstance(value, bool), value]


def slow_event(rule, customer, today):
    rows = [one for one in in_order(customer) if is_step(rule, one) and on_days(rule, one.day, today)]
    for measure in ("min", "max", "distinct", "first", "last"):
        if measure in rule:
            return slow_measure(measure, rule[measure], [one.props.get(rule[measure]["of"]) for one in rows])
    if "sum" in rule:
        of = rule["sum"].get("of")
        numbers = [one.props.get(of) for one in rows] if of else [money(one.props) for one in rows]
        return within(rule["sum"], round(sum(one for one in numbers if is_number(one)), 6))
    return within(rule.get("count", {"at_least": 1}), len(rows))


def slow_measure(measure, wanted, values):
    values = [one for one in values if one is not None]
    if measure == "distinct":
        return within(wanted, len({text_of(one) for one in values if not isinstance(one, list | dict)}))
    if measure in ("first", "last"):
        if "known" in wanted:
            return bool(values) is wanted["known"]
        return bool(values) and slow_value(wanted, values[0 if measure == "first" else -1])
    if isinstance(wanted.get("at_least", wanted.get("at_most")), str):
        found = [one[:10] for one in values if isinstance(one, str) and re.match(r"\d{4}-\d{2}-\d{2}", one)]
    else:
        found = [one for one in values if is_number(one)]
    return bool(found) and within(wanted, min(found) if measure == "min" else max(found))


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


def in_order(customer):
    return sorted(customer["events"], key=lambda one: one.at)


def is_step(step, one):
    """Whether an event is of the kind, and its properties as they must be."""
    return one.kind == step["event"] and all(
        (one.props.get(where["property"]) is not None) is where["known"]
        if "known" in where
        else one.props.get(where["property"]) is not None and slow_value(where, one.props[where["property"]])
        for where in step.get("where", ())
    )


def slow_sequence(rule, customer, today):
    """Whether some events followed one another, tried out one by one, and none of another kind came after the last."""
    rows = in_order(customer)
    ends = set(ways(rule, rows, 0, -1, today))
    since = [n for n, one in enumerate(rows) if "never_since" in rule and is_step(rule["never_since"], one)]
    return any(all(n <= end for n in since) for end in ends)


def ways(rule, rows, step, before, today):
    """Yield at which events a sequence can end."""
    if step == len(rule["sequence"]):
        yield before
        return
    for n, one in enumerate(rows):
        near = before < 0 or one.at - rows[before].at <= timedelta(hours=24 * rule.get("apart_days", 10_000))
        if n > before and near and is_step(rule["sequence"][step], one) and on_days(rule, one.day, today):
            yield from ways(rule, rows, step + 1, n, today)


def slow_message(rule, customer, today):
    kind = {"answered": "form.answered"}.get(rule["message"], f"message.{rule['message']}")
    rows = [
        one
        for one in customer["events"]
        if one.kind == kind
        and on_days(rule, one.day, today)
        and (rule["message"] != "answered" or one.props.get("message") is not None)
        and all(one.props.get(key) == rule[key] for key in ("campaign", "template", "channel") if key in rule)
    ]
    return within(rule.get("count", {"at_least": 1}), len(rows))


def slow_list(rule, customer, today):
    """Whether they were put on the list by what was last said of them and it."""
    said = [one for one in in_order(customer) if one.kind == "list.changed" and one.props["list"] == rule["list"]]
    return bool(said) and said[-1].props["on"]


def slow_consent(rule, customer):
    said = [granted for (about, _), granted in customer.get("consents", {}).items() if about == rule["consent"]]
    match rule["is"]:
        case "granted":
            return bool(said) and all(said) and not customer.get("held")
        case "withdrawn":
            return not all(said)
    return not said


def slow_stage(rule, customer):
    """What is known of a stage is the list of categories in which the customer is at it."""
    told = customer["facts"].get(f"stage_{rule['stage']}")
    known = told is not None and told.holds.verified and told.holds.value is not None
    return known and ("category" not in rule or contained(rule["category"], told.holds.value))


def slow_reachable(rule, customer):
    return any(reached(customer, other) for other in customer.get("addresses", ())) is rule.get("is", True)


def reached(customer, other):
    """Whether no message to the address of an identity came back for good."""
    bounces = [one for one in customer["events"] if one.kind == "message.bounced" and one.other is other]
    return not any(one.props.get("permanent") is True for one in bounces)


def within(bounds, amount):
    if "exactly" in bounds:
        return amount == bounds["exactly"]
    return bounds.get("at_least", amount) <= amount <= bounds.get("at_most", amount)


def money(props):
    return next((props[name] for name in ("total", "revenue", "value") if is_number(props.get(name))), 0)
