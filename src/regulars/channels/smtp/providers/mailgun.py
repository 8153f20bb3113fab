"""Mailgun's webhooks: a timestamp and a token, signed by HMAC with the webhook signing key of the account.

The signature does not cover the rest of the call: who could read one call could say something else with it. So a token
is taken once, and what it said belongs to the key under which it is known.

https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
https://documentation.mailgun.com/docs/mailgun/user-manual/events/event-structure
"""

from hmac import compare_digest, digest
from typing import Any

import msgspec

from regulars.channels.smtp.providers.call import Call, Told, decoded, forged, fresh, refused
from regulars.words.errors import NoKey

NAME = "Mailgun"


class _Signature(msgspec.Struct, frozen=True):
    timestamp: str = ""
    token: str = ""
    signature: str = ""


class _Status(msgspec.Struct, frozen=True, rename="kebab"):
    code: int | str | None = None
    enhanced_code: str | None = None
    message: str | None = None
    description: str | None = None


class _Message(msgspec.Struct, frozen=True):
    headers: dict[str, Any] = {}


class _Event(msgspec.Struct, frozen=True, rename="kebab"):
    event: str = ""
    severity: str = ""
    reason: str = ""
    recipient: str = ""
    delivery_status: _Status = _Status()
    message: _Message = _Message()
    user_variables: dict[str, Any] | list[Any] = {}


class _Call(msgspec.Struct, frozen=True):
    signature: _Signature = _Signature()
    event_data: _Event = msgspec.field(name="event-data", default=_Event())


def hear(call: Call, secret: str) -> list[Told]:
    """Return what Mailgun tells; `secret` is the account's webhook signing key."""
    whole = decoded(NAME, call.body, _Call)
    given = whole.signature
    if not given.signature:
        raise NoKey("{provider} signs what it sends; this is not signed.", provider=NAME)
    said = digest(secret.encode(), f"{given.timestamp}{given.token}".encode("utf-8", "surrogatepass"), "sha256").hex()
    fits = bool(secret and given.token) and compare_digest(said.encode(), given.signature.lower().encode("utf-8"))
    if not (fits and fresh(call, given.timestamp)):
        raise forged(NAME)
    one = whole.event_data
    told = _read(one, f"mailgun:{given.token}")
    variables = one.user_variables if isinstance(one.user_variables, dict) else {}
    mark, message_id = str(variables.get("regulars", "")), str(one.message.headers.get("message-id", ""))
    return [msgspec.structs.replace(told, mark=mark, message_id=message_id)] if told else []


def _read(one: _Event, key: str) -> Told | None:
    status = one.delivery_status
    said = (status.code, status.enhanced_code, status.message or status.description)
    reason = " ".join(str(part) for part in said if part)
    match one.event:
        case "complained":
            told = Told("complained", key, one.recipient)
        case "unsubscribed":
            told = Told("left", key, one.recipient)
        case "failed" if one.severity != "permanent":
            told = None  # it is tried again
        case "failed" if one.reason == "suppress-complaint":
            told = Told("complained", key, one.recipient, reason)
        case "failed" if one.reason == "suppress-unsubscribe":
            told = Told("left", key, one.recipient)
        case "failed" if one.reason == "suppress-bounce":
            told = Told("bounced", key, one.recipient, reason)
        case "failed" if str(status.code or "").startswith("4"):
            told = Told("soft", key, one.recipient, reason)
        case "failed":
            told = refused(key, one.recipient, reason, at_recipient=one.reason in {"bounce", "generic"})
        case _:
            told = None
    return told
