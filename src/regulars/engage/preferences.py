"""What we may write about, as the owner of an address sees and changes it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from regulars.decide import suppressions, tracking
from regulars.decide.policy import CHANNELS
from regulars.decide.tracking import OFF, TRACKING, UNLESS_REFUSED
from regulars.engage import records
from regulars.remember import consents
from regulars.remember.customers import customer_of
from regulars.remember.erasing import note_withdrawn
from regulars.store.database import Tx
from regulars.store.log import append
from regulars.words.errors import Invalid, concerning
from regulars.words.names import check_purpose

About = tuple[str, str]
"""A purpose and a channel."""

MARKETING: About = ("marketing", "email")
COUNTING: About = (TRACKING, "email")
"""That we count whether they open messages and follow links: nothing is written about it."""
LONGEST_WORDS = 2_000


class Preference(msgspec.Struct, frozen=True):
    """Whether we may use a channel for a purpose, as far as this address has a say."""

    purpose: str
    channel: str
    granted: bool

    @property
    def about(self) -> About:
        """What it is about."""
        return self.purpose, self.channel


def preferences(tx: Tx, identity_id: int) -> list[Preference]:
    """Return what holds for the owner of an address, with what they said a moment ago.

    Every purpose and channel that a campaign uses or that they ever said something about; marketing by e-mail always;
    and whether it may be counted that they open messages, unless nobody's are.
    """
    way = tracking.standing(tx)
    customer = customer_of(tx, identity_id)
    fresh = records.unheard_consents(tx, identity_id)
    known = sorted({MARKETING, COUNTING, *records.list_purposes(tx, customer, identity_id), *fresh})
    found: list[Preference] = []
    for about in known:
        if about == COUNTING and way == OFF:
            continue
        granted = fresh.get(about)
        if granted is None:
            standing = consents.standing(tx, [customer], *about) if customer is not None else {}
            said = [one.granted for one in standing.values()]
            granted = any(said) or (not said and about == COUNTING and way == UNLESS_REFUSED)
        found.append(Preference(*about, granted))
    return found


def about_of(tx: Tx, message_id: int | None) -> About | None:
    """Return what a message was about, or None where there is no such message."""
    return None if message_id is None else records.purpose_of_message(tx, message_id)


def change(
    tx: Tx, identity_id: int, wanted: Mapping[About, bool], words: Mapping[About, str], how: str, now: datetime,
    message_id: int | None = None,
) -> int:  # fmt: skip
    """Append a statement for whatever differs from what holds now; return how many there were.

    `words` are those the customer read beside each box, `message_id` the message whose link led there. It must be the
    last thing of its transaction.
    """
    changed = {
        one.about: wanted[one.about]
        for one in preferences(tx, identity_id)
        if one.about in wanted and wanted[one.about] != one.granted
    }
    if any(granted for about, granted in changed.items() if about != COUNTING):
        suppressions.welcome(tx, identity_id, now)
    return _say(tx, identity_id, changed, words, how, now, message_id)


def withdraw(
    tx: Tx, identity_id: int, abouts: Iterable[About], words: Mapping[About, str], how: str, now: datetime,
    message_id: int | None = None,
) -> int:  # fmt: skip
    """Withdraw consent, also where none holds now: it must not come back by another door. Return how many were said.

    Saying it again adds nothing. It must be the last thing of its transaction.
    """
    own = records.own_consents(tx, identity_id) | records.unheard_consents(tx, identity_id)
    changed = {about: False for about in abouts if own.get(about) is not False}
    return _say(tx, identity_id, changed, words, how, now, message_id)


def record(
    tx: Tx, identity_id: int, about: About, *, granted: bool, words: str, how: str, at: datetime,
    now: datetime | None = None,
) -> None:  # fmt: skip
    """Append a statement that was made elsewhere (on paper, by telephone), also where the same holds already.

    `at` is when it was said, `now` when we hear of it, if that is later. Raise Invalid where it would prove nothing.
    It must be the last thing of its transaction.
    """
    purpose, channel = about
    with concerning("purpose"):
        check_purpose(purpose)
    with concerning("channel"):
        if channel not in CHANNELS:
            raise Invalid(
                "There is no channel '{channel}'. There are: {names}.", channel=channel[:40], names=", ".join(CHANNELS)
            )
    for field, given in (("words", words), ("how", how)):
        with concerning(field):
            if not given.strip():
                raise Invalid("A consent needs its proof: the words that the customer agreed to, and how they said so.")
            if len(given) > LONGEST_WORDS:
                raise Invalid("The words of a consent may have {most} characters.", most=LONGEST_WORDS)
    if not granted:
        note_withdrawn(tx, [identity_id], [about], now or at)
    said = consents.Changed(purpose, channel, granted=granted, words=words.strip(), how=how.strip())
    append(tx, [consents.changed(identity_id, at, said)])


def _say(
    tx: Tx, identity_id: int, said: Mapping[About, bool], words: Mapping[About, str], how: str, now: datetime,
    message_id: int | None,
) -> int:  # fmt: skip
    by = msgspec.UNSET if message_id is None else message_id
    events = [
        consents.changed(
            identity_id,
            now,
            consents.Changed(
                *about,
                granted=granted,
                words=words.get(about, ""),
                how=how,
                message=msgspec.UNSET if about == COUNTING else by,
            ),
        )
        for about, granted in said.items()
    ]
    if withdrawn := [about for about, granted in said.items() if not granted]:
        note_withdrawn(tx, [identity_id], withdrawn, now)
    append(tx, events)
    return len(events)
