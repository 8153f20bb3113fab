"""The sandbox: mail that never leaves the house, read in the console."""

from regulars.channels.sandbox.delivery import Sandbox
from regulars.settings import Settings
from regulars.speak.channel import Channel
from regulars.store.database import Database

NAME = "sandbox"


def open_channel(settings: Settings, database: Database, workspace: str) -> Channel:
    """Open a workspace's sandbox."""
    del settings
    return Sandbox(database, workspace)
