"""A finding in words."""

import msgspec


class Said(msgspec.Struct, frozen=True):
    """A finding in words."""

    what: str
    means: str
    do: str
