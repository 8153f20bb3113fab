"""What an event is worth, the same wherever it is counted or shown; and money in whole minor units (pence, cents)."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from babel.numbers import list_currencies

NAMES = ("total", "revenue", "value")
"""Where it may stand, the first of them first."""
LARGEST = 1e15
"""More than this is nobody's money."""
NO_CURRENCY = ""
"""The code where no currency is said."""
_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"
_DIGITS = {code: count for codes, count in ((_NONE, 0), (_THREE, 3), (_FOUR, 4)) for code in codes.split()}
_CODES = frozenset(list_currencies())
"""What ISO 4217 lists or once listed (from Unicode's CLDR)."""
MOST_UNITS = 10**15
"""More minor units than this are nobody's money, of one order or of all of them."""


def money(props: Mapping[str, Any]) -> float | None:
    """Return the money of an event: the first number among its total, revenue and value; None where there is none."""
    for name in NAMES:
        value = props.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value) if abs(value) <= LARGEST else None
    return None


def amount(value: Any) -> Decimal | None:
    """Return a number as it was written, also where it was sent as a text; None where it is nobody's money."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        read = Decimal(repr(value) if isinstance(value, int | float) else value.strip())
    except InvalidOperation:
        return None
    return read if read.is_finite() and abs(read) <= LARGEST else None


def currency(value: Any) -> str | None:
    """Return a currency's code (ISO 4217) in capitals; None for what is no code."""
    code = value.strip().upper() if isinstance(value, str) else ""
    return code if code in _CODES else None


def digits(code: str) -> int:
    """Return how many digits a currency has after its point (ISO 4217, list one): yen none, euro two, dinar three."""
    return _DIGITS.get(code, 2)


def minor(value: Decimal, code: str) -> int:
    """Return an amount in whole minor units of a currency, half a unit rounded up."""
    return int(value.scaleb(digits(code)).quantize(Decimal(1), ROUND_HALF_UP))


def units(value: Decimal, code: str) -> int | None:
    """Return an amount in minor units as `minor` does; None where that is more than is anybody's money."""
    found = minor(value, code)
    return found if abs(found) <= MOST_UNITS else None


def major(units: int, code: str) -> Decimal:
    """Return minor units as an amount, with as many digits as the currency has."""
    return Decimal(units).scaleb(-digits(code))
