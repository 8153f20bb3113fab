"""What is typed in the composer of mails, written into the blocks that are composed.

The blocks travel with the page; the fields of the one open block (`b.text` ...) and those of the whole mail lie over
them.
"""

from collections.abc import Mapping

import msgspec

from regulars.hear.decoding import DEEPEST, too_deep
from regulars.speak.blocks import Block, Blocks, Only
from regulars.speak.markup import FORM, Place
from regulars.web.console.json_text import packed
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid

WHOLE = ("preheader", "language", "why", "leave")
"""The fields of the whole mail."""
KEPT = ("title", "name", "subject", "customer", "width", "base")
"""The fields of the page that are not in the blocks."""


def read(form: Mapping[str, str]) -> Blocks:
    """Return the blocks that a page carries or that somebody typed; raise Invalid where they are none."""
    text = form.get("blocks", "")
    try:
        if too_deep(msgspec.json.decode(text)):
            raise Invalid("This is nested more than {most} deep. Write it flatter.", most=DEEPEST)
        return msgspec.json.decode(text, type=Blocks)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Invalid("These are no blocks: {problem}.", problem=str(error)) from error


def composed(form: Mapping[str, str]) -> tuple[Blocks, int | None]:
    """Return the blocks of a page with what was typed written into them, and which of them is open."""
    blocks = read(form)
    at = number_in(form.get("at", ""))
    at = at if at is not None and at < len(blocks.body) else None
    if form.get("as") != "blocks":
        return blocks, at
    given = {name: form[name].strip() for name in WHOLE if name in form}
    blocks = msgspec.structs.replace(blocks, **given)
    if at is not None and "b.open" in form:
        body = list(blocks.body)
        body[at] = _typed(body[at], form)
        blocks = msgspec.structs.replace(blocks, body=tuple(body))
    return blocks, at


def _typed(block: Block, form: Mapping[str, str]) -> Block:
    """Return a block that says what was typed."""
    changed: dict[str, object] = {}
    for name in block.__struct_fields__:
        if name != "only" and f"b.{name}" in form:
            changed[name] = form[f"b.{name}"].replace("\r\n", "\n")
    if "b.leads" in form and "to" in block.__struct_fields__:
        chosen = form["b.leads"]
        changed["to"] = chosen if chosen.startswith(FORM) else form.get("b.to", "").strip()
    if "b.only_fact" in form:
        only = Only(form["b.only_fact"], form.get("b.only_segment", ""))
        changed["only"] = only if only.fact or only.segment else None
    return msgspec.structs.replace(block, **changed)


def with_place(form: Mapping[str, str], field: str) -> dict[str, str]:
    """Return the fields with the place that was chosen put into one of them: where the cursor is, else at the end."""
    what = form.get(f"{field}.what", "")
    text = form.get(field, "").replace("\r\n", "\n")
    if not what:
        return dict(form)
    place = Place(what)
    written = place.source if not place.may_lack else Place.written(what, form.get(f"{field}.otherwise", ""))
    caret = number_in(form.get(f"{field}.caret", ""))
    at = len(text) if caret is None else len(text.encode("utf-16-le")[: 2 * caret].decode("utf-16-le", "ignore"))
    before, after = text[:at], text[at:]
    space = " " if caret is None and before and not before[-1].isspace() else ""
    return {**form, field: f"{before}{space}{written}{after}"}


def fields_of(
    blocks: Blocks, form: Mapping[str, str], at: int | None, *, typed: bool = False, **more: str
) -> dict[str, str]:
    """Return the fields of a page on which blocks are composed; `typed`: they are what somebody reads as text."""
    kept = {name: form[name] for name in KEPT if name in form}
    text = msgspec.json.format(msgspec.json.encode(blocks), indent=2).decode() if typed else packed(blocks)
    return {**kept, "as": "text" if typed else "blocks", "blocks": text, "at": "" if at is None else str(at), **more}
