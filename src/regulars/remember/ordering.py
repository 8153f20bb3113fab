"""An order, folded from everything that was said of it. What arrives late or twice changes nothing about the outcome.

- What it holds is the newest of what was said, field by field: an update that names no products leaves them.
- A refund counts once: by its number, or else by its moment and content. Refunds together are never more than the
  order; one that names neither amount nor products is the whole order. One in another currency takes off no money.
- A refund whose order is not here (yet) is a credit: it counts against what somebody spent.
- Whose it is says the earliest of those whom a server spoke of and who are known; else whoever spoke first, by the log
  and not by the time they named. What a browser key says counts for orders of its own customer alone: the number of an
  order is no secret.
- An order is worth at most MOST_UNITS; an amount beyond them was not said.
- Without a total that can be read it is worth what its lines cost; where none of them has a price, nobody knows.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeVar

import msgspec

from regulars.remember.shopping import Heard
from regulars.words.money import MOST_UNITS, NO_CURRENCY, units

T = TypeVar("T")
State = Literal["placed", "partly_refunded", "refunded", "cancelled", "credit"]


class OrderLine(msgspec.Struct, frozen=True):
    """One line of an order; `price` is for one piece in minor units, None where nobody said."""

    product: str
    name: str
    category: str
    price: int | None
    quantity: int
    refunded: int = 0
    public: bool = False
    """A browser key said it."""


class Order(msgspec.Struct, frozen=True):
    """An order as it is now; money in minor units of its currency. `placed_at` is None of a credit."""

    id: str
    identity_id: int
    seq: int
    placed_at: datetime | None
    changed_at: datetime
    state: State
    currency: str
    total: int
    total_known: bool
    """Whether anybody said what it came to; else its total is 0."""
    refunded: int
    coupon: str
    lines: tuple[OrderLine, ...]

    @property
    def net(self) -> int:
        """What it comes to after refunds."""
        return 0 if self.state == "cancelled" else self.total - self.refunded


def fold(heard: Iterable[Heard]) -> Order:
    """Return the order that was spoken of."""
    ordered = sorted(heard, key=lambda one: (one.at, one.said.digest, one.seq))
    owner = _owner(ordered)
    ours = [one for one in ordered if _vouched(one) or _same(one, owner)]
    told = [one for one in ours if one.said.what in ("completed", "updated")]
    completed = [one for one in told if one.said.what == "completed"]
    first = (completed or told or ours)[0]
    code = _newest(told or ours, lambda one: one.said.currency) or NO_CURRENCY
    listed = _newest(told, lambda one: one if one.said.lines else None)
    lines = _gathered(listed, code) if listed else ()
    said = _newest(told, lambda one: one.said.total)
    stated = units(Decimal(said), code) if said is not None else None
    worth = stated if stated is not None else _worth(lines)
    total = worth or 0
    refunded, lines = _refund(_refunds(ours), lines, total if told else None, code)
    cancelled = any(one.said.what == "cancelled" for one in ours)
    return Order(
        id=first.order,
        identity_id=owner.identity_id,
        seq=first.seq,
        placed_at=first.at if told else None,
        changed_at=ours[-1].at,
        state=_state(cancelled=cancelled, told=bool(told), total=total, refunded=refunded),
        currency=code,
        total=total if told else 0,
        total_known=worth is not None or not told,
        refunded=refunded,
        coupon=_newest(told, lambda one: one.said.coupon or None) or "",
        lines=lines,
    )


def _state(*, cancelled: bool, told: bool, total: int, refunded: int) -> State:
    if cancelled:
        return "cancelled"
    if not told:
        return "credit"
    return "placed" if not refunded else "refunded" if refunded >= total else "partly_refunded"


def _owner(ordered: Sequence[Heard]) -> Heard:
    rank = {"completed": 0, "updated": 1, "cancelled": 2, "refunded": 2}
    if vouched := [one for one in ordered if _vouched(one)]:
        return min(vouched, key=lambda one: rank[one.said.what])
    return min(ordered, key=lambda one: (one.public, not one.known, one.seq))


def _vouched(one: Heard) -> bool:
    """Whether a server said it of somebody who is known."""
    return one.known and not one.public


def _same(one: Heard, owner: Heard) -> bool:
    if one.identity_id == owner.identity_id:
        return True
    return one.customer_id is not None and one.customer_id == owner.customer_id


def _newest(heard: Sequence[Heard], field: Callable[[Heard], T | None]) -> T | None:
    return next((found for one in reversed(heard) if (found := field(one)) is not None), None)


def _gathered(heard: Heard, code: str) -> tuple[OrderLine, ...]:
    return tuple(
        OrderLine(
            one.product,
            one.name,
            one.category,
            None if one.price is None or one.currency not in (None, code) else units(Decimal(one.price), code),
            one.quantity,
            public=heard.public,
        )
        for one in heard.said.lines or ()
    )


def _worth(lines: Iterable[OrderLine]) -> int | None:
    priced = [line.price * line.quantity for line in lines if line.price is not None]
    return sum(priced) if priced and abs(sum(priced)) <= MOST_UNITS else None


def _refunds(heard: Sequence[Heard]) -> list[Heard]:
    """Return each refund once, the newest word of one that has a number."""
    found = {one.said.refund or (one.at, one.said.digest): one for one in heard if one.said.what == "refunded"}
    return list(found.values())


def _refund(
    refunds: Sequence[Heard], lines: tuple[OrderLine, ...], total: int | None, code: str
) -> tuple[int, tuple[OrderLine, ...]]:
    """Take refunds off; `total` is None where the order is not known, and so bounds nothing."""
    money, back, whole = 0, dict[str, int](), False
    prices = {line.product: line.price for line in lines if line.price is not None}
    for one in refunds:
        named = _gathered(one, code)
        for line in named:
            back[line.product] = back.get(line.product, 0) + line.quantity
        if one.said.currency not in (None, code):
            continue
        if one.said.total is not None:
            money += units(Decimal(one.said.total), code) or 0
        elif named:
            money += sum(line.quantity * (line.price or prices.get(line.product, 0)) for line in named)
        else:
            whole = True
    if total is None:
        return min(money, MOST_UNITS), ()
    whole = whole or (bool(money) and money >= total)
    return (total if whole else min(money, total)), _taken_back(lines, None if whole else back)


def _taken_back(lines: tuple[OrderLine, ...], back: dict[str, int] | None) -> tuple[OrderLine, ...]:
    """Return lines with what of each was given back; everything where `back` is None."""
    found: list[OrderLine] = []
    for line in lines:
        pieces = line.quantity if back is None else min(line.quantity, back.get(line.product, 0))
        if back is not None:
            back[line.product] = back.get(line.product, 0) - pieces
        found.append(msgspec.structs.replace(line, refunded=pieces))
    return tuple(found)
