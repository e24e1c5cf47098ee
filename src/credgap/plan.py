"""Gap + Profile + Catalogue + Limits -> Choice: the credentials to take together, proven best by an integer programme (HiGHS)."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import math
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from credgap import candidates as pools
from credgap import pricing, ranking, shortlist, steps
from credgap.candidates import HAIR, Ids, Pool
from credgap.errors import SolverError
from credgap.models import Catalogue, Choice, Cost, Gap, Limits, Plan, Profile
from credgap.trust import trust

__all__ = ["choose", "nothing", "trust"]

LOOSE = 1e-8
"""How far the programme's rows are widened, so that rounding never hides a set; every set found is then held against the exact rule."""
EQUAL = 1e-7
"""How far the solver's own figure for a set may be from the exact one without being looked into."""
MOST_CUTS = 2000

Terms = Mapping[int, float]
"""A linear expression: coefficient by column."""


def choose(gap: Gap, profile: Profile, catalogue: Catalogue, limits: Limits) -> Choice:
    """Choose the set of credentials to take together, and rank each by itself (DESIGN: "The gap and the plan, exactly").

    Raises SolverError if the solver fails or its answer breaks a rule.
    """
    pool = pools.gather(gap, profile, catalogue, limits)
    ranked = ranking.rank(pool)
    found = _search(pool, shortlist.start(pool, ranking.singles(pool, ranked)))
    fault = pools.wrong(pool, found.ids)
    if fault is not None:
        raise SolverError(
            f"the plan found breaks a rule: {fault}", hint="This is a bug; please report it with the catalogue and the options."
        )
    reason = None if found.ids else ranking.why_nothing(pool, ranked, top=found.top, proven=found.proven)
    chosen = steps.plan(pool, found.ids, proven=found.proven, bound=found.bound, reason=reason)
    return Choice(
        plan=chosen,
        ranking=ranked,
        not_closed=ranking.not_closed(pool, ranked, found.ids),
        warnings=steps.warnings(pool, chosen),
    )


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


def _search(pool: Pool, start: Ids) -> _Found:
    """Go through the preferences of DESIGN one after another, each among the sets that are best by those before it."""
    empty, slack = pools.value(pool, ()), pool.limits.slack * pool.gap.total
    until = time.monotonic() + pool.limits.solve_seconds
    here = shortlist.worth(pool, pools.useful(pool), pools.value(pool, start) - slack)
    if not here or pool.limits.max_credentials == 0:
        return _Found((), True, empty, empty)
    solver = _Solver(pool, _build(pool, here), start, until)
    try:
        solver.least(_gain(solver))
    except _OutOfTimeError as stop:
        bound = min(empty - stop.bound, pool.gap.total)
        return _Found(solver.best, False, bound, bound)
    top = pools.value(pool, solver.best)
    if top <= empty + HAIR:
        return _Found((), True, empty, empty)
    solver = _Solver(pool, _build(pool, shortlist.worth(pool, here, top - slack)), solver.best, until)
    try:
        solver.keep(_gain(solver), empty - top + slack)
        _narrow(solver)
    except _OutOfTimeError:
        return _Found(solver.best, False, top, top)
    return _Found(solver.best, True, pools.value(pool, solver.best), top)


def _gain(solver: _Solver) -> _Stage:
    """V above that of the empty plan, turned around: the less the better."""
    pool, empty = solver.pool, pools.value(solver.pool, ())
    return _Stage({c: -v for c, v in solver.model.value.items()}, lambda ids: empty - pools.value(pool, ids), whole=False)


def _narrow(solver: _Solver) -> None:
    """Of the sets near the best: fewest unknown prices, least cost, largest V, fewest unknown hours, hours, credentials, smallest ids."""
    pool, model, gain = solver.pool, solver.model, _gain(solver)
    solver.settle(_Stage(model.unknown_prices, lambda ids: sum(not pool.candidates[c].ways.known for c in ids)))
    solver.settle(_Stage(model.cost, lambda ids: pools.bill(pool, ids).cents))
    while True:
        solver.keep(gain, gain.exact(solver.best))
        other = solver.another(prefer=gain.terms)
        if other is None:
            return
        if gain.exact(other) >= gain.exact(solver.best) - HAIR:
            break
        solver.best = other
    solver.settle(_Stage(model.unknown_hours, lambda ids: sum(pool.candidates[c].hours is None for c in ids)))
    solver.settle(_Stage(model.hours, lambda ids: pools.hours(pool, ids), whole=False))
    solver.settle(_Stage(model.count, len))
    _smallest_ids(solver)


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
        same: list[_Row] = [(1.0, {c: 1.0}, 1.0) for c in columns[:at]]
        between = range(columns[at - 1] + 1 if at else 0, columns[at])
        before = solver.any_set([*same, (1.0, dict.fromkeys(between, 1.0), math.inf)], prefer=early) if between else None
        if before is None:
            at += 1
        else:
            solver.best = before


# --- The programme ----------------------------------------------------------------------------------------

_Row = tuple[float, Terms, float]


@dataclass
class _Model:
    """Columns and rows of the programme. The first columns are the credentials, in the order of their ids."""

    ids: Ids
    column: dict[str, int] = field(default_factory=dict)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    value: dict[int, float] = field(default_factory=dict)
    cost: dict[int, float] = field(default_factory=dict)
    hours: dict[int, float] = field(default_factory=dict)
    count: dict[int, float] = field(default_factory=dict)
    unknown_prices: dict[int, float] = field(default_factory=dict)
    unknown_hours: dict[int, float] = field(default_factory=dict)

    def add(self, *, whole: bool = True) -> int:
        """A new column between 0 and 1."""
        self.upper.append(1.0)
        self.whole.append(whole)
        return len(self.upper) - 1

    def row(self, lower: float, terms: Terms, upper: float) -> None:
        """A new row."""
        self.rows.append((lower, terms, upper))


def _build(pool: Pool, here: Ids) -> _Model:
    model = _Model(ids=here)
    for c in here:
        model.column[c] = model.add()
    for c, x in model.column.items():
        candidate = pool.candidates[c]
        model.count[x] = 1.0
        model.hours[x] = candidate.hours or 0.0
        model.unknown_prices.update({} if candidate.ways.known else {x: 1.0})
        model.unknown_hours.update({x: 1.0} if candidate.hours is None else {})
    _add_value(model, pool)
    _add_payment(model, pool)
    _add_demands(model, pool)
    limits = pool.limits
    model.row(-math.inf, model.count, limits.max_credentials)
    if pool.hours_bound < math.inf:
        model.row(-math.inf, model.hours, pool.hours_bound + LOOSE)
    if limits.budget is not None:
        model.row(-math.inf, model.cost, pricing.cents(limits.budget) + 0.5)
    return model


def _add_value(model: _Model, pool: Pool) -> None:
    """What is met of each unit rises in steps; a step is reached when one of the credentials that reach so far is taken."""
    for x in model.column.values():
        model.value[x] = -pool.limits.min_gain
    for u, (weight, held) in enumerate(zip(pool.weights, pool.held, strict=True)):
        reach = {x: pool.candidates[c].afters[u] for c, x in model.column.items() if pool.candidates[c].afters[u] > held}
        below = held
        for level in sorted(set(reach.values())):
            met = model.add(whole=False)
            model.value[met] = weight * (level - below)
            model.row(-math.inf, {met: 1.0, **{x: -1.0 for x, a in reach.items() if a >= level}}, 0.0)
            below = level


def _add_payment(model: _Model, pool: Pool) -> None:
    """Each credential is paid one way; a subscription is paid for as many months as the hours under it need."""
    under: dict[str, dict[int, tuple[str, int]]] = {}
    for c, x in model.column.items():
        ways = pool.candidates[c].ways
        model.cost[x] = float(ways.fee)
        choices: dict[int, float] = {}
        if ways.alone is not None:
            only = x if not ways.shared else model.add()
            model.cost[only] = model.cost.get(only, 0.0) + ways.alone.cents
            choices[only] = 1.0
        for plan in sorted({p for p, _ in ways.shared}):
            way = x if len(ways.shared) == 1 and ways.alone is None else model.add()
            under.setdefault(plan, {})[way] = (c, x)
            choices[way] = 1.0
        if x not in choices:
            model.row(0.0, {**choices, x: -1.0}, 0.0)
    for plan, taken in sorted(under.items()):
        _add_subscription(model, pool, plan, {way: pool.candidates[c].hours or 0.0 for way, (c, _) in taken.items()})


def _add_subscription(model: _Model, pool: Pool, plan_id: str, taken: Mapping[int, float]) -> None:
    plan, on, limits = pool.catalogue.subscription[plan_id], pool.terms, pool.limits
    most_hours = min(pool.hours_bound, sum(sorted(taken.values(), reverse=True)[: limits.max_credentials]))
    budget = math.inf if limits.budget is None else pricing.cents(limits.budget)
    longest = pricing.months(most_hours, on) if most_hours > 0 else 0
    prices = {m: pricing.mix(plan, m)[0] for m in range(1, longest + 1)}
    # Of month counts at one price only the longest is worth having.
    spans = {m: p for m, p in prices.items() if p <= budget and prices.get(m + 1) != p}
    columns = {m: model.add() for m in spans}
    model.cost.update((columns[m], float(p)) for m, p in spans.items())
    model.row(-math.inf, dict.fromkeys(columns.values(), 1.0), 1.0)
    # 3 * hours <= 13 * hours a week * months, which is exact in whole numbers: a month is 52 weeks / 12.
    capacity = {z: -(13 * on.hours_per_week * m + 3 * HAIR * on.hours_per_month) for m, z in columns.items()}
    model.row(-math.inf, {**{way: 3 * h for way, h in taken.items()}, **capacity}, 0.0)
    for way, h in taken.items():
        model.row(-math.inf, {way: 1.0, **{z: -1.0 for m, z in columns.items() if m >= pricing.months(h, on)}}, 0.0)


def _add_demands(model: _Model, pool: Pool) -> None:
    """What a credential enforces comes with it; what is about nothing wanted comes only with something that asks for it.

    That an order exists is not in these rows: sets without one are cut off when they are met.
    """
    asked_by: dict[str, dict[int, float]] = {}
    for c, x in model.column.items():
        asks = pool.candidates[c].asks
        for q in sorted(asks.credentials):
            model.row(-math.inf, {x: 1.0, model.column[q]: -1.0}, 0.0)
        for s in asks.skills:
            model.row(-math.inf, {x: 1.0, **{model.column[t]: -1.0 for t in sorted(s.teachers) if t in model.column}}, 0.0)
        if asks.training is not None:
            given = {model.column[t]: -h for t, h in asks.training.given.items() if t in model.column}
            model.row(-math.inf, {x: asks.training.hours - LOOSE, **given}, 0.0)
        for q in asks.served_by:
            asked_by.setdefault(q, {})[x] = -1.0
    for c, x in model.column.items():
        if not pool.candidates[c].core:
            model.row(-math.inf, {x: 1.0, **asked_by.get(c, {})}, 0.0)


# --- Solving -----------------------------------------------------------------------------------------------


class _Answer(NamedTuple):
    """What the solver says: a set or None, its objective, the bound, and whether that is proven."""

    ids: Ids | None
    objective: float
    bound: float
    proven: bool


class _Solver:
    """The programme, the rows that the preferences settled so far add to it, and the best set so far.

    Every set it takes has been held against the exact rules; `until` is on the clock of `time.monotonic`.
    """

    def __init__(self, pool: Pool, model: _Model, best: Ids, until: float) -> None:
        self.pool, self.model, self.best, self.until = pool, model, best, until
        self.rows: list[_Row] = []
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
        seen: list[_Row] = []
        while True:
            better = stage.exact(self.best) - (0.5 if stage.whole else -LOOSE)
            answer = self._solve(stage.terms, [*seen, (-math.inf, stage.terms, better)])
            if answer.ids is not None and self._allowed(answer.ids):
                if stage.exact(answer.ids) < stage.exact(self.best):
                    self.best = answer.ids
                # Where rounding made a set look better than it is, the next best may be better in truth.
                seen.append(self._differs(answer.ids))
            if not answer.proven:
                raise _OutOfTimeError(answer.bound)
            if answer.ids is None or answer.objective >= stage.exact(self.best) - EQUAL:
                return

    def another(self, *, prefer: Terms) -> Ids | None:
        """A set other than the best that is as good by all that is settled, or None."""
        return self.any_set([self._differs(self.best)], prefer=prefer)

    def any_set(self, extra: Sequence[_Row], *, prefer: Terms) -> Ids | None:
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
            self.rows.append(self._differs(ids))
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

    def _differs(self, ids: Ids) -> _Row:
        taken = set(ids)
        return 1.0 - len(ids), {x: -1.0 if c in taken else 1.0 for c, x in self.model.column.items()}, math.inf

    def _solve(self, objective: Terms, extra: Sequence[_Row]) -> _Answer:
        left = self.until - time.monotonic()
        if left <= 0:
            return _Answer(None, math.inf, -math.inf, False)
        return _run(self.model, objective, [*self.model.rows, *self.rows, *extra], left)


def _run(model: _Model, objective: Terms, rows: Sequence[_Row], seconds: float) -> _Answer:
    """Minimise an expression with HiGHS: exact gaps, tight tolerances, one thread, so that equal input gives an equal answer."""
    solver = _solver()
    highs = solver._Highs()
    for option, setting in _OPTIONS.items():
        highs.setOptionValue(option, setting)
    highs.setOptionValue("time_limit", seconds)
    with tempfile.TemporaryDirectory(prefix="credgap-") as folder:
        path = Path(folder, "plan.mps")
        path.write_text(_mps(model, objective, rows), encoding="ascii")
        read = highs.readModel(str(path))
    if read == solver.HighsStatus.kError or highs.run() == solver.HighsStatus.kError:
        raise SolverError("the solver refused the plan's programme", hint="Please report it with the catalogue and the options.")
    status, info = highs.getModelStatus(), highs.getInfo()
    if status in (solver.HighsModelStatus.kInfeasible, solver.HighsModelStatus.kUnboundedOrInfeasible):
        return _Answer(None, math.inf, math.inf, True)
    if status not in (solver.HighsModelStatus.kOptimal, solver.HighsModelStatus.kTimeLimit):
        raise SolverError(f"the solver stopped: {highs.modelStatusToString(status)}", hint="Try again with a longer time for solving.")
    ids = None
    if info.primal_solution_status == solver.SolutionStatus.kSolutionStatusFeasible:
        values = highs.getSolution().col_value
        ids = tuple(c for c, x in model.column.items() if values[x] > 0.5)
    return _Answer(ids, info.objective_function_value, info.mip_dual_bound, status == solver.HighsModelStatus.kOptimal)


@cache
def _solver() -> Any:
    """HiGHS itself, the extension module of highspy.

    highspy's own wrapper imports numpy, which takes longer than most plans take to solve, so the extension is loaded alone; where that
    does not work, highspy is imported whole and gives the same module.
    """
    spec = importlib.util.find_spec("highspy")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    for suffix in importlib.machinery.EXTENSION_SUFFIXES if folder else ():
        path = Path(folder or "", f"_core{suffix}")
        alone = importlib.util.spec_from_file_location("highspy._core", path) if path.is_file() else None
        if alone is None or alone.loader is None:
            continue
        try:
            module = importlib.util.module_from_spec(alone)
            alone.loader.exec_module(module)
        except ImportError:
            break
        return module
    try:
        from highspy import _core
    except ImportError as error:
        raise SolverError(
            f"the solver HiGHS cannot be loaded: {error}", hint="Install credgap again: pip install --force-reinstall credgap"
        ) from error
    return _core


def _mps(model: _Model, objective: Terms, rows: Sequence[_Row]) -> str:
    """The programme in the free MPS format, every number written so that it reads back as the same number."""
    width = len(model.upper)
    kinds = ["E" if low == high else "L" if low == -math.inf else "G" for low, _, high in rows]
    entries: list[list[str]] = [[f"o {objective[c]!r}"] if objective.get(c) else [] for c in range(width)]
    for number, (_, terms, _) in enumerate(rows):
        for c, value in terms.items():
            entries[c].append(f"r{number} {float(value)!r}")
    out = ["NAME plan", "ROWS", " N o", *(f" {kind} r{n}" for n, kind in enumerate(kinds)), "COLUMNS"]
    within = False
    for c in range(width):  # in this order: the solution comes back by place
        if within != bool(model.whole[c]):
            within = not within
            out.append(f" m{c} 'MARKER' 'INT{'ORG' if within else 'END'}'")
        out += [f" x{c} {entry}" for entry in entries[c] or ["o 0.0"]]
    out += ([f" m{width} 'MARKER' 'INTEND'"] if within else []) + ["RHS"]
    out += [f" b r{n} {float(low if kinds[n] == 'G' else high)!r}" for n, (low, _, high) in enumerate(rows)]
    out += ["BOUNDS", *(f" UP b x{c} {float(most)!r}" for c, most in enumerate(model.upper)), "ENDATA", ""]
    return "\n".join(out)


_OPTIONS: Mapping[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-10,
    "mip_feasibility_tolerance": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
    "dual_feasibility_tolerance": 1e-9,
}
