"""What an event is worth, the same wherever it is counted or shown."""

from collections.abc import Mapping
from typing import Any

_NAMES = ("total", "revenue", "value")
_LARGEST = 1e15
"""More than this is nobody's money."""


def money(props: Mapping[str, Any]) -> float | None:
    """Return the money of an event: the first number among its total, revenue and value; None where there is none."""
    for name in _NAMES:
        value = props.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value) if abs(value) <= _LARGEST else None
    return None
