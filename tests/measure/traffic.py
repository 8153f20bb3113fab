"""Traffic of a shop as chance makes it: more by day, less at the weekend, better days and worse ones."""

import random
from datetime import datetime, timedelta
from math import exp
from zoneinfo import ZoneInfo

from regulars.measure.usual import HOUR, Hour, Series, Unusual, look

SLOT = timedelta(minutes=5)
AWAKE = 4095


class Traffic:
    """Events of one kind, by pieces of five minutes."""

    def __init__(self, seed: int, *, hourly: float, zone: str = "Europe/Riga", days: float = 0.0, hours: float = 0.0):
        self.rng = random.Random(seed)
        self.zone = ZoneInfo(zone)
        self.hourly, self.days, self.hours = hourly, days, hours
        self.slots: dict[datetime, int] = {}
        self._mood: dict[object, float] = {}
        self._hours: dict[datetime, Hour] = {}
        self._counted = 0

    def flow(self, since: datetime, until: datetime, factor: float = 1.0) -> "Traffic":
        """Let events come from one moment to another."""
        at = since
        while at < until:
            if count := self._chance(self._rate(at) * factor / 12):
                self.slots[at] = count
            at += SLOT
        return self

    def _rate(self, at: datetime) -> float:
        there = at.astimezone(self.zone)
        by_day = 0.05 if there.hour < 7 else 0.5 if there.hour < 10 else 1.5 if there.hour < 21 else 0.6
        week = 0.7 if there.weekday() >= 5 else 1.0
        return (
            self.hourly
            * by_day
            * week
            * self._swing(there.date(), self.days)
            * self._swing((there.date(), there.hour), self.hours)
        )

    def _swing(self, what: object, spread: float) -> float:
        if spread and what not in self._mood:
            self._mood[what] = exp(self.rng.gauss(0, spread))
        return self._mood.get(what, 1.0)

    def _chance(self, mean: float) -> int:
        if mean > 50:
            return max(0, round(self.rng.gauss(mean, mean**0.5)))
        bound, count, product = exp(-mean), 0, self.rng.random()
        while product > bound:
            count, product = count + 1, product * self.rng.random()
        return count

    def seen(self, now: datetime) -> Series:
        """What is counted by a moment."""
        full, hours = now.replace(minute=0, second=0, microsecond=0), self._whole_hours()
        cut = {at: hour for at, hour in hours.items() if now - timedelta(weeks=7, days=1) <= at < full}
        just_now = [(at, n) for at, n in ((full + i * SLOT, self.slots.get(full + i * SLOT)) for i in range(12)) if n]
        for at, count in just_now:
            if at + SLOT <= now:
                before = cut.get(full, Hour(0, 0))
                cut[full] = Hour(before.count + count, before.slots | 1 << at.minute // 5)
        newest = max(cut, default=None)
        last = newest + cut[newest].slots.bit_length() * SLOT - timedelta(seconds=1) if newest else None
        return Series(cut, self.zone, last)

    def _whole_hours(self) -> dict[datetime, Hour]:
        if len(self.slots) != self._counted:
            self._hours.clear()
            for at, count in self.slots.items():
                before = self._hours.get(at.replace(minute=0), Hour(0, 0))
                self._hours[at.replace(minute=0)] = Hour(before.count + count, before.slots | 1 << at.minute // 5)
            self._counted = len(self.slots)
        return self._hours

    def look(self, now: datetime, awake: dict[datetime, int] | None = None, **more: bool) -> Unusual | None:
        """What is said of it at a moment."""
        full = now.replace(minute=0, second=0, microsecond=0)
        all_awake = {full - back * HOUR: AWAKE for back in range(24 * 22)}
        return look(self.seen(now), all_awake if awake is None else awake, now, **more)
