"""Holdouts: a share of customers to whom nothing is advertised, or not by one campaign, so that one can compare.

Who is held out follows from a keyed hash of each of their addresses and of what they are held out from: the same for
ever, different for each campaign, and no table of anybody. A customer of several addresses is held out as soon as one
of them is; where the addresses differ, which two records that were joined may, they are in neither group, for they
were perhaps written to before.
"""

from collections.abc import Collection, Mapping
from hashlib import blake2b

from regulars.access.links import secret_for
from regulars.decide import holdout_records as records
from regulars.decide.contact import ContactPolicy
from regulars.store.database import Tx
from regulars.words.reasons import HELD_OUT, HELD_OUT_MIXED

_EVERYTHING = "workspace"


def drawn(
    tx: Tx, customers: Collection[int], shares: Mapping[str, int], policy: ContactPolicy
) -> dict[tuple[str, int], str]:
    """Return by campaign and customer why those are not written to who are held out of it, or of everything.

    `shares`: of each campaign, how many percent are held out of it alone.
    """
    if not customers or not (policy.held_out or any(shares.values())):
        return {}
    secret, addresses = secret_for(tx, "holdout"), records.addresses_of(tx, customers)
    found: dict[tuple[str, int], str] = {}
    for campaign, share in shares.items():
        scopes = [(_EVERYTHING, policy.held_out), (f"campaign/{campaign}", share)]
        for customer, theirs in addresses.items():
            reasons = {why for scope, percent in scopes if (why := lot(secret, scope, percent, theirs))}
            if reasons:
                found[campaign, customer] = HELD_OUT_MIXED if HELD_OUT_MIXED in reasons else HELD_OUT
    return found


def lot(secret: bytes, scope: str, percent: int, addresses: Collection[int]) -> str:
    """Return why somebody of these addresses is not written to within a scope; '' where they are."""
    out = {_hundredth(secret, scope, one) < percent for one in addresses} if percent else set[bool]()
    if True not in out:
        return ""
    return HELD_OUT_MIXED if False in out else HELD_OUT


def _hundredth(secret: bytes, scope: str, address: int) -> int:
    digest = blake2b(f"{scope}/{address}".encode(), digest_size=8, key=secret).digest()
    return int.from_bytes(digest) % 100
