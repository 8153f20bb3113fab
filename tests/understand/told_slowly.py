"""What a rule means, told in the plainest way, one condition after the other: what engines must agree with.

A customer here is a dictionary: `facts` by name, each a `Told`; `events`, each a `Did`; `consents`, what each of the
two identities says of marketing/email and the like; `held`, whether a later word of it could not be read; `addresses`,
which of the two is one. The rule is its JSON.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

TODAY = date(2026, 5, 3)
NEARLY = timedelta(hours=30 * 24)


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


def slow(rule, customer, others=None):
    """Say whether a rule (JSON) holds for a customer; `others` are the rules of segments by name."""
    for need, over in (("all", all), ("any", any), ("none", lambda held: not any(held))):
        if need in rule:
            return over([slow(one, customer, others) for one in rule[need]])
    if "event" in rule:
        return slow_event(rule, customer)
    if "segment" in rule:
        return slow(others[rule["segment"]], customer, others) is rule.get("member", True)
    if "consent" in rule:
        return slow_consent(rule, customer)
    if "reachable" in rule:
        return any(reached(customer, other) for other in customer.get("addresses", ())) is rule.get("is", True)
    return slow_fact(rule, customer["facts"].get(rule.get("fact") or rule["answer"]))


def slow_fact(rule, told):
    if "contradicting" in rule:
        return rule["contradicting"] is (told is not None and contradicted(told))
    found = told.holds if told else None
    counts = (
        found is not None
        and found.verified
        and found.value is not None
        and found.source in listed(rule.get("source", found.source))
        and on_days(rule, TODAY - timedelta(days=found.back))
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
    return isinstance(part, str) and part.lower() in text_of(value).lower()


def between(rule, value):
    if isinstance(rule.get("at_least", rule.get("at_most")), str):
        if not (isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}", value)):
            return False
        value = value[:10]
    elif isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return rule.get("at_least", value) <= value <= rule.get("at_most", value)


def text_of(value):
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def on_days(rule, day):
    """Whether a day is one of those that a condition names."""
    age = (TODAY - day).days
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


def slow_event(rule, customer):
    rows = [
        one
        for one in customer["events"]
        if one.kind == rule["event"] and on_days(rule, TODAY - timedelta(days=one.back))
    ]
    bounds = rule.get("count") or rule.get("sum") or {"at_least": 1}
    return within(bounds, sum(money(one.props) for one in rows) if "sum" in rule else len(rows))


def slow_consent(rule, customer):
    said = [granted for (about, _), granted in customer.get("consents", {}).items() if about == rule["consent"]]
    match rule["is"]:
        case "granted":
            return bool(said) and all(said) and not customer.get("held")
        case "withdrawn":
            return not all(said)
    return not said


def reached(customer, other):
    """Whether no message to the address of an identity came back for good."""
    bounces = [one for one in customer["events"] if one.kind == "message.bounced" and one.other is other]
    return not any(one.props.get("permanent") is True for one in bounces)


def within(bounds, amount):
    if "exactly" in bounds:
        return amount == bounds["exactly"]
    return bounds.get("at_least", amount) <= amount <= bounds.get("at_most", amount)


def money(props):
    return next((props[name] for name in ("total", "revenue", "value") if isinstance(props.get(name), int | float)), 0)
