"""`regulars together`: a table of what is bought together, or why there is none."""

import shutil
import tempfile

from tests.cli.houses import regulars

from regulars.cli.place import entered
from regulars.settings import load
from regulars.understand.baskets import Limits, mine
from regulars.understand.baskets_records import Made, New, write
from regulars.words.clock import utc_now


def test_what_is_bought_together_is_a_table():
    data = tempfile.mkdtemp(prefix="regulars-together-")
    try:
        assert regulars("workspace", "create", "gifts", "--data", data).returncode == 0
        none = regulars("together", "--workspace", "gifts", "--data", data)
        assert (none.returncode, none.stdout, "Nobody has looked yet" in none.stderr) == (0, "", True)
        found = mine(["ab", "ab", "abc", "c"], Limits(2))
        rules = [New(str(n), one, strongest=True) for n, one in enumerate(found.rules)]
        with entered(load(data=data), "gifts") as tx:
            write(tx, Made("", utc_now(), found.baskets, 2, []), rules)
        told = regulars("together", "--workspace", "gifts", "--data", data, "--by", "orders", "--product", "b")
        lines = [line.split() for line in told.stdout.splitlines()]
        assert lines[0] == ["bought", "with", "it", "orders", "of", "all", "confidence", "lift"]
        assert sorted(lines[1:]) == [
            ["a", "b", "3", "75.00%", "100.0%", "1.33"],
            ["b", "a", "3", "75.00%", "100.0%", "1.33"],
        ]
        assert "From 4 orders" in told.stderr
        assert "There is no workspace" in regulars("together", "--workspace", "nobody", "--data", data).stderr
    finally:
        shutil.rmtree(data)
