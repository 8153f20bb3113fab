"""What `speak` does when the log moves: who enters a segment is addressed by its campaigns."""

from regulars.speak.campaigns import enter
from regulars.store.follow import Batch, Follower
from regulars.words.kinds import SEGMENT_ENTERED


def address_entered(batch: Batch) -> None:
    """Decide to address those who entered."""
    enter(batch.tx, batch.events, batch.now)


CAMPAIGNS = Follower(
    name="campaigns",
    role="acting",
    handle=address_entered,
    kinds=frozenset({SEGMENT_ENTERED}),
    after=("segments",),
)

FOLLOWERS: tuple[Follower, ...] = (CAMPAIGNS,)
