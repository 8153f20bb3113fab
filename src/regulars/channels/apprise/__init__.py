"""Apprise: text messages by one of the gateways that the library of this name knows, told by one address."""

from collections.abc import Mapping

from regulars.channels.apprise.gateway import FIELDS, Service, check
from regulars.settings import Settings
from regulars.speak.channel import Adapter, Channel, worded
from regulars.store.database import Database

NAME = "apprise"
ADAPTER = Adapter(NAME, worded("A gateway that Apprise knows"), ("sms",), FIELDS, check)


def open_channel(settings: Settings, database: Database, workspace: str, values: Mapping[str, str]) -> Channel:
    """Open the way to a gateway; raise Invalid where it is not set up, or the library is not there."""
    del database, workspace
    return Service(values, private=settings.outbound_private)
