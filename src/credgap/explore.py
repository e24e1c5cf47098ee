"""Profile + Catalogue -> for every goal role how near it is, and the least money and the soonest day to get there."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from credgap import candidates as pools
from credgap import gap as gaps
from credgap import goal as goals
from credgap import plan
from credgap.candidates import Pool
from credgap.errors import DoesNotFitError, SolverError
from credgap.models import Catalogue, Gap, Goal, Importance, Limits, Outline, Profile, RoleReach, SkillKind


def roles(
    profile: Profile,
    catalogue: Catalogue,
    limits: Limits,
    *,
    weights: Mapping[Importance, float] = gaps.WEIGHTS,
    count: Collection[SkillKind] = gaps.COUNTED,
    fit: float = gaps.FIT,
    each: Callable[[Iterable[Goal]], Iterable[Goal]] = iter,
) -> tuple[RoleReach, ...]:
    """Every role, the nearest first: those that fit now, those that a plan reaches (cheapest first), then by fit; blocked last.

    `each` may watch the roles go by, to show how far the work is.
    """
    found = [r for g in each(catalogue.goals) if (r := _role(g, profile, catalogue, limits, weights, count, fit)) is not None]
    return tuple(sorted(found, key=lambda r: _rank(r, fit)))


def _rank(r: RoleReach, fit: float) -> tuple[object, ...]:
    reached = r.fit >= fit - gaps.FULL + 1
    cost = r.cheapest.net if r.cheapest is not None and r.cheapest.net is not None else math.inf
    return r.blocked is not None, not reached, r.cheapest is None, cost if not reached else 0.0, -r.fit, r.goal


def _role(
    goal: Goal,
    profile: Profile,
    catalogue: Catalogue,
    limits: Limits,
    weights: Mapping[Importance, float],
    count: Collection[SkillKind],
    fit: float,
) -> RoleReach | None:
    gap = gaps.compare(goals.requirements(goal, catalogue), profile, catalogue, today=limits.today, weights=weights, count=count)
    if gap.total <= 0:
        return None
    blocked = next((f"{g.gate.text}: {g.why}" for g in gap.gates if g.gate.hard and g.state == "unmet"), None)
    cheapest = soonest = None
    finish: dt.date | None = None
    if blocked is None and gap.fit < fit:
        cheapest, soonest, finish = _plans(gap, profile, catalogue, limits.model_copy(update={"reach": fit}))
    return RoleReach(
        goal=goal.id,
        name=goal.name,
        fit=gap.fit,
        postings=goal.postings,
        blocked=blocked,
        cheapest=cheapest,
        soonest=soonest,
        finish=finish,
        carried=tuple(_named(gap, held=True)),
        missing=tuple(_named(gap, held=False)),
    )


def _named(gap: Gap, *, held: bool) -> Iterator[str]:
    for unit in gaps.units(gap.needs):
        best = max(unit, key=lambda n: n.held)
        if (held and best.held >= gaps.FULL) or (not held and best.held <= pools.HAIR and best.importance == "required"):
            yield best.name


def _plans(gap: Gap, profile: Profile, catalogue: Catalogue, limits: Limits) -> tuple[Outline | None, Outline | None, dt.date | None]:
    """The cheapest and the soonest plan that reach the fit, and the day of the soonest."""
    if not _may_reach(pools.gather(gap, profile, catalogue, limits)):
        return None, None, None
    try:
        pool, ids, _ = plan.best(gap, profile, catalogue, limits.model_copy(update={"optimize": "cost"}))
        cheapest = plan.outline(pool, ids)
        pool, ids, _ = plan.best(gap, profile, catalogue, limits.model_copy(update={"optimize": "time"}))
    except (DoesNotFitError, SolverError):
        return None, None, None
    return cheapest, plan.outline(pool, ids), pools.last_day(pool, pools.hours(pool, ids))


def _may_reach(pool: Pool) -> bool:
    """Whether the largest gains, as if none met what another meets, would do: where not, no set can."""
    able = pool.useful
    gains = sorted((pool.candidates[c].gain for c in able), reverse=True)[: pool.limits.max_credentials]
    return pools.covered(pool, ()) + sum(gains) >= (pool.limits.reach or 0.0) * pool.gap.total - pools.HAIR
