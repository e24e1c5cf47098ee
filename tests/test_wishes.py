"""What people wish of a plan (money from others, days off, names, the least cost, the soonest day) beside the slow twin."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import random
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_plan import TODAY, Twin, some_world

from credgap import gap, plan, schedule
from credgap.errors import DoesNotFitError
from credgap.models import Catalogue, Choice, Gap, Limits, Plan, Profile, Requirements

FULL = 1 - 1e-9
DAY = dt.timedelta(days=1)
Ids = tuple[str, ...]


# --- Days ------------------------------------------------------------------------------------------------


def study_days(limits: Limits) -> Iterator[dt.date]:
    """The days of study, one after another."""
    for n in itertools.count():
        day = limits.first_day + n * DAY
        if not any(o.first <= day <= o.last for o in limits.days_off):
            yield day


def day_of(hours: Fraction, limits: Limits, *, following: bool = False) -> dt.date:
    """The day on which the last of so many hours falls, or the first that follows them; found by walking from day to day."""
    # Each day brings `a_day` of what is `wanted`, in a unit so small that both are whole.
    wanted, a_day = (hours * 7 / Fraction(str(limits.hours_per_week))).as_integer_ratio()
    done = 0
    for day in study_days(limits):
        done += a_day
        if done > wanted or (done == wanted and not following):
            return day
    raise AssertionError


# --- The twin, with wishes -------------------------------------------------------------------------------


class Wisher(Twin):
    """The twin with every wish: it says which rules a set breaks, and tries every set; from plain data, no code of the planner."""

    def __init__(self, data: dict[str, Any], profile: dict[str, Any], limits: Limits, found: Gap) -> None:
        super().__init__(data, profile, limits, found)
        self.afters: dict[tuple[str, int], float] = {}
        self.last_days: dict[float, dt.date] = {}
        self.begun = {b["id"]: b for b in profile.get("in_progress", ())}
        limited = limits.free_only or any(x is not None for x in (limits.budget, limits.hours, limits.by))
        self.most = limits.hours if limited else 150.0
        self.free = sorted(set(self.creds) - self.done)
        self.musts: dict[str, set[str]] = {}
        for skill in limits.must:
            level = max((n.level for u in self.units for n in u if n.skill == skill), default=2)
            if self.have(skill, level) < FULL:
                self.musts[skill] = {c for c in self.free if self.raw(self.creds[c], skill, level) >= FULL}
        self.demanded = set(limits.include).union(*self.musts.values())
        self.demanding = bool(limits.include or self.musts or limits.target is not None or limits.optimize != "coverage")
        to_clear = limits.optimize != "coverage" and limits.target is None
        self.to_clear = list(filter(self.clearable, self.units)) if to_clear else []

    # What can be had, for how long and for how much

    def after(self, c: dict[str, Any], unit: list[Any]) -> float:
        key = c["id"], id(unit)
        if key not in self.afters:
            self.afters[key] = super().after(c, unit)
        return self.afters[key]

    def candidates(self) -> set[str]:
        found = {c for c in self.free if self.core(self.creds[c]) or c in self.demanded}
        while more := {o for o in self.free for c in found if o != c and self.asks_for(c, o)} - found:
            found |= more
        return found

    def clearable(self, unit: list[Any]) -> bool:
        if not any(n.importance == "required" for n in unit) or max(n.held for n in unit) >= FULL:
            return False
        return any(self.creds[c]["status"] == "current" and self.clears(c, unit) for c in self.candidates())

    def clears(self, c: str, unit: list[Any]) -> bool:
        short = (bool(n.years and n.years >= 2 and (n.years_held or 0) < n.years and not n.skill.startswith("k")) for n in unit)
        return any(not s and self.raw(self.creds[c], n.skill, n.level) >= FULL for n, s in zip(unit, short, strict=True))

    def hours(self, c: dict[str, Any]) -> float | None:
        left = self.begun.get(c["id"], {}).get("hours_left")
        return super().hours(c) if left is None else left

    def training(self, need: dict[str, Any], ids: Ids) -> float:
        whole = super().hours
        return sum(whole(self.creds[c]) or 0.0 for c in ids if self.teaches(self.creds[c], need["skill"], 1))

    def paid_already(self, c: dict[str, Any]) -> bool:
        return bool(self.begun.get(c["id"], {}).get("paid"))

    def cents(self, amount: float, currency: str) -> int | None:
        rate = 1.0 if currency == "USD" else self.limits.rates.get(currency)
        return None if rate is None else round(100 * amount * rate)

    def fee(self, c: dict[str, Any]) -> int | None:
        fee = c.get("exam_fee")
        return 0 if fee is None or self.paid_already(c) else self.cents(fee["amount"], fee["currency"])

    def way(self, c: dict[str, Any], offer: dict[str, Any]) -> tuple[str, Any] | None:
        """How an offer is paid: ("once", cents) or ("plan", its id); None where that cannot be priced."""
        if offer["pay"] == "free" or offer.get("plan") in self.profile["subscriptions"]:
            return "once", 0
        if offer["pay"] == "once":
            price = self.cents(offer["amount"], offer["currency"])
            return None if price is None else ("once", price)
        known = self.hours(c) is not None and self.cents(1.0, self.plans[offer["plan"]]["currency"]) is not None
        return ("plan", offer["plan"]) if known else None

    def priced(self, c: dict[str, Any]) -> list[tuple[str, Any]]:
        if self.paid_already(c):
            return [("once", 0)]
        return [way for o in c["offers"] if (way := self.way(c, o)) is not None]

    def months(self, hours: float) -> int:
        return math.ceil(Fraction(hours) / (Fraction(str(self.limits.hours_per_week)) * 52 / 12))

    def mix(self, name: str, months: int) -> int:
        """The cheapest mix of years and months, in cents."""
        p = self.plans[name]
        monthly, yearly = (None if p.get(k) is None else self.cents(p[k], p["currency"]) for k in ("monthly", "yearly"))
        assert monthly is not None
        return min([monthly * months, *(y * yearly + max(0, months - 12 * y) * monthly for y in range(1, 30) if yearly is not None)])

    def under(self, ways: Mapping[str, tuple[str, Any]]) -> dict[tuple[str, str | None], list[str]]:
        """The subscriptions that these ways to pay use, each with what it serves."""
        used: dict[tuple[str, str | None], list[str]] = {}
        for c, (pay, what) in ways.items():
            if pay == "plan":
                used.setdefault((what, None if self.plans[what]["shared"] else c), []).append(c)
        return used

    def total_hours(self, ids: list[str] | Ids) -> float:
        return math.fsum(self.hours(self.creds[c]) or 0.0 for c in ids)

    def paid(self, ids: Ids, ways: tuple[tuple[str, Any], ...]) -> int:
        used = self.under(dict(zip(ids, ways, strict=True)))
        months = sum(self.mix(name, self.months(self.total_hours(serves))) for (name, _), serves in used.items())
        return months + sum(int(what) for pay, what in ways if pay == "once")

    def net(self, gross: int) -> int:
        funding = self.limits.funding
        back = math.floor(gross * Fraction(str(funding.share)))
        back = back if funding.cap is None else min(back, round(100 * funding.cap))
        return max(0, gross - back - round(100 * funding.grant))

    # Rules

    def takable(self, ids: Ids) -> Ids:
        done: Ids = ()
        while more := tuple(c for c in ids if c not in done and self.may_begin(c, done)):
            done += more
        return done

    def used(self, ids: Ids) -> set[str]:
        used = {c for c in ids if self.core(self.creds[c]) or c in self.demanded}
        for _ in ids:
            used |= {o for o in ids for c in used if self.asks_for(c, o)}
        return used

    def cleared(self, ids: Ids) -> float:
        units = (u for u in self.units if max(n.held for n in u) >= FULL or any(self.clears(c, u) for c in ids))
        return sum(float(u[0].weight) for u in units)

    def unwanted(self, c: dict[str, Any]) -> Iterator[str]:
        limits, unknown = self.limits, self.limits.allow_unknown
        if c["status"] != "current":
            yield "retired"
        if self.trust(c) < limits.min_trust:
            yield "trust"
        if c["id"] in limits.exclude or c["provider"] in limits.exclude:
            yield "exclude"
        if limits.kinds and c["kind"] not in limits.kinds:
            yield "kinds"
        if limits.languages and not (set(c["languages"]) & set(limits.languages) or (unknown and not c["languages"])):
            yield "languages"
        if limits.deliveries and c["delivery"] not in (*limits.deliveries, *([None] if unknown else [])):
            yield "deliveries"

    def broken(self, ids: Ids) -> Iterator[str]:
        """Every rule that a set breaks."""
        limits, creds = self.limits, [self.creds[c] for c in ids]
        for c in creds:
            yield from self.unwanted(c)
        studied, unlimited = self.total_hours(ids), self.most is None and limits.by is None
        checks = {
            "held": self.done.isdisjoint(ids),
            "max_credentials": len(ids) <= limits.max_credentials,
            "unknown hours": limits.allow_unknown or unlimited or all(self.hours(c) is not None for c in creds),
            "unknown price": limits.allow_unknown
            or (limits.budget is None and not limits.free_only)
            or not any(map(self.unknown_price, creds)),
            "hours": self.most is None or studied <= self.most + 1e-9,
            "by": limits.by is None or not studied or self.last_day(ids) <= limits.by,
            "include": set(limits.include) <= self.done.union(ids),
            "must": not any(teachers.isdisjoint(ids) for teachers in self.musts.values()),
            "to clear": all(any(self.clears(c, u) for c in ids) for u in self.to_clear),
            "target": limits.target is None or self.cleared(ids) >= limits.target * self.total - 1e-9,
        }
        yield from (rule for rule, kept in checks.items() if not kept)
        if self.used(ids) != set(ids):
            yield "no use"
        if len(self.takable(ids)) < len(ids):
            yield "order"
        if limits.free_only and self.cost(ids) > 0:
            yield "free_only"
        if limits.budget is not None and self.net(self.cost(ids)) > round(100 * limits.budget):
            yield "budget"

    def allowed(self, ids: Ids) -> bool:
        return next(self.broken(ids), None) is None

    def last_day(self, ids: Ids) -> dt.date:
        studied = self.total_hours(ids)
        if studied not in self.last_days:
            self.last_days[studied] = day_of(Fraction(studied), self.limits)
        return self.last_days[studied]

    # The best

    def sets(self) -> Iterator[Ids]:
        for k in range(self.limits.max_credentials + 1):
            yield from itertools.combinations(self.free, k)

    def better(self) -> list[Ids]:
        """The sets that may be planned with a V over that of the empty one."""
        return [s for s in self.sets() if self.value(s) > self.value(()) + 1e-6 and self.allowed(s)]

    def key(self, ids: Ids) -> tuple[Any, ...]:
        unknown, _, *rest = super().key(ids)
        prefer = self.limits.prefer
        others = sum(self.creds[c]["provider"] not in prefer for c in ids) if prefer else 0
        first = (sum(self.hours(self.creds[c]) is None for c in ids), self.last_day(ids)) if self.limits.optimize == "time" else ()
        return (*first, others, unknown, self.net(self.cost(ids)), *rest)

    def slack(self, top: float) -> float:
        if self.limits.slack is not None:
            return float(self.limits.slack * self.total)
        return min(0.02 * float(self.total), 0.1 * max(0.0, top - self.value(())))

    def best(self) -> Any:
        """The key of the best set; None where what is demanded does not fit."""
        able = [s for s in self.sets() if self.allowed(s)]
        if not able:
            return None
        top = max(map(self.value, able))
        if not self.demanding and top <= self.value(()) + 1e-9:
            return self.key(())
        least = top - self.slack(top) - 1e-9 if self.limits.optimize == "coverage" else -math.inf
        return min(self.key(s) for s in able if self.value(s) >= least)


# --- The validator ----------------------------------------------------------------------------------------


def faults(twin: Wisher, got: Plan) -> list[str]:
    """Every rule that a finished plan breaks and every figure of it that is wrong, by name."""
    ids = tuple(s.credential for s in got.steps)
    late = [f"{c} before what it requires" for k, c in enumerate(ids) if not twin.may_begin(c, ids[:k])]
    figures = {**cost_figures(twin, got, ids), **time_figures(twin, got, ids), **value_figures(twin, got, ids)}
    wrong = [f"{name}: {said!r}, not {right!r}" for name, (said, right) in figures.items() if not same(said, right)]
    return [*twin.broken(tuple(sorted(ids))), *late, *wrong]


def same(a: Any, b: Any) -> bool:
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == pytest.approx(b, abs=1e-7)) if isinstance(a, float) and isinstance(b, float | int) else bool(a == b)


Figures = dict[str, tuple[Any, Any]]
"""By name, what a plan says and what is right."""


def cost_figures(twin: Wisher, got: Plan, ids: Ids) -> Figures:
    """Recomputed from the offers that the steps say they take."""
    ways: dict[str, tuple[str, Any]] = {}
    for s in got.steps:
        offer = None if s.offer is None else twin.way(twin.creds[s.credential], twin.creds[s.credential]["offers"][s.offer])
        ways[s.credential] = offer or ("once", 0)
    fees = {c: twin.fee(twin.creds[c]) or 0 for c in ids}
    once = {c: what if pay == "once" else 0 for c, (pay, what) in ways.items()}
    used = [(name, serves, twin.months(twin.total_hours(serves))) for (name, _), serves in twin.under(ways).items()]
    gross = sum(fees.values()) + sum(once.values()) + sum(twin.mix(name, months) for name, _, months in used)
    bought = {frozenset(p.credentials): 12 * p.years + p.single_months for p in got.subscriptions}
    short = (name for name, serves, months in used if months + 1 > bought.get(frozenset(serves), 0))
    longer = sum(twin.cents(twin.plans[name]["monthly"], twin.plans[name]["currency"]) for name in short)
    starts, known = {s.credential: s.start for s in got.steps}, [not twin.unknown_price(twin.creds[c]) for c in ids]
    again = [retake(twin, s.credential, s.offer) for s in got.steps]
    due = [*((s.start, once[s.credential]) for s in got.steps), *((s.end, fees[s.credential]) for s in got.steps)]
    for p in got.subscriptions:
        first = None if any(starts[c] is None for c in p.credentials) else min(d for c in p.credentials if (d := starts[c]))
        months = [*(12 * y for y in range(p.years)), *(12 * p.years + m for m in range(p.single_months))]
        due += [
            (None if first is None else first + relativedelta(months=m), twin.cents(twin.plans[p.plan][k], twin.plans[p.plan]["currency"]))
            for m, k in zip(months, ["yearly"] * p.years + ["monthly"] * p.single_months, strict=True)
        ]
    return {
        "amount": (got.cost.amount, gross / 100),
        "cheapest": (gross, twin.cost(ids)),
        "net": (got.cost.net, twin.net(gross) / 100),
        "funded": (got.cost.funded, (gross - twin.net(gross)) / 100),
        "if_a_month_longer": (got.cost.if_a_month_longer, twin.net(gross + longer) / 100),
        "if_one_exam_fails": (
            got.cost.if_one_exam_fails,
            None if None in again else twin.net(gross + max((a for a in again if a), default=0)) / 100,
        ),
        "at_least": (got.cost.at_least, not all(known)),
        "own": (
            [s.cost for s in got.steps],
            [(once[c] + fees[c]) / 100 if k else None for c, k in zip(ids, known, strict=True)],
        ),
        "subscriptions": (
            sorted([p.plan, p.months, round(100 * p.amount), sorted(p.credentials)] for p in got.subscriptions),
            sorted([name, months, twin.mix(name, months), sorted(serves)] for name, serves, months in used),
        ),
        "payments": (
            [(p.day or dt.date.max, round(100 * p.amount)) for p in sorted(got.payments, key=lambda p: (p.day or dt.date.max, p.amount))],
            sorted((day or dt.date.max, cents) for day, cents in due if cents),
        ),
        "paid in all": (sum(round(100 * p.amount) for p in got.payments), gross),
    }


def retake(twin: Wisher, c: str, offer: int | None) -> int | None:
    """What a second attempt costs: the fee, else the price paid once; nothing without an exam, None where nobody says."""
    cred = twin.creds[c]
    if "exam_fee" in cred:
        return twin.cents(cred["exam_fee"]["amount"], cred["exam_fee"]["currency"])
    if cred["kind"] != "exam":
        return 0
    taken = [] if offer is None else [cred["offers"][offer]]
    prices = (twin.cents(o["amount"], o["currency"]) for o in [*taken, *cred["offers"]] if o["pay"] == "once")
    return next((p for p in prices if p is not None), 0 if taken and taken[0]["pay"] == "free" else None)


def time_figures(twin: Wisher, got: Plan, ids: Ids) -> Figures:
    hours = [twin.hours(twin.creds[c]) for c in ids]
    dates: list[tuple[dt.date | None, dt.date | None]] = []
    for k, h in enumerate(hours):
        if None in hours[: k + 1]:
            dates.append((None, None))
        else:
            begun = sum(Fraction(x or 0) for x in hours[:k])
            dates.append((day_of(Fraction(begun), twin.limits, following=True), day_of(begun + Fraction(h or 0), twin.limits)))
    studied = sum(h or 0.0 for h in hours)
    return {
        "hours of steps": ([s.hours for s in got.steps], hours),
        "hours": (got.hours, studied),
        "hours_at_least": (got.hours_at_least, None in hours),
        "weeks": (got.weeks, studied / twin.limits.hours_per_week),
        "dates": ([(s.start, s.end) for s in got.steps], dates),
        "finish": (got.finish, dates[-1][1] if dates else None),
    }


def value_figures(twin: Wisher, got: Plan, ids: Ids) -> Figures:
    def cover(chosen: Ids) -> float:
        return float((twin.value(chosen) + twin.limits.min_gain * len(chosen)) / twin.total)

    weight = {n.skill: u[0].weight for u in twin.units for n in u}
    closed = [sum(weight[x.skill] * (x.end - x.start) for x in s.closes) / twin.total for s in got.steps]
    return {
        "status": (got.status, "optimal" if ids else "nothing_to_buy"),
        "order": ([s.order for s in got.steps], list(range(1, len(ids) + 1))),
        "objective": (got.objective, twin.value(ids)),
        "bound": (got.bound, twin.value(ids)),
        "cover_before": (got.cover_before, cover(())),
        "cover_after": (got.cover_after, cover(ids)),
        "closes": (closed, [cover(ids[: k + 1]) - cover(ids[:k]) for k in range(len(ids))]),
        "lost_without": (
            [s.lost_without for s in got.steps],
            [cover(ids) - cover(twin.takable(tuple(i for i in ids if i != c))) for c in ids],
        ),
    }


# --- Worlds with wishes --------------------------------------------------------------------------------------


def some_money(r: random.Random, _: list[str]) -> dict[str, Any]:
    funding = {"share": r.choice([0, 0.25, 0.333, 0.8, 1]), "cap": r.choice([None, None, 0, 33.33, 100]), "grant": r.choice([0, 40.5, 150])}
    rates = {"EUR": r.choice([0.5, 1.0837])} if r.random() < 0.6 else {}
    free = r.random() < 0.15
    return {"funding": funding, "rates": rates} | ({"free_only": True, "budget": None} if free else {})


def some_days(r: random.Random, _: list[str]) -> dict[str, Any]:
    start = TODAY + r.choice([0, 1, 12]) * DAY
    begins = [TODAY + r.randrange(-9, 60) * DAY for _ in range(r.choice([1, 2, 3]))]
    off = [{"first": day, "last": day + r.choice([0, 3, 20]) * DAY} for day in begins]
    return {"start": start, "days_off": off, "by": start + r.choice([0, 30, 69, 139]) * DAY if r.random() < 0.7 else None}


def some_names(r: random.Random, ids: list[str]) -> dict[str, Any]:
    include, exclude = r.sample(ids, r.choice([0, 0, 1, 2])), r.sample([*ids, "college"], r.choice([0, 1, 2]))
    return {"include": include, "exclude": exclude, "prefer": r.choice([[], ["school"], ["college"], ["college", "x"]])}


def some_facts(r: random.Random, _: list[str]) -> dict[str, Any]:
    return {
        "kinds": r.choice([[], [], ["exam"], ["certificate", "exam"]]),
        "languages": r.choice([[], ["en"], ["de", "fr"]]),
        "deliveries": r.choice([[], ["online"], ["online", "blended"]]),
    }


def some_demand(r: random.Random, _: list[str]) -> dict[str, Any]:
    return {"must": r.sample(["s0", "s1", "s2", "s3", "s4", "k0"], r.choice([1, 1, 2])), "target": r.choice([None, None, None, 0.5])}


def some_aim(aim: str) -> Callable[[random.Random, list[str]], dict[str, Any]]:
    """A pace at which many plans end on the same day."""
    return lambda r, _: {"optimize": aim, "target": r.choice([None, None, 0.3, 0.6, 0.9]), "hours_per_week": r.choice([5, 40, 100])}


def some_of_all(r: random.Random, ids: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in r.sample([w for w in WISHES if w != "all"], 3):
        found |= WISHES[name](r, ids)
    # Which of the two comes first is not said.
    return found | ({"prefer": []} if found.get("optimize") == "cost" else {})


WISHES: dict[str, Callable[[random.Random, list[str]], dict[str, Any]]] = {
    "money": some_money,
    "days": some_days,
    "names": some_names,
    "facts": some_facts,
    "demand": some_demand,
    "cost": some_aim("cost"),
    "time": some_aim("time"),
    "all": some_of_all,
}


class World:
    """Plain data, the models made of it, and the limits."""

    def __init__(self, data: dict[str, Any], profile: dict[str, Any], wants: list[dict[str, Any]], limits: Limits) -> None:
        self.data, self.profile, self.limits = data, profile, limits
        self.catalogue, self.person = Catalogue(**data), Profile.model_validate(profile)
        asked = Requirements.model_validate({"id": "x", "source": "x", "requirements": wants})
        self.gap = gap.compare(asked, self.person, self.catalogue, today=TODAY)

    def choose(self, **options: Any) -> Choice:
        return plan.choose(self.gap, self.person, self.catalogue, self.limits, **options)

    def twin(self, **changed: Any) -> Wisher:
        return Wisher(self.data, self.profile, self.limits.model_copy(update=changed), self.gap)


def world(seed: int, wish: Callable[[random.Random, list[str]], dict[str, Any]]) -> World:
    r = random.Random(seed)
    data, profile, wants, limits = some_world(r)
    data["providers"]["college"] = {"id": "college", "name": "College", "url": "https://example.org"}
    for c in data["credentials"].values():
        c |= {"provider": r.choice(["school", "school", "college"]), "kind": r.choice(["certificate", "certificate", "exam"])}
        c |= {"languages": r.choice([[], ["en"], ["en", "de"]]), "delivery": r.choice([None, "online", "online", "blended"])}
    if r.random() < 0.3:
        c = data["credentials"]["c2"]
        left = r.choice([None, 7.5]) if c["hours_basis"] == "stated" else None
        profile["in_progress"] = [{"id": "c2", "hours_left": left, "paid": r.random() < 0.5}]
    generous = {"budget": 500, "hours": None, "by": None, "min_gain": 0.05, "min_trust": 0.0, "slack": r.choice([None, 0.1, 0.3])}
    asked = limits.model_dump() | (generous if r.random() < 0.7 else {}) | wish(r, sorted(data["credentials"]))
    return World(data, profile, wants, Limits.model_validate(asked))


# --- The planner beside the twin --------------------------------------------------------------------------------


@pytest.mark.parametrize("wish", WISHES)
@settings(max_examples=60)
@given(seed=st.integers(0, 10**9))
def test_with_wishes_the_plan_is_the_one_that_trying_every_set_finds(wish: str, seed: int) -> None:
    """The set is the twin's, every rule and figure of the plan is right, and there is none exactly where no set has what is demanded."""
    here = world(seed, WISHES[wish])
    twin = here.twin()
    best = twin.best()
    if best is None:
        with pytest.raises(DoesNotFitError):
            here.choose()
        return
    got = here.choose(explain=False).plan
    assert twin.key(tuple(sorted(s.credential for s in got.steps))) == best
    assert faults(twin, got) == []


LIFTED: dict[str, dict[str, Any]] = {
    "budget": {"budget": 1e6, "free_only": False},
    "hours": {"hours": 1e5},
    "by": {"by": TODAY + 9000 * DAY},
    "max_credentials": {"max_credentials": 8},
    "min_trust": {"min_trust": 0.0},
}
A_LITTLE: dict[str, Any] = {"budget": -0.01, "hours": -0.01, "by": -DAY, "max_credentials": -1, "min_trust": 0.01}


def tight(r: random.Random, ids: list[str]) -> dict[str, Any]:
    money = some_money(r, ids) if r.random() < 0.4 else {}
    money |= {"funding": {}} if money.get("free_only") else {}  # a budget of nothing, funded, is more than that
    budget = {} if money.get("free_only") else {"budget": r.choice([None, 0, 15, 25])}
    return {
        **(some_days(r, ids) if r.random() < 0.3 else {}),
        **money,
        **budget,
        "hours": r.choice([None, None, 5, 15]),
        "max_credentials": r.choice([0, 1, 1, 2, 3]),
        "min_gain": r.choice([0.05, 0.3]),
        "min_trust": r.choice([0.4, 0.4, 0.9]),
    }


@settings(max_examples=120)
@given(st.integers(0, 10**9))
def test_the_changes_named_are_the_least_that_let_something_in(seed: int) -> None:
    """With the limit at what is needed, alone, something is worth taking; with a little less nothing is; and none goes unnamed."""
    here = world(seed, tight)
    choice = here.choose()
    assume(not choice.plan.steps and any(r.score > 1e-6 for r in choice.ranking))
    named = {c.limit: c for c in choice.changes}
    if here.twin().better():
        assert not named  # what fits was not worth its money: no limit keeps it out
        return
    for limit, lifted in LIFTED.items():
        given = here.limits.free_only or here.limits.budget is not None if limit == "budget" else getattr(here.limits, limit) is not None
        among = here.twin(**lifted).better() if given else []
        assert (limit in named) == bool(among), limit
        if limit in named:
            change, wide = named[limit], here.twin(**lifted)
            needed: Any = dt.date.fromisoformat(change.needed) if isinstance(change.needed, str) else change.needed
            needed = int(needed) if limit == "max_credentials" else needed
            assert here.twin(**lifted | {limit: needed}).better()
            assert not here.twin(**lifted | {limit: needed + A_LITTLE[limit]}).better()
            top = max(map(wide.value, among))
            cheapest = min(wide.net(wide.cost(s)) for s in among if wide.value(s) >= top - 1e-6)
            assert change.best.objective == pytest.approx(top)
            assert change.best.net is None or round(100 * change.best.net) == cheapest


# --- The validator itself ------------------------------------------------------------------------------------------


def course(i: str, skill: str, **more: Any) -> dict[str, Any]:
    basic = {
        "id": i,
        "name": i,
        "provider": "school",
        "issuer": "School",
        "kind": "certificate",
        "url": "https://example.org",
        "trust": 1.0,
    }
    facts = {"hours": 20, "hours_basis": "stated", "languages": ["en"], "delivery": "online", "status": "current", "requires": {}}
    return basic | facts | {"teaches": [{"skill": skill, "level": 2, "depth": "core"}]} | more


def plain_world() -> World:
    plus = {"id": "p", "name": "Plus", "monthly": 30, "yearly": 200, "currency": "USD", "shared": True}
    first = course("c0", "s0", offers=[{"pay": "subscription", "plan": "p"}])
    fee = {"amount": 50, "currency": "USD"}
    second = course("c1", "s1", offers=[{"pay": "once", "amount": 99, "currency": "USD"}], exam_fee=fee, requires={"credentials": ["c0"]})
    data = {
        "skills": {s: {"id": s, "name": s, "category": "x"} for s in ("s0", "s1", "s2")},
        "providers": {"school": {"id": "school", "name": "School", "url": "https://example.org", "plans": [plus]}},
        "credentials": {"c0": first, "c1": second, "c2": course("c2", "s2", offers=[])},
        "goals": {},
    }
    wants = [{"skill": s, "name": s, "kind": "hard", "importance": "required"} for s in ("s0", "s1", "s2")]
    off = [{"first": "2026-11-25", "last": "2026-12-01"}]
    limits = {"today": TODAY, "budget": 500, "funding": {"share": 0.5, "grant": 10}, "days_off": off}
    profile: dict[str, Any] = {"skills": [], "credentials": [], "subscriptions": [], "memberships": []}
    return World(data, profile, wants, Limits.model_validate(limits))


def test_the_validator_passes_a_plan_worked_out_by_hand() -> None:
    """40 hours at 5 a week are 56 days, and 7 off; one month of Plus, 99 and a fee of 50 are 179: half is paid back, and 10 given."""
    here = plain_world()
    got = here.choose().plan
    assert faults(here.twin(), got) == []
    assert (got.cost.amount, got.cost.net, got.cost.if_a_month_longer, got.finish) == (179.0, 79.5, 94.5, dt.date(2027, 1, 21))


FORGED = [
    *("cost.amount", "cost.net", "cost.funded", "cost.if_a_month_longer", "cost.if_one_exam_fails", "steps.1.cost"),
    *("payments.0.amount", "payments.2.day", "subscriptions.0.months", "subscriptions.0.amount"),
    *("hours", "weeks", "finish", "steps.0.hours", "steps.0.start", "steps.1.end", "steps.0.order"),
    *("objective", "bound", "cover_before", "cover_after", "steps.1.lost_without", "steps.0.closes.0.end"),
]


@pytest.mark.parametrize("path", FORGED)
def test_the_validator_sees_a_forged_figure(path: str) -> None:
    here = plain_world()
    document = here.choose().plan.model_dump()
    *way, key = (int(k) if k.isdigit() else k for k in path.split("."))
    place: Any = document
    for k in way:
        place = place[k]
    place[key] += DAY if isinstance(place[key], dt.date) else 1 if isinstance(place[key], int) else 0.01
    assert faults(here.twin(), Plan.model_validate(document))


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        ({"budget": 79.49}, "budget"),
        ({"free_only": True}, "free_only"),
        ({"hours": 39.0}, "hours"),
        ({"by": dt.date(2027, 1, 20)}, "by"),
        ({"max_credentials": 1}, "max_credentials"),
        ({"min_trust": 1.1}, "trust"),
        ({"include": ("c2",)}, "include"),
        ({"exclude": ("c0",)}, "exclude"),
        ({"exclude": ("school",)}, "exclude"),
        ({"kinds": ("badge",)}, "kinds"),
        ({"languages": ("de",)}, "languages"),
        ({"deliveries": ("in_person",)}, "deliveries"),
        ({"must": ("s2",)}, "must"),
        ({"target": 0.7}, "target"),
        ({"optimize": "cost"}, "to clear"),
    ],
)
def test_the_validator_sees_a_broken_rule(limits: dict[str, Any], rule: str) -> None:
    here = plain_world()
    got = here.choose().plan
    assert rule in faults(here.twin(**limits), got)
    swapped = got.model_copy(update={"steps": got.steps[::-1]})
    assert "c1 before what it requires" in faults(here.twin(), swapped)


# --- The schedule ---------------------------------------------------------------------------------------------------


@settings(max_examples=200)
@given(
    pace=st.sampled_from([0.5, 2.5, 3.3, 5, 7, 40, 100]),
    hours=st.integers(0, 200).map(lambda n: n / 4),
    start=st.integers(0, 20),
    off=st.lists(st.tuples(st.integers(-10, 60), st.integers(0, 15)), max_size=5),
    until=st.integers(-5, 90),
)
def test_the_schedule_is_that_of_walking_from_day_to_day(
    pace: float, hours: float, start: int, off: list[tuple[int, int]], until: int
) -> None:
    """Days off may overlap, touch and lie before the start; whole days of study are exact, and no hours end on the first day of study."""
    days_off = [{"first": TODAY + a * DAY, "last": TODAY + (a + n) * DAY} for a, n in off]
    limits = Limits.model_validate({"today": TODAY, "start": TODAY + start * DAY, "hours_per_week": pace, "days_off": days_off})
    got, last = schedule.of(limits), TODAY + until * DAY
    for some in (hours, round(hours) * pace / 7, round(hours) * pace):
        exact = Fraction(some).limit_denominator(10**6)
        assert got.last_day(some) == day_of(exact, limits)
        assert got.day_after(some) == day_of(exact, limits, following=True)
    number = sum(1 for _ in itertools.takewhile(lambda day: day <= last, study_days(limits)))
    assert got.hours_until(last) == pytest.approx(number * pace / 7)
    assert number == 0 or got.last_day(got.hours_until(last)) <= last
    assert got.last_day(got.hours_until(last) + 0.01) > last or last < limits.first_day
