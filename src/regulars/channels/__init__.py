"""Channels: a folder each. A folder is found by itself; adding one touches no file outside it.

Each exports `NAME`, as a workspace's `delivery` names it, and `open_channel(settings, database, workspace)`. One that
keeps something of customers has a module `gone_records` with the `STEPS` by which it lets go of somebody.
"""

from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from regulars.settings import Settings
from regulars.speak.channel import Channel
from regulars.store.database import Database
from regulars.store.gone import Step
from regulars.words.errors import Unknown


def channel_names() -> list[str]:
    """Return the names of all channels that are installed."""
    return sorted(module.name for module in iter_modules(__path__) if module.ispkg)


def open_channel(name: str, settings: Settings, database: Database, workspace: str) -> Channel:
    """Open a workspace's channel. Raise Unknown where there is none of this name, Invalid where it is not set up."""
    if name not in channel_names():
        raise Unknown("There is no channel '{name}'. There are: {names}.", name=name, names=", ".join(channel_names()))
    return import_module(f"{__name__}.{name}").open_channel(settings, database, workspace)


def steps_of_channels() -> list[Step]:
    """Return by which steps the channels let go of what they keep of somebody."""
    found: list[Step] = []
    for name in channel_names():
        if find_spec(f"{__name__}.{name}.gone_records"):
            found += import_module(f"{__name__}.{name}.gone_records").STEPS
    return found
