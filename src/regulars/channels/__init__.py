"""Channels: a folder each. A folder is found by itself; adding one touches no file outside it.

Each exports `NAME`, as a workspace's `delivery` names it, and `open_channel(settings, database, workspace)`.
"""

from importlib import import_module
from pkgutil import iter_modules

from regulars.settings import Settings
from regulars.speak.channel import Channel
from regulars.store.database import Database
from regulars.words.errors import Unknown


def channel_names() -> list[str]:
    """Return the names of all channels that are installed."""
    return sorted(module.name for module in iter_modules(__path__) if module.ispkg)


def open_channel(name: str, settings: Settings, database: Database, workspace: str) -> Channel:
    """Open a workspace's channel. Raise Unknown where there is none of this name, Invalid where it is not set up."""
    if name not in channel_names():
        raise Unknown("There is no channel '{name}'. There are: {names}.", name=name, names=", ".join(channel_names()))
    return import_module(f"{__name__}.{name}").open_channel(settings, database, workspace)
