"""What `decide` learns from the log: addresses that bounce are not written to again."""

from regulars.decide import records
from regulars.decide.records import Suppressed
from regulars.store.follow import Batch, Follower
from regulars.words.kinds import MESSAGE_BOUNCED


def suppress_bounced(batch: Batch) -> None:
    """Put addresses that are dead for good on the list."""
    records.suppress(
        batch.tx,
        [
            Suppressed(event.identity_id, f"it bounced ({event.props.get('reason', '')})", event.at, event.seq)
            for event in batch.events
            if event.props.get("permanent")
        ],
    )


SUPPRESSION = Follower(
    name="suppression",
    role="deriving",
    handle=suppress_bounced,
    kinds=frozenset({MESSAGE_BOUNCED}),
    reset=records.forget_bounces,
)

FOLLOWERS: tuple[Follower, ...] = (SUPPRESSION,)
