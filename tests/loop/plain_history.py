"""What a house must come to after any history, told in plain Python: slow, and easy to believe.

It keeps what was said, event by event, and folds it anew each time it is asked. Who is who it is told (`whose`): that
has its own model in tests/remember/test_merge_histories.py.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

Pair = tuple[str, str]
MONEY = ("total", "currency")
ORDER, REFUND = "Order Completed", "Order Refunded"


@dataclass(frozen=True)
class Said:
    """One event: `who` is None when it is nobody's any more."""

    seq: int
    who: Pair | None
    kind: str
    at: datetime
    props: dict[str, Any]
    links: tuple[Pair, ...] = ()
    mark: str = ""
    """A word that stands in it and nowhere else."""
    beside: frozenset[Pair] = frozenset()
    """For whom it speaks, too."""
    cut: bool = False


@dataclass
class Plain:
    """What was said so far, and by which keys it is known when it is said again."""

    said: list[Said] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    withdrawn: list[tuple[str, datetime, int, set[Pair]]] = field(default_factory=list)
    """Which fact, when, after which event, and of whom: it holds also when the one who said it is gone."""
    gone: set[str] = field(default_factory=set)
    """Words that must be found nowhere any more."""

    def tell(self, key: str, one: Said) -> None:
        """Note an event; what was there once, under its key, is not there twice."""
        if key not in self.known:
            self.known.add(key)
            self.said.append(replace(one, seq=len(self.said)))

    def forget(self, who: set[Pair], stand_in: Pair | None, numbers: dict[Pair, int]) -> None:
        """Let somebody go who had these identifiers: what they did is nobody's, or an anonymous one's.

        What they said for somebody else, too, is the word of who of these has the lowest number.
        """
        for place, one in enumerate(self.said):
            stay = sorted(one.beside - who, key=numbers.__getitem__)
            if one.who in who and stay:
                self.said[place] = replace(one, who=stay[0], beside=frozenset(stay[1:]))
            elif one.who not in who:
                self.said[place] = replace(one, beside=frozenset(stay))
            elif not one.cut:
                self.gone.add(one.mark)
                day = datetime.combine(one.at.date(), datetime.min.time(), UTC)
                kept = {name: value for name, value in one.props.items() if name in MONEY}
                self.said[place] = replace(one, who=stand_in, at=day, props=kept, links=(), mark="", cut=True)
            else:  # somebody who stands in for another goes, too
                self.said[place] = replace(one, who=stand_in)
        for *_, of_whom in self.withdrawn:
            of_whom.difference_update(who)

    def mentioned(self) -> set[Pair]:
        """Return the identifiers by which somebody is still known."""
        return {pair for one in self.said for pair in (one.who, *one.links) if pair}

    def log(self) -> Counter[tuple[Any, ...]]:
        """Return every event that must be there, and how often."""
        return Counter((one.who, one.kind, one.at, one.props.get("total"), one.cut) for one in self.said)

    def counts(self) -> dict[str, tuple[int, float]]:
        """Return of each kind how often it was counted, and what it comes to."""
        found: dict[str, tuple[int, float]] = {}
        for one in self.said:
            count, total = found.get(one.kind, (0, 0.0))
            found[one.kind] = (count + 1, total + one.props.get("total", 0))
        return found

    def living(self, kind: str) -> list[Said]:
        """Return the events of a kind that say something of somebody, by when it was said."""
        return sorted((one for one in self.said if one.kind == kind and not one.cut), key=lambda one: (one.at, one.seq))

    def facts(self, whose: dict[Pair, int]) -> dict[tuple[int, str], str]:
        """Return the newest statement of each fact that nobody of the same customer withdrew since."""
        found: dict[tuple[int, str], str] = {}
        for one in self.living("identify"):
            mine = whose[one.who]  # type: ignore[index]
            for name, value in one.props.items():
                if not any(
                    name == about and (one.at <= at or one.seq < seq) and any(whose.get(pair) == mine for pair in of)
                    for about, at, seq, of in self.withdrawn
                ):
                    found[mine, name] = str(value)
        return found

    def consents(self, whose: dict[Pair, int]) -> dict[int, bool]:
        """Return who allows mails: nobody's newest word is a no, and somebody's is a yes."""
        newest: dict[Pair, bool] = {}
        said = self.living("consent.changed")
        for one in said:
            before = [old for old in said if old.who == one.who and old.seq < one.seq]
            if one.props["granted"] and one.props.get("how") == "imported" and _stands(before):
                continue
            newest[one.who] = one.props["granted"]  # type: ignore[index]
        found: dict[int, bool] = {}
        for pair, granted in newest.items():
            found[whose[pair]] = found.get(whose[pair], True) and granted
        return found

    def restricted(self, whose: dict[Pair, int]) -> set[int]:
        """Return who is kept and not used."""
        newest = {one.who: one.props["restricted"] for one in self.living("restriction.changed")}
        return {whose[pair] for pair, restricted in newest.items() if restricted}  # type: ignore[index]

    def orders(self, whose: dict[Pair, int]) -> dict[str, tuple[Pair, str, int, int]]:
        """Return each order: whose it is, its state, its total and what came back, in cents."""
        spoken: dict[str, list[Said]] = defaultdict(list)
        for one in sorted([*self.living(ORDER), *self.living(REFUND)], key=lambda one: (one.at, one.seq)):
            spoken[one.props["order_id"]].append(one)
        known = {whose[pair] for pair in whose if pair[0] != "anonymous"}
        return {order: _folded(heard, whose, known) for order, heard in spoken.items()}

    def computed(self, whose: dict[Pair, int]) -> dict[tuple[int, str], str]:
        """Return what is computed of what customers did."""
        found: dict[tuple[int, str], str] = {}
        pages = Counter(whose[one.who] for one in self.living("page"))  # type: ignore[index]
        found |= {(customer, "pages_seen"): str(count) for customer, count in pages.items()}
        spent: Counter[int] = Counter()
        placed: Counter[int] = Counter()
        for pair, state, total, back in self.orders(whose).values():
            spent[whose[pair]] += total - back
            placed[whose[pair]] += state != "credit"
        found |= {(customer, "orders"): str(count) for customer, count in placed.items()}
        return found | {(customer, "spent_eur"): f"{units / 100:.2f} EUR" for customer, units in spent.items()}

    def buyers(self, whose: dict[Pair, int]) -> set[int]:
        """Return who ordered anything, and may be used."""
        bought = {whose[one.who] for one in self.said if one.kind == ORDER and one.who}
        return bought - self.restricted(whose)


def _stands(before: list[Said]) -> bool:
    """Whether an identity had said no, and not yes again itself since."""
    return any(
        not no.props["granted"]
        and not any(
            yes.props["granted"] and yes.props.get("how") != "imported" and yes.seq > no.seq and yes.at >= no.at
            for yes in before
        )
        for no in before
    )


def _folded(heard: list[Said], whose: dict[Pair, int], known: set[int]) -> tuple[Pair, str, int, int]:
    sure = [one for one in heard if whose[one.who] in known]  # type: ignore[index]
    owner = min(sure, key=lambda one: one.kind == REFUND) if sure else min(heard, key=lambda one: one.seq)
    ours = [one for one in heard if one in sure or whose[one.who] == whose[owner.who]]  # type: ignore[index]
    told = [one for one in ours if one.kind == ORDER]
    total = round(told[-1].props["total"] * 100) if told else 0
    refunds = {
        one.props.get("refund_id", one.seq): round(one.props["total"] * 100) for one in ours if one.kind == REFUND
    }
    back = sum(refunds.values())
    back = min(back, total) if told else back
    state = "credit" if not told else "placed" if not back else "refunded" if back >= total else "partly_refunded"
    return owner.who, state, total, back  # type: ignore[return-value]


def day(number: int) -> datetime:
    """Return a moment of a day of the story."""
    return datetime(2026, 5, 3, 10, tzinfo=UTC) + timedelta(days=number)
