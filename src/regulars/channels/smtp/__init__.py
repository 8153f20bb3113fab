"""E-mail by SMTP: to a workspace's own mail server, or to the one that the setting `smtp_url` names."""

from collections.abc import Mapping

from regulars.access.vault import Vault
from regulars.channels.smtp.address import FIELDS, check, read_url, server_of
from regulars.channels.smtp.dress import Wardrobe
from regulars.channels.smtp.pool import Smtp
from regulars.settings import Settings
from regulars.speak.channel import Adapter, Channel, worded
from regulars.store.database import Database

NAME = "smtp"
ADAPTER = Adapter(NAME, worded("Mail server (SMTP)"), ("email",), FIELDS, check)


def open_channel(settings: Settings, database: Database, workspace: str, values: Mapping[str, str]) -> Channel:
    """Open the way to the mail server; raise Invalid where it is not set up."""
    server = server_of(values, private=settings.outbound_private) if values else read_url(settings.smtp_url)
    wardrobe = Wardrobe(database, workspace, Vault(settings))
    return Smtp(server, connections=settings.smtp_connections, wardrobe=wardrobe)
