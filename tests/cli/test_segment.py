"""Segments from the command line: their rules as files of YAML."""

import pytest
from tests.cli.houses import regulars

from regulars.access.audit_records import Filter, list_entries
from regulars.store.records import list_events
from regulars.understand import lists


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


def test_a_list_is_made_filled_from_a_file_and_grows(told, database, workspace, tmp_path, postgres):
    assert told("segment", "make-list", "vips", "--title", "VIPs") == "vips: nobody is on it yet\n"
    assert "a segment 'vips' already" in told("segment", "make-list", "vips")
    file = tmp_path / "guests.csv"
    file.write_text("email\na@post.example\nb@post.example\n", encoding="utf-8")
    assert "There is no segment 'gone'" in told("import", str(file), "--as", "customers", "--list", "gone")
    assert "4 new events" in told("import", str(file), "--as", "customers", "--list", "vips")
    events = tmp_path / "events.csv"
    events.write_text("email,event,at\na@post.example,Tasted,2026-05-03\n", encoding="utf-8")
    assert "Only customers are put on a list" in told("import", str(events), "--as", "events", "--list", "vips")
    with database.workspace(workspace) as tx:
        (key,) = lists.titles(tx)
        put = [one.props for one in list_events(tx, kind="list.changed", before=None, limit=9)]
    assert put == [{"list": key, "on": True, "by": "command line"}] * 2
    assert told("segment", "growth", "vips").splitlines()[0].split() == [
        "day", "came", "in", "left", "anew", "at", "its", "end", "version",
    ]  # fmt: skip
    assert "no segment 'gone'" in told("segment", "growth", "gone")
