"""Whoever is forgotten while a file that names them is being taken in, or waits for it, is not brought back by it."""

from datetime import timedelta
from io import BytesIO
from threading import Event

import pytest
from tests.web.console_story import csrf
from tests.web.forgettable import MAIL, MARKS, Marked, places

from regulars.hear import bringing
from regulars.hear import import_records as imports
from regulars.hear.identities import find
from regulars.hear.import_records import SILENT
from regulars.loop.forgetting import PATIENT, Forgetting
from regulars.loop.import_rounds import take_next
from regulars.remember import erasure_records as erasures
from regulars.web.gone_records import STEPS
from regulars.wiring import erasing_steps
from regulars.words.clock import utc_now

BEFORE, BEHIND = 1_500, 3_000
OTHERS = [f"c{number}@example.com,{number}\n" for number in range(BEFORE + BEHIND)]
FILE = "email,motto\n" + "".join([
    f"{MAIL},Quorvex first\n", "quorvex at nowhere,Quorvex\n", *OTHERS[:BEFORE],
    f"{MAIL},Quorvex in the middle\n", *OTHERS[BEFORE:], f"{MAIL},Quorvex last\n", "quorvex nowhere,Quorvex\n",
])  # fmt: skip


class Killed(BaseException):
    """The process is no more."""


class Scene:
    """The marked person, and files that name them."""

    def __init__(self, shop) -> None:
        self.shop, self.house, self.workspace = shop, shop.house, shop.workspace
        self.somebody = Marked(shop)
        self.somebody.live()

    def brings(self, *, start=False):
        house = self.house
        given = (house.database, self.workspace, house.imports, ("people.csv", BytesIO(FILE.encode()).read))
        brought = bringing.bring(*given, "owner@x.example", utc_now(), "customers")
        if start:
            self.asks(brought)
        return brought

    def asks(self, brought):
        with self.house.database.shared() as tx:
            imports.ask(tx, brought, dry=False)

    def takes(self, poke=lambda _: None, later=timedelta()):
        return take_next(self.house.database, self.house.imports, lambda: utc_now() + later, Event(), poke)

    def again(self, brought):
        with self.house.database.shared() as tx:
            return imports.get(tx, self.workspace, brought.number)

    def wants_to_be_forgotten(self, mode="erase"):
        with self.shop.tx() as tx:
            return erasures.ask(tx, self.somebody.me, mode, utc_now())

    def forgets(self, later=timedelta()):
        steps = erasing_steps(self.house.settings, self.house.audit, STEPS)
        forgetting = Forgetting(self.house.database, steps, self.house.audit, lambda: utc_now() + later)
        return forgetting.carry_out_next(self.workspace)

    def is_at(self):
        return places(self.house.database, self.workspace, [self.house.settings.data], MARKS)

    def is_known(self):
        with self.shop.tx() as tx:
            return find(tx, ("email", MAIL)) is not None


@pytest.fixture
def scene(shop):
    scene = Scene(shop)
    yield scene
    for file in shop.house.imports.glob(f"{shop.workspace}-*"):
        file.unlink()


@pytest.mark.parametrize("mode", ["erase", "anonymise"])
def test_an_erasure_waits_for_a_file_under_way_and_leaves_nothing_of_it(scene, mode):
    running, idle = scene.brings(start=True), scene.brings()
    asked = []

    def meanwhile(_):
        if not asked:
            asked.append(scene.wants_to_be_forgotten(mode))
            assert scene.again(running).state == "running"
        assert scene.forgets() is None

    assert scene.takes(meanwhile)
    assert scene.again(running).state == "done"
    with scene.shop.tx() as tx:
        assert erasures.get(tx, asked[0].id).state == "waiting"

    assert scene.forgets().id == asked[0].id

    scene.shop.work()
    assert scene.is_at() == set()
    assert not scene.is_known()
    assert scene.again(running).state == "done"
    assert scene.again(idle).removed


@pytest.mark.parametrize("mode", ["erase", "anonymise"])
def test_a_file_that_takes_too_long_is_stopped_and_goes_no_further(scene, mode):
    running = scene.brings(start=True)
    done = []

    def meanwhile(_):
        if not done:
            scene.wants_to_be_forgotten(mode)
            done.append(scene.forgets(PATIENT))

    assert scene.takes(meanwhile)
    assert done[0] is not None
    assert not scene.takes(later=SILENT * 2)

    stopped = scene.again(running)
    assert (stopped.state, stopped.removed) == ("cancelled", True)
    assert 0 < stopped.outcome["rows"] < BEFORE + BEHIND
    scene.shop.work()
    assert scene.is_at() == set()
    assert not scene.is_known()


def test_a_file_whose_process_was_killed_is_not_waited_for_for_ever(scene):
    running = scene.brings(start=True)

    def kill(_):
        raise Killed

    with pytest.raises(Killed):
        scene.takes(kill)
    scene.shop.work()
    scene.wants_to_be_forgotten()
    assert scene.forgets() is None
    assert scene.forgets(PATIENT) is not None

    assert not scene.takes(later=SILENT * 2), "nobody goes on with it"
    scene.shop.work()
    assert scene.again(running).state == "cancelled"
    assert scene.is_at() == set()
    assert not scene.is_known()


def test_the_page_of_a_file_that_had_to_go_says_so_and_it_cannot_be_begun(scene, client, home):
    idle = scene.brings()
    there = f"{home}/imports/{idle.number}"
    token = csrf(client.get(there).text)
    scene.wants_to_be_forgotten()
    assert scene.forgets() is not None
    page = client.get(there)
    assert page.status_code == 200
    assert "so it was removed. Bring a fresh one." in page.text
    assert 'id="plan"' not in page.text
    for do in ("try", "start"):
        assert client.post(there, data={"csrf": token, "do": do}).status_code == 409
    assert not scene.takes()
    assert scene.again(idle).removed


def test_a_file_of_another_workspace_and_one_that_is_brought_afterwards_stay(scene, house):
    other = f"{scene.workspace}-2"
    beside = house.imports / f"{other}-1.file"
    house.imports.mkdir(exist_ok=True)
    beside.write_bytes(b"email\nida@example.com\n")
    scene.wants_to_be_forgotten()
    assert scene.forgets() is not None
    assert beside.is_file()
    beside.unlink()
    later = scene.brings(start=True)
    assert scene.takes()
    assert scene.again(later).state == "done"
