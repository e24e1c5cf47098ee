"""What many postings ask for -> Lifts: the credentials, and the sets of them, that bring most postings over a fit."""

from __future__ import annotations

import math
import pickle
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, NamedTuple, cast

from credgap import candidates as pools
from credgap import gap as gaps
from credgap import ranking
from credgap.candidates import HAIR, Ids, Pool
from credgap.models import Catalogue, Gap, Limits, Need, Profile, SkillKind

SAMPLE = 300
"""Postings on which sets are looked for."""
SEED = 0
BEAM, PARTNERS = 40, 30
"""How many sets are grown further, and by how many of the best credentials, in each of several orders."""

Key = tuple[str, int, str, bool, float]
"""A skill as it is asked: id, level, kind, whether years are asked that the profile has not got, and what is held of it."""
Unit = tuple[float, tuple[Key, ...]]
"""A weight, and the ways in which it is asked for: one, or alternatives."""


@dataclass(frozen=True)
class Lift:
    """What credentials together do: `lifted` postings pass that did not, `mean_gain` is the mean of what fit rises by.

    `cost` net, None: unknown. `hours_at_least`: nobody has stated the hours of one of them.
    `per_100`: postings lifted for each 100 of the currency, None where it costs nothing or is unknown.
    """

    credentials: Ids
    names: tuple[str, ...]
    cost: float | None
    hours: float
    lifted: int
    share: float
    mean_gain: float
    per_100: float | None
    hours_at_least: bool = False


@dataclass(frozen=True)
class Lifts:
    """Which credentials lift postings over the threshold, counted over all `postings` in which something counts.

    `passing` pass already, `blocked` never do. `singles` and `sets` are in order, best first; sets were found on `sample` postings
    among `tried` ones. `best` answers what was asked for, `per_money` lifts most for each 100 of the currency,
    `most_fit` raises the mean fit most. `fits` are how many
    postings have a fit under 10%, 20% and so on.
    """

    threshold: float
    currency: str
    postings: int
    passing: int
    blocked: int
    mean_fit: float
    fits: tuple[int, ...]
    sample: int
    tried: int
    hours_limit: float | None
    singles: tuple[Lift, ...]
    sets: tuple[Lift, ...]
    best: Lift | None
    per_money: Lift | None
    most_fit: Lift | None


Record = tuple[bool, tuple[tuple[float, tuple[int, ...]], ...]]
"""A posting: whether it is blocked, and its units, each a weight and the numbers of the ways in which it is asked for."""


def key(n: Need) -> Key:
    """The way in which a need asks for its skill."""
    return n.skill, n.level, n.kind, gaps.years_short(n), n.held


class Kept:
    """What lifts are counted over: a record for each posting in a file, a sample of them, and the keys that their numbers stand for."""

    def __init__(self, file: IO[bytes], sample: int) -> None:
        self._file, self._most, self._random = file, sample, random.Random(SEED)
        self._numbers: dict[Key, int] = {}
        self.sample: list[Record] = []
        self.postings = 0

    @property
    def keys(self) -> tuple[Key, ...]:
        """The ways in which skills are asked for, by their numbers."""
        return tuple(self._numbers)

    def add(self, units: Sequence[Unit], *, blocked: bool) -> None:
        """Keep a posting, if anything in it counts."""
        if not units:
            return
        record = (blocked, tuple((w, tuple(self._numbers.setdefault(k, len(self._numbers)) for k in keys)) for w, keys in units))
        pickle.dump(record, self._file, pickle.HIGHEST_PROTOCOL)
        self.postings += 1
        if len(self.sample) < self._most:  # a reservoir: every posting is as likely to stay
            self.sample.append(record)
        elif (at := self._random.randrange(self.postings)) < self._most:
            self.sample[at] = record

    def records(self) -> Iterator[Record]:
        """Every posting kept, in order."""
        self._file.seek(0)
        for _ in range(self.postings):
            yield pickle.load(self._file)


class _Effects:
    """What each candidate makes of each key, where it makes more of it than is held."""

    def __init__(self, pool: Pool, keys: Sequence[Key], catalogue: Catalogue) -> None:
        self.held = [k[4] for k in keys]
        asked_for = gaps.AskedFor([gaps.Asked(k[0], k[1], cast("SkillKind", k[2]), k[3]) for k in keys], catalogue)
        self.by_key: list[list[tuple[str, float]]] = [[] for _ in keys]
        for c, candidate in pool.candidates.items():
            if candidate.barriers:
                continue
            for at, raw in asked_for.taught(candidate.credential).items():
                if raw > self.held[at]:
                    trusted = 1.0 if keys[at][2] == "certification" else candidate.trust.value
                    self.by_key[at].append((c, self.held[at] + trusted * (raw - self.held[at])))

    def of(self, record: Record) -> tuple[float, float, dict[str, dict[int, float]]]:
        """The weight of a posting, the weight held, and for each credential what it adds to the units it adds to, weighted."""
        total = held = 0.0
        gains: dict[str, dict[int, float]] = {}
        for u, (weight, keys) in enumerate(record[1]):
            had = max(self.held[k] for k in keys)
            total += weight
            held += weight * had
            for k in keys:
                for c, after in self.by_key[k]:
                    if after > had:
                        mine = gains.setdefault(c, {})
                        mine[u] = max(mine.get(u, 0.0), weight * (after - had))
        return total, held, gains


class _Tally(NamedTuple):
    """Postings lifted, and the sum of what fits rise by."""

    lifted: int
    gained: float


def lifts(kept: Kept, profile: Profile, catalogue: Catalogue, limits: Limits, fit: float) -> Lifts:
    """Find sets on the sample, then count singles and sets over all postings."""
    pool = pools.gather(_union(kept.keys, catalogue), profile, catalogue, _plain(limits))
    effects = _Effects(pool, kept.keys, catalogue)
    singles = list(dict.fromkeys(tuple(sorted(ids)) for ids in ranking.singles(pool, ranking.rank(pool))))
    bundles = [ids for ids in singles if set(limits.include) <= set(ids)] if limits.include else singles
    search = _Search(pool, effects, kept.sample, fit, limits)
    sets = search.sets(singles)
    counted, fits, passing, blocked, whole = _count(kept.records(), effects, [*bundles, *sets], fit)
    made = {ids: _lift(pool, ids, counted[ids], kept.postings) for ids in [*bundles, *sets]}
    order = _order(limits, pool)
    in_order = sorted((made[ids] for ids in sets), key=order)
    known = list({lift.credentials: lift for lift in [*in_order, *(made[ids] for ids in bundles)]}.values())
    able = [x for x in known if x.lifted]
    paid = [x for x in able if x.per_100 is not None]
    return Lifts(
        threshold=fit,
        currency=limits.currency,
        postings=kept.postings,
        passing=passing,
        blocked=blocked,
        mean_fit=whole / kept.postings,
        fits=tuple(fits),
        sample=len(kept.sample),
        tried=search.tried,
        hours_limit=pool.hours_limit,
        singles=tuple(sorted((made[ids] for ids in bundles), key=order)),
        sets=tuple(_worthwhile(in_order)),
        best=_best(known, limits, kept.postings, passing, order),
        per_money=max(paid, key=lambda x: (x.per_100 or 0.0, x.mean_gain, x.credentials)) if paid else None,
        most_fit=min(known, key=lambda x: (-round(x.mean_gain, 9), math.inf if x.cost is None else x.cost, x.credentials), default=None),
    )


def _plain(limits: Limits) -> Limits:
    """The limits of a set as such; what is to be made best is decided over the postings, not here."""
    return limits.model_copy(update={"optimize": "coverage", "target": None, "min_gain": 0.0})


def _union(keys: Sequence[Key], catalogue: Catalogue) -> Gap:
    """A gap in which every skill that counts anywhere stands once: what it is about decides which credentials matter at all."""
    found: dict[str, Key] = {}
    for key in keys:
        known = found.get(key[0])
        if known is None or (key[4], -key[1]) < (known[4], -known[1]):
            found[key[0]] = key
    needs = tuple(
        Need(
            skill=skill,
            name=catalogue.skill[skill].name,
            kind=catalogue.skill[skill].kind,
            importance="preferred",
            level=level,
            years=None,
            group=None,
            weight=1.0,
            held=held,
            counted=True,
        )
        for skill, level, _, _, held in (found[s] for s in sorted(found))
    )
    return Gap(fit=sum(n.held for n in needs) / max(1, len(needs)), total=float(len(needs)), needs=needs)


def _count(
    records: Iterable[Record], effects: _Effects, sets: Sequence[Ids], fit: float
) -> tuple[dict[Ids, _Tally], list[int], int, int, float]:
    """For each set its tally over all postings; how fits are spread, how many pass already or never do, and the sum of fits."""
    lifted, gained = Counter[Ids](), defaultdict[Ids, float](float)
    holding: dict[str, list[Ids]] = {}
    for ids in sets:
        for c in ids:
            holding.setdefault(c, []).append(ids)
    fits, passing, blocked, whole = [0] * 10, 0, 0, 0.0
    for record in records:
        total, held, gains = effects.of(record)
        fits[min(9, int(held / total * 10 + HAIR))] += 1
        whole += held / total
        blocked += record[0]
        passes = held >= (fit - HAIR) * total
        passing += passes and not record[0]
        met: dict[Ids, list[str]] = {}
        for c in gains:
            for ids in holding.get(c, ()):
                met.setdefault(ids, []).append(c)
        for ids, members in met.items():
            more = _together([gains[c] for c in members])
            gained[ids] += more / total
            if not passes and not record[0] and held + more >= (fit - HAIR) * total:
                lifted[ids] += 1
    return {ids: _Tally(lifted[ids], gained[ids]) for ids in sets}, fits, passing, blocked, whole


def _together(gains: Sequence[Mapping[int, float]]) -> float:
    if len(gains) == 1:
        return sum(gains[0].values())
    best: dict[int, float] = {}
    for mine in gains:
        for u, more in mine.items():
            if more > best.get(u, 0.0):
                best[u] = more
    return sum(best.values())


def _lift(pool: Pool, ids: Ids, tally: _Tally, postings: int) -> Lift:
    cents = pools.net(pool, ids)
    known = all(pool.candidates[c].ways.known for c in ids)
    in_order = pools.order(pool, ids)
    return Lift(
        credentials=in_order,
        names=tuple(pool.candidates[c].credential.name for c in in_order),
        cost=cents / 100 if known else None,
        hours=pools.hours(pool, ids),
        lifted=tally.lifted,
        share=tally.lifted / postings,
        mean_gain=tally.gained / postings,
        per_100=tally.lifted / (cents / 10_000) if known and cents else None,
        hours_at_least=any(pool.candidates[c].hours is None for c in ids),
    )


_Order = Callable[[Lift], tuple[Any, ...]]


def _order(limits: Limits, pool: Pool) -> _Order:
    """Most postings lifted first (for each unit of money or hour, where that is to be made best), then the largest mean gain."""

    def key(x: Lift) -> tuple[Any, ...]:
        lifted: float = x.lifted
        gained = x.mean_gain
        if limits.optimize != "coverage":
            spent = (math.inf if x.cost is None else max(1.0, x.cost)) if limits.optimize == "cost" else max(1.0, x.hours)
            lifted, gained = lifted / spent, gained / spent
        strangers = sum(pool.candidates[c].credential.provider not in limits.prefer for c in x.credentials) if limits.prefer else 0
        return -lifted, strangers, -round(gained, 9), math.inf if x.cost is None else x.cost, x.hours, x.credentials

    return key


def _best(known: Sequence[Lift], limits: Limits, postings: int, passing: int, order: _Order) -> Lift | None:
    """What was asked for: the cheapest that brings the target share over the threshold, or else the first in order, slack counted."""
    able = [x for x in known if x.lifted or x.mean_gain > HAIR]
    if limits.target is not None:
        able = [x for x in able if x.cost is not None and passing + x.lifted >= limits.target * postings - HAIR]
        return min(able, key=lambda x: (x.cost, order(x)), default=None)
    first = min(able, key=order, default=None)
    if first is None or not limits.slack or limits.optimize != "coverage":
        return first
    near = [x for x in able if x.cost is not None and x.lifted >= first.lifted - limits.slack * postings]
    return min(near, key=lambda x: (x.cost, order(x)), default=first)


def _worthwhile(sets: Iterable[Lift]) -> Iterator[Lift]:
    """Those that lift more, or raise the mean fit more, than all that cost no more; what costs an unknown sum comes last."""
    lifted, gain = 0, HAIR
    for x in sorted(sets, key=lambda x: (math.inf if x.cost is None else x.cost, -x.lifted, -x.mean_gain, x.hours, x.credentials)):
        if x.lifted > lifted or x.mean_gain > gain + HAIR:
            lifted, gain = max(lifted, x.lifted), max(gain, x.mean_gain)
            yield x


class _Search:
    """Sets of credentials that lift many postings of a sample, grown one credential (with what it requires) at a time.

    At each size the best sets go on, by postings lifted and by mean gain, also for each unit of money; each is joined with each of the
    credentials that are best in one of these orders. Every set keeps all rules of a plan. The best set may be missed: nothing is proven.
    """

    def __init__(self, pool: Pool, effects: _Effects, sample: Sequence[Record], fit: float, limits: Limits) -> None:
        self._pool, self._limits, self._size = pool, limits, max(1, len(sample))
        self._on: dict[str, dict[int, dict[int, float]]] = {}
        self._short: list[float] = []
        self._total: list[float] = []
        self.tried = 0
        for n, record in enumerate(sample):
            total, held, gains = effects.of(record)
            short = (fit - HAIR) * total - held
            self._short.append(math.inf if record[0] or short <= 0 else short)
            self._total.append(total)
            for c, mine in gains.items():
                self._on.setdefault(c, {})[n] = mine
        self._mean = sum(self._total) / self._size

    def sets(self, singles: Sequence[Ids]) -> list[Ids]:
        """The sets worth counting over all postings."""
        limits, seen = self._limits, dict[Ids, _Tally]()
        start = tuple(sorted(set(limits.include) & set(self._pool.candidates)))
        partners = self._front({ids: self._tally(ids) for ids in singles}, PARTNERS)
        found: dict[Ids, _Tally] = {}
        front = [start]
        for _ in range(limits.max_credentials):
            grown: dict[Ids, _Tally] = {}
            for base in front:
                for more in partners:
                    ids = tuple(sorted({*base, *more}))
                    if len(ids) == len(base) or ids in seen or len(ids) > limits.max_credentials:
                        continue
                    if self._fits(ids):
                        grown[ids] = seen[ids] = self._tally(ids)
            if not grown:
                break
            found |= grown
            front = self._front(grown, BEAM)
        if start and self._fits(start):
            found[start] = self._tally(start)
        self.tried = len(found)
        able = {
            ids: t for ids, t in found.items() if pools.wrong(self._pool, ids) is None and t.gained * self._mean >= self._least(ids) - HAIR
        }
        return self._front(able, BEAM)

    def _least(self, ids: Ids) -> float:
        return self._limits.min_gain * len(ids) * self._size

    def _fits(self, ids: Ids) -> bool:
        """Whether a set keeps the limits; what is demanded of it may still come."""
        pool = self._pool
        if pools.hours(pool, ids) > pool.hours_bound + HAIR:
            return False
        return pool.cost_bound == math.inf or pools.cost(pool, ids) <= pool.cost_bound

    def _tally(self, ids: Ids) -> _Tally:
        on = [self._on[c] for c in ids if c in self._on]
        lifted, gained = 0, 0.0
        for n in {n for x in on for n in x} if len(on) != 1 else on[0]:
            more = _together([x[n] for x in on if n in x])
            lifted += more >= self._short[n]
            gained += more / self._total[n]
        return _Tally(lifted, gained)

    def _front(self, found: Mapping[Ids, _Tally], number: int) -> list[Ids]:
        """The best in each of several orders, ties by the ids."""
        spent = {ids: max(1.0, pools.net(self._pool, ids) / 100) for ids in found}
        orders: tuple[Callable[[Ids], Any], ...] = (
            lambda ids: (found[ids].lifted, found[ids].gained),
            lambda ids: found[ids].gained,
            lambda ids: (found[ids].lifted / spent[ids], found[ids].gained / spent[ids]),
            lambda ids: found[ids].gained / spent[ids],
            lambda ids: (found[ids].lifted, found[ids].gained) if spent[ids] <= 1 else (-1, 0.0),
        )
        by_id = sorted(ids for ids in found if found[ids].gained > HAIR)
        return list(dict.fromkeys(ids for order in orders for ids in sorted(by_id, key=order, reverse=True)[:number]))
