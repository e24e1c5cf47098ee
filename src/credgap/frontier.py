"""Gap + Profile + Catalogue + Limits -> Frontier: what each further sum, or each further week, buys."""

from __future__ import annotations

from typing import Literal

from credgap import candidates as pools
from credgap import plan
from credgap.errors import DoesNotFitError
from credgap.models import Catalogue, Frontier, Gap, Limits, Outline, Point, Profile

MOST_MONEY, MOST_HOURS = 1e7, 1e6
"""So much binds nothing; a limit stands all the same, so that what is unknown stays out."""
MOST_POINTS = 100
CENT, MOMENT = 0.01, 1e-6


def money(gap: Gap, profile: Profile, catalogue: Catalogue, limits: Limits) -> Frontier:
    """The best plan for every sum of money up to the budget (any sum, where there is none), at the points where it changes."""
    return _walk(
        gap, profile, catalogue, limits.model_copy(update={"budget": MOST_MONEY if limits.budget is None else limits.budget}), "money"
    )


def weeks(gap: Gap, profile: Profile, catalogue: Catalogue, limits: Limits) -> Frontier:
    """The best plan for every number of weeks up to the limit of hours, at the points where it changes."""
    return _walk(
        gap, profile, catalogue, limits.model_copy(update={"hours": MOST_HOURS if limits.hours is None else limits.hours}), "weeks"
    )


def _walk(gap: Gap, profile: Profile, catalogue: Catalogue, limits: Limits, axis: Literal["money", "weeks"]) -> Frontier:
    """From the widest limit down: the best plan, then the best that takes less than it, until nothing is left.

    Slack is left out here: with it the plan for a sum would also depend on what could be had for more.
    """
    limits = limits.model_copy(update={"slack": 0.0})
    found: list[Outline] = []
    proven = True
    while len(found) < MOST_POINTS:
        try:
            pool, ids, sure = plan.best(gap, profile, catalogue, limits)
        except DoesNotFitError:
            if not found:
                raise
            break
        proven = proven and sure
        found.append(plan.outline(pool, ids))
        if not ids:
            break
        if axis == "money":
            net = pools.net(pool, ids) / 100
            if net <= 0:
                break
            limits = limits.model_copy(update={"budget": max(0.0, round(net - CENT, 2))})
        else:
            spent = pools.hours(pool, ids)
            if spent <= MOMENT:
                break
            limits = limits.model_copy(update={"hours": spent - MOMENT})
    else:
        proven = False
    if not found[-1].credentials:
        found[-1] = Outline(credentials=(), names=(), cover=gap.fit, net=0.0, hours=0.0, objective=gap.fit * gap.total)
    return Frontier(axis=axis, currency=limits.currency, points=_points(found[::-1], gap.fit, limits.hours_per_week, axis), proven=proven)


def _points(plans: list[Outline], fit: float, pace: float, axis: Literal["money", "weeks"]) -> tuple[Point, ...]:
    points: list[Point] = []
    for best in plans:
        before = points[-1].best if points else None
        had, has = set(before.credentials if before else ()), set(best.credentials)
        points.append(
            Point(
                at=(best.net or 0.0) if axis == "money" else best.hours / pace,
                best=best,
                weeks=best.hours / pace,
                more=best.cover - (before.cover if before else fit),
                added=tuple(c for c in best.credentials if c not in had),
                dropped=tuple(c for c in (before.credentials if before else ()) if c not in has),
            )
        )
    return tuple(points)
