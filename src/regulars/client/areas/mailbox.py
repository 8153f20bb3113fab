"""The API's mailbox. Made by tools/make_client.py: do not edit."""

from datetime import datetime

import msgspec

from regulars.client.line import Line, place
from regulars.client.lists import Pages


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail."""

    message_id: int
    recipient: str
    sender: str
    subject: str
    html: str
    text: str
    headers: dict[str, str]
    at: datetime


class MailLine(msgspec.Struct, frozen=True, kw_only=True):
    """A mail in a list."""

    message_id: int
    recipient: str
    sender: str
    subject: str
    preview: str
    at: datetime


class MailboxGone(msgspec.Struct, frozen=True, kw_only=True):
    """A mail that is deleted."""

    number: int


class MailboxApi:
    """What can be asked and done about mailbox."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def list(self, *, recipient: str | None = None, limit: int | None = None) -> Pages[MailLine]:
        """List the mail that the sandbox kept in the house, the newest first; to one address if named."""
        return self._line.pages("/api/mailbox", MailLine, {"recipient": recipient, "limit": limit})

    def mail(self, number: int) -> Mail:
        """Return one mail of the sandbox."""
        return self._line.ask(f"/api/mailbox/{place(number)}", Mail)

    def delete_mail(self, number: int, *, once: str | None = None) -> MailboxGone:
        """Delete one mail of the sandbox. For a day it can be restored."""
        return self._line.change("DELETE", f"/api/mailbox/{place(number)}", MailboxGone, {}, once)

    def restore_mail(self, number: int, *, once: str | None = None) -> Mail:
        """Take the deleting of one mail back."""
        return self._line.change("POST", f"/api/mailbox/{place(number)}/restore", Mail, {}, once)
