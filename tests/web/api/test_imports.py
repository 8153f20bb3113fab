"""An import by a program: announced, sent to a link, tried, started, watched, its rejected rows taken back."""

from threading import Event
from urllib.parse import urlsplit

from regulars.loop.import_rounds import take_next
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
