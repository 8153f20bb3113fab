"""What a mail gets on its way out: a mark by which it is known again, its return path, and its signature."""

from collections.abc import Mapping
from threading import Lock
from time import monotonic

import msgspec

from regulars.access.vault import Vault
from regulars.channels.smtp import post
from regulars.channels.smtp.dkim import Signer
from regulars.channels.smtp.marks import HEADER, Marks
from regulars.speak.channel import Envelope
from regulars.store.database import Database

_FRESH = 10.0
"""Seconds after which it is looked whether something else was set up."""


class Dress(msgspec.Struct, frozen=True):
    """What every mail of a workspace gets."""

    marks: Marks | None = None
    box: str = ""
    provider: str = ""
    signers: Mapping[str, Signer] = {}

    def headers(self, envelope: Envelope) -> dict[str, str]:
        """Return the further header lines of a mail: its own, and those by which it is known again."""
        if self.marks is None:
            return envelope.headers
        mark = self.marks.of(envelope.message_id)
        found = {**envelope.headers, HEADER: mark, **_for_provider(self.provider, mark)}
        if self.box and (leave := found.get("List-Unsubscribe")):
            box = self.marks.address(self.box, "u", envelope.message_id)
            found["List-Unsubscribe"] = f"{leave}, <mailto:{box}?subject=unsubscribe>"
        return found

    def return_path(self, envelope: Envelope, sender: str) -> str:
        """Return to whom a mail is returned: an address that names it (VERP), or its sender."""
        marked = self.marks.address(self.box, "r", envelope.message_id) if self.marks and self.box else ""
        return marked or sender


def _for_provider(provider: str, mark: str) -> dict[str, str]:
    """Return the header of which a provider repeats in its calls what stands in it."""
    match provider:
        case "postmark":
            return {"X-PM-Metadata-regulars": mark}
        case "mailgun":
            return {"X-Mailgun-Variables": f'{{"regulars": "{mark}"}}'}
        case "sendgrid":
            return {"X-SMTPAPI": f'{{"unique_args": {{"regulars": "{mark}"}}}}'}
        case _:
            return {}


PLAIN = Dress()
"""What a mail to the team gets: nothing."""


class Wardrobe:
    """The dress of a workspace's mails, looked up again every few seconds."""

    def __init__(self, database: Database, workspace: str, vault: Vault) -> None:
        self._database = database
        self._workspace = workspace
        self._vault = vault
        self._held: tuple[float, Dress] | None = None
        self._lock = Lock()

    def dress(self) -> Dress:
        """Return what a mail gets now; raise Conflict where a key cannot be opened any more."""
        with self._lock:
            if self._held is None or monotonic() - self._held[0] > _FRESH:
                with self._database.workspace(self._workspace) as tx:
                    one = post.standing(tx)
                    marks = post.marks(tx, self._workspace)
                    signers = post.signers(tx, self._vault, self._workspace)
                self._held = monotonic(), Dress(marks, one.box, one.provider, signers)
            return self._held[1]
