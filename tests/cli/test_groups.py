"""`regulars groups`: the groups as a table, or why there are none."""

import shutil
import tempfile

from tests.cli.houses import regulars

from regulars.cli.place import entered
from regulars.remember import understood
from regulars.remember.did_records import Last
from regulars.settings import load
from regulars.understand import grouping_records
from regulars.understand.group_learning import GroupDifference
from regulars.words.clock import utc_now


def test_groups_are_a_table():
    data = tempfile.mkdtemp(prefix="regulars-groups-")
    try:
        assert regulars("workspace", "create", "gifts", "--data", data).returncode == 0
        none = regulars("groups", "--workspace", "gifts", "--data", data)
        assert (none.returncode, none.stdout, "Nobody has looked yet" in none.stderr) == (0, "", True)
        now = utc_now()
        with entered(load(data=data), "gifts") as tx:
            understood.keep(tx, [], [], [understood.fact(1, "behaviour_group", "1", "1", Last(now, 1))])
            told = GroupDifference("behaviour_group", "average", "", 4.1, 1.8)
            grouping_records.put(tx, {1: 7, 2: 7, 3: 9})
            grouping_records.put_groups(tx, {7: [told], 9: []})
            grouping_records.call(tx, 9, "Ours")
            grouping_records.end_walk(tx, now, 3, 60, 0.34, ["orders"])
        told = regulars("groups", "--workspace", "gifts", "--data", data)
        assert [" ".join(line.split()) for line in told.stdout.splitlines()] == [
            "group called set apart by customers of all",
            "7 Group 7 Group by behaviour, on average: 4.1 (all: 1.8) 2 67%",
            "9 Ours 1 33%",
        ]
        assert "from 60 customers" in told.stderr
        with entered(load(data=data), "gifts") as tx:
            grouping_records.fail(tx, "extra", now)
        assert "regulars[predict]" in regulars("groups", "--workspace", "gifts", "--data", data).stderr
    finally:
        shutil.rmtree(data)
