"""Pool -> the credentials that any set of some worth can hold: what keeps the search, and the programme, small."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from credgap import candidates as pools
from credgap.candidates import HAIR, Ids, Pool

SHRINK = 0.9
"""Another round is worth its time only where the last one left fewer than this share."""

Gains = Mapping[int, float]
"""What a credential adds to S by unit, where it adds anything."""


def worth(pool: Pool, ids: Ids, least: float) -> Ids:
    """Those of these credentials that a set with a V of at least `least` can hold, in the order of their ids.

    S is submodular: beside c, nothing adds more to a set than it adds to c alone. So no set with c reaches more than V(c) and the
    largest such additions of as many others as may come with it, each of which must fit the limits beside c. And what adds less than
    a credential must bring, and has nothing to do with one that adds more, is in no best set: the set without it is cheaper and no worse.
    """
    kept = paying(pool, ids)
    while True:
        alone = {c: gains(pool, c) for c in kept}
        largest = sorted(((sum(g.values()), c) for c, g in alone.items()), reverse=True)
        able = frozenset(c for c in kept if _reach(pool, c, alone, largest) >= least - HAIR)
        found = tuple(sorted(pools.of_use(pool, pools.takable(pool, able))))
        if len(found) >= SHRINK * len(kept):
            return found
        kept = found


def paying(pool: Pool, ids: Ids) -> Ids:
    """Those that add at least what a credential must bring, and whatever these ask for, or have to be asked by, directly or not."""
    every = frozenset(ids)
    asking: dict[str, set[str]] = {}
    for c in ids:
        for q in every & pool.candidates[c].asks.served_by:
            asking.setdefault(q, set()).add(c)
    kept: set[str] = set()
    new = {c for c in ids if pool.candidates[c].gain >= pool.limits.min_gain - HAIR}
    while new:
        kept |= new
        served = (every & pool.candidates[c].asks.served_by for c in new)
        new = set().union(*served, *(asking.get(c, ()) for c in new if not pool.candidates[c].core)) - kept
    return tuple(c for c in ids if c in kept)


def gains(pool: Pool, c: str) -> Gains:
    """What a credential alone adds to S by unit."""
    candidate = pool.candidates[c]
    return {u: pool.weights[u] * (candidate.afters[u] - pool.held[u]) for u in candidate.helped}


def beside(had: Gains, more: Gains) -> float:
    """What gains add to those that are had already."""
    added = 0.0
    for u, g in more.items():
        rise = g - had.get(u, 0.0)
        if rise > 0:
            added += rise
    return added


def _reach(pool: Pool, c: str, gains: Mapping[str, Gains], largest: Sequence[tuple[float, str]]) -> float:
    """A V that no set with c exceeds. `largest` are the gains alone, in descending order: beside c nothing adds more than alone."""
    limits = pool.limits
    places = limits.max_credentials - 1
    spare = pool.hours_bound - (pool.candidates[c].hours or 0.0) + HAIR
    best: list[float] = []
    for alone, d in largest if places > 0 else ():
        least = best[0] if len(best) >= places else limits.min_gain
        if alone <= least:
            break
        if d == c or (pool.candidates[d].hours or 0.0) > spare:
            continue
        more = beside(gains[c], gains[d])
        if more > least and (pool.cost_bound == math.inf or pools.cost(pool, (c, d)) <= pool.cost_bound):
            best = sorted([*best, more], reverse=True)[:places][::-1]
    return pools.value(pool, (c,)) + sum(more - limits.min_gain for more in best)
