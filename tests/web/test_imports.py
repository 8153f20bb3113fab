"""A file is brought, looked at, tried and taken in, in the console and by a program; its rejected rows come back."""

import re
from threading import Event

import pytest
from tests.web.console_story import csrf

from regulars.loop.import_rounds import take_next
from regulars.store import records
from regulars.words.clock import utc_now

PEOPLE = b"email,Shoe size\nida@example.com,39\nnobody,40\n"


@pytest.fixture
def work(house):
    def taken():
        while take_next(house.database, house.imports, utc_now, Event(), lambda _: None):
            pass

    return taken


def traits(house, workspace):
    with house.database.workspace(workspace) as tx:
        found = records.list_events(tx, kind="identify", before=None, limit=100)
    return [one.props["traits"] for one in found if one.historical]


def test_a_file_goes_in_by_the_console(client, home, house, workspace, work):
    page = client.get(f"{home}/imports").text
    assert "Nothing was brought yet" in page
    token = csrf(page)
    sent = client.post(f"{home}/imports", data={"csrf": token, "what": ""}, files={"file": ("people.csv", PEOPLE)})
    assert sent.status_code == 303
    there = sent.headers["location"]
    page = client.get(there).text
    assert "ida@example.com" in page
    assert 'value="shoe_size"' in page
    assert 'name="source"' in page
    assert "required" not in page.partition('id="plan"')[2], "what stands folded and is required cannot be sent"
    columns = {
        "column:email": "email",
        "column:Shoe size": "other",
        "other:Shoe size": "size",
        "type:Shoe size": "number",
    }
    fields = {"csrf": token, "separator": ",", "encoding": "utf-8", "decimal": ".", "dates": "ymd", "zone": "UTC"}

    assert client.post(there, data={**fields, **columns, "do": "try"}).status_code == 303
    assert "being tried" in client.get(there).text
    work()
    tried = client.get(there).text
    assert "What would come of it" in tried
    assert "no e-mail address" in tried
    assert traits(house, workspace) == []

    assert client.post(there, data={**fields, **columns, "do": "start"}).status_code == 303
    work()
    assert "taken in" in client.get(f"{home}/imports").text
    assert traits(house, workspace) == [{"size": 39, "email": "ida@example.com"}]
    assert "Bring their orders" in client.get(there).text
    rejected = client.get(f"{there}/rejected")
    assert rejected.text.splitlines()[1] == "2,email: no e-mail address,nobody,40"
    assert client.post(there, data={"csrf": token, "do": "start"}).status_code == 409


def test_what_cannot_be_read_is_said_beside_the_field(client, home):
    token = csrf(client.get(f"{home}/imports").text)
    for files, said in (
        ({"file": ("cat.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9)}, "This is no table"),
        ({"file": ("empty.csv", b"")}, "The file is empty"),
    ):
        answer = client.post(f"{home}/imports", data={"csrf": token}, files=files)
        assert answer.status_code == 400
        assert said in answer.text
    assert "Choose a file" in client.post(f"{home}/imports", data={"csrf": token}).text


def test_a_mapping_that_cannot_be_is_said(client, home):
    token = csrf(client.get(f"{home}/imports").text)
    there = client.post(f"{home}/imports", data={"csrf": token}, files={"file": ("people.csv", PEOPLE)}).headers[
        "location"
    ]
    answer = client.post(there, data={"csrf": token, "column:email": "email", "column:Shoe size": "email", "do": "try"})
    assert answer.status_code == 400
    assert "Two columns are" in answer.text


def test_a_mapping_that_was_deleted_meanwhile_is_said_where_one_was(client, home):
    token = csrf(client.get(f"{home}/imports").text)
    sent = client.post(f"{home}/imports", data={"csrf": token}, files={"file": ("people.csv", PEOPLE)})
    answer = client.post(sent.headers["location"], data={"csrf": token, "do": "use", "mapping": "Gone"})
    assert answer.status_code == 400
    assert "There is no mapping" in answer.text
    assert "people.csv" in answer.text


def test_a_mapping_is_not_brought_back_over_one_that_was_kept_since(client, home):
    token = csrf(client.get(f"{home}/imports").text)
    sent = client.post(f"{home}/imports", data={"csrf": token}, files={"file": ("people.csv", PEOPLE)})
    there = sent.headers["location"]
    client.post(there, data={"csrf": token, "do": "keep", "keep_as": "Till", "column:email": "email"})
    gone = client.post(f"{home}/mappings/Till/delete", data={"csrf": token}).headers["location"]
    undo = re.search(r'action="([^"]*/undo/\d+)"', client.get(gone).text)[1]
    again = client.post(there, data={"csrf": token, "do": "keep", "keep_as": "Till", "column:email": "email"})
    assert again.status_code == 303
    refused = client.post(undo, data={"csrf": token})
    assert refused.status_code == 409
    assert "There is a mapping" in refused.text
