"""Stop writing to many: their consent is withdrawn in their name, with why, some hundreds at a time."""

from collections.abc import Iterator
from datetime import datetime

from regulars.decide.policy import CHANNELS
from regulars.engage.preferences import LONGEST_WORDS, About
from regulars.remember import consents
from regulars.remember.erasing import note_withdrawn
from regulars.store.database import Database, Tx
from regulars.store.log import append
from regulars.understand import finding
from regulars.understand.finding import Chosen
from regulars.words.errors import Invalid, concerning
from regulars.words.names import check_purpose

PIECE = 1000


def check(about: About, words: str) -> None:
    """Raise Invalid where a withdrawal would be about nothing, or prove nothing."""
    purpose, channel = about
    with concerning("about"):
        check_purpose(purpose)
        if channel not in CHANNELS:
            raise Invalid("Choose what we stop writing about.")
    with concerning("words"):
        if not words.strip():
            raise Invalid("Say why: it stays with the consent as its proof.")
        if len(words) > LONGEST_WORDS:
            raise Invalid("The words of a consent may have {most} characters.", most=LONGEST_WORDS)


def stop_writing(
    database: Database, workspace: str, chosen: Chosen, about: About, words: str, how: str, now: datetime
) -> Iterator[int]:
    """Withdraw consent for the chosen customers in pieces; yield how many each piece was.

    A piece is one transaction, so whatever happens, whole pieces are done; who has withdrawn already is left as is.
    """
    check(about, words)
    place = 0
    while True:
        with database.workspace(workspace) as tx:
            found = finding.some(tx, chosen, now, after=place, limit=PIECE)
            if not found:
                return
            place = found[-1]
            done = _withdraw(tx, found, about, words, how, now)
        yield done


def _withdraw(tx: Tx, customers: list[int], about: About, words: str, how: str, now: datetime) -> int:
    standing = consents.standing(tx, customers, *about)
    said = consents.Changed(*about, granted=False, words=words.strip(), how=how)
    to = [one for one in customers if one not in standing or standing[one].granted or standing[one].held]
    if to:
        note_withdrawn(tx, to, [about], now)
    append(tx, [consents.changed(one, now, said) for one in to])
    return len(to)
