"""Where the mail server is: `smtp://user:password@host:port` (STARTTLS when offered) or `smtps://`."""

from urllib.parse import unquote, urlsplit

import msgspec

from regulars.words.errors import Invalid

_PORTS = {"smtp": 587, "smtps": 465}


class Server(msgspec.Struct, frozen=True):
    """A mail server."""

    host: str
    port: int
    tls: bool
    """From the first byte on (smtps); otherwise STARTTLS is used where it is offered."""
    user: str = ""
    password: str = ""


def read_url(url: str) -> Server:
    """Read the setting `smtp_url`; raise Invalid, without repeating the password, where it cannot be."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError) as error:
        raise _not_set() from error
    if not parts.hostname:
        raise _not_set()
    return Server(
        parts.hostname, port, parts.scheme == "smtps", unquote(parts.username or ""), unquote(parts.password or "")
    )


def _not_set() -> Invalid:
    return Invalid("There is no mail server: set REGULARS_SMTP_URL to smtp://user:password@host:port or smtps://...")
