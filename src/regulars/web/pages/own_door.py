"""The link to one's own page (`/me/<token>`): whose it is, and whether it opens everything now.

Whoever opened a fresh link has it in a cookie besides, for as long as it works. The cookie alone opens nothing: with
it a page that an older link of the same person opened can still send what was typed there.
"""

from dataclasses import dataclass
from typing import Any

from litestar import Response

from regulars.access.links import MAX_AGE, OWN_MAX_AGE, Link
from regulars.web.pages.visit import Visit
from regulars.words.errors import LinkDead


@dataclass(frozen=True)
class Door:
    """A link to the page: whose it is, and whether it opens everything now."""

    visit: Visit
    token: str
    link: Link
    open: bool
    late: bool
    """It did, and its time is over."""

    def tx(self) -> Any:
        """Open a transaction in the workspace."""
        return self.visit.house.database.workspace(self.link.workspace)

    def url(self, rest: str = "") -> str:
        """Return the address of the page, or of what lies under it."""
        return f"/me/{self.token}{rest}"

    def page(self, template: str, *, status: int = 200, **context: Any) -> Response[str]:
        """Render a page of templates/."""
        page = self.visit.page(template, status=status, door=self, **context)
        if self.open:
            page.set_cookie(
                key=_cookie(self.link.workspace),
                value=self.token,
                max_age=OWN_MAX_AGE.seconds,
                path="/me/",
                httponly=True,
                samesite="lax",
                secure=self.visit.house.base_url.startswith("https:"),
            )
        return page


def opened(visit: Visit, token: str) -> Door:
    """Return the door that a link leads to; raise LinkDead where it leads to nobody."""
    link, is_open, late = _read(visit, token)
    visit.still(link)
    return Door(visit.entered(link.workspace), token, link, open=is_open, late=late)


def _read(visit: Visit, token: str) -> tuple[Link, bool, bool]:
    """Return what a link says, whether it opens everything, and whether it did once."""
    links = visit.house.links
    try:
        return links.read_own(token, visit.now), True, False
    except LinkDead:
        pass
    try:
        return links.read_own(token, visit.now, max_age=MAX_AGE), False, True
    except LinkDead:
        return visit.link(token), False, False


def opened_since(door: Door) -> Door:
    """Return the door that a fresh link of the same person opened in this browser since; the same where none did."""
    visit = door.visit
    token = visit.cookies.get(_cookie(door.link.workspace), "")
    if door.open or not token or not visit.from_our_pages:
        return door
    try:
        link, is_open, _ = _read(visit, token)
    except LinkDead:
        return door
    same = (link.workspace, link.identity_id) == (door.link.workspace, door.link.identity_id)
    return Door(visit, token, link, open=True, late=False) if is_open and same else door


def _cookie(workspace: str) -> str:
    return f"own_page_{workspace}"
