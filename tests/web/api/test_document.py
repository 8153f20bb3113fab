"""The document of the API cannot lie: every route is in it, and every example that it shows is sent."""

from io import BytesIO
from zipfile import is_zipfile

import msgspec
import pytest
from tests.web.console_story import FUNNEL

from regulars.access.invitations import invite
from regulars.access.people import add_person
from regulars.hear import bringing, mappings
from regulars.hear.imports.plan import Plan, Reading
from regulars.speak import campaigns
from regulars.speak.library import save_template
from regulars.store import records
from regulars.understand import funnels_kept
from regulars.understand.editing import delete_segment
from regulars.understand.segments import create_segment
from regulars.web.api.document import document, gives
from regulars.web.api.routes import API, HANDLERS
from regulars.words.clock import utc_now

OPERATIONS = [
    (method, path, told)
    for path, methods in document("http://x.example")["paths"].items()
    for method, told in methods.items()
]
SHAPES = {handler.fn.__name__: gives(handler) for handler in HANDLERS}


@pytest.fixture
def everything(shop):
    """The story, with what the examples speak of besides."""
    shop.merge("phone-1")
    with shop.tx() as tx:
        event = records.list_events(tx, kind=None, before=2, limit=1)[0]
        records.quarantine(tx, "facts", [(event.seq, event.identity_id)], "ValueError: cannot be read")
        create_segment(tx, "everybody", "All of them", {"all": []}, utc_now())
        create_segment(tx, "unused", "Nobody writes to it", {"all": []}, utc_now())
        save_template(tx, "unused", subject="Hello", html="<p>{{ unsubscribe_url }}</p>", text="{{ unsubscribe_url }}")
        create_segment(tx, "gone", "Deleted by mistake", {"all": []}, utc_now())
        delete_segment(tx, "gone", utc_now())
        for name in ("gone", "unused"):
            funnels_kept.create(tx, name, "Nobody looks at it", FUNNEL, utc_now())
        funnels_kept.delete(tx, "gone", utc_now())
        campaigns.create(tx, "autumn", title="Autumn", segment="for-mothers", template="remember", purpose="marketing")
        campaigns.launch(tx, "autumn", utc_now())
        shop.rejected(tx)
        tx.connection.execute("insert into decide_suppression (identity_id, reason) values (3, 'it bounced')")
        tx.connection.execute(
            "insert into remember_erasure (id, customer_id, mode, by_customer, asked_at, state, finished_at) "
            "values ('0199b6f0-0000-7000-8000-0000000000aa', 4711, 'erase', false, now(), 'done', now())"
        )
    for _ in range(2):
        file = ("customers.csv", BytesIO(b"email,size\nida@post.example,39\n").read)
        brought = bringing.bring(shop.database, shop.workspace, shop.house.imports, file, "admin", utc_now())
        (shop.house.imports / brought.rejects).write_text("rejected row")
    plan = Plan(what="customers", reading=Reading(), columns={"email": "email"})
    with shop.tx() as tx:
        for name in ("Till", "Unused", "Unused too"):
            mappings.keep(tx, name, plan, "priya@gifts.example", utc_now())
    add_person(shop.database, "priya@gifts.example", "Priya", shop.workspace, role="viewer")
    with shop.database.shared() as tx:
        invite(tx, shop.workspace, "asked@gifts.example", "viewer", None, utc_now())
    with shop.database.direct() as connection:
        connection.execute(
            "insert into regulars.access_key (id, hash, workspace, scope) overriding system value "
            "values (4711, '\\x00', %s, 'write')",
            (shop.workspace,),
        )
        connection.execute(
            "insert into regulars.access_export (workspace, number, asked_by, asked_at, state, finished_at) "
            "values (%s, 1, 'admin', now(), 'done', now())",
            (shop.workspace,),
        )
    return shop


def test_every_route_is_in_the_document_and_described():
    there = {(method, route.path_format) for route in API.routes for method in route.methods - {"OPTIONS", "HEAD"}}
    assert there == {(method.upper(), path) for method, path, _ in OPERATIONS}
    assert len({told["operationId"] for _, _, told in OPERATIONS}) == len(OPERATIONS)
    for method, path, told in OPERATIONS:
        assert told["summary"].endswith("."), path
        assert all(one["description"] for one in told["parameters"]), path
        once = any(one["in"] == "header" for one in told["parameters"])
        assert once == (method != "get"), path
        assert ("requestBody" in told) == (once and method != "delete"), path


def test_every_list_takes_limit_and_cursor():
    lists = [
        told
        for _, _, told in OPERATIONS
        if "Listing" in str(told["responses"]["200" if "200" in told["responses"] else "201"])
    ]
    assert len(lists) > 10
    for told in lists:
        assert {"limit", "cursor"} <= {one["name"] for one in told["parameters"]}


def test_every_reference_leads_somewhere():
    whole = document("http://x.example")
    text = msgspec.json.encode(whole).decode()
    named = {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}
    assert named <= set(whole["components"]["schemas"])


def test_anybody_may_read_the_document(stranger):
    answer = stranger.get("/api/openapi.json")
    assert answer.json()["openapi"] == "3.1.0"


def test_every_example_of_the_document_works(everything, stranger, header):
    """What is shown is sent as it stands; what comes back is exactly of the shape that was promised."""
    wrong = [problem for one in OPERATIONS if (problem := _sent(stranger, header, *one))]
    assert not wrong, "\n".join(wrong)


FILES = {
    "application/zip": lambda content: is_zipfile(BytesIO(content)),
    "image/svg+xml": lambda content: content.startswith((b"<svg", b"<?xml")),
    "image/png": lambda content: content.startswith(b"\x89PNG\r\n\x1a\n"),
}
"""What answers are that are files, and what tells."""


def _sent(stranger, header, method, path, told):
    shown = {place: {} for place in ("path", "query", "header")}
    for one in told["parameters"]:
        if "example" in one:
            shown[one["in"]][one["name"]] = one["example"]
    place = path.format(**shown["path"])
    body = told["requestBody"]["content"]["application/json"]["example"] if "requestBody" in told else None
    scope = "read" if method == "get" and "admin" not in told.get("description", "") else "admin"
    answer = stranger.request(method, place, params=shown["query"], headers=header(scope), json=body)
    if str(answer.status_code) not in told["responses"]:
        return f"{method} {place}: {answer.status_code} {answer.text}"
    (media,) = told["responses"][str(answer.status_code)]["content"]
    if answer.headers["content-type"] != media:
        return f"{method} {place}: {answer.headers['content-type']} was not promised"
    if media in FILES:
        return "" if FILES[media](answer.content) else f"{method} {place}: no {media}"
    said = msgspec.json.decode(answer.content)
    read = msgspec.convert(said, SHAPES[told["operationId"]])
    return (
        ""
        if msgspec.json.decode(msgspec.json.encode(read)) == said
        else f"{method} {place}: {said} is more than was promised"
    )


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in OPERATIONS])
def test_no_route_answers_without_a_key(stranger, method, path):
    answer = stranger.request(method, path.replace("{", "").replace("}", "").replace("seq", "1").replace("number", "1"))
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
