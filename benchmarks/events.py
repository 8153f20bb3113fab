"""Events of about 0.5 KB each, as a shop's server would send them, from a fixed number of customers."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random

import msgspec

NAMES = ("Product Viewed", "Product Added", "Order Completed", "Article Read", "Search Made")


def event(rng: Random, number: int, customer: int, *, run: str) -> dict[str, object]:
    """Return one track call of about 0.5 KB."""
    return {
        "type": "track",
        "userId": f"customer-{customer}",
        "event": NAMES[number % len(NAMES)],
        "messageId": f"{run}-{number}",
        "timestamp": datetime.now(UTC).isoformat(),
        "properties": {
            "total": round(rng.random() * 100, 2),
            "currency": "GBP",
            "sku": f"SKU-{rng.randrange(4000)}",
            "name": "White hanging heart t-light holder",
            "url": f"https://shop.example/products/{rng.randrange(4000)}?from=newsletter",
            "category": "Lanterns and lights",
            "quantity": rng.randrange(1, 9),
            "note": "".join(rng.choices("abcdefghijklmnopqrstuvwxyz ", k=150)),
        },
    }


def batches(count: int, *, size: int, customers: int, run: str, seed: int = 1) -> Iterator[bytes]:
    """Yield bodies for /v1/batch with `size` events each, `count` events in all."""
    rng = Random(seed)
    for start in range(0, count, size):
        calls = [event(rng, n, rng.randrange(customers), run=run) for n in range(start, min(start + size, count))]
        yield msgspec.json.encode({"batch": calls})
