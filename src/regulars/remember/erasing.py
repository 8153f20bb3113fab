"""What somebody had forgotten or withdrew goes onto the list of erasures, under hashes of all their identifiers.

After a restore it is found again by these: who was one customer when it was forgotten may not be one yet in the backup,
and whoever came after the backup is not in it at all.
"""

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import blake2b
from itertools import chain
from uuid import UUID

import msgspec

from regulars.access.links import secret_for
from regulars.hear.identities import Identity
from regulars.remember import records
from regulars.remember.heard import Changed, Restricted
from regulars.store.database import Tx
from regulars.store.erasures import Erasure, note
from regulars.store.log import NewEvent, append, caused_by
from regulars.words.errors import Unavailable
from regulars.words.kinds import CONSENT_CHANGED, FACT_FORGOTTEN, RESTRICTION_CHANGED

FACTS = "facts"
CUSTOMER = "customer"
"""The kind of somebody who was forgotten whole; its one name says how: `erase` or `anonymise`."""
CONSENTS = "consents"
"""The kind of what was withdrawn; its names are a purpose and a channel, as `marketing/email`."""
RESTRICTIONS = "restrictions"
"""The kind of who is kept and not used, or is so no more; its one name says which: `restricted` or `lifted`."""
RESTORED = "withdrawn before, said again after a restore"
"""How a withdrawal was said that a backup did not know."""
RESTRICTED_AGAIN = "said before, said again after a restore"
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
    note(tx, _erasures(tx, FACTS, [identity_id], names, now), now)


def note_withdrawn(tx: Tx, identity_ids: Collection[int], abouts: Collection[tuple[str, str]], now: datetime) -> None:
    """Put onto the list that whoever these identities belong to withdrew consent for these purposes and channels.

    Where the list cannot be written, they withdraw all the same: it must hold at once, and the log says what is wrong.
    """
    names = {"/".join(about) for about in abouts}
    with suppress(Unavailable):
        note(tx, _erasures(tx, CONSENTS, identity_ids, names, now), now)


def note_restricted(tx: Tx, identity_ids: Collection[int], now: datetime, *, restricted: bool) -> None:
    """Put onto the list that whoever these identities belong to is kept and not used from now on, or is so no more.

    Where the list cannot be written it holds all the same, as a withdrawal does.
    """
    name = "restricted" if restricted else "lifted"
    with suppress(Unavailable):
        note(tx, _erasures(tx, RESTRICTIONS, identity_ids, [name], now), now)


def note_gone(tx: Tx, number: UUID, identities: Collection[Identity], mode: str, now: datetime) -> None:
    """Put onto the list that whoever has these identifiers is forgotten whole."""
    hashed = hashes(tx)
    who = [hashed.of(one) for one in identities]
    note(tx, [Erasure(now, tx.workspace or "", CUSTOMER, who, [mode], hashed.key, number)], now)


def _erasures(tx: Tx, kind: str, identity_ids: Collection[int], names: Collection[str], now: datetime) -> list[Erasure]:
    hashed = hashes(tx)
    return [
        Erasure(now, tx.workspace or "", kind, [hashed.of(one) for one in everyone], sorted(names), hashed.key)
        for everyone in records.everyone_beside(tx, identity_ids).values()
    ]


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


def say_again(tx: Tx, erasures: Iterable[Erasure], known: Mapping[str, int]) -> int:
    """Append again what was forgotten or withdrawn, by every identity here; return how many erasures found somebody.

    The last thing of its transaction.
    """
    events: list[NewEvent] = []
    found = 0
    for one in erasures:
        ids = {known[text] for text in one.who if text in known}
        found += bool(ids)
        events += [_again(one, identity, name) for identity in sorted(ids) for name in one.names]
    append(tx, events)
    return found


def _again(one: Erasure, identity: int, name: str) -> NewEvent:
    if one.kind == FACTS:
        return caused_by(None, FACT_FORGOTTEN, identity, {"name": name}, one.at)
    if one.kind == RESTRICTIONS:
        said = Restricted(name == "restricted", how=RESTRICTED_AGAIN)
        return caused_by(None, RESTRICTION_CHANGED, identity, msgspec.to_builtins(said), one.at)
    purpose, _, channel = name.partition("/")
    what = Changed(purpose, channel, granted=False, how=RESTORED)
    return caused_by(None, CONSENT_CHANGED, identity, msgspec.to_builtins(what), one.at)
