"""Reads the mailbox that mail is returned to, by IMAP (RFC 9051): each mail once, and none is deleted or marked.

How far it was read is kept as IMAP names mails: by UIDVALIDITY and UID. The place moves in the transaction that takes
what the mails say, so a crash neither loses nor repeats one. Of a mailbox that was not read before, or that was made
anew, only what arrives from then on is read.
"""

import imaplib
import socket
import ssl
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

import structlog

from regulars.access.vault import Vault
from regulars.channels.smtp import post, returned
from regulars.channels.smtp import post_records as records
from regulars.channels.smtp.marks import Marks
from regulars.channels.smtp.post_records import Returned
from regulars.channels.smtp.returned import LARGEST
from regulars.engage import returns
from regulars.engage.returns import Return
from regulars.outbound import place_of
from regulars.store.database import Database
from regulars.words.errors import RegularsError

log = structlog.get_logger()

_PATIENCE = 20.0
_AT_ONCE = 50
"""Mails that are read in one transaction."""
_MOST = 1_000
"""Mails that are read in one round; the next one goes on."""
_LONGEST = 200
_OK = "OK"
Mail = tuple[int, bytes]
"""Its UID, and the beginning of what it says."""


def read_box(
    database: Database,
    vault: Vault,
    workspace: str,
    now: datetime,
    *,
    private: bool,
    context: ssl.SSLContext | None = None,
) -> int:
    """Read on in the mailbox of a workspace, if it has one; return how much was new of messages of ours.

    What keeps it from being read is kept, and shown where it is set up; nothing is raised for it.
    """
    with database.workspace(workspace) as tx:
        one, marks = post.standing(tx), post.marks(tx, workspace)
    if not one.host:
        return 0
    password = ""
    try:
        password = post.secrets_of(one, vault, workspace).get("password", "")
        with _opened(one, password, private=private, context=context) as box:
            return _read_on(database, workspace, one, marks, box, now)
    except (OSError, imaplib.IMAP4.error, RegularsError) as error:
        said = str(error) or type(error).__name__
        why = (said.replace(password, "…") if password else said)[:_LONGEST]
        log.info("the mailbox of returned mail cannot be read", workspace=workspace, why=why)
        with database.workspace(workspace) as tx:
            records.note_problem(tx, one.version, why, now)
        return 0


class _Box(imaplib.IMAP4_SSL):
    """A connection to the address that was looked up and judged, and to no other that the name may stand for next."""

    def __init__(self, host: str, port: int, place: str, context: ssl.SSLContext) -> None:
        self._place = place
        super().__init__(host, port, ssl_context=context, timeout=_PATIENCE)

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        line = socket.create_connection((self._place, self.port), timeout)
        return self.ssl_context.wrap_socket(line, server_hostname=self.host)


@contextmanager
def _opened(one: Returned, password: str, *, private: bool, context: ssl.SSLContext | None) -> Generator[imaplib.IMAP4]:
    place = place_of(one.host, one.port, private=private)
    box = _Box(one.host, one.port, place, context or ssl.create_default_context())
    try:
        box.login(one.username, password)
        if box.select("INBOX", readonly=True)[0] != _OK:
            raise imaplib.IMAP4.error("the mailbox could not be opened")
        yield box
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            box.logout()


def _read_on(database: Database, workspace: str, one: Returned, marks: Marks, box: imaplib.IMAP4, now: datetime) -> int:
    validity = _said(box, "UIDVALIDITY")
    if not validity:
        raise imaplib.IMAP4.error("the mailbox does not say which one it is")
    ours, read, last = 0, 0, one.uid
    if one.uid_validity != validity or last is None:
        with database.workspace(workspace) as tx:
            if records.hold_place(tx, one.version) is not None:
                records.move_place(tx, one.version, (validity, max(_said(box, "UIDNEXT") - 1, 0)), now)
        return 0
    while read < _MOST:
        mails = list(_behind(box, last))
        with database.workspace(workspace) as tx:
            if records.hold_place(tx, one.version) != (validity, last):
                return ours  # another process reads on, or another mailbox was set up
            last = max([last, *(uid for uid, _ in mails)])
            records.move_place(tx, one.version, (validity, last), now)
            told = [_return(mail, marks, validity) for mail in mails]
            ours += returns.take(tx, [each for each in told if each], now)
        read += len(mails)
        if len(mails) < _AT_ONCE:
            break
    return ours


def _behind(box: imaplib.IMAP4, last: int) -> Iterator[Mail]:
    """Yield the next mails behind one, up to some, only their beginnings. `n:*` gives the last mail again."""
    _, found = box.uid("SEARCH", f"UID {last + 1}:*")
    wanted = sorted(int(uid) for uid in (found[0] or b"").split() if int(uid) > last)[:_AT_ONCE]
    for uid in wanted:
        status, parts = box.uid("FETCH", str(uid), f"(UID BODY.PEEK[]<0.{LARGEST}>)")
        if status != _OK:
            raise imaplib.IMAP4.error("a mail could not be read")
        read = [part for part in parts if isinstance(part, tuple)]
        yield uid, bytes(read[0][1]) if read else b""


def _said(box: imaplib.IMAP4, name: str) -> int:
    """Return a number that the server said of the mailbox as it was selected."""
    _, found = box.response(name)
    return int(found[-1]) if found and found[-1] else 0


def _return(mail: Mail, marks: Marks, validity: int) -> Return | None:
    uid, raw = mail
    said = returned.read(raw, marks)
    if said is None:
        return None
    key = f"imap:{validity}:{uid}"
    return Return(said.what, key, said.message_id, reason=said.reason, dead=said.dead)
