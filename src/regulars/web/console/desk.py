"""Where every page of the console is made: who sits there, in which workspace, and in which language.

One guard stands before all routes below `/console/<workspace>`: it asks for a session, for a role in that workspace
with the right that the route `needs`, and, before anything is changed, for a token that only our own pages have.
"""

from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Any, TypeAlias
from urllib.parse import urlencode

from anyio.to_thread import run_sync
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK

from regulars.access.audit import Who
from regulars.access.links import unsigned
from regulars.access.records import Person
from regulars.access.rights import Right, rights_of
from regulars.access.sessions import person_in
from regulars.access.workspaces import Place, Workspace, workspace_in, workspaces_of
from regulars.store.database import Tx
from regulars.web.brands import sheet_at
from regulars.web.console import taken_table
from regulars.web.console.said_done import shown
from regulars.web.console.sent import LONGEST, has_files, read_sent
from regulars.web.i18n import UTC, environment, negotiate, translator
from regulars.web.noting import Slip, give_slip, note_refused, slip_of
from regulars.web.numbers import number_in
from regulars.web.origin import from_our_pages
from regulars.web.reason_words import reason_called, reason_said
from regulars.web.roles import role_called
from regulars.web.wording import fact_called, permission
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Refused
from regulars.words.reasons import coded

SESSION = "regulars_session"
CSRF = "csrf"
WHOSE = "who"
"""The field of a form that says whose page it stands on."""
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_SECRET = frozenset({"password"})
"""What no page gives back that was typed."""
_PACKAGE = "regulars.web.console"

Connection = ASGIConnection[Any, Any, Any, Any]


class LoggedOut(Exception):
    """Nobody is logged in."""


class Carried(LoggedOut):
    """Nobody is logged in any more, or in another session than the page was made for; what was typed is not lost."""

    def __init__(self, fields: Mapping[str, str], csrf: str = "") -> None:
        super().__init__()
        self.fields = fields
        self.csrf = csrf
        """The token to send it with; nothing where nobody is logged in."""


@dataclass(frozen=True)
class Desk:
    """One request of somebody of the team, and all that its page needs."""

    house: House
    person: Person
    workspace: Workspace
    locale: str
    now: datetime
    csrf: str
    path: str
    slip: Slip
    """What this request notes in the audit log."""
    form: Mapping[str, str] = field(default_factory=dict[str, str])
    asked: Mapping[str, str] = field(default_factory=dict[str, str])
    """What the address says after its question mark."""
    landed: str = ""
    """The number of what was done just now, which this page says (undoing.py)."""

    def can(self, right: str) -> bool:
        """Whether whoever sits here has a right: pages show only what their reader can use."""
        return right in rights_of(self.person.roles.get(self.workspace.name, ""))

    @property
    def home(self) -> str:
        """The path of this workspace's pages."""
        return f"/console/{self.workspace.name}"

    @property
    def sheet(self) -> str:
        """The address of the style sheet with the workspace's colour; nothing where ours will do."""
        return sheet_at(self.workspace.accent)

    @property
    def places(self) -> list[tuple[Place, str]]:
        """The workspaces somebody can go to from here, each with what their role there is called."""
        gettext = translator(self.locale).gettext
        found = workspaces_of(self.house.database, self.person.id)
        return [(one, role_called(one.role, gettext)) for one in found if one.closed_at is None]

    @property
    def done(self) -> tuple[str, str]:
        """What was done just now, in words, and the path that takes it back; '' for nothing."""
        if not self.landed:
            return "", ""
        with self.tx() as tx:
            return shown(tx, self.person.id, self.landed, self.locale, self.now)

    def may(self, purpose: str, channel: str) -> str:
        """Return in words what somebody allows."""
        return permission(purpose, channel, translator(self.locale).gettext)

    def why_not(self, kept: str, code: str = "", values: Mapping[str, str] | None = None) -> str:
        """Return in words why a message was not sent: a reason as it is kept, or as an event tells it."""
        return reason_said(coded(code, **(values or {})) if code else kept, translator(self.locale).gettext)

    def reason(self, code: str) -> str:
        """Return in few words why messages were not sent, or not yet."""
        return reason_called(code, translator(self.locale).gettext)

    def called(self, name: str, label: str = "") -> str:
        """Return what a fact is called: as it was asked for, else its name in words."""
        return fact_called(name, translator(self.locale).gettext, label)

    def letter(self, message: str) -> str:
        """Return a message, HTML or text; its links act for its customer, so they are only for who may do that."""
        return message if self.can("care") else unsigned(message)

    def quoted(self, words: str) -> str:
        """Return what somebody typed or called something, in the quotation marks of the reader's language."""
        return translator(self.locale).gettext("“%(words)s”") % {"words": words}

    def tx(self) -> AbstractContextManager[Tx]:
        """Open a transaction in this workspace."""
        return self.house.database.workspace(self.workspace.name)

    @contextmanager
    def noted(self, **said: Any) -> Generator[Tx]:
        """Open a transaction that changes something; at its end it notes what the route says, and what is said here."""
        with self.tx() as tx:
            yield tx
            self.slip.tell(**said)
            self.slip.write(tx)

    def page(self, name: str, /, *, status: int = 200, **context: Any) -> Response[str]:
        """Render a page of `templates/`; or where the address asks for one of its tables, return that as a file."""
        zone = self.workspace.zone
        page = render(name, self.locale, zone=zone, status=status, desk=self, now=self.now, **context)
        table = self.asked.get(taken_table.ASKED)
        return taken_table.as_file(page, table) if table and status == HTTP_200_OK else page

    def taking(self, table: str) -> str:
        """Return the address at which a table of this page is taken along."""
        said = {key: text for key, text in self.asked.items() if key != "did"}
        return f"{self.path}?{urlencode({**said, taken_table.ASKED: table})}"

    def go(self, path: str) -> Redirect:
        """Send the browser on to a path of this workspace, after something was changed."""
        return Redirect(f"{self.home}{path}", status_code=303)


AtDesk: TypeAlias = NamedDependency[Desk]
"""How a handler asks for its desk."""


def render(name: str, locale: str, /, *, zone: str = UTC, status: int = 200, **context: Any) -> Response[str]:
    """Render a template of the console; times are by the clock of a zone."""
    text = written(name, locale, zone=zone, **context)
    return Response(text, status_code=status, media_type="text/html; charset=utf-8")


def written(name: str, locale: str, /, *, zone: str = UTC, **context: Any) -> str:
    """Return what a template of the console comes to: a page, or a part of one."""
    return environment(_PACKAGE, locale, zone).get_template(name).render(**context)


def reader_of(request: Connection) -> str:
    """Return the locale of whoever asks."""
    return negotiate(request.headers.get("accept-language", ""))


def csrf_token(cookie: str) -> str:
    """Return the token that our forms carry: only a page of this session can know it."""
    return sha256(b"regulars.csrf:" + cookie.encode()).hexdigest()[:40]


def needs(right: Right) -> dict[str, Right]:
    """Say which right a route needs: `@post("/segments", opt=needs(Right.COMPOSE))`."""
    return {"right": right}


def right_for(handler: BaseRouteHandler) -> Right:
    """Return which right a route needs: what it says, to read where it only reads, and else all there is."""
    reads = getattr(handler, "http_methods", set[str]()) <= _READING
    return handler.opt.get("right", Right.READ if reads else Right.MANAGE)


async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let nobody in without a session and the right, and change nothing without the token of our own page."""
    cookie = connection.cookies.get(SESSION, "")
    house: House = connection.app.state.house
    name = str(connection.path_params["workspace"])
    person, workspace = await run_sync(_who, house, cookie, name)
    if person is None or workspace is None:
        raise await logged_out(connection)
    connection.state.person = person
    connection.state.workspace = workspace
    give_slip(connection, handler, Who("person", person.email, person.id), [name])
    if right_for(handler) not in rights_of(person.roles[name]):
        await note_refused(connection, handler, Who("person", person.email, person.id), name)
        raise Refused("Your role in this workspace does not allow this. Ask its owner for another role.")
    await take_form(connection, cookie, person)


async def logged_out(connection: Connection) -> LoggedOut:
    """Return how to say that nobody is logged in: with what they typed, where they typed something."""
    typed = await _typed(connection)
    return Carried(typed) if typed else LoggedOut()


async def take_form(connection: Connection, cookie: str, person: Person) -> None:
    """Keep the fields that were sent, where something is changed, for the handler.

    Raise Refused where no page of this session of ours can have sent them; Carried where a page of theirs can, from
    before they logged in anew.
    """
    if connection.scope.get("method") in _READING or not isinstance(connection, Request):
        return
    fields = (await read_sent(connection)).fields
    if from_our_pages(connection.headers) and compare_digest(
        fields.get(CSRF, "").encode(), csrf_token(cookie).encode()
    ):
        connection.state.form = {name: value for name, value in fields.items() if name != WHOSE}
        return
    typed = await _typed(connection)
    if typed.get(WHOSE) == str(person.id):
        raise Carried(typed, csrf_token(cookie))
    raise Refused("This page is too old to change anything. Go back, reload it, and try again.")


async def _typed(connection: Connection) -> dict[str, str]:
    """Return what somebody sent from a page of ours; nothing where it was a script of the page, which has it still.

    A form with a file is not carried, and where it may be as long as an import not even read.
    """
    if not isinstance(connection, Request) or connection.scope.get("method") in _READING:
        return {}
    if "hx-request" in connection.headers or not from_our_pages(connection.headers):
        return {}
    if has_files(connection) and (number_in(connection.headers.get("content-length", "")) or LONGEST + 1) > LONGEST:
        return {}
    sent = await read_sent(connection)
    fields = {name: value for name, value in sent.fields.items() if name not in _SECRET and not sent.files}
    return fields if fields.keys() - {CSRF, WHOSE} else {}


def _who(house: House, cookie: str, name: str) -> tuple[Person | None, Workspace | None]:
    if not cookie:
        return None, None
    with house.database.shared() as tx:
        person = person_in(tx, cookie, utc_now(), name)
        found = workspace_in(tx, name) if person and name in person.workspaces else None
    if person and found is None:
        raise Refused("You have no role in '{name}'. Ask its owner to add you.", name=name)
    return person, found


def seat(request: Request[Any, Any, Any]) -> Desk:
    """Provide the desk to a handler; the guard has been here before."""
    return Desk(
        house=request.app.state.house,
        person=request.state.person,
        workspace=request.state.workspace,
        locale=reader_of(request),
        now=utc_now(),
        csrf=csrf_token(request.cookies.get(SESSION, "")),
        path=request.url.path,
        slip=slip_of(request),
        form=getattr(request.state, "form", {}),
        asked=dict(request.query_params),
        landed=request.query_params.get("did", ""),
    )
