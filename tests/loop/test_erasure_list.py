"""The list of erasures: a line is whole or passed over, and nobody's is lost, whoever writes and whoever prunes."""

import os
from datetime import UTC, datetime, timedelta

import pytest

from regulars.loop.erasures import check_age
from regulars.store.erasures import Erasure, ErasureList, Heard
from regulars.words.clock import utc_now
from regulars.words.errors import Conflict

SHOP = "shop"


def test_a_torn_line_is_passed_over_and_the_next_is_whole(tmp_path):
    written, now = ErasureList(tmp_path / "list"), utc_now()
    written.add([Erasure(now, SHOP, "facts", names=["a"])], now)
    with written.path.open("ab") as out:
        out.write(b'{"at":"2026-0')
    written.add([Erasure(now, SHOP, "facts", names=["b"])], now)
    heard = written.read()
    assert heard is not None
    assert ([one.names for one in heard.erasures], heard.torn) == ([["a"], ["b"]], 1)


def test_it_forgets_what_no_backup_can_be_old_enough_for_and_says_from_when_on_it_knows(tmp_path):
    now = utc_now()
    written = ErasureList(tmp_path / "list")
    old, new = (Erasure(now - timedelta(days=days), SHOP, "facts") for days in (100, 5))
    written.begin(now - timedelta(days=200))
    written.add([old, new], now)
    assert written.prune(now - timedelta(days=90)) == 1
    heard = written.read()
    assert heard is not None
    assert (heard.since, heard.erasures) == (now - timedelta(days=90), [new])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can write for somebody else")
def test_what_root_writes_stays_the_users_own(tmp_path):
    now = utc_now()
    os.chown(tmp_path, 12345, 12345)
    written = ErasureList(tmp_path / "list")
    written.begin(now - timedelta(days=9))
    assert written.path.stat().st_uid == 12345
    written.prune(now)
    assert written.path.stat().st_uid == 12345


def test_many_processes_write_and_one_prunes_and_no_line_is_lost(tmp_path):
    now = utc_now()
    path = tmp_path / "list"
    ErasureList(path).begin(now - timedelta(days=9))
    children = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            for turn in range(20):
                ErasureList(path).add([Erasure(now, f"w{number}-{turn}", "facts")], now)
                if number == 0:
                    ErasureList(path).prune(now - timedelta(days=8 - turn / 10))
            os._exit(0)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 4
    heard = ErasureList(path).read()
    assert heard is not None
    assert len(heard.erasures) == 80


@pytest.mark.parametrize(
    ("days", "since", "said"),
    [
        (1, None, "no list of erasures"),
        (100, 200, "none older than 90 days"),
        (5, 4, "the list of erasures begins at"),
        (5, 6, ""),
    ],
)
def test_a_backup_is_as_old_as_the_list_can_tell(days, since, said):
    now = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
    lists = [] if since is None else [Heard(now - timedelta(days=since), [], 0)]
    try:
        check_age(now - timedelta(days=days), lists, now, timedelta(days=90), where="/here")
        problem = ""
    except Conflict as error:
        problem = str(error)
    assert said in problem
    assert ("--even-if-old" in problem) == bool(said)
