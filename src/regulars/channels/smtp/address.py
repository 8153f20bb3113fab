"""Where the mail server is: `smtp://user:password@host:port` (STARTTLS where offered), `smtps://`; or as typed."""

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import msgspec

from regulars.speak.channel import Field, worded
from regulars.words.errors import Invalid, concerning

_PORTS = {"smtp": 587, "smtps": 465}


class Server(msgspec.Struct, frozen=True):
    """A mail server."""

    host: str
    port: int
    tls: bool
    """From the first byte on (smtps); otherwise STARTTLS is used where it is offered."""
    user: str = ""
    password: str = ""
    private: bool = True
    """Whether it may be inside our own network: one that whoever runs the installation named may."""
    encrypted: bool = False
    """Mail goes to it encrypted or not at all."""


FIELDS = (
    Field("host", worded("Server"), worded("For example mail.example.com."), aims=True),
    Field(
        "port",
        worded("Port"),
        worded("Usually 465 where it is encrypted from the start, and 587 otherwise."),
        usual="465",
    ),
    Field("security", worded("Encryption"), usual="tls", options=("tls", "starttls")),
    Field("user", worded("User"), needed=False),
    Field("password", worded("Password"), secret=True, needed=False),
)


def check(values: Mapping[str, str]) -> None:
    """Raise Invalid for a server that cannot be."""
    with concerning("host"):
        if not _looks_like_a_host(values["host"]):
            raise Invalid("'{host}' is no name of a server. Write it as mail.example.com.", host=values["host"][:80])
    with concerning("port"):
        if not (values["port"].isascii() and values["port"].isdecimal()) or not 0 < int(values["port"]) < 2**16:
            raise Invalid("A port is a number of 1 to 65535, usually 465 or 587.")
    with concerning("password"):
        if bool(values.get("user")) != bool(values.get("password")):
            raise Invalid("Say both user and password, or neither.")


def server_of(values: Mapping[str, str], *, private: bool) -> Server:
    """Return the server that somebody of the team typed; raise Invalid where it cannot be."""
    check(values)
    tls = values["security"] == "tls"
    user, password = values.get("user", ""), values.get("password", "")
    return Server(values["host"], int(values["port"]), tls, user, password, private=private, encrypted=True)


def _looks_like_a_host(host: str) -> bool:
    try:
        return host == urlsplit(f"smtp://{host}").hostname and all(part for part in host.split("."))
    except ValueError:
        return False


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
