"""Funnels under a name: made, saved as a next version, an earlier one again, deleted, and taken back for 30 days."""

from datetime import datetime
from typing import Any

from regulars.store.database import Tx
from regulars.understand import funnels_records as records
from regulars.understand.done_phrases import one_after_another
from regulars.understand.editing import KEPT
from regulars.understand.funnels import Funnel, parse, written
from regulars.understand.funnels_records import DeletedFunnel, FunnelVersion, KeptFunnel
from regulars.understand.segments import known
from regulars.understand.sentences import ENGLISH
from regulars.words.errors import Conflict, Invalid, Overtaken, Unknown, concerning
from regulars.words.names import check_name

__all__ = ["DeletedFunnel", "FunnelVersion", "KeptFunnel", "create", "delete", "deleted", "get", "list_funnels",
           "restore", "save", "sentence", "take_back", "titles", "versions"]  # fmt: skip

_LONGEST_TITLE = 200
_MOST = 500
"""Funnels of a workspace."""


def sentence(funnel: Funnel, words: Any = ENGLISH) -> str:
    """Say what is to follow what."""
    return one_after_another(words, funnel.steps, funnel.window, funnel.days)


def list_funnels(tx: Tx) -> list[KeptFunnel]:
    """Return all funnels by name."""
    return records.list_funnels(tx)


def titles(tx: Tx) -> dict[str, str]:
    """Return what each funnel is called, by name."""
    return {one.name: one.title for one in records.list_funnels(tx)}


def get(tx: Tx, name: str) -> KeptFunnel:
    """Return a funnel. Raise Unknown where there is none of this name."""
    return _there(records.find_funnel(tx, name), name)


def _there(found: KeptFunnel | None, name: str) -> KeptFunnel:
    if found is None:
        raise Unknown("There is no funnel '{name}'.", name=name[:80])
    return found


def create(tx: Tx, name: str, title: str, funnel: Any, now: datetime) -> KeptFunnel:
    """Make a funnel. Raise Invalid where it cannot be one, Conflict where the name is taken."""
    title, funnel = _checked(tx, title, funnel)
    if len(records.list_funnels(tx)) >= _MOST:
        raise Conflict("There are {most} funnels already. Delete one first.", most=_MOST)
    with concerning("name"):
        check_name(name)
        number = records.add_funnel(tx, name, title, funnel, now)
        if number is None:
            raise Conflict("There is a funnel '{name}' already. Take another name.", name=name)
    records.add_version(tx, number, now)
    return get(tx, name)


def _checked(tx: Tx, title: str, funnel: Any) -> tuple[str, dict[str, Any]]:
    with concerning("title"):
        if not title.strip() or len(title) > _LONGEST_TITLE:
            raise Invalid("Give the funnel a title of 1 to {longest} characters.", longest=_LONGEST_TITLE)
    with concerning("funnel"):
        return title.strip(), written(parse(funnel, known(tx)))


def save(tx: Tx, name: str, title: str, funnel: Any, now: datetime, *, replaces: int | None = None) -> KeptFunnel:
    """Give a funnel its next version; the same once more changes nothing.

    Raise Overtaken where it was begun from the version it `replaces` and that is not the newest any more.
    """
    title, funnel = _checked(tx, title, funnel)
    held = _there(records.hold_funnel(tx, name), name)
    if replaces is not None and held.version != replaces:
        raise Overtaken("Somebody else saved the funnel '{name}' just now. Look at it, then save again.", name=name)
    if (held.title, held.funnel) != (title, funnel):
        records.change_funnel(tx, held.id, title, funnel)
        records.add_version(tx, held.id, now)
    return get(tx, name)


def restore(tx: Tx, name: str, version: int, now: datetime, *, replaces: int | None = None) -> KeptFunnel:
    """Make an earlier version of a funnel its newest one. Raise Invalid where it cannot be asked any more."""
    earlier = next((one for one in versions(tx, name) if one.version == version), None)
    if earlier is None:
        with concerning("version"):
            raise Unknown("The funnel '{name}' has no version {version}.", name=name, version=version)
    return save(tx, name, earlier.title, earlier.funnel, now, replaces=replaces)


def versions(tx: Tx, name: str) -> list[FunnelVersion]:
    """Return all versions of a funnel, the newest first. Raise Unknown where there is none of this name."""
    get(tx, name)
    return records.versions(tx, name)


def delete(tx: Tx, name: str, now: datetime) -> int:
    """Delete a funnel; return the number by which it can be taken back for 30 days."""
    records.forget_deleted(tx, now - KEPT)
    number = records.set_aside(tx, name, now)
    if number is None:
        raise Unknown("There is no funnel '{name}'.", name=name[:80])
    return number


def deleted(tx: Tx, now: datetime) -> list[DeletedFunnel]:
    """Return the funnels that can be taken back, the one deleted last first."""
    return records.deleted_funnels(tx, now - KEPT)


def take_back(tx: Tx, number: int, now: datetime) -> KeptFunnel:
    """Bring a deleted funnel back as it was. Raise Unknown where it is gone, Conflict where its name is taken now."""
    before = records.name_before(tx, number, now - KEPT)
    if before is None:
        raise Unknown("This funnel is not there any more, or has been taken back already.")
    name = records.take_back(tx, number)
    if name is None:
        raise Conflict(
            "There is a new funnel '{name}' by now. Delete it first, then take the old one back.", name=before
        )
    return get(tx, name)
