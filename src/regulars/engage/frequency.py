"""How often somebody wants to be written to: what they may choose, by themselves or through the team."""

from datetime import datetime

from regulars.engage.preferences import LONGEST_WORDS
from regulars.remember import frequencies
from regulars.store.database import Tx
from regulars.words.errors import Invalid, concerning

OFFERED = (None, 1, 7, 30)
"""As it comes, or one message in so many days at most."""
LONGEST = 366
"""Days: whoever wants less than one message a year withdraws their consent."""


def choose(tx: Tx, identity_id: int, days: int | None, words: str, how: str, now: datetime) -> bool:
    """Let the owner of an identity get one message in so many days at most, None: as it comes; return if that is new.

    Raise Invalid for days that cannot be and for what would prove nothing. The last thing of its transaction.
    """
    if days is not None and not 0 < days <= LONGEST:
        with concerning("days"):
            raise Invalid(
                "One message in 1 to {most} days at most. Who wants none at all withdraws consent.", most=LONGEST
            )
    for field, given in (("words", words), ("how", how)):
        with concerning(field):
            if len(given) > LONGEST_WORDS:
                raise Invalid("The words of a choice may have {most} characters.", most=LONGEST_WORDS)
    with concerning("how"):
        if not how.strip():
            raise Invalid("A choice needs its proof: say how the customer asked for it.")
    return frequencies.change(tx, identity_id, days, words.strip(), how.strip(), now)


def read(choice: str) -> int | None:
    """Read one of OFFERED as a form sends it; raise Invalid for anything else."""
    offered = {str(one or 0): one for one in OFFERED}
    if choice not in offered:
        with concerning("frequency"):
            raise Invalid("Choose how often you want to be written to.")
    return offered[choice]
