"""Two programs, or a program and a person, who change the same settings: who saves second overwrites nothing unseen.

Settings have no versions. Whoever changes them may send, as `replaces`, what they saw; where something else stands by
now it is refused with 409, and the answer tells in `stands` what that is.
"""

import msgspec

from regulars.store.database import Tx
from regulars.web import drafts_records
from regulars.words.errors import Overtaken


def hold(tx: Tx, *things: str) -> None:
    """Let nobody else save these settings, here or in the console, before this transaction is over."""
    for thing in sorted(things):
        drafts_records.hold_thing(tx, thing)


def check_newest(stands: object, replaces: object | None, wanted: object, *, shown: object = None) -> None:
    """Raise Overtaken where something else stands than was seen, unless it is what is wanted; None: nobody said.

    `shown`: what stands, as GET gives it, where that is more than is compared.
    """
    if replaces is not None and stands not in (replaces, wanted):
        overtaken = Overtaken("Somebody else saved this just now. Look at it, then save again.")
        raise overtaken.beside(msgspec.to_builtins(stands if shown is None else shown))
