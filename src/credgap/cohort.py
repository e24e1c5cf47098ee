"""People + what a role asks -> Cohort: who has what, a plan for each within one budget, what is due when, and who could teach whom."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import accumulate, pairwise
from typing import NamedTuple

from credgap import candidates as pools
from credgap import frontier, steps
from credgap import gap as gaps
from credgap.analyse import nothing_recognised
from credgap.candidates import FULL, HAIR, Ids
from credgap.errors import DoesNotFitError
from credgap.models import Catalogue, Gap, Importance, Limits, Need, Plan, Profile, Requirements, SkillKind, Verdict
from credgap.pricing import cents, money

UNITS = 10**9
"""Values of plans are compared as whole numbers of this part of a required skill, so that no rounding decides."""
TAUGHT: tuple[SkillKind, ...] = ("hard", "soft")
"""The kinds of skills that one who has them can teach another."""


@dataclass(frozen=True)
class Person:
    """One of a team. What is None was not said; `budget` is the most that may be spent on this person, beside the common one."""

    name: str
    profile: Profile
    budget: float | None = None
    hours: float | None = None
    hours_per_week: float | None = None


@dataclass(frozen=True)
class Task:
    """What is asked, and all that plans depend on beside the people.

    `limits.budget` is the common one; `limits.hours` and the pace hold for each who says nothing. `paced`: a pace was given, and counts
    before that of profiles. `weights`, `count`, `fit`, `anyway` are those of `analyse.advise`.
    """

    wants: Requirements
    catalogue: Catalogue
    limits: Limits
    weights: Mapping[Importance, float] = field(default_factory=lambda: dict(gaps.WEIGHTS))
    count: tuple[SkillKind, ...] = gaps.COUNTED
    fit: float = gaps.FIT
    anyway: bool = False
    paced: bool = False


class Option(NamedTuple):
    """A plan that a person could be given: its net cost in cents, its V in parts of UNITS, its credentials."""

    cents: int
    value: int
    ids: Ids


@dataclass(frozen=True)
class Asked:
    """What is asked once, alternatives together: how many hold it, hold a part, lack it, and hold it or a part once the plans are done."""

    skills: Ids
    name: str
    importance: Importance
    level: int
    weight: float
    kind: SkillKind
    have: int
    partly: int
    lack: int
    raised: int
    have_after: int


@dataclass(frozen=True)
class Member:
    """A person beside what is asked: what is held of each thing asked, and reached by the plan (None: a must is unmet)."""

    number: int
    name: str
    verdict: Verdict
    fit: float
    fit_after: float
    held: tuple[float, ...]
    reached: tuple[float, ...]
    plan: Plan | None
    profile_empty: bool


@dataclass(frozen=True)
class Month:
    """What is due in a month (None: its day is unknown), in all and for each person."""

    month: str | None
    amount: float
    people: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Teaching:
    """A skill that some hold at the level asked and others lack or have a part of."""

    skill: str
    name: str
    importance: Importance
    weight: float
    teachers: tuple[str, ...]
    learners: tuple[str, ...]


@dataclass(frozen=True)
class Sum:
    """What a common budget would buy: its cost, the mean fit, how many people pass and how many get a plan."""

    budget: float
    cost: float
    fit: float
    passing: int
    planned: int


@dataclass(frozen=True)
class GateCount:
    """A must or preference that no course opens, and how many meet it, do not, or do not say."""

    text: str
    hard: bool
    met: int
    unmet: int
    unknown: int


@dataclass(frozen=True)
class Cohort:
    """A team against a role. `status` optimal: no other plans within the common budget reach a larger sum of V.

    `sums` are what other budgets would buy, the last one all that anyone's best plan costs.
    """

    title: str
    source: str
    currency: str
    budget: float | None
    threshold: float
    status: str
    fit: float
    fit_after: float
    passing: int
    passing_after: int
    cost: float
    funded: float
    hours: float
    hours_default: bool
    skills: tuple[Asked, ...]
    people: tuple[Member, ...]
    gates: tuple[GateCount, ...]
    months: tuple[Month, ...]
    teaching: tuple[Teaching, ...]
    sums: tuple[Sum, ...]
    warnings: tuple[str, ...]


# --- One person -------------------------------------------------------------------------------------------------


class Options:
    """People -> the plans each could be given: one for each sum of money at which the best plan changes."""

    def __init__(self, task: Task) -> None:
        self._task = task

    def __call__(self, person: Person) -> tuple[tuple[Option, ...], bool]:
        """The plans, cheapest first, and whether each is proven. Raises DoesNotFitError where what is demanded fits none."""
        task = self._task
        gap, verdict = _gap(person, task)
        if verdict.answer == "blocked" and not task.anyway:
            return (_nothing(gap),), True
        limits = limits_of(person, task)
        try:
            found = frontier.money(gap, person.profile, task.catalogue, limits)
        except DoesNotFitError as error:
            raise DoesNotFitError(
                f"{person.name}: {error.message}", hint="Demand less of all, or allow this person more: budget, hours."
            ) from None
        options = {Option(cents(p.best.net or 0.0), round(p.best.objective * UNITS), p.best.credentials) for p in found.points}
        if not pools.demanding(pools.gather(gap, person.profile, task.catalogue, limits)):
            options.add(_nothing(gap))
        return tuple(sorted(options, key=lambda o: (o.cents, -o.value, o.ids))), found.proven


def _nothing(gap: Gap) -> Option:
    return Option(0, round(gap.fit * gap.total * UNITS), ())


def _gap(person: Person, task: Task) -> tuple[Gap, Verdict]:
    today = task.limits.today
    gap = gaps.compare(task.wants, person.profile, task.catalogue, today=today, weights=task.weights, count=task.count)
    return gap, gaps.judge(gap, fit=task.fit)


def limits_of(person: Person, task: Task) -> Limits:
    """The limits of one person. The common budget is shared out later, so here none holds but the person's own.

    Where neither money nor hours are limited for anyone, hours are held to the default, as in a plan for one.
    """
    limits = task.limits
    pace = person.hours_per_week
    if pace is None and not task.paced:
        pace = person.profile.hours_per_week
    study = person.hours if person.hours is not None else limits.hours
    if study is None and person.budget is None and default_hours(task):
        study = pools.DEFAULT_HOURS
    include = tuple(c for c in limits.include if c not in {h.id for h in person.profile.credentials})
    given = {"budget": person.budget, "hours": study, "hours_per_week": pace or limits.hours_per_week, "include": include, "slack": 0.0}
    return limits.model_copy(update=given)


def default_hours(task: Task) -> bool:
    """Whether nothing limits money or hours, so that hours are held to the default."""
    limits = task.limits
    return limits.hours is None and limits.budget is None and limits.by is None and not limits.free_only


# --- One budget for all -----------------------------------------------------------------------------------------


def share_out(people: Sequence[Sequence[Option]], budget: int | None, *, slack: int = 0) -> tuple[int, ...] | None:
    """For each person the plan to take, so that the sum of V is the largest that the budget (in cents) buys, at the least cost.

    `slack`: of the choices whose sum is at most so much under the largest, the cheapest. None where even the cheapest plans cost more
    than the budget. This is the multiple-choice knapsack problem (Sinha and Zoltners 1979), solved person by person: of all choices so
    far only those stay that no cheaper one equals in value, and that could still come to the largest sum by a bound that lets parts of
    plans be bought (Dyer 1984). All numbers are whole, so the answer is exact.
    """
    choices = [_undominated(options) for options in people]
    most = sum(max(c for c, _, _ in x) for x in choices) if budget is None else budget
    if sum(x[0][0] for x in choices) > most:
        return None
    bounds = [_Bound(choices[k:]) for k in range(len(choices) + 1)]
    least = _greedy(choices, most) - slack
    states: list[tuple[int, int, tuple[int, ...]]] = [(0, 0, ())]
    for k, options in enumerate(choices, 1):
        grown: dict[int, tuple[int, tuple[int, ...]]] = {}
        for cost, value, picks in states:
            for c, v, at in options:
                total = cost + c
                if total > most:
                    break
                here = grown.get(total)
                if here is None or value + v > here[0]:
                    grown[total] = value + v, (*picks, at)
        states, best = [], -1
        for cost, (value, picks) in sorted(grown.items()):
            if value > best and value + bounds[k].of(most - cost) >= least:
                best = value
                states.append((cost, value, picks))
    top = states[-1][1]
    return next(picks for _, value, picks in states if value >= top - slack)


def _undominated(options: Sequence[Option]) -> list[tuple[int, int, int]]:
    """(cents, value, place) of the options that no cheaper one equals, cheapest first."""
    found: list[tuple[int, int, int]] = []
    for at, o in sorted(enumerate(options), key=lambda x: (x[1].cents, -x[1].value, x[0])):
        if not found or o.value > found[-1][1]:
            found.append((o.cents, o.value, at))
    return found


class _Bound:
    """The most that people can come to within a sum, if parts of plans could be bought: the steepest steps of each first."""

    def __init__(self, choices: Sequence[Sequence[tuple[int, int, int]]]) -> None:
        self._cost, self._value = sum(x[0][0] for x in choices), sum(x[0][1] for x in choices)
        rises = sorted((s for x in choices for s in _rises(x)), key=lambda s: -s[1] / s[0])
        self._costs = [0, *accumulate(c for c, _ in rises)]
        self._values = [0, *accumulate(v for _, v in rises)]

    def of(self, budget: int) -> float:
        """The bound for a sum in cents, rounded up; less than everything where even the cheapest plans cost more."""
        left = budget - self._cost
        if left < 0:
            return -math.inf
        at = bisect_right(self._costs, left) - 1
        value = self._value + self._values[at]
        if at + 1 < len(self._costs):
            rise, price = self._values[at + 1] - self._values[at], self._costs[at + 1] - self._costs[at]
            value += -(-rise * (left - self._costs[at]) // price) + 1  # and one for the rounding in the order of the slopes
        return value


def _rises(options: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, int]]:
    """The steps (cents, value) along the upper hull of a person's options, steepest first."""
    hull: list[tuple[int, int]] = []
    for c, v, _ in options:
        while len(hull) > 1 and (hull[-1][1] - hull[-2][1]) * (c - hull[-1][0]) <= (v - hull[-1][1]) * (hull[-1][0] - hull[-2][0]):
            hull.pop()
        hull.append((c, v))
    for (c0, v0), (c1, v1) in pairwise(hull):
        yield c1 - c0, v1 - v0


def _greedy(choices: Sequence[Sequence[tuple[int, int, int]]], budget: int) -> int:
    """A sum of values that can be had: from the cheapest plans on, the steepest rise that the rest of the money allows."""
    at = [0] * len(choices)
    left = budget - sum(x[0][0] for x in choices)
    while True:
        rises = [
            ((options[n][1] - options[at[i]][1]) / (options[n][0] - options[at[i]][0]), -i, n)
            for i, options in enumerate(choices)
            for n in range(at[i] + 1, len(options))
            if options[n][0] - options[at[i]][0] <= left
        ]
        if not rises:
            return sum(options[n][1] for options, n in zip(choices, at, strict=True))
        _, i, n = max(rises)
        left -= choices[-i][n][0] - choices[-i][at[-i]][0]
        at[-i] = n


# --- The team -----------------------------------------------------------------------------------------------------

Run = Callable[[Callable[[], Options], Iterable[Person]], Iterator[tuple[tuple[Option, ...], bool]]]
"""What runs a function over many inputs, in order: `engines.run` with an engine."""


def one_after_the_other(make: Callable[[], Options], people: Iterable[Person]) -> Iterator[tuple[tuple[Option, ...], bool]]:
    """The options of each person, worked in this process."""
    yield from map(make(), people)


def cohort(people: Sequence[Person], task: Task, *, run: Run = one_after_the_other) -> Cohort:
    """Hold a team against what is asked, and share a common budget out. Raises DoesNotFitError where what is demanded costs more than it,
    NothingRecognisedError where nothing counts in what is asked.
    """
    found = [_gap(p, task) for p in people]
    if found[0][0].total <= 0 or task.wants.unfit:
        raise nothing_recognised(task.wants)
    options, proven = _options(people, task, run)
    budget = None if task.limits.budget is None else cents(task.limits.budget)
    total = found[0][0].total
    slack = math.floor((task.limits.slack or 0.0) * total * len(people) * UNITS)
    picks = share_out(options, budget, slack=slack)
    if picks is None:
        least = sum(min(o.cents for o in x) for x in options) / 100
        raise DoesNotFitError(
            f"what is demanded costs {money(least, task.limits.currency)} for all, over the common budget",
            hint=f"Give --budget {math.ceil(least)}, or demand less.",
        )
    members = tuple(
        _member(n, p, task, gap, verdict, x[pick])
        for n, (p, (gap, verdict), x, pick) in enumerate(zip(people, found, options, picks, strict=True), 1)
    )
    plans = [m.plan for m in members if m.plan is not None]
    return Cohort(
        title=task.wants.title or task.wants.source,
        source=task.wants.source,
        currency=task.limits.currency,
        budget=task.limits.budget,
        threshold=task.fit,
        status="optimal" if proven else "feasible",
        fit=_mean(m.fit for m in members),
        fit_after=_mean(m.fit_after for m in members),
        passing=sum(_passes(m, m.fit, task.fit) for m in members),
        passing_after=sum(_passes(m, m.fit_after, task.fit) for m in members),
        cost=math.fsum(p.cost.net for p in plans),
        funded=math.fsum(p.cost.funded for p in plans),
        hours=math.fsum(p.hours for p in plans),
        hours_default=default_hours(task),
        skills=tuple(_asked([g for g, _ in found], members)),
        people=members,
        gates=tuple(_gates([g for g, _ in found])),
        months=tuple(_months(members)),
        teaching=tuple(_teaching([g for g, _ in found], members)),
        sums=tuple(_sums(options, found, task, budget)),
        warnings=task.wants.warnings,
    )


def _options(people: Sequence[Person], task: Task, run: Run) -> tuple[list[tuple[Option, ...]], bool]:
    """The options of everyone, those of people who are alike in all that counts worked once; and whether all are proven."""
    alike: dict[str, int] = {}
    first: list[Person] = []
    places = []
    for p in people:
        key = repr((p.profile.model_dump_json(), p.budget, p.hours, p.hours_per_week))
        if key not in alike:
            alike[key] = len(first)
            first.append(p)
        places.append(alike[key])
    found = list(run(partial(Options, replace(task, wants=_lean(task.wants))), first))
    return [found[at][0] for at in places], all(proven for _, proven in found)


def _lean(wants: Requirements) -> Requirements:
    """The same without what only readers look at."""
    return wants.model_copy(update={"unknown_terms": (), "warnings": ()})


def _member(number: int, person: Person, task: Task, gap: Gap, verdict: Verdict, option: Option) -> Member:
    held = tuple(max(n.held for n in unit) for unit in gaps.units(gap.needs))
    if verdict.answer == "blocked" and not task.anyway:
        return Member(number, person.name, verdict, gap.fit, gap.fit, held, held, None, gap.profile_empty)
    pool = pools.gather(gap, person.profile, task.catalogue, limits_of(person, task))
    reason = None if option.ids else "No plan, within the common budget, that brings the team further."
    made = steps.plan(pool, option.ids, proven=True, bound=option.value / UNITS, reason=reason)
    after = pools.reached(pool, option.ids)
    return Member(number, person.name, verdict, gap.fit, made.cover_after, held, after, made, gap.profile_empty)


def _passes(member: Member, fit: float, threshold: float) -> bool:
    return member.verdict.answer != "blocked" and fit >= threshold - HAIR


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return math.fsum(found) / len(found)


def _asked(found: Sequence[Gap], members: Sequence[Member]) -> Iterator[Asked]:
    for u, unit in enumerate(gaps.units(found[0].needs)):
        held, after = [m.held[u] for m in members], [m.reached[u] for m in members]
        have = sum(h >= FULL for h in held)
        lack = sum(h <= HAIR for h in held)
        yield Asked(
            skills=tuple(n.skill for n in unit),
            name=" or ".join(n.name for n in unit),
            importance=unit[0].importance,
            level=unit[0].level,
            weight=unit[0].weight,
            kind=unit[0].kind,
            have=have,
            partly=len(held) - have - lack,
            lack=lack,
            raised=sum(a > h + HAIR for a, h in zip(after, held, strict=True)),
            have_after=sum(a >= FULL for a in after),
        )


def _gates(found: Sequence[Gap]) -> Iterator[GateCount]:
    for checks in zip(*(g.gates for g in found), strict=True):
        met, unmet = (sum(c.state == state for c in checks) for state in ("met", "unmet"))
        yield GateCount(checks[0].gate.text, checks[0].gate.hard, met, unmet, len(checks) - met - unmet)


def _months(members: Sequence[Member]) -> Iterator[Month]:
    due: dict[str, dict[str, float]] = {}
    for m in members:
        for p in m.plan.payments if m.plan is not None else ():
            here = due.setdefault(f"{p.day:%Y-%m}" if p.day else "", {})
            here[m.name] = here.get(m.name, 0.0) + p.amount
    for month, people in sorted(due.items(), key=lambda x: (not x[0], x[0])):
        yield Month(month or None, round(math.fsum(people.values()), 2), tuple((n, round(a, 2)) for n, a in people.items()))


def _teaching(found: Sequence[Gap], members: Sequence[Member]) -> Iterator[Teaching]:
    """What can be taught within the team, first what weighs most, by the number of those it would help."""
    made = []
    each: list[Sequence[Need]] = [[n for n in g.needs if n.counted] for g in found]
    for needs in zip(*each, strict=True):
        first: Need = needs[0]
        teachers = tuple(m.name for m, n in zip(members, needs, strict=True) if n.held >= FULL)
        learners = tuple(m.name for m, n in zip(members, needs, strict=True) if n.held < FULL)
        if teachers and learners and first.kind in TAUGHT:
            made.append(Teaching(first.skill, first.name, first.importance, first.weight, teachers, learners))
    yield from sorted(made, key=lambda t: (-t.weight * len(t.learners), t.skill))


def _sums(options: Sequence[Sequence[Option]], found: Sequence[tuple[Gap, Verdict]], task: Task, budget: int | None) -> Iterator[Sum]:
    """What nothing, a quarter, a half, three quarters and all of the budget buy, and what all best plans would cost and bring."""
    total = found[0][0].total
    top = share_out(options, None)
    assert top is not None, "without a budget there is always a choice"
    whole = sum(x[at].cents for x, at in zip(options, top, strict=True))
    asked: Collection[int] = {whole, *(round((budget if budget is not None else whole) * part / 4) for part in range(5))}
    for sum_of in sorted(asked):
        picks = share_out(options, sum_of)
        if picks is None:
            continue
        taken = [x[at] for x, at in zip(options, picks, strict=True)]
        fits = [(o.value / UNITS + task.limits.min_gain * len(o.ids)) / total for o in taken]
        passing = sum(f >= task.fit - HAIR and v.answer != "blocked" for f, (_, v) in zip(fits, found, strict=True))
        yield Sum(sum_of / 100, sum(o.cents for o in taken) / 100, _mean(fits), passing, sum(bool(o.ids) for o in taken))


def anonymous(people: Iterable[Person]) -> list[Person]:
    """The same people without their names."""
    return [replace(p, name=f"Person {n}") for n, p in enumerate(people, 1)]
