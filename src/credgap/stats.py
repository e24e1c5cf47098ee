"""Catalogue -> Stats: how many credentials each field has, how much is known of them, and how old it is."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable

from credgap.models import STALE_DAYS, Catalogue, Credential, FieldStats, Stats, last_day

NO_FIELD = "no field"


def stats(catalogue: Catalogue, today: dt.date) -> Stats:
    """Counts of what can be taken; retired and superseded credentials are counted apart."""
    current = [c for c in catalogue.credentials if c.status == "current"]
    fields = sorted({c.field or NO_FIELD for c in current})
    return Stats(
        total=_counted("all", current, catalogue, today),
        fields=tuple(_counted(f, [c for c in current if (c.field or NO_FIELD) == f], catalogue, today) for f in fields),
        kinds=_largest_first(c.kind for c in current),
        providers=_largest_first(c.provider for c in current),
        retired=len(catalogue.credential) - len(current),
        skills=_largest_first(s.kind for s in catalogue.skills),
        tutorials=sum(s.tutorial is not None for s in catalogue.skills),
        goals=len(catalogue.goal),
        thin_goals=sum(g.thin for g in catalogue.goals),
    )


def _counted(field: str, these: list[Credential], catalogue: Catalogue, today: dt.date) -> FieldStats:
    def number(is_so: Callable[[Credential], bool]) -> int:
        return sum(map(is_so, these))

    ages = sorted(a for c in these if (a := age_of_price(c, catalogue, today)) is not None)
    return FieldStats(
        field=field,
        credentials=len(these),
        priced=number(lambda c: bool(c.offers)),
        timed=number(lambda c: c.hours is not None),
        priced_and_timed=number(lambda c: bool(c.offers) and c.hours is not None),
        estimated=number(lambda c: c.hours_basis == "estimate"),
        stale=sum(a > STALE_DAYS for a in ages),
        median_age_days=ages[len(ages) // 2] if ages else None,
    )


def age_of_price(c: Credential, catalogue: Catalogue, today: dt.date) -> int | None:
    """Days since the price of a credential (the newest of its offers) was last seen; None where it has none."""
    seen = [last_day(s.checked) for n in range(len(c.offers)) for s in catalogue.price_sources(c, n)]
    return (today - max(seen)).days if seen else None


def _largest_first(names: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(names).items(), key=lambda x: (-x[1], x[0])))
