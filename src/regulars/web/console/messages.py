"""One message: what it said, and why it was sent."""

from litestar import Response, get
from litestar.params import FromPath

from regulars.remember.customers import get_customer
from regulars.speak.context import Rendered
from regulars.speak.messages import shown
from regulars.speak.why import why
from regulars.store.database import Tx
from regulars.web.console.desk import AtDesk
from regulars.words.errors import Unknown


@get("/messages/{message_id:int}", sync_to_thread=True)
def one_message(desk: AtDesk, message_id: FromPath[int]) -> Response[str]:
    """Show why a message was sent, or was not."""
    with desk.tx() as tx:
        reasons = why(tx, message_id)
        return desk.page(
            "message.html",
            why=reasons,
            customer=get_customer(tx, reasons.customer_id),
            written=written(tx, message_id),
        )


def written(tx: Tx, message_id: int) -> Rendered | None:
    """Return a message as it was sent; None for one that was not written."""
    try:
        return shown(tx, message_id)
    except Unknown:
        return None


ROUTES = [one_message]
