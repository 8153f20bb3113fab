"""What follows the log here: what customers told us, and which message showed that we remembered."""

from uuid import UUID

from regulars.measure import records
from regulars.measure.records import Finished
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


FOLLOWERS: tuple[Follower, ...] = (
    Follower(
        "statements",
        "deriving",
        _acknowledge,
        kinds=frozenset({FORM_ANSWERED, MESSAGE_SENT, MESSAGE_UNCERTAIN}),
        reset=records.forget_statements,
    ),
)
