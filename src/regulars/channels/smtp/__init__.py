"""E-mail by SMTP, to the server that the setting `smtp_url` names."""

from regulars.access.vault import Vault
from regulars.channels.smtp.address import read_url
from regulars.channels.smtp.dress import Wardrobe
from regulars.channels.smtp.pool import Smtp
from regulars.settings import Settings
from regulars.speak.channel import Channel
from regulars.store.database import Database

NAME = "smtp"


def open_channel(settings: Settings, database: Database, workspace: str) -> Channel:
    """Open the way to the mail server; raise Invalid where it is not set up."""
    wardrobe = Wardrobe(database, workspace, Vault(settings))
    return Smtp(read_url(settings.smtp_url), connections=settings.smtp_connections, wardrobe=wardrobe)
