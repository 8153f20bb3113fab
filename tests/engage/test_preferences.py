"""Preferences: what the owner of an address sees and changes, right away and with proof."""

from datetime import datetime

from regulars.engage.preferences import MARKETING, change, preferences, withdraw
from regulars.hear.identities import intern
from regulars.remember.followers import FOLLOWERS
from regulars.store import records as log
from regulars.store.database import Database, Tx
from regulars.store.follow import Runner, register

WORDS = {MARKETING: "News and offers by e-mail"}


def address(tx: Tx) -> int:
    return intern(tx, [("email", "ieva@example.com")])["email", "ieva@example.com"]


def follow(database: Database, workspace: str, now: datetime) -> None:
    with database.workspace(workspace) as tx:
        register(tx, FOLLOWERS)
    runner = Runner(database)
    for follower in FOLLOWERS:
        while runner.step(workspace, follower, now).moved:
            pass


def granted(database: Database, workspace: str) -> bool:
    with database.workspace(workspace) as tx:
        return {one.about: one.granted for one in preferences(tx, address(tx))}[MARKETING]


def test_a_change_is_seen_at_once_and_still_when_it_was_learned(
    database: Database, workspace: str, now: datetime
) -> None:
    assert not granted(database, workspace)
    for wanted in (True, False, True):
        with database.workspace(workspace) as tx:
            assert change(tx, address(tx), {MARKETING: wanted}, WORDS, "preference page", now) == 1
        assert granted(database, workspace) is wanted
        follow(database, workspace, now)
        assert granted(database, workspace) is wanted


def test_saving_what_holds_already_says_nothing(database: Database, workspace: str, now: datetime) -> None:
    with database.workspace(workspace) as tx:
        assert change(tx, address(tx), {MARKETING: False}, WORDS, "preference page", now) == 0
        assert log.head(tx) == 0


def test_a_withdrawal_is_kept_even_where_nothing_was_granted_and_once_only(
    database: Database, workspace: str, now: datetime
) -> None:
    counts: list[int] = []
    for _ in range(3):
        with database.workspace(workspace) as tx:
            counts.append(withdraw(tx, address(tx), [MARKETING], WORDS, "unsubscribe", now))
        follow(database, workspace, now)
    assert counts == [1, 0, 0]
    with database.workspace(workspace) as tx:
        [event] = log.list_events(tx, kind="consent.changed", before=None, limit=9)
        assert event.props == {
            "purpose": "marketing",
            "channel": "email",
            "granted": False,
            "words": "News and offers by e-mail",
            "how": "unsubscribe",
        }
