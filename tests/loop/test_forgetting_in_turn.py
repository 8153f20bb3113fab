"""Where an erasure of one workspace waits, those of the others are carried out."""

from threading import Event

import pytest

from regulars.access.audit import open_audit
from regulars.loop import forgetting
from regulars.loop.forgetting import Forgetting, all_steps
from regulars.words.clock import utc_now
from regulars.words.errors import Unavailable


@pytest.mark.parametrize("error", [Unavailable("The disk is full."), ValueError("a broken row")])
def test_one_that_fails_holds_up_no_other(database, monkeypatch, error):
    stop, reached = Event(), list[str]()

    def carry_out_next(_, workspace, *__):
        reached.append(workspace)
        if workspace == "first":
            raise error
        stop.set()

    monkeypatch.setattr(Forgetting, "carry_out_next", carry_out_next)
    monkeypatch.setattr(forgetting, "_LOOK", 0)
    house = Forgetting(database, all_steps(audit := open_audit(database)), audit, utc_now)
    house.hold(lambda: ["first", "second"], stop)
    assert reached == ["first", "second"]
