"""What the buttons of the composer of mails do with the blocks that are composed."""

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from regulars.speak.blocks import KINDS, MOST_BLOCKS, Block, Blocks
from regulars.web.numbers import number_in

CHECKING = ("save", "up", "down", "drop", "copy", "open", "shut", "html")
"""What is done after which the page says what is wrong; before, one is still writing."""


@dataclass(frozen=True)
class Done:
    """What came of a button: the blocks as they are now, and which of them is open."""

    blocks: Blocks
    at: int | None


def done_to(blocks: Blocks, at: int | None, do: str, fresh: Callable[[str], Block]) -> Done:
    """Do what a button says, such as `up:3`, and say where one is then. What is unknown changes nothing."""
    verb, _, what = do.partition(":")
    body, number = list(blocks.body), number_in(what)
    if verb == "shut":
        return Done(blocks, None)
    if verb == "add" and what in KINDS and len(body) < MOST_BLOCKS:
        place = len(body) if at is None else at + 1
        body.insert(place, fresh(what))
        return Done(_with(blocks, body), place)
    if number is None or number >= len(body) or verb not in _TO_BLOCK:
        return Done(blocks, at)
    return _TO_BLOCK[verb](blocks, body, number, at)


def _open(blocks: Blocks, _: list[Block], number: int, __: int | None) -> Done:
    return Done(blocks, number)


def _copy(blocks: Blocks, body: list[Block], number: int, at: int | None) -> Done:
    if len(body) >= MOST_BLOCKS:
        return Done(blocks, at)
    body.insert(number + 1, body[number])
    return Done(_with(blocks, body), number + 1)


def _drop(blocks: Blocks, body: list[Block], number: int, _: int | None) -> Done:
    del body[number]
    return Done(_with(blocks, body), None)


def _move(by: int) -> Callable[[Blocks, list[Block], int, int | None], Done]:
    def move(blocks: Blocks, body: list[Block], number: int, at: int | None) -> Done:
        """Let a block change places with its neighbour; whichever of them was open stays so."""
        other = number + by
        if not 0 <= other < len(body):
            return Done(blocks, at)
        body[number], body[other] = body[other], body[number]
        return Done(_with(blocks, body), {number: other, other: number}.get(at, at) if at is not None else None)

    return move


def _with(blocks: Blocks, body: list[Block]) -> Blocks:
    return msgspec.structs.replace(blocks, body=tuple(body))


_TO_BLOCK: dict[str, Callable[[Blocks, list[Block], int, int | None], Done]] = {
    "open": _open,
    "up": _move(-1),
    "down": _move(1),
    "copy": _copy,
    "drop": _drop,
}
