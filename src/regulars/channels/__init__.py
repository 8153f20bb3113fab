"""Channels: a folder each. A folder is found by itself; adding one touches no file outside it.

Each exports `ADAPTER`, which says what it carries and what can be set of it, and
`open_channel(settings, database, workspace, values)`. One that keeps something of customers has a module `gone_records`
with the `STEPS` by which it lets go of somebody.
"""

from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from regulars.engage.replies import Heard
from regulars.settings import Settings
from regulars.speak.channel import Adapter, Call, Channel
from regulars.store.database import Database, Tx
from regulars.store.gone import Step
from regulars.words.errors import Unknown


def channel_names() -> list[str]:
    """Return the names of all adapters that are installed."""
    return sorted(module.name for module in iter_modules(__path__) if module.ispkg)


def adapter_of(name: str) -> Adapter:
    """Return what an adapter says of itself; raise Unknown where there is none of this name."""
    if name not in channel_names():
        raise Unknown("There is no channel '{name}'. There are: {names}.", name=name, names=", ".join(channel_names()))
    adapter: Adapter = import_module(f"{__name__}.{name}").ADAPTER
    return adapter


def adapters_for(channel: str) -> list[Adapter]:
    """Return all adapters that can carry the messages of a channel."""
    return [one for one in map(adapter_of, channel_names()) if channel in one.serves]


def open_channel(
    name: str, settings: Settings, database: Database, workspace: str, values: Mapping[str, str] | None = None
) -> Channel:
    """Open a workspace's channel with what was typed for it; without, with what the installation has set.

    Raise Unknown where there is none of this name, Invalid where it is not set up.
    """
    adapter_of(name)
    channel: Channel = import_module(f"{__name__}.{name}").open_channel(settings, database, workspace, values or {})
    return channel


def hear(tx: Tx, name: str, values: Mapping[str, str], call: Call, now: datetime) -> Heard:
    """Return what an adapter reads in a call of its gateway; raise Unknown where it is not called."""
    module = import_module(f"{__name__}.{adapter_of(name).name}")
    if not hasattr(module, "hear"):
        raise Unknown("{adapter} tells us nothing by calling.", adapter=name)
    heard: Heard = module.hear(tx, values, call, now)
    return heard


def is_called(name: str) -> bool:
    """Return whether an adapter has an address to which its gateway can tell us things."""
    return hasattr(import_module(f"{__name__}.{adapter_of(name).name}"), "hear")


def steps_of_channels() -> list[Step]:
    """Return by which steps the channels let go of what they keep of somebody."""
    found: list[Step] = []
    for name in channel_names():
        if find_spec(f"{__name__}.{name}.gone_records"):
            found += import_module(f"{__name__}.{name}.gone_records").STEPS
    return found
