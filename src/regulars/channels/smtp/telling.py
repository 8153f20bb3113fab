"""A plain mail from the house to somebody of its team: a log-in link, an invitation, an alert. No customer's mail."""

from email.utils import formataddr, parseaddr
from secrets import randbits
from urllib.parse import urlsplit

import structlog

from regulars.channels.smtp.address import Server, read_url
from regulars.channels.smtp.line import Line
from regulars.settings import Settings
from regulars.speak.channel import Envelope, NotDelivered
from regulars.words.errors import Invalid

log = structlog.get_logger()

_ID_BITS = 62
"""The id of such a mail is drawn by chance: it stands in no outbox, and nobody answers it."""


def tell(settings: Settings, email: str, subject: str, text: str) -> bool:
    """Send a plain mail now; return whether the mail server took it. What went wrong is logged, never raised.

    False at once where there is no mail server. Otherwise it may take as long as that server does.
    """
    server = _server(settings)
    if server is None:
        return False
    envelope = Envelope(randbits(_ID_BITS), _sender(settings), email, subject, "", text)
    try:
        line = Line(server)
        try:
            line.deliver(envelope)
        finally:
            line.close()
    except NotDelivered as error:
        log.warning("a mail to the team was not delivered", subject=subject, reason=error.reason)
        return False
    return True


def _server(settings: Settings) -> Server | None:
    if not settings.smtp_url:
        return None
    try:
        return read_url(settings.smtp_url)
    except Invalid as error:
        log.warning("a mail to the team was not sent", reason=str(error))
        return None


def _sender(settings: Settings) -> str:
    name, address = parseaddr(settings.team_sender)
    host = urlsplit(settings.outside_url).hostname or "localhost"
    return formataddr((name or "Regulars", address or f"regulars@{host}"))
