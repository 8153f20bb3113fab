"""Whether the mail server can be reached and takes us, without sending anything."""

from regulars.channels.smtp.address import read_url
from regulars.channels.smtp.line import Line
from regulars.speak.channel import TryLater


def reach(url: str) -> str:
    """Open a line to the mail server, logged in, and close it; return what was wrong, or nothing.

    Raise Invalid where the address cannot be read.
    """
    try:
        Line(read_url(url)).close()
    except TryLater as error:
        return error.reason
    return ""
