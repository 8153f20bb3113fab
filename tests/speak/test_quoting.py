"""What a message may quote of what is known of a customer."""

from regulars.speak import records


def test_what_only_a_browser_key_said_is_not_quoted(shop):
    anna = shop.customer("anna")
    with shop.tx() as tx:
        for seq, name in enumerate(("favourite_product", "category_viewed_most"), start=10):
            shop.learn(tx, anna, name, "Mug", seq, source="did")
        tx.run(b"update remember_fact set origin = ''")
        assert records.told(tx, [anna], ["favourite_product"], shop.now)[anna].keys() == {"favourite_product"}
        tx.run(b"update remember_fact set origin = 'browser' where name = 'favourite_product'")
        told = records.told(tx, [anna], ["favourite_product", "category_viewed_most"], shop.now)
        assert told[anna].keys() == {"category_viewed_most"}
