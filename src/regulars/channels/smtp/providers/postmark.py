"""Postmark's webhooks. Postmark signs nothing: it sends the name and password that stand in the address it calls.

https://postmarkapp.com/developer/webhooks/webhooks-overview
https://postmarkapp.com/developer/webhooks/bounce-webhook
https://postmarkapp.com/developer/webhooks/spam-complaint-webhook
https://postmarkapp.com/developer/api/bounce-api
"""

from base64 import b64decode
from binascii import Error as Base64Error
from hmac import compare_digest

import msgspec

from regulars.channels.smtp.providers.call import Call, Told, decoded, forged
from regulars.words.errors import NoKey

NAME = "Postmark"
_DEAD = frozenset({"HardBounce", "BadEmailAddress"})
_SOFT = frozenset({"SoftBounce", "Transient", "DnsError"})
_NOT_THEIRS = frozenset({"SpamNotification", "Blocked", "DMARCPolicy", "VirusNotification", "SMTPApiError"})


class _Record(msgspec.Struct, frozen=True, rename="pascal"):
    record_type: str = ""
    id: int = msgspec.field(name="ID", default=0)
    type: str = ""
    message_id: str = msgspec.field(name="MessageID", default="")
    email: str = ""
    recipient: str = ""
    description: str = ""
    details: str = ""
    metadata: dict[str, str] = {}
    suppress_sending: bool = False
    suppression_reason: str | None = None
    changed_at: str = ""


def hear(call: Call, secret: str) -> list[Told]:
    """Return what Postmark tells; `secret` is the password in the address that it calls."""
    scheme, _, given = call.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic" or not given:
        raise NoKey("{provider} is known by the password in the address that it calls; there is none.", provider=NAME)
    try:
        password = b64decode(given).partition(b":")[2]
    except (Base64Error, ValueError):
        raise forged(NAME) from None
    if not secret or not compare_digest(password, secret.encode()):
        raise forged(NAME)
    one = decoded(NAME, call.body, _Record)
    told = _read(one)
    return [msgspec.structs.replace(told, mark=one.metadata.get("regulars", ""))] if told else []


def _read(one: _Record) -> Told | None:
    key, reason = f"postmark:{one.record_type}:{one.id}", f"{one.description} {one.details}".strip()
    match one.record_type:
        case "SpamComplaint":
            told = Told("complained", key, one.email)
        case "SubscriptionChange" if one.suppress_sending and one.suppression_reason == "ManualSuppression":
            told = Told("left", f"{key}:{one.message_id}:{one.recipient}:{one.changed_at}", one.recipient)
        case "Bounce" if one.type in _DEAD:
            told = Told("bounced", key, one.email, reason)
        case "Bounce" if one.type in _SOFT:
            told = Told("soft", key, one.email, reason)
        case "Bounce" if one.type in _NOT_THEIRS:
            told = Told("bounced", key, one.email, reason, dead=False)
        case "Bounce" if one.type == "SpamComplaint":
            told = Told("complained", key, one.email)
        case "Bounce" if one.type == "Unsubscribe":
            told = Told("left", key, one.email)
        case _:
            told = None
    return told
