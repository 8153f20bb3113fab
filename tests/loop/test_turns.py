"""Nobody waits for ever: workspaces take turns, and a round goes on until nothing is left."""

from regulars.loop import rounds
from regulars.store.dispatch import Dispatcher
from regulars.understand.turning import Turn


def test_a_workspace_that_has_more_to_do_goes_to_the_back(database, now, monkeypatch):
    left, turns = {"busy": 3, "quiet": 1}, []

    def turn(workspace):
        turns.append(workspace)
        left[workspace] -= 1
        return left[workspace] > 0

    dispatcher = Dispatcher(database, [], list, lambda: now)
    monkeypatch.setattr(dispatcher, "turn", turn)
    dispatcher.catch_up(["quiet", "busy"])
    assert turns == ["busy", "quiet", "busy", "busy"]


def test_windows_are_asked_again_until_nobody_is_left_to_move(database, workspace, now, monkeypatch):
    left = [Turn(5, more=True), Turn(0, more=True), Turn(7, more=False)]
    monkeypatch.setattr(rounds, "turn", lambda _tx, _now: left.pop(0))
    assert "windows" in rounds.hold_due(database, workspace, now)
    assert left == []
