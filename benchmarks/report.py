"""What a benchmark says: one line of JSON, the same for all."""

import msgspec


class Result(msgspec.Struct, frozen=True):
    """One figure, beside the bare engine on the same rows in the same run."""

    name: str
    value: float
    unit: str
    limit: float
    """What the bare engine reached, or the bound, in the same unit."""
    ratio: float
    """value / limit where more is better, limit / value where less is."""
    goal: float
    """What the ratio must reach."""
    ok: bool
    """Whether it did."""

    @classmethod
    def more(cls, name: str, value: float, unit: str, *, limit: float, goal: float) -> "Result":
        """Make a result where more is better."""
        ratio = value / limit
        return cls(name, round(value, 2), unit, round(limit, 2), round(ratio, 3), goal, ratio >= goal)

    @classmethod
    def less(cls, name: str, value: float, unit: str, *, limit: float, goal: float = 1.0) -> "Result":
        """Make a result where less is better, against the most it may be."""
        ratio = limit / value
        return cls(name, round(value, 2), unit, round(limit, 2), round(ratio, 3), goal, ratio >= goal)


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lie (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]
