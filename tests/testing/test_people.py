from regulars.testing.shop.people import DOMAINS, IEVA, met, people, regulars


def test_the_same_number_is_always_the_same_person() -> None:
    customers = met()

    assert people(customers) == people(dict(reversed(customers.items())))


def test_no_address_stands_twice_and_none_can_reach_anybody() -> None:
    addresses = [person.email for person in people(met())]

    assert len(addresses) == len(set(addresses)) > 1_300
    assert {address.partition("@")[2] for address in addresses} <= set(DOMAINS)
    assert all(address.isascii() and not address.startswith((".", "@")) for address in addresses)


def test_the_regulars_of_the_house_have_ordered_and_write_in_many_scripts() -> None:
    by_number = {person.number: person for person in people(met())}

    assert by_number.keys() >= regulars().keys()
    assert by_number[IEVA].name == "Ieva Kalniņa"
    assert {"王小明", "प्रिया शर्मा"} <= {person.name for person in by_number.values()}
