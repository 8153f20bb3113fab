"""Everything of one customer, to take along: a zip of one JSON file and a CSV file for each kind of thing."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec

from regulars.access import audit
from regulars.access.audit import Filter
from regulars.engage import responses
from regulars.remember import commerce, consents, facts, pauses, restrictions, timeline
from regulars.remember.customers import identities_of
from regulars.speak import messages
from regulars.store.database import Tx
from regulars.store.records import Event
from regulars.understand.counting import counted
from regulars.understand.segments import segments_of
from regulars.web import table

_AT_ONCE = 500
_LOOKS = 10_000
_OURS = frozenset({"links", "by"})

Row = Mapping[str, Any]


def everything(tx: Tx, customer_id: int) -> bytes:
    """Return the zip, as its owner gets it. An old id of a merged customer will do."""
    return _zipped(_parts(tx, customer_id))


def of_team(tx: Tx, customer_id: int) -> bytes:
    """Return the zip as the team gives it to whoever asks: with the segments, and when somebody of the team looked.

    Who of the team it was stands in the audit log: a customer's file names nobody but its owner.
    """
    numbers = [str(one.id) for one in identities_of(tx, customer_id)]
    looked = audit.list_entries(tx, Filter(kind="customer", names=numbers), limit=_LOOKS)
    more = {
        "segments": [{"segment": one} for one in segments_of(tx, customer_id)],
        "looked_at": [{"at": one.at, "what": one.action} for one in looked],
    }
    return _zipped(_parts(tx, customer_id) | more)


def _parts(tx: Tx, customer_id: int) -> dict[str, Sequence[Row]]:
    return {
        "identities": [{"kind": one.kind, "value": one.value} for one in identities_of(tx, customer_id)],
        "facts": _facts(tx, customer_id),
        "consents": [_without(one, "identity_id") for one in consents.of_customer(tx, customer_id)],
        "pauses": [_without(one, "identity_id") for one in pauses.of_customer(tx, customer_id)],
        "restrictions": [_without(one, "identity_id") for one in restrictions.of_customer(tx, customer_id)],
        "orders": list(_orders(tx, customer_id)),
        "unfinished_answers": _unfinished(tx, customer_id),
        "counted": [_without(one) for one in counted(tx, customer_id)],
        "events": list(_events(tx, customer_id)),
        "messages": list(_messages(tx, customer_id)),
    }


def _orders(tx: Tx, customer_id: int) -> Iterator[Row]:
    """Yield the orders; money is in minor units of its currency."""
    which, before = commerce.of_customer(tx, customer_id), None
    while some := commerce.orders(tx, which, before=before, limit=_AT_ONCE):
        yield from (_without(one, "identity_id", "customer_id", "customer") for one in some)
        before = (some[-1].changed_at, some[-1].id)


def _unfinished(tx: Tx, customer_id: int) -> list[Row]:
    """Return what was answered in forms that were not finished; finished ones are events."""
    began = responses.unfinished(tx, [one.id for one in identities_of(tx, customer_id)])
    return [{"form": one.form, "started_at": one.started_at, "answers": one.answers} for one in began]


def _zipped(parts: Mapping[str, Sequence[Row]]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        archive.writestr("everything.json", msgspec.json.format(msgspec.json.encode(parts)))
        for name, rows in parts.items():
            archive.writestr(f"{name}.csv", _table(rows))
    return made.getvalue()


def _facts(tx: Tx, customer_id: int) -> list[Row]:
    now = {(one.name, one.seq) for one in facts.current(tx, customer_id)}
    return [
        {**_without(one, "identity_id"), "holds_now": (one.name, one.seq) in now}
        for one in facts.everything(tx, customer_id)
    ]


def _events(tx: Tx, customer_id: int) -> Iterator[Row]:
    """Yield the events, the newest first; of who came with whom only that it happened, for our numbers mean nothing.

    Who of the team noted something stands in the audit log; a customer's file names nobody but its owner.
    """
    before = None
    while some := timeline.timeline(tx, customer_id, before=before, limit=_AT_ONCE):
        yield from (_event(one) for one in some)
        before = (some[-1].at, some[-1].seq)


def _event(event: Event) -> Row:
    props = {name: value for name, value in event.props.items() if name not in _OURS}
    return {"seq": event.seq, "at": event.at, "kind": event.kind, "props": props}


def _messages(tx: Tx, customer_id: int) -> Iterator[Row]:
    """Yield the messages with their text; of a notice the subject alone, for what it brings is for its reader only."""
    before = None
    while some := messages.of_customer(tx, customer_id, before=before, limit=_AT_ONCE):
        written = messages.all_shown(tx, [one.id for one in some])
        for one in some:
            shown = written.get(one.id)
            notice = one.notice is not None
            yield {
                "id": one.id,
                "state": one.state,
                "sent_at": one.sent_at,
                "campaign": one.campaign,
                "address": None if notice else one.address,
                "subject": shown.subject if shown else "",
                "text": shown.text if shown and not notice else "",
            }
        before = some[-1].id


def _without(value: Any, *names: str) -> dict[str, Any]:
    return {name: one for name, one in msgspec.structs.asdict(value).items() if name not in names}


def _table(rows: Sequence[Row]) -> str:
    return "\ufeff" + (table.rows([rows[0], *(row.values() for row in rows)]) if rows else "")
