"""Counts of many are kept for a minute; what is few is counted whenever it is asked for."""

from regulars.store.counts import KEPT, MANY, Counts


class Crowd:
    """Something to count that grows each time."""

    def __init__(self, first: int) -> None:
        self.now = first - 1

    def count(self) -> int:
        self.now += 1
        return self.now


def test_few_are_counted_anew_each_time():
    counts, crowd = Counts(lambda: 0.0), Crowd(10)

    assert [counts.get("k", crowd.count, int) for _ in range(3)] == [10, 11, 12]


def test_many_are_counted_once_a_minute():
    now = [0.0]
    counts, crowd = Counts(lambda: now[0]), Crowd(MANY)
    seen = []
    for now[0] in (0.0, KEPT - 1, KEPT, KEPT + 1):
        seen.append(counts.get("k", crowd.count, int))

    assert seen == [MANY, MANY, MANY + 1, MANY + 1]


def test_what_is_asked_of_another_log_is_another_count():
    counts, crowd = Counts(lambda: 0.0), Crowd(MANY)

    assert counts.get((1, "facts"), crowd.count, int) == MANY
    assert counts.get((2, "facts"), crowd.count, int) == MANY + 1


def test_what_it_keeps_is_bounded():
    counts = Counts(lambda: 0.0)
    for number in range(1000):
        counts.get(number, lambda: MANY, int)

    assert counts.get(0, lambda: MANY + 1, int) == MANY + 1, "the oldest went"
    assert counts.get(999, lambda: MANY + 1, int) == MANY
