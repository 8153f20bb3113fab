"""How a webhook is signed, after the Standard Webhooks specification (version 1, symmetric).

    webhook-id: alert_6f...                 the same however often it is sent
    webhook-timestamp: 1793455200
    webhook-signature: v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=

What is signed is `id.timestamp.body`, by HMAC-SHA256, with the bytes that stand in base64 after `whsec_`.
"""

import hmac
from base64 import b64encode
from datetime import datetime
from secrets import token_bytes

_BYTES = 32


def new_secret() -> bytes:
    """Return a fresh secret."""
    return token_bytes(_BYTES)


def shown(secret: bytes) -> str:
    """Return a secret as receivers take it."""
    return f"whsec_{b64encode(secret).decode()}"


def signed(secret: bytes, id: str, at: datetime, body: bytes) -> dict[str, str]:  # noqa: A002 (the specification's word)
    """Return the headers of a webhook."""
    timestamp = str(int(at.timestamp()))
    digest = hmac.digest(secret, f"{id}.{timestamp}.".encode() + body, "sha256")
    return {
        "content-type": "application/json",
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }
