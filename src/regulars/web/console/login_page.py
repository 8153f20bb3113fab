"""The page of the log-in: the ways in that there are here, and what was wrong with the one that was tried."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from litestar import Request, Response

from regulars.access.passkeys import relying
from regulars.access.provider import open_provider
from regulars.web.console.desk import reader_of, render
from regulars.web.i18n import say
from regulars.web.statuses import status_of
from regulars.wiring import House
from regulars.words.errors import Busy, RegularsError

_EMAIL = 20_000
"""Characters of what was typed that come back."""


def login_page(request: Request[Any, Any, Any], email: str = "", error: RegularsError | None = None) -> Response[str]:
    """Show the ways in, and what was wrong with the one that was tried."""
    house: House = request.app.state.house
    locale = reader_of(request)
    provider = open_provider(house.settings)
    wait = error.seconds if isinstance(error, Busy) else 0
    page = render(
        "login.html",
        locale,
        status=status_of(error) if error else HTTPStatus.OK,
        email=email[:_EMAIL],
        problem=say(error, locale) if error else "",
        wait=timedelta(seconds=wait) if wait > 1 else None,
        has_mail=house.has_mail,
        passkeys=relying(house.base_url).possible,
        elsewhere=provider.name if provider else "",
    )
    if wait:
        page.headers["retry-after"] = str(wait)
    return page
