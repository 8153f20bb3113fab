"""The one place where errors become answers: pages for people, problem+json for machines."""

from http import HTTPStatus
from secrets import token_hex
from typing import Any, cast

import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException, NotFoundException
from litestar.response import Redirect

from regulars.access.workspaces import Workspace
from regulars.store.database import untakable
from regulars.web.console.carrying import carried
from regulars.web.console.desk import Carried, LoggedOut, reader_of, seat
from regulars.web.i18n import environment, say
from regulars.web.statuses import PROBLEM, Wrong, problem, status_of
from regulars.web.watching import NUMBER
from regulars.words.errors import Busy, Invalid, RegularsError, TooLarge, Unavailable, Unknown

log = structlog.get_logger()

_MACHINES = ("/api", "/v1/", "/readyz", "/healthz", "/metrics", "/hooks/")

_HUNG_UP = "client disconnected prematurely"
"""How Litestar says that a phone lost its line: nobody's fault, and nobody reads the answer."""

_ENDED = Invalid("The request ended before its body did.")
_UNREADABLE = Invalid("The address or form has a value that cannot be read. Go back, correct it, and try again.")
_WORDS: dict[int, RegularsError] = {
    HTTPStatus.NOT_FOUND: Unknown(
        "There is nothing at this address. Look at the link once more, or ask who gave it to you."
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: Invalid(
        "This address does not take such a request. Go back and try from the page before."
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TooLarge("This is more than the page can take. Send less at once."),
}

_TO_PROGRAMS: dict[int, RegularsError] = _WORDS | {
    HTTPStatus.BAD_REQUEST: Invalid("The address has a value that cannot be taken. Correct it, and send it again."),
    HTTPStatus.NOT_FOUND: Unknown("There is nothing at this address. GET /api/openapi.json names all there is."),
    HTTPStatus.METHOD_NOT_ALLOWED: Invalid("This address does not take this method. The header Allow names its own."),
}


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Turn whatever a handler raised into an answer. Litestar calls it."""
    if isinstance(error, Carried):
        return carried(request, error)
    if isinstance(error, LoggedOut):
        return Redirect("/console/login", status_code=303)
    if (
        request.url.path.startswith("/static/")
        and getattr(error, "status_code", 500) >= HTTPStatus.INTERNAL_SERVER_ERROR
    ):
        error = NotFoundException()  # a name that no file can have
    known = error if isinstance(error, RegularsError) else _of_the_request(error)
    request_id = ""
    if known is None:
        request_id = str(request.scope.get(NUMBER) or token_hex(6))
        route = request.scope.get("path_template", "unknown")
        log.error("unexpected", request_id=request_id, route=route, exc_info=error)
        known = RegularsError(
            "Something went wrong on our side. Nothing you sent was kept half. Try again; if it happens again, "
            "tell us this number: {request_id}.",
            request_id=request_id,
        )
    status = HTTPStatus(error.status_code) if isinstance(error, HTTPException) and not request_id else status_of(known)
    if request.url.path.startswith(_MACHINES):
        return _as_problem(known, status, request_id, error)
    return _as_page(request, known, status)


def _of_the_request(error: Exception) -> RegularsError | None:
    """Return our own words for what Litestar or the database cannot take; None for what is our fault."""
    if untakable(error):
        return _UNREADABLE
    if not isinstance(error, HTTPException):
        return None
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _ENDED if error.detail == _HUNG_UP else None
    return _WORDS.get(error.status_code, _UNREADABLE)


def _as_problem(known: RegularsError, status: HTTPStatus, request_id: str, error: Exception) -> Response[bytes]:
    """Tell a machine: in words for machines, with the fields that are wrong, where Litestar found it."""
    wrong: list[Wrong] = []
    headers: dict[str, str] = {}
    if isinstance(error, HTTPException) and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        known = _TO_PROGRAMS.get(status, known)
        wrong = _wrong(error)
        headers = dict(error.headers or {})
    body, more = problem(known, status, request_id, wrong)
    headers |= more
    return Response(body, status_code=status, media_type=PROBLEM, headers=headers)


def _wrong(error: HTTPException) -> list[Wrong]:
    """Return the parameters that Litestar could not take."""
    found = [cast("dict[str, Any]", one) for one in error.extra or [] if isinstance(one, dict)]
    return [Wrong(str(one["key"]), str(one.get("message", ""))) for one in found if one.get("key")]


def _as_page(request: Request[Any, Any, Any], error: RegularsError, status: HTTPStatus) -> Response[str]:
    locale, at_desk = reader_of(request), isinstance(getattr(request.state, "workspace", None), Workspace)
    headers = {"retry-after": str(error.seconds)} if isinstance(error, Busy | Unavailable) else {}
    detail = say(error, locale)
    if at_desk and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        nothing = status == HTTPStatus.NOT_FOUND
        page = seat(request).page("not_done.html", status=int(status), detail=detail, nothing=nothing)
        page.headers.update(headers)
        return page
    console = request.url.path.startswith("/console")
    text = (
        environment("regulars.web", locale)
        .get_template("error.html")
        .render(status=int(status), detail=detail, console=console)
    )
    return Response(text, status_code=status, media_type="text/html; charset=utf-8", headers=headers)
