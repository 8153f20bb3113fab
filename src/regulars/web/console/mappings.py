"""Mappings: one is kept under a name, asked about first where another has that name, and deleted."""

from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.hear import mapping_records, mappings
from regulars.hear.imports.plan import Plan
from regulars.hear.mapping_records import KeptMapping
from regulars.store.database import Tx
from regulars.understand import lists
from regulars.web.console import meeting, undoing
from regulars.web.console.asking_once import ask
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.import_words import in_words
from regulars.web.console.listing import nothing, picked
from regulars.web.i18n import translator
from regulars.web.noting import notes
from regulars.words.errors import Conflict

_REPLACES = "replaces"
"""The field in which a form says which mapping is to be another from now on, by its mark."""


class Taken(Exception):
    """Another mapping is kept under the name, and nobody has said that it may go."""

    def __init__(self, kept: KeptMapping) -> None:
        super().__init__(kept.name)
        self.kept = kept


def keep(desk: Desk, tx: Tx, name: str, plan: Plan) -> int:
    """Keep a mapping and return by which number that is said on the next page.

    Raise Taken where another one is kept under its name, unless the form says that this is the one to be replaced.
    """
    mapping_records.hold(tx)
    held = mapping_records.get(tx, name)
    replaces = held.planned() if held and desk.form.get(_REPLACES) == meeting.mark(held.plan) else None
    try:
        mappings.keep(tx, name, plan, desk.person.email, desk.now, replaces=replaces)
    except Conflict as error:
        raise Taken(mappings.get(tx, name)) from error
    return undoing.did(desk, tx, "mapping.kept", [name])


def ask_whether_replaced(desk: Desk, back: str, kept: KeptMapping) -> Response[str]:
    """Ask once whether a mapping is to be another one from now on, and say what it is now."""
    gettext = translator(desk.locale).gettext
    with desk.tx() as tx:
        stands = in_words(kept.planned(), gettext, lists.titles(tx))
    question = gettext("There is a mapping “%(name)s” already. Keep this one in its place? That one would be gone.")
    return ask(
        desk,
        title=gettext("Replace a mapping"),
        question=question % {"name": kept.name},
        text=gettext("Replace it"),
        back=back,
        crumb=gettext("Back to the import"),
        names=[f"{label}: {said}" for label, said in stands.items() if said],
        kept={key: said for key, said in desk.form.items() if key != "csrf"} | {_REPLACES: meeting.mark(kept.plan)},
    )


@post("/deleted/mappings", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("mapping.deleted", "mapping"))
def delete_mappings(desk: AtDesk) -> Redirect:
    """Delete the mappings that were ticked; one that is gone meanwhile is left out."""
    chosen = set(picked(desk))
    with desk.tx() as tx:
        names = [one.name for one in mapping_records.list_mappings(tx) if one.name in chosen]
        if not names:
            return nothing(desk, "/imports")
        done = undoing.did(desk, tx, "mapping.deleted", names, kept=[mappings.drop(tx, name) for name in names])
        desk.slip.tell(", ".join(names))
        desk.slip.write(tx)
    return undoing.land(desk, "/imports", done)


@post(
    "/mappings/{name:str}/delete",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("mapping.deleted", "mapping", by="name"),
)
def delete_mapping(desk: AtDesk, name: FromPath[str]) -> Redirect:
    """Delete a mapping; what was brought by it stays as it is."""
    with desk.noted() as tx:
        done = undoing.did(desk, tx, "mapping.deleted", [name], kept=[mappings.drop(tx, name)])
    return undoing.land(desk, "/imports", done)


ROUTES = [delete_mappings, delete_mapping]
