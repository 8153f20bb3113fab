"""`/l/<address>` and `/o/<address>`: a link of a message, which leads on at once, and its picture.

Neither waits for anything to be written. A link leads to where its message leads, also where nothing is counted.
"""

from base64 import b64decode
from typing import Any

from litestar import HttpMethod, Request, Response, route
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.speak import touch_records, tracking
from regulars.speak.machines import sign_of
from regulars.speak.templates import render
from regulars.speak.touching import Touch
from regulars.store.database import Database
from regulars.wiring import House
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid, LinkDead, TooLarge, Unknown

_LONGEST_LINK = 500
_PICTURE = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""A GIF of one pixel that is seen through."""
_UNKEPT = {"cache-control": "no-store", "x-robots-tag": "noindex"}
_EVERYWHERE = {"cross-origin-resource-policy": "cross-origin"}

AnyRequest = Request[Any, Any, Any]


@route("/l/{address:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD], sync_to_thread=True)
def follow(request: AnyRequest, address: FromPath[str]) -> Redirect:
    """Lead to where a message does."""
    house: House = request.app.state.house
    read = tracking.read(address)
    written = _written(house.database, read)
    try:
        url = tracking.target(house.links, read, render(written.template, written.context))
    except (Invalid, TooLarge) as error:
        raise LinkDead("This link belongs to no message we still have. Open it again from a newer one.") from error
    _note(request, read, url[:_LONGEST_LINK])
    return Redirect(tracking.tagged(url, written.utm), status_code=303, headers=_UNKEPT)


@route("/o/{address:str}", http_method=[HttpMethod.GET, HttpMethod.HEAD], sync_to_thread=False)
def picture(request: AnyRequest, address: FromPath[str]) -> Response[bytes]:
    """Give the picture that stands at the end of a message."""
    house: House = request.app.state.house
    read = tracking.read(address)
    tracking.check_picture(house.links, read)
    _note(request, read)
    return Response(_PICTURE, media_type="image/gif", headers=_UNKEPT | _EVERYWHERE)


def _written(database: Database, address: tracking.Address) -> touch_records.Written:
    try:
        with database.workspace(address.workspace) as tx:
            written = touch_records.written_from(tx, address.message_id)
    except Unknown as error:
        raise LinkDead("There is nobody behind this link any more.") from error
    if written is None:
        raise tracking.not_whole()
    return written


def _note(request: AnyRequest, address: tracking.Address, link: str = "") -> None:
    house: House = request.app.state.house
    sign = sign_of(request.method, request.headers)
    house.touches.note(address.workspace, Touch(address.message_id, utc_now(), sign, link, address.position))


ROUTES = [follow, picture]
