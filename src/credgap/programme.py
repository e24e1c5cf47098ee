"""Pool -> the integer programme that any plan must satisfy, and its solution by HiGHS; no other module imports the solver."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import math
import os
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from credgap import candidates as pools
from credgap import pricing
from credgap.candidates import FULL, HAIR, Ids, Pool
from credgap.errors import SolverError

LOOSE = 1e-8
"""How far rows are widened, so that rounding never hides a set; every set found is then held against the exact rule."""

Terms = Mapping[int, float]
"""A linear expression: coefficient by column."""

Row = tuple[float, Terms, float]


@dataclass
class Model:
    """Columns and rows of the programme. The first columns are the credentials, in the order of their ids."""

    ids: Ids
    column: dict[str, int] = field(default_factory=dict)
    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
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


def build(pool: Pool, here: Ids) -> Model:
    """The programme for sets of these credentials (at least one): every rule but that an order exists, and nothing to make small yet."""
    model = Model(ids=here)
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
    if pool.cost_bound < math.inf:
        model.row(-math.inf, model.cost, pool.cost_bound + 0.5)
    _add_demanded(model, pool)
    return model


def _add_demanded(model: Model, pool: Pool) -> None:
    """What the person demands: credentials, skills, and how much must be met in full."""
    limits = pool.limits
    for c in limits.include:
        if c in pool.candidates:
            model.row(1.0, {model.column[c]: 1.0} if c in model.column else {}, math.inf)
    for teachers in pool.musts.values():
        model.row(1.0, {model.column[c]: 1.0 for c in sorted(teachers) if c in model.column}, math.inf)
    clearing = {u: [x for c, x in model.column.items() if pool.candidates[c].raws[u] >= FULL] for u in range(len(pool.units))}
    for u in sorted(pool.to_clear):
        model.row(1.0, dict.fromkeys(clearing[u], 1.0), math.inf)
    if limits.reach is not None:
        first = len(model.column)
        risen = {x: v for x, v in model.value.items() if x >= first}
        model.row(limits.reach * pool.gap.total - pools.covered(pool, ()) - LOOSE, risen, math.inf)
    if limits.target is not None:
        met: dict[int, float] = {}
        for u, (weight, held) in enumerate(zip(pool.weights, pool.held, strict=True)):
            if held < FULL and clearing[u]:
                y = model.add(whole=False)
                met[y] = weight
                model.row(-math.inf, {y: 1.0, **dict.fromkeys(clearing[u], -1.0)}, 0.0)
        model.row(limits.target * pool.gap.total - pools.cleared(pool, ()) - LOOSE, met, math.inf)


def _add_value(model: Model, pool: Pool) -> None:
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


def _add_payment(model: Model, pool: Pool) -> None:
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


def _add_subscription(model: Model, pool: Pool, plan_id: str, taken: Mapping[int, float]) -> None:
    on, limits = pool.terms, pool.limits
    plan = on.plans[plan_id]
    most_hours = min(pool.hours_bound, sum(sorted(taken.values(), reverse=True)[: limits.max_credentials]))
    budget = pool.cost_bound
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


def _add_demands(model: Model, pool: Pool) -> None:
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
    wanted = pools.demanded(pool)
    for c, x in model.column.items():
        if not pool.candidates[c].core and c not in wanted:
            model.row(-math.inf, {x: 1.0, **asked_by.get(c, {})}, 0.0)


# --- Solving ---------------------------------------------------------------------------------------------


class Answer(NamedTuple):
    """What the solver says: a set or None, its objective, the bound, and whether that is proven."""

    ids: Ids | None
    objective: float
    bound: float
    proven: bool


def run(model: Model, objective: Terms, rows: Sequence[Row], seconds: float) -> Answer:
    """Minimise an expression with HiGHS: exact gaps, tight tolerances, one thread, so that equal input gives an equal answer."""
    solver = _solver()
    highs = solver._Highs()
    for option, setting in _OPTIONS.items():
        highs.setOptionValue(option, setting)
    highs.setOptionValue("time_limit", seconds)
    path = Path(_folder().name, f"{os.getpid()}-{threading.get_ident()}.mps")
    path.write_text(_mps(model, objective, rows), encoding="ascii")
    read = highs.readModel(str(path))
    if read == solver.HighsStatus.kError or highs.run() == solver.HighsStatus.kError:
        raise SolverError("the solver refused the plan's programme", hint="Please report it with the catalogue and the options.")
    status, info = highs.getModelStatus(), highs.getInfo()
    if status in (solver.HighsModelStatus.kInfeasible, solver.HighsModelStatus.kUnboundedOrInfeasible):
        return Answer(None, math.inf, math.inf, True)
    if status not in (solver.HighsModelStatus.kOptimal, solver.HighsModelStatus.kTimeLimit):
        raise SolverError(f"the solver stopped: {highs.modelStatusToString(status)}", hint="Try again with a longer time for solving.")
    ids = None
    if info.primal_solution_status == solver.SolutionStatus.kSolutionStatusFeasible:
        values = highs.getSolution().col_value
        ids = tuple(c for c, x in model.column.items() if values[x] > 0.5)
    return Answer(ids, info.objective_function_value, info.mip_dual_bound, status == solver.HighsModelStatus.kOptimal)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    """Where programmes are written for HiGHS: one folder as long as the process runs, since making and dropping one takes long."""
    return tempfile.TemporaryDirectory(prefix="credgap-")


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


def _mps(model: Model, objective: Terms, rows: Sequence[Row]) -> str:
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
