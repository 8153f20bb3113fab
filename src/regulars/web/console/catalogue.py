"""The catalogue of facts: what each is called, how long it holds, who sees it, and what it may be used for."""

from collections.abc import Mapping
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
from regulars.web.console import drafts, meeting
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.listing import Way
from regulars.web.console.offering import doubles
from regulars.web.fact_words import values_within
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
            saved = catalogue.save(tx, name, said, desk.now, replaces=drafts.replaced(desk))
            desk.slip.tell(
                name, label=saved.label, before={"version": before.version}, after={"version": saved.version}
            )
    except Overtaken:
        return _overtaken(desk, name)
    except Invalid as error:
        return _entry(desk, name, {error.field or "label": say(error, desk.locale)}, form=desk.form)
    return desk.go(f"/fact?{urlencode({'name': name, 'saved': 'yes'})}")


@post("/facts/versions/{version:int}/restore", sync_to_thread=True, opt=_CHANGED)
def restore_entry(desk: AtDesk, version: FromPath[int]) -> Redirect:
    """Say of a fact again what a version of it said."""
    name = desk.form.get("name", "")
    with desk.noted() as tx:
        saved = catalogue.restore(tx, name, version, desk.now, replaces=drafts.replaced(desk))
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


def _typed(entry: FactEntry) -> dict[str, str]:
    """Return the form as it stands when nobody has typed anything; what a fact may be used for is ticked apart."""
    labels = {f"label.{language}": text for language, text in entry.labels.items()}
    ticks = {"sensitive": "1"} if entry.sensitive else {}
    return {"label": entry.label, **labels, "shelf_days": str(entry.shelf_days or ""), **ticks}


def _overtaken(desk: Desk, name: str) -> Response[str]:
    """Show what was typed, and beside it what somebody else saved of the fact meanwhile."""
    texts = translator(desk.locale)
    gettext, yes, no = texts.gettext, texts.gettext("Yes"), texts.gettext("No")
    with desk.tx() as tx:
        entry = catalogue.get_entry(tx, name)
        mine, theirs = desk.form, _typed(entry)
        labels = {"label": gettext("What it is called")}
        labels |= {f"label.{one}": gettext("In %(language)s") % {"language": said} for one, said in _languages(desk)}
        labels |= {} if entry.computed else {"shelf_days": gettext("Shelf life in days")}
        parts = [meeting.Part(label, mine.get(one, "").strip(), theirs.get(one, "")) for one, label in labels.items()]
        ticks = [("sensitive", gettext("Sensitive"), entry.sensitive)]
        ticks += [(f"for.{one}", purpose_called(one, gettext), _used(entry, one)) for one in _purposes(tx, entry)]
        parts += [
            meeting.Part(label, yes if mine.get(field) else no, yes if ticked else no) for field, label, ticked in ticks
        ]
        beside = meeting.beside(desk, tx, "catalogue.changed", parts, thing=name)
    return _entry(desk, name, form=mine, beside=beside)


def _languages(desk: Desk) -> list[tuple[str, str]]:
    return [(one, language_called(one)) for one in desk.workspace.languages or ["en"]]


def _used(entry: FactEntry, purpose: str) -> bool:
    return entry.purposes is None or purpose in entry.purposes


def _entry(
    desk: Desk, name: str, errors: Mapping[str, str] | None = None, *, saved: bool = False,
    form: Mapping[str, str] | None = None, beside: meeting.Beside | None = None,
) -> Response[str]:  # fmt: skip
    gettext = translator(desk.locale).gettext
    with desk.tx() as tx:
        entry = catalogue.get_entry(tx, name)
        hidden = entry.sensitive and not desk.can("care")
        purposes = [(one, purpose_called(one, gettext), _used(entry, one)) for one in _purposes(tx, entry)]
        said_as = dict(values_within(tx, desk.locale).get(name, {})) if entry.computed else {}
        said_as |= {str(c.value): c.text.at(desk.locale) for _, one in asking(tx, name) for c in one.choices}
        return desk.page(
            "fact.html",
            status=400 if errors else 409 if beside else 200,
            errors=errors or {},
            beside=beside,
            form=_typed(entry) if form is None else form,
            saved=saved,
            listed=entry,
            called=_called(desk, entry),
            base=str(entry.version) if beside else drafts.base(desk) or str(entry.version),
            languages=_languages(desk),
            purposes=[
                (one, said, ticked if form is None else bool(form.get(f"for.{one}"))) for one, said, ticked in purposes
            ],
            known=catalogue.how_many(tx, [name]).get(name, 0),
            values=[] if hidden else [(said_as.get(one, one), many) for one, many in catalogue.distribution(tx, name)],
            titles=segments.titles(tx) | {f"form:{one}": called for one, called in forms.titles(tx).items()},
            usage=fact_usage.usage(tx).get(name, Usage()),
            letters=template_titles(tx),
            versions=catalogue.versions(tx, name),
        )


ROUTES = [fact_list, one_entry, save_entry, restore_entry, missing]
