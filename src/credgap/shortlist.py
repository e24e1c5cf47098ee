"""Pool -> a good set to start from, and the credentials that any better set can hold: what makes the programme small."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from credgap import candidates as pools
from credgap.candidates import HAIR, Ids, Pool

STARTS = 20
"""From so many of the best single credentials a set is grown; enough for a good start, and only the time depends on it."""
SHRINK = 0.9
"""Another round is worth its time only where the last one left fewer than this share."""

Gains = Mapping[int, float]
"""What a credential adds to S by unit, where it adds anything."""


def start(pool: Pool, singles: Iterable[Ids]) -> Ids:
    """The best of the sets grown from each of these by adding, again and again, what adds most; the empty set where none is better."""
    gains = {c: _gains(pool, c) for c in pools.useful(pool)}
    best: Ids = ()
    for ids in islice(singles, STARTS):
        grown = _grow(pool, tuple(sorted(ids)), gains)
        if pools.value(pool, grown) > pools.value(pool, best) + HAIR:
            best = grown
    return best


def worth(pool: Pool, ids: Ids, least: float) -> Ids:
    """Those of these credentials that a set with a V of at least `least` can hold, in the order of their ids.

    S is submodular: beside c, nothing adds more to a set than it adds to c alone. So no set with c reaches more than V(c) and the
    largest such additions of as many others as may come with it, each of which must fit the limits beside c. And what adds less than
    a credential must bring, and is asked for by none that adds more, is in no best set: the set without it is cheaper and no worse.
    """
    kept = _paying(pool, ids)
    while True:
        gains = {c: _gains(pool, c) for c in kept}
        largest = sorted(((sum(g.values()), c) for c, g in gains.items()), reverse=True)
        able = frozenset(c for c in kept if _reach(pool, c, gains, largest) >= least - HAIR)
        found = tuple(sorted(pools.of_use(pool, pools.takable(pool, able))))
        if len(found) >= SHRINK * len(kept):
            return found
        kept = found


def _paying(pool: Pool, ids: Ids) -> Ids:
    """Those that add at least what a credential must bring, and whatever these ask for, directly or not."""
    every = frozenset(ids)
    kept: set[str] = set()
    new = {c for c in ids if pool.candidates[c].gain >= pool.limits.min_gain - HAIR}
    while new:
        kept |= new
        new = {q for c in new for q in pool.candidates[c].asks.served_by if q in every} - kept
    return tuple(c for c in ids if c in kept)


def _grow(pool: Pool, ids: Ids, gains: Mapping[str, Gains]) -> Ids:
    while len(ids) < pool.limits.max_credentials:
        now = pools.reached(pool, ids)
        had = {u: w * (n - h) for u, (w, n, h) in enumerate(zip(pool.weights, now, pool.held, strict=True))}
        added = sorted((-_beside(had, g), c) for c, g in gains.items() if c not in ids)
        better = (tuple(sorted((*ids, c))) for more, c in added if -more > pool.limits.min_gain + HAIR)
        fitting = next((s for s in better if pools.wrong(pool, s) is None), None)
        if fitting is None:
            break
        ids = fitting
    return ids


def _gains(pool: Pool, c: str) -> Gains:
    candidate = pool.candidates[c]
    return {u: pool.weights[u] * (candidate.afters[u] - pool.held[u]) for u in candidate.helped}


def _beside(had: Gains, gains: Gains) -> float:
    """What gains add to those that are had already."""
    added = 0.0
    for u, g in gains.items():
        more = g - had.get(u, 0.0)
        if more > 0:
            added += more
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
        more = _beside(gains[c], gains[d])
        if more > least and (pool.cost_bound == math.inf or pools.cost(pool, (c, d)) <= pool.cost_bound):
            best = sorted([*best, more], reverse=True)[:places][::-1]
    return pools.value(pool, (c,)) + sum(more - limits.min_gain for more in best)
