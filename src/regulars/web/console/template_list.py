"""The list of templates: those in use or those that are archived, and archiving many and bringing them back."""

from litestar import Response, get, post
from litestar.params import FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.engage.forms import titles as form_titles
from regulars.remember.folding import holds
from regulars.speak import archiving, library
from regulars.store.database import Tx
from regulars.web.console import undoing
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import Way, nothing, part, picked
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.words.errors import Conflict, Unknown


@get("/templates", sync_to_thread=True)
def template_list(
    desk: AtDesk, q: FromQuery[str] = "", only: FromQuery[str] = "", after: FromQuery[str] = ""
) -> Response[str]:
    """Show a part of the templates in use, or of those that are archived; of all, or of those that a search finds."""
    return _list(desk, q=q.strip(), archived=only == "archived", after=after)


def _list(desk: Desk, problem: str = "", *, q: str = "", archived: bool = False, after: str = "") -> Response[str]:
    gettext = translator(desk.locale).gettext
    way = Way(f"{desk.home}/templates", {"q": q, "only": "archived" if archived else ""})
    with desk.tx() as tx:
        whole = library.labels(tx)
        found = [one for one in whole if one.archived == archived and holds(q, one.title, one.name, one.subject)]
        return desk.page(
            "templates.html",
            status=409 if problem else 200,
            any=bool(whole),
            forms=form_titles(tx),
            q=q,
            archived=archived,
            chips=([way.chip(desk.quoted(q), "q")] if q else [])
            + ([way.chip(gettext("archived"), "only")] if archived else []),
            part=part(way, found, after, lambda one: one.name),
            problem=problem,
        )


@post("/archived/templates", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("template.archived", "template"))
def archive(desk: AtDesk) -> Response[str] | Redirect:
    """Archive the templates that were ticked; where a live campaign sends one, all of them stay, and it is said."""
    try:
        with desk.tx() as tx:
            gone = archiving.archive(tx, picked(desk), desk.now)
            return _said(desk, tx, "templates.archived", gone, "/templates")
    except (Conflict, Unknown) as error:
        return _list(desk, say(error, desk.locale))


@post("/archived/templates/back", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("template.back", "template"))
def bring_back(desk: AtDesk) -> Response[str] | Redirect:
    """Bring the archived templates back that were ticked."""
    try:
        with desk.tx() as tx:
            back = archiving.bring_back(tx, picked(desk))
            return _said(desk, tx, "templates.back", back, "/templates?only=archived")
    except Unknown as error:
        return _list(desk, say(error, desk.locale), archived=True)


def _said(desk: Desk, tx: Tx, kind: str, names: list[str], otherwise: str) -> Redirect:
    """Note what was done and lead to where it is said; where nothing was, lead back."""
    if not names:
        return nothing(desk, otherwise)
    called = library.titles(tx)
    done = undoing.did(desk, tx, kind, [called[name] for name in names], kept=names)
    desk.slip.tell(", ".join(names))
    desk.slip.write(tx)
    return undoing.land(desk, "/templates", done)


ROUTES = [template_list, archive, bring_back]
