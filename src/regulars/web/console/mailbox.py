"""The sandbox mailbox: mail that never left the house, to be read as its customer would read it."""

from datetime import datetime

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.channels.sandbox import mailbox
from regulars.speak.messages import get_message
from regulars.speak.tracking import without_picture
from regulars.speak.why import why
from regulars.store.database import Tx
from regulars.web import cursors
from regulars.web.console import undoing
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import Way, nothing, numbers_picked
from regulars.web.console.veil import hidden_from, refuse, telling_segments
from regulars.web.i18n import translator
from regulars.web.noting import notes

PAGE = 50
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data: {logos}; frame-ancestors 'self'; base-uri 'none'; "
    "form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A mail may have its own styles and open links in a new tab; it runs nothing and loads nothing but our logos."""
_NEW_TAB = '<base target="_blank">'


@get("/mailbox", sync_to_thread=True, opt=notes("mail.listed"))
def mail_list(desk: AtDesk, to: FromQuery[str] = "", after: FromQuery[str] = "") -> Response[str]:
    """Show the newest mails, or those that come after a place; to one address, if named."""
    place, to = cursors.read(after, tuple[datetime, int]), to.strip()
    way = Way(f"{desk.home}/mailbox", {"to": to})
    with desk.tx() as tx:
        found = mailbox.list_mail(tx, recipient=to or None, limit=PAGE + 1, before=place)
        return desk.page(
            "mailbox.html",
            mails=found[:PAGE],
            total=mailbox.count_mail(tx, recipient=to or None),
            to=to,
            chips=[way.chip(translator(desk.locale).gettext("to %(address)s") % {"address": to}, "to")] if to else [],
            first=way.but(),
            earlier=way.but() if place else "",
            later=way.but(after=cursors.made(found[PAGE - 1].at, found[PAGE - 1].message_id))
            if len(found) > PAGE
            else "",
        )


@get("/mailbox/{message_id:int}", sync_to_thread=True, opt=notes("message.seen", "customer"))
def one_mail(desk: AtDesk, message_id: FromPath[int]) -> Response[str]:
    """Show one mail with its text beside."""
    with desk.tx() as tx:
        return desk.page("mail.html", mail=_mail(desk, tx, message_id))


@get("/mailbox/{message_id:int}/html", sync_to_thread=True, opt=notes("message.seen", "customer"))
def mail_html(desk: AtDesk, message_id: FromPath[int]) -> Response[str]:
    """Return a mail's HTML for the frame it is shown in; its links open in a new tab."""
    with desk.tx() as tx:
        mail = _mail(desk, tx, message_id)
    shown = desk.letter(without_picture(mail.html))
    head, mark, rest = shown.partition("<head>")
    html = f"{head}{mark}{_NEW_TAB}{rest}" if mark else f"{_NEW_TAB}{shown}"
    policy = _POLICY.format(logos=f"{desk.house.base_url}/brand/")
    return Response(html, media_type="text/html; charset=utf-8", headers={"content-security-policy": policy})


@post("/mailbox/delete", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("mail.deleted", "mail"))
def delete_mail(desk: AtDesk) -> Redirect:
    """Delete the mail that was ticked."""
    with desk.tx() as tx:
        gone = mailbox.delete(tx, numbers_picked(desk), desk.now)
        if not gone:
            return nothing(desk, "/mailbox")
        done = undoing.did(desk, tx, "mail.deleted", list(gone.values()), kept=list(gone))
        desk.slip.tell(after={"mails": len(gone)})
        desk.slip.write(tx)
    return undoing.land(desk, "/mailbox", done)


def _mail(desk: Desk, tx: Tx, message_id: int) -> mailbox.Mail:
    mail = mailbox.get_mail(tx, message_id)
    message = get_message(tx, message_id)
    desk.slip.tell(message.customer_id, after={"message": message_id})
    if message.notice is None:
        reasons = why(tx, message_id)
        refuse([one.name for one in reasons.facts], hidden_from(desk, tx))
        refuse([reasons.segment, *(one.name for one in reasons.segments)], telling_segments(desk, tx))
    return mail


ROUTES = [mail_list, delete_mail, one_mail, mail_html]
