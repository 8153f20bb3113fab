"""Keys for machines. A `browser` key is public: it stands in page source, so it can prove nothing."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from secrets import token_urlsafe
from time import monotonic

from regulars.access import key_records, records
from regulars.access.key_records import KnownKey
from regulars.access.records import Key
from regulars.store.database import Database, Tx
from regulars.words.errors import Invalid, NoKey, Unavailable, Unknown, concerning
from regulars.words.ids import hash_of_secret

SCOPES = ("browser", "write", "read", "admin")
_FRESH = 10.0
"""Seconds for which a process believes what it knows of a key."""
_NOTED_EVERY = 60.0
_MOST = 10_000
_NAME = 80


def create_key(database: Database, workspace: str, scope: str, name: str = "") -> str:
    """Make a key and return it: it is shown this once, the house keeps its hash only."""
    with database.shared() as tx:
        if records.get_workspace(tx, workspace) is None:
            raise Unknown("There is no workspace '{name}'.", name=workspace)
        return add_key(tx, workspace, scope, name)[1]


def add_key(tx: Tx, workspace: str, scope: str, name: str) -> tuple[KnownKey, str]:
    """Make a key of a workspace; return it as it is listed, and the key itself, which is shown this once."""
    with concerning("scope"):
        if scope not in SCOPES:
            raise Invalid("'{scope}' is no scope. Choose one of: {scopes}.", scope=scope[:40], scopes=", ".join(SCOPES))
    with concerning("name"):
        tidy = " ".join(name.split())
        if len(tidy) > _NAME or not tidy.isprintable():
            raise Invalid("The name of a key has at most {most} printable characters.", most=_NAME)
    key = f"{scope}_{token_urlsafe(24)}"
    made = key_records.add_key(tx, hash_of_secret(key), workspace, scope, tidy)
    return get_key(tx, workspace, made), key


def list_keys(tx: Tx, workspace: str) -> list[KnownKey]:
    """Return the keys of a workspace, the newest first."""
    return key_records.list_keys(tx, workspace)


def get_key(tx: Tx, workspace: str, key_id: int) -> KnownKey:
    """Return a key of a workspace; raise Unknown where it has none of this number."""
    found = key_records.get_key(tx, workspace, key_id)
    if found is None:
        raise Unknown("There is no key number {number} here. It may be revoked already.", number=key_id)
    return found


def revoke_key(tx: Tx, workspace: str, key_id: int) -> KnownKey:
    """Let a key open nothing any more, within ten seconds everywhere; return what it was."""
    found = get_key(tx, workspace, key_id)
    key_records.revoke_key(tx, workspace, key_id)
    return found


class Keys:
    """A process's view of the keys; what it knows is at most ten seconds old.

    That a key is in use is noted at most once a minute, by a thread of its own, when the process asks for the key
    anyway: who comes with a key never waits for it.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[Key, float]] = {}
        self._noted: dict[bytes, float] = {}
        self._notes = ThreadPoolExecutor(1, thread_name_prefix="keys")

    def check(self, key: str) -> Key:
        """Return what a key opens; raise NoKey for one that opens nothing."""
        found = self.known(key)
        if found is None:
            found = check_key(self._database, key)
            if len(self._known) > _MOST:  # a bound, so that a hostile flood of keys cannot grow it
                self._known.clear()
            self._known[key] = (found, monotonic())
            self._note(hash_of_secret(key))
        return found

    def known(self, key: str) -> Key | None:
        """Return what a key opens, if it was asked within ten seconds."""
        known = self._known.get(key)
        return known[0] if known and monotonic() - known[1] < _FRESH else None

    def forget(self) -> None:
        """Believe nothing any more: a key was revoked."""
        self._known.clear()

    def settle(self) -> None:
        """Wait until every use is noted, and note no more."""
        self._notes.shutdown()

    def _note(self, hashed: bytes) -> None:
        now = monotonic()
        if now - self._noted.get(hashed, -_NOTED_EVERY) < _NOTED_EVERY:
            return
        if len(self._noted) > _MOST:
            self._noted.clear()
        self._noted[hashed] = now
        with suppress(RuntimeError):  # the house is closing
            self._notes.submit(self._write, hashed)

    def _write(self, hashed: bytes) -> None:
        with suppress(Unavailable), self._database.shared() as tx:
            key_records.note_use(tx, hashed)


def check_key(database: Database, key: str) -> Key:
    """Return what a key opens; raise NoKey for one that opens nothing."""
    with database.shared() as tx:
        found = records.find_key(tx, hash_of_secret(key))
    if found is None:
        raise NoKey("This key opens nothing here. Make one with 'regulars key create'.")
    return found
