"""`/why/<token>`: why a message was sent, told to whoever got it: what it quoted, by which consent, and for what."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from regulars.access.links import Link
from regulars.engage.own_page import asked_in
from regulars.engage.preferences import MARKETING
from regulars.speak.why import Why, why
from regulars.store.database import Tx
from regulars.web.pages.own_words import allowed, quoted
from regulars.web.pages.preferences import words
from regulars.web.pages.visit import Visit
from regulars.words.errors import LinkDead, Unknown


@get("/why/{token:str}", sync_to_thread=True)
def explain(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[str]:
    """Show why a message was sent."""
    link = visit.link(token)
    visit = visit.entered(link.workspace)
    with visit.house.database.workspace(link.workspace) as tx:
        told, asked = why_of(tx, link), asked_in(tx, visit.locale)
        quotes = list(quoted(tx, visit, told, asked))
    return visit.page(
        "why.html",
        token=token,
        why=told,
        consent=allowed(visit, told.consent, asked) if told.consent else None,
        quoted=quotes,
        about=words((told.purpose or MARKETING[0], MARKETING[1]), visit.locale),
    )


def why_of(tx: Tx, link: Link) -> Why:
    """Return why the link's message was sent; the link opens nothing that went to another address."""
    dead = LinkDead("This link belongs to no message we still have. Open it again from a newer one.")
    if link.message_id is None:
        raise dead
    try:
        told = why(tx, link.message_id)
    except Unknown as unknown:
        raise dead from unknown
    if told.message.identity_id not in {None, link.identity_id}:
        raise dead
    return told


ROUTES = [explain]
