"""The mirror has at which purchase stage customers are; files that were written before it had are told of."""

from datetime import timedelta

import msgspec
import pytest
from tests.loop.test_mirror import ANNA, BERT, START, Shop

from regulars.loop.mirroring import differences, is_due
from regulars.remember import merging
from regulars.understand import staging


@pytest.fixture
def shop(database, workspace, tmp_path):
    return Shop(database, workspace, tmp_path / "mirror")


def looks(shop, *products):
    for one in products:
        shop.tell(ANNA, "Product Viewed", product_id=one, name=f"The {one}", category="Tea")
    shop.settle()
    staging.walk_on(shop.database, shop.workspace, shop.clock)


def test_the_files_have_at_which_stage_customers_are(shop):
    shop.tell(BERT, "page", path="/x")
    looks(shop, "cup")
    shop.fill()
    asked = "select customer, category, stage, shown_at from stages"
    assert shop.ask(asked) == [(shop.id(ANNA), "Tea", "intent", START)]
    looks(shop, "pot")
    shop.fill(anew=True)
    assert shop.ask(asked) == [(shop.id(ANNA), "Tea", "evaluation", START + timedelta(minutes=20))]
    with shop.tx() as tx:
        merging.join(tx, shop.id(BERT), shop.id(ANNA), shop.clock)
    shop.fill()
    assert not shop.ask("select customer from stages where customer not in (select customer from customers)")
    shop.ask_to_forget(BERT)
    assert shop.forgetting().carry_out_next(shop.workspace)
    assert shop.ask(asked) == []


def test_files_of_an_older_regulars_lack_stages_until_they_are_written_again(shop):
    looks(shop, "cup")
    made = shop.fill()
    older = {name: file for name, file in made.snapshots.items() if name != "stages"}
    shop.mirror.write(msgspec.structs.replace(made, snapshots=older))
    assert differences(shop.database, shop.mirror) == ["a file of stages is missing"]
    assert is_due(shop.database, shop.mirror, shop.clock + timedelta(minutes=20))
    shop.fill()
    assert not differences(shop.database, shop.mirror)
    assert shop.ask("select stage from stages") == [("intent",)]
