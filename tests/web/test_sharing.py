"""What several requests are shown alike is made once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from regulars.web.console.moving import Moving, _Place
from regulars.web.console.sharing import Shared


def test_who_asks_while_it_is_being_made_waits_for_it():
    shared, made, begun, go = Shared[int, int](), [], Event(), Event()

    def make():
        made.append(1)
        begun.set()
        assert go.wait(10)
        return len(made)

    with ThreadPoolExecutor(8) as people:
        first = people.submit(shared.get, "home", 1, make)
        assert begun.wait(10)
        arrived = Barrier(8)

        def ask():
            arrived.wait(10)
            return shared.get("home", 1, make)

        others = [people.submit(ask) for _ in range(7)]
        arrived.wait(10)
        go.set()
        assert [one.result(10) for one in (first, *others)] == [1] * 8
    assert made == [1]


def test_another_key_is_another_thing():
    shared = Shared[int, str]()
    assert shared.get(("home", "owner"), 1, lambda: "all of it") == "all of it"
    assert shared.get(("home", "viewer"), 1, lambda: "a part") == "a part"
    assert shared.get(("home", "owner"), 1, lambda: "anew") == "all of it"


def test_what_could_not_be_made_is_made_for_the_next():
    shared = Shared[int, int]()
    with pytest.raises(ZeroDivisionError):
        shared.get("home", 1, lambda: 1 // 0)
    assert shared.get("home", 1, lambda: 7) == 7


def test_only_the_last_that_were_asked_for_are_kept():
    shared, made = Shared[int, int](most=2), []

    def ask(key):
        return shared.get(key, 1, lambda: made.append(key) or key)

    for key in (1, 2, 1, 3, 1, 2):
        ask(key)
    assert made == [1, 2, 3, 2]


def test_as_things_stand_otherwise_it_is_made_anew_and_the_old_is_not_kept():
    shared, made = Shared[int, int](), []

    def ask(stand):
        return shared.get("home", stand, lambda: made.append(stand) or stand)

    assert [ask(stand) for stand in (1, 1, 2, 2, 1)] == [1, 1, 2, 2, 1]
    assert made == [1, 2, 1]


def test_what_goes_wrong_in_one_workspace_ends_no_looking(monkeypatch, database, workspace):
    def broken(*_):
        raise RuntimeError("the table is gone")

    moving, place = Moving(database), _Place()
    monkeypatch.setattr("regulars.web.console.moving.pulse", broken)
    moving._look(workspace, place)
    assert place.pulse is None
    monkeypatch.undo()
    moving._look(workspace, place)
    assert place.pulse is not None
