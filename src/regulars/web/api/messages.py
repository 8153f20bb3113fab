"""Messages: why one was sent, or was not, and how it looked."""

import msgspec
from litestar import get
from litestar.params import FromPath
from msgspec import structs

from regulars.speak.messages import Message, all_shown
from regulars.speak.why import Why, in_english, why
from regulars.web.api.entry import AnyRequest, acts, letter, opened
from regulars.web.api.telling import told
from regulars.web.noting import notes, slip_of


def lettered(request: AnyRequest, message: Message) -> Message:
    """Return a message as a key may have it: what it was written with has links, which act for its customer."""
    if acts(request):
        return message
    used, notice = (letter(request, msgspec.json.encode(one).decode()) for one in (message.used, message.notice))
    return structs.replace(message, used=msgspec.json.decode(used), notice=msgspec.json.decode(notice))


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
    """Return why a message was sent, or was not: its facts, consent and campaign; and what it said.

    Its links act for its customer: a read key is given it without their signatures.
    """
    with opened(request) as tx:
        reasons = why(tx, number)
        reasons = structs.replace(reasons, message=lettered(request, reasons.message))
        slip_of(request).tell(reasons.customer_id, after={"message": number})
        written = all_shown(tx, [number]).get(number)
        look = Look(written.subject, letter(request, written.html), letter(request, written.text)) if written else None
        return Explained(in_english(reasons), look)


HANDLERS = [get_message]
