"""Whether a sender is alive: it holds an advisory lock in a session of its own, which ends when its process does."""

from contextlib import suppress
from uuid import uuid4

from regulars.speak import records
from regulars.store.database import Database, Tx
from regulars.words.ids import hash64


class Presence:
    """This sender's sign of life, taken when it has something to hold and let go when it has not."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held: tuple[str, Tx] | None = None

    @property
    def token(self) -> str | None:
        """The name under which this sender holds messages just now."""
        return self._held[0] if self._held else None

    def take(self) -> str:
        """Return the token, alive for certain; a new one where the session was lost, for then the old one is dead."""
        if self._held and _answers(self._held[1]):
            return self._held[0]
        self.let_go()
        token = uuid4().hex
        session = Tx(self._database.direct(), None)
        records.hold_presence(session, hash64(token))
        self._held = (token, session)
        return token

    def let_go(self) -> None:
        """End the session."""
        if self._held:
            token, session = self._held
            self._held = None
            with suppress(Exception):  # a session that is lost has let go already
                records.drop_presence(session, hash64(token))
            session.connection.close()


def _answers(session: Tx) -> bool:
    try:
        records.ping(session)
    except Exception:  # noqa: BLE001 (whatever it is, this session cannot be relied on; a new one is opened)
        return False
    return True


def dead_among(tx: Tx, tokens: list[str]) -> list[str]:
    """Return which of these senders are gone. Until this transaction ends nobody else will find them gone."""
    return [token for token in tokens if not records.is_present(tx, hash64(token))]
