"""How long a text message is, and so what it costs: gateways count parts (3GPP TS 23.038 and TS 23.040).

In the alphabet of GSM a message has 160 characters; where one of them is not of that alphabet, all of it goes as
UCS-2, and it has 70. Longer ones go in parts, of which each gives some room to saying which part it is: 153
characters, or 67. What takes two places (a bracket in the one alphabet, an emoji in the other) is not cut in half.
"""

from decimal import Decimal

import msgspec

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Each takes two places: an escape and itself."""
_GSM_ALONE, _GSM_PART = 160, 153
_UCS2_ALONE, _UCS2_PART = 70, 67
_WIDE = 0xFFFF


class Length(msgspec.Struct, frozen=True):
    """How long a text is, as gateways count."""

    plain: bool
    """Whether all of it is of the alphabet of GSM; else its parts are less than half as long."""
    places: int
    """Characters, of which some take two places."""
    parts: int
    left: int
    """Places that are left in the last part."""
    dear: str = ""
    """The characters for which it is not plain, each once, in their order."""

    def cost(self, price: Decimal) -> Decimal:
        """Return what it costs at a price a part."""
        return self.parts * price


def measure(text: str) -> Length:
    """Return how long a text is. One that is empty has no part."""
    dear = "".join(dict.fromkeys(one for one in text if one not in _BASIC and one not in _EXTENDED))
    widths = [2 if one in _EXTENDED else 1 for one in text] if not dear else [1 + (ord(one) > _WIDE) for one in text]
    alone, part = (_UCS2_ALONE, _UCS2_PART) if dear else (_GSM_ALONE, _GSM_PART)
    places = sum(widths)
    if places <= alone:
        return Length(not dear, places, int(bool(places)), alone - places, dear)
    parts, used = 1, 0
    for width in widths:
        if used + width > part:
            parts, used = parts + 1, 0
        used += width
    return Length(not dear, places, parts, part - used, dear)
