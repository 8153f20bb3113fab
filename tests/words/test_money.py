"""What an event is worth."""

from typing import Any

import pytest

from regulars.words.money import money


@pytest.mark.parametrize(
    ("props", "amount"),
    [
        ({"total": 12.5, "value": 3}, 12.5),
        ({"total": "12", "revenue": 7}, 7.0),
        ({"value": True}, None),
        ({"total": True, "value": 2}, 2.0),
        ({"total": 1e300}, None),
        ({"total": 10**400, "value": 1}, None),
        ({"total": 0}, 0.0),
        ({}, None),
    ],
)
def test_the_money_of_an_event_is_its_first_number_of_total_revenue_value(
    props: dict[str, Any], amount: float | None
) -> None:
    assert money(props) == amount
