"""The context of an event: where it happened. What singles out a person or a device is left out before it is kept.

An IP address, a user agent and advertising ids say who somebody is without them having said it; traits beside an
event are said by nobody in particular. Campaign, page, referrer, locale, time zone, library, app, the kind of device
and the rest stay as they were sent.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec

_NEVER = frozenset({"ip", "userAgent", "userAgentData", "traits", "location"})
_NOT_OF_DEVICE = frozenset({"id", "advertisingId", "adTrackingEnabled", "token", "name"})
_MARKS = (b'"ip"', b'"userAgent', b'"traits"', b'"location"', b'"device"', b"\\u")
"""What the text has where something may have to be left out; a name of JSON may hide itself by escapes."""
OFF = timedelta(minutes=1)
"""A clock that is wrong by more is kept in the context, as it was sent."""

_ANY = msgspec.json.Decoder(dict[str, Any])


def tidied(own: bytes | None, shared: bytes | None, skew: tuple[datetime, datetime] | None) -> bytes | None:
    """Return what is kept of an event's context, beside what its batch says of all (its own wins).

    `skew` is what the client's clock said (when it happened, when it was sent), where that clock was wrong.
    """
    if shared is None and skew is None:
        if own is None or not any(mark in own for mark in _MARKS):
            return own
    elif own is None and skew is None:
        return tidied(shared, None, None)
    said = (_ANY.decode(shared) if shared else {}) | (_ANY.decode(own) if own else {})
    kept = left_of(said)
    if skew is not None:
        kept["originalTimestamp"], kept["sentAt"] = skew
    return msgspec.json.encode(kept)


def left_of(context: dict[str, Any]) -> dict[str, Any]:
    """Return a context without what singles out a person or a device."""
    kept = {name: value for name, value in context.items() if name not in _NEVER}
    if isinstance(device := kept.get("device"), dict):
        kept["device"] = {name: value for name, value in device.items() if name not in _NOT_OF_DEVICE}
    return kept
