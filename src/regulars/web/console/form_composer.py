"""The form composer: a form made by choosing, beside its phone; and the same as text, losing nothing.

Every button posts the whole page back, and the page comes with what it did; so it works without scripts. With them
only the composer is exchanged, and the phone follows while one types.
"""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from regulars.access.rights import Right
from regulars.engage import changing, forms
from regulars.engage.forms import Form
from regulars.engage.sheet import Sheet, slug
from regulars.web.console import drafts, meeting
from regulars.web.console.desk import AtDesk, Desk, needs
from regulars.web.console.form_deeds import done_to
from regulars.web.console.form_fields import apply
from regulars.web.console.form_shown import outline, problems, shown
from regulars.web.console.form_starts import STARTS, start, texts_for
from regulars.web.console.json_text import packed, parsed, written
from regulars.web.i18n import say, translator
from regulars.web.noting import notes
from regulars.web.numbers import number_in
from regulars.words.errors import Conflict, Invalid, Overtaken, RegularsError

_CHECKING = ("save", "up", "down", "drop", "copy")
"""What is done after which the page says what is wrong; before, one is still writing."""


@get("/new/form", sync_to_thread=True, opt=needs(Right.COMPOSE))
def new_form(desk: AtDesk, start_from: FromQuery[str] = "", like: FromQuery[str] = "") -> Response[str]:
    """Show what a form can start from; or the composer, with what was chosen or was begun before."""
    with desk.tx() as tx:
        draft = drafts.at(desk, tx, "form")
        survey = forms.survey_of(tx, like) if like else start(start_from, desk.workspace)
    if like or start_from:
        return _page(desk, _fields(survey, 0 if like or start_from in STARTS else None), {}, None, begun=draft)
    if draft.kept is None:
        return desk.page("form_start.html", starts=STARTS, form={}, errors={})
    return _page(desk, draft.filled(_fields(survey, None)), {}, None, draft=draft)


@post("/new/form", sync_to_thread=True, opt=needs(Right.COMPOSE) | notes("form.made", "form"))
def create_form(desk: AtDesk) -> Response[str] | Redirect:
    """Do what a button says with the form that is composed, or make it."""
    return _act(desk, None)


@get("/forms/{name:str}/edit", sync_to_thread=True, opt=needs(Right.COMPOSE))
def edit_form(desk: AtDesk, name: FromPath[str]) -> Response[str]:
    """Show a form in the composer, as it is or as one left it."""
    with desk.tx() as tx:
        form, survey = forms.get_form(tx, name), forms.survey_of(tx, name)
        draft = drafts.at(desk, tx, "form", name)
    return _page(desk, draft.filled(_fields(survey, 0)), {}, form, draft=draft)


@post(
    "/forms/{name:str}/edit",
    sync_to_thread=True,
    opt=needs(Right.COMPOSE) | notes("form.saved", "form", by="name"),
)
def save_form(desk: AtDesk, name: FromPath[str]) -> Response[str] | Redirect:
    """Do what a button says with the form that is composed, or let it be asked from now on."""
    with desk.tx() as tx:
        form = forms.get_form(tx, name)
    return _act(desk, form)


def _fields(survey: Mapping[str, Any], at: int | None) -> dict[str, str]:
    return {"survey": packed(survey), "view": "fields", "lang": "default", "at": "" if at is None else str(at)}


def _sheet(form: Mapping[str, str], saved: Form | None) -> tuple[Sheet, int | None]:
    """Return the survey that was sent, with what was typed written into it, and which question is open."""
    sheet = Sheet(parsed(form.get("survey", "")))
    at = _place(form, sheet)
    if form.get("view") == "fields":
        names = {one.name for one in saved.survey.questions} if saved else set[str]()
        apply(sheet, form, at, names)
    return sheet, at


def _place(form: Mapping[str, str], sheet: Sheet) -> int | None:
    at = number_in(form.get("at", ""))
    return at if at is not None and at < len(sheet.elements) else None


def _act(desk: Desk, saved: Form | None) -> Response[str] | Redirect:
    form, do = desk.form, desk.form.get("do") or "save"
    try:
        sheet, at = _sheet(form, saved)
    except Invalid as error:
        return _page(desk, {**form, "view": "text"}, {"survey": say(error, desk.locale)}, saved)
    wrong = problems(sheet, desk.locale) if form.get("view") == "fields" else {}
    if do == "save":
        if not wrong:
            return _save(desk, sheet, saved)
        return _page(desk, _now(form, sheet, next(iter(wrong))), {}, saved, wrong=wrong)
    before = packed(sheet.survey)
    done = done_to(sheet, at, do, form, texts_for(desk.workspace))
    now = {**_now(form, sheet, done.at), **done.fields}
    if do.startswith("drop:"):
        now["before"] = before
    verb = do.partition(":")[0]
    if verb != "look":
        _keep(desk, now, saved)
    wrong = problems(sheet, desk.locale) if verb in _CHECKING else {}
    return _page(desk, now, {}, saved, wrong=wrong)


def _now(form: Mapping[str, str], sheet: Sheet, at: int | None) -> dict[str, str]:
    """Return the fields of the page, all that was typed being in the survey now."""
    kept = {name: form[name] for name in ("name", "lang", "view", "base") if name in form}
    return {**kept, "survey": packed(sheet.survey), "at": "" if at is None else str(at)}


def _keep(desk: Desk, fields: Mapping[str, str], saved: Form | None) -> None:
    with desk.tx() as tx:
        thing = saved.name if saved else ""
        kept = {name: value for name, value in fields.items() if name not in {"base", "before"}}
        drafts.keep_fields(desk, tx, "form", thing, begun_from=drafts.base(desk), fields=kept)


def _save(desk: Desk, sheet: Sheet, saved: Form | None) -> Response[str] | Redirect:
    form = desk.form
    name = saved.name if saved else form.get("name", "").strip() or _named(sheet)
    try:
        with desk.noted(name=name) as tx:
            if saved is None:
                made = forms.create_form(tx, name, sheet.survey, desk.now)
            else:
                made = changing.save_form(tx, name, sheet.survey, desk.now, replaces=drafts.replaced(desk))
                desk.slip.tell(before={"version": saved.version}, after={"version": made.version})
            desk.slip.tell(label=made.title)
            drafts.done(desk, tx, "form", saved.name if saved else "")
    except Overtaken:
        return _meet(desk, sheet, name)
    except (Invalid, Conflict) as error:
        return _refused(desk, sheet, saved, error)
    if saved is None:
        return desk.go(f"/forms/{name}?done=made")
    return desk.go(f"/forms/{name}?done={made.version if made.version != saved.version else 'same'}")


def _named(sheet: Sheet) -> str:
    title: Any = sheet.survey.get("title") or ""
    said: Any = title.get("default", "") if isinstance(title, Mapping) else title
    return slug(str(said), (), 60).replace("_", "-")


def _refused(desk: Desk, sheet: Sheet, saved: Form | None, error: RegularsError) -> Response[str]:
    """Say what is wrong beside the question that it is about, or beside the form's name or text."""
    said, field = say(error, desk.locale), error.field or "survey"
    at = _place(desk.form, sheet)
    kind, _, question = field.partition(":")
    if kind == "question":
        names = [str(one.get("name")) for one in sheet.elements]
        at = names.index(question) if question in names else at
        if at is not None and desk.form.get("view") == "fields":
            return _page(desk, _now(desk.form, sheet, at), {}, saved, wrong={at: said})
        field = "survey"
    return _page(desk, _now(desk.form, sheet, at), {field: said}, saved)


def _meet(desk: Desk, sheet: Sheet, name: str) -> Response[str] | Redirect:
    """Show what was composed beside what somebody else saved meanwhile."""
    with desk.tx() as tx:
        form, theirs = forms.get_form(tx, name), forms.survey_of(tx, name)
    gettext = translator(desk.locale).gettext
    parts = [
        meeting.Part(gettext("What it asks"), outline(sheet.survey), outline(theirs)),
        meeting.Part(gettext("As text"), written(sheet.survey, in_order=True), written(theirs, in_order=True)),
    ]
    met = meeting.Meeting("form", name, title=form.title, action="form.saved", version=str(form.version))
    return meeting.meet(desk, met, parts)


def _page(
    desk: Desk,
    form: Mapping[str, str],
    errors: Mapping[str, str],
    saved: Form | None,
    *,
    wrong: Mapping[int, str] | None = None,
    draft: drafts.AtThing | None = None,
    begun: drafts.AtThing | None = None,
) -> Response[str]:
    """Show the composer. `begun`: what one had begun before, which is not what is shown."""
    form = {**form, "view": "fields" if form.get("view") == "fields" else "text"}
    with desk.tx() as tx:
        draft = draft or drafts.at(desk, tx, "form", saved.name if saved else "")
        context: dict[str, Any] = {"text": form.get("survey", ""), "seen": None}
        if form["view"] == "fields":
            sheet, at = _sheet(form, saved)
            context = shown(desk, tx, sheet, form, at=at, wrong=wrong or {}, saved=saved)
        return desk.page(
            "form_compose.html",
            status=400 if errors or (wrong and desk.form.get("do") == "save") else 200,
            form=form,
            errors=errors,
            saved=saved,
            wrong=wrong or {},
            draft=drafts.nothing("form", "") if begun else draft,
            begun_before=begun.kept if begun else None,
            action=f"{desk.home}/forms/{saved.name}/edit" if saved else f"{desk.home}/new/form",
            **context,
        )


ROUTES = [new_form, create_form, edit_form, save_form]
