"""`/f/<form>`: one question a screen. GET shows and never answers; POST answers and sends on.

`?m=<token>` says who answers; without it a visitor is known by a cookie, set with the first answer.
`&<question>=<value>` chooses an answer beforehand. What its reader told us before is not asked again as if we did not
know: it is filled in and said, and one tap says that it is still true. A step's number is the question's place in the
form, so that a screen keeps its address whatever is hidden. Who comes to a form that was closed is told so kindly.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from regulars.access.tallies import ANSWER_OF_ADDRESS
from regulars.access.workspaces import Workspace, get_workspace, workspace_at
from regulars.engage import confirmations, forms, responses
from regulars.engage.answers import as_typed, check
from regulars.engage.forms import Form
from regulars.engage.known import Known, known
from regulars.engage.questions import Question
from regulars.engage.responses import Who
from regulars.speak import notices
from regulars.speak.touching import Touch
from regulars.store.database import Tx
from regulars.web.i18n import say
from regulars.web.numbers import number_in
from regulars.web.pages.letters import is_it_yours
from regulars.web.pages.visit import Visit
from regulars.words.errors import Invalid

_THANKS = "thanks"


@dataclass(frozen=True)
class Booth:
    """A form in front of somebody: whose workspace it is, and by which link they came."""

    visit: Visit
    house: Workspace
    name: str
    token: str
    link: Who | None
    """Who it is, where a link says so."""
    remembers: bool = False
    """Whether the link was made for this form, so that what its owner said before may be shown in it."""

    @property
    def workspace(self) -> str:
        """The name of the workspace whose form it is."""
        return self.house.name

    def url(self, step: int | str | None = None) -> str:
        """Return the address of a screen, with the link that somebody came by."""
        path = f"/f/{self.name}" if step is None else f"/f/{self.name}/{step}"
        return f"{path}?{urlencode({'m': self.token})}" if self.token else path

    def who(self, tx: Tx) -> Who | None:
        """Return who is here, as far as they are known."""
        if self.link:
            return self.link
        cookie = self.visit.visitor(self.workspace)
        met = responses.met_visitor(tx, cookie) if cookie else None
        return None if met is None else Who(met)


def _booth(visit: Visit, name: str) -> Booth:
    house = get_workspace(visit.house.database, workspace_at(visit.house.database, f"f/{name}"))
    token = visit.asked("m")
    if not token:
        return Booth(visit, house, name, "", None)
    link = visit.link_to(token, house.name, name)
    who = Who(link.identity_id, verified=True, message_id=link.message_id)
    return Booth(visit, house, name, token, who, remembers=link.form == name)


def _opened(booth: Booth, tx: Tx) -> tuple[Booth, Form]:
    """Return the form, and its booth in the language that its visitor reads best among the form's and ours."""
    form = forms.get_form(tx, booth.name)
    return replace(booth, visit=booth.visit.at(booth.house, form.survey.languages)), form


def _note(booth: Booth) -> None:
    """Note that the link of a message was followed: it leads here without a detour."""
    message = booth.link.message_id if booth.link else None
    if message is not None:
        link = f"{booth.visit.house.base_url}{quote(f'/f/{booth.name}')}"
        booth.visit.house.touches.note(booth.workspace, Touch(message, booth.visit.now, booth.visit.machine, link))


@get("/f/{form:str}", sync_to_thread=True)
def begin(visit: NamedDependency[Visit], form: FromPath[str]) -> Response[Any]:
    """Show the first question, or what was answered before."""
    booth = _booth(visit, form)
    _note(booth)
    with visit.house.database.workspace(booth.workspace) as tx:
        booth, asked = _opened(booth, tx)
        who = booth.who(tx)
        response = responses.find(tx, asked, who) if who else None
        first = responses.asked(asked, {}, verified=booth.link is not None)[0]
        chosen = list(visit.query.get(first.name, ()))
        if response and response.finished_at and chosen in ([], as_typed(first, response.answers.get(first.name))):
            return _told(booth, tx, asked, response, again=True)
        if asked.closed_at:
            return _closed(booth, asked, response)
        return _question(booth, tx, asked, first, response, chosen=chosen)


@get("/f/{form:str}/{step:int}", sync_to_thread=True)
def look(visit: NamedDependency[Visit], form: FromPath[str], step: FromPath[int]) -> Response[Any]:
    """Show one question, with what was answered to it."""
    booth = _booth(visit, form)
    with visit.house.database.workspace(booth.workspace) as tx:
        booth, asked = _opened(booth, tx)
        who = booth.who(tx)
        response = responses.find(tx, asked, who) if who else None
        if asked.closed_at:
            return visit.go(booth.url())
        question = _at(asked, step)
        answers = responses.in_step(tx, asked, response).answers if response else {}
        shown = responses.asked(asked, answers, verified=booth.link is not None)
        if question is None or question not in shown:
            return visit.go(booth.url())
        return _question(booth, tx, asked, question, response)


@post("/f/{form:str}/{step:int}", sync_to_thread=True)
def answer(visit: NamedDependency[Visit], form: FromPath[str], step: FromPath[int]) -> Response[Any]:
    """Take one answer and go on to the next question, or to the thanks."""
    booth = _booth(visit, form)
    booth = replace(booth, visit=replace(visit, here=booth.url(step)))
    if booth.link is None:
        visit.only_from_our_pages()
        visit.count(ANSWER_OF_ADDRESS)
    with visit.house.database.workspace(booth.workspace) as tx:
        booth, asked = _opened(booth, tx)
        if asked.closed_at:
            return _closed(booth, asked, None, status=409)
        question = _shown(tx, visit, asked, step)
        if question is None:
            return visit.go(booth.url())
        given = list(visit.fields.get("answer", ()))
        try:
            _check_unchanged(tx, visit, asked, question)
            value = check(question, given)
        except Invalid as wrong:
            who = booth.who(tx)
            response = responses.find(tx, asked, who) if who else None
            return _question(booth, tx, asked, question, response, chosen=given, error=say(wrong, booth.visit.locale))
        visitor = visit.visitor_to_be(booth.workspace)
        who = booth.link or Who(responses.visitor(tx, visitor))
        response = responses.answer(tx, asked, responses.start(tx, asked, who, visit.now), question, value)
        onward = _onward(booth, tx, asked, response, question)
    visit.house.waker.poke(booth.workspace)
    return visit.go(onward, [] if booth.link else visit.remember(booth.workspace, visitor))


def _onward(booth: Booth, tx: Tx, form: Form, response: responses.Response, question: Question) -> str:
    """Return where to go after an answer. After the last one the response is finished, which ends the transaction."""
    shown = responses.asked(form, response.answers, verified=response.verified)
    place = form.survey.questions.index(question)
    later = next((one for one in shown if form.survey.questions.index(one) > place), None)
    if following := later or responses.unanswered(tx, form, response):
        return booth.url(_step(form, following))
    visit = booth.visit
    _ask_to_confirm(booth, tx, form, response)
    responses.finish(tx, form, response, visit.now, locale=visit.locale, gettext=visit.gettext)
    return booth.url(_THANKS)


def _ask_to_confirm(booth: Booth, tx: Tx, form: Form, response: responses.Response) -> None:
    """Have a mail sent to an address that a visitor typed, where they ticked that we may write."""
    visit = booth.visit
    want = confirmations.wanted(form, response, visit.locale)
    if want and (secret := confirmations.ask(tx, response, want, visit.now)):
        url = f"{visit.house.base_url}/confirm/{booth.workspace}.{secret}"
        notices.post(tx, response.identity_id, is_it_yours(visit, want, url), visit.now)


@get("/f/{form:str}/thanks", sync_to_thread=True)
def thanks(visit: NamedDependency[Visit], form: FromPath[str]) -> Response[Any]:
    """Say thank you, and what will be remembered."""
    booth = _booth(visit, form)
    with visit.house.database.workspace(booth.workspace) as tx:
        booth, asked = _opened(booth, tx)
        who = booth.who(tx)
        response = responses.find(tx, asked, who) if who else None
        if response is None or response.finished_at is None:
            return visit.go(booth.url())
        return _told(booth, tx, asked, response, again=False)


def _closed(booth: Booth, form: Form, response: responses.Response | None, *, status: int = 200) -> Response[str]:
    """Say that nobody can answer any more, and that what was answered is kept."""
    return booth.visit.page("closed.html", status=status, form=form, begun=response is not None)


def _told(booth: Booth, tx: Tx, form: Form, response: responses.Response, *, again: bool) -> Response[str]:
    visit = booth.visit
    answered = forms.form_at(tx, form, response.version)
    return visit.page(
        "thanks.html",
        booth=booth,
        form=form,
        said=responses.said(answered, response, visit.locale, visit.gettext),
        change="" if form.closed_at else booth.url(1),
        pending=confirmations.pending(tx, response, visit.now),
        again=again,
    )


def _question(
    booth: Booth,
    tx: Tx,
    form: Form,
    question: Question,
    response: responses.Response | None,
    *,
    chosen: Sequence[str] = (),
    error: str = "",
) -> Response[str]:
    """Show a question: with what was typed just now, else chosen beforehand, else answered before, else told before.

    A box of consent is only ever ticked by the customer, never by an address.
    """
    answers = responses.in_step(tx, form, response).answers if response else {}
    shown = responses.asked(form, answers, verified=booth.link is not None)
    if question not in shown:
        return booth.visit.page("gone.html", status=409, booth=booth, form=form, start=booth.url())
    typed = (
        list(chosen) if error or (chosen and not question.consent) else as_typed(question, answers.get(question.name))
    )
    told = None if typed or error else _told_before(booth, tx, form, question)
    place = shown.index(question)
    return booth.visit.page(
        "question.html",
        status=400 if error else 200,
        booth=booth,
        form=form,
        question=question,
        typed=told.typed if told else typed,
        told=told,
        error=error,
        place=place + 1,
        count=place + 1 + len(responses.to_come(form, question, answers, verified=booth.link is not None)),
        action=booth.url(_step(form, question)),
        back=booth.url(_step(form, shown[place - 1])) if place else "",
        visitor="" if booth.link else booth.visit.visitor_to_be(booth.workspace),
    )


def _told_before(booth: Booth, tx: Tx, form: Form, question: Question) -> Known | None:
    """Return what is known of whoever holds a link to this form; of a visitor nothing is shown."""
    return (
        known(tx, form, question, booth.link.identity_id, booth.visit.now) if booth.link and booth.remembers else None
    )


def _shown(tx: Tx, visit: Visit, form: Form, step: int) -> Question | None:
    """Return the question that was on the page which was sent: where the form was edited, it may stand elsewhere."""
    then = _version_read(tx, visit, form)
    read = then.survey.questions[step - 1] if then and 0 < step <= len(then.survey.questions) else None
    return form.survey.question(read.name) if read else _at(form, step)


def _check_unchanged(tx: Tx, visit: Visit, form: Form, question: Question) -> None:
    """Raise Invalid where a question says something else now than on the page that was sent."""
    then = _version_read(tx, visit, form)
    read = then.survey.question(question.name) if then else None
    if read is not None and msgspec.structs.replace(read, shown_if=question.shown_if) != question:
        raise Invalid("This question was changed while you were reading. Please look at it once more.")


def _version_read(tx: Tx, visit: Visit, form: Form) -> Form | None:
    """Return the form as it was on the page that was sent; None where that is as it is now."""
    version = number_in(visit.field("version")) or form.version
    return forms.forms_at(tx, form, [version]).get(version) if version < form.version else None


def _step(form: Form, question: Question) -> int:
    return form.survey.questions.index(question) + 1


def _at(form: Form, step: int) -> Question | None:
    return form.survey.questions[step - 1] if 0 < step <= len(form.survey.questions) else None


ROUTES = [begin, look, answer, thanks]
