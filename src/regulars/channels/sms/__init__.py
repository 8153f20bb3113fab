"""Text messages by any gateway that speaks HTTP: what it is sent, and how it is read, can be set."""

from collections.abc import Mapping

from regulars.channels.sms.calls import hear
from regulars.channels.sms.fields import FIELDS, check
from regulars.channels.sms.gateway import Gateway
from regulars.outbound import Outbound
from regulars.settings import Settings
from regulars.speak.channel import Adapter, Channel, worded
from regulars.store.database import Database

__all__ = ["ADAPTER", "NAME", "hear", "open_channel"]

NAME = "sms"
ADAPTER = Adapter(NAME, worded("SMS gateway by HTTP"), ("sms",), FIELDS, check)


def open_channel(settings: Settings, database: Database, workspace: str, values: Mapping[str, str]) -> Channel:
    """Open the way to a gateway; raise Invalid where it is not set up."""
    return Gateway(values, database, workspace, Outbound(private=settings.outbound_private))
