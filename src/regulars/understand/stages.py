"""At which purchase stage somebody is in a category of products, and how they bought products.

| stage | what shows it |
| --- | --- |
| intent | looked at a product of it, or at its list, in the last 30 days |
| evaluation | compares: looked at two products or on two days, wished for one, left one in the basket: in 30 days |
| purchase | buys: has one in the basket or has begun to pay, in the last 7 days; or ordered in the last 7 days |
| after-sale | ordered in the last 90 days |

What was done before the last order of the category counts no more; after one only comparing, or the basket, begins
anew. Days are those of the workspace's clock.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

Stage = Literal["intent", "evaluation", "purchase", "after_sale"]
STAGES: tuple[Stage, ...] = ("intent", "evaluation", "purchase", "after_sale")
Sign = Literal["look", "list", "compare", "basket", "out"]

SIGNS: Mapping[str, Sign] = {
    "Product Viewed": "look", "Viewed Product": "look", "Product Clicked": "look",
    "Product List Viewed": "list", "Product List Filtered": "list",
    "Product Added to Wishlist": "compare", "Product Shared": "compare",
    "Product Added": "basket", "Added Product": "basket", "Wishlist Product Added to Cart": "basket",
    "Checkout Started": "basket", "Cart Viewed": "basket",
    "Product Removed": "out", "Removed Product": "out",
}  # fmt: skip
"""What each kind of event shows, of the products it names."""
LOOKING, BUYING, AFTER = 30, 7, 90
"""For how many days a look, a basket or a new order, and an order count."""


class Seen(msgspec.Struct, frozen=True):
    """A sign of interest in a product of a category."""

    at: datetime
    sign: Sign
    product: str
    category: str


class Placed(msgspec.Struct, frozen=True):
    """A product of an order."""

    at: datetime
    product: str
    category: str


class At(msgspec.Struct, frozen=True):
    """A stage, the last thing that shows it, and the first day on which time may make it another."""

    stage: Stage
    at: datetime
    due: date


class Way(msgspec.Struct, frozen=True):
    """How somebody bought a product: in how many orders; of these again; else watched, and of these compared."""

    orders: int
    again: int
    watched: int
    compared: int
    last_at: datetime


def stages(seen: Collection[Seen], placed: Collection[Placed], zone: ZoneInfo, today: date) -> dict[str, At]:
    """Return at which stage somebody is in each category in which they are at one."""
    found: dict[str, At] = {}
    for category in {one.category for one in (*seen, *placed) if one.category}:
        own = [one for one in seen if one.category == category]
        orders = [one.at for one in placed if one.category == category]
        if at := _stage(own, max(orders, default=None), zone, today):
            found[category] = at
    return found


def _stage(seen: Sequence[Seen], ordered: datetime | None, zone: ZoneInfo, today: date) -> At | None:
    since = [one for one in seen if ordered is None or one.at > ordered]
    lately = sorted((one for one in since if _age(one.at, zone, today) < LOOKING), key=lambda one: one.at)
    due = _due(lately, ordered, zone, today)
    last = lately[-1].at if lately else None
    if last and any(_age(at, zone, today) < BUYING for at in basket(lately).values()):
        return At("purchase", last, due)
    if last and compares(lately, zone):
        return At("evaluation", last, due)
    age = _age(ordered, zone, today) if ordered else AFTER
    if ordered and age < AFTER:
        return At("purchase" if age < BUYING else "after_sale", ordered, due)
    return At("intent", last, due) if last and any(one.sign != "out" for one in lately) else None


def _age(at: datetime, zone: ZoneInfo, today: date) -> int:
    return (today - at.astimezone(zone).date()).days


def _due(lately: Sequence[Seen], ordered: datetime | None, zone: ZoneInfo, today: date) -> date:
    days = [(one.at.astimezone(zone).date(), length) for one in lately for length in (BUYING, LOOKING)]
    if ordered:
        days += [(ordered.astimezone(zone).date(), length) for length in (BUYING, AFTER)]
    return min((then for day, length in days if (then := day + timedelta(days=length)) > today), default=date.max)


def basket(seen: Iterable[Seen]) -> dict[str, datetime]:
    """Return what is in the basket after some signs in order, and since when."""
    found: dict[str, datetime] = {}
    for one in seen:
        if one.sign == "basket":
            found[one.product] = one.at
        elif one.sign == "out":
            found.pop(one.product, None)
    return found


def compares(seen: Collection[Seen], zone: ZoneInfo) -> bool:
    """Whether some signs in one category are those of somebody who compares."""
    looks = [one for one in seen if one.sign == "look"]
    return (
        any(one.sign in ("compare", "basket") for one in seen)
        or len({one.product for one in looks}) > 1
        or len({one.at.astimezone(zone).date() for one in looks}) > 1
    )


def ways(seen: Collection[Seen], placed: Collection[Placed], zone: ZoneInfo, since: datetime) -> dict[str, Way]:
    """Return how somebody bought each product in the orders placed since a moment."""
    found: dict[str, Way] = {}
    before: set[str] = set()
    looks = [one for one in seen if one.sign in ("look", "compare")]
    for one in sorted(placed, key=lambda one: (one.at, one.product)):
        again = one.product in before
        before.add(one.product)
        if one.at < since:
            continue
        lately = [look for look in looks if timedelta() <= one.at - look.at < timedelta(days=LOOKING)]
        watched = bool(lately) and not again
        compared = watched and compares([look for look in lately if look.category == one.category != ""], zone)
        way = found.get(one.product, Way(0, 0, 0, 0, one.at))
        found[one.product] = Way(
            way.orders + 1, way.again + again, way.watched + watched, way.compared + compared, one.at
        )
    return found
