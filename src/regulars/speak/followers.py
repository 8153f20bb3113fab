"""What `speak` does when the log moves: who enters a segment is addressed, and who wants more often is asked again."""

from regulars.speak.campaigns import enter
from regulars.speak.pressure import look_again
from regulars.store.follow import Batch, Follower
from regulars.words.kinds import FREQUENCY_CHANGED, SEGMENT_ENTERED


def address_entered(batch: Batch) -> None:
    """Decide to address those who entered."""
    enter(batch.tx, batch.events, batch.now)


def ask_again(batch: Batch) -> None:
    """Ask again about what waits for those who said how often they want to be written to."""
    look_again(batch.tx, {event.identity_id for event in batch.events}, batch.now)


CAMPAIGNS = Follower(
    name="campaigns",
    role="acting",
    handle=address_entered,
    kinds=frozenset({SEGMENT_ENTERED}),
    after=("segments",),
)

FREQUENCY = Follower(
    name="frequency",
    role="acting",
    handle=ask_again,
    kinds=frozenset({FREQUENCY_CHANGED}),
    after=("consent",),
)

FOLLOWERS: tuple[Follower, ...] = (CAMPAIGNS, FREQUENCY)
