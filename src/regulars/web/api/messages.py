"""Messages: why one was sent, or was not, and how it looked."""

import msgspec
from litestar import get
from litestar.params import FromPath

from regulars.speak.messages import all_shown
from regulars.speak.why import Why, in_english, why
from regulars.web.api.entry import AnyRequest, opened
from regulars.web.api.telling import told
from regulars.web.noting import notes, slip_of


class Look(msgspec.Struct, frozen=True):
    """What a message says."""

    subject: str
    html: str
    text: str


class Explained(msgspec.Struct, frozen=True):
    """What a message rests on, and how it looked; `written` is null for one that was not written."""

    why: Why
    written: Look | None


@get("/messages/{number:int}", sync_to_thread=True, opt=told(number="1") | notes("message.seen", "customer"))
def get_message(request: AnyRequest, number: FromPath[int]) -> Explained:
    """Return why a message was sent, or was not: its facts, consent and campaign; and what it said."""
    with opened(request) as tx:
        reasons = why(tx, number)
        slip_of(request).tell(reasons.customer_id, after={"message": number})
        written = all_shown(tx, [number]).get(number)
        look = Look(written.subject, written.html, written.text) if written else None
        return Explained(in_english(reasons), look)


HANDLERS = [get_message]
