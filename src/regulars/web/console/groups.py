"""Groups of customers by what they do and answer: how large, what sets each apart, who is in it, what it is called."""

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.understand import grouping
from regulars.web import cursors
from regulars.web.console import drafts, meeting, undoing
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import PAGE, Way
from regulars.web.console.offering import called_here
from regulars.web.console.veil import hidden_from, refuse
from regulars.web.fact_words import title_of
from regulars.web.group_words import differences_told, facts_called
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.errors import Invalid, Overtaken

_CALLED = needs(Right.COMPOSE) | notes("group.called", "group", by="number")


@get("/groups", sync_to_thread=True)
def group_list(desk: AtDesk) -> Response[str]:
    """Show the groups that are found, and how they stand."""
    return _groups(desk)


@post("/groups", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("groups.asked"))
def ask(desk: AtDesk) -> Response[str] | Redirect:
    """Have groups found now."""
    wished = desk.form.get("groups", "")
    try:
        with desk.noted(after={"groups": wished}) as tx:
            grouping.ask(tx, (number_in(wished) or 0) if wished else None, desk.now)
    except Invalid as error:
        return _groups(desk, say(error, desk.locale))
    return desk.go("/groups")


@get("/groups/{number:int}", sync_to_thread=True, opt=notes("customers.listed"))
def one_group(desk: AtDesk, number: FromPath[int], after: FromQuery[str] = "") -> Response[str]:
    """Show who is in a group; `after` is a place in the list."""
    return _group(desk, number, after)


@post("/groups/{number:int}", sync_to_thread=True, opt=_CALLED)
def call(desk: AtDesk, number: FromPath[int]) -> Response[str] | Redirect:
    """Call a group something else."""
    title = " ".join(desk.form.get("title", "").split())
    try:
        with desk.noted() as tx:
            meeting.standing(
                tx, f"group {number}", lambda tx: grouping.get_group(tx, number).title, title, drafts.base(desk)
            )
            before = grouping.call(tx, number, title)
            now = title_of(grouping.get_group(tx, number), desk.locale)
            done = undoing.did(desk, tx, "group.called", [now], kept=[(number, before.title)])
            desk.slip.tell(label=now, before={"title": before.title}, after={"title": title})
    except Invalid as error:
        return _group(desk, number, "", say(error, desk.locale))
    except Overtaken:
        return _group(desk, number, "", overtaken=True)
    return undoing.land(desk, f"/groups/{number}", done)


def _groups(desk: Desk, problem: str = "") -> Response[str]:
    with desk.tx() as tx:
        standing, found, called = grouping.standing(tx), grouping.groups(tx), called_here(desk, tx)
        told = differences_told(tx, found, desk.locale, called.hidden, called.values)
        rests_on = facts_called(tx, set(standing.facts).difference(called.hidden), desk.locale)
    titles = {one.number: title_of(one, desk.locale) for one in found}
    return desk.page(
        "groups.html",
        status=400 if problem else 200,
        problem=problem,
        standing=standing,
        busy=bool(standing.walking or standing.begun_at or standing.asked_at),
        groups=found,
        titles=titles,
        told=told,
        rests_on=rests_on,
        whole=sum(one.size for one in found),
        fewest=grouping.FEWEST,
        counts=range(grouping.FEWEST_GROUPS, grouping.MOST_GROUPS + 1),
    )


def _group(desk: Desk, number: int, after: str, problem: str = "", *, overtaken: bool = False) -> Response[str]:
    """Show a group. `overtaken`: it was called something else meanwhile, which is shown beside what was typed."""
    way = Way(f"{desk.home}/groups/{number}", {})
    with desk.tx() as tx:
        refuse([grouping.FACT], hidden_from(desk, tx))
        group, called = grouping.get_group(tx, number), called_here(desk, tx)
        told = differences_told(tx, [group], desk.locale, called.hidden, called.values)[number]
        found = grouping.people(tx, number, (cursors.read(after, tuple[int]) or (0,))[0], PAGE + 1)
        label = translator(desk.locale).gettext("What the team calls it")
        part = meeting.Part(label, desk.form.get("title", ""), group.title)
        beside = meeting.beside(desk, tx, "group.called", [part], thing=str(number)) if overtaken else None
    shown = found[:PAGE]
    return desk.page(
        "group.html",
        status=400 if problem else 409 if beside else 200,
        beside=beside,
        base=meeting.mark(group.title),
        errors={"title": problem} if problem else {},
        form={"title": desk.form.get("title", group.title)},
        group=group,
        title=title_of(group, desk.locale),
        told=told,
        people=shown,
        way=way,
        earlier=way.but() if after else "",
        later=way.but(after=cursors.made(shown[-1].customer_id)) if len(found) > PAGE else "",
    )


ROUTES = [group_list, ask, one_group, call]
