"""A work process sends the way that is chosen now, without a restart; what was deleted goes with its files."""

from collections.abc import Iterator
from datetime import timedelta
from threading import Event, Thread

import pytest
from structlog.testing import capture_logs

from regulars.access import brands
from regulars.access.workspaces import close_workspace, get_workspace
from regulars.loop.conductor import Conductor
from regulars.loop.leaving import sweep_house
from regulars.store.database import Database
from regulars.store.waking import Waker
from regulars.testing.serving import wait_until
from regulars.words.clock import utc_now
from regulars.words.errors import Invalid


class Ways:
    """What the work process has opened and closed, by workspace."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, str]] = []
        self.closed: list[tuple[str, str]] = []
        self.asked: list[str] = []

    def open(self, workspace, _channel):
        ways = self
        way = (workspace.name, workspace.delivery)
        self.opened.append(way)

        class Way:
            def send_some(self, _now):
                ways.asked.append(way[0])
                return 0

            def recover(self, _now):
                """Nothing was lost."""

            def close(self):
                ways.closed.append(way)

        return Way()


@pytest.fixture
def ways(database: Database) -> Iterator[Ways]:
    found, stop, waker = Ways(), Event(), Waker(database)
    work = Thread(target=Conductor(database, waker, found.open).run, args=(stop,))
    work.start()
    yield found
    stop.set()
    work.join(30)
    waker.close()


def deliver_by(database: Database, workspace: str, way: str) -> None:
    known = get_workspace(database, workspace)
    names = ("title", "accent", "tone", "languages", "zone", "sender")
    with database.shared() as tx:
        brands.change_brand(tx, known, **{name: getattr(known, name) for name in names}, delivery=way)


def test_another_way_of_mail_is_taken_at_once_and_the_old_one_let_go(database, workspace, ways):
    wait_until(lambda: (workspace, "sandbox") in ways.opened, "mail may leave")
    deliver_by(database, workspace, "smtp")
    wait_until(lambda: (workspace, "smtp") in ways.opened, "it leaves the other way")
    assert (workspace, "sandbox") in ways.closed
    assert ways.opened.count((workspace, "smtp")) == 1


def test_what_keeps_mail_from_leaving_is_said_once_and_not_at_each_try(database, workspace):
    tried: list[str] = []

    def no_way(asked, _channel):
        tried.append(asked.name)
        raise Invalid("There is no mail server: set REGULARS_SMTP_URL")

    stop, waker = Event(), Waker(database)
    with capture_logs() as logged:
        work = Thread(target=Conductor(database, waker, no_way).run, args=(stop,))
        work.start()
        wait_until(lambda: tried.count(workspace) > 1, "it is tried again")
        stop.set()
        work.join(30)
    waker.close()
    said = [one for one in logged if one.get("workspace") == workspace]
    assert said == [
        {
            "event": "messages wait",
            "channel": "email",
            "log_level": "error",
            "workspace": workspace,
            "why": "There is no mail server: set REGULARS_SMTP_URL",
        }
    ]


def test_what_was_deleted_seven_days_ago_goes_with_its_files(database, workspace, tmp_path):
    archive = tmp_path / "archive"
    (archive / workspace).mkdir(parents=True)
    (archive / "another").mkdir()
    now = utc_now()
    with database.shared() as tx:
        close_workspace(tx, workspace, "sam@x.example", now)
    assert workspace not in sweep_house(database, now + timedelta(days=6), None, [archive])
    assert workspace in sweep_house(database, now + timedelta(days=7, minutes=1), None, [archive])
    assert [one.name for one in archive.iterdir()] == ["another"]
