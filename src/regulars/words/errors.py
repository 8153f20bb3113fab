"""Every error the house raises on purpose. The text says what happened and what to do.

    RegularsError
    ├── Invalid        what was sent cannot be taken        (web: 400)
    ├── Unknown        there is no such thing               (web: 404)
    ├── Refused        the key, link or role does not allow it (web: 403)
    │   ├── NoKey      a key is missing or opens nothing    (web: 401)
    │   └── LinkDead   a link is forged, expired or used    (web: 403)
    ├── Conflict       it is there already, or has changed  (web: 409)
    │   └── Overtaken  somebody saved another version since (web: 409)
    ├── TooLarge       more than the limit                  (web: 413)
    ├── Busy           the queue is full; try again         (web: 429)
    ├── Unreached      somebody else's server did not answer (web: 502)
    └── Unavailable    the database cannot be reached now   (web: 503)

A text is a message of the catalogue with named places (`{name}`), filled from `values`, so that a page can say it in
the reader's language; a brace that is meant stands twice. `concerning` names the field that an error is about.
Nothing internal (SQL, stack traces) ever goes into one.
"""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Self


class RegularsError(Exception):
    """Something the reader can act on."""

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text)
        self.text = text
        self.values = values
        self.field = ""
        """Which of the fields that were sent it is about, where it is about one."""

    def __str__(self) -> str:
        """The text in English, its places filled."""
        return self.said(self.text)

    def said(self, text: str) -> str:
        """Fill the places of the text, or of its translation."""
        return text.format(**self.values)


@contextmanager
def concerning(field: str) -> Generator[None]:
    """Name the field that an error inside the block is about, unless it names one itself."""
    try:
        yield
    except RegularsError as error:
        error.field = error.field or field
        raise


class Invalid(RegularsError):
    """What was sent cannot be taken as it is; the text names the place and the mend."""


class Unknown(RegularsError):
    """There is no such thing in this workspace."""


class Refused(RegularsError):
    """The key, link or role does not allow it."""


class NoKey(Refused):
    """A machine's key is missing, cannot be read, or opens nothing here."""


class LinkDead(Refused):
    """A link is forged, expired or already used; the text says how to get a fresh one."""


class Conflict(RegularsError):
    """It exists already, or somebody changed it in between."""


class Overtaken(Conflict):
    """Somebody saved another version since this one was begun: nothing was overwritten, look at theirs first."""

    stands: object = None
    """What stands there now, for programs; None where it is told nowhere but where it is always read."""

    def beside(self, stands: object) -> Self:
        """Tell what stands there now."""
        self.stands = stands
        return self


class TooLarge(RegularsError):
    """More than the limit, which the text names."""


class Busy(RegularsError):
    """Nothing was taken because the queue is full: try again after `seconds`."""

    seconds = 1


class Unreached(RegularsError):
    """A server of somebody else's did not answer, or not as it should."""

    perhaps = False
    """Whether it may have heard what it was asked all the same."""


class Unavailable(RegularsError):
    """The database cannot be reached just now: nothing was taken, try again after `seconds`."""

    seconds = 2
