"""Segments from the command line: their rules as files of YAML."""

import pytest
from tests.cli.houses import regulars

from regulars.access.audit_records import Filter, list_entries


@pytest.fixture
def told(postgres, workspace):
    """Type a command about this workspace, with something on standard input; return what it says."""

    def say(*words, said=""):
        done = regulars(*words, "--workspace", workspace, said=said, REGULARS_DATABASE_URL=postgres)
        return done.stdout if done.returncode == 0 else done.stderr

    return say


def test_a_rule_is_saved_printed_and_saved_again(told, database, workspace):
    rule = "all:\n- event: Order Completed\n  count:\n    at_least: 3\n  within_days: 90\n"
    assert told("segment", "save", "regulars", "-", "--title", "They come again", said=rule) == (
        "regulars: version 1, 0 customers\n"
    )
    assert told("segment", "list") == "regulars\t1\t0\tThey come again\n"
    shown = told("segment", "show", "regulars")
    assert shown.startswith("# They come again: Customers who did “Order Completed” at least 3 times")
    assert shown.partition("\n")[2] == rule
    assert "version 1" in told("segment", "save", "regulars", "-", said=shown)
    assert "version 2" in told("segment", "save", "regulars", "-", said='{"all": []}')
    assert "no segment 'gone'" in told("segment", "show", "gone")
    assert "Line 1: " in told("segment", "save", "regulars", "-", said="a: *b")
    with database.workspace(workspace) as tx:
        noted = [one.action for one in list_entries(tx, Filter(), (None, 0, 0), 20)]
    assert noted == ["segment.changed", "segment.made"]
