"""What docs/mirror.md says to type does what it says."""

import re
from pathlib import Path

import duckdb
import pytest
from tests.loop.test_mirror import ANNA, BERT, Shop, buys
from tests.loop.test_mirror_stages import looks
from tests.understand.understand_shop import allow

DOCS = (Path(__file__).parents[2] / "docs" / "mirror.md").read_text(encoding="utf-8")


def example(language, n=0):
    return re.findall(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)[n]


@pytest.fixture
def shop(database, workspace, tmp_path):
    shop = Shop(database, workspace, tmp_path / "mirror")
    buys(shop)
    shop.fill()
    shop.tell(ANNA, "page", path="/x", extra=1)
    shop.fill()
    return shop


def test_the_example_for_duckdb_gives_its_table(shop, monkeypatch):
    monkeypatch.chdir(shop.mirror.folder)
    rows = {row[0]: row[1:] for row in duckdb.connect().execute(example("sql")).fetchall()}
    assert rows["Order Completed"] == (2, 2, 25.5)
    assert rows["page"] == (2, 2, None)


def test_the_example_about_stages_counts_those_who_allow_something(shop, monkeypatch):
    looks(shop, "cup", "pot")
    with shop.tx() as tx:
        allow(tx, shop.id(ANNA), "marketing", "email", granted=True)
    shop.fill()
    monkeypatch.chdir(shop.mirror.folder)
    rows = duckdb.connect().execute(example("sql", 1)).fetchall()
    assert rows == [("Tea", "marketing", "email", 1)]


def test_the_example_for_pandas_gives_what_customers_spent(shop, monkeypatch):
    pytest.importorskip("pyarrow")
    monkeypatch.chdir(shop.mirror.folder.parent.parent)
    (shop.mirror.folder.parent / "shop").symlink_to(shop.mirror.folder)
    said = {}
    exec(example("python"), said)  # noqa: S102 (our own docs)
    assert said["spent"].to_dict() == {shop.id(ANNA): 20.5, shop.id(BERT): 5.0}


def test_the_docs_name_every_column(shop):
    table = DOCS[DOCS.index("**events**") : DOCS.index("## DuckDB")]
    made = shop.mirror.read()
    for file in (*(one.file for one in made.events), *made.snapshots.values()):
        names = [row[0] for row in duckdb.execute(f"describe from read_parquet('{shop.mirror.path(file)}')").fetchall()]
        assert [name for name in names if f"`{name}`" not in table and not name.startswith("p_")] == []
