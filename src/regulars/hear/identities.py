"""Identifiers are interned: each gets a small number once, which events carry and caches keep for ever."""

import re
from collections import OrderedDict
from collections.abc import Collection, Mapping
from threading import Lock

from regulars.hear import records
from regulars.hear.phones import e164
from regulars.hear.records import Identity, Pair
from regulars.store.at_once import Remembered
from regulars.store.database import Tx
from regulars.words.errors import Invalid

__all__ = ["PREVIOUS", "Identities", "Identity", "Pair", "find", "identities_of", "intern", "tidy"]

PREVIOUS = "previous"
"""An id of which only is said that somebody went by it before: a user id where there is one, else an anonymous id."""

LONGEST = 320
"""Characters in an identifier: the longest e-mail address is 320 (RFC 3696 erratum 1690)."""

_KEPT = 400_000


def tidy(kind: str, value: str) -> Pair:
    """Return an identifier in its one way of writing; raise Invalid for one that cannot be."""
    tidied = value.strip().casefold() if kind == "email" else value.strip()
    if kind == "phone":
        tidied = e164(tidied) or tidied
    if not tidied or len(tidied) > LONGEST or "\0" in tidied:
        raise Invalid("A {kind} id must have 1 to {most} characters.", kind=kind, most=LONGEST)
    return kind, tidied


def intern(tx: Tx, pairs: Collection[Pair]) -> dict[Pair, int]:
    """Return each identifier's number, numbering those that are new."""
    wanted = set(pairs)
    previous = {pair: _before(tx, pair) for pair in wanted if pair[0] == PREVIOUS}
    wanted = (wanted - previous.keys()) | set(previous.values())
    found = records.find_identities(tx, wanted)
    if missing := wanted - found.keys():
        found |= records.add_identities(tx, missing)
        if raced := wanted - found.keys():
            found |= records.find_identities(tx, raced)
    return found | {pair: found[meant] for pair, meant in previous.items()}


def _before(tx: Tx, pair: Pair) -> Pair:
    """Return what an id of before is: a user id, an e-mail address, or else an anonymous one.

    Raise Invalid where a stranger may have put it there: whoever guesses the address or number by which somebody will
    be known can send events under it with a public key before, and an alias would make these the customer's.
    """
    user, email, anonymous = ("user", pair[1]), tidy("email", pair[1]), ("anonymous", pair[1])
    known = records.find_identities(tx, [user, email, anonymous])
    if user in known or email in known:
        return user if user in known else email
    if "@" in pair[1] or e164(pair[1]) or (anonymous in known and _is_guessed(tx, known[anonymous], pair[1])):
        raise Invalid("previousId: nobody is known by it but, perhaps, a browser. Say so: send it as anonymousId, too.")
    return anonymous


def _is_guessed(tx: Tx, number: int, value: str) -> bool:
    """Return whether only public keys have used an anonymous id that can be guessed: a client makes random ones."""
    return not _RANDOM.fullmatch(value) and records.is_only_of_public_keys(tx, number)


_RANDOM = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
"""An UUID, as Segment's clients name a visitor (RFC 9562)."""


def find(tx: Tx, pair: Pair) -> int | None:
    """Return an identifier's number, or None where nobody has come by it."""
    return records.find_identities(tx, [pair]).get(pair)


def identities_of(tx: Tx, ids: Collection[int]) -> list[Identity]:
    """Return the identifiers behind some numbers."""
    return records.list_identities(tx, ids)


class Identities:
    """A process's cache of interned identifiers, the most recently used kept."""

    def __init__(self, *, kept: int = _KEPT) -> None:
        self._kept = kept
        self._numbers: OrderedDict[tuple[str, str, str], int] = OrderedDict()
        self._held: dict[str, tuple[int, int]] = {}
        self._lock = Lock()

    def numbers(self, tx: Tx, pairs: Collection[Pair]) -> tuple[dict[Pair, int], dict[Pair, int]]:
        """Return each identifier's number, and which of them `keep` may be told once the transaction has committed.

        `hold_for` comes first in a transaction.
        """
        found = self._found(tx.workspace or "", pairs)
        missing = {pair for pair in pairs if pair not in found}
        fresh = intern(tx, missing) if missing else {}
        lasting = {pair: number for pair, number in fresh.items() if pair[0] != PREVIOUS}
        return found | fresh, lasting

    def known(self, workspace: str, pairs: Collection[Pair]) -> tuple[dict[Pair, int], Remembered] | None:
        """Return the numbers of identifiers and what they hold for, or None where one of them is not remembered.

        None, too, where identifiers were ever let go of: what clients repeat of these has to be looked for.
        """
        held = self._held.get(workspace)
        if held is None or held[1] > 0:
            return None
        found = self._found(workspace, pairs)
        return (found, Remembered(held[0], records.TIMES_LET_GO, held[1])) if len(found) == len(pairs) else None

    def _found(self, workspace: str, pairs: Collection[Pair]) -> dict[Pair, int]:
        known = self._numbers
        return {
            (kind, value): number
            for kind, value in pairs
            if (number := known.get((workspace, kind, value))) is not None
        }

    def keep(self, tx: Tx, fresh: Mapping[Pair, int]) -> None:
        """Remember numbers that a transaction gave or read: it has committed, so they hold for ever."""
        if fresh and self._held.get(tx.workspace or "", (0, 0))[0] == tx.log_id:
            with self._lock:
                self._numbers.update({(tx.workspace or "", *pair): number for pair, number in fresh.items()})
                while len(self._numbers) > self._kept:
                    self._numbers.popitem(last=False)

    def hold_for(self, tx: Tx) -> bool:
        """Drop what is known of a workspace that was deleted and made again, or has let go of identifiers since.

        Return whether it ever has let go of any.
        """
        workspace = tx.workspace or ""
        as_it_is = (tx.log_id, records.times_let_go(tx))
        if self._held.setdefault(workspace, as_it_is) != as_it_is:
            with self._lock:
                for key in [key for key in self._numbers if key[0] == workspace]:
                    del self._numbers[key]
                self._held[workspace] = as_it_is
        return as_it_is[1] > 0
