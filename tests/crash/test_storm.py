"""A short storm in the tests; `make crash` runs the long one."""

from tests.crash.storm import run


def test_ten_kills_under_load_lose_nothing_and_do_nothing_twice() -> None:
    assert run(kills=10, seed=20260503) == []
