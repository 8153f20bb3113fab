"""One message: what it said, and why it was sent."""

from litestar import Response, get
from litestar.params import FromPath

from regulars.remember.customers import get_customer
from regulars.speak.library import titles as template_titles
from regulars.speak.messages import all_shown
from regulars.speak.why import why
from regulars.store.gone import NOBODY
from regulars.web.console.desk import AtDesk
from regulars.web.console.veil import hidden_from, refuse, telling_segments
from regulars.web.fact_words import saying
from regulars.web.noting import notes
from regulars.words.errors import Unknown


@get("/messages/{message_id:int}", sync_to_thread=True, opt=notes("message.seen", "customer"))
def one_message(desk: AtDesk, message_id: FromPath[int]) -> Response[str]:
    """Show why a message was sent, or was not."""
    with desk.tx() as tx:
        reasons = why(tx, message_id)
        if reasons.customer_id == NOBODY:
            raise Unknown("The customer whom this message went to was forgotten, and with them what it said.")
        desk.slip.tell(reasons.customer_id, after={"message": message_id})
        refuse([one.name for one in reasons.facts], hidden_from(desk, tx))
        refuse([reasons.segment, *(one.name for one in reasons.segments)], telling_segments(desk, tx))
        return desk.page(
            "message.html",
            why=reasons,
            value_called=saying(tx, desk.locale),
            letters=template_titles(tx),
            customer=get_customer(tx, reasons.customer_id),
            written=all_shown(tx, [message_id]).get(message_id),
        )


ROUTES = [one_message]
