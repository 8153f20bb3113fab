"""Whatever a customer, or somebody who pretends to be one, types: never our fault, and nothing of it becomes markup."""

import pytest
from tests.web.forms_of import ENCODED, MARK, TYPED, body_of, forms_of
from tests.web.pages.visits import Client, Shop

from regulars.access.links import Link
from regulars.engage import forms
from regulars.loop.followers import begin
from regulars.words.clock import utc_now

RUNS = ("<script>alert", "<img src=x", "<svg/onload")
EVERY_KIND = {
    "title": "Everything",
    "elements": [
        {"type": "text", "name": "short", "title": "In a word?", "fact": "word"},
        {"type": "comment", "name": "long", "title": "In your words?"},
        {"type": "text", "inputType": "number", "name": "size", "title": "Which size?"},
        {"type": "text", "inputType": "date", "name": "when", "title": "Which day?"},
        {"type": "text", "inputType": "email", "name": "mail", "title": "Which address?"},
        {"type": "radiogroup", "name": "one", "title": "Which one?", "choices": ["a", "b"]},
        {"type": "checkbox", "name": "some", "title": "Which ones?", "choices": ["a", "b"]},
        {"type": "rating", "name": "stars", "title": "How many stars?"},
        {"type": "boolean", "name": "yes", "title": "Yes?"},
    ],
}


def fine(answer, about):
    assert answer.status_code < 500, (about, answer.text[:400])
    assert not [one for one in RUNS if one in answer.text], about
    assert "script-src 'none'" in answer.headers["content-security-policy"], about


@pytest.mark.parametrize("kind", TYPED)
def test_every_kind_of_question_takes_it_or_says_what_is_wrong(client: Client, shop: Shop, kind: str) -> None:
    name = shop.make("everything", EVERY_KIND)
    token = shop.token(form=name)
    for place in range(1, len(EVERY_KIND["elements"]) + 1):
        page = client.get(f"/f/{name}/{place}?m={token}")
        fine(page, place)
        for form in forms_of(page.text):
            if not form.action.startswith("/f/"):
                continue
            for typed in (dict.fromkeys(form.typed, TYPED[kind]), dict.fromkeys(form.fields, TYPED[kind])):
                answer = client.post(form.action, content=body_of(form.fields | typed), headers=ENCODED)
                fine(answer, (place, kind))
        fine(client.get(f"/f/{name}/{place}?m={token}"), (place, kind))
    fine(client.get(f"/f/{name}/thanks?m={token}"), kind)


@pytest.mark.parametrize("kind", TYPED)
def test_their_own_pages_take_it_or_say_what_is_wrong(client: Client, shop: Shop, kind: str) -> None:
    with shop.house.database.workspace(shop.workspace) as tx:
        begin(tx)
        form = forms.create_form(tx, f"{shop.quiz}-2", {"title": "T", "elements": EVERY_KIND["elements"]}, utc_now())
    assert form
    own = shop.house.links.sign_own(Link(shop.workspace, shop.identity()))
    for path in (f"/u/{shop.token()}", f"/me/{own}", f"/me/{shop.token()}"):
        for sent in forms_of(client.get(path).text):
            typed = dict.fromkeys([*sent.fields, "pause", "stop", "answer", "fact", "List-Unsubscribe"], TYPED[kind])
            fine(client.post(sent.action or path, content=body_of(typed), headers=ENCODED), (path, kind))
        fine(client.get(path), (path, kind))
    for rest in ("correct", "forget", "pause"):
        body = body_of({"fact": TYPED[kind], "answer": TYPED[kind], "pause": TYPED[kind]})
        fine(client.post(f"/me/{own}/{rest}", content=body, headers=ENCODED), (rest, kind))
    place = body_of({"": TYPED[kind]}).decode()[1:].replace("/", "%2F")[:6_000]
    for path in (
        f"/u/{place}",
        f"/me/{place}",
        f"/why/{place}",
        f"/confirm/{place}",
        f"/f/{place}",
        f"/look/{place}/mail",
    ):
        fine(client.get(path), (path[:20], kind))


@pytest.mark.parametrize(
    "to",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "/%0d%0aevil", "x:y", "\t//evil", MARK],
)
def test_choosing_a_language_leads_nowhere_else(client: Client, shop: Shop, to: str) -> None:
    answer = client.post("/language", data={"language": "lv", "to": to}, follow_redirects=False)
    assert answer.status_code < 500
    place = answer.headers.get("location", "/")
    assert place.startswith("/")
    assert not place.startswith(("//", "/\\"))
    assert "evil" not in place.partition("?")[0].replace("%0d%0aevil", "")
