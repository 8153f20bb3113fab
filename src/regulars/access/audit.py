"""The audit log: who saw and changed what, signed so that what is changed or taken out afterwards is found.

A workspace's entries form some chains (docs/adr/0016). Each entry is signed with the house's secret together with the
signature before it in its chain, and the row that knows where a chain ends is signed too. Whoever writes holds one
chain from there to the end of the transaction, so an entry is the last thing that a transaction writes.
"""

import hmac
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from threading import Lock
from typing import Any, Literal

import msgspec

from regulars.access import audit_records, records
from regulars.access.audit_records import End, Entry, Filter, Signed
from regulars.store.database import Database, Tx
from regulars.words.errors import Invalid
from regulars.words.ids import hash64

__all__ = [
    "COMMAND_LINE",
    "HOUSE",
    "Audit",
    "Deed",
    "Entry",
    "Filter",
    "Who",
    "count_entries",
    "list_entries",
    "mark",
    "open_audit",
    "point",
]

CHAINS = 16
"""How many chains a workspace has: so many entries can be written at the same time."""
_LONGEST = 200
_MOST_FIELDS = 24
_LARGEST = 1 << 53
_FARTHEST = 1 << 58
_REMEMBERED = 10_000
_SECRETS = ("password", "secret", "token", "cookie", "hash", "csrf", "credential")


class Who(msgspec.Struct, frozen=True):
    """Somebody who acts: a person by e-mail, a key by name or scope, whoever types commands, or the house itself."""

    kind: Literal["person", "key", "command", "house"]
    name: str
    id: int | None = None


COMMAND_LINE = Who("command", "command line")
HOUSE = Who("house", "the house")


class Deed(msgspec.Struct, frozen=True):
    """What was done, on what: a customer by number and never by name or address, anything else by its name.

    `label` is what it was called then. `before` and `after` are small, and hold no secrets.
    """

    action: str
    kind: str = ""
    name: str = ""
    label: str = ""
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


class Audit:
    """Writes entries, and signs them."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._noted: OrderedDict[tuple[Any, ...], datetime] = OrderedDict()
        self._lock = Lock()

    def note(self, tx: Tx, who: Who, deed: Deed, now: datetime, *, request: str = "", address: str = "") -> None:
        """Write an entry, in the transaction of what it tells of and as the last thing in it."""
        entry = _entry(who, deed, now, request, address)
        chain = _chain_of(entry)
        self._write(tx, chain, audit_records.hold_chain(tx, chain), entry)

    def note_again(
        self, tx: Tx, who: Who, deed: Deed, now: datetime, every: timedelta, *, request: str = "", address: str = ""
    ) -> None:
        """Write an entry, unless the same was noted of the same less than `every` ago."""
        entry = _entry(who, deed, now, request, address)
        chain = _chain_of(entry)
        end = audit_records.hold_chain(tx, chain)
        if not audit_records.noted_since(tx, entry, now - every):
            self._write(tx, chain, end, entry)

    def known(self, workspace: str, who: Who, deed: Deed, now: datetime, every: timedelta) -> bool:
        """Return whether this process noted the same less than `every` ago, so that nobody need be asked."""
        with self._lock:
            noted = self._noted.get(_key(workspace, who, deed))
        return noted is not None and now - noted < every

    def remember(self, workspace: str, who: Who, deed: Deed, now: datetime) -> None:
        """Keep in mind that this was noted: its transaction is over."""
        with self._lock:
            self._noted[_key(workspace, who, deed)] = now
            while len(self._noted) > _REMEMBERED:
                self._noted.popitem(last=False)

    def _write(self, tx: Tx, chain: int, end: End, entry: Signed) -> None:
        entry = msgspec.structs.replace(entry, n=end.n + 1)
        mac = self.sign(tx, chain, entry, end.mac)
        end = msgspec.structs.replace(end, n=entry.n, mac=mac)
        audit_records.add_entry(tx, chain, msgspec.structs.replace(entry, mac=mac), self.seal(tx, chain, end))

    def sign(self, tx: Tx, chain: int, entry: Signed, previous: bytes) -> bytes:
        """Return the signature of an entry that follows another."""
        n, at, *said, _, _ = msgspec.structs.astuple(entry)
        return self._sign(["entry", tx.workspace, chain, n, at.astimezone(UTC), said, previous])

    def sign_blanked(self, tx: Tx, chain: int, entry: Signed) -> bytes:
        """Return what signs the rest of an entry, together with the signature that it had while it was whole."""
        n, at, *said, mac, _ = msgspec.structs.astuple(entry)
        return self._sign(["blanked", tx.workspace, chain, n, at.astimezone(UTC), said, mac])

    def seal(self, tx: Tx, chain: int, end: End) -> bytes:
        """Return what signs where a chain ends and begins."""
        return self._sign(["end", tx.workspace, chain, end.n, end.mac, end.swept_n, end.swept_mac])

    def _sign(self, what: list[object]) -> bytes:
        return hmac.digest(self._secret, msgspec.json.encode(what), "sha256")


def open_audit(database: Database) -> Audit:
    """Return the audit log of an installation; its secret is made at first use."""
    with database.shared() as tx:
        return Audit(records.get_or_add_secret(tx, "audit", token_bytes(32)))


def list_entries(
    tx: Tx, wanted: Filter, *, before: tuple[datetime, int, int] | None = None, limit: int = 50
) -> list[Entry]:
    """Return the newest entries that are wanted, or those before a place."""
    return audit_records.list_entries(tx, wanted, before or (None, 0, 0), limit)


def count_entries(tx: Tx, wanted: Filter) -> int:
    """Return how many entries are wanted."""
    return audit_records.count_entries(tx, wanted)


def mark(entry: Entry) -> str:
    """Return the place of an entry as a text, from which `point` reads it again."""
    return f"{entry.at.isoformat().replace('+00:00', 'Z')}~{entry.id}"


def point(text: str) -> tuple[datetime, int, int]:
    """Read a place in the log; raise Invalid for what is none."""
    moment, _, number = text.partition("~")
    try:
        at, (n, chain) = datetime.fromisoformat(moment), divmod(int(number), CHAINS)
    except ValueError as error:
        raise Invalid("This place in the audit log cannot be read. Open it again, at the newest.") from error
    if at.tzinfo is None or not 0 <= n < _FARTHEST:
        raise Invalid("This place in the audit log cannot be read. Open it again, at the newest.")
    return at, n, chain


def _entry(who: Who, deed: Deed, now: datetime, request: str, address: str) -> Signed:
    return Signed(
        n=0,
        at=now,
        who_kind=who.kind,
        who_id=who.id,
        who=_short(who.name, 320),
        action=deed.action,
        kind=deed.kind,
        name=_short(deed.name),
        label=_short(deed.label),
        before=_small(deed.before),
        after=_small(deed.after),
        request=_short(request),
        address=_short(address),
    )


def _chain_of(entry: Signed) -> int:
    return hash64(f"{entry.who_kind} {entry.who} {entry.action} {entry.name}") % CHAINS


def _key(workspace: str, who: Who, deed: Deed) -> tuple[Any, ...]:
    return workspace, who.kind, who.name, deed.action, deed.kind, deed.name, _small(deed.after)


def _small(change: Mapping[str, Any] | None) -> str | None:
    """Return what changed as JSON: short, and with nothing in it that could open a door."""
    if change is None:
        return None
    kept = [(key, value) for key, value in change.items() if not any(one in key.lower() for one in _SECRETS)]
    return msgspec.json.encode({_short(key): _plain(value) for key, value in kept[:_MOST_FIELDS]}).decode()


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < _LARGEST):
        return value
    return _short(str(value) if isinstance(value, str | int) else msgspec.json.encode(value).decode())


def _short(text: str, most: int = _LONGEST) -> str:
    text = text.replace("\0", "")
    return text if len(text) <= most else f"{text[: most - 1]}…"
