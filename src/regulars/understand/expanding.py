"""A segment that rests on others: the rules of those are put where it names them.

Members as they are kept are not read for it: so there is no order in which segments have to be asked, and what arrives
moves all that rest on one another in one statement. Everything here works on JSON as it is kept, so that what is asked
is one rule, whatever it was put together from.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

import msgspec

from regulars.understand.rules import Known
from regulars.words.errors import Invalid

MOST_TOGETHER = 1000
"""The most conditions and groups of a rule with those of all segments it rests on."""
DEEPEST_TOGETHER = 30
_GROUPS = ("all", "any", "none")


def named_in(rule: Any) -> list[str]:
    """Return the segments that a rule names, in reading order; whatever is no rule names none."""
    return list(dict.fromkeys(_named(rule)))


def _named(rule: Any) -> Iterator[str]:
    if not isinstance(rule, dict):
        return
    given = cast("dict[str, Any]", rule)
    if isinstance(name := given.get("segment"), str):
        yield name
    for need in _GROUPS:
        listed: Any = given.get(need)
        if isinstance(listed, list):
            for one in cast("list[Any]", listed):
                yield from _named(one)


def whole(rule: Any, others: Mapping[str, Any]) -> Any:
    """Return a rule with the rules of the segments it rests on in their places."""
    if (name := rule.get("segment")) is not None:
        if name not in others:
            return rule
        inner = whole(others[name], others)
        return {"none" if rule.get("member") is False else "all": [inner]}
    for need in _GROUPS:
        if need in rule:
            return {need: [whole(one, others) for one in rule[need]]}
    return rule


def way(start: str, goal: str, others: Mapping[str, Any]) -> tuple[str, ...]:
    """Return by which segments one rests on another, both included; () where it does not."""
    if start == goal:
        return (start,)
    seen = {start: ""}
    waiting = [start]
    for name in waiting:
        for one in named_in(others.get(name)):
            if one not in seen:
                seen[one] = name
                waiting.append(one)
    found = [goal] if goal in seen else []
    while found and found[-1] != start:
        found.append(seen[found[-1]])
    return tuple(reversed(found))


def resting_on(name: str, others: Mapping[str, Any]) -> set[str]:
    """Return the segments that rest on one, directly or by others."""
    return {one for one in others if one != name and way(one, name, others)}


def check_together(name: str, rule: Any, known: Known) -> None:
    """Raise Invalid where a rule, or that of a segment that rests on it, is too large with all it rests on."""
    others = {**known.segments, name: rule}
    sizes: dict[str, tuple[int, int]] = {}
    for one in (name, *sorted(resting_on(name, others))):
        size, depth = _measured(others[one], others, sizes)
        if size > MOST_TOGETHER or depth > DEEPEST_TOGETHER:
            raise Invalid(
                "The segment '{name}' has {size} conditions with those it rests on, {depth} groups deep; {most} and "
                "{deepest} are the most. Let it rest on fewer.",
                name=one,
                size=size,
                depth=depth,
                most=MOST_TOGETHER,
                deepest=DEEPEST_TOGETHER,
            )


def _measured(rule: Any, others: Mapping[str, Any], sizes: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """Return how many conditions and groups a rule has with all it rests on, and how deep it is.

    A group of nothing counts, too: a hundred names of everybody would else be nothing, however often they are named.
    Each segment is measured once.
    """
    if (name := rule.get("segment")) is not None:
        if name not in sizes:
            sizes[name] = _measured(others[name], others, sizes) if name in others else (1, 0)
        size, depth = sizes[name]
        return size + 1, depth + 1
    for need in _GROUPS:
        if need in rule:
            inner = [_measured(one, others, sizes) for one in rule[need]]
            return 1 + sum(size for size, _ in inner), 1 + max((depth for _, depth in inner), default=0)
    return 1, 0


def together(texts: Mapping[str, str]) -> dict[str, str]:
    """Return each of some stored rules with those it rests on in their places; one that rests on none as it is."""
    resting = {name for name, text in texts.items() if '"segment"' in text}
    if not resting:
        return dict(texts)
    others = {name: msgspec.json.decode(text) for name, text in texts.items()}
    return {
        name: msgspec.json.encode(whole(others[name], others)).decode() if name in resting else text
        for name, text in texts.items()
    }
