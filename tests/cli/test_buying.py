"""`regulars buying`: who buys as tables, or why there is none."""

import shutil
import tempfile
from datetime import date

from tests.cli.houses import regulars

from regulars.cli.place import entered
from regulars.settings import load
from regulars.understand import stages_records
from regulars.understand.buyers_records import Buyer, Made, Month, note_made, put
from regulars.understand.stages import At, Way
from regulars.words.clock import utc_now


def test_who_buys_is_a_table():
    data = tempfile.mkdtemp(prefix="regulars-buying-")
    try:
        assert regulars("workspace", "create", "gifts", "--data", data).returncode == 0
        none = regulars("buying", "cells", "--workspace", "gifts", "--data", data)
        assert (none.returncode, none.stdout, "Nobody has looked yet" in none.stderr) == (0, "", True)
        now = utc_now()
        with entered(load(data=data), "gifts") as tx:
            stages = {n: {"Tea": At("evaluation", now, date.max)} for n in range(5)}
            ways = {n: {"cup": Way(2, 1, 1, 0, now)} for n in range(5)}
            stages_records.put(tx, range(5), stages, ways)
            stages_records.note(tx, 1)
            stages_records.make_kinds(tx, now, 5, now)
            put(tx, [Buyer(n, now, now, 2, code, 1250, 5, 4, 3, 1) for n, code in ((1, "GBP"), (2, "JPY"))], ())
            months = [Month(date(2026, 4, 1), code, 1, 0, 2, 0, 1250, 0) for code in (None, "GBP")]
            note_made(tx, Made("", now, 2, 4, 0), months)
        cells = regulars("buying", "cells", "--workspace", "gifts", "--data", data)
        assert [line.split() for line in cells.stdout.splitlines()] == [
            ["lately", "often", "customers", "orders", "come", "to"],
            ["5", "4", "2", "4", "12.50", "GBP,", "1,250", "JPY"],
        ]
        assert "From 4 orders of 2 customers" in cells.stderr
        told = [
            line.split()
            for line in regulars("buying", "months", "--workspace", "gifts", "--data", data).stdout.splitlines()
        ]
        assert told[1:] == [
            ["2026-04", "all", "1", "0", "2", "0"],
            ["2026-04", "GBP", "1", "0", "2", "0", "12.50", "0.00"],
        ]
        told = [
            line.split()
            for line in regulars("buying", "stages", "--workspace", "gifts", "--data", data).stdout.splitlines()
        ]
        assert told == [["category", "intent", "evaluation", "purchase", "after-sale"], ["Tea", "0", "5", "0", "0"]]
        told = [
            line.split()
            for line in regulars("buying", "products", "--workspace", "gifts", "--data", data).stdout.splitlines()
        ]
        assert told[1:] == [["cup", "standard", "10", "5", "5", "0"]]
        assert "There is no workspace" in regulars("buying", "months", "--workspace", "nobody", "--data", data).stderr
    finally:
        shutil.rmtree(data)
