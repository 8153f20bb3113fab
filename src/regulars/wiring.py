"""Builds the house from its settings. It sees everything and is seen by `web` and `cli` only."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from regulars.access.keys import Keys
from regulars.access.links import Links, open_links
from regulars.hear.door import Door
from regulars.settings import Settings
from regulars.store.database import Database
from regulars.store.waking import Waker


@dataclass(frozen=True)
class House:
    """What a process holds open to serve requests or to work."""

    settings: Settings
    database: Database
    waker: Waker
    door: Door
    keys: Keys
    links: Links

    @property
    def base_url(self) -> str:
        """The base of every link we give away, without a slash at its end."""
        return self.settings.outside_url

    def close(self) -> None:
        """Write what is waiting and let go of everything."""
        self.door.close()
        self.waker.close()
        self.database.close()


def build(settings: Settings, database_url: str | None = None) -> House:
    """Open the house on a database that is running and migrated."""
    database = Database(database_url or settings.database_url)
    waker = Waker(database)
    return House(settings, database, waker, Door(database, waker), Keys(database), open_links(database))


@contextmanager
def opened(settings: Settings, database_url: str | None = None) -> Generator[House]:
    """Open the house for the length of a block."""
    house = build(settings, database_url)
    try:
        yield house
    finally:
        house.close()
