"""Who may be counted: whether it is kept who opens a message and follows its links."""

from collections.abc import Collection

from regulars.access.workspace_records import set_tracking
from regulars.access.workspaces import workspace_in
from regulars.remember import consents, restrictions
from regulars.store.database import Tx
from regulars.words.errors import Invalid, concerning

TRACKING = "tracking"
CHANNEL = "email"
"""By which it is asked for: one answer holds for all channels."""
"""The purpose that a customer agrees to, or refuses, who is asked whether this may be counted."""
UNLESS_REFUSED = "unless_refused"
IF_AGREED = "if_agreed"
OFF = "off"
WAYS = (UNLESS_REFUSED, IF_AGREED, OFF)
"""Of whom a workspace counts it: of all who have not refused, of those who agreed, or of nobody."""


def standing(tx: Tx) -> str:
    """Return of whom the workspace counts it."""
    return workspace_in(tx, tx.workspace or "").tracking


def choose(tx: Tx, way: str) -> None:
    """Count of others from now on; raise Invalid for no way there is."""
    with concerning("tracking"):
        if way not in WAYS:
            raise Invalid("Choose of whom it is counted: {ways}.", ways=", ".join(WAYS))
    set_tracking(tx, tx.workspace or "", way)


def counted(tx: Tx, customer_ids: Collection[int], way: str) -> set[int]:
    """Return of whom of these customers it may be counted, in all channels; never of who is kept and not used."""
    asked = set(customer_ids)
    if way == OFF or not asked:
        return set()
    said = consents.standing(tx, asked, TRACKING, CHANNEL)
    agreed = {one for one, consent in said.items() if consent.granted}
    willing = agreed if way == IF_AGREED else asked - (said.keys() - agreed)
    return willing - restrictions.among(tx, willing)
