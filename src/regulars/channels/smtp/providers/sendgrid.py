"""SendGrid's event webhook: signed by ECDSA over the timestamp and the text, the public key from its settings.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
"""

from base64 import b64decode

import msgspec
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from regulars.channels.smtp.providers.call import Call, Told, decoded, forged, fresh, refused
from regulars.words.errors import NoKey

NAME = "SendGrid"
_SIGNATURE, _TIMESTAMP = "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"
_DROPPED_FOR_SPAM = "spam reporting address"
_DROPPED_AS_DEAD = ("bounced address", "invalid")


class _Event(msgspec.Struct, frozen=True):
    event: str = ""
    email: str = ""
    sg_event_id: str = ""
    type: str = ""
    reason: str = ""
    status: str = ""
    smtp_id: str = msgspec.field(name="smtp-id", default="")
    regulars: str = ""


def hear(call: Call, secret: str) -> list[Told]:
    """Return what SendGrid tells; `secret` is the verification key that it shows."""
    signature, timestamp = call.headers.get(_SIGNATURE, ""), call.headers.get(_TIMESTAMP, "")
    if not signature:
        raise NoKey("{provider} signs what it sends; this is not signed. Enable signature verification.", provider=NAME)
    if not (fresh(call, timestamp) and _signed(secret, signature, timestamp.encode() + call.body)):
        raise forged(NAME)
    told = (_told(one) for one in decoded(NAME, call.body, list[_Event]))
    return [one for one in told if one is not None]


def _signed(secret: str, signature: str, said: bytes) -> bool:
    try:
        key = load_der_public_key(b64decode(secret))
        if not isinstance(key, EllipticCurvePublicKey):
            return False
        key.verify(b64decode(signature), said, ECDSA(SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True


def _told(one: _Event) -> Told | None:
    told = _read(one)
    named = None if told is None else msgspec.structs.replace(told, mark=one.regulars, message_id=one.smtp_id)
    return named if one.sg_event_id else None


def _read(one: _Event) -> Told | None:
    key, reason = f"sendgrid:{one.sg_event_id}", f"{one.status} {one.reason}".strip()
    match one.event:
        case "bounce" if one.type == "blocked":
            told = Told("bounced", key, one.email, reason, dead=False)
        case "bounce":
            told = refused(key, one.email, reason)
        case "dropped" if one.reason.lower() == _DROPPED_FOR_SPAM:
            told = Told("complained", key, one.email, one.reason)
        case "dropped":
            told = Told("bounced", key, one.email, one.reason, dead=one.reason.lower().startswith(_DROPPED_AS_DEAD))
        case "spamreport":
            told = Told("complained", key, one.email)
        case "unsubscribe" | "group_unsubscribe":
            told = Told("left", key, one.email)
        case _:
            told = None
    return told
