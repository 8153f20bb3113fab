"""The sandbox: messages that never leave the house, of every channel, read in the console."""

from collections.abc import Mapping

from regulars.channels.sandbox.delivery import Sandbox
from regulars.settings import Settings
from regulars.speak.channel import Adapter, Channel, worded
from regulars.store.database import Database

NAME = "sandbox"
ADAPTER = Adapter(NAME, worded("Sandbox mailbox"), ("email", "sms"))


def open_channel(settings: Settings, database: Database, workspace: str, values: Mapping[str, str]) -> Channel:
    """Open a workspace's sandbox."""
    del settings, values
    return Sandbox(database, workspace)
