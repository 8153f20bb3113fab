"""Where two people who saved the same thing meet: both versions side by side, and whoever came second chooses.

A composer needs three lines for it. It saves with the version that its form was begun from, and the room raises
Overtaken where that is not the newest any more; then

    except Overtaken:
        met = Meeting("template", name, title=name, action="template.saved", version=str(newest.version))
        return meet(desk, met, [Part(label, mine, theirs), ...])

What was typed is kept as a draft at once, so it is there even where the page is closed. From the page one saves one's
own over theirs (which stays an earlier version), takes theirs, or goes on editing one's own.

A form of settings has no drafts. It carries `base`, which is `mark(...)` of what it was begun from, and saves after
`standing(...)`, which raises Overtaken; then its own page comes again with what was typed, theirs beside it
(`beside`, templates/theirs.html), and the mark of theirs.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from hashlib import blake2b
from itertools import groupby
from typing import Any, TypeVar

import msgspec
from litestar import Response
from litestar.response import Redirect

from regulars.access.audit import Filter, list_entries
from regulars.store.database import Tx
from regulars.web import drafts_records
from regulars.web.console import drafts
from regulars.web.console.deeds import who_called
from regulars.web.console.desk import Desk
from regulars.web.i18n import translator
from regulars.words.errors import Overtaken

T = TypeVar("T")
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_WORDS = 20_000
"""Longer texts are shown without marks: comparing them would take seconds."""

_LOOKED_AT = 5
"""Entries of the audit log: what was done just now stands among the first."""

Runs = Sequence[tuple[str, bool]]
"""A text in pieces, each with whether the other version lacks it."""


Tells = Callable[[Mapping[str, Any]], bool]
"""Whether an entry of the audit log tells of something, by what it says was made."""


class Meeting(msgspec.Struct, frozen=True):
    """What two people saved: which composer's, what it is called, and the version that was saved meanwhile."""

    composer: str
    thing: str
    title: str
    action: str
    """What the audit log calls saving it: there stands who did, and when."""
    version: str


class Part(msgspec.Struct, frozen=True):
    """One field in both versions, as one reads it."""

    label: str
    mine: str
    theirs: str


class Saved(msgspec.Struct, frozen=True):
    """Who saved the other version, as far as is known, and when; `self`: the reader, in another window."""

    who: str = ""
    at: datetime | None = None
    myself: bool = False


class Beside(msgspec.Struct, frozen=True):
    """What somebody else saved meanwhile, beside what was typed: who, and the fields that differ, each with both."""

    saved: Saved
    differing: Sequence[tuple[str, Runs, Runs]]


def mark(stands: object) -> str:
    """Return what a form says it was begun from: another as soon as something else stands."""
    return blake2b(msgspec.json.encode(stands, order="sorted"), digest_size=12).hexdigest()


def standing(tx: Tx, thing: str, read: Callable[[Tx], T], wanted: T, begun_from: str) -> T:
    """Return what stands before something else is saved; nobody else saves it before this transaction is over.

    Raise Overtaken where what is wanted is something else, and so was what its form was begun from (`check_newest`).
    """
    drafts_records.hold_thing(tx, thing)
    stands = read(tx)
    if wanted != stands:
        check_newest(stands, begun_from)
    return stands


def check_newest(stands: object, begun_from: str) -> None:
    """Raise Overtaken where a form was begun from something else than stands, by its mark; '' where it did not say."""
    if begun_from not in {"", mark(stands)}:
        raise Overtaken("Somebody else saved this just now. Look at it, then save again.")


def beside(
    desk: Desk, tx: Tx, action: str, parts: Sequence[Part], *, thing: str = "", tells: Tells | None = None
) -> Beside:
    """Return what somebody else saved beside what was typed.

    `action` is what the audit log calls saving it, `thing` what it calls what was saved; `tells`: whether such an entry
    is about it, by what it says was made, where others are called the same.
    """
    wanted = Filter(action=action, names=[thing] if thing else None)
    return Beside(_saved(desk, tx, wanted, tells or bool), _differing(parts))


def meet(desk: Desk, met: Meeting, parts: Sequence[Part]) -> Response[str] | Redirect:
    """Show both versions; where they say the same there is nothing to choose, and theirs is shown as saved."""
    with desk.tx() as tx:
        mine = drafts.keep_mine(desk, tx, met.composer, met.thing, drafts.base(desk))
        if all(_plain(part.mine) == _plain(part.theirs) for part in parts):
            drafts.done(desk, tx, met.composer, met.thing)
            return desk.go(drafts.where(met.composer, met.thing))
        named = Filter(action=met.action, names=[met.thing])
        saved = _saved(desk, tx, named, lambda after: str(after.get("version", met.version)) == met.version)
    return desk.page(
        "meeting.html",
        status=409,
        met=met,
        saved=saved,
        fields=mine,
        back=drafts.where(met.composer, met.thing),
        differing=_differing(parts),
        alike=[part for part in parts if part.mine == part.theirs],
    )


def marked(mine: str, theirs: str) -> tuple[Runs, Runs]:
    """Return two texts as runs of words, each with whether the other text lacks it."""
    here, there = (_WORD.findall(_plain(text)) for text in (mine, theirs))
    if len(here) + len(there) > _MOST_WORDS:
        return [(_plain(mine), False)], [(_plain(theirs), False)]
    ours, others = list[tuple[str, bool]](), list[tuple[str, bool]]()
    codes = SequenceMatcher(None, here, there).get_opcodes()
    for what, begin, end, start, stop in codes:
        words, differs = "".join(here[begin:end]), what != "equal"
        if words.isspace() and not differs and len(codes) > 1:
            differs = True  # a space between two words that differ is no likeness
        ours.append((words, differs))
        others.append(("".join(there[start:stop]), differs))
    return _joined(ours), _joined(others)


def _joined(runs: Runs) -> Runs:
    """Return runs with neighbours that are alike as one."""
    found = ((differs, "".join(text for text, _ in some)) for differs, some in groupby(runs, lambda run: run[1]))
    return [(text, differs) for differs, text in found if text]


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _differing(parts: Sequence[Part]) -> list[tuple[str, Runs, Runs]]:
    return [(part.label, *marked(part.mine, part.theirs)) for part in parts if part.mine != part.theirs]


def _saved(desk: Desk, tx: Tx, wanted: Filter, tells: Tells) -> Saved:
    """Look in the newest entries of the audit log for who saved what is there now."""
    for entry in list_entries(tx, wanted, limit=_LOOKED_AT):
        if tells(entry.after or {}):
            myself = entry.who_kind == "person" and entry.who_id == desk.person.id
            return Saved(who_called(entry, translator(desk.locale).gettext), entry.at, myself)
    return Saved()
