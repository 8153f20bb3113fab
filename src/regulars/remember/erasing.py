"""What somebody had forgotten goes onto the list of erasures, under hashes of all their identifiers.

After a restore it is found again by these: who was one customer when it was forgotten may not be one yet in the backup,
and whoever came after the backup is not in it at all.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from hashlib import blake2b
from itertools import chain

from regulars.access.links import secret_for
from regulars.hear.identities import Identity
from regulars.remember import records
from regulars.store.database import Tx
from regulars.store.erasures import Erasure, note
from regulars.store.log import NewEvent, append, caused_by
from regulars.words.kinds import FACT_FORGOTTEN

FACTS = "facts"
_BYTES = 16


class Hashes:
    """Hashes identifiers with the installation's secret: nobody who has only the list can tell whose they are."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.key = blake2b(secret, digest_size=4).hexdigest()
        """Tells apart which secret a hash was made with."""

    def of(self, one: Identity) -> str:
        """Return the hash of an identifier."""
        return blake2b(f"{one.kind}\0{one.value}".encode(), digest_size=_BYTES, key=self._secret).hexdigest()


def hashes(tx: Tx) -> Hashes:
    """Return what hashes identifiers in this installation."""
    return Hashes(secret_for(tx, "erasures"))


def note_forgotten(tx: Tx, identity_id: int, names: Collection[str], now: datetime) -> None:
    """Put onto the list that these facts of whoever an identity belongs to are to be forgotten."""
    hashed = hashes(tx)
    who = [hashed.of(one) for one in records.everyone_beside(tx, identity_id)]
    note(tx, [Erasure(now, tx.workspace or "", FACTS, who, sorted(names), hashed.key)], now)


def whose(tx: Tx, erasures: Iterable[Erasure]) -> dict[str, int]:
    """Return the identities behind the hashes of some erasures, as far as this workspace knows them."""
    hashed = hashes(tx)
    wanted = set(chain.from_iterable(one.who for one in erasures))
    found: dict[str, int] = {}
    after = 0
    while wanted and (some := records.identities_after(tx, after)):
        found |= {text: one.id for one in some if (text := hashed.of(one)) in wanted}
        after = some[-1].id
    return found


def forget_again(tx: Tx, erasures: Iterable[Erasure], known: Mapping[str, int]) -> int:
    """Append again that facts are withdrawn, by every identity that is here; return how many erasures found somebody.

    The last thing of its transaction.
    """
    events: list[NewEvent] = []
    found = 0
    for one in erasures:
        ids = {known[text] for text in one.who if text in known}
        found += bool(ids)
        events += [
            caused_by(None, FACT_FORGOTTEN, identity, {"name": name}, one.at)
            for identity in sorted(ids)
            for name in one.names
        ]
    append(tx, events)
    return found
