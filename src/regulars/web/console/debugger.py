"""The live debugger: what machines send as it comes, taken or not, and what became of each. It moves by itself."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath, FromQuery

from regulars.access.keys import KnownKey, list_keys
from regulars.hear import arrivals
from regulars.hear.arrivals import Arrival, Wanted
from regulars.hear.rejected_records import KeptRejected
from regulars.remember.catalogue import HIDDEN
from regulars.remember.outcomes import Outcome, outcome
from regulars.remember.shopping import ignored
from regulars.store.database import Tx
from regulars.store.pulse import position
from regulars.store.records import read_by_seq
from regulars.web import cursors
from regulars.web.console.desk import AtDesk, Desk
from regulars.web.console.listing import Way
from regulars.web.console.veil import hidden_from, telling_segments, text_veiled
from regulars.web.i18n import translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.web.roles import scope_called
from regulars.web.wording import ignored_because

SHOWN = 50
_AGAIN = timedelta(hours=1)
"""After how long it is noted again that somebody has it open: it moves by itself."""
_TAKEN = {"yes": True, "no": False}
PAGE_LINES = """\
<script>
window.regulars ||= {{ q: [] }};
["page", "track", "identify", "consent"].forEach((name) =>
  (regulars[name] ||= (...given) => regulars.q.push([name, given])));
</script>
<script async src="{base_url}/i.js" data-key="KEY"></script>"""
"""What stands in a page that says by itself what visitors do (docs/page-snippet.md)."""


@get("/debugger", sync_to_thread=True, opt=notes("arrivals.seen", again=_AGAIN))
def debugger(
    desk: AtDesk,
    kind: FromQuery[str] = "",
    key: FromQuery[str] = "",
    library: FromQuery[str] = "",
    taken: FromQuery[str] = "",
    before: FromQuery[str] = "",
) -> Response[str]:
    """Show what machines sent lately, the newest first, narrowed by what the address says."""
    place = cursors.read(before, tuple[int, int]) or arrivals.FIRST
    wanted = Wanted(kind or None, number_in(key), library or None, _TAKEN.get(taken))
    way = Way(f"{desk.home}/debugger", {"kind": kind, "key": key, "library": library, "taken": taken})
    with desk.tx() as tx:
        since = position(tx)
        found = arrivals.list_arrivals(tx, wanted, before=place, limit=SHOWN + 1)
        some = found[:SHOWN]
        keys = list_keys(tx, desk.workspace.name)
        named = {one.id: _called(desk, one) for one in keys}
        kinds, libraries = arrivals.seen(tx)
        return desk.page(
            "debugger.html",
            since=since,
            arrivals=some,
            partly=_partly(tx, some),
            named=named,
            kinds=[("", "")] + [(one, one) for one in kinds],
            libraries=[("", "")] + [(one, _sent_by(desk)(one)) for one in libraries],
            sent_by=_sent_by(desk),
            wanted=way.said,
            narrowed=any(way.said.values()),
            query=way.but().removeprefix(way.path),
            first=way.but(),
            earlier=way.but() if before else "",
            later=way.but(before=cursors.made(*arrivals.place_after(some, place))) if len(found) > SHOWN else "",
            base_url=desk.house.base_url,
            page_lines=PAGE_LINES.format(base_url=desk.house.base_url),
        )


@get("/debugger/{seq:int}", sync_to_thread=True, opt=notes("event.seen", "event", by="seq"))
def taken_event(desk: AtDesk, seq: FromPath[int]) -> Response[str]:
    """Show one event as it was taken, and what became of it."""
    with desk.tx() as tx:
        event = arrivals.get_taken(tx, seq)
        found = outcome(tx, event.identity_id, seq, event.kind, event.props)
        hidden = hidden_from(desk, tx) | telling_segments(desk, tx)
        said = text_veiled(_pretty({"props": event.props, "context": event.context}), hidden)
        if found.customer_id is not None:
            desk.slip.tell(found.customer_id, kind="customer")
        return desk.page(
            "debugger_event.html",
            event=event,
            outcome=_veiled(found, hidden, whole=said == HIDDEN),
            key=_key(desk, tx, event.source),
            sent_by=_sent_by(desk),
            said=said,
            because=ignored_because(translator(desk.locale).gettext),
        )


@get("/debugger/rejected/{number:int}", sync_to_thread=True, opt=notes("event.seen", "event", by="number"))
def rejected_event(desk: AtDesk, number: FromPath[int]) -> Response[str]:
    """Show one event that was not taken, and why."""
    with desk.tx() as tx:
        found = arrivals.get_rejected(tx, number)
        return desk.page(
            "debugger_rejected.html",
            event=found,
            key=_key(desk, tx, found.source),
            sent_by=_sent_by(desk),
            said=text_veiled(_shown(found), hidden_from(desk, tx)),
            cut=len(found.said.encode()) < found.bytes,
        )


def _veiled(found: Outcome, hidden: Collection[str], *, whole: bool) -> Outcome:
    """Return what became of an event without what is sensitive: nothing of what it says where all of it is veiled."""
    hide = msgspec.structs.replace
    return hide(
        found,
        learned=[hide(one, words=HIDDEN) if one.name in hidden else one for one in found.learned],
        ignored=[hide(one, said=HIDDEN) if whole else one for one in found.ignored],
    )


def _partly(tx: Tx, some: Sequence[Arrival]) -> set[int]:
    """Return which of some events were taken, and not understood in all they say."""
    events = read_by_seq(tx, [one.number for one in some if one.taken])
    return {seq for seq, event in events.items() if ignored(event.kind, event.props)}


def _sent_by(desk: Desk) -> Callable[[str], str]:
    """Return what tells who sent something: RudderStack's client for Python gives itself the name of Segment's."""
    both = translator(desk.locale).gettext("%(name)s, of Segment or RudderStack")
    return lambda name: both % {"name": name} if name == "analytics-python" else name


def _called(desk: Desk, key: KnownKey) -> str:
    return key.name or scope_called(key.scope, translator(desk.locale).gettext)


def _key(desk: Desk, tx: Tx, number: int | None) -> str:
    """Return what a key is called; '' for one that is revoked."""
    return next((_called(desk, one) for one in list_keys(tx, desk.workspace.name) if one.id == number), "")


def _shown(event: KeptRejected) -> str:
    """Return what was sent in lines that can be read, where it is JSON and whole."""
    try:
        return _pretty(msgspec.json.decode(event.said))
    except (msgspec.DecodeError, RecursionError):
        return event.said


def _pretty(said: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(said), indent=2).decode()


ROUTES = [debugger, taken_event, rejected_event]
