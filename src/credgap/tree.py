"""Pool -> the best set where nothing is demanded, by going through every set that can still be the best; no solver is needed.

S is submodular: what a credential adds to a set is at most what it adds to a part of it. So beyond any set, the largest additions of as
many credentials as may still come say what no larger set exceeds, and most sets are never looked at.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from credgap import candidates as pools
from credgap import shortlist
from credgap.candidates import HAIR, Ids, Pool
from credgap.shortlist import Gains

MOST_STEPS = 1_500_000
"""After so many additions looked at, which takes about three seconds, the tree is left to the integer programme."""
PRICED = 10
"""To price a set takes as long as to look at so many additions."""


class TooLargeError(Exception):
    """There are more sets than are worth going through, or time is up: the best one met, and the largest V where it is known."""

    def __init__(self, best: Ids, top: float | None) -> None:
        super().__init__()
        self.best, self.top = best, top


class Best(NamedTuple):
    """The best set by the whole order of preference, and the largest V that any set has."""

    ids: Ids
    top: float


def best(pool: Pool, until: float) -> Best:
    """First the largest V; then, of the sets within the slack of it, the best by price and all else.

    `until` is on the clock of `time.monotonic`. Raises TooLargeError.
    """
    empty = pools.value(pool, ())
    here = shortlist.paying(pool, pool.useful)
    if not here or pool.limits.max_credentials == 0:
        return Best((), empty)
    tree = _Tree(pool, here, until)
    top = tree.largest()
    return Best(tree.preferred(top) if top > empty + HAIR else (), top)


Price = tuple[int, int, int]
"""How many are from providers that are not preferred, how many prices are unknown, and the net cost in cents: less goes first."""


class _Node(NamedTuple):
    """A set, in the order in which it was put together; `had` is what it adds to S by unit."""

    ids: Ids
    value: float
    hours: float
    price: Price
    had: Gains


class _Tree:
    """The sets within the limits. Looked at are those that can reach a V of `floor`, and, once there is a best price, cost no more;
    those that cost the same have to reach `even`. All three are drawn tighter while the sets go by.
    """

    def __init__(self, pool: Pool, here: Ids, until: float) -> None:
        self._pool, self._here, self._until = pool, here, until
        self._gains = {c: shortlist.gains(pool, c) for c in here}
        self._kin = _kin(pool, here)
        self._steps = 0
        self._root = self._best = _Node((), pools.value(pool, ()), 0.0, (0, 0, 0), {})
        self._floor = self._even = self._root.value + HAIR
        self._price: Price | None = None
        self._top: float | None = None

    def largest(self) -> float:
        """The largest V of a set that breaks no rule."""
        for node in self._beyond(self._root, self._here):
            if node.value > self._best.value + HAIR and pools.wrong(self._pool, node.ids) is None:
                self._best, self._floor = node, node.value + HAIR
            self._mind_the_clock()
        return pools.value(self._pool, self._best.ids)

    def preferred(self, top: float) -> Ids:
        """The best of the sets within the slack of the largest V, after `largest` has found one."""
        self._top, self._floor = top, top - pools.slack(self._pool, top) - HAIR
        self._take(self._best._replace(price=self._priced(self._best.ids, pools.cost(self._pool, self._best.ids))))
        for node in chain([self._root], self._beyond(self._root, self._here)):
            if node.value >= self._floor and self._goes_first(node) and pools.wrong(self._pool, node.ids) is None:
                self._take(node)
            self._mind_the_clock()
        return tuple(sorted(self._best.ids))

    def _take(self, node: _Node) -> None:
        self._best, self._price, self._even = node, node.price, node.value - HAIR

    def _goes_first(self, node: _Node) -> bool:
        """Whether a set is to be preferred to the best so far: by price, V, unknown hours, hours, number and ids."""
        best = self._best
        if node.price != best.price:
            return node.price < best.price
        if abs(node.value - best.value) > HAIR:
            return node.value > best.value
        unknown, least = (sum(self._pool.candidates[c].hours is None for c in ids) for ids in (node.ids, best.ids))
        if unknown == least and abs(node.hours - best.hours) > HAIR:
            return node.hours < best.hours
        return (unknown, len(node.ids), sorted(node.ids)) < (least, len(best.ids), sorted(best.ids))

    def _beyond(self, node: _Node, others: Sequence[str]) -> Iterator[_Node]:
        """Every larger set within the limits that these others make and that can be of interest: each once."""
        pool, candidates = self._pool, self._pool.candidates
        places = pool.limits.max_credentials - len(node.ids)
        spare = pool.hours_bound - node.hours + HAIR
        kin = {self._kin[c] for c in node.ids if c in self._kin}
        added: list[tuple[float, str]] = []
        later: list[str] = []
        for c in others:
            if (candidates[c].hours or 0.0) > spare:
                continue
            more = shortlist.beside(node.had, self._gains[c]) - pool.limits.min_gain
            # What adds too little is worth having only for what asks for it, or what it asks for.
            if more > HAIR or self._kin.get(c) in kin:
                added.append((-more, c))
            elif c in self._kin:
                later.append(c)
        added.sort()
        self._spend(len(others))
        for at, (less, c) in enumerate(added):
            reach = node.value - less + sum(max(0.0, -m) for m, _ in added[at + 1 : at + places])
            if reach < self._least(node.price):
                return
            child = self._with(node, c, -less)
            if child is None or reach < self._least(child.price):
                continue
            yield child
            if places > 1:
                yield from self._beyond(child, [*(d for _, d in added[at + 1 :]), *later])

    def _least(self, price: Price) -> float:
        """The V that a set of that price, or more, must reach to be of interest."""
        if self._price is None or price < self._price:
            return self._floor
        return self._even if price == self._price else math.inf

    def _with(self, node: _Node, c: str, more: float) -> _Node | None:
        """A set with one more credential, or None where that is over the budget. The price is of no interest before there is a best."""
        ids, price = (*node.ids, c), node.price
        if self._price is not None or self._pool.cost_bound < math.inf:
            self._spend(PRICED)
            cents = pools.cost(self._pool, ids)
            if cents > self._pool.cost_bound:
                return None
            price = self._priced(ids, cents)
        gains = self._gains[c]
        had = {**node.had, **{u: g for u, g in gains.items() if g > node.had.get(u, 0.0)}}
        return _Node(ids, node.value + more, node.hours + (self._pool.candidates[c].hours or 0.0), price, had)

    def _priced(self, ids: Ids, cents: int) -> Price:
        pool, candidates = self._pool, self._pool.candidates
        strangers = sum(candidates[c].credential.provider not in pool.limits.prefer for c in ids) if pool.limits.prefer else 0
        return strangers, sum(not candidates[c].ways.known for c in ids), pool.terms.net(cents)

    def _spend(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise self._too_large()

    def _mind_the_clock(self) -> None:
        if time.monotonic() > self._until:
            raise self._too_large()

    def _too_large(self) -> TooLargeError:
        return TooLargeError(tuple(sorted(self._best.ids)), self._top)


def _kin(pool: Pool, here: Ids) -> Mapping[str, int]:
    """A number for each credential that asks for one of the others, or is asked for: the same where demands lead from one to the other."""
    found: dict[str, int] = {}
    beside: dict[str, set[str]] = {}
    every = frozenset(here)
    for c in here:
        for q in every & pool.candidates[c].asks.served_by:
            beside.setdefault(c, set()).add(q)
            beside.setdefault(q, set()).add(c)
    for number, start in enumerate(beside):
        todo = [] if start in found else [start]
        while todo:
            c = todo.pop()
            if c not in found:
                found[c] = number
                todo += beside[c]
    return found
