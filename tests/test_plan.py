"""The planner beside a slow twin that tries every set, and cases whose answer is plain to a reader."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import math
import random
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from credgap import gap, plan, pricing, tree
from credgap.models import Catalogue, Choice, Credential, Gap, Limits, Profile, Requirements

TODAY = dt.date(2026, 11, 20)
SKILLS = ("s0", "s1", "s2", "s3", "s4", "k0", "k1")
CASES = yaml.safe_load((Path(__file__).parent / "plans.yaml").read_text(encoding="utf-8"))


# --- A slow twin ----------------------------------------------------------------------------------------


class Twin:
    """Tries every set and every way of paying, from plain data; it shares no code with the planner."""

    def __init__(self, data: dict[str, Any], profile: dict[str, Any], limits: Limits, found: Gap) -> None:
        self.skills, self.plans = data["skills"], {p["id"]: p for p in data["providers"]["school"]["plans"]}
        self.creds, self.profile, self.limits = data["credentials"], profile, limits
        self.done = {h["id"] for h in profile["credentials"] if not ("expires" in h and h["expires"] < TODAY)}
        groups: dict[Any, list[Any]] = {}
        for n in found.needs:
            if n.counted:
                groups.setdefault(n.skill if n.group is None else n.group, []).append(n)
        self.units, self.total = list(groups.values()), sum(g[0].weight for g in groups.values())
        limited = any(x is not None for x in (limits.budget, limits.hours, limits.by))
        self.most = limits.hours if limited else 150.0

    def share(self, have: str, want: str) -> float:
        if have == want:
            return 1.0
        return max((i["share"] * self.share(i["skill"], want) for i in self.skills[have].get("implies", ())), default=0.0)

    def certified(self, c: dict[str, Any], skill: str) -> bool:
        return any(self.share(a, skill) > 0 for a in c.get("awards", ()))

    def raw(self, c: dict[str, Any], skill: str, level: int) -> float:
        if skill.startswith("k"):
            return float(self.certified(c, skill))
        depth = {"core": 1.0, "touched": 0.3}
        return max((self.share(t["skill"], skill) * depth[t["depth"]] * min(t["level"], level) / level for t in c["teaches"]), default=0.0)

    def have(self, skill: str, level: int) -> float:
        own = [self.share(h["skill"], skill) * min(h["level"], level) / level for h in self.profile["skills"]]
        return max([0.0, *own, *(self.raw(self.creds[d], skill, level) for d in self.done)])

    def trust(self, c: dict[str, Any]) -> float:
        return c["trust"] if self.limits.trust else 1.0

    def hours(self, c: dict[str, Any]) -> float | None:
        h = c["hours"]
        if h is None or (c["hours_basis"] == "estimate" and not self.limits.estimates):
            return None
        if isinstance(h, dict):
            core = [self.have(t["skill"], t["level"]) for t in c["teaches"] if t["depth"] == "core"]
            return h["low"] if core and sum(core) / len(core) >= 0.5 - 1e-9 else h["high"]
        return h

    def after(self, c: dict[str, Any], unit: list[Any]) -> float:
        best = 0.0
        for n in unit:
            raw = self.raw(c, n.skill, n.level)
            if n.years and n.years >= 2 and (n.years_held or 0) < n.years and not n.skill.startswith("k"):
                raw = min(raw, 0.5)
            best = max(best, n.held + (1.0 if n.skill.startswith("k") else self.trust(c)) * max(0.0, raw - n.held))
        return best

    def value(self, ids: tuple[str, ...]) -> float:
        met = (max([*(n.held for n in u), *(self.after(self.creds[c], u) for c in ids)]) for u in self.units)
        return sum(u[0].weight * m for u, m in zip(self.units, met, strict=True)) - self.limits.min_gain * len(ids)

    def core(self, c: dict[str, Any]) -> bool:
        for n in (n for u in self.units if max(m.held for m in u) < 1 - 1e-9 for n in u if n.importance != "context"):
            if n.skill.startswith("k"):
                if self.certified(c, n.skill):
                    return True
            elif any(t["depth"] == "core" and self.share(t["skill"], n.skill) > 0 for t in c["teaches"]):
                return True
        return False

    def teaches(self, c: dict[str, Any], skill: str, level: int) -> bool:
        if skill.startswith("k"):
            return self.certified(c, skill)
        return any(t["depth"] == "core" and t["level"] >= level and self.share(t["skill"], skill) >= 1 - 1e-9 for t in c["teaches"])

    def training(self, need: dict[str, Any], ids: tuple[str, ...]) -> float:
        return sum(self.hours(self.creds[c]) or 0.0 for c in ids if self.teaches(self.creds[c], need["skill"], 1))

    def may_begin(self, c: str, before: tuple[str, ...]) -> bool:
        needs = self.creds[c]["requires"]
        for s in needs.get("skills", ()):
            if self.have(s["skill"], s["level"]) < 1 - 1e-9 and not any(
                self.teaches(self.creds[b], s["skill"], s["level"]) for b in before
            ):
                return False
        for e in needs.get("experience", ()):
            if not any(
                h.get("years", 0) >= e["years"] and self.share(h["skill"], s) >= 1 for h in self.profile["skills"] for s in e["skills"]
            ):
                return False
        if "membership" in needs and needs["membership"] not in self.profile["memberships"]:
            return False
        if "training" in needs and self.training(needs["training"], (*self.done, *before)) < needs["training"]["hours"] - 1e-9:
            return False
        return all(q in before or q in self.done for q in needs.get("credentials", ()))

    def asks_for(self, c: str, other: str) -> bool:
        needs, o = self.creds[c]["requires"], self.creds[other]
        behind, todo = set(), list(needs.get("credentials", ()))
        while todo:
            q = todo.pop()
            if q not in behind:
                behind.add(q)
                todo += self.creds[q]["requires"].get("credentials", ()) if q in self.done else ()
        missing = (s for s in needs.get("skills", ()) if self.have(s["skill"], s["level"]) < 1 - 1e-9)
        t = needs.get("training")
        short = t is not None and self.training(t, tuple(self.done)) < t["hours"] - 1e-9
        return (
            other in behind
            or any(self.teaches(o, s["skill"], s["level"]) for s in missing)
            or bool(short and t is not None and self.teaches(o, t["skill"], 1) and self.hours(o))
        )

    def fee(self, c: dict[str, Any]) -> int | None:
        fee = c.get("exam_fee")
        return 0 if fee is None else round(100 * fee["amount"]) if fee["currency"] == "USD" else None

    def priced(self, c: dict[str, Any]) -> list[tuple[str, Any]]:
        found: list[tuple[str, Any]] = []
        for o in c["offers"]:
            if o["pay"] == "free" or (o["pay"] == "subscription" and o["plan"] in self.profile["subscriptions"]):
                found.append(("once", 0))
            elif o["pay"] == "once" and o["currency"] == "USD":
                found.append(("once", round(100 * o["amount"])))
            elif o["pay"] == "subscription" and self.hours(c) is not None and self.plans[o["plan"]]["currency"] == "USD":
                found.append(("plan", o["plan"]))
        return found

    def unknown_price(self, c: dict[str, Any]) -> bool:
        return not self.priced(c) or self.fee(c) is None

    def cost(self, ids: tuple[str, ...]) -> int:
        fees = sum(self.fee(self.creds[c]) or 0 for c in ids)
        choices = [self.priced(self.creds[c]) or [("once", 0)] for c in ids]
        return fees + min(self.paid(ids, ways) for ways in itertools.product(*choices))

    def paid(self, ids: tuple[str, ...], ways: tuple[tuple[str, Any], ...]) -> int:
        total, used = 0, {}
        for c, (pay, what) in zip(ids, ways, strict=True):
            if pay == "once":
                total += what
            else:
                key = what, None if self.plans[what]["shared"] else c
                used[key] = used.get(key, 0.0) + (self.hours(self.creds[c]) or 0.0)
        for (name, _), hours in used.items():
            p, months = self.plans[name], math.ceil(hours * 12 / (52 * self.limits.hours_per_week) - 1e-9)
            ways_to_pay = [100 * p["monthly"] * months]
            if p.get("yearly") is not None:
                ways_to_pay += [100 * (y * p["yearly"] + max(0, months - 12 * y) * p["monthly"]) for y in range(1, 9)]
            total += min(ways_to_pay)
        return total

    def allowed(self, ids: tuple[str, ...]) -> bool:
        limits, creds = self.limits, [self.creds[c] for c in ids]
        if len(ids) > limits.max_credentials or any(c["status"] != "current" or self.trust(c) < limits.min_trust for c in creds):
            return False
        hours = [self.hours(c) for c in creds]
        studied = sum(h or 0.0 for h in hours)
        timed = self.most is not None or limits.by is not None
        if not limits.allow_unknown and (
            (timed and None in hours) or (limits.budget is not None and any(self.unknown_price(c) for c in creds))
        ):
            return False
        if self.most is not None and studied > self.most + 1e-9:
            return False
        if (
            limits.by is not None
            and studied
            and TODAY + dt.timedelta(math.ceil(studied * 7 / limits.hours_per_week - 1e-9) - 1) > limits.by
        ):
            return False
        used = {c for c in ids if self.core(self.creds[c])}
        for _ in ids:
            used |= {o for o in ids for c in used if self.asks_for(c, o)}
        if used != set(ids) or not any(all(self.may_begin(c, o[:k]) for k, c in enumerate(o)) for o in itertools.permutations(ids)):
            return False
        return limits.budget is None or self.cost(ids) <= 100 * limits.budget

    def key(self, ids: tuple[str, ...]) -> tuple[Any, ...]:
        hours = [self.hours(self.creds[c]) for c in ids]
        unknown = sum(self.unknown_price(self.creds[c]) for c in ids)
        return (unknown, self.cost(ids), -round(self.value(ids), 7), hours.count(None), sum(h or 0.0 for h in hours), len(ids), ids)

    def best(self) -> tuple[Any, ...]:
        free = sorted(set(self.creds) - self.done)
        sets = [s for k in range(min(self.limits.max_credentials, 4) + 1) for s in itertools.combinations(free, k) if self.allowed(s)]
        top = max(self.value(s) for s in sets)
        if top <= self.value(()) + 1e-9:
            return self.key(())
        return min(self.key(s) for s in sets if self.value(s) >= top - self.limits.slack * self.total - 1e-9)


def some_skills(r: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {s: {"id": s, "name": s.upper(), "category": "x"} for s in SKILLS}
    for n in (1, 2, 3, 4):
        if r.random() < 0.4:
            found[f"s{n}"]["implies"] = [{"skill": f"s{r.randrange(n)}", "share": r.choice([0.5, 1.0])}]
    found["k0"]["kind"] = found["k1"]["kind"] = "certification"
    if r.random() < 0.3:
        found["k1"]["implies"] = [{"skill": "k0", "share": 1.0}]
    return found


def some_offers(r: random.Random) -> list[dict[str, Any]]:
    every = [
        {"pay": "free"},
        {"pay": "once", "amount": r.choice([20, 90, 200]), "currency": "USD"},
        {"pay": "once", "amount": 10, "currency": "EUR"},
        {"pay": "subscription", "plan": "p0"},
        {"pay": "subscription", "plan": "p1"},
        {"pay": "subscription", "plan": "p2"},
    ]
    return [every[i] for i in sorted(set(r.choices(range(6), [1, 5, 1, 6, 4, 1], k=r.choice([0, 1, 1, 1, 2, 2]))))]


def some_requires(r: random.Random, n: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if n and r.random() < 0.2:
        found["credentials"] = [f"c{r.randrange(n)}"]
    if r.random() < 0.2:
        found["skills"] = [{"skill": r.choice(SKILLS), "level": r.choice([1, 2])}]
    if r.random() < 0.06:
        found["experience"] = [{"years": 3, "skills": ["s0", "s1"]}]
    if r.random() < 0.06:
        found["training"] = {"hours": r.choice([20, 50]), "skill": r.choice(SKILLS[:3])}
    if r.random() < 0.04:
        found["membership"] = "Guild"
    return found


def some_credential(r: random.Random, n: int) -> dict[str, Any]:
    hours = r.choice([None, {"low": 10, "high": 40}, 10, 10, 20, 40, 40, 80, 150])
    depth = ["core", "core", "core", "touched"]
    found: dict[str, Any] = {
        "id": f"c{n}",
        "name": f"C{n}",
        "provider": "school",
        "issuer": "School",
        "kind": "certificate",
        "url": "https://example.org/c",
        "teaches": [
            {"skill": s, "level": r.choice([1, 2, 3]), "depth": r.choice(depth)} for s in r.sample(SKILLS[:5], r.choice([1, 2, 3]))
        ],
        "hours": hours,
        "hours_basis": None if hours is None else r.choice(["stated", "stated", "estimate"]),
        "offers": some_offers(r),
        "requires": some_requires(r, n),
        "trust": r.choice([0.3, 0.5, 0.7, 1.0, 1.0]),
        "status": "retired" if r.random() < 0.04 else "current",
    }
    if r.random() < 0.25:
        found["awards"] = [r.choice(SKILLS[5:])]
    if r.random() < 0.2:
        found["exam_fee"] = {"amount": r.choice([30, 60]), "currency": r.choice(["USD", "USD", "EUR"])}
    return found


def some_wants(r: random.Random) -> list[dict[str, Any]]:
    found = []
    for s in r.sample(SKILLS, r.choice([3, 4, 5, 6])):
        kind = "certification" if s.startswith("k") else "hard"
        importance = r.choice(["required", "required", "preferred", "context"])
        years, group = r.choice([None, None, None, 3]), r.choice([None, None, 0])
        asked = {"skill": s, "name": s.upper(), "kind": kind, "importance": importance, "level": r.choice([1, 2, 3])}
        found.append(asked | {"years": years, "group": group})
    return found


def some_world(r: random.Random) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]], Limits]:
    plans = [
        {"id": "p0", "name": "P0", "monthly": r.choice([10, 30]), "yearly": r.choice([None, 100]), "currency": "USD", "shared": True},
        {
            "id": "p1",
            "name": "P1",
            "monthly": r.choice([20, 40]),
            "yearly": r.choice([None, 90]),
            "currency": "USD",
            "shared": r.random() < 0.5,
        },
        {"id": "p2", "name": "P2", "monthly": 5, "currency": "EUR", "shared": True},
    ]
    data = {
        "skills": some_skills(r),
        "providers": {"school": {"id": "school", "name": "School", "url": "https://example.org", "plans": plans}},
        "credentials": {f"c{n}": some_credential(r, n) for n in range(r.choice([6, 7, 8]))},
        "goals": {},
    }
    held = (
        [{"id": "c0"}]
        if r.random() < 0.2
        else [{"id": "c1", "expires": r.choice([TODAY, TODAY - dt.timedelta(1)])}]
        if r.random() < 0.2
        else []
    )
    profile = {
        "skills": [{"skill": s, "level": r.choice([1, 2, 3]), "years": r.choice([1, 4])} for s in SKILLS[:5] if r.random() < 0.2],
        "credentials": held,
        "subscriptions": ["p0"] if r.random() < 0.15 else [],
        "memberships": ["Guild"] if r.random() < 0.5 else [],
    }
    limits = Limits(
        today=TODAY,
        budget=r.choice([None, 0, 60, 120, 250, 500]),
        hours=r.choice([None, None, 50, 120]),
        by=TODAY + dt.timedelta(r.choice([30, 69, 139])) if r.random() < 0.25 else None,
        hours_per_week=r.choice([3, 5, 7]),
        max_credentials=r.choice([1, 2, 3, 3, 4]),
        min_gain=r.choice([0.0, 0.1, 0.5]),
        slack=r.choice([0.0, 0.02, 0.1]),
        trust=r.random() < 0.7,
        allow_unknown=r.random() < 0.3,
        estimates=r.random() < 0.8,
    )
    return data, profile, some_wants(r), limits


def key_of(choice: Choice) -> tuple[Any, ...]:
    got, steps = choice.plan, choice.plan.steps
    unknown_prices, unknown_hours = sum(s.cost is None for s in steps), sum(s.hours is None for s in steps)
    ids = tuple(sorted(s.credential for s in steps))
    return (unknown_prices, round(100 * got.cost.net), -round(got.objective, 7), unknown_hours, got.hours, len(steps), ids)


@settings(max_examples=400)
@given(st.integers(0, 10**9))
def test_the_plan_is_the_one_that_trying_every_set_finds(seed: int) -> None:
    """Unknown prices, cost, V, unknown hours, hours, number and ids are those of the twin, and the steps stand in an order that works."""
    data, profile, wants, limits = some_world(random.Random(seed))
    catalogue, person = Catalogue(**data), Profile.model_validate(profile)
    found = gap.compare(Requirements(id="x", source="x", requirements=wants), person, catalogue, today=TODAY)  # type: ignore[arg-type]
    twin = Twin(data, profile, limits, found)
    choice = plan.choose(found, person, catalogue, limits)
    assert key_of(choice) == twin.best()
    brief = plan.choose(found, person, catalogue, limits, brief=True)
    assert brief.plan == choice.plan.model_copy(update={"reason": None})
    assert not brief.ranking
    order = tuple(s.credential for s in choice.plan.steps)
    assert all(twin.may_begin(c, order[:k]) for k, c in enumerate(order))
    steps, subscriptions = choice.plan.steps, choice.plan.subscriptions
    parts = sum(s.cost or 0.0 for s in steps) + sum(s.amount for s in subscriptions)
    assert choice.plan.cost.at_least or parts == pytest.approx(choice.plan.cost.net)
    assert choice.plan.finish is None or limits.by is None or choice.plan.finish <= limits.by


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_where_there_are_too_many_sets_the_integer_programme_finds_the_same(seed: int) -> None:
    data, profile, wants, limits = some_world(random.Random(seed))
    catalogue, person = Catalogue(**data), Profile.model_validate(profile)
    found = gap.compare(Requirements(id="x", source="x", requirements=wants), person, catalogue, today=TODAY)  # type: ignore[arg-type]
    walked = plan.choose(found, person, catalogue, limits).plan
    with patch.object(tree, "MOST_STEPS", 0):
        assert plan.choose(found, person, catalogue, limits).plan == walked


@settings(max_examples=60)
@given(st.integers(0, 10**9))
def test_a_ranked_credential_that_fits_may_be_planned(seed: int) -> None:
    """`fits` of the ranking says the same as the rules of a plan, and a credential that may be planned alone is said to fit."""
    data, profile, wants, limits = some_world(random.Random(seed))
    catalogue, person = Catalogue(**data), Profile.model_validate(profile)
    found = gap.compare(Requirements(id="x", source="x", requirements=wants), person, catalogue, today=TODAY)  # type: ignore[arg-type]
    twin = Twin(data, profile, limits, found)
    for ranked in plan.choose(found, person, catalogue, limits).ranking:
        assert ranked.fits == (ranked.why_not is None)
        if twin.allowed((ranked.credential,)):
            assert ranked.fits
            assert ranked.score == pytest.approx(twin.value((ranked.credential,)) - twin.value(()))


# --- Cases a reader can judge -------------------------------------------------------------------------------


def planned(case: dict[str, Any]) -> Choice:
    """Run a case of plans.yaml: its catalogue is what it names of `shelf`, its posting what it wants."""
    shelf = {c["id"]: c for c in CASES["shelf"]}
    credentials = {i: shelf[i] | case.get("changed", {}).get(i, {}) for i in case["credentials"]}
    catalogue = Catalogue(
        skills={s["id"]: s for s in CASES["skills"]},
        providers={p["id"]: p for p in CASES["providers"]},
        credentials=credentials,
        goals={},
    )
    wants = [
        {"name": catalogue.skill[w["skill"]].name, "kind": catalogue.skill[w["skill"]].kind, "importance": "required"} | w
        for w in case["wants"]
    ]
    person = Profile.model_validate(case.get("profile", {}))
    limits = Limits.model_validate({"today": TODAY} | case.get("limits", {}))
    found = gap.compare(Requirements.model_validate({"id": "x", "source": "x", "requirements": wants}), person, catalogue, today=TODAY)
    return plan.choose(found, person, catalogue, limits)


def at(document: Any, path: str) -> Any:
    for key in path.split("."):
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


def expectations() -> list[Any]:
    return [pytest.param(case, id=case["says"]) for case in CASES["cases"]]


@pytest.mark.parametrize("case", expectations())
def test_a_plain_case(case: dict[str, Any]) -> None:
    """What a case expects is a value, or a part of a text where the key ends in `~`."""
    choice = planned(case)
    document = json.loads(choice.model_dump_json())
    document["plan"]["ids"] = [s["credential"] for s in document["plan"]["steps"]]
    for path, expected in case["expect"].items():
        if path.endswith("~"):
            assert expected in str(at(document, path[:-1]))
        else:
            assert at(document, path) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"kind": "badge"}, 0.3),
        ({"kind": "badge", "assessment": ["quiz"]}, 0.4),
        ({"kind": "certificate", "assessment": ["quiz"]}, 0.5),
        ({"kind": "professional_certificate", "assessment": ["quiz", "graded_project"]}, 0.7),
        ({"kind": "exam", "assessment": ["proctored_exam"], "awards": ["pmp"]}, 0.8),
        ({"kind": "exam", "assessment": ["proctored_exam"], "issuer": "PMI"}, 0.85),
        ({"kind": "exam", "assessment": ["proctored_exam"], "issuer": "PMI", "field": "project"}, 0.9),
        ({"kind": "exam", "assessment": ["proctored_exam"], "issuer": "PMI", "field": "data"}, 0.8),
        ({"kind": "exam", "assessment": ["proctored_exam"], "issuer": "PMI", "field": "project", "accreditation": ["ANAB"]}, 1.0),
        ({"kind": "badge", "trust": 0.8}, 0.8),
    ],
)
def test_trust_follows_the_evidence(facts: dict[str, Any], expected: float, small: Catalogue) -> None:
    basic = {"id": "x", "name": "X", "provider": "school", "issuer": "School", "url": "https://example.org", "teaches": [{"skill": "sql"}]}
    got = plan.trust(Credential.model_validate(basic | facts), small)
    assert got.value == expected
    assert sum(part for _, part in got.parts) == pytest.approx(expected)


def test_without_candidates_the_solver_stays_unloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing helps, the answer costs no import."""
    monkeypatch.setitem(__import__("sys").modules, "highspy", None)
    case = {"credentials": ["sql-course"], "wants": [{"skill": "tableau"}]}
    assert planned(case).plan.status == "nothing_to_buy"


def test_equal_input_gives_an_equal_answer() -> None:
    case = next(c for c in CASES["cases"] if c["says"] == "two credentials under one subscription share its months")
    assert planned(case).model_dump_json() == planned(case).model_dump_json()


def test_when_time_is_up_the_best_set_so_far_is_given_with_its_bound() -> None:
    case = next(c for c in CASES["cases"] if c["says"] == "two credentials under one subscription share its months")
    got = planned(case | {"limits": case["limits"] | {"solve_seconds": 1e-9}}).plan
    assert got.status == "feasible"
    assert got.bound >= got.objective


def test_the_cheapest_mix_of_years_and_months(small: Catalogue) -> None:
    school = small.subscription["school-plus"]
    assert [pricing.mix(school, m)[0] for m in (1, 6, 7, 12, 13, 24, 25)] == [3000, 18000, 20000, 20000, 23000, 40000, 43000]


def test_a_plan_for_a_blocked_posting_is_empty_and_says_why() -> None:
    got = plan.nothing("A licence is a must.", Gap(fit=0.25, total=4.0, needs=()), Limits(today=TODAY))
    assert (got.status, got.objective, got.cover_after, got.steps, got.reason) == ("nothing_to_buy", 1.0, 0.25, (), "A licence is a must.")


def circle(small: Catalogue, *more: dict[str, Any]) -> Choice:
    """Two free courses that each ask for the skill the other teaches, and what else there is."""
    course = small.credential["sql-course"].model_dump(exclude_defaults=True) | {"offers": [{"pay": "free"}], "hours": 10}
    needs = {s: {"skills": [{"skill": s, "level": 2}]} for s in ("sql", "python")}
    first = {"id": "a", "teaches": [{"skill": "sql"}], "requires": needs["python"]}
    second = {"id": "b", "teaches": [{"skill": "python"}], "requires": needs["sql"]}
    data = small.plain() | {"credentials": {c["id"]: course | c for c in (first, second, *more)}, "helping": None}
    wants = [{"skill": s, "name": s, "kind": "hard", "importance": "required"} for s in ("sql", "python")]
    found = gap.compare(Requirements.model_validate({"id": "x", "source": "x", "requirements": wants}), Profile(), small, today=TODAY)
    return plan.choose(found, Profile(), Catalogue(**data), Limits(today=TODAY, min_gain=0.1))


def test_what_cannot_be_had_in_any_order_is_not_planned(small: Catalogue) -> None:
    """Where neither can come first, neither is bought."""
    choice = circle(small)
    assert choice.plan.status == "nothing_to_buy"
    assert "nothing here can bring" in (choice.ranking[0].why_not or "")


def test_a_circle_is_entered_by_a_third_course_or_not_at_all(small: Catalogue) -> None:
    """With a paid way in, the two free courses still cannot be the plan."""
    choice = circle(small, {"id": "c", "teaches": [{"skill": "python"}], "offers": [{"pay": "once", "amount": 70, "currency": "USD"}]})
    assert [s.credential for s in choice.plan.steps] == ["c", "a"]
