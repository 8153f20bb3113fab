"""Keys for machines. A `browser` key is public: it stands in page source, so it can prove nothing."""

from secrets import token_urlsafe
from time import monotonic

from regulars.access import records
from regulars.access.records import Key
from regulars.store.database import Database
from regulars.words.errors import Invalid, NoKey, Unknown
from regulars.words.ids import hash_of_secret

SCOPES = ("browser", "write", "read", "admin")
_FRESH = 10.0
"""Seconds for which a process believes what it knows of a key."""


def create_key(database: Database, workspace: str, scope: str) -> str:
    """Make a key and return it: it is shown this once, the house keeps its hash only."""
    if scope not in SCOPES:
        raise Invalid("'{scope}' is no scope. Choose one of: {scopes}.", scope=scope, scopes=", ".join(SCOPES))
    key = f"{scope}_{token_urlsafe(24)}"
    with database.shared() as tx:
        if records.get_workspace(tx, workspace) is None:
            raise Unknown("There is no workspace '{name}'.", name=workspace)
        records.add_key(tx, hash_of_secret(key), workspace, scope)
    return key


class Keys:
    """A process's view of the keys; what it knows is at most ten seconds old."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, tuple[Key, float]] = {}

    def check(self, key: str) -> Key:
        """Return what a key opens; raise NoKey for one that opens nothing."""
        found = self.known(key)
        if found is None:
            found = check_key(self._database, key)
            if len(self._known) > 10_000:  # noqa: PLR2004 (a bound, so that a hostile flood of keys cannot grow it)
                self._known.clear()
            self._known[key] = (found, monotonic())
        return found

    def known(self, key: str) -> Key | None:
        """Return what a key opens, if it was asked within ten seconds."""
        known = self._known.get(key)
        return known[0] if known and monotonic() - known[1] < _FRESH else None


def check_key(database: Database, key: str) -> Key:
    """Return what a key opens; raise NoKey for one that opens nothing."""
    with database.shared() as tx:
        found = records.find_key(tx, hash_of_secret(key))
    if found is None:
        raise NoKey("This key opens nothing here. Make one with 'regulars key create'.")
    return found
