"""An import by a program: announced, sent to a link, tried, started, watched, its rejected rows taken back."""

from threading import Event
from urllib.parse import urlsplit

from regulars.access.keys import list_keys, revoke_key
from regulars.loop.import_rounds import take_next
from regulars.store import disk
from regulars.words.clock import utc_now


def test_a_program_brings_a_file(ask, tell, stranger, house):
    announced = tell("/imports", {"file": "people.csv", "what": "customers"}).json()
    answer = stranger.post(urlsplit(announced["link"]).path, content=b"email,size\nida@example.com,39\nnobody,1\n")
    assert answer.status_code == 201
    number = answer.json()["number"]
    assert ask(f"/imports/{number}/look", scope="admin").json()["rows"][0] == ["ida@example.com", "39"]
    plan = {
        "what": "customers",
        "reading": {"format": "csv"},
        "columns": {"email": "email", "size": "fact:shoe_size:number"},
    }
    assert tell(f"/imports/{number}/plan", plan).json()["plan"]["columns"] == plan["columns"]
    for step, state, new in (("try", "tried", 1), ("start", "done", 1)):
        assert tell(f"/imports/{number}/{step}", {}).status_code == 200
        while take_next(house.database, house.imports, utc_now, Event(), lambda _: None):
            pass
        found = ask(f"/imports/{number}", scope="admin").json()
        assert (found["state"], found["outcome"]["events"], found["outcome"]["rejected"]) == (
            state, new, {"no e-mail address": 1}
        )  # fmt: skip
    link = tell(f"/imports/{number}/rejected", {}).json()["link"]
    assert "nobody" in stranger.get(urlsplit(link).path).text
    assert tell(f"/imports/{number}/start", {}).status_code == 409
    assert ask("/imports").status_code == 403


def test_a_file_that_cannot_be_read_is_refused_in_words(tell, stranger):
    link = tell("/imports", {"file": "x"}).json()["link"]
    answer = stranger.post(urlsplit(link).path, content=b"\x00\x01\x02" * 900)
    assert answer.status_code == 400
    assert "This is no table" in answer.text
    assert stranger.post("/bring/forged", content=b"email\n").status_code == 403


def brought(stranger, link):
    return stranger.post(urlsplit(link).path, content=b"email\nida@example.com\n")


def test_a_link_is_for_one_file(tell, stranger, house):
    link = tell("/imports", {"file": "x"}).json()["link"]
    assert brought(stranger, link).status_code == 201
    again = brought(stranger, link)
    assert again.status_code == 403
    assert "used already" in again.text
    assert [one for one in house.imports.iterdir() if one.suffix == ".part"] == []


def test_a_link_goes_with_the_key_that_asked_for_it(tell, stranger, house, workspace):
    link = tell("/imports", {"file": "x"}).json()["link"]
    with house.database.shared() as tx:
        for one in list_keys(tx, workspace):
            revoke_key(tx, workspace, one.id)
    assert brought(stranger, link).status_code == 403


def test_nothing_is_brought_onto_a_disk_that_is_full(tell, stranger, monkeypatch):
    link = tell("/imports", {"file": "x"}).json()["link"]
    monkeypatch.setattr(disk, "LEAST", 1 << 60)
    answer = brought(stranger, link)
    assert answer.status_code == 503
    assert "is full" in answer.text
