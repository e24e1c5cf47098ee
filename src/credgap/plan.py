"""Gap + Profile + Catalogue + Limits -> Choice: the credentials to take together, proven best by an integer programme."""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from credgap import candidates as pools
from credgap import programme, ranking, shortlist, steps, tree
from credgap.candidates import HAIR, Ids, Pool
from credgap.errors import DoesNotFitError, SolverError
from credgap.models import Catalogue, Change, Choice, Cost, Gap, Limits, Outline, Plan, Profile
from credgap.pricing import count, money
from credgap.programme import LOOSE, Answer, Model, Row, Terms
from credgap.trust import trust

__all__ = ["best", "choose", "fits", "nothing", "outline", "trust"]

EQUAL = 1e-7
"""How far the solver's own figure for a set may be from the exact one without being looked into."""
MOST_CUTS = 2000
RELAXED_CREDENTIALS = 50
BETTER = 1e-6
"""By how much a plan's V must be over that of the empty one to be worth a change of limits."""


def choose(
    gap: Gap,
    profile: Profile,
    catalogue: Catalogue,
    limits: Limits,
    *,
    alternatives: int = 0,
    explain: bool = True,
    brief: bool = False,
) -> Choice:
    """Choose the set of credentials to take together, and rank each by itself (DESIGN: "The gap and the plan, exactly").

    `alternatives`: how many of the next best plans to name. `explain`: where nothing fits, say which limit alone would have to give.
    `brief`: the plan alone, without the ranking and without any words on what is not in it.
    Raises DoesNotFitError where what is demanded fits no plan, SolverError if the solver fails or its answer breaks a rule.
    """
    if brief:
        pool, found = _found(gap, profile, catalogue, limits)
        return Choice(plan=steps.plan(pool, found.ids, proven=found.proven, bound=found.bound, reason=None))
    pool = pools.gather(gap, profile, catalogue, limits)
    ranked = ranking.rank(pool)
    found = _kept_rules(pool, _demanded(pool, explain=explain) if pools.demanding(pool) else _search(pool))
    reason = None if found.ids else ranking.why_nothing(pool, ranked, top=found.top, proven=found.proven)
    chosen = steps.plan(pool, found.ids, proven=found.proven, bound=found.bound, reason=reason)
    stuck = not found.ids and found.proven and found.top <= pools.value(pool, ()) + HAIR and any(r.score > HAIR for r in ranked)
    return Choice(
        plan=chosen,
        ranking=ranked,
        not_closed=ranking.not_closed(pool, ranked, found.ids),
        changes=tuple(_changes(pool)) if explain and stuck else (),
        alternatives=tuple(_alternatives(pool, found.ids, alternatives)) if found.ids and alternatives else (),
        warnings=steps.warnings(pool, chosen),
    )


def best(gap: Gap, profile: Profile, catalogue: Catalogue, limits: Limits) -> tuple[Pool, Ids, bool]:
    """The set alone, without its steps and the ranking: with the pool it was chosen from, and whether it is proven.

    Raises DoesNotFitError where what is demanded fits no plan.
    """
    pool, found = _found(gap, profile, catalogue, limits)
    return pool, found.ids, found.proven


def fits(gap: Gap, profile: Profile, catalogue: Catalogue, limits: Limits, steps: Sequence[str]) -> tuple[float, ...]:
    """The cover of a gap before a plan and after each of its steps, in their order."""
    pool = pools.gather(gap, profile, catalogue, limits.model_copy(update={"include": tuple(steps), "must": ()}))
    return tuple(pools.covered(pool, steps[:n]) / gap.total for n in range(len(steps) + 1))


def nothing(reason: str, gap: Gap, limits: Limits) -> Plan:
    """The empty plan, with the reason in words: for a posting that no credential opens."""
    held = gap.fit * gap.total
    return Plan(
        status="nothing_to_buy",
        objective=held,
        bound=held,
        cover_before=gap.fit,
        cover_after=gap.fit,
        cost=Cost(amount=0.0, net=0.0, currency=limits.currency, if_one_exam_fails=0.0),
        hours=0.0,
        weeks=0.0,
        finish=None,
        reason=reason,
    )


# --- The order of preference ----------------------------------------------------------------------------


class _Found(NamedTuple):
    """The set, whether it is proven, the bound on V (V itself where proven), and the largest V met."""

    ids: Ids
    proven: bool
    bound: float
    top: float


class _Stage(NamedTuple):
    """Something to make as small as possible: its expression, its exact value for a set, and whether that is a whole number from 0 on."""

    terms: Terms
    exact: Callable[[Ids], float]
    whole: bool = True


class _OutOfTimeError(Exception):
    """The time for solving is over; `bound` is the least value that any set could still have."""

    def __init__(self, bound: float) -> None:
        super().__init__()
        self.bound = bound


def _found(gap: Gap, profile: Profile, catalogue: Catalogue, limits: Limits) -> tuple[Pool, _Found]:
    """The best set, and the credentials that could be in it. Raises DoesNotFitError, without saying what else would do."""
    pool = pools.gather(gap, profile, catalogue, limits, every=False)
    return pool, _kept_rules(pool, _demanded(pool, explain=False) if pools.demanding(pool) else _search(pool))


def _kept_rules(pool: Pool, found: _Found) -> _Found:
    """What was found, held against the exact rules once more."""
    fault = pools.wrong(pool, found.ids)
    if fault is not None:
        raise SolverError(
            f"the plan found breaks a rule: {fault}", hint="This is a bug; please report it with the catalogue and the options."
        )
    return found


def _search(pool: Pool) -> _Found:
    """The best set where nothing is demanded: found among all sets that can be, or, where these are too many, by the integer programme."""
    until = time.monotonic() + pool.limits.solve_seconds
    try:
        found = tree.best(pool, until)
    except tree.TooLargeError as large:
        return _settled(pool, large.best, large.top, until)
    return _Found(found.ids, True, pools.value(pool, found.ids), found.top)


def _settled(pool: Pool, start: Ids, top: float | None, until: float) -> _Found:
    """Go through the preferences of DESIGN one after another, each among the sets that are best by those before it."""
    empty = pools.value(pool, ())
    here = shortlist.worth(pool, pool.useful, pools.value(pool, start) - pools.slack(pool))
    if not here:
        return _Found((), True, empty, empty)
    if top is None:
        solver = _Solver(pool, programme.build(pool, here), start, until)
        try:
            solver.least(_gain(solver))
        except _OutOfTimeError as stop:
            bound = min(empty - stop.bound, pool.gap.total)
            return _Found(solver.best, False, bound, bound)
        start, top = solver.best, pools.value(pool, solver.best)
        if top <= empty + HAIR:
            return _Found((), True, empty, empty)
    slack = pools.slack(pool, top)
    solver = _Solver(pool, programme.build(pool, shortlist.worth(pool, here, top - slack)), start, until)
    try:
        solver.keep(_gain(solver), empty - top + slack)
        _narrow(solver)
    except _OutOfTimeError:
        return _Found(solver.best, False, top, top)
    return _Found(solver.best, True, pools.value(pool, solver.best), top)


def _demanded(pool: Pool, *, explain: bool = True) -> _Found:
    """The best set that has what is demanded: by V, by what it costs, or by when it is done. Raises DoesNotFitError where there is none."""
    limits, empty = pool.limits, pools.value(pool, ())
    here = tuple(sorted(pools.of_use(pool, pool.ready)))
    if not here:
        if pools.wrong(pool, ()) is not None:
            raise _does_not_fit(pool, explain=explain)
        return _Found((), True, empty, empty)
    solver = _Solver(pool, programme.build(pool, here), (), time.monotonic() + limits.solve_seconds)
    aim = {"coverage": _gain, "cost": _cost, "time": _hours}[limits.optimize](solver)
    try:
        first = () if pools.wrong(pool, ()) is None else solver.any_set([], prefer=aim.terms)
    except _OutOfTimeError:
        raise SolverError("no plan was found in the time for solving", hint="Allow more time: --solve-seconds 60.") from None
    if first is None:
        raise _does_not_fit(pool, explain=explain)
    solver.best = first
    try:
        if limits.optimize == "coverage":
            solver.least(aim)
            solver.keep(aim, aim.exact(solver.best) + pools.slack(pool, pools.value(pool, solver.best)))
        elif limits.optimize == "time":
            solver.settle(_unknown_hours(solver))
            solver.least(aim)
            solver.keep(aim, pool.schedule.hours_until(pools.last_day(pool, aim.exact(solver.best))))
        _narrow(solver)
    except _OutOfTimeError:
        return _Found(solver.best, False, pool.gap.total, pool.gap.total)
    value = pools.value(pool, solver.best)
    return _Found(solver.best, True, value, max(value, empty))


def _gain(solver: _Solver) -> _Stage:
    """V above that of the empty plan, turned around: the less the better."""
    pool, empty = solver.pool, pools.value(solver.pool, ())
    return _Stage({c: -v for c, v in solver.model.value.items()}, lambda ids: empty - pools.value(pool, ids), whole=False)


def _cost(solver: _Solver) -> _Stage:
    return _Stage(solver.model.cost, lambda ids: pools.cost(solver.pool, ids))


def _hours(solver: _Solver) -> _Stage:
    return _Stage(solver.model.hours, lambda ids: pools.hours(solver.pool, ids), whole=False)


def _count(solver: _Solver) -> _Stage:
    return _Stage(solver.model.count, len)


def _unknown_hours(solver: _Solver) -> _Stage:
    return _Stage(solver.model.unknown_hours, lambda ids: sum(solver.pool.candidates[c].hours is None for c in ids))


def _elsewhere(solver: _Solver) -> _Stage:
    """How many of a set are from providers that are not preferred."""
    pool, model = solver.pool, solver.model
    others = {c for c in model.ids if pool.candidates[c].credential.provider not in pool.limits.prefer}
    return _Stage({model.column[c]: 1.0 for c in sorted(others)}, lambda ids: sum(c in others for c in ids))


def _narrow(solver: _Solver) -> None:
    """Of the sets that are left: fewest from providers that are not preferred, fewest unknown prices, least net cost, largest V, fewest
    unknown hours, hours, credentials, smallest ids. Where the least money is sought, that comes before the preferred providers.
    """
    pool, model, gain = solver.pool, solver.model, _gain(solver)
    cheapest_first = pool.limits.optimize == "cost"
    if pool.limits.prefer and not cheapest_first:
        solver.settle(_elsewhere(solver))
    solver.settle(_Stage(model.unknown_prices, lambda ids: sum(not pool.candidates[c].ways.known for c in ids)))
    _settle_cost(solver)
    if pool.limits.prefer and cheapest_first:
        solver.settle(_elsewhere(solver))
    while True:
        solver.keep(gain, gain.exact(solver.best))
        other = solver.another(prefer=gain.terms)
        if other is None:
            return
        if gain.exact(other) >= gain.exact(solver.best) - HAIR:
            break
        solver.best = other
    solver.settle(_unknown_hours(solver))
    solver.settle(_hours(solver))
    solver.settle(_count(solver))
    _smallest_ids(solver)


def _settle_cost(solver: _Solver) -> None:
    """The least net cost: all costs that leave the same to pay are equal."""
    cost, on = _cost(solver), solver.pool.terms
    if on.net(int(cost.exact(solver.best))) > 0:
        solver.least(cost)
    most = on.most(on.net(int(cost.exact(solver.best))))
    if most < math.inf:
        solver.keep(cost, most)


def _smallest_ids(solver: _Solver) -> None:
    """Of sets equal in all else, the first in the order of their ids: position by position, ask for a set that stands before."""
    other = solver.another(prefer=solver.model.count)
    if other is None:
        return
    solver.best = min(solver.best, other)
    early = {c: float(c) for c in solver.model.column.values()}
    at = 0
    while at < len(solver.best):
        columns = [solver.model.column[c] for c in solver.best]
        same: list[Row] = [(1.0, {c: 1.0}, 1.0) for c in columns[:at]]
        between = range(columns[at - 1] + 1 if at else 0, columns[at])
        before = solver.any_set([*same, (1.0, dict.fromkeys(between, 1.0), math.inf)], prefer=early) if between else None
        if before is None:
            at += 1
        else:
            solver.best = before


# --- Solving -----------------------------------------------------------------------------------------------


class _Solver:
    """The programme, the rows that the preferences settled so far add to it, and the best set so far.

    Every set it takes has been held against the exact rules; `until` is on the clock of `time.monotonic`.
    """

    def __init__(self, pool: Pool, model: Model, best: Ids, until: float) -> None:
        self.pool, self.model, self.best, self.until = pool, model, best, until
        self.rows: list[Row] = []
        self.tests: list[Callable[[Ids], bool]] = []
        self.cuts = 0

    def keep(self, stage: _Stage, most: float) -> None:
        """From now on only sets whose value is at most this."""
        self.rows.append((-math.inf, stage.terms, most + LOOSE))
        self.tests.append(lambda ids: stage.exact(ids) <= most + HAIR)

    def settle(self, stage: _Stage) -> None:
        """Take the best set by a stage that cannot fall below 0, and only its equals from now on."""
        if stage.exact(self.best) > 0:
            self.least(stage)
        self.keep(stage, stage.exact(self.best))

    def least(self, stage: _Stage) -> None:
        """Take the set with the least value; the one at hand must be allowed."""
        seen: list[Row] = []
        while True:
            better = stage.exact(self.best) - (0.5 if stage.whole else -LOOSE)
            answer = self._solve(stage.terms, [*seen, (-math.inf, stage.terms, better)])
            if answer.ids is not None and self._allowed(answer.ids):
                if stage.exact(answer.ids) < stage.exact(self.best):
                    self.best = answer.ids
                # Where rounding made a set look better than it is, the next best may be better in truth.
                seen.append(self.differs(answer.ids))
            if not answer.proven:
                raise _OutOfTimeError(answer.bound)
            if answer.ids is None or answer.objective >= stage.exact(self.best) - EQUAL:
                return

    def another(self, *, prefer: Terms) -> Ids | None:
        """A set other than the best that is as good by all that is settled, or None."""
        return self.any_set([self.differs(self.best)], prefer=prefer)

    def any_set(self, extra: Sequence[Row], *, prefer: Terms) -> Ids | None:
        """An allowed set within further rows, or None."""
        while True:
            answer = self._solve(prefer, extra)
            if answer.ids is None:
                if answer.proven:
                    return None
                raise _OutOfTimeError(-math.inf)
            if self._allowed(answer.ids):
                return answer.ids

    def _allowed(self, ids: Ids) -> bool:
        """Hold a set against the exact rules; one that fails is cut off for good."""
        stuck = frozenset(ids) - pools.takable(self.pool, ids)
        idle = frozenset(ids) - pools.of_use(self.pool, ids)
        if stuck:
            self._cut(stuck, {q for c in stuck for q in self.pool.candidates[c].asks.served_by} - set(ids))
        elif idle:
            self._cut(idle, {c for c in self.model.ids if not self.pool.candidates[c].asks.served_by.isdisjoint(idle)} - set(ids))
        elif pools.wrong(self.pool, ids) is not None or not all(test(ids) for test in self.tests):
            self.rows.append(self.differs(ids))
        else:
            return True
        self.cuts += 1
        if self.cuts > MOST_CUTS:
            raise SolverError("the plan could not be settled: too many sets that cannot be taken", hint="Lower --max-credentials.")
        return False

    def _cut(self, together: frozenset[str], help_from: set[str]) -> None:
        """These cannot stand together unless one that would help them comes in."""
        terms = {self.model.column[c]: 1.0 for c in sorted(together)}
        terms.update((self.model.column[c], -1.0) for c in sorted(help_from) if c in self.model.column)
        self.rows.append((-math.inf, terms, len(together) - 1.0))

    def differs(self, ids: Ids) -> Row:
        """The row that every set but this one keeps."""
        taken = set(ids)
        return 1.0 - len(ids), {x: -1.0 if c in taken else 1.0 for c, x in self.model.column.items()}, math.inf

    def _solve(self, objective: Terms, extra: Sequence[Row]) -> Answer:
        left = self.until - time.monotonic()
        if left <= 0:
            return Answer(None, math.inf, -math.inf, False)
        return programme.run(self.model, objective, [*self.model.rows, *self.rows, *extra], left)


# --- What another limit would give --------------------------------------------------------------------------


_Limit = Literal["budget", "hours", "by", "max_credentials", "min_trust"]
_LIFTED: dict[_Limit, dict[str, object]] = {
    "budget": {"budget": 1e7, "free_only": False},
    "hours": {"hours": 1e6},
    "by": {"by": dt.date(9000, 1, 1)},
    "max_credentials": {"max_credentials": RELAXED_CREDENTIALS},
    "min_trust": {"min_trust": 0.0},
}
"""Limits so wide that they bind nothing; they are there all the same, so that what is unknown stays out."""


def _changes(pool: Pool) -> Iterator[Change]:
    """For each limit, the least change of it alone that would let a plan in, with the best plan without it."""
    limits = pool.limits
    for limit, lifted in _LIFTED.items():
        if limit in ("hours", "by") and getattr(limits, limit) is None:
            continue
        if limit == "budget" and pool.cost_bound == math.inf:
            continue
        # Where nothing else limits it, a plan has as many hours as it would have had.
        kept = {"hours": pool.hours_limit} if limit != "hours" and pool.hours_limit is not None else {}
        free = pools.gather(pool.gap, pool.profile, pool.catalogue, limits.model_copy(update={**kept, **lifted}))
        try:
            least = _least(free, limit)
            if least is None:
                continue
            now, needed = _measure(limit, pool, free, least)
            if now != needed:
                yield Change(limit=limit, now=now, needed=needed, best=outline(free, _best(free, least)))
        except _OutOfTimeError:
            continue


def _fresh(free: Pool) -> _Solver:
    """A solver for all that is demanded, or else for what is better than nothing."""
    here = tuple(sorted(pools.of_use(free, free.ready)))
    solver = _Solver(free, programme.build(free, here), (), time.monotonic() + free.limits.solve_seconds)
    if not pools.demanding(free):
        solver.keep(_gain(solver), -BETTER)
    return solver


def _least(free: Pool, limit: _Limit) -> Ids | None:
    """A set that needs as little as possible of what a limit counts, or None where even without it there is none."""
    if not pools.of_use(free, free.ready):
        return None
    if limit == "min_trust":
        values = sorted({c.trust.value for c in free.candidates.values()}, reverse=True)
        for value in (v for v in values if v < 1):
            pool = pools.gather(free.gap, free.profile, free.catalogue, free.limits.model_copy(update={"min_trust": value}))
            if not pools.of_use(pool, pool.ready):
                continue
            solver = _fresh(pool)
            found = solver.any_set([], prefer=_gain(solver).terms)
            if found is not None:
                return found
        return None
    solver = _fresh(free)
    aims: dict[_Limit, Callable[[_Solver], _Stage]] = {"budget": _cost, "hours": _hours, "by": _hours, "max_credentials": _count}
    aim = aims[limit](solver)
    first = solver.any_set([], prefer=aim.terms)
    if first is None:
        return None
    solver.best = first
    solver.least(aim)
    return solver.best


def _best(free: Pool, start: Ids) -> Ids:
    """The best set by V, at the least cost."""
    solver = _fresh(free)
    solver.best = start
    gain = _gain(solver)
    solver.least(gain)
    solver.keep(gain, gain.exact(solver.best))
    _settle_cost(solver)
    return solver.best


def _measure(limit: _Limit, pool: Pool, free: Pool, ids: Ids) -> tuple[float | str, float | str]:
    limits = pool.limits
    if limit == "budget":
        return (0.0 if limits.free_only else limits.budget or 0.0), pools.net(free, ids) / 100
    if limit == "hours":
        return limits.hours or 0.0, pools.hours(free, ids)
    if limit == "by":
        return str(limits.by), str(pools.last_day(free, pools.hours(free, ids)))
    if limit == "max_credentials":
        return limits.max_credentials, len(ids)
    return limits.min_trust, min((free.candidates[c].trust.value for c in ids), default=limits.min_trust)


def outline(pool: Pool, ids: Ids) -> Outline:
    """A set in short."""
    in_order = pools.order(pool, ids)
    known = all(pool.candidates[c].ways.known for c in ids)
    return Outline(
        credentials=in_order,
        names=tuple(pool.candidates[c].credential.name for c in in_order),
        cover=pools.covered(pool, ids) / pool.gap.total if pool.gap.total else 0.0,
        net=pools.net(pool, ids) / 100 if known else None,
        hours=pools.hours(pool, ids),
        objective=pools.value(pool, ids),
    )


def _alternatives(pool: Pool, ids: Ids, number: int) -> Iterator[Outline]:
    """The next best sets by V, each different from those before it and better than the empty one (or having what is demanded)."""
    solver = _fresh(pool)
    prefer = _gain(solver).terms
    others: list[Row] = [solver.differs(ids)]
    try:
        for _ in range(number):
            found = solver.any_set(others, prefer=prefer)
            if not found:
                return
            yield outline(pool, found)
            others.append(solver.differs(found))
    except _OutOfTimeError:
        return


def _does_not_fit(pool: Pool, *, explain: bool) -> DoesNotFitError:
    """What is demanded and fits no plan, with the least that must give."""
    limits, names = pool.limits, pool.catalogue.credential
    for c in limits.include:
        barriers = pool.candidates[c].barriers if c in pool.candidates else ()
        if barriers:
            return DoesNotFitError(f"--include {c}: {names[c].name} {barriers[0]}", hint="Leave it out, or lift that limit.")
    for skill, teachers in pool.musts.items():
        if not teachers:
            name = pool.catalogue.skill[skill].name
            return DoesNotFitError(f"--must {skill}: no credential in the catalogue brings {name} in full", hint="Leave it out.")
    wants = [*(f"--include {c}" for c in limits.include), *(f"--must {s}" for s in limits.must)]
    wants += [f"--target {limits.target:.0%}"] if limits.target is not None else []
    wants += [f"--optimize {limits.optimize}"] if limits.optimize != "coverage" and limits.target is None else []
    enough = [_in_words(c, limits) for c in _changes(pool)] if explain else []
    hint = "Enough alone would be " + "; or ".join(enough) + "." if enough else "No change of one limit alone would do; ask for less."
    return DoesNotFitError(f"what is demanded ({', '.join(wants)}) fits no plan within the limits", hint=hint)


def _in_words(change: Change, limits: Limits) -> str:
    option = "--" + change.limit.replace("_", "-")
    if change.limit == "budget":
        return f"{option} {math.ceil(float(change.needed))} ({money(float(change.needed), limits.currency)})"
    if change.limit == "hours":
        return f"{option} {math.ceil(float(change.needed))} ({count(float(change.needed), 'hour')})"
    return f"{option} {change.needed if isinstance(change.needed, str) else f'{change.needed:g}'}"
