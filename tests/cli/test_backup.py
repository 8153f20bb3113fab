"""A house is backed up while it runs, restored elsewhere, and goes on: same log, same facts, nothing said twice."""

import re
import stat
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from threading import Event, Thread

import msgspec
import pytest
from tests.cli.houses import House, regulars, until

from regulars.hear.identities import intern
from regulars.remember.correcting import forget
from regulars.remember.facts import current
from regulars.store.database import Database
from regulars.store.embedded import running_url
from regulars.store.erasures import ErasureList
from regulars.store.follow import lags

MESSAGE = b"""insert into speak_message (campaign, customer_id, identity_id, state, due, notice)
select '', 1, 1, s, now() + interval '1 day', '{"address": "a@b.example", "subject": "s", "html": "h", "text": "t"}'
from unnest(array['waiting', 'claimed', 'started', 'sent']) s"""
EVENTS = b"select seq, identity_id, at, received_at, mid, props::text from store_event where seq <= %(head)s order by 1"
FACTS = b"""select f.seq, h.value, f.name, f.value, f.words, f.source from remember_fact f
join hear_identity h on h.id = f.identity_id where f.seq <= %(head)s order by 1, 2, 3"""


@pytest.fixture
def houses() -> Iterator[list[House]]:
    houses = [House(), House()]
    yield houses
    for house in houses:
        house.clear()


def told(house: House, *arguments: str, code: int = 0) -> str:
    done = regulars(*arguments, "--data", str(house.data))
    assert done.returncode == code, done.stderr
    return done.stdout if code == 0 else done.stderr


def say(house: House, key: str, number: int) -> None:
    calls = [{"type": "identify", "userId": f"u{number}", "traits": {"city": f"Town {number}", "age": number}}]
    connection = HTTPConnection("127.0.0.1", house.port, timeout=10)
    head = {"Authorization": f"Basic {b64encode(f'{key}:'.encode()).decode()}"}
    connection.request("POST", "/v1/batch", msgspec.json.encode({"batch": calls}), head)
    assert connection.getresponse().status == 200
    connection.close()


@contextmanager
def load(house: House, key: str) -> Iterator[None]:
    """Customers who keep talking, as long as the block lasts."""
    over, heard = Event(), Event()

    def talk() -> None:
        number = 0
        while not over.is_set():
            say(house, key, number)
            number += 1
            if number == 20:
                heard.set()

    writer = Thread(target=talk)
    writer.start()
    try:
        assert heard.wait(30)
        yield
    finally:
        over.set()
        writer.join()


def database_of(house: House) -> Database:
    erasures = ErasureList(house.data / "erasures.jsonl")
    return Database(str(running_url(house.data)), connections=2, erasures=erasures)


def caught_up(database: Database) -> bool:
    with database.workspace("gifts") as tx:
        return (found := lags(tx)) != [] and all(lag.behind == 0 for lag in found)


def test_backed_up_under_load_and_restored_it_is_the_same_house(houses: list[House]) -> None:
    old, new = houses
    old.start()
    told(old, "workspace", "create", "gifts")
    key = told(old, "key", "create", "--workspace", "gifts", "--scope", "write").strip()
    link = told(old, "login-link").strip()
    database = database_of(old)
    with database.workspace("gifts") as tx:
        tx.run(MESSAGE)
    folder = old.data / "backups"
    with load(old, key):
        said = told(old, "backup", "--to", str(folder), "--keep", "1", "--verify")
    head = int(re.search(r"gifts: up to event (\d+)", said)[1])
    assert head >= 20
    assert "Checked by loading it" in said
    (file,) = folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    until(lambda: caught_up(database))
    with database.workspace("gifts") as tx:
        events, facts = tx.rows(EVENTS, head=head), tx.rows(FACTS, head=head)
    assert len(facts) >= 40
    with database.workspace("gifts") as tx:
        owner = intern(tx, [("user", "u0")])["user", "u0"]
        forget(tx, owner, [fact for fact in current(tx, owner) if fact.name == "city"], datetime.now(UTC))
    facts = [fact for fact in facts if (fact[1], fact[2]) != ("u0", "city")]
    database.close()

    assert "is in use" in told(old, "restore", str(file), code=1)
    (old.data / "erasures.jsonl").rename(old.data / "kept")
    assert "There is no list of erasures at" in told(new, "restore", str(file), code=1)
    (old.data / "kept").rename(old.data / "erasures.jsonl")
    said = told(new, "restore", str(file))
    assert re.search(rf"not heard of; 1 of them met somebody[\s\S]* serve --data {new.data}\n", said), said
    assert (new.data / "erasures.jsonl").read_bytes() == (old.data / "erasures.jsonl").read_bytes()
    assert "gifts: 2 messages that waited are not sent, 1 were just being sent" in said
    new.start()
    restored = database_of(new)
    until(lambda: caught_up(restored))
    with restored.workspace("gifts") as tx:
        assert tx.rows(EVENTS, head=head) == events
        assert tx.rows(FACTS, head=head) == facts
        states = tx.rows(b"select state, reason from speak_message order by id")
    restored.close()
    assert [state for state, _ in states] == ["refused", "refused", "uncertain", "sent"]
    assert states[0][1].startswith("restored {")  # a code, with its moment
    say(new, key, 1)  # the key still opens, and the house still hears

    connection = HTTPConnection("127.0.0.1", new.port, timeout=10)
    connection.request("GET", link.partition(str(old.port))[2])
    assert connection.getresponse().status == 403  # everybody logs in again


def test_what_cannot_be_is_said_in_one_line(houses: list[House]) -> None:
    house, _ = houses
    assert "Name the file to write" in told(house, "backup", code=1)
    assert "cannot be read: No such file" in told(house, "restore", "/nowhere/x", code=1)
    assert "Name a file in a folder that is there" in told(house, "backup", "/nowhere/x", code=1)
    for name in ("regulars-20260101T000000Z.backup", "holiday.jpg"):
        (house.data / "kept").mkdir(exist_ok=True)
        (house.data / "kept" / name).touch()
    assert "is removed" in told(house, "backup", "--to", str(house.data / "kept"), "--keep", "1")
    names = sorted(path.name for path in (house.data / "kept").iterdir())
    assert len(names) == 2
    assert "holiday.jpg" in names
