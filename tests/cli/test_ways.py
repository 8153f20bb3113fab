"""`regulars cohorts` and `regulars funnel`: who comes back and who goes which way, as tables."""

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.cli.houses import regulars
from tests.understand.understand_shop import meet

from regulars.cli.place import entered
from regulars.settings import load
from regulars.store.log import NewEvent, append
from regulars.understand import funnels_kept
from regulars.words.clock import utc_now

STEPS = {"steps": [{"event": "page"}, {"event": "Song Played"}]}


def test_who_comes_back_and_who_goes_which_way_are_tables():
    data = tempfile.mkdtemp(prefix="regulars-ways-")
    try:
        assert regulars("workspace", "create", "gifts", "--data", data).returncode == 0
        none = regulars("cohorts", "--workspace", "gifts", "--data", data)
        assert (none.returncode, none.stdout, "Nobody did this yet" in none.stderr) == (0, "", True)
        now = utc_now()
        month = (now.replace(day=1) - timedelta(days=1)).replace(day=1)
        first = datetime(month.year, month.month, 3, 12, tzinfo=UTC)
        with entered(load(data=data), "gifts") as tx:
            for identity in (1, 2):
                meet(tx, identity)
            did = [(1, first, "page"), (2, first, "page"), (2, first + timedelta(minutes=90), "Song Played")]
            did.append((1, now.replace(day=1, hour=0, minute=0, second=0, microsecond=0), "page"))
            append(tx, [NewEvent(who, at, kind, b"{}") for who, at, kind in did])
            funnels_kept.create(tx, "songs", "Songs", STEPS, now)
        told = regulars("cohorts", "--workspace", "gifts", "--of", "visits", "--data", data)
        assert [line.split() for line in told.stdout.splitlines()] == [
            ["first", "time", "customers", "1"], [f"{month:%Y-%m}", "2", "50.0%+"],
        ]  # fmt: skip
        wrong = regulars("cohorts", "--workspace", "gifts", "--of", "event:nothing", "--data", data)
        assert (wrong.returncode, "Nobody has ever done" in wrong.stderr) == (1, True)
        listed = regulars("funnel", "list", "--workspace", "gifts", "--data", data)
        assert listed.stdout == "songs\t1\tSongs\n"
        file = Path(data) / "way.yaml"
        file.write_text("steps: [{event: page}, {event: Song Played}]\n", encoding="utf-8")
        for named in (("songs",), ("--file", str(file))):
            told = regulars("funnel", "show", "--workspace", "gifts", "--data", data, *named)
            assert [line.split() for line in told.stdout.splitlines()][1:] == [
                ["page", "2", "100.0%", "100.0%", "1"],
                ["Song", "Played", "1", "50.0%", "50.0%", "1:30:00"],
            ]
            assert "within 14 days of the first" in told.stderr
        assert regulars("funnel", "show", "--workspace", "gifts", "--data", data).returncode == 1
    finally:
        shutil.rmtree(data)
