"""Tries are counted in the database, before they are looked at: whichever process they reach, and however many at once.

What is kept of whom is a hash. A try counts against every one of its tallies, or, where one has no room, against none.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from regulars.access import login_records
from regulars.access.login_records import Key
from regulars.access.pace import Growing, Pace, Steady
from regulars.store.database import Database
from regulars.words.errors import Busy
from regulars.words.ids import hash_of_secret


class Limit(NamedTuple):
    """What is limited, and how."""

    kind: str
    pace: Pace


PASSWORD_OF_ACCOUNT = Limit("password-account", Growing(5, timedelta(seconds=30), timedelta(days=1), timedelta(days=7)))
"""Passwords tried on one account from devices that it does not know, all of them together."""
PASSWORD_OF_DEVICE = Limit("password-device", Growing(10, timedelta(seconds=30), timedelta(days=1), timedelta(days=7)))
"""Passwords tried on one account from one device that was logged in to it before."""
PASSWORD_OF_ADDRESS = Limit("password-address", Steady(30, timedelta(minutes=1)))
"""Passwords tried from one address, on whichever accounts."""
LINK_OF_ADDRESS = Limit("link-address", Steady(10, timedelta(minutes=3)))
"""Links by mail that one address asks for."""
TICKET_OF_ADDRESS = Limit("ticket-address", Steady(300, timedelta(seconds=2)))
"""Log-ins by passkey or elsewhere that one address begins: each keeps a row for minutes."""
ANSWER_OF_ADDRESS = Limit("answer-address", Steady(600, timedelta(seconds=1)))
"""Answers to forms of visitors nobody knows: a whole gathering may be behind one address."""


class Count(NamedTuple):
    """One tally that a try counts against."""

    limit: Limit
    whom: str

    @property
    def key(self) -> Key:
        """Where it is kept."""
        return self.limit.kind, hash_of_secret(self.whom)


def spend(database: Database, counts: Sequence[Count], now: datetime) -> None:
    """Count a try against all of these, or raise Busy and count it against none."""
    if not counts:
        return
    paces = {count.key: count.limit.pace for count in counts}
    with database.shared() as tx:
        login_records.forget_tallies(tx, now)
        login_records.open_tallies(tx, list(paces), now)
        tallies = login_records.lock_tallies(tx, list(paces))
        wait = max(paces[key].wait(tally, now) for key, tally in tallies.items())
        if not wait:
            for key, tally in tallies.items():
                counted = paces[key].counted(tally, now)
                login_records.write_tally(tx, key, counted, paces[key].forgotten_at(counted))
    if wait:
        raise too_often(wait)


def forgive(database: Database, counts: Sequence[Count]) -> None:
    """Take back a try that was counted against these: it was right."""
    if not counts:
        return
    paces = {count.key: count.limit.pace for count in counts}
    with database.shared() as tx:
        for key, tally in login_records.lock_tallies(tx, list(paces)).items():
            less = paces[key].forgiven(tally)
            login_records.write_tally(tx, key, less, paces[key].forgotten_at(less))


def too_often(wait: timedelta) -> Busy:
    """Return the error that says to wait, and how many seconds."""
    error = Busy("This was tried too often in a short time. Wait a little, then try again.")
    error.seconds = max(1, -(-wait // timedelta(seconds=1)))
    return error
