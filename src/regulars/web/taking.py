"""Everything of one customer, to take along: a zip of one JSON file and a CSV file for each kind of thing."""

from collections.abc import Iterable, Iterator, Mapping
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec
from litestar.response import Stream

from regulars.access import audit
from regulars.access.audit import Filter
from regulars.engage import responses
from regulars.remember import commerce, consents, facts, frequencies, pauses, restrictions, timeline
from regulars.remember.customers import identities_of
from regulars.speak import messages
from regulars.store.database import Tx
from regulars.store.records import Event
from regulars.understand.counting import counted
from regulars.understand.segments import segments_of
from regulars.web import table

_AT_ONCE = 500
_LOOKS = 10_000
_IN_MEMORY = 4_000_000
_PIECE = 65_536
_OURS = frozenset({"links", "by"})

Row = Mapping[str, Any]


def everything(tx: Tx, customer_id: int) -> IO[bytes]:
    """Return the zip, as its owner gets it, to be read and closed. An old id of a merged customer will do."""
    return _zipped(_parts(tx, customer_id))


def of_team(tx: Tx, customer_id: int) -> IO[bytes]:
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


def given(made: IO[bytes], name: str) -> Stream:
    """Return the zip as an answer, piece by piece; nobody keeps it on the way."""
    headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{name}.zip"'}
    return Stream(_pieces(made), media_type="application/zip", headers=headers)


def _pieces(made: IO[bytes]) -> Iterator[bytes]:
    with made:
        while piece := made.read(_PIECE):
            yield piece


def _parts(tx: Tx, customer_id: int) -> dict[str, Iterable[Row]]:
    return {
        "identities": [{"kind": one.kind, "value": one.value} for one in identities_of(tx, customer_id)],
        "facts": _facts(tx, customer_id),
        "consents": [_without(one, "identity_id") for one in consents.of_customer(tx, customer_id)],
        "pauses": [_without(one, "identity_id") for one in pauses.of_customer(tx, customer_id)],
        "frequencies": [_without(one, "identity_id") for one in frequencies.of_customer(tx, customer_id)],
        "restrictions": [_without(one, "identity_id") for one in restrictions.of_customer(tx, customer_id)],
        "orders": _orders(tx, customer_id),
        "unfinished_answers": _unfinished(tx, customer_id),
        "counted": [_without(one) for one in counted(tx, customer_id)],
        "events": _events(tx, customer_id),
        "messages": _messages(tx, customer_id),
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


def _zipped(parts: Mapping[str, Iterable[Row]]) -> IO[bytes]:
    """Write row by row, in a file where it is long: somebody with a million events takes no more memory than others."""
    made = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (whoever reads it closes it)
    with ZipFile(made, "w", ZIP_DEFLATED) as archive, SpooledTemporaryFile(_IN_MEMORY) as whole:
        for place, (name, rows) in enumerate(parts.items()):
            whole.write(f'{"," if place else "{"}\n"{name}": ['.encode())
            with archive.open(f"{name}.csv", "w", force_zip64=True) as sheet:
                _write(rows, sheet, whole)
            whole.write(b"]")
        whole.write(b"\n}\n")
        whole.seek(0)
        with archive.open("everything.json", "w", force_zip64=True) as entry:
            copyfileobj(whole, entry)
    made.seek(0)
    return made


def _write(rows: Iterable[Row], sheet: IO[bytes], whole: IO[bytes]) -> None:
    """Write the rows of one kind of thing as lines of a table, and as JSON."""
    sheet.write("\ufeff".encode())
    for place, row in enumerate(rows):
        sheet.write(table.rows([row.values()] if place else [row, row.values()]).encode())
        whole.write((b",\n" if place else b"\n") + msgspec.json.encode(row))


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
