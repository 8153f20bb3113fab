"""Amazon SES, by way of an SNS topic: signed with a certificate, whose address is pinned to SNS's own hosts.

`secret` is the ARN of the topic: SNS signs for everybody, so only what comes from ours is believed. A topic that asks
whether it may call is answered, by an address that is pinned as well.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import UTC, datetime
from hmac import compare_digest
from typing import Any
from urllib.parse import urlsplit

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.x509 import load_pem_x509_certificate

from regulars.channels.smtp.marks import HEADER
from regulars.channels.smtp.providers.call import WINDOW, Call, Told, decoded, forged
from regulars.outbound import Outbound
from regulars.words.errors import NoKey

NAME = "Amazon SES"
_HOST = re.compile(r"sns\.[a-z0-9-]{3,30}\.amazonaws\.com(?:\.cn)?", re.ASCII)
_OF_NOTIFICATION = ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")
_OF_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_NOT_THEIRS = frozenset({"ContentRejected", "AttachmentRejected", "MessageTooLarge"})
_HASHES = {"1": SHA1, "2": SHA256}
_FINE = 200
_MOST_HELD = 16
HELD: dict[str, bytes] = {}
"""Certificates that were fetched, by their address."""


class _Sns(msgspec.Struct, frozen=True, rename="pascal"):
    type: str = ""
    message: str = ""
    message_id: str = ""
    subject: str | None = None
    timestamp: str = ""
    topic_arn: str = ""
    token: str | None = None
    subscribe_url: str | None = msgspec.field(name="SubscribeURL", default=None)
    signature: str = ""
    signature_version: str = ""
    signing_cert_url: str = msgspec.field(name="SigningCertURL", default="")


class _Recipient(msgspec.Struct, frozen=True, rename="camel"):
    email_address: str = ""
    status: str | None = None
    diagnostic_code: str | None = None


class _Bounce(msgspec.Struct, frozen=True, rename="camel"):
    bounce_type: str = ""
    bounce_sub_type: str = ""
    bounced_recipients: list[_Recipient] = []
    feedback_id: str = ""


class _Complaint(msgspec.Struct, frozen=True, rename="camel"):
    complained_recipients: list[_Recipient] = []
    complaint_feedback_type: str | None = None
    feedback_id: str = ""


class _Mail(msgspec.Struct, frozen=True):
    headers: list[dict[str, Any]] = []


class _Event(msgspec.Struct, frozen=True, rename="camel"):
    notification_type: str = ""
    event_type: str = ""
    mail: _Mail = _Mail()
    bounce: _Bounce = _Bounce()
    complaint: _Complaint = _Complaint()


def hear(call: Call, secret: str) -> list[Told]:
    """Return what SES tells; a topic that asks whether it may call is told so."""
    one = decoded(NAME, call.body, _Sns)
    if not one.signature:
        raise NoKey("{provider} signs what it sends; this is not signed.", provider=NAME)
    ours = bool(secret) and compare_digest(one.topic_arn.encode("utf-8", "surrogatepass"), secret.strip().encode())
    if not (ours and _fresh(call, one.timestamp) and _signed(call, one)):
        raise forged(NAME)
    if one.type == "SubscriptionConfirmation" and _pinned(one.subscribe_url or ""):
        call.outbound.get(one.subscribe_url or "")
    if one.type != "Notification" or not one.message.startswith("{"):
        return []
    return list(_told(decoded(NAME, one.message.encode("utf-8", "surrogatepass"), _Event)))


def _fresh(call: Call, timestamp: str) -> bool:
    try:
        at = datetime.fromisoformat(timestamp)
    except ValueError:
        return False
    return abs(call.now - (at if at.tzinfo else at.replace(tzinfo=UTC))) <= WINDOW


def _pinned(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme == "https" and parts.netloc == parts.hostname and bool(_HOST.fullmatch(parts.hostname or ""))
        )
    except ValueError:
        return False


def _signed(call: Call, one: _Sns) -> bool:
    hashed = _HASHES.get(one.signature_version)
    if hashed is None or not _pinned(one.signing_cert_url) or not urlsplit(one.signing_cert_url).path.endswith(".pem"):
        return False
    pem = _certificate(call.outbound, one.signing_cert_url)
    try:
        certificate = load_pem_x509_certificate(pem)
        key = certificate.public_key()
        if not certificate.not_valid_before_utc <= call.now <= certificate.not_valid_after_utc:
            return False
        if not isinstance(key, RSAPublicKey):
            return False
        key.verify(b64decode(one.signature), _said(one), PKCS1v15(), hashed())
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _certificate(outbound: Outbound, url: str) -> bytes:
    """Return a certificate, fetched once a process: it stands behind an address that is pinned, and does not change."""
    if url not in HELD:
        answer = outbound.get(url)
        if answer.status != _FINE:
            raise forged(NAME)
        if len(HELD) >= _MOST_HELD:
            HELD.clear()
        HELD[url] = answer.body
    return HELD[url]


def _said(one: _Sns) -> bytes:
    """Return what was signed: names and values, a line each, in the order of the names."""
    values: dict[str, str | None] = msgspec.to_builtins(one)
    names = _OF_NOTIFICATION if one.type == "Notification" else _OF_CONFIRMATION
    lines = (f"{name}\n{values[name]}\n" for name in names if values.get(name) is not None)
    return "".join(lines).encode("utf-8", "surrogatepass")


def _told(one: _Event) -> Iterator[Told]:
    marks = [str(each.get("value", "")) for each in one.mail.headers
             if str(each.get("name", "")).lower() == HEADER.lower()]  # fmt: skip
    mark, kind = "".join(marks[:1]), one.event_type or one.notification_type
    if kind == "Complaint":
        for each in one.complaint.complained_recipients:
            key = f"ses:{one.complaint.feedback_id}:{each.email_address}"
            yield Told("complained", key, each.email_address, one.complaint.complaint_feedback_type or "", mark=mark)
    if kind == "Bounce":
        bounce = one.bounce
        for each in bounce.bounced_recipients:
            key = f"ses:{bounce.feedback_id}:{each.email_address}"
            reason = f"{each.status or ''} {each.diagnostic_code or bounce.bounce_sub_type}".strip()
            soft = bounce.bounce_type != "Permanent" and bounce.bounce_sub_type not in _NOT_THEIRS
            dead = bounce.bounce_type == "Permanent" and bounce.bounce_sub_type not in _NOT_THEIRS
            yield Told("soft" if soft else "bounced", key, each.email_address, reason, dead=dead, mark=mark)
