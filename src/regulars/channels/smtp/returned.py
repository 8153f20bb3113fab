"""What a mail in our mailbox says of a message of ours: returned (RFC 3464), called spam (RFC 5965), or left.

Only a mark that we made says which message is meant; without one a mail says nothing. Whoever sends us mail is hostile:
what is read of it is limited in size and in parts, and nothing of it is ever decoded as HTML or opened.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any, TypeAlias

import msgspec

from regulars.channels.smtp.blame import is_dead
from regulars.channels.smtp.marks import HEADER, Marks
from regulars.engage.returns import What

LARGEST = 256 * 1024
"""What is read of a mail: a report stands at its beginning, and what was returned with it is not needed whole."""
_PARTS = 30
_TEXT = 16 * 1024
_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"(?<![\d.])([45])\d\d(?=[ -])")
_DAEMON = re.compile(r"(?:mailer-daemon|postmaster|mail-?daemon|bounce)[^@\s]*@|<>|^\s*mailer-daemon", re.IGNORECASE)
_FULL = re.compile(r"\b[45]\.2\.2\b|mailbox (?:is )?full|over ?quota|quota exceeded", re.IGNORECASE)
_NESTED = re.compile(rb"(?:multipart|message)/", re.IGNORECASE)
"""What stands in another: Python's parser goes down with each, and a thousand would be more than it can."""
_HEADER = re.compile(rf"^{HEADER}:[ \t]*(\S{{1,64}})", re.IGNORECASE | re.MULTILINE)
_NO_COMPLAINT = frozenset({"not-spam", "opt-out", "opt-out-list", "auth-failure"})

Mail: TypeAlias = "Message[str, str]"


class Said(msgspec.Struct, frozen=True):
    """What a mail says of a message."""

    message_id: int
    what: What
    reason: str = ""
    dead: bool = True


def read(raw: bytes, marks: Marks) -> Said | None:
    """Return what a mail says of a message of ours; None where it says nothing, or is about none."""
    raw = raw[:LARGEST]
    if len(_NESTED.findall(raw)) > _PARTS:
        return None
    mail: Mail = message_from_bytes(raw)
    parts = list(_parts(mail))
    named = _named(mail, raw, marks)
    if named is None:
        return None
    purpose, message_id = named
    if any(part.get_content_type() == "message/feedback-report" for part in parts):
        return _complaint(parts, message_id)
    reports = [part for part in parts if part.get_content_type() == "message/delivery-status"]
    if reports:
        return _by_report(reports, message_id)
    if _is_of_a_daemon(mail):
        return _by_text(parts, message_id)
    answered = str(mail.get("Auto-Submitted", "no")).strip().lower() not in {"", "no"}
    return Said(message_id, "left") if purpose == "u" and not answered else None


def _parts(mail: Mail) -> Iterator[Mail]:
    for number, part in enumerate(mail.walk()):
        if number >= _PARTS:
            return
        yield part


def _named(mail: Mail, raw: bytes, marks: Marks) -> tuple[str, int] | None:
    """Return which message a mail is about: by the address it came to, or by the head of the mail that it returns."""
    to = " ".join(str(value) for name in _TO for value in mail.get_all(name, []))
    if found := marks.in_address(to):
        return found
    text = raw.decode("latin-1")
    for mark in _HEADER.findall(text):
        if (message_id := marks.read(mark)) is not None:
            return "", message_id
    return marks.in_address(text)


def _complaint(parts: list[Mail], message_id: int) -> Said | None:
    """Read a feedback report: every kind of complaint but those that are none."""
    fields = _fields(next(part for part in parts if part.get_content_type() == "message/feedback-report"))
    kind = fields.get("feedback-type", "abuse").strip().lower()
    if kind in {"opt-out", "opt-out-list"}:
        return Said(message_id, "left")
    return None if kind in _NO_COMPLAINT else Said(message_id, "complained", kind)


def _by_report(reports: list[Mail], message_id: int) -> Said | None:
    """Read a delivery status: what failed for its recipient. Who is only told that it takes longer hears nothing."""
    for report in reports:
        for fields in _blocks(report):
            action = fields.get("action", "").strip().lower()
            if action == "failed" or (not action and "status" in fields):
                words = f"{fields.get('status', '')} {fields.get('diagnostic-code', '')}"
                return _judged(message_id, words, at_recipient=True)
    return None


def _by_text(parts: list[Mail], message_id: int) -> Said | None:
    """Read what a mail server writes in words, as some do: a status or a code in it says how it ended."""
    for part in parts:
        if part.get_content_maintype() == "text":
            words = _text_of(part)
            found = _STATUS.search(words) or _CODE.search(words)
            if found and found[1] in "45":
                start = max(0, words.rfind("\n", 0, found.start()))
                return _judged(message_id, words[start : found.end() + 200], at_recipient=False)
    return None


def _judged(message_id: int, words: str, *, at_recipient: bool) -> Said | None:
    found = _STATUS.search(words) or _CODE.search(words)
    reason = " ".join(words.split())
    if found and found[1] == "2":
        return None
    if _FULL.search(words) or (found and found[1] == "4"):
        return Said(message_id, "soft", reason)
    return Said(message_id, "bounced", reason, dead=is_dead(words, at_recipient=at_recipient))


def _is_of_a_daemon(mail: Mail) -> bool:
    """Whether a mail server wrote it: its address says so, or that it wants no answer."""
    return any(_DAEMON.search(str(mail.get(name, ""))) for name in ("Return-Path", "From"))


def _blocks(report: Mail) -> Iterator[dict[str, str]]:
    """Yield the fields of each recipient in a delivery status: those of the message come first and have no action."""
    inner: Any = report.get_payload()
    if isinstance(inner, list):
        blocks: list[Mail] = [one for one in inner[:_PARTS] if isinstance(one, Message)]
        yield from ({name.lower(): str(value) for name, value in one.items()} for one in blocks)
    else:
        yield _fields(report)


def _fields(part: Mail) -> dict[str, str]:
    """Return the fields that a part has for its text; some of these parts are parsed as mails of their own."""
    inner: Any = part.get_payload()
    if isinstance(inner, list) and inner and isinstance(inner[0], Message):
        first: Mail = inner[0]
        found = {name.lower(): str(value) for name, value in first.items()}
        if found:
            return found
        return _lines(_text_of(first))
    return _lines(_text_of(part))


def _lines(text: str) -> dict[str, str]:
    split = (line.partition(":") for line in text.splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in split if colon and " " not in name.strip()}


def _text_of(part: Mail) -> str:
    raw: Any = part.get_payload(decode=True)
    return raw[:_TEXT].decode("utf-8", "replace") if isinstance(raw, bytes) else ""
