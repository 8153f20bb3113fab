"""One request of a customer: in which language, with which link or cookie, and what was filled in."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.response import Redirect

from regulars.access.links import Link
from regulars.access.tallies import Count, Limit, spend
from regulars.access.workspaces import Workspace, get_workspace
from regulars.hear.identities import identities_of
from regulars.speak.machines import sign_of
from regulars.web.brands import Brand, brand_of
from regulars.web.client_address import client_of, networks
from regulars.web.i18n import UTC, environment, language_called, languages, negotiate, say, translator
from regulars.web.origin import from_our_pages
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import LinkDead, Refused, RegularsError, Unknown

PACKAGE = "regulars.web.pages"
LANGUAGE = "language"
"""The cookie that keeps in which language somebody wants to read."""
_VISITOR = re.compile(r"[0-9a-f]{32}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_YEAR = 365 * 24 * 3600
_HTML = "text/html; charset=utf-8"
_PRIVATE = {"cache-control": "no-store"}

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class Visit:
    """What a handler needs to know of a request."""

    house: House
    now: datetime
    locale: str
    accepts: str
    """In which languages its reader would like to read: the one they chose, and the browser's Accept-Language."""
    path: str
    query: Mapping[str, Sequence[str]]
    fields: Mapping[str, Sequence[str]]
    cookies: Mapping[str, str]
    from_our_pages: bool
    """Whether the request comes from a page of ours; see `web/origin.py`."""
    address: str = ""
    """From which address it comes, where that can be told; see `web/client_address.py`."""
    here: str = ""
    """The address of a page that was asked for; nothing where something was sent."""
    machine: str = ""
    """By which sign it is told that no person asks; see `speak/machines.py`."""
    workspace: Workspace | None = None
    """Whose page it is, once that is known."""
    written: frozenset[str] = frozenset()
    """The languages in which somebody wrote what the page is made of."""

    def field(self, name: str) -> str:
        """Return the last value of a field of the form, or nothing."""
        values = self.fields.get(name, ())
        return values[-1] if values else ""

    def asked(self, name: str) -> str:
        """Return the last value of a name in the query, or nothing."""
        values = self.query.get(name, ())
        return values[-1] if values else ""

    def gettext(self, text: str) -> str:
        """Return a text of the catalogue in the reader's language."""
        return translator(self.locale).gettext(text)

    def at(self, workspace: Workspace, written: Collection[str] = ()) -> "Visit":
        """Return the visit to a workspace: in its brand, by its clock, and in a language that it offers.

        `written` names languages in which somebody wrote what the page is made of besides.
        """
        locale = negotiate(self.accepts, written, workspace.languages)
        return replace(self, locale=locale, workspace=workspace, written=frozenset(written))

    def entered(self, name: str) -> "Visit":
        """Return the visit to the workspace that a link leads to; raise LinkDead where it is gone or closed."""
        try:
            return self.at(get_workspace(self.house.database, name))
        except RegularsError as error:
            raise LinkDead("There is nobody behind this link any more.") from error

    @property
    def brand(self) -> Brand | None:
        """Whose look the page wears; None before that is known."""
        return brand_of(self.workspace) if self.workspace else None

    @property
    def zone(self) -> str:
        """By whose clock times are written."""
        return self.workspace.zone if self.workspace else UTC

    @property
    def languages(self) -> list[tuple[str, str, bool]]:
        """The languages that the reader may choose among: the code, what it calls itself, and whether it is read."""
        chosen = list(self.workspace.languages if self.workspace else ()) or languages()
        offered = [*chosen, *sorted(self.written - set(languages()))]
        read = self.locale.partition("-")[0]
        return [(one, language_called(one), one == read) for one in offered]

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response[str]:
        """Render a page of `templates/`. Nobody keeps it: it may hold what a customer said."""
        made = environment(PACKAGE, self.locale, self.zone).get_template(template)
        phrases = self.brand.phrases(self.gettext) if self.brand else None
        text = made.render(visit=self, locale=self.locale, brand=self.brand, phrases=phrases, **context)
        return Response(text, status_code=status, media_type=_HTML, headers=_PRIVATE)

    def go(self, path: str, cookies: Sequence[Cookie] = ()) -> Redirect:
        """Send the browser on, after something was kept."""
        return Redirect(path, status_code=303, cookies=list(cookies), headers=_PRIVATE)

    def link(self, token: str) -> Link:
        """Return what a link says; raise LinkDead."""
        return self.still(self.house.links.read(token, self.now))

    def still(self, link: Link) -> Link:
        """Return a link whose owner is still known; raise LinkDead where they, or the workspace, are gone."""
        try:
            with self.house.database.workspace(link.workspace) as tx:
                known = identities_of(tx, [link.identity_id])
        except Unknown as error:
            raise LinkDead("There is nobody behind this link any more.") from error
        if not known:
            raise LinkDead("Everything about you was forgotten, so this link opens nothing any more.")
        return link

    def link_to(self, token: str, workspace: str, form: str) -> Link:
        """Return what a link says that leads to a form; raise LinkDead, also where it was made for something else."""
        link = self.house.links.read(token, self.now)
        if link.workspace != workspace or link.form not in {None, form}:
            raise LinkDead("This link was made for another page. Open it again from the message it came in.")
        return self.still(link)

    def visitor(self, workspace: str) -> str | None:
        """Return the value of the visitor's cookie, if there is one. Each workspace has its own."""
        value = self.cookies.get(_cookie(workspace), "")
        return value if _VISITOR.fullmatch(value) else None

    def visitor_to_be(self, workspace: str) -> str:
        """Return who a visitor will be once they answer.

        The page proposes it, so that a first answer that is sent twice comes from one visitor.
        """
        proposed = self.field("visitor")
        return self.visitor(workspace) or (proposed if _VISITOR.fullmatch(proposed) else uuid4().hex)

    def remember(self, workspace: str, value: str) -> list[Cookie]:
        """Return the cookie by which a visitor who has answered is known again; none where it is there."""
        if self.visitor(workspace) == value:
            return []
        return [
            Cookie(
                key=_cookie(workspace),
                value=value,
                max_age=_YEAR,
                path="/f/",
                httponly=True,
                samesite="lax",
                secure=self.house.base_url.startswith("https:"),
            )
        ]

    def only_from_our_pages(self) -> None:
        """Raise Refused where somebody else's page sent the visitor's cookie here."""
        if not self.from_our_pages:
            raise Refused("This was sent from another site's page. Open the questions here and answer them again.")

    def count(self, limit: Limit) -> None:
        """Count one more of these from this address; raise Busy where it is too often."""
        spend(self.house.database, [Count(limit, self.address)] if self.address else [], self.now)


async def receive(request: AnyRequest) -> Visit:
    """Read a request, with its form."""
    form = await request.form() if request.method == "POST" else None
    accepts = wish(request)
    house: House = request.app.state.house
    request.state.visit = visit = Visit(
        house=house,
        now=utc_now(),
        locale=negotiate(accepts),
        accepts=accepts,
        path=request.url.path,
        query={name: request.query_params.getall(name) for name in request.query_params},
        fields={} if form is None else {name: _texts(form.getall(name)) for name in form},
        cookies=request.cookies,
        from_our_pages=from_our_pages(request.headers),
        address=client_of(request, networks(house.settings.trusted_proxies)),
        here="" if form is not None else _here(request),
        machine=sign_of(request.method, request.headers),
    )
    return visit


def wish(request: AnyRequest) -> str:
    """Return in which languages somebody would like to read: what they chose on a page goes before the browser's."""
    chosen = request.cookies.get(LANGUAGE, "")
    accepts = request.headers.get("accept-language", "")
    return f"{chosen},{accepts}" if _LANGUAGE.fullmatch(chosen) else accepts


def dead(request: AnyRequest, error: LinkDead) -> Response[str]:
    """Say that a link does not work, and how to go on without it, also with what was typed before it did not."""
    locale = negotiate(wish(request))
    made = environment(PACKAGE, locale).get_template("dead.html")
    visit: Visit | None = getattr(request.state, "visit", None)
    fields: Mapping[str, Sequence[str]] = visit.fields if visit and visit.from_our_pages else {}
    text = made.render(
        problem=say(error, locale),
        form=request.path_params.get("form", ""),
        step=request.path_params.get("step", 1),
        answers=[one for one in fields.get("answer", ()) if one.strip()],
        version="".join(fields.get("version", ())[-1:]),
        brand=None,
        visit=None,
    )
    return Response(text, status_code=403, media_type=_HTML, headers=_PRIVATE)


def _here(request: AnyRequest) -> str:
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def _texts(values: Sequence[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def _cookie(workspace: str) -> str:
    return f"visitor_{workspace}"
