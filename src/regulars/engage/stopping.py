"""Stop writing to many: their consent is withdrawn in their name, with why, a thousand at a time.

What is asked for is a row (docs/adr/0017 tells why there is no queue). A piece is one transaction: it withdraws, and
moves the row's place with it, so a crash neither loses nor repeats a piece. Whoever asked does the first piece at
once; a work process goes on with the rest, and takes over from a worker that has been silent.
"""

from datetime import datetime, timedelta

import msgspec

from regulars.access.audit import Audit, Deed, Who
from regulars.decide.policy import CHANNELS
from regulars.engage import stop_records as records
from regulars.engage.preferences import LONGEST_WORDS, About
from regulars.engage.stop_records import StopRow
from regulars.remember import consents
from regulars.remember.erasing import note_withdrawn
from regulars.store.database import Database, Tx
from regulars.store.log import append
from regulars.understand import finding
from regulars.understand.finding import Chosen
from regulars.words.errors import Invalid, Unknown, concerning
from regulars.words.names import check_purpose

PIECE = 1000
KEPT = timedelta(days=7)
"""How long it can be looked up what one did."""
SILENT = timedelta(minutes=1)
"""After this a worker that says nothing is taken for dead."""


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


def ask(tx: Tx, workspace: str, who: Who, chosen: Chosen, about: About, words: str, how: str, now: datetime) -> int:
    """Ask that we stop writing to the customers who are chosen now; return the number of what is to be done."""
    check(about, words)
    said = {"asked_by": who.name, "person_id": who.id, "words": words.strip(), "how": how}
    return records.add_stop(
        tx,
        workspace,
        msgspec.to_builtins(chosen),
        now,
        purpose=about[0],
        channel=about[1],
        last=finding.last(tx, chosen, now),
        total=finding.count_all(tx, chosen, now),
        **said,
    )


def get(tx: Tx, workspace: str, number: int) -> StopRow:
    """Return how far one is; raise Unknown where there is none."""
    found = records.get_stop(tx, workspace, number)
    if found is None:
        raise Unknown("There is nothing under this number, or it was done more than a week ago.")
    return found


def waiting(tx: Tx, workspace: str) -> list[StopRow]:
    """Return those that are not done yet, the newest first."""
    return records.open_stops(tx, workspace)


def begin(database: Database, workspace: str, number: int, worker: str, audit: Audit, now: datetime) -> None:
    """Do the first piece of one that was just asked for, and leave the rest to the work processes."""
    with database.workspace(workspace) as tx:
        if not records.take_stop(tx, workspace, number, worker, now):
            return
    if piece(database, workspace, number, worker, audit, now):
        leave(database, workspace, number, worker)


def claim(database: Database, worker: str, now: datetime) -> StopRow | None:
    """Take the next to do, of any workspace; None where there is nothing to do."""
    with database.shared() as tx:
        return records.next_stop(tx, worker, now, now - SILENT)


def piece(database: Database, workspace: str, number: int, worker: str, audit: Audit, now: datetime) -> bool:
    """Do the next piece; return whether more follows. With the last of it, what was done is noted by who asked.

    False also where another worker has taken it over.
    """
    with database.workspace(workspace) as tx:
        row = records.hold_stop(tx, workspace, number, worker)
        if row is None:
            return False
        chosen = msgspec.convert(row.chosen, Chosen)
        found = [one for one in finding.some(tx, chosen, now, after=row.place, limit=PIECE) if one <= row.last]
        stopped = _stopped(tx, found, (row.purpose, row.channel), now)
        over = len(found) < PIECE
        records.move_stop(tx, row, found[-1] if found else row.place, len(found), len(stopped), now)
        if over:
            records.end_stop(tx, workspace, number, worker, "done", now)
        said = consents.Changed(row.purpose, row.channel, granted=False, words=row.words, how=row.how)
        append(tx, [consents.changed(one, now, said) for one in stopped])
        if over:
            after = {"stopped": row.stopped + len(stopped), "about": f"{row.purpose}/{row.channel}", **chosen.noted}
            audit.note(tx, Who("person", row.asked_by, row.person_id), Deed("writing.stopped", after=after), now)
    return not over


def leave(database: Database, workspace: str, number: int, worker: str) -> None:
    """Let another go on with it."""
    with database.workspace(workspace) as tx:
        records.end_stop(tx, workspace, number, worker, "waiting", None)


def fail(database: Database, workspace: str, number: int, worker: str, now: datetime) -> None:
    """Say that one cannot be gone on with; the pieces that were done stay done."""
    with database.workspace(workspace) as tx:
        records.end_stop(tx, workspace, number, worker, "failed", now)


def forget(database: Database, now: datetime) -> None:
    """Forget those that were over long ago."""
    with database.shared() as tx:
        records.forget_stops(tx, now - KEPT)


def _stopped(tx: Tx, customers: list[int], about: About, now: datetime) -> list[int]:
    """Return those from whom it is to be withdrawn: who has withdrawn already is left as is."""
    standing = consents.standing(tx, customers, *about)
    to = [one for one in customers if one not in standing or standing[one].granted or standing[one].held]
    if to:
        note_withdrawn(tx, to, [about], now)
    return to
