"""What follows the log here: what was told and quoted, and how many events of each kind every hour has."""

from uuid import UUID

from regulars.measure import hours_records, records
from regulars.measure.figures import FOLLOWER as HOURS
from regulars.measure.records import Finished
from regulars.measure.results import REACTIONS
from regulars.store.follow import Batch, Follower
from regulars.words.kinds import FORM_ANSWERED, MESSAGE_SENT, MESSAGE_UNCERTAIN


def _acknowledge(batch: Batch) -> None:
    """Note what was said, then what was quoted: a quote counts for what was said last only."""
    said: dict[UUID, Finished] = {}
    messages: list[int] = []
    for event in batch.events:
        if event.kind != FORM_ANSWERED:
            messages.append(int(event.props["message"]))
        elif (response := _response(event.props.get("response"))) is not None:
            told = Finished(response, event.at, event.seq)
            said[response] = max(said.get(response, told), told, key=lambda one: (one.said_at, one.seq))
    records.note_statements(batch.tx, said.values())
    records.acknowledge(batch.tx, messages)


def _response(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _count(batch: Batch) -> None:
    """Count by the hour, in one statement, whatever lies in the batch."""
    hours_records.count_hours(batch.tx, *batch.span)


FOLLOWERS: tuple[Follower, ...] = (
    Follower(
        "statements",
        "deriving",
        _acknowledge,
        kinds=frozenset({FORM_ANSWERED, MESSAGE_SENT, MESSAGE_UNCERTAIN}),
        reset=records.forget_statements,
    ),
    REACTIONS,
    Follower(HOURS, "deriving", _count, reset=hours_records.forget_hours, size=5000, spans=True),
)
