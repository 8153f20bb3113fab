"""Customers who want what is known of them kept and not used: asked for and lifted, by its owner or in their name."""

from datetime import datetime

from regulars.engage.preferences import LONGEST_WORDS
from regulars.remember import restrictions
from regulars.store.database import Tx
from regulars.words.errors import Invalid, concerning


def restrict(tx: Tx, identity_id: int, words: str, how: str, now: datetime) -> bool:
    """Keep what is known of the owner of an identity, and use it no more; return whether that is new.

    Raise Invalid where it would prove nothing. The last thing of its transaction.
    """
    return restrictions.change(tx, identity_id, *_proof(words, how), now, restricted=True)


def lift(tx: Tx, identity_id: int, words: str, how: str, now: datetime) -> bool:
    """Use it again; return whether it was restricted. `how` says how its owner heard of it, as the law wants.

    The last thing of its transaction.
    """
    return restrictions.change(tx, identity_id, *_proof(words, how), now, restricted=False)


def _proof(words: str, how: str) -> tuple[str, str]:
    for field, given in (("words", words), ("how", how)):
        if len(given) > LONGEST_WORDS:
            with concerning(field):
                raise Invalid("The words of a restriction may have {most} characters.", most=LONGEST_WORDS)
    with concerning("how"):
        if not how.strip():
            raise Invalid("A restriction needs its proof: say how the customer asked for it, or heard that it ends.")
    return words.strip(), how.strip()
