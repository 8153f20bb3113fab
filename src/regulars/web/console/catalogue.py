"""The catalogue of facts: what each is called, how long it holds, who sees it, and what it may be used for."""

from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.engage import forms
from regulars.engage.own_page import asking
from regulars.measure import fact_usage
from regulars.measure.fact_usage import Usage
from regulars.remember import catalogue
from regulars.remember.catalogue import FactEntry, Said
from regulars.remember.folding import holds
from regulars.speak import campaigns
from regulars.speak.library import titles as template_titles
from regulars.store.database import Tx
from regulars.understand import finding, segments
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import Way
from regulars.web.console.offering import doubles
from regulars.web.i18n import language_called, say, translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.web.wording import purpose_called
from regulars.words.errors import Invalid, Overtaken

_PURPOSES = ("marketing", "service", "research")
_CHANGED = needs(Right.COMPOSE) | notes("catalogue.changed", "fact")


@get("/facts", sync_to_thread=True)
def fact_list(desk: AtDesk, q: FromQuery[str] = "") -> Response[str]:
    """Show what may be known: of how many it is, and what uses it."""
    words = q.strip()
    way = Way(f"{desk.home}/facts", {"q": words})
    with desk.tx() as tx:
        known, used, double = catalogue.how_many(tx), fact_usage.usage(tx), doubles(tx)
        whole = [one for name, one in catalogue.entries(tx).items() if name not in double]
    shown = [(one, _called(desk, one), known.get(one.name, 0), used.get(one.name, Usage())) for one in whole]
    return desk.page(
        "facts.html",
        any=bool(whole),
        q=words,
        chips=[way.chip(desk.quoted(words), "q")] if words else [],
        facts=sorted((one for one in shown if holds(words, one[1], one[0].name)), key=lambda one: one[1].casefold()),
    )


@get("/fact", sync_to_thread=True)
def one_entry(desk: AtDesk, name: FromQuery[str], saved: FromQuery[str] = "") -> Response[str]:
    """Show a fact of the catalogue, and the fields that change what is said of it."""
    return _entry(desk, name, saved=bool(saved))


@post("/fact", sync_to_thread=True, opt=_CHANGED)
def save_entry(desk: AtDesk) -> Response[str] | Redirect:
    """Save what is said of a fact."""
    name = desk.form.get("name", "")
    try:
        with desk.noted() as tx:
            before = catalogue.get_entry(tx, name)
            said = _said(desk, tx, before)
            saved = catalogue.save(tx, name, said, desk.now, replaces=number_in(desk.form.get("version", "")))
            desk.slip.tell(
                name, label=saved.label, before={"version": before.version}, after={"version": saved.version}
            )
    except (Invalid, Overtaken) as error:
        return _entry(desk, name, problem=say(error, desk.locale))
    return desk.go(f"/fact?{urlencode({'name': name, 'saved': 'yes'})}")


@post("/facts/versions/{version:int}/restore", sync_to_thread=True, opt=_CHANGED)
def restore_entry(desk: AtDesk, version: FromPath[int]) -> Redirect:
    """Say of a fact again what a version of it said."""
    name = desk.form.get("name", "")
    with desk.noted() as tx:
        saved = catalogue.restore(tx, name, version, desk.now)
        desk.slip.tell(name, label=saved.label, after={"version": saved.version})
    return desk.go(f"/fact?{urlencode({'name': name, 'saved': 'yes'})}")


@get("/missing", sync_to_thread=True)
def missing(desk: AtDesk) -> Response[str]:
    """Show what is used and not known of everybody, and the cheapest way to learn it."""
    with desk.tx() as tx:
        return desk.page(
            "missing.html", missing=fact_usage.missing(tx), titles=segments.titles(tx), letters=template_titles(tx)
        )


def _called(desk: Desk, entry: FactEntry) -> str:
    return desk.called(entry.name, entry.called(desk.locale))


def _purposes(tx: Tx, entry: FactEntry) -> list[str]:
    """Return what facts can be for here: the usual purposes, and those that were ever spoken of."""
    spoken = {purpose for purpose, _ in finding.abouts(tx)} | {one.purpose for one in campaigns.list_campaigns(tx)}
    return [*_PURPOSES, *sorted((spoken | set(entry.purposes or ())) - set(_PURPOSES))]


def _said(desk: Desk, tx: Tx, entry: FactEntry) -> Said:
    form = desk.form
    every = _purposes(tx, entry)
    chosen = [one for one in every if form.get(f"for.{one}")]
    days = form.get("shelf_days", "").strip()
    labels = {key.removeprefix("label."): text for key, text in form.items() if key.startswith("label.")}
    return Said(
        label=form.get("label", ""),
        labels=labels,
        shelf_days=(number_in(days) or 0) if days else None,
        sensitive=bool(form.get("sensitive")),
        purposes=None if chosen == every else chosen,
    )


def _entry(desk: Desk, name: str, problem: str = "", *, saved: bool = False) -> Response[str]:
    gettext = translator(desk.locale).gettext
    with desk.tx() as tx:
        entry = catalogue.get_entry(tx, name)
        hidden = entry.sensitive and not desk.can("care")
        said_as = {str(c.value): c.text.at(desk.locale) for _, one in asking(tx, name) for c in one.choices}
        return desk.page(
            "fact.html",
            status=400 if problem else 200,
            problem=problem,
            saved=saved,
            listed=entry,
            called=_called(desk, entry),
            languages=[(one, language_called(one)) for one in desk.workspace.languages or ["en"]],
            purposes=[(one, purpose_called(one, gettext)) for one in _purposes(tx, entry)],
            known=catalogue.how_many(tx, [name]).get(name, 0),
            values=[] if hidden else [(said_as.get(one, one), many) for one, many in catalogue.distribution(tx, name)],
            titles=segments.titles(tx) | {f"form:{one}": called for one, called in forms.titles(tx).items()},
            usage=fact_usage.usage(tx).get(name, Usage()),
            letters=template_titles(tx),
            versions=catalogue.versions(tx, name),
        )


ROUTES = [fact_list, one_entry, save_entry, restore_entry, missing]
