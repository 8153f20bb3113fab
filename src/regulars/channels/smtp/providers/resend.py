"""Resend's webhooks, signed as Standard Webhooks has it: HMAC over the id, the timestamp and the text.

https://resend.com/docs/dashboard/webhooks/verify-webhooks-requests
https://resend.com/docs/dashboard/webhooks/event-types
https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from datetime import timedelta
from hmac import compare_digest, digest

import msgspec

from regulars.channels.smtp.marks import HEADER
from regulars.channels.smtp.providers.call import Call, Told, decoded, forged, fresh, refused
from regulars.words.errors import NoKey

NAME = "Resend"
_WINDOW = timedelta(minutes=5)
"""As the specification has it: each attempt is signed anew."""


class _Bounce(msgspec.Struct, frozen=True, rename="camel"):
    type: str = ""
    sub_type: str = ""
    message: str = ""


class _Header(msgspec.Struct, frozen=True):
    name: str = ""
    value: str = ""


class _Data(msgspec.Struct, frozen=True):
    to: list[str] | str = []
    bounce: _Bounce = _Bounce()
    headers: list[_Header] = []


class _Event(msgspec.Struct, frozen=True):
    type: str = ""
    data: _Data = _Data()


def hear(call: Call, secret: str) -> list[Told]:
    """Return what Resend tells; `secret` is the signing secret that it shows, `whsec_...`."""
    named = [call.headers.get(f"svix-{part}") or call.headers.get(f"webhook-{part}", "")
             for part in ("id", "timestamp", "signature")]  # fmt: skip
    number, timestamp, signatures = named
    if not signatures:
        raise NoKey("{provider} signs what it sends; this is not signed.", provider=NAME)
    try:
        key = b64decode(secret.removeprefix("whsec_"))
    except (Base64Error, ValueError):
        raise forged(NAME) from None
    said = f"{number}.{timestamp}.".encode("utf-8", "surrogatepass") + call.body
    expected = b"v1," + b64encode(digest(key, said, "sha256"))
    fits = [compare_digest(expected, one.encode("utf-8", "surrogatepass")) for one in signatures.split(" ")]
    if not (key and number and any(fits) and fresh(call, timestamp, _WINDOW)):
        raise forged(NAME)
    return _told(decoded(NAME, call.body, _Event), f"resend:{number}")


def _told(one: _Event, key: str) -> list[Told]:
    to = one.data.to if isinstance(one.data.to, list) else [one.data.to]
    marks = [each.value for each in one.data.headers if each.name.lower() == HEADER.lower()]
    found = [_read(one, f"{key}:{address}", address) for address in to]
    return [msgspec.structs.replace(each, mark="".join(marks[:1])) for each in found if each]


def _read(one: _Event, key: str, address: str) -> Told | None:
    bounce = one.data.bounce
    match one.type:
        case "email.complained":
            return Told("complained", key, address)
        case "email.bounced" if bounce.type in {"Transient", "Temporary"}:
            return Told("soft", key, address, bounce.message)
        case "email.bounced" if bounce.type == "Permanent":
            return Told("bounced", key, address, bounce.message)
        case "email.bounced":
            return refused(key, address, bounce.message, at_recipient=False)
        case _:
            return None
