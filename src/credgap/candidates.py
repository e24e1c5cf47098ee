"""Gap + Profile + Catalogue + Limits -> Pool: what every credential would do, asks for and costs, and what a set of them amounts to."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from credgap import gap as gaps
from credgap import pricing
from credgap import schedule as schedules
from credgap.models import Catalogue, Closing, Credential, ExperienceNeed, Gap, HoursRange, Limits, Need, Profile, SkillLevel, Trust
from credgap.schedule import Schedule
from credgap.trust import trust

HAIR = 1e-9
FULL = 1.0 - HAIR
DEFAULT_HOURS = 150.0
"""The hours limit where neither money nor time is limited."""

Ids = tuple[str, ...]


@dataclass(frozen=True)
class SkillAsked:
    """A skill that the profile does not show and a credential enforces, and the credentials that teach it to that level."""

    skill: SkillLevel
    teachers: frozenset[str]


@dataclass(frozen=True)
class TrainingAsked:
    """Hours of training still wanting before an exam may be sat, and the hours that each credential would add."""

    skill: str
    hours: float
    given: Mapping[str, float]


@dataclass(frozen=True)
class Asks:
    """What a credential enforces beyond what the profile holds.

    `through` are credentials that held ones require: no need to take them, and no objection to it either.
    """

    credentials: frozenset[str] = frozenset()
    skills: tuple[SkillAsked, ...] = ()
    training: TrainingAsked | None = None
    through: frozenset[str] = frozenset()

    @property
    def served_by(self) -> frozenset[str]:
        """Every credential that would serve one of these demands."""
        trained = frozenset(self.training.given) if self.training else frozenset()
        return self.credentials.union(self.through, trained, *(s.teachers for s in self.skills))

    def met_by(self, done: Collection[str]) -> bool:
        """Whether these credentials, finished before, satisfy every demand."""
        if not all(q in done for q in self.credentials) or not all(any(t in done for t in s.teachers) for s in self.skills):
            return False
        return self.training is None or sum(h for c, h in self.training.given.items() if c in done) >= self.training.hours - HAIR


@dataclass(frozen=True)
class Candidate:
    """A credential beside one gap: in `raws` and `afters` a number in [0, 1] for each unit, in `member` which alternative gives it.

    `helped` are the units that it raises above what is held, in order, and `gain` is what it alone adds to S.
    `core` says whether it is about something wanted that is not held in full; `barriers` say in words what keeps it out of any plan.
    """

    credential: Credential
    trust: Trust
    hours: float | None
    estimated: bool
    ways: pricing.Ways
    raws: tuple[float, ...]
    afters: tuple[float, ...]
    member: tuple[int, ...]
    helped: tuple[int, ...]
    gain: float
    core: bool
    asks: Asks
    barriers: tuple[str, ...]


@dataclass(frozen=True)
class Pool:
    """The credentials that may matter, by id, beside one gap and one set of limits; none of them is held.

    `by_bound` are the hours that fit before the last day, `cost_bound` the most cents a plan may cost before others give their part;
    `musts` are the demanded skills that are not held, each with the credentials that bring it in full; `to_clear` the required units
    that the least cost, or the soonest day, is sought for: those that anything here can clear.
    """

    gap: Gap
    units: tuple[tuple[Need, ...], ...]
    held: tuple[float, ...]
    weights: tuple[float, ...]
    profile: Profile
    catalogue: Catalogue
    limits: Limits
    terms: pricing.Terms
    schedule: Schedule
    hours_limit: float | None
    by_bound: float | None
    cost_bound: float
    candidates: Mapping[str, Candidate]
    musts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    to_clear: frozenset[int] = frozenset()

    @property
    def hours_bound(self) -> float:
        """The most hours a plan may take, infinite where nothing limits them."""
        return min(math.inf if x is None else x for x in (self.hours_limit, self.by_bound))


def gather(gap: Gap, profile: Profile, catalogue: Catalogue, limits: Limits) -> Pool:
    """Set beside the gap every credential that is about something wanted, and whatever those ask for, held ones left out."""
    units = gaps.units(gap.needs)
    default = limits.hours is None and limits.budget is None and limits.by is None and not limits.free_only
    terms, schedule = pricing.terms(catalogue, profile, limits), schedules.of(limits)
    pool = Pool(
        gap=gap,
        units=units,
        held=tuple(max(n.held for n in unit) for unit in units),
        weights=tuple(unit[0].weight for unit in units),
        profile=profile,
        catalogue=catalogue,
        limits=limits,
        terms=terms,
        schedule=schedule,
        hours_limit=DEFAULT_HOURS if default else limits.hours,
        by_bound=None if limits.by is None else schedule.hours_until(limits.by),
        cost_bound=0 if limits.free_only else math.inf if limits.budget is None else terms.most(pricing.cents(limits.budget)),
        candidates={},
    )
    holding = _Holding(pool)
    pool = replace(pool, musts=_musts(pool, holding))
    found: dict[str, Candidate] = {}
    core = {c for c in holding.helping - holding.ids if _is_core(catalogue.credential[c], pool, holding)}
    todo = set(core)
    todo |= set(limits.include).difference(holding.ids).union(*pool.musts.values())
    while todo:
        found.update((c, _candidate(catalogue.credential[c], pool, holding, core=c in core)) for c in sorted(todo))
        todo = {q for c in todo for q in found[c].asks.served_by if q in catalogue.credential}.difference(found)
    pool = replace(pool, candidates=dict(sorted(found.items())))
    if limits.optimize == "coverage" or limits.target is not None or limits.reach is not None:
        return pool
    required = (u for u, unit in enumerate(units) if pool.held[u] < FULL and any(n.importance == "required" for n in unit))
    return replace(
        pool,
        to_clear=frozenset(
            u for u in required if any(c.raws[u] >= FULL and c.credential.status == "current" for c in pool.candidates.values())
        ),
    )


SLACK, SLACK_OF_GAIN = 0.02, 0.1


def slack(pool: Pool, top: float = math.inf) -> float:
    """How far under the largest V, `top`, a plan may be for the sake of money; without it, the most that can be."""
    if pool.limits.slack is not None:
        return pool.limits.slack * pool.gap.total
    return min(SLACK * pool.gap.total, SLACK_OF_GAIN * max(0.0, top - value(pool, ())))


def demanding(pool: Pool) -> bool:
    """Whether something is demanded of a plan beyond being the best."""
    limits = pool.limits
    return bool(limits.include or pool.musts or limits.target is not None or limits.reach is not None or limits.optimize != "coverage")


# --- What a set amounts to ---------------------------------------------------------------------------


def value(pool: Pool, ids: Collection[str]) -> float:
    """V of a set: the weighted sum of what is met after it, less the least gain for each credential."""
    return covered(pool, ids) - pool.limits.min_gain * len(ids)


def covered(pool: Pool, ids: Collection[str]) -> float:
    """S of a set: the weighted sum of what is met after it, trust counted."""
    return math.fsum(w * r for w, r in zip(pool.weights, reached(pool, ids), strict=True))


def cleared(pool: Pool, ids: Collection[str]) -> float:
    """The weight of what is met in full after a set, trust aside."""
    return math.fsum(
        w
        for u, (w, h) in enumerate(zip(pool.weights, pool.held, strict=True))
        if max([h, *(pool.candidates[c].raws[u] for c in ids)]) >= FULL
    )


def cost(pool: Pool, ids: Iterable[str]) -> int:
    """What a set costs in cents, whoever pays."""
    return pricing.price([pool.candidates[c].ways for c in ids], pool.terms)


def net(pool: Pool, ids: Iterable[str]) -> int:
    """What a set costs in cents, once others have given their part."""
    return pool.terms.net(cost(pool, ids))


def reached(pool: Pool, ids: Collection[str]) -> tuple[float, ...]:
    """What is met of each unit after a set, in [0, 1], trust counted."""
    return tuple(max([h, *(pool.candidates[c].afters[u] for c in ids)]) for u, h in enumerate(pool.held))


def closings(pool: Pool, before: Sequence[float], ids: Collection[str]) -> tuple[Closing, ...]:
    """What a set raises above what each unit stood at before, by the member of the unit that it raises most."""
    found: dict[str, Closing] = {}
    for u in sorted({u for c in ids for u in pool.candidates[c].helped}):
        best = max(ids, key=lambda c: (pool.candidates[c].afters[u], c))
        after = pool.candidates[best].afters[u]
        if after > before[u] + HAIR:
            need = pool.units[u][pool.candidates[best].member[u]]
            closing = Closing.model_construct(skill=need.skill, name=need.name, start=before[u], end=after)
            known = found.get(need.skill)  # several postings can ask for a skill in several ways
            if known is None or known.end - known.start < after - before[u]:
                found[need.skill] = closing
    return tuple(found.values())


def hours(pool: Pool, ids: Iterable[str]) -> float:
    """Known study hours of a set."""
    return math.fsum(pool.candidates[c].hours or 0.0 for c in ids)


def bill(pool: Pool, ids: Iterable[str]) -> pricing.Bill:
    """The cheapest way to pay a set."""
    return pricing.settle([pool.candidates[c].ways for c in sorted(ids)], pool.terms)


def order(pool: Pool, ids: Collection[str]) -> Ids:
    """An order in which a set can be taken; what can never be taken is left out.

    Prerequisites first, then what shares the subscription just used (so that no month is paid twice), the larger gain, the id.
    """
    paid = bill(pool, ids).offers
    plan_of = {c: _plan_of(pool.candidates[c].credential, paid[c]) for c in ids}
    done: list[str] = []
    rest = set(ids)
    while able := [c for c in rest if pool.candidates[c].asks.met_by(done)]:
        last = plan_of[done[-1]] if done else None
        done.append(min(able, key=lambda c: (plan_of[c] is None or plan_of[c] != last, -pool.candidates[c].gain, c)))
        rest.remove(done[-1])
    return tuple(done)


def takable(pool: Pool, ids: Collection[str]) -> frozenset[str]:
    """Those of a set that can be taken in some order."""
    done: set[str] = set()
    while able := {c for c in ids if c not in done and pool.candidates[c].asks.met_by(done)}:
        done |= able
    return frozenset(done)


def of_use(pool: Pool, ids: Collection[str]) -> frozenset[str]:
    """Those of a set that are about something wanted, or demanded, or are asked for, directly or not, by one that is."""
    used: set[str] = set()
    wanted = demanded(pool)
    new = {c for c in ids if pool.candidates[c].core or c in wanted}
    while new:
        used |= new
        new = {q for c in new for q in pool.candidates[c].asks.served_by if q in ids} - used
    return frozenset(used)


def demanded(pool: Pool) -> frozenset[str]:
    """The credentials that a plan has to hold, or that bring a skill which it has to bring."""
    return frozenset(pool.limits.include).union(*pool.musts.values())


def wrong(pool: Pool, ids: Collection[str]) -> str | None:
    """The first rule that a set breaks, in words; None for a set that may be planned."""
    limits = pool.limits
    if len(ids) > limits.max_credentials:
        return "more credentials than the limit"
    for c in ids:
        if pool.candidates[c].barriers:
            return f"{c}: {pool.candidates[c].barriers[0]}"
    if hours(pool, ids) > pool.hours_bound + HAIR:
        return "more hours than the limit"
    if pool.cost_bound < math.inf and cost(pool, ids) > pool.cost_bound:
        return "over the budget"
    if not set(limits.include).intersection(pool.candidates) <= set(ids):
        return "without what must be in it"
    if any(teachers.isdisjoint(ids) for teachers in pool.musts.values()):
        return "without a skill that it must bring"
    if any(all(pool.candidates[c].raws[u] < FULL for c in ids) for u in pool.to_clear):
        return "without a required skill that could be cleared"
    if limits.reach is not None and covered(pool, ids) < limits.reach * pool.gap.total - HAIR:
        return "under the cover to be reached"
    if limits.target is not None and cleared(pool, ids) < limits.target * pool.gap.total - HAIR:
        return "under the target"
    if len(takable(pool, ids)) < len(ids):
        return "what is required cannot come first"
    return "holds a credential of no use" if len(of_use(pool, ids)) < len(ids) else None


def useful(pool: Pool) -> Ids:
    """The credentials that can stand in a plan at all, in the order of their ids."""
    return tuple(sorted(of_use(pool, ready(pool))))


def ready(pool: Pool) -> frozenset[str]:
    """The credentials that nothing bars and whose demands others that nothing bars can serve."""
    return takable(pool, {i for i, c in pool.candidates.items() if not c.barriers and (c.hours or 0.0) <= pool.hours_bound + HAIR})


# --- Beside the profile --------------------------------------------------------------------------------


class _Holding:
    """What the profile holds, as far as the demands of credentials look at it."""

    def __init__(self, pool: Pool) -> None:
        today, catalogue, profile = pool.limits.today, pool.catalogue, pool.profile
        self.ids = frozenset(h.id for h in profile.credentials if h.id in catalogue.credential and gaps.unexpired(h, catalogue, today))
        self.credentials = tuple(catalogue.credential[i] for i in sorted(self.ids))
        self.members = frozenset(m.casefold() for m in profile.memberships)
        self.needs = tuple(n for unit in pool.units for n in unit)
        self.asked = tuple(gaps.Asked(n.skill, n.level, n.kind, gaps.years_short(n)) for n in self.needs)
        self.asked_for = gaps.AskedFor(self.asked, catalogue)
        self.unit_of = tuple((u, place) for u, unit in enumerate(pool.units) for place in range(len(unit)))
        """For each need its unit, and its place in it."""
        self.member = tuple(max(range(len(unit)), key=lambda m, unit=unit: (unit[m].held, -m)) for unit in pool.units)  # type: ignore[misc]
        """For each unit the member that is held best."""
        missing = (unit for unit, h in zip(pool.units, pool.held, strict=True) if h < FULL)
        self.open = tuple(n for unit in missing for n in unit if n.importance != "context")
        """What is required or preferred and not held in full."""
        self.helping = frozenset(c for n in self.open for c in catalogue.helping(n.skill))
        """The credentials that are about, or award, something that is asked and not held in full."""
        self.teachers: dict[tuple[str, int], frozenset[str]] = {}

    def share(self, skill: str, level: int, pool: Pool) -> float:
        """How far a skill at a level is held, in [0, 1]."""
        kind = pool.catalogue.skill[skill].kind
        asked = (gaps.Asked(skill, level, kind),)
        best = max((gaps.taught(c, asked, pool.catalogue)[0] for c in self.credentials), default=0.0)
        for h in pool.profile.skills:
            reached = 1.0 if kind == "certification" else min(h.level, level) / level
            best = max(best, pool.catalogue.shares[h.skill].get(skill, 0.0) * reached)
        return best


def _musts(pool: Pool, holding: _Holding) -> dict[str, frozenset[str]]:
    """The skills demanded that are not held at the level asked (2 where nobody asks), with the credentials that bring them in full."""
    found = {}
    for skill in pool.limits.must:
        kind = pool.catalogue.skill[skill].kind
        level = max((n.level for n in holding.needs if n.skill == skill), default=2)
        if holding.share(skill, level, pool) >= FULL:
            continue
        asked = (gaps.Asked(skill, level, kind),)
        able = (c for c in pool.catalogue.helping(skill) if c not in holding.ids)
        found[skill] = frozenset(c for c in able if gaps.taught(pool.catalogue.credential[c], asked, pool.catalogue)[0] >= FULL)
    return found


def _candidate(c: Credential, pool: Pool, holding: _Holding, *, core: bool) -> Candidate:
    limits = pool.limits
    trusted = trust(c, pool.catalogue) if limits.trust else Trust(value=1.0, parts=(("trust off", 1.0),))
    begun = next((b for b in pool.profile.in_progress if b.id == c.id), None)
    study = begun.hours_left if begun is not None and begun.hours_left is not None else _hours(c, pool, holding)
    ways = pricing.ways(c, study, pool.terms, paid=begun is not None and begun.paid)
    effect = _effect(c, trusted.value, pool, holding)
    return Candidate(
        credential=c,
        trust=trusted,
        hours=study,
        estimated=study is not None and c.hours_basis == "estimate" and (begun is None or begun.hours_left is None),
        ways=ways,
        raws=effect.raws,
        afters=effect.afters,
        member=effect.member,
        helped=effect.helped,
        gain=math.fsum(pool.weights[u] * (effect.afters[u] - pool.held[u]) for u in effect.helped),
        core=core,
        asks=_asks(c, pool, holding),
        barriers=tuple(_barriers(c, trusted, study, ways, pool, holding)),
    )


class _Effect(NamedTuple):
    """What a credential does for each unit: see `Candidate`."""

    raws: tuple[float, ...]
    afters: tuple[float, ...]
    member: tuple[int, ...]
    helped: tuple[int, ...]


def _effect(c: Credential, trusted: float, pool: Pool, holding: _Holding) -> _Effect:
    raws, afters, member = [0.0] * len(pool.units), list(pool.held), list(holding.member)
    helped: set[int] = set()
    for n, raw in sorted(holding.asked_for.taught(c).items()):
        u, place = holding.unit_of[n]
        need = holding.needs[n]
        raws[u] = max(raws[u], raw)
        if raw <= need.held:
            continue
        after = need.held + (1.0 if need.kind == "certification" else trusted) * (raw - need.held)
        if after > afters[u] or (after == afters[u] and place < member[u]):
            afters[u], member[u] = after, place
        if after > pool.held[u]:
            helped.add(u)
    return _Effect(tuple(raws), tuple(afters), tuple(member), tuple(sorted(helped)))


def _is_core(c: Credential, pool: Pool, holding: _Holding) -> bool:
    """Whether a credential is about, or awards, something required or preferred that is not held in full."""
    shares = pool.catalogue.shares
    about = {s for t in c.teaches if t.depth == "core" for s in shares[t.skill]}
    awarded = {s for a in c.awards for s in shares[a]}
    return any(n.skill in (awarded if n.kind == "certification" else about) for n in holding.open)


def _hours(c: Credential, pool: Pool, holding: _Holding) -> float | None:
    if c.hours is None or (c.hours_basis == "estimate" and not pool.limits.estimates):
        return None
    if not isinstance(c.hours, HoursRange):
        return float(c.hours)
    core = [holding.share(t.skill, t.level, pool) for t in c.teaches if t.depth == "core"]
    return c.hours.low if core and math.fsum(core) / len(core) >= 0.5 - HAIR else c.hours.high


def _asks(c: Credential, pool: Pool, holding: _Holding) -> Asks:
    needs = c.requires
    credentials = frozenset(needs.credentials) - holding.ids
    skills = tuple(
        SkillAsked(s, _teachers(s, pool, holding) - {c.id}) for s in needs.skills if holding.share(s.skill, s.level, pool) < FULL
    )
    training = None
    if needs.training is not None:
        basic = SkillLevel(skill=needs.training.skill, level=1)
        had = math.fsum(_hours(h, pool, holding) or 0.0 for h in holding.credentials if teaches(h, basic, pool.catalogue))
        if had < needs.training.hours - HAIR:
            by_id = pool.catalogue.credential
            given = {t: _hours(by_id[t], pool, holding) or 0.0 for t in sorted(_teachers(basic, pool, holding) - {c.id})}
            training = TrainingAsked(needs.training.skill, needs.training.hours - had, {t: h for t, h in given.items() if h > 0})
    return Asks(credentials, skills, training, _through(frozenset(needs.credentials) & holding.ids, pool, holding))


def _through(held: frozenset[str], pool: Pool, holding: _Holding) -> frozenset[str]:
    found: set[str] = set()
    todo, seen = list(held), set(held)
    while todo:
        for q in pool.catalogue.credential[todo.pop()].requires.credentials:
            if q not in holding.ids:
                found.add(q)
            elif q not in seen:
                seen.add(q)
                todo.append(q)
    return frozenset(found)


def _teachers(asked: SkillLevel, pool: Pool, holding: _Holding) -> frozenset[str]:
    key = asked.skill, asked.level
    if key not in holding.teachers:
        helping = pool.catalogue.helping(asked.skill)
        not_held = (c for c in helping if c not in holding.ids)
        holding.teachers[key] = frozenset(c for c in not_held if teaches(pool.catalogue.credential[c], asked, pool.catalogue))
    return holding.teachers[key]


def teaches(c: Credential, asked: SkillLevel, catalogue: Catalogue) -> bool:
    """Whether a credential is about a skill (or one that implies it in full) to the level asked, or awards the certification."""
    kind = catalogue.skill[asked.skill].kind
    if kind == "certification":
        return gaps.taught(c, (gaps.Asked(asked.skill, asked.level, kind),), catalogue)[0] >= FULL
    return any(t.depth == "core" and t.level >= asked.level and catalogue.shares[t.skill].get(asked.skill, 0.0) >= FULL for t in c.teaches)


def _barriers(c: Credential, trusted: Trust, study: float | None, ways: pricing.Ways, pool: Pool, holding: _Holding) -> Iterable[str]:
    limits, names = pool.limits, pool.catalogue.credential
    if c.status == "superseded" and c.superseded_by is not None:
        successor = names[c.superseded_by].name if c.superseded_by in names else c.superseded_by
        yield f"superseded by {successor}"
    elif c.status != "current":
        yield "retired"
    if trusted.value < limits.min_trust - HAIR:
        yield f"its evidence earns a trust of {trusted.value:.2g}, under the least of {limits.min_trust:.2g}"
    for need in c.requires.experience:
        if not _practised(need, pool):
            about = " or ".join(pool.catalogue.skill[s].name for s in need.skills) or "its field"
            yield f"asks {pricing.count(need.years, 'year')} in {about}; the profile does not show them"
    if c.requires.membership is not None and c.requires.membership.casefold() not in holding.members:
        yield f"asks membership: {c.requires.membership}; the profile does not show it"
    if (limits.budget is not None or limits.free_only) and not ways.known and not limits.allow_unknown:
        yield "its price is unknown, and there is a budget"
    if study is None and pool.hours_bound < math.inf and not limits.allow_unknown:
        yield "its hours are unknown, and hours are limited"
    yield from _unwanted(c, limits)


def _unwanted(c: Credential, limits: Limits) -> Iterable[str]:
    """What the person does not want about a credential. What nobody has stated counts as unwanted, unless unknowns are allowed."""
    if c.id in limits.exclude or c.provider in limits.exclude:
        yield f"left out on demand ({'the provider ' + c.provider if c.provider in limits.exclude else c.id})"
    if limits.kinds and c.kind not in limits.kinds:
        yield f"is no {' or '.join(k.replace('_', ' ') for k in limits.kinds)}"
    for what, wanted, has in (
        ("languages", limits.languages, c.languages),
        ("delivery", limits.deliveries, (c.delivery,) if c.delivery else ()),
    ):
        if wanted and not has and not limits.allow_unknown:
            yield f"its {what} {'are' if what == 'languages' else 'is'} unknown"
        elif wanted and has and not set(wanted) & set(has):
            yield f"its {what} {'are' if what == 'languages' else 'is'} {', '.join(has)}"


def _practised(need: ExperienceNeed, pool: Pool) -> bool:
    shares = pool.catalogue.shares
    return any(
        h.years is not None and h.years >= need.years and any(shares[h.skill].get(s, 0.0) >= FULL for s in need.skills)
        for h in pool.profile.skills
    )


def _plan_of(c: Credential, offer: int | None) -> str | None:
    return None if offer is None else c.offers[offer].plan


def last_day(pool: Pool, studied: float) -> dt.date:
    """The day on which the last of so many hours falls."""
    return pool.schedule.last_day(studied)
