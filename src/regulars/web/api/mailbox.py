"""The sandbox's mailbox: mail that never left the house."""

from datetime import datetime

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath, FromQuery
from msgspec import structs

from regulars.channels.sandbox import mailbox
from regulars.channels.sandbox.mailbox import Mail, MailLine
from regulars.speak.messages import get_message
from regulars.store.database import Tx
from regulars.web import cursors
from regulars.web.api.entry import AnyRequest, Cursor, Limit, Listing, letter, opened, part
from regulars.web.api.once import Nothing, once
from regulars.web.api.telling import told
from regulars.web.noting import notes, slip_of
from regulars.words.clock import utc_now


class Gone(msgspec.Struct, frozen=True):
    """A mail that is deleted."""

    number: int


@get("/mailbox", sync_to_thread=True, opt=told(query={"limit": 10}) | notes("mail.listed"))
def list_mailbox(
    request: AnyRequest, recipient: FromQuery[str | None] = None, limit: Limit = 50, cursor: Cursor = ""
) -> Listing[MailLine]:
    """List the mail that the sandbox kept in the house, the newest first; to one address if named."""
    before = cursors.read(cursor, tuple[datetime, int])
    with opened(request) as tx:
        found = mailbox.list_mail(tx, recipient=recipient, limit=limit + 1, before=before)
        total = mailbox.count_mail(tx, recipient=recipient)
        return part(found, total, limit, lambda one: (one.at, one.message_id))


@get("/mailbox/{number:int}", sync_to_thread=True, opt=told(number="1") | notes("message.seen", "customer"))
def get_mail(request: AnyRequest, number: FromPath[int]) -> Mail:
    """Return one mail of the sandbox.

    Its links act for its customer: a read key is given it without their signatures.
    """
    with opened(request) as tx:
        mail = mailbox.get_mail(tx, number)
        slip_of(request).tell(get_message(tx, number).customer_id, after={"message": number})
        headers = {name: letter(request, said) for name, said in mail.headers.items()}
        return structs.replace(mail, html=letter(request, mail.html), text=letter(request, mail.text), headers=headers)


@delete(
    "/mailbox/{number:int}",
    status_code=200,
    sync_to_thread=True,
    opt=told(number="1", takes=Nothing, gives=Gone) | notes("mail.deleted", "mail", by="number"),
)
def delete_mail(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Delete one mail of the sandbox. For a day it can be restored."""

    def forget(tx: Tx, _: Nothing) -> Gone:
        mailbox.get_mail(tx, number)
        mailbox.delete(tx, [number], utc_now())
        return Gone(number)

    return once(request, Nothing, forget)


@post(
    "/mailbox/{number:int}/restore",
    status_code=200,
    sync_to_thread=True,
    opt=told(number="1", takes=Nothing, gives=Mail) | notes("change.undone", "mail", by="number"),
)
def restore_mail(request: AnyRequest, number: FromPath[int]) -> Response[bytes]:
    """Take the deleting of one mail back."""

    def restore(tx: Tx, _: Nothing) -> Mail:
        mailbox.restore(tx, [number])
        return mailbox.get_mail(tx, number)

    return once(request, Nothing, restore)


HANDLERS = [list_mailbox, get_mail, delete_mail, restore_mail]
