"""The rule of a segment: a small typed tree over what customers said (facts, answers) and did (events).

    {"all": [{"fact": "gift_for", "is": "mother"},
             {"event": "Order Completed", "count": {"at_least": 3}, "within_days": 90}]}

`all`, `any` and `none` nest. `{"all": []}` is everybody. docs/segments.md has the whole grammar; in short:

    a value     is | is_not | in | at_least and at_most | contains | known       (of a fact, or of an event's property)
    days        within_days | older_than_days | between_days | from and until    (whole UTC days)
    fact        a value, or contradicting; besides `source`, and days for its age
    event       count | sum | min | max | distinct | first | last; besides `where` (values of properties), and days
    sequence    events that follow one another, `apart_days`, `never_since`; besides days
    message     sent | refused | bounced | answered | opened | clicked; besides campaign, template, channel, count, days
    stage       intent | evaluation | purchase | after_sale, in a category of products or in any
    segment     whether a member of it: what its rule says
    list        whether they were put on a list by hand or from a file, and not taken off since
    consent     purpose/channel, is granted | withdrawn | unsaid
    reachable   a channel, and whether

An answer is the fact of its name (`<form>.<question>`). What is not known matches nothing but `"known": false`. So
`is_not` means 'said something else', and `{"none": [{..."is"...}]}` includes those who said nothing. Statements that
could not be verified are not known.
"""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import msgspec

from regulars.remember.heard import FactKind
from regulars.understand.stages import Stage
from regulars.words.kinds import (
    FORM_ANSWERED,
    LIST_CHANGED,
    MESSAGE_BOUNCED,
    MESSAGE_CLICKED,
    MESSAGE_OPENED,
    MESSAGE_REFUSED,
    MESSAGE_SENT,
)

Scalar: TypeAlias = str | int | float | bool
ValueTest = Literal["is", "is_not", "in", "bounds", "contains", "known"]
FactTest = Literal["is", "is_not", "in", "bounds", "contains", "known", "contradicting"]
Source = Literal["said", "did", "inferred", "imported"]
Measure = Literal["count", "sum", "min", "max", "distinct", "first", "last"]
Became = Literal["sent", "refused", "bounced", "answered", "opened", "clicked"]
TOLD_BY: Mapping[Became, str] = {
    "sent": MESSAGE_SENT,
    "refused": MESSAGE_REFUSED,
    "bounced": MESSAGE_BOUNCED,
    "answered": FORM_ANSWERED,
    "opened": MESSAGE_OPENED,
    "clicked": MESSAGE_CLICKED,
}
"""By which kind of event each thing is told that becomes of a message; what machines did is of another kind."""
ConsentState = Literal["granted", "withdrawn", "unsaid"]
Channel = Literal["email"]


TURNING = frozenset({"known", "contradicting"})
"""The tests of a fact that are true or false; where they are false, all of the condition is turned."""


class Bounds(msgspec.Struct, frozen=True):
    """From and to, both included; None is open. Numbers, or dates as `YYYY-MM-DD`."""

    at_least: int | float | str | None = None
    at_most: int | float | str | None = None


class Days(msgspec.Struct, frozen=True):
    """Which UTC days count: one of the first three, or from and until, both included; nothing is every day.

    `within` 1 is today, 2 also yesterday; `older_than` 1 is the day before yesterday and all before it; `between`
    (a, b) is from b days ago to a days ago.
    """

    within: int | None = None
    older_than: int | None = None
    between: tuple[int, int] | None = None
    since: str | None = None
    until: str | None = None

    @property
    def moving(self) -> bool:
        """Whether these are other days tomorrow."""
        return not (self.within is None and self.older_than is None and self.between is None)


EVER = Days()


class FactRule(msgspec.Struct, frozen=True):
    """What a customer must have said. `value` is a Bounds for `bounds`, a tuple for `in`, a bool for `known`.

    `sources`: how it must have been learned; () is anyhow. `days`: when. `known` and `contradicting` that are false
    turn all of it.
    """

    name: str
    test: FactTest
    value: Scalar | tuple[Scalar, ...] | Bounds
    sources: tuple[Source, ...] = ()
    days: Days = EVER


class Where(msgspec.Struct, frozen=True):
    """What a property of an event must be; as of a fact."""

    property: str
    test: ValueTest
    value: Scalar | tuple[Scalar, ...] | Bounds


class Step(msgspec.Struct, frozen=True):
    """An event of a kind whose properties are as they must be."""

    kind: str
    where: tuple[Where, ...] = ()


class EventRule(msgspec.Struct, frozen=True):
    """What a customer must have done on some days: how often, for how much, or with which property.

    `of` is the property that is summed, compared or told apart; '' is the money. `told` is what its first or last
    value must be; `bounds` says nothing then.
    """

    kind: str
    measure: Measure
    bounds: Bounds = Bounds()
    days: Days = EVER
    where: tuple[Where, ...] = ()
    of: str = ""
    told: Where | None = None

    @property
    def counted(self) -> bool:
        """Whether the daily counts say it; otherwise the events themselves do."""
        return self.measure in ("count", "sum") and not (self.where or self.of)


class MessageRule(msgspec.Struct, frozen=True):
    """What must have come of messages to a customer, how often, on some days; '' is any campaign, template, channel."""

    what: Became
    bounds: Bounds = Bounds(at_least=1)
    campaign: str = ""
    template: str = ""
    channel: str = ""
    days: Days = EVER

    @property
    def as_event(self) -> EventRule:
        """The same of the events by which messages are told of."""
        named = {"campaign": self.campaign, "template": self.template, "channel": self.channel}
        where = tuple(Where(name, "is", value) for name, value in named.items() if value)
        asked = (Where("message", "known", value=True),) if self.what == "answered" else ()
        return EventRule(TOLD_BY[self.what], "count", self.bounds, self.days, (*asked, *where))


class SequenceRule(msgspec.Struct, frozen=True):
    """Events that must have followed one another on some days.

    Each at most `apart_days` times 24 hours after the one before; and nothing of `never_since` after the last of them,
    on whatever day.
    """

    steps: tuple[Step, ...]
    apart_days: int | None = None
    never_since: Step | None = None
    days: Days = EVER


class StageRule(msgspec.Struct, frozen=True):
    """At which purchase stage a customer must be, in a category of products; '' is any."""

    stage: Stage
    category: str = ""

    @property
    def as_fact(self) -> FactRule:
        """The same of the fact that says in which categories somebody is at the stage."""
        name = f"stage_{self.stage}"
        return FactRule(name, "contains", self.category) if self.category else FactRule(name, "known", value=True)


class SegmentRule(msgspec.Struct, frozen=True):
    """Whether a customer is in another segment: whether its rule holds."""

    name: str
    member: bool = True


class ListRule(msgspec.Struct, frozen=True):
    """Whether a customer stands on a list: whether what was last said of them and it put them there."""

    name: str

    @property
    def as_event(self) -> EventRule:
        """The same of the events by which customers are put on lists and taken off."""
        named = (Where("list", "is", self.name),)
        return EventRule(LIST_CHANGED, "last", where=named, of="on", told=Where("on", "is", value=True))


class ConsentRule(msgspec.Struct, frozen=True):
    """What a customer allows: `granted` (by one of their identities, withdrawn by none), `withdrawn`, or `unsaid`."""

    purpose: str
    channel: str
    state: ConsentState


class ReachableRule(msgspec.Struct, frozen=True):
    """Whether a customer has an address of a channel that did not bounce for good."""

    channel: Channel
    reachable: bool = True


class Group(msgspec.Struct, frozen=True):
    """Clauses of which all, any or none must hold."""

    need: Literal["all", "any", "none"]
    clauses: tuple["Rule", ...]


Leaf: TypeAlias = (
    FactRule | EventRule | SequenceRule | MessageRule | StageRule | SegmentRule | ListRule | ConsentRule | ReachableRule
)
Rule: TypeAlias = Leaf | Group


class Known(msgspec.Struct, frozen=True):
    """What a rule may speak of: facts with their kinds, kinds of event seen so far, segments with their rules, lists.

    `days`: for how many days events are kept whole, by kind; those that are not named for ever.
    """

    facts: Mapping[str, FactKind]
    events: frozenset[str] = frozenset()
    segments: Mapping[str, Any] = {}
    days: Mapping[str, int] = {}
    lists: frozenset[str] = frozenset()
