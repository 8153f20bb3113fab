"""Two people save the same thing, whatever it is: who comes second is shown both, and overwrites nothing unseen."""

import re
from dataclasses import dataclass
from html import escape

import pytest
from tests.web.doors import doors
from tests.web.every_page import DESK, Story
from tests.web.forms_of import Form, forms_of

from regulars.access.people import add_person


@dataclass(frozen=True)
class Edit:
    """Something that can be edited: its page, what one types there, what another does, and the button that saves."""

    page: str
    mine: dict[str, str]
    theirs: dict[str, str]
    do: str = "save"
    shown: tuple[str, str] = ("", "")
    """What the page says of both, where that is not what was typed."""


EDITS = {
    "/workspace": Edit("/workspace", {"title": "Mine & ours"}, {"title": "Theirs"}),
    "/duplicates/rules": Edit(
        "/duplicates/rules", {"devices": "2", "email": "strong"}, {"devices": "3", "email": "weak"}
    ),
    "/contact-policy": Edit("/contact-policy", {"per_day": "2"}, {"per_day": "3"}),
    "/counting": Edit(
        "/counting", {"tracking": "off"}, {"tracking": "if_agreed"}, shown=("Of nobody", "Only of those who agreed")
    ),
    "/channels/{channel:str}": Edit(
        "/channels/email", {"of_host": "mail.mine.example"}, {"of_host": "mail.theirs.example"}
    ),
    "/retention": Edit("/retention", {"days:page": "730"}, {"days:page": "1825"}, shown=("2 years", "5 years")),
    "/alerts/people": Edit("/alerts", {"language": "lv"}, {"language": "hi"}, shown=("Latviešu", "हिन्दी")),
    "/alerts/webhook": Edit("/alerts", {"url": "https://hooks.example/mine"}, {"url": "https://hooks.example/theirs"}),
    "/fact": Edit("/fact?name=gift_for", {"label": "Mine", "shelf_days": "30"}, {"label": "Theirs"}),
    "/customers/{customer_id:int}/fact": Edit(
        "/customers/{customer_id}/fact?name=whose", {"answer": "Mara"}, {"answer": "Marija"}
    ),
    "/people/{person:int}/role": Edit(
        "/people?q=ann@", {"role": "analyst"}, {"role": "agent"}, shown=("Analyst", "Agent")
    ),
    "/templates/{name:str}": Edit("/templates/remember", {"subject": "Mine"}, {"subject": "Theirs"}),
    "/segments/{name:str}/edit": Edit("/segments/for-mothers/edit", {"title": "Mine"}, {"title": "Theirs"}),
    "/groups/{number:int}": Edit("/groups/{number}", {"title": "Mine & ours"}, {"title": "Theirs"}),
    "/funnels/{name:str}/edit": Edit("/funnels/buying/edit", {"title": "Mine"}, {"title": "Theirs"}),
    "/forms/{name:str}/edit": Edit("/forms/gift-quiz/edit", {"title": "Mine"}, {"title": "Theirs"}),
    "/campaigns/{name:str}/edit": Edit("/campaigns/spring/edit", {"title": "Mine"}, {"title": "Theirs"}),
    "/imports/{number:int}": Edit("/imports/1", {"other:size": "my_size"}, {"other:size": "their_size"}, do=""),
}
"""Every form behind the log-in that begins with what is saved."""

NO_EDIT = {
    "/people": "it asks somebody to join",
    "/keys": "it makes a key",
    "/new/template": "new",
    "/new/segment": "new",
    "/new/funnel": "new",
    "/new/list": "new",
    "/new/form": "new",
    "/new/campaign": "new",
    "/imports": "it brings a file",
    "/segments/{name:str}/more": "it brings a file",
    "/customers/file": "it takes a file along",
    "/customers/{customer_id:int}/list": "it puts somebody on a list",
    "/groups": "it asks for a round",
    "/customers/{customer_id:int}/pause": "an event: both stay in the log",
    "/customers/{customer_id:int}/frequency": "an event: both stay in the log",
    "/customers/{customer_id:int}/stop": "an event: both stay in the log",
    "/customers/{customer_id:int}/join": "it makes two customers one, once",
    "/customers/{customer_id:int}/restrict": "an event: both stay in the log",
    "/customers/{customer_id:int}/forget": "it forgets somebody, once",
    "/workspace/delete": "it deletes, once",
    "/returned-mail": "the settings of one mailbox: whoever saves last has read them",
    "/returned-mail/dkim": "it makes a key",
    "/console/account/name": "nobody else can",
    "/console/account/password": "nobody else can",
    "/console/workspaces/new": "new",
}
"""Other forms that are filled in behind the log-in, and why nothing of somebody else's is overwritten there."""


@pytest.fixture
def story(shop):
    add_person(shop.house.database, f"ann@{shop.workspace}.example", "Ann", shop.workspace, role="viewer")
    return Story(shop)


def filled(form: Form) -> set[str]:
    return {name for name in form.typed if not name.startswith("pick:") and name != "all"}


def leads_to(house):
    """Return what says which route an address leads to by POST, without the workspace."""
    known = [
        (re.compile(re.sub(r"\{\w+:(int|str)\}", r"[^/]+", door.path)), door.path.removeprefix(DESK))
        for door in sorted(doors(house), key=lambda door: door.path.count("{"))
        if door.method == "POST" and door.kind in {"role", "session"}
    ]
    return lambda address: next((path for known_as, path in known if known_as.fullmatch(address)), "")


def test_every_form_that_begins_with_what_is_saved_is_walked(house, client, story):
    found, route = set[str](), leads_to(house)
    for door, address in story.pages():
        if door.kind in {"role", "session"}:
            for form in forms_of(client.get(address).text):
                if form.method == "post" and filled(form):
                    found.add(route((form.action or address).partition("?")[0]))
    assert found == EDITS.keys() | NO_EDIT.keys()


@pytest.mark.parametrize("what", EDITS)
def test_who_saves_second_is_shown_both_and_overwrites_nothing(house, client, colleague, story, home, what):
    edit, route = EDITS[what], leads_to(house)
    path = home + edit.page.format(customer_id=story.shop.customer, number=story.places["number"])
    here = path.partition("?")[0]

    def saving(page, action=""):
        forms = [one for one in forms_of(page.text) if one.method == "post" and route(one.action or here) == what]
        return next(
            one for one in forms if edit.mine.keys() <= one.fields.keys() and action in {"", one.action or here}
        )

    mine, theirs = saving(client.get(path)), saving(colleague.get(path))
    action = mine.action or here
    assert colleague.post(action, data=theirs.sent | edit.theirs | {"do": edit.do}).status_code == 303
    stands = saving(colleague.get(path)).fields
    met = client.post(action, data=mine.sent | edit.mine | {"do": edit.do})
    assert met.status_code == 409
    both = re.sub("</?mark>", "", met.text)
    for words in edit.shown if any(edit.shown) else (*edit.mine.values(), *edit.theirs.values()):
        assert escape(words) in both
    assert "Greta" in met.text
    story.shop.work()
    assert saving(colleague.get(path)).fields == stands

    again = saving(met, action)
    assert edit.mine.items() <= again.fields.items(), "what was typed is there"
    assert client.post(action, data=again.sent | {"do": edit.do}).status_code == 303
    story.shop.work()
    assert edit.mine.items() <= saving(client.get(path)).fields.items()
