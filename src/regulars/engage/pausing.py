"""Pauses from messages: how long one may be, and beginning and ending one, by its owner or in their name."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from regulars.engage.preferences import LONGEST_WORDS
from regulars.remember import pauses
from regulars.store.database import Tx
from regulars.words.errors import Invalid, concerning

LENGTHS = ("week", "month", "quarter")
"""How long somebody may choose to have none: 1 week, 30 days, 3 months."""
LONGEST = 366
"""Days: whoever wants none for longer withdraws their consent."""
_DAYS = {"week": 7, "month": 30}
_MONTHS = 3


def end_of(length: str, now: datetime, zone: str) -> datetime:
    """Return when a pause of one of LENGTHS that begins now is over; raise Invalid for another length."""
    if length not in LENGTHS:
        with concerning("pause"):
            raise Invalid("Choose how long the pause is to be.")
    today = now.astimezone(ZoneInfo(zone)).date()
    return after(_DAYS[length] if length in _DAYS else (_months_on(today) - today).days, now, zone)


def after(days: int, now: datetime, zone: str) -> datetime:
    """Return when a pause of so many days that begins now is over: as the day begins, by a clock.

    So it says the same however often it is said on one day. Raise Invalid for no days, or too many.
    """
    if not 0 < days <= LONGEST:
        with concerning("days"):
            raise Invalid(
                "A pause may last 1 to {most} days. Who wants no more messages withdraws consent.", most=LONGEST
            )
    clock = ZoneInfo(zone)
    return datetime.combine(now.astimezone(clock).date() + timedelta(days=days), time(), clock)


def begin(tx: Tx, identity_id: int, until: datetime, words: str, how: str, now: datetime) -> bool:
    """Let nothing be sent to the owner of an identity until a moment; return whether that is new.

    Raise Invalid where it would prove nothing. The last thing of its transaction.
    """
    return pauses.change(tx, identity_id, until, *_proof(words, how), now)


def end(tx: Tx, identity_id: int, words: str, how: str, now: datetime) -> bool:
    """Go on now; return whether there was a pause. The last thing of its transaction."""
    return pauses.change(tx, identity_id, None, *_proof(words, how), now)


def _proof(words: str, how: str) -> tuple[str, str]:
    for field, given in (("words", words), ("how", how)):
        if len(given) > LONGEST_WORDS:
            with concerning(field):
                raise Invalid("The words of a pause may have {most} characters.", most=LONGEST_WORDS)
    with concerning("how"):
        if not how.strip():
            raise Invalid("A pause needs its proof: say how the customer asked for it.")
    return words.strip(), how.strip()


def _months_on(today: date) -> date:
    years, month = divmod(today.month - 1 + _MONTHS, 12)
    year, month = today.year + years, month + 1
    return today.replace(year=year, month=month, day=min(today.day, monthrange(year, month)[1]))
