"""Pool -> what each credential would do by itself, why nothing is worth buying, and what a plan leaves open."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from credgap import candidates as pools
from credgap import gap as gaps
from credgap import pricing
from credgap.candidates import FULL, HAIR, Candidate, Ids, Pool
from credgap.models import Need, NotClosed, Ranked, Route
from credgap.pricing import money

ADVICE: dict[Route, str] = {
    "credential": "No credential in the catalogue teaches it: use free documentation and show it in a project of your own.",
    "tutorial": "Not worth a credential: do the free tutorial or read the official documentation.",
    "project": "Best shown, not certified: build a project with it.",
    "experience": "Learnt at work, not in a course: name where you have done it, or ask for such a task.",
}


def rank(pool: Pool) -> tuple[Ranked, ...]:
    """Every credential that is about something wanted and adds to it, best first by the V it adds alone with what it requires."""
    able = pool.ready
    found = []
    for i, candidate in pool.candidates.items():
        if candidate.core and candidate.credential.status == "current":
            ids, faults = _with_demands(pool, i, able)
            ranked = _ranked(pool, candidate, ids, faults)
            if ranked.cover_gain > HAIR:
                found.append(ranked)
    return tuple(sorted(found, key=lambda r: (-round(r.score, 9), _or_last(r.cost), _or_last(r.hours), r.credential)))


def singles(pool: Pool, ranked: Sequence[Ranked]) -> Iterable[Ids]:
    """The sets of single credentials with what they require that add something and may be planned, best first."""
    able = pool.ready
    for r in ranked:
        if r.fits and r.score > HAIR:
            ids, _ = _with_demands(pool, r.credential, able)
            if pools.wrong(pool, ids) is None:
                yield ids


def why_nothing(pool: Pool, ranked: Sequence[Ranked], *, top: float, proven: bool) -> str:
    """Why the empty plan is the answer, and what to do instead; `top` is the largest V there is."""
    if not proven:
        return "No plan was found in the time for solving; allow it more time, or lower the number of credentials."
    if all(h >= FULL for h in pool.held):
        return "Everything that counts is held already: apply."
    if not ranked:
        return "No credential in the catalogue is about what is missing: close it with projects, documentation or practice."
    if pool.limits.max_credentials == 0:
        return "The limits allow no credential."
    if top > pools.value(pool, ()) + HAIR:
        points = f"{100 * (pool.limits.slack or 0.0):g} points of cover"
        return (
            f"Beyond what its credentials must bring, the best plan adds no more than the slack of {points} (--slack 0 takes it): too "
            "little for its money. Keep that, and apply or build a project."
        )
    fitting = [r for r in ranked if r.fits]
    if fitting:
        return (
            f"{fitting[0].name} alone would add most, {fitting[0].cover_gain:.0%} of what is asked: less than what a credential must "
            "bring to be worth its money and time (--min-gain). Learn it for free, build a project, or apply."
        )
    return f"Nothing that helps is within the limits. {ranked[0].name} would help most, but {ranked[0].why_not}."


def not_closed(pool: Pool, ranked: Sequence[Ranked], ids: Ids) -> tuple[NotClosed, ...]:
    """Every counted requirement that the plan does not clear, trust aside, with what to do about it."""
    found = []
    for u, unit in enumerate(pool.units):
        cleared = max([pool.held[u], *(pool.candidates[c].raws[u] for c in ids)])
        if cleared < FULL:
            need = _best_member(pool, unit, u, ids)
            found.append(
                NotClosed(
                    skill=need.skill,
                    name=need.name,
                    importance=need.importance,
                    route=need.route,
                    advice=_advice(pool, ranked, ids, u, need, cleared),
                    tutorial=pool.catalogue.skill[need.skill].tutorial,
                )
            )
    return tuple(found)


# --- A credential with what it requires --------------------------------------------------------------------


def _with_demands(pool: Pool, start: str, able: frozenset[str]) -> tuple[Ids, tuple[str, ...]]:
    """A credential with all it requires (the cheapest that teaches what must be known), and in words what cannot be had."""
    ids, faults = [start], list(pool.candidates[start].barriers)
    for c in ids:  # grows as demands bring in further ones
        asks = pool.candidates[c].asks
        wanted = sorted(asks.credentials.difference(ids))
        for s in asks.skills:
            if s.teachers.isdisjoint([*ids, *wanted]):
                name = pool.catalogue.skill[s.skill.skill].name
                wanted += _cheapest(pool, s.teachers & able) or _fault(
                    faults, f"asks {name} at level {s.skill.level}, which nothing here can bring"
                )
        if asks.training is not None:
            short = asks.training.hours - sum(h for t, h in asks.training.given.items() if t in ids or t in wanted)
            teachers = able.intersection(asks.training.given).difference(ids, wanted)
            while short > HAIR and teachers:
                # One that gives all the hours is better than several that cost less: credentials are limited too.
                enough = [t for t in teachers if asks.training.given[t] >= short - HAIR]
                more = _cheapest(pool, enough or teachers)
                wanted += more
                teachers = teachers.difference(more)
                short -= asks.training.given[more[0]]
            if short > HAIR:
                name = pool.catalogue.skill[asks.training.skill].name
                _fault(faults, f"asks {asks.training.hours:g} more hours of training in {name}, which nothing here can bring")
        for q in wanted:
            faults += [f"requires {pool.candidates[q].credential.name}: {barrier}" for barrier in pool.candidates[q].barriers]
        ids += wanted
    if not faults and len(pools.takable(pool, ids)) < len(ids):
        faults.append("what it requires cannot be had in any order")
    return tuple(ids), tuple(faults)


def _fault(faults: list[str], words: str) -> list[str]:
    faults.append(words)
    return []


def _cheapest(pool: Pool, ids: Iterable[str]) -> list[str]:
    """The one that costs least by itself, as a list of one or none."""

    def price(c: str) -> tuple[bool, int, float, str]:
        candidate = pool.candidates[c]
        return not candidate.ways.known, pools.cost(pool, [c]), _or_last(candidate.hours), c

    return sorted(ids, key=price)[:1]


def _ranked(pool: Pool, candidate: Candidate, ids: Ids, faults: Sequence[str]) -> Ranked:
    each = [pool.candidates[c] for c in ids]
    cents, hours = pools.cost(pool, ids), pools.hours(pool, ids)
    gained = candidate.gain if len(ids) == 1 else pools.covered(pool, ids) - pools.covered(pool, ())
    why_not = [*faults, *_over(pool, len(ids), cents / 100, hours)]
    return Ranked.model_construct(
        credential=candidate.credential.id,
        name=candidate.credential.name,
        score=gained - pool.limits.min_gain * len(ids),
        cover_gain=gained / pool.gap.total if pool.gap.total else 0.0,
        cost=cents / 100 if all(c.ways.known for c in each) else None,
        hours=hours if all(c.hours is not None for c in each) else None,
        hours_estimated=any(c.estimated for c in each),
        trust=candidate.trust.value,
        fits=not why_not,
        why_not="; ".join(why_not) or None,
        closes=pools.closings(pool, pool.held, ids),
    )


def _over(pool: Pool, number: int, cost: float, hours: float) -> Iterable[str]:
    limits = pool.limits
    if number > limits.max_credentials:
        yield f"makes {number} credentials with what it requires, over the limit of {limits.max_credentials}"
    if pricing.cents(cost) > pool.cost_bound:
        net = pool.terms.net(pricing.cents(cost)) / 100
        left = f" ({money(net, limits.currency)} of it yours)" if net < cost else ""
        most = "nothing is to be paid" if limits.free_only else f"over the budget of {money(limits.budget or 0.0, limits.currency)}"
        yield f"costs {money(cost, limits.currency)}{left}, {most}"
    if pool.hours_limit is not None and hours > pool.hours_limit + HAIR:
        yield f"takes {hours:g} hours, over the limit of {pool.hours_limit:g}"
    if limits.by is not None and pool.by_bound is not None and hours > pool.by_bound + HAIR:
        yield f"would end on {pools.last_day(pool, hours)}, after {limits.by}"


def _or_last(number: float | None) -> float:
    return math.inf if number is None else number


# --- What stays open ------------------------------------------------------------------------------------------


def _best_member(pool: Pool, unit: Sequence[Need], u: int, ids: Ids) -> Need:
    best = max(ids, key=lambda c: (pool.candidates[c].afters[u], c), default=None)
    if best is not None and pool.candidates[best].afters[u] > pool.held[u] + HAIR:
        return unit[pool.candidates[best].member[u]]
    return max(unit, key=lambda n: n.held)


def _advice(pool: Pool, ranked: Sequence[Ranked], ids: Ids, u: int, need: Need, cleared: float) -> str:
    if gaps.years_short(need):
        return f"{need.years:g} years are asked, and no course stands for more than half of that: practice, and what you can show of it."
    if need.route != "credential":
        return ADVICE[need.route]
    by_id = {r.credential: r for r in ranked if r.credential not in ids}
    further = [r for i, r in by_id.items() if pool.candidates[i].raws[u] > cleared + HAIR]
    if not further:
        if cleared > 0:
            return "Go on from there with documentation and a project of your own."
        if need.kind == "certification":
            return "A qualification of its own that no credential here awards: see who awards it; studies or practice are often asked."
        taught = pool.catalogue.helping(need.skill)
        return "Named, not demanded, so no credential is taken for it: free documentation will do." if taught else ADVICE["credential"]
    half = max(0.5, cleared)
    best = min(
        further,
        key=lambda r: (
            not (r.fits and pool.candidates[r.credential].raws[u] >= half),
            -pool.candidates[r.credential].raws[u],
            not r.fits,
            _or_last(r.cost),
            _or_last(r.hours),
            r.credential,
        ),
    )
    would = "would" if pool.candidates[best.credential].raws[u] >= FULL else "would bring it further"
    price = "price unknown" if best.cost is None else money(best.cost, pool.limits.currency) if best.cost else "free"
    if best.why_not is not None:
        return f"{best.name} ({price}) {would}, but: {best.why_not}."
    if best.cost == 0:
        return f"{best.name} is free{'' if best.hours is None else f' ({best.hours:g} hours)'} and {would}: worth doing beside the plan."
    if need.kind == "certification":
        return f"{best.name} ({price}) {would}: nothing else is this certification, so take it if the rest fits."
    if len(ids) >= pool.limits.max_credentials:
        return f"{best.name} ({price}) {would}; the plan is at its limit of {pool.limits.max_credentials} credentials."
    if best.score <= HAIR or not ids:
        return f"{best.name} ({price}) {would}, but adds less than a credential must bring: try free documentation and a project."
    return f"{best.name} ({price}) {would}; beside the plan it adds too little, or does not fit the limits."
