"""Webhook: messages go to a system of yours, which brings them to customers. Any system becomes a channel."""

from collections.abc import Mapping

from regulars.channels.webhook.delivery import FIELDS, Webhook, check
from regulars.decide.policy import CHANNELS
from regulars.outbound import Outbound
from regulars.settings import Settings
from regulars.speak.channel import Adapter, Channel, worded
from regulars.store.database import Database

NAME = "webhook"
ADAPTER = Adapter(NAME, worded("Webhook to a system of yours"), CHANNELS, FIELDS, check)


def open_channel(settings: Settings, database: Database, workspace: str, values: Mapping[str, str]) -> Channel:
    """Open the way to a system of theirs; raise Invalid where it is not set up."""
    del database
    return Webhook(values, workspace, Outbound(private=settings.outbound_private))
