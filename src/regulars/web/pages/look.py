"""`/look/<token>`: how a question and a mail would look in a brand that is being tried. Nothing is asked or kept.

The token is made by the console, for whoever sits there; it holds the brand as it is typed.
"""

from datetime import timedelta

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from regulars.access.workspaces import Workspace
from regulars.engage.confirmations import Wanted
from regulars.engage.forms import Form
from regulars.engage.responses import ConsentGiven
from regulars.engage.survey import parse_survey
from regulars.web.brands import LOOK
from regulars.web.headers import POLICY
from regulars.web.pages.forms import Booth
from regulars.web.pages.letters import is_it_yours
from regulars.web.pages.visit import Visit

_LIVES = timedelta(hours=2)
_FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'").replace(
    "form-action 'self'", "form-action 'none'"
)
_NAME = "birthday"


def _tried(visit: Visit, token: str) -> Visit:
    return visit.at(visit.house.links.unseal(LOOK, token, Workspace, visit.now, _LIVES))


@get("/look/{token:str}/question", sync_to_thread=True)
def question(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[str]:
    """Show how a question would look."""
    visit = _tried(visit, token)
    survey = parse_survey(_example(visit))
    asked = survey.questions[0]
    page = visit.page(
        "question.html",
        booth=Booth(visit, visit.workspace, _NAME, "", None) if visit.workspace else None,
        form=Form(_NAME, "", survey, visit.now),
        question=asked,
        typed=["mother"],
        told=None,
        error="",
        place=1,
        count=2,
        action="",
        back="",
        visitor="",
    )
    page.headers["content-security-policy"] = _FRAMED
    return page


@get("/look/{token:str}/mail", sync_to_thread=True)
def mail(visit: NamedDependency[Visit], token: FromPath[str]) -> Response[str]:
    """Show how a mail would look."""
    visit = _tried(visit, token)
    words = visit.gettext("Yes, write to me by e-mail.")
    want = Wanted("ieva@example.com", [ConsentGiven("marketing", "email", granted=True, words=words)])
    letter = is_it_yours(visit, want, "#")
    headers = {"content-security-policy": f"{_FRAMED}; style-src 'unsafe-inline'"}
    return Response(letter.html, media_type="text/html; charset=utf-8", headers=headers)


def _example(visit: Visit) -> dict[str, object]:
    answers = {
        "mother": visit.gettext("My mother"),
        "friend": visit.gettext("A good friend"),
        "me": visit.gettext("Myself"),
    }
    asked = {
        "type": "radiogroup",
        "name": "for_whom",
        "title": visit.gettext("For whom do you like to give?"),
        "choices": [{"value": value, "text": text} for value, text in answers.items()],
    }
    return {"title": visit.gettext("Who do you love to give to?"), "elements": [asked, {"type": "text", "name": "x"}]}


ROUTES = [question, mail]
