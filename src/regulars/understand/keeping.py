"""How long events are kept, where rules ask what they said: who lost that would enter segments, and be written to."""

from collections.abc import Mapping
from typing import Any

from regulars.remember import retention
from regulars.store import records as store
from regulars.store.database import Tx
from regulars.understand.asking import FOLLOWER
from regulars.understand.looking import asked_of, leaves
from regulars.understand.reading import parse
from regulars.understand.segments import known
from regulars.words.errors import Invalid, concerning

__all__ = ["check", "keep"]


def check(tx: Tx, wanted: Mapping[str, int | None]) -> None:
    """Raise Invalid for a term that is none, and for one of events of which a segment asks what they said."""
    retention.check(tx, wanted)
    asking = _asking(known(tx).segments)
    for kind, days in wanted.items():
        if days is None or kind not in asking:
            continue
        name, reach = asking[kind]
        with concerning("kinds"):
            if reach is None:
                raise Invalid(
                    "The segment '{name}' asks what events '{kind}' said, so they are kept for ever. Take that out of "
                    "its rule first.",
                    name=name,
                    kind=kind,
                )
            if days < reach:
                raise Invalid(
                    "The segment '{name}' asks what events '{kind}' said in the last days: keep them for {days} days "
                    "at least, or take that out of its rule first.",
                    name=name,
                    kind=kind,
                    days=reach,
                )


def keep(tx: Tx, wanted: Mapping[str, int | None]) -> dict[str, int]:
    """Keep events of some kinds so many days, or for ever (None); return the terms that hold now.

    Rules stay as they are until the transaction is over, so none that asks what events said comes in between.
    """
    store.wait_for_follower(tx, FOLLOWER)
    check(tx, wanted)
    return retention.keep(tx, wanted)


def _asking(rules: Mapping[str, Any]) -> dict[str, tuple[str, int | None]]:
    """Return by kind of event the segment that asks what such events said the longest, and for how many days."""
    found: dict[str, tuple[str, int | None]] = {}
    for name in sorted(rules):
        for end in leaves(parse(rules[name], None)):
            for kind, _, reach in asked_of(end):
                before = found.get(kind, (name, 0))[1]
                if before is not None and (reach is None or reach > before):
                    found[kind] = (name, reach)
    return found
