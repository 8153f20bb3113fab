"""Imports: a file is brought, looked at, tried and taken in; what was not taken comes back with the reason."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from anyio.to_thread import run_sync
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, FromQuery
from litestar.response import File, Redirect

from regulars.access.rights import Right
from regulars.hear import bringing, mapping_records
from regulars.hear import import_records as imports
from regulars.hear.bringing import LARGEST
from regulars.hear.import_records import KEPT, Brought
from regulars.hear.imports.customers import NO_SOURCE
from regulars.hear.imports.encodings import NAMES
from regulars.hear.imports.fields import TARGETS
from regulars.hear.imports.plan import KINDS, SKIP, Plan
from regulars.hear.imports.running import Outcome
from regulars.remember.folding import holds
from regulars.store.database import Tx
from regulars.understand import lists
from regulars.web.console import drafts, meeting, undoing
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.import_fields import own_name, read_as, says_columns
from regulars.web.console.import_words import in_words, targets_called
from regulars.web.console.listing import FEW, PAGE, Way, part
from regulars.web.console.mappings import Taken, ask_whether_replaced, keep
from regulars.web.console.sent import read_sent
from regulars.web.i18n import say, translator
from regulars.web.import_file import rejects_of
from regulars.web.noting import notes
from regulars.words.errors import Invalid, Overtaken, RegularsError, Unknown

_NOTHING_WRONG: Mapping[str, str] = {}
_STATES = {"draft": "open", "tried": "open", "trying": "busy", "waiting": "busy", "running": "busy"} | {
    one: one for one in ("done", "failed", "cancelled")
}
"""By the state of an import: what a search calls it."""
_OVERHEAD = 100_000


@get("/imports", sync_to_thread=True, opt=needs(Right.COMPOSE))
def import_list(
    desk: AtDesk,
    q: FromQuery[str] = "",
    only: FromQuery[str] = "",
    after: FromQuery[str] = "",
    kept: FromQuery[str] = "",
) -> Response[str]:
    """Show the files that were brought, and the mappings that are kept: all, or those of a name; bring another file."""
    return _list(desk, _Shown(q.strip(), only, after, kept))


@post(
    "/imports",
    request_max_body_size=LARGEST + _OVERHEAD,
    opt=needs(Right.COMPOSE) | notes("import.brought", "import"),
)
async def bring_file(request: Request[Any, Any, Any], desk: AtDesk) -> Response[str] | Redirect:
    """Take a file to look at; nothing of it is taken in yet."""
    sent = (await read_sent(request)).files.get("file")
    if sent is None:
        return await run_sync(_list, desk, _ALL, {"file": translator(desk.locale).gettext("Choose a file.")})
    return await run_sync(_bring, desk, sent)


def _bring(desk: Desk, sent: UploadFile) -> Response[str] | Redirect:
    what: Any = desk.form.get("what") if desk.form.get("what") in KINDS else None
    sent.file.seek(0)
    file = (sent.filename, sent.file.read)
    given = (desk.house.database, desk.workspace.name, desk.house.imports)
    try:
        brought = bringing.bring(*given, file, desk.person.email, desk.now, what, desk.workspace.zone)
    except RegularsError as error:
        return _list(desk, _ALL, {"file": say(error, desk.locale)})
    with desk.noted(name=brought.number, label=brought.file):
        pass
    return desk.go(f"/imports/{brought.number}")


@get(
    "/imports/{number:int}",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("import.seen", "import", by="number"),
)
def import_page(desk: AtDesk, number: FromPath[int]) -> Response[str]:
    """Show one import: how it is read, what would come of it, how far it is, and what came of it."""
    return _page(desk, _get(desk, number))


@post(
    "/imports/{number:int}",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("import.asked", "import", by="number"),
)
def ask_for_import(desk: AtDesk, number: FromPath[int]) -> Response[str] | Redirect:
    """Read the file another way or as a mapping says, keep how it is read, try it, or take it in."""
    brought = _get(desk, number)
    do = desk.form.get("do", "")
    done, plan = 0, None
    try:
        typed = do != "use" and says_columns(desk.form)
        plan = read_as(desk.form, brought.planned()) if typed else None
        said: dict[str, Any] = {"name": number, "after": {"do": do or "read", "what": (plan or brought.planned()).what}}
        if do == "keep":
            said |= {"name": desk.form.get("keep_as", "").strip(), "kind": "mapping", "action": "mapping.kept"}
        with desk.noted(**said) as tx:
            if plan:
                lists.check(tx, plan.on_list)
                meeting.standing(tx, f"import {number}", lambda tx: _planned(desk, tx, number), plan, drafts.base(desk))
                bringing.change(tx, desk.house.imports, brought, plan, desk.now)
            if do == "use":
                bringing.by_mapping(tx, desk.house.imports, brought, desk.form.get("mapping", ""), desk.now)
            if do in {"try", "start"}:
                imports.ask(tx, brought, dry=do == "try")
            if do == "keep":
                done = keep(desk, tx, said["name"], plan or brought.planned())
    except Taken as taken:
        return ask_whether_replaced(desk, f"/imports/{number}", taken.kept)
    except Overtaken:
        return _overtaken(desk, number, plan or brought.planned())
    except (Invalid, Unknown) as error:
        return _page(desk, brought, problem=say(error, desk.locale), typed=desk.form)
    return undoing.land(desk, f"/imports/{number}", done) if done else desk.go(f"/imports/{number}")


@post(
    "/imports/{number:int}/cancel",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("import.cancelled", "import", by="number"),
)
def cancel_import(desk: AtDesk, number: FromPath[int]) -> Redirect:
    """Stop taking a file in; what was taken stays, and it can be gone on with."""
    brought = _get(desk, number)
    with desk.noted(name=number) as tx:
        imports.cancel(tx, brought, desk.now)
    return desk.go(f"/imports/{number}")


@get(
    "/imports/{number:int}/rejected",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("import.rejected.taken", "import", by="number"),
)
def take_rejected(desk: AtDesk, number: FromPath[int]) -> File:
    """Give the rows that were not taken, each with the reason."""
    return rejects_of(desk.house, _get(desk, number))


def _get(desk: Desk, number: int) -> Brought:
    with desk.tx() as tx:
        return imports.get(tx, desk.workspace.name, number)


class _Shown(NamedTuple):
    """What is shown: which imports and mappings, and the places in the two lists."""

    q: str = ""
    only: str = ""
    after: str = ""
    kept: str = ""


_ALL = _Shown()


def _list(desk: Desk, shows: _Shown = _ALL, errors: Mapping[str, str] = _NOTHING_WRONG) -> Response[str]:
    gettext = translator(desk.locale).gettext
    words = {
        "": gettext("any state"),
        "open": gettext("not taken in yet"),
        "busy": gettext("under way"),
        "done": gettext("taken in"),
        "failed": gettext("broke off"),
        "cancelled": gettext("cancelled"),
    }
    q, only = shows.q, shows.only if shows.only in words else ""
    way = Way(f"{desk.home}/imports", {"q": q, "only": only})
    with desk.tx() as tx:
        labels, kept = imports.labels(tx, desk.workspace.name), mapping_records.list_mappings(tx)
        wanted = [one.number for one in labels if only in {"", _STATES[one.state]} and holds(q, one.file, one.asked_by)]
        shown = part(way, wanted, shows.after, str)
        found = imports.list_imports(tx, desk.workspace.name, among=shown.items, limit=PAGE)
    chips = ([way.chip(desk.quoted(q), "q")] if q else []) + ([way.chip(words[only], "only")] if only else [])
    mapped = [one for one in kept if not only and holds(q, one.name, one.kept_by)]
    return desk.page(
        "imports.html",
        imports=found,
        part=shown,
        mappings=part(way, mapped, shows.kept, lambda one: one.name, "kept"),
        plans={one.name: one.planned() for one in mapped},
        outcomes={one.number: _outcome(one) for one in found},
        any=bool(labels),
        searched=bool(chips) or len(labels) + len(kept) > FEW,
        q=q,
        only=only,
        states=words.items(),
        chips=chips,
        errors=errors,
        busy=any(one.busy for one in found),
        largest=LARGEST // 10**6,
        days=KEPT.days,
        status=400 if errors else 200,
    )


def _planned(desk: Desk, tx: Tx, number: int) -> Plan:
    return imports.get(tx, desk.workspace.name, number).planned()


def _overtaken(desk: Desk, number: int, mine: Plan) -> Response[str]:
    """Show how the file is to be read as it was typed, and beside it as somebody else said meanwhile."""
    brought = _get(desk, number)
    with desk.tx() as tx:
        called, gettext = lists.titles(tx), translator(desk.locale).gettext
        said, theirs = (in_words(plan, gettext, called) for plan in (mine, brought.planned()))
        parts = [meeting.Part(label, said.get(label, ""), theirs.get(label, "")) for label in {**said, **theirs}]
        beside = meeting.beside(desk, tx, "import.asked", parts, thing=str(number))
    return _page(desk, brought, typed=desk.form, beside=beside)


def _page(
    desk: Desk, brought: Brought, problem: str = "", *, typed: Mapping[str, str] | None = None,
    beside: meeting.Beside | None = None,
) -> Response[str]:  # fmt: skip
    """Show an import. `typed`: the form that was sent, where it comes back."""
    plan, looked = brought.planned(), None
    open_ = brought.state in {"draft", "tried", "failed", "cancelled"} and not brought.removed
    if open_:
        try:
            looked = bringing.look(desk.house.imports, brought)
        except RegularsError as error:
            problem = problem or say(error, desk.locale)
    with desk.tx() as tx:
        kept = mapping_records.list_mappings(tx) if looked else []
        there = lists.listed(tx) if plan.what == "customers" else []
    return desk.page(
        "import.html",
        brought=brought,
        plan=plan,
        typed=typed or {},
        beside=beside,
        base=meeting.mark(plan),
        names=targets_called(translator(desk.locale).gettext, plan.what),
        looked=looked,
        outcome=_outcome(brought),
        problem=problem,
        mappings=[
            (one.name, one.name) for one in kept if looked and not set(looked.columns).isdisjoint(one.planned().columns)
        ],
        mapping=next((one.name for one in kept if one.planned().columns == plan.columns), ""),
        targets=[target for target in TARGETS[plan.what] if target not in ("facts", "props")],
        own={column: own_name(column, plan.columns.get(column, "")) for column in (looked.columns if looked else ())},
        encodings=[(name, name) for name in NAMES],
        skip=SKIP,
        lists=sorted(((one.key, one.title) for one in there if one.stands), key=lambda one: one[1].casefold()),
        list=next(((one.name, one.title) for one in there if one.key == plan.on_list), None),
        no_source=NO_SOURCE,
        status=400 if problem and open_ and looked else 409 if beside else 200,
    )


def _outcome(brought: Brought) -> Outcome:
    return msgspec.convert(brought.outcome, Outcome)


ROUTES = [import_list, bring_file, import_page, ask_for_import, cancel_import, take_rejected]
