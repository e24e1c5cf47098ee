"""Hours a week and days off -> the days on which hours of study fall."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass

from credgap.models import DaysOff, Limits

HAIR = 1e-9
DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Schedule:
    """Study from a first day on, the same number of hours every day but those off, which are in order and apart."""

    first: dt.date
    hours_per_week: float
    off: tuple[DaysOff, ...] = ()

    def last_day(self, hours: float) -> dt.date:
        """The day on which the last of so many hours falls."""
        return self._day(max(1, math.ceil(hours * 7 / self.hours_per_week - HAIR)))

    def day_after(self, hours: float) -> dt.date:
        """The day of the first hour that follows so many."""
        return self._day(math.floor(hours * 7 / self.hours_per_week + HAIR) + 1)

    def hours_until(self, day: dt.date) -> float:
        """The hours that can be studied up to the end of a day."""
        days = max(0, (day - self.first).days + 1)
        free = sum(max(0, (min(o.last, day) - max(o.first, self.first)).days + 1) for o in self.off)
        return (days - free) * self.hours_per_week / 7

    def _day(self, number: int) -> dt.date:
        """The day of study of that number, from 1 on."""
        day = self.first + (number - 1) * DAY
        for o in self.off:
            if o.first <= day and o.last >= self.first:
                day += (o.last - max(o.first, self.first)).days * DAY + DAY
        return day


def of(limits: Limits) -> Schedule:
    """The schedule that these limits give."""
    return Schedule(limits.first_day, limits.hours_per_week, _apart(limits.days_off))


def _apart(off: Sequence[DaysOff]) -> tuple[DaysOff, ...]:
    """Days off in order, those that touch or overlap made one."""
    found: list[DaysOff] = []
    for o in sorted(off, key=lambda o: o.first):
        if found and o.first <= found[-1].last + DAY:
            found[-1] = DaysOff(first=found[-1].first, last=max(found[-1].last, o.last))
        else:
            found.append(o)
    return tuple(found)
